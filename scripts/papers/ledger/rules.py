"""The rules of issued numbers: which event may follow what has happened to a paper and its meeting.

`Ledger.refusal` is the only place that decides. Reading a ledger and appending to one both call it, so
that no command can write a ledger that cannot be read.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from papers.ledger.file import EVENTS, LedgerFile, LedgerRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.numbers import Grammar
    from papers.problems import Problems

# ASSUME: 000 is the classification list, 001 the agenda, 002 usually the record of the previous meeting.
FIRST_SERIAL = 3


class Refusal(NamedTuple):
    """Why an event is not allowed: what was found, what is expected, and what to do."""

    found: str
    expected: str
    todo: str


@dataclass(slots=True)
class PaperStatus:
    """What happened to one paper, under all its numbers.

    `issued` maps each issued revision to its event; `packed` is the event of sending a draft; `next` is that
    of a revision begun but not issued. `last` is the last event before whose day there can be no other: the
    issue of a paper may be recorded after numbers and packages, under the day on which it was circulated.
    """

    base: str
    kind: str
    meeting: str
    first: LedgerRow
    issued: dict[int, LedgerRow] = field(default_factory=dict)
    packed: LedgerRow | None = None
    next: LedgerRow | None = None
    withdrawn: LedgerRow | None = None
    frozen: LedgerRow | None = None
    last: LedgerRow | None = None

    @property
    def next_revision(self) -> int:
        """The revision that follows the latest issued one."""
        return max(self.issued, default=0) + 1

    @property
    def circulated(self) -> LedgerRow | None:
        """The event by which others first got the paper; None while its number may go to another one."""
        return self.packed or (self.issued[min(self.issued)] if self.issued else None)

    @property
    def latest(self) -> LedgerRow | None:
        """The event that issued the latest revision; None before the paper was issued."""
        return self.issued[max(self.issued)] if self.issued else None

    @property
    def current(self) -> LedgerRow:
        """The event that issued the latest revision; the first event before the paper was issued."""
        return self.latest or self.first


class Ledger:
    """The events in order, and what follows from them. `add` takes only events that the rules allow.

    `grammar` is that of the papers' numbers.
    """

    def __init__(self, grammar: Grammar, events: Iterable[LedgerRow] = ()):
        self.grammar = grammar
        self.complete = True  # whether the file has no problem, so that no event is missing here
        self.events: list[LedgerRow] = []
        self.papers: dict[str, PaperStatus] = {}  # by number without revision
        self.frozen: set[str] = set()  # codes of meetings
        self.files: dict[str, str] = {}  # file, its letters folded to lower case -> number
        self.others: dict[str, str] = {}  # number without revision -> the other forum that has recorded it
        self.drafts: dict[
            str, str
        ] = {}  # number without revision -> the file of another forum that states it
        self.corrected: dict[str, str] = {}  # id of a correction -> number of the revision that makes it
        self._rules = {
            "numbered": self._refuse_numbered,
            "packed": self._refuse_packed,
            "issued": self._refuse_issued,
            "revised": self._refuse_revised,
            "withdrawn": self._refuse_withdrawn,
            "frozen": self._refuse_frozen,
            "corrected": self._refuse_corrected,
        }
        for event in events:
            self.add(event)

    def add(self, event: LedgerRow) -> None:
        """Add an event; raise ValueError if the rules refuse it."""
        base, revision = self.grammar.split(event.number)
        if refused := self._refusal(event, base, revision):
            raise ValueError(f"{event.number}: found {refused.found}; expected {refused.expected}")
        self._add(event, base, revision)

    def _add(self, event: LedgerRow, base: str, revision: int) -> None:
        status = self.papers.get(base)
        if status is None:
            status = self.papers[base] = PaperStatus(base, event.kind, event.meeting, event)
        if event.event not in ("numbered", "packed"):
            status.last = event
        if event.event in ("issued", "packed") and not status.circulated:
            status.kind, status.meeting = (
                event.kind,
                event.meeting,
            )  # until then, another paper may have had it
        if event.event == "packed":
            status.packed = event
        elif event.event == "issued":
            status.issued[revision], status.next = event, None
            self.files[event.file.casefold()] = event.number
        elif event.event in ("revised", "corrected"):
            status.next = event
            self.corrected |= dict.fromkeys(event.corrects.split(), event.number)
        elif event.event == "withdrawn":
            status.withdrawn = event
        elif event.event == "frozen":
            status.frozen = event
            self.frozen.add(event.meeting)
        self.events.append(event)

    def refusal(self, event: LedgerRow) -> Refusal | None:
        """Return why this event is not allowed now; None if it is."""
        base, revision = self.grammar.split(event.number)
        if event.event in ("numbered", "packed", "issued"):
            if base in self.others:
                return refuse_number_of_other_forum(event.number, self.others[base])
            if base in self.drafts and base not in self.papers:
                return refuse_number_of_other_draft(event.number, self.drafts[base])
        return self._refusal(event, base, revision)

    def _refusal(self, event: LedgerRow, base: str, revision: int) -> Refusal | None:
        rule = self._rules.get(event.event)
        if rule is None or not self.grammar.is_number(event.number):
            expected = f"one of {', '.join(EVENTS)}, and a number such as {self.grammar.example}"
            return Refusal(f"the event {event.event!r} of {event.number!r}", expected, "Correct the number.")
        status = self.papers.get(base)
        if status is not None:
            if status.withdrawn:
                return _withdrawn_paper(event, status.withdrawn)
            if status.kind != event.kind and (status.circulated or event.event not in ("issued", "packed")):
                return refuse_other_kind(event.number, event.kind, status)
        if event.corrects and (refused := self._refuse_corrections(event, status)):
            return refused
        return rule(event, revision, status)

    def _refuse_numbered(self, event: LedgerRow, revision: int, status: PaperStatus | None) -> Refusal | None:
        if status:
            found = f"{event.number}, in use since {status.first.date}"
            todo = "Run make number, which writes the next free number."
            return Refusal(found, "a number that was never used", todo)
        if event.meeting in self.frozen:
            return refuse_frozen_meeting(event.meeting, event.number)
        if revision:
            todo = "Delete rev and what follows it: a new paper has no revision."
            return Refusal(event.number, "a number without a revision", todo)
        return None

    def _refuse_packed(self, event: LedgerRow, revision: int, status: PaperStatus | None) -> Refusal | None:
        if status and status.circulated:
            found = f"{event.number}, circulated since {status.circulated.date}"
            return Refusal(found, "a draft that nobody got before", "There is nothing to do.")
        if event.meeting in self.frozen and not status:
            return refuse_frozen_meeting(event.meeting, event.number)
        return None

    def _refuse_issued(self, event: LedgerRow, revision: int, status: PaperStatus | None) -> Refusal | None:
        owner = self.files.get(event.file.casefold(), event.number)
        if owner != event.number:
            todo = "Correct folder or file_prefix in the meeting's file."
            return Refusal(f"the file {event.file} of {owner}", "a file that no other paper has", todo)
        begun = status.next if status else None
        if event.meeting in self.frozen and begun is None:
            return refuse_frozen_meeting(event.meeting, event.number)
        if status is None or (status.first is status.packed and not status.issued):
            return None  # the ledger begins with it: earlier revisions were issued before there was a ledger
        if revision in status.issued:
            found = f"{event.number}, issued on {status.issued[revision].date}"
            return Refusal(found, "a number that was not issued yet", revise_hint(event.number))
        allowed = begun.number if begun else "" if status.issued else status.base
        if event.number == allowed:
            return None
        expected = allowed or f"{self.next_revision(status.base)}, begun with make revise"
        return Refusal(event.number, expected, revise_hint(status.current.number))

    def _refuse_revised(self, event: LedgerRow, revision: int, status: PaperStatus | None) -> Refusal | None:
        if status is None or not status.issued:
            found = f"{self.grammar.base_of(event.number)}, which was never issued"
            todo = "A paper that was never issued needs no revision: edit its inputs and run make."
            return Refusal(found, "an issued paper", todo)
        if status.next:
            found = f"{status.next.number}, begun on {status.next.date} and not issued yet"
            todo = "Run make, then make issue; a change before that needs no further revision."
            return Refusal(found, "an issued paper", todo)
        if revision != status.next_revision:
            expected = f"{self.next_revision(status.base)}, the highest revision plus one"
            return Refusal(event.number, expected, "Run make revise.")
        if event.event == "revised" and event.meeting in self.frozen:
            return refuse_frozen_meeting(event.meeting, status.current.number)
        return None

    def _refuse_corrected(
        self, event: LedgerRow, revision: int, status: PaperStatus | None
    ) -> Refusal | None:
        if event.meeting not in self.frozen:
            todo = "Run the command without correction=yes."
            return Refusal(f"a correction at {event.meeting}", "a frozen meeting", todo)
        if status is None and not revision:
            return None
        return self._refuse_revised(event, revision, status)

    def _refuse_corrections(self, event: LedgerRow, status: PaperStatus | None) -> Refusal | None:
        """Only a revision makes corrections, and each is made once."""
        if event.event not in ("revised", "corrected") or status is None:
            found = f"corrections ({event.corrects}) named when {event.number} is {event.event}"
            return Refusal(found, "corrections named for a revision", "Name them with make revise.")
        again = [name for name in event.corrects.split() if name in self.corrected]
        if not again:
            return None
        found = f"the correction {again[0]}, which {self.corrected[again[0]]} made"
        todo = f"Run the command without {again[0]}; if the revision is wrong too, give that a new id."
        return Refusal(found, "a correction that no revision made", todo)

    def _refuse_withdrawn(
        self, event: LedgerRow, revision: int, status: PaperStatus | None
    ) -> Refusal | None:
        current = status and status.current.number
        if event.number != current:
            expected = f"{current}, its latest revision" if current else "a number that is in the ledger"
            return Refusal(event.number, expected, "Correct paper=...; make history lists what was issued.")
        return None  # also after a freeze: the verb asks for correction=yes

    def _refuse_frozen(self, event: LedgerRow, revision: int, status: PaperStatus | None) -> Refusal | None:
        latest = status.latest if status else None
        if status is None or latest is None or latest.number != event.number:
            todo = f"Run make issue paper={event.number} first."
            return Refusal(f"{event.number}, not issued", "a meeting whose papers are all issued", todo)
        if status.next:
            todo = f"Run make issue paper={status.next.number} first."
            found = f"{status.next.number}, begun and not issued"
            return Refusal(found, "a meeting without a revision that is not issued", todo)
        if latest.sha256 != event.sha256:
            found = f"{event.number}, differing from what was issued"
            return Refusal(found, "the issued paper", revise_hint(event.number))
        if status.frozen and status.frozen.number == event.number:
            found = f"{event.number}, frozen on {status.frozen.date}"
            return Refusal(found, "a paper that is not frozen yet", "There is nothing to do.")
        return None

    def next_serial(self, prefix: str, reserved: int | None, taken: Iterable[int] = ()) -> int:
        """Return a new paper's serial: that which is reserved for its kind, if free, else one above all used.

        `prefix` is a series such as 2018/SMEWG47; `taken` are serials in the inputs that the ledger need
        not have.
        """
        known = (*self.papers, *self.others, *self.drafts)
        serials = (self.grammar.serial_in(base, prefix) for base in known)
        used = {*taken, *(serial for serial in serials if serial is not None)}
        if reserved is not None and reserved not in used:
            return reserved
        return max([FIRST_SERIAL - 1, *used]) + 1

    def refuse_revision(self, number: str) -> Refusal | None:
        """Return why a paper can have no further revision: the pattern of numbers has none for it."""
        base = self.grammar.base_of(number)
        revision = self.papers[base].next_revision if base in self.papers else 1
        if self.grammar.can_be(base, revision):
            return None
        found = f"{number}, for which the pattern of numbers has no revision {revision}"
        todo = "Withdraw it (make withdraw) and give the changed text a number of its own."
        return Refusal(found, "a number that can be revised, without a suffix for annexes", todo)

    def next_revision(self, number: str) -> str:
        """Return the number of the next revision of an issued paper, counted from the ledger alone."""
        base = self.grammar.base_of(number)
        status = self.papers.get(base)
        return self.grammar.with_revision(base, status.next_revision if status else 1)

    def issued(self, number: str) -> LedgerRow | None:
        """Return the event that issued exactly this number; None if there is none."""
        base, revision = self.grammar.split(number)
        status = self.papers.get(base)
        return status.issued.get(revision) if status else None

    def history(self, number: str) -> list[LedgerRow]:
        """Return all events of a paper and its revisions, in order."""
        base = self.grammar.base_of(number)
        return [event for event in self.events if self.grammar.base_of(event.number) == base]

    def as_data(self) -> dict[str, int]:
        """Return what model.json says of the ledger: only its length, as ledger.csv has the rest."""
        return {"events": len(self.events)}


def ledger_of(file: LedgerFile, grammar: Grammar, problems: Problems) -> Ledger:
    """Return the ledger of a file; an event that breaks a rule is a problem of its line and is left out."""
    ledger, before = Ledger(grammar), len(problems.found)
    for row in file.rows:
        base, revision = grammar.split(row.number)  # once for both calls: there may be 50,000 events
        if refused := ledger._refusal(row, base, revision):
            problems.add(file.place(row), "ledger-rule", *refused)
        elif not _is_date(row.date):
            todo = "Restore the file from your backup or from git."
            problems.add(file.place(row), "ledger-rule", f"the date {row.date}", "a day that exists", todo)
        else:
            ledger._add(row, base, revision)
    ledger.complete = file.complete and len(problems.found) == before
    return ledger


@cache
def _is_date(text: str) -> bool:
    try:
        return bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False


def refuse_number_of_other_forum(number: str, forum: str) -> Refusal:
    """Return the refusal of a number that another forum has recorded for a paper of its own."""
    todo = "Delete the line of the number and run make number."
    return Refusal(f"{number}, which the forum {forum} has recorded", "a number of no other forum", todo)


def refuse_number_of_other_draft(number: str, file: str) -> Refusal:
    """Return the refusal of a number that a file of another forum states for a paper of that forum."""
    todo = "Give one of the two papers its own number: delete the line of its number and run make number."
    return Refusal(f"{number}, which {file} has too", "a number of no other forum", todo)


def revise_hint(number: str) -> str:
    """Return what to do about a difference from an issued paper."""
    return f'Undo the change, or run make revise paper={number} why="...".'


def refuse_frozen_meeting(meeting: str, number: str) -> Refusal:
    """Return the refusal of a change after the end of a meeting."""
    todo = (
        f'Undo it; or give a reason: make revise paper={number} correction=yes why="..."'
        " (a new paper: make number)."
    )
    return Refusal(f"{number}, a change at {meeting}, which is frozen", "a correction with a reason", todo)


def refuse_other_kind(number: str, kind: str, status: PaperStatus) -> Refusal:
    """Return the refusal of a number that belongs to a paper of another kind, as it does for ever."""
    title = (status.circulated or status.first).title
    found = f"{number} at a paper of kind {kind}; it belongs to {title!r} ({status.kind})"
    todo = "Delete the line of the number and run make number."
    return Refusal(found, "a number that no other paper has", todo)


def _withdrawn_paper(event: LedgerRow, withdrawn: LedgerRow) -> Refusal:
    found = f"{event.number}, withdrawn on {withdrawn.date} ({withdrawn.why})"
    todo = "Give the new paper a number of its own: make number."
    return Refusal(found, "a paper that was not withdrawn", todo)
