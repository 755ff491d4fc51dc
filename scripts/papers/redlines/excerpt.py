"""One section of a finished paper as a document: the implementation schedule, to be compared.

Charts, pictures, headers and footers that the section does not use are left out.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from docx import Document as open_document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document

SCHEDULE = "Implementation schedule"  # the title of its table, in templates/implementation-schedule.docx
_SECTION = qn("w:sectPr")
_REFERENCED_BY_ID = tuple(  # types of relationships whose ids the text refers to
    getattr(RELATIONSHIP_TYPE, name) for name in ("CHART", "IMAGE", "HEADER", "FOOTER", "HYPERLINK")
)


class NoSuchTable(Exception):
    """A paper has no table with the requested title."""


def section_with_table(data: bytes, title: str) -> bytes:
    """Return the section of a .docx that has the table with this title, as a .docx.

    Word shows the title in Table Properties, Alt Text.

    NoSuchTable if no table has that title.
    """
    document = open_document(io.BytesIO(data))
    body = document.element.body
    found = [section for section in _sections(body) if any(_table_title(e) == title for e in section)]
    if not found:
        raise NoSuchTable(title)
    section = found[0]
    for element in list(body):
        if element not in section:
            body.remove(element)
    _move_properties_to_end(body, section[-1])
    _drop_unused_footnotes(document)
    _drop_unused_parts(document)
    return _saved(document)


def without_unused_parts(data: bytes) -> bytes:
    """Return a .docx without the charts, pictures, headers and links that its text does not use."""
    document = open_document(io.BytesIO(data))
    _drop_unused_parts(document)
    return _saved(document)


def _saved(document: Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _sections(body: etree._Element) -> Iterator[list[etree._Element]]:
    """Yield the children of the body, section by section; the last of each has the section properties."""
    section: list[etree._Element] = []
    for element in body:
        section.append(element)
        if element.tag == _SECTION or element.find(f"{qn('w:pPr')}/{_SECTION}") is not None:
            yield section
            section = []


def _table_title(element: etree._Element) -> str:
    caption = element.find(f"{qn('w:tblPr')}/{qn('w:tblCaption')}")
    return "" if caption is None else caption.get(qn("w:val"))


def _move_properties_to_end(body: etree._Element, last: etree._Element) -> None:
    """Move the section properties out of the last paragraph: the last section has them in the body."""
    if last.tag == _SECTION:
        return
    section = last.find(f"{qn('w:pPr')}/{_SECTION}")
    section.getparent().remove(section)
    body.append(section)


def _drop_unused_footnotes(document: Document) -> None:
    """Keep the footnotes that the text refers to, and the separators."""
    used = {e.get(qn("w:id")) for e in document.element.body.iter(qn("w:footnoteReference"))}
    for related in document.part.rels.values():
        if related.reltype == RELATIONSHIP_TYPE.FOOTNOTES:
            notes = etree.fromstring(related.target_part.blob)
            for note in list(notes):
                if note.get(qn("w:type")) is None and note.get(qn("w:id")) not in used:
                    notes.remove(note)
            related.target_part._blob = etree.tostring(notes, xml_declaration=True, encoding="UTF-8")


def _drop_unused_parts(document: Document) -> None:
    used = {value for e in document.element.body.iter(etree.Element) for value in e.attrib.values()}
    for relationship_id, related in list(document.part.rels.items()):
        if related.reltype in _REFERENCED_BY_ID and relationship_id not in used:
            document.part.rels.pop(relationship_id)
