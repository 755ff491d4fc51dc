"""Number captions and the references to them, so that they are right without updating the fields in Word.

A caption typed in Word holds a SEQ field, a reference to it a REF field to a bookmark; both carry the result that Word
showed last. A repeated caption needs a new number each time, and a bookmark of its own. Imported only for papers whose
templates have such fields.
"""

from __future__ import annotations

import re

AHEAD = "?ahead"  # suffix of the name in a reference to a bookmark further on in the template
_TOKEN = re.compile(
    r'<w:fldChar [^>]*w:fldCharType="(?P<char>begin|separate|end)"[^>]*/?>'
    r'|<w:fldSimple [^>]*w:instr="(?P<simple>[^"]*)"[^>]*>|(?P<simple_end></w:fldSimple>)'
    r"|<w:instrText(?: [^>]*)?>(?P<code>[^<]*)</w:instrText>"
    r"|<w:t(?: [^>]*)?>(?P<text>[^<]*)</w:t>"
    r"|<w:bookmarkStart [^>]*/>|<w:bookmarkEnd [^>]*/>"
    r"|</?mc:(?P<branch>AlternateContent|Choice|Fallback)(?: [^>]*)?>"
)
_ID, _NAME = re.compile(r'w:id="([^"]*)"'), re.compile(r'w:name="([^"]*)"')
_REFERENCE = re.compile(r"\s*(REF|PAGEREF)\s+([^\s\\?]+)(\?ahead)?", re.IGNORECASE)
_SEQUENCE = re.compile(r"\s*SEQ\s+(\S+)(.*)", re.IGNORECASE | re.DOTALL)
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
_ROMAN += ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


class MissingBookmark(ValueError):
    """A reference to a bookmark that is not in the paper."""


class _Field:
    """A field: the tokens of its code, the code, and the tokens of the texts of its result."""

    def __init__(self, begin: int, codes: list[int], code: str = "", separated: bool = False):
        self.begin = begin
        self.codes, self.code, self.separated = codes, code, separated
        self.result: list[int] = []


class _Counts:
    """The last number of each sequence. Alternatives, of which a reader sees one, count from the same numbers.

    Word writes a text box twice, for itself and for older programs.
    """

    def __init__(self):
        self.now: dict[str, int] = {}
        self.open: list[
            list[dict[str, int] | None]
        ] = []  # numbers before an alternative, and after its first branch

    def follow(self, tag: str) -> None:
        """Begin or end alternatives, or one of them."""
        if tag.startswith("<mc:AlternateContent"):
            self.open.append([dict(self.now), None])
        elif not self.open:
            return
        elif tag.startswith("</mc:AlternateContent"):
            self.now = self.open.pop()[1] or self.now
        elif tag.startswith("</"):
            before, first = self.open[-1]
            self.open[-1][1] = first if first is not None else self.now
            self.now = dict(before)


class _Bookmark:
    """One occurrence of a bookmark: its unique name and id, the token where it begins, the tokens of its texts."""

    def __init__(self, name: str, id: int, at: int):
        self.name, self.id, self.at = name, id, at
        self.texts: list[int] = []


def number_captions(document: str) -> str:
    """Return the document's XML with captions numbered, bookmarks unique, and references showing their targets.

    Raise MissingBookmark if a reference has no target.
    """
    return _Numbering(document).apply()


class _Numbering:
    """Scans a document into tokens, and replaces those that change."""

    def __init__(self, document: str):
        self.document = document
        self.tokens = list(_TOKEN.finditer(document))
        self.new: dict[int, str] = {}  # token -> its new text, escaped, or the whole of a bookmark's tag
        self.fields: list[_Field] = []
        self.branches: list[tuple[int, str]] = []  # the tags of alternatives: token -> tag
        self.marks: dict[str, list[_Bookmark]] = {}
        self.names: set[str] = set()
        self._scan()

    def apply(self) -> str:
        counts = _Counts()
        events = sorted(
            [*self.branches, *((field.begin, field) for field in self.fields)], key=lambda e: e[0]
        )
        for _, event in events:
            if isinstance(event, str):
                counts.follow(event)
            elif sequence := _SEQUENCE.match(event.code):
                self._show(event, _number(sequence[1], sequence[2], counts.now))
        for field in self.fields:
            if reference := _REFERENCE.match(field.code):
                self._refer(field, reference)
        return self._with_new_tokens()

    def _scan(self) -> None:
        open_fields: list[_Field] = []
        open_marks: dict[str, _Bookmark] = {}
        for at, token in enumerate(self.tokens):
            kind = token.lastgroup
            if kind == "branch":
                self.branches.append((at, token[0]))
            elif kind is None:
                self._bookmark(at, token[0], open_marks)
            elif kind == "text":
                for mark in open_marks.values():
                    mark.texts.append(at)
                for field in open_fields:
                    if field.separated:
                        field.result.append(at)
            else:
                self._follow(at, token, kind, open_fields)

    def _follow(self, at: int, token: re.Match, kind: str, open_fields: list[_Field]) -> None:
        """The beginning, code or end of a field."""
        if token["char"] == "begin" or kind == "simple":
            open_fields.append(
                _Field(at, [at], token["simple"], separated=True) if kind == "simple" else _Field(at, [])
            )
            self.fields.append(open_fields[-1])
        elif not open_fields:
            return
        elif kind == "code":
            open_fields[-1].codes.append(at)
            open_fields[-1].code += token["code"]
        elif token["char"] == "separate":
            open_fields[-1].separated = True
        else:
            open_fields.pop()

    def _bookmark(self, at: int, tag: str, open_marks: dict[str, _Bookmark]) -> None:
        """A bookmark begins or ends: it gets an id and a name that no other has."""
        number = _ID.search(tag)[1]
        if tag.startswith("<w:bookmarkEnd"):
            if mark := open_marks.pop(number, None):
                self.new[at] = _ID.sub(f'w:id="{mark.id}"', tag)
            return
        name = _NAME.search(tag)[1]
        occurrences = self.marks.setdefault(name, [])
        unique, count = name, len(occurrences) + 1
        while unique in self.names:
            count, unique = count + 1, f"{name[:36]}_{count}"
        self.names.add(unique)
        open_marks[number] = _Bookmark(unique, len(self.names), at)
        occurrences.append(open_marks[number])
        self.new[at] = _NAME.sub(f'w:name="{unique}"', _ID.sub(f'w:id="{len(self.names)}"', tag))

    def _refer(self, field: _Field, reference: re.Match) -> None:
        """Point a reference to the nearest bookmark of its name, on the side on which the template has it."""
        targets, at = self.marks.get(reference[2], []), field.codes[0]
        ahead = [mark for mark in targets if mark.at > at]
        behind = [mark for mark in targets if mark.at < at]
        mark = next(iter(ahead), None) if reference[3] else next(reversed(behind), None)
        mark = mark or next(iter(targets), None)
        if mark is None:
            raise MissingBookmark(f"a cross-reference to {reference[2]}, which is not in this paper")
        self.new[field.codes[0]] = field.code.replace(reference[2] + (reference[3] or ""), mark.name, 1)
        self.new.update(dict.fromkeys(field.codes[1:], ""))
        if reference[1].upper() == "REF" and not re.search(r"\\[nrwp]\b", field.code):
            self._show(field, "".join(self._text(token) for token in mark.texts))

    def _text(self, token: int) -> str:
        return self.new.get(token, self.tokens[token]["text"])

    def _show(self, field: _Field, text: str) -> None:
        self.new.update(dict.fromkeys(field.result, ""))
        if field.result:
            self.new[field.result[0]] = text

    def _with_new_tokens(self) -> str:
        pieces, at = [], 0
        for number, text in sorted(self.new.items()):
            token = self.tokens[number]
            start, end = token.span(token.lastgroup) if token.lastgroup else token.span()
            pieces += (self.document[at:start], text)
            at = end
        return "".join((*pieces, self.document[at:]))


def _number(name: str, switches: str, counts: dict[str, int]) -> str:
    r"""The next number of a sequence, in the format of its switches; \r sets it, \c repeats it."""
    if reset := re.search(r"\\r\s*(\d+)", switches):
        counts[name] = int(reset[1])
    elif not re.search(r"\\c\b", switches):
        counts[name] = counts.get(name, 0) + 1
    number, format = counts.get(name, 0), re.search(r"\\\*\s*(roman|alphabetic)", switches, re.IGNORECASE)
    if not format:
        return str(number)
    text = _roman(number) if format[1].lower() == "roman" else _letters(number)
    return text if format[1][0].isupper() else text.lower()


def _roman(number: int) -> str:
    text = ""
    for value, digits in _ROMAN:
        text, number = text + digits * (number // value), number % value
    return text


def _letters(number: int) -> str:
    """A to Z, then AA, BB, as in Word."""
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number else ""
