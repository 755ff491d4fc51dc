"""What was ever numbered, issued, revised, withdrawn and frozen: the rules of the ledger, in one place.

`Ledger.why_not` says why an event cannot follow what has happened. Reading a ledger and adding to one both ask it, so
that no writer can make what a reader refuses.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from papers.ledger.file import EVENTS, LedgerFile, LedgerRow
from papers.numbers import base_of, is_number, serial_in, split_number, with_revision

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.problems import Problems

NEW = ("numbered", "corrected")  # events that can bring a number into the world without issuing it
FIRST_SERIAL = (
    3  # 000 is the classification list, 001 the agenda, 002 usually the record of the previous meeting
)
RESERVED = {"classification-list": 0, "agenda": 1}


class Refusal(NamedTuple):
    """Why an event cannot be: what was found, what is expected, and what to do."""

    found: str
    expected: str
    todo: str


@dataclass(slots=True)
class Standing:
    """All that happened to one paper. `issued` maps revisions to their events; `next` is a revision begun, not issued."""

    base: str
    kind: str
    meeting: str
    first: LedgerRow
    issued: dict[int, LedgerRow] = field(default_factory=dict)
    next: LedgerRow | None = None
    withdrawn: LedgerRow | None = None
    frozen: LedgerRow | None = None

    @property
    def highest(self) -> int | None:
        """The latest issued revision; None before the paper was issued."""
        return max(self.issued) if self.issued else None

    @property
    def latest(self) -> LedgerRow | None:
        return self.issued[self.highest] if self.issued else None


class Ledger:
    """The events in order, and what follows from them. Grows by `add`, which takes only what `why_not` allows."""

    def __init__(self, events: Iterable[LedgerRow] = ()):
        self.events: list[LedgerRow] = []
        self.papers: dict[str, Standing] = {}  # by number without revision
        self.frozen: set[str] = set()  # meetings
        self.files: dict[str, str] = {}  # file, whatever the case of its letters -> number
        self._rules = {name: getattr(self, f"_no_{name}") for name in EVENTS}
        self.corrected: dict[str, str] = {}  # id of a correction -> number of the revision that takes it up
        for event in events:
            self.add(event)

    def add(self, event: LedgerRow) -> None:
        """Takes an event; ValueError where the rules refuse it."""
        base, revision = split_number(event.number)
        if refused := self._refusal(event, base, revision):
            raise ValueError(f"{event.number}: found {refused.found}; expected {refused.expected}")
        self._take(event, base, revision)

    def _take(self, event: LedgerRow, base: str, revision: int) -> None:
        standing = self.papers.get(base)
        if standing is None:
            standing = self.papers[base] = Standing(base, event.kind, event.meeting, event)
        if event.event == "issued":
            standing.issued[revision], standing.next = event, None
            self.files[event.file.casefold()] = event.number
        elif event.event in ("revised", "corrected"):
            standing.next = event
            self.corrected |= dict.fromkeys(event.corrects.split(), event.number)
        elif event.event == "withdrawn":
            standing.withdrawn = event
        elif event.event == "frozen":
            standing.frozen = event
            self.frozen.add(event.meeting)
        self.events.append(event)

    def why_not(self, event: LedgerRow) -> Refusal | None:
        """Why this event cannot follow; None where it can."""
        return self._refusal(event, *split_number(event.number))

    def _refusal(self, event: LedgerRow, base: str, revision: int) -> Refusal | None:
        rule = self._rules.get(event.event)
        if rule is None or not is_number(event.number):
            expected = f"one of {', '.join(EVENTS)}, and a number such as 2018/SMEWG47/003rev1"
            return Refusal(f"the event {event.event!r} of {event.number!r}", expected, "Correct the number.")
        standing = self.papers.get(base)
        if standing is not None:
            if standing.withdrawn:
                return _refusal_withdrawn(event, standing)
            if standing.kind != event.kind:
                return other_kind(event.number, event.kind, standing)
        if event.corrects and (refused := self._no_correction(event, standing)):
            return refused
        return rule(event, revision, standing)

    def _no_numbered(self, event: LedgerRow, revision: int, standing: Standing | None) -> Refusal | None:
        if standing:
            found = f"{event.number}, in use since {standing.first.date}"
            return Refusal(
                found, "a number that was never used", "Run make number, which gives the next free one."
            )
        if event.meeting in self.frozen:
            return frozen_meeting(event.meeting, event.number)
        if revision:
            return Refusal(
                event.number, "a number without a revision", "A new paper has no rev behind its number."
            )
        return None

    def _no_issued(self, event: LedgerRow, revision: int, standing: Standing | None) -> Refusal | None:
        if self.files.get(event.file.casefold(), event.number) != event.number:
            found = f"the file {event.file} of {self.files[event.file.casefold()]}"
            return Refusal(found, "a file of its own", "Correct folder or file_prefix in the meeting's file.")
        begun = standing.next if standing else None
        if event.meeting in self.frozen and begun is None:
            return frozen_meeting(event.meeting, event.number)
        if standing is None:
            return None  # the ledger begins with it: earlier revisions were issued before there was a ledger
        if revision in standing.issued:
            found = f"{event.number}, issued on {standing.issued[revision].date}"
            return Refusal(found, "a number that was not issued yet", revise_hint(event.number))
        allowed = begun.number if begun else standing.base if not standing.issued else ""
        if event.number != allowed:
            expected = (
                allowed or f"{with_revision(standing.base, standing.highest + 1)}, begun with make revise"
            )
            return Refusal(
                event.number,
                expected,
                revise_hint(standing.latest.number if standing.latest else standing.base),
            )
        return None

    def _no_revised(self, event: LedgerRow, revision: int, standing: Standing | None) -> Refusal | None:
        if standing is None or not standing.issued:
            todo = "What was never issued can be changed freely: just run make."
            return Refusal(f"{base_of(event.number)}, which was never issued", "an issued paper", todo)
        if standing.next:
            todo = "Run make, then make issue; a change before that needs no further revision."
            return Refusal(
                f"{standing.next.number}, begun on {standing.next.date} and not issued yet",
                "an issued paper",
                todo,
            )
        if revision != standing.highest + 1:
            expected = with_revision(standing.base, standing.highest + 1)
            return Refusal(event.number, f"{expected}, the highest revision plus one", "Run make revise.")
        if event.event == "revised" and event.meeting in self.frozen:
            return frozen_meeting(event.meeting, standing.latest.number)
        return None

    def _no_corrected(self, event: LedgerRow, revision: int, standing: Standing | None) -> Refusal | None:
        if event.meeting not in self.frozen:
            return Refusal(
                f"a correction at {event.meeting}", "a frozen meeting", "Leave correction=yes away."
            )
        if standing is None and not revision:
            return None
        return self._no_revised(event, revision, standing)

    def _no_correction(self, event: LedgerRow, standing: Standing | None) -> Refusal | None:
        """Only a revision takes corrections up, each once."""
        if event.event not in ("revised", "corrected") or standing is None:
            found = f"corrections ({event.corrects}) named when {event.number} is {event.event}"
            return Refusal(found, "them at a revision", "Name them with make revise.")
        twice = [name for name in event.corrects.split() if name in self.corrected]
        if not twice:
            return None
        found = f"the correction {twice[0]}, which {self.corrected[twice[0]]} took up"
        return Refusal(found, "each correction once", "Leave it away; what is wrong now needs a new id.")

    def _no_withdrawn(self, event: LedgerRow, revision: int, standing: Standing | None) -> Refusal | None:
        current = standing and (standing.latest or standing.first).number
        if event.number != current:
            expected = f"{current}, its latest revision" if current else "a number that the ledger knows"
            return Refusal(event.number, expected, "Correct paper=...; make history shows what was issued.")
        return frozen_meeting(event.meeting, event.number) if event.meeting in self.frozen else None

    def _no_frozen(self, event: LedgerRow, revision: int, standing: Standing | None) -> Refusal | None:
        latest = standing.latest if standing else None
        if latest is None or latest.number != event.number:
            todo = f"Run make issue paper={event.number} first."
            return Refusal(f"{event.number}, not issued", "a meeting whose papers are all issued", todo)
        if standing.next:
            todo = f"Run make issue paper={standing.next.number} first."
            return Refusal(f"{standing.next.number}, begun and not issued", "no revision under way", todo)
        if latest.sha256 != event.sha256:
            return Refusal(
                f"{event.number}, differing from what was issued",
                "the issued paper",
                revise_hint(event.number),
            )
        if standing.frozen and standing.frozen.number == event.number:
            return Refusal(
                f"{event.number}, frozen on {standing.frozen.date}",
                "a paper not frozen yet",
                "Nothing to do.",
            )
        return None

    def next_serial(self, prefix: str, kind: str, taken: Iterable[int] = ()) -> int:
        """The serial of a new paper: one above all that were ever used; lists and agendas take 000 and 001 if free."""
        used = {*taken, *(serial_in(base, prefix) for base in self.papers)} - {None}
        if kind in RESERVED and RESERVED[kind] not in used:
            return RESERVED[kind]
        return max([FIRST_SERIAL - 1, *used]) + 1

    def next_revision(self, number: str) -> str:
        """The number of the next revision of an issued paper, counted from the ledger alone."""
        base = base_of(number)
        standing = self.papers.get(base)
        return with_revision(base, (standing.highest if standing and standing.issued else 0) + 1)

    def issued(self, number: str) -> LedgerRow | None:
        """The event by which exactly this number was issued."""
        base, revision = split_number(number)
        standing = self.papers.get(base)
        return standing.issued.get(revision) if standing else None

    def history(self, number: str) -> list[LedgerRow]:
        """All events of a paper and its revisions, in order."""
        base = base_of(number)
        return [event for event in self.events if base_of(event.number) == base]

    def as_data(self) -> dict:
        """For model.json: how far the ledger reaches; the ledger itself is the place to read it."""
        return {"events": len(self.events)}


def ledger_of(file: LedgerFile, problems: Problems) -> Ledger:
    """The ledger of a file; an event that breaks a rule is a problem of its line."""
    ledger = Ledger()
    for row in file.rows:
        base, revision = split_number(row.number)  # once for both: there may be 50,000 events
        if refused := ledger._refusal(row, base, revision):
            problems.add(file.place(row), "ledger-rule", *refused)
        elif not _is_date(row.date):
            todo = "Take the file back from your backup or from git."
            problems.add(file.place(row), "ledger-rule", f"the date {row.date}", "a day that exists", todo)
        else:
            ledger._take(row, base, revision)
    return ledger


@cache
def _is_date(text: str) -> bool:
    try:
        return bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False


def revise_hint(number: str) -> str:
    """The what to do of a difference from an issued paper."""
    return f'Undo the change, or run make revise paper={number} why="...".'


def frozen_meeting(meeting: str, number: str) -> Refusal:
    """A change after the end of the meeting."""
    todo = f'Undo it; or give a reason: make revise paper={number} correction=yes why="..." (a new paper: make number).'
    return Refusal(f"{number}, a change at {meeting}, which is frozen", "a correction with a reason", todo)


def other_kind(number: str, kind: str, standing: Standing) -> Refusal:
    """A number once issued belongs to that paper for ever."""
    found = f"{number} at a paper of kind {kind}; it belongs to {standing.first.title!r} ({standing.kind})"
    return Refusal(found, "a number of its own", "Delete the line of the number and run make number.")


def _refusal_withdrawn(event: LedgerRow, standing: Standing) -> Refusal:
    found = f"{event.number}, withdrawn on {standing.withdrawn.date} ({standing.withdrawn.why})"
    return Refusal(
        found, "a paper that was not withdrawn", "Give the new paper a number of its own: make number."
    )
