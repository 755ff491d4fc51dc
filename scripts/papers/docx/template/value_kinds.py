"""What kind of value an expression in a template has: known from the declared tags, before anything is filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papers.evaluation import ExpressionError, words_of
from papers.wording.tags import Blocks, Chart, Contents, Each, Flag, Line, Picture, Share, Tag, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papers.evaluation import Tree

    Kind = Tag | dict[str, Tag]


class Number(Tag):
    """A whole number: of a loop, a literal, or made by a filter."""


class Nothing(Tag):
    """The literal none."""


@dataclass(frozen=True)
class Literals(Tag):
    """A list of literals, all of one kind."""

    item: Tag
    length: int


STYLED = (Line, Blocks, Chart, Contents, Picture)  # values that Word shows in a format of their own
_TEXT, _NUMBER, _FLAG = Text(""), Number(""), Flag("")
_WORDS: dict[type, str] = {
    Text: "a text",
    Number: "a number",
    Flag: "yes or no",
    Nothing: "none",
    Each: "a list",
    Literals: "a list",
    dict: "a name with fields",
    Line: "styled text",
    Blocks: "paragraphs",
    Chart: "a chart",
    Contents: "a table of contents",
    Picture: "a picture",
    Share: "a share of the width",
}
_OF_TEXT = ("capitalize", "lower", "replace", "title", "trim", "upper")


def in_words(kind: Kind) -> str:
    """Return what a value of this kind is, in words."""
    return _WORDS[type(kind)]


def kind_of_tree(tree: Tree, names: Mapping[str, Kind]) -> Kind:
    """Return the kind of an expression; raise ExpressionError for kinds that do not fit each other.

    `names`: the kind of each name, which includes its fields, such as cover.title.
    """
    return getattr(_Kinds(names), f"_{tree[0]}")(*tree[1:])


class _Kinds:
    """Each method is named as the kind of node whose value it describes, as in papers.evaluation."""

    def __init__(self, names: Mapping[str, Kind]):
        self.names = names

    def kind(self, tree: Tree) -> Kind:
        return getattr(self, f"_{tree[0]}")(*tree[1:])

    def plain(self, tree: Tree, where: str) -> Kind:
        """The kind of a value that is not styled: styled ones cannot be compared or filtered."""
        kind = self.kind(tree)
        if isinstance(kind, STYLED):
            found, todo = (
                f"{in_words(kind)} {where}",
                f"Use {words_of(tree)} alone, or ask only whether it is there.",
            )
            raise ExpressionError("tag-expression", found, "a text, a number or a list", todo)
        return kind

    def _const(self, value: object) -> Kind:
        if value is None:
            return Nothing("")
        return _FLAG if isinstance(value, bool) else _NUMBER if isinstance(value, int) else _TEXT

    def _name(self, name: str) -> Kind:
        return self.names[name]

    def _get(self, tree: Tree, key: str) -> Kind:
        holder = self.kind(tree)
        if not isinstance(holder, dict) or key not in holder:
            found = f"the unknown field {key} of {in_words(holder)}"
            expected = f"one of {', '.join(holder)}" if isinstance(holder, dict) else "a name that has fields"
            raise ExpressionError(
                "unknown-tag", found, expected, "docs/tags.md lists the tags of each template."
            )
        return holder[key]

    def _list(self, *trees: Tree) -> Kind:
        kinds = [self.plain(tree, "in a list") for tree in trees]
        first = kinds[0] if kinds else _TEXT
        if not isinstance(first, (Text, Number)) or any(type(kind) is not type(first) for kind in kinds):
            found, todo = "a list of several kinds", "Use texts only, or numbers only."
            raise ExpressionError("tag-expression", found, "texts or numbers", todo)
        return Literals("", first, len(kinds))

    def _concat(self, *trees: Tree) -> Kind:
        for tree in trees:
            if not isinstance(kind := self.plain(tree, "next to ~"), (Text, Number)):
                self._refuse(kind, "next to ~", "a text or a number")
        return _TEXT

    def _not(self, tree: Tree) -> Kind:
        self.kind(tree)
        return _FLAG

    def _and(self, left: Tree, right: Tree) -> Kind:
        return self._either(self.kind(left), self.kind(right))

    _or = _and

    def _if(self, test: Tree, then: Tree, otherwise: Tree) -> Kind:
        self.kind(test)
        return self._either(self.kind(then), self.kind(otherwise))

    def _either(self, one: Kind, other: Kind) -> Kind:
        """The kind of one of two values; a condition may combine whatever it likes."""
        if isinstance(one, (Text, Number)) and isinstance(other, (Text, Number)):
            return one if type(one) is type(other) else _TEXT
        if isinstance(one, (Each, Literals)) and isinstance(other, (Each, Literals)):
            items = item_of(one), item_of(other)
            if type(items[0]) is type(items[1]) and not isinstance(items[0], dict):
                return Each("") if isinstance(items[0], Text) else one
        return one if one == other and not isinstance(one, STYLED) else _FLAG

    def _compare(self, how: str, left: Tree, right: Tree) -> Kind:
        one, other = self.plain(left, "compared"), self.plain(right, "compared")
        if how in ("in", "notin"):
            if not isinstance(other, (Text, Each, Literals)):
                self._refuse(other, f"after {'in' if how == 'in' else 'not in'}", "a list or a text")
            item = item_of(other)
            if not isinstance(item, dict) and type(one) is not type(item):
                self._refuse(one, f"searched among what is {in_words(item)}", in_words(item))
        elif not isinstance(one, Nothing) and not isinstance(other, Nothing) and type(one) is not type(other):
            found = f"{in_words(one)} compared with {in_words(other)}"
            todo = "Put quotation marks around a text, none around a number; |int makes a number of a text."
            raise ExpressionError("tag-expression", found, "two of a kind", todo)
        return _FLAG

    def _test(self, name: str, tree: Tree) -> Kind:
        if name not in ("defined", "undefined", "none") and not isinstance(kind := self.kind(tree), Number):
            self._refuse(kind, f"before is {name}", "a number")
        return _FLAG

    def _filter(self, name: str, tree: Tree, *arguments: object) -> Kind:
        kind = self.plain(tree, f"before |{name}")
        if name in _OF_TEXT and not isinstance(kind, Text):
            self._refuse(kind, f"before |{name}", "a text")
        if name in ("join", "first", "last", "length"):
            if not isinstance(kind, (Each, Literals, Text)):
                self._refuse(kind, f"before |{name}", "a list or a text")
            if name == "length":
                return _NUMBER
            if name != "join":
                return item_of(kind)
            if isinstance(item_of(kind), dict):
                self._refuse(kind, "of names with fields before |join", "a list of texts")
            return _TEXT
        if name == "default" and arguments:
            return self._either(kind, self._const(arguments[0]))
        if name in ("int", "string") and not isinstance(kind, (Text, Number)):
            self._refuse(kind, f"before |{name}", "a text or a number")
        return {"int": _NUMBER, "string": _TEXT}.get(name, kind)

    def _refuse(self, kind: Kind, where: str, expected: str) -> None:
        found = f"{in_words(kind)} {where}"
        raise ExpressionError("tag-expression", found, expected, "docs/tags.md says what each tag holds.")


def item_of(kind: Kind) -> Kind:
    """Return the kind of the items of a list, or of the characters of a text."""
    if isinstance(kind, Literals):
        return kind.item
    if isinstance(kind, Each) and kind.of is not None:
        return kind.of
    return _TEXT
