"""The columns that the tables of a plan and of its work plans may show, and checks of their declarations."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from papers.inputs.plan_levels import DEFAULT_LEVELS
from papers.inputs.plan_schemas import ActivityPlan, ItemForm
from papers.inputs.table_schemas import NUMERIC, check_printed_columns
from papers.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from papers.inputs.plan_levels import Levels
    from papers.inputs.plan_schemas import PlanFile, PlanTable
    from papers.inputs.table_schemas import DataColumn
    from papers.inputs.yaml import Document
    from papers.problems import Place, Problems

# The columns that every work plan has, in addition to those of the levels.
WORK_COLUMNS = ("id", "activity", "outcome", "timeframe", "cooperation", "status", "project")
NUMBER = "number"  # of the lowest item of the row; goals.number is that of its goal
OF_LEVEL = f".{NUMBER}"


def level_columns(levels: Levels) -> list[str]:
    """Return the ids of the columns that every plan with these levels has."""
    return [NUMBER, *(name for level in levels for name in (level.many, f"{level.many}{OF_LEVEL}"))]


# Checks of a declaration


def check_plan_tables(document: Document[PlanFile], problems: Problems) -> None:
    """Report what is wrong with the declared tables of a plan and its work plans."""
    form = document.form
    names = level_columns(tuple(form.levels) or DEFAULT_LEVELS)
    keys = {*names, "in_list", "in_schedule"}
    if form.tables.plan:
        place = partial(document.place, "tables", "plan")
        check_columns(form.tables.plan, keys | {*ItemForm.model_fields}, names, place, problems)
    if form.tables.work_plan:
        place = partial(document.place, "tables", "work-plan")
        known = [*names, *WORK_COLUMNS]
        taken = {*known, *ActivityPlan.model_fields}
        check_columns(form.tables.work_plan, taken, known, place, problems)


def check_columns(
    table: PlanTable,
    taken: Collection[str],
    known: Sequence[str],
    place: Callable[..., Place],
    problems: Problems,
) -> None:
    """Report ids of columns that are `taken` or used twice, and printed columns that show nothing known."""
    seen: set[str] = set()
    for at, column in enumerate(table.columns):
        if column.id in taken or column.id in seen:
            found, todo = f"the id {quoted(column.id)}, which is used already", "Give the column another id."
            problems.add(place("columns", at, "id"), "doubled", found, "each id once", todo)
        seen.add(column.id)
        _check_plain(column, place("columns", at), problems)
    names = [*known, *(column.id for column in table.columns)]
    check_printed_columns(table.printed, names, place, problems)


def _check_plain(column: DataColumn, place: Place, problems: Problems) -> None:
    """Report a column with a role, or with a type that needs more than a text or a number."""
    if column.type not in ("text", *NUMERIC) or column.role:
        found = (
            f"the {'role ' + column.role if column.role else 'type ' + column.type} of the column {column.id}"
        )
        problems.add(
            place, "wrong-type", found, f"text, {' or '.join(NUMERIC)}, without a role", "Delete it."
        )
