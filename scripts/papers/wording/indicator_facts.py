"""The indicators' figures by name, for the narrative of any paper: {{ indicators.dialogues.total }} and so on."""

from __future__ import annotations

from papers.model.build import Model
from papers.model.economies import Economy
from papers.model.plan import Plan
from papers.reading.forms import Indicator
from papers.wording import counts, english
from papers.wording.counts import indicators_of_plan


def indicator_facts(model: Model, year: int) -> dict[str, str]:
    """Name -> words, for a report about `year`.

    For each indicator: total, previous (of the year before), change (between the two, in words) and period (all years of
    the plan until `year`). For the returns: count and economies of those reporting, missing, late and not-itemised.
    """
    plan = next((p for p in model.plans.values() if p.first_year <= year <= p.last_year), None)
    facts: dict[str, str] = {}
    for indicator in indicators_of_plan(plan) if plan else ():
        facts |= _of_indicator(model, plan, indicator, year)
    source = model.indicators
    groups = {
        "reporting": (counts.reporting, source.reporting(year)),
        "missing": (counts.missing, source.not_reporting(year)),
        "late": (counts.late, source.late(year)),
        "not-itemised": (counts.not_itemised, source.not_itemised(year)),
    }
    for name, (how_many, those) in groups.items():
        facts[f"indicators.{name}.count"] = english.figure(how_many(model, year))
        facts[f"indicators.{name}.economies"] = economies_or_none(those)
    items = counts.items(source, source.items(year), f"items reported for {year}")
    return {**facts, "indicators.year": str(year), "indicators.items.count": english.figure(items)}


def economies_or_none(those: tuple[Economy, ...]) -> str:
    """Economies in a sentence; "no economy" where there is none."""
    return english.economies_in_text(those) or "no economy"


def _of_indicator(model: Model, plan: Plan, one: Indicator, year: int) -> dict[str, str]:
    now, before = (counts.total(model.indicators, one, when) for when in (year, year - 1))
    period = counts.period(model.indicators, one, plan.first_year, year)
    return {
        f"indicators.{one.id}.total": english.figure(now),
        f"indicators.{one.id}.previous": english.figure(before),
        f"indicators.{one.id}.change": english.change(before, now, year - 1, year),
        f"indicators.{one.id}.period": english.figure(period),
    }
