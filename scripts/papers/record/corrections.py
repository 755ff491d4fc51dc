"""Corrections against the papers as circulated: what was printed, and whether the revision says it right."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from papers.docx.package import PackageError
from papers.docx.texts import all_words, single_spaced
from papers.ledger.archive import archive_folder
from papers.ledger.corrections import CorrectionRow, CorrectionsFile, parse_corrections, read_corrections
from papers.ledger.file import csv_line
from papers.ledger.rules import Ledger, Refusal, split_number
from papers.model.corrections import Corrections
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.store.files import write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterable

_NO_SUCH = "Add it to {}: who reports what is wrong in which paper."


def check_printed(corrections: Corrections, forum: str, ledger: Ledger, problems: Problems) -> None:
    """What a correction says was printed stands in the paper as it was circulated."""
    for row in corrections.rows:
        event = ledger.issued(row.paper)
        kept = archive_folder(forum) / event.file if event else None
        if kept is None or not kept.is_file():
            continue  # told elsewhere
        place = Place(corrections.file, line=row.first, part="column as_printed")
        words, todo = _words_in(kept), f"Copy the words from the paper: {kept.as_posix()}."
        if words is None:
            found = f"a correction of {kept.name}, whose words cannot be read"
            todo = (
                "Take the file back from your backup or from git; other than Word files have no corrections."
            )
            problems.add(place, "no-words", found, "a Word file", todo)
        elif single_spaced(row.as_printed) not in words:
            found, expected = quoted(row.as_printed), f"words that stand in {row.paper} as it was issued"
            problems.add(place, "not-printed", found, expected, todo)


@cache
def _words_in(path: Path) -> str | None:
    try:
        return all_words(path.read_bytes())
    except PackageError:
        return None


def not_corrected(row: CorrectionRow, docx: bytes) -> Refusal | None:
    """Why a revision cannot be said to make a correction: it does not say what is correct."""
    try:
        words = all_words(docx)
    except PackageError:
        words = ""
    if single_spaced(row.correct) in words:
        return None
    found = f"a revision without {quoted(row.correct)}, which {row.id} asks for"
    todo = "Fix the inputs and run make; or, where the correct words came out otherwise, write them so in its line."
    return Refusal(found, "the correction made", todo)


def taken_up(
    forum: str, names: Iterable[str], papers: Iterable[str], ledger: Ledger, problems: Problems
) -> tuple[CorrectionsFile, list[CorrectionRow]]:
    """The list of corrections, and those of it that are named for a revision of these papers."""
    before = len(problems.found)
    file = read_corrections(Path(), forum, problems)
    if len(problems.found) > before:
        return file, []
    by_id = {row.id: row for row in file.rows}
    bases = {split_number(number)[0] for number in papers}
    for name in sorted({*names} - by_id.keys()):
        todo = did_you_mean(name, by_id, f"Add it to {file.name}, or leave correction=... away.")
        expected = f"yes, no, or ids of {file.name}"
        problems.add(Place("command"), "unknown-correction", f"correction={name}", expected, todo)
    rows = [by_id[name] for name in names if name in by_id]
    for row in rows:
        if refused := _not_to_take(row, bases, ledger):
            problems.add(file.place(row, "id"), "not-recorded", *refused)
    return file, rows


def _not_to_take(row: CorrectionRow, bases: set[str], ledger: Ledger) -> Refusal | None:
    base = split_number(row.paper)[0]
    begun = ledger.papers[base].next if base in ledger.papers else None
    if base not in bases:
        expected = "a correction of the paper that is revised"
        return Refusal(f"{row.id} of {row.paper}", expected, "Correct paper=... or correction=...")
    if row.status != "open" and not (begun and begun.number == row.closed_by):
        by = f" by {row.closed_by}" if row.closed_by else ""
        return Refusal(f"{row.id}, {row.status}{by}", "an open correction", "Leave it away.")
    if not row.verified_by:
        todo = "Write in the column verified_by which office looked at it."
        return Refusal(f"{row.id}, verified by nobody", "a correction that somebody verified", todo)
    return None


def still_open(file: CorrectionsFile, number: str, closed_by: dict[str, str]) -> list[str]:
    """What a person should know who revises a paper and names not all its open corrections."""
    rest = [row for row in Corrections(file.name, file.rows).still_open(number) if row.id not in closed_by]
    return [f"Correction {row.id} of {row.paper} stays open" for row in rest]


def close_corrections(file: CorrectionsFile, closed_by: dict[str, str]) -> None:
    """Writes into the list which revision (number) closes which correction (id); all other lines stay as they are."""
    lines, expected = list(file.lines), []
    for row in file.rows:
        if row.id in closed_by:
            row = replace(row, status="closed", closed_by=closed_by[row.id])
            lines[row.first - 1 : row.last] = [_closed(file, row), *[""] * (row.last - row.first)]
        expected.append(row)
    text, problems = "".join(lines), Problems()
    if parse_corrections(text, file.name, problems).rows != expected or problems:
        ids = ", ".join(closed_by)
        raise OSError(
            f"{file.name}: could not be edited; write by hand that {ids} are closed, and by which revision."
        )
    write_atomic(Path(file.name), text.encode("utf-8"))


def _closed(file: CorrectionsFile, row: CorrectionRow) -> str:
    """The lines of a row with what it now says of its state; its other cells as they were typed."""
    typed = file.lines[row.first - 1 : row.last]
    cells = next(csv.reader(typed, delimiter=file.separator))
    cells += [""] * (len(file.columns) - len(cells))
    for column in ("status", "closed_by"):
        cells[file.columns.index(column)] = getattr(row, column)
    end = typed[-1][len(typed[-1].rstrip("\r\n")) :]
    return csv_line(cells, file.separator) + end
