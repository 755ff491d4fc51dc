"""One section of a finished paper as a document of its own: the implementation schedule, to compare it with another's.

What the section does not use stays behind: other charts and pictures, headers, footnotes.
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
_TIED = tuple(  # parts that hang on a relationship which the text names by its id
    getattr(RELATIONSHIP_TYPE, name) for name in ("CHART", "IMAGE", "HEADER", "FOOTER", "HYPERLINK")
)


class NoSuchTable(Exception):
    """A paper without a table of the title that was asked for."""


def section_with_table(data: bytes, title: str) -> bytes:
    """The section of a .docx that has the table with this title (Word: Table Properties, Alt Text); NoSuchTable."""
    document = open_document(io.BytesIO(data))
    body = document.element.body
    found = [section for section in _sections(body) if any(_title(e) == title for e in section)]
    if not found:
        raise NoSuchTable(title)
    content = found[0]
    for element in list(body):
        if element not in content:
            body.remove(element)
    _end_in_section(body, content[-1])
    _keep_named_notes(document)
    _drop_unnamed_parts(document)
    return _saved(document)


def without_unused_parts(data: bytes) -> bytes:
    """A .docx without the charts, pictures, headers and links that its text does not use."""
    document = open_document(io.BytesIO(data))
    _drop_unnamed_parts(document)
    return _saved(document)


def _saved(document: Document) -> bytes:
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _sections(body: etree._Element) -> Iterator[list[etree._Element]]:
    """The children of the body, section by section; the last one of each says how the section looks."""
    section: list[etree._Element] = []
    for element in body:
        section.append(element)
        if element.tag == _SECTION or element.find(f"{qn('w:pPr')}/{_SECTION}") is not None:
            yield section
            section = []


def _title(element: etree._Element) -> str:
    caption = element.find(f"{qn('w:tblPr')}/{qn('w:tblCaption')}")
    return "" if caption is None else caption.get(qn("w:val"))


def _end_in_section(body: etree._Element, last: etree._Element) -> None:
    """A document ends with its section, not with a paragraph that has one."""
    if last.tag == _SECTION:
        return
    section = last.find(f"{qn('w:pPr')}/{_SECTION}")
    section.getparent().remove(section)
    body.append(section)


def _keep_named_notes(document: Document) -> None:
    """The footnotes that the section refers to, and the separators."""
    named = {e.get(qn("w:id")) for e in document.element.body.iter(qn("w:footnoteReference"))}
    for related in document.part.rels.values():
        if related.reltype == RELATIONSHIP_TYPE.FOOTNOTES:
            notes = etree.fromstring(related.target_part.blob)
            for note in list(notes):
                if note.get(qn("w:type")) is None and note.get(qn("w:id")) not in named:
                    notes.remove(note)
            related.target_part._blob = etree.tostring(notes, xml_declaration=True, encoding="UTF-8")


def _drop_unnamed_parts(document: Document) -> None:
    named = {value for e in document.element.body.iter(etree.Element) for value in e.attrib.values()}
    for rid, related in list(document.part.rels.items()):
        if related.reltype in _TIED and rid not in named:
            document.part.rels.pop(rid)
