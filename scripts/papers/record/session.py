"""A request to the ledger, and the session that runs it: check everything, then write all or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from papers.errors import UserError, describe_os_error
from papers.ledger.append import append, rewrite_end
from papers.ledger.archive import archive_folder
from papers.ledger.file import LEDGER_NAME, LedgerRow, read_ledger
from papers.ledger.rules import Ledger, Refusal, ledger_of
from papers.problems import Place, Problems

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Request:
    """What the user asks for. `papers` are numbers; `meeting` is "" if papers are named.

    `correction` allows a change after the freeze; `corrects` are the ids of corrections that a revision
    makes; `since` is the day from which a package has what changed.
    """

    forum: str
    meeting: str
    papers: tuple[str, ...]
    date: str
    by: str
    why: str
    correction: bool = False
    corrects: tuple[str, ...] = ()
    since: str = ""

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

    def plan(self, event: LedgerRow) -> bool:
        """Plan an event if the rules allow it; else add a problem and return False."""
        if refused := self.ledger.refusal(event):
            self.refuse(refused)
            return False
        self.ledger.add(event)
        self.planned.append(event)
        return True

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
    """What a verb writes apart from the ledger: before its events are appended, and after."""

    before: Callable[[], object] | None = None
    after: Callable[[], object] | None = None


def open_session(request: Request, problems: Problems) -> tuple[LedgerSession, LedgerRow | None]:
    """Return a session on the ledger as it is, and the ledger's last event."""
    file = read_ledger(Path(), request.forum, problems)
    session = LedgerSession(request, ledger_of(file, problems), problems)
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
    before, after = writes or FileWrites()
    if before:
        before()
    if session.planned:
        session.write(last)
    else:
        rewrite_end(archive_folder(request.forum), last)
    if after:
        _write_after(after, session)
    return session.messages


def _write_after(write: Callable[[], object], session: LedgerSession) -> None:
    try:
        write()
    except (UserError, OSError) as error:
        if not session.planned:
            raise
        reason = describe_os_error(error) if isinstance(error, OSError) else str(error)
        raise IncompleteError(reason) from error
