"""What several economies report together counts once: joint items are put together, likely doubles are only listed.

Two entries are one item where, in one year and for one indicator, they name the same activity ID, or each economy names the
other and title and date are alike, or a person has decided so. Alike but not declared joint: a person has to decide.
"""

from __future__ import annotations

import difflib
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from papers.characters import folded
from papers.model.figures import Cell, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from papers.inputs.config import Doubles
    from papers.inputs.workbooks import DoublesFile, ReturnsFolder
    from papers.inputs.yaml import Document
    from papers.model.returns import ReturnEntry
    from papers.problems import Place, Problems


@dataclass(frozen=True)
class LikelyDouble:
    """Two entries of different economies that look like one thing; `alike` is 0 to 1, of their titles."""

    one: ReturnEntry
    other: ReturnEntry
    alike: float

    @property
    def source(self) -> Source:
        """The pair as something that is counted: the cells of both rows."""
        return Source(1, tuple(entry.as_cell for entry in (self.one, self.other)))


@dataclass(frozen=True)
class Decision:
    """What a person decided about two entries."""

    one: ReturnEntry
    other: ReturnEntry
    same: bool
    place: Place

    @property
    def source(self) -> Source:
        """The decision as something that is counted: its line, and the cells of both rows."""
        rows = tuple(entry.as_cell for entry in (self.one, self.other))
        return Source(1, (Cell(self.place, "decided"), *rows))


def likeness(one: str, other: str, least: float = 0) -> float:
    """How alike two titles are, 0 to 1, whatever their case and in whichever order they are given; 0 below `least`."""
    first, second = sorted(map(folded, (one, other)))
    matcher = difflib.SequenceMatcher(None, first, second, autojunk=False)
    # Most titles have too little in common, which is seen sooner than how much.
    found = min(bound() for bound in (matcher.real_quick_ratio, matcher.quick_ratio))
    found = found and found >= least and matcher.ratio()
    return found if found >= least else 0


class Joiner:
    """Puts the entries of all returns into groups, one group an item."""

    def __init__(self, limits: Doubles, decisions: list[Decision], problems: Problems):
        self.limits, self.decisions, self.problems = limits, decisions, problems
        self.apart = {frozenset((d.one.key, d.other.key)) for d in decisions if not d.same}

    def joined(self, entries: Iterable[ReturnEntry]) -> tuple[list[list[ReturnEntry]], list[LikelyDouble]]:
        """The groups, each in APEC order, and the likely doubles that nobody has decided yet."""
        groups, likely = [], []
        ordered = sorted(entries, key=lambda e: (e.year, e.indicator, e.economy, e.row))
        for _, bucket in itertools.groupby(ordered, key=lambda e: (e.year, e.indicator)):
            here = self._declared(list(bucket))
            likely += self._likely(here)
            groups += here
        return groups, likely

    def _declared(self, entries: list[ReturnEntry]) -> list[list[ReturnEntry]]:
        """Groups of one year and indicator: what is declared or decided to be one."""
        group = {entry.key: [entry] for entry in entries}
        same = {frozenset((d.one.key, d.other.key)) for d in self.decisions if d.same}
        for one, other in itertools.combinations(entries, 2):
            if group[one.key] is group[other.key] or one.economy == other.economy:
                continue
            if self.declared(one, other) or frozenset((one.key, other.key)) in same:
                whole = group[one.key] + group[other.key]
                group |= {entry.key: whole for entry in whole}
        found = {id(those): sorted(those, key=lambda e: (e.economy, e.row)) for those in group.values()}
        for those in found.values():
            self._check_clear(those)
        return list(found.values())

    def declared(self, one: ReturnEntry, other: ReturnEntry) -> bool:
        """Whether the two returns themselves say that it is one thing."""
        if one.activity_id and other.activity_id:
            return one.activity_id == other.activity_id
        named = other.economy in one.jointly_with and one.economy in other.jointly_with
        return named and self.alike(one, other) > 0

    def alike(self, one: ReturnEntry, other: ReturnEntry) -> float:
        """How alike the titles are, 0 where that or the distance of the dates is beyond the limits of config.yaml."""
        if abs((one.date - other.date).days) > self.limits.days_apart:
            return 0
        return likeness(one.title, other.title, self.limits.title_alike)

    def _check_clear(self, group: list[ReturnEntry]) -> None:
        """Two rows of one return cannot be one item: which of them is the joint one must be said."""
        for one, other in itertools.pairwise(group):
            if one.economy == other.economy:
                partner = next(e for e in group if e.economy != one.economy)
                found = (
                    f"the same joint item as in {one.cell.cell}, with {partner.economy.name} ({partner.cell})"
                )
                expected, todo = (
                    "each joint item once in a return",
                    "Give the activity ID of each, or take out a name.",
                )
                self.problems.add(other.cell, "unclear-joint", found, expected, todo)

    def _likely(self, groups: list[list[ReturnEntry]]) -> Iterator[LikelyDouble]:
        for one, other in itertools.combinations(groups, 2):
            if {e.economy for e in one} & {e.economy for e in other}:
                continue  # an economy that reports both holds them to be two
            pairs = list(itertools.product(one, other))
            if any(frozenset((a.key, b.key)) in self.apart for a, b in pairs):
                continue
            found = [(a, b, alike) for a, b in pairs if (alike := self.alike(a, b))]
            if found:
                yield LikelyDouble(*found[0])


def decisions_of(
    folder: ReturnsFolder, entries: list[ReturnEntry], limits: Doubles, problems: Problems
) -> list[Decision]:
    """The decisions of doubles.yaml; one that fits no two likely doubles any more is a problem."""
    if folder.doubles is None:
        return []
    known = {(entry.cell.file.removeprefix(f"{folder.base}/"), entry.row): entry for entry in entries}
    joiner, found = Joiner(limits, [], problems), []
    for index, form in enumerate(folder.doubles.form.decisions):
        pair = _pair(folder.doubles, index, known, problems)
        if pair is None:
            continue
        place, (one, other) = folder.doubles.place("decisions", index), pair
        if reason := _no_longer(one, other, joiner):
            expected, todo = (
                "two items that are likely doubles",
                "Delete the decision, or correct files and rows.",
            )
            problems.add(place, "decision-fits-nothing", reason, expected, todo)
        else:
            found.append(Decision(one, other, form.same, place))
    return found


def _no_longer(one: ReturnEntry, other: ReturnEntry, joiner: Joiner) -> str:
    """Why nothing is to be decided about two entries; "" where something is."""
    titles = f'"{one.title}" and "{other.title}"'
    if (one.year, one.indicator) != (other.year, other.indicator) or one.economy == other.economy:
        return f"{titles}, not of two economies for one year and indicator"
    if joiner.declared(one, other):
        return f"{titles}, which the returns themselves declare to be one"
    return "" if joiner.alike(one, other) else f"{titles}, which are not alike"


def _pair(
    document: Document[DoublesFile], index: int, known: dict[tuple[str, int], ReturnEntry], problems: Problems
) -> tuple[ReturnEntry, ReturnEntry] | None:
    """The two entries of a decision; None and problems where a file or row does not exist."""
    found = []
    for number, item in enumerate(document.form.decisions[index].items):
        if (entry := known.get(tuple(item))) is None:
            place = document.place("decisions", index, "items", number)
            expected = "a file below indicators/ and a row of its sheet Return that holds an item"
            todo = "Correct it, or delete the decision."
            problems.add(place, "decision-fits-nothing", f"{item[0]}, row {item[1]}", expected, todo)
        else:
            found.append(entry)
    return tuple(found) if len(found) == 2 else None
