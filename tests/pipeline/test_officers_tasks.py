"""The tasks of an officer, typed as docs/officer.md says: its commands and its files, nothing else.

The fourth task, from issue to freeze and package, is test_officers_week.py; the last, the first start on a machine,
is tests/test_install.py.
"""

from __future__ import annotations

import datetime
import sys
import zipfile

import openpyxl
import pytest
from docx.shared import RGBColor
from edit_tools import edited_copy, retype
from project_tools import ROOT, Project, Run, build_once, copy_built, copy_project
from received_tools import word_paper
from word_tools import dump, edited, png

MINI = "inputs/mini"
MINI2, MINI3 = f"{MINI}/meetings/MINI2.yaml", f"{MINI}/meetings/MINI3.yaml"
SCHEDULE, SECTION = f"{MINI}/plan-2019-2020/schedule/2019.xlsx", f"{MINI}/plan-2019-2020/sections/2-areas.md"
OUT = "outputs/papers/2019"
BEGIN = ("meeting=MINI3", "city=Lima", "economy=Peru", "start=12 September 2019", "end=13 September 2019",
         "host=Chile", "submitted_by=APEC Secretariat")  # fmt: skip
RETURN, TOTALS = "outputs/forms/smewg/plan-2017-2020/indicators/2018/idn.xlsx", "Totals"
SKILLS = "Entrepreneurship, innovation, and the internet and digital economy"
MESSY = {"B1": "Indoneisa", "B2": "2018", "B3": " Office for SMEs ", "B4": "03/04/2019", "A8": "Activities carried out",
         "B8": SKILLS, "C8": "Workshop", "D8": "5 May 2018", "G8": "Malaysia and Peru", "H8": "2018-99",
         "A10": "Activity carried out", "B10": SKILLS, "C10": "Course", "D10": "2018-06-01",
         "G10": "Malaysia, Hong Kong, China, Peru"}  # fmt: skip
CORRECTED = {"B1": "Indonesia", "B4": datetime.date(2019, 2, 3), "G8": "Malaysia; Peru", "H8": None,
             "A10": "Activities carried out"}  # fmt: skip


class Desk:
    """An officer with a copy of the project."""

    def __init__(self, project: Project):
        self.project, self.root = project, project.root

    def types(self, *words: str) -> Run:
        return self.project.run(sys.executable, "scripts/forum_papers.py", *words)

    def does(self, *words: str) -> str:
        run = self.types(*words)
        assert run.code == 0, run.err
        return run.out

    def is_told(self, *words: str) -> list[str]:
        """Return the problems of a command that did nothing."""
        run = self.types(*words)
        assert run.code == 1, run.out
        return run.problems

    def fills_in(self, file: str, cells: dict[str, object], sheet: str | None = None) -> None:
        book = openpyxl.load_workbook(self.root / file)
        for cell, value in cells.items():
            (book[sheet] if sheet else book.worksheets[0])[cell] = value
        book.save(self.root / file)

    def writes(self, file: str, text: str) -> None:
        (self.root / file).write_text(text, encoding="utf-8")

    def reads(self, paper: str) -> str:
        return dump((self.root / OUT / paper).read_bytes())


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(copy_built(tmp_path / "forum"))


@pytest.mark.slow
def test_1_add_a_proponent_to_an_activity(desk):
    desk.fills_in(SCHEDULE, {"F4": "Peru and Viet Nam"})
    assert desk.is_told("build") == [
        f'{SCHEDULE}, sheet Schedule, cell F4: found "Peru and Viet Nam"; expected names with semicolons between'
        " them. Write Peru; Viet Nam."
    ]
    desk.fills_in(SCHEDULE, {"F4": "Peru; Viet Nam", "F3": "Hong Kong, China; Viet Nam; Chile"})
    desk.does("build")
    assert "Chile" in desk.reads("MINI2/19_mini2_001.docx")


@pytest.mark.slow
def test_2_begin_a_meeting_with_four_papers_from_a_workbook(desk):
    desk.does("forms", "meeting=MINI3")
    form = "outputs/forms/mini/meetings/MINI3.xlsx"
    assert "a workbook without items and papers" in desk.is_told("new-meeting", *BEGIN, f"papers={form}")[0]
    desk.fills_in(form, {"A2": "1.", "B2": "Opening", "A3": "2.", "B3": "The plan"}, "Agenda")
    book = openpyxl.load_workbook(desk.root / form)
    titles = {cell.value: cell.column_letter for cell in book["Papers"][1]}
    kinds = ["Implementation schedule", "Terms of reference", "Strategic plan", "Implementation schedule"]
    cells = {f"{titles['Kind']}{row}": kind for row, kind in enumerate(kinds, 2)}
    cells |= {f"{titles['Agenda item']}{row}": 2 for row in range(2, 6)}
    cells |= {f"{titles['Title']}5": "The Schedule Again"}
    desk.fills_in(form, cells, "Papers")
    desk.does("new-meeting", *BEGIN, f"papers={form}")
    desk.does("build")
    papers = sorted(path.name for path in (desk.root / OUT / "MINI3").glob("*.docx"))
    assert papers == [f"19_mini3_{serial}.docx" for serial in ("000", "001", "003", "004", "005", "006")]
    assert "The Schedule Again" in desk.reads("MINI3/19_mini3_001.docx")


@pytest.mark.slow
def test_2_a_second_paper_of_a_kind_and_year_gets_an_id_of_its_own(tmp_path):
    desk = Desk(copy_project(tmp_path / "forum", ROOT))
    printed = desk.does(
        "new-meeting", "meeting=SMEWG48", "city=Singapore", "economy=Singapore", "start=6 March 2019", "end=7 March 2019",
        "agenda=1 Opening; 2 Other business", "papers=work-plan year=2019 agenda_item=2, terms-of-reference",
    )  # fmt: skip
    assert "id: work-plan-2019-2, as 2019/SMEMM/006 is work-plan-2019, at 2019/SMEWG48/003" in printed
    desk.does("new-paper", "meeting=SMEWG48", "kind=work-plan", "year=2019", "agenda_item=2")
    meeting = (desk.root / "inputs/smewg/meetings/SMEWG48.yaml").read_text(encoding="utf-8")
    assert "id: work-plan-2019-3" in meeting and "title: Opening" in meeting


@pytest.mark.slow
def test_3_look_at_a_messy_return_mail_it_back_and_accept_it(tmp_path):
    desk = Desk(copy_project(tmp_path / "forum", ROOT))
    desk.does("forms", "year=2018")
    (desk.root / "Downloads").mkdir()
    (desk.root / RETURN).rename(desk.root / "Downloads/reply.xlsx")
    desk.fills_in("Downloads/reply.xlsx", MESSY, "Return")
    desk.fills_in("Downloads/reply.xlsx", {"B2": 0, "B3": "2 ", "B4": 0}, TOTALS)
    answer = desk.types("check", "Downloads/reply.xlsx").out
    wrong = [line.split(" cell ")[1].split(":")[0] for line in answer.splitlines() if "; expected " in line]
    assert wrong == ["B1", "B4", "G8", "H8", "A10"], answer
    assert "inputs/apec" not in answer.partition("Read as")[0], "the sender has no such file"
    copy = "Downloads/reply (checked).xlsx"
    desk.fills_in(copy, CORRECTED, "Return")
    desk.does("check", copy, "--accept")
    assert (desk.root / "inputs/smewg/plan-2017-2020/indicators/2018/idn.xlsx").is_file()


@pytest.mark.slow
def test_5_put_the_endorsed_text_of_a_section_into_its_file(desk):
    words = (desk.root / SECTION).read_text(encoding="utf-8")
    restated = "---\nrestated: true\n---\n" + words
    desk.writes(SECTION, restated)
    desk.does("build")
    assert "Restated text" in desk.reads("MINI1/19_mini1_003.docx") or "Restated" in desk.does(
        "status", "MINI1"
    )
    desk.writes(SECTION, words.replace("Two areas matter", "Two areas matter most"))
    desk.does("build")
    paper = desk.reads("MINI1/19_mini1_003.docx")
    assert "Two areas matter most" in paper and "Restated" not in paper


@pytest.mark.slow
def test_6_restyle_the_cover_and_add_a_logo(desk):
    with edited(desk.root / "templates", "cover") as cover:
        next(s for s in cover.styles if s.name.startswith("Cover") and s.type == 1).font.color.rgb = RGBColor(
            0, 0, 99
        )
    (desk.root / MINI / "logo.png").write_bytes(png())
    desk.project.replace(f"{MINI}/forum.yaml", "logo: null", "logo: logo.png")
    assert 'Did you mean "mini/logo.png"?' in desk.is_told("build")[0]
    desk.project.replace(f"{MINI}/forum.yaml", "logo: logo.png", "logo: mini/logo.png")
    desk.does("build")
    with zipfile.ZipFile(desk.root / OUT / "MINI2/19_mini2_001.docx") as paper:
        assert any("media/" in name for name in paper.namelist())


@pytest.mark.slow
def test_7_add_a_paper_that_came_late(desk):
    desk.project.replace(MINI2, "papers:", "cut_off: 2019-08-20T17:00\ntime_zone: America/Santiago\npapers:")
    received = desk.root / MINI / "received/MINI2/late.docx"
    received.parent.mkdir(parents=True)
    received.write_bytes(word_paper())
    words = ("new-paper", "meeting=MINI2", "file=received/MINI2/late.docx", "title=A Late Paper", "agenda_item=6",
             "submitted_by=Peru", "received=2019-08-22T09:00-04:00")  # fmt: skip
    assert "Add allowed_by=... with the office that allowed it" in desk.is_told(*words)[0]
    desk.does(*words, "allowed_by=Chair")
    desk.does("build")
    assert "late, received on 2019-08-22, allowed by Chair" in " ".join(desk.does("status", "MINI2").split())


@pytest.mark.slow
def test_8_ask_where_this_14_comes_from():
    cells = Desk(build_once(ROOT)).does("trace", "paper=2018/SMEWG47/003", "figure=14")
    assert "Dialogue sessions with partners, 2017: 14" in cells
    assert "indicators/2017/aus.xlsx Return!A12" in cells


@pytest.mark.slow
def test_8_ask_where_a_sentence_comes_from(desk):
    copy = desk.root / "003 with a question.docx"
    edited_copy(
        desk.root / OUT / "MINI1/19_mini1_003.docx", copy, lambda d: retype(d, "Two areas", "Which areas")
    )
    assert f"{SECTION}, line 3" in desk.does("compare", copy.name)


@pytest.mark.slow
def test_9_take_in_an_edit_made_in_word(desk):
    copy = desk.root / "003 with the Chair's edits.docx"
    edited_copy(
        desk.root / OUT / "MINI1/19_mini1_003.docx", copy, lambda d: retype(d, "Two areas", "Two large areas")
    )
    assert "1 written" in desk.does("compare", copy.name, "--apply")
    desk.does("build")
    assert "Two large areas matter" in (desk.root / SECTION).read_text(encoding="utf-8")
    assert "Two large areas matter" in desk.reads("MINI1/19_mini1_003.docx")


@pytest.mark.slow
def test_10_begin_the_next_plan_and_leave_it_unfinished(desk):
    before = desk.project.papers()
    desk.does("new-plan", "plan=plan-2021-2024", "from=plan-2019-2020")
    run = desk.project.build()
    assert run.code == 0 and "expected a plan that is filled in" in run.out + run.err
    assert desk.project.papers() == before


TYPOS = {
    "a tab in YAML": (MINI2, "city: ", "\tcity: ", "Replace each tab by spaces"),
    "a colon that is missing": (MINI2, "city: Puerto Varas", "city Puerto Varas", "Write city: and its value"),
    "a key of another name": (MINI2, "purpose:", "purpos:", 'Did you mean "purpose"?'),
    "a day that may be two": (MINI2, "2019-09-05", "03/04/2019", 'found "03/04/2019"'),
    "a star that is not closed": (SECTION, "Two areas", "*Two areas", "Add the same sign after the words"),
    "stars that differ": (SECTION, "Two areas", "**Two areas*", "Add the same sign after the words"),
}  # fmt: skip


@pytest.mark.slow
def test_11_a_typo_in_a_file_is_one_sentence_that_says_what_to_fix(desk):
    for name, (file, old, new, words) in TYPOS.items():
        text = (desk.root / file).read_text(encoding="utf-8")
        desk.project.replace(file, old, new)
        problems = desk.is_told("build")
        assert len(problems) == 1 and problems[0].startswith(file) and words in problems[0], (name, problems)
        desk.writes(file, text)
    desk.fills_in(SCHEDULE, {"F4": "Perru"})
    assert [problem.partition("cell ")[2] for problem in desk.is_told("build")] == [
        'F4: found "Perru"; expected one of the 21 member economies. Did you mean "Peru"?'
    ]
