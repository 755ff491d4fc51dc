"""Annexes are lettered in their order, over those that a paper has, and references name their letters."""

from __future__ import annotations

from docx import Document
from papers.docx.captions import number_captions
from papers.docx.template.annexes import begin_annex
from papers.docx.template.cross_references import point_references
from word_tools import words


def annex(heading: str, style: str = "Heading 1") -> Document:
    document = Document()
    document.add_paragraph("Before it")
    document.add_paragraph(heading, style)
    begin_annex(document)
    return document


def test_the_first_heading_of_an_annex_gets_the_letter():
    for style in ("Heading 1", "Title"):
        paragraphs = annex("Method", style).paragraphs
        assert [words(p._p) for p in paragraphs] == ["Before it", "Annex A: Method"]


def test_letters_follow_the_order_of_the_annexes():
    document = annex("Method")
    for heading in ("Items", "Sources"):
        document.element.body.insert(-1, annex(heading).paragraphs[1]._p)
    assert point_references(document)
    numbered = number_captions(document.element.xml)
    found = [numbered.index(f"<w:t>{letter}</w:t>") for letter in "ABC"]
    assert found == sorted(found)


def test_a_template_without_a_heading_stays_as_it_is():
    document = Document()
    document.add_paragraph("Only words")
    begin_annex(document)
    assert [p.text for p in document.paragraphs] == ["Only words"]
