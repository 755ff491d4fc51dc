"""Figures: exact numbers with the cells and lines that they were counted from. None is "not reported".

A figure finds its sources only when they are asked for, as those of most figures never are.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from papers.problems import Place
    from papers.store.paper_context import TracedCell, TracedSource

Thing = TypeVar("Thing")
Amount = int | Fraction  # a whole number is an int


def exact(value: int | float | str | Decimal | Fraction) -> Amount:
    """Return a number as an exact amount; a float as the decimal number that it is written as."""
    amount = Fraction(repr(value) if isinstance(value, float) else value)
    return amount.numerator if amount.denominator == 1 else amount


def as_number(amount: Amount | Decimal) -> int | float:
    """Return an amount as a number of JSON: the nearest one where it is not whole."""
    return amount if isinstance(amount, int) else int(amount) if amount == int(amount) else float(amount)


@dataclass(frozen=True)
class Cell:
    """A cell or line that a figure was counted from.

    `title` is that of the thing in it, `economy` the one that reported or proposed it.
    """

    place: Place
    title: str = ""
    economy: str = ""

    def as_data(self) -> TracedCell:
        """Return the cell for JSON, with its place, value, title and economy."""
        place, value = self.place, self.place.value
        value = value.isoformat() if isinstance(value, datetime.date) else value
        value = as_number(value) if isinstance(value, Decimal) else value
        if not place.cell:
            return {
                "file": place.file,
                "line": place.line,
                "value": value,
                "title": self.title,
                "economy": self.economy,
            }
        return {
            "file": place.file,
            "sheet": place.sheet,
            "cell": place.cell,
            "value": value,
            "title": self.title,
            "economy": self.economy,
        }


@dataclass(frozen=True)
class Source:
    """One thing that a figure counts; or `counts` of them, where a cell states a number.

    It has several cells where several rows report the same thing. It counts 0 where a cell was searched and
    has nothing to count. `decided_by` are the other cells and lines on which it depends that it counts so.
    """

    counts: Amount
    cells: tuple[Cell, ...]
    decided_by: tuple[Cell, ...] = ()

    def because_of(self, cells: Iterable[Cell]) -> Source:
        """Return the same source with further cells that decide it; those that it has already stay once."""
        further = dict.fromkeys(cell for cell in (*self.decided_by, *cells) if cell not in self.cells)
        return replace(self, decided_by=tuple(further))

    def as_data(self) -> TracedSource:
        """Return the source for JSON, without the cells that decide it."""
        return {"counts": as_number(self.counts), "cells": [cell.as_data() for cell in self.cells]}


def not_counted(cells: Iterable[Cell]) -> Source:
    """Return a thing that was searched and does not count, because of what these cells state."""
    return Source(0, (), tuple(dict.fromkeys(cells)))


@dataclass(frozen=True)
class Figure:
    """A count or a stated number (0 or more), or None where no economy reported.

    `cells` are those that an indicator's figure was counted from. `what` describes what is counted, `among`
    the inputs that were searched; `find` returns the sources. `unit` is what stands after it: %, or words.
    An average has `derived`, from which its trace follows.
    """

    value: Amount | None = None
    cells: tuple[Place, ...] = ()
    what: str = field(default="", compare=False)
    find: Callable[[], Iterable[Source]] | None = field(default=None, compare=False, repr=False)
    among: str = field(default="", compare=False)
    unit: str = field(default="", compare=False)
    derived: Derived | None = field(default=None, compare=False, repr=False)

    def __add__(self, other: Figure) -> Figure:
        """Return the sum. A figure that is not reported adds nothing; two of them are not reported."""
        return Figure.sum((self, other))

    @property
    def reported(self) -> bool:
        return self.value is not None

    @cached_property
    def sources(self) -> tuple[Source, ...]:
        """The sources, whose `counts` add up to the value, of an average to the sum that it divides."""
        return tuple(self.find()) if self.find else ()

    def called(self, what: str, among: str = "") -> Figure:
        """Return the same figure with another description."""
        find = lambda: self.sources  # noqa: E731  found once for all descriptions
        return Figure(self.value, self.cells, what, find, among or self.among, self.unit, self.derived)

    @staticmethod
    def sum(figures: Iterable[Figure]) -> Figure:
        """Return the sum of the reported figures; "not reported" where there is none."""
        summands = tuple(figures)
        values = [figure.value for figure in summands if figure.value is not None]
        cells = tuple(cell for figure in summands for cell in figure.cells)
        find = lambda: (source for figure in summands for source in figure.sources)  # noqa: E731
        among = "; ".join(dict.fromkeys(figure.among for figure in summands if figure.among))
        unit = next((figure.unit for figure in summands if figure.unit), "")
        total = sum(values) if values else None
        total = exact(total) if isinstance(total, Fraction) else total
        derived = _derived_sum([figure for figure in summands if figure.reported])
        return Figure(total, cells, find=find, among=among, unit=unit, derived=derived)

    @staticmethod
    def average(figures: Iterable[Figure], how: str) -> Figure:
        """Return the mean of the reported figures, exactly; "not reported" where there is none.

        `how` is that of `Derived`: average of their sum, or average of years of the figures themselves.
        """
        every = tuple(figures)
        reported = tuple(figure for figure in every if figure.value is not None)
        total = Figure.sum(reported or every)
        if total.value is None or len(reported) == 1:
            return reported[0] if reported else total
        together = replace(total, what="the figures together", unit="")
        operands = (together,) if how == "average" else reported
        value = exact(Fraction(total.value, len(reported)))
        return replace(total, value=value, derived=Derived(how, operands))


@dataclass(frozen=True)
class Derived:
    """A number computed from figures, which is no count itself.

    `how` is share or change (both in per cent), mean or median (of what the sources count), average (a sum by
    the number of its sources), average of years (of all operands), sum (of averages) or difference; `plus` is
    added to a mean.
    """

    how: str
    operands: tuple[Figure, ...]
    what: str = ""
    plus: Figure | None = None


def _derived_sum(reported: list[Figure]) -> Derived | None:
    """Return how a sum follows from averages, whose sources do not add up to it; None for a plain sum."""
    derived = [figure.derived for figure in reported if figure.derived]
    return (
        derived[0]
        if derived and len(reported) == 1
        else (Derived("sum", tuple(reported)) if derived else None)
    )


def counted(
    things: Iterable[Thing],
    what: str,
    by: Callable[[Thing], Source],
    among: str = "",
    searched: Iterable[Thing] = (),
    others: Callable[[], Iterable[Source]] = tuple,
) -> Figure:
    """Return the number of `things` as a figure; `by` returns the source of each.

    Where there are none, the sources are the things in `searched`, which were searched and count 0. `others`
    returns sources of what does not count, for what decides that it does not.
    """
    found = tuple(things)

    def sources() -> list[Source]:
        every = [by(thing) for thing in found] or [replace(by(thing), counts=0) for thing in searched]
        return [*every, *others()]

    return Figure(len(found), (), what, sources, among)
