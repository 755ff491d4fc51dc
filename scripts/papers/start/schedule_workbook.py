"""The workbook of an edition of the schedule, with the columns and lists to pick from of the editions before."""

from __future__ import annotations

from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING, Any

from papers.inputs.table_schemas import NUMERIC
from papers.inputs.workbooks import SCHEDULE_SHEET
from papers.start.book import LINE, Book, PickList, year_rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from papers.inputs.plan_schemas import Level
    from papers.inputs.settings import ScheduleTable
    from papers.inputs.table_schemas import DataColumn
    from papers.model.economies import Economy
    from papers.model.schedule import Activity

_LAST_ROW = 500  # down to which the cells have lists to pick from
_WIDTHS = {  # in characters, by role or type
    "id": 10,
    "area": 32,
    "title": 52,
    "first": 9,
    "last": 9,
    "period": 16,
    "who": 22,
    "project": 16,
    "status": 13,
    "remarks": 50,
    "text": 30,
    "year": 9,
    "economies": 22,
    "bodies": 22,
    "money": 14,
    "number": 12,
}
_NOTES = {  # by role; the first and the last are for all workbooks
    "": "One row of the sheet Schedule is one activity; the papers keep the order of the rows. Keep the header row and"
    " the names of the sheets: the papers are made from them.",
    "id": "{}: the year of the edition in which the activity first appears, and a number. An activity keeps its ID in"
    " later editions of this plan.",
    "area": "{}: as plan.yaml names it. Change the list on the sheet Lists where the plan has other ones.",
    "period": "{}: in words, such as 2022-2023, Q2 2022, from 2022 on, ongoing.",
    "who": "{}: one economy, or several separated by a semicolon.",
    "project": "{}: for example SME 02 2016A. Leave it empty where there is none, or none that is known.",
}
_NEXT_EDITION = (
    "The next edition: save this workbook under its year, or year and month (2022.xlsx, 2022-06.xlsx), bring the"
    " rows up to date, and leave this one as it is."
)

Value = str | int | float


def schedule_workbook(
    edition: str,
    declared: ScheduleTable,
    activities: Mapping[str, Activity],
    areas: Mapping[str, str],
    parties: Sequence[str],
    statuses: Sequence[str],
    level: Level,
) -> bytes:
    """Return the workbook of an edition, such as 2021, with a row for each of `activities`, by ID.

    Its columns are those that are `declared`; `areas` (id -> name), `parties` (economies and bodies) and `statuses`
    are what can be picked. `level` says what areas are called.
    """
    columns = declared.data_columns
    book = Book(
        [
            PickList("area", level.heads, 64, [*areas.values()]),
            PickList("who", "Economies", 24, parties),
            PickList("status", "Statuses", 16, statuses),
        ]
    )
    rows = [_cells(name, activity, areas, columns) for name, activity in activities.items()]
    _add_schedule(book, columns, rows)
    book.notes(f"The implementation schedule, edition {edition}", _notes(columns))
    return book.content()


def _notes(columns: Sequence[DataColumn]) -> list[str]:
    titles: dict[str, str] = {"": ""}
    titles |= {column.role: column.title for column in columns if column.role}
    lines = [words.format(titles[role]) for role, words in _NOTES.items() if role in titles]
    return [*lines, _NEXT_EDITION]


def _add_schedule(book: Book, columns: Sequence[DataColumn], rows: Sequence[Sequence[Value]]) -> None:
    titles = [column.title for column in columns]
    sheet = book.table(SCHEDULE_SHEET, titles, [_width(column) for column in columns])
    sheet.freeze_panes(1, 1)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, _width(column), book.formats[_format(column)])
        if rule := _rule(book, column):
            sheet.data_validation(1, at, _LAST_ROW - 1, at, rule)
    for row, cells in enumerate(rows, 1):
        sheet.set_row(row, _height(cells, columns))
        for at, value in enumerate(cells):
            if isinstance(value, str):
                if value:
                    sheet.write_string(row, at, value, book.formats["text"])
            else:
                sheet.write_number(row, at, value, book.formats[_format(columns[at])])
    sheet.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)


def _width(column: DataColumn) -> int:
    return _WIDTHS[column.role or column.type]


def _format(column: DataColumn) -> str:
    return "number" if column.type in NUMERIC else "year" if column.type == "year" else "text"


def _cells(
    name: str, activity: Activity, areas: Mapping[str, str], columns: Sequence[DataColumn]
) -> list[Value]:
    """Return the row of an activity, in the order of the columns."""
    by_role: dict[str | None, str] = {
        "id": name,
        "area": areas.get(activity.area, ""),  # none in a plan without areas
        "who": _names(activity.proponents, activity.bodies),
        "project": activity.project_number,
        "status": activity.status,
    }
    return [
        by_role[column.role] if column.role in by_role else _value(activity.values.get(column.id))
        for column in columns
    ]


def _value(value: Any) -> Value:
    """Return a value of a workbook as it is written again; lists of economies and bodies with semicolons."""
    if isinstance(value, tuple):
        return _names(*value)
    if isinstance(value, Decimal):
        return float(value)
    return "" if value is None else value


def _names(economies: Sequence[Economy], bodies: Sequence[str]) -> str:
    return "; ".join([*(economy.name for economy in economies), *bodies])


def _height(cells: Sequence[Value], columns: Sequence[DataColumn]) -> int:
    """Return the height of a row in points: enough lines for its longest text."""
    lines = [ceil(len(str(value)) / _width(column)) for value, column in zip(cells, columns, strict=True)]
    return LINE * max(1, *lines) + 2


def _rule(book: Book, column: DataColumn) -> dict[str, Any] | None:
    """Return what may be typed into the cells of a column; None for any text."""
    if column.type == "year":
        return year_rule()
    if column.role == "who":
        return book.choice_of_several("who", column.title)
    # The plan may have areas that the list does not have yet.
    return book.choice(column.role or "", "stop" if column.role == "status" else "warning")
