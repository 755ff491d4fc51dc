"""The workbook of an edition of the schedule, with the columns and lists to pick from of the editions before."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from xlsxwriter import Workbook

from papers.inputs.table_schemas import NUMERIC
from papers.inputs.workbooks import SCHEDULE_SHEET

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from papers.inputs.plan_schemas import Level
    from papers.inputs.settings import ScheduleTable
    from papers.inputs.table_schemas import ColumnRole, DataColumn
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
_LINE = 14  # height of a line, in points
_FONT = {"font_name": "Arial", "font_size": 10, "text_wrap": True, "valign": "top"}
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


class PickList(NamedTuple):
    """What can be picked in the cells of the column with a role: a column of the sheet Lists."""

    role: ColumnRole
    head: str
    width: int
    names: Sequence[str]


def schedule_workbook(
    year: int,
    declared: ScheduleTable,
    activities: Mapping[str, Activity],
    areas: Mapping[str, str],
    parties: Sequence[str],
    statuses: Sequence[str],
    level: Level,
) -> bytes:
    """Return the workbook of the edition of a year, with a row for each of `activities`, by ID.

    Its columns are those that are `declared`; `areas` (id -> name), `parties` (economies and bodies) and `statuses`
    are what can be picked. `level` says what areas are called.
    """
    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": datetime.datetime(1980, 1, 1)})
    formats = {
        "text": book.add_format(_FONT),
        "year": book.add_format({**_FONT, "num_format": "0"}),
        "number": book.add_format({**_FONT, "num_format": "#,##0.##"}),
        "title": book.add_format({**_FONT, "bold": True, "valign": "vcenter", "bg_color": "#D9E2F3"}),
    }
    columns = declared.data_columns
    lists = [
        PickList("area", level.heads, 64, [*areas.values()]),
        PickList("who", "Economies", 24, parties),
        PickList("status", "Statuses", 16, statuses),
    ]
    rows = [_cells(name, activity, areas, columns) for name, activity in activities.items()]
    _add_schedule(book, formats, columns, rows, lists)
    _add_lists(book, formats, lists)
    _add_notes(book, formats, columns, year)
    book.close()
    return buffer.getvalue()


def _add_notes(book: Workbook, formats: Mapping[str, Any], columns: Sequence[DataColumn], year: int) -> None:
    notes = book.add_worksheet("Notes")
    notes.set_column(0, 0, 110)
    notes.write_string(0, 0, f"The implementation schedule, edition {year}", formats["title"])
    titles: dict[str, str] = {"": ""}
    titles |= {column.role: column.title for column in columns if column.role}
    lines = [words.format(titles[role]) for role, words in _NOTES.items() if role in titles]
    for row, words in enumerate([*lines, _NEXT_EDITION], 1):
        notes.write_string(row, 0, words, formats["text"])


def _add_schedule(
    book: Workbook,
    formats: Mapping[str, Any],
    columns: Sequence[DataColumn],
    rows: Sequence[Sequence[Value]],
    lists: Sequence[PickList],
) -> None:
    sheet = book.add_worksheet(SCHEDULE_SHEET)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 1)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, _width(column), formats[_format(column)])
        sheet.write_string(0, at, column.title, formats["title"])
        if rule := _rule(column, lists):
            sheet.data_validation(1, at, _LAST_ROW - 1, at, rule)
    sheet.set_row(0, 2 * _LINE)
    for row, cells in enumerate(rows, 1):
        sheet.set_row(row, _height(cells, columns))
        for at, value in enumerate(cells):
            if isinstance(value, str):
                if value:
                    sheet.write_string(row, at, value, formats["text"])
            else:
                sheet.write_number(row, at, value, formats[_format(columns[at])])
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
    return _LINE * max(1, *lines) + 2


def _rule(column: DataColumn, lists: Sequence[PickList]) -> dict[str, Any] | None:
    """Return what may be typed into the cells of a column; None for any text."""
    if column.type == "year":
        return {
            "validate": "integer",
            "criteria": "between",
            "minimum": 1989,
            "maximum": 2088,
            "error_title": "Year",
            "error_message": "Please type a year of four digits, for example 2021.",
        }
    found = next(((at, one) for at, one in enumerate(lists) if one.role == column.role and one.names), None)
    if found is None:
        return None
    letter, last = chr(ord("A") + found[0]), len(found[1].names) + 1
    rule = {"validate": "list", "source": f"=Lists!${letter}$2:${letter}${last}"}
    if column.role == "who":  # several economies may be typed, which no list has
        return {
            **rule,
            "show_error": False,
            "input_title": column.title[:32],
            "input_message": "One, or several with ;",
        }
    # The plan may have areas that the list does not have yet.
    kind = "stop" if column.role == "status" else "warning"
    return {
        **rule,
        "error_type": kind,
        "error_title": found[1].head,
        "error_message": "Please pick one of the list.",
    }


def _add_lists(book: Workbook, formats: Mapping[str, Any], lists: Sequence[PickList]) -> None:
    sheet = book.add_worksheet("Lists")
    sheet.freeze_panes(1, 0)
    for column, one in enumerate(lists):
        sheet.set_column(column, column, one.width)
        sheet.write_string(0, column, one.head, formats["title"])
        for row, name in enumerate(one.names, 1):
            sheet.write_string(row, column, name, formats["text"])
