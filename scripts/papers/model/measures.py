"""Baselines and targets of a plan's indicators, and the checks of how an indicator is measured and combined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papers.model.figures import Amount, Cell, Figure, Source, exact
from papers.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from papers.inputs.plan_schemas import Indicator, PlanFile
    from papers.inputs.yaml import Document, Keys
    from papers.problems import Place, Problems

    Milestones = dict[str, list["Milestone"]]  # id of an indicator -> its milestones, by year


@dataclass(frozen=True)
class Milestone:
    """The baseline or a target of an indicator: its year, its value, and the line that states it."""

    year: int
    value: Amount
    place: Place

    def source(self, title: str) -> Source:
        """Return it as one thing that a figure counts: its line."""
        return Source(self.value, (Cell(self.place, title),))


def indicators_of(form: PlanFile) -> Iterator[tuple[Indicator, Keys]]:
    """Yield the indicators of a plan in its order, and the keys of each."""
    for index, heading in enumerate(form.indicator_headings):
        for n, indicator in enumerate(heading.indicators):
            yield indicator, ("indicator_headings", index, "indicators", n)


def milestones(data: Document[PlanFile], key: str) -> Milestones:
    """Return the milestones under `key`: baseline or target. Indicators without one are left out."""
    found = {}
    for indicator, keys in indicators_of(data.form):
        stated = sorted(getattr(indicator, key).items())
        places = [data.place(*keys, key, year) for year, _ in stated]
        if stated:
            pairs = zip(stated, places, strict=True)
            found[indicator.id] = [Milestone(year, exact(value), place) for (year, value), place in pairs]
    return found


def target_for(targets: list[Milestone], year: int) -> Milestone | None:
    """Return the target of a year: its own, or else the next later one, or else the last."""
    later = [target for target in targets if target.year >= year]
    return later[0] if later else due_target(targets, year)


def due_target(targets: list[Milestone], year: int) -> Milestone | None:
    """Return the last target of the years until `year`, which should have been reached; None before the first."""
    due = [target for target in targets if target.year <= year]
    return due[-1] if due else None


def is_reduction(target: Milestone, baseline: Milestone | None) -> bool:
    """Return whether the figure is to fall to its target.

    ASSUME: a target below the baseline is to be reached from above; every other one from below.
    """
    return baseline is not None and target.value < baseline.value


def over_years(how: str, figures: Sequence[Figure]) -> Figure:
    """Return the figure of several years: their sum, the latest reported one, or their average."""
    reported = [figure for figure in figures if figure.reported]
    if how == "latest" and reported:
        return reported[-1]
    return Figure.average(figures, "average of years") if how == "average" else Figure.sum(figures)


# Checks


def check_measures(data: Document[PlanFile], problems: Problems) -> None:
    """Report combinations that have no meaning, and baselines and targets of years or values that do not fit."""
    for indicator, keys in indicators_of(data.form):
        check = _IndicatorCheck(data, indicator, keys, problems)
        check.combination()
        check.baseline()
        check.targets()


@dataclass(frozen=True)
class _IndicatorCheck:
    data: Document[PlanFile]
    indicator: Indicator
    keys: Keys
    problems: Problems

    def report(self, keys: Keys, kind: str, found: str, expected: str, todo: str) -> None:
        place = self.data.place(*self.keys, *keys)
        self.problems.add(place, kind, f"{found} for {quoted(self.indicator.short)}", expected, todo)

    def combination(self) -> None:
        combine, measure = self.indicator.combine, self.indicator.measure
        if measure == "percent":
            self._refuse_sum("economies", combine.economies, "average")
            self._refuse_sum("years", combine.years, "latest")
        if measure == "percent" and self.indicator.unit:
            todo = "Delete the line; put it into short or text if readers need it."
            self.report(("unit",), "unit-of-percent", "a unit", "no unit: a percentage has the sign %", todo)
        if measure == "count" and combine.economies == "average":
            expected = "sum: an item counts once for the group, however many economies report it"
            todo = "Write economies: sum, or delete the line."
            self.report(("combine", "economies"), "average-of-counts", "economies: average", expected, todo)

    def _refuse_sum(self, key: str, stated: str | None, instead: str) -> None:
        if stated == "sum":
            expected = "another combination: percentages cannot be added"
            todo = f"Write {key}: {instead}."
            self.report(("combine", key), "sum-of-percentages", f"{key}: sum", expected, todo)

    def baseline(self) -> None:
        first, years = self.data.form.first_year, list(self.indicator.baseline)
        if len(years) > 1:
            found, todo = "more than one year", "Keep one of them."
            self.report(("baseline",), "baseline", found, "one year and its figure", todo)
        for year in years:
            if not 1989 <= year <= first:
                expected = f"{first}, the plan's first year, or a year before it"
                self.report(
                    ("baseline", year), "year", f"a baseline of {year}", expected, "Correct the year."
                )
            self._check_value("baseline", year)

    def targets(self) -> None:
        first, last = self.data.form.first_year, self.data.form.last_year
        for year in self.indicator.target:
            if not first <= year <= last:
                expected = f"a year of the plan, {first} to {last}"
                self.report(("target", year), "year", f"a target for {year}", expected, "Correct the year.")
            self._check_value("target", year)

    def _check_value(self, key: str, year: int) -> None:
        value, measure = getattr(self.indicator, key)[year], self.indicator.measure
        if measure == "percent" and value > 100:
            self.report((key, year), "above-100", f"{value}", "a percentage from 0 to 100", "Correct it.")
        if measure == "count" and value != int(value):
            expected, todo = "a whole number, as items are counted", "Correct it, or write measure: number."
            self.report((key, year), "not-whole", f"{value}", expected, todo)
