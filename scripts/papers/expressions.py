"""The only expression language: of tags in templates, of conditions and phrases, of patterns for titles.

It is the part of Jinja's language that only says something about values: names with their fields, literals,
comparisons, `in`, `and`, `or`, `not`, `is defined`, `x if y else z`, and a list of filters. Jinja parses an expression
and never evaluates it: `papers.evaluation` does. Lengths and depths are limited, there are no calls and no arithmetic.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.parser import Parser

from papers.characters import EXPECTED_TEXT, TYPE_AGAIN, describe_character, forbidden_character
from papers.evaluation import FILTERS, ExpressionError, shown, value_of, words_of
from papers.problems import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from papers.evaluation import Tree

LONGEST = 300  # characters of an expression
LONGEST_PATTERN = 10_000  # characters of a text with expressions
DEEPEST = 40  # parts of an expression within each other
DEEPEST_BRACKETS = 10
LARGEST = 10**15  # of a number in an expression

ENVIRONMENT = Environment(autoescape=True)  # only parses: it neither compiles, folds constants nor renders

ALIASES = {"d": "default", "e": "escape", "count": "length"}  # short names of filters in Jinja
TESTS = ("defined", "undefined", "none", "odd", "even")
_ARGUMENTS: dict[str, tuple[type, ...]] = {"replace": (str, str), "join": (str,), "default": (object, bool)}
_MUST_HAVE = {"replace": 2}  # arguments; the others may be left out
_COMPUTED = "Compute it before the text is written, and use a name for the result."
# What Jinja parses and this language does not have -> its name, and what to write instead.
_REFUSED: dict[type[nodes.Node], tuple[str, str]] = {
    nodes.Call: ("a call", _COMPUTED),
    nodes.Add: ("+", "Use ~ to put texts together; numbers are added before the text is written."),
    nodes.Dict: ("a dictionary", "Use a list, or a name of its own for each value."),
    nodes.Slice: ("a slice", "Use |first or |last, or a loop."),
    nodes.MarkSafe: ("marked text", "Delete it."),
    **dict.fromkeys(
        (nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Pow, nodes.Neg, nodes.Pos),
        ("arithmetic", _COMPUTED),
    ),
}
# Functions and methods -> what to write instead; of those that are filters too, the filter.
_CALLS = {
    "range": "Write the numbers: [1, 2, 3].",
    "items": "Use a list whose items have fields: {{ x.name }}.",
    "cycle": "Write {{ 'a' if loop.index is odd else 'b' }}.",
    **{name: f"Write |{name}." for name in FILTERS},
    "strip": "Write |trim.",
}
_CURLY = {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‚": "'"}  # Word types them for straight ones
LITERAL = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[“”„][^“”\"]*[”“\"]|[‘’‚][^‘’']*[’‘']"
_LITERALS = re.compile(LITERAL)
_TAG = re.compile(rf"\{{\{{((?:{LITERAL}|[^\"'“”„‘’‚}}]|\}}(?!\}})){{0,{LONGEST + 2}}})\}}\}}")
_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")


@dataclass(frozen=True)
class Expression:
    """A parsed expression: `text` as it was written, `tree` as `papers.evaluation` reads it."""

    text: str
    tree: Tree

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that it uses, with their fields: cover.title."""
        return frozenset(names_of(self.tree))

    def value(self, values: Mapping[str, Any]) -> Any:
        """Return its value; the fields of a name are the keys of a dictionary.

        Raise ExpressionError for a name without a value, and for values that cannot be compared or filtered.
        """
        return value_of(self.tree, values)


@dataclass(frozen=True)
class Pattern:
    """A text with expressions between {{ and }}; `parts` are its texts and expressions in order."""

    parts: tuple[str | Expression, ...]

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that its expressions use, with their fields."""
        return frozenset().union(*(part.names for part in self.parts if isinstance(part, Expression)))

    def values(self, values: Mapping[str, Any]) -> list[Any]:
        """Return its texts and the values of its expressions, in order."""
        return [part if isinstance(part, str) else part.value(values) for part in self.parts]

    def fill(self, values: Mapping[str, Any]) -> str:
        """Return the text with the values of its expressions; raise ExpressionError if one is not a text or number."""
        return "".join(shown(value) for value in self.values(values))


def parse(text: str) -> Expression:
    """Return a parsed expression such as `cover.title` or `areas|length > 1`; raise ExpressionError if it is none."""
    if len(text) > LONGEST:
        found = f"an expression of {len(text)} characters"
        raise ExpressionError("expression-long", found, f"at most {LONGEST}", "Shorten it.")
    return Expression(text, tree_of(parsed(text)))


def parse_text(text: str) -> Pattern:
    """Return a parsed text with expressions such as {{ forum.name }}; raise ExpressionError for half of one."""
    if len(text) > LONGEST_PATTERN:
        found = f"a text of {len(text):,} characters"
        raise ExpressionError("expression-long", found, f"at most {LONGEST_PATTERN:,}", "Shorten it.")
    parts: list[str | Expression] = []
    at = 0
    for tag in _TAG.finditer(text):
        parts += [_plain(text[at : tag.start()], text), parse(tag[1].strip())]
        at = tag.end()
    parts.append(_plain(text[at:], text))
    return Pattern(tuple(part for part in parts if part != ""))


def _plain(between: str, text: str) -> str:
    if braces := _BRACES.search(between):
        found, todo = f"{braces[0]} in {quoted(text)}", "Complete the name in braces, or delete the braces."
        raise ExpressionError("expression-syntax", found, "{{ name }}, and no other braces", todo)
    return between


def parsed(text: str) -> nodes.Expr:
    """Return Jinja's tree of an expression; raise ExpressionError if Jinja cannot parse it."""
    straight = straight_quotes(text)
    _check_brackets(straight)
    try:
        parser = Parser(ENVIRONMENT, straight, state="variable")
        expression = parser.parse_expression()
        if not parser.stream.eos:
            raise TemplateSyntaxError(f"{parser.stream.current} after its end", 1)
    except (TemplateSyntaxError, ValueError, RecursionError) as error:
        expected, todo = "a name such as cover.title, or a condition such as x == 'text'", "Correct it."
        raise ExpressionError("expression-syntax", quoted(text, 80), expected, todo) from error
    return expression


def straight_quotes(text: str) -> str:
    """Return an expression with straight quotation marks around its literals; Word types curly ones."""
    return _LITERALS.sub(lambda found: _straight(found[0][0]) + found[0][1:-1] + _straight(found[0][0]), text)


def _straight(mark: str) -> str:
    return _CURLY.get(mark, mark)


def _check_brackets(text: str) -> None:
    """Refuse what would exhaust Jinja's recursive parser."""
    depth = deepest = 0
    for sign in _LITERALS.sub("", text):
        depth += (sign in "([{") - (sign in ")]}")
        deepest = max(deepest, depth)
    if deepest > DEEPEST_BRACKETS:
        found = f"{deepest} brackets within each other"
        raise ExpressionError("expression-deep", found, f"at most {DEEPEST_BRACKETS}", "Delete some.")


# Jinja's tree -> ours; the only list of what the language has


def tree_of(node: nodes.Expr, depth: int = 0) -> Tree:
    """Return an expression as nested tuples; raise ExpressionError that names what the language does not have."""
    if depth > DEEPEST:
        found = f"an expression of more than {DEEPEST} parts within each other"
        raise ExpressionError("expression-deep", found, f"at most {DEEPEST}", "Make it shorter.")
    inner = depth + 1
    if isinstance(node, nodes.Name):
        return ("name", node.name)
    if isinstance(node, (nodes.Const, nodes.Neg)):
        return ("const", _literal(node))
    if isinstance(node, (nodes.Getattr, nodes.Getitem)):
        return ("get", tree_of(node.node, inner), _key(node))
    if isinstance(node, (nodes.List, nodes.Tuple)):
        return ("list", *(tree_of(item, inner) for item in node.items))
    if isinstance(node, nodes.Concat):
        return ("concat", *(tree_of(item, inner) for item in node.nodes))
    if isinstance(node, nodes.Not):
        return ("not", tree_of(node.node, inner))
    if isinstance(node, (nodes.And, nodes.Or)):
        word = "and" if isinstance(node, nodes.And) else "or"
        return (word, tree_of(node.left, inner), tree_of(node.right, inner))
    if isinstance(node, nodes.CondExpr):
        otherwise = ("const", "") if node.expr2 is None else tree_of(node.expr2, inner)
        return ("if", tree_of(node.test, inner), tree_of(node.expr1, inner), otherwise)
    if isinstance(node, nodes.Compare):
        return _comparison(node, inner)
    if isinstance(node, (nodes.Filter, nodes.Test)):
        return _filter_or_test(node, inner)
    raise not_supported(node)


def not_supported(node: nodes.Node) -> ExpressionError:
    """Return the error for a part of Jinja's language that this one does not have, by its name."""
    name, todo = _REFUSED.get(type(node), (f"an expression with {type(node).__name__.lower()}", "Delete it."))
    if isinstance(node, nodes.Call):
        name, todo = f"a call of {_called(node)}()", _CALLS.get(_called(node), todo)
    expected = "names, literals, comparisons, conditions and filters"
    return ExpressionError("expression-feature", name, expected, todo)


def _called(node: nodes.Call) -> str:
    of = node.node
    return str(of.name if isinstance(of, nodes.Name) else of.attr if isinstance(of, nodes.Getattr) else "")


def _literal(node: nodes.Const | nodes.Neg) -> str | int | bool | None:
    inner = node.node if isinstance(node, nodes.Neg) else node
    if not isinstance(inner, nodes.Const) or (node is not inner and type(inner.value) is not int):
        raise not_supported(node)
    if isinstance(inner.value, float):
        todo = "Use whole numbers, or compare with a name."
        raise ExpressionError("expression-feature", f"the number {inner.value}", "a whole number", todo)
    if type(inner.value) is int and inner.value > LARGEST:
        raise ExpressionError("expression-long", "a number of more than 15 digits", "less", "Shorten it.")
    if isinstance(inner.value, str) and (match := forbidden_character(inner.value)):
        found = f"{describe_character(match)} in a literal"
        raise ExpressionError("expression-syntax", found, EXPECTED_TEXT, TYPE_AGAIN)
    value: str | int | bool | None = inner.value if node is inner else -inner.value
    return value


def _key(node: nodes.Getattr | nodes.Getitem) -> str:
    if isinstance(node, nodes.Getattr):
        return node.attr
    if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
        return node.arg.value
    if isinstance(node.arg, nodes.Slice):
        raise not_supported(node.arg)
    found, todo = "a number or name in square brackets", "Use x.name, x['name'], |first or |last."
    raise ExpressionError("expression-feature", found, "a field such as x.name", todo)


def _comparison(node: nodes.Compare, depth: int) -> Tree:
    if len(node.ops) != 1:
        todo = "Write a < b and b < c."
        raise ExpressionError("expression-feature", "a chained comparison", "one comparison", todo)
    return ("compare", node.ops[0].op, tree_of(node.expr, depth), tree_of(node.ops[0].expr, depth))


def _filter_or_test(node: nodes.Filter | nodes.Test, depth: int) -> Tree:
    is_filter = isinstance(node, nodes.Filter)
    name, known = (
        ALIASES.get(node.name, node.name) if is_filter else node.name,
        FILTERS if is_filter else TESTS,
    )
    mark = "|" if is_filter else "is "
    if name not in known:
        what = f"the filter |{name}" if is_filter else f"the test is {name}"
        expected = f"one of {', '.join(mark + one for one in known)}"
        raise ExpressionError("expression-filter", what, expected, did_you_mean(name, known, _COMPUTED))
    if node.node is None:
        raise not_supported(node)
    return ("filter" if is_filter else "test", name, tree_of(node.node, depth), *_arguments(node, name, mark))


def _arguments(node: nodes.Filter | nodes.Test, name: str, mark: str) -> list[Any]:
    """The arguments of a filter, which must be literals: bounded, and known before anything is filled in."""
    allowed = _ARGUMENTS.get(name, ()) if mark == "|" else ()
    plain = not (node.kwargs or node.dyn_args or node.dyn_kwargs)
    values = [_literal(one) for one in node.args if isinstance(one, (nodes.Const, nodes.Neg))]
    fits = len(values) == len(node.args) and _MUST_HAVE.get(name, 0) <= len(values) <= len(allowed)
    if not (plain and fits and all(isinstance(*pair) for pair in zip(values, allowed, strict=False))):
        how = {"replace": "('old', 'new')", "join": "(', ')", "default": "('text')"}.get(name, "")
        found, todo = f"{mark}{name} with other arguments", "Write it that way."
        raise ExpressionError("expression-filter", found, f"{mark}{name}{how}", todo)
    if name == "replace" and not values[0]:
        todo = "Name the text to replace."
        raise ExpressionError("expression-filter", "|replace of an empty text", "a text to replace", todo)
    return values


def names_of(tree: Tree) -> Iterator[str]:
    """Yield the names of an expression, with their fields."""
    if tree[0] == "name" or (tree[0] == "get" and _is_path(tree)):
        yield words_of(tree)
    else:
        for part in tree[1:]:
            if isinstance(part, tuple):
                yield from names_of(part)


def _is_path(tree: Tree) -> bool:
    return tree[0] == "name" or (tree[0] == "get" and _is_path(tree[1]))
