"""What a plan takes over from another one: each line is checked, and the papers of the new plan print it."""

from __future__ import annotations

import pytest
from forum_tools import FOLDER, MINI1, MINI2, PLAN, SCHEDULE, Forum, copy_plan
from papers.wording.compose import word_meeting

NEXT, THIRD = f"{FOLDER}/plan-2021-2022", f"{FOLDER}/plan-2020-2023"
SCHEDULE_2021, CARRY_OVER = f"{NEXT}/schedule/2021.xlsx", f"{NEXT}/carry-over.yaml"
LINES = """from: plan-2019-2020
activities:
  - {was: 2019-01, now: 2021-01}
  - {was: 2019-02, now: null, why: Finished elsewhere}
"""
PAPER = """  - number: 2019/MINI2/00{serial}
    kind: {kind}
    title: The schedule of the next plan
    submitted_by: [APEC Secretariat]
    plan: {plan}
    schedule: {schedule}
"""


@pytest.fixture
def two(forum) -> Forum:
    """The forum with a second plan, which takes over one activity and ends another."""
    copy_plan(forum, NEXT, 2021, 2022)
    with forum.sheet(SCHEDULE_2021) as sheet:
        for row in (2, 3, 4):
            sheet[f"A{row}"] = f"2021-0{row - 1}"
    forum.write(CARRY_OVER, LINES)
    return forum


def add_paper(
    forum: Forum, serial: int, plan: str, schedule: str, kind: str = "implementation-schedule"
) -> None:
    entry = PAPER.format(serial=serial, plan=plan, schedule=schedule, kind=kind)
    forum.write(MINI2, f"{forum.text(MINI2).rstrip()}\n{entry}")


def contexts(forum: Forum) -> dict[str, dict]:
    """Return the contexts of all papers by number."""
    model = forum.model()
    return {p["number"]: p for meeting in model.meetings for p in word_meeting(model, meeting)["papers"]}


def text_of(paper: dict) -> list[str]:
    return [
        "".join(run[0] for run in block["line"]) for block in paper["fields"]["schedule"]["text"]["blocks"]
    ]


# The list


def test_a_plan_knows_what_it_takes_over_and_why_not(two):
    found = two.model().periods["plan-2021-2022"].carry_over
    assert [(each.was.id, each.now, each.why) for each in found.activities] == [
        ("2019-01", "2021-01", ""),
        ("2019-02", "", "Finished elsewhere"),
    ]
    assert (found.plan.id, found.edition.file) == ("plan-2019-2020", SCHEDULE)


def test_an_open_activity_without_a_line_is_a_notice(two):
    two.replace(CARRY_OVER, "  - {was: 2019-02, now: null, why: Finished elsewhere}\n", "")
    (notice,) = [n for n in two.model().notices if CARRY_OVER in n]
    assert "no line for 2019-02" in notice and SCHEDULE in notice


def test_an_activity_that_is_over_needs_no_line(two):
    with two.sheet(SCHEDULE) as sheet:
        sheet["H3"] = "completed"
    two.replace(CARRY_OVER, "  - {was: 2019-02, now: null, why: Finished elsewhere}\n", "")
    assert not [n for n in two.model().notices if CARRY_OVER in n]


def test_the_last_edition_of_the_plan_before_counts(two):
    later = SCHEDULE.replace("2019.xlsx", "2019-11.xlsx")
    two.write(later, two.path(SCHEDULE).read_bytes())
    with two.sheet(later) as sheet:
        sheet.append(["2019-04", *(cell.value for cell in sheet[2][1:])])
    (notice,) = [n for n in two.model().notices if CARRY_OVER in n]
    assert "no line for 2019-04" in notice and later in notice


@pytest.mark.parametrize(
    ("old", "new", "kind", "line", "words"),
    [
        ("plan-2019-2020", "plan-2018-2020", "unknown-plan", 1, 'Did you mean "plan-2019-2020"?'),
        ("plan-2019-2020", "plan-2021-2022", "unknown-plan", 1, "one of plan-2019-2020"),
        ("was: 2019-01", "was: 2019-07", "unknown-activity", 3, "one of 2019-01, 2019-02, 2019-03"),
        ("now: 2021-01", "now: 2021-07", "unknown-activity", 3, "one of 2021-01, 2021-02, 2021-03"),
        ("now: 2021-01", "now: 2019-01", "unknown-activity", 3, "one of 2021-01, 2021-02, 2021-03"),
        ("was: 2019-02", "was: 2019-01", "doubled", 4, '"2019-01" again'),
        ("now: null, why: Finished elsewhere", "now: 2021-01", "doubled", 4, '"2021-01" again'),
        (", why: Finished elsewhere", "", "no-reason", 4, "why 2019-02 is not carried over"),
        ("now: 2021-01", "new: 2021-01", "unknown-key", 3, 'expected the key "now"'),
        ("from: plan-2019-2020\n", "", "missing-key", 1, 'the key "from"'),
        ("activities:", "activity: []\nactivities:", "unknown-key", 2, "one of activities, from"),
    ],
)
def test_a_wrong_line_is_reported(two, old, new, kind, line, words):
    two.replace(CARRY_OVER, old, new)
    (problem,) = two.problems()
    assert (problem.place.file, problem.kind, problem.place.line) == (CARRY_OVER, kind, line)
    assert words in str(problem)


@pytest.mark.parametrize(("file", "cell"), [(SCHEDULE, "H2"), (SCHEDULE_2021, "H2")])
def test_a_row_that_could_not_be_read_is_one_problem(two, file, cell):
    with two.sheet(file) as sheet:
        sheet[cell] = "perhaps"
    assert [(p.place.file, p.kind) for p in two.problems()] == [(file, "unknown-status")]


def test_a_plan_that_could_not_be_read_is_one_problem(two):
    two.replace(f"{PLAN}/plan.yaml", "first_year: 2019", "first_year: soon")
    found = {p.place.file for p in two.problems()}
    assert found == {f"{PLAN}/plan.yaml"}


# The papers


def test_the_first_schedule_of_the_new_plan_prints_what_was_carried_over(two):
    add_paper(two, 5, "plan-2021-2022", "2021")
    paper = contexts(two)["2019/MINI2/005"]
    assert text_of(paper) == [
        "Activities carried over from the Mini WG Strategic Plan 2019 – 2020:",
        "2021-01: Workshop on “small things” & their makers (earlier 2019-01)",
        "Activities of the Mini WG Strategic Plan 2019 – 2020 that are not carried over:",
        "Study of ½-day courses: what to teach < 5 people (2019-02): Finished elsewhere",
    ]
    assert {CARRY_OVER, SCHEDULE, f"{PLAN}/plan.yaml"} <= set(paper["made_from"])


def test_later_editions_and_other_kinds_print_nothing_of_it(two):
    two.write(f"{NEXT}/schedule/2022.xlsx", two.path(SCHEDULE_2021).read_bytes())
    add_paper(two, 5, "plan-2021-2022", "2022")
    add_paper(two, 6, "plan-2021-2022", "2022", "updated-schedule")
    add_paper(two, 7, "plan-2021-2022", "2021", "strategic-plan")
    found = contexts(two)
    for number in ("2019/MINI2/005", "2019/MINI2/006", "2019/MINI2/007"):
        assert text_of(found[number]) == []
        assert CARRY_OVER not in found[number]["made_from"]


def test_no_paper_of_the_old_plan_changes(forum):
    before = contexts(forum)
    copy_plan(forum, NEXT, 2021, 2022)
    with forum.sheet(SCHEDULE_2021) as sheet:
        sheet["A2"] = "2021-01"
    forum.write(CARRY_OVER, LINES)
    add_paper(forum, 5, "plan-2021-2022", "2021")
    found = contexts(forum)
    assert {number: found[number] for number in before} == before


# Plans that cover the same year


def test_a_third_plan_may_cover_years_of_both_others(two):
    before = contexts(two)
    copy_plan(two, THIRD, 2020, 2023)
    for name in ("2020-03", "2021", "2021-10"):
        two.write(f"{THIRD}/schedule/{name}.xlsx", two.path(SCHEDULE).read_bytes())
    two.path(f"{THIRD}/schedule/2020.xlsx").unlink()
    two.write(f"{THIRD}/carry-over.yaml", LINES.replace("now: 2021-01", "now: 2019-01"))
    add_paper(two, 5, "plan-2020-2023", "2020-03")
    add_paper(two, 6, "plan-2020-2023", "2021", "updated-schedule")
    add_paper(two, 7, "plan-2021-2022", "2021")
    found = contexts(two)
    assert {number: found[number] for number in before} == before
    assert [len(period.editions) for _, period in sorted(two.model().periods.items())] == [1, 3, 1]
    assert text_of(found["2019/MINI2/005"])[0].startswith("Activities carried over from")
    assert found["2019/MINI2/006"]["fields"]["update"]["previous"] == "March 2020"
    assert f"{THIRD}/schedule/2021.xlsx" in found["2019/MINI2/006"]["made_from"]
    assert not [f for f in found["2019/MINI2/007"]["made_from"] if f.startswith(THIRD)]
    assert MINI1 in found["2019/MINI1/003"]["made_from"]
