"""Meetings and their papers: numbers, names of files, and what the entries of a meeting's file state."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from papers.evaluation import ExpressionError
from papers.inputs.kind_files import ENTRY_KEYS, KindFiles
from papers.model.figures import Cell, Source
from papers.model.received_papers import AcceptedWarning, Arrival, ArrivalReader, LateArrival
from papers.model.series import read_series, series_of
from papers.model.titles import entry_values, is_usable, title_by_pattern
from papers.number_patterns import NumberError, fill_in
from papers.problems import Place, Problems, did_you_mean, nearest, quoted
from papers.store.work_files import RECEIVED

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from papers.inputs.organisation import Organisation
    from papers.inputs.schemas import ForumFile, MeetingFile, PaperEntry
    from papers.inputs.unread import Unread
    from papers.inputs.yaml import Document
    from papers.model.economies import Economies, Economy
    from papers.model.plan import Plan
    from papers.model.tabling import OtherTabling
    from papers.numbers import DocumentNumber, Grammar, Series


def usual_id(of_paper: Mapping[str, Any]) -> str:
    """Return the id of a paper that states none, by the keys of its entry."""
    about = [of_paper.get(key) for key in ("year", "workplan", "session", "schedule", "document", "record")]
    return "-".join([str(of_paper.get("kind", "")), *[str(value) for value in about if value][:1]])


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
    also_tabled: tuple[OtherTabling, ...] = ()  # the other meetings at which it is tabled
    received: str = ""  # the input that a sender sent; "" for a paper that this program writes
    late: LateArrival | None = None
    accepted_warnings: tuple[AcceptedWarning, ...] = ()  # of its file
    name_economies: tuple[str, ...] = ()  # for what it names economies: missing, late, overdue, scores
    sources_annex: bool = False  # whether an annex lists the cells of each figure
    stated_id: str = ""
    tabled: str = ""  # its name in tabling.yaml
    workplan: str = ""  # the name of a Work Plan's file; "" for that of its year
    item_label: str = ""  # what its item of the agenda is called; "" as the organisation calls it
    document: str = ""  # the folder of its text in documents/
    record: str = ""  # the meeting that it is the record of
    set_aside: str = ""  # why its file is set aside; it is listed, and not made
    withheld: bool = False  # in a public edition: only its number and title may be published
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)  # of the keys of its entry

    def place_of(self, key: str) -> Place:
        """Return the line of a key of its entry, or that of its number where the entry does not state it."""
        return self.places.get(key, self.place)

    @property
    def id(self) -> str:
        """The key of its narrative, its recommendations and their follow-up; revisions share it.

        Without `id` in its entry: its kind, and its year, Work Plan, session, edition, document or meeting.
        """
        return self.stated_id or usual_id(vars(self))

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
    item_labels: dict[str, str]  # item -> what it is called: Session; "" as the organisation calls it
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
        organisation: Organisation,
        register: Economies,
        hosts: dict[int, str],
        unread: Unread,
        problems: Problems,
        received: Iterable[str] = (),
    ):
        self.forum, self.register, self.hosts, self.problems = forum, register, hosts, problems
        self.organisation, self.grammar = organisation, organisation.grammar
        self.unread = unread
        self.received = tuple(received)
        self.kinds = KindFiles()
        self.plans: Mapping[str, Plan] = {}  # for titles by pattern

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
            item_labels={item.item: item.label or "" for item in form.agenda},
            file=document.name,
        )
        arrivals = ArrivalReader(document, self.received, self.problems)
        usable = self._check_code(document) and form.papers
        series = read_series(document, self.grammar, self.problems) if usable else []
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
        """Return the lines of the cover that name the host of the year, as the organisation writes them."""
        form = document.form
        if form.host_mark is not None:
            return tuple(form.host_mark)
        year = form.start.year if form.start else None
        stated = self.organisation.form
        if year is None:
            return ()
        if not stated.hosts:  # then no line names a host
            return tuple(fill_in(line, {"year": str(year)}) for line in stated.host_mark)
        if year not in self.hosts:
            if form.papers:
                file = self.organisation.file(stated.hosts)
                found = f"no host {stated.member.short} of {year}"
                expected = f"one in {file}, or a line host_mark in this file"
                todo = f"Add it to {file}, or write host_mark: [] for a cover without one."
                self.problems.add(document.place("start"), "no-host", found, expected, todo)
            return ()
        host = self.hosts[year]
        marks = {economy.name: economy.on_host_mark for economy in self.register.economies}
        values = {"HOST": marks.get(host, host.upper()), "host": host, "year": str(year)}
        return tuple(fill_in(line, values) for line in stated.host_mark)

    def _report_number(self, place: Place, error: NumberError) -> None:
        """Report a number that the grammar of numbers refuses."""
        reason = error.why[:1].upper() + error.why[1:]
        self.problems.add(place, "number", error.found, error.expected, f"{reason}.")

    def _papers(
        self, document: Document[MeetingFile], series: list[Series], arrivals: ArrivalReader
    ) -> list[Paper]:
        papers, of_number = [], {one.prefix: one for one in series}
        labels = {item.item: item.label or "" for item in document.form.agenda}
        for index, entry in enumerate(document.form.papers):
            place = document.place("papers", index, "number")
            title = entry.title or self._title(entry, document.place("papers", index, "kind"), document)
            self._check_keys(entry, index, document)
            number = self._number(entry, index, document, of_number)
            self._check_purpose(entry, index, document)
            self._check_agenda_item(entry, index, document)
            self._check_submitters(entry, index, document)
            forum_doc_no = self._forum_doc_no(entry, index, document)
            arrival = arrivals.arrival(entry, index)
            if number is not None:
                supersedes = self._supersedes(entry, number, index, document)
                file = f"{of_number[number.prefix].place(number)}{_ending(arrival.file)}"
                stated = entry.model_copy(update={"title": title})
                paper = _paper(stated, number, forum_doc_no, file, place, supersedes, arrival)
                label, places = labels.get(paper.agenda_item, ""), self._places(entry, index, document)
                papers.append(replace(paper, item_label=label, places=places))
        return papers

    def _places(self, entry: PaperEntry, index: int, document: Document[MeetingFile]) -> dict[str, Place]:
        named = ("name_economies",) if entry.name_economies else ()
        keys = ("kind", *named, *(key for key in ENTRY_KEYS if getattr(entry, key) is not None))
        return {key: document.place("papers", index, key) for key in keys}

    def _title(self, entry: PaperEntry, place: Place, document: Document[MeetingFile]) -> str:
        """Return the title by the pattern of its kind; "" where the kind or the plan is not known."""
        kind = self.kinds.kinds.get(entry.kind)
        unread = entry.kind in self.kinds.unread or self.unread.has("plan", entry.plan)
        if unread or (kind is None and entry.kind != RECEIVED) or (kind and not is_usable(kind.form.title)):
            return ""  # the kind, or its pattern, is reported where it is wrong
        values = entry_values(entry, self.forum, document.form, self.plans.get(entry.plan or ""))
        try:
            return title_by_pattern(kind.form.title if kind else "", values)
        except ExpressionError as error:
            if error.kind in ("missing-title", "expression-name"):
                found = "no title" if error.kind == "missing-title" else f"no title, and {error.found}"
                todo = "Write the title, or a pattern after title: in the file of the kind."
                todo = (
                    todo if error.kind == "missing-title" else "Write the title, or what its pattern names."
                )
                self.problems.add(place, "missing-title", found, 'a line "title: ..."', todo)
            return ""  # other errors are those of the pattern, which are reported with its line

    def _check_keys(self, entry: PaperEntry, index: int, document: Document[MeetingFile]) -> None:
        """Report keys that say what a paper is about and that its kind cannot use."""
        if entry.kind not in self.kinds.kinds:
            return
        usable = self.kinds.entry_of(entry.kind)
        for key in ENTRY_KEYS:
            if getattr(entry, key) is not None and key not in usable:
                place = document.place("papers", index, key)
                found = f"the key {key} at a paper of kind {entry.kind}"
                expected = f"only keys that the kind uses ({', '.join(usable) or 'of these, none'})"
                self.problems.add(place, "unused-key", found, expected, "Delete it, or correct the kind.")

    def _number(
        self, entry: PaperEntry, index: int, document: Document[MeetingFile], series: dict[str, Series]
    ) -> DocumentNumber | None:
        place = document.place("papers", index, "number")
        own = series_of(entry, index, [*series.values()], document, self.problems)
        if entry.tabled is not None and self.unread.has("tabling", entry.tabled):
            return None
        if entry.number is None:
            found = f"no number for {quoted(entry.title or entry.kind)}"
            todo = f"Run make number meeting={document.form.code} for the next free number, or write it here."
            self.problems.add(place, "missing-number", found, "a number", todo)
            return None
        try:
            number = self.grammar.parse(entry.number)
        except NumberError as error:
            self._report_number(place, error)
            return None
        start = document.form.start
        if start and number.year != start.year:
            found, expected = f"the year {number.year} in {number}", f"{start.year}, the year of the meeting"
            todo = "Correct the number, or the start of the meeting."
            self.problems.add(place, "number-year", found, expected, todo)
        elif number.prefix not in series:
            begun = " or ".join(f"{prefix}{self.grammar.rules.joint}" for prefix in series)
            found, expected = quoted(number), f"a number that begins with {begun}"
            todo = "Correct the number, or state number_prefix in the meeting's file."
            self.problems.add(place, "number-path", found, expected, todo)
        elif entry.series is not None and own and number.prefix != own.prefix:
            found, expected = quoted(number), f"a number of the series {own.prefix}, as series says"
            todo = "Correct the number, or the line series."
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
            earlier = self.grammar.parse(entry.supersedes)
        except NumberError as error:
            self._report_number(place, error)
            return ""
        if earlier.base == number.base and earlier.revision == number.revision - 1:
            return str(earlier)
        expected, todo = f"the previous revision of {number}", "Correct it, or delete the line."
        self.problems.add(place, "supersedes", quoted(entry.supersedes), expected, todo)
        return ""

    def _check_purpose(self, entry: PaperEntry, index: int, document: Document[MeetingFile]) -> None:
        purposes = self.organisation.form.purposes
        if entry.purpose is not None and entry.purpose not in purposes:
            place, expected = document.place("papers", index, "purpose"), " or ".join(map(quoted, purposes))
            todo = did_you_mean(entry.purpose, purposes, "Correct the value.")
            self.problems.add(place, "wrong-value", quoted(entry.purpose), expected, todo)

    def _check_agenda_item(self, entry: PaperEntry, index: int, document: Document[MeetingFile]) -> None:
        items = [item.item for item in document.form.agenda]
        if entry.agenda_item is not None and entry.agenda_item not in items:
            place = document.place("papers", index, "agenda_item")
            expected = "an item of the meeting's agenda" + (f" ({', '.join(items)})" if items else "")
            guess = nearest(entry.agenda_item, items, 0.5)
            todo = (
                f"Did you mean {quoted(guess)}?" if guess else "Add the item to agenda, or correct it here."
            )
            found = f"the agenda item {quoted(entry.agenda_item)}"
            self.problems.add(place, "agenda-item", found, expected, todo)

    def _check_submitters(self, entry: PaperEntry, index: int, document: Document[MeetingFile]) -> None:
        for n, name in enumerate(entry.submitted_by):
            self.register.check_body(name, document.place("papers", index, "submitted_by", n), self.problems)

    def _forum_doc_no(self, entry: PaperEntry, index: int, document: Document[MeetingFile]) -> str:
        if entry.forum_doc_no is None:
            return ""
        try:
            return str(self.grammar.parse(entry.forum_doc_no))
        except NumberError as error:
            self._report_number(document.place("papers", index, "forum_doc_no"), error)
            return ""


def unusual_numbers(meetings: Iterable[Meeting], grammar: Grammar) -> list[str]:
    """Return a notice for each series of numbers whose segments stand in an unusual order."""
    found: dict[str, tuple[Place, DocumentNumber]] = {}
    for paper in (paper for meeting in meetings for paper in meeting.papers):
        earlier = [grammar.parse(paper.forum_doc_no)] if paper.forum_doc_no else []
        for number in (paper.number, *earlier):
            found.setdefault(number.prefix, (paper.place, number))
    return [
        f"{place}: found {number}; {why}. If it is right as it is, there is nothing to do."
        for place, number in found.values()
        if (why := grammar.why_unusual(number))
    ]


def _ending(received: str) -> str:
    """Return the ending of a paper's file: a received PDF stays a PDF, every other paper is a Word file."""
    return ".pdf" if received.lower().endswith(".pdf") else ".docx"


# Keys of an entry that a paper has as they are; of the texts, "" where they are not stated.
_AS_STATED = ("kind", "date", "year", "as_of", "access", "restricted_until", "sources_annex")
_TEXTS: tuple[str, ...] = (
    "title",
    "agenda_item",
    "purpose",
    "status",
    "plan",
    "schedule",
    "session",
    "reason",
    "notes",
)
_TEXTS += ("tabled", "workplan", "document", "record")


def _paper(
    entry: PaperEntry,
    number: DocumentNumber,
    forum_doc_no: str,
    file: str,
    place: Place,
    supersedes: str,
    arrival: Arrival,
) -> Paper:
    stated: dict[str, Any] = {key: getattr(entry, key) for key in _AS_STATED}
    stated |= {key: getattr(entry, key) or "" for key in _TEXTS}
    return Paper(
        **stated,
        number=number,
        submitted_by=tuple(entry.submitted_by),
        forum_doc_no=forum_doc_no,
        file=file,
        place=place,
        supersedes=supersedes,
        received=arrival.file,
        late=arrival.late,
        accepted_warnings=arrival.accepted_warnings,
        set_aside=arrival.set_aside,
        name_economies=tuple(entry.name_economies),
        stated_id=entry.id or "",
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
