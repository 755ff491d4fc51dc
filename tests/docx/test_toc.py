"""Tables of contents, numbered captions, cross-references, landscape pages: right without anybody opening Word."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from contents_tools import add_contents, entries, is_dirty, numbered
from docx import Document as open_document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml.ns import qn
from docx.shared import Cm
from own_kind import OwnKind, add_field, add_styles_of_contents, mark
from papers.docx.fill import FillError
from papers.errors import UserError
from papers.pdf.libreoffice import find_libreoffice
from papers.pdf.paginate import PaperWithContents, find_heading_pages, write_pages
from papers.wording.tags import Each, Flag, Text
from project_tools import Project, copy_project
from validators import EACH_VALIDATOR
from word_tools import part, styled, words

SECTION = {"heading": Text("heading"), "text": Text("text")}
DOCUMENT = "word/document.xml"


def sections(count: int, long: int = 1) -> list[dict]:
    return [
        {"heading": f"{n}. Fish & chips <{n}>", "text": "Many words. " * long} for n in range(1, count + 1)
    ]


@pytest.fixture
def own(tmp_path, monkeypatch) -> OwnKind:
    """A template with a table of contents and a heading a section."""
    made = OwnKind(tmp_path, monkeypatch, {"sections": Each("sections", SECTION)})
    add_styles_of_contents(made.document)
    made.type("{{p paper.contents }}")
    made.type("{%p for s in own.sections %}")
    made.type("{{ s.heading }}", "Heading 1")
    made.type("More on it", "Heading 2")
    made.type("{{ s.text }}")
    made.type("{%p endfor %}")
    return made


def with_pages(own: OwnKind, paper: dict, pages: list[int]) -> bytes:
    """The paper with these pages, as found for its present text."""
    prepared = own.prepared()
    made_for, _ = prepared.outline(paper)
    paper["fields"]["paper"]["contents"] = {"contents": {"made_for": made_for, "pages": pages}}
    filled = prepared.fill(paper)
    assert prepared.blank_contents == {}
    return filled


def errors(filled: bytes, folder: Path, validate: Callable[[Path], list]) -> list:
    paper = folder / "paper.docx"
    paper.write_bytes(filled)
    return validate(paper)


# The table of contents


@EACH_VALIDATOR
def test_every_heading_of_two_levels_has_an_entry_that_leads_to_it(own, tmp_path, validate):
    filled = own.filled(sections=sections(2))
    assert entries(filled) == ["1. Fish & chips <1>", "More on it", "2. Fish & chips <2>", "More on it"]
    document = part(filled, DOCUMENT)
    marked = {m.get(qn("w:name")): m.getparent() for m in document.iter(qn("w:bookmarkStart"))}
    for link in document.iter(qn("w:hyperlink")):
        assert words(marked[link.get(qn("w:anchor"))]) == words(link)
    assert len(styled(document, "TOC1")) == len(styled(document, "TOC2")) == 2
    assert is_dirty(filled)
    assert errors(filled, tmp_path, validate) == []


@EACH_VALIDATOR
def test_pages_that_were_found_for_this_very_text_are_shown(own, tmp_path, validate):
    filled = with_pages(own, own.paper(sections=sections(2)), [2, 2, 3, 11])
    assert entries(filled)[-1] == "More on it\t11" and not is_dirty(filled)
    codes = [code.text.strip() for code in part(filled, DOCUMENT).iter(qn("w:instrText"))]
    assert (
        codes[0] == 'TOC \\o "1-2" \\h \\z \\u'
        and len([c for c in codes if c.startswith("PAGEREF _Toc")]) == 4
    )
    assert errors(filled, tmp_path, validate) == []


def test_pages_of_another_text_are_not_shown_and_the_build_says_so(own):
    paper = own.paper(sections=sections(2))
    with_pages(own, paper, [2, 2, 3, 3])
    paper["fields"]["own"]["sections"][0]["text"] = "Other words."
    prepared = own.prepared()
    filled = prepared.fill(paper)
    assert entries(filled)[0] == "1. Fish & chips <1>"
    assert [*prepared.blank_contents] == [paper["number"]]
    assert "make paginate" in prepared.blank_contents[paper["number"]]


def test_a_new_look_of_the_template_makes_the_pages_stale(own):
    paper = own.paper(sections=sections(1))
    first = own.prepared().outline(paper)[0]
    own.document.styles["Body Text"].font.size = Cm(1)
    assert own.prepared().outline(paper)[0] != first


def test_a_paper_without_known_pages_says_so(own):
    prepared = own.prepared()
    prepared.fill(own.paper(sections=sections(1)))
    assert ["found no page numbers" in notice for notice in prepared.blank_contents.values()] == [True]


@EACH_VALIDATOR
def test_a_paper_without_headings_has_an_empty_table_of_contents(own, tmp_path, validate):
    filled = own.filled(sections=[])
    assert entries(filled) == [] and errors(filled, tmp_path, validate) == []


def test_a_template_with_a_table_of_contents_needs_its_styles(tmp_path, monkeypatch):
    own = OwnKind(tmp_path, monkeypatch, {"sections": Each("sections", SECTION)})
    for line in (
        "{{p paper.contents }}",
        "{%p for s in own.sections %}",
        "{{ s.heading }}{{ s.text }}",
        "{%p endfor %}",
    ):
        own.type(line)
    assert [problem.kind for problem in own.prepare()[1].found] == ["missing-style"] * 2


# make paginate


@pytest.mark.libreoffice
@pytest.mark.poppler
def test_libreoffice_finds_the_page_of_each_heading(own, tmp_path):
    paper = tmp_path / "a b.docx"
    filled = with_pages(own, own.paper(sections=sections(11, long=400)), [1] * 22)
    paper.write_bytes(filled)
    pages = find_heading_pages([paper, paper])
    assert pages[0] == pages[1] and pages[0] == sorted(pages[0]) and len(pages[0]) == 22
    assert pages[0] == [page for page in shown_pages(paper, tmp_path) for _ in (1, 2)]


def shown_pages(paper: Path, folder: Path) -> list[int]:
    """The page of each first heading as the PDF's text has it, the table of contents left out."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [find_libreoffice(), profile, "--headless", "--convert-to", "pdf", "--outdir", folder, paper]
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    pdf = folder / paper.with_suffix(".pdf").name
    shown = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True
    ).stdout
    return [
        n
        for n, page in enumerate(shown.split("\f"), 1)
        for _ in re.findall(r"^\d+\. Fish.*>\s*$", page, re.M)
    ]


@pytest.fixture
def project(tmp_path) -> Project:
    """The miniature forum with a table of contents in its Terms of Reference."""
    made = copy_project(tmp_path / "forum papers")
    add_contents(made, "terms-of-reference")
    return made


def paginate(project: Project, **environment: str):
    return project.run(sys.executable, "scripts/forum_papers.py", "paginate", **environment)


@pytest.mark.libreoffice
def test_paginate_finds_the_pages_and_every_build_after_it_uses_them(project):
    assert "Run make paginate" in project.build().err
    run = paginate(project)
    assert run.code == 0, run.out + run.err
    files = {path.name: path.read_bytes() for path in (project.root / "inputs/mini/pages").iterdir()}
    assert files and all(name.startswith("2019_MINI") for name in files)
    before = project.papers()
    run = project.build()
    assert run.out.startswith("Nothing to be done") and "paginate" not in run.err
    assert sum(numbered(project, name) for name in before) == len(files)
    again = paginate(project)
    assert again.code == 0 and project.papers() == before
    assert {path.name: path.read_bytes() for path in (project.root / "inputs/mini/pages").iterdir()} == files


@pytest.mark.libreoffice
def test_a_changed_text_removes_the_numbers_until_paginate_runs_again(project):
    assert paginate(project).code == 0
    terms = next((project.root / "inputs/mini/terms-of-reference").glob("*.md"))
    terms.write_text(terms.read_text(encoding="utf-8") + "\nAnother paragraph.\n", encoding="utf-8")
    run = project.build()
    assert run.code == 0 and "page numbers of an earlier text" in run.err
    assert not any(numbered(project, name) for name in project.papers())
    assert paginate(project).code == 0
    assert any(numbered(project, name) for name in project.papers())


@pytest.mark.libreoffice
def test_an_issued_paper_keeps_its_page_numbers_when_its_template_changes(project):
    assert paginate(project).code == 0
    issue = "issue", "paper=2019/MINI1/003,2019/MINI2/002rev1", "by=Secretariat", "date=2019-08-30"
    run = project.run(sys.executable, "scripts/forum_papers.py", *issue)
    assert run.code == 0, run.err
    before = project.papers()
    place = project.root / "templates" / "terms-of-reference.docx"
    template = open_document(str(place))
    template.add_paragraph("The end of the document")
    template.save(str(place))
    run = project.build()
    assert run.code == 0 and "differing from what was issued" in run.err and "page numbers" not in run.err
    run = paginate(project)
    assert run.code == 0 and "No paper that is not issued yet has a table of contents" in run.out
    assert project.papers() == before
    assert numbered(project, "2019/MINI2/19_mini2_002rev1.docx")


def test_without_libreoffice_one_sentence_says_how_to_install_it(project):
    run = paginate(project, SOFFICE="no-such-office", PATH="/nowhere")
    assert run.code == 1
    assert len(run.err.splitlines()) == 1 and "apt-get install libreoffice-writer" in run.err


@pytest.mark.libreoffice
def test_pages_of_no_paper_are_noticed_and_those_under_another_name_refused(project):
    assert paginate(project).code == 0
    folder = project.root / "inputs/mini/pages"
    file = sorted(folder.iterdir())[0]
    stray = file.read_text(encoding="utf-8").replace("paper: 2019", "paper: 2031")
    (folder / file.name.replace("2019", "2031")).write_text(stray, encoding="utf-8")
    run = project.build()
    assert run.code == 0 and "belongs to no paper any more" in run.err
    (folder / "2019_MINI1_999.yaml").write_text(stray, encoding="utf-8")
    assert [line for line in project.build().problems if "2019_MINI1_999.yaml" in line]


def test_a_heading_that_libreoffice_did_not_find_is_told(tmp_path):
    with pytest.raises(UserError, match="1 of 2"):
        write_pages(tmp_path, PaperWithContents("2019/MINI1/001", "x.docx", "0" * 16, ["One", "Two"]), [1])


# Captions and cross-references


@pytest.fixture
def captioned(tmp_path, monkeypatch) -> OwnKind:
    """A caption before a repetition; in it a reference ahead, a caption, and a reference back to it."""
    made = OwnKind(
        tmp_path, monkeypatch, {"sections": Each("sections", {**SECTION, "note": Flag("a note?")})}
    )
    first = made.type("Table ")
    add_field(first, "SEQ Table \\* ARABIC", "9")
    mark(first, "_Ref1")
    made.type("{%p for s in own.sections %}")
    add_field(made.type("{{ s.heading }}{{ s.text }}: see "), "REF _Ref2 \\h", "Table 8")
    caption = made.type("Table ")
    add_field(caption, "SEQ Table \\* ARABIC", "8")
    mark(caption, "_Ref2")
    add_field(made.type("Back: "), "REF _Ref2 \\h", "Table 8")
    made.type("{%p if s.note %}")
    made.type("A note")
    made.type("{%p endif %}")
    made.type("{%p endfor %}")
    add_field(made.type("First: "), "REF _Ref1 \\h", "Table 9")
    return made


def lines(filled: bytes) -> list[str]:
    found = (words(p) for p in styled(part(filled, DOCUMENT), "BodyText"))
    return [line for line in found if line]


@EACH_VALIDATOR
def test_captions_and_references_are_right_where_they_are_repeated(captioned, tmp_path, validate):
    filled = captioned.filled(sections=[{"heading": n, "text": "", "note": False} for n in "ab"])
    assert lines(filled) == [
        "Table 1",
        *("a: see Table 2", "Table 2", "Back: Table 2"),
        *("b: see Table 3", "Table 3", "Back: Table 3"),
        "First: Table 1",
    ]
    assert errors(filled, tmp_path, validate) == []


def test_bookmarks_are_unique_and_references_name_the_one_that_they_show(captioned):
    document = part(
        captioned.filled(sections=[{"heading": n, "text": "", "note": True} for n in "abc"]), DOCUMENT
    )
    starts = list(document.iter(qn("w:bookmarkStart")))
    names, ids = ([start.get(qn(f"w:{what}")) for start in starts] for what in ("name", "id"))
    assert len(names) == len(set(names)) == len(set(ids)) == 4
    assert sorted(ids) == sorted(end.get(qn("w:id")) for end in document.iter(qn("w:bookmarkEnd")))
    shown = {start.get(qn("w:name")): words(start.getparent()) for start in starts}
    for paragraph in document.iter(qn("w:p")):
        for code in paragraph.iter(qn("w:instrText")):
            if code.text.split()[0] == "REF":
                assert words(paragraph).endswith(shown[code.text.split()[1]])


def test_each_sequence_is_counted_for_itself_in_the_format_that_it_asks_for(tmp_path, monkeypatch):
    own = OwnKind(tmp_path, monkeypatch, {"x": Text("x")})
    own.type("{{ own.x }}")
    for code in (
        "SEQ Table",
        "SEQ Figure \\* ROMAN",
        "SEQ Table",
        "SEQ Figure \\* roman",
        "SEQ Figure \\* ALPHABETIC",
    ):
        add_field(own.type("n "), code, "0")
    add_field(own.type("n "), "SEQ Table \\r 7", "0")
    add_field(own.type("n "), "SEQ Table \\c", "0")
    assert lines(own.filled(x="x"))[1:] == ["n 1", "n I", "n 2", "n ii", "n C", "n 7", "n 7"]


def test_a_reference_to_what_is_left_out_stops_the_paper(tmp_path, monkeypatch):
    own = OwnKind(tmp_path, monkeypatch, {"shown": Flag("shown?")})
    own.type("{%p if own.shown %}")
    mark(own.type("Table"), "_Ref1")
    own.type("{%p endif %}")
    add_field(own.type("See "), "REF _Ref1 \\h", "Table")
    assert lines(own.filled(shown=True))[-1] == "See Table"
    with pytest.raises(FillError, match="_Ref1"):
        own.filled(shown=False)


def test_a_reference_to_nothing_and_a_caption_by_chapter_are_refused(tmp_path, monkeypatch):
    own = OwnKind(tmp_path, monkeypatch, {"x": Text("x")})
    add_field(own.type("{{ own.x }}"), "REF _Ref404 \\h", "Table 1")
    add_field(own.type("Table "), "SEQ Table \\* ARABIC \\s 1", "1")
    assert [problem.kind for problem in own.prepare()[1].found] == ["no-reference", "caption-by-chapter"]


# Landscape pages


@EACH_VALIDATOR
def test_a_landscape_section_keeps_its_orientation_header_and_footer(tmp_path, monkeypatch, validate):
    own = OwnKind(tmp_path, monkeypatch, {"x": Text("x")})
    own.type("{{ own.x }}")
    wide = own.document.add_section(WD_SECTION.NEW_PAGE)
    wide.orientation, wide.page_width, wide.page_height = (
        WD_ORIENT.LANDSCAPE,
        wide.page_height,
        wide.page_width,
    )
    wide.header.is_linked_to_previous = False
    wide.header.paragraphs[0].text = "Wide {{ paper.number }}"
    own.type("On the wide page")
    own.document.add_section(WD_SECTION.NEW_PAGE).header.is_linked_to_previous = True
    last = own.document.sections[-1]
    last.orientation, last.page_width, last.page_height = (
        WD_ORIENT.PORTRAIT,
        wide.page_height,
        wide.page_width,
    )
    own.type("Upright again")
    filled = own.filled(x="x")
    (tmp_path / "paper.docx").write_bytes(filled)
    cover, *rest = open_document(str(tmp_path / "paper.docx")).sections
    assert [s.page_width > s.page_height for s in rest] == [False, True, False]
    assert [s.orientation for s in rest] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    assert "Wide" in rest[1].header.paragraphs[0].text and "Wide" in rest[2].header.paragraphs[0].text
    assert {s.footer.paragraphs[0].text.split()[0] for s in rest} == {"Page"}
    assert cover.page_width < cover.page_height and errors(filled, tmp_path, validate) == []
