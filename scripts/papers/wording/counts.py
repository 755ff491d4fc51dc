"""What papers count, each with its name and its sources: one home, so that two papers count alike.

Figures of indicators are those of model/indicators.py under a name; the others count activities, returns, economies,
objectives and the like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.model.figures import Figure, counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.inputs.schemas import Indicator
    from papers.model.forum import Model
    from papers.model.indicators import Indicators
    from papers.model.plan import Plan
    from papers.model.schedule import Activity, Edition

# Indicators


def total(source: Indicators, one: Indicator, year: int) -> Figure:
    """The group's figure of an indicator in a year."""
    return source.total(one.id, year).called(f"{one.short}, {year}", _returns_for(year))


def period(source: Indicators, one: Indicator, first: int, last: int) -> Figure:
    """The group's figures of the years `first` to `last` together."""
    when = f"{first}" if first == last else f"{first} to {last}"
    return source.period(one.id, first, last).called(f"{one.short}, {when}", _returns_for(when))


def of_area(source: Indicators, one: Indicator, area: str, name: str, year: int) -> Figure:
    """The figure of a priority area; area "" is that of totals without rows."""
    return source.by_area(one.id, area, year).called(f"{one.short}, {year}, {name}", _returns_for(year))


def of_economy(source: Indicators, one: Indicator, economy: str, year: int) -> Figure:
    """What one economy reported."""
    among = f"the return of {economy} for {year}"
    return source.by_economy(one.id, economy, year).called(f"{one.short}, {year}, {economy}", among)


def items(source: Indicators, those: Iterable, what: str) -> Figure:
    """Items, each with the rows of all who report it."""
    return counted(those, what, lambda item: source.source_index.sources(item.cells)[0], "the returns")


def indicators_of_plan(plan: Plan) -> list[Indicator]:
    """The indicators of a plan in its order."""
    return [indicator for heading in plan.indicator_headings for indicator in heading.indicators]


def _returns_for(when: int | str) -> str:
    return f"the returns for {when}"


# Returns


def economies(model: Model) -> Figure:
    """The member economies: 21."""
    register = model.register
    return counted(register.economies, "member economies", register.source)


def reporting(model: Model, year: int) -> Figure:
    """How many returns came for a year."""
    those = model.indicators.returns_of(year)
    return counted(
        those, f"returns received for {year}", lambda made: made.source("economy"), _folder(model, year)
    )


def late(model: Model, year: int) -> Figure:
    """How many of them are dated after the deadline."""
    sent, what = model.indicators.returns_of(year), f"late returns for {year}"
    those = [made for made in sent if made.late]
    return counted(those, what, lambda made: made.source("date", "due"), _folder(model, year), sent)


def not_itemised(model: Model, year: int) -> Figure:
    """How many of them state totals only."""
    sent, what = model.indicators.returns_of(year), f"returns for {year} with totals only"
    those = [made for made in sent if not made.itemised]
    return counted(those, what, lambda made: made.source_of_totals(), _folder(model, year), sent)


def missing(model: Model, year: int) -> Figure:
    """How many economies sent in none."""
    those = model.indicators.not_reporting(year)
    what = f"economies without a return for {year}"
    return counted(those, what, model.register.source, _folder(model, year))


def _folder(model: Model, year: int) -> str:
    return f"inputs/{model.config.forum}/indicators/{year}"


# Activities


def activities(edition: Edition, those: Iterable[Activity], what: str, *columns: str) -> Figure:
    """Activities of an edition; `columns` are those of the workbook that make them count."""
    columns = columns or ("id",)
    return counted(those, f"{what}, {edition.year}", lambda activity: activity.source(*columns), edition.file)


def with_status(edition: Edition, status: str, area: str | None = None) -> Figure:
    """The activities of a status, in one priority area or in all."""
    those = [a for a in edition.activities if a.status == status and area in (None, a.area)]
    columns = ("status",) if area is None else ("status", "priority_area")
    where = "" if area is None else f" in the priority area {area}"
    return activities(edition, those, f"activities {status}{where}", *columns)
