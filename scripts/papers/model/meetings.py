"""Meetings and their papers: numbers, places of files, and what each paper is made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papers.model.arrivals import Arrival, ArrivalReader, LateArrival
from papers.model.figures import Cell, Source
from papers.numbers import DocumentNumber, NumberError, Series
from papers.problems import Place, Problems, nearest, quoted

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from papers.inputs.schemas import ForumFile, MeetingFile, PaperEntry
    from papers.inputs.yaml import Document
    from papers.model.economies import Economies, Economy


@dataclass(frozen=True)
class Paper:
    """A paper of a meeting. `file` is its place below outputs/papers, with .docx, or .pdf where a PDF was received."""

    number: DocumentNumber
    kind: str
    title: str
    agenda_item: str
    purpose: str
    submitted_by: tuple[str, ...]
    forum_doc_no: str
    status: str
    date: datetime.date | None
    plan: str
    schedule: int | None
    year: int | None
    as_of: datetime.date | None
    session: str
    access: str
    reason: str
    restricted_until: datetime.date | None
    notes: str
    file: str
    place: Place
    supersedes: str = ""
    also_tabled: tuple[str, ...] = ()  # at which other meetings, and under which numbers
    received: str = ""  # the input that somebody sent in, of which the paper is made; "" for our own
    late: LateArrival | None = None
    sources_annex: bool = False  # whether an annex lists the cells that each figure was counted from
    withheld: bool = False  # in what is worded for the public: only number and title of it may be told

    @property
    def source(self) -> Source:
        """A paper as something that is counted: its number in its meeting's file."""
        return Source(1, (Cell(self.place, self.title, "; ".join(self.submitted_by)),))


@dataclass
class Meeting:
    """A meeting; what is not known is None or empty."""

    code: str
    name: str
    ordinal: int | None
    city: str
    economy: Economy | None
    start: datetime.date | None
    end: datetime.date | None
    host_mark: tuple[str, ...]
    agenda: tuple[tuple[str, str], ...]  # item and title; the title "" where not known
    file: str
    papers: list[Paper] = field(default_factory=list)


class MeetingReader:
    """Turns the files of meetings into meetings; `hosts` maps years to names of host economies."""

    def __init__(
        self,
        forum: ForumFile,
        register: Economies,
        hosts: dict[int, str],
        problems: Problems,
        received: Iterable[str] = (),
    ):
        self.forum, self.register, self.hosts, self.problems = forum, register, hosts, problems
        self.received = tuple(received)  # the files that others sent in

    def meeting(self, document: Document[MeetingFile]) -> Meeting:
        form = document.form
        self._check_dates(document)
        self._check_code(document)
        economy = None
        if form.economy:
            economy = self.register.find(form.economy, document.place("economy"), self.problems)
        meeting = Meeting(
            form.code,
            form.name or self.forum.meeting_name,
            form.ordinal,
            form.city or "",
            economy,
            form.start,
            form.end,
            self._host_mark(document),
            tuple((item.item, item.title or "") for item in form.agenda),
            document.name,
        )
        series = self._series(document) if form.papers else None
        arrivals = ArrivalReader(document, self.received, self.problems)
        if series:
            meeting.papers = self._papers(document, series, arrivals)
        return meeting

    def _check_code(self, document: Document[MeetingFile]) -> None:
        stem = document.name.rsplit("/", 1)[1].removesuffix(".yaml")
        if stem != document.form.code:
            found, expected = quoted(document.form.code), f'the name of its file, "{stem}"'
            todo = "Rename the file, or correct the code."
            self.problems.add(document.place("code"), "code-and-file", found, expected, todo)

    def _check_dates(self, document: Document[MeetingFile]) -> None:
        form = document.form
        if form.start and form.end and form.end < form.start:
            found = f"{form.end}, before the start {form.start}"
            place = document.place("end")
            self.problems.add(place, "dates-reversed", found, "an end not before the start", "Correct one.")

    def _host_mark(self, document: Document[MeetingFile]) -> tuple[str, ...]:
        form = document.form
        if form.host_mark is not None:
            return tuple(form.host_mark)
        year = form.start.year if form.start else None
        if year is None:
            return ()
        if year not in self.hosts:
            if form.papers:
                found = f"no host economy of {year}"
                expected = "one in inputs/apec/hosts.yaml, or a host_mark here"
                todo = "Add it there, or write host_mark: [] for a cover without one."
                self.problems.add(document.place("start"), "no-host", found, expected, todo)
            return ()
        return f"APEC {self.hosts[year].upper()}", str(year)

    def _series(self, document: Document[MeetingFile]) -> Series | None:
        form = document.form
        if form.number_prefix is None and form.start is None:
            found, expected = (
                "neither start nor number_prefix",
                "one of them: papers are numbered by the year",
            )
            self.problems.add(
                document.place("papers"), "no-year", found, expected, "Add the dates, or the prefix."
            )
            return None
        prefix = form.number_prefix or f"{form.start.year}/{form.code}"
        try:
            return Series.of(prefix, form.folder, form.file_prefix)
        except NumberError as error:
            key = next((k for k in ("number_prefix", "folder", "file_prefix") if getattr(form, k)), "code")
            self._refuse_number(document.place(key), error)
            return None

    def _refuse_number(self, place: Place, error: NumberError) -> None:
        reason = error.why[:1].upper() + error.why[1:]
        self.problems.add(place, "number", error.found, error.expected, f"{reason}.")

    def _papers(
        self, document: Document[MeetingFile], series: Series, arrivals: ArrivalReader
    ) -> list[Paper]:
        papers = []
        for index, entry in enumerate(document.form.papers):
            place = document.place("papers", index, "number")
            number = self._number(entry, place, document, series)
            self._check_agenda_item(entry, index, document)
            self._check_submitters(entry, index, document)
            forum_doc_no = self._forum_doc_no(entry, index, document)
            arrival = arrivals.arrival(entry, index)
            if number is not None:
                supersedes = self._supersedes(entry, number, index, document)
                file = f"{series.place(number)}{_ending(arrival.file)}"
                papers.append(_paper(entry, number, forum_doc_no, file, place, supersedes, arrival))
        return papers

    def _number(
        self, entry: PaperEntry, place: Place, document: Document[MeetingFile], series: Series
    ) -> DocumentNumber | None:
        if entry.number is None:
            todo = f"Run make number meeting={document.form.code}, which gives the next free one, or write it here."
            self.problems.add(
                place, "missing-number", f"no number of {quoted(entry.title)}", "a number", todo
            )
            return None
        try:
            number = DocumentNumber.parse(entry.number)
        except NumberError as error:
            self._refuse_number(place, error)
            return None
        start = document.form.start
        if start and number.year != start.year:
            found, expected = f"the year {number.year} in {number}", f"{start.year}, the year of the meeting"
            self.problems.add(place, "number-year", found, expected, "A paper has the year of its meeting.")
        elif number.prefix != series.prefix:
            found, expected = quoted(number), f"a number that begins with {series.prefix}/"
            todo = "Correct the number, or state number_prefix in the meeting's file."
            self.problems.add(place, "number-path", found, expected, todo)
        else:
            return number
        return None

    def _supersedes(
        self, entry: PaperEntry, number: DocumentNumber, index: int, document: Document[MeetingFile]
    ) -> str:
        if entry.supersedes is None:
            return ""
        place = document.place("papers", index, "supersedes")
        try:
            earlier = DocumentNumber.parse(entry.supersedes)
        except NumberError as error:
            self._refuse_number(place, error)
            return ""
        if earlier.base == number.base and earlier.revision == number.revision - 1:
            return str(earlier)
        expected, todo = f"the revision before {number}", "Correct it, or delete the line."
        self.problems.add(place, "supersedes", quoted(entry.supersedes), expected, todo)
        return ""

    def _check_agenda_item(self, entry: PaperEntry, index: int, document: Document[MeetingFile]) -> None:
        items = [item.item for item in document.form.agenda]
        if entry.agenda_item is not None and entry.agenda_item not in items:
            place = document.place("papers", index, "agenda_item")
            expected = "an item of the meeting's agenda" + (f" ({', '.join(items)})" if items else "")
            guess = nearest(entry.agenda_item, items, 0.5)
            todo = f"Did you mean {guess}?" if guess else "Add the item to agenda, or correct it here."
            self.problems.add(
                place, "agenda-item", f"the agenda item {quoted(entry.agenda_item)}", expected, todo
            )

    def _check_submitters(self, entry: PaperEntry, index: int, document: Document[MeetingFile]) -> None:
        for n, name in enumerate(entry.submitted_by):
            self.register.check_body(name, document.place("papers", index, "submitted_by", n), self.problems)

    def _forum_doc_no(self, entry: PaperEntry, index: int, document: Document[MeetingFile]) -> str:
        if entry.forum_doc_no is None:
            return ""
        try:
            return str(DocumentNumber.parse(entry.forum_doc_no))
        except NumberError as error:
            self._refuse_number(document.place("papers", index, "forum_doc_no"), error)
            return ""


def _ending(received: str) -> str:
    """A PDF stays a PDF; everything else is a Word file."""
    return ".pdf" if received.lower().endswith(".pdf") else ".docx"


def _paper(
    entry: PaperEntry,
    number: DocumentNumber,
    forum_doc_no: str,
    file: str,
    place: Place,
    supersedes: str,
    arrival: Arrival,
) -> Paper:
    return Paper(
        number,
        entry.kind,
        entry.title,
        entry.agenda_item or "",
        entry.purpose or "",
        tuple(entry.submitted_by),
        forum_doc_no,
        entry.status or "",
        entry.date,
        entry.plan or "",
        entry.schedule,
        entry.year,
        entry.as_of,
        entry.session or "",
        entry.access,
        entry.reason or "",
        entry.restricted_until,
        entry.notes or "",
        file,
        place,
        supersedes,
        received=arrival.file,
        late=arrival.late,
        sources_annex=entry.sources_annex,
    )


def check_unique(meetings: list[Meeting], problems: Problems) -> None:
    """No two papers share a number or a file, whatever the case of letters; both places are named."""
    for what in ("number", "file"):
        seen: dict[str, Paper] = {}
        for paper in (paper for meeting in meetings for paper in meeting.papers):
            key = str(getattr(paper, what)).casefold()
            if key in seen and not (what == "file" and seen[key].number == paper.number):
                found = f"the {what} {getattr(paper, what)} again (first in {seen[key].place})"
                todo = (
                    "Give one of the two papers its own number."
                    if what == "number"
                    else "Correct folder or prefix."
                )
                problems.add(paper.place, f"doubled-{what}", found, f"each {what} once", todo)
            seen.setdefault(key, paper)
