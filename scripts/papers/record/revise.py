"""Begin revisions of issued papers: an event in the ledger, then the number and the corrections in the inputs.

Classification list and agenda name the other papers of their meeting: what revises or withdraws one of these revises
them too.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from papers.ledger.rules import Refusal
from papers.ledger.unfinished_edits import FileEdit
from papers.problems import Place
from papers.record.built_papers import report_unknown_paper
from papers.record.corrections import closed_text, open_correction_notices, select_corrections
from papers.record.paper_places import PaperPlace, day_counted, edits_of, find_papers, write_entry
from papers.record.session import FileWrites, LedgerSession
from papers.store.files import read_bytes
from papers.store.work_files import CLASSIFICATION_LIST

if TYPE_CHECKING:
    from papers.ledger.corrections import CorrectionRow, CorrectionsFile
    from papers.ledger.file import LedgerRow

LISTS = (CLASSIFICATION_LIST, "agenda")  # kinds that print entries of the other papers of a meeting


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
    begun_now: list[PaperPlace] = []
    closed_by: dict[str, str] = {}
    for number in request.papers:
        if number not in by_number:
            if not _is_revised_already(session, number, by_number, rows):
                report_unknown_paper(number, list(by_number), request.grammar, session.problems)
        elif begun := _begin_revision(session, number, by_number[number], rows):
            paper = by_number[number]
            write_entry(session, paper, number=begun.number, supersedes=number)
            begun_now.append(paper)
            closed_by |= dict.fromkeys(begun.corrects.split(), begun.number)
            session.messages += open_correction_notices(corrections, number, closed_by, request.grammar)
    begin_lists(session, papers, begun_now, {paper.code for paper in begun_now}, "revision")
    closed = _close_corrections(session, corrections, closed_by) if closed_by else None
    edits = [*closed_edit(corrections, closed), *edits_of(papers)]
    return FileWrites(after=partial(say_what_is_next, session), edits=edits)


def say_what_is_next(session: LedgerSession) -> None:
    """Add a message about the revisions that were begun and have to be issued."""
    meetings = sorted({event.meeting for event in session.planned if event.event in ("revised", "corrected")})
    session.messages += [f"Next: make issue meeting={meeting}" for meeting in meetings]


def begin_lists(
    session: LedgerSession,
    papers: list[PaperPlace],
    changed: list[PaperPlace],
    codes: set[str],
    what: str,
) -> None:
    """Begin the next revision of each issued list that names a changed paper; `codes` are of meetings with one.

    `papers` are all papers of the forum. `what` happens to those that the request names: their revision, for example.
    """
    tabled = {paper.entry.tabled for paper in changed if paper.entry.tabled}
    codes = codes | {paper.code for paper in papers if paper.entry.tabled in tabled}
    why = f"{what} of {', '.join(session.request.papers)}"
    for paper in papers:
        number = paper.number or ""
        status = session.ledger.papers.get(session.ledger.grammar.base_of(number)) if number else None
        is_issued = bool(status and status.latest and status.latest.number == number and not status.withdrawn)
        if paper.entry.kind not in LISTS or paper.code not in codes or not is_issued or paper in changed:
            continue
        if begun := _begin_revision(session, number, paper, [], why):
            write_entry(session, paper, number=begun.number, supersedes=number)


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


def closed_edit(corrections: CorrectionsFile, text: str | None) -> list[FileEdit]:
    """Return the edit of corrections.csv; none if `text` is None."""
    if text is None:
        return []
    return [FileEdit(corrections.name, read_bytes(corrections.name), text.encode("utf-8"))]


def _begin_revision(
    session: LedgerSession, number: str, paper: PaperPlace, rows: list[CorrectionRow], why: str = ""
) -> LedgerRow | None:
    """Plan the event of a revision and return it, or the event of an earlier command that was interrupted.

    `why` is recorded instead of the request's reason. Return None if the revision is refused.
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
    event = "corrected" if request.correction or (request.corrects and frozen) else "revised"
    row = request.event(event, new, paper.entry.kind, paper.code, paper.title, corrects=" ".join(ids))
    row = row._replace(why=why or row.why)
    return row if session.plan(row, *day_counted(paper)) else None


def _resume_revision(session: LedgerSession, begun: LedgerRow, ids: list[str]) -> LedgerRow | None:
    if more := [name for name in ids if name not in begun.corrects.split()]:
        found, expected = f"{begun.number}, begun without {more[0]}", "an issued paper"
        todo = f"Run the command without correction={more[0]}, issue {begun.number}, then revise that."
        session.refuse(Refusal(found, expected, todo))
        return None
    session.messages.append(f"{begun.number} was begun on {begun.date}: its file is now edited")
    return begun


def _is_revised_already(
    session: LedgerSession, number: str, by_number: dict[str, PaperPlace], rows: list[CorrectionRow]
) -> bool:
    """Return whether an earlier run of the command did all of it and was interrupted only then."""
    base_of = session.ledger.grammar.base_of
    status = session.ledger.papers.get(base_of(number))
    begun = status.next if status and status.latest and status.latest.number == number else None
    if begun is None or begun.number not in by_number:
        return False
    if not {row.id for row in rows if base_of(row.paper) == base_of(number)} <= {*begun.corrects.split()}:
        return False
    session.messages.append(f"{begun.number} was begun on {begun.date}, and its file says so")
    return True
