"""Letter the annexes of a paper: Annex A, Annex B, in Word's own sequence, as Insert Caption writes it.

The letters are counted in each paper with its captions (papers.docx.captions), over the annexes that it has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

if TYPE_CHECKING:
    from docx.document import Document

_HEADINGS = ("Title", "Heading 1")
_PIECES = (
    '<w:t xml:space="preserve">Annex </w:t>',
    '<w:fldChar w:fldCharType="begin"/>',
    r'<w:instrText xml:space="preserve"> SEQ Annex \* ALPHABETIC </w:instrText>',
    '<w:fldChar w:fldCharType="separate"/>',
    "<w:t>A</w:t>",
    '<w:fldChar w:fldCharType="end"/>',
    '<w:t xml:space="preserve">: </w:t>',
)


def begin_annex(part: Document) -> None:
    """Put "Annex A: " before the first heading of a template that is an annex of other papers."""
    first = next((p for p in part.paragraphs if p.style is not None and p.style.name in _HEADINGS), None)
    if first is None:
        return
    at = 1 if first._p.find(qn("w:pPr")) is not None else 0
    for number, piece in enumerate(_PIECES):
        first._p.insert(at + number, parse_xml(f"<w:r {nsdecls('w')}>{piece}</w:r>"))
