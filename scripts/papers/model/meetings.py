"""Meetings and their papers: numbers, names of files, and what the entries of a meeting's file state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papers.model.figures import Cell, Source
from papers.model.received_papers import AcceptedWarning, Arrival, ArrivalReader, LateArrival
from papers.numbers import DocumentNumber, NumberError, Series
from papers.problems import Place, Problems, nearest, quoted

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from papers.inputs.schemas import ForumFile, MeetingFile, PaperEntry
    from papers.inputs.unread import Unread
    from papers.inputs.yaml import Document
    from papers.model.economies import Economies, Economy


@dataclass(frozen=True)
class Paper:
    """A paper of a meeting. `file` is its path in outputs/papers, .docx, or .pdf for a received PDF.

    `place` is the line of its number in the meeting's file. What the entry does not state is empty or None.
    """

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
    schedule: str  # the name of an edition
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
    also_tabled: tuple[str, ...] = ()  # a sentence for each other meeting at which it is tabled
    received: str = ""  # the input that a sender sent; "" for a paper that this program writes
    late: LateArrival | None = None
    accepted_warnings: tuple[AcceptedWarning, ...] = ()  # of its file
    sources_annex: bool = False  # whether an annex lists the cells of each figure
    stated_id: str = ""
    tabled: str = ""  # its name in tabling.yaml
    workplan: str = ""  # the name of a Work Plan's file; "" for that of its year
    withheld: bool = False  # in a public edition: only its number and title may be published

    @property
    def id(self) -> str:
        """The key of its narrative, its recommendations and their follow-up; revisions share it.

        Without `id` in its entry: its kind, and its year, Work Plan, session or edition.
        """
        about = self.year or self.workplan or self.session or self.schedule
        return self.stated_id or (f"{self.kind}-{about}" if about else self.kind)

    @property
    def source(self) -> Source:
        """The paper as one thing that a figure counts: the line of its number."""
        return Source(1, (Cell(self.place, self.title, "; ".join(self.submitted_by)),))


@dataclass
class Meeting:
    """A meeting; what its file does not state is None or empty."""

    code: str
    name: str
    ordinal: int | None
    city: str
    economy: Economy | None
    start: datetime.date | None
    end: datetime.date | None
    host_mark: tuple[str, ...]
    agenda: tuple[tuple[str, str], ...]  # number and title of each item; a title may be ""
    file: str
    papers: list[Paper] = field(default_factory=list)


class MeetingReader:
    """Reads meetings from their files; reports each defect with its line.

    `hosts` maps years to names of host economies, `received` are the files in the folder received/. A
    meeting with a paper whose number is not known is added to `unread`.
    """

    def __init__(
        self,
        forum: ForumFile,
        register: Economies,
        hosts: dict[int, str],
        unread: Unread,
        problems: Problems,
        received: Iterable[str] = (),
    ):
        self.forum, self.register, self.hosts, self.problems = forum, register, hosts, problems
        self.unread = unread
        self.received = tuple(received)

    def meeting(self, document: Document[MeetingFile]) -> Meeting:
        """Return the meeting of a file, with the papers whose numbers are correct."""
        form = document.form
        self._check_dates(document)
        economy = None
        if form.economy:
            economy = self.register.find(form.economy, document.place("economy"), self.problems)
        meeting = Meeting(
            code=form.code,
            name=form.name or self.forum.meeting_name,
            ordinal=form.ordinal,
            city=form.city or "",
            economy=economy,
            start=form.start,
            end=form.end,
            host_mark=self._host_mark(document),
            agenda=tuple((item.item, item.title or "") for item in form.agenda),
            file=document.name,
        )
        arrivals = ArrivalReader(document, self.received, self.problems)
        series = self._series(document) if self._check_code(document) and form.papers else None
        if series:
            meeting.papers = self._papers(document, series, arrivals)
        if len(meeting.papers) < len(form.papers):
            self.unread.add("meeting", form.code)
        return meeting

    def _check_code(self, document: Document[MeetingFile]) -> bool:
        """Return whether the code is the file's name.

        Report it otherwise; then the papers are not read, as their numbers are those of the one or the other.
        """
        stem = document.name.rsplit("/", 1)[1].removesuffix(".yaml")
        if stem == document.form.code:
            return True
        found, expected = quoted(document.form.code), f'the name of its file, "{stem}"'
        todo = "Rename the file, or correct the code."
        self.problems.add(document.place("code"), "code-and-file", found, expected, todo)
        self.unread.add("meeting", stem)
        self.unread.add("meeting", document.form.code)
        return False

    def _check_dates(self, document: Document[MeetingFile]) -> None:
        form = document.form
        if form.start and form.end and form.end < form.start:
            found = f"{form.end}, before the start {form.start}"
            place = document.place("end")
            todo = "Correct one of the two dates."
            self.problems.add(place, "dates-reversed", found, "an end not before the start", todo)

    def _host_mark(self, document: Document[MeetingFile]) -> tuple[str, ...]:
        """Return the lines of the cover that name the APEC host economy and the year."""
        form = document.form
        if form.host_mark is not None:
            return tuple(form.host_mark)
        year = form.start.year if form.start else None
        if year is None:
            return ()
        if year not in self.hosts:
            if form.papers:
                found = f"no host economy of {year}"
                expected = "one in inputs/apec/hosts.yaml, or a line host_mark in this file"
                todo = "Add it to inputs/apec/hosts.yaml, or write host_mark: [] for a cover without one."
                self.problems.add(document.place("start"), "no-host", found, expected, todo)
            return ()
        return f"APEC {self.hosts[year].upper()}", str(year)

    def _series(self, document: Document[MeetingFile]) -> Series | None:
        """Return the series that names numbers, folder and files; None where it is wrong."""
        form = document.form
        prefix = form.number_prefix or (f"{form.start.year}/{form.code}" if form.start else None)
        if prefix is None:
            found, expected = "neither start nor number_prefix", "one of them, as numbers begin with the year"
            todo = "Add the dates of the meeting, or the line number_prefix."
            self.problems.add(document.place("papers"), "no-year", found, expected, todo)
            return None
        try:
            return Series.of(prefix, form.folder, form.file_prefix)
        except NumberError as error:
            key = next((k for k in ("number_prefix", "folder", "file_prefix") if getattr(form, k)), "code")
            self._report_number(document.place(key), error)
            return None

    def _report_number(self, place: Place, error: NumberError) -> None:
        """Report a number that the grammar of numbers refuses."""
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
        if entry.tabled is not None and self.unread.has("tabling", entry.tabled):
            return None
        if entry.number is None:
            found = f"no number for {quoted(entry.title)}"
            todo = f"Run make number meeting={document.form.code} for the next free number, or write it here."
            self.problems.add(place, "missing-number", found, "a number", todo)
            return None
        try:
            number = DocumentNumber.parse(entry.number)
        except NumberError as error:
            self._report_number(place, error)
            return None
        start = document.form.start
        if start and number.year != start.year:
            found, expected = f"the year {number.year} in {number}", f"{start.year}, the year of the meeting"
            todo = "Correct the number, or the start of the meeting."
            self.problems.add(place, "number-year", found, expected, todo)
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
        """Return the previous revision that the entry states; "" where it is absent or wrong."""
        if entry.supersedes is None:
            return ""
        place = document.place("papers", index, "supersedes")
        try:
            earlier = DocumentNumber.parse(entry.supersedes)
        except NumberError as error:
            self._report_number(place, error)
            return ""
        if earlier.base == number.base and earlier.revision == number.revision - 1:
            return str(earlier)
        expected, todo = f"the previous revision of {number}", "Correct it, or delete the line."
        self.problems.add(place, "supersedes", quoted(entry.supersedes), expected, todo)
        return ""

    def _check_agenda_item(self, entry: PaperEntry, index: int, document: Document[MeetingFile]) -> None:
        items = [item.item for item in document.form.agenda]
        if entry.agenda_item is not None and entry.agenda_item not in items:
            place = document.place("papers", index, "agenda_item")
            expected = "an item of the meeting's agenda" + (f" ({', '.join(items)})" if items else "")
            guess = nearest(entry.agenda_item, items, 0.5)
            todo = f"Did you mean {guess}?" if guess else "Add the item to agenda, or correct it here."
            found = f"the agenda item {quoted(entry.agenda_item)}"
            self.problems.add(place, "agenda-item", found, expected, todo)

    def _check_submitters(self, entry: PaperEntry, index: int, document: Document[MeetingFile]) -> None:
        for n, name in enumerate(entry.submitted_by):
            self.register.check_body(name, document.place("papers", index, "submitted_by", n), self.problems)

    def _forum_doc_no(self, entry: PaperEntry, index: int, document: Document[MeetingFile]) -> str:
        if entry.forum_doc_no is None:
            return ""
        try:
            return str(DocumentNumber.parse(entry.forum_doc_no))
        except NumberError as error:
            self._report_number(document.place("papers", index, "forum_doc_no"), error)
            return ""


def _ending(received: str) -> str:
    """Return the ending of a paper's file: a received PDF stays a PDF, every other paper is a Word file."""
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
        number=number,
        kind=entry.kind,
        title=entry.title,
        agenda_item=entry.agenda_item or "",
        purpose=entry.purpose or "",
        submitted_by=tuple(entry.submitted_by),
        forum_doc_no=forum_doc_no,
        status=entry.status or "",
        date=entry.date,
        plan=entry.plan or "",
        schedule=entry.schedule or "",
        year=entry.year,
        as_of=entry.as_of,
        session=entry.session or "",
        access=entry.access,
        reason=entry.reason or "",
        restricted_until=entry.restricted_until,
        notes=entry.notes or "",
        file=file,
        place=place,
        supersedes=supersedes,
        received=arrival.file,
        late=arrival.late,
        accepted_warnings=arrival.accepted_warnings,
        sources_annex=entry.sources_annex,
        stated_id=entry.id or "",
        tabled=entry.tabled or "",
        workplan=entry.workplan or "",
    )


def check_unique(meetings: list[Meeting], problems: Problems) -> None:
    """Report papers that share a number or a file with another paper, ignoring upper and lower case."""
    todo = {
        "number": "Give one of the two papers its own number.",
        "file": "Correct folder or file_prefix of one of the two meetings.",
    }
    for what in todo:
        seen: dict[str, Paper] = {}
        for paper in (paper for meeting in meetings for paper in meeting.papers):
            key = str(getattr(paper, what)).casefold()
            if key in seen and not (what == "file" and seen[key].number == paper.number):
                found = f"the {what} {getattr(paper, what)} again (first in {seen[key].place})"
                problems.add(paper.place, f"doubled-{what}", found, f"each {what} once", todo[what])
            seen.setdefault(key, paper)
