"""How editions of the schedule are told: counts by status, kinds of change, and the figures for narratives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.model.figures import Figure, counted
from papers.model.schedule import STATUSES, Activity, Edition
from papers.model.schedule_changes import KINDS, Change, Changes, changes, edition_before, overdue
from papers.wording import counts, english
from papers.wording.narrative import NamedFigures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from papers.model.forum import Model
    from papers.model.plan import Plan

# After a count: "one was added", "three were added".
_TOLD = {
    "added": ("was added", "were added"),
    "approved": ("was approved", "were approved"),
    "started": ("was started", "were started"),
    "completed": ("was completed", "were completed"),
    "extended": ("was extended", "were extended"),
    "shortened": ("was shortened", "were shortened"),
    "rescheduled": ("begins in another year", "begin in another year"),
    "set back": ("was set back", "were set back"),
    "renamed": ("was renamed", "were renamed"),
    "changed hands": ("changed hands", "changed hands"),
    "moved area": ("moved to another priority area", "moved to another priority area"),
    "numbered": ("received a project number", "received a project number"),
    "withdrawn": ("was withdrawn", "were withdrawn"),
}
_LABEL = 46  # characters of a title beside its bar in the timeline
_YEARS, _STATUS = (
    ("extended", "shortened", "rescheduled"),
    ("approved", "started", "completed", "set back", "withdrawn"),
)


def changes_in_words(found: Changes) -> str:
    """Since the edition of 2017, one activity was added, two were completed and one was withdrawn."""
    numbers = [(kind, changed(found, kind)) for kind in KINDS if found.of(kind)]
    if not numbers:
        return f"Since the edition of {found.since}, no activity has changed."
    told = [
        f"{english.count(amount, 'activity') if at == 0 else english.number(amount)} {_TOLD[kind][amount.value > 1]}"
        for at, (kind, amount) in enumerate(numbers)
    ]
    rest = counted(found.unchanged, f"activities unchanged since {found.since}", lambda a: a.source("id"))
    verb = "is" if rest.value < 2 else "are"
    return f"Since the edition of {found.since}, {english.listed(told)}; {english.count(rest, 'activity')} {verb} unchanged."


def changed(found: Changes, kind: str) -> Figure:
    """How many activities changed in this way."""
    what = f"activities {kind} in the edition of {found.year}, against that of {found.since}"
    return counted(found.of(kind), what, lambda change: change.source)


def changes_since_before(editions: dict[int, Edition], year: int) -> str:
    """The changes of the edition `year` since the one before, in words; or that it is the first."""
    older = edition_before(editions, year)
    if older is None:
        return f"The edition of {year} is the first."
    return changes_in_words(changes(older, editions[year]))


def statuses_in_words(edition: Edition) -> str:
    """The edition of 2018 lists 22 activities: two are proposed, nine are completed and one is withdrawn."""
    listed = english.count(counts.activities(edition, edition.activities, "activities listed"), "activity")
    listed = f"The edition of {edition.year} lists {listed}"
    told = each_status(STATUSES, lambda status: counts.with_status(edition, status))
    return f"{listed}: {english.listed(told)}." if told else f"{listed}."


def each_status(statuses: Iterable[str], number: Callable[[str], Figure]) -> list[str]:
    """two are proposed, one is completed: the statuses that occur."""
    numbers = [(status, number(status)) for status in statuses]
    return [
        f"{english.number(n)} {'is' if n.value == 1 else 'are'} {status}" for status, n in numbers if n.value
    ]


def before_and_now(change: Change, plan: Plan) -> tuple[str, str]:
    """What an activity was and what it is, in the words that belong to the kind of change."""
    told = {
        **dict.fromkeys(_YEARS, lambda a: english.years(a.first_year, a.last_year)),
        **dict.fromkeys(_STATUS, lambda a: a.status.capitalize()),
        "added": lambda a: f"{a.status.capitalize()}, {english.years(a.first_year, a.last_year)}",
        "renamed": lambda a: a.title,
        "changed hands": lambda a: english.economies(a.proponents) or "No proponent",
        "moved area": lambda a: plan.area(a.area).name,
        "numbered": lambda a: a.project_number or "No number",
    }[change.kind]
    return told(change.before) if change.before else "Not listed", told(change.activity)


def overdue_in_words(activity: Activity) -> str:
    """Title (2016 - 2017; Russia; in progress)."""
    facts = [english.years(activity.first_year, activity.last_year), english.economies(activity.proponents)]
    return f"{activity.title} ({'; '.join(fact for fact in (*facts, activity.status) if fact)})"


def table_of_changes(found: Changes, plan: Plan) -> list[dict]:
    """The kinds of change that occur, each with its activities: kind, rows of activity, before, now, reason."""
    return [
        {"kind": kind.capitalize(), "rows": [_changed(change, plan) for change in found.of(kind)]}
        for kind in KINDS
        if found.of(kind)
    ]


def _changed(change, plan: Plan) -> dict:
    before, now = before_and_now(change, plan)
    activity = f"{change.activity.title} ({change.activity.id})"
    return {"activity": activity, "before": before, "now": now, "reason": english.sentence(change.reason)}


def table_of_statuses(edition: Edition, plan: Plan) -> list[dict]:
    """Counts by status: one row a priority area, and one for all."""
    rows = [(area.in_schedule, area.id) for area in plan.areas] + [("All priority areas", None)]
    return [
        {
            "name": name,
            **{
                status.replace(" ", "_"): english.figure(counts.with_status(edition, status, area))
                for status in STATUSES
            },
            "all": english.figure(listed_in(edition, area)),
        }
        for name, area in rows
    ]


def listed_in(edition: Edition, area: str | None) -> Figure:
    """How many activities a priority area has, or all together."""
    if area is None:
        return counts.activities(edition, edition.activities, "activities listed")
    what = f"activities in the priority area {area}"
    return counts.activities(edition, edition.of_area(area), what, "priority_area")


def late(edition: Edition) -> Figure:
    """How many activities are overdue."""
    return counts.activities(edition, overdue(edition), "activities overdue", "last_year", "status")


def overdue_blocks(edition: Edition) -> dict:
    """Which activities are overdue, as bullets, or that none is."""
    those = overdue(edition)
    if not those:
        return richtext.blocks(richtext.block(richtext.BODY, richtext.line("No activity is overdue.")))
    is_or_are, whose = ("is", "its") if len(those) == 1 else ("are", "their")
    said = f"{english.count(late(edition), 'activity')} {is_or_are} overdue: {whose} last year is over, but not the work."
    first = richtext.block(richtext.BODY, richtext.line(english.sentence(said)))
    bullets = [
        richtext.block(richtext.BULLET, richtext.line(overdue_in_words(activity))) for activity in those
    ]
    return richtext.blocks(first, *bullets)


def timeline(edition: Edition) -> dict:
    """A chart of the activities that were not withdrawn, a bar each; an empty one where there is none."""
    shown = [activity for activity in edition.activities if activity.status != "withdrawn"]
    if not shown:
        alt = f"Timeline without a bar: the edition of {edition.year} lists no activity."
        return richtext.chart(
            "timeline", "", alt, ["No activity"], [("First year", [edition.year]), ("Years", [0])]
        )
    first, last = min(a.first_year for a in shown), max(a.last_year for a in shown)
    number = counts.activities(edition, shown, "activities not withdrawn", "status")
    alt = (
        f"Timeline of {english.count(number, 'activity')} from {first} to {last}, one bar each, shaded by status. "
        "The table of the implementation schedule gives the same years."
    )
    series: list[tuple[str, list[int | None]]] = [("First year", [a.first_year for a in shown])]
    for status in STATUSES:
        years = [a.last_year - a.first_year + 1 if a.status == status else None for a in shown]
        series += [(status.capitalize(), years)] if any(years) else []
    return richtext.chart("timeline", "", alt, [_label(activity) for activity in shown], series)


def _label(activity: Activity) -> str:
    title = activity.title if len(activity.title) <= _LABEL else f"{activity.title[: _LABEL - 1].rstrip()}…"
    return f"{activity.id}  {title}"


def facts(model: Model, year: int) -> NamedFigures:
    """Figures of the edition `year` for narratives, in words: schedule.status.completed, schedule.changes.added, ..."""
    edition, older = model.editions[year], edition_before(model.editions, year)
    told = {
        "schedule.year": str(year),
        **_both("schedule.activities", listed_in, edition, None),
        **_both("schedule.overdue", late, edition),
    }
    for status in STATUSES:
        told |= _both(f"schedule.status.{_name(status)}", counts.with_status, edition, status)
    for area in sorted({area.id for plan in model.plans.values() for area in plan.areas}):
        told |= _both(f"schedule.areas.{area}", listed_in, edition, area)
    if older:
        told["schedule.previous"] = str(older.year)
        for kind in KINDS:
            told |= _both(f"schedule.changes.{_name(kind)}", _changed_since, older, edition, kind)
    return NamedFigures(told)


def _changed_since(older: Edition, edition: Edition, kind: str) -> Figure:
    return changed(changes(older, edition), kind)


def _name(words: str) -> str:
    return words.replace(" ", "-")


def _both(name: str, amount: Callable[..., Figure], *of: object) -> dict[str, Callable[[], str]]:
    """Alone ("four") and with its noun ("four activities")."""
    return {
        name: lambda: english.number(amount(*of)),
        f"{name}.count": lambda: english.count(amount(*of), "activity"),
    }
