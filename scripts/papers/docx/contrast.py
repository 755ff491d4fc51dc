"""The colours of a text and of its background, through Word's styles, and their contrast.

WCAG 2.1, success criterion 1.4.3: the contrast of text is at least 4.5 to 1.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LEAST_CONTRAST = 4.5
_VAL, _FILL = f"{W}val", f"{W}fill"
_COLOR, _SHADE, _HIGHLIGHT = f"{W}color", f"{W}shd", f"{W}highlight"
_HEX = re.compile(r"[0-9A-Fa-f]{6}")
_HIGHLIGHTS = {
    "black": "000000",
    "blue": "0000FF",
    "cyan": "00FFFF",
    "green": "00FF00",
    "magenta": "FF00FF",
    "red": "FF0000",
    "yellow": "FFFF00",
    "darkBlue": "000080",
    "darkCyan": "008080",
    "darkGreen": "008000",
    "darkMagenta": "800080",
    "darkRed": "800000",
    "darkYellow": "808000",
    "darkGray": "808080",
    "lightGray": "C0C0C0",
}
# Colour of the text and of its background: six hexadecimal digits, "auto", or "" where not set.
Look = tuple[str, str]


def look_of(properties: Element | None) -> Look:
    """Return the colours that a set of properties (w:rPr, w:pPr, w:tcPr) sets itself."""
    if properties is None:
        return "", ""
    color, shade, highlight = properties.find(_COLOR), properties.find(_SHADE), properties.find(_HIGHLIGHT)
    text = color.get(_VAL, "") if color is not None else ""
    background = shade.get(_FILL, "") if shade is not None else ""
    if highlight is not None:
        background = _HIGHLIGHTS.get(highlight.get(_VAL, ""), background)
    return text, background


def layered(upper: Look, lower: Look) -> Look:
    """Return the colours seen where one set of properties overrides another."""
    return upper[0] or lower[0], upper[1] or lower[1]


def marks_first_row(properties: Element | None) -> bool:
    """Whether a table's properties (w:tblPr) ask for the special look of the first row that its style has."""
    look = properties.find(f"{W}tblLook") if properties is not None else None
    if look is None:
        return False
    if look.get(f"{W}firstRow") is not None:
        return look.get(f"{W}firstRow") in ("1", "true", "on")
    try:
        return bool(int(look.get(_VAL, "0"), 16) & 0x20)
    except ValueError:
        return False


@cache
def contrast(text: str, background: str) -> float | None:
    """Return the contrast, from 1 (equal) to 21 (black on white); None where Word chooses the text's colour itself."""
    background = background if _HEX.fullmatch(background) else "FFFFFF"
    if not _HEX.fullmatch(text):
        return None
    lighter, darker = sorted((_luminance(text), _luminance(background)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(int(color[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


class Styles:
    """The styles of a document by id: their colours, levels of headings, and the language of the text."""

    def __init__(self, root: Element | None):
        styles = root.findall(f"{W}style") if root is not None else []
        self._styles = {style.get(f"{W}styleId", ""): style for style in styles}
        defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr") if root is not None else None
        self.default = look_of(defaults)
        language = defaults.find(f"{W}lang") if defaults is not None else None
        self.language = language.get(_VAL, "") if language is not None else ""
        if not self.language:
            self.language = next((s.get(_VAL, "") for style in styles for s in style.iter(f"{W}lang")), "")
        self._known: dict[str, tuple[Look, int]] = {}
        self._rows: dict[str, Look] = {}

    def look(self, style: str) -> Look:
        """The colours of a style and those that it is based on."""
        return self._of(style)[0]

    def level(self, style: str) -> int:
        """1 to 9 for a heading, 0 for anything else."""
        return self._of(style)[1]

    def first_row(self, style: str) -> Look:
        """The colours that a table's style gives to the first row."""
        if style not in self._rows:
            look = ("", "")
            for element in self._with_bases(style):
                for part in element.findall(f"{W}tblStylePr"):
                    if part.get(f"{W}type") == "firstRow":
                        own = layered(look_of(part.find(f"{W}rPr")), look_of(part.find(f"{W}tcPr")))
                        look = layered(look, own)
            self._rows[style] = look
        return self._rows[style]

    def _of(self, style: str) -> tuple[Look, int]:
        if style not in self._known:
            look, level = ("", ""), 0
            for element in self._with_bases(style):
                paragraph = element.find(f"{W}pPr")
                own = layered(look_of(element.find(f"{W}rPr")), look_of(paragraph))
                look = layered(look, layered(own, look_of(element.find(f"{W}tcPr"))))
                outline = paragraph.find(f"{W}outlineLvl") if paragraph is not None else None
                if not level and outline is not None and outline.get(_VAL, "9") in "012345678":
                    level = int(outline.get(_VAL)) + 1
            self._known[style] = look, level
        return self._known[style]

    def _with_bases(self, style: str) -> list[Element]:
        """A style and those that it is based on, the nearest first."""
        found: list[Element] = []
        while (element := self._styles.get(style)) is not None and element not in found:
            found.append(element)
            base = element.find(f"{W}basedOn")
            style = base.get(_VAL, "") if base is not None else ""
        return found
