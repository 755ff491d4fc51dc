"""Editions of the schedule: each change is found once, each defect is reported with its cell."""

from __future__ import annotations

import shutil
from unittest import mock

import pytest
from forum_tools import FOLDER, PLAN, SCHEDULE, Forum
from hypothesis import given
from hypothesis import strategies as st
from papers.inputs.settings import SettingsFile
from papers.inputs.unread import Unread
from papers.model.economies import Economy
from papers.model.schedule import CLOSED, Activity, Edition
from papers.model.schedule_changes import (
    KINDS,
    changes,
    check_editions,
    edition_before,
    first_edition,
    latest_edition,
    overdue,
)
from papers.problems import Place, Problems
from papers.wording import schedule_text
from papers.wording.compose import word_meeting
from schedule_tools import PERU, STATUSES, activity

NEXT = f"{FOLDER}/plan-2019-2020/schedule/2020.xlsx"
VIET_NAM = Economy(21, "Viet Nam", "Viet Nam", "", "VNM")


def edition(name: int | str, *activities: Activity) -> Edition:
    return Edition(str(name), f"{name}.xlsx", list(activities), SettingsFile().statuses)


def kinds_between(old: Activity, new: Activity) -> list[str]:
    return [change.kind for change in changes(edition(2019, old), edition(2020, new)).all]


# Each kind of change


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        ({"status": "proposed"}, {"status": "approved"}, "approved"),
        ({"status": "proposed"}, {"status": "in progress"}, "started"),
        ({"status": "approved"}, {"status": "in progress"}, "started"),
        ({"status": "in progress"}, {"status": "completed"}, "completed"),
        ({"status": "in progress"}, {"status": "approved"}, "set back"),
        ({"status": "completed"}, {"status": "in progress"}, "set back"),
        ({"status": "approved"}, {"status": "withdrawn"}, "withdrawn"),
        ({}, {"last_year": 2020}, "extended"),
        ({"last_year": 2021}, {"last_year": 2020}, "shortened"),
        ({}, {"first_year": 2018}, "rescheduled"),
        ({}, {"title": "A seminar"}, "renamed"),
        ({}, {"proponents": (VIET_NAM,)}, "changed hands"),
        ({}, {"proponents": (PERU, VIET_NAM)}, "changed hands"),
        ({}, {"area": "access"}, "moved area"),
        ({}, {"project_number": "SME 01 2019A"}, "numbered"),
    ],
)
def test_each_kind_of_change_is_found(before, now, kind):
    assert kinds_between(activity(**before), activity(**now)) == [kind]


def test_an_activity_that_was_not_listed_is_added():
    found = changes(edition(2019), edition(2020, activity()))
    assert [(change.kind, change.before) for change in found.added] == [("added", None)]


def test_an_activity_that_is_new_and_already_over_has_both_changes():
    found = changes(edition(2019), edition(2020, activity(status="completed")))
    assert [change.kind for change in found.all] == ["added", "completed"]


@pytest.mark.parametrize(
    ("now", "kinds"),
    [
        ({"status": "proposed"}, []),
        ({"status": "approved"}, ["approved"]),
        ({"status": "in progress"}, ["started"]),
        ({"status": "withdrawn"}, ["withdrawn"]),
        ({"status": "in progress", "project_number": "SME 01 2019A"}, ["started", "numbered"]),
    ],
)
def test_an_activity_that_was_added_has_the_changes_of_one_that_was_proposed_before(now, kinds):
    proposed = kinds_between(activity(status="proposed", project_number=""), activity(**now))
    assert proposed == kinds
    new = changes(edition(2019), edition(2020, activity(**now)))
    assert [change.kind for change in new.all] == ["added", *kinds]


def test_an_activity_changed_in_several_ways_has_a_change_of_each_kind():
    now = activity(title="A seminar", last_year=2021, status="in progress", proponents=(VIET_NAM,))
    assert kinds_between(activity(), now) == ["started", "extended", "renamed", "changed hands"]


@pytest.mark.parametrize(
    "same", [{"remarks": "New remarks."}, {"proponents": (PERU,)}, {"place": Place("other.xlsx")}]
)
def test_remarks_and_cells_are_no_change(same):
    assert kinds_between(activity(), activity(**same)) == []


def test_the_order_of_proponents_is_no_change():
    old, new = activity(proponents=(PERU, VIET_NAM)), activity(proponents=(VIET_NAM, PERU))
    assert kinds_between(old, new) == []


def test_a_reason_belongs_to_the_change_that_is_out_of_the_ordinary():
    now = activity(status="in progress", last_year=2021, remarks="Source: a letter.\nReason: it took longer.")
    found = changes(edition(2019, activity()), edition(2020, now))
    assert {change.kind: change.reason for change in found.all} == {
        "started": "",
        "extended": "it took longer.",
    }


def test_the_reason_of_the_year_before_is_not_repeated():
    old = activity(remarks="Reason: it took longer.")
    new = activity(remarks="Reason: it took longer.", last_year=2021)
    (change,) = changes(edition(2019, old), edition(2020, new)).all
    assert change.reason == ""


def test_an_unknown_kind_of_change_is_an_error_and_not_empty():
    with pytest.raises(KeyError):
        changes(edition(2019), edition(2020)).of("finished")


def test_the_edition_before_is_the_last_older_one():
    editions = {name: edition(name) for name in ("2018-06", "2016", "2018", "2018-11")}
    order = ["2016", "2018", "2018-06", "2018-11"]
    assert [edition_before(editions, name).name for name in order[1:]] == order[:-1]
    assert edition_before(editions, "2016") is None
    assert first_edition(editions).name == "2016"
    assert latest_edition(editions).name == latest_edition(editions, 2018).name == "2018-11"
    assert latest_edition(editions, 2017) is None


def test_an_open_activity_whose_last_year_is_over_is_overdue():
    late = [activity(id=f"2019-0{at}", status=status) for at, status in enumerate(STATUSES)]
    assert [a.status for a in overdue(edition(2020, *late))] == [s for s in STATUSES if s not in CLOSED]
    assert overdue(edition(2019, *late)) == ()


# Properties


@st.composite
def editions(draw, year: int) -> Edition:
    ids = draw(st.lists(st.sampled_from([f"2019-{n:02}" for n in range(8)]), unique=True))
    activities = [
        activity(
            id=name,
            area=draw(st.sampled_from(["skills", "access"])),
            title=draw(st.sampled_from(["A workshop", "A study"])),
            first_year=draw(st.integers(2016, 2018)),
            last_year=draw(st.integers(2018, 2021)),
            proponents=tuple(draw(st.lists(st.sampled_from([PERU, VIET_NAM]), unique=True))),
            project_number=draw(st.sampled_from(["", "SME 01 2019A"])),
            status=draw(st.sampled_from(STATUSES)),
            remarks=draw(st.sampled_from(["", "Reason: a reason."])),
        )
        for name in ids
    ]
    return edition(year, *activities)


@given(editions(2019))
def test_an_edition_differs_in_nothing_from_itself(one):
    found = changes(one, one)
    assert not found
    assert list(found.unchanged) == one.activities


@given(editions(2019), editions(2020))
def test_every_activity_is_accounted_for_exactly_once(old, new):
    found = changes(old, new)
    changed = {change.activity.id for change in found.all}
    accounted = [*changed, *(a.id for a in found.unchanged), *(a.id for a in found.missing)]
    assert sorted(accounted) == sorted({a.id for a in (*old.activities, *new.activities)})
    assert len(found.all) == sum(len(found.of(kind)) for kind in KINDS)
    assert len({(change.kind, change.activity.id) for change in found.all}) == len(found.all)


@given(editions(2019), editions(2020))
def test_the_order_of_rows_changes_nothing_but_the_order(old, new):
    reordered = [edition(e.year, *reversed(e.activities)) for e in (old, new)]
    assert set(changes(*reordered).all) == set(changes(old, new).all)


@given(editions(2019), editions(2020))
def test_every_change_can_be_worded(old, new):
    class Plan:
        area = staticmethod(lambda name: type("Area", (), {"name": name}))

    for change in changes(old, new).all:
        before, now = schedule_text.before_and_now(change, Plan)
        assert before and now and before != now
    with mock.patch.object(schedule_text, "say", lambda *_, **__: "No activity has changed."):
        (sentence,) = schedule_text.changes_in_words(None, changes(old, new))
    assert sentence.endswith(".")
    assert [words[-1] for words in schedule_text.statuses_in_words(new)] == ["."] * bool(new.activities)


@given(editions(2020))
def test_every_edition_with_activities_has_a_timeline(one):
    chart = schedule_text.timeline(one)["chart"]
    shown = [a for a in one.activities if a.status != "withdrawn"]
    assert (chart is None) == (not shown)
    if chart:
        assert len(chart["categories"]) == len(shown)
        assert str(len(shown)) in chart["alt"] or len(shown) < 10


# Defects


@pytest.fixture
def two(forum) -> Forum:
    """The miniature forum with a second edition, so far the same as the first."""
    shutil.copy(forum.path(SCHEDULE), forum.path(NEXT))
    return forum


def put(two: Forum, **cells) -> list:
    with two.sheet(NEXT) as sheet:
        for cell, value in cells.items():
            sheet[cell] = value
    return two.problems()


def cells_and_kinds(problems: list) -> list[tuple[str, str, str]]:
    return [(p.place.file, p.place.cell, p.kind) for p in problems]


def test_an_edition_without_a_change_is_accepted(two):
    assert two.problems() == []


@pytest.mark.parametrize(
    ("cells", "cell", "kind", "words"),
    [
        (
            {"H2": "withdrawn", "I2": None},
            "I2",
            "no-reason",
            "found no reason; expected the reason of a withdrawn",
        ),
        ({"H2": "withdrawn"}, "I2", "no-reason", "found only the remarks of the edition before"),
        ({"H4": "in progress"}, "H4", "came-back", "although it was withdrawn in the edition 2019"),
        ({"G2": "SME 03 2019A"}, "G2", "project-changed", "expected SME 02 2019A, as in the edition 2019"),
        ({"G2": None}, "G2", "project-changed", "found no number"),
        ({"E2": 2019}, "E2", "over-but-open", "moved from 2020 to 2019, with the status approved"),
        ({"A5": "2019-04"}, "A5", "id-year", "expected an ID that begins with 2020-"),
    ],
)
def test_a_defect_between_editions_is_reported_with_its_cell(two, cells, cell, kind, words):
    if "A5" in cells:
        cells = {
            **cells,
            "B5": "Access to markets",
            "C5": "New",
            "D5": 2020,
            "E5": 2020,
            "F5": "Peru",
            "H5": "proposed",
        }
    (problem,) = put(two, **cells)
    assert cells_and_kinds([problem]) == [(NEXT, cell, kind)]
    assert words in str(problem)


def test_an_id_that_disappears_is_reported_with_its_earlier_place(two):
    with two.sheet(NEXT) as sheet:
        sheet.delete_rows(3)
    (problem,) = two.problems()
    assert (problem.kind, problem.place.file, problem.place.key) == ("lost-activity", NEXT, "2019-02")
    assert f"{SCHEDULE}, sheet Schedule, cell C3" in problem.todo


def test_an_id_that_was_altered_is_recognised_by_its_title(two):
    problems = put(two, A3="2020-01")
    assert [p.kind for p in problems] == ["lost-activity"]
    assert "Is it 2020-01 (cell A3)? Give that row the ID 2019-02 again." in str(problems[0])


def test_a_withdrawn_activity_with_its_reason_is_accepted(two):
    assert put(two, H2="withdrawn", I2="Its proponent has no funds.") == []
    (change,) = changes(*two.period().editions.values()).withdrawn
    assert change.reason == "Its proponent has no funds."


def test_a_year_without_an_edition_is_accepted_and_the_last_one_is_compared(forum):
    shutil.copy(forum.path(SCHEDULE), forum.path(f"{PLAN}/schedule/2021.xlsx"))
    with forum.sheet(f"{PLAN}/schedule/2021.xlsx") as sheet:
        sheet.delete_rows(3)
    (problem,) = forum.problems()
    assert (problem.kind, problem.found.split()[-4:]) == (
        "lost-activity",
        ["the", "edition", "2019", "lists"],
    )


@pytest.mark.parametrize("name", ["2020-13", "2020-6", "2020-00", "June 2020", "2020 final"])
def test_an_edition_of_another_name_is_reported(forum, name):
    shutil.copy(forum.path(SCHEDULE), forum.path(f"{PLAN}/schedule/{name}.xlsx"))
    (problem,) = forum.problems()
    assert (problem.kind, problem.found) == ("file-name", f'the name "{name}.xlsx"')
    assert "2017.xlsx or 2017-06.xlsx" in problem.expected


def test_a_new_activity_of_a_month_has_an_id_of_its_year(forum):
    shutil.copy(forum.path(SCHEDULE), forum.path(f"{PLAN}/schedule/2019-06.xlsx"))
    with forum.sheet(f"{PLAN}/schedule/2019-06.xlsx") as sheet:
        sheet.append(["2019-09", *(cell.value for cell in sheet[2][1:])])
    assert forum.problems() == []
    with forum.sheet(f"{PLAN}/schedule/2019-06.xlsx") as sheet:
        sheet.cell(sheet.max_row, 1).value = "2020-09"
    (problem,) = forum.problems()
    assert (problem.kind, "begins with 2019-" in problem.expected) == ("id-year", True)


def test_a_row_that_could_not_be_read_is_not_reported_as_missing(two):
    problems = put(two, H2="finished")
    assert cells_and_kinds(problems) == [(NEXT, "H2", "unknown-status")]


def test_editions_are_compared_by_year_whatever_their_order():
    problems = Problems()
    check_editions([edition(2020, activity()), edition(2019, activity())], Unread(), problems)
    assert not problems


def test_an_id_that_is_wrong_in_one_edition_is_reported_for_that_edition_only():
    problems = Problems()
    cells = {"id": Place("2020.xlsx", "Schedule", "A2")}
    found = [activity(), activity(id="2019-77", cells=cells), activity()]
    check_editions([edition(2019 + n, one) for n, one in enumerate(found)], Unread(), problems)
    assert [(p.place.file, p.kind) for p in problems.found] == [("2020.xlsx", "lost-activity")]


def test_the_heading_of_an_edition_needs_its_workbook(forum):
    forum.write(f"{FOLDER}/plan-2019-2020/schedule/2025.md", "# Schedule 2025\n")
    (problem,) = forum.problems()
    assert (problem.place.file, problem.kind) == (
        f"{FOLDER}/plan-2019-2020/schedule/2025.md",
        "stray-section",
    )


# The paper

PAPER = """  - number: 2019/MINI2/005
    kind: updated-schedule
    title: Updated Implementation Schedule
    submitted_by: [APEC Secretariat]
    plan: plan-2019-2020
    schedule: {}
"""
MINI2 = f"{FOLDER}/meetings/MINI2.yaml"


def paper_of(forum: Forum, year: int | str = 2020) -> dict:
    if "updated-schedule" not in forum.text(MINI2):
        forum.write(MINI2, forum.text(MINI2).rstrip() + "\n" + PAPER.format(year))
    model = forum.model()
    meeting = next(m for m in model.meetings if m.code == "MINI2")
    return next(p for p in word_meeting(model, meeting)["papers"] if p["kind"] == "updated-schedule")


def words_of(blocks: dict) -> list[str]:
    return ["".join(run[0] for run in block["line"]) for block in blocks["blocks"]]


def test_the_paper_lists_the_changes_and_appends_the_schedule(two):
    put(two, H2="withdrawn", I2="Reason: no funds.", H3="completed")
    fields = paper_of(two)["fields"]
    update = fields["update"]
    assert [change["kind"] for change in update["changes"]] == ["Completed", "Withdrawn"]
    assert update["changes"][1]["rows"][0]["reason"] == "No funds."
    assert (
        "one activity was completed and one was withdrawn; one activity remains unchanged"
        in words_of(update["summary"])[0]
    )
    assert (
        "which was presented in 2019/MINI1/003 (Valparaíso, Chile, 28 March-1 April 2019)"
        in words_of(update["introduction"])[0]
    )
    titles = [row["cells"][1]["text"] for row in fields["schedule"]["rows"]]
    assert "Workshop on “small things” & their makers" not in titles
    assert fields["schedule"]["heading"] == {"line": [["Implementation Schedule 2020", ""]]}
    assert update["areas"][-1]["all"] == "3"


def test_an_edition_without_changes_says_so(two):
    update = paper_of(two)["fields"]["update"]
    assert update["has_changes"] is False
    assert words_of(update["summary"]) == ["Since the 2019 edition, no activity has changed."]


def test_overdue_activities_are_listed(two):
    update = paper_of(two)["fields"]["update"]
    assert words_of(update["overdue"])[0].startswith("One activity is overdue: its last year has ended")
    assert "2019" in words_of(update["overdue"])[1]


def test_the_heading_may_come_from_a_file_next_to_the_workbook(two):
    two.write(f"{FOLDER}/plan-2019-2020/schedule/2020.md", "# The schedule of 2020[^n]\n\n[^n]: As agreed.\n")
    paper = paper_of(two)
    assert paper["fields"]["schedule"]["heading"]["line"][0] == ["The schedule of 2020", ""]
    assert {f"{FOLDER}/plan-2019-2020/schedule/2020.md", NEXT, SCHEDULE} <= set(paper["made_from"])


def test_the_first_edition_updates_nothing(two):
    two.write(MINI2, two.text(MINI2).rstrip() + "\n" + PAPER.format(2019))
    (problem,) = two.problems()
    assert problem.kind == "first-edition"
    assert problem.place.file == MINI2


def test_an_introduction_may_name_figures_and_may_be_missing(two):
    two.write(
        f"{FOLDER}/narrative/updated-schedule-2020/introduction.md",
        "# Introduction\n\nOf {{ schedule.activities.count }}.\n",
    )
    assert words_of(paper_of(two)["fields"]["update"]["introduction"])[1] == "Of three activities."
    assert two.model().notices == []


def test_an_edition_of_a_month_is_named_in_words(two):
    shutil.copy(two.path(SCHEDULE), two.path(f"{PLAN}/schedule/2019-06.xlsx"))
    update = paper_of(two, "2019-06")["fields"]["update"]
    assert (update["title"], update["year"], update["previous"]) == (
        "Updated Implementation Schedule June 2019",
        "June 2019",
        "2019",
    )
    assert words_of(update["summary"]) == ["Since the 2019 edition, no activity has changed."]
    assert words_of(update["status"])[0].startswith("The June 2019 edition lists three activities")


def test_the_edition_after_that_of_a_month_is_compared_with_it(two):
    shutil.copy(two.path(SCHEDULE), two.path(f"{PLAN}/schedule/2019-06.xlsx"))
    update = paper_of(two)["fields"]["update"]
    assert words_of(update["summary"]) == ["Since the June 2019 edition, no activity has changed."]


def test_a_paper_may_name_no_edition_that_does_not_exist(two):
    two.write(MINI2, two.text(MINI2).rstrip() + "\n" + PAPER.format("2020-06"))
    (problem,) = two.problems()
    assert (problem.kind, problem.found, problem.expected) == (
        "unknown-schedule",
        '"2020-06"',
        "one of 2019, 2020",
    )
