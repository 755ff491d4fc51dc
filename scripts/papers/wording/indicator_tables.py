"""Tables, charts and sentences of the indicators that several kinds of paper show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import text
from papers.model.figures import Figure
from papers.wording import english
from papers.wording.indicator_facts import economies_or_none, indicators_of_plan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.model.build import Model
    from papers.model.indicators import Item
    from papers.model.plan import Plan
    from papers.reading.forms import Indicator


def returns_in_words(model: Model, year: int) -> list[str]:
    """Two paragraphs: which economies reported and which did not; which were late or gave totals only."""
    source, of = model.indicators, len(model.register.economies)
    reporting, missing = source.reporting(year), source.not_reporting(year)
    who = f"{english.number(len(reporting))} of the {of} member economies sent in a return for {year}: "
    who = who[:1].upper() + who[1:] + f"{economies_or_none(reporting)}. "
    who += f"No return came from {economies_or_none(missing)}." if missing else "None is missing."
    late, bare = source.late(year), source.not_itemised(year)
    how = f"Late, but counted: {economies_or_none(late)}. " if late else "All returns came in time. "
    if bare:
        how += f"Totals only, without items (not itemised): {economies_or_none(bare)}."
    else:
        how += "Each return lists its items."
    return [who, how]


def return_row(model: Model, year: int) -> dict:
    """How many returns came for a year, how many of them late, how many with totals only."""
    source = model.indicators
    return {
        "year": str(year),
        "received": f"{len(source.reporting(year))} of {len(model.register.economies)}",
        "late": str(len(source.late(year))),
        "totals_only": str(len(source.not_itemised(year))),
    }


def findings(model: Model, plan: Plan, year: int) -> list[str]:
    """One sentence an indicator: its figure, and the change from the year before where the plan has one."""
    return [f"{one.short}: {_finding(model, one.id, plan, year)}." for one in indicators_of_plan(plan)]


def _finding(model: Model, indicator: str, plan: Plan, year: int) -> str:
    now, before = (model.indicators.total(indicator, when) for when in (year, year - 1))
    if year == plan.first_year or not now.reported:
        return english.figure(now)
    change = english.change(before, now, year - 1, year)
    return change if before.reported else f"{english.figure(now)} ({change})"


def caution(model: Model, plan: Plan, year: int) -> str:
    """Who reports differs from year to year, so a change need not be one of activity."""
    counts = [(len(model.indicators.reporting(when)), when) for when in years_until(plan, year)]
    if len(counts) == 1:
        return "The figures show what was reported, not all that was done."
    words = english.listed([f"{count} for {when}" for count, when in counts])
    return f"The figures depend on how many economies report: {words}. They show what was reported, not all that was done."


def figures_in_words(figures: list[Figure]) -> list[str]:
    """The cells of a table."""
    return [english.figure(figure) for figure in figures]


def by_year(model: Model, plan: Plan, year: int) -> dict:
    """Table and chart of the indicators against years."""
    years, indicators = years_until(plan, year), indicators_of_plan(plan)
    table = {one.id: [model.indicators.total(one.id, when) for when in years] for one in indicators}
    several = len(years) > 1
    rows = [
        {
            "indicator": one.short,
            "values": figures_in_words([*table[one.id], *([Figure.sum(table[one.id])] if several else [])]),
        }
        for one in indicators
    ]
    heads = [str(when) for when in years] + ([f"{years[0]} - {years[-1]}"] if several else [])
    series = [(str(when), [table[one.id][at].value for one in indicators]) for at, when in enumerate(years)]
    return {"years": heads, "rows": rows, "chart_of_years": chart("column", "year", indicators, series)}


def chart(
    kind: str, by: str, indicators: list[Indicator], series: list[tuple[str, list[int | None]]]
) -> dict:
    said = "; ".join(
        f"{name}: "
        + ", ".join(
            f"{one.short} {english.NOT_REPORTED if v is None else v}"
            for one, v in zip(indicators, values, strict=True)
        )
        for name, values in series
    )
    height = {"column": 6.8, "stacked-bar": 8.5}[kind]  # cm: every name finds room, and the chart its page
    names = [one.short for one in indicators]
    return text.chart(kind, "", f"The indicators by {by}. {said}.", names, series, height_cm=height)


def items_by_indicator(model: Model, plan: Plan, years: Iterable[int]) -> list[dict]:
    """The items of these years, a group an indicator; indicators without an item have no group."""
    groups = []
    for one in indicators_of_plan(plan):
        items = [item for year in years for item in model.indicators.items(year, one.id)]
        if items:
            head = f"{one.short} ({english.count(len(items), 'item')})"
            groups.append({"indicator": head, "rows": [_item(plan, item) for item in items]})
    return groups


def _item(plan: Plan, item: Item) -> dict:
    return {
        "title": item.title,
        "area": plan.area(item.area).name,
        "date": english.date(item.date),
        "place": item.place,
        "partners": item.partners,
        "economies": _reported_by(item),
        "activity": item.activity_id,
    }


def _reported_by(item: Item) -> str:
    """Peru (row 8); the Philippines (row 12): the row of the sheet Return, from which anyone can trace it."""
    names = [e.name if len(item.economies) == 1 else e.with_article for e in item.economies]
    rows = [cell.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for cell in item.cells]
    return "; ".join(f"{name} (row {row})" for name, row in zip(names, rows, strict=True))


def years_until(plan: Plan, year: int) -> list[int]:
    """The years of the plan from its first until `year`."""
    return list(range(plan.first_year, year + 1))


def body(words: str) -> dict:
    """One paragraph of prose."""
    return text.block(text.BODY, text.line(words))
