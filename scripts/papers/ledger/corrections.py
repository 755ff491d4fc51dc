"""Read corrections.csv, the list of errors in issued papers, as rows that know their lines.

The file is a CSV as Excel saves it: UTF-8 with or without a byte order mark, commas, semicolons or tabs
between the cells (Excel follows the language of the system), columns in any order. `model.corrections`
says what the rows mean.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papers.characters import EXPECTED_TEXT, TYPE_AGAIN, describe_character, folded, forbidden_character
from papers.problems import Place, Problems, did_you_mean, quoted, renamed_names
from papers.safety import MAX_TEXT, UnsafeFile, read_bytes

if TYPE_CHECKING:
    from pathlib import Path

CORRECTIONS_NAME = "corrections.csv"
COLUMNS = (
    "id",
    "paper",
    "place",
    "as_printed",
    "correct",
    "reported_by",
    "verified_by",
    "status",
    "closed_by",
)
STATES = ("open", "closed", "rejected")
_OPTIONAL = ("verified_by", "closed_by")
_SEPARATORS = ",;\t"
_ID = re.compile(r"(?!(?:yes|no)$)[A-Za-z0-9][A-Za-z0-9._-]*")
BOM = "\ufeff"


@dataclass(frozen=True)
class CorrectionRow:
    """One correction as written. `first` and `last` are its lines, from 1: a cell may have line breaks."""

    id: str
    paper: str
    place: str
    as_printed: str
    correct: str
    reported_by: str
    verified_by: str
    status: str
    closed_by: str
    first: int = field(compare=False)
    last: int = field(compare=False)


@dataclass
class CorrectionsFile:
    """The file as read: `name` is its path as messages show it, `lines` its lines with their ends.

    `complete` is False where it, or one of its rows, could not be read: what is not in `rows` may be in it.
    """

    name: str
    lines: list[str] = field(default_factory=list)
    separator: str = ","
    columns: list[str] = field(default_factory=list)
    rows: list[CorrectionRow] = field(default_factory=list)
    complete: bool = True

    def place(self, row: CorrectionRow, column: str) -> Place:
        """Return the place of a cell."""
        return Place(self.name, line=row.first, part=f"column {column}")


def read_corrections(root: Path, forum: str, problems: Problems) -> CorrectionsFile:
    """Read the corrections of a forum; without rows if there is no such file or it can't be read."""
    name = f"inputs/{forum}/{CORRECTIONS_NAME}"
    if not (root / name).exists():
        return CorrectionsFile(name)
    try:
        text = read_bytes(root / name, MAX_TEXT).decode("utf-8")
    except UnsafeFile as refused:
        todo = "Delete the rows that are not needed."
        problems.add(Place(name), refused.kind, refused.found, refused.expected, todo)
        return CorrectionsFile(name, complete=False)
    except (OSError, UnicodeDecodeError):
        todo = 'Save it in Excel as "CSV UTF-8 (Comma delimited)".'
        problems.add(
            Place(name), "unreadable", "a file that is not text in UTF-8", "a CSV file in UTF-8", todo
        )
        return CorrectionsFile(name, complete=False)
    return parse_corrections(text, name, problems)


def parse_corrections(text: str, name: str, problems: Problems) -> CorrectionsFile:
    """Return the corrections of a text; each row with a mistake is a problem and is left out."""
    if bad := forbidden_character(text.removeprefix(BOM)):
        place = Place(name, line=text[: bad.start()].count("\n") + 1)
        problems.add(place, "forbidden-character", describe_character(bad), EXPECTED_TEXT, TYPE_AGAIN)
        return CorrectionsFile(name, complete=False)
    file, before = CorrectionsFile(name, list(io.StringIO(text, newline=""))), len(problems.found)
    file.separator = max(_SEPARATORS, key=file.lines[0].count) if file.lines else ","
    records = _read_records(file, problems)
    if records and _read_titles(file, records[0][0], problems):
        for cells, first, last in records[1:]:
            _add_row(file, cells, first, last, problems)
    elif records == []:
        _report_columns(file, "no line with the titles of the columns", problems)
    file.complete = len(problems.found) == before
    return file


def _read_records(file: CorrectionsFile, problems: Problems) -> list[tuple[list[str], int, int]] | None:
    """Return the records that are not empty, each with its first and last line; None where it is no CSV."""
    lines = [line.removeprefix(BOM) if n == 0 else line for n, line in enumerate(file.lines)]
    reader, found, last = csv.reader(lines, delimiter=file.separator, strict=True), [], 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append(([" ".join(cell.split()) for cell in cells], last + 1, reader.line_num))
            last = reader.line_num
    except csv.Error as error:
        fault, expected = f"quotation marks that do not pair ({error})", "a CSV file as Excel saves it"
        todo = "Close each quotation mark and double those within a cell; or save the file in Excel again."
        problems.add(Place(file.name, line=last + 1), "csv", fault, expected, todo)
        return None
    return found


def _read_titles(file: CorrectionsFile, titles: list[str], problems: Problems) -> bool:
    """Set `file.columns`; return False and report problems if one is missing, unknown or there twice."""
    file.columns = [folded(title).replace(" ", "_") for title in titles]
    before = len(problems.found)
    unknown = [title for title in file.columns if title and title not in COLUMNS]
    renamed = renamed_names(unknown, [column for column in COLUMNS if column not in file.columns])
    for column in COLUMNS:
        if file.columns.count(column) != 1 and column not in renamed.values():
            count = "no column" if column not in file.columns else "more than one column"
            _report_columns(file, f"{count} {column}", problems)
    for title in unknown:
        todo = did_you_mean(title, COLUMNS, "Delete the column, or correct its title.")
        if title in renamed:
            otherwise = (
                f"Rename it if it is the column {renamed[title]}; if not, delete it, and add that column."
            )
            todo = did_you_mean(title, [renamed[title]], otherwise)
        _report_columns(file, f"the unknown column {quoted(title)}", problems, todo)
    return len(problems.found) == before


def _report_columns(file: CorrectionsFile, found: str, problems: Problems, todo: str = "") -> None:
    expected = f"the titles {', '.join(COLUMNS)}"
    problems.add(Place(file.name, line=1), "columns", found, expected, todo or "Correct the first line.")


def _add_row(file: CorrectionsFile, cells: list[str], first: int, last: int, problems: Problems) -> None:
    before = len(problems.found)
    others = [sign for sign in _SEPARATORS if sign != file.separator and cells[0].count(sign) > 2]
    if others and not any(cells[1:]):
        found = f'cells with "{others[0]}" between them, where the first line has "{file.separator}"'
        expected, todo = (
            f'"{file.separator}" between the cells',
            "Open the file in Excel, and save it as CSV again.",
        )
        problems.add(Place(file.name, line=first), "separator", found, expected, todo)
        return
    if any(cells[len(file.columns) :]):
        found = f"{quoted(cells[len(file.columns)])} beyond the last column"
        todo = f'Put text with a "{file.separator}" in it between quotation marks; Excel does so by itself.'
        problems.add(Place(file.name, line=first), "cells", found, f"{len(file.columns)} cells", todo)
        return
    padded = [*cells, *[""] * len(file.columns)]
    values = {column: padded[at] for at, column in enumerate(file.columns) if column}
    row = CorrectionRow(**{**values, "status": values["status"].casefold()}, first=first, last=last)
    _check_row(file, row, problems)
    if len(problems.found) == before:
        file.rows.append(row)


def _check_row(file: CorrectionsFile, row: CorrectionRow, problems: Problems) -> None:
    for column in COLUMNS:
        if not getattr(row, column) and column not in _OPTIONAL:
            place = file.place(row, column)
            problems.add(
                place, "empty-cell", "an empty cell", f"the {column.replace('_', ' ')}", "Fill it in."
            )
    if row.id and not _ID.fullmatch(row.id):
        expected = "letters, digits, dots and hyphens, such as C1, and neither yes nor no"
        problems.add(file.place(row, "id"), "id", quoted(row.id), expected, "Give it another id.")
    if row.status and row.status not in STATES:
        todo = did_you_mean(row.status, STATES, "Correct it.")
        expected = f"one of {', '.join(STATES)}"
        problems.add(file.place(row, "status"), "status", quoted(row.status), expected, todo)
