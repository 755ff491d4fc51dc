"""Tables, charts and sentences of the indicators that several kinds of paper show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.model.figures import Figure, counted
from papers.wording import counts, english
from papers.wording.counts import indicators_of_plan
from papers.wording.figure_markers import marked_value
from papers.wording.narrative import NamedFigures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from papers.inputs.schemas import Indicator
    from papers.model.economies import Economy
    from papers.model.forum import Model
    from papers.model.indicators import Indicators, Item
    from papers.model.plan import Plan


def indicator_facts(model: Model, year: int) -> NamedFigures:
    """Name -> words, for a report about `year`.

    For each indicator: total, previous (of the year before), change (between the two, in words) and period (all years of
    the plan until `year`). For the returns: count and economies of those reporting, missing, late and not-itemised.
    """
    plan = next((p for p in model.plans.values() if p.first_year <= year <= p.last_year), None)
    source, facts = model.indicators, NamedFigures({"indicators.year": str(year)})
    for indicator in indicators_of_plan(plan) if plan else ():
        facts |= _of_indicator(source, plan, indicator, year)
    groups = {
        "reporting": (counts.reporting, source.reporting),
        "missing": (counts.missing, source.not_reporting),
        "late": (counts.late, source.late),
        "not-itemised": (counts.not_itemised, source.not_itemised),
    }
    for name, group in groups.items():
        facts |= _of_group(f"indicators.{name}", model, year, *group)
    return facts | {"indicators.items.count": lambda: english.figure(_items(source, year))}


def _of_group(name: str, model: Model, year: int, how_many: Callable, who: Callable) -> dict:
    return {
        f"{name}.count": lambda: english.figure(how_many(model, year)),
        f"{name}.economies": lambda: economies_or_none(who(year)),
    }


def _items(source: Indicators, year: int) -> Figure:
    return counts.items(source, source.items(year), f"items reported for {year}")


def economies_or_none(those: tuple[Economy, ...]) -> str:
    """Economies in a sentence; "no economy" where there is none."""
    return english.economies_in_text(those) or "no economy"


def _of_indicator(source: Indicators, plan: Plan, one: Indicator, year: int) -> dict:
    def total(when: int) -> Figure:
        return counts.total(source, one, when)

    name, first = f"indicators.{one.id}", plan.first_year
    return {
        f"{name}.total": lambda: english.figure(total(year)),
        f"{name}.previous": lambda: english.figure(total(year - 1)),
        f"{name}.change": lambda: english.change(total(year - 1), total(year), year - 1, year),
        f"{name}.period": lambda: english.figure(counts.period(source, one, first, year)),
    }


def method(model: Model, years: Iterable[int]) -> list[str]:
    """The rules of counting, one sentence or two each, with what they meant for the returns of `years`."""
    years = list(years)
    return [
        "Each economy that takes part sends in one return a year. Each row of it is one thing done in that year for one "
        "indicator, in one priority area.",
        "What several economies report jointly (they name the same activity of the implementation schedule, or each other) "
        "counts once for the group and once for each of them.",
        _doubles(model, years),
        _totals(model, years),
        "A figure that nobody reported is shown as not reported. Zero means that somebody reported that there was nothing.",
        "Behind each economy in the annex stands the row of its return, sheet Return, from which the item was counted.",
    ]


def _totals(model: Model, years: list[int]) -> str:
    words = "The totals that an economy states are compared with its rows; where they differ, nothing is published."
    bare = [(year, model.indicators.not_itemised(year)) for year in years]
    several = len(years) > 1
    told = [f"{f'{year}: ' if several else ''}{economies_or_none(those)}" for year, those in bare if those]
    if not told:
        return words
    return (
        f"{words} Totals without rows ({'; '.join(told)}) are added to the group's figures; they cannot be told by "
        "priority area, nor be checked for joint items."
    )


def _doubles(model: Model, years: list[int]) -> str:
    """What was decided about items that look alike, and what is still open."""
    decided = [d for d in model.indicators.decisions if d.one.year in years]
    undecided = [d for d in model.indicators.likely_doubles if d.one.year in years]
    kinds = [
        ([d for d in decided if d.same], "counted as one"),
        ([d for d in decided if not d.same], "counted as two"),
        (undecided, "not decided yet and counted as two"),
    ]
    pairs = [(counted(those, f"pairs {how}", lambda pair: pair.source), how) for those, how in kinds]
    said = [f"{english.count(n, 'pair')} {_was(n)} {how}" for n, how in pairs if n.value]
    rule = "Items of two economies that look alike but are not declared joint are never put together unseen: a person decides."
    return f"{rule} For {english.years(years[0], years[-1])}, {english.listed(said) or 'there were none'}."


def _was(amount: Figure) -> str:
    return "were" if amount.value > 1 else "was"


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
        [(n, [marked_value(f) for f in those]) for n, those in series],
    )
    return richtext.chart(kind, "", f"The indicators by {by}. {said}.", names, values, height_cm=height)


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
    return richtext.block(richtext.BODY, richtext.line(words))
