"""docs/new-forum.md, followed word for word: its files, typed as they stand there, become papers."""

from __future__ import annotations

import re
import sys

import openpyxl
import pytest
from project_tools import ROOT, Project, copy_project
from word_tools import dump

HARB, PLAN = "inputs/harb", "inputs/harb/plan-2024-2027"
MEETING = f"{HARB}/meetings/HARB7.yaml"
GUIDE = (ROOT / "docs/new-forum.md").read_text(encoding="utf-8")
(FORUM, CONFIG, HARB7, _, PLAN_FILE, INTRODUCTION, TABLE, PLAN_ENTRY, WORK, WORK_TABLE, WORK_ENTRY, SETTINGS,
 SCHEDULE_ENTRY, DOCUMENT, DOCUMENT_ENTRY, HARB8, RECORD) = re.findall(r"\n```\w*\n(.*?)```", GUIDE, re.DOTALL)  # fmt: skip


class Forum:
    """The forum of the guide; each step types files and runs the two commands."""

    def __init__(self, project: Project):
        self.project = project
        project.replace("config.yaml", "forum: smewg\n", CONFIG)

    def write(self, file: str, text: str) -> None:
        path = self.project.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def add(self, file: str, text: str) -> None:
        self.write(file, (self.project.root / file).read_text(encoding="utf-8") + text)

    def papers(self, meeting: str = "HARB7") -> dict[str, str]:
        """Number and build the papers; return path -> text."""
        words = ("scripts/forum_papers.py", "number", f"meeting={meeting}")
        run = self.project.run(sys.executable, *words)
        assert run.code == 0, run.err
        run = self.project.build()
        assert run.code == 0, run.out + run.err
        root = self.project.root / "outputs/papers"
        return {path.stem: dump(path.read_bytes()) for path in sorted(root.rglob("*.docx"))}


@pytest.fixture(scope="module")
def forum(tmp_path_factory) -> Forum:
    forum = Forum(copy_project(tmp_path_factory.mktemp("guide") / "forum", ROOT))
    forum.write(f"{HARB}/forum.yaml", FORUM)
    forum.write(MEETING, HARB7)
    return forum


def test_each_step_of_the_guide_gives_its_paper(forum):
    papers = forum.papers()
    assert [*papers] == ["24_harb7_001"] and "Strategic Plan and Work Plan" in papers["24_harb7_001"]

    forum.write(f"{PLAN}/plan.yaml", PLAN_FILE)
    forum.write(f"{PLAN}/sections/introduction.md", INTRODUCTION)
    forum.write(f"{PLAN}/sections/table.md", TABLE)
    forum.add(MEETING, PLAN_ENTRY)
    plan = forum.papers()["24_harb7_003"]
    assert "Possible initiatives" in plan and "Give ships power from the shore" in plan

    forum.write(f"{PLAN}/workplan/2024.yaml", WORK)
    table = WORK_TABLE.split("# as above\n")[1]
    forum.project.replace(f"{PLAN}/plan.yaml", "sections:\n", f"{table}sections:\n")
    forum.add(MEETING, WORK_ENTRY)
    work = forum.papers()["24_harb7_004"]
    assert (
        "Goals/Objectives" in work
        and "Peru; Pilots Network" in work
        and "one activity under one goal" in work
    )

    forum.write(f"{HARB}/documents/night-noise/document.yaml", DOCUMENT)
    forum.write(f"{HARB}/documents/night-noise/why.md", "Ships are loud.\n")
    forum.add(MEETING, DOCUMENT_ENTRY)
    assert "120,000" in forum.papers()["24_harb7_005"]

    forum.write(f"{HARB}/meetings/HARB8.yaml", HARB8)
    forum.write(f"{HARB}/records/HARB7.yaml", RECORD)
    record = forum.papers("HARB8")["24_harb8_002"]
    assert "The meeting was attended by three of the 21 member economies: Chile, Peru and Viet Nam." in record


def test_a_schedule_with_columns_of_its_own_is_built_as_the_guide_says(tmp_path):
    forum = Forum(copy_project(tmp_path / "forum", ROOT))
    forum.write(f"{HARB}/forum.yaml", FORUM)
    forum.write(MEETING, HARB7 + SCHEDULE_ENTRY)
    forum.write(f"{HARB}/settings.yaml", SETTINGS)
    forum.write(f"{PLAN}/plan.yaml", PLAN_FILE.partition("sections:")[0])
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"\|.*\|", GUIDE)]
    at = next(at for at, cells in enumerate(rows) if "Progress" in cells)
    head, _, row = rows[at : at + 3]
    book = openpyxl.Workbook()
    book.active.title = "Schedule"
    book.active.append(head)
    book.active.append([*row[:-1], int(row[-1])])
    (forum.project.root / PLAN / "schedule").mkdir()
    book.save(forum.project.root / PLAN / "schedule/2024.xlsx")
    schedule = forum.papers()["24_harb7_003"]
    assert "Peru, Pilots Network" in schedule and "75,000" in schedule and "Q2 2024" in schedule


def test_a_number_may_be_changed_until_its_paper_is_issued(forum):
    forum.project.replace(MEETING, "2024/HARB7/003", "2024/HARB7/002")
    forum.project.replace(MEETING, "2024/HARB7/004", "2024/HARB7/003")
    papers = forum.papers()
    assert "24_harb7_004" not in papers and "Goals/Objectives" in papers["24_harb7_003"]
    words = (
        "scripts/forum_papers.py",
        "issue",
        "meeting=HARB7",
        "date=2024-05-01",
        "by=HARB Chair",
        "why=as agreed",
    )
    run = forum.project.run(sys.executable, *words)
    assert run.code == 0, run.out + run.err
