"""Hostile text and names, which attack Word, Excel, a browser, a terminal or the disk."""

from __future__ import annotations

import csv
import io
import re
import sys
import zipfile

import openpyxl
import pytest
from forum_tools import FOLDER, MINI1, MINI2, PLAN, SCHEDULE, TERMS, copy_forum
from papers.characters import printable
from papers.docx import fill
from papers.docx.charts import new_parts
from papers.docx.fill import FillError, Prepared
from papers.docx.template.prepare import prepare_kind
from papers.problems import Problems
from papers.richtext import FORMULA_SIGNS, csv_safe
from project_tools import Project, copy_built
from reliability import count
from word_tools import copied_templates, sample_paper, shipped_kinds

SECTION = "Hostile text and names"
FORMULAS = (
    '=HYPERLINK("https://evil.example","click")',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
)
TYPED = "{{ cover.title }} {% for x in paper %} {# x #} { DDEAUTO cmd } <script>alert(1)</script> javascript:alert(1) &amp;"
INTRODUCTION = f"{PLAN}/sections/1-introduction.md"


def row_of(project: Project, cells: dict[str, str]) -> None:
    book = openpyxl.load_workbook(project.root / SCHEDULE)
    for cell, words in cells.items():
        book["Schedule"][cell].value, book["Schedule"][cell].data_type = words, "s"
    book.save(project.root / SCHEDULE)


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Project:
    """The miniature forum with hostile text in a cell, a title, a heading, a paragraph and an agenda."""
    project = copy_built(tmp_path_factory.mktemp("hostile") / "forum")
    row_of(project, {"C2": f"Workshop {TYPED}", "I2": FORMULAS[0], "I3": FORMULAS[1]})
    project.replace(MINI1, "title: Mini Working Group Strategic Plan 2019-2020", f"title: 'Plan {TYPED}'")
    project.replace(MINI2, '- item: "6"', f"- item: '{FORMULAS[3].replace(chr(39), chr(39) * 2)}'")
    project.replace(MINI2, 'agenda_item: "6"', f"agenda_item: '{FORMULAS[3].replace(chr(39), chr(39) * 2)}'")
    text = (project.root / INTRODUCTION).read_text(encoding="utf-8")
    head, rest = text.split("\n", 1)
    words = "{% if x %} { DDEAUTO cmd } javascript:alert(1) &amp;amp; &lt;script&gt;"
    (project.root / INTRODUCTION).write_text(f"{head} {words}\n\n{words}\n{rest}", encoding="utf-8")
    run = project.build()
    assert run.code == 0, run.err
    return project


def text_parts(project: Project) -> dict[str, str]:
    """Return every XML part of every paper."""
    found = {}
    for paper in sorted((project.root / "outputs/papers").rglob("*.docx")):
        with zipfile.ZipFile(paper) as package:
            names = [name for name in package.namelist() if name.endswith((".xml", ".rels"))]
            found |= {f"{paper.name}/{name}": package.read(name).decode() for name in names}
    return found


@pytest.mark.slow
def test_text_that_looks_like_a_tag_a_field_or_a_script_is_shown_as_typed(built):
    parts = text_parts(built)
    escaped = TYPED.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    shown_in = [name for name, xml in parts.items() if escaped in xml]
    assert {name.split("/", 1)[1] for name in shown_in} >= {"word/document.xml", "docProps/core.xml"}
    heading = "{% if x %} { DDEAUTO cmd } javascript:alert(1) &amp;amp; &lt;script&gt;"
    assert sum(heading in re.sub(r"<[^>]*>", "", xml) for xml in parts.values()) >= 1
    count(SECTION, "parts of papers that show tags, fields and scripts as typed", len(shown_in))


@pytest.mark.slow
def test_no_typed_text_becomes_a_field_a_link_or_an_external_target(built):
    parts = text_parts(built)
    for name, xml in parts.items():
        instructions = "".join(map("".join, re.findall(r'<w:instrText[^>]*>([^<]*)|w:instr="([^"]*)', xml)))
        assert "DDE" not in instructions and "javascript" not in instructions, name
        assert not re.search(r'Target="(?!https?:|mailto:)[^"]*"[^>]*TargetMode="External"', xml), name
    count(SECTION, "parts of papers searched for typed fields and links", len(parts))


@pytest.mark.slow
def test_the_register_shows_scripts_as_text_and_has_no_link_that_runs_code(built):
    page = (built.root / "outputs/forums/mini/index.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page
    assert not re.search(r"""(?:href|src)\s*=\s*["']?\s*(?:javascript|vbscript):""", page, re.IGNORECASE)
    text = (built.root / "outputs/forums/mini/text.js").read_text(encoding="utf-8")
    assert "</script" not in text.lower().replace("<\\/script", "")


@pytest.mark.slow
def test_no_cell_of_a_packages_list_is_a_formula(built):
    run = built.run(sys.executable, "scripts/forum_papers.py", "package", "meeting=MINI2")
    assert run.code == 0, run.err
    seen = 0
    for package in (built.root / "outputs/packages").rglob("*.zip"):
        with zipfile.ZipFile(package) as zipped:
            cells = [
                cell
                for row in csv.reader(io.StringIO(zipped.read("MANIFEST.csv").decode("utf-8-sig")))
                for cell in row
            ]
        assert f" {FORMULAS[3]}" in cells
        assert not [cell for cell in cells if cell[:1] in FORMULA_SIGNS and cell]
        seen += len(cells)
    assert seen
    count(SECTION, "cells of lists for Excel, none of them a formula", seen)


@pytest.mark.parametrize("words", [*FORMULAS, "＝1+1", "\t=1+1", "\r=1+1"])
def test_text_that_begins_like_a_formula_stays_text_in_a_list(words):
    assert csv_safe(words) == f" {words}"
    count(SECTION, "beginnings of a formula escaped", 1)


def test_the_workbook_of_a_chart_has_text_where_formulas_were_typed():
    escaped = [words.replace("&", "&amp;").replace("<", "&lt;") for words in FORMULAS]
    chart = {
        "kind": "bar",
        "title": "",
        "alt": "in words",
        "categories": escaped,
        "series": [[FORMULAS[0], [1, 2, 3, 4]]],
        "size_cm": [9, 9],
    }
    workbooks = new_parts([chart], "<Types></Types>", "<Relationships></Relationships>")[1]
    sheet = openpyxl.load_workbook(io.BytesIO(next(iter(workbooks.values())))).active
    cells = [sheet["B1"], *(sheet.cell(at, 1) for at in range(2, 6))]
    assert [cell.data_type for cell in cells] == ["s"] * 5
    assert [cell.value for cell in cells] == [FORMULAS[0], *FORMULAS]
    count(SECTION, "cells of charts' workbooks, none of them a formula", len(cells))


@pytest.mark.parametrize("sign", FORMULA_SIGNS[:4])
def test_a_title_that_excel_would_run_is_refused(forum, sign):
    forum.replace(MINI1, "title: Mini", f"title: '{sign}Mini'\n    #")
    assert [(p.place.file, p.place.key) for p in forum.problems()] == [(MINI1, "papers[1].title")]
    count(SECTION, "titles that Excel would run, refused", 1)


@pytest.mark.slow
@pytest.mark.parametrize("key", ["by", "why"])
def test_no_word_of_the_ledger_is_a_formula(built, key):
    ledger = built.root / FOLDER / "issued/ledger.csv"
    before = ledger.read_bytes() if ledger.exists() else None
    run = built.run(
        sys.executable,
        "scripts/forum_papers.py",
        "withdraw",
        "paper=2019/MINI2/001",
        "by=x",
        "why=x",
        f"{key}={FORMULAS[0]}",
    )
    assert run.code == 1
    assert f'found {key}="=HYPERLINK(' in run.err and "Traceback" not in run.err
    assert (ledger.read_bytes() if ledger.exists() else None) == before
    count(SECTION, "words of a command that Excel would run, refused", 1)


UNSEEN = (
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u200b\u2060\ufeff\U000e0041"
)


@pytest.mark.parametrize("letter", UNSEEN, ids=[f"U+{ord(letter):04X}" for letter in UNSEEN])
def test_a_character_that_turns_or_hides_text_is_reported_with_its_cell_or_line(forum, letter):
    with forum.sheet() as sheet:
        sheet["C2"] = f"Workshop on {letter}trade"
    forum.replace(INTRODUCTION, "the", f"th{letter}e")
    forum.replace(MINI1, "title: The plan", f"title: The {letter}plan")
    problems = forum.problems()
    assert {(p.place.file, p.place.cell or "line") for p in problems} == {
        (SCHEDULE, "C2"),
        (INTRODUCTION, "line"),
        (MINI1, "line"),
    }
    assert all(f"U+{ord(letter):04X}" in p.found and letter not in str(p) for p in problems)
    count(SECTION, "characters that turn or hide text, reported with their place", 3)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [(MINI1, "economy: Chile", "economy: Сhile"), (MINI2, "- Philippines", "- Реru"), (MINI2, "- Malaysia", "- Μalaysia")],
)  # fmt: skip
def test_an_economy_in_letters_that_only_look_latin_is_reported_as_such(forum, file, old, new):
    forum.replace(file, old, new)
    (problem,) = forum.problems()
    assert (problem.place.file, problem.kind) == (file, "forbidden-character")
    assert "which only looks Latin" in problem.found and new.split()[-1] in problem.found
    count(SECTION, "names in letters that only look Latin, reported as such", 1)


def test_a_message_contains_no_control_characters_of_a_cell(forum):
    with forum.sheet() as sheet:
        sheet["J1"] = "\u009b2J\u009b31m"
    (problem,) = forum.problems()
    assert "[U+009B]2J" in str(problem) and str(problem).isprintable()


def test_invisible_characters_of_a_received_title_are_visible_in_the_register():
    assert printable("a\u202eb") == "a[U+202E]b"


# Names


NAMES = ("..", "../x", "a\\b", "a:b", "CON", "aux.txt", "nul", "COM1", "x.", "x ", " x", "a\u0007b", "")
EDITS = {
    "folder": lambda forum, bad: forum.replace(MINI1, "agenda:", f"folder: {bad}\nagenda:"),
    "file prefix": lambda forum, bad: forum.replace(MINI1, "agenda:", f"file_prefix: {bad}\nagenda:"),
    "code": lambda forum, bad: forum.replace(MINI1, "code: MINI1", f"code: {bad}"),
    "number": lambda forum, bad: forum.replace(MINI1, "2019/MINI1/003", f"2019/{bad}/003".replace('"', "")),
}
QUOTED = {name: '"' + name.replace("\\", "\\\\").replace("\u0007", "\\x07") + '"' for name in NAMES}


@pytest.mark.parametrize("what", EDITS)
def test_no_name_of_a_meeting_leads_out_of_its_folder_or_breaks_a_disk(what, tmp_path):
    for at, name in enumerate(NAMES):
        forum = copy_forum(tmp_path / str(at))
        EDITS[what](forum, QUOTED[name] if what != "number" else name)
        problems = forum.problems()
        assert problems and {problem.place.file for problem in problems} == {MINI1}, (name, problems)
    count(SECTION, f"names that attack the disk, refused as a meeting's {what}", len(NAMES))


@pytest.mark.parametrize("code", ["..", "A/B", "CON", "NUL", "aus", "A."])
def test_no_code_of_an_economy_leads_out_or_is_a_device(forum, code):
    forum.replace("inputs/apec/economies.yaml", "code: AUS", f'code: "{code}"')
    assert [problem.place.key for problem in forum.problems()] == ["economies[1].code"]
    count(SECTION, "names that attack the disk, refused as an economy's code", 1)


@pytest.mark.parametrize("name", ["/etc/passwd", "../../../README.md", "sections/../../x.md", "C:\\x.md"])
def test_no_section_is_read_from_outside_of_its_folder(forum, name):
    forum.replace(f"{PLAN}/plan.yaml", "sections/3-review.md", f"'{name}'")
    forum.replace(f"{TERMS}/terms.yaml", "purpose.md", f"'{name}'")
    problems = {problem.place.file for problem in forum.problems()}
    assert problems == {f"{PLAN}/plan.yaml", f"{TERMS}/terms.yaml"}
    count(SECTION, "files outside of their folder, refused as sections", 2)


@pytest.mark.parametrize("name", ["..", "../smewg", "/tmp", "a/b", "CON", "x."])
def test_no_forum_is_outside_of_the_inputs(forum, name):
    forum.replace("config.yaml", "forum: mini", f'forum: "{name}"')
    assert {problem.place.file for problem in forum.problems()} == {"config.yaml"}
    count(SECTION, "names that attack the disk, refused as a forum", 1)


def test_two_meetings_whose_files_differ_only_in_case_are_reported(forum):
    forum.replace(MINI1, "agenda:", "folder: 2019/Same\nagenda:")
    forum.replace(MINI2, "agenda:", "folder: 2019/same\nfile_prefix: 19_mini1\nagenda:")
    forum.replace(MINI2, "2019/MINI2/001", "2019/MINI2/003")
    (problem,) = forum.problems()
    assert problem.place.file == MINI2 and MINI1 in problem.found
    count(SECTION, "papers whose files differ in the case of letters alone, refused", 1)


# Texts too large, and papers without end


@pytest.mark.parametrize("file", [MINI1, INTRODUCTION, f"{FOLDER}/forum.yaml"])
def test_a_text_of_more_than_a_megabyte_is_refused(forum, file):
    forum.write(file, forum.text(file) + "# x\n" * 300_000)
    assert (file, "too-large") in {(problem.place.file, problem.kind) for problem in forum.problems()}
    count(SECTION, "texts too large, refused", 1)


def test_a_paper_that_would_grow_without_end_is_not_written(tmp_path, monkeypatch):
    prepared = prepare_kind(copied_templates(tmp_path).parent, shipped_kinds(), "agenda", None, Problems())
    monkeypatch.setattr(fill, "MOST_PIECES", 10)
    with pytest.raises(FillError, match="2016/SMEWG43/015: found a paper that grows without end"):
        Prepared(prepared).fill(sample_paper("agenda"))
