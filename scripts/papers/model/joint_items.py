"""Items that several economies report: joint items become one group, likely doubles are only listed.

Two entries for one year and indicator are the same item where they have the same activity ID, or where each
economy names the other and titles and dates are similar, or where an officer decided so in doubles.yaml.
Two entries that are similar without any of these, and two whose economies name each other although titles, dates
or activity IDs differ, are a likely double: they count as two until an officer decides.
"""

from __future__ import annotations

import difflib
import itertools
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papers.characters import folded
from papers.model.figures import Cell, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from papers.inputs.settings import Doubles
    from papers.inputs.unread import Unread
    from papers.inputs.workbooks import DoublesFile, ReturnsFolder
    from papers.inputs.yaml import Document
    from papers.model.indicator_returns import ReturnEntry
    from papers.problems import Place, Problems

    Group = list[ReturnEntry]

_COMPARED = ("jointly_with", "title", "date")


@dataclass(frozen=True)
class LikelyDouble:
    """Two entries of different economies that may be one item.

    `alike` is the likeness of their titles, 0 to 1. `differ` is what differs between two whose economies name
    each other; "" where they are alike.
    """

    one: ReturnEntry
    other: ReturnEntry
    alike: float
    differ: str = ""
    limits: tuple[Place, ...] = field(default=(), compare=False, repr=False)  # lines of settings.yaml

    @property
    def files(self) -> set[str]:
        """The returns that report the two entries."""
        return {self.one.cell.file, self.other.cell.file}

    @property
    def source(self) -> Source:
        """The pair as one thing that a figure counts: the cells of both rows, and those that were compared."""
        rows = tuple(entry.as_cell for entry in (self.one, self.other))
        return Source(1, rows, self.deciding)

    @property
    def deciding(self) -> tuple[Cell, ...]:
        """The cells that were compared, and the lines that say how alike they must be."""
        names = (*_COMPARED, "activity_id", "received")
        return (*_both(self.one, self.other, *names), *_cells_of_limits(self.limits))


@dataclass(frozen=True)
class Decision:
    """An officer's decision in doubles.yaml whether two entries are the same item."""

    one: ReturnEntry
    other: ReturnEntry
    same: bool
    place: Place
    place_of_answer: Place | None = None

    @property
    def files(self) -> set[str]:
        """The returns that report the two entries."""
        return {self.one.cell.file, self.other.cell.file}

    @property
    def source(self) -> Source:
        """The decision as one thing that a figure counts: its line, and the cells of both rows."""
        rows = tuple(entry.as_cell for entry in (self.one, self.other))
        received = _both(self.one, self.other, "received")
        return Source(1, (Cell(self.place, "decided"), *rows), (*self.lines[1:], *received))

    @property
    def lines(self) -> tuple[Cell, ...]:
        """The lines of the decision: its first one, and that of the answer."""
        answer = f"decided to be {'one item' if self.same else 'two items'}"
        first = Cell(self.place, "decided")
        return (first, Cell(self.place_of_answer, answer)) if self.place_of_answer else (first,)

    @property
    def key(self) -> frozenset[tuple[str, int]]:
        """The pair of entries, in no order."""
        return _pair_key(self.one, self.other)


def _both(one: ReturnEntry, other: ReturnEntry, *names: str) -> tuple[Cell, ...]:
    return one.cells_of(*names) + other.cells_of(*names)


def _cells_of_limits(limits: Iterable[Place]) -> Iterator[Cell]:
    return (Cell(place, "how alike two items must be") for place in limits)


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


def _comparable_pairs(groups: list[Group]) -> Iterator[tuple[Group, Group]]:
    """Yield each pair of groups, in their order, but for two rows of one return, which are two items.

    A return at the limit of its size has a billion pairs of rows.
    """
    files = [group[0].cell.file if len(group) == 1 else "" for group in groups]
    others = {
        file: [at for at, each in enumerate(files) if not file or each != file]
        for file in dict.fromkeys(files)
    }
    for at, group in enumerate(groups):
        later = others[files[at]]
        for other in range(bisect_right(later, at), len(later)):
            yield group, groups[later[other]]


class JointItemGrouper:
    """Puts the entries of all returns into groups, one for each item."""

    def __init__(self, limits: Doubles, decisions: list[Decision], problems: Problems):
        self.limits, self.problems = limits, problems
        self.lines_of_limits = limits.lines("title_alike", "days_apart")
        self.decisions = {decision.key: decision for decision in decisions}
        self.deciding: dict[tuple[str, int], dict[Cell, None]] = defaultdict(dict)

    def group(self, entries: Iterable[ReturnEntry]) -> tuple[list[Group], list[LikelyDouble]]:
        """Return the groups, each in APEC order, and the likely doubles without a decision.

        `deciding` has by the key of an entry then what decided whether it is one item with another.
        """
        groups: list[Group] = []
        likely: list[LikelyDouble] = []
        ordered = sorted(entries, key=lambda e: (e.year, e.indicator, e.economy, e.row))
        for _, comparable in itertools.groupby(ordered, key=lambda e: (e.year, e.indicator)):
            found = self._group_comparable(list(comparable))
            doubles = list(self._likely_doubles(found))
            for double in doubles:
                if double.differ:
                    self._note(double.one, double.other, double.deciding)
            likely += doubles
            groups += found
        return groups, likely

    def _group_comparable(self, entries: list[ReturnEntry]) -> list[Group]:
        """Group the entries of one year and indicator."""
        group_of = {entry.key: [entry] for entry in entries}
        for (one,), (other,) in _comparable_pairs([[entry] for entry in entries]):
            decision = self.decisions.get(_pair_key(one, other))
            if decision:
                self._note(one, other, decision.lines)
            if group_of[one.key] is group_of[other.key]:
                continue
            if self.declared_joint(one, other) or (decision and decision.same):
                self._note(one, other, () if decision else self._declaring(one, other))
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
        return name_each_other(one, other) and self.similarity(one, other) > 0

    def _declaring(self, one: ReturnEntry, other: ReturnEntry) -> tuple[Cell, ...]:
        """Return the cells, and the lines of settings.yaml, because of which two entries are declared joint."""
        if one.activity_id and other.activity_id:
            return _both(one, other, "activity_id")
        return (*_both(one, other, *_COMPARED), *_cells_of_limits(self.lines_of_limits))

    def _note(self, one: ReturnEntry, other: ReturnEntry, cells: Iterable[Cell]) -> None:
        """Note what decided whether two entries are one item."""
        for cell in cells:
            self.deciding[one.key][cell] = self.deciding[other.key][cell] = None

    def similarity(self, one: ReturnEntry, other: ReturnEntry) -> float:
        """Return how alike the titles are; 0 where titles or dates differ more than settings.yaml allows."""
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
        for one, other in _comparable_pairs(groups):
            pairs = list(itertools.product(one, other))
            if any(_pair_key(*pair) in self.decisions for pair in pairs):
                continue  # decided to be two: those that were decided to be one are one group
            if declared := self._differing_declaration(one, other):
                yield declared
                continue
            if {e.economy for e in one} & {e.economy for e in other}:
                continue  # an economy that reports both holds them to be two items
            alike = [(a, b, found) for a, b in pairs if (found := self.similarity(a, b))]
            if alike:
                yield LikelyDouble(*alike[0], limits=self.lines_of_limits)

    def _differing_declaration(self, one: Group, other: Group) -> LikelyDouble | None:
        """Return two entries whose economies name each other; None where each has the other's row already."""
        for a, b in itertools.product(one, other):
            matched = any(e.economy == b.economy for e in one) or any(e.economy == a.economy for e in other)
            if name_each_other(a, b) and not matched:
                alike = likeness(a.title, b.title)
                return LikelyDouble(a, b, alike, self.differences(a, b, alike), self.lines_of_limits)
        return None

    def differences(self, one: ReturnEntry, other: ReturnEntry, alike: float) -> str:
        """Return what is against one item: IDs, titles or dates that differ."""
        days = abs((one.date - other.date).days)
        words = [
            "the activity IDs differ" if len({one.activity_id, other.activity_id} - {""}) > 1 else "",
            f"the titles are {alike:.0%} alike" if alike < self.limits.title_alike else "",
            f"the dates are {days} days apart" if days > self.limits.days_apart else "",
        ]
        return ", ".join(filter(None, words))


def name_each_other(one: ReturnEntry, other: ReturnEntry) -> bool:
    """Return whether the economy of each of two entries names that of the other."""
    return other.economy in one.jointly_with and one.economy in other.jointly_with


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
            answer = folder.doubles.place("decisions", index, "same")
            decisions.append(Decision(*pair, form.same, place, answer))
    return decisions


def _not_to_decide(one: ReturnEntry, other: ReturnEntry, grouper: JointItemGrouper) -> str:
    """Return why there is nothing to decide about two entries; "" for a likely double."""
    titles = f'"{one.title}" and "{other.title}"'
    if (one.year, one.indicator) != (other.year, other.indicator) or one.economy == other.economy:
        return f"{titles}, not of two economies for one year and indicator"
    if grouper.declared_joint(one, other):
        return f"{titles}, which the returns themselves declare to be one"
    if name_each_other(one, other):
        return ""
    if grouper.similarity(one, other):
        return ""
    different = grouper.differences(one, other, likeness(one.title, other.title))
    return f"{titles}, which are no likely double: {different}"


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
