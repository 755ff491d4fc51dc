"""Tables, charts and sentences of the indicators that several kinds of paper show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import text
from papers.wording import counts, english
from papers.wording.counts import indicators_of_plan
from papers.wording.indicator_facts import economies_or_none
from papers.wording.told import charted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.model.build import Model
    from papers.model.figures import Figure
    from papers.model.indicators import Item
    from papers.model.plan import Plan
    from papers.reading.forms import Indicator


def returns_in_words(model: Model, year: int) -> list[str]:
    """Two paragraphs: which economies reported and which did not; which were late or gave totals only."""
    source, of = model.indicators, english.figure(counts.economies(model))
    reporting, missing = source.reporting(year), source.not_reporting(year)
    who = f"{english.number(counts.reporting(model, year))} of the {of} member economies sent in a return for {year}: "
    who = f"{english.sentence(who)}{economies_or_none(reporting)}. "
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
    received, of = counts.reporting(model, year), counts.economies(model)
    return {
        "year": str(year),
        "received": f"{english.figure(received)} of {english.figure(of)}",
        "late": english.figure(counts.late(model, year)),
        "totals_only": english.figure(counts.not_itemised(model, year)),
    }


def findings(model: Model, plan: Plan, year: int) -> list[str]:
    """One sentence an indicator: its figure, and the change from the year before where the plan has one."""
    return [f"{one.short}: {_finding(model, one, plan, year)}." for one in indicators_of_plan(plan)]


def _finding(model: Model, one: Indicator, plan: Plan, year: int) -> str:
    now, before = (counts.total(model.indicators, one, when) for when in (year, year - 1))
    if year == plan.first_year or not now.reported:
        return english.figure(now)
    change = english.change(before, now, year - 1, year)
    return change if before.reported else f"{english.figure(now)} ({change})"


def caution(model: Model, plan: Plan, year: int) -> str:
    """Who reports differs from year to year, so a change need not be one of activity."""
    years = years_until(plan, year)
    if len(years) == 1:
        return "The figures show what was reported, not all that was done."
    words = english.listed([f"{english.figure(counts.reporting(model, when))} for {when}" for when in years])
    return f"The figures depend on how many economies report: {words}. They show what was reported, not all that was done."


def figures_in_words(figures: list[Figure]) -> list[str]:
    """The cells of a table."""
    return [english.figure(figure) for figure in figures]


def by_year(model: Model, plan: Plan, year: int) -> dict:
    """Table and chart of the indicators against years."""
    years, indicators = years_until(plan, year), indicators_of_plan(plan)
    table = {one.id: [counts.total(model.indicators, one, when) for when in years] for one in indicators}
    several = len(years) > 1
    rows = [
        {
            "indicator": one.short,
            "values": figures_in_words([*table[one.id], *(_whole(model, one, years) if several else [])]),
        }
        for one in indicators
    ]
    heads = [str(when) for when in years] + ([f"{years[0]} - {years[-1]}"] if several else [])
    series = [(str(when), [table[one.id][at] for one in indicators]) for at, when in enumerate(years)]
    return {"years": heads, "rows": rows, "chart_of_years": chart("column", "year", indicators, series)}


def _whole(model: Model, one: Indicator, years: list[int]) -> list[Figure]:
    return [counts.period(model.indicators, one, years[0], years[-1])]


def chart(kind: str, by: str, indicators: list[Indicator], series: list[tuple[str, list[Figure]]]) -> dict:
    """A chart of figures, one a category; its alternative text says the same in words."""
    said = "; ".join(
        f"{name}: "
        + ", ".join(
            f"{one.short} {english.figure(value)}" for one, value in zip(indicators, values, strict=True)
        )
        for name, values in series
    )
    height = {"column": 6.8, "stacked-bar": 8.5}[kind]  # cm: every name finds room, and the chart its page
    names, values = (
        [one.short for one in indicators],
        [(n, [charted(f) for f in those]) for n, those in series],
    )
    return text.chart(kind, "", f"The indicators by {by}. {said}.", names, values, height_cm=height)


def items_by_indicator(model: Model, plan: Plan, years: Iterable[int]) -> list[dict]:
    """The items of these years, a group an indicator; indicators without an item have no group."""
    groups = []
    for one in indicators_of_plan(plan):
        items = [item for year in years for item in model.indicators.items(year, one.id)]
        if items:
            number = counts.items(model.indicators, items, f"{one.short}, items counted")
            head = f"{one.short} ({english.count(number, 'item')})"
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
