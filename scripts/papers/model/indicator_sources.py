"""The sources of an indicator's figure: the items and stated totals in the cells that it was counted from."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from papers.model.figures import Cell, Source, not_counted
from papers.model.indicator_returns import STATED, STATED_FIGURE, Return, ReturnEntry

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from papers.model.figures import Figure
    from papers.problems import Place

    Deciding = Mapping[tuple[str, int], Iterable[Cell]]  # by file and row of an entry


class SourceIndex:
    """Finds the sources of figures by their cells.

    `groups` are the entries of all returns, one group for each item; `returns` supply the totals that they
    state; `deciding` has by the key of an entry what decided whether it is one item with another.
    """

    def __init__(self, groups: Iterable[list[ReturnEntry]], returns: Collection[Return], deciding: Deciding):
        self._entries: dict[Place, tuple[int, ReturnEntry]] = {}  # first cell -> number of the group, entry
        self._groups: list[Source] = []  # whole groups, which figures share
        self._areas: dict[int, Source] = {}  # the same as counted for their areas
        self._in_group: list[list[ReturnEntry]] = []
        for number, group in enumerate(groups):
            self._entries |= {entry.cell: (number, entry) for entry in group}
            self._in_group.append(group)
            self._groups.append(_group_source(group, deciding))
        stated = [(figure.cells[0], found) for found in returns for figure in found.totals.values()]
        self._totals = {cell: _total_source(cell, found) for cell, found in stated}
        self._totals |= {
            figure.cells[0]: _measure_source(figure, found)
            for found in returns
            for figure in found.measures.values()
        }

    def sources(self, cells: Iterable[Place], by_area: bool = False) -> list[Source]:
        """Return the sources in `cells`: each item once with all its rows among them, and each stated total.

        A total that an itemised return states counts 0, as its rows are counted. `by_area`: whether they count
        for a priority area, which the cells of its rows decide.
        """
        items: dict[int, list[ReturnEntry]] = {}
        totals = []
        for place in cells:
            if found := self._entries.get(place):
                number, entry = found
                items.setdefault(number, []).append(entry)
            else:
                totals.append(self._totals[place])
        return [*(self._item_source(number, found, by_area) for number, found in items.items()), *totals]

    def of_other_areas(self, indicator: str, area: str, year: int) -> Iterator[Source]:
        """Yield the joint items that a row reports for an area but that count for that of their first row."""
        for number, group in self._of_several_areas:
            first, named = group[0], {entry.area for entry in group[1:]}
            is_same = (first.indicator, first.year) == (indicator, year)
            if is_same and first.area != area and area in named:
                yield not_counted(self._item_source(number, group, True).decided_by)

    @cached_property
    def _of_several_areas(self) -> list[tuple[int, list[ReturnEntry]]]:
        groups = enumerate(self._in_group)
        return [(at, group) for at, group in groups if len({entry.area for entry in group}) > 1]

    def rows(self, cell: Place) -> Source:
        """Return one row of an item, by its first cell, as a thing that a figure of joint items counts."""
        number, entry = self._entries[cell]
        return Source(1, (entry.as_cell,)).because_of(self._groups[number].decided_by)

    def _item_source(self, number: int, entries: list[ReturnEntry], by_area: bool) -> Source:
        group = self._groups[number]
        if len(entries) < len(group.cells):  # the rows of one economy, of an item that others report too
            return _group_source(entries, {})
        if not by_area:
            return group
        if number not in self._areas:
            areas = (cell for entry in self._in_group[number] for cell in entry.cells_of("area"))
            self._areas[number] = group.because_of(areas)
        return self._areas[number]


def _group_source(entries: list[ReturnEntry], deciding: Deciding) -> Source:
    received = [cell for entry in entries for cell in entry.cells_of("received")]
    joined = [cell for entry in entries for cell in deciding.get(entry.key, ())]
    return Source(1, tuple(entry.as_cell for entry in entries)).because_of([*joined, *received])


def unreported_sources(returns: Iterable[Return], indicator: str) -> list[Source]:
    """Return the empty cells of returns that do not report an indicator, each as a source that counts 0."""
    stated = [(found.totals.get(indicator) or found.measures.get(indicator), found) for found in returns]
    return [_total_source(figure.cells[0], found) for figure, found in stated if figure]


def _measure_source(figure: Figure, found: Return) -> Source:
    """Return a figure in numbers or percent that a return states, as a source that counts its value."""
    cell = figure.cells[0]
    if figure.value is None:
        return _total_source(cell, found)
    return Source(figure.value, (Cell(cell, STATED_FIGURE, found.economy.name),), found.received)


def _total_source(cell: Place, found: Return) -> Source:
    if not isinstance(cell.value, int):
        return Source(0, (Cell(cell, "not reported", found.economy.name),), found.received)
    counts = 0 if found.itemised else cell.value
    words = STATED if counts or not cell.value else "total of its rows, none of which is counted here"
    return Source(counts, (Cell(cell, words, found.economy.name),), found.received)
