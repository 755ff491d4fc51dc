"""Sentences, tables and charts about the indicators and their returns, for all kinds that have them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from papers import richtext
from papers.model.figures import Figure
from papers.wording import counts, english
from papers.wording.counts import counted_indicators, indicators_of_plan
from papers.wording.figure_markers import capitalised, marked_value
from papers.wording.tags import Each, Text, Values
from papers.wording.target_text import label, progress

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from papers.inputs.plan_schemas import Indicator
    from papers.model.economies import Economy
    from papers.model.forum import Model
    from papers.model.indicators import Indicators, Item
    from papers.model.plan import Plan

# Tags of the tables below, for the kinds that print them.
RETURN_ROWS = Each(
    "the years of the plan until the year",
    {
        "year": Text("2018"),
        "received": Text("14 of 21"),
        "late": Text("how many came late"),
        "totals_only": Text("how many are not itemised"),
    },
)
ITEMS = Each(
    "the indicators that have items",
    {
        "indicator": Text("its short name and how many items it has"),
        "rows": Each(
            "its items by date",
            {
                "title": Text("title"),
                "area": Text("priority area; empty in a plan without areas"),
                "date": Text("8 November 2017"),
                "place": Text("place"),
                "partners": Text("partners or fora"),
                "economies": Text("who reported it, and in which row of the return"),
                "activity": Text("ID in the implementation schedule"),
            },
        ),
    },
)
MOST_COLUMNS = 6  # of figures next to each other: more would break the words "not reported"
_CHART_HEIGHTS = {"column": 6.8, "stacked-bar": 8.5}  # cm: all names are legible, and the chart fits its page


def years_until(plan: Plan, year: int) -> list[int]:
    """Return the years of the plan from its first to `year`."""
    return list(range(plan.first_year, year + 1))


def economies_or_none(economies: tuple[Economy, ...]) -> str:
    """Return economies as in a sentence; "no economy" where there is none."""
    return english.economies_in_text(economies) or "no economy"


def figures_in_words(figures: list[Figure]) -> list[str]:
    """Return figures as the cells of a table."""
    return [english.figure(figure) for figure in figures]


# Returns


def returns_in_words(model: Model, year: int, naming: Collection[str] = ()) -> list[str]:
    """Return two paragraphs: which economies reported; how many were late, and who gave totals only.

    Only that no return came, where that is so. Economies without a return, and those that were late, are
    named where `naming` has missing, and late.
    """
    source, economies = model.indicators, counts.economies(model)
    reporting, number = source.reporting(year), counts.reporting(model, year)
    if not reporting:
        of = f"{english.alone(number)} of the {english.figure(economies)}"
        return [capitalised(f"{of} member economies submitted a return for {year}.")]
    of = f"{english.number(number)} of the {english.figure(economies)}"
    of = f"all {english.figure(number)}" if number.value == economies.value else of
    came = english.agree(number, "a return was", "returns were")
    who = f"For {year}, {came} received from {of} member economies: {economies_or_none(reporting)}."
    who = f"{who} {missing_in_words(model, year, naming)}".strip()
    how, totals_only = late_in_words(model, year, naming), source.not_itemised(year)
    if model.plan and not counted_indicators(model.plan):
        return [who, how]
    if totals_only:
        only = capitalised(f"{economies_or_none(totals_only)} reported totals only, without items.")
        return [who, f"{how} {only}"]
    return [who, f"{how} {english.agree(number, 'It', 'Each return')} lists its items."]


def missing_in_words(model: Model, year: int, naming: Collection[str]) -> str:
    """Return which economies sent no return for a year; "" where the paper does not name them."""
    if "missing" not in naming:
        return ""
    not_counted = model.indicators.not_counted(year)
    missing = tuple(one for one in model.indicators.not_reporting(year) if one not in not_counted)
    words = (
        f"No return was received from {economies_or_none(missing)}." if missing else "No return is missing."
    )
    return f"{words} Set aside and not counted: {economies_or_none(not_counted)}." if not_counted else words


def set_aside_in_words(model: Model, years: Iterable[int]) -> list[str]:
    """Return a sentence for each year of which a return was set aside."""
    numbers = [(year, counts.set_aside(model, year)) for year in years]
    return [
        capitalised(
            f"{english.count(number, 'return')} for {year} {english.agree(number, 'was', 'were')} set aside and "
            f"{english.agree(number, 'is', 'are')} not counted."
        )
        for year, number in numbers
        if number.value
    ]


def late_in_words(model: Model, year: int, naming: Collection[str]) -> str:
    """Return how many returns for a year were late, or whose; they are counted all the same."""
    late = model.indicators.late(year)
    if not late:
        return english.agree(
            counts.reporting(model, year), "The return was on time.", "All returns were on time."
        )
    if "late" in naming:
        return f"Late but counted: {economies_or_none(late)}."
    number = counts.late(model, year)
    verb = english.agree(number, "was", "were")
    return capitalised(f"{english.count(number, 'return')} {verb} late but {verb} counted.")


def return_row(model: Model, year: int) -> Values:
    """Return a row of `RETURN_ROWS`: the returns for a year, those late, those with totals only."""
    received, economies = counts.reporting(model, year), counts.economies(model)
    return {
        "year": str(year),
        "received": f"{english.figure(received)} of {english.figure(economies)}",
        "late": english.figure(counts.late(model, year)),
        "totals_only": english.figure(counts.not_itemised(model, year)),
    }


# Findings


def findings(model: Model, plan: Plan, year: int) -> list[str]:
    """Return a sentence for each indicator: its figure, the change from the year before, and its target."""
    return [
        f"{indicator.short}: {_finding_with_target(model, indicator, plan, year)}."
        for indicator in indicators_of_plan(plan)
    ]


def _finding(model: Model, indicator: Indicator, plan: Plan, year: int) -> str:
    now, before = (counts.total(model.indicators, indicator, when) for when in (year, year - 1))
    if year == plan.first_year or not now.reported:
        return english.with_unit(now)
    change = english.change(before, now, year - 1, year)
    return change if before.reported else f"{english.with_unit(now)} ({change})"


def _finding_with_target(model: Model, indicator: Indicator, plan: Plan, year: int) -> str:
    """Up from 20 to 28 (+40%); 28 of 40 berths, a gap of 12 (target for 2024)."""
    found = progress(model.indicators, plan, indicator, year)
    if found is None:
        return _finding(model, indicator, plan, year)
    if found.value.reported and year == plan.first_year:
        return f"{found.in_words} (target for {found.year})"
    words = found.in_words if found.value.reported else f"target {english.with_unit(found.target)}"
    return f"{_finding(model, indicator, plan, year)}; {words} (target for {found.year})"


def caution(model: Model, plan: Plan, year: int) -> str:
    """Return a reminder that a change may come from who reported, not from what was done; and what the chart shows."""
    return " ".join(filter(None, (_caution_of_returns(model, plan, year), _shown_in_chart(plan, year))))


def _shown_in_chart(plan: Plan, year: int) -> str:
    """Return which indicators the chart of years shows; "" if it shows all of them, or none."""
    indicators, years = indicators_of_plan(plan), years_until(plan, year)
    charted = indicators_of_one_unit(indicators)
    if len(charted) == len(indicators) or not richtext.can_be_charted(years):
        return ""
    unit = "per cent" if charted[0].measure == "percent" else charted[0].unit
    which = (
        "that are counted" if charted[0].measure == "count" else (f"in {unit}" if unit else "without a unit")
    )
    return f"The chart shows only the indicators {which}; the others are in the table."


def _caution_of_returns(model: Model, plan: Plan, year: int) -> str:
    years = years_until(plan, year)
    if len(years) == 1:
        return "The figures show what was reported, which may not be all that was done."
    words = english.listed([f"{english.figure(counts.reporting(model, when))} for {when}" for when in years])
    return (
        f"The figures depend on the number of economies that reported: {words}. They show what was reported, which "
        "may not be all that was done."
    )


# Tables and charts


def by_year(model: Model, plan: Plan, year: int) -> Values:
    """Return the tags years, rows and chart_of_years: the indicators against years."""
    years, indicators = years_until(plan, year), indicators_of_plan(plan)
    totals = {
        indicator.id: [counts.total(model.indicators, indicator, when) for when in years]
        for indicator in indicators
    }
    rows = [
        {
            "indicator": label(indicator),
            "values": [*figures_in_words(totals[indicator.id]), *_whole_period(model, indicator, years)],
        }
        for indicator in indicators
    ]
    heads = [str(when) for when in years] + ([english.years(years[0], years[-1])] if len(years) > 1 else [])
    charted = indicators_of_one_unit(indicators)
    series = [
        (str(when), [totals[indicator.id][at] for indicator in charted]) for at, when in enumerate(years)
    ]
    return {"years": heads, "rows": rows, "chart_of_years": chart("column", "year", charted, series)}


def in_parts(heads: list[str], rows: list[Values]) -> list[tuple[list[str], list[Values]]]:
    """Return a table as the tables that fit the page side by side: heads and rows of each.

    Each row has one of `values` for each head; each part has at most MOST_COLUMNS of them.
    """
    count = -(-len(heads) // MOST_COLUMNS)
    cuts = [len(heads) * at // count for at in range(count + 1)] if rows else []
    return [
        (heads[first:last], [{**row, "values": row["values"][first:last]} for row in rows])
        for first, last in pairwise(cuts)
    ]


def indicators_of_one_unit(indicators: list[Indicator]) -> list[Indicator]:
    """Return the indicators that one axis can show: the counts, or without any those of the most frequent unit.

    The others are in the tables, and in charts of their own where they have targets.
    """
    if counted := [indicator for indicator in indicators if indicator.measure == "count"]:
        return counted
    units = [indicator.sign for indicator in indicators]
    shown = max(units, key=units.count, default="")
    return [indicator for indicator in indicators if indicator.sign == shown]


def _whole_period(model: Model, indicator: Indicator, years: list[int]) -> list[str]:
    """Return the cell of all years together; none for a single year."""
    return [period_in_words(model.indicators, indicator, years[0], years[-1])] if len(years) > 1 else []


def period_in_words(source: Indicators, indicator: Indicator, first: int, last: int) -> str:
    """Return the figure of several years: 14 where it is their sum, else 28 (2020) or 45.5% (average)."""
    words, which = _period(source, indicator, first, last)
    return f"{words} ({which})" if which else words


def reported_in_words(source: Indicators, indicator: Indicator, first: int, last: int) -> str:
    """Return an indicator with its figure of several years as in a sentence: berths with shore power (28, 2020)."""
    words, which = _period(source, indicator, first, last)
    return f"{indicator.short.lower()} ({', '.join(filter(None, (words, which)))})"


def _period(source: Indicators, indicator: Indicator, first: int, last: int) -> tuple[str, str]:
    """Return the figure of several years, and which of them it is where it is not their sum: 2020, average."""
    figure = counts.period(source, indicator, first, last)
    words = english.figure(figure)
    if not figure.reported or first == last or indicator.over_years == "sum":
        return words, ""
    latest = source.latest_year(indicator.id, first, last)
    return words, f"{latest if indicator.over_years == 'latest' else 'average'}"


def chart(
    kind: str, by: str, indicators: list[Indicator], series: list[tuple[str, list[Figure]]]
) -> richtext.ChartData:
    """Return a chart with the indicators as categories; its alternative text has the same figures in words.

    `kind` is column or stacked-bar; each series is (name, a figure for each indicator); `by` says what the
    series are. No chart of more series than it can show, or of figures that nobody reported: the table that
    stands with it has the same figures.
    """
    is_reported = any(figure.reported for _, figures in series for figure in figures)
    if not (indicators and is_reported and richtext.can_be_charted(series)):
        return richtext.no_chart()
    in_words = "; ".join(
        f"{name}: "
        + ", ".join(
            f"{indicator.short} {english.with_unit(value)}"
            for indicator, value in zip(indicators, figures, strict=True)
        )
        for name, figures in series
    )
    alt = f"Indicators by {by}. {in_words}."
    names = [label(indicator) for indicator in indicators]
    values = [(name, [marked_value(figure) for figure in figures]) for name, figures in series]
    return richtext.chart(kind, "", alt, names, values, height_cm=_CHART_HEIGHTS[kind])


def area_sums_in_words(source: Indicators, plan: Plan, years: Sequence[int]) -> str:
    """Return why the figures of the areas do not add up to those of the group, for the years where they do not."""
    differing = [str(year) for year in years if _areas_differ(source, plan, year)]
    if not differing:
        return ""
    area = plan.area_level
    return (
        f"For {english.listed(differing)}, the figures by {area.one} do not add up to those of the group: totals "
        f"without rows are not assigned to a {area.one}."
    )


def _areas_differ(source: Indicators, plan: Plan, year: int) -> bool:
    def sum_of_areas(indicator: Indicator) -> Figure:
        return Figure.sum(source.by_area(indicator.id, area.id, year) for area in plan.areas)

    return any(
        (sum_of_areas(each).value or 0) != (source.total(each.id, year).value or 0)
        for each in counted_indicators(plan)
    )


def items_by_indicator(model: Model, plan: Plan, years: Iterable[int]) -> list[Values]:
    """Return the rows of `ITEMS`: the items of these years by indicator.

    Indicators without items are left out.
    """
    groups = []
    for indicator in indicators_of_plan(plan):
        items = [item for year in years for item in model.indicators.items(year, indicator.id)]
        if items:
            number = counts.items(model.indicators, items, f"{indicator.short}, items counted")
            head = f"{indicator.short} ({english.count(number, 'item')})"
            groups.append({"indicator": head, "rows": [_item(plan, item) for item in items]})
    return groups


def _item(plan: Plan, item: Item) -> Values:
    return {
        "title": item.title,
        "area": plan.area(item.area).name if item.area else "",
        "date": english.date(item.date),
        "place": item.place,
        "partners": item.partners,
        "economies": _reported_by(item),
        "activity": item.activity_id,
    }


def _reported_by(item: Item) -> str:
    """Peru (row 8); the Philippines (row 12). The rows are those of the sheet Return of each economy."""
    names = [e.name if len(item.economies) == 1 else e.with_article for e in item.economies]
    rows = [cell.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for cell in item.cells]
    return "; ".join(f"{name} (row {row})" for name, row in zip(names, rows, strict=True))
