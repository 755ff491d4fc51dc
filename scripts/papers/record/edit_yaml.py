"""Edit a YAML file with a list of papers: only the lines concerned change; comments and all else stay."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papers.inputs.yaml import Document, StrictModel, read_yaml
from papers.ledger.unfinished_edits import FileEdit
from papers.problems import Place, Problems
from papers.store.files import read_bytes

if TYPE_CHECKING:
    from pathlib import Path

BOM = "\ufeff"


class EditError(Exception):
    """Lines that cannot be edited without changing more than asked: their place, and what was found."""

    def __init__(self, place: Place, found: str):
        super().__init__(f"{place}: found {found}")
        self.place, self.found = place, found


@dataclass
class EntriesText:
    """A file with a list of papers, edited in memory and written once.

    `key` names the list: "papers" in the file of a meeting, "tabled" in tabling.yaml.
    """

    path: Path
    text: str
    document: Document
    key: str
    original: bytes = b""

    @classmethod
    def read(cls, path: Path, form: type[StrictModel], key: str, problems: Problems) -> EntriesText | None:
        """Read a file; return None and report problems if it does not fit its form."""
        document = read_yaml(path, path.as_posix(), form, problems)
        original = read_bytes(path) if document else b""
        return cls(path, original.decode("utf-8"), document, key, original) if document else None

    @property
    def entries(self) -> list:
        """The list of papers as read, with the edits so far."""
        return getattr(self.document.form, self.key)

    def set(self, index: int, key: str, value: str, after: str = "") -> None:
        """Set a key of the entry at `index`: replace its value, or add a line first or after `after`.

        Raise EditError if the lines are written in a way that this cannot edit.
        """
        entry = _child(_child(self.document.node, self.key), index)
        expected = self._form_with(index, key, value)
        old = _child(entry, key)
        if old is not None:
            self._replace(_position(old.start_mark), _position(old.end_mark), value)
        elif entry.flow_style:
            self._insert_in_braces(entry, key, value)
        else:
            self._insert_line(entry, f"{key}: {value}", after)
        self._check(expected)

    def remove(self, index: int) -> None:
        """Remove the entry at `index` with its lines; a list without entries becomes [].

        Raise EditError as `set` does.
        """
        entries = _child(self.document.node, self.key)
        kept = [entry for at, entry in enumerate(self.entries) if at != index]
        expected = self.document.form.model_copy(update={self.key: kept})
        lines = self._lines()
        first, last = _position(entries.value[index].start_mark)[0], _last_line(entries.value[index])
        if entries.flow_style or not lines[first].lstrip().startswith("- "):
            raise EditError(
                self.document.place(self.key, index), "an entry that shares its lines with others"
            )
        while not lines[last].strip():  # a text over several lines ends behind the empty lines that follow
            last -= 1
        del lines[first : last + 1]
        if not kept:
            head = first - 1  # comments stand between the key and its first entry, if anything does
            while not lines[head].startswith(f"{self.key}:"):
                head -= 1
            lines[head] = lines[head].replace(f"{self.key}:", f"{self.key}: []", 1)
        self._join(lines)
        self._check(expected)

    @property
    def edit(self) -> FileEdit:
        """The file as it was read, and as it is edited."""
        return FileEdit(self.path.as_posix(), self.original, self.text.encode("utf-8"))

    def append(self, lines: list[str]) -> None:
        """Add an entry at the end of the list; `lines` are its keys, without dash and indentation.

        Raise EditError if the list is written in a way that this cannot edit.
        """
        node = _child(self.document.node, self.key)
        if node is None or not node.value:
            self._begin_list(node, lines)
        elif node.flow_style:
            raise EditError(self.document.place(self.key), "a list in square brackets")
        else:
            dash = _position(node.start_mark)[1]
            indent = _position(node.value[-1].start_mark)[1] - dash - 1
            self._insert_after(_last_line(node), _entry(lines, " " * dash, " " * indent))
        before, form = self.entries, self.document.form
        self._read_back()
        if (
            self.document.form.model_copy(update={self.key: before}) != form
            or len(self.entries) != len(before) + 1
        ):
            raise EditError(Place(self.path.as_posix()), "a list written in a way that no command can edit")

    def _begin_list(self, node: Any, lines: list[str]) -> None:
        """Write the first entry of a list that is empty or not there."""
        entry = _entry(lines, "  ", " ")
        if node is None:
            self._insert_after(len(self._lines()) - 1, [f"{self.key}:", *entry])
            return
        row = _position(node.start_mark)[0]
        self._replace(_position(node.start_mark), _position(node.end_mark), "")
        self._insert_after(row, entry)

    def _insert_after(self, row: int, new: list[str]) -> None:
        """Insert lines after a line, which gets an end if it is the last one and has none."""
        lines = self._lines()
        end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
        if lines:
            lines[row] = lines[row].rstrip("\r\n") + end
        lines[row + 1 : row + 1] = [f"{line}{end}" for line in new]
        self._join(lines)

    def _form_with(self, index: int, key: str, value: str) -> StrictModel:
        entries = list(self.entries)
        entries[index] = entries[index].model_copy(update={key: value})
        return self.document.form.model_copy(update={self.key: entries})

    def _lines(self) -> list[str]:
        """Return the lines as YAML counts them, without the byte order mark of some editors."""
        return self.text.removeprefix(BOM).splitlines(keepends=True)

    def _join(self, lines: list[str]) -> None:
        self.text = (BOM if self.text.startswith(BOM) else "") + "".join(lines)

    def _replace(self, start: tuple[int, int], end: tuple[int, int], value: str) -> None:
        lines = self._lines()
        if start[0] != end[0]:
            raise EditError(Place(self.path.as_posix(), line=start[0] + 1), "a value over several lines")
        line = lines[start[0]]
        lines[start[0]] = line[: start[1]] + value + line[end[1] :]
        self._join(lines)

    def _insert_in_braces(self, entry: Any, key: str, value: str) -> None:
        """Insert a key after the opening brace of an entry such as {title: Agenda, kind: agenda}."""
        row, column = _position(entry.start_mark)
        self._replace((row, column + 1), (row, column + 1), f"{key}: {value}, ")

    def _insert_line(self, entry: Any, text: str, after: str) -> None:
        """Insert a line after the key `after`, or before the first key, which moves to the next line."""
        lines, first = self._lines(), _position(entry.start_mark)
        end = "\r\n" if lines[first[0]].endswith("\r\n") else "\n"
        indent = " " * first[1]
        if after:
            row = _position(_child(entry, after).end_mark)[0]
            lines[row] = lines[row].rstrip("\r\n") + end
            lines.insert(row + 1, f"{indent}{text}{end}")
        else:
            row, line = first[0], lines[first[0]]
            lines[row : row + 1] = [f"{line[: first[1]]}{text}{end}", f"{indent}{line[first[1] :]}"]
        self._join(lines)

    def _check(self, expected: StrictModel) -> None:
        """Read the edited text back: it must be exactly the expected form."""
        self._read_back()
        if self.document.form != expected:
            raise EditError(Place(self.path.as_posix()), "an entry written in a way that no command can edit")

    def _read_back(self) -> None:
        """Read the edited text as a file, which must fit its form."""
        temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
        temporary.write_bytes(self.text.encode("utf-8"))
        try:
            document = read_yaml(temporary, self.path.as_posix(), type(self.document.form), Problems())
        finally:
            temporary.unlink()
        if document is None:
            raise EditError(Place(self.path.as_posix()), "an entry written in a way that no command can edit")
        self.document = document


def _entry(lines: list[str], indent: str, after_dash: str) -> list[str]:
    """Return the lines of an entry of a list: the first one with its dash."""
    first, *others = lines
    return [f"{indent}-{after_dash}{first}", *(f"{indent} {after_dash}{line}" for line in others)]


def _last_line(node: Any) -> int:
    """Return the index of the last line of a list's last value, without comments and blank lines below it."""
    while not isinstance(node.value, str) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    row, column = _position(node.end_mark)
    return row if column else row - 1


def _child(node: Any, key: object) -> Any:
    """Return the node of the value at a key or index of a PyYAML node; None if there is none."""
    if isinstance(key, int):
        return node.value[key]
    return next((value for name, value in node.value if name.value == key), None)


def _last_line(node: Any) -> int:
    """Return the last line, from 0, with a value of a PyYAML node: its own end is behind the comments that follow."""
    if isinstance(node.value, list) and node.value and not node.flow_style:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    row, column = _position(node.end_mark)
    return row if column else row - 1


def _position(mark: Any) -> tuple[int, int]:
    return mark.line, mark.column
