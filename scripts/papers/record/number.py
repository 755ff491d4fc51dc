"""Numbers that commands write into the inputs: of new papers, and of revisions. The ledger is told first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from papers.inputs.schemas import MeetingFile, PaperEntry, TablingFile
from papers.ledger.rules import Refusal
from papers.numbers import NumberError, Series, base_of, serial_in
from papers.problems import Place, Problems, did_you_mean
from papers.record.corrections import close_corrections, still_open, taken_up
from papers.record.edit_yaml import EditError, EntriesText
from papers.record.issue import LedgerSession, Request, unknown_paper

if TYPE_CHECKING:
    from papers.ledger.corrections import CorrectionRow, CorrectionsFile
    from papers.ledger.file import LedgerRow


@dataclass(frozen=True)
class EntryPlace:
    """A paper's entry in its meeting's file, and where its number stands: there, or in the list of tablings."""

    meeting: EntriesText
    entry: PaperEntry
    text: EntriesText
    at: int

    @property
    def number(self) -> str | None:
        return self.text.entries[self.at].number

    @property
    def code(self) -> str:
        return self.meeting.document.form.code


def find_entries(order: Request, problems: Problems) -> tuple[list[EntriesText], list[EntryPlace]]:
    """The files of all meetings of the forum, and every paper in them."""
    folder = Path("inputs") / order.forum
    paths, listed = sorted((folder / "meetings").glob("*.yaml")), folder / "tabling.yaml"
    meetings = [text for path in paths if (text := EntriesText.read(path, MeetingFile, "papers", problems))]
    tabling = EntriesText.read(listed, TablingFile, "tabled", problems) if listed.is_file() else None
    return meetings, [
        _spot(meeting, at, tabling) for meeting in meetings for at in range(len(meeting.entries))
    ]


def _spot(meeting: EntriesText, at: int, tabling: EntriesText | None) -> EntryPlace:
    entry, code = meeting.entries[at], meeting.document.form.code
    for row, tabled in enumerate(tabling.entries if tabling and entry.tabled else ()):
        if (tabled.paper, tabled.meeting) == (entry.tabled, code):
            return EntryPlace(meeting, entry, tabling, row)
    return EntryPlace(meeting, entry, meeting, at)


def revise(session: LedgerSession):
    """Begins the next revision of issued papers: an event, and the number in the file where it stands.

    Corrections that the order names are taken up: the event names them, and their list says so.
    """
    order = session.order
    _, there = find_entries(order, session.problems)
    by_number = {spot.number: spot for spot in there if spot.number}
    corrections, rows = taken_up(order.forum, order.corrects, order.papers, session.ledger, session.problems)
    edited, closed_by = [], {}
    for number in order.papers:
        if number not in by_number:
            if not _revised_before(session, number, by_number):
                unknown_paper(number, list(by_number), session.problems)
        elif begun := _begun(session, number, by_number[number], rows):
            spot = by_number[number]
            _write(session, spot, number=begun.number, supersedes=number)
            edited.append(spot.text)
            closed_by |= dict.fromkeys(begun.corrects.split(), begun.number)
            session.told += still_open(corrections, number, closed_by)
    return None, lambda: _save(edited, corrections, closed_by)


def _save(edited: list[EntriesText], corrections: CorrectionsFile, closed_by: dict[str, str]) -> None:
    """The list of corrections first: until the number is written as well, the command can be run again."""
    if closed_by:
        close_corrections(corrections, closed_by)
    for text in edited:
        text.save()


def _begun(
    session: LedgerSession, number: str, spot: EntryPlace, rows: list[CorrectionRow]
) -> LedgerRow | None:
    """The event of the revision, planned; or there already where an earlier command was stopped; None if refused."""
    standing = session.ledger.papers.get(base_of(number))
    names = [row.id for row in rows if base_of(row.paper) == base_of(number)]
    if standing and standing.next and standing.latest and standing.latest.number == number:
        return _begun_before(session, standing.next, names)
    new, order = session.ledger.next_revision(number), session.order
    event = "corrected" if order.correction or (names and spot.code in session.ledger.frozen) else "revised"
    corrects = " ".join(names)
    row = order.event(event, new, spot.entry.kind, spot.code, spot.entry.title, corrects=corrects)
    return row if session.plan(row) else None


def _revised_before(session: LedgerSession, number: str, there: dict[str, EntryPlace]) -> bool:
    """Whether an earlier command of the same words did all of it, but was stopped before it could say so."""
    standing = session.ledger.papers.get(base_of(number))
    begun = standing.next if standing and standing.latest and standing.latest.number == number else None
    if (
        begun is None
        or begun.number not in there
        or not {*session.order.corrects} <= {*begun.corrects.split()}
    ):
        return False
    session.told.append(f"{begun.number} was begun on {begun.date}, and its file says so")
    return True


def _begun_before(session: LedgerSession, begun: LedgerRow, names: list[str]) -> LedgerRow | None:
    if more := [name for name in names if name not in begun.corrects.split()]:
        found, expected = f"{begun.number}, begun without {more[0]}", "an issued paper"
        todo = f"Run the command without correction={more[0]}, issue {begun.number}, then revise that."
        session.refuse(Refusal(found, expected, todo))
        return None
    session.told.append(f"{begun.number} was begun on {begun.date}: its file is now edited")
    return begun


def _write(session: LedgerSession, spot: EntryPlace, **values: str) -> None:
    """Sets keys where the number stands; `supersedes` goes behind the number."""
    try:
        for key, value in values.items():
            spot.text.set(spot.at, key, value, after="" if key == "number" else "number")
    except EditError as error:
        place, _, rest = str(error).partition(": ")
        session.refuse(
            Refusal(rest, "a file that the command can edit", "Nothing was changed."), Place(place)
        )


def number(session: LedgerSession):
    """Gives the next free serials to the papers of a meeting that have no number, in the order of the file."""
    order = session.order
    meetings, there = find_entries(order, session.problems)
    meeting = next((one for one in meetings if one.document.form.code == order.meeting), None)
    if meeting is None:
        codes = [one.document.form.code for one in meetings]
        todo = did_you_mean(order.meeting, codes, "Correct meeting=...")
        expected = f"one of {', '.join(codes)}"
        session.problems.add(Place("command"), "unknown-meeting", f"meeting={order.meeting}", expected, todo)
        return None
    series = _series(session, meeting)
    own = [spot for spot in there if spot.meeting is meeting]
    new = [spot for spot in own if spot.number is None] if series else []
    for spot in new:
        _give(session, spot, own, series)
    if not new:
        session.told.append(f"Every paper of {order.meeting} has its number.")
    texts = {id(spot.text): spot.text for spot in new}
    return None, lambda: [text.save() for text in texts.values()]


def _series(session: LedgerSession, text: EntriesText) -> Series | None:
    form = text.document.form
    if form.number_prefix is None and form.start is None:
        expected = "one of them: papers are numbered by the year"
        session.refuse(
            Refusal("neither start nor number_prefix", expected, "Add one."), text.document.place("papers")
        )
        return None
    try:
        return Series.of(
            form.number_prefix or f"{form.start.year}/{form.code}", form.folder, form.file_prefix
        )
    except NumberError as error:
        session.refuse(Refusal(error.found, error.expected, f"{error.why}."), text.document.place("code"))
        return None


def _give(session: LedgerSession, spot: EntryPlace, own: list[EntryPlace], series: Series) -> None:
    if given := _given_before(session, spot, own, series):
        session.told.append(f"{given.number} was given on {given.date}: its file is now edited")
        _write(session, spot, number=given.number)
        return
    taken = [
        serial for one in own if one.number and (serial := serial_in(one.number, series.prefix)) is not None
    ]
    serial = session.ledger.next_serial(series.prefix, spot.entry.kind, taken)
    if serial > 999:
        refused = Refusal(
            f"no serial after 999 in {series.prefix}", "a free serial", "Number the paper by hand."
        )
        session.refuse(refused, spot.text.document.place(spot.text.key, spot.at))
        return
    new = str(series.number(f"{serial:03d}"))
    event = "corrected" if session.order.correction else "numbered"
    if session.plan(session.order.event(event, new, spot.entry.kind, spot.code, spot.entry.title)):
        _write(session, spot, number=new)


def _given_before(
    session: LedgerSession, spot: EntryPlace, own: list[EntryPlace], series: Series
) -> LedgerRow | None:
    """The event by which an earlier command, stopped before it edited the file, gave this very paper its number."""
    there = {base_of(one.number) for one in own if one.number}
    for standing in session.ledger.papers.values():
        row = standing.first
        same = (row.kind, row.title, row.meeting) == (
            spot.entry.kind,
            " ".join(spot.entry.title.split()),
            spot.code,
        )
        unused = not standing.issued and not standing.withdrawn and standing.base not in there
        if same and unused and serial_in(row.number, series.prefix) is not None:
            return row
    return None
