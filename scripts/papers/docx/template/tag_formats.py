"""Give the {{r }} and {{p }} tags of a document their filters, and record the formats that the filled text needs."""

from __future__ import annotations

import copy
import itertools
import re
from typing import TYPE_CHECKING

from docx.oxml.ns import qn
from lxml import etree

from papers.docx.runs import W
from papers.docx.template.tag_syntax import TAG

if TYPE_CHECKING:
    from docx.document import Document

_MARKS = {
    "b": ("w:b", "<w:b/>"),
    "i": ("w:i", "<w:i/>"),
    "^": ("w:vertAlign", '<w:vertAlign w:val="superscript"/>'),
}
_CELL_MARGINS = 216  # of Word's usual table, in twentieths of a point
_USUAL_WIDTHS = 9026, 13958  # of A4 with margins of 2.54 cm
RUN_ORDER = [  # of the properties of a run, as the schema requires
    "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike",
    "outline", "shadow", "emboss", "imprint", "noProof", "snapToGrid", "vanish", "webHidden", "color", "spacing",
    "w", "kern", "position", "sz", "szCs", "highlight", "u", "effect", "bdr", "shd",
    "fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath",
]  # fmt: skip


def add_filters(document: Document) -> list[dict]:
    """Add the filters `runs` and `blocks` to the tags of a document; return the formats that the filters take.

    The formats are those of RunWriter: for a run its <w:rPr> by marks, plain text (number 0) first; for a paragraph
    its <w:pPr> under "paragraph" and, under "widths", the width of the text around it as the page is and
    as it would be if it were turned.
    """
    formats = [_formats_by_marks(None)]
    for run in document.element.body.iter(qn("w:r")):
        for text in run.findall(qn("w:t")):
            if "{{r " in (text.text or ""):
                formats.append(_formats_by_marks(run.find(qn("w:rPr"))))
                text.text = _filtered(text.text, f"runs({len(formats) - 1})")
            elif "{{p " in (text.text or ""):
                in_cell = any(ancestor.tag == qn("w:tc") for ancestor in run.iterancestors())
                formats.append({"paragraph": _paragraph_format(run), "widths": _widths_around(run)})
                text.text = _filtered(text.text, f"blocks({int(in_cell)}, {len(formats) - 1})")
    return formats


def _filtered(text: str, filter_: str) -> str:
    """The text with the filter added to its tag."""
    return TAG.sub(lambda tag: re.sub(r"\s*\}\}$", f"|{filter_} }}}}", tag[0]), text)


def _widths_around(run: etree._Element) -> tuple[int, int]:
    """The width of the text around a tag, and what it would be on turned pages; in a cell, that of the cell."""
    cell = next(run.iterancestors(qn("w:tc")), None)
    if cell is not None and (width := cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}")) is not None:
        inside = int(width.get(qn("w:w"), "0")) - _CELL_MARGINS
        return inside, inside
    section = next(run.getroottree().getroot().iter(qn("w:sectPr")), None)
    following = run.xpath("following::w:sectPr[1]")
    section = following[0] if following else section
    size, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
    if size is None or margins is None:
        return _USUAL_WIDTHS
    sides = sorted(int(size.get(qn(f"w:{side}"))) for side in "wh")
    wide = int(size.get(qn("w:w")))
    beside = sum(int(margins.get(qn(f"w:{side}"), "0")) for side in ("left", "right"))
    return wide - beside, sides[1] - beside


def _paragraph_format(run: etree._Element) -> str:
    """The <w:pPr> around a tag: a chart takes the format of its tag's paragraph."""
    properties = next(run.iterancestors(qn("w:p"))).find(qn("w:pPr"))
    return "" if properties is None else _serialised(properties)


def _formats_by_marks(properties: etree._Element | None) -> dict[str, str]:
    """The <w:rPr> for each combination of marks, added to what the template's run has, in the order of the schema."""
    base = {} if properties is None else {_local_name(child): _serialised(child) for child in properties}
    formats = {}
    for size in range(4):
        for marks in itertools.combinations("^bi", size):
            xml = {**base, **{_MARKS[mark][0][2:]: _MARKS[mark][1] for mark in marks}}
            content = "".join(xml[tag] for tag in sorted(xml, key=_place_in_order))
            formats["".join(marks)] = f"<w:rPr>{content}</w:rPr>" if content else ""
    return formats


def _place_in_order(tag: str) -> int:
    return RUN_ORDER.index(tag) if tag in RUN_ORDER else len(RUN_ORDER)


def _serialised(element: etree._Element) -> str:
    """An element with the namespaces that it uses declared, but for Word's own, which each part declares."""
    alone = copy.deepcopy(element)
    alone.tail = None
    etree.cleanup_namespaces(alone)
    return etree.tostring(alone, encoding="unicode").replace(f' xmlns:w="{W}"', "")


def _local_name(element: etree._Element) -> str:
    """w:b as "b"; what newer versions of Word have added keeps its namespace and goes last."""
    return element.tag.removeprefix(f"{{{W}}}")
