"""Tables of a review: returns, indicators by year, status of activities, priority areas, commitments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.model.known import day_of
from papers.model.measures import over_years
from papers.richtext import no_chart
from papers.wording import counts, english, schedule_text
from papers.wording.counts import counted_indicators, indicators_of_plan
from papers.wording.indicator_text import (
    area_sums_in_words,
    by_year,
    caution,
    figures_in_words,
    in_parts,
    late_in_words,
    missing_in_words,
    return_row,
)
from papers.wording.paragraphs import cell_bullets, paragraphs
from papers.wording.phrases import said
from papers.wording.review_findings import contributing

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection

    from papers.inputs.plan_schemas import Indicator
    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.model.plan import PlanItem
    from papers.model.review import Review
    from papers.model.schedule import Activity
    from papers.wording.tags import Values


def as_of(model: Model, paper: Paper) -> str:
    """Return the day until which returns were counted, in words; "" where it is not known."""
    until = day(model, paper)
    return english.date(until) if until else ""


def day(model: Model, paper: Paper) -> datetime.date | None:
    """Return the day until which returns were counted; None where it is not known."""
    return day_of(paper, model.meeting_of(paper))


def is_over(model: Model, paper: Paper, year: int) -> bool:
    """Return whether the year was over when the paper was written: otherwise its figures are of a part of it."""
    until = day(model, paper)
    return until is None or until.year > year


# Returns and indicators


def returns(model: Model, paper: Paper, seen: Review) -> Values:
    """Return the tags returns and return_rows: how many reported, year by year; empty without indicators.

    The words are those of a paper that names economies: which sent no return, or a late one.
    """
    if not seen.has_indicators:
        return {"returns": paragraphs([]), "return_rows": []}
    words = [_named(model, year, paper.name_economies) for year in seen.years]
    rows = [return_row(model, year) for year in seen.years]
    return {"returns": paragraphs(said(*words)), "return_rows": rows}


def _named(model: Model, year: int, naming: Collection[str]) -> str:
    """Return which economies sent no return for a year, or a late one, as far as the paper names them."""
    if not model.indicators.reporting(year):
        return ""
    late = late_in_words(model, year, naming) if "late" in naming else ""
    words = " ".join(said(missing_in_words(model, year, naming), late))
    return f"{year}: {words}" if words else ""


def year_heads(model: Model, paper: Paper, seen: Review) -> list[str]:
    """Return the heads of columns: 2017, 2018 (so far), 2017-2018."""
    heads = [f"{year}{'' if is_over(model, paper, year) else ' (so far)'}" for year in seen.years]
    return heads + ([english.years(seen.plan.first_year, seen.year)] if len(heads) > 1 else [])


def indicators_by_year(model: Model, paper: Paper, seen: Review) -> Values:
    """Return tables and chart of the indicators against years, with the change between full years."""
    if not seen.has_indicators:
        none: Values = {"year_tables": [], "in_parts": False, "chart_of_years": no_chart()}
        return {**none, "caution": paragraphs([])}
    table = by_year(model, seen.plan, seen.year)
    full_years = [year for year in seen.years if is_over(model, paper, year)]
    has_change = len(full_years) > 1
    for row, indicator in zip(table["rows"], indicators_of_plan(seen.plan), strict=True):
        row["change"] = _change(seen, indicator, full_years) if has_change else ""
    parts = in_parts(year_heads(model, paper, seen), table["rows"])
    tables = [
        {"years": heads, "rows": [{**row, "change": ""} for row in rows], "last": False}
        for heads, rows in parts[:-1]
    ]
    tables += [{"years": heads, "rows": rows, "last": has_change} for heads, rows in parts[-1:]]
    return {
        "year_tables": tables,
        "in_parts": len(tables) > 1,
        "chart_of_years": table["chart_of_years"],
        "caution": paragraphs(_cautions(model, paper, seen)),
    }


def _change(seen: Review, indicator: Indicator, full_years: list[int]) -> str:
    first, last = full_years[0], full_years[-1]
    before, now = (counts.total(seen.indicators, indicator, year) for year in (first, last))
    return english.change(before, now, first, last)


def _cautions(model: Model, paper: Paper, seen: Review) -> list[str]:
    words = [caution(model, seen.plan, seen.year)]
    until = day(model, paper)
    for year in (year for year in seen.years if not is_over(model, paper, year)):
        by = english.date_within(until, year) if until else ""
        if not seen.indicators.reporting(year):
            words.append(f"No return for {year} had been received by {by}.")
            continue
        words.append(
            f"As {year} was not yet over, its figures are those of the returns received by {by} and cannot be "
            "compared with those of a full year."
        )
    return words


# Activities


def statuses(model: Model, paper: Paper, seen: Review) -> Values:
    """Return the status of the activities, in words and as a table, and which of them are overdue."""
    return {
        "status": paragraphs(
            [
                *schedule_text.statuses_in_words(seen.edition),
                *schedule_text.without_area_in_words(seen.edition, seen.plan),
            ]
        ),
        "has_statuses": seen.edition.has_statuses,
        "statuses": schedule_text.status_heads(seen.edition, seen.plan),
        "status_areas": schedule_text.table_of_statuses(seen.edition, seen.plan),
        "overdue": schedule_text.overdue_blocks(model, seen.edition, paper.name_economies),
    }


def areas_introduction(seen: Review) -> str:
    """Return what the section of each priority area has; "" in a plan without areas."""
    if not seen.plan.areas:
        return ""
    area, objective = seen.plan.area_level, seen.plan.objective_level
    parts = [f"its {objective.plural} and the activities that serve them"] if seen.plan.objectives else []
    parts += ["the indicators"] if seen.has_indicators else []
    given = english.listed([*parts, "the Chair's assessment"])
    words = f"For each {area.one}, this section gives {given}."
    return " ".join(filter(None, (words, area_sums_in_words(seen.indicators, seen.plan, seen.years))))


def priority_area(seen: Review, area: PlanItem, heads: list[str]) -> Values:
    """Return a priority area: its progress, its objectives with their activities, and its figures.

    `heads` are those of the columns of its figures, see `year_heads`.
    """
    objectives = [_objective(seen, area, objective) for objective in area.children]
    figures = [_figures(seen, area, indicator) for indicator in counted_indicators(seen.plan)]
    return {
        "name": area.name,
        "progress": paragraphs(_progress(seen, area)),
        "objectives": objectives + (_without_objective(seen, area) if objectives else []),
        "tables": [{"heads": years, "figures": rows} for years, rows in in_parts(heads, figures)],
    }


def _progress(seen: Review, area: PlanItem) -> list[str]:
    """Return the area's activities by status in a sentence; nothing where it has none."""
    activities = [activity for activity in seen.reviewed if activity.area == area.id]
    if not activities:
        return []
    name = seen.plan.area_level.one
    what = f"activities not withdrawn in the {name} {area.id}"
    number = counts.activities(seen.edition, activities, what, "area", "status", by_meaning=True)
    listed = schedule_text.by_status(
        seen.edition,
        number,
        lambda status: counts.with_status(seen.edition, status, area.id),
        withdrawn=False,
    )
    return [f"This {name} has {listed}."]


def _objective(seen: Review, area: PlanItem, objective: PlanItem) -> Values:
    activities = [activity for activity in seen.serving(objective) if activity.area == area.id]
    return {"objective": objective.text, "activities": cell_bullets(_activities(activities))}


def _without_objective(seen: Review, area: PlanItem) -> list[Values]:
    """Return a row for the activities that no Work Plan links to an objective, if there are any."""
    activities = seen.without_objective(area)
    if not activities:
        return []
    return [
        {
            "objective": f"{seen.plan.objective_level.head} not yet stated",
            "activities": cell_bullets(_activities(activities)),
        }
    ]


def _activities(activities: list[Activity]) -> list[str]:
    """Return each activity with its years and status; that there is none, if that is so."""
    facts = [", ".join(filter(None, (english.timeframe(a), a.status))) for a in activities]
    words = [f"{a.title} ({more})" if more else a.title for a, more in zip(activities, facts, strict=True)]
    return words or ["No activity"]


def _figures(seen: Review, area: PlanItem, indicator: Indicator) -> Values:
    figures = [counts.of_area(seen.indicators, indicator, area.id, area.name, year) for year in seen.years]
    what = f"{indicator.short}, {seen.years[0]} to {seen.years[-1]}, {area.name}"
    total = [over_years(indicator.over_years, figures).called(what)] if len(figures) > 1 else []
    return {"indicator": indicator.short, "values": figures_in_words([*figures, *total])}


def commitments(seen: Review) -> list[Values]:
    """Return what Leaders and Ministers agreed, with the activities that contribute to it."""
    return [
        {
            "name": commitment.name,
            "count": english.count(contributing(seen, commitment), "activity"),
            "activities": _activities(seen.contributing(commitment)),
        }
        for commitment in seen.plan.commitments
    ]
