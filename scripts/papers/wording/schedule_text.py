"""Sentences, tables and the timeline about an edition of the implementation schedule and its changes."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from papers import richtext
from papers.inputs.settings import MEANINGS
from papers.inputs.table_schemas import word_width
from papers.model.figures import Figure, counted
from papers.model.schedule_changes import KINDS, Change, Changes, changes, edition_before, overdue
from papers.wording import counts, english
from papers.wording.figure_markers import capitalised
from papers.wording.narrative import NamedFigures
from papers.wording.paragraphs import bullets, paragraph, paragraphs
from papers.wording.phrases import said, say
from papers.wording.tags import Each, Share, Text, Values, shares

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from papers.model.forum import Model
    from papers.model.plan import Plan
    from papers.model.schedule import Activity, Edition

# After a count: "one was added", "three were added".
_CHANGED = {
    "added": ("was added", "were added"),
    "approved": ("was approved", "were approved"),
    "started": ("was started", "were started"),
    "completed": ("was completed", "were completed"),
    "extended": ("was extended", "were extended"),
    "shortened": ("was shortened", "were shortened"),
    "rescheduled": ("was rescheduled", "were rescheduled"),
    "set back": ("returned to an earlier status", "returned to an earlier status"),
    "status changed": ("changed status", "changed status"),
    "renamed": ("was renamed", "were renamed"),
    "changed hands": ("changed proponents", "changed proponents"),
    "moved area": ("moved to another {area}", "moved to another {area}"),
    "numbered": ("received a project number", "received a project number"),
    "withdrawn": ("was withdrawn", "were withdrawn"),
}
_ADDED = "Activities that were added are also counted under their present status and project number."
_CHANGES_OF_YEARS = ("extended", "shortened", "rescheduled")
_CHANGES_OF_STATUS = ("approved", "started", "completed", "set back", "status changed", "withdrawn")

# Tags of the tables below, for the kinds that print them.
_USUAL_WIDTHS = [12.0, 12.0, 12.0, 13.0, 13.0]  # of the five statuses that forums have without a declaration
_SHARE = Share("how wide the column is")
STATUS_HEADS = Each(
    "the statuses of the forum, as heads of columns; none in a plan without areas",
    {"name": Text("its name"), "share": _SHARE},
)
STATUS_ROWS = Each(
    "the priority areas, and all together; none in a plan without areas",
    {
        "name": Text("its name in the schedule"),
        "cells": Each(
            "one for each status", {"number": Text("how many activities have it"), "share": _SHARE}
        ),
        "all": Text("how many there are"),
    },
)


NOT_LISTED = "–"  # in the column Before; `not_listed_in_words` explains it once
NOT_LISTED_TAG = Text("what a dash before the changes means; empty where no activity was added")


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
                    "id": Text("ID of the activity"),
                    "activity": Text("its title"),
                    "before": Text(f"what was, in {older}"),
                    "now": Text("what is"),
                    "reason": Text("why, where it was said"),
                },
            ),
        },
    )


# Changes


def changes_in_words(model: Model, found: Changes) -> list[str]:
    """Since the 2017 edition, one activity was added and two were completed; 17 activities are unchanged.

    Nothing where neither edition lists an activity.
    """
    since = english.edition(found.since)
    numbers = [(kind, _number_changed(found, kind)) for kind in KINDS if found.of(kind)]
    if not numbers:
        return said(say(model, "schedule.no-change", activities=len(found.unchanged), since=since))
    words = [
        f"{english.count(number, 'activity') if at == 0 else english.number(number)} {_changed(found, kind, number)}"
        for at, (kind, number) in enumerate(numbers)
    ]
    rest = counted(found.unchanged, f"activities unchanged since {since}", found.source_of_unchanged)
    unchanged = f"{english.count(rest, 'activity')} {english.agree(rest, 'remains', 'remain')} unchanged"
    added = (
        f" {_ADDED}" if any(change.before is None and change.kind != "added" for change in found.all) else ""
    )
    return [f"Since the {since} edition, {english.listed(words)}; {unchanged}.{added}"]


def _changed(found: Changes, kind: str, number: Figure) -> str:
    return english.agree(number, *_CHANGED[kind]).format(area=found.area_name)


def changes_since_before(model: Model, edition: Edition) -> list[str]:
    """Return the changes of an edition since the one before, in words; or that it is the first."""
    older = edition_before(model.editions, edition.name)
    if older is None:
        name, number = english.edition(edition.name), len(edition.activities)
        return said(say(model, "schedule.first-edition", activities=number, edition=name))
    return changes_in_words(model, changes(older, edition))


def _number_changed(found: Changes, kind: str) -> Figure:
    new, old = english.edition(found.name), english.edition(found.since)
    what = f"activities {kind} in the edition of {new}, against that of {old}"
    return counted(found.of(kind), what, lambda change: change.source)


def table_of_changes(found: Changes, plan: Plan) -> list[Values]:
    """Return the rows of `changes_tag`: the kinds of change that occur, each with its activities."""
    return [
        {
            "kind": _name_of_change(kind, plan),
            "rows": [_row_of_change(change, plan) for change in found.of(kind)],
        }
        for kind in KINDS
        if found.of(kind)
    ]


def _name_of_change(kind: str, plan: Plan) -> str:
    """Return the name of a kind of change at the head of its rows."""
    names = {
        "moved area": f"Moved to another {plan.area_level.one}",
        "changed hands": "Changed proponents",
        "numbered": "Project number received",
        "set back": "Returned to an earlier status",
    }
    return names.get(kind, kind.capitalize())


def _row_of_change(change: Change, plan: Plan) -> Values:
    before, now = before_and_now(change, plan)
    return {
        "id": change.activity.id,
        "activity": change.activity.title,
        "before": before,
        "now": now,
        "reason": capitalised(change.reason),
    }


def before_and_now(change: Change, plan: Plan) -> tuple[str, str]:
    """Return what an activity was and what it is: the years, the status, or whatever else changed."""
    words: dict[str, Callable[[Activity], str]] = {
        **dict.fromkeys(_CHANGES_OF_YEARS, english.timeframe),
        **dict.fromkeys(_CHANGES_OF_STATUS, lambda a: capitalised(a.status)),
        "added": lambda a: capitalised(", ".join(filter(None, (a.status, english.timeframe(a))))) or "Listed",
        "renamed": lambda a: a.title,
        "changed hands": lambda a: english.proponents_in_cell(a) or "No proponent",
        "moved area": lambda a: plan.area(a.area).name,  # only in a plan with areas
        "numbered": lambda a: a.project_number or "No number",
    }
    in_words = words[change.kind]
    return in_words(change.before) if change.before else NOT_LISTED, in_words(change.activity)


def not_listed_in_words(model: Model, found: Changes) -> str:
    """Return what the dashes in the column Before mean: a note below the table. "" where there is none."""
    if all(change.before for change in found.all):
        return ""
    return say(model, "schedule.not-listed", since=english.edition(found.since))


# Statuses


def statuses_in_words(edition: Edition) -> list[str]:
    """The 2018 edition lists 12 activities, of which two are proposed, nine are completed and one is withdrawn.

    Nothing where it lists none.
    """
    if not edition.activities:
        return []
    number = counts.activities_listed(edition)
    listed = by_status(edition, number, lambda status: counts.with_status(edition, status))
    return [f"The {english.edition(edition.name)} edition lists {listed}."]


def without_area_in_words(edition: Edition, plan: Plan) -> list[str]:
    """Return why the areas in the table of statuses do not add up to its last row; nothing where they do."""
    number = counts.without_area(edition)
    if not (number.value and table_of_statuses(edition, plan)):
        return []
    verb, appear = english.agree(number, "is", "are"), english.agree(number, "appears", "appear")
    words = f"{english.count(number, 'activity')} {verb} not assigned to any {plan.area_level.one}"
    return [f"{capitalised(words)} and {appear} in the last row only."]


def by_status(
    edition: Edition, number: Figure, figure: Callable[[str], Figure], withdrawn: bool = True
) -> str:
    """Return "four activities, of which one is proposed and three are completed"; "one activity, which is proposed".

    `number` counts the activities, `figure` those with a status. `withdrawn`: whether statuses that mean withdrawn
    are among them.
    """
    listed = english.count(number, "activity")
    statuses = [status.name for status in edition.statuses if withdrawn or status.means != "withdrawn"]
    found = [(status, n) for status, n in ((status, figure(status)) for status in statuses) if n.value]
    if not found:
        return listed
    if found[0][1].value == number.value:
        return f"{listed}, {english.agree(number, 'which is', 'all of which are')} {found[0][0]}"
    words = [f"{english.number(n)} {english.agree(n, 'is', 'are')} {status}" for status, n in found]
    return f"{listed}, of which {english.listed(words)}"


def status_heads(edition: Edition, plan: Plan) -> list[Values]:
    """Return the heads of `STATUS_HEADS`, each with the share that its longest word needs."""
    if not (plan.areas and edition.activities and edition.has_statuses):
        return []
    names = [status.name for status in edition.statuses]
    widths = _USUAL_WIDTHS if has_usual_statuses(edition) else [word_width(name) for name in names]
    return [
        {"name": capitalised(name), "share": share} for name, share in zip(names, shares(widths), strict=True)
    ]


def has_usual_statuses(edition: Edition) -> bool:
    """Return whether the statuses are those that a forum without a declaration has."""
    return [status.name for status in edition.statuses] == [m for m in MEANINGS if m != "none"]


def table_of_statuses(edition: Edition, plan: Plan) -> list[Values]:
    """Return the rows of `STATUS_ROWS`: one for each priority area, and one for all.

    None in a plan without areas, where `statuses_in_words` has the same figures, without statuses or activities.
    """
    heads = status_heads(edition, plan)
    if not heads:
        return []
    rows = [(area.in_schedule, area.id) for area in plan.areas] + [(f"All {plan.area_level.plural}", None)]
    return [
        {
            "name": name,
            "cells": [
                {
                    "number": english.figure(counts.with_status(edition, status.name, area)),
                    "share": head["share"],
                }
                for status, head in zip(edition.statuses, heads, strict=True)
            ],
            "all": english.figure(counts.activities_listed(edition, area)),
        }
        for name, area in rows
    ]


def overdue_blocks(model: Model, edition: Edition, naming: Collection[str] = ()) -> richtext.BlocksData:
    """Return which activities are overdue, as bullets after a sentence; or that none of them is.

    Their proponents are named where `naming` has overdue.

    Nothing where the schedule has no timeframes or statuses, so that this is unknown.
    """
    if not (edition.has_statuses and edition.has_timeframes):
        return paragraphs([])
    activities = overdue(edition)
    if not activities:
        return paragraphs(said(say(model, "schedule.not-overdue", activities=len(edition.activities))))
    number = counts.overdue_activities(edition)
    verb = english.agree(number, "is", "are")
    why = english.agree(
        number,
        "its last year has ended, but the work has not been completed",
        "their last years have ended, but the work has not been completed",
    )
    words = f"{english.count(number, 'activity')} {verb} overdue: {why}."
    listed = bullets(_overdue_in_words(activity, naming) for activity in activities)
    return richtext.blocks(paragraph(capitalised(words)), *listed["blocks"])


def _overdue_in_words(activity: Activity, naming: Collection[str]) -> str:
    """Title (2016-2017; in progress); Title (2016-2017; Russia; in progress)."""
    proponents = english.proponents_in_cell(activity) if "overdue" in naming else ""
    facts = [english.timeframe(activity), proponents, activity.status]
    return f"{activity.title} ({'; '.join(fact for fact in facts if fact)})"


# Timeline


_LETTERS_IN_LINE = 74  # of a label next to its bar, which has two lines at most in the shipped schedules
_LINE_CM, _BETWEEN_BARS_CM = 0.3, 0.06
_AXIS_AND_LEGEND_CM, _MOST_CM, _TIMELINE_CM = 1.8, 22.0, 15.9


def timeline(edition: Edition) -> richtext.ChartData:
    """Return a chart with a bar for each activity that was not withdrawn; no chart if there is none.

    An activity without an end has a bar to the last year of all; one that does not say when it begins has none.
    """
    shown = [a for a in edition.activities if not a.is_withdrawn and a.first_year is not None]
    if not shown:
        return richtext.no_chart()
    starts = [activity.first_year or 0 for activity in shown]
    ends = [activity.last_year for activity in shown if activity.last_year is not None]
    first, last = min(starts), max([*ends, *starts])
    shades = ", shaded by status" if edition.has_statuses else ""
    same = "" if any(activity.timeframe.text for activity in shown) else "years"
    alt = (
        f"Timeline of {english.count(counts.in_timeline(edition, shown), 'activity')} from {first} to {last}, with one "
        f"bar for each{shades}. The table of the implementation schedule gives the same {same or 'timeframes'}."
    )
    series: list[tuple[str, list[int | None]]] = [("First year", [*starts])]
    for name, statuses in _shades(edition):
        years = [
            (activity.last_year or last) - start + 1 if activity.status in statuses else None
            for activity, start in zip(shown, starts, strict=True)
        ]
        series.append((name, years))
    labels, height = _bar_labels(shown)
    return richtext.chart("timeline", "", alt, labels, series, _TIMELINE_CM, height)


def _shades(edition: Edition) -> list[tuple[str, list[str]]]:
    """Return (name in the legend, names of statuses) for each shade: statuses of one meaning share one.

    Those without an activity are among them, so that a status has the same shade in all editions.
    """
    if not edition.has_statuses:
        return [("Activities", [""])]
    by_meaning: dict[str, list[str]] = {}
    for status in edition.statuses:
        if status.means != "withdrawn":
            by_meaning.setdefault(status.means, []).append(status.name)
    return [(capitalised(", ".join(names)), names) for names in by_meaning.values()]


def _bar_labels(shown: list[Activity]) -> tuple[list[str], float]:
    """Return the label of each bar, and the height in centimetres of a timeline that shows all of them whole.

    Where they do not fit on a page, the labels are the ids of the activities alone.
    """
    for labels in ([f"{a.id}  {a.title}" for a in shown], [a.id for a in shown]):
        lines = max(len(textwrap.wrap(label, _LETTERS_IN_LINE)) for label in labels)
        height = _AXIS_AND_LEGEND_CM + (_LINE_CM * max(lines, 1.5) + _BETWEEN_BARS_CM) * len(shown)
        if height <= _MOST_CM:
            break
    return labels, min(height, _MOST_CM)


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
    for status in edition.statuses if edition.has_statuses else ():
        name = f"schedule.status.{_name(status.name)}"
        facts |= _number_and_count(name, counts.with_status, edition, status.name)
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
