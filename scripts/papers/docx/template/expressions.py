"""The expressions of tags: a small closed subset of Jinja's language, resolved against the declared tags.

Allowed: names and their fields, the loop's first / last / index, comparison with a text, and / or / not. No calls, no
filters, no Python attributes: the text of a paper is composed before it reaches a template.
"""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import Environment, TemplateSyntaxError, nodes

from papers.problems import nearest
from papers.wording.tags import Blocks, Chart, Contents, Each, Flag, Line, Picture, Tag, Text

LOOP = {
    "first": (Flag, "{index} == 0"),
    "last": (Flag, "{index} == len({items}) - 1"),
    "index": (Text, "str({index} + 1)"),
}
_CURLY = str.maketrans("“”‘’", "\"\"''")  # Word types them; docxtpl reads them as straight ones
ENVIRONMENT = Environment(autoescape=True)  # only parses, never renders


class TagError(ValueError):
    """A tag that cannot be used; `kind`, `found`, `expected` and `todo` make a problem of it."""

    def __init__(self, kind: str, found: str, expected: str, todo: str):
        super().__init__(found)
        self.kind, self.found, self.expected, self.todo = kind, found, expected, todo


LONGEST_TAG = 300  # characters, spaces included; the longest of ours has below 60
DEEPEST_TAGS = 12  # loops and conditions within each other; Python itself ends at 20


@dataclass(frozen=True)
class Bound:
    """A name in scope: its tag or fields, the code that reads it, and its full path for messages."""

    tag: Tag | dict
    code: str
    path: str
    around: tuple[str, ...] = ()  # of `loop`: the paths of the lists of all loops around


Scope = dict[str, Bound]
UNKNOWN = Bound({}, "", "")  # a name from a loop with an error: no further errors are reported for it


def root_scope(tags: dict[str, dict[str, Tag]]) -> Scope:
    """Return the names that every tag may begin with: the namespaces."""
    return {name: Bound(fields, f"c[{name!r}]", name) for name, fields in tags.items()}


def parse(expression: str) -> nodes.Expr:
    """Parse the expression of a tag; raise TagError if Jinja can't."""
    if len(expression) > LONGEST_TAG:
        found, expected = f"a tag of {len(expression)} characters", f"at most {LONGEST_TAG}"
        raise TagError("tag-syntax", found, expected, "Shorten it.")
    try:
        output = ENVIRONMENT.parse("{{ " + expression.translate(_CURLY) + " }}").body[0]
        return output.nodes[0]
    except (TemplateSyntaxError, IndexError, AttributeError) as error:
        expected = "a name such as cover.title"
        raise TagError("tag-syntax", f"{{{{ {expression} }}}}", expected, "Correct the tag.") from error


def resolve(node: nodes.Expr, scope: Scope) -> Bound:
    """Return what a name with its fields means; raise TagError, with the nearest known name, if it is unknown."""
    if isinstance(node, nodes.Name):
        if node.name == "loop" and "loop" in scope:
            raise _unknown("loop", {f"loop.{name}": None for name in LOOP})
        if node.name in scope:
            return scope[node.name]
        raise _unknown(node.name, scope)
    if isinstance(node, nodes.Getattr):
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
    raise not_supported(node)


def _of_loop(attribute: str, loop: Bound) -> Bound:
    if attribute not in LOOP:
        raise _unknown(f"loop.{attribute}", {f"loop.{name}": None for name in LOOP})
    if loop is UNKNOWN:
        return UNKNOWN
    index, items = loop.code.split()
    kind, code = LOOP[attribute]
    return Bound(kind(""), f"({code.format(index=index, items=items)})", "")


def _unknown(name: str, known: dict) -> TagError:
    guess = nearest(name, known)
    expected = "one of " + ", ".join(known) if known else "a name that has no fields below it"
    todo = f'Did you mean "{guess}"?' if guess else "docs/tags.md lists the tags of each template."
    return TagError("unknown-tag", f"the unknown tag {name}", expected, todo)


def not_supported(node: nodes.Node) -> TagError:
    found = f"an expression with {type(node).__name__.lower()}"
    expected = "names, and in conditions also ==, and, or, not"
    return TagError(
        "tag-expression", found, expected, "Use plain tags; texts are composed before the template is filled."
    )


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
        left, used = _operand(node.expr, scope)
        right, more = _operand(node.ops[0].expr, scope)
        return f"({left} {'==' if node.ops[0].op == 'eq' else '!='} {right})", used + more
    return _operand(node, scope)


def _operand(node: nodes.Expr, scope: Scope) -> tuple[str, list[Bound]]:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        escaped = node.value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        return repr(escaped), []  # texts are escaped before they reach the compiled template
    bound = resolve(node, scope)
    if isinstance(bound.tag, Picture):
        expected = f"{{{{r {bound.path} }}}} alone: without a picture it leaves nothing"
        raise TagError("tag-expression", f"a condition on {bound.path}", expected, "Delete the condition.")
    inner = {Line: "['line']", Blocks: "['blocks']", Chart: "['chart']", Contents: "['contents']"}.get(
        type(bound.tag), ""
    )  # the dict around is never empty
    return bound.code + inner, [bound]


def _check_product(items: Bound, around: tuple[str, ...]) -> None:
    """Raise TagError for loops that multiply: a list within its own parent follows the data, only one other may be inside."""
    own = [
        path for at, path in enumerate(around) if not any(path.startswith(f"{out}[]") for out in around[:at])
    ]
    within = any(items.path.startswith(f"{out}[]") for out in around)
    if items.path in around or (not within and len(own) > 1) or len(around) >= DEEPEST_TAGS:
        found, expected = (
            f"a loop over {items.path} within those over {', '.join(around)}",
            "fewer within each other",
        )
        raise TagError(
            "tag-product", found, expected, "A paper would grow without end: delete one of the loops."
        )


def loop_scope(scope: Scope, target: str, items: Bound, depth: int) -> Scope:
    """Return the scope inside a loop over `items`; `depth` makes its variables unique in the code."""
    if not isinstance(items.tag, Each):
        expected = "a tag that is a list"
        raise TagError(
            "not-a-list", f"a loop over {items.path}", expected, "docs/tags.md says which are lists."
        )
    around = scope["loop"].around if "loop" in scope else ()
    _check_product(items, around)
    inner = items.tag.of if items.tag.of is not None else Text("")
    return {
        **scope,
        target: Bound(inner, f"v{depth}", f"{items.path}[]"),
        "loop": Bound({}, f"n{depth} l{depth}", "loop", (*around, items.path)),
    }
