"""The indicators of a plan: every figure of all returns with its cells, and which economies reported.

build_indicators groups the entries of the returns into items (joint_items) and counts them (counting).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from papers.model.counting import Contribution, Counts, count
from papers.model.figures import Figure, as_number
from papers.model.indicator_sources import SourceIndex, unreported_sources
from papers.model.joint_items import Decision, JointItemGrouper, LikelyDouble, likeness, read_decisions

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from papers.inputs.plan_schemas import Indicator
    from papers.inputs.settings import Doubles
    from papers.inputs.unread import Unread
    from papers.inputs.workbooks import ReturnsFolder, SetAsideReturn
    from papers.model.economies import Economies, Economy
    from papers.model.figures import Source
    from papers.model.indicator_returns import Return, ReturnEntry
    from papers.model.indicator_sources import Deciding
    from papers.problems import Place, Problems

    Group = list[ReturnEntry]  # the entries that report one item

NOT_REPORTED = Figure()


@dataclass(frozen=True)
class Item:
    """One item of a year and indicator, with all economies that report it in APEC order.

    `indicator` and `area` are ids of the plan; `cells` has the first cell of each row that reports the item.
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
    areas: tuple[str, ...] = ()  # those of all rows, each once


@dataclass
class Indicators:
    """All figures. `counts` is None where there is no return; a year without returns is not reported.

    `definitions` are the indicators of the plan by id, which say how figures are combined; an indicator that
    is not in it is a count. What counts (by area, by item) is empty for numbers and percentages.
    """

    register: Economies
    returns: list[Return]
    all_items: list[Item]
    counts: Counts | None
    decisions: list[Decision] = field(default_factory=list)
    likely_doubles: list[LikelyDouble] = field(default_factory=list)  # without a decision
    shared_files: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    deciding: Deciding = field(default_factory=dict, repr=False)
    definitions: Mapping[str, Indicator] = field(default_factory=dict)
    set_aside: list[SetAsideReturn] = field(default_factory=list)  # returns that are not counted
    _totals: dict[tuple[int, str], Figure] = field(default_factory=dict, repr=False)  # cache of `total`
    _as_of: dict[datetime.date, Indicators] = field(
        default_factory=dict, repr=False
    )  # cache of `received_by`

    @property
    def years(self) -> tuple[int, ...]:
        """The years for which there is a return."""
        return tuple(sorted({found.year for found in self.returns}))

    def returns_of(self, year: int) -> list[Return]:
        """Return the returns for a year, in APEC order."""
        return [found for found in self.returns if found.year == year]

    def total(self, indicator: str, year: int) -> Figure:
        """Return the figure of the group.

        A joint item counts once; returns that are not itemised add their totals. Numbers and percentages are
        added or averaged over the economies that state one, as the plan says.
        """
        key = year, indicator
        if key not in self._totals:
            self._totals[key] = self._total(indicator, year)
        return self._totals[key]

    def _total(self, indicator: str, year: int) -> Figure:
        returns, definition = self.returns_of(year), self.definitions.get(indicator)
        if definition and definition.measure != "count":
            stated = [self.by_economy(indicator, found.economy.name, year) for found in returns]
            reported = [figure for figure in stated if figure.reported]
            if reported and definition.over_economies == "average":
                return Figure.average(reported, "average")
            return Figure.sum(reported) if reported else self._not_reported(returns, indicator)
        found = self.counts and self.counts.whole.get((year, indicator))
        return self._with_sources(found) if found else self._not_reported(returns, indicator)

    def by_area(self, indicator: str, area: str, year: int) -> Figure:
        """Return the figure of a priority area, each item once; 0 where all items are of other areas.

        Area "" stands for the totals of returns that are not itemised, which have no area.
        """
        figure = self._by_area(indicator, area, year)
        if not area:
            return figure

        def find() -> Iterable[Source]:
            return [*figure.sources, *self.source_index.of_other_areas(indicator, area, year)]

        return replace(figure, find=find)

    def _by_area(self, indicator: str, area: str, year: int) -> Figure:
        if self.counts and (found := self.counts.areas.get((year, indicator, area))):
            return self._with_sources(found, by_area=bool(area))
        stated = [r.totals.get(indicator, NOT_REPORTED) for r in self.returns_of(year) if r.itemised and area]
        cells = [cell for figure in stated if figure.reported for cell in figure.cells]
        if cells:
            return self._with_sources(Figure(0, tuple(cells)))
        return self._not_reported(self.returns_of(year), indicator)

    def by_economy(self, indicator: str, economy: str, year: int) -> Figure:
        """Return the figure of one economy (by its name), joint items included."""
        if self.counts and (found := self.counts.economies.get((year, indicator, economy))):
            return self._with_sources(found)
        returns = [found for found in self.returns_of(year) if found.economy.name == economy]
        stated = [found.measures[indicator] for found in returns if indicator in found.measures]
        if stated and stated[0].reported:
            return self._with_sources(stated[0])
        return self._not_reported(returns, indicator)

    def _with_sources(self, figure: Figure, by_area: bool = False) -> Figure:
        find = lambda: self.source_index.sources(figure.cells, by_area)  # noqa: E731  found when asked for
        return Figure(figure.value, figure.cells, find=find, unit=figure.unit)

    @cached_property
    def source_index(self) -> SourceIndex:
        """The sources of all cells of these returns."""
        return SourceIndex(self.groups, self.returns, self.deciding)

    def _not_reported(self, returns: list[Return], indicator: str) -> Figure:
        """Return a figure that is not reported; its sources are the empty cells of the returns."""
        return Figure(find=lambda: unreported_sources(returns, indicator))

    def latest_year(self, indicator: str, first: int, last: int) -> int | None:
        """Return the last of the years `first` to `last` for which the group has a figure; None without one."""
        years = range(last, first - 1, -1)
        return next((year for year in years if self.total(indicator, year).reported), None)

    def reporting(self, year: int) -> tuple[Economy, ...]:
        """Return the economies with a return for a year, in APEC order."""
        return tuple(found.economy for found in self.returns_of(year))

    def set_aside_of(self, year: int) -> list[SetAsideReturn]:
        """Return the returns for a year that were set aside."""
        return [one for one in self.set_aside if one.year == year]

    def not_counted(self, year: int) -> tuple[Economy, ...]:
        """Return the economies whose return for a year was set aside, in APEC order."""
        codes = {one.code for one in self.set_aside_of(year)}
        return tuple(economy for economy in self.register.economies if economy.code.lower() in codes)

    def not_reporting(self, year: int) -> tuple[Economy, ...]:
        """Return the economies without a return for a year, in APEC order."""
        return tuple(e for e in self.register.economies if e not in self.reporting(year))

    def late(self, year: int) -> tuple[Economy, ...]:
        """Return the economies whose return is dated after the deadline; it is counted all the same."""
        return tuple(found.economy for found in self.returns_of(year) if found.late)

    def not_itemised(self, year: int) -> tuple[Economy, ...]:
        """Return the economies that stated totals only."""
        return tuple(found.economy for found in self.returns_of(year) if not found.itemised)

    def items(self, year: int, indicator: str | None = None, area: str | None = None) -> list[Item]:
        """Return the items of a year, of one indicator or area if given, by date and title."""
        return [
            item
            for item in self.all_items
            if item.year == year and indicator in (None, item.indicator) and area in (None, item.area)
        ]

    def files(self, first: int, last: int) -> list[str]:
        """Return the inputs from which the figures of the years `first` to `last` are counted."""
        return [
            *self.shared_files,
            *(found.file for found in self.returns if first <= found.year <= last),
        ]

    def received_by(self, day: datetime.date) -> Indicators:
        """Return the indicators counted from the returns dated until a day, that day included."""
        known = [one for one in self.set_aside if one.is_known_on(day)]
        if all(found.date <= day for found in self.returns) and known == self.set_aside:
            return self
        if day not in self._as_of:
            self._as_of[day] = self._of_returns([found for found in self.returns if found.date <= day])
            self._as_of[day].set_aside = known
        return self._as_of[day]

    def _of_returns(self, returns: list[Return]) -> Indicators:
        files = {found.file for found in returns}
        groups = [[entry for entry in group if entry.cell.file in files] for group in self.groups]
        decisions = [pair for pair in self.decisions if pair.files <= files]
        likely = [pair for pair in self.likely_doubles if pair.files <= files]
        groups = [group for group in groups if group]
        shared, definitions = self.shared_files, self.definitions
        found = _indicators(self.register, returns, groups, decisions, likely, shared, definitions)
        found.deciding = self._deciding_of({each.file for each in self.returns} - files)
        return found

    def _deciding_of(self, later: set[str]) -> Deciding:
        """Return `deciding` without the cells of the returns that came later."""
        return {
            key: [cell for cell in cells if cell.place.file not in later]
            for key, cells in self.deciding.items()
        }

    def as_data(self) -> dict[str, Any]:
        """Return the returns, the items, and every figure with its cells, for model.json."""
        likely = [
            {"one": d.one, "other": d.other, "alike": round(d.alike, 2), "differ": d.differ}
            for d in self.likely_doubles
        ]
        return {
            "returns": self.returns,
            "items": self.all_items,
            "figures": _figures_as_data(self.counts, self._measured()),
            "likely_doubles": likely,
        }

    def _measured(self) -> dict[tuple[int, str], Figure]:
        """Return the group's figures that are no counts, by year and id of the indicator."""
        measured = [name for name, one in self.definitions.items() if one.measure != "count"]
        found = {(year, name): self.total(name, year) for year in self.years for name in measured}
        return {key: figure for key, figure in found.items() if figure.reported}


def _figures_as_data(
    counts: Counts | None, measured: dict[tuple[int, str], Figure]
) -> dict[str, list[dict[str, Any]]]:
    keys = {
        "whole": ("year", "indicator"),
        "areas": ("year", "indicator", "area"),
        "economies": ("year", "indicator", "economy"),
    }
    figures = {name: dict(getattr(counts, name)) if counts else {} for name in keys}
    figures["whole"] |= measured
    return {
        name: [
            {
                **dict(zip(keys[name], key, strict=True)),
                "value": figure.value if figure.value is None else as_number(figure.value),
                "cells": figure.cells,
            }
            for key, figure in figures[name].items()
        ]
        for name in keys
    }


def build_indicators(
    returns: list[Return],
    folder: ReturnsFolder,
    register: Economies,
    limits: Doubles,
    unread: Unread,
    problems: Problems,
    definitions: Mapping[str, Indicator] | None = None,
) -> Indicators:
    """Return the figures of all returns; report defects of joint items and of doubles.yaml.

    `definitions` are the indicators of the plan by id.
    """
    entries = [entry for found in returns for entry in found.entries]
    decisions = read_decisions(folder, entries, limits, unread, problems)
    grouper = JointItemGrouper(limits, decisions, problems)
    groups, likely = grouper.group(entries)
    shared = [document.name for document in (folder.deadlines, folder.doubles) if document]
    indicators = _indicators(register, returns, groups, decisions, likely, shared, definitions or {})
    indicators.deciding, indicators.set_aside = grouper.deciding, folder.set_aside
    indicators.notices += [_notice_of_set_aside(one) for one in folder.set_aside]
    indicators.notices += [
        *_notices_of_doubles(likely, folder),
        *_notices_of_groups(groups, limits, folder.level.plural),
    ]
    return indicators


def _indicators(
    register: Economies,
    returns: list[Return],
    groups: list[Group],
    decisions: list[Decision],
    likely: list[LikelyDouble],
    shared: list[str],
    definitions: Mapping[str, Indicator],
) -> Indicators:
    groups = sorted(groups, key=_order_of_group)
    items = sorted((_item(group) for group in groups), key=lambda i: (i.year, i.date, i.title, i.cells))
    counts = count([*_from_items(groups), *_from_totals(returns)]) if returns else None
    return Indicators(
        register, returns, items, counts, decisions, likely, shared, groups=groups, definitions=definitions
    )


def _order_of_group(group: Group) -> tuple[int, str, Economy, int]:
    first = group[0]
    return first.year, first.indicator, first.economy, first.row


def _notice_of_set_aside(one: SetAsideReturn) -> str:
    return (
        f"{one.place}: found {one.name} set aside ({one.why}); it is not counted. Delete the entry when a corrected "
        "return is in its place."
    )


def _notices_of_doubles(likely: list[LikelyDouble], folder: ReturnsFolder) -> list[str]:
    """Return a notice of the pairs that are alike, and one of those whose economies name each other."""
    kinds = [
        ([double for double in likely if not double.differ], "like the same item, reported by two economies"),
        (
            [double for double in likely if double.differ],
            "different although their economies name each other",
        ),
    ]
    return [
        f"{'a pair of items looks' if len(found) == 1 else f'{len(found)} pairs of items look'} {how} "
        f"({_first_pair(found)}). Each pair counts as two items until a decision is made. "
        f"outputs/work/{folder.base.split('/')[1]}/likely_doubles.csv lists them; decide in {folder.base}/doubles.yaml"
        for found, how in kinds
        if found
    ]


def _first_pair(found: list[LikelyDouble]) -> str:
    first = found[0]
    differ = f"; {first.differ}" if first.differ else ""
    return f"{first.one.cell} and {first.other.cell}{differ}{'' if len(found) == 1 else ', ...'}"


def _notices_of_groups(groups: list[Group], limits: Doubles, areas: str) -> list[str]:
    """Return notices of joint items of which the economies state different things; `areas` is what areas are called."""
    notices = []
    for first, other in ((group[0], other) for group in groups for other in group[1:]):
        where = f"{first.cell} and {other.cell}"
        if first.area != other.area:
            notices.append(
                f"{where}: one joint item in two {areas}; it is counted in that of {first.economy.name}"
            )
        days = abs((first.date - other.date).days)
        if likeness(first.title, other.title) < limits.title_alike and days > limits.days_apart:
            notices.append(
                f"{where}: counted as one item, as both have the activity ID {first.activity_id}, "
                "but title and date differ"
            )
    return notices


def _item(group: Group) -> Item:
    """Return the item of a group as its first economy describes it, and as the next where a value is empty."""
    first = group[0]
    return Item(
        year=first.year,
        indicator=first.indicator,
        area=first.area,
        title=first.title,
        date=first.date,
        place=next((entry.place for entry in group if entry.place), ""),
        partners=_each_once(entry.partners for entry in group),
        economies=tuple(entry.economy for entry in group),
        activity_id=next((entry.activity_id for entry in group if entry.activity_id), ""),
        reference=_each_once(entry.reference for entry in group),
        cells=tuple(entry.cell for entry in group),
        areas=tuple(dict.fromkeys(entry.area for entry in group)),
    )


def _each_once(texts: Iterable[str]) -> str:
    """Join lists with semicolons to one such list, each name once."""
    names = [name.strip() for text in texts for name in text.split(";")]
    return "; ".join(dict.fromkeys(name for name in names if name))


def _from_items(groups: list[Group]) -> list[Contribution]:
    """Return a contribution for each entry.

    Its area is that of the first economy, as economies may disagree.
    """
    return [
        Contribution(
            entry.year, entry.indicator, group[0].area, entry.economy.name, f"item {at}", 1, entry.cell
        )
        for at, group in enumerate(groups)
        for entry in group
    ]


def _from_totals(returns: list[Return]) -> list[Contribution]:
    """Return a contribution for each stated zero, and for each total of a return that is not itemised."""
    contributions = []
    for found in returns:
        for indicator, stated in found.totals.items():
            if stated.value is not None and (stated.value == 0 or not found.itemised):
                cell, area, economy = stated.cells[0], "" if stated.value else None, found.economy.name
                contributions.append(
                    Contribution(found.year, indicator, area, economy, str(cell), int(stated.value), cell)
                )
    return contributions
