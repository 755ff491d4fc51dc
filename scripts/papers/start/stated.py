"""A meeting as somebody states it: values for its file, and where each of them was stated."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from papers.problems import Place, Problems

if TYPE_CHECKING:
    from papers.problems import Problem

COMMAND = "command"
UNKNOWN = "not-stated"  # stands for a value that was reported as missing
OPTION_OF = {
    "name": "title",
    "code": "meeting",
    "host_mark": "host",
}  # key of the file -> option, where they differ
_LINE = re.compile(r"(?:a line|the line|the key) \"?(\w+)\"?(?:: \.\.\.)?\"?:?")


@dataclass
class Entry:
    """An entry of a list in the meeting's file.

    `places` are those of its keys, `place` that of what it does not state; `notes` say of a key where its value
    comes from, if nobody stated it. `unsure`: a cell of it has a problem, so that more may be missing.
    """

    place: Place
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    unsure: bool = False

    def add(self, key: str, value: Any, note: str) -> None:
        """Add a value that nobody stated, and why it is this one."""
        self.values[key], self.notes[key] = value, note


@dataclass
class StatedMeeting:
    """The values of a meeting's file by key; None is what is not known. `titles` are those of a workbook's columns, by key."""

    values: dict[str, Any] = field(default_factory=dict)
    agenda: list[Entry] = field(default_factory=list)
    papers: list[Entry] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)

    def place(self, key: str) -> Place:
        """Return where the value under a key was stated, such as papers[2].kind, or what has it."""
        head, _, rest = key.partition(".")
        if match := re.fullmatch(r"(agenda|papers)\[(\d+)\]", head):
            entries = self.agenda if match[1] == "agenda" else self.papers
            entry, name = entries[int(match[2]) - 1], re.split(r"[\[.]", rest)[0]
            return entry.places.get(name, entry.place)
        name = re.split(r"[\[.]", head)[0]
        return Place(COMMAND, key=OPTION_OF.get(name, name))

    def follows(self, problem: Problem) -> bool:
        """Return whether a problem of the file may only follow from a cell that has one."""
        match = re.match(r"papers\[(\d+)\](?:\.(\w+))?", problem.place.key)
        if match is None:
            return False
        entry = self.papers[int(match[1]) - 1]
        of_agenda = match[2] == "agenda_item" and any(item.unsure for item in self.agenda)
        return of_agenda or (entry.unsure and self.place(problem.place.key) == entry.place)

    def restated(self, problem: Problem) -> Problem:
        """Return a problem of the meeting's file as one of what was stated, in the words that were used there."""
        place = self.place(problem.place.key)

        def name(text: re.Match[str]) -> str:
            if place.sheet and text[1] in self.titles:
                return f"the column {self.titles[text[1]]}"
            return f"{OPTION_OF.get(text[1], text[1])}=..." if place.file == COMMAND else text[0]

        return replace(
            problem,
            place=place,
            expected=_LINE.sub(name, problem.expected),
            todo=_LINE.sub(name, problem.todo),
        )


def report(problems: Problems, kind: str, found: str, expected: str, todo: str) -> None:
    """Add a problem of an option, which its words name."""
    problems.add(Place(COMMAND), kind, found, expected, todo)


def value_of(key: str, value: Any) -> Any:
    """Return the value of a key of a paper as its entry has it: a list where several may be stated."""
    if key == "submitted_by":
        return split_names(value)
    if key == "name_economies":
        return [word for word in re.split(r"[\s,;]+", value) if word]
    return " ".join(value.split()) if isinstance(value, str) else value


def split_names(text: str) -> list[str]:
    """Return names with semicolons between them, as the name of an economy may have a comma."""
    return [name.strip() for name in text.replace("\n", ";").split(";") if name.strip()]
