"""Corrections of issued papers: which are open, and checks that corrections.csv agrees with the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papers.problems import Place, Problems, did_you_mean, quoted, same_numbers

if TYPE_CHECKING:
    from papers.ledger.corrections import CorrectionRow, CorrectionsFile
    from papers.ledger.rules import Ledger
    from papers.model.economies import Economies
    from papers.numbers import Grammar


@dataclass
class Corrections:
    """The corrections of a forum.

    A correction is valid for all revisions of a paper until one of them closes it.
    """

    file: str = ""
    rows: list[CorrectionRow] = field(default_factory=list)
    bases: dict[str, str] = field(default_factory=dict)  # number of a corrected paper -> without its revision

    def of(self, base: str) -> list[CorrectionRow]:
        """Return every correction of a paper, of all its revisions."""
        return [row for row in self.rows if self.bases[row.paper] == base]

    def still_open(self, base: str) -> list[CorrectionRow]:
        """Return the open corrections of a paper."""
        return [row for row in self.of(base) if row.status == "open"]


def corrections_of(file: CorrectionsFile, grammar: Grammar) -> Corrections:
    """Return the corrections of a file, as they are."""
    return Corrections(file.name, file.rows, {row.paper: grammar.base_of(row.paper) for row in file.rows})


def build_corrections(
    file: CorrectionsFile, ledger: Ledger, register: Economies, problems: Problems
) -> Corrections:
    """Return the corrections of a file.

    Report ids that are used twice and rows that disagree with the ledger.
    """
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
    if file.complete:
        _check_missing(file, ledger, problems)
    return corrections_of(file, ledger.grammar)


def _check_paper(file: CorrectionsFile, row: CorrectionRow, ledger: Ledger, problems: Problems) -> None:
    if ledger.issued(row.paper):
        return
    issued = [event.number for standing in ledger.papers.values() for event in standing.issued.values()]
    todo = "A paper that was never issued needs no correction: fix its inputs, and delete this line."
    same = [
        number for number in issued if same_numbers(number.partition("rev")[0], row.paper.partition("rev")[0])
    ]
    todo = did_you_mean(row.paper, same, todo)
    expected = "the number of a paper that was issued, with its revision"
    problems.add(file.place(row, "paper"), "unknown-paper", quoted(row.paper), expected, todo)


def _check_state(file: CorrectionsFile, row: CorrectionRow, ledger: Ledger, problems: Problems) -> None:
    """Check that the row states the same status as the ledger."""
    closed_by = ledger.corrected.get(row.id, "")
    if row.status != "open" and not row.verified_by:
        place, found = file.place(row, "verified_by"), f"{row.id} as {row.status}, with verified_by empty"
        problems.add(place, "not-verified", found, "who verified it", "Fill in verified_by.")
    if closed_by and (row.status, row.closed_by) != ("closed", closed_by):
        found, expected = f"{row.id} as {_status(row)}", f"closed by {closed_by}, as in the ledger"
        todo = f"Write status closed and closed_by {closed_by}."
        problems.add(file.place(row, "status"), "correction-state", found, expected, todo)
    elif not closed_by and (row.status == "closed" or row.closed_by):
        found = f"{row.id} as {_status(row)}"
        expected = "open or rejected, as no revision in the ledger has closed it"
        todo = (
            "Write open, and leave closed_by empty. To close it, run "
            f'make revise paper={row.paper} correction={row.id} why="..."'
        )
        problems.add(file.place(row, "status"), "correction-state", found, expected, todo)


def _status(row: CorrectionRow) -> str:
    return f"{row.status} by {row.closed_by}" if row.closed_by else row.status


def _check_missing(file: CorrectionsFile, ledger: Ledger, problems: Problems) -> None:
    """Report closed corrections of the ledger that are not in the list, which is complete."""
    listed = {row.id for row in file.rows}
    for name, number in ledger.corrected.items():
        if name not in listed:
            found, expected = f"no correction {name}, which {number} closed", "every correction of the ledger"
            todo = "Copy its line from your backup or from git."
            problems.add(Place(file.name), "lost-correction", found, expected, todo)
