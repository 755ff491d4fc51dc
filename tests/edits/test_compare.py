"""An edited Word copy of a paper of the miniature forum: what comes back to its source, and what is named instead."""

from __future__ import annotations

import copy as copies
import sys
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from edit_tools import edited_copy, paragraph_with, paragraphs, retype, words_of
from papers.edits import commands
from project_tools import Project, copy_built, copy_of

FORUM = "inputs/mini"
PLAN, SECTIONS = f"{FORUM}/plan-2019-2020/plan.yaml", f"{FORUM}/plan-2019-2020/sections"
INTRODUCTION, AREAS = f"{SECTIONS}/1-introduction.md", f"{SECTIONS}/2-areas.md"
STRUCTURE = f"{FORUM}/terms-of-reference/structure.md"
PURPOSE = f"{FORUM}/terms-of-reference/purpose.md"
SCHEDULE, MEETING = f"{FORUM}/plan-2019-2020/schedule/2019.xlsx", f"{FORUM}/meetings/MINI1.yaml"
PLAN_PAPER, TERMS_PAPER = "2019/MINI1/19_mini1_003.docx", "2019/MINI2/19_mini2_002_rev1.docx"


@pytest.fixture(scope="module")
def once(tmp_path_factory) -> Project:
    return copy_built(tmp_path_factory.mktemp("edits") / "forum")


@pytest.fixture
def project(once, tmp_path, monkeypatch) -> Project:
    project = copy_of(once, tmp_path / "forum")
    monkeypatch.chdir(project.root)
    return project


def paper_of(project: Project, words: str) -> Path:
    """Return the paper that prints these words, of those with a text of their own."""
    papers = sorted((project.root / "outputs/papers").rglob("*.docx"))
    return next(path for path in papers if words in words_of(path))


def edited(project: Project, words: str, edit) -> Path:
    return edited_copy(paper_of(project, words), project.root / "mail/edited.docx", edit)


@pytest.fixture
def compare(capsys):
    """Return what compare prints, and its problems."""

    def compare(file: Path, **options: str) -> tuple[str, str]:
        code = commands.run("compare", {"file": str(file), **options})
        printed = capsys.readouterr()
        assert (code == 0) == (not printed.err)
        return printed.out, printed.err

    return compare


def text(project: Project, file: str) -> str:
    return (project.root / file).read_text("utf-8")


def insert_after(document: Document, words: str, new: str) -> None:
    """Add a paragraph behind another, in its format, as Enter does in Word."""
    before = paragraph_with(document, words)
    after = copies.deepcopy(before._p)
    before._p.addnext(after)
    for run in list(after.iter(qn("w:r"))):
        run.getparent().remove(run)
    docx.text.paragraph.Paragraph(after, before._parent).add_run(new)


def delete(document: Document, words: str) -> None:
    paragraph = paragraph_with(document, words)._p
    paragraph.getparent().remove(paragraph)


def make_bold(document: Document, words: str) -> None:
    """Make a whole run bold."""
    run = next(run for run in paragraph_with(document, words).runs if words in run.text)
    run.bold = True


def join_with_next(document: Document, words: str, next_words: str) -> None:
    first, second = paragraph_with(document, words), paragraph_with(document, next_words)
    first.add_run(" ")
    for run in list(second._p.iter(qn("w:r"))):
        first._p.append(run)
    second._p.getparent().remove(second._p)


def edit_footnote(document: Document, old: str, new: str) -> None:
    part = next(r.target_part for r in document.part.rels.values() if r.reltype.endswith("/footnotes"))
    assert old.encode() in part.blob
    part._blob = part.blob.replace(old.encode(), new.encode())


COMES_BACK = {
    "a word of a paragraph with a figure": (
        AREAS,
        lambda d: retype(d, "Two areas matter", "Two areas count"),
        "Two areas count from {{ first_year }} to {{ last_year }}.",
    ),
    "words between marks, which stay": (
        INTRODUCTION,
        lambda d: retype(d, "of its kind", "of this kind"),
        "{{ first_year }}[^first]. It was the 1^st^ of this kind, on an *international* scale:",
    ),
    "signs that Markdown would read": (
        INTRODUCTION,
        lambda d: retype(d, "it spoke; and", "it *spoke* [at length]; and"),
        "2. it \\*spoke\\* \\[at length\\]; and",
    ),
    "a new item of a numbered list": (
        INTRODUCTION,
        lambda d: insert_after(d, "it listened", "it wrote;"),
        "1. it listened;\n2. it wrote;\n3. it spoke; and\n   - softly\n   - clearly\n4. it **decided**.",
    ),
    "an item that was deleted": (
        INTRODUCTION,
        lambda d: delete(d, "it listened"),
        "scale:\n\n1. it spoke; and\n   - softly\n   - clearly\n2. it **decided**.",
    ),
    "a new paragraph": (
        AREAS,
        lambda d: insert_after(d, "They are measured", "1. No list: a year."),
        "They are measured by:\n\n1\\. No list: a year.\n\n{{ indicators }}",
    ),
    "a quotation": (
        INTRODUCTION,
        lambda d: retype(d, "Small is beautiful", "Small can be beautiful"),
        "> Small can be beautiful.",
    ),
    "a heading": (
        INTRODUCTION,
        lambda d: retype(d, "What it needs", "2. What it wants"),
        "## 2. What it wants",
    ),
    "a bold word": (INTRODUCTION, lambda d: make_bold(d, "softly"), "- **softly**"),
    "a footnote": (
        INTRODUCTION,
        lambda d: edit_footnote(d, "was held in 2018", "was held late in 2018"),
        "[^first]: A preparatory meeting was held late in 2018, with < 10 delegates & no minutes.",
    ),
    "a paragraph of Markdown in YAML": (
        PLAN,
        lambda d: retype(d, "share what works", "share all that works"),
        "***share all that works***, and *only* what works.",
    ),
    "a text of YAML": (
        PLAN,
        lambda d: retype(d, "Open doors", 'Open "doors": wide'),
        'text: "Open \\"doors\\": wide"',
    ),
    "the title on the cover": (
        MEETING,
        lambda d: retype(d, "Mini Working Group Strategic Plan 2019-2020", "Plan of the Mini Working Group"),
        "title: Plan of the Mini Working Group\n",
    ),
}


@pytest.mark.parametrize("name", COMES_BACK)
def test_it_comes_back_to_its_source(project, compare, name):
    file, edit, expected = COMES_BACK[name]
    copy = edited(project, "Small is beautiful", edit)
    before = {path: path.read_bytes() for path in Path("inputs").rglob("*") if path.is_file()}
    written, _ = compare(copy, apply="yes")
    assert f"   {file}" in written or f"beside {file}" in written
    assert "1 change: 1 written. Run make." in written
    assert expected in text(project, file)
    assert [path.as_posix() for path in before if path.read_bytes() != before[path]] == [file]


def test_without_apply_nothing_is_written(project, compare):
    copy = edited(project, "Small is beautiful", lambda d: retype(d, "it spoke", "it sang"))
    before = {path: path.read_bytes() for path in Path("inputs").rglob("*") if path.is_file()}
    assert "1 change: 1 can be written with apply=yes, 0 can't." in compare(copy)[0]
    assert {path: path.read_bytes() for path in before} == before


def test_all_edits_of_a_copy_come_back_at_once_and_the_next_build_has_them(project, compare):
    left_out = ("an item that was deleted",)

    def edit_all(document: Document) -> None:
        for name, (_, edit, _) in COMES_BACK.items():
            if name not in left_out:
                edit(document)

    copy = edited(project, "Small is beautiful", edit_all)
    expected = words_of(copy)
    assert "Not written" not in compare(copy, apply="yes")[0]
    run = project.build()
    assert run.code == 0, run.err
    assert words_of(project.root / "outputs/papers" / PLAN_PAPER) == expected
    assert "No change that is not in the inputs." in compare(copy)[0]


def test_a_paragraph_split_in_two_keeps_its_figures(project, compare):
    def split(document: Document) -> None:
        retype(document, "Two areas matter from ", "Two areas matter.")
        insert_after(document, "Two areas matter.", "They count from 2019 to 2020.")
        first = paragraph_with(document, "Two areas matter.")
        for run in first.runs[1:]:
            run._r.getparent().remove(run._r)

    copy = edited(project, "Two areas matter", split)
    assert "Not written" not in compare(copy, apply="yes")[0]
    assert "Two areas matter.\n\nThey count from {{ first_year }} to {{ last_year }}.\n" in text(
        project, AREAS
    )


def test_two_paragraphs_joined_are_one(project, compare):
    copy = edited(project, "Two areas matter", lambda d: join_with_next(d, "it spoke; and", "softly"))
    assert "Not written" not in compare(copy, apply="yes")[0]
    assert "2. it spoke; and softly\n" in text(project, INTRODUCTION)


def test_a_cell_of_the_schedule_comes_back_and_all_else_of_the_workbook_stays(project, compare):
    before = parts_of(Path(SCHEDULE))
    title = schedule_title(Path(SCHEDULE))
    copy = edited(project, "Small is beautiful", lambda d: retype(d, title, f"{title} & <more>"))
    listed, _ = compare(copy, apply="yes")
    assert f"{SCHEDULE}, sheet Schedule, cell" in listed
    assert schedule_title(Path(SCHEDULE)) == f"{title} & <more>"
    after = parts_of(Path(SCHEDULE))
    assert [name for name in before if before[name] != after[name]] == ["xl/worksheets/sheet1.xml"]


def parts_of(book: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(book) as package:
        return {name: package.read(name) for name in package.namelist()}


def schedule_title(book: Path) -> str:
    sheet = openpyxl.load_workbook(book)["Schedule"]
    heads = [cell.value for cell in sheet[1]]
    return str(sheet.cell(2, heads.index("Activity") + 1).value)


def test_a_computed_figure_is_named_with_the_figure_of_the_markdown(project, compare):
    def edit(document: Document) -> None:
        paragraph = paragraph_with(document, "Two areas matter")
        next(run for run in paragraph.runs if "2019" in run.text).text = "Two areas matter from 2021 to 2020."
        for run in paragraph.runs[1:]:
            run.text = ""

    listed, _ = compare(edited(project, "Two areas matter", edit))
    assert 'a computed figure: "2019" is {{ first_year }} in the Markdown' in listed
    assert "1 change: 0 can be written, 1 can't." in listed


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("it listened", "it \u202elistened", "U+202E (right-to-left override, which is invisible)"),
        ("it listened", "it l\u0456stened", "which only looks Latin"),
        ("it listened", "it {{ listened", "found {{ that is no part of a fact"),
    ],
)
def test_it_is_named_with_the_reason_and_nothing_is_written(project, compare, old, new, reason):
    before = {path: path.read_bytes() for path in Path("inputs").rglob("*") if path.is_file()}
    listed, _ = compare(edited(project, "Small is beautiful", lambda d: retype(d, old, new)), apply="yes")
    assert "Not written: " in listed and reason in listed
    assert {path: path.read_bytes() for path in before} == before


def test_a_name_that_inputs_refer_to_is_named_with_its_places(project, compare):
    def edit(document: Document) -> None:
        (run,) = next(one for one in paragraphs(document) if one.text == "Access to markets").runs
        run.text = "Access to buyers"

    listed, _ = compare(edited(project, "Small is beautiful", edit))
    assert "Not written: a name that inputs refer to" in listed and f"such as {PLAN}, line" in listed


def test_a_row_of_a_table_that_was_deleted_is_one_line(project, compare):
    title = schedule_title(Path(SCHEDULE))

    def edit(document: Document) -> None:
        row = next(iter(paragraph_with(document, title)._p.iterancestors(qn("w:tr"))))
        row.getparent().remove(row)

    listed, _ = compare(edited(project, "Small is beautiful", edit))
    assert listed.count("a row or cell of a table that was deleted") == 1


# The paper that the copy was made from


def test_what_changed_in_the_inputs_since_is_no_edit(project, compare):
    copy = edited(project, "Small is beautiful", lambda d: retype(d, "it spoke", "it sang"))
    path = project.root / INTRODUCTION
    path.write_text(path.read_text("utf-8").replace("it listened", "it heard"), "utf-8")
    listed, _ = compare(copy, apply="yes")
    assert "1 change: 1 written." in listed
    assert "1. it heard;\n2. it sang; and" in text(project, INTRODUCTION)


def test_the_earlier_delivery_is_found_after_several_builds(project, compare):
    copy = edited(project, "Small is beautiful", lambda d: retype(d, "it spoke", "it sang"))
    for old, new in (("it listened", "it heard"), ("it heard", "it watched")):
        project.replace(INTRODUCTION, old, new)
        assert project.build().code == 0
    listed, _ = compare(copy, apply="yes")
    assert "Compared with outputs/work/mini/earlier/" in listed
    assert "1. it watched;\n2. it sang; and" in text(project, INTRODUCTION)


def test_a_text_that_both_changed_is_a_conflict_shown_with_both(project, compare):
    copy = edited(project, "Small is beautiful", lambda d: retype(d, "it spoke", "it sang"))
    project.replace(INTRODUCTION, "it spoke", "it whispered")
    listed, _ = compare(copy, apply="yes")
    assert "it [-spoke-]{+sang+}; and" in listed
    assert 'CONFLICT, not written: the inputs have changed since; they now say "it whispered; and"' in listed
    assert "2. it whispered; and" in text(project, INTRODUCTION)


def test_a_copy_that_comes_back_again_does_not_undo_what_changed_since(project, compare):
    def edit(document: Document) -> None:
        retype(document, "it spoke", "it sang")
        retype(document, "Small is beautiful", "Small can be beautiful")
        retype(document, "Timeframe", "Years")

    copy = edited(project, "Small is beautiful", edit)
    compare(copy, apply="yes")
    project.replace(INTRODUCTION, "it listened", "it heard")
    assert project.build().code == 0
    before = text(project, INTRODUCTION)
    listed, _ = compare(copy, apply="yes")
    assert "it [-heard-]{+listened+};\n   Not written: another paper that was given away" in listed
    assert text(project, INTRODUCTION) == before


@pytest.mark.slow
def test_an_issued_paper_is_revised_first(project, compare):
    verb = (sys.executable, "scripts/forum_papers.py")
    values = ("paper=2019/MINI1/003", "date=2019-03-14", "by=APEC Secretariat", "why=sent")
    assert project.run(*verb, "issue", *values).code == 0
    copy = edited(project, "Small is beautiful", lambda d: retype(d, "it spoke", "it sang"))
    before = text(project, INTRODUCTION)
    listed, problems = compare(copy, apply="yes")
    assert "1 change: 1 can be written" in listed and text(project, INTRODUCTION) == before
    assert "found edits that change 2019/MINI1/003, which is issued" in problems and "revise" in problems
    assert project.run(*verb, "revise", *values).code == 0
    listed, _ = compare(copy, apply="yes")
    assert listed.startswith("2019/MINI1/003/Rev1") or listed.startswith("2019/MINI1/003rev1")
    assert "2. it sang; and" in text(project, INTRODUCTION)


# Tracked changes and comments


def track(document: Document, old: str, new: str, author: str = "Ana") -> None:
    """Replace a run's words by a tracked deletion and a tracked insertion."""
    run = next(run for run in paragraph_with(document, old).runs if old in run.text)
    added = copies.deepcopy(run._r)
    for element, words, tag in ((run._r, run.text, "w:del"), (added, run.text.replace(old, new), "w:ins")):
        mark = OxmlElement(tag)
        mark.set(qn("w:id"), "9001" if tag == "w:del" else "9002")
        mark.set(qn("w:author"), author)
        if tag == "w:del":
            element.addprevious(mark)
        else:
            run._r.getparent().addnext(mark)
        mark.append(element)
        (word,) = element.iter(qn("w:t"))
        word.text = words
        word.tag = qn("w:delText") if tag == "w:del" else word.tag


def test_tracked_changes_are_read_as_accepted_or_rejected(project, compare):
    copy = edited(project, "Small is beautiful", lambda d: track(d, "it spoke", "it sang"))
    accepted, _ = compare(copy)
    assert "tracked by Ana: it [-spoke-]{+sang+}; and" in accepted
    assert "No change" in compare(copy, tracked="rejected")[0]
    assert 'found tracked="maybe"; expected accepted or rejected' in compare(copy, tracked="maybe")[1]


def test_comments_are_listed(project, compare):
    def comment(document: Document) -> None:
        document.add_comment(paragraph_with(document, "it spoke").runs, text="Is it so?", author="Ana")

    listed, _ = compare(edited(project, "Small is beautiful", comment))
    assert 'Comment under "1. Introduction": Ana: Is it so?' in listed


# Files that are no edited copies, and inputs that must not be written


def test_a_file_that_is_no_copy_of_a_paper_is_a_problem(project, compare, tmp_path):
    plain = docx.Document()
    plain.add_paragraph("Words")
    plain.save(str(tmp_path / "plain.docx"))
    assert "expected that of a paper that is built here" in compare(tmp_path / "plain.docx")[1]
    (tmp_path / "broken.docx").write_bytes(b"PK\3\4")
    assert "expected a readable Word file" in compare(tmp_path / "broken.docx")[1]
    (tmp_path / "paper.pdf").write_bytes(b"%PDF")
    assert "found a file of the type .pdf" in compare(tmp_path / "paper.pdf")[1]
    assert "found no such file" in compare(tmp_path / "none.docx")[1]


def test_a_file_that_is_open_elsewhere_is_not_written(project, compare):
    copy = edited(project, "Small is beautiful", lambda d: retype(d, "it spoke", "it sang"))
    lock = (project.root / INTRODUCTION).with_name(".~lock.1-introduction.md#")
    lock.write_text("x")
    before = text(project, INTRODUCTION)
    assert (
        "found a file that is open in another program; expected a closed file"
        in compare(copy, apply="yes")[1]
    )
    assert text(project, INTRODUCTION) == before


def test_problems_of_the_inputs_are_told_instead(project, compare):
    copy = edited(project, "Small is beautiful", lambda d: retype(d, "it spoke", "it sang"))
    project.replace(INTRODUCTION, "# 1. Introduction", "1. Introduction")
    assert INTRODUCTION in compare(copy)[1]
