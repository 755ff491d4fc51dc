"""What an expression in a template means: the Python code that computes it from the texts of a paper.

Plain names, and conditions on them, become plain look-ups, as they are most of all tags. Whatever else the expression
language has is computed by papers.evaluation, on texts that are not escaped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jinja2 import nodes

from papers.docx.template.value_kinds import (
    Literals,
    Nothing,
    Number,
    in_words,
    item_of,
    kind_of_tree,
)
from papers.evaluation import ExpressionError
from papers.expressions import LONGEST, parsed, tree_of
from papers.problems import nearest
from papers.richtext import escaped, with_line_breaks
from papers.wording.tags import Blocks, Chart, Contents, Each, Flag, Line, Picture, Tag, Text

if TYPE_CHECKING:
    from papers.evaluation import Tree

LOOP = {
    "first": (Flag, "{index} == 0"),
    "last": (Flag, "{index} == len({items}) - 1"),
    "index": (Number, "{index} + 1"),
    "index0": (Number, "{index}"),
    "revindex": (Number, "len({items}) - {index}"),
    "revindex0": (Number, "len({items}) - {index} - 1"),
    "length": (Number, "len({items})"),
}
DEEPEST_TAGS = 12  # loops and conditions within each other; Python itself ends at 20
MOST_LITERALS = 1_000  # repetitions by loops over literals within each other
_TRUTH = {Line: "['line']", Blocks: "['blocks']", Chart: "['chart']", Contents: "['contents']"}


@dataclass(frozen=True)
class Bound:
    """A name in scope, or a computed value: its tag or fields, the code that reads it, its full path for messages."""

    tag: Tag | dict
    code: str
    path: str
    around: tuple[str, ...] = ()  # of `loop`: the paths of the lists of all loops around
    repeats: int = 1  # of `loop`: how often loops over literals repeat what is in them
    used: tuple[Bound, ...] = ()  # of a computed value: the names whose texts it shows


Scope = dict[str, Bound]
UNKNOWN = Bound({}, "", "")  # a name from a loop with an error: no further errors are reported for it


class _Unknown(Exception):
    """An expression has a name from a loop with an error."""


def root_scope(tags: dict[str, dict[str, Tag]]) -> Scope:
    """Return the names that every tag may begin with: the namespaces."""
    return {name: Bound(fields, f"c[{name!r}]", name) for name, fields in tags.items()}


def parse(expression: str) -> nodes.Expr:
    """Parse the expression of a tag; raise ExpressionError if it is none."""
    if len(expression) > LONGEST:
        found, expected = f"a tag of {len(expression)} characters", f"at most {LONGEST}"
        raise ExpressionError("tag-syntax", found, expected, "Shorten it.")
    try:
        return parsed(expression)
    except ExpressionError as error:
        found = f"{{{{ {expression} }}}}" if error.kind == "expression-syntax" else error.found
        raise ExpressionError("tag-syntax", found, error.expected, "Correct the tag.") from error


def resolve(node: nodes.Expr, scope: Scope) -> Bound:
    """Return what an expression means; raise ExpressionError, with the nearest known name, if a name is unknown."""
    if isinstance(node, nodes.Name):
        return _named(node.name, scope)
    if isinstance(node, nodes.Getattr) and _is_path(node):
        return _field(node, scope)
    if isinstance(node, (nodes.Const, nodes.Neg)):
        return _literal(node)
    try:
        return _computed(node, scope)
    except _Unknown:
        return UNKNOWN


def _named(name: str, scope: Scope) -> Bound:
    if name == "loop" and "loop" in scope:
        raise _unknown("loop", {f"loop.{field}": None for field in LOOP})
    if name in scope:
        return scope[name]
    raise _unknown(name, scope)


def _is_path(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.Name) or (isinstance(node, nodes.Getattr) and _is_path(node.node))


def _field(node: nodes.Getattr, scope: Scope) -> Bound:
    if isinstance(node.node, nodes.Name) and node.node.name == "loop" and "loop" in scope:
        return _of_loop(node.attr, scope["loop"])
    within = resolve(node.node, scope)
    if within is UNKNOWN:
        return UNKNOWN
    fields = within.tag if isinstance(within.tag, dict) else {}
    if node.attr not in fields:
        raise _unknown(f"{within.path}.{node.attr}", {f"{within.path}.{name}": None for name in fields})
    path = f"{within.path}.{node.attr}"
    return Bound(fields[node.attr], f"{within.code}[{node.attr!r}]", path)


def _of_loop(attribute: str, loop: Bound) -> Bound:
    if attribute not in LOOP:
        raise _unknown(f"loop.{attribute}", {f"loop.{name}": None for name in LOOP})
    if loop is UNKNOWN:
        return UNKNOWN
    index, items = loop.code.split()
    kind, code = LOOP[attribute]
    return Bound(kind(""), f"({code.format(index=index, items=items)})", "")


def _unknown(name: str, known: dict) -> ExpressionError:
    guess = nearest(name, known)
    expected = "one of " + ", ".join(known) if known else "a name that has no fields below it"
    todo = f'Did you mean "{guess}"?' if guess else "docs/tags.md lists the tags of each template."
    return ExpressionError("unknown-tag", f"the unknown tag {name}", expected, todo)


def _literal(node: nodes.Expr) -> Bound:
    value = tree_of(node)[1]
    if isinstance(value, str):  # as all texts are before they reach the compiled template
        return Bound(Text(""), repr(with_line_breaks(escaped(value))), "")
    kind = Nothing("") if value is None else Flag("") if isinstance(value, bool) else Number("")
    return Bound(kind, repr(value), "")


# What papers.evaluation computes


def _computed(node: nodes.Expr, scope: Scope) -> Bound:
    tree = tree_of(node)
    names: dict[str, Bound] = {}
    tree = _with_paths(tree, scope, names)
    kind = kind_of_tree(tree, {name: bound.tag for name, bound in names.items()})
    if isinstance(kind, Literals) and tree[0] == "list" and not names:
        items = ", ".join(_literal(item).code for item in node.items)
        return Bound(kind, f"[{items}]", repr(tree))
    if tree[:2] == ("filter", "length") and tree[2][0] == "name" and isinstance(names[tree[2][1]].tag, Each):
        return Bound(kind, f"len({names[tree[2][1]].code})", "")  # without a copy of the list
    shown = [name for name in names if name in set(_shown(tree))]
    values = ", ".join(f"{name!r}: {_truth(bound)}" for name, bound in names.items())
    code = f"value({tree!r}, {{{values}}}, {tuple(shown)!r})"
    path = next(iter(names), "") if isinstance(kind, (Each, Literals)) or tree[0] == "filter" else ""
    return Bound(kind, code, path, used=tuple(names[name] for name in shown))


def _truth(bound: Bound) -> str:
    return bound.code + _TRUTH.get(type(bound.tag), "")  # the dict around is never empty


def _with_paths(tree: Tree, scope: Scope, names: dict[str, Bound]) -> Tree:
    """The tree with each name and its fields as one name, whose meaning is added to `names`."""
    if tree[0] == "name" or (tree[0] == "get" and _leads_to_name(tree)):
        node = _as_node(tree)
        bound = resolve(node, scope)
        if bound is UNKNOWN:
            raise _Unknown
        name = _written(tree)
        names[name] = bound
        return ("name", name)
    return tuple(_with_paths(part, scope, names) if isinstance(part, tuple) else part for part in tree)


def _leads_to_name(tree: Tree) -> bool:
    return tree[0] == "name" or (tree[0] == "get" and _leads_to_name(tree[1]))


def _as_node(tree: Tree) -> nodes.Expr:
    if tree[0] == "name":
        return nodes.Name(tree[1], "load")
    return nodes.Getattr(_as_node(tree[1]), tree[2], "load")


def _written(tree: Tree) -> str:
    return str(tree[1]) if tree[0] == "name" else f"{_written(tree[1])}.{tree[2]}"


_SHOWING = ("capitalize", "default", "escape", "join", "lower", "replace", "string", "title", "trim", "upper")


def _shown(tree: Tree) -> list[str]:
    """The names whose whole texts an expression shows, if in another form."""
    if tree[0] == "name":
        return [tree[1]]
    if tree[0] == "concat":
        return [name for part in tree[1:] for name in _shown(part)]
    if tree[0] == "or":
        return _shown(tree[1])
    return _shown(tree[2]) if tree[0] == "filter" and tree[1] in _SHOWING else []


# Conditions


def condition(node: nodes.Expr, scope: Scope) -> tuple[str, list[Bound]]:
    """Return the Python code of a condition and the names that it uses."""
    if isinstance(node, nodes.Not):
        code, used = condition(node.node, scope)
        return f"(not {code})", used
    if isinstance(node, (nodes.And, nodes.Or)):
        left, used_left = condition(node.left, scope)
        right, used_right = condition(node.right, scope)
        return f"({left} {type(node).__name__.lower()} {right})", used_left + used_right
    if isinstance(node, nodes.Compare) and len(node.ops) == 1 and node.ops[0].op in ("eq", "ne"):
        left, right = resolve(node.expr, scope), resolve(node.ops[0].expr, scope)
        if type(left.tag) is type(right.tag) and isinstance(left.tag, (Text, Number, Flag)):
            sign = "==" if node.ops[0].op == "eq" else "!="
            return f"({left.code} {sign} {right.code})", [left, right]
    bound = resolve(node, scope)
    if isinstance(bound.tag, Picture):
        expected = f"{{{{r {bound.path} }}}} alone: without a picture it leaves nothing"
        found = f"a condition on {bound.path}"
        raise ExpressionError("tag-expression", found, expected, "Delete the condition.")
    return _truth(bound), [bound]


# Loops


def _check_product(items: Bound, around: tuple[str, ...]) -> None:
    """Refuse loops that multiply: a list within its own parent follows the data, only one other may be inside."""
    own = [
        path for at, path in enumerate(around) if not any(path.startswith(f"{out}[]") for out in around[:at])
    ]
    within = any(items.path.startswith(f"{out}[]") for out in around)
    if items.path in around or (not within and len(own) > 1) or len(around) >= DEEPEST_TAGS:
        raise _product(items.path, f"those over {', '.join(around)}")


def _product(items: str, around: str) -> ExpressionError:
    todo = "A paper would grow without end: delete one of the loops."
    return ExpressionError(
        "tag-product", f"a loop over {items} within {around}", "fewer within each other", todo
    )


def loop_scope(scope: Scope, target: str, items: Bound, depth: int) -> Scope:
    """Return the scope inside a loop over `items`; `depth` makes its variables unique in the code."""
    if not isinstance(items.tag, (Each, Literals)):
        found = f"a loop over {items.path or in_words(items.tag)}"
        raise ExpressionError(
            "not-a-list", found, "a tag that is a list", "docs/tags.md says which are lists."
        )
    outer = scope.get("loop", Bound({}, "", ""))
    around, repeats = outer.around, outer.repeats
    if isinstance(items.tag, Literals):
        repeats *= max(items.tag.length, 1)
        if repeats > MOST_LITERALS:
            raise _product("literals", "others")
    else:
        _check_product(items, around)
        around = (*around, items.path)
    return {
        **scope,
        target: Bound(item_of(items.tag), f"v{depth}", f"{items.path}[]"),
        "loop": Bound({}, f"n{depth} l{depth}", "loop", around, repeats),
    }
