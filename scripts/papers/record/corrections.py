"""Check corrections against the issued papers and against the revisions that make them, and close them."""

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
from papers.ledger.rules import Ledger, Refusal
from papers.model.corrections import corrections_of
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.store.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.model.corrections import Corrections
    from papers.numbers import Grammar


def check_printed(corrections: Corrections, forum: str, ledger: Ledger, problems: Problems) -> None:
    """Check that the issued paper has the words that a correction says were printed."""
    for row in corrections.rows:
        event = ledger.issued(row.paper)
        archived = archive_folder(forum) / event.file if event else None
        if archived is None or not archived.is_file():
            continue  # model.corrections and check_archive report these
        place = Place(corrections.file, line=row.first, part="column as_printed")
        words = _read_words(archived)
        if words is None:
            found = f"a correction of {archived.name}, which is not a readable Word file"
            todo = "Restore that file from your backup or from git; only Word files can have corrections."
            problems.add(place, "no-words", found, "a Word file", todo)
        elif single_spaced(row.as_printed) not in words:
            found, expected = quoted(row.as_printed), f"words that stand in {row.paper} as it was issued"
            todo = f"Copy the words from the paper: {archived.as_posix()}."
            problems.add(place, "not-printed", found, expected, todo)


@cache  # several corrections are of one paper
def _read_words(path: Path) -> str | None:
    try:
        return all_words(read_bytes(path))
    except PackageError:
        return None


def refuse_missing_correction(row: CorrectionRow, docx: bytes) -> Refusal | None:
    """Return the refusal of a revision without the correct words of a correction; None if it has them."""
    try:
        words = all_words(docx)
    except PackageError:
        words = ""
    if single_spaced(row.correct) in words:
        return None
    found = f"a revision without {quoted(row.correct)}, which {row.id} asks for"
    todo = "Correct the inputs and run make; or copy the words of the new paper into the column correct."
    return Refusal(found, "a paper with these words", todo)


def select_corrections(
    forum: str, ids: Iterable[str], papers: Iterable[str], ledger: Ledger, problems: Problems
) -> tuple[CorrectionsFile, list[CorrectionRow]]:
    """Return the file of corrections, and its rows with these ids, for revisions of `papers`."""
    before = len(problems.found)
    file = read_corrections(Path(), forum, problems)
    if len(problems.found) > before:
        return file, []
    by_id = {row.id: row for row in file.rows}
    bases = {ledger.grammar.base_of(number) for number in papers}
    for name in sorted({*ids} - by_id.keys()):
        todo = did_you_mean(name, by_id, f"Add it to {file.name}, or run the command without correction=...")
        expected = f"yes, no, or ids of {file.name}"
        problems.add(Place("command"), "unknown-correction", f"correction={name}", expected, todo)
    rows = [by_id[name] for name in ids if name in by_id]
    for row in rows:
        if refused := _refuse_correction(row, bases, ledger):
            problems.add(file.place(row, "id"), "not-recorded", *refused)
    return file, rows


def _refuse_correction(row: CorrectionRow, bases: set[str], ledger: Ledger) -> Refusal | None:
    """Return why the revisions of `bases` cannot make this correction; None if they can."""
    base = ledger.grammar.base_of(row.paper)
    begun = ledger.papers[base].next if base in ledger.papers else None
    if base not in bases:
        expected = "a correction of the paper that is revised"
        return Refusal(f"{row.id} of {row.paper}", expected, "Correct paper=... or correction=...")
    if row.status != "open" and not (begun and begun.number == row.closed_by):
        by = f" by {row.closed_by}" if row.closed_by else ""
        todo = f"Run the command without correction={row.id}."
        return Refusal(f"{row.id}, {row.status}{by}", "an open correction", todo)
    if not row.verified_by:
        todo = "Write in the column verified_by which office verified it."
        return Refusal(f"{row.id}, verified by nobody", "a correction that somebody verified", todo)
    return None


def open_correction_notices(
    file: CorrectionsFile, number: str, closed_by: dict[str, str], grammar: Grammar
) -> list[str]:
    """Return a notice for each open correction of a paper that its revision does not make."""
    rows = corrections_of(file, grammar).still_open(grammar.base_of(number))
    return [f"Correction {row.id} of {row.paper} stays open" for row in rows if row.id not in closed_by]


def closed_text(file: CorrectionsFile, closed_by: dict[str, str]) -> str | None:
    """Return the text of corrections.csv with these corrections closed and all other lines as they are.

    `closed_by` maps ids to the numbers of revisions. Return None if the file is written in a way that
    cannot be edited so that it reads back right.
    """
    lines, expected = list(file.lines), []
    for row in file.rows:
        if row.id in closed_by:
            row = replace(row, status="closed", closed_by=closed_by[row.id])
            lines[row.first - 1 : row.last] = [_row_text(file, row), *[""] * (row.last - row.first)]
        expected.append(row)
    text, problems = "".join(lines), Problems()
    rows = parse_corrections(text, file.name, problems).rows
    return text if rows == expected and not problems else None


def _row_text(file: CorrectionsFile, row: CorrectionRow) -> str:
    """Return the text of a row with its status and closed_by of now, and its other cells as typed."""
    typed = file.lines[row.first - 1 : row.last]
    cells = next(csv.reader(typed, delimiter=file.separator))
    cells += [""] * (len(file.columns) - len(cells))
    for column in ("status", "closed_by"):
        cells[file.columns.index(column)] = getattr(row, column)
    line_end = typed[-1][len(typed[-1].rstrip("\r\n")) :]
    return csv_line(cells, file.separator) + line_end
