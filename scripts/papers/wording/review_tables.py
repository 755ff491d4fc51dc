"""Tables of a review: returns, indicators by year, status of activities, priority areas, commitments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.model.measures import over_years
from papers.richtext import no_chart
from papers.wording import counts, english, schedule_text
from papers.wording.counts import counted_indicators, indicators_of_plan
from papers.wording.figure_markers import capitalised
from papers.wording.indicator_text import (
    by_year,
    caution,
    figures_in_words,
    in_parts,
    return_row,
    returns_in_words,
)
from papers.wording.paragraphs import cell_bullets, paragraphs
from papers.wording.review_findings import contributing

if TYPE_CHECKING:
    import datetime

    from papers.inputs.plan_schemas import Indicator, Objective
    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.model.plan import Area
    from papers.model.review import Review
    from papers.model.schedule import Activity
    from papers.richtext import BlocksData
    from papers.wording.tags import Values

_STATUSES = ("proposed", "approved", "in progress", "completed")  # withdrawn activities are not reviewed


def as_of(model: Model, paper: Paper) -> str:
    """Return the day until which returns were counted, in words; "" where it is not known."""
    day = _day(model, paper)
    return english.date(day) if day else ""


def _day(model: Model, paper: Paper) -> datetime.date | None:
    return paper.as_of or model.meeting_of(paper).start


def is_over(model: Model, paper: Paper, year: int) -> bool:
    """Return whether the year was over when the paper was written: otherwise its figures are of a part of it."""
    day = _day(model, paper)
    return day is None or day.year > year


# Returns and indicators


def returns(model: Model, seen: Review) -> Values:
    """Return the tags returns and return_rows: who reported, year by year; empty without indicators."""
    if not seen.has_indicators:
        return {"returns": paragraphs([]), "return_rows": []}
    words = [
        " ".join(returns_in_words(model, year))
        if seen.indicators.reporting(year)
        else f"No return for {year} had come."
        for year in seen.years
    ]
    return {"returns": paragraphs(words), "return_rows": [return_row(model, year) for year in seen.years]}


def year_heads(model: Model, paper: Paper, seen: Review) -> list[str]:
    """Return the heads of columns: 2017, 2018 (so far), 2017 - 2018."""
    heads = [f"{year}{'' if is_over(model, paper, year) else ' (so far)'}" for year in seen.years]
    return heads + ([english.years(seen.plan.first_year, seen.year)] if len(heads) > 1 else [])


def indicators_by_year(model: Model, paper: Paper, seen: Review) -> Values:
    """Return tables and chart of the indicators against years, with the change between full years."""
    if not seen.has_indicators:
        none: Values = {"year_tables": [], "in_parts": False, "chart_of_years": no_chart()}
        return {**none, "caution": paragraphs([])}
    table = by_year(model, seen.plan, seen.year)
    full_years = [year for year in seen.years if is_over(model, paper, year)]
    for row, indicator in zip(table["rows"], indicators_of_plan(seen.plan), strict=True):
        row["change"] = _change(seen, indicator, full_years)
    parts = in_parts(year_heads(model, paper, seen), table["rows"])
    tables = [
        {"years": heads, "rows": [{**row, "change": ""} for row in rows], "last": False}
        for heads, rows in parts[:-1]
    ]
    tables += [{"years": heads, "rows": rows, "last": True} for heads, rows in parts[-1:]]
    return {
        "year_tables": tables,
        "in_parts": len(tables) > 1,
        "chart_of_years": table["chart_of_years"],
        "caution": paragraphs(_cautions(model, paper, seen)),
    }


def _change(seen: Review, indicator: Indicator, full_years: list[int]) -> str:
    if len(full_years) < 2:
        return "no second full year"
    first, last = full_years[0], full_years[-1]
    before, now = (counts.total(seen.indicators, indicator, year) for year in (first, last))
    return english.change(before, now, first, last)


def _cautions(model: Model, paper: Paper, seen: Review) -> list[str]:
    words = [caution(model, seen.plan, seen.year)]
    for year in (year for year in seen.years if not is_over(model, paper, year)):
        if not seen.indicators.reporting(year):
            words.append(f"No return for {year} had come by {as_of(model, paper)}.")
            continue
        words.append(
            f"{year} was not over: its figures are those of the returns received until "
            f"{as_of(model, paper)} and cannot be compared with those of a full year."
        )
    return words


# Activities


def statuses(seen: Review) -> Values:
    """Return the status of the activities, in words and as a table, and which of them are overdue."""
    return {
        "status": paragraphs([schedule_text.statuses_in_words(seen.edition)]),
        "status_areas": schedule_text.table_of_statuses(seen.edition, seen.plan),
        "overdue": schedule_text.overdue_blocks(seen.edition),
    }


def areas_introduction(seen: Review) -> str:
    """Return what the section of each priority area has; "" in a plan without areas."""
    if not seen.plan.areas:
        return ""
    parts = ["its objectives and the activities that serve them"] if seen.plan.objectives else []
    parts += ["the indicators"] if seen.has_indicators else []
    return (
        f"For each priority area: {', '.join([*parts, ''])}{'and ' if parts else ''}the Chair’s assessment."
    )


def priority_area(seen: Review, area: Area, heads: list[str]) -> Values:
    """Return a priority area: its progress, its objectives with their activities, and its figures.

    `heads` are those of the columns of its figures, see `year_heads`.
    """
    objectives = [_objective(seen, area, objective) for objective in area.objectives]
    figures = [_figures(seen, area, indicator) for indicator in counted_indicators(seen.plan)]
    return {
        "name": area.name,
        "progress": _progress(seen, area),
        "objectives": objectives + (_without_objective(seen, area) if objectives else []),
        "tables": [{"heads": years, "figures": rows} for years, rows in in_parts(heads, figures)],
    }


def _progress(seen: Review, area: Area) -> str:
    activities = [activity for activity in seen.reviewed if activity.area == area.id]
    if not activities:
        return "No activity in this priority area."
    what = f"activities not withdrawn in the priority area {area.id}"
    number = counts.activities(seen.edition, activities, what, "priority_area", "status")
    words = schedule_text.each_status(
        _STATUSES, lambda status: counts.with_status(seen.edition, status, area.id)
    )
    return f"{capitalised(english.count(number, 'activity'))} in this priority area: {english.listed(words)}."


def _objective(seen: Review, area: Area, objective: Objective) -> Values:
    activities = [activity for activity in seen.serving(objective) if activity.area == area.id]
    return {"objective": objective.text, "activities": _activities(activities)}


def _without_objective(seen: Review, area: Area) -> list[Values]:
    """Return a row for the activities that no Work Plan links to an objective, if there are any."""
    activities = seen.without_objective(area)
    if not activities:
        return []
    return [{"objective": "No objective stated yet", "activities": _activities(activities)}]


def _activities(activities: list[Activity]) -> BlocksData:
    words = [f"{a.title} ({english.years(a.first_year, a.last_year)}, {a.status})" for a in activities]
    return cell_bullets(words or ["No activity"])


def _figures(seen: Review, area: Area, indicator: Indicator) -> Values:
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
