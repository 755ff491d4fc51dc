"""Lists in Markdown as people number them: 1., I., a), (a), i), 1), 1.1, in three levels; Markdown itself knows 1. and 1).

`typed_items` replaces the other labels by ones that Markdown knows; `arrange_lists` finds, for each item of the parsed
text, its level and the numbering in Word that it belongs to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papers import richtext

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it.token import Token

    Refuse = Callable[[int, str, str, str, str], None]  # line, kind, found, expected, what to do

LISTS = ("bullet_list_open", "ordered_list_open")
LEVELS = 3
_LABEL = re.compile(
    r"(?P<margin>\s*)(?P<label>[IVX]+\.|\((?:[a-z]|[ivxl]+|\d{1,3})\)|(?:[a-z]|[ivxl]+)\)|\d{1,3}(?:\.\d{1,3}){1,2})"
    r" (?=\S)"
)
_ANY_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)]) ")
_MOST = 9  # characters of a label: Markdown allows nine digits before the bracket
_ROMANS = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX".split()  # noqa: SIM905
_FORMATS = {"a": "lowerLetter", "i": "lowerRoman", "I": "upperRoman", "1": "decimal"}
_BULLETS = ("•", "–")  # those of the styles List Bullet and List Bullet 2
_PLAIN = ("bullet", "1.", "I.")  # what the styles of every template can set


def typed_items(source: str) -> tuple[str, dict[int, str]]:
    """Return the text with labels such as (a) as 01), and the labels by line.

    A label is one after an empty line or within a list, so that a line of text may begin with 1.5 or "I. ". The
    columns of the text stay, and each label becomes the number 1, as only that may follow a line of text.
    """
    rows, labels = source.split("\n"), {}
    known = {match["label"] for row in rows if (match := _LABEL.match(row))}
    in_list = after_text = False
    for number, row in enumerate(tuple(rows), 1):
        match = _LABEL.match(row)
        if match and (in_list or not after_text) and _is_label(match["label"], known):
            labels[number] = match["label"]
            digits = "1".rjust(len(match["label"]) - 1, "0")
            rows[number - 1] = f"{match['margin']}{digits}) {row[match.end() :]}"
            in_list = True
        elif _ANY_ITEM.match(row):
            in_list = True
        elif row.strip() and not row.startswith(" "):
            in_list = False
        after_text = bool(row.strip())
    return "\n".join(rows), labels


def _is_label(label: str, known: set[str]) -> bool:
    """Whether words that look like a label are one: 1.1 is one only if a line begins with 1.2, 1.5 with 1.4 or 1.6."""
    if "." not in label[:-1]:
        return len(label) <= _MOST
    prefix, last = label.rsplit(".", 1)
    others = {f"{prefix}.{int(last) + step}" for step in (1, -1)}
    return len(label) <= _MOST and not known.isdisjoint(others)


@dataclass
class _Numbering:
    """A numbering in Word: its key, and the format and text of the number of each of its levels.

    `used` are the items (by id) whose lists of the level below belong to it.
    """

    key: str
    formats: list[list[str]] = field(default_factory=list)
    used: set[int] = field(default_factory=set)


@dataclass
class _List:
    """A list; `form` is bullet, or its first label in general: 1. I. a) (a) i) (i) 1) (1) 1.1, where `prefix` is 1."""

    token: Token
    level: int
    parent: _List | None
    item: Token | None  # the item that it is within
    line: int
    form: str = ""
    prefix: str = ""
    first: int = 1
    label: str = ""  # of the last item, without the full stop at its end
    numbering: _Numbering | None = None
    continues: _List | None = None
    is_continued: bool = False
    items: list[Token] = field(default_factory=list)
    inner: list[_List] = field(default_factory=list)

    @property
    def last(self) -> int:
        return self.first + len(self.items) - 1

    def is_plain(self) -> bool:
        """Whether the styles of templates set the list, so that it needs no numbering of its own."""
        fits = self.form in _PLAIN if self.level == 0 else self.level == 1 and self.form == "bullet"
        is_whole = not self.continues and not self.is_continued
        return fits and is_whole and all(inner.is_plain() for inner in self.inner)


class _Arranging:
    """Reads the lists of one text; `labels` are those that no item has had yet."""

    def __init__(self, name: str, labels: dict[int, str], refuse: Refuse):
        self.name, self.labels, self.refuse = name, dict(labels), refuse
        self.open: list[_List] = []
        self.roots: list[_List] = []
        self.latest: dict[tuple[str, str], _List] = {}  # the last list of the first level, by form and prefix

    def read(self, tokens: list[Token]) -> None:
        for token in tokens:
            if token.type in LISTS:
                self._open(token, _line(token))
            elif token.type == "list_item_open":
                self._add_item(self.open[-1], token)
            elif token.type in ("bullet_list_close", "ordered_list_close"):
                self.open.pop()
        for root in self.roots:
            self._set_plain(root) if root.is_plain() else self._set_numbered(root)
        for line, label in self.labels.items():
            todo = "Align it with the first item, and put an empty line before the list."
            self.refuse(line, "list-order", f'"{label}" outside a list', "each item at the same margin", todo)

    def _open(self, token: Token, line: int) -> _List:
        parent = self.open[-1] if self.open else None
        item = parent.items[-1] if parent else None
        self.open.append(_List(token, len(self.open), parent, item, line))
        (parent.inner if parent else self.roots).append(self.open[-1])
        return self.open[-1]

    def _add_item(self, one: _List, item: Token) -> None:
        line = _line(item)
        label = self.labels.pop(line, "") or item.info + item.markup
        if one.items and one.form != "bullet" and self._begins_another(one, label):
            self.open.pop()
            one = self._open(one.token, line)
        one.items.append(item)
        item.meta.update(number=len(one.items), paragraphs=0)
        if one.token.type == "bullet_list_open":
            one.form = "bullet"
            return
        if len(one.items) == 1:
            self._begin(one, label, line)
        expected = _label(one, one.last)
        parent = one.parent
        if parent and len(one.items) == 1 and label == _label(parent, parent.last + 1) != expected:
            todo = "Align it with the items above."
            self.refuse(line, "list-order", f'"{label}" below another', "each item at the same margin", todo)
            one.first, parent.first = parent.last + 1, parent.first + 1  # one problem is enough
            expected = label
        if label != expected and not (one.form == label == "1."):
            todo = "Number the items in order; after items of another form, put a text between the two lists."
            expected = f'"{expected}"' if expected else "at most XX. or z)"
            self.refuse(line, "list-order", f'"{label}"', expected, todo)
        one.label = _label(one, one.last).rstrip(".")

    def _begins_another(self, one: _List, label: str) -> bool:
        """Whether a label of another form begins or continues a list; to Markdown, (a) after 1.1 is the same list."""
        form, prefix = _form(label)
        if label == _label(one, one.last + 1) or (form, prefix) == (one.form, one.prefix):
            return False
        earlier = None if one.level else self.latest.get((form, prefix))
        other = _List(one.token, one.level, None, None, 0, form, prefix)
        return label in (_label(other, 1), _label(other, earlier.last + 1 if earlier else 1))

    def _begin(self, one: _List, label: str, line: int) -> None:
        """Find the form of an ordered list from its first label, and the list of this text that it continues."""
        one.form, one.prefix = _form(label)
        if one.level == 0:
            letters, before = one.form.replace("i", "a"), self.roots[-2:-1]
            if before and "i" in label and (before[0].form, before[0].last) == (letters, 8):
                one.form = letters  # i) after h)
            earlier = self.latest.get((one.form, one.prefix))
            if earlier and label == _label(one, earlier.last + 1):
                one.first, one.continues, earlier.is_continued = earlier.last + 1, earlier, True
            self.latest[one.form, one.prefix] = one
        elif one.form == "1.1" and one.parent and one.prefix != one.parent.label:
            expected = f'"{one.parent.label}.1"' if one.parent.label[-1:].isdecimal() else "a) or (a)"
            self.refuse(line, "list-order", f'"{label}"', expected, "Correct it; 1.1 stands below 1.")
            one.prefix = label.rpartition(".")[0]

    def _set_plain(self, one: _List) -> None:
        style = {"1.": richtext.NUMBER, "I.": richtext.ROMAN}.get(one.form, richtext.BULLET)
        style = richtext.BULLET_2 if one.level else style
        for at, item in enumerate(one.items):
            item.meta.update(style=style, start=at == 0 and style in richtext.ORDERED, list=None)
        for inner in one.inner:
            self._set_plain(inner)

    def _set_numbered(self, one: _List) -> None:
        shared = one.continues.numbering if one.continues else self._numbering_around(one)
        above = one.parent.numbering.formats[: one.level] if one.parent and one.parent.numbering else []
        own = _Numbering(f"{self.name}:{one.line}", [*above, _format(one, None)])
        one.numbering = shared or own
        style = richtext.BULLET if one.form == "bullet" else richtext.NUMBER
        data = {"key": one.numbering.key, "level": one.level, "formats": one.numbering.formats}
        for at, item in enumerate(one.items):
            item.meta.update(style=style, start=at == 0 and not shared, list=data)
        for inner in one.inner:
            self._set_numbered(inner)

    def _numbering_around(self, one: _List) -> _Numbering | None:
        """Return the numbering of the list around a list if that can show it too.

        Word restarts a level after each item of a higher level, so a second list in one item cannot share it.
        """
        around = one.parent.numbering if one.parent else None
        if around is None or id(one.item) in around.used:
            return None
        fitting = _format(one, around)
        if len(around.formats) == one.level:
            around.formats.append(fitting)
        if around.formats[one.level] != fitting:
            return None
        around.used.add(id(one.item))
        return around


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


def _form(label: str) -> tuple[str, str]:
    """The form of a list with this first label, and the prefix of a label such as 2.1."""
    inner = label.strip("().")
    if "." in inner:
        return "1.1", inner.rsplit(".", 1)[0]
    if inner.isdecimal():
        sign = "1"
    elif inner.isupper():
        sign = "I"
    else:
        sign = "i" if inner == "i" or len(inner) > 1 else "a"
    return label.replace(inner, sign, 1), ""


def _label(one: _List, number: int) -> str:
    """The label of an item; "" beyond what can be numbered."""
    if one.form == "1.1":
        return f"{one.prefix}.{number}"
    sign = one.form.strip("().")
    if sign == "1":
        shown = str(number)
    elif sign == "a":
        shown = chr(ord("a") + number - 1) if number <= 26 else ""
    else:
        shown = _ROMANS[number - 1] if number <= len(_ROMANS) else ""
        shown = shown.lower() if sign == "i" else shown
    return one.form.replace(sign, shown, 1) if shown else ""


def _format(one: _List, outer: _Numbering | None) -> list[str]:
    """Format and text of a level's number, as in w:numFmt and w:lvlText; %2 is the number of the second level."""
    place = f"%{one.level + 1}"
    if one.form == "bullet":
        return ["bullet", _BULLETS[one.level % 2]]
    if one.form == "1.1":
        above = outer.formats[one.level - 1][1].rstrip(".") if outer and one.level else one.prefix
        return ["decimal", f"{above}.{place}"]
    sign = one.form.strip("().")
    return [_FORMATS[sign], one.form.replace(sign, place, 1)]


def arrange_lists(tokens: list[Token], name: str, labels: dict[int, str], refuse: Refuse) -> None:
    """Set `style`, `start` and `list` in the meta of each item: the arguments of its richtext block.

    `labels` are those of `typed_items`; `name` is the name of the file. Lists deeper than `LEVELS` are reported by the
    caller.
    """
    _Arranging(name, labels, refuse).read(tokens)
