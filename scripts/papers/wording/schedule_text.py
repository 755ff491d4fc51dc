"""Sentences, tables and the timeline about an edition of the implementation schedule and its changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.model.figures import Figure, counted
from papers.model.schedule import STATUSES, Activity, Edition
from papers.model.schedule_changes import KINDS, Change, Changes, changes, edition_before, overdue
from papers.wording import counts, english
from papers.wording.figure_markers import capitalised
from papers.wording.narrative import NamedFigures
from papers.wording.paragraphs import bullets, paragraph, paragraphs
from papers.wording.tags import Each, Text, Values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from papers.model.forum import Model
    from papers.model.plan import Plan

# After a count: "one was added", "three were added".
_CHANGED = {
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
_CHANGES_OF_YEARS = ("extended", "shortened", "rescheduled")
_CHANGES_OF_STATUS = ("approved", "started", "completed", "set back", "withdrawn")
_MOST_OF_TITLE = 46  # characters of a title next to its bar in the timeline

# Tags of the tables below, for the kinds that print them.
STATUS_ROWS = Each(
    "the priority areas, and all together; none in a plan without areas",
    {
        "name": Text("its name in the schedule"),
        **{status.replace(" ", "_"): Text(f"how many are {status}") for status in STATUSES},
        "all": Text("how many there are"),
    },
)


def changes_tag(older: str) -> Each:
    """Return the tag of `table_of_changes`.

    `older` says with which edition the one of the paper is compared.
    """
    return Each(
        "the kinds of change that occur",
        {
            "kind": Text("Added, Completed, ..."),
            "rows": Each(
                "the activities changed in this way",
                {
                    "activity": Text("title and ID of the activity"),
                    "before": Text(f"what was, in {older}"),
                    "now": Text("what is"),
                    "reason": Text("why, where it was said"),
                },
            ),
        },
    )


# Changes


def changes_in_words(found: Changes) -> str:
    """Since the edition of 2017, one activity was added and two were completed.

    17 activities are unchanged.
    """
    since = english.edition(found.since)
    numbers = [(kind, _number_changed(found, kind)) for kind in KINDS if found.of(kind)]
    if not numbers:
        return f"Since the edition of {since}, no activity has changed."
    words = [
        f"{english.count(number, 'activity') if at == 0 else english.number(number)} {english.agree(number, *_CHANGED[kind])}"
        for at, (kind, number) in enumerate(numbers)
    ]
    rest = counted(found.unchanged, f"activities unchanged since {since}", lambda a: a.source("id"))
    unchanged = f"{english.count(rest, 'activity')} {english.agree(rest, 'is', 'are')} unchanged"
    return f"Since the edition of {since}, {english.listed(words)}; {unchanged}."


def changes_since_before(editions: Mapping[str, Edition], edition: Edition) -> str:
    """Return the changes of an edition since the one before, in words; or that it is the first."""
    older = edition_before(editions, edition.name)
    if older is None:
        return f"The edition of {english.edition(edition.name)} is the first."
    return changes_in_words(changes(older, edition))


def _number_changed(found: Changes, kind: str) -> Figure:
    new, old = english.edition(found.name), english.edition(found.since)
    what = f"activities {kind} in the edition of {new}, against that of {old}"
    return counted(found.of(kind), what, lambda change: change.source)


def table_of_changes(found: Changes, plan: Plan) -> list[Values]:
    """Return the rows of `changes_tag`: the kinds of change that occur, each with its activities."""
    return [
        {"kind": kind.capitalize(), "rows": [_row_of_change(change, plan) for change in found.of(kind)]}
        for kind in KINDS
        if found.of(kind)
    ]


def _row_of_change(change: Change, plan: Plan) -> Values:
    before, now = before_and_now(change, plan)
    activity = f"{change.activity.title} ({change.activity.id})"
    return {"activity": activity, "before": before, "now": now, "reason": capitalised(change.reason)}


def before_and_now(change: Change, plan: Plan) -> tuple[str, str]:
    """Return what an activity was and what it is: the years, the status, or whatever else changed."""
    words: dict[str, Callable[[Activity], str]] = {
        **dict.fromkeys(_CHANGES_OF_YEARS, lambda a: english.years(a.first_year, a.last_year)),
        **dict.fromkeys(_CHANGES_OF_STATUS, lambda a: a.status.capitalize()),
        "added": lambda a: f"{a.status.capitalize()}, {english.years(a.first_year, a.last_year)}",
        "renamed": lambda a: a.title,
        "changed hands": lambda a: english.economies_in_cell(a.proponents) or "No proponent",
        "moved area": lambda a: plan.area(a.area).name,  # only in a plan with areas
        "numbered": lambda a: a.project_number or "No number",
    }
    in_words = words[change.kind]
    return in_words(change.before) if change.before else "Not listed", in_words(change.activity)


# Statuses


def statuses_in_words(edition: Edition) -> str:
    """The edition of 2018 lists 22 activities: two are proposed, nine are completed and one is withdrawn."""
    listed = english.count(counts.activities_listed(edition), "activity")
    listed = f"The edition of {english.edition(edition.name)} lists {listed}"
    words = each_status(STATUSES, lambda status: counts.with_status(edition, status))
    return f"{listed}: {english.listed(words)}." if words else f"{listed}."


def each_status(statuses: Iterable[str], number: Callable[[str], Figure]) -> list[str]:
    """Return "two are proposed", "one is completed", ...: the statuses of which `number` is not 0."""
    numbers = [(status, number(status)) for status in statuses]
    return [
        f"{english.number(n)} {english.agree(n, 'is', 'are')} {status}" for status, n in numbers if n.value
    ]


def table_of_statuses(edition: Edition, plan: Plan) -> list[Values]:
    """Return the rows of `STATUS_ROWS`: one for each priority area, and one for all.

    None in a plan without areas, where `statuses_in_words` has the same figures.
    """
    if not plan.areas:
        return []
    rows = [(area.in_schedule, area.id) for area in plan.areas] + [("All priority areas", None)]
    return [
        {
            "name": name,
            **{
                status.replace(" ", "_"): english.figure(counts.with_status(edition, status, area))
                for status in STATUSES
            },
            "all": english.figure(counts.activities_listed(edition, area)),
        }
        for name, area in rows
    ]


def overdue_blocks(edition: Edition) -> richtext.BlocksData:
    """Return which activities are overdue, as bullets after a sentence; or that none is."""
    activities = overdue(edition)
    if not activities:
        return paragraphs(["No activity is overdue."])
    number = counts.overdue_activities(edition)
    verb, whose = english.agree(number, "is", "are"), english.agree(number, "its", "their")
    words = (
        f"{english.count(number, 'activity')} {verb} overdue: {whose} last year is over, but not the work."
    )
    listed = bullets(_overdue_in_words(activity) for activity in activities)
    return richtext.blocks(paragraph(capitalised(words)), *listed["blocks"])


def _overdue_in_words(activity: Activity) -> str:
    """Title (2016 - 2017; Russia; in progress)."""
    years = english.years(activity.first_year, activity.last_year)
    facts = [years, english.economies_in_cell(activity.proponents), activity.status]
    return f"{activity.title} ({'; '.join(fact for fact in facts if fact)})"


# Timeline


def timeline(edition: Edition) -> richtext.ChartData:
    """Return a chart with a bar for each activity that was not withdrawn; no chart if there is none."""
    shown = [activity for activity in edition.activities if activity.status != "withdrawn"]
    if not shown:
        return richtext.no_chart()
    first, last = min(a.first_year for a in shown), max(a.last_year for a in shown)
    alt = (
        f"Timeline of {english.count(counts.not_withdrawn(edition), 'activity')} from {first} to {last}, one bar each, shaded "
        "by status. The table of the implementation schedule gives the same years."
    )
    series: list[tuple[str, list[int | None]]] = [("First year", [a.first_year for a in shown])]
    for status in STATUSES:
        years = [a.last_year - a.first_year + 1 if a.status == status else None for a in shown]
        series += [(status.capitalize(), years)] if any(years) else []
    return richtext.chart("timeline", "", alt, [_bar_label(activity) for activity in shown], series)


def _bar_label(activity: Activity) -> str:
    title = activity.title
    if len(title) > _MOST_OF_TITLE:
        title = f"{title[: _MOST_OF_TITLE - 1].rstrip()}…"
    return f"{activity.id}  {title}"


# Figures that narratives may name


def schedule_facts(model: Model, edition: Edition) -> NamedFigures:
    """Return the figures of an edition that narratives may name: schedule.status.completed, ...

    Each count is there alone ("four") and, with .count appended, before its noun ("four activities").
    """
    older = edition_before(model.editions, edition.name)
    facts: dict[str, str | Callable[[], str]] = {
        "schedule.year": english.edition(edition.name),
        **_number_and_count("schedule.activities", counts.activities_listed, edition),
        **_number_and_count("schedule.overdue", counts.overdue_activities, edition),
    }
    for status in STATUSES:
        facts |= _number_and_count(f"schedule.status.{_name(status)}", counts.with_status, edition, status)
    for area in sorted(area.id for area in (model.plan.areas if model.plan else ())):
        facts |= _number_and_count(f"schedule.areas.{area}", counts.activities_listed, edition, area)
    if older:
        facts["schedule.previous"] = english.edition(older.name)
        for kind in KINDS:
            facts |= _number_and_count(
                f"schedule.changes.{_name(kind)}", _changed_since, older, edition, kind
            )
    return NamedFigures(facts)


def _changed_since(older: Edition, edition: Edition, kind: str) -> Figure:
    return _number_changed(changes(older, edition), kind)


def _name(words: str) -> str:
    return words.replace(" ", "-")


def _number_and_count(name: str, amount: Callable[..., Figure], *of: object) -> dict[str, Callable[[], str]]:
    return {
        name: lambda: english.number(amount(*of)),
        f"{name}.count": lambda: english.count(amount(*of), "activity"),
    }
