"""The sources of an indicator's figure: from the cells that it was counted from to items, totals and who reported them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.model.figures import Cell, Source
from papers.model.returns import STATED, Return, ReturnEntry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.problems import Place


class SourceIndex:
    """What stands in the cells of all returns. `groups` are the rows that report one item, an item each."""

    def __init__(self, groups: Iterable[list[ReturnEntry]], returns: Iterable[Return]):
        self._items: dict[Place, tuple[int, Cell]] = {}
        self._whole: list[Source] = []  # of each group, so that figures share what they count
        for at, group in enumerate(groups):
            cells = [entry.as_cell for entry in group]
            self._items |= {cell.place: (at, cell) for cell in cells}
            self._whole.append(Source(1, tuple(cells)))
        stated = [(figure.cells[0], made) for made in returns for figure in made.totals.values()]
        self._totals = {cell: _of_total(cell, made) for cell, made in stated}

    def sources(self, cells: Iterable[Place]) -> list[Source]:
        """Behind `cells`: each item once, with the row of everyone who reports it, and each stated total.

        The total that an itemised return states counts nothing itself: its rows do.
        """
        items: dict[int, list[Cell]] = {}
        totals = []
        for place in cells:
            if found := self._items.get(place):
                items.setdefault(found[0], []).append(found[1])
            else:
                totals.append(self._totals[place])
        return [*(self._of_item(at, those) for at, those in items.items()), *totals]

    def _of_item(self, at: int, cells: list[Cell]) -> Source:
        whole = self._whole[at]
        return whole if len(cells) == len(whole.cells) else Source(1, tuple(cells))


def unreported_sources(returns: Iterable[Return], indicator: str) -> list[Source]:
    """The empty cells of returns that do not report an indicator: they count nothing."""
    stated = [(made.totals[indicator], made) for made in returns if indicator in made.totals]
    return [_of_total(figure.cells[0], made) for figure, made in stated]


def _of_total(cell: Place, made: Return) -> Source:
    if cell.value is None:
        return Source(0, (Cell(cell, "not reported", made.economy.name),))
    counts = 0 if made.itemised else cell.value
    words = STATED if counts or not cell.value else "total of its rows, none of which is counted here"
    return Source(counts, (Cell(cell, words, made.economy.name),))
