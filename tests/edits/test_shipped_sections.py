"""Every section of the shipped papers that officers write: a sentence edited in Word comes back, and the next build has it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from edit_tools import compare, edited_copy, paragraphs, saved_by_libreoffice, words_of
from papers.inputs.markdown import read_section
from papers.problems import Problems
from project_tools import ROOT, Project, build_once, copy_of

_PHRASE = re.compile(r"[A-Za-z]+(?: [a-z]+){3}")  # four words, which no figure or sign interrupts
SECTIONS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "inputs").glob("*/**/*.md"))


@dataclass(frozen=True)
class SectionEdit:
    """Words of a section as they are, and as somebody edits them in the paper that prints them."""

    file: str
    old: str
    new: str
    paper: str


def phrase_of(file: str) -> str:
    """Return four words of the first text of a section, or its heading where it has no other text."""
    section = read_section(ROOT / file, file, Problems())
    texts = [run[0] for block in section.blocks for run in block["line"] if isinstance(run, list)]
    found = [match[0] for text in texts if (match := _PHRASE.search(text))]
    return found[0] if found else section.heading[0][0]


def paper_with(project: Project, phrase: str, file: str) -> str:
    """Return the first paper that prints a phrase and is made from the file."""
    listed = json.loads((project.root / "outputs/work/smewg/contexts/papers.json").read_text("utf-8"))
    for paper in (paper for papers in listed.values() for paper in papers):
        path = project.root / "outputs/papers" / paper["file"]
        if file in paper["made_from"] and not paper["received"] and phrase in words_of(path):
            return paper["file"]
    raise AssertionError(f"no paper prints {phrase!r} of {file}")


def edits_of(project: Project) -> list[SectionEdit]:
    edits = []
    for file in SECTIONS:
        old = phrase_of(file)
        first, rest = old.split(" ", 1) if " " in old else (old, "")
        edits.append(
            SectionEdit(file, old, f"{first} (as edited) {rest}".rstrip(), paper_with(project, old, file))
        )
    return edits


def retype_in_text(document: Document, old: str, new: str) -> None:
    """Type over words of the text, not over those of the cover or of the table of contents."""
    for paragraph in list(paragraphs(document)):
        if paragraph.style.name.casefold().startswith(("toc", "cover", "title")):
            continue
        for run in paragraph.runs:
            if old in run.text:
                run.text = run.text.replace(old, new, 1)
                return
    raise AssertionError(f"no run has {old!r}")


def write_copies(project: Project, folder: Path, edits: list[SectionEdit]) -> list[Path]:
    """Write a copy of each paper with the edits of its sections."""
    copies = []
    for paper in sorted({edit.paper for edit in edits}):
        own = [edit for edit in edits if edit.paper == paper]
        copy = folder / Path(paper).name

        def edit_all(document: Document, own: list[SectionEdit] = own) -> None:
            for edit in own:
                retype_in_text(document, edit.old, edit.new)

        copies.append(edited_copy(project.root / "outputs/papers" / paper, copy, edit_all))
    return copies


def applied(project: Project, copies: list[Path]) -> Project:
    """Bring the edits of all copies back, one after the other, and build."""
    for copy in copies:
        run = compare(project, copy, "--apply")
        assert run.code == 0, run.err
        assert "Not written" not in run.out and "CONFLICT" not in run.out, run.out
    run = project.build()
    assert run.code == 0, run.err
    return project


@pytest.fixture(scope="module")
def shipped() -> tuple[Project, list[SectionEdit]]:
    project = build_once(ROOT)
    return project, edits_of(project)


@pytest.fixture(scope="module")
def by_python(shipped, tmp_path_factory):
    project, edits = shipped
    folder = tmp_path_factory.mktemp("python-docx")
    return applied(
        copy_of(project, folder / "project"), write_copies(project, folder / "copies", edits)
    ), edits


@pytest.fixture(scope="module")
def by_libreoffice(shipped, tmp_path_factory):
    project, edits = shipped
    folder = tmp_path_factory.mktemp("libreoffice")
    copies = saved_by_libreoffice(folder / "saved", write_copies(project, folder / "copies", edits))
    return applied(copy_of(project, folder / "project"), copies), edits


def check(built: Project, edits: list[SectionEdit], file: str) -> None:
    edit = next(edit for edit in edits if edit.file == file)
    source = " ".join((built.root / file).read_text("utf-8").split())
    assert edit.new in source and edit.new in words_of(built.root / "outputs/papers" / edit.paper)
    assert source.replace(edit.new, edit.old) == " ".join((ROOT / file).read_text("utf-8").split())


@pytest.mark.slow
@pytest.mark.parametrize("file", SECTIONS)
def test_a_sentence_edited_in_word_is_in_its_file_and_in_the_next_build(by_python, file):
    check(*by_python, file)


@pytest.mark.slow
@pytest.mark.libreoffice
@pytest.mark.parametrize("file", SECTIONS)
def test_a_sentence_saved_by_libreoffice_is_in_its_file_and_in_the_next_build(by_libreoffice, file):
    check(*by_libreoffice, file)


@pytest.mark.slow
def test_a_recommendation_comes_back_from_both_places_that_print_it_with_a_small_letter(shipped, tmp_path):
    project = copy_of(shipped[0], tmp_path / "project")

    def edit(document: Document) -> None:
        for _ in ("Executive summary", "Recommendations"):
            retype_in_text(document, "proponents to direct", "proponents to steer")

    paper = project.root / "outputs/papers/2018/SMEWG47/18_smewg47_003.docx"
    run = compare(project, edited_copy(paper, tmp_path / "edited.docx", edit), "--apply")
    file = "inputs/smewg/recommendations/mid-term-review-2018.yaml"
    assert run.code == 0 and "Not written" not in run.out and run.out.count(f"{file}, line 6") == 2, run.out
    assert "text: Invite proponents to steer new activities" in (project.root / file).read_text("utf-8")


@pytest.mark.slow
def test_years_and_proponents_come_back_to_the_edition_of_the_paper(shipped, tmp_path):
    project = copy_of(shipped[0], tmp_path / "project")

    def edit(document: Document) -> None:
        table = next(table for table in document.tables if "Timeframe" in words(table.rows[0]))
        row = next(row for row in table.rows if "Enhancing APEC Green SMEs" in words(row))
        for cell, old, new in zip(
            row.cells[2:], ("2016-2017", "Peru"), ("2016-2018", "Peru, Chile"), strict=True
        ):
            assert cell.text == old
            cell.paragraphs[0].runs[0].text = new

    def words(row) -> str:
        return " ".join(cell.text for cell in row.cells)

    paper = project.root / "outputs/papers/2018/SMEWG47/18_smewg47_004.docx"
    run = compare(project, edited_copy(paper, tmp_path / "edited.docx", edit), "--apply")
    assert run.code == 0 and "Not written" not in run.out, run.out
    sheet = openpyxl.load_workbook(project.root / "inputs/smewg/plan-2017-2020/schedule/2018.xlsx").active
    assert [cell.value for cell in sheet[2]][3:6] == [2016, 2018, "Peru; Chile"]
