"""Problems of the inputs, reported so that their owner can fix them: place, found, expected, what to do.

Code that reads inputs collects problems instead of raising at the first one, so that a build reports all of
them at once.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from papers.characters import describe_lookalikes, folded, in_one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

_LINE_END = re.compile(r"[\n\r\t\v\f\x1c-\x1e\x85\u2028\u2029]\s*")

_MOST_SAME = 3  # cells that one line names of those with the same problem
MAX_ALIKE = 200  # problems of one kind in one file that are reported one by one


@dataclass(frozen=True, order=True)
class Place:
    """A position in the inputs: a file, and the sheet and cell, or line and column, or key within it."""

    file: str
    sheet: str = ""
    cell: str = ""
    line: int = 0
    column: int = 0
    key: str = ""
    part: str = ""  # paragraph or table cell of a Word file, or row of a sheet
    # The value that was read there, where it is a single one.
    value: object = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        words = [self.file]
        words += [f"sheet {self.sheet}"] if self.sheet else []
        words += [f"cell {self.cell}"] if self.cell else []
        words += [f"line {self.line}"] if self.line else []
        words += [f"column {self.column}"] if self.column else []
        words += [f"key {self.key}"] if self.key else []
        words += [self.part] if self.part else []
        return ", ".join(words)


@dataclass(frozen=True, order=True)
class Problem:
    """One defect. `kind` is a short stable name for programs; the other fields are shown to the user."""

    place: Place
    kind: str
    found: str
    expected: str
    todo: str

    def __str__(self) -> str:
        text = f"{self.place}: found {self.found}; expected {self.expected}. {self.todo}"
        return in_one_line(text)  # names of files and keys may contain line ends and controls


@dataclass(frozen=True)
class Spelling:
    """A value in another spelling than the usual one, whose meaning is certain: it is read, and a notice says so.

    `what` is a noun for such values, in the singular; `found` is what was read there, `as_if` what it was taken for.
    """

    place: Place
    what: str
    found: str
    as_if: str


@dataclass
class Problems:
    """The problems of a build, in the order in which they were found, and the unusual spellings that are none."""

    found: list[Problem] = field(default_factory=list)
    alike: dict[tuple[str, str], set[Problem]] = field(default_factory=dict, repr=False)
    spellings: list[Spelling] = field(default_factory=list)

    def add(self, place: Place, kind: str, found: str, expected: str, todo: str) -> None:
        """Add a problem.

        Of each kind only the first MAX_ALIKE in a file are kept, as nobody reads a million lines.
        """
        problem = Problem(place, kind, found, expected, todo)
        alike = self.alike.setdefault((place.file, kind), set())
        if len(alike) >= MAX_ALIKE and problem not in alike:
            found = f"more than {MAX_ALIKE} problems of one kind"
            todo = "Only the first ones are listed. Fix these, then run make again."
            problem = Problem(Place(place.file), kind, found, "none", todo)
        alike.add(problem)
        self.found.append(problem)

    def include(self, other: Problems) -> None:
        """Add all problems of another collection."""
        for problem in other.found:
            self.add(problem.place, problem.kind, problem.found, problem.expected, problem.todo)

        self.spellings += other.spellings

    def add_spelling(self, place: Place, what: str, found: str, as_if: str) -> None:
        """Add a value that was read although it is spelt in another way than usual."""
        self.spellings.append(Spelling(place, what, found, as_if))

    def __bool__(self) -> bool:
        return bool(self.found)

    def in_order(self) -> list[Problem]:
        """Return each different problem once, in order of file and place; of a sheet row by row."""
        return sorted(set(self.found), key=_reading_order)

    def lines(self) -> list[str]:
        """Return one line for each different problem, in the order of `in_order`; many cells may share a line."""
        return [str(problem) for problem in _joined(self.in_order())]

    def notices(self) -> list[str]:
        """Return a notice of each sort of unusual spelling in a sheet, with its first cells; none of a refused cell."""
        groups: dict[tuple[str, str, str], list[Spelling]] = {}
        wrong = {str(problem.place) for problem in self.found}
        for one in dict.fromkeys(self.spellings):
            if str(one.place) not in wrong:
                groups.setdefault((one.place.file, one.place.sheet, one.what), []).append(one)
        return [_notice(what, group) for (_, _, what), group in groups.items()]

    def as_data(self) -> list[dict[str, Any]]:
        """Return the different problems as dictionaries for JSON, each with its line under `text`; see `lines`."""
        return [{**asdict(problem), "text": str(problem)} for problem in _joined(self.in_order())]


def _joined(problems: list[Problem]) -> list[Problem]:
    """Return problems, of more than _MOST_SAME cells of a sheet with the same one only the first, which counts them."""
    same: dict[object, list[Problem]] = {}
    for problem in problems:
        place = replace(problem.place, cell="") if problem.place.sheet else problem.place
        same.setdefault(replace(problem, place=place), []).append(problem)
    joined = []
    for group in same.values():
        if len(group) > _MOST_SAME:
            cells = ", ".join(problem.place.cell for problem in group[1:_MOST_SAME])
            more = count_of(len(group) - _MOST_SAME, "more cell")
            group = [replace(group[0], found=f"{group[0].found}, also in {cells} and {more}")]
        joined += group
    return sorted(joined, key=_reading_order)


_CELL = re.compile(r"([A-Z]*)([0-9]*)")


def _reading_order(problem: Problem) -> tuple[object, ...]:
    """Return the key by which problems are sorted: the cell A10 stands below B9."""
    place = problem.place
    match = _CELL.fullmatch(place.cell)
    letters, row = (match[1], int(match[2] or 0)) if match else (place.cell, 0)
    return place.file, place.sheet, row, len(letters), letters, problem


def _notice(what: str, group: list[Spelling]) -> str:
    first, rest = group[0], [one.place.cell or f"line {one.place.line}" for one in group[1:]]
    others = rest[: _MOST_SAME - 1]
    if left := len(rest) - len(others):
        others.append(count_of(left, "more cell" if first.place.cell else "more line"))
    more = f", as in {', '.join(others)}" if others else ""
    text = f"{first.place}: found {what} ({first.found}){more}; it was read as {first.as_if}. There is nothing to do."
    return in_one_line(text)


def plural(noun: str) -> str:
    """Return the plural of a regular noun: paper, activity, process -> papers, activities, processes."""
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def count_of(number: int, noun: str) -> str:
    """Return a number with its regular noun: 1 paper, 0 papers, 1,200 entries."""
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def quoted(value: object, most: int = 60) -> str:
    """Return a value as a message shows it: in quotation marks, on one line, cut off after `most` characters.

    Spaces at its ends stay, as they may be the mistake; letters that only look Latin are named.
    """
    text = _LINE_END.sub(" ", str(value))
    shown = f'"{text[: most - 1]}…"' if len(text) > most else f'"{text}"'
    named = describe_lookalikes(text)
    return f"{shown} with letters that only look Latin ({named})" if named else shown


def nearest(word: str, known: Iterable[str], least: float = 0.6) -> str:
    """Return the known word most like `word`, or "" when none is at least `least` alike (0 to 1).

    Case does not count.
    """
    by_folded = {folded(name): name for name in known}
    close = difflib.get_close_matches(folded(word), by_folded, 1, least)
    return by_folded[close[0]] if close else ""


def same_numbers(one: str, other: str) -> bool:
    """Return whether two texts have the same numbers, as 2018-1 and 2018-01, or the same digits, as 201801."""
    digits = [re.findall(r"[0-9]{1,9}", text) for text in (one, other)]
    return [*map(int, digits[0])] == [*map(int, digits[1])] or "".join(digits[0]) == "".join(digits[1])


def renamed_names(unknown: Iterable[str], missing: Iterable[str]) -> dict[str, str]:
    """Return unknown name -> the missing name that it probably stands for, so that one mistake is one problem.

    That is the missing name most like it; or the only one, where one name is unknown and one is missing.
    """
    unknown, missing = list(unknown), list(missing)
    if len(unknown) == len(missing) == 1:
        return {unknown[0]: missing[0]}
    found: dict[str, str] = {}
    for name in unknown:
        if guess := nearest(name, [one for one in missing if one not in found.values()]):
            found[name] = guess
    return found


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return what to do about a misspelt word: a question with the nearest known word, or `otherwise`."""
    guess = nearest(word, known)
    return f'Did you mean "{guess}"?' if guess else otherwise
