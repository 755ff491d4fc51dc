"""What is wrong with an input, told so that its owner can fix it: place, found, expected, what to do.

Every room collects problems instead of raising at the first one; a build tells them all at once and stops.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


MOST_ALIKE = 200  # problems of one sort in one file that are told one by one
# What a terminal would obey, what turns or hides text, and what no encoding can print.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\U000e0000-\U000e007f]"
)
_OTHER_SCRIPTS = re.compile(
    "[\u0370-\u058f\u13a0-\u13ff\uff21-\uff3a\uff41-\uff5a]"
)  # with letters that look Latin


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands: a file, and the sheet and cell, or line and column, or key within it."""

    file: str
    sheet: str = ""
    cell: str = ""
    line: int = 0
    column: int = 0
    key: str = ""
    part: str = ""  # paragraph or table cell of a Word file, or row of a sheet
    value: object = field(
        default=None, compare=False, repr=False
    )  # what was read there, where it is one value

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
    """One defect. `kind` is a short stable name that tests and tools can rely on; the rest is for people."""

    place: Place
    kind: str
    found: str
    expected: str
    todo: str

    def __str__(self) -> str:
        text = f"{self.place}: found {self.found}; expected {self.expected}. {self.todo}"
        text = " ".join(text.splitlines())  # names of files and keys may hold line breaks
        return _UNPRINTABLE.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


@dataclass
class Problems:
    """Collects the problems of a build."""

    found: list[Problem] = field(default_factory=list)
    alike: dict[tuple[str, str], set[Problem]] = field(default_factory=dict, repr=False)

    def add(self, place: Place, kind: str, found: str, expected: str, todo: str) -> None:
        """One more problem. Of very many alike in a file only the first are kept: nobody reads a million lines."""
        problem, alike = (
            Problem(place, kind, found, expected, todo),
            self.alike.setdefault((place.file, kind), set()),
        )
        if len(alike) >= MOST_ALIKE and problem not in alike:
            found = f"more than {MOST_ALIKE} problems of one sort"
            todo = "Only the first are told. Fix these, then run make again."
            problem = Problem(Place(place.file), kind, found, "none", todo)
        alike.add(problem)
        self.found.append(problem)

    def include(self, other: Problems) -> None:
        """All that others found, once more."""
        for problem in other.found:
            self.add(problem.place, problem.kind, problem.found, problem.expected, problem.todo)

    def __bool__(self) -> bool:
        return bool(self.found)

    def lines(self) -> list[str]:
        """One line a problem, in order of file and place, each once."""
        return [str(problem) for problem in sorted(set(self.found))]

    def as_data(self) -> list[dict]:
        return [{**asdict(problem), "text": str(problem)} for problem in sorted(set(self.found))]


def quoted(value: object, most: int = 60) -> str:
    """A value as it is shown in a problem: in quotes, on one line, shortened; letters that only look Latin are named."""
    text = " ".join(str(value).split())
    shown = f'"{text[: most - 1]}…"' if len(text) > most else f'"{text}"'
    return shown if text.isascii() else f"{shown}{_lookalikes(text)}"


def _lookalikes(text: str) -> str:
    """Letters of another script in a text that has Latin ones too, or none but such: Реru is not Peru."""
    found = dict.fromkeys(_OTHER_SCRIPTS.findall(text))
    if not found:
        return ""
    from unicodedata import name  # noqa: PLC0415 -- only who has such letters pays for it

    named = ", ".join(
        f"{letter} {name(letter, 'U+' + format(ord(letter), '04X')).lower()}" for letter in list(found)[:3]
    )
    return f" with letters that only look Latin ({named})"


def foreign(name: str) -> bool:
    """Whether a name has letters of another script that look like Latin ones."""
    return not name.isascii() and bool(_OTHER_SCRIPTS.search(name))


def nearest(word: str, known: Iterable[str], least: float = 0.6) -> str:
    """The known word most like `word` whatever its case, or "" when none is at least `least` alike (0..1)."""
    by_folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), by_folded, 1, least)
    return by_folded[close[0]] if close else ""


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """The what to do of a misspelt word: the nearest known one, or `otherwise`."""
    guess = nearest(word, known)
    return f'Did you mean "{guess}"?' if guess else otherwise


def format_count(number: int, noun: str) -> str:
    """Return a number with its noun: "1 paper", "2 papers"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
