"""The figures that papers count, each with its name and its sources.

They are counted here only, so that papers agree.

Figures of indicators are those of model/indicators.py under a name; the others count activities, returns and
economies.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from papers.model.figures import Amount, Cell, Figure, Source, counted, exact, not_counted
from papers.model.measures import over_years
from papers.model.schedule_changes import overdue
from papers.wording import english

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.inputs.plan_schemas import Indicator
    from papers.inputs.settings import Doubles
    from papers.model.forum import Model
    from papers.model.indicators import Indicators, Item
    from papers.model.measures import Milestone
    from papers.model.plan import Plan
    from papers.model.schedule import Activity, Edition

# Indicators


def indicators_of_plan(plan: Plan) -> list[Indicator]:
    """Return the indicators of a plan in its order."""
    return [indicator for heading in plan.indicator_headings for indicator in heading.indicators]


def counted_indicators(plan: Plan) -> list[Indicator]:
    """Return the indicators that are counted from items; the others have no figures by priority area."""
    return [indicator for indicator in indicators_of_plan(plan) if indicator.measure == "count"]


def measured_indicators(plan: Plan) -> list[Indicator]:
    """Return the indicators in numbers or percentages, which economies state as one figure."""
    return [indicator for indicator in indicators_of_plan(plan) if indicator.measure != "count"]


def total(source: Indicators, indicator: Indicator, year: int) -> Figure:
    """Return the group's figure of an indicator in a year."""
    return source.total(indicator.id, year).called(f"{indicator.short}, {year}", _returns_for(year))


def period(source: Indicators, indicator: Indicator, first: int, last: int) -> Figure:
    """Return the group's figure of the years `first` to `last` together."""
    when = f"{first}" if first == last else f"{first} to {last}"
    years = [total(source, indicator, year) for year in range(first, last + 1)]
    figure, how = over_years(indicator.over_years, years), ""
    if first != last and figure.reported:
        latest = source.latest_year(indicator.id, first, last)
        how = {"average": ", average", "latest": f", latest ({latest})"}.get(indicator.over_years, "")
    return figure.called(f"{indicator.short}, {when}{how}", _returns_for(when))


def target(indicator: Indicator, milestone: Milestone) -> Figure:
    """Return a target of an indicator."""
    return _stated(indicator, milestone, f"target of {indicator.short} for {milestone.year}")


def baseline(indicator: Indicator, milestone: Milestone) -> Figure:
    """Return the baseline of an indicator."""
    return _stated(indicator, milestone, f"baseline of {indicator.short}, {milestone.year}")


def _stated(indicator: Indicator, milestone: Milestone, what: str) -> Figure:
    source = milestone.source(indicator.short)
    return Figure(milestone.value, (), what, lambda: [source], milestone.place.file, indicator.sign)


def of_area(source: Indicators, indicator: Indicator, area: str, name: str, year: int) -> Figure:
    """Return the figure of a priority area; area "" stands for totals without rows, which name no area."""
    figure = source.by_area(indicator.id, area, year)
    return figure.called(f"{indicator.short}, {year}, {name}", _returns_for(year))


def of_economy(source: Indicators, indicator: Indicator, economy: str, year: int) -> Figure:
    """Return what one economy reported."""
    figure = source.by_economy(indicator.id, economy, year)
    return figure.called(f"{indicator.short}, {year}, {economy}", f"the return of {economy} for {year}")


def items(source: Indicators, chosen: Iterable[Item], what: str) -> Figure:
    """Return how many items there are; the source of each is the rows of all economies that report it."""
    return counted(chosen, what, lambda item: source.source_index.sources(item.cells)[0], "the returns")


def items_by_area(source: Indicators, chosen: Iterable[Item], what: str) -> Figure:
    """Return how many items there are; their sources have the cells of the areas, too."""
    return counted(chosen, what, lambda item: source.source_index.sources(item.cells, True)[0], "the returns")


def least_likeness(limits: Doubles) -> Figure:
    """Return how alike the titles of a joint item have to be, in per cent."""
    value = exact(100 * Fraction(str(limits.title_alike)))
    return _limit(limits, "title_alike", value, "least likeness of the titles of one item", "%")


def most_days_apart(limits: Doubles) -> Figure:
    """Return how many days the dates of a joint item may be apart."""
    return _limit(limits, "days_apart", limits.days_apart, "most days between the dates of one item", "")


def _limit(limits: Doubles, key: str, value: Amount, what: str, unit: str) -> Figure:
    source = Source(value, tuple(Cell(place, key) for place in limits.lines(key)))
    return Figure(value, (), what, lambda: [source], unit=unit)


def _returns_for(when: int | str) -> str:
    return f"the returns for {when}"


# Returns


def economies(model: Model) -> Figure:
    """Return how many member economies there are."""
    register = model.register
    return counted(register.economies, "member economies", register.source)


def reporting(model: Model, year: int) -> Figure:
    """Return how many returns were received for a year."""
    received, folder = model.indicators.returns_of(year), _folder(model, year)
    return counted(
        received, f"returns received for {year}", lambda returned: returned.source("economy"), folder
    )


def late(model: Model, year: int) -> Figure:
    """Return how many of them are dated after the deadline."""
    received, folder = model.indicators.returns_of(year), _folder(model, year)
    late_returns = [returned for returned in received if returned.late]
    what = f"late returns for {year}"
    return counted(late_returns, what, lambda returned: returned.source("date", "due"), folder, received)


def not_itemised(model: Model, year: int) -> Figure:
    """Return how many of them state totals only."""
    received, folder = model.indicators.returns_of(year), _folder(model, year)
    totals_only = [returned for returned in received if not returned.itemised]
    what = f"returns for {year} with totals only"
    return counted(totals_only, what, lambda returned: returned.source_of_totals(), folder, received)


def set_aside(model: Model, year: int) -> Figure:
    """Return how many returns for a year were set aside."""
    found = model.indicators.set_aside_of(year)
    what = f"returns for {year} that were set aside"
    return counted(found, what, lambda one: Source(1, (Cell(one.place, one.why),)), _folder(model, year))


def missing(model: Model, year: int) -> Figure:
    """Return how many economies sent no return."""
    silent, received = model.indicators.not_reporting(year), model.indicators.returns_of(year)
    what = f"economies without a return for {year}"
    others = lambda: [not_counted(found.source("economy", "date").cells) for found in received]  # noqa: E731
    return counted(silent, what, model.register.source, _folder(model, year), others=others)


def _folder(model: Model, year: int) -> str:
    return f"{model.indicators_folder}/{year}"


# Activities


def activities(
    edition: Edition, chosen: Iterable[Activity], what: str, *roles: str, by_meaning: bool = False
) -> Figure:
    """Return how many activities of an edition there are.

    `roles` are those of the columns of the workbook that are why they count (default: id). `by_meaning`: whether
    that depends on what their statuses mean.
    """
    roles, deciding = roles or ("id",), ("means",) if by_meaning else ()
    what = f"{what}, {english.edition(edition.name)}"
    return counted(chosen, what, lambda activity: activity.source(*roles, deciding=deciding), edition.file)


def activities_listed(edition: Edition, area: str | None = None) -> Figure:
    """Return how many activities an edition lists, in one priority area or in all."""
    if area is None:
        return activities(edition, edition.activities, "activities listed")
    what = f"activities in the {edition.area_name} {area}"
    return activities(edition, edition.of_area(area), what, "area")


def without_area(edition: Edition) -> Figure:
    """Return how many activities name no priority area."""
    found = [activity for activity in edition.activities if not activity.area]
    return activities(edition, found, f"activities without a {edition.area_name}", "id", "area")


def with_status(edition: Edition, status: str, area: str | None = None) -> Figure:
    """Return how many activities have the status of a name, in one priority area or in all."""
    return _with_statuses(edition, status, (status,), area)


def meaning(edition: Edition, means: str, area: str | None = None) -> Figure:
    """Return how many activities have a status that means `means`, one of MEANINGS."""
    names = [status.name for status in edition.statuses if status.means == means]
    return _with_statuses(edition, means, names, area, by_meaning=True)


def _with_statuses(
    edition: Edition, what: str, names: Iterable[str], area: str | None, by_meaning: bool = False
) -> Figure:
    found = [a for a in edition.activities if a.status in names and area in (None, a.area)]
    roles = ("status",) if area is None else ("status", "area")
    where = "" if area is None else f" in the {edition.area_name} {area}"
    return activities(edition, found, f"activities {what}{where}", *roles, by_meaning=by_meaning)


def overdue_activities(edition: Edition) -> Figure:
    """Return how many activities are overdue."""
    found = overdue(edition)
    return activities(edition, found, "activities overdue", "last", "status", by_meaning=True)


def not_withdrawn(edition: Edition) -> Figure:
    """Return how many activities were not withdrawn."""
    found = [activity for activity in edition.activities if not activity.is_withdrawn]
    return activities(edition, found, "activities not withdrawn", "status", by_meaning=True)


def in_timeline(edition: Edition, shown: list[Activity]) -> Figure:
    """Return how many activities the timeline shows: those that were not withdrawn and state when they begin."""
    if len(shown) == len([activity for activity in edition.activities if not activity.is_withdrawn]):
        return not_withdrawn(edition)
    what = "activities that state their years"
    return activities(edition, shown, what, "first", "status", by_meaning=True)
