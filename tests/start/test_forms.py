"""The verb forms: workbooks that are accepted as they are when they were filled in, and the next edition of the schedule."""

from __future__ import annotations

import datetime
import hashlib

import openpyxl
import pytest
from forum_tools import MINI2, PLAN, SCHEDULE
from measure_tools import add_measures
from own_levels import harbour_forum
from papers.build import clean
from papers.start import forms

FORMS = "outputs/forms/mini/plan-2019-2020"
RETURNS, DEADLINES = f"{FORMS}/indicators/2019", f"{PLAN}/indicators/deadlines.yaml"
PROPOSALS = f"{FORMS}/projects/2019-1.xlsx"
LIST = "outputs/forms/mini/meetings/MINI3.xlsx"


@pytest.fixture
def write(forum, monkeypatch, capsys):
    """Return a function that runs the verb and returns its exit code, output and problems."""
    monkeypatch.chdir(forum.root)

    def write(**options: str) -> tuple[int, str, list[str]]:
        code = forms.run("forms", options)
        printed = capsys.readouterr()
        return code, printed.out, [line.strip() for line in printed.err.splitlines()[1:]]

    return write


def digests(forum) -> dict[str, str]:
    paths = [path for path in forum.path("outputs/forms").rglob("*") if path.is_file()]
    return {
        path.relative_to(forum.root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    }


def put_in(forum, form: str, sheets: dict[str, dict[str, object]]) -> None:
    """Fill in cells of a form as Excel does, and save it at the same place below inputs/."""
    book = openpyxl.load_workbook(forum.path(form))
    for sheet, cells in sheets.items():
        for cell, value in cells.items():
            book[sheet][cell] = value
    target = forum.path(form.replace("outputs/forms", "inputs"))
    target.parent.mkdir(parents=True, exist_ok=True)
    book.save(target)


def test_each_economy_has_a_form_with_its_name_the_year_and_the_deadline(forum, write):
    forum.write(DEADLINES, "returns_due:\n  2019: 2020-02-28\n")
    code, out, problems = write(year="2019")
    assert (code, problems) == (0, []) and out.startswith(f"Written: {RETURNS}/ with aus.xlsx,")
    economies = forum.model().register.economies
    assert sorted(digests(forum)) == sorted(
        [*(f"{RETURNS}/{economy.code.lower()}.xlsx" for economy in economies), PROPOSALS]
    )
    for economy in economies:
        book = openpyxl.load_workbook(forum.path(f"{RETURNS}/{economy.code.lower()}.xlsx"))
        assert [cell.value for cell in book["Return"]["B"][:4]] == [economy.name, 2019, None, None]
        assert "by 28 February 2020" in book["Notes"]["A2"].value
        rules = {str(rule.sqref): rule for rule in book["Return"].data_validations.dataValidation}
        assert "2020-02-28" in rules["B4"].prompt


def test_the_cells_of_a_form_pick_from_the_lists_of_the_plan(forum, write):
    write(year="2019")
    book = openpyxl.load_workbook(forum.path(f"{RETURNS}/per.xlsx"))
    lists = {
        column[0].value: [cell.value for cell in column[1:] if cell.value] for column in book["Lists"].columns
    }
    assert lists["Priority areas"] == ["Skills, tools and the digital economy", "Access to markets"]
    assert lists["Activity IDs"] == ["2019-01", "2019-02", "2019-03"] and len(lists["Economies"]) == 21
    assert lists["Indicators"] == [book["Totals"][f"A{row}"].value for row in (2, 3)]
    picked = {
        str(rule.sqref): rule.formula1
        for rule in book["Return"].data_validations.dataValidation
        if rule.type == "list"
    }
    assert picked == {
        "A7:A506": "Lists!$A$2:$A$3",
        "B7:B506": "Lists!$B$2:$B$3",
        "G7:G506": "Lists!$C$2:$C$22",
        "H7:H506": "Lists!$D$2:$D$4",
    }


def test_filled_forms_are_accepted_as_they_are(forum, write):
    write(year="2019")
    indicator, area = "Practices shared", "Access to markets"
    item = {
        "A7": indicator,
        "B7": area,
        "C7": "A practice",
        "D7": datetime.date(2019, 5, 6),
        "G7": "Chile; Viet Nam",
    }
    head = {"B3": "The office", "B4": datetime.date(2020, 1, 31)}
    put_in(forum, f"{RETURNS}/hkc.xlsx", {"Return": {**head, **item}, "Totals": {"B2": 0, "B3": 1}})
    proposal = {
        "A2": "MINI 01 2019",
        "B2": "A proposal",
        "C2": "Peru",
        "E2": area,
        "F2": "direct",
        "G2": 1000,
    }
    score = {"A2": "MINI 01 2019", "B2": "Chile", "C2": 7}
    put_in(forum, PROPOSALS, {"Proposals": proposal, "Scores": score})
    period = forum.period()
    (found,) = period.indicators.returns
    assert (found.economy.name, found.itemised, len(found.entries)) == ("Hong Kong, China", True, 1)
    assert [proposal.title for proposal in period.sessions["2019-1"].proposals] == ["A proposal"]


def test_an_indicator_that_is_stated_as_a_figure_is_only_in_the_totals(forum, write):
    add_measures(forum)
    assert write(year="2019")[0] == 0
    book = openpyxl.load_workbook(forum.path(f"{RETURNS}/per.xlsx"))
    listed = {cell.value for cell in book["Lists"]["A"][1:] if cell.value}
    totals = {cell.value for cell in book["Totals"]["A"][1:] if cell.value}
    assert listed < totals and len(totals - listed) == 3
    types = {str(rule.sqref): rule.type for rule in book["Totals"].data_validations.dataValidation}
    assert sorted(types.values()) == ["decimal"] * 3 + ["whole"] * len(listed)


def test_the_same_inputs_give_the_same_bytes(forum, write):
    write(year="2019")
    first = digests(forum)
    for name in first:
        forum.path(name).unlink()
    write(year="2019")
    assert digests(forum) == first


def test_an_edited_form_is_kept_under_another_name_and_clean_keeps_it(forum, write, capsys):
    write(year="2019")
    forum.path(f"{RETURNS}/per.xlsx").write_bytes(b"mine")
    _, out, _ = write(year="2019")
    assert "per (edited copy 1).xlsx" in out
    assert forum.path(f"{RETURNS}/per (edited copy 1).xlsx").read_bytes() == b"mine"
    clean.run("clean", {})
    assert [path.name for path in forum.path("outputs/forms").rglob("*.xlsx")] == ["per (edited copy 1).xlsx"]


def test_a_changed_input_changes_the_forms_without_copies(forum, write):
    write(year="2019")
    forum.write(DEADLINES, "returns_due:\n  2019: 2020-02-28\n")
    _, out, _ = write(year="2019")
    assert "edited" not in out and not [name for name in digests(forum) if "edited" in name]


def test_a_plan_without_indicators_has_the_form_for_proposals_alone(forum, write):
    harbour_forum(forum)
    assert write(year="2019")[0] == 0
    assert [*digests(forum)] == [PROPOSALS]


def test_the_next_edition_has_all_activities_as_they_stand_and_no_problem(forum, write):
    code, out, _ = write(schedule="2020")
    assert code == 0 and f"{FORMS}/schedule/ with 2020.xlsx" in out
    put_in(forum, f"{FORMS}/schedule/2020.xlsx", {})
    with forum.book(SCHEDULE) as book:
        old = [[cell.value for cell in row] for row in book["Schedule"].iter_rows()]
    new = openpyxl.load_workbook(forum.path(f"{PLAN}/schedule/2020.xlsx"))["Schedule"]
    assert [[cell.value for cell in row][:5] for row in new] == [row[:5] for row in old]
    period = forum.period()
    before, after = period.editions["2019"].activities, period.editions["2020"].activities
    assert [(a.id, a.area, a.title, a.timeframe, a.status, a.proponents, a.remarks) for a in before] == [
        (a.id, a.area, a.title, a.timeframe, a.status, a.proponents, a.remarks) for a in after
    ]


def test_the_next_session_of_proposals_has_the_next_number(forum, write):
    write(year="2019")
    put_in(
        forum,
        PROPOSALS,
        {"Proposals": {"A2": "MINI 01 2019", "B2": "x", "C2": "Peru", "F2": "none", "G2": 0}},
    )
    assert "with 2019-2.xlsx" in write(year="2019")[1]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"year": "19"}, 'found year="19"; expected a year such as 2019'),
        ({"year": "2031"}, "found no plans of 2031; expected one plan"),
        (
            {"schedule": "2019"},
            "found the edition 2019 of plan-2019-2020 there already; expected another one than 2019",
        ),
        ({"schedule": "2020-13"}, 'found schedule="2020-13"'),
        ({"year": "2019", "plan": "plan-2019-2021"}, 'Did you mean "plan-2019-2020"?'),
    ],
)
def test_what_no_form_can_be_made_for_is_named_and_nothing_is_written(forum, write, options, words):
    code, _, problems = write(**options)
    assert code == 1 and len(problems) == 1 and words in problems[0]
    assert not forum.path("outputs").exists()


def test_the_list_of_papers_says_which_columns_each_kind_needs(forum, write):
    code, out, problems = write(meeting="MINI3")
    assert (code, problems) == (0, [])
    assert (
        "Fill it in; then: make new-meeting meeting=MINI3 papers=outputs/forms/mini/meetings/MINI3.xlsx"
        in out
    )
    notes = [cell.value for cell in openpyxl.load_workbook(forum.path(LIST))["Notes"]["A"]]
    assert "mid-term-review: needs Plan, Schedule, Year." in notes
    assert "strategic-plan: needs Plan; may have Schedule." in notes
    assert "agenda: needs no more than its kind." in notes


def test_a_year_without_deadline_is_asked_for_where_deadlines_are(forum, write):
    forum.write(DEADLINES, "returns_due:\n  2020: 2021-02-28\n")
    (problem,) = write(year="2019")[2]
    assert problem.startswith(f"{DEADLINES}, line 2") and "found no deadline for 2019" in problem


def test_a_problem_of_another_file_hinders_no_form(forum, write):
    forum.replace(MINI2, "title: Implementation Schedule", "titel: Implementation Schedule")
    assert write(year="2019")[0] == 0
