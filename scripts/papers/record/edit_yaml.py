"""Edits of a file of papers that a command makes: only the lines concerned; comments and all else survive."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papers.inputs.yaml import Document, StrictModel, read_yaml
from papers.problems import Problems
from papers.store.files import write_atomic

if TYPE_CHECKING:
    from pathlib import Path

BOM = "\ufeff"


class EditError(Exception):
    """A file that could not be edited without touching more than it should; told to the user as it is."""


@dataclass
class EntriesText:
    """A file with a list of papers (`key`: papers of a meeting, tabled of tabling.yaml), edited in memory, written once."""

    path: Path
    text: str
    document: Document
    key: str

    @classmethod
    def read(cls, path: Path, form: type[StrictModel], key: str, problems: Problems) -> EntriesText | None:
        """The file and what it says; None and problems where it does not fit its form."""
        document = read_yaml(path, path.as_posix(), form, problems)
        return cls(path, path.read_bytes().decode("utf-8"), document, key) if document else None

    @property
    def entries(self) -> list:
        return getattr(self.document.form, self.key)

    def set(self, index: int, key: str, value: str, after: str = "") -> None:
        """Sets a key of the paper at this index: its value replaced, or one line added (first, or behind `after`)."""
        entry = _child(_child(self.document.node, self.key), index)
        expected = self._with(index, key, value)
        old = _child(entry, key)
        if old is not None:
            self._replace(_at(old.start_mark), _at(old.end_mark), value)
        elif entry.flow_style:
            self._insert_within(entry, key, value)
        else:
            self._insert_line(entry, f"{key}: {value}", after)
        self._check(expected)

    def save(self) -> None:
        """Writes the file whole and waits until it is on the disk."""
        write_atomic(self.path, self.text.encode("utf-8"))
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())

    def _with(self, index: int, key: str, value: str) -> StrictModel:
        entries = list(self.entries)
        entries[index] = entries[index].model_copy(update={key: value})
        return self.document.form.model_copy(update={self.key: entries})

    def _lines(self) -> list[str]:
        """The lines as YAML counts them, without the mark that some editors put before the first."""
        return self.text.removeprefix(BOM).splitlines(keepends=True)

    def _join(self, lines: list[str]) -> None:
        self.text = (BOM if self.text.startswith(BOM) else "") + "".join(lines)

    def _replace(self, start: tuple[int, int], end: tuple[int, int], value: str) -> None:
        lines = self._lines()
        if start[0] != end[0]:
            raise EditError(
                f"{self.path.as_posix()}, line {start[0] + 1}: a value over several lines; {self._by_hand()}"
            )
        line = lines[start[0]]
        lines[start[0]] = line[: start[1]] + value + line[end[1] :]
        self._join(lines)

    def _insert_within(self, entry: Any, key: str, value: str) -> None:
        row, column = _at(entry.start_mark)
        self._replace((row, column + 1), (row, column + 1), f"{key}: {value}, ")

    def _insert_line(self, entry: Any, words: str, after: str) -> None:
        """Behind the line of the key `after`; else before the first key, which moves down behind its own indentation."""
        lines, first = self._lines(), _at(entry.start_mark)
        end = "\r\n" if lines[first[0]].endswith("\r\n") else "\n"
        indent = " " * first[1]
        if after:
            row = _at(_child(entry, after).end_mark)[0]
            lines[row] = lines[row].rstrip("\r\n") + end
            lines.insert(row + 1, f"{indent}{words}{end}")
        else:
            row, line = first[0], lines[first[0]]
            lines[row : row + 1] = [f"{line[: first[1]]}{words}{end}", f"{indent}{line[first[1] :]}"]
        self._join(lines)

    def _check(self, expected: StrictModel) -> None:
        """The file must now say exactly what it should: a shape of YAML that we don't foresee is not guessed at."""
        beside = self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
        beside.write_bytes(self.text.encode("utf-8"))
        try:
            document = read_yaml(beside, self.path.as_posix(), type(expected), Problems())
        finally:
            beside.unlink()
        if document is None or document.form != expected:
            raise EditError(
                f"{self.path.as_posix()}: is written in a way that no command can edit; {self._by_hand()}"
            )
        self.document = document

    def _by_hand(self) -> str:
        return (
            "write the paper's keys on lines of their own, as in the other files, and run the command again."
        )


def _child(node: Any, key: object) -> Any:
    """The node of the value under a key or index, or None; nodes are PyYAML's, whose marks are the places."""
    if isinstance(key, int):
        return node.value[key]
    return next((value for name, value in node.value if name.value == key), None)


def _at(mark: Any) -> tuple[int, int]:
    return mark.line, mark.column
