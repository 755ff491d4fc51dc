"""The verbs that write numbers into the inputs: number (new papers) and revise.

The ledger is written first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from papers.inputs.schemas import MeetingFile, PaperEntry, TablingFile
from papers.ledger.rules import Refusal
from papers.numbers import NumberError, Series, base_of, serial_in
from papers.problems import Place, Problems, did_you_mean
from papers.record.built_papers import report_unknown_paper
from papers.record.corrections import closed_text, open_correction_notices, select_corrections
from papers.record.edit_yaml import EditError, EntriesText
from papers.record.session import FileWrites, LedgerSession, Request
from papers.store.files import write_atomic

if TYPE_CHECKING:
    from papers.ledger.corrections import CorrectionRow, CorrectionsFile
    from papers.ledger.file import LedgerRow

MOST_SERIAL = 999


@dataclass(frozen=True)
class PaperPlace:
    """A paper in the inputs: its entry in the meeting's file, and the entry that has its number.

    The latter is at `index` of `text`: the meeting's file, or tabling.yaml for a paper tabled at several
    meetings.
    """

    meeting: EntriesText
    entry: PaperEntry
    text: EntriesText
    index: int

    @property
    def number(self) -> str | None:
        """The paper's number, if it has one."""
        return self.text.entries[self.index].number

    @property
    def code(self) -> str:
        """The code of the meeting."""
        return self.meeting.document.form.code


def find_papers(request: Request, problems: Problems) -> tuple[list[EntriesText], list[PaperPlace]]:
    """Return the files of all meetings of the forum, and every paper in them."""
    folder = Path("inputs") / request.forum
    paths, listed = sorted((folder / "meetings").glob("*.yaml")), folder / "tabling.yaml"
    meetings = [text for path in paths if (text := EntriesText.read(path, MeetingFile, "papers", problems))]
    tabling = EntriesText.read(listed, TablingFile, "tabled", problems) if listed.is_file() else None
    return meetings, [
        place_of_paper(meeting, index, tabling)
        for meeting in meetings
        for index in range(len(meeting.entries))
    ]


def place_of_paper(meeting: EntriesText, index: int, tabling: EntriesText | None) -> PaperPlace:
    """Return the place of the paper at `index` of a meeting's file."""
    entry, code = meeting.entries[index], meeting.document.form.code
    for row, tabled in enumerate(tabling.entries if tabling and entry.tabled else ()):
        if (tabled.paper, tabled.meeting) == (entry.tabled, code):
            return PaperPlace(meeting, entry, tabling, row)
    return PaperPlace(meeting, entry, meeting, index)


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
                report_unknown_paper(number, list(by_number), session.problems)
        elif begun := _begin_revision(session, number, by_number[number], rows):
            paper = by_number[number]
            _write(session, paper, number=begun.number, supersedes=number)
            edited.append(paper.text)
            closed_by |= dict.fromkeys(begun.corrects.split(), begun.number)
            session.messages += open_correction_notices(corrections, number, closed_by)
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
    base = base_of(number)
    status = session.ledger.papers.get(base)
    ids = [row.id for row in rows if base_of(row.paper) == base]
    if status and status.next and status.latest and status.latest.number == number:
        return _resume_revision(session, status.next, ids)
    new, request = session.ledger.next_revision(number), session.request
    frozen = paper.code in session.ledger.frozen
    event = "corrected" if request.correction or (ids and frozen) else "revised"
    row = request.event(event, new, paper.entry.kind, paper.code, paper.entry.title, corrects=" ".join(ids))
    return row if session.plan(row) else None


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
    status = session.ledger.papers.get(base_of(number))
    begun = status.next if status and status.latest and status.latest.number == number else None
    if begun is None or begun.number not in by_number:
        return False
    if not {*session.request.corrects} <= {*begun.corrects.split()}:
        return False
    session.messages.append(f"{begun.number} was begun on {begun.date}, and its file says so")
    return True


def _write(session: LedgerSession, paper: PaperPlace, **values: str) -> None:
    """Set keys of the entry with the paper's number; `number` is written first, the others after it."""
    try:
        for key, value in values.items():
            paper.text.set(paper.index, key, value, after="" if key == "number" else "number")
    except EditError as error:
        expected = "an entry that the command can edit"
        todo = "Write each key of the paper on a line of its own, as in other files; run the command again."
        session.refuse(Refusal(error.found, expected, todo), error.place)


def number_papers(session: LedgerSession) -> FileWrites | None:
    """Number the papers of a meeting that have no number, in the order of its file."""
    request = session.request
    meetings, papers = find_papers(request, session.problems)
    meeting = next((text for text in meetings if text.document.form.code == request.meeting), None)
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
        _write(session, paper, number=earlier.number)
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
        _write(session, paper, number=new)


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
