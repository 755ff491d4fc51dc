"""docxtpl's tags about the cell that they are in: {% colspan n %}, {% cellbg colour %} and {% hm %}.

They become attributes of the cell, whose values `fill` checks. {% vm %} is left to docxtpl.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from papers.docx.template.paragraphs import CELL, TEXT, nearest_above, roots
from papers.docx.template.tag_syntax import TAG, Typed, read_tag

if TYPE_CHECKING:
    from docx.document import Document
    from lxml import etree

_AFTER_SHADING = (
    "noWrap", "tcMar", "textDirection", "tcFitText", "vAlign", "hideMark", "headers", "cellIns", "cellDel",
    "cellMerge", "tcPrChange",
)  # fmt: skip
_WORDS = ("colspan", "cellbg", "hm")


def move_cell_tags(document: Document) -> None:
    """Replace the tags colspan, cellbg and hm by attributes of their cells."""
    for _, root in roots(document):
        for text in root.iter(TEXT):
            if "{%" in (text.text or "") and (cell := nearest_above(text, CELL)) is not None:
                text.text = TAG.sub(lambda tag, cell=cell: _moved(tag[0], cell), text.text)


def _moved(text: str, cell: etree._Element) -> str:
    """What is left of a tag in the text of its cell: nothing of a tag about the cell."""
    tag = read_tag(text)
    if tag.sign != "%" or tag.word not in _WORDS:
        return text
    {"colspan": _span, "cellbg": _shade, "hm": _merge}[tag.word](cell, tag)
    return ""


def _span(cell: etree._Element, tag: Typed) -> None:
    cell.get_or_add_tcPr().get_or_add_gridSpan().set(qn("w:val"), f"{{{{ ({tag.rest})|span(1) }}}}")


def _shade(cell: etree._Element, tag: Typed) -> None:
    properties = cell.get_or_add_tcPr()
    for shading in properties.findall(qn("w:shd")):
        properties.remove(shading)
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", f"{{{{ ({tag.rest})|colour }}}}")):
        shading.set(qn(f"w:{name}"), value)
    properties.insert_element_before(shading, *(f"w:{name}" for name in _AFTER_SHADING))


def _merge(cell: etree._Element, tag: Typed) -> None:
    """One cell over all columns of its loop: the first, spanning those of the others, which are left out."""
    columns = cell.get_or_add_tcPr().get_or_add_gridSpan()
    columns.set(qn("w:val"), f"{{{{ loop.length|span({int(columns.get(qn('w:val'), 1))}) }}}}")
    before = cell.getprevious()
    before.tail = (before.tail or "") + "{% if loop.first %}"
    cell.tail = "{% endif %}" + (cell.tail or "")
