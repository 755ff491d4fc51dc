"""The value of a parsed expression: what the filters, tests and comparisons of templates, conditions and phrases do.

An expression arrives as nested tuples from `papers.expressions`, whose first element names what it is. Nothing here
runs code of the expression, calls a method that it names, or makes a text longer than `LONGEST_TEXT`.

Standard library only, and without `typing`: the job `fill` imports this module for templates that use filters.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Tree = tuple[Any, ...]  # of an expression: ("get", ("name", "cover"), "title")

LONGEST_TEXT = 1_000_000  # characters of a text that an expression makes


class ExpressionError(ValueError):
    """An expression that cannot be used; `kind`, `found`, `expected` and `todo` make a problem of it."""

    def __init__(self, kind: str, found: str, expected: str, todo: str):
        super().__init__(f"found {found}; expected {expected}. {todo}")
        self.kind, self.found, self.expected, self.todo = kind, found, expected, todo


class _Missing:
    """The value of a name that has none; `name` as it was written."""

    def __init__(self, name: str):
        self.name = name


def value_of(tree: Tree, values: Mapping[str, Any], read: Callable[[Any], Any] | None = None) -> Any:
    """Return the value of an expression.

    `values`: the value of each name; the fields of a name are the keys of a dictionary. `read` is applied to each
    value that is looked up. Raise ExpressionError for a name without a value, and for values that cannot be
    compared or filtered.
    """
    return _known(_Evaluation(values, read).value(tree))


def shown(value: Any) -> str:
    """Return a value as the text that a paper shows; raise ExpressionError for anything but text and whole numbers."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    todo = "Use it in a condition, or with a filter such as |length, |join or |default."
    raise ExpressionError("expression-value", f"{kind_of(value)} where text is shown", "a text", todo)


def kind_of(value: Any) -> str:
    """Return what a value is, in words: a text, a number, yes or no, a list, a record, nothing."""
    for types, words in _KINDS:
        if isinstance(value, types):
            return words
    return "a number" if hasattr(value, "__float__") else f"a {type(value).__name__}"


_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (str, "a text"),
    (bool, "yes or no"),
    ((list, tuple), "a list"),
    (dict, "a record"),
    (type(None), "nothing"),
)


def _known(value: Any) -> Any:
    if isinstance(value, _Missing):
        found = f"{value.name}, which has no value"
        raise ExpressionError(
            "expression-name", found, "a name with a value", f"Write {value.name}|default('')."
        )
    return value


class _Evaluation:
    """Evaluates the tree of one expression; each method is named as the kind of node that it evaluates."""

    def __init__(self, values: Mapping[str, Any], read: Callable[[Any], Any] | None):
        self.values, self.read = values, read

    def value(self, tree: Tree) -> Any:
        """The value of a node, which may be missing."""
        return getattr(self, f"_{tree[0]}")(*tree[1:])

    def known(self, tree: Tree) -> Any:
        return _known(self.value(tree))

    def _const(self, value: Any) -> Any:
        return value

    def _name(self, name: str) -> Any:
        return self._looked_up(self.values, name, name)

    def _get(self, tree: Tree, key: str) -> Any:
        holder = self.value(tree)
        path = f"{words_of(tree)}.{key}"
        return self._looked_up(holder, key, path) if isinstance(holder, dict) else _Missing(path)

    def _looked_up(self, holder: Mapping[str, Any], key: str, path: str) -> Any:
        if key not in holder:
            return _Missing(path)
        return self.read(holder[key]) if self.read else holder[key]

    def _list(self, *trees: Tree) -> list[Any]:
        return [self.known(tree) for tree in trees]

    def _concat(self, *trees: Tree) -> str:
        return _joined([shown(self.known(tree)) for tree in trees], "")

    def _not(self, tree: Tree) -> bool:
        return not self.known(tree)

    def _and(self, left: Tree, right: Tree) -> Any:
        return self.known(left) and self.known(right)

    def _or(self, left: Tree, right: Tree) -> Any:
        return self.known(left) or self.known(right)

    def _if(self, test: Tree, then: Tree, otherwise: Tree) -> Any:
        return self.value(then if self.known(test) else otherwise)

    def _compare(self, how: str, left: Tree, right: Tree) -> bool:
        return _COMPARISONS[how](self.known(left), self.known(right))

    def _test(self, name: str, tree: Tree) -> bool:
        value = self.value(tree)
        if name in ("defined", "undefined"):
            return isinstance(value, _Missing) is (name == "undefined")
        if name == "none":
            return _known(value) is None
        return _whole(_known(value), f"is {name}") % 2 == (name == "odd")

    def _filter(self, name: str, tree: Tree, *arguments: Any) -> Any:
        value = self.value(tree)
        if name != "default":
            value = _known(value)
        result = FILTERS[name](value, *arguments)
        return _Missing(f"{words_of(tree)}|{name}") if result is _NOTHING else result


def words_of(tree: Tree) -> str:
    """Return a name with its fields as it is written; of any other expression, its first name."""
    if tree[0] == "name":
        return str(tree[1])
    if tree[0] == "get":
        return f"{words_of(tree[1])}.{tree[2]}"
    inner = next((part for part in tree[1:] if isinstance(part, tuple)), None)
    return words_of(inner) if inner else "the value"


# Comparisons


def _equal(left: Any, right: Any) -> bool:
    """Whether two values are equal; a text that is compared with a number never is, which nobody means."""
    if left is not None and right is not None:
        _check_same_kind(left, right)
    return bool(left == right)


def _check_same_kind(left: Any, right: Any) -> None:
    kinds = kind_of(left), kind_of(right)
    if kinds[0] != kinds[1]:
        todo = "Put quotation marks around a text, none around a number; |int makes a number of a text."
        raise ExpressionError(
            "expression-value", f"{kinds[0]} compared with {kinds[1]}", "two of a kind", todo
        )


def _ordered(left: Any, right: Any) -> int:
    _check_same_kind(left, right)
    if isinstance(left, (list, tuple, dict, bool, type(None))):
        found = f"{kind_of(left)} compared by its size"
        raise ExpressionError("expression-value", found, "numbers or texts", "Compare its |length.")
    return int(left > right) - int(left < right)


def _contained(item: Any, holder: Any) -> bool:
    if isinstance(holder, (list, tuple, dict)):
        return item in holder
    if isinstance(holder, str) and isinstance(item, str):
        return item in holder
    found = f"{kind_of(item)} searched in {kind_of(holder)}"
    raise ExpressionError("expression-value", found, "in a list or in a text", "Correct what is after in.")


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": _equal,
    "ne": lambda left, right: not _equal(left, right),
    "lt": lambda left, right: _ordered(left, right) < 0,
    "lteq": lambda left, right: _ordered(left, right) <= 0,
    "gt": lambda left, right: _ordered(left, right) > 0,
    "gteq": lambda left, right: _ordered(left, right) >= 0,
    "in": _contained,
    "notin": lambda item, holder: not _contained(item, holder),
}


# Filters, with the meaning that they have in Jinja

_NOTHING = object()  # the first of no items
_BEFORE_WORDS = re.compile(r"([-\s({\[<]+)")


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        found = f"{kind_of(value)} before |{name}"
        raise ExpressionError("expression-value", found, "a text", f"Delete |{name}, or use it on a text.")
    return value


def _whole(value: Any, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        found = f"{kind_of(value)} before {name}"
        raise ExpressionError("expression-value", found, "a whole number", "|int makes a number of a text.")
    return value


def _items(value: Any, name: str) -> Any:
    if not isinstance(value, (list, tuple, str, dict)):
        found = f"{kind_of(value)} before |{name}"
        raise ExpressionError("expression-value", found, "a list or a text", f"Delete |{name}.")
    return value


def _check_length(length: int) -> None:
    if length > LONGEST_TEXT:
        found = f"an expression that makes a text of {length:,} characters"
        raise ExpressionError("expression-long", found, f"at most {LONGEST_TEXT:,}", "Shorten it.")


def _joined(texts: list[str], between: str) -> str:
    _check_length(sum(map(len, texts)) + len(between) * max(len(texts) - 1, 0))
    return between.join(texts)


def _replaced(value: Any, old: str, new: str) -> str:
    text = _text(value, "replace")
    _check_length(len(text) + text.count(old) * (len(new) - len(old)))
    return text.replace(old, new)


def _titled(value: Any) -> str:
    words = _BEFORE_WORDS.split(_text(value, "title"))
    return "".join(word[0].upper() + word[1:].lower() for word in words if word)


def _defaulted(value: Any, instead: Any = "", also_empty: bool = False) -> Any:
    return instead if isinstance(value, _Missing) or (also_empty and not value) else value


def _at_end(value: Any, name: str, at: int) -> Any:
    items = [*_items(value, name)]
    return items[at] if items else _NOTHING


def _as_number(value: Any) -> int:
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?[0-9]{1,15}\s*", value):
        return int(value)
    return _whole(value, "|int")


FILTERS: dict[str, Callable[..., Any]] = {
    "capitalize": lambda value: _text(value, "capitalize").capitalize(),
    "default": _defaulted,
    "escape": lambda value: value,  # every text of a paper is escaped
    "first": lambda value: _at_end(value, "first", 0),
    "int": _as_number,
    "join": lambda value, between="": _joined([shown(item) for item in _items(value, "join")], between),
    "last": lambda value: _at_end(value, "last", -1),
    "length": lambda value: len(_items(value, "length")),
    "lower": lambda value: _text(value, "lower").lower(),
    "replace": _replaced,
    "string": shown,
    "title": _titled,
    "trim": lambda value: _text(value, "trim").strip(),
    "upper": lambda value: _text(value, "upper").upper(),
}
