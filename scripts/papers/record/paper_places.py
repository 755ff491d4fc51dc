"""Where the inputs state the number of each paper: its entry in a meeting's file, or its line in tabling.yaml."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from papers.inputs.schemas import MeetingFile, PaperEntry, TablingFile
from papers.ledger.rules import Refusal
from papers.model.received_papers import read_cut_off
from papers.problems import Place, Problems
from papers.record.edit_yaml import EditError, EntriesText
from papers.record.session import EarliestDay
from papers.record.titles import TitleReader

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.ledger.unfinished_edits import FileEdit
    from papers.record.session import LedgerSession, Request


@dataclass(frozen=True)
class PaperPlace:
    """A paper in the inputs: its entry in the meeting's file, and the entry that has its number.

    The former is at `position` of `meeting`, the latter at `index` of `text`: the meeting's file, or tabling.yaml for a
    paper tabled at several meetings.
    """

    meeting: EntriesText
    entry: PaperEntry
    text: EntriesText
    index: int
    position: int

    @property
    def number(self) -> str | None:
        """The paper's number, if it has one."""
        return self.text.entries[self.index].number

    @property
    def title(self) -> str:
        """The title of its entry, or that by the pattern of its kind."""
        return self.entry.title or ""

    @property
    def file(self) -> Place:
        """The file of the meeting, as messages show it."""
        return Place(self.meeting.document.name)

    @property
    def code(self) -> str:
        """The code of the meeting."""
        return self.meeting.document.form.code


def day_counted(paper: PaperPlace) -> list[EarliestDay]:
    """Return the day until which a paper counts. ASSUME: only a stated as_of has been counted."""
    as_of = paper.entry.as_of
    return [EarliestDay(as_of, "as_of", "counts until", paper.file)] if as_of else []


def day_received(paper: PaperPlace) -> list[EarliestDay]:
    """Return the day on which a paper was received: by the clocks of the cut-off, or else of its sender."""
    moment = paper.entry.received
    if moment is None:
        return []
    cut_off = read_cut_off(paper.meeting.document, Problems())
    received = cut_off.in_its_zone(moment) if cut_off else moment
    day = received.date() if isinstance(received, datetime.datetime) else received
    return [EarliestDay(day, "received", "was received on", paper.file)]


def find_papers(request: Request, problems: Problems) -> tuple[list[EntriesText], list[PaperPlace]]:
    """Return the files of all meetings of the forum, and every paper in them, with its title."""
    folder = Path("inputs") / request.forum
    paths, listed = sorted((folder / "meetings").glob("*.yaml")), folder / "tabling.yaml"
    meetings = [text for path in paths if (text := EntriesText.read(path, MeetingFile, "papers", problems))]
    tabling = EntriesText.read(listed, TablingFile, "tabled", problems) if listed.is_file() else None
    papers = [
        place_of_paper(meeting, index, tabling)
        for meeting in meetings
        for index in range(len(meeting.entries))
    ]
    titles = TitleReader.of(request.forum, problems)
    return meetings, [_with_title(paper, titles) for paper in papers]


def _with_title(paper: PaperPlace, titles: TitleReader) -> PaperPlace:
    place = paper.text.document.place(paper.text.key, paper.index)
    return replace(paper, entry=titles.titled(paper.entry, paper.meeting.document.form, place))


def place_of_paper(meeting: EntriesText, index: int, tabling: EntriesText | None) -> PaperPlace:
    """Return the place of the paper at `index` of a meeting's file."""
    entry, code = meeting.entries[index], meeting.document.form.code
    for row, tabled in enumerate(tabling.entries if tabling and entry.tabled else ()):
        if (tabled.paper, tabled.meeting) == (entry.tabled, code):
            return PaperPlace(meeting, entry, tabling, row, index)
    return PaperPlace(meeting, entry, meeting, index, index)


def write_entry(session: LedgerSession, paper: PaperPlace, **values: str) -> None:
    """Set keys of the entry with the paper's number; `number` is written first, the others after it."""
    try:
        for key, value in values.items():
            paper.text.set(paper.index, key, value, after="" if key == "number" else "number")
    except EditError as error:
        _refuse_edit(session, error)


def remove_entries(session: LedgerSession, papers: Iterable[PaperPlace]) -> None:
    """Remove the entries of papers, and their lines in tabling.yaml. No entry is edited afterwards."""
    places = {(id(paper.meeting), paper.position): paper.meeting for paper in papers}
    places |= {(id(paper.text), paper.index): paper.text for paper in papers}
    try:
        for (_, index), text in sorted(places.items(), key=lambda item: -item[0][1]):
            text.remove(index)
    except EditError as error:
        _refuse_edit(session, error)


def _refuse_edit(session: LedgerSession, error: EditError) -> None:
    expected = "an entry that the command can edit"
    todo = "Write each key of the paper on a line of its own, as in other files; run the command again."
    session.refuse(Refusal(error.found, expected, todo), error.place)


def edits_of(papers: Iterable[PaperPlace]) -> list[FileEdit]:
    """Return the edits of the files in which papers are stated, as far as they were edited."""
    texts = {id(text): text for paper in papers for text in (paper.meeting, paper.text)}
    return [edit for text in texts.values() if (edit := text.edit).before != edit.after]
