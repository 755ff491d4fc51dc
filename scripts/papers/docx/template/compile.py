"""Compile a part of a template to one Python function, so that filling needs neither Jinja nor docxtpl.

Jinja parses the source once; its tree is translated to code that extends a list with constant pieces and texts. The
`''.join` of that list raises TypeError for anything that is not text, at the speed of C.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from jinja2 import nodes

from papers.docx.template.resolve import Bound, Scope, condition, loop_scope, resolve, root_scope
from papers.docx.template.tag_syntax import ESCAPE, ESCAPES
from papers.docx.template.value_kinds import Number, in_words
from papers.evaluation import ExpressionError
from papers.expressions import not_supported
from papers.wording.tags import WHOLE, Share, Text

if TYPE_CHECKING:
    from papers.wording.tags import Tag

FILTERS = ("runs", "blocks")  # of {{r }} and {{p }} tags, added by tag_formats.py
SHARE = "share"  # of the width of a table's repeated columns, added by repeated_columns.py
IN_ATTRIBUTES = (
    SHARE,
    "span",
    "colour",
)  # their values are fit for attributes; the last two added by cell_tags.py


def compile_part(
    tree: nodes.Template, tags: dict[str, dict[str, Tag]], before: str = "", after: str = ""
) -> str:
    """Return the source of ``render(c, runs, blocks, value)`` for a part, a function that returns its pieces.

    `c`: the texts by namespace; the others are methods of RunWriter. `before` and `after`: XML around the source, in
    which braces are no tags. Raise ExpressionError for a tag that cannot be compiled.
    """
    return _Compiler(root_scope(tags)).function(tree, before, after)


def _numbers(node: nodes.Filter, most: int | None = None) -> list[int]:
    """The first `most` arguments of one of our own filters, which must be whole numbers: text would become code."""
    numbers = node.args[:most]
    plain = all(isinstance(number, nodes.Const) and type(number.value) is int for number in numbers)
    if not plain or node.kwargs or node.dyn_args or node.dyn_kwargs:
        raise not_supported(node)
    return [number.value for number in numbers]


class _Compiler:
    """Translates the tree of a part; `lines` is the code so far."""

    def __init__(self, scope: Scope):
        self.root = scope
        self.lines: list[str] = []
        self.loops = self.variables = 0

    def function(self, tree: nodes.Template, before: str, after: str) -> str:
        first = repr(before) if before else ""
        self.lines = ["def render(c, runs, blocks, value):", f"    o = [{first}]", "    add = o.extend"]
        self.body(tree.body, self.root, 1)
        if after:
            self.put(f"add(({after!r},))", 1)
        self.lines.append("    return o")
        return "\n".join(self.lines) + "\n"

    def body(self, body: list[nodes.Node], scope: Scope, depth: int) -> None:
        """Translate statements; adjacent pieces of text and look-ups become one call of extend."""
        pieces: list[str] = []
        for node in body:
            if isinstance(node, nodes.Output):
                pieces += [self.piece(part, scope) for part in node.nodes]
                continue
            self.flush(pieces, depth)
            if isinstance(node, nodes.For):
                self.loop(node, scope, depth)
            elif isinstance(node, nodes.If):
                self.choice(node, scope, depth)
            elif isinstance(node, nodes.Assign):
                scope = self.assigned(node, scope, depth)
            else:
                raise not_supported(node)
        self.flush(pieces, depth)
        if self.lines[-1].endswith(":"):
            self.put("pass", depth)

    def assigned(self, node: nodes.Assign, scope: Scope, depth: int) -> Scope:
        """The scope after a {% set %}, whose value is computed once."""
        self.variables += 1
        bound = resolve(node.node, scope)
        self.put(f"s{self.variables} = {bound.code}", depth)
        return {**scope, node.target.name: replace(bound, code=f"s{self.variables}")}

    def put(self, line: str, depth: int) -> None:
        self.lines.append("    " * depth + line)

    def flush(self, pieces: list[str], depth: int) -> None:
        if pieces:
            self.put(f"add(({', '.join(pieces)},))", depth)
            pieces.clear()

    def piece(self, node: nodes.Node, scope: Scope) -> str:
        if isinstance(node, nodes.TemplateData):
            return repr(ESCAPE.sub(lambda braces: ESCAPES[braces[0]], node.data))
        if isinstance(node, nodes.Filter) and node.name in FILTERS:
            arguments = "".join(f", {number}" for number in _numbers(node))
            return f"{node.name}({resolve(node.node, scope).code}{arguments})"
        if isinstance(node, nodes.Filter) and node.name == SHARE:
            return self.share(node, scope)
        if isinstance(node, nodes.Filter) and node.name in IN_ATTRIBUTES:
            arguments = "".join(f", {number}" for number in _numbers(node))
            return f"{node.name}({resolve(node.node, scope).code}{arguments})"
        if isinstance(node, nodes.CondExpr):
            otherwise = "''" if node.expr2 is None else self.piece(node.expr2, scope)
            test = condition(node.test, scope)[0]
            return f"({self.piece(node.expr1, scope)} if {test} else {otherwise})"
        return shown_code(resolve(node, scope))

    def share(self, node: nodes.Filter, scope: Scope) -> str:
        """The width of a repeated column: by its Share if it has one, otherwise equal for all."""
        if len(node.args) != 2:
            raise not_supported(node)
        (width,), column = _numbers(node, 1), resolve(node.args[1], scope)
        fields = column.tag if isinstance(column.tag, dict) else {}
        own = next((name for name, tag in fields.items() if isinstance(tag, Share)), None)
        if own:
            return f"str({width} * {column.code}[{own!r}] // {WHOLE})"
        return f"str({width} // (len({resolve(node.node, scope).code}) or 1))"

    def loop(self, node: nodes.For, scope: Scope, depth: int) -> None:
        if node.test or node.recursive or not isinstance(node.target, nodes.Name):
            raise not_supported(node)
        items = resolve(node.iter, scope)
        self.loops += 1
        number = self.loops
        inner = loop_scope(scope, node.target.name, items, number)
        counted = any(name.name == "loop" for name in node.find_all(nodes.Name))
        code = f"l{number}" if counted or node.else_ else items.code
        if code != items.code:
            self.put(f"{code} = {items.code}", depth)
        self.put(
            f"for n{number}, v{number} in enumerate({code}):" if counted else f"for v{number} in {code}:",
            depth,
        )
        if len(inner["loop"].around) + (inner["loop"].repeats > 1) > 1:
            self.put("enough(o)", depth + 1)
        self.body(node.body, inner, depth + 1)
        if node.else_:
            self.put(f"if not {code}:", depth)
            self.body(node.else_, scope, depth + 1)

    def choice(self, node: nodes.If, scope: Scope, depth: int) -> None:
        for word, branch in [("if", node), *(("elif", other) for other in node.elif_)]:
            self.put(f"{word} {condition(branch.test, scope)[0]}:", depth)
            self.body(branch.body, scope, depth + 1)
        if node.else_:
            self.put("else:", depth)
            self.body(node.else_, scope, depth + 1)


def shown_code(bound: Bound) -> str:
    """Return the code of a value as text; raise ExpressionError for one that is none."""
    if isinstance(bound.tag, Number):
        return f"str({bound.code})"
    if not isinstance(bound.tag, Text):
        found, todo = f"{in_words(bound.tag)} where text is shown", "docs/tags.md says what each tag holds."
        raise ExpressionError("tag-kind", found, "a text or a number", todo)
    return bound.code
