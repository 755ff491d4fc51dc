"""Baselines and targets of the indicators in words: what is still missing, and which are below their target."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from papers import richtext
from papers.model.measures import Milestone, due_target, is_reduction, target_for
from papers.wording import counts, english
from papers.wording.counts import indicators_of_plan
from papers.wording.figure_markers import marked_value
from papers.wording.tags import Chart, Each, Text, Values

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from papers.inputs.plan_schemas import Indicator
    from papers.model.figures import Figure
    from papers.model.indicators import Indicators
    from papers.model.plan import Plan

_CHART_HEIGHT = 6.0  # cm
REACHED = "reached"
TARGETS = Each(
    "the indicators that have a target",
    {
        "indicator": Text("its short name, with its unit"),
        "baseline": Text("the baseline and its year: 12 (2020), or a dash"),
        "value": Text("its figure in the year of the report: 28, or not reported"),
        "target": Text("the target and its year: 40 (2024)"),
        "gap": Text("what is missing: 12, reached, or a dash where nobody reported"),
        "charted": Text("what its chart shows, for the caption: Berths with shore power, in berths"),
        "chart_of_target": Chart("its baseline and its figures as columns, one a year, next to the targets"),
    },
)


@dataclass(frozen=True)
class TargetProgress:
    """An indicator in a year next to one of its targets. All three are figures in its unit."""

    indicator: Indicator
    value: Figure
    target: Figure
    year: int  # of the target
    falls: bool  # whether the figure is to fall to its target

    @property
    def reached(self) -> bool:
        """Whether a figure is reported and not on the wrong side of the target."""
        if self.value.value is None or self.target.value is None:
            return False
        return self.value.value <= self.target.value if self.falls else self.value.value >= self.target.value

    @property
    def is_short(self) -> bool:
        """Whether a figure is reported and does not reach the target."""
        return self.value.reported and not self.reached

    @property
    def gap(self) -> str:
        """What is missing, in words; only where the target is not reached."""
        larger, smaller = (self.value, self.target) if self.falls else (self.target, self.value)
        return english.difference(larger, smaller, f"gap of {self.value.what} to the {self.target.what}")

    @property
    def in_words(self) -> str:
        """28 of 40 berths, a gap of 12; 45.5% against a target of 60%; not reported, against a target of 40 berths."""
        target = english.with_unit(self.target)
        if not self.value.reported:
            return f"{english.figure(self.value)}, against a target of {target}"
        if not self.is_short:
            return f"{english.with_unit(self.value)}, reaching the target of {target}"
        if self.falls or self.target.unit == "%":
            return f"{english.with_unit(self.value)} against a target of {target}, a gap of {self.gap}"
        return f"{english.figure(self.value)} of {target}, a gap of {self.gap}"


def label(indicator: Indicator) -> str:
    """Return the short name of an indicator as the head of a row: with its unit, if that is no sign %."""
    return f"{indicator.short} ({indicator.unit})" if indicator.unit else indicator.short


def progress(source: Indicators, plan: Plan, indicator: Indicator, year: int) -> TargetProgress | None:
    """Return an indicator in a year next to the target of that year, or else the next one, or else the last.

    None without a target.
    """
    target = target_for(plan.targets.get(indicator.id, []), year)
    return _progress(source, plan, indicator, year, target) if target else None


def _progress(
    source: Indicators, plan: Plan, indicator: Indicator, year: int, target: Milestone
) -> TargetProgress:
    baseline = next(iter(plan.baselines.get(indicator.id, [])), None)
    return TargetProgress(
        indicator,
        counts.total(source, indicator, year),
        counts.target(indicator, target),
        target.year,
        is_reduction(target, baseline),
    )


# Table and charts of the indicator report


def targets(source: Indicators, plan: Plan, year: int) -> list[Values]:
    """Return the rows of `TARGETS` for a year."""
    each = [progress(source, plan, indicator, year) for indicator in indicators_of_plan(plan)]
    return [_row(source, plan, found, year) for found in each if found]


def _row(source: Indicators, plan: Plan, found: TargetProgress, year: int) -> Values:
    gap = found.gap if found.is_short else (REACHED if found.reached else "-")
    return {
        "indicator": label(found.indicator),
        "baseline": baseline_in_words(plan, found.indicator),
        "value": english.figure(found.value),
        "target": f"{english.figure(found.target)} ({found.year})",
        "gap": gap,
        "charted": f"{found.indicator.short}{_in_unit(found.indicator)}",
        "chart_of_target": _chart(source, plan, found.indicator, year),
    }


def baseline_in_words(plan: Plan, indicator: Indicator) -> str:
    """12 (2020); a dash where the plan states none."""
    found = [(counts.baseline(indicator, one), one.year) for one in plan.baselines.get(indicator.id, [])]
    return ", ".join(f"{english.figure(figure)} ({year})" for figure, year in found) or "-"


def _in_unit(indicator: Indicator) -> str:
    """, in berths; , in per cent; "" for a count without a unit."""
    unit = "per cent" if indicator.measure == "percent" else indicator.unit
    return f", in {unit}" if unit else ""


def _chart(source: Indicators, plan: Plan, indicator: Indicator, year: int) -> richtext.ChartData:
    """Return the chart of an indicator: baseline and figures until `year`, and the targets of all years.

    The baseline has a column of its own, as its year may be one of the plan.
    """
    targets = {one.year: counts.target(indicator, one) for one in plan.targets[indicator.id]}
    reported = {when: counts.total(source, indicator, when) for when in range(plan.first_year, year + 1)}
    columns: list[tuple[str, Figure | None, Figure | None]] = [
        (f"{one.year} (baseline)", counts.baseline(indicator, one), None)
        for one in plan.baselines.get(indicator.id, [])
    ]
    columns += [(str(when), reported.get(when), targets.get(when)) for when in sorted({*reported, *targets})]
    names, figures, aims = zip(*columns, strict=True)
    series = {"Figure": figures, "Target": aims}
    in_words = "; ".join(_in_words(name, names, values) for name, values in series.items())
    return richtext.chart(
        "column",
        "",
        f"{indicator.short}{_in_unit(indicator)}, by year. {in_words}.",
        list(names),
        [(name, [marked_value(one) if one else None for one in values]) for name, values in series.items()],
        height_cm=_CHART_HEIGHT,
    )


def _in_words(name: str, years: Sequence[str], figures: Sequence[Figure | None]) -> str:
    """Return a series in words: Target: 2022 20, 2024 40."""
    pairs = zip(years, figures, strict=True)
    return f"{name}: " + ", ".join(f"{year} {english.figure(figure)}" for year, figure in pairs if figure)


# Sentences of reviews


def targets_in_words(source: Indicators, plan: Plan, year: int, so_far: bool) -> list[str]:
    """Return sentences: which indicators do not reach the target that was due by `year`, and which targets are to come.

    `so_far`: whether `year` was not over. There are none for a plan without targets.
    """
    due, ahead = [], []
    for indicator in indicators_of_plan(plan):
        every = plan.targets.get(indicator.id, [])
        if last := due_target(every, year):
            due.append(_progress(source, plan, indicator, last.year, last))
        elif every:
            ahead.append(_progress(source, plan, indicator, year, every[0]))
    this_year = f"{year}, so far" if so_far else str(year)
    names = {one.year: this_year if one.year == year else str(one.year) for one in (*due, *ahead)}
    return [*_due_in_words(due, names), *_ahead_in_words(ahead, names)]


def _due_in_words(due: list[TargetProgress], names: dict[int, str]) -> list[str]:
    short, unknown = [one for one in due if one.is_short], [one for one in due if not one.value.reported]
    sentences = [f"Below target: {_listed(short, names)}."] if short else []
    if unknown:
        words = [f"{_name(one)}, {english.with_unit(one.target)} ({names[one.year]})" for one in unknown]
        sentences.append(f"Targets for which no figure was reported: {'; '.join(words)}.")
    if due and not sentences:
        sentences = ["Each indicator with a target that was due has reached it."]
    return sentences


def _ahead_in_words(ahead: list[TargetProgress], names: dict[int, str]) -> list[str]:
    return [f"Targets for later years: {_listed(ahead, names)}."] if ahead else []


def _listed(found: list[TargetProgress], names: dict[int, str]) -> str:
    return "; ".join(f"{_name(one)}: {one.in_words} ({names[one.year]})" for one in found)


def _name(one: TargetProgress) -> str:
    return one.indicator.short.lower()


# Figures that narratives may name


def target_facts(
    source: Indicators, plan: Plan, indicator: Indicator, year: int
) -> dict[str, Callable[[], str]]:
    """Return indicators.<id>.target, .progress ("28 of 40 berths, a gap of 12") and .baseline, where there are any."""
    name, found = f"indicators.{indicator.id}", progress(source, plan, indicator, year)
    facts: dict[str, Callable[[], str]] = {}
    if found:
        facts[f"{name}.target"] = lambda: english.with_unit(found.target)
        facts[f"{name}.progress"] = lambda: found.in_words
    for one in plan.baselines.get(indicator.id, []):
        facts[f"{name}.baseline"] = partial(_baseline, indicator, one)
    return facts


def _baseline(indicator: Indicator, milestone: Milestone) -> str:
    return english.with_unit(counts.baseline(indicator, milestone))
