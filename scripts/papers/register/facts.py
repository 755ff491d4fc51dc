"""The content of the register as data: meetings, papers with their history, indicators.

Pages are rendered from nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from papers.store.files import is_word
from papers.store.output_files import TRACES_PAGES, forum_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from papers.store.files import FileRef

    Files = Mapping[str, bytes | FileRef]  # path below outputs (or outputs/public) -> content


@dataclass(frozen=True)
class HistoryEvent:
    """An event of the ledger: a paper was numbered, packed, issued, revised and so on."""

    date: str
    event: str
    number: str
    by: str
    why: str


@dataclass(frozen=True)
class TraceCell:
    """One cell of an input file. `title` names what the cell reports, such as an activity."""

    file: str
    sheet: str
    cell: str
    value: str
    title: str = ""
    economy: str = ""


@dataclass(frozen=True)
class TracedFigure:
    """A figure as printed (`figure`), what it counts, where it is printed, and its source cells."""

    figure: str
    what: str
    where: str
    cells: tuple[TraceCell, ...]


@dataclass(frozen=True)
class TraceFile:
    """The JSON file with the traces of a paper's figures: its path, its digest, and the number of figures."""

    file: str
    sha256: str
    count: int


@dataclass(frozen=True)
class RegisterFinding:
    """A finding of a check in a paper."""

    paper: str
    severity: str
    code: str
    where: str
    found: str
    expected: str
    todo: str


@dataclass(frozen=True)
class RegisterRedline:
    """A Word file with the changes since an earlier paper; `file` is its path below outputs."""

    since: str
    file: str


@dataclass(frozen=True)
class RegisterMeeting:
    """A meeting. Dates are like 2018-09-12, or "". `name` is runs of (text, marks), see papers.richtext."""

    code: str
    name: tuple[tuple[str, str], ...]
    place: str
    dates: str
    start: str
    end: str
    agenda: dict[str, str]  # number of the item -> its title

    @property
    def plain_name(self) -> str:
        return "".join(words for words, _ in self.name)


@dataclass(frozen=True)
class RegisterEntry:
    """One document number: a paper, or one revision of it.

    `file` and `pdf` are paths below outputs (or outputs/public), "" where there is no such file. `access` is
    "public", "restricted", or "" where it is not stated (papers that only the ledger knows).
    """

    number: str
    base: str  # the number without revision
    revision: int
    title: str
    kind: str
    meeting: str
    file: str
    sha256: str = ""
    date: str = ""
    agenda_item: str = ""
    year: int = 0  # in its number
    agenda_label: str = ""  # what it is called: Agenda item
    purpose: str = ""
    submitted_by: str = ""
    status: str = ""
    access: str = ""
    reason: str = ""
    restricted_until: str = ""
    notes: str = ""
    forum_doc_no: str = ""
    also_tabled: tuple[str, ...] = ()
    illustrative: str = ""
    restated: str = ""  # what the cover says of a text in other words than the endorsed one
    late: str = ""  # a sentence: when it arrived after the cut-off, and who allowed it
    corrections: tuple[str, ...] = ()  # a sentence per open correction
    issued: str = ""  # the date of issue
    withdrawn: HistoryEvent | None = None
    history: tuple[HistoryEvent, ...] = ()
    pdf: str = ""
    redlines: tuple[RegisterRedline, ...] = ()
    trace: TraceFile | None = None
    findings: tuple[RegisterFinding, ...] | None = None  # None: not checked

    @property
    def anchor(self) -> str:
        """The permanent id of the entry within the page."""
        return anchor_of(self.number)

    @property
    def latest_anchor(self) -> str:
        """The id that always leads to the newest revision of the paper."""
        return f"{anchor_of(self.base)}-latest"

    @property
    def traces_page(self) -> str:
        """The path, below the forum's folder, of the page with the paper's figures and their cells."""
        return f"{TRACES_PAGES}/{self.anchor}.html"

    @property
    def received_as_pdf(self) -> bool:
        """Whether the paper itself is a PDF that was received from others."""
        return bool(self.file) and not is_word(self.file)


def anchor_of(number: str) -> str:
    """Return the anchor of a document number: 2016-SMEWG43-015."""
    return re.sub("[^A-Za-z0-9._-]", "-", number)


@dataclass(frozen=True)
class RegisterIndicator:
    """An indicator with one figure per year; None where no economy reported.

    `plan` is the title of its plan. `id` has the name of the plan's folder, as two plans may have the same indicator.
    `values` are the figures as numbers, `targets` those of the same years; `unit` is "" for a plain count, % or words.
    `notes` are sentences about baseline, targets, and how the figures of economies are combined.
    """

    id: str
    plan: str
    name: str
    text: str
    years: tuple[tuple[int, TracedFigure | None], ...]
    illustrative: bool
    values: tuple[float | None, ...]
    targets: tuple[float | None, ...]
    unit: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Register:
    """The register of a forum. `entries` are in order of their numbers, a newer revision before an older one."""

    forum: str  # the name of its folder in inputs/
    code: str
    name: str
    organisation: str
    language: str
    meetings: tuple[RegisterMeeting, ...]  # newest first
    entries: tuple[RegisterEntry, ...]
    indicators: tuple[RegisterIndicator, ...] = ()
    has_ledger: bool = False  # whether the ledger has any event
    feed_authority: str = ""  # for the ids of the feed: a domain and a day, see forum.yaml

    def path(self, name: str) -> str:
        """Return the path below outputs of a file of the register, given its path in the forum's folder."""
        return forum_file(self.forum, name)

    def subset(self, numbers: Iterable[str]) -> Register:
        """Return the register of these papers only.

        The history and redlines of its entries mention no other paper; their texts are left as they are.
        """
        allowed = set(numbers)
        entries = tuple(_without_others(entry, allowed) for entry in self.entries if entry.number in allowed)
        return replace(self, entries=entries)

    @cached_property
    def _newest(self) -> dict[str, RegisterEntry]:
        """Number without revision -> the first of its entries, which is the newest."""
        return {entry.base: entry for entry in reversed(self.entries)}

    def newest(self, entry: RegisterEntry) -> RegisterEntry:
        """Return the newest revision of the entry's paper."""
        return self._newest[entry.base]

    def entries_of(self, meeting: RegisterMeeting) -> list[RegisterEntry]:
        return self._by_meeting.get(meeting.code, [])

    @cached_property
    def _by_meeting(self) -> dict[str, list[RegisterEntry]]:
        found: dict[str, list[RegisterEntry]] = {}
        for entry in self.entries:
            found.setdefault(entry.meeting, []).append(entry)
        return found

    def paper_count(self, meeting: RegisterMeeting | None = None) -> int:
        """Return the number of papers, of a meeting or of all; the revisions of a paper count once."""
        return len({entry.base for entry in (self.entries if meeting is None else self.entries_of(meeting))})

    @property
    def meetings_with_papers(self) -> list[RegisterMeeting]:
        return [meeting for meeting in self.meetings if self.entries_of(meeting)]


def _without_others(entry: RegisterEntry, allowed: set[str]) -> RegisterEntry:
    """Return the entry without events and redlines of papers that are not allowed."""
    return replace(
        entry,
        history=tuple(event for event in entry.history if event.number in allowed),
        redlines=tuple(redline for redline in entry.redlines if redline.since in allowed),
    )
