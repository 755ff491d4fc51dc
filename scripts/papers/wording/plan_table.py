"""The plan's own table as rows: one for each item without items below it, with the items above it.

Which columns are printed is declared in plan.yaml (tables, plan); without that, there is one for each level.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from papers.inputs.table_schemas import NUMERIC, PrintedColumn
from papers.model.plan_tables import NUMBER, OF_LEVEL, level_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from papers.inputs.plan_schemas import Level
    from papers.inputs.table_schemas import DataColumn
    from papers.model.plan import Plan, PlanItem


@dataclass(frozen=True)
class PlanCell:
    """What a column of a row shows; `owner` is the id of the item that it belongs to.

    Cells one below the other are merged if they belong to the same item and show the same. Several texts are
    a list, unless they are `plain`.
    """

    texts: tuple[str, ...]
    owner: str = ""
    plain: bool = False
    is_number: bool = False


def printed(title: str, of: Sequence[str], width: float, merge: bool = False) -> PrintedColumn:
    """Return a printed column of a table that is not declared."""
    return PrintedColumn.model_validate({"title": title, "of": [*of], "width": width, "merge": merge})


def printed_columns(plan: Plan) -> list[PrintedColumn]:
    """Return the printed columns: those declared, or the levels and then the other declared columns."""
    if plan.table and plan.table.printed:
        return plan.table.printed
    number = [printed("No.", [f"{plan.levels[0].many}{OF_LEVEL}"], 0.8, merge=True)]
    levels = [
        printed(level.titles, [*_own_number(level, at), level.many], 4, merge=True)
        for at, level in enumerate(plan.levels)
    ]
    others = [printed(one.title, [one.id], 4) for one in (plan.table.columns if plan.table else ())]
    return [*(number if plan.levels[0].number else []), *levels, *others]


def _own_number(level: Level, at: int) -> list[str]:
    """Return the column of a level's number, which stands before its name; that of the first level has its own."""
    return [f"{level.many}{OF_LEVEL}"] if at and level.number else []


def plan_rows(plan: Plan) -> list[dict[str, PlanCell]]:
    """Return the rows of the plan's table, each as id of the column -> its cell."""
    return [_row(plan, path) for path in _paths(plan.areas)]


def _paths(items: Sequence[PlanItem], above: tuple[PlanItem, ...] = ()) -> Iterator[tuple[PlanItem, ...]]:
    """Yield the way from the first level to each item without items below it."""
    for item in items:
        if item.children:
            yield from _paths(item.children, (*above, item))
        else:
            yield (*above, item)


def _row(plan: Plan, path: tuple[PlanItem, ...]) -> dict[str, PlanCell]:
    cells = {name: PlanCell(()) for name in level_columns(plan.levels)}
    for level, item in zip(plan.levels, path, strict=False):
        cells[level.many] = PlanCell(tuple(item.words), item.id, plain=True)
        cells[f"{level.many}{OF_LEVEL}"] = PlanCell((item.number,), item.id)
    cells[NUMBER] = PlanCell((path[-1].number,), path[-1].id)
    for column in plan.table.columns if plan.table else ():
        owner = next((item for item in reversed(path) if item.attributes.get(column.id)), path[-1])
        cells[column.id] = further_cell(column, owner.attributes.get(column.id), owner.id)
    return cells


def further_cell(column: DataColumn, value: Sequence[str] | Decimal | None, owner: str) -> PlanCell:
    """Return the cell of a declared column: its texts, or a number such as 120,000 or, of money, 1,234.50."""
    if not isinstance(value, Decimal):
        return PlanCell(tuple(value or ()), owner, is_number=column.type in NUMERIC)
    is_whole = value == int(value)
    text = f"{int(value):,}" if is_whole else f"{value:,.2f}" if column.type == "money" else f"{value:,}"
    return PlanCell((text,), owner, is_number=True)
