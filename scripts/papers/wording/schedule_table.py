"""The table of the implementation schedule: its declared columns, with the text, place and merging of each cell."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from papers.inputs.table_schemas import NUMERIC, narrow_columns
from papers.wording import english
from papers.wording.figure_markers import capitalised
from papers.wording.tags import Values, shares

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.inputs.settings import ScheduleTable
    from papers.inputs.table_schemas import DataColumn, PrintedColumn
    from papers.model.economies import Economy
    from papers.model.plan import Plan
    from papers.model.schedule import Activity, Edition

# Of the table in templates/implementation-schedule.docx: its width and the size of its text, in points.
_TABLE_WIDTH, _FONT_SIZE = 451.3, 10

Row = list[str]  # the texts of its cells


@lru_cache(maxsize=64)  # the papers of an edition share it: a third of reading 990 papers with a schedule
def schedule_values(declared: ScheduleTable, edition: Edition, plan: Plan) -> Values:
    """Return the tags `columns` and `rows`; no column without a row."""
    printed = _printed(declared, plan)
    rows = _rows(declared, printed, edition, plan)
    if not rows:
        return {"columns": [], "rows": []}
    looks = [
        {"is_right": align == "right", "is_centred": align == "center", "share": share}
        for align, share in zip(
            map(declared.table.alignment, printed), shares([one.width for one in printed]), strict=True
        )
    ]
    merges = _merges(printed, rows)
    return {
        "columns": [{"title": one.title, **look} for one, look in zip(printed, looks, strict=True)],
        "rows": [
            {
                "cells": [
                    {"text": "" if merge["continues"] else text, **merge, **look}
                    for text, merge, look in zip(row, merged, looks, strict=True)
                ]
            }
            for row, merged in zip(rows, merges, strict=True)
        ],
    }


@lru_cache(maxsize=64)
def narrow_notices(declared: ScheduleTable, edition: Edition, plan: Plan) -> list[str]:
    """Return a notice of each printed column that is narrower than its longest word, with a width that suffices."""
    printed = _printed(declared, plan)
    rows = _rows(declared, printed, edition, plan)
    columns = [(one, [row[at] for row in rows]) for at, one in enumerate(printed)]
    found = narrow_columns(columns, _TABLE_WIDTH, _FONT_SIZE)
    return [
        f'{_place(declared, printed[one.index])}: the column "{one.title}" is narrower than its word "{one.word}", '
        f"which will be broken: write width: {one.width:g} or more, or make other columns narrower"
        for one in found
    ]


def _place(declared: ScheduleTable, printed: PrintedColumn) -> str:
    if printed in declared.table.printed and declared.printed_places:
        return str(declared.printed_places[declared.table.printed.index(printed)])
    return declared.file or "the shipped columns of the schedule"


def _printed(declared: ScheduleTable, plan: Plan) -> list[PrintedColumn]:
    """Return the printed columns, in a plan without areas without those that show only the area.

    The shipped one of the areas is called as the plan calls them.
    """
    area, found = declared.id_of("area"), list(declared.table.printed_columns)
    if declared.is_shipped:
        title = {"title": plan.area_level.title}
        found = [one.model_copy(update=title) if one.of == [area] else one for one in found]
    return [one for one in found if plan.areas or one.of != [area]]


def _rows(declared: ScheduleTable, printed: list[PrintedColumn], edition: Edition, plan: Plan) -> list[Row]:
    """Return the texts of the cells, without withdrawn activities.

    The order is that of the workbook, or first that of the priority areas where they are printed; an area without
    any activity has a row with its name alone.
    """
    names = {area.id: area.in_schedule for area in plan.areas}
    area = declared.id_of("area")
    listed = [activity for activity in edition.activities if not activity.is_withdrawn]
    columns = [[declared.table.column(id_) for id_ in one.of] for one in printed]

    def row(activity: Activity) -> Row:
        return [_text(shown, activity, names) for shown in columns]

    if not (plan.areas and area and any(area in one.of for one in printed)):
        return [row(activity) for activity in listed]
    rows: list[Row] = []
    for name in names:
        own = [row(activity) for activity in listed if activity.area == name]
        rows += own or [[names[name] if one.of == [area] else "" for one in printed]]
    return rows + [row(activity) for activity in listed if activity.area not in names]


def _text(columns: list[DataColumn], activity: Activity, areas: dict[str, str]) -> str:
    """Return what a printed column shows of an activity; "2016-2017" for its first and last year."""
    if [column.role for column in columns] == ["first", "last"]:
        return english.timeframe(activity)
    words = [_words(column, activity, areas) for column in columns]
    return ", ".join(word for word in words if word)


def _words(column: DataColumn, activity: Activity, areas: dict[str, str]) -> str:
    if column.role == "area":
        return areas.get(activity.area, "")
    if column.role == "project":
        return activity.project_number
    if column.role == "status":
        return capitalised(activity.status)
    if column.role == "who":
        return english.proponents_in_cell(activity)
    return value_in_cell(column, activity.values.get(column.id))


def value_in_cell(column: DataColumn, value: Any) -> str:
    """Return a value as a cell of a paper shows it: 120,000; 1,234.50 for money; "" for none."""
    if value is None:
        return ""
    if column.type in ("economies", "bodies"):
        return _parties(*value)
    if column.type in NUMERIC:
        is_whole = not isinstance(value, Decimal)
        return f"{value:,}" if is_whole or column.type == "number" else f"{value:,.2f}"
    return str(value)


def _parties(economies: Iterable[Economy], bodies: Iterable[str]) -> str:
    names = [*(economy.with_article for economy in economies), *bodies]
    return ("; " if any("," in name for name in names) else ", ").join(names)


def _merges(printed: list[PrintedColumn], rows: list[Row]) -> list[list[dict[str, bool]]]:
    """Return whether each cell starts or continues a merged cell.

    Equal texts are merged, empty ones not, and none across the border of a merged cell to its left.
    """
    found: list[list[dict[str, bool]]] = []
    before: Row = []
    for row in rows:
        merges, is_same = [], bool(before)
        for at, column in enumerate(printed):
            if column.merge:
                is_same = is_same and row[at] == before[at] and row[at] != ""
            merged = {"starts": column.merge and not is_same, "continues": column.merge and is_same}
            merges.append(merged)
        found.append(merges)
        before = row
    return found
