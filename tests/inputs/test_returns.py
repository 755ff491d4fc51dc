"""Mistakes in returns are reported with file, sheet and cell; correct returns are read unchanged."""

from __future__ import annotations

import datetime

import openpyxl
import pytest
from forum_tools import FOLDER, SCHEDULE, Forum
from papers.problems import Problem
from project_tools import ROOT
from returns_tools import ACTIVITIES, PER, PRACTICES, RETURNS, VNM, Book, day, row, send_in


def only(forum: Forum) -> Problem:
    """Return the only problem of these inputs."""
    found = forum.problems()
    assert len(found) == 1, [str(problem) for problem in found]
    return found[0]


def test_a_return_is_read_as_it_was_filled_in(forum):
    send_in(
        forum,
        PER,
        row(
            place="Lima",
            partners="PPWE; ABAC",
            jointly_with="Viet Nam; the Philippines",
            activity_id="2019-01",
            reference="Seen",
        ),
        row(
            indicator=PRACTICES,
            area="Skills, tools and the digital economy",
            date=datetime.datetime(2019, 12, 31),
        ),
    )
    model = forum.model()
    (period,) = model.periods.values()
    (read,) = period.indicators.returns
    first, second = read.entries
    assert (read.economy.name, read.year, read.date, read.late, read.itemised) == (
        "Peru",
        2019,
        day("2020-01-31"),
        False,
        True,
    )
    assert [economy.name for economy in first.jointly_with] == ["Philippines", "Viet Nam"]
    assert (first.indicator, first.area, first.place, first.partners) == (
        "activities",
        "access",
        "Lima",
        "PPWE; ABAC",
    )
    assert (first.activity_id, first.reference, str(first.cell)) == (
        "2019-01",
        "Seen",
        f"{PER}, sheet Return, cell A7",
    )
    assert (second.area, second.date) == ("skills", day("2019-12-31"))
    assert read.totals["practices"].value == 1
    assert str(read.totals["practices"].cells[0]) == f"{PER}, sheet Totals, cell B3"


def test_without_any_return_every_figure_is_not_reported(forum):
    indicators = forum.period().indicators
    assert indicators.years == ()
    assert not indicators.total("activities", 2019).reported
    assert len(indicators.not_reporting(2019)) == 21


@pytest.mark.parametrize(
    ("different", "cell", "kind", "hint"),
    [
        (
            {"indicator": "Activities caried out"},
            "A7",
            "unknown-indicator",
            'Did you mean "Activities carried out"?',
        ),
        ({"area": "Acess to markets"}, "B7", "unknown-area", 'Did you mean "Access to markets"?'),
        ({"title": None}, "C7", "empty", "Fill in Title."),
        ({"title": 5}, "C7", "not-text", "Format the cell as Text"),
        ({"date": None}, "D7", "empty", "Fill in Date."),
        ({"date": "in May"}, "D7", "not-a-date", "Format the cell as Date and type it again"),
        ({"date": day("2018-12-31")}, "D7", "date-outside-year", "report the item in the return of its year"),
        (
            {"jointly_with": "Viet Nam; Phillipines"},
            "G7",
            "unknown-economy",
            'Did you mean "Philippines"?',
        ),
        ({"jointly_with": "Viet Nam; Viet Nam"}, "G7", "doubled", "Delete one of them."),
        ({"jointly_with": "Peru"}, "G7", "jointly-with-itself", "Name only the other economies."),
        ({"activity_id": "201901"}, "H7", "unknown-activity", 'Did you mean "2019-01"?'),
        ({"activity_id": "2019-07"}, "H7", "unknown-activity", "Correct it, or leave the cell empty."),
        ({"activity_id": day("2019-01-01")}, "H7", "not-text", "Format the cell as Text"),
    ],
)
def test_a_wrong_cell_is_named(forum, different, cell, kind, hint):
    send_in(forum, PER, row(**different), totals={ACTIVITIES: 1, PRACTICES: 0})
    problem = only(forum)
    assert (problem.place.file, problem.place.sheet, problem.place.cell, problem.kind) == (
        PER,
        "Return",
        cell,
        kind,
    )
    assert hint in problem.todo


@pytest.mark.parametrize(
    ("head", "cell", "kind"),
    [
        ({"economy": "Peruu"}, "B1", "unknown-economy"),
        ({"economy": None}, "B1", "empty"),
        ({"economy": "Viet Nam"}, "B1", "economy-and-file"),
        ({"year": 2020}, "B2", "year-and-folder"),
        ({"year": "1900"}, "B2", "number-as-text"),
        ({"prepared_by": None}, "B3", "empty"),
        ({"date": None}, "B4", "empty"),
        ({"date": day("2018-12-31")}, "B4", "date"),
    ],
)
def test_a_wrong_value_in_the_form_is_named(forum, head, cell, kind):
    send_in(forum, PER, row(), **head)
    problem = only(forum)
    assert (problem.place.sheet, problem.place.cell, problem.kind) == ("Return", cell, kind)


def test_a_changed_form_is_reported(forum):
    send_in(forum, PER, row())
    with forum.book(PER) as book:
        book["Return"]["A2"], book["Return"]["D3"], book["Return"]["A5"] = "Jahr", "a remark", "another"
    assert {(p.place.cell, p.kind) for p in forum.problems()} == {
        ("A2", "label"),
        ("D3", "stray-value"),
        ("A5", "stray-value"),
    }


def test_a_changed_column_is_one_problem_at_its_title(forum):
    send_in(forum, PER, row())
    with forum.book(PER) as book:
        book["Return"]["C6"] = "Titel"
    assert [(p.place.cell, p.kind) for p in forum.problems()] == [("C6", "unknown-column")]


def test_a_total_that_differs_names_both_cells(forum):
    send_in(
        forum,
        PER,
        row(),
        row(title="Another"),
        row(indicator=PRACTICES),
        totals={ACTIVITIES: 3, PRACTICES: 1},
    )
    problem = only(forum)
    assert (problem.place.sheet, problem.place.cell, problem.kind) == ("Totals", "B2", "total-differs")
    assert "the total 3" in problem.found
    assert "2, the items of Activities carried out in sheet Return (A7, A8)" in problem.expected


@pytest.mark.parametrize("different", [{"title": None}, {"date": "in May"}, {"area": "Acess to markets"}])
def test_a_total_that_differs_is_reported_together_with_a_wrong_cell_of_an_item(forum, different):
    send_in(forum, PER, row(), row(**different), totals={ACTIVITIES: 3, PRACTICES: 0})
    found = {(p.place.sheet, p.kind) for p in forum.problems()}
    assert ("Totals", "total-differs") in found
    assert len(found) == 2


@pytest.mark.parametrize(
    ("different", "kind"),
    [
        ({"date": day("2018-12-31")}, "date-outside-year"),
        ({"title": "Training"}, "doubled-item"),
        ({"indicator": "Activities caried out"}, "unknown-indicator"),
    ],
)
def test_a_total_that_may_differ_because_of_an_item_to_correct_is_not_reported(forum, different, kind):
    send_in(forum, PER, row(title="Training"), row(**different), totals={ACTIVITIES: 1, PRACTICES: 0})
    assert [p.kind for p in forum.problems()] == [kind]


@pytest.mark.parametrize(
    ("totals", "cell", "kind"),
    [
        ({ACTIVITIES: None, PRACTICES: 0}, "B2", "total-differs"),
        ({ACTIVITIES: 1, PRACTICES: 2}, "B3", "total-differs"),
        ({ACTIVITIES: 1, PRACTICES: -1}, "B3", "not-a-number"),
        ({ACTIVITIES: 1.5, PRACTICES: 0}, "B2", "not-whole"),
        ({ACTIVITIES: "01", PRACTICES: 0}, "B2", "number-as-text"),
        ({ACTIVITIES: 1, "Practises shared": 0}, "A3", "unknown-indicator"),
        ({ACTIVITIES: 1}, "", "missing-total"),
    ],
)
def test_wrong_totals_are_reported(forum, totals, cell, kind):
    send_in(forum, PER, row(), totals=totals)
    found = [p for p in forum.problems() if p.place.sheet == "Totals"]
    assert {(p.place.cell, p.kind) for p in found} == {(cell, kind)}


def test_an_indicator_twice_among_the_totals_is_reported(forum):
    send_in(forum, PER, row())
    with forum.book(PER) as book:
        book["Totals"].append([ACTIVITIES, 1])
    assert (only(forum).place.cell, only(forum).kind) == ("A4", "doubled")


def test_an_empty_total_is_not_reported_and_a_zero_is(forum):
    send_in(forum, PER, row(), totals={ACTIVITIES: 1, PRACTICES: None})
    send_in(forum, VNM, totals={ACTIVITIES: 0, PRACTICES: None})
    indicators = forum.period().indicators
    assert indicators.by_economy("practices", "Peru", 2019).value is None
    assert indicators.by_economy("activities", "Viet Nam", 2019).value == 0
    assert not indicators.total("practices", 2019).reported
    assert indicators.not_itemised(2019) == ()


def test_a_return_of_totals_only_is_counted_and_listed_as_not_itemised(forum):
    send_in(forum, PER, row())
    send_in(forum, VNM, totals={ACTIVITIES: 3, PRACTICES: 2})
    indicators = forum.period().indicators
    assert [economy.name for economy in indicators.not_itemised(2019)] == ["Viet Nam"]
    assert indicators.total("activities", 2019).value == 4
    assert indicators.by_area("activities", "access", 2019).value == 1
    assert indicators.by_area("activities", "", 2019).value == 3
    assert indicators.by_area("practices", "access", 2019).value == 0
    assert len(indicators.items(2019)) == 1


def test_an_item_twice_in_a_return_is_reported(forum):
    same = [row(), row(title="a  WORKSHOP on doors")]
    activity = [row(title="First", activity_id="2019-01"), row(title="Second", activity_id="2019-01")]
    send_in(forum, PER, *same, *activity)
    assert [(p.place.cell, p.kind) for p in forum.problems()] == [
        ("A8", "doubled-item"),
        ("A10", "doubled-item"),
    ]


@pytest.mark.parametrize(
    "file",
    [
        "2019/lima5.xlsx",
        "2019/PER.xlsx",
        "2019/per.xls",
        "2019/xxx.xlsx",
        "19/per.xlsx",
        "per.xlsx",
        "2019/notes.txt",
        "double.yaml",
    ],
)
def test_a_file_of_another_name_is_reported(forum, file):
    forum.write(f"{RETURNS}/{file}", b"")
    if file == "2019/xxx.xlsx":
        Book().write(forum.path(f"{RETURNS}/{file}"))
    assert (only(forum).place.file, only(forum).kind) == (f"{RETURNS}/{file}", "file-name")


def test_a_year_that_no_plan_covers_is_reported(forum):
    send_in(forum, f"{RETURNS}/2021/per.xlsx", row(date=day("2021-05-06")), year=2021, date=day("2022-01-31"))
    assert only(forum).kind == "no-plan"


def test_a_damaged_return_is_reported_once(forum):
    forum.write(PER, b"PK no workbook")
    assert only(forum).kind == "damaged"


def test_a_return_without_totals_is_reported(forum):
    send_in(forum, PER, row())
    with forum.book(PER) as book:
        del book["Totals"]
    assert only(forum).kind == "missing-sheet"


def test_a_broken_schedule_does_not_make_every_activity_unknown(forum):
    send_in(forum, PER, row(activity_id="2019-01"))
    forum.write(SCHEDULE, b"no workbook")
    assert {p.place.file for p in forum.problems()} == {SCHEDULE}


def test_a_return_after_the_deadline_is_late(forum):
    forum.write(f"{RETURNS}/deadlines.yaml", "returns_due:\n  2019: 2020-01-31\n")
    send_in(forum, PER, row())
    send_in(forum, VNM, row(title="Something else entirely"), date=day("2020-02-01"))
    assert [economy.name for economy in forum.period().indicators.late(2019)] == ["Viet Nam"]


@pytest.mark.parametrize(
    ("deadlines", "kind"),
    [
        ("returns_due: {2018: 2019-01-31}\n", "no-deadline"),
        ("returns_due: {2019: soon}\n", "wrong-value"),
        ("returns_du: {}\n", "unknown-key"),
    ],
)
def test_wrong_deadlines_are_reported(forum, deadlines, kind):
    forum.write(f"{RETURNS}/deadlines.yaml", deadlines)
    send_in(forum, PER, row())
    assert kind in {p.kind for p in forum.problems()}
    assert all(p.place.file == f"{RETURNS}/deadlines.yaml" and p.place.line for p in forum.problems())


REPORT = """  - number: 2019/MINI2/003
    kind: indicator-report
    title: Annual Indicator Report
    submitted_by: [APEC Secretariat]
    plan: plan-2019-2020
"""


@pytest.mark.parametrize(("year", "kind"), [("", "missing-year"), ("    year: 2020\n", "no-returns")])
def test_a_report_needs_a_year_with_returns(forum, year, kind):
    send_in(forum, PER, row())
    meeting = f"{FOLDER}/meetings/MINI2.yaml"
    forum.write(meeting, forum.text(meeting).rstrip("\n") + "\n" + REPORT + year)
    assert (only(forum).kind, only(forum).place.file) == (kind, meeting)


def test_the_shipped_returns_say_that_they_are_illustrations(shipped_returns):
    for path in shipped_returns:
        book = openpyxl.load_workbook(path, read_only=True)
        assert book.sheetnames == ["Return", "Totals", "Lists", "Notes"], path
        assert str(book["Notes"]["A1"].value).startswith("ILLUSTRATIVE"), path
        book.close()


@pytest.fixture
def shipped_returns():
    found = sorted((ROOT / "inputs/smewg/plan-2017-2020/indicators").rglob("*.xlsx"))
    assert found
    return found[::10]  # opening all of them would take long
