"""Lists with a numbering of their own: the paragraphs' numbering, and the definitions in word/numbering.xml.

Imported only for papers with such lists; see README.md in this folder.
"""

from __future__ import annotations

import re

_ABSTRACT = re.compile(r'<w:abstractNum [^>]*w:abstractNumId="(\d+)"')
_FIRST_MARGIN, _BULLET_STEP, _NUMBER_STEP, _DOTTED_STEP = 113, 340, 454, 680  # twentieths of a point
_GAP = 113  # between the levels of bullets, as in the styles List Bullet and List Bullet 2
_BULLET_FONT = '<w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial" w:hint="default"/></w:rPr>'


class Numberings:
    """The numberings that the lists of a paper need."""

    def __init__(self):
        self.definitions: list[list[list[str]]] = []  # formats of the levels, each set once
        self.by_key: dict[str, int] = {}  # key of a list -> its number in Word
        self.lists: list[tuple[int, int]] = []  # number in Word, definition

    def knows(self, place: dict) -> bool:
        """Return whether the list of an item has begun."""
        return place["key"] in self.by_key

    def item(self, place: dict, begins: bool, number: int) -> str:
        """Return the numbering and the margin of an item; `number` is the id of a list that begins here."""
        formats = place["formats"]
        if begins:
            if formats not in self.definitions:
                self.definitions.append(formats)
            self.by_key[place["key"]] = number
            self.lists.append((number, self.definitions.index(formats)))
        left, hanging = _margins(formats)[place["level"]]
        return (
            f'<w:numPr><w:ilvl w:val="{place["level"]}"/><w:numId w:val="{self.by_key[place["key"]]}"/></w:numPr>'
            f'<w:ind w:left="{left}" w:hanging="{hanging}"/>'
        )

    def in_part(self, before: str, plain: str) -> tuple[str, str]:
        """Return the two texts of word/numbering.xml up to its lists, with these lists and their definitions added.

        `before` ends with the lists of the template, `plain` are those that styles number.
        """
        known = [int(number) for number in _ABSTRACT.findall(before)]
        first = 1 + max(known, default=0)
        xml = "".join(_definition(formats, first + at) for at, formats in enumerate(self.definitions))
        at = before.find("<w:num ")
        before = f"{before[:at]}{xml}{before[at:]}" if at >= 0 else before + xml
        own = "".join(self._list(number, definition, first) for number, definition in self.lists)
        return before, plain + own

    def _list(self, number: int, definition: int, first: int) -> str:
        restarts = "".join(
            f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="1"/></w:lvlOverride>'
            for level in range(len(self.definitions[definition]))
        )
        return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{first + definition}"/>{restarts}</w:num>'


def _margins(formats: list[list[str]]) -> list[tuple[int, int]]:
    """Left margin and hanging indent of each level: the text of a level stands under that of the level above."""
    margins, left = [], _FIRST_MARGIN
    for level, (kind, text) in enumerate(formats):
        dotted = text.rstrip(".").count(".") > 0
        step = _BULLET_STEP if kind == "bullet" else _DOTTED_STEP + 113 * level if dotted else _NUMBER_STEP
        left += step + (_GAP if kind == "bullet" and level else 0)
        margins.append((left, step))
    return margins


def _definition(formats: list[list[str]], number: int) -> str:
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{left}" w:hanging="{hanging}"/></w:pPr>'
        f"{_BULLET_FONT if kind == 'bullet' else ''}</w:lvl>"
        for level, ((kind, text), (left, hanging)) in enumerate(zip(formats, _margins(formats), strict=True))
    )
    return (
        f'<w:abstractNum w:abstractNumId="{number}"><w:nsid w:val="{0x2E000000 + number:08X}"/>'
        f'<w:multiLevelType w:val="multilevel"/><w:tmpl w:val="{0x2F000000 + number:08X}"/>{levels}</w:abstractNum>'
    )
