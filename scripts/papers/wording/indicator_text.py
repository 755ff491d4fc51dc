"""Sentences, tables and charts about the indicators and their returns, for all kinds that have them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from papers import richtext
from papers.model.figures import Figure, counted
from papers.wording import counts, english
from papers.wording.counts import counted_indicators, indicators_of_plan, measured_indicators
from papers.wording.figure_markers import capitalised, marked_value
from papers.wording.narrative import NamedFigures
from papers.wording.tags import Each, Text, Values
from papers.wording.target_text import label, progress, target_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from papers.inputs.plan_schemas import Indicator
    from papers.model.economies import Economy
    from papers.model.forum import Model
    from papers.model.indicators import Indicators, Item
    from papers.model.joint_items import Decision, LikelyDouble
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


def returns_in_words(model: Model, year: int) -> list[str]:
    """Return two paragraphs: which economies reported; which were late or gave totals only."""
    source, economies = model.indicators, english.figure(counts.economies(model))
    reporting, missing = source.reporting(year), source.not_reporting(year)
    number = english.alone(counts.reporting(model, year))
    who = capitalised(f"{number} of the {economies} member economies sent in a return for {year}: ")
    who += f"{economies_or_none(reporting)}. "
    who += f"No return came from {economies_or_none(missing)}." if missing else "None is missing."
    late, totals_only = source.late(year), source.not_itemised(year)
    how = f"Late, but counted: {economies_or_none(late)}. " if late else "All returns came in time. "
    if model.plan and not counted_indicators(model.plan):
        return [who, how.strip()]
    if totals_only:
        how += f"Totals only, without items (not itemised): {economies_or_none(totals_only)}."
    else:
        how += "Each return lists its items."
    return [who, how]


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
    """Up from 20 to 28 (+40%); 28 of 40 berths; gap 12 (target for 2024)."""
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
    return f"The chart shows the indicators {which}; the others are in the table."


def _caution_of_returns(model: Model, plan: Plan, year: int) -> str:
    years = years_until(plan, year)
    if len(years) == 1:
        return "The figures show what was reported, not all that was done."
    words = english.listed([f"{english.figure(counts.reporting(model, when))} for {when}" for when in years])
    return f"The figures depend on how many economies report: {words}. They show what was reported, not all that was done."


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
    heads = [str(when) for when in years] + ([f"{years[0]} - {years[-1]}"] if len(years) > 1 else [])
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
    figure = counts.period(source, indicator, first, last)
    words = english.figure(figure)
    if not figure.reported or first == last or indicator.over_years == "sum":
        return words
    latest = source.latest_year(indicator.id, first, last)
    return f"{words} ({latest if indicator.over_years == 'latest' else 'average'})"


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
    alt = f"The indicators by {by}. {in_words}."
    names = [label(indicator) for indicator in indicators]
    values = [(name, [marked_value(figure) for figure in figures]) for name, figures in series]
    return richtext.chart(kind, "", alt, names, values, height_cm=_CHART_HEIGHTS[kind])


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


# Method


def method(model: Model, years: Iterable[int]) -> list[str]:
    """Return the rules of counting, a paragraph each, with their effect on the returns of `years`."""
    years = list(years)
    counted = counted_indicators(model.plan) if model.plan else []
    not_reported = "A figure that nobody reported is shown as not reported. Zero means that somebody reported that there was nothing."
    annex = "Behind each economy in the annex stands the row of its return, sheet Return, from which the item was counted."
    has_items = any(model.indicators.items(year) for year in years)
    return [
        *(_method_of_counts(model, years) if counted else []),
        *_method_of_measures(model),
        not_reported,
        *([annex] if has_items else []),
    ]


def _method_of_counts(model: Model, years: list[int]) -> list[str]:
    in_area = ", in one priority area" if model.plan and model.plan.areas else ""
    return [
        "Each economy that takes part sends in one return a year. Each row of it is one thing done in that year for one "
        f"indicator{in_area}.",
        "What several economies report jointly (they name the same activity of the implementation schedule, or each other) "
        "counts once for the group and once for each of them.",
        _doubles(model, years),
        _totals(model, years),
    ]


_STATED = {"number": "a number", "percent": "a percentage"}
_OVER_ECONOMIES = {
    "sum": "the numbers of the economies are added",
    "average": "the figure of the group is the average of the economies that report one, each with the same weight",
}
_OVER_YEARS = {
    "sum": "figures of several years are added",
    "latest": "of several years, the latest figure is shown",
    "average": "of several years, the average is shown",
}


def _method_of_measures(model: Model) -> list[str]:
    """Return how figures that are no counts become one figure; nothing where the plan has none."""
    return [
        f"{indicator.short}: each economy reports {_STATED[indicator.measure]} a year; "
        f"{_OVER_ECONOMIES[indicator.over_economies]}; {_OVER_YEARS[indicator.over_years]}."
        for indicator in (measured_indicators(model.plan) if model.plan else [])
    ]


def _totals(model: Model, years: list[int]) -> str:
    """Return the rule for stated totals, and which economies stated totals only."""
    rule = "The totals that an economy states are compared with its rows; where they differ, nothing is published."
    by_year = [(year, model.indicators.not_itemised(year)) for year in years]
    several = len(years) > 1
    totals_only = [
        f"{f'{year}: ' if several else ''}{economies_or_none(economies)}"
        for year, economies in by_year
        if economies
    ]
    if not totals_only:
        return rule
    by_area = "told by priority area, nor be " if model.plan and model.plan.areas else ""
    return (
        f"{rule} Totals without rows ({'; '.join(totals_only)}) are added to the group's figures; they cannot be "
        f"{by_area}checked for joint items."
    )


def _doubles(model: Model, years: list[int]) -> str:
    """Return the rule for items that look alike, and what was decided about them."""
    decided = [d for d in model.indicators.decisions if d.one.year in years]
    undecided = [d for d in model.indicators.likely_doubles if d.one.year in years]
    groups: list[tuple[Sequence[Decision | LikelyDouble], str]] = [
        ([d for d in decided if d.same], "counted as one"),
        ([d for d in decided if not d.same], "counted as two"),
        (undecided, "not decided yet and counted as two"),
    ]
    numbers = [(counted(pairs, f"pairs {how}", lambda pair: pair.source), how) for pairs, how in groups]
    words = [
        f"{english.count(number, 'pair')} {english.agree(number, 'was', 'were')} {how}"
        for number, how in numbers
        if number.value
    ]
    rule = "Items of two economies that look alike but are not declared joint are never put together unseen: a person decides."
    return f"{rule} For {english.years(years[0], years[-1])}, {english.listed(words) or 'there were none'}."


# Figures that narratives may name


def indicator_facts(model: Model, year: int) -> NamedFigures:
    """Return the figures that the narrative of a report about `year` may name.

    For each indicator, indicators.<id>.total, .previous (of the year before), .change (between the two, in
    words) and .period (all years of the plan until `year`). Of the returns, indicators.<group>.count and
    .economies for the groups reporting, missing, late and not-itemised.
    """
    plan = model.plan
    source, facts = model.indicators, NamedFigures({"indicators.year": str(year)})
    if plan and plan.first_year <= year <= plan.last_year:
        for indicator in indicators_of_plan(plan):
            facts |= _facts_of_indicator(source, plan, indicator, year)
    groups = {
        "reporting": (counts.reporting, source.reporting),
        "missing": (counts.missing, source.not_reporting),
        "late": (counts.late, source.late),
        "not-itemised": (counts.not_itemised, source.not_itemised),
    }
    for name, (figure, economies) in groups.items():
        facts |= _facts_of_group(f"indicators.{name}", model, year, figure, economies)
    return facts | {"indicators.items.count": lambda: english.figure(_items_of(source, year))}


def _facts_of_indicator(
    source: Indicators, plan: Plan, indicator: Indicator, year: int
) -> dict[str, Callable[[], str]]:
    def total(when: int) -> Figure:
        return counts.total(source, indicator, when)

    name, first = f"indicators.{indicator.id}", plan.first_year
    return {
        f"{name}.total": lambda: english.figure(total(year)),
        f"{name}.previous": lambda: english.figure(total(year - 1)),
        f"{name}.change": lambda: english.change(total(year - 1), total(year), year - 1, year),
        f"{name}.period": lambda: english.figure(counts.period(source, indicator, first, year)),
        **target_facts(source, plan, indicator, year),
    }


def _facts_of_group(
    name: str,
    model: Model,
    year: int,
    figure: Callable[[Model, int], Figure],
    economies: Callable[[int], tuple[Economy, ...]],
) -> dict[str, Callable[[], str]]:
    return {
        f"{name}.count": lambda: english.figure(figure(model, year)),
        f"{name}.economies": lambda: economies_or_none(economies(year)),
    }


def _items_of(source: Indicators, year: int) -> Figure:
    return counts.items(source, source.items(year), f"items reported for {year}")
