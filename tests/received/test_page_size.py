"""A received paper of another paper size than its cover is reported; one of the same size, and slides, are not."""

from __future__ import annotations

import io

import pytest
from docx import Document as open_document
from docx.enum.section import WD_ORIENT
from docx.shared import Mm
from papers.docx.package import Package
from papers.received.page_size import page_size_notice, size_of_cover, sizes_of_pdf, sizes_of_word
from project_tools import copy_project
from received_tools import pdf_paper, send, word_paper
from word_tools import TEMPLATES

LETTER, A4, SLIDES = (215.9, 279.4), (210, 297), (254, 142.9)


def word_of(*sizes: tuple[float, float]) -> Package:
    """A Word file with a section of each size."""
    document = open_document()
    for at, (width, height) in enumerate(sizes):
        section = document.add_section() if at else document.sections[0]
        section.page_width, section.page_height = Mm(width), Mm(height)
        section.orientation = WD_ORIENT.LANDSCAPE if width > height else WD_ORIENT.PORTRAIT
    buffer = io.BytesIO()
    document.save(buffer)
    return Package.read(buffer.getvalue())


def pdf_of(*sizes: tuple[float, float]) -> bytes:
    """A PDF with a page of each size."""

    def edit(pdf):
        for page, (width, height) in zip(pdf.pages, sizes, strict=True):
            page.obj.MediaBox = [0, 0, width / 25.4 * 72, height / 25.4 * 72]

    return pdf_paper(len(sizes), edit)


@pytest.mark.parametrize(
    ("sizes", "names"),
    [
        ([A4], {"A4"}),
        ([LETTER], {"Letter"}),
        ([A4, A4[::-1]], {"A4"}),
        ([A4, LETTER[::-1]], {"A4", "Letter"}),
        ([SLIDES], set()),
    ],
)
def test_paper_sizes_are_found_in_both_orientations(sizes, names):
    assert sizes_of_word(word_of(*sizes)) == sizes_of_pdf(pdf_of(*sizes)) == names


def test_a_section_without_a_size_has_that_of_word():
    package = word_of(A4)
    document = package.parts[package.main]
    start = document.index(b"<w:pgSz")
    without = document[:start] + document[document.index(b"/>", start) + 2 :]
    assert sizes_of_word(Package({**package.parts, package.main: without})) == {"Letter"}


def test_only_a_size_that_differs_from_the_cover_is_reported():
    cover = size_of_cover(open_document(str(TEMPLATES / "cover.docx")))
    assert cover == "A4"
    assert (
        page_size_notice("2019/MINI2/007", {"A4"}, cover)
        == page_size_notice("2019/MINI2/007", set(), cover)
        == ""
    )
    notice = page_size_notice("2019/MINI2/007", {"A4", "Letter"}, cover)
    assert notice.startswith(
        "2019/MINI2/007: found pages of the size Letter behind a cover of the size A4; expected A4."
    )


def test_a_build_reports_a_letter_size_paper_behind_an_a4_cover(tmp_path):
    project = copy_project(tmp_path / "forum papers")
    send(project, "paper.docx", word_paper())  # made by python-docx, whose own template is of Letter size
    run = project.build()
    assert run.code == 0, run.err
    assert "Note: 2019/MINI2/007: found pages of the size Letter behind a cover of the size A4" in run.err
