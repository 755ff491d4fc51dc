"""The sources of an indicator's figure: the items and stated totals in the cells that it was counted from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.model.figures import Cell, Source
from papers.model.indicator_returns import STATED, STATED_FIGURE, Return, ReturnEntry

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from papers.model.figures import Figure
    from papers.problems import Place


class SourceIndex:
    """Finds the sources of figures by their cells.

    `groups` are the entries of all returns, one group for each item; `returns` supply the totals that they
    state.
    """

    def __init__(self, groups: Iterable[list[ReturnEntry]], returns: Collection[Return]):
        self._items: dict[Place, tuple[int, Cell]] = {}  # first cell of an entry -> number of its group, cell
        self._groups: list[Source] = []  # whole groups, which figures share
        for number, group in enumerate(groups):
            cells = [entry.as_cell for entry in group]
            self._items |= {cell.place: (number, cell) for cell in cells}
            self._groups.append(Source(1, tuple(cells)))
        stated = [(figure.cells[0], found) for found in returns for figure in found.totals.values()]
        self._totals = {cell: _total_source(cell, found) for cell, found in stated}
        self._totals |= {
            figure.cells[0]: _measure_source(figure, found)
            for found in returns
            for figure in found.measures.values()
        }

    def sources(self, cells: Iterable[Place]) -> list[Source]:
        """Return the sources in `cells`: each item once with all its rows among them, and each stated total.

        A total that an itemised return states counts 0, as its rows are counted.
        """
        items: dict[int, list[Cell]] = {}
        totals = []
        for place in cells:
            if found := self._items.get(place):
                number, cell = found
                items.setdefault(number, []).append(cell)
            else:
                totals.append(self._totals[place])
        return [*(self._item_source(number, found) for number, found in items.items()), *totals]

    def _item_source(self, number: int, cells: list[Cell]) -> Source:
        group = self._groups[number]
        return group if len(cells) == len(group.cells) else Source(1, tuple(cells))


def unreported_sources(returns: Iterable[Return], indicator: str) -> list[Source]:
    """Return the empty cells of returns that do not report an indicator, each as a source that counts 0."""
    stated = [(found.totals.get(indicator) or found.measures.get(indicator), found) for found in returns]
    return [_total_source(figure.cells[0], found) for figure, found in stated if figure]


def _measure_source(figure: Figure, found: Return) -> Source:
    """Return a figure in numbers or percent that a return states, as a source that counts its value."""
    cell = figure.cells[0]
    if figure.value is None:
        return _total_source(cell, found)
    return Source(figure.value, (Cell(cell, STATED_FIGURE, found.economy.name),))


def _total_source(cell: Place, found: Return) -> Source:
    if not isinstance(cell.value, int):
        return Source(0, (Cell(cell, "not reported", found.economy.name),))
    counts = 0 if found.itemised else cell.value
    words = STATED if counts or not cell.value else "total of its rows, none of which is counted here"
    return Source(counts, (Cell(cell, words, found.economy.name),))
