"""The verb number: give numbers to new papers, in the ledger and then in the inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.ledger.rules import Refusal
from papers.numbers import NumberError, Series, base_of, serial_in
from papers.problems import Place, did_you_mean
from papers.record.paper_places import PaperPlace, find_papers, write_entry
from papers.record.session import FileWrites, LedgerSession

if TYPE_CHECKING:
    from papers.ledger.file import LedgerRow
    from papers.record.edit_yaml import EntriesText

MOST_SERIAL = 999


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
    series = _series(session, meeting)
    own = [paper for paper in papers if paper.meeting is meeting]
    new = [paper for paper in own if paper.number is None] if series else []
    for paper in new:
        _number(session, paper, own, series)
    if not new:
        session.messages.append(f"Every paper of {request.meeting} has its number.")
    texts = {id(paper.text): paper.text for paper in new}
    return FileWrites(after=lambda: [text.save() for text in texts.values()])


def _series(session: LedgerSession, text: EntriesText) -> Series | None:
    """Return the series of a meeting's numbers; None and a problem if the file does not say which."""
    form = text.document.form
    if form.number_prefix is None and form.start is None:
        found, expected = "neither start nor number_prefix", "one of them: papers are numbered by the year"
        session.refuse(Refusal(found, expected, "Add one."), text.document.place("papers"))
        return None
    prefix = form.number_prefix or f"{form.start.year}/{form.code}"
    try:
        return Series.of(prefix, form.folder, form.file_prefix)
    except NumberError as error:
        session.refuse(Refusal(error.found, error.expected, f"{error.why}."), text.document.place("code"))
        return None


def _number(session: LedgerSession, paper: PaperPlace, own: list[PaperPlace], series: Series) -> None:
    """Plan the number of one paper. `own` are all papers of its meeting."""
    if earlier := _numbered_before(session, paper, own, series):
        session.messages.append(f"{earlier.number} was given on {earlier.date}: its file is now edited")
        write_entry(session, paper, number=earlier.number)
        return
    serials = (serial_in(other.number, series.prefix) for other in own if other.number)
    taken = [serial for serial in serials if serial is not None]
    serial = session.ledger.next_serial(series.prefix, paper.entry.kind, taken)
    if serial > MOST_SERIAL:
        found = f"no free serial up to {MOST_SERIAL} in {series.prefix}"
        refused = Refusal(found, "a free serial", "Write a free number into the paper's entry yourself.")
        session.refuse(refused, paper.text.document.place(paper.text.key, paper.index))
        return
    new = str(series.number(f"{serial:03d}"))
    event = "corrected" if session.request.correction else "numbered"
    if session.plan(session.request.event(event, new, paper.entry.kind, paper.code, paper.entry.title)):
        write_entry(session, paper, number=new)


def _numbered_before(
    session: LedgerSession, paper: PaperPlace, own: list[PaperPlace], series: Series
) -> LedgerRow | None:
    """Return the event of an earlier command that numbered this paper but did not edit its file."""
    in_use = {base_of(other.number) for other in own if other.number}
    wanted = (paper.entry.kind, " ".join(paper.entry.title.split()), paper.code)
    for status in session.ledger.papers.values():
        row = status.first
        unused = not status.issued and not status.withdrawn and status.base not in in_use
        if (
            unused
            and (row.kind, row.title, row.meeting) == wanted
            and serial_in(row.number, series.prefix) is not None
        ):
            return row
    return None
