"""The colour of a text and of what lies under it, through Word's styles, and whether the two can be told apart.

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
_HEX = re.compile(r"[0-9A-Fa-f]{6}")
_MARKERS = {
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
Look = tuple[
    str, str
]  # colour of the text and of what lies under it: six hexadecimal digits, "auto", or "" (not said)


def look_of(element: Element | None) -> Look:
    """What a set of properties (w:rPr, w:pPr, w:tcPr) says itself."""
    if element is None:
        return "", ""
    color, shade, marker = (element.find(f"{W}{tag}") for tag in ("color", "shd", "highlight"))
    text = color.get(_VAL, "") if color is not None else ""
    under = shade.get(_FILL, "") if shade is not None else ""
    if marker is not None:
        under = _MARKERS.get(marker.get(_VAL, ""), under)
    return text, under


def layered(upper: Look, lower: Look) -> Look:
    """What is seen where one set of properties stands above another."""
    return upper[0] or lower[0], upper[1] or lower[1]


@cache
def contrast(text: str, under: str) -> float | None:
    """From 1 (alike) to 21 (black on white); None where Word itself chooses the text's colour to fit."""
    under = under if _HEX.fullmatch(under) else "FFFFFF"
    if not _HEX.fullmatch(text):
        return None
    lighter, darker = sorted((_luminance(text), _luminance(under)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = (_linear(int(color[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


class Styles:
    """The styles of a document: looks, names, levels of headings, and the language of its text."""

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
        return self._of(style)[0]

    def level(self, style: str) -> int:
        """1 to 9 for a heading, 0 for anything else."""
        return self._of(style)[1]

    def first_row(self, style: str) -> Look:
        """How a table's style shows the first row."""
        if style not in self._rows:
            look = ("", "")
            for element in self._line(style):
                for part in element.findall(f"{W}tblStylePr"):
                    if part.get(f"{W}type") == "firstRow":
                        own = layered(look_of(part.find(f"{W}rPr")), look_of(part.find(f"{W}tcPr")))
                        look = layered(look, own)
            self._rows[style] = look
        return self._rows[style]

    def _of(self, style: str) -> tuple[Look, int]:
        if style not in self._known:
            look, level = ("", ""), 0
            for element in self._line(style):
                paragraph = element.find(f"{W}pPr")
                own = layered(look_of(element.find(f"{W}rPr")), look_of(paragraph))
                look = layered(look, layered(own, look_of(element.find(f"{W}tcPr"))))
                outline = paragraph.find(f"{W}outlineLvl") if paragraph is not None else None
                if not level and outline is not None and outline.get(_VAL, "9") in "012345678":
                    level = int(outline.get(_VAL)) + 1
            self._known[style] = look, level
        return self._known[style]

    def _line(self, style: str) -> list[Element]:
        """A style and those that it is based on, the nearest first."""
        line: list[Element] = []
        while (element := self._styles.get(style)) is not None and element not in line:
            line.append(element)
            base = element.find(f"{W}basedOn")
            style = base.get(_VAL, "") if base is not None else ""
        return line
