"""Items that several economies report: joint items become one group, likely doubles are only listed.

Two entries for one year and indicator are the same item where they have the same activity ID, or where each
economy names the other and titles and dates are similar, or where an officer decided so in doubles.yaml.
Two entries that are similar without any of these are a likely double: they count as two until an officer
decides.
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
    from papers.inputs.unread import Unread
    from papers.inputs.workbooks import DoublesFile, ReturnsFolder
    from papers.inputs.yaml import Document
    from papers.model.indicator_returns import ReturnEntry
    from papers.problems import Place, Problems

    Group = list[ReturnEntry]


@dataclass(frozen=True)
class LikelyDouble:
    """Two entries of different economies that may be one item.

    `alike` is the likeness of their titles, 0 to 1.
    """

    one: ReturnEntry
    other: ReturnEntry
    alike: float

    @property
    def files(self) -> set[str]:
        """The returns that report the two entries."""
        return {self.one.cell.file, self.other.cell.file}

    @property
    def source(self) -> Source:
        """The pair as one thing that a figure counts: the cells of both rows."""
        return Source(1, tuple(entry.as_cell for entry in (self.one, self.other)))


@dataclass(frozen=True)
class Decision:
    """An officer's decision in doubles.yaml whether two entries are the same item."""

    one: ReturnEntry
    other: ReturnEntry
    same: bool
    place: Place

    @property
    def files(self) -> set[str]:
        """The returns that report the two entries."""
        return {self.one.cell.file, self.other.cell.file}

    @property
    def source(self) -> Source:
        """The decision as one thing that a figure counts: its line, and the cells of both rows."""
        rows = tuple(entry.as_cell for entry in (self.one, self.other))
        return Source(1, (Cell(self.place, "decided"), *rows))

    @property
    def key(self) -> frozenset[tuple[str, int]]:
        """The pair of entries, in no order."""
        return _pair_key(self.one, self.other)


def likeness(one: str, other: str, least: float = 0) -> float:
    """Return how alike two titles are, 0 to 1, ignoring case; 0 where that is below `least`."""
    first, second = sorted(folded(title) for title in (one, other))
    matcher = difflib.SequenceMatcher(None, first, second, autojunk=False)
    # The upper bounds are quick to compute and rule out most pairs.
    found = min(bound() for bound in (matcher.real_quick_ratio, matcher.quick_ratio))
    found = found and found >= least and matcher.ratio()
    return found if found >= least else 0


def _pair_key(one: ReturnEntry, other: ReturnEntry) -> frozenset[tuple[str, int]]:
    return frozenset((one.key, other.key))


class JointItemGrouper:
    """Puts the entries of all returns into groups, one for each item."""

    def __init__(self, limits: Doubles, decisions: list[Decision], problems: Problems):
        self.limits, self.problems = limits, problems
        self.decided_same = {decision.key for decision in decisions if decision.same}
        self.decided_different = {decision.key for decision in decisions if not decision.same}

    def group(self, entries: Iterable[ReturnEntry]) -> tuple[list[Group], list[LikelyDouble]]:
        """Return the groups, each in APEC order, and the likely doubles without a decision."""
        groups: list[Group] = []
        likely: list[LikelyDouble] = []
        ordered = sorted(entries, key=lambda e: (e.year, e.indicator, e.economy, e.row))
        for _, comparable in itertools.groupby(ordered, key=lambda e: (e.year, e.indicator)):
            found = self._group_comparable(list(comparable))
            likely += self._likely_doubles(found)
            groups += found
        return groups, likely

    def _group_comparable(self, entries: list[ReturnEntry]) -> list[Group]:
        """Group the entries of one year and indicator."""
        group_of = {entry.key: [entry] for entry in entries}
        for one, other in itertools.combinations(entries, 2):
            if group_of[one.key] is group_of[other.key] or one.economy == other.economy:
                continue
            if self.declared_joint(one, other) or _pair_key(one, other) in self.decided_same:
                merged = group_of[one.key] + group_of[other.key]
                group_of |= {entry.key: merged for entry in merged}
        groups = {id(group): sorted(group, key=lambda e: (e.economy, e.row)) for group in group_of.values()}
        for group in groups.values():
            self._check_one_row_each(group)
        return list(groups.values())

    def declared_joint(self, one: ReturnEntry, other: ReturnEntry) -> bool:
        """Return whether the two returns themselves state that the entries are one item."""
        if one.activity_id and other.activity_id:
            return one.activity_id == other.activity_id
        each_names_other = other.economy in one.jointly_with and one.economy in other.jointly_with
        return each_names_other and self.similarity(one, other) > 0

    def similarity(self, one: ReturnEntry, other: ReturnEntry) -> float:
        """Return how alike the titles are; 0 where titles or dates differ more than config.yaml allows."""
        if abs((one.date - other.date).days) > self.limits.days_apart:
            return 0
        return likeness(one.title, other.title, self.limits.title_alike)

    def _check_one_row_each(self, group: Group) -> None:
        """Report two rows of one return in a group: only one of them can be the joint item."""
        for one, other in itertools.pairwise(group):
            if one.economy == other.economy:
                partner = next(entry for entry in group if entry.economy != one.economy)
                item = f"the same joint item as in {one.cell.cell}"
                found = f"{item}, with {partner.economy.name} ({partner.cell})"
                todo = "Write the activity ID of each, or delete the name under Jointly with in one of them."
                self.problems.add(
                    other.cell, "unclear-joint", found, "each joint item once in a return", todo
                )

    def _likely_doubles(self, groups: list[Group]) -> Iterator[LikelyDouble]:
        for one, other in itertools.combinations(groups, 2):
            if {e.economy for e in one} & {e.economy for e in other}:
                continue  # an economy that reports both holds them to be two items
            pairs = list(itertools.product(one, other))
            if any(_pair_key(*pair) in self.decided_different for pair in pairs):
                continue
            alike = [(a, b, found) for a, b in pairs if (found := self.similarity(a, b))]
            if alike:
                yield LikelyDouble(*alike[0])


def read_decisions(
    folder: ReturnsFolder, entries: list[ReturnEntry], limits: Doubles, unread: Unread, problems: Problems
) -> list[Decision]:
    """Return the decisions of doubles.yaml; report those about entries that are no likely double."""
    if folder.doubles is None:
        return []
    known = {(entry.cell.file.removeprefix(f"{folder.base}/"), entry.row): entry for entry in entries}
    grouper, decisions = JointItemGrouper(limits, [], problems), []
    for index, form in enumerate(folder.doubles.form.decisions):
        pair = _pair(folder.doubles, index, known, unread, problems)
        if pair is None:
            continue
        place = folder.doubles.place("decisions", index)
        if found := _not_to_decide(*pair, grouper):
            expected, todo = (
                "two items that are likely doubles",
                "Correct files and rows, or delete the decision.",
            )
            problems.add(place, "decision-fits-nothing", found, expected, todo)
        else:
            decisions.append(Decision(*pair, form.same, place))
    return decisions


def _not_to_decide(one: ReturnEntry, other: ReturnEntry, grouper: JointItemGrouper) -> str:
    """Return why there is nothing to decide about two entries; "" for a likely double."""
    titles = f'"{one.title}" and "{other.title}"'
    if (one.year, one.indicator) != (other.year, other.indicator) or one.economy == other.economy:
        return f"{titles}, not of two economies for one year and indicator"
    if grouper.declared_joint(one, other):
        return f"{titles}, which the returns themselves declare to be one"
    return "" if grouper.similarity(one, other) else f"{titles}, which are not alike"


def _pair(
    document: Document[DoublesFile],
    index: int,
    known: dict[tuple[str, int], ReturnEntry],
    unread: Unread,
    problems: Problems,
) -> tuple[ReturnEntry, ReturnEntry] | None:
    """Return the two entries of a decision; None, with problems, where a file or row does not exist."""
    found = []
    for number, item in enumerate(document.form.decisions[index].items):
        if (entry := known.get((item[0], item[1]))) is None:
            if unread.any("return"):
                continue
            place = document.place("decisions", index, "items", number)
            expected = "a file in the folder indicators and a row of its sheet Return that reports an item"
            todo = "Correct it, or delete the decision."
            problems.add(place, "decision-fits-nothing", f"{item[0]}, row {item[1]}", expected, todo)
        else:
            found.append(entry)
    return (found[0], found[1]) if len(found) == 2 else None
