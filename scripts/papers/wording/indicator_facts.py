"""The figures of indicators and returns that narratives may name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.wording import counts, english
from papers.wording.counts import indicators_of_plan
from papers.wording.indicator_text import economies_or_none
from papers.wording.narrative import NamedFigures
from papers.wording.target_text import target_facts

if TYPE_CHECKING:
    from collections.abc import Callable

    from papers.inputs.plan_schemas import Indicator
    from papers.model.economies import Economy
    from papers.model.figures import Figure
    from papers.model.forum import Model
    from papers.model.indicators import Indicators
    from papers.model.plan import Plan


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
