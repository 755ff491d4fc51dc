"""The sources of an indicator's figure: from the cells that it was counted from to items, totals and who reported them."""

from __future__ import annotations

from collections.abc import Iterable

from papers.model.figures import Cell, Source
from papers.model.returns import STATED, Entry, Return
from papers.problems import Place


class Evidence:
    """What stands in the cells of all returns. `groups` are the rows that report one item, an item each."""

    def __init__(self, groups: Iterable[list[Entry]], returns: Iterable[Return]):
        self._item = {entry.cell: (at, entry) for at, group in enumerate(groups) for entry in group}
        self._total = {figure.cells[0]: made for made in returns for figure in made.totals.values()}

    def sources(self, cells: Iterable[Place]) -> list[Source]:
        """Behind `cells`: each item once, with the row of everyone who reports it, and each stated total.

        The total that an itemised return states counts nothing itself: its rows do.
        """
        items: dict[int, list[Cell]] = {}
        totals = []
        for cell in cells:
            if cell in self._item:
                number, entry = self._item[cell]
                items.setdefault(number, []).append(entry.as_cell)
            else:
                totals.append(_of_total(cell, self._total[cell]))
        return [*(Source(1, tuple(those)) for those in items.values()), *totals]


def silent_sources(returns: Iterable[Return], indicator: str) -> list[Source]:
    """The empty cells of returns that do not report an indicator: they count nothing."""
    stated = [(made.totals[indicator], made) for made in returns if indicator in made.totals]
    return [_of_total(figure.cells[0], made) for figure, made in stated]


def _of_total(cell: Place, made: Return) -> Source:
    if cell.value is None:
        return Source(0, (Cell(cell, "not reported", made.economy.name),))
    counts = 0 if made.itemised else cell.value
    words = STATED if counts or not cell.value else "total of its rows, none of which is counted here"
    return Source(counts, (Cell(cell, words, made.economy.name),))
