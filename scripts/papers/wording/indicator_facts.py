"""The indicators' figures by name, for the narrative of any paper: {{ indicators.dialogues.total }} and so on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.wording import counts, english
from papers.wording.counts import indicators_of_plan
from papers.wording.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Callable

    from papers.model.build import Model
    from papers.model.economies import Economy
    from papers.model.figures import Figure
    from papers.model.indicators import Indicators
    from papers.model.plan import Plan
    from papers.reading.forms import Indicator


def indicator_facts(model: Model, year: int) -> Facts:
    """Name -> words, for a report about `year`.

    For each indicator: total, previous (of the year before), change (between the two, in words) and period (all years of
    the plan until `year`). For the returns: count and economies of those reporting, missing, late and not-itemised.
    """
    plan = next((p for p in model.plans.values() if p.first_year <= year <= p.last_year), None)
    source, facts = model.indicators, Facts({"indicators.year": str(year)})
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
