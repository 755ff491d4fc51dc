"""A schedule with declared columns: what they mean, and each defect with its cell."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from declared_schedule import (
    COLUMNS,
    FIRST,
    MINI3,
    PLAN,
    PLAN_TEXT,
    QUAYS,
    ROWS,
    SECOND,
    SETTINGS,
    TITLES,
    add_declared_schedule,
    write_workbook,
)
from forum_tools import Forum
from papers.model.schedule_changes import changes, overdue
from papers.wording import counts, schedule_text
from papers.wording.compose import word_meeting

PLAN_FILE = f"{PLAN}/plan.yaml"
STATUS, PERIOD, AREA = (
    '      - {id: state, title: State, role: status}\n',
    "      - {id: when, title: Timeframe, role: period}\n",
    "      - {id: goal, title: Goal, role: area}\n",
)  # fmt: skip


@pytest.fixture
def declared(forum) -> Forum:
    add_declared_schedule(forum.root)
    return forum


def editions(forum: Forum) -> dict:
    return forum.model().periods["plan-2022-2024"].editions


def fields_of(forum: Forum, kind: str) -> dict:
    model = forum.model()
    meeting = next(meeting for meeting in model.meetings if meeting.code == "MINI3")
    return next(p for p in word_meeting(model, meeting)["papers"] if p["kind"] == kind)["fields"]


def without(forum: Forum, *columns: str) -> None:
    """Take columns out of the declaration and of both workbooks; all others are printed as they are."""
    text = PLAN_TEXT.partition("    printed:")[0]
    for column in columns:
        assert column in text
        text = text.replace(column, "")
    forum.write(PLAN_FILE, text)
    left = [title for title in TITLES if not any(f"title: {title}," in column for column in columns)]
    for file in (FIRST, SECOND):
        with forum.sheet(file) as sheet:
            rows = [[cell.value for cell in row] for row in sheet.rows]
        kept = [[row[TITLES.index(title)] for title in left] for row in rows[1:]]
        write_workbook(forum.path(file), kept, left)


# What the columns mean


def test_roles_give_the_cells_their_meaning(declared):
    first, second, third, *_, last = editions(declared)["2022"].activities
    assert (first.id, first.area, first.title) == ("1", "quays", "Measure noise at night")
    assert (first.first_year, first.last_year, first.timeframe.text) == (2022, None, "from 2022 on")
    assert ([e.name for e in first.proponents], first.bodies) == (["Peru"], ("Secretariat",))
    assert (third.status, third.meaning) == ("on hold", "approved")
    assert second.values["budget"] == Decimal("45000.5")
    assert (last.proponents, last.bodies, last.values["budget"]) == ((), (), None)
    assert (last.first_year, last.last_year) == (2022, None)


def test_an_activity_without_an_end_is_never_overdue(declared):
    assert [activity.id for activity in overdue(editions(declared)["2023"])] == ["3"]


def test_changes_follow_the_meaning_of_statuses_and_the_years_of_timeframes(declared):
    both = editions(declared)
    found = [(change.kind, change.activity.id) for change in changes(both["2022"], both["2023"]).all]
    assert found == [
        ("added", "6"),
        ("completed", "2"),
        ("extended", "2"),
        ("status changed", "3"),
        ("changed hands", "3"),
        ("withdrawn", "4"),
    ]


@pytest.mark.parametrize(
    ("cell", "value", "kinds"),
    [
        ("D4", "Q3 2022", ["rescheduled"]),
        ("D4", "q2  2022", []),
        ("D4", "Q2 2023", ["extended", "rescheduled"]),
        ("D2", "2022-2023", ["shortened"]),
        ("F4", "approved", ["status changed"]),
        ("F4", "ongoing", ["started"]),
        ("F2", "approved", ["set back"]),
        ("G2", 1, []),
    ],
)
def test_a_changed_cell_is_a_change_of_its_kind(declared, cell, value, kinds):
    write_workbook(declared.path(SECOND), ROWS)
    with declared.sheet(SECOND) as sheet:
        sheet[cell] = value
    both = editions(declared)
    assert [change.kind for change in changes(both["2022"], both["2023"]).all] == kinds


def test_figures_name_the_cells_from_which_they_were_counted(declared):
    edition = editions(declared)["2023"]

    def cells(figure) -> list[str]:
        return [cell.place.cell for source in figure.sources for cell in source.cells]

    assert cells(counts.overdue_activities(edition)) == ["D4", "F4"]
    assert cells(counts.with_status(edition, "ongoing", "quays")) == ["F2", "B2"]
    assert cells(counts.meaning(edition, "completed")) == ["F3"]


# What papers print


def test_the_paper_prints_the_declared_columns(declared):
    table = fields_of(declared, "implementation-schedule")["schedule"]
    assert [column["title"] for column in table["columns"]] == [
        "Goal", "No.", "Action", "Timeframe", "Led by", "State", "Budget (USD)",
    ]  # fmt: skip
    assert [[cell["text"] for cell in row["cells"]] for row in table["rows"]] == [
        ["Quiet quays", "1", "Measure noise at night", "from 2022 on", "Peru, Secretariat", "Ongoing", "120,000"],
        ["", "2", "Shore power for small ports", "2022-2023", "Chile", "Approved", "45,000.50"],
        ["", "3", "Exchange of port plans", "Q2 2022", "Pilots Network", "On hold", ""],
        ["Safe passages", "4", "Training of pilots", "June 2022", "Viet Nam, Japan", "Proposed", "8,500"],
        ["", "5", "A register of near misses", "within three years of 2022", "", "Ongoing", ""],
        ["Clean harbours", "", "", "", "", "", ""],
    ]  # fmt: skip
    assert [column["is_right"] for column in table["columns"]] == [False] * 6 + [True]
    shares = [column["share"] for column in table["columns"]]
    assert shares[0] / shares[1] == pytest.approx(2.4, abs=0.01) and 10_000 <= sum(shares) < 10_010
    assert table["has_usual_columns"] is False


def test_the_statuses_of_the_plan_are_the_columns_of_the_table_of_statuses(declared):
    update = fields_of(declared, "updated-schedule")["update"]
    names = [head["name"] for head in update["statuses"]]
    assert names == ["Proposed", "Approved", "On hold", "Ongoing", "Done", "Dropped"]
    last = update["areas"][-1]
    assert [cell["number"] for cell in last["cells"]] == ["1", "1", "0", "2", "1", "1"]
    assert update["has_usual_statuses"] is False


def test_statuses_of_one_meaning_share_a_shade_of_the_timeline(declared):
    chart = schedule_text.timeline(editions(declared)["2022"])["chart"]
    names = ["First year", "Proposed", "Approved, on hold", "Ongoing", "Done"]
    assert [name for name, _ in chart["series"]] == names  # as in all editions, so that each keeps its shade
    by_name = dict(chart["series"])
    assert by_name["Ongoing"] == [2, None, None, None, 2]  # no end: to the last year of all


def test_without_a_column_of_statuses_nothing_is_counted_by_status_and_nothing_is_overdue(declared):
    without(declared, STATUS)
    update = fields_of(declared, "updated-schedule")["update"]
    assert update["status"]["blocks"][0]["line"] == [["The 2023 edition lists six activities.", ""]]
    assert (update["statuses"], update["areas"], update["overdue"]) == ([], [], {"blocks": []})
    assert [name for name, _ in update["timeline"]["chart"]["series"]] == ["First year", "Activities"]


def test_without_a_timeframe_there_is_no_timeline_and_nothing_is_overdue(declared):
    without(declared, PERIOD)
    update = fields_of(declared, "updated-schedule")["update"]
    assert update["timeline"]["chart"] is None
    assert update["overdue"] == {"blocks": []}


def test_without_a_column_of_areas_the_rows_keep_the_order_of_the_workbook(declared):
    without(declared, AREA)
    table = fields_of(declared, "implementation-schedule")["schedule"]
    assert [row["cells"][0]["text"] for row in table["rows"]] == ["1", "2", "3", "4", "5"]
    assert not any(cell["starts"] for row in table["rows"] for cell in row["cells"])


def test_activities_that_name_no_area_are_said_to_be_in_the_last_row_only(declared):
    def table() -> tuple[list[str], list[int]]:
        period = declared.model().periods["plan-2022-2024"]
        edition = period.editions["2023"]
        rows = schedule_text.table_of_statuses(edition, period.plan)
        return schedule_text.without_area_in_words(edition, period.plan), [int(row["all"]) for row in rows]

    words, (*areas, every) = table()
    assert (words, sum(areas)) == ([], every)
    declared.replace(PLAN_FILE, "title: Goal, role: area}", "title: Goal, role: area, required: false}")
    with declared.book(SECOND) as book:
        column = next(cell.column for cell in book.active[1] if cell.value == "Goal")
        book.active.cell(2, column).value = None
    words, (*areas, every) = table()
    assert words == ["One activity is not assigned to any priority area and appears in the last row only."]
    assert sum(areas) == every - 1


def test_without_printed_columns_each_column_is_printed(declared):
    declared.write(PLAN_FILE, PLAN_TEXT.partition("    printed:")[0])
    table = fields_of(declared, "implementation-schedule")["schedule"]
    assert [column["title"] for column in table["columns"]] == TITLES


def test_a_column_that_is_narrower_than_its_longest_word_is_a_notice_with_its_line(declared):
    assert not [notice for notice in declared.model().notices if "narrower" in notice]
    declared.replace(PLAN_FILE, "of: [state], width: 2.1", "of: [state], width: 1")
    (notice,) = {notice for notice in declared.model().notices if "narrower" in notice}
    line = declared.line_of(PLAN_FILE, "of: [state]")
    assert notice.startswith(f"{PLAN_FILE}, line {line}, ") and '"Proposed"' in notice


# Where the columns are declared


def test_the_tables_of_a_plan_are_over_those_of_the_forum(declared):
    declared.write(
        SETTINGS, declared.text(SETTINGS) + f"tables:\n  schedule:\n{COLUMNS}".replace("Led by", "Who")
    )
    problems = [p for p in declared.problems() if p.kind in ("missing-column", "unknown-column")]
    assert {problem.place.file for problem in problems} == {"inputs/mini/plan-2019-2020/schedule/2019.xlsx"}
    assert any("as inputs/mini/settings.yaml (tables) calls it" in problem.expected for problem in problems)


def test_where_the_settings_cannot_be_read_no_workbook_is_judged_by_other_columns(declared):
    declared.replace(SETTINGS, "bodies:", "bodies")
    assert {problem.place.file for problem in declared.problems()} == {SETTINGS}


def test_where_a_plan_with_columns_of_its_own_cannot_be_read_its_workbooks_are_not_judged(declared):
    declared.replace(PLAN_FILE, "first_year: 2022", "first_year: 2022: 1")
    assert {problem.place.file for problem in declared.problems()} == {PLAN_FILE}


# Defects

DEFECTS = [
    ("G2", "120 000", 'found "120 000"; expected a number, 0 or more. Type it as a number.'),
    ("G2", "120,5", 'found the text "120,5"'),
    ("D2", "soon", "expected a timeframe such as within three years of {year}, 2016, 2016-2017, Q2 2016"),
    ("D2", "2023-2022", 'found "2023-2022", which ends before it begins'),
    ("D2", datetime.date(2022, 6, 1), "found the date 2022-06-01; expected a timeframe in words, or a year."),
    ("E2", "Secretariate", 'expected one of the 21 member economies, or one of Secretariat, Pilots Network.'
     ' Did you mean "Secretariat"?'),
    ("E2", "Peruu", 'Did you mean "Peru"?'),
    ("E2", "Secretariat; Secretariat", "found Secretariat twice; expected each economy and body once"),
    ("F2", "onging", 'expected one of proposed, approved, on hold, ongoing, done, dropped. Did you mean "ongoing"?'),
    ("B2", "Quiet keys", 'Did you mean "Quiet quays"?'),
    ("A2", 1.5, "found a number"),
    ("A2", 2, 'found "2" again'),
    ("C2", None, "found an empty cell"),
    ("D2", None, "found an empty cell; expected a timeframe in words, or a year"),
    ("E1", "Lead", f'a column "Led by", as {PLAN_FILE} (tables) calls it'),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "value", "words"), DEFECTS)
def test_a_defect_is_a_problem_with_its_cell(declared, cell, value, words):
    declared.path(SECOND).unlink()
    declared.replace(MINI3, declared.text(MINI3).partition("  - number: 2023/MINI3/002")[2], "")
    declared.replace(MINI3, "  - number: 2023/MINI3/002", "")
    with declared.sheet(FIRST) as sheet:
        sheet[cell] = value
    problems = [str(problem) for problem in declared.problems()]
    at = "A3" if value == 2 else cell  # the second of two equal IDs is the wrong one
    assert len(problems) == 1 and words in problems[0] and f"cell {at}" in problems[0], problems


def test_a_year_that_excel_holds_as_a_number_is_a_timeframe(declared):
    with declared.sheet(FIRST) as sheet:
        sheet["D2"] = 2022
    assert editions(declared)["2022"].activities[0].last_year == 2022


def test_a_body_may_propose_a_project(declared):
    file = "inputs/mini/plan-2022-2024/projects/2022-1.xlsx"
    book = declared.path(file)
    titles = ["Project number", "Title", "Proposing economies", "Co-sponsors", "Priority area", "Link"]
    write_workbook(book, [["SME 01 2022A", "Quiet ports", "Secretariat; Peru", "Pilots Network", QUAYS, "direct", 100]],
                   [*titles, "Funding requested (USD)"])  # fmt: skip
    with declared.book(file) as workbook:
        workbook["Schedule"].title = "Proposals"
        scores = workbook.create_sheet("Scores")
        for row in (["Project number", "Member", "Score (1-10)"], ["SME 01 2022A", "Chile", 8]):
            scores.append(row)
    (proposal,) = declared.model().periods["plan-2022-2024"].sessions["2022-1"].proposals
    assert ([e.name for e in proposal.proposing], proposal.proposing_bodies) == (["Peru"], ("Secretariat",))
    assert proposal.sponsoring_bodies == ("Pilots Network",)
