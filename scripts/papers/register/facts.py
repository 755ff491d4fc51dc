"""What the index tells: meetings, papers with their history, indicators. Whatever makes a page takes nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from papers.store.files import is_word

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class HistoryEvent:
    """What happened to a paper, from the ledger: numbered, issued, revised, withdrawn, frozen or corrected."""

    date: str
    event: str
    number: str
    by: str
    why: str


@dataclass(frozen=True)
class TraceCell:
    """One cell of an input. `title` says what stands there."""

    file: str
    sheet: str
    cell: str
    value: str
    title: str = ""
    economy: str = ""


@dataclass(frozen=True)
class TracedFigure:
    """A figure as printed (`figure`), what it is, where it stands, and the cells that it was counted from."""

    figure: str
    what: str
    where: str
    cells: tuple[TraceCell, ...]


@dataclass(frozen=True)
class Figures:
    """The figures printed in a paper: the file with their traces, its digest, and how many there are."""

    file: str
    sha256: str
    count: int


@dataclass(frozen=True)
class RegisterFinding:
    """What a check found in a paper."""

    paper: str
    severity: str
    code: str
    where: str
    found: str
    expected: str
    todo: str


@dataclass(frozen=True)
class RegisterRedline:
    """A Word file with the changes since an earlier paper; `file` lies below the index's folder."""

    since: str
    file: str


@dataclass(frozen=True)
class RegisterMeeting:
    """A meeting; dates as 2018-09-12 or "". `name` is runs of [text, marks], see papers.text."""

    code: str
    name: tuple[tuple[str, str], ...]
    place: str
    dates: str
    start: str
    end: str
    agenda: dict[str, str]  # item -> its title

    @property
    def plain_name(self) -> str:
        return "".join(words for words, _ in self.name)


@dataclass(frozen=True)
class RegisterEntry:
    """One number: a paper, or one revision of it. `file` and `pdf` lie below the index's folder; "" where there is none.

    `access` is public, restricted, or "" where nothing says (papers that are in the ledger alone).
    """

    number: str
    base: str
    revision: int
    title: str
    kind: str
    meeting: str
    file: str
    sha256: str = ""
    date: str = ""
    agenda_item: str = ""
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
    late: str = ""  # that it came after the cut-off, in words
    corrections: tuple[str, ...] = ()  # the open ones, in words
    issued: str = ""  # the day
    withdrawn: HistoryEvent | None = None
    history: tuple[HistoryEvent, ...] = ()
    pdf: str = ""
    redlines: tuple[RegisterRedline, ...] = ()
    figures: Figures | None = None
    findings: tuple[RegisterFinding, ...] | None = None  # None: not checked

    @property
    def anchor(self) -> str:
        return anchor_of(self.number)

    @property
    def received_as_pdf(self) -> bool:
        """Whether the paper itself is a PDF that others sent."""
        return bool(self.file) and not is_word(self.file)


def anchor_of(number: str) -> str:
    """The permanent link of a number within the page. Numbers hold letters, digits and slashes only."""
    return number.replace("/", "-")


def latest_of(base: str) -> str:
    """The link to the newest revision of a paper."""
    return f"{anchor_of(base)}-latest"


@dataclass(frozen=True)
class RegisterIndicator:
    """The figures of an indicator, a year each; None where nobody reported."""

    id: str
    name: str
    text: str
    years: tuple[tuple[int, TracedFigure | None], ...]
    illustrative: bool


@dataclass(frozen=True)
class Register:
    """All facts of an index. `entries` stand in order of their numbers, a newer revision before an older one."""

    code: str
    name: str
    organisation: str
    language: str
    meetings: tuple[RegisterMeeting, ...]  # newest first
    entries: tuple[RegisterEntry, ...]
    indicators: tuple[RegisterIndicator, ...] = ()
    recorded: bool = False  # whether the ledger has any event
    feed_authority: str = ""  # for the ids of the feed: a domain and a day, see forum.yaml

    def only(self, numbers: Iterable[str]) -> Register:
        """The index of these papers alone: nothing in it tells of another one, but words of the papers themselves."""
        allowed = set(numbers)
        entries = tuple(_among(entry, allowed) for entry in self.entries if entry.number in allowed)
        return replace(self, entries=entries)

    @cached_property
    def _newest(self) -> dict[str, RegisterEntry]:
        """By number without revision; the first of its revisions is the newest."""
        return {entry.base: entry for entry in reversed(self.entries)}

    def newest(self, entry: RegisterEntry) -> RegisterEntry:
        return self._newest[entry.base]

    def of(self, meeting: RegisterMeeting) -> list[RegisterEntry]:
        return self._by_meeting.get(meeting.code, [])

    @cached_property
    def _by_meeting(self) -> dict[str, list[RegisterEntry]]:
        found: dict[str, list[RegisterEntry]] = {}
        for entry in self.entries:
            found.setdefault(entry.meeting, []).append(entry)
        return found

    def papers(self, meeting: RegisterMeeting | None = None) -> int:
        """How many papers there are, or are of a meeting; revisions are no papers of their own."""
        return len({entry.base for entry in (self.entries if meeting is None else self.of(meeting))})

    @property
    def held(self) -> list[RegisterMeeting]:
        """The meetings that have a paper here."""
        return [meeting for meeting in self.meetings if self.of(meeting)]


def _among(entry: RegisterEntry, allowed: set[str]) -> RegisterEntry:
    """The entry without what it tells of papers that are not allowed."""
    return replace(
        entry,
        history=tuple(event for event in entry.history if event.number in allowed),
        redlines=tuple(redline for redline in entry.redlines if redline.since in allowed),
    )
