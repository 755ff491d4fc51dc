"""Begin revisions of issued papers: an event in the ledger, then the number and the corrections in the inputs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from papers.ledger.rules import Refusal
from papers.problems import Place
from papers.record.built_papers import report_unknown_paper
from papers.record.corrections import closed_text, open_correction_notices, select_corrections
from papers.record.paper_places import PaperPlace, find_papers, write_entry
from papers.record.session import FileWrites, LedgerSession
from papers.store.files import write_atomic

if TYPE_CHECKING:
    from papers.ledger.corrections import CorrectionRow, CorrectionsFile
    from papers.ledger.file import LedgerRow
    from papers.record.edit_yaml import EntriesText


def revise_papers(session: LedgerSession) -> FileWrites:
    """Begin the next revision of issued papers: plan an event and write the new number into the inputs.

    The event names the corrections that the request names, and corrections.csv says that they are closed.
    """
    request = session.request
    _, papers = find_papers(request, session.problems)
    by_number = {paper.number: paper for paper in papers if paper.number}
    corrections, rows = select_corrections(
        request.forum, request.corrects, request.papers, session.ledger, session.problems
    )
    edited, closed_by = [], {}
    for number in request.papers:
        if number not in by_number:
            if not _is_revised_already(session, number, by_number):
                report_unknown_paper(number, list(by_number), request.grammar, session.problems)
        elif begun := _begin_revision(session, number, by_number[number], rows):
            paper = by_number[number]
            write_entry(session, paper, number=begun.number, supersedes=number)
            edited.append(paper.text)
            closed_by |= dict.fromkeys(begun.corrects.split(), begun.number)
            session.messages += open_correction_notices(corrections, number, closed_by, request.grammar)
    closed = _close_corrections(session, corrections, closed_by) if closed_by else None
    return FileWrites(after=partial(_save, edited, corrections.name, closed))


def _close_corrections(
    session: LedgerSession, corrections: CorrectionsFile, closed_by: dict[str, str]
) -> str | None:
    """Return the new text of corrections.csv; None and a problem if it cannot be edited."""
    text = closed_text(corrections, closed_by)
    if text is None:
        found, expected = "lines that the command cannot edit", "a CSV file as Excel saves it"
        todo = "Open it in Excel, save it as a CSV file again, and run the command again."
        session.refuse(Refusal(found, expected, todo), Place(corrections.name))
    return text


def _save(edited: list[EntriesText], corrections_name: str, corrections_text: str | None) -> None:
    """Write corrections.csv first: until the number is written as well, the command can be run again."""
    if corrections_text is not None:
        write_atomic(Path(corrections_name), corrections_text.encode("utf-8"))
    for text in edited:
        text.save()


def _begin_revision(
    session: LedgerSession, number: str, paper: PaperPlace, rows: list[CorrectionRow]
) -> LedgerRow | None:
    """Plan the event of a revision and return it, or the event of an earlier command that was interrupted.

    Return None if the revision is refused.
    """
    base = session.ledger.grammar.base_of(number)
    status = session.ledger.papers.get(base)
    ids = [row.id for row in rows if session.ledger.grammar.base_of(row.paper) == base]
    if status and status.next and status.latest and status.latest.number == number:
        return _resume_revision(session, status.next, ids)
    if refused := session.ledger.refuse_revision(number):
        session.refuse(refused, paper.file)
        return None
    new, request = session.ledger.next_revision(number), session.request
    frozen = paper.code in session.ledger.frozen
    event = "corrected" if request.correction or (ids and frozen) else "revised"
    row = request.event(event, new, paper.entry.kind, paper.code, paper.title, corrects=" ".join(ids))
    return row if session.plan(row, paper.entry.as_of, paper.file) else None


def _resume_revision(session: LedgerSession, begun: LedgerRow, ids: list[str]) -> LedgerRow | None:
    if more := [name for name in ids if name not in begun.corrects.split()]:
        found, expected = f"{begun.number}, begun without {more[0]}", "an issued paper"
        todo = f"Run the command without correction={more[0]}, issue {begun.number}, then revise that."
        session.refuse(Refusal(found, expected, todo))
        return None
    session.messages.append(f"{begun.number} was begun on {begun.date}: its file is now edited")
    return begun


def _is_revised_already(session: LedgerSession, number: str, by_number: dict[str, PaperPlace]) -> bool:
    """Return whether an earlier run of the command did all of it and was interrupted only then."""
    status = session.ledger.papers.get(session.ledger.grammar.base_of(number))
    begun = status.next if status and status.latest and status.latest.number == number else None
    if begun is None or begun.number not in by_number:
        return False
    if not {*session.request.corrects} <= {*begun.corrects.split()}:
        return False
    session.messages.append(f"{begun.number} was begun on {begun.date}, and its file says so")
    return True
