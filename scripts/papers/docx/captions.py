"""Numbers of captions and references to them: right in the paper, not only after somebody has updated its fields in Word.

A caption typed in Word holds a SEQ field, a reference to it a REF field to a bookmark; both carry the result that Word showed
last. A caption that is repeated needs another number each time, and a bookmark of its own. Loaded only for papers whose
templates have such fields.
"""

from __future__ import annotations

import re

AHEAD = "?ahead"  # behind the name in a reference to a bookmark that stands further on in the template
_TOKEN = re.compile(
    r'<w:fldChar [^>]*w:fldCharType="(?P<char>begin|separate|end)"[^>]*/?>'
    r'|<w:fldSimple [^>]*w:instr="(?P<simple>[^"]*)"[^>]*>|(?P<simple_end></w:fldSimple>)'
    r"|<w:instrText(?: [^>]*)?>(?P<code>[^<]*)</w:instrText>"
    r"|<w:t(?: [^>]*)?>(?P<text>[^<]*)</w:t>"
    r"|<w:bookmarkStart [^>]*/>|<w:bookmarkEnd [^>]*/>"
)
_ID, _NAME = re.compile(r'w:id="([^"]*)"'), re.compile(r'w:name="([^"]*)"')
_REFERENCE = re.compile(r"\s*(REF|PAGEREF)\s+([^\s\\?]+)(\?ahead)?", re.IGNORECASE)
_SEQUENCE = re.compile(r"\s*SEQ\s+(\S+)(.*)", re.IGNORECASE | re.DOTALL)
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
_ROMAN += ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


class MissingBookmark(ValueError):
    """A reference to a bookmark that the paper does not have."""


class _Field:
    """A field: the tokens of its code, its code, and the tokens of the texts of its result."""

    def __init__(self, codes: list[int], code: str = "", separated: bool = False):
        self.codes, self.code, self.separated = codes, code, separated
        self.result: list[int] = []


class _Bookmark:
    """One occurrence of a bookmark: its own name and id, where it begins, and the texts that it lies around, as tokens."""

    def __init__(self, name: str, id: int, at: int):
        self.name, self.id, self.at = name, id, at
        self.texts: list[int] = []


def number_captions(document: str) -> str:
    """The document's XML with captions numbered in order, bookmarks unique, and references that show what they point to.

    NoTarget where a reference points nowhere.
    """
    return _Numbering(document).done()


class _Numbering:
    def __init__(self, document: str):
        self.document = document
        self.tokens = list(_TOKEN.finditer(document))
        self.new: dict[int, str] = {}  # token -> its new text, escaped, or the whole of a bookmark's tag
        self.fields: list[_Field] = []
        self.marks: dict[str, list[_Bookmark]] = {}
        self.names: set[str] = set()
        self._scan()

    def done(self) -> str:
        counts: dict[str, int] = {}
        for each in self.fields:
            if sequence := _SEQUENCE.match(each.code):
                self._show(each, _number(sequence[1], sequence[2], counts))
        for each in self.fields:
            if reference := _REFERENCE.match(each.code):
                self._refer(each, reference)
        return self._written()

    def _scan(self) -> None:
        open_fields: list[_Field] = []
        open_marks: dict[str, _Bookmark] = {}
        for at, token in enumerate(self.tokens):
            kind = token.lastgroup
            if kind is None:
                self._bookmark(at, token[0], open_marks)
            elif kind == "text":
                for mark in open_marks.values():
                    mark.texts.append(at)
                for each in open_fields:
                    if each.separated:
                        each.result.append(at)
            else:
                self._follow(at, token, kind, open_fields)

    def _follow(self, at: int, token: re.Match, kind: str, open_fields: list[_Field]) -> None:
        """The beginning, code or end of a field."""
        if token["char"] == "begin" or kind == "simple":
            open_fields.append(
                _Field([at], token["simple"], separated=True) if kind == "simple" else _Field([])
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
        """A bookmark begins or ends: its id and name become its own."""
        number = _ID.search(tag)[1]
        if tag.startswith("<w:bookmarkEnd"):
            if mark := open_marks.pop(number, None):
                self.new[at] = _ID.sub(f'w:id="{mark.id}"', tag)
            return
        name = _NAME.search(tag)[1]
        occurrences = self.marks.setdefault(name, [])
        own, count = name, len(occurrences) + 1
        while own in self.names:
            count, own = count + 1, f"{name[:36]}_{count}"
        self.names.add(own)
        open_marks[number] = _Bookmark(own, len(self.names), at)
        occurrences.append(open_marks[number])
        self.new[at] = _NAME.sub(f'w:name="{own}"', _ID.sub(f'w:id="{len(self.names)}"', tag))

    def _refer(self, each: _Field, reference: re.Match) -> None:
        """Points a reference to the nearest bookmark of its name, on the side on which the template has it."""
        there, at = self.marks.get(reference[2], []), each.codes[0]
        ahead = [mark for mark in there if mark.at > at]
        behind = [mark for mark in there if mark.at < at]
        mark = next(iter(ahead), None) if reference[3] else next(reversed(behind), None)
        mark = mark or next(iter(there), None)
        if mark is None:
            raise MissingBookmark(f"a cross reference to {reference[2]}, which this paper does not have")
        self.new[each.codes[0]] = each.code.replace(reference[2] + (reference[3] or ""), mark.name, 1)
        self.new.update(dict.fromkeys(each.codes[1:], ""))
        if reference[1].upper() == "REF" and not re.search(r"\\[nrwp]\b", each.code):
            self._show(each, "".join(self._text(token) for token in mark.texts))

    def _text(self, token: int) -> str:
        return self.new.get(token, self.tokens[token]["text"])

    def _show(self, each: _Field, text: str) -> None:
        self.new.update(dict.fromkeys(each.result, ""))
        if each.result:
            self.new[each.result[0]] = text

    def _written(self) -> str:
        pieces, at = [], 0
        for number, text in sorted(self.new.items()):
            token = self.tokens[number]
            start, end = token.span(token.lastgroup) if token.lastgroup else token.span()
            pieces += (self.document[at:start], text)
            at = end
        return "".join((*pieces, self.document[at:]))


def _number(name: str, switches: str, counts: dict[str, int]) -> str:
    r"""The next number of a sequence, in the format that it asks for; \r sets it, \c repeats it."""
    if reset := re.search(r"\\r\s*(\d+)", switches):
        counts[name] = int(reset[1])
    elif not re.search(r"\\c\b", switches):
        counts[name] = counts.get(name, 0) + 1
    number, shape = counts.get(name, 0), re.search(r"\\\*\s*(roman|alphabetic)", switches, re.IGNORECASE)
    if not shape:
        return str(number)
    words = _roman(number) if shape[1].lower() == "roman" else _letters(number)
    return words if shape[1][0].isupper() else words.lower()


def _roman(number: int) -> str:
    words = ""
    for value, sign in _ROMAN:
        words, number = words + sign * (number // value), number % value
    return words


def _letters(number: int) -> str:
    """A to Z, then AA, BB, as Word counts."""
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number else ""
