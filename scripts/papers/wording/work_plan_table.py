"""The table of a work plan's activities, where its columns are declared or the plan has levels of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.model.plan_tables import WORK_COLUMNS, level_columns
from papers.wording import english
from papers.wording.figure_markers import capitalised
from papers.wording.plan_table import PlanCell, further_cell, printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.inputs.table_schemas import PrintedColumn
    from papers.model.plan import Plan, PlanItem
    from papers.model.workplan import PlannedActivity, WorkPlan

# What every work plan has of an activity: id of the column -> its usual head and width.
_USUAL = {
    "activity": ("Action Items", 5),
    "outcome": ("Expected Outcomes", 4.5),
    "timeframe": ("Timeframe", 2.5),
    "cooperation": ("Cooperating Party", 3),
}


def has_declared_table(plan: Plan, work: WorkPlan) -> bool:
    """Whether the table is not the usual one of the activities of a schedule by priority area."""
    return plan.has_own_levels or plan.work_table is not None or work.edition is None


def printed_columns(plan: Plan, work: WorkPlan) -> list[PrintedColumn]:
    """Return the printed columns: those declared, or the usual ones of which the work plan says anything."""
    if plan.work_table and plan.work_table.printed:
        return plan.work_table.printed
    first, *lower = plan.levels
    columns = [printed(first.title, [first.many], 3, merge=True)]
    if lower:
        titles = "/".join(level.titles for level in lower)
        columns.append(printed(titles, [level.many for level in lower], 4, merge=True))
    columns += [printed(title, [name], width) for name, (title, width) in _USUAL.items()]
    others = plan.work_table.columns if plan.work_table else ()
    columns += [printed(one.title, [one.id], 3) for one in others]
    rows = work_rows(plan, work)
    return [one for one in columns if any(row[name].texts for row in rows for name in one.of)]


def work_rows(plan: Plan, work: WorkPlan) -> list[dict[str, PlanCell]]:
    """Return the rows of the table, by items of the first level; last those that belong to none."""
    ordered = [each for area in [*(area.id for area in plan.areas), ""] for each in work.of_area(area)]
    return [_row(plan, each, at) for at, each in enumerate(ordered, 1)]


def _row(plan: Plan, work: PlannedActivity, at: int) -> dict[str, PlanCell]:
    cells = {name: PlanCell(()) for name in (*level_columns(plan.levels), *WORK_COLUMNS)}
    cells |= dict(_served(plan, work))
    entry, activity = work.plan, work.activity
    texts = {
        "id": [work.id],
        "activity": [work.title],
        "outcome": [entry.outcome] if entry else [],
        "timeframe": [timeframe(work)],
        "cooperation": ["; ".join(parties(work))],
        "status": [capitalised(activity.status)] if activity else [],
        "project": [activity.project_number] if activity else [],
        "number": [str(at)],
    }
    owner = f"row {at}"
    for column in plan.work_table.columns if plan.work_table else ():
        cells[column.id] = further_cell(column, getattr(entry, column.id, None), owner)
    return cells | {name: _cell(found, owner) for name, found in texts.items()}


def _cell(texts: list[str], owner: str) -> PlanCell:
    return PlanCell(tuple(text for text in texts if text), owner)


def _served(plan: Plan, work: PlannedActivity) -> Iterator[tuple[str, PlanCell]]:
    """Yield the columns of the levels: what an activity serves, and the items above that."""
    area = plan.area(work.area) if work.area else None
    if area is None:
        return
    served = set(work.plan.serves) if work.plan else set()
    items = [area, *(item for item in area.below if not item.ids.isdisjoint(served))]
    for depth, level in enumerate(plan.levels, 1):
        shown = [item for item in items if item.level == depth]
        owner = " ".join(item.id for item in shown)
        texts = [text for item in shown for text in (item.words if depth == 1 else [_in_words(item)])]
        yield level.many, PlanCell(tuple(texts), owner, plain=depth == 1)
        yield f"{level.many}.number", PlanCell(tuple(item.number for item in shown), owner)


def _in_words(item: PlanItem) -> str:
    return " ".join(word for word in (item.number, item.text) if word)


def timeframe(work: PlannedActivity) -> str:
    """Return the timeframe that the work plan states, or the years and status of the schedule; "" for neither."""
    if work.plan and work.plan.timeframe:
        return work.plan.timeframe
    activity = work.activity
    if activity is None:
        return ""
    when, status = english.timeframe(activity), activity.status
    return f"{when} ({status})" if when and status else when or status


def parties(work: PlannedActivity) -> list[str]:
    """Return the economies that propose an activity, then its partners."""
    partners = work.plan.cooperation if work.plan else []
    activity = work.activity
    if activity is None:
        return partners
    names = [*(economy.with_article for economy in activity.proponents), *activity.bodies, *partners]
    if len(names) == 1 and not partners:
        return [english.proponents_in_cell(activity)]  # a single name stands without its article
    return names
