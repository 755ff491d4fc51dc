"""The work plan: the file of a year, joined to that year's edition; every reference must exist."""

from __future__ import annotations

import pytest
from forum_tools import FOLDER, SCHEDULE, Forum
from kind_inputs import WORK_PLAN_PAPER, WORK_PLAN_TEXT
from papers.model.schedule import Edition
from papers.model.workplan import running
from papers.wording.compose import word_meeting
from schedule_tools import STATUSES, activity

MINI2, PLAN = f"{FOLDER}/meetings/MINI2.yaml", f"{FOLDER}/plan-2019-2020/workplan/2019.yaml"


@pytest.fixture
def planned(forum) -> Forum:
    forum.write(PLAN, WORK_PLAN_TEXT)
    forum.write(MINI2, forum.text(MINI2).rstrip() + "\n" + WORK_PLAN_PAPER)
    return forum


def paper_of(forum: Forum) -> dict:
    model = forum.model()
    meeting = next(m for m in model.meetings if m.code == "MINI2")
    return next(p for p in word_meeting(model, meeting)["papers"] if p["kind"] == "work-plan")


def words_of(blocks: dict) -> list[str]:
    return ["".join(run[0] for run in block["line"]) for block in blocks["blocks"]]


# Which activities are the year's work


@pytest.mark.parametrize(
    ("first", "last", "status", "runs"),
    [
        (2019, 2019, "in progress", True),
        (2018, 2020, "approved", True),
        (2019, 2019, "completed", True),
        (2018, 2018, "in progress", True),
        (2018, 2018, "completed", False),
        (2019, 2020, "withdrawn", False),
        (2020, 2020, "approved", False),
    ],
)
def test_an_activity_has_work_from_its_first_year_until_it_is_over(first, last, status, runs):
    edition = Edition("2019", "2019.xlsx", [activity(first_year=first, last_year=last, status=status)])
    assert bool(running(edition, 2019)) is runs
    assert status in STATUSES


# The paper


def test_the_paper_joins_the_file_to_the_schedule(planned):
    paper = paper_of(planned)
    work = paper["fields"]["work"]
    assert work["title"].startswith("Work Plan for 2019 in response to Leaders/Ministers/SOM/SCE priorities")
    assert words_of(work["deliverables"]) == ["A report", "A list"]
    assert [block["style"] for block in work["deliverables"]["blocks"]] == ["List Number"] * 2
    row = work["areas"][0]["rows"][0]
    assert words_of(row["objectives"]) == ["Learn from each other's workshops & studies"]
    assert (row["outcome"], row["timeframe"]) == ("A good workshop", "2019-2020 (approved)")
    assert row["cooperation"] == "Chinese Taipei; Malaysia; the Philippines; ABAC"
    assert [project["number"] for project in work["projects"]] == ["SME 02 2019A"]
    assert {PLAN, SCHEDULE, f"{FOLDER}/meetings/MINI1.yaml"} <= set(paper["made_from"])


def test_each_meeting_has_place_and_dates_where_they_are_known(planned):
    first, second = paper_of(planned)["fields"]["work"]["meetings"]
    assert first["when"] == "Valparaíso, Chile, 28 March-1 April 2019"
    assert second["heading"] == {"line": [["A meeting between the two", ""]]}
    assert second["when"] == ""


def test_an_activity_without_an_entry_has_a_dash_for_its_outcome(planned):
    rows = paper_of(planned)["fields"]["work"]["areas"][0]["rows"]
    assert rows[1]["outcome"] == "–"
    assert planned.model().notices == [
        f"{PLAN} says nothing of 2019-02: the outcome is not stated in 2019/MINI2/006"
    ]


def test_an_area_of_which_nothing_is_stated_is_left_out(planned):
    assert [area["name"] for area in paper_of(planned)["fields"]["work"]["areas"]] == [
        "Skills, tools and the digital economy"
    ]


def test_a_forum_may_say_of_an_area_that_it_has_no_activity(planned):
    say = "work-plan.no-activity: [{say: No activity in this year}]\nwork-plan.no-partner: [{say: No partner.}]\n"
    planned.write(f"{FOLDER}/phrases.yaml", say)
    area = paper_of(planned)["fields"]["work"]["areas"][1]
    assert [row["activity"] for row in area["rows"]] == ["No activity in this year"]
    assert words_of(area["rows"][0]["objectives"]) == ["Open doors"]
    assert words_of(area["cooperation"]) == ["No partner."]


def test_the_mark_of_illustrations_depends_on_one_line(planned):
    file = f"{FOLDER}/forum.yaml"
    planned.write(file, planned.text(file).rstrip() + "\nillustrative:\n  - plan-2019-2020/workplan/\n")
    assert paper_of(planned)["fields"]["paper"]["mark"] == "Illustrative figures"
    planned.replace(file, "\nillustrative:\n  - plan-2019-2020/workplan/", "")
    assert paper_of(planned)["fields"]["paper"]["mark"] == ""


# References


@pytest.mark.parametrize(
    ("old", "new", "kind", "words"),
    [
        ("year: 2019", "year: 2020", "year-and-file", 'the name of its file, "2019"'),
        ("area: skills", "area: skill", "unknown-area", 'Did you mean "skills"?'),
        ("id: 2019-01", "id: 2019-09", "unknown-activity", '"2019-09"'),
        ("id: 2019-01", "id: 2019-03", "not-this-year", "2019 to 2020, withdrawn"),
        ("[skills-2]", "[access-1]", "unknown-objective", "one of skills-1, skills-2"),
        ("[skills-2]", "[]", "no-objective", ""),
        ("meeting: MINI1", "meeting: MINI9", "unknown-meeting", "one of MINI1, MINI2"),
        ("outcome: A good", "outcomes: A good", "unknown-key", 'the unknown key "outcomes"'),
        ("  - meeting: A meeting between the two", "  - meeting: MINI1", "doubled", '"MINI1" again'),
    ],
)
def test_a_defect_is_reported_with_its_line(planned, old, new, kind, words):
    planned.replace(PLAN, old, new)
    problem = next(p for p in planned.problems() if p.kind == kind)
    assert problem.place.file == PLAN
    lines = planned.text(PLAN).split("\n")
    assert new.split("\n")[-1].strip("[] ") in lines[problem.place.line - 1]
    assert words in str(problem)


def test_a_meeting_of_another_year_is_reported(planned):
    planned.replace(
        f"{FOLDER}/meetings/MINI1.yaml",
        "papers:\n  - number: 2019/MINI1/003",
        "papers:\n  - number: 2018/MINI1/003",
    )
    planned.replace(f"{FOLDER}/meetings/MINI1.yaml", "start: 2019-03-28", "start: 2018-03-28")
    found = {p.kind: p for p in planned.problems()}
    assert "MINI1, which is held in 2018" in str(found["meeting-year"])
    assert found["meeting-year"].place.line == planned.line_of(PLAN, "meeting: MINI1")


def test_a_work_plan_needs_the_edition_of_its_year(planned):
    planned.write(
        f"{FOLDER}/plan-2019-2020/workplan/2020.yaml", WORK_PLAN_TEXT.replace("year: 2019", "year: 2020")
    )
    problem = next(p for p in planned.problems() if p.kind == "no-edition")
    assert (problem.place.file, problem.place.line) == (f"{FOLDER}/plan-2019-2020/workplan/2020.yaml", 1)


def test_a_paper_of_a_year_without_work_plan_is_reported(planned):
    planned.replace(MINI2, "    year: 2019", "    year: 2021")
    (problem,) = planned.problems()
    assert (problem.place.file, problem.kind) == (MINI2, "unknown-workplan")


def test_a_paper_without_year_is_reported(planned):
    planned.replace(MINI2, "    year: 2019\n", "")
    (problem,) = planned.problems()
    assert (problem.place.file, problem.kind) == (MINI2, "missing-year")


# Several work plans and editions in a year


SECOND, JUNE = (
    f"{FOLDER}/plan-2019-2020/workplan/2019-second-half.yaml",
    SCHEDULE.replace("2019.x", "2019-06.x"),
)
SECOND_PAPER = (
    WORK_PLAN_PAPER.replace("006", "007")
    .replace("Work Plan", "Work Plan, July to December")
    .replace("year: 2019", "workplan: 2019-second-half")
)


@pytest.fixture
def planned_twice(planned) -> Forum:
    """The forum with a work plan of the year and one of its second half, each with a paper."""
    planned.write(SECOND, WORK_PLAN_TEXT.replace("A report", "A second report"))
    planned.write(MINI2, planned.text(MINI2).rstrip() + "\n" + SECOND_PAPER)
    return planned


def papers_of(forum: Forum) -> list[dict]:
    model = forum.model()
    meeting = next(m for m in model.meetings if m.code == "MINI2")
    return [p for p in word_meeting(model, meeting)["papers"] if p["kind"] == "work-plan"]


def test_each_work_plan_of_a_year_has_its_paper(planned_twice):
    first, second = (paper["fields"]["work"] for paper in papers_of(planned_twice))
    assert (words_of(first["deliverables"])[0], words_of(second["deliverables"])[0]) == (
        "A report",
        "A second report",
    )
    assert first["year"] == second["year"] == "2019"


def test_each_work_plan_of_a_year_has_its_narrative(planned_twice):
    for name in ("work-plan-2019", "work-plan-2019-second-half"):
        planned_twice.write(f"{FOLDER}/narrative/{name}/introduction.md", f"# Words\n\nOf {name}.\n")
    found = [words_of(paper["fields"]["work"]["introduction"])[1] for paper in papers_of(planned_twice)]
    assert found == ["Of work-plan-2019.", "Of work-plan-2019-second-half."]


def test_the_year_of_a_paper_is_that_of_its_work_plan(planned_twice):
    planned_twice.replace(
        MINI2, "    workplan: 2019-second-half", "    year: 2020\n    workplan: 2019-second-half"
    )
    (problem,) = planned_twice.problems()
    assert (problem.kind, "2019" in problem.expected) == ("year-of-workplan", True)


def test_a_work_plan_lists_the_latest_edition_of_its_year(planned):
    planned.write(JUNE, planned.path(SCHEDULE).read_bytes())
    paper = paper_of(planned)
    assert JUNE in paper["made_from"] and SCHEDULE not in paper["made_from"]
    assert words_of(paper["fields"]["work"]["introduction"])[0].endswith(
        "Its activities are those of the June 2019 edition of the implementation schedule."
    )


def test_a_work_plan_keeps_the_edition_that_it_names(planned):
    planned.write(JUNE, planned.path(SCHEDULE).read_bytes())
    planned.replace(PLAN, "year: 2019\n", "year: 2019\nschedule: 2019\n")
    paper = paper_of(planned)
    assert SCHEDULE in paper["made_from"] and JUNE not in paper["made_from"]


def test_a_work_plan_may_name_no_edition_that_does_not_exist(planned):
    planned.replace(PLAN, "year: 2019\n", "year: 2019\nschedule: 2019-07\n")
    (problem,) = planned.problems()
    assert (problem.kind, problem.place.line, problem.expected) == ("unknown-schedule", 2, "one of 2019")


@pytest.mark.parametrize("name", ["second-half", "20191"])
def test_the_name_of_a_work_plan_begins_with_its_year(planned, name):
    planned.write(f"{FOLDER}/plan-2019-2020/workplan/{name}.yaml", WORK_PLAN_TEXT)
    (problem,) = planned.problems()
    assert problem.kind == "year-and-file"
