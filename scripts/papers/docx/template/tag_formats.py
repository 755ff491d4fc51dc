"""Give the {{r }} and {{p }} tags of a document their filters, and record the formats that the filled text needs."""

from __future__ import annotations

import copy
import itertools
import re
from typing import TYPE_CHECKING

from docx.oxml.ns import qn
from lxml import etree

from papers.docx.runs import W

if TYPE_CHECKING:
    from docx.document import Document

_MARKS = {
    "b": ("w:b", "<w:b/>"),
    "i": ("w:i", "<w:i/>"),
    "^": ("w:vertAlign", '<w:vertAlign w:val="superscript"/>'),
}
RUN_ORDER = [  # of the properties of a run, as the schema requires
    "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike",
    "outline", "shadow", "emboss", "imprint", "noProof", "snapToGrid", "vanish", "webHidden", "color", "spacing",
    "w", "kern", "position", "sz", "szCs", "highlight", "u", "effect", "bdr", "shd",
    "fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath",
]  # fmt: skip


def add_filters(document: Document) -> list[dict]:
    """Add the filters `runs` and `blocks` to the tags of a document; return the formats that the filters take.

    The formats are those of RunWriter: for a run its <w:rPr> by marks, plain text (number 0) first; for a paragraph
    its <w:pPr> under "paragraph".
    """
    formats = [_formats_by_marks(None)]
    for run in document.element.body.iter(qn("w:r")):
        for text in run.findall(qn("w:t")):
            if "{{r " in (text.text or ""):
                formats.append(_formats_by_marks(run.find(qn("w:rPr"))))
                text.text = re.sub(r"\s*\}\}", f"|runs({len(formats) - 1}) }}}}", text.text)
            elif "{{p " in (text.text or ""):
                in_cell = any(ancestor.tag == qn("w:tc") for ancestor in run.iterancestors())
                formats.append({"paragraph": _paragraph_format(run)})
                filtered = f"|blocks({int(in_cell)}, {len(formats) - 1}) }}}}"
                text.text = re.sub(r"\s*\}\}", filtered, text.text)
    return formats


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
