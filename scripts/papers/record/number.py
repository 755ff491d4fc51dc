"""The verb number: give numbers to new papers, in the ledger and then in the inputs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from papers.inputs.kind_files import read_kind_files
from papers.ledger.rules import FIRST_SERIAL, Refusal, refuse_number_of_other_draft
from papers.model.series import read_series, series_of
from papers.number_patterns import NumberError
from papers.problems import Place, did_you_mean
from papers.record.paper_places import PaperPlace, edits_of, find_papers, write_entry
from papers.record.session import FileWrites, LedgerSession

if TYPE_CHECKING:
    from papers.ledger.file import LedgerRow
    from papers.numbers import Series


def number_papers(session: LedgerSession) -> FileWrites | None:
    """Number the papers of a meeting that have no number, in the order of its file."""
    request = session.request
    meetings, papers = find_papers(request, session.problems)
    meeting = next((text for text in meetings if text.document.form.code == request.meeting), None)
    if meeting is None and session.problems:
        return None  # its file may be the one that could not be read
    if meeting is None:
        codes = [text.document.form.code for text in meetings]
        todo = did_you_mean(request.meeting, codes, "Correct meeting=...")
        found, expected = f"meeting={request.meeting}", f"one of {', '.join(codes)}"
        session.problems.add(Place("command"), "unknown-meeting", found, expected, todo)
        return None
    session.read_drafts()
    own = [paper for paper in papers if paper.meeting is meeting]
    _refuse_numbers_of_others(session, own)
    new = [(at, paper) for at, paper in enumerate(own) if paper.number is None]
    series = read_series(meeting.document, request.grammar, session.problems) if new else []
    kinds = read_kind_files(Path(), request.forum, session.problems).kinds if new else {}
    for at, paper in new if series else ():
        kind = kinds.get(paper.entry.kind)
        if of_paper := series_of(paper.entry, at, series, meeting.document, session.problems):
            _number(session, paper, own, of_paper, kind.form.serial if kind else None)
    if not new:
        session.messages.append(f"Every paper of {request.meeting} has its number.")
    return FileWrites(edits=edits_of(paper for _, paper in new))


def _refuse_numbers_of_others(session: LedgerSession, own: list[PaperPlace]) -> None:
    """Refuse numbers of a meeting's drafts that a meeting of another forum states for a paper of its own."""
    ledger = session.ledger
    for paper in own:
        base = ledger.grammar.base_of(paper.number or "")
        if base in ledger.drafts and base not in ledger.papers:
            refused = refuse_number_of_other_draft(str(paper.number), ledger.drafts[base])
            session.refuse(refused, paper.text.document.place(paper.text.key, paper.index, "number"))


def _number(
    session: LedgerSession, paper: PaperPlace, own: list[PaperPlace], series: Series, reserved: int | None
) -> None:
    """Plan the number of one paper. `own` are all papers of its meeting; a serial may be `reserved` for its kind."""
    if earlier := _numbered_before(session, paper, own, series):
        session.messages.append(f"{earlier.number} was given on {earlier.date}: its file is now edited")
        write_entry(session, paper, number=earlier.number)
        return
    grammar, given = session.ledger.grammar, (other.number for other in own if other.number)
    serials = (grammar.serial_in(number, series.prefix) for number in given)
    taken = [serial for serial in serials if serial is not None]
    serial = session.ledger.next_serial(series.prefix, reserved, taken)
    try:
        new = str(series.number(serial))
    except NumberError:
        found = f"no free serial up to {serial - 1} in {series.prefix}"
        refused = Refusal(found, "a free serial", "Write a free number into the paper's entry yourself.")
        session.refuse(refused, paper.text.document.place(paper.text.key, paper.index))
        return
    event = "corrected" if session.request.correction else "numbered"
    if session.plan(session.request.event(event, new, paper.entry.kind, paper.code, paper.title)):
        write_entry(session, paper, number=new)
        if serial == FIRST_SERIAL:
            kept = f"{series.number(0)} to {series.number(FIRST_SERIAL - 1)}"
            session.messages.append(
                f"{kept} are kept for list, agenda and record; write another number into the entry if it has one."
            )


def _numbered_before(
    session: LedgerSession, paper: PaperPlace, own: list[PaperPlace], series: Series
) -> LedgerRow | None:
    """Return the event of an earlier command that numbered this paper but did not edit its file."""
    grammar = session.ledger.grammar
    in_use = {grammar.base_of(other.number) for other in own if other.number}
    wanted = (paper.entry.kind, " ".join(paper.title.split()), paper.code)
    for status in session.ledger.papers.values():
        row = status.first
        unused = not status.circulated and not status.withdrawn and status.base not in in_use
        if (
            unused
            and (row.kind, row.title, row.meeting) == wanted
            and grammar.serial_in(row.number, series.prefix) is not None
        ):
            return row
    return None
