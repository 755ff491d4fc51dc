"""Figures: whole numbers with the cells and lines that they were counted from. None is "not reported".

A figure finds its sources only when they are asked for, as those of most figures never are.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from papers.problems import Place
    from papers.store.paper_context import TracedCell, TracedSource

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Cell:
    """A cell or line that a figure was counted from.

    `title` is that of the thing in it, `economy` the one that reported or proposed it.
    """

    place: Place
    title: str = ""
    economy: str = ""


@dataclass(frozen=True)
class Source:
    """One thing that a figure counts; or `counts` of them, where a cell states a number.

    It has several cells where several rows report the same thing. It counts 0 where a cell was searched and
    has nothing to count.
    """

    counts: int
    cells: tuple[Cell, ...]

    def as_data(self) -> TracedSource:
        """Return the source for JSON, each cell with its place, value, title and economy."""
        return {"counts": self.counts, "cells": [_as_data(cell) for cell in self.cells]}


def _as_data(cell: Cell) -> TracedCell:
    place, value = cell.place, cell.place.value
    value = value.isoformat() if isinstance(value, datetime.date) else value
    if not place.cell:
        return {
            "file": place.file,
            "line": place.line,
            "value": value,
            "title": cell.title,
            "economy": cell.economy,
        }
    return {
        "file": place.file,
        "sheet": place.sheet,
        "cell": place.cell,
        "value": value,
        "title": cell.title,
        "economy": cell.economy,
    }


@dataclass(frozen=True)
class Figure:
    """A count (no unit; 0 or more), or None where no economy reported.

    `cells` are those that an indicator's figure was counted from. `what` describes what is counted, `among`
    the inputs that were searched; `find` returns the sources.
    """

    value: int | None = None
    cells: tuple[Place, ...] = ()
    what: str = field(default="", compare=False)
    find: Callable[[], Iterable[Source]] | None = field(default=None, compare=False, repr=False)
    among: str = field(default="", compare=False)

    def __add__(self, other: Figure) -> Figure:
        """Return the sum. A figure that is not reported adds nothing; two of them are not reported."""
        return Figure.sum((self, other))

    @property
    def reported(self) -> bool:
        return self.value is not None

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The sources, whose `counts` add up to the value."""
        return tuple(self.find()) if self.find else ()

    def called(self, what: str, among: str = "") -> Figure:
        """Return the same figure with another description."""
        find = lambda: self.sources  # noqa: E731  found once for all descriptions
        return Figure(self.value, self.cells, what, find, among or self.among)

    @staticmethod
    def sum(figures: Iterable[Figure]) -> Figure:
        """Return the sum of the reported figures; "not reported" where there is none."""
        summands = tuple(figures)
        values = [figure.value for figure in summands if figure.value is not None]
        cells = tuple(cell for figure in summands for cell in figure.cells)
        find = lambda: (source for figure in summands for source in figure.sources)  # noqa: E731
        among = "; ".join(dict.fromkeys(figure.among for figure in summands if figure.among))
        return Figure(sum(values) if values else None, cells, find=find, among=among)


@dataclass(frozen=True)
class Derived:
    """A number computed from figures, which is no count itself.

    `how` is share or change (both in per cent), mean or median (of what the sources count); `plus` is added
    to a mean.
    """

    how: str
    operands: tuple[Figure, ...]
    what: str = ""
    plus: str = ""


def counted(
    things: Iterable[Thing],
    what: str,
    by: Callable[[Thing], Source],
    among: str = "",
    searched: Iterable[Thing] = (),
) -> Figure:
    """Return the number of `things` as a figure; `by` returns the source of each.

    Where there are none, the sources are the things in `searched`, which were searched and count 0.
    """
    found = tuple(things)

    def sources() -> list[Source]:
        return [by(thing) for thing in found] or [Source(0, by(thing).cells) for thing in searched]

    return Figure(len(found), (), what, sources, among)
