"""A figure: a whole number together with the cells that it was counted from; None is "not reported", never 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.problems import Place


@dataclass(frozen=True)
class Figure:
    """A count (no unit; 0 or more), or None where nobody reported. `cells` are the places it was counted from."""

    value: int | None = None
    cells: tuple[Place, ...] = ()

    def __add__(self, other: Figure) -> Figure:
        """The sum; what was not reported adds nothing, and two of them are still not reported."""
        if self.value is None or other.value is None:
            return Figure(other.value if self.value is None else self.value, self.cells + other.cells)
        return Figure(self.value + other.value, self.cells + other.cells)

    @property
    def reported(self) -> bool:
        return self.value is not None

    @staticmethod
    def sum(figures: Iterable[Figure]) -> Figure:
        """The sum of any number of figures; of none, or of unreported ones only, "not reported"."""
        total = Figure()
        for figure in figures:
            total = total + figure
        return total
