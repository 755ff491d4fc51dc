"""What a plan may lack, and references to what it lacks."""

from __future__ import annotations

import optional_plan
import pytest
from forum_tools import PLAN, SCHEDULE, Forum
from full_forum import SESSION, WORK_2019
from returns_tools import PER

MINIMAL = "title: A Plan\nfirst_year: 2019\nlast_year: 2020\n"


@pytest.fixture
def written(forum) -> Forum:
    """Return the miniature forum with papers of nearly all kinds."""
    return optional_plan.written_forum(forum)


def test_a_plan_needs_its_title_and_its_years_only(forum):
    forum.write(f"{PLAN}/plan.yaml", MINIMAL)
    missing = [p for p in forum.problems() if p.place.file == f"{PLAN}/plan.yaml"]
    assert missing == []


@pytest.mark.parametrize("key", ["title", "first_year", "last_year"])
def test_without_one_of_these_it_is_no_plan(forum, key):
    lines = [line for line in MINIMAL.splitlines() if not line.startswith(key)]
    forum.write(f"{PLAN}/plan.yaml", "\n".join(lines))
    (problem,) = [p for p in forum.problems() if p.place.file == f"{PLAN}/plan.yaml"]
    assert key in str(problem)


# Facts that sections name


@pytest.mark.parametrize(
    ("key", "fact"),
    [
        ("vision", "vision"),
        ("mission", "mission"),
        ("critical_success_factors", "critical_success_factors"),
        ("priority_areas", "priority_area_list"),
        ("priority_areas", "priority_area_table"),
        ("indicator_headings", "indicators"),
        ("reviews", "mid_term"),
        ("reviews", "final"),
        ("reviews", "assessment_every_years"),
    ],
)
def test_a_section_that_names_what_the_plan_lacks_is_reported(forum, key, fact):
    optional_plan.change_yaml(forum, f"{PLAN}/plan.yaml", lambda plan: plan.pop(key))
    found = [p for p in forum.problems() if p.kind == "absent-fact" and f"{{{{ {fact} }}}}" in p.found]
    (problem,) = found
    assert problem.found == f"{{{{ {fact} }}}}, of which plan.yaml says nothing"
    assert f"Add {key}" in problem.todo
    assert f"{{{{ {fact} }}}}" in forum.text(problem.place.file).split("\n")[problem.place.line - 1]


def test_a_review_may_be_planned_without_the_others(forum):
    optional_plan.change_yaml(forum, f"{PLAN}/plan.yaml", lambda plan: plan.update(reviews={"final": 2020}))
    facts = [p.found.split(",")[0] for p in forum.problems()]
    assert facts == ["{{ assessment_every_years }}", "{{ mid_term }}"]


# Priority areas that the plan does not have


@pytest.mark.parametrize(
    ("file", "sheet", "cell"),
    [(SCHEDULE, "Schedule", "B2"), (SESSION, "Proposals", "E2"), (PER, "Return", "B7")],
)
def test_an_area_named_in_a_workbook_of_a_plan_without_areas_is_reported(written, file, sheet, cell):
    optional_plan.leave_out(written, "priority_areas")
    assert written.problems() == []
    with written.book(file) as book:
        book[sheet][cell] = "Access to markets"
    (problem,) = written.problems()
    assert (problem.place.file, problem.place.cell, problem.kind) == (file, cell, "unknown-area")
    assert problem.expected == "an empty cell, as the plan has no priority areas"


@pytest.mark.parametrize(("file", "sheet", "cell"), [(SCHEDULE, "Schedule", "B2"), (PER, "Return", "B7")])
def test_an_area_is_needed_in_a_plan_with_areas(written, file, sheet, cell):
    with written.book(file) as book:
        book[sheet][cell] = None
    assert ("empty", file, cell) in {(p.kind, p.place.file, p.place.cell) for p in written.problems()}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda plan: plan.update(areas=[{"area": "access"}]), "unknown-area"),
        (lambda plan: plan["activities"][0].update(objectives=["skills-1"]), "unknown-objective"),
    ],
)
def test_a_work_plan_of_a_plan_without_areas_names_none(written, change, kind):
    optional_plan.leave_out(written, "priority_areas")
    optional_plan.change_yaml(written, WORK_2019, change)
    (problem,) = written.problems()
    assert (problem.kind, problem.place.file) == (kind, WORK_2019)
    assert problem.expected.endswith("that exists; there is none")


def test_an_activity_without_objective_is_reported_where_its_area_has_some(written):
    optional_plan.change_yaml(written, WORK_2019, lambda plan: plan["activities"][0].pop("objectives"))
    (problem,) = written.problems()
    assert (problem.kind, problem.expected) == (
        "no-objective",
        "one of skills-1, skills-2 under objectives",
    )


# A schedule of another plan


def test_a_schedule_without_any_area_of_its_plan_is_one_problem(forum):
    with forum.book(SCHEDULE) as book:
        for row, name in enumerate(("Space", "Space", "The deep sea"), 2):
            book["Schedule"][f"B{row}"] = name
    (problem,) = forum.problems()
    assert (problem.place.file, problem.place.cell, problem.kind) == (SCHEDULE, "B2", "other-plan")
    assert problem.found == '3 rows, none of a priority area of the plan: "Space" (B2), "The deep sea" (B4)'
    assert problem.expected.startswith("in each row one of Skills, Tools and the Digital Economy, ")


def test_a_schedule_with_one_area_of_its_plan_has_a_problem_for_each_other(forum):
    with forum.book(SCHEDULE) as book:
        book["Schedule"]["B2"] = book["Schedule"]["B3"] = "Space"
    assert [(one.kind, one.place.cell) for one in forum.problems()] == [
        ("unknown-area", "B2"),
        ("unknown-area", "B3"),
    ]
