"""The workbook of an edition of the schedule, with the columns and lists to pick from of the editions before."""

from __future__ import annotations

import datetime
import io
from math import ceil
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook

from papers.inputs.workbooks import SCHEDULE_SHEET
from papers.model.schedule import STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from papers.inputs.config import ScheduleColumns
    from papers.model.schedule import Activity

_LAST_ROW = 500  # down to which the cells have lists to pick from
_WIDTHS = {
    "id": 10,
    "priority_area": 32,
    "activity": 52,
    "first_year": 9,
    "last_year": 9,
    "proponents": 22,
    "project_number": 16,
    "status": 13,
    "remarks": 50,
}
_LINE = 14  # height of a line, in points
_YEARS = ("first_year", "last_year")
_FONT = {"font_name": "Arial", "font_size": 10, "text_wrap": True, "valign": "top"}
_LISTS = {"Priority areas": 64, "Economies": 24, "Statuses": 16}
_NOTES = (
    "One row of the sheet Schedule is one activity; the papers keep the order of the rows. Keep the header row and"
    " the names of the sheets: the papers are made from them.",
    "ID: the year of the edition in which the activity first appears, and a number. An activity keeps its ID in"
    " later editions of this plan.",
    "Priority area: as plan.yaml names it. Change the list on the sheet Lists where the plan has other areas.",
    "Proponents: one economy, or several separated by a semicolon.",
    "Project number: for example SME 02 2016A. Leave it empty where there is none, or none that is known.",
    "The next edition: save this workbook under its year, or year and month (2022.xlsx, 2022-06.xlsx), bring the"
    " rows up to date, and leave this one as it is.",
)


def schedule_workbook(
    year: int,
    titles: ScheduleColumns,
    activities: Mapping[str, Activity],
    areas: Mapping[str, str],
    economies: Sequence[str],
) -> bytes:
    """Return the workbook of the edition of a year, with a row for each of `activities`, by ID.

    `areas` (id -> name) and `economies` are what can be picked.
    """
    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": datetime.datetime(1980, 1, 1)})
    formats = {
        "text": book.add_format(_FONT),
        "year": book.add_format({**_FONT, "num_format": "0"}),
        "title": book.add_format({**_FONT, "bold": True, "valign": "vcenter", "bg_color": "#D9E2F3"}),
    }
    fields = {field: str(title) for field, title in titles.model_dump().items()}
    lists = dict(zip(_LISTS, ([*areas.values()], economies, STATUSES), strict=True))
    rows = [_cells(name, activity, areas, fields) for name, activity in activities.items()]
    _add_schedule(book, formats, fields, rows, lists)
    _add_lists(book, formats, lists)
    notes = book.add_worksheet("Notes")
    notes.set_column(0, 0, 110)
    notes.write_string(0, 0, f"The implementation schedule, edition {year}", formats["title"])
    for row, words in enumerate(_NOTES, 1):
        notes.write_string(row, 0, words, formats["text"])
    book.close()
    return buffer.getvalue()


def _add_schedule(
    book: Workbook,
    formats: Mapping[str, Any],
    fields: Mapping[str, str],
    rows: Sequence[Sequence[str | int]],
    lists: Mapping[str, Sequence[str]],
) -> None:
    sheet = book.add_worksheet(SCHEDULE_SHEET)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 1)
    for column, (field, title) in enumerate(fields.items()):
        sheet.set_column(column, column, _WIDTHS[field], formats["year" if field in _YEARS else "text"])
        sheet.write_string(0, column, title, formats["title"])
        if rule := _rule(field, lists):
            sheet.data_validation(1, column, _LAST_ROW - 1, column, rule)
    sheet.set_row(0, 2 * _LINE)
    for row, cells in enumerate(rows, 1):
        sheet.set_row(row, _height(cells, fields))
        for column, value in enumerate(cells):
            if isinstance(value, int):
                sheet.write_number(row, column, value, formats["year"])
            elif value:
                sheet.write_string(row, column, value, formats["text"])
    sheet.autofilter(0, 0, max(1, len(rows)), len(fields) - 1)


def _cells(
    name: str, activity: Activity, areas: Mapping[str, str], fields: Mapping[str, str]
) -> list[str | int]:
    """Return the row of an activity, in the order of the fields."""
    values: dict[str, str | int] = {
        "id": name,
        "priority_area": areas.get(activity.area, ""),  # none in a plan without areas
        "activity": activity.title,
        "first_year": activity.first_year,
        "last_year": activity.last_year,
        "proponents": "; ".join(economy.name for economy in activity.proponents),
        "project_number": activity.project_number,
        "status": activity.status,
        "remarks": activity.remarks,
    }
    return [values[field] for field in fields]


def _height(cells: Sequence[str | int], fields: Mapping[str, str]) -> int:
    """Return the height of a row in points: enough lines for its longest text."""
    lines = [ceil(len(str(value)) / _WIDTHS[field]) for value, field in zip(cells, fields, strict=True)]
    return _LINE * max(1, *lines) + 2


def _rule(field: str, lists: Mapping[str, Sequence[str]]) -> dict[str, Any] | None:
    """Return what may be typed into the cells of a column; None for any text."""
    if field in _YEARS:
        return {
            "validate": "integer",
            "criteria": "between",
            "minimum": 1989,
            "maximum": 2088,
            "error_title": "Year",
            "error_message": "Please type a year of four digits, for example 2021.",
        }
    names = {"priority_area": "Priority areas", "proponents": "Economies", "status": "Statuses"}
    if field not in names or not lists[names[field]]:
        return None
    column, last = chr(ord("A") + [*lists].index(names[field])), len(lists[names[field]]) + 1
    rule = {"validate": "list", "source": f"=Lists!${column}$2:${column}${last}"}
    if field == "proponents":  # several economies may be typed, which no list has
        return {
            **rule,
            "show_error": False,
            "input_title": "Proponents",
            "input_message": "One, or several with ;",
        }
    kind = (
        "stop" if field == "status" else "warning"
    )  # the plan may have areas that the list does not have yet
    return {
        **rule,
        "error_type": kind,
        "error_title": names[field],
        "error_message": "Please pick one of the list.",
    }


def _add_lists(book: Workbook, formats: Mapping[str, Any], lists: Mapping[str, Sequence[str]]) -> None:
    sheet = book.add_worksheet("Lists")
    sheet.freeze_panes(1, 0)
    for column, (title, names) in enumerate(lists.items()):
        sheet.set_column(column, column, _LISTS[title])
        sheet.write_string(0, column, title, formats["title"])
        for row, name in enumerate(names, 1):
            sheet.write_string(row, column, name, formats["text"])
