"""What the cell formats of a workbook do to a value: strike it through, raise it, hide it, show it times 100.

Excel keeps the 45% that is typed into a cell as 0.45, and calamine reads values without their formats.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from papers.inputs.xlsx_package import MAIN, is_true, local_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree import ElementTree

_PERCENT = {"9", "10"}  # Excel's own formats 0% and 0.00%
_LITERAL = re.compile(r'"[^"]*"|\\.')  # in a number format: text that is shown as it is
_BRACKETED = re.compile(r"\[[^\]]*\]")
# ASSUME: the theme's first colour is white and its second black, as in all themes of Office.
_NAMED_COLOURS = {
    "theme0": "FFFFFF", "theme1": "000000",
    "indexed0": "000000", "indexed1": "FFFFFF", "indexed8": "000000", "indexed9": "FFFFFF",
    "indexed64": "000000", "indexed65": "FFFFFF",
}  # fmt: skip
# One of each kind that a format refers to, for programs that insist on them.
_UNUSED = (
    "<fonts><font/></fonts><fills><fill><patternFill/></fill></fills><borders><border/></borders>"
    '<cellStyleXfs><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
)
_NORMAL = '<cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
STRUCK, RAISED, UNSEEN = "struck", "raised", "unseen"


@dataclass
class CellFormats:
    """The cell formats of a workbook; a format is named by its number, as the attribute `s` of a cell has it.

    `marks` are the formats that change what a reader takes from the cell: STRUCK, RAISED or UNSEEN (shown by
    no value). `rules` are the same of the differential formats, which conditional formats use. `xml` has what
    the reader of values needs, to know dates.
    """

    xml: bytes = b""
    percent: set[int] = field(default_factory=set)
    marks: dict[int, str] = field(default_factory=dict)
    rules: dict[int, str] = field(default_factory=dict)


def read_styles(root: ElementTree.Element | None) -> CellFormats:
    """Return the formats of a workbook's part of styles, None where it has none."""
    lists = {local_name(child): child for child in root} if root is not None else {}
    codes = {each.get("numFmtId", ""): each.get("formatCode", "") for each in _children(lists.get("numFmts"))}
    fonts, fills = (_children(lists.get(name)) for name in ("fonts", "fills"))
    formats = _children(lists.get("cellXfs"))
    percent = _PERCENT | {number for number, code in codes.items() if "%" in _LITERAL.sub("", code)}
    styles = CellFormats(_as_xml(codes, formats))
    for at, xf in enumerate(formats):
        number = xf.get("numFmtId", "0").strip()
        if number in percent:
            styles.percent.add(at)
        font, fill = _at(fonts, xf.get("fontId")), _at(fills, xf.get("fillId"))
        if mark := font_mark(font) or _unseen(codes.get(number, ""), font, fill):
            styles.marks[at] = mark
    for at, rule in enumerate(_children(lists.get("dxfs"))):
        if mark := rule_mark(rule):
            styles.rules[at] = mark
    return styles


def _children(element: ElementTree.Element | None) -> list[ElementTree.Element]:
    return (
        []
        if element is None
        else [
            child
            for child in element
            if not child.tag.startswith("{http://schemas.openxmlformats.org/markup")
        ]
    )


def _at(elements: list[ElementTree.Element], number: str | None) -> ElementTree.Element | None:
    at = int(number) if number and number.strip().isdecimal() else 0
    return elements[at] if at < len(elements) else None


def font_mark(font: ElementTree.Element | None) -> str:
    """Return STRUCK or RAISED (above or below the line) for a font or the properties of a run, else ""."""
    for element in font if font is not None else ():
        local = local_name(element)
        if local == "strike" and is_true(element.get("val", "1")):
            return STRUCK
        if local == "vertAlign" and element.get("val", "").strip() in ("superscript", "subscript"):
            return RAISED
    return ""


def rule_mark(rule: ElementTree.Element) -> str:
    """Return the mark of a differential format, "" if it changes colours and the like only."""
    inside = {local_name(child): child for child in rule}
    code = inside["numFmt"].get("formatCode", "") if "numFmt" in inside else ""
    return font_mark(inside.get("font")) or _unseen(code, None, None)


def _unseen(code: str, font: ElementTree.Element | None, fill: ElementTree.Element | None) -> str:
    """Return UNSEEN for a number format that shows no positive number, or a font in the colour of its cell."""
    shown = [_BRACKETED.sub("", part).strip() for part in _LITERAL.sub("", code).split(";")]
    if len(shown) > 1 and not shown[0] and (len(shown) < 4 or not shown[3]) and '"' not in code:
        return UNSEEN
    colour = next(
        (_colour(each) for each in (font if font is not None else ()) if local_name(each) == "color"), ""
    )
    return UNSEEN if colour and colour == _ground(fill) else ""


def _ground(fill: ElementTree.Element | None) -> str:
    """Return the colour of a solid fill, white for none, "" for patterns and gradients."""
    for pattern in fill if fill is not None else ():
        kind = pattern.get("patternType", "none") if local_name(pattern) == "patternFill" else "gradient"
        if kind == "solid":
            return next((_colour(each) for each in pattern if local_name(each) == "fgColor"), "000000")
        if kind != "none":
            return ""
    return "FFFFFF"


def _colour(element: ElementTree.Element) -> str:
    """Return a colour as six hexadecimal digits, or as its place in a theme with its tint."""
    if rgb := element.get("rgb"):
        return rgb[-6:].upper()
    name = next((f"{key}{element.get(key)}" for key in ("theme", "indexed") if element.get(key)), "")
    tint = element.get("tint", "0")
    return _NAMED_COLOURS.get(name, name) if float(tint or 0) == 0 else f"{name} {tint}"


def _as_xml(codes: dict[str, str], formats: list[ElementTree.Element]) -> bytes:
    """Return a part of styles with number formats only."""

    def lines() -> Iterator[str]:
        yield f'<styleSheet xmlns="{MAIN[0]}"><numFmts>'
        for number, code in codes.items():
            yield f"<numFmt numFmtId={quoteattr(number)} formatCode={quoteattr(code)}/>"
        yield f"</numFmts>{_UNUSED}<cellXfs>"
        for xf in formats or [None]:
            number = xf.get("numFmtId", "0") if xf is not None else "0"
            yield f"<xf numFmtId={quoteattr(number.strip())}/>"
        yield f"</cellXfs>{_NORMAL}</styleSheet>"

    return "".join(lines()).encode()
