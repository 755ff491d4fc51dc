"""The indicators' figures by name, for the narrative of any paper: {{ indicators.dialogues.total }} and so on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.wording import english

if TYPE_CHECKING:
    from papers.model.build import Model
    from papers.model.economies import Economy
    from papers.model.plan import Plan
    from papers.reading.forms import Indicator


def indicators_of_plan(plan: Plan) -> list[Indicator]:
    """The indicators of a plan in its order."""
    return [indicator for heading in plan.indicator_headings for indicator in heading.indicators]


def indicator_facts(model: Model, year: int) -> dict[str, str]:
    """Name -> words, for a report about `year`.

    For each indicator: total, previous (of the year before), change (between the two, in words) and period (all years of
    the plan until `year`). For the returns: count and economies of those reporting, missing, late and not-itemised.
    """
    plan = next((p for p in model.plans.values() if p.first_year <= year <= p.last_year), None)
    facts: dict[str, str] = {}
    for indicator in indicators_of_plan(plan) if plan else ():
        facts |= _of_indicator(model, plan, indicator.id, year)
    source = model.indicators
    groups = {"reporting": source.reporting(year), "missing": source.not_reporting(year)}
    groups |= {"late": source.late(year), "not-itemised": source.not_itemised(year)}
    for name, those in groups.items():
        facts[f"indicators.{name}.count"] = str(len(those))
        facts[f"indicators.{name}.economies"] = economies_or_none(those)
    return {**facts, "indicators.year": str(year), "indicators.items.count": str(len(source.items(year)))}


def economies_or_none(those: tuple[Economy, ...]) -> str:
    """Economies in a sentence; "no economy" where there is none."""
    return english.economies_in_text(those) or "no economy"


def _of_indicator(model: Model, plan: Plan, indicator: str, year: int) -> dict[str, str]:
    now, before = (model.indicators.total(indicator, when) for when in (year, year - 1))
    period = model.indicators.period(indicator, plan.first_year, year)
    return {
        f"indicators.{indicator}.total": english.figure(now),
        f"indicators.{indicator}.previous": english.figure(before),
        f"indicators.{indicator}.change": english.change(before, now, year - 1, year),
        f"indicators.{indicator}.period": english.figure(period),
    }
