"""The indicators, counted from all returns: each figure with its cells, and who reported and who did not."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from papers.model.counting import Contribution, Counts, count
from papers.model.figures import Figure
from papers.model.indicator_sources import SourceIndex, unreported_sources
from papers.model.joint_items import Decision, JointItemGrouper, LikelyDouble, likeness, read_decisions

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from papers.inputs.config import Doubles
    from papers.inputs.workbooks import ReturnsFolder
    from papers.model.economies import Economies, Economy
    from papers.model.returns import Return, ReturnEntry
    from papers.problems import Place, Problems

NOT_REPORTED = Figure()


@dataclass(frozen=True)
class Item:
    """One thing done in a year for an indicator, however many economies report it; they stand in APEC order.

    `indicator` and `area` are ids of the plan, `cells` the first cell of each row that reports it.
    """

    year: int
    indicator: str
    area: str
    title: str
    date: datetime.date
    place: str
    partners: str
    economies: tuple[Economy, ...]
    activity_id: str
    reference: str
    cells: tuple[Place, ...]


@dataclass(frozen=True)
class IndicatorFiles:
    """The files that figures come from, as kinds.source_of wants them."""

    files: list[str]


@dataclass
class Indicators:
    """All figures. A `year` without any return is simply not reported."""

    register: Economies
    returns: list[Return]
    all_items: list[Item]
    counts: Counts | None
    decisions: list[Decision] = field(default_factory=list)
    likely_doubles: list[LikelyDouble] = field(default_factory=list)  # undecided
    shared_files: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)  # what the person who builds should look at
    groups: list[list[ReturnEntry]] = field(
        default_factory=list
    )  # the rows that report one item, an item each
    _totals: dict[tuple[int, str], Figure] = field(default_factory=dict, repr=False)  # as told before
    _earlier: dict[datetime.date, Indicators] = field(default_factory=dict, repr=False)

    @property
    def years(self) -> tuple[int, ...]:
        """The years for which there is a return."""
        return tuple(sorted({made.year for made in self.returns}))

    def returns_of(self, year: int) -> list[Return]:
        """The returns for a year, in APEC order."""
        return [made for made in self.returns if made.year == year]

    def total(self, indicator: str, year: int) -> Figure:
        """The group's figure: each joint item once; returns that are not itemised add their totals."""
        key = year, indicator
        if key not in self._totals:
            found = self.counts and self.counts.whole.get(key)
            silent = self._not_reported(self.returns_of(year), indicator)
            self._totals[key] = self._traced(found) if found else silent
        return self._totals[key]

    def by_area(self, indicator: str, area: str, year: int) -> Figure:
        """The items of a priority area, each once; 0 where economies list items, but none of this area.

        Area "" stands for the totals of returns that are not itemised, which no area can be told of.
        """
        if self.counts and (found := self.counts.areas.get((year, indicator, area))):
            return self._traced(found)
        stated = [r.totals.get(indicator, NOT_REPORTED) for r in self.returns_of(year) if r.itemised and area]
        cells = [cell for figure in stated if figure.reported for cell in figure.cells]
        if cells:
            return self._traced(Figure(0, tuple(cells)))
        return self._not_reported(self.returns_of(year), indicator)

    def by_economy(self, indicator: str, economy: str, year: int) -> Figure:
        """What one economy (by its name) contributed, joint items included."""
        if self.counts and (found := self.counts.economies.get((year, indicator, economy))):
            return self._traced(found)
        sent = [made for made in self.returns_of(year) if made.economy.name == economy]
        return self._not_reported(sent, indicator)

    def _traced(self, figure: Figure) -> Figure:
        return Figure(figure.value, figure.cells, find=lambda: self.evidence.sources(figure.cells))

    @cached_property
    def evidence(self) -> SourceIndex:
        """What stands in the cells of these returns."""
        return SourceIndex(self.groups, self.returns)

    def _not_reported(self, returns: list[Return], indicator: str) -> Figure:
        """A figure that nobody told: its sources are the empty cells of the returns that were looked at."""
        return Figure(find=lambda: unreported_sources(returns, indicator))

    def period(self, indicator: str, first: int, last: int) -> Figure:
        """The group's figures of the years `first` to `last` together; years not reported add nothing."""
        return Figure.sum(self.total(indicator, year) for year in range(first, last + 1))

    def reporting(self, year: int) -> tuple[Economy, ...]:
        """The economies that sent in a return, in APEC order."""
        return tuple(made.economy for made in self.returns_of(year))

    def not_reporting(self, year: int) -> tuple[Economy, ...]:
        return tuple(e for e in self.register.economies if e not in self.reporting(year))

    def late(self, year: int) -> tuple[Economy, ...]:
        """Those whose return is dated after the deadline; it is counted all the same."""
        return tuple(made.economy for made in self.returns_of(year) if made.late)

    def not_itemised(self, year: int) -> tuple[Economy, ...]:
        """Those that stated totals only."""
        return tuple(made.economy for made in self.returns_of(year) if not made.itemised)

    def items(self, year: int, indicator: str | None = None, area: str | None = None) -> list[Item]:
        """The items of a year by date and title, joint ones once; of one indicator or area where asked."""
        return [
            item
            for item in self.all_items
            if item.year == year and indicator in (None, item.indicator) and area in (None, item.area)
        ]

    def files(self, first: int, last: int) -> list[str]:
        """The inputs that figures of these years are counted from."""
        return [*self.shared_files, *(made.file for made in self.returns if first <= made.year <= last)]

    def received_by(self, day: datetime.date) -> Indicators:
        """The figures as they stood on a day: counted from the returns dated until then, that day included."""
        if all(made.date <= day for made in self.returns):
            return self
        if day not in self._earlier:
            self._earlier[day] = self._of_returns([made for made in self.returns if made.date <= day])
        return self._earlier[day]

    def _of_returns(self, returns: list[Return]) -> Indicators:
        files = {made.file for made in returns}
        groups = [[entry for entry in group if entry.cell.file in files] for group in self.groups]
        pairs = [
            [pair for pair in those if {pair.one.cell.file, pair.other.cell.file} <= files]
            for those in (self.decisions, self.likely_doubles)
        ]
        return _built(self.register, returns, [group for group in groups if group], *pairs, self.shared_files)

    def up_to(self, year: int) -> IndicatorFiles:
        """The inputs of all years until `year`."""
        return IndicatorFiles(self.files(0, year))

    def as_data(self) -> dict:
        """What model.json tells: the returns, the items, and every figure with its cells."""
        keys = {"whole": ("year", "indicator"), "areas": ("year", "indicator", "area")}
        keys["economies"] = ("year", "indicator", "economy")
        tables = {name: getattr(self.counts, name) if self.counts else {} for name in keys}
        figures = {
            name: [
                {**dict(zip(keys[name], key, strict=True)), "value": value.value, "cells": value.cells}
                for key, value in table.items()
            ]
            for name, table in tables.items()
        }
        likely = [{"one": d.one, "other": d.other, "alike": round(d.alike, 2)} for d in self.likely_doubles]
        return {
            "returns": self.returns,
            "items": self.all_items,
            "figures": figures,
            "likely_doubles": likely,
        }


def build_indicators(
    returns: list[Return], folder: ReturnsFolder, register: Economies, limits: Doubles, problems: Problems
) -> Indicators:
    """All figures of the returns; defects of joint items and of doubles.yaml are problems."""
    entries = [entry for made in returns for entry in made.entries]
    decisions = read_decisions(folder, entries, limits, problems)
    groups, likely = JointItemGrouper(limits, decisions, problems).joined(entries)
    shared = [document.name for document in (folder.deadlines, folder.doubles) if document]
    made = _built(register, returns, groups, decisions, likely, shared)
    made.notices += [*_about_doubles(likely, folder), *_about_groups(groups, limits)]
    return made


def _built(
    register: Economies,
    returns: list[Return],
    groups: list[list[ReturnEntry]],
    decisions: list[Decision],
    likely: list[LikelyDouble],
    shared: list[str],
) -> Indicators:
    groups = sorted(
        groups, key=lambda those: (those[0].year, those[0].indicator, those[0].economy, those[0].row)
    )
    items = sorted(
        (_item(group) for group in groups), key=lambda item: (item.year, item.date, item.title, item.cells)
    )
    counts = _counted(returns, groups) if returns else None
    return Indicators(register, returns, items, counts, decisions, likely, shared, groups=groups)


def _about_doubles(likely: list[LikelyDouble], folder: ReturnsFolder) -> list[str]:
    if not likely:
        return []
    pairs = "a pair of items looks" if len(likely) == 1 else f"{len(likely)} pairs of items look"
    first = f"{likely[0].one.cell} and {likely[0].other.cell}"
    return [
        f"{pairs} like one and the same, reported by two economies ({first}{'' if len(likely) == 1 else ', ...'}). They "
        f"are counted as two. outputs/work/likely_doubles.csv lists them; decide in {folder.base}/doubles.yaml"
    ]


def _about_groups(groups: list[list[ReturnEntry]], limits: Doubles) -> list[str]:
    """Joint items whose economies say different things of them: counted once all the same."""
    found = []
    for first, other in ((group[0], other) for group in groups for other in group[1:]):
        where = f"{first.cell} and {other.cell}"
        if first.area != other.area:
            found.append(
                f"{where}: one joint item in two priority areas; it is counted in that of {first.economy.name}"
            )
        apart = abs((first.date - other.date).days)
        if likeness(first.title, other.title) < limits.title_alike and apart > limits.days_apart:
            found.append(
                f"{where}: counted as one item, for both name the activity {first.activity_id}, but title and date differ"
            )
    return found


def _item(group: list[ReturnEntry]) -> Item:
    """The item of a group in APEC order: what its first economy says, and where that is silent, the next."""
    first = group[0]
    return Item(
        first.year,
        first.indicator,
        first.area,
        first.title,
        first.date,
        next((entry.place for entry in group if entry.place), ""),
        _each_once(entry.partners for entry in group),
        tuple(entry.economy for entry in group),
        next((entry.activity_id for entry in group if entry.activity_id), ""),
        _each_once(entry.reference for entry in group),
        tuple(entry.cell for entry in group),
    )


def _each_once(texts: Iterable[str]) -> str:
    """Lists with semicolons as one such list, each name once."""
    names = [name.strip() for text in texts for name in text.split(";")]
    return "; ".join(dict.fromkeys(name for name in names if name))


def _counted(returns: list[Return], groups: list[list[ReturnEntry]]) -> Counts:
    pass  # noqa: PLC0415  pandas loads only where there are returns

    found = []
    for number, group in enumerate(groups):
        area = group[0].area  # economies may see one item in different areas: the first in APEC order decides
        for e in group:
            one = Contribution(e.year, e.indicator, area, e.economy.name, f"item {number}", 1, e.cell)
            found.append(one)
    for made in returns:
        for indicator, stated in made.totals.items():
            if stated.reported and (stated.value == 0 or not made.itemised):
                cell, year = stated.cells[0], made.year
                area = "" if stated.value else None
                one = Contribution(year, indicator, area, made.economy.name, str(cell), stated.value, cell)
                found.append(one)
    return count(found)
