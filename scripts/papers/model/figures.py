"""A figure: a whole number together with what it was counted from; None is "not reported", never 0.

Whoever is told a figure can ask it for its sources: what was counted, one by one, and in which cells or lines it stands.
They are looked up only when asked for, as most figures are never asked.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from papers.problems import Place

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Cell:
    """A place that a figure rests on; `title` is that of the thing it tells of, `economy` who reported or proposed it."""

    place: Place
    title: str = ""
    economy: str = ""


@dataclass(frozen=True)
class Source:
    """One thing that a figure counts, or, where a cell states a number, `counts` of them.

    It has several cells where several rows tell of the one thing; it counts 0 where a place was looked at in vain.
    """

    counts: int
    cells: tuple[Cell, ...]

    def as_data(self) -> dict:
        """What it counts, and each cell: file, sheet and cell (or line), the value there, title and economy."""
        return {"counts": self.counts, "cells": [_as_data(cell) for cell in self.cells]}


def _as_data(cell: Cell) -> dict:
    place, value = cell.place, cell.place.value
    where = {"sheet": place.sheet, "cell": place.cell} if place.cell else {"line": place.line}
    value = value.isoformat() if isinstance(value, datetime.date) else value
    return {"file": place.file, **where, "value": value, "title": cell.title, "economy": cell.economy}


@dataclass(frozen=True)
class Figure:
    """A count (no unit; 0 or more), or None where nobody reported.

    `cells` are the places that an indicator's figure was counted from, `what` says what it counts, `among` where was looked.
    """

    value: int | None = None
    cells: tuple[Place, ...] = ()
    what: str = field(default="", compare=False)
    find: Callable[[], Iterable[Source]] | None = field(default=None, compare=False, repr=False)
    among: str = field(default="", compare=False)

    def __add__(self, other: Figure) -> Figure:
        """The sum; what was not reported adds nothing, and two of them are still not reported."""
        return Figure.sum((self, other))

    @property
    def reported(self) -> bool:
        return self.value is not None

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """What was counted; what each source counts adds up to the value."""
        return tuple(self.find()) if self.find else ()

    def called(self, what: str, among: str = "") -> Figure:
        """The same figure under a name."""
        find = lambda: self.sources  # noqa: E731  found once, under whatever name
        return Figure(self.value, self.cells, what, find, among or self.among)

    @staticmethod
    def sum(figures: Iterable[Figure]) -> Figure:
        """The sum of any number of figures; of none, or of unreported ones only, "not reported"."""
        those = tuple(figures)
        said = [figure.value for figure in those if figure.value is not None]
        cells = tuple(cell for figure in those for cell in figure.cells)
        found = lambda: (source for figure in those for source in figure.sources)  # noqa: E731
        among = "; ".join(dict.fromkeys(figure.among for figure in those if figure.among))
        return Figure(sum(said) if said else None, cells, find=found, among=among)


@dataclass(frozen=True)
class Derived:
    """What is reckoned from figures and is no count itself: a share, a change in per cent, a mean, a median.

    `how`: share, change (both in per cent), mean or median (of what the sources count); `plus` is what is added to a mean.
    """

    how: str
    operands: tuple[Figure, ...]
    what: str = ""
    plus: str = ""


def counted(
    those: Iterable[Thing],
    what: str,
    by: Callable[[Thing], Source],
    among: str = "",
    looked_at: Iterable[Thing] = (),
) -> Figure:
    """How many there are of `those`: `by` gives the source of each, once somebody asks.

    Where there is none, the sources are those of the things that were `looked_at` in vain.
    """
    things = tuple(those)

    def sources() -> list[Source]:
        return [by(one) for one in things] or [Source(0, by(one).cells) for one in looked_at]

    return Figure(len(things), (), what, sources, among)
