"""A request to the ledger, and the session that runs it: check everything, then write all or nothing."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from papers.errors import UserError, describe_os_error
from papers.inputs.numbers_of_drafts import numbers_of_drafts
from papers.ledger.append import append, rewrite_end
from papers.ledger.archive import archive_folder, check_recorded
from papers.ledger.file import LEDGER_NAME, LedgerRow, read_ledger
from papers.ledger.other_forums import ledgers_of_others, numbers_in
from papers.ledger.rules import Ledger, Refusal, ledger_of
from papers.ledger.unfinished_edits import begin_edits, end_edits
from papers.problems import Place, Problems
from papers.store.work_files import work_folder

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from papers.ledger.unfinished_edits import FileEdit
    from papers.numbers import Grammar


@dataclass(frozen=True)
class Request:
    """What the user asks for. `grammar` is that of the forum's numbers. `papers` are numbers; `meeting` is "" if papers are named.

    `correction` allows a change after the freeze; `corrects` are the ids of corrections that a revision
    makes; `since` is the day from which a package has what changed. `only_plan`: nothing is written.
    """

    forum: str
    grammar: Grammar
    meeting: str
    papers: tuple[str, ...]
    date: str
    by: str
    why: str
    correction: bool = False
    corrects: tuple[str, ...] = ()
    since: str = ""
    only_plan: bool = False

    @property
    def work(self) -> Path:
        """The folder of the forum's intermediate files."""
        return work_folder(self.forum)

    def event(self, event: str, number: str, kind: str, meeting: str, title: str, **more: str) -> LedgerRow:
        """Return an event of this request; its line and check are set when it is written."""
        details = {"file": "", "sha256": "", "sources": "", "corrects": "", **more}
        return LedgerRow(
            line="",
            date=self.date,
            event=event,
            number=number,
            kind=kind,
            meeting=meeting,
            title=" ".join(title.split()),
            by=self.by,
            why=self.why,
            check="",
            **details,
        )


class EarliestDay(NamedTuple):
    """A day before which nobody had a paper, by the `key` of its entry; `why` says it, `place` is the entry's file."""

    day: datetime.date
    key: str
    why: str
    place: Place

    def refusal(self, event: LedgerRow) -> Refusal:
        """Return the refusal of an event on a day before."""
        found = f"the day {event.date} for {event.number}, which {self.why} {self.day} ({self.key})"
        return Refusal(found, f"{self.day} or a later day", f"Correct date=..., or {self.key} at the paper.")


@dataclass
class LedgerSession:
    """Plans the events of a request under the lock of the ledger.

    `messages` are printed when all is written.
    """

    request: Request
    ledger: Ledger
    problems: Problems
    planned: list[LedgerRow] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def plan(self, event: LedgerRow, *not_before: EarliestDay) -> bool:
        """Plan an event if the rules allow it; else add a problem and return False."""
        if refused := self.ledger.refusal(event) or self._refuse_date(event):
            self.refuse(refused)
            return False
        for earliest in not_before:
            if event.date < earliest.day.isoformat():
                self.refuse(earliest.refusal(event), earliest.place)
                return False
        self.ledger.add(event)
        self.planned.append(event)
        return True

    def _refuse_date(self, event: LedgerRow) -> Refusal | None:
        """Refuse a day before the last event of the paper; ledgers of earlier versions may have such days."""
        status = self.ledger.papers.get(self.ledger.grammar.base_of(event.number))
        last = status.last if status else None
        if last is None or event.date >= last.date:
            return None
        found = (
            f"the day {event.date} for {event.number}, though {last.number} was {last.event} on {last.date}"
        )
        return Refusal(found, f"{last.date} or a later day", "Correct date=...")

    def read_drafts(self) -> None:
        """Read the numbers of the other forums' meetings, for verbs that give or record numbers."""
        self.ledger.drafts = numbers_of_drafts(Path(), self.request.forum, self.request.grammar)

    def refuse(self, refused: Refusal, place: Place | None = None) -> None:
        """Add a problem, of the ledger unless `place` is given: the request then records nothing."""
        ledger = Place(f"{archive_folder(self.request.forum).as_posix()}/{LEDGER_NAME}")
        self.problems.add(place or ledger, "not-recorded", *refused)

    def write(self, last: LedgerRow | None) -> None:
        """Append the planned events after `last`, the ledger's last event."""
        for event in append(archive_folder(self.request.forum), self.planned, last):
            self.messages.append(f"{event.date}  {event.event:9}  {event.number}  {event.title}")


class IncompleteError(UserError):
    """The events are in the ledger, but a file that must say the same could not be written."""


class FileWrites(NamedTuple):
    """What a verb writes apart from the ledger: before its events are appended, and after.

    `edits` are of inputs that say the same as the events: with these, all of them are made, or none, whenever the verb
    is killed.
    """

    before: Callable[[], object] | None = None
    after: Callable[[], object] | None = None
    edits: Sequence[FileEdit] = ()


def open_session(request: Request, problems: Problems) -> tuple[LedgerSession, LedgerRow | None]:
    """Return a session on the ledger as it is, and the ledger's last event.

    A ledger that lost events, also that of another forum, is a problem: its numbers would be given again.
    """
    file = read_ledger(Path(), request.forum, problems)
    session = LedgerSession(request, ledger_of(file, request.grammar, problems), problems)
    others = ledgers_of_others(Path(), request.forum, problems)
    for forum, ledger in {request.forum: file, **others}.items():
        if ledger.complete:
            check_recorded(forum, ledger.rows, problems)
    session.ledger.others = numbers_in(others, request.grammar)
    return session, file.rows[-1] if file.rows else None


def run_verb(
    verb: Callable[[LedgerSession], FileWrites | None], request: Request, problems: Problems
) -> list[str]:
    """Run a verb, which plans events, and write what it planned; return the messages for the user.

    If there are problems, nothing is written. Raise IncompleteError if the ledger was written and a file
    that must follow it was not: running the verb again completes it. Needs the lock of the ledger.
    """
    session, last = open_session(request, problems)
    writes = None if problems else verb(session)
    if problems:
        return []
    writes = writes or FileWrites()
    if request.only_plan:
        return [*session.messages, *_plan(session, writes.edits)]
    folder = archive_folder(request.forum)
    if writes.before:
        writes.before()
    if session.planned:
        begin_edits(folder, writes.edits, session.planned, last)
        session.write(last)
    else:
        rewrite_end(folder, last)
    _write_after(writes, session)
    return session.messages


def _plan(session: LedgerSession, edits: Iterable[FileEdit]) -> Iterator[str]:
    """Yield what a verb would record and edit."""
    for event in session.planned:
        yield f"would be recorded: {event.date}  {event.event}  {event.number}  {event.title}"
    for edit in edits:
        yield f"would be edited: {edit.path}"
        old, new = (text.decode("utf-8").splitlines() for text in (edit.before, edit.after))
        changes = list(difflib.unified_diff(old, new, n=0, lineterm=""))[2:]
        yield from (f"  {line}" for line in changes if not line.startswith("@@"))
    yield "Nothing was written. Run the command without dry-run to do this."


def _write_after(writes: FileWrites, session: LedgerSession) -> None:
    try:
        for edit in writes.edits:
            edit.write()
        end_edits(archive_folder(session.request.forum))
        if writes.after:
            writes.after()
    except (UserError, OSError) as error:
        if not session.planned:
            raise
        reason = describe_os_error(error) if isinstance(error, OSError) else str(error)
        raise IncompleteError(reason) from error
