"""Corrections of issued papers: what is still open, and whether their list and the ledger say the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papers.numbers import base_of
from papers.problems import Place, Problems, did_you_mean, quoted

if TYPE_CHECKING:
    from papers.ledger.corrections import CorrectionRow, CorrectionsFile
    from papers.ledger.rules import Ledger
    from papers.model.economies import Economies


@dataclass
class Corrections:
    """The corrections of a forum. One counts for a paper and all its revisions until one of them takes it up."""

    file: str = ""
    rows: list[CorrectionRow] = field(default_factory=list)

    def of(self, number: object) -> list[CorrectionRow]:
        """Every correction of a paper, whichever revision it was found in."""
        base = base_of(str(number))
        return [row for row in self.rows if base_of(row.paper) == base]

    def still_open(self, number: object) -> list[CorrectionRow]:
        """The open corrections of a paper."""
        return [row for row in self.of(number) if row.status == "open"]


def corrections_of(
    file: CorrectionsFile, ledger: Ledger, register: Economies, problems: Problems
) -> Corrections:
    """The corrections of a file, checked against each other and against the ledger."""
    seen: dict[str, CorrectionRow] = {}
    for row in file.rows:
        if row.id in seen:
            found, expected = f"{row.id} again (first in line {seen[row.id].first})", "each id once"
            problems.add(file.place(row, "id"), "doubled-id", found, expected, "Give one of them another id.")
        seen.setdefault(row.id, row)
        _check_paper(file, row, ledger, problems)
        _check_state(file, row, ledger, problems)
        for column in ("reported_by", "verified_by"):
            register.check_body(getattr(row, column), file.place(row, column), problems)
    _check_lost(file, ledger, problems)
    return Corrections(file.name, file.rows)


def _check_paper(file: CorrectionsFile, row: CorrectionRow, ledger: Ledger, problems: Problems) -> None:
    if ledger.issued(row.paper):
        return
    issued = [event.number for standing in ledger.papers.values() for event in standing.issued.values()]
    todo = "What was never issued can be changed freely: fix its inputs, and delete this line."
    todo = did_you_mean(row.paper, issued, todo)
    expected = "the number of a paper that was issued, with its revision"
    problems.add(file.place(row, "paper"), "unknown-paper", quoted(row.paper), expected, todo)


def _check_state(file: CorrectionsFile, row: CorrectionRow, ledger: Ledger, problems: Problems) -> None:
    """The list says of a correction what the ledger says of it."""
    closed_by = ledger.corrected.get(row.id, "")
    if row.status != "open" and not row.verified_by:
        place, found = file.place(row, "verified_by"), f"{row.id} as {row.status}, verified by nobody"
        problems.add(place, "not-verified", found, "who verified it", "Fill it in.")
    if closed_by and (row.status, row.closed_by) != ("closed", closed_by):
        said = f"{row.status}{f' by {row.closed_by}' if row.closed_by else ''}"
        found, expected = f"{row.id} as {said}", f"closed by {closed_by}, as the ledger says"
        todo = f"Write status closed and closed_by {closed_by}."
        problems.add(file.place(row, "status"), "correction-state", found, expected, todo)
    elif not closed_by and (row.status == "closed" or row.closed_by):
        found = f"{row.id} as {row.status}{f' by {row.closed_by}' if row.closed_by else ''}"
        expected = "a correction that no revision took up as open, or as rejected"
        todo = f'Write open and empty closed_by; make revise paper={row.paper} correction={row.id} why="..." closes it.'
        problems.add(file.place(row, "status"), "correction-state", found, expected, todo)


def _check_lost(file: CorrectionsFile, ledger: Ledger, problems: Problems) -> None:
    """What the ledger says was taken up stays in the list; where a row is broken, that is told already."""
    if any(problem.place.file == file.name and problem.place.line for problem in problems.found):
        return
    there = {row.id for row in file.rows}
    for name, number in ledger.corrected.items():
        if name not in there:
            found, expected = (
                f"no correction {name}, which {number} took up",
                "every correction of the ledger",
            )
            problems.add(
                Place(file.name),
                "lost-correction",
                found,
                expected,
                "Take its line back from your backup or from git.",
            )
