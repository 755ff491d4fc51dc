"""Which cells of a sheet are shown as percentages: Excel keeps the 45% that is typed there as 0.45."""

from __future__ import annotations

import re
from xml.etree import ElementTree

_BUILT_IN = {"9", "10"}  # Excel's own formats 0% and 0.00%
_LIKELY = re.compile(rb"""%|numFmtId\s*=\s*["'](?:9|10)["']""")
_LITERAL = re.compile(r'"[^"]*"|\\.')  # in a format: text that is shown as it is
_CELL = re.compile(rb"""<(?:[\w.-]+:)?c\s[^>]*>""")
_REFERENCE, _STYLE = (re.compile(rb"""\s%s\s*=\s*["']([^"']*)""" % name) for name in (b"r", b"s"))


def percent_cells(styles: bytes, sheet: bytes) -> set[str]:
    """Return the cells of a sheet, such as B2, whose number format multiplies by 100 and shows a sign %.

    `styles` is the workbook's styles.xml, b"" where it has none; `sheet` the XML of the sheet.
    """
    formats = _percent_formats(styles) if _LIKELY.search(styles) else set()
    found = set()
    for cell in _CELL.findall(sheet) if formats else ():
        reference, style = _REFERENCE.search(cell), _STYLE.search(cell)
        if reference and style and style[1] in formats:
            found.add(reference[1].decode("ascii", "replace"))
    return found


def _percent_formats(styles: bytes) -> set[bytes]:
    """Return the numbers, as cells have them, of the cell formats that show percentages."""
    root, names, numbers = ElementTree.fromstring(styles), set(_BUILT_IN), []
    for element in root.iter():
        local = element.tag.rpartition("}")[2]
        if local == "numFmts":
            shown = {e.get("numFmtId", ""): _LITERAL.sub("", e.get("formatCode", "")) for e in element}
            names |= {number for number, code in shown.items() if "%" in code}
        elif local == "cellXfs":
            numbers = [e.get("numFmtId", "") for e in element]
    return {b"%d" % at for at, number in enumerate(numbers) if number in names}
