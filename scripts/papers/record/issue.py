"""What a person does with finished papers: issue, withdraw, freeze. All of it is in the ledger.

Each verb holds the ledger alone, looks at everything first and tells all refusals at once; then it writes, or nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from papers.checks.findings import open_texts
from papers.ledger.append import append, rewrite_end
from papers.ledger.archive import archive_folder, archive_paper, sources_list
from papers.ledger.corrections import read_corrections
from papers.ledger.file import LEDGER_NAME, LedgerRow, read_ledger
from papers.ledger.rules import Ledger, Refusal, ledger_of
from papers.numbers import base_of
from papers.problems import Place, Problems, did_you_mean, nearest
from papers.record.corrections import not_corrected
from papers.store.contexts import papers_by_meeting
from papers.store.files import digest

WORK, PAPERS = Path("outputs/work"), Path("outputs/papers")


@dataclass(frozen=True)
class Request:
    """What a person asks for. `papers` are numbers; an empty `meeting` means that papers are named.

    `correction` allows a change after the freeze; `corrects` are the ids of corrections that a revision takes up;
    `since` is the day from which on a package has what changed.
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
        """An event of this order; its line and check come when it is written."""
        about = {"file": "", "sha256": "", "sources": "", "corrects": "", **more}
        words = {"title": " ".join(title.split()), "by": self.by, "why": self.why, **about}
        return LedgerRow(
            line="", date=self.date, event=event, number=number, kind=kind, meeting=meeting, check="", **words
        )


@dataclass
class LedgerSession:
    """The ledger held alone: events are planned, then written together. `told` is what the person is told at the end."""

    order: Request
    ledger: Ledger
    problems: Problems
    planned: list[LedgerRow] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def plan(self, event: LedgerRow) -> bool:
        """Plans an event if the rules allow it; a refusal is a problem of the ledger."""
        if refused := self.ledger.why_not(event):
            self.refuse(refused)
            return False
        self.ledger.add(event)
        self.planned.append(event)
        return True

    def refuse(self, refused: Refusal, place: Place | None = None) -> None:
        ledger = Place(f"{archive_folder(self.order.forum).as_posix()}/{LEDGER_NAME}")
        self.problems.add(place or ledger, "not-recorded", *refused)

    def write(self, last: LedgerRow | None) -> None:
        """Appends what was planned."""
        for event in append(archive_folder(self.order.forum), self.planned, last):
            self.told.append(f"{event.date}  {event.event:9}  {event.number}  {event.title}")


def open_session(order: Request, problems: Problems) -> tuple[LedgerSession, LedgerRow | None]:
    """A session on the ledger as it is, and its last event."""
    file = read_ledger(Path(), order.forum, problems)
    session = LedgerSession(order, ledger_of(file, problems), problems)
    return session, file.rows[-1] if file.rows else None


def run_verb(verb, order: Request, problems: Problems) -> list[str]:
    """Runs a verb: a function of a session that plans events and returns what to do before and after they are written.

    To be called under the lock. Returns what to tell; with problems, nothing was written.
    """
    session, last = open_session(order, problems)
    finish = None if problems else verb(session)
    if problems:
        return []
    before, after = finish or (None, None)
    if before:
        before()
    if session.planned:
        session.write(last)
    else:
        rewrite_end(archive_folder(order.forum), last)
    if after:
        after()
    return session.told


@dataclass(frozen=True)
class BuiltPaper:
    """A paper of the last build, and the meeting at which it is tabled."""

    number: str
    title: str
    kind: str
    file: str
    meeting: str
    made_from: tuple[str, ...]


def built_papers(order: Request, problems: Problems) -> list[BuiltPaper]:
    """The papers of the last build that an order names; one that it names and that is not there is a problem."""
    index = papers_by_meeting(WORK / "contexts")
    if order.meeting and order.meeting not in index:
        todo = did_you_mean(order.meeting, index, "Correct meeting=...")
        found, expected = f"meeting={order.meeting}", f"a meeting with papers: {', '.join(sorted(index))}"
        problems.add(Place("command"), "unknown-meeting", found, expected, todo)
        return []
    papers = [paper for meeting in sorted(index) for paper in _of_meeting(meeting, index[meeting])]
    chosen = [p for p in papers if p.number in order.papers or (order.meeting and p.meeting == order.meeting)]
    for number in sorted({*order.papers} - {paper.number for paper in papers}):
        unknown_paper(number, [paper.number for paper in papers], problems)
    return chosen


def _of_meeting(meeting: str, papers: list[dict]) -> list[BuiltPaper]:
    return [
        BuiltPaper(p["number"], p["title"], p["kind"], p["file"], meeting, tuple(p["made_from"]))
        for p in papers
    ]


def unknown_paper(number: str, known: list[str], problems: Problems) -> None:
    same = [one for one in known if base_of(one) == base_of(number)]
    guess = same[0] if same else nearest(number, known)
    todo = f'Did you mean "{guess}"?' if guess else "Correct paper=..."
    problems.add(
        Place("command"), "unknown-paper", f"paper={number}", "the number of a paper of the inputs", todo
    )


def issue(session: LedgerSession):
    """Records papers as circulated, and keeps their files. What is issued already is told, not recorded again."""
    keeping, unfinished = [], open_texts(WORK)
    for paper in built_papers(session.order, session.problems):
        data = read_as_built(session, paper)
        before = session.ledger.issued(paper.number)
        if before and before.sha256 == digest(data):
            session.told.append(f"{paper.number} was issued on {before.date} already, as it is now")
            continue
        if not _is_finished(session, paper, unfinished.get(paper.file, [])):
            continue
        sources = sources_list([*paper.made_from, "config.yaml", *_templates()])
        event = _issued(session.order, paper, data, sources)
        _check_corrected(session, paper, data)
        if session.plan(event) and _free(session, event):
            keeping.append((paper.file, data, sources))
    return (lambda: [archive_paper(session.order.forum, *kept) for kept in keeping]), None


def read_as_built(session: LedgerSession, paper: BuiltPaper) -> bytes:
    """The paper's file; one that was edited since the build is refused, for only what is made can be made again."""
    data = (PAPERS / paper.file).read_bytes()
    record = json.loads((WORK / "record" / f"{paper.meeting}.json").read_bytes())["digests"]
    if digest(data) not in record[paper.file]:
        todo = "Close it in Word and run the command again; what it should say belongs into inputs/."
        refused = Refusal(f"{paper.number}, edited since it was built", "the paper as built", todo)
        session.refuse(refused, Place((PAPERS / paper.file).as_posix()))
    return data


def _is_finished(session: LedgerSession, paper: BuiltPaper, open_text: list[str]) -> bool:
    """What is issued stays for ever: a paper with open text needs a reason, which the ledger keeps."""
    if not open_text or session.order.why:
        return True
    more = f", and {len(open_text) - 1} more" if len(open_text) > 1 else ""
    todo = 'Finish the text, accept it in accepted.yaml, or say why it is issued as it is: why="...".'
    refused = Refusal(f"{paper.number} with open text: {open_text[0]}{more}", "a finished text", todo)
    session.refuse(refused, Place((PAPERS / paper.file).as_posix()))
    return False


def _check_corrected(session: LedgerSession, paper: BuiltPaper, data: bytes) -> None:
    """A revision says what the corrections ask for that it takes up."""
    standing = session.ledger.papers.get(base_of(paper.number))
    names = standing.next.corrects.split() if standing and standing.next else []
    rows = read_corrections(Path(), session.order.forum, session.problems).rows if names else []
    for row in (row for row in rows if row.id in names):
        if refused := not_corrected(row, data):
            session.refuse(refused, Place((PAPERS / paper.file).as_posix()))


def _issued(order: Request, paper: BuiltPaper, data: bytes, sources: bytes) -> LedgerRow:
    digests = {"file": paper.file, "sha256": digest(data), "sources": digest(sources)}
    return order.event("issued", paper.number, paper.kind, paper.meeting, paper.title, **digests)


def _templates() -> list[str]:
    return sorted(
        path.as_posix() for path in Path("templates").glob("*.docx") if not path.name.startswith("~$")
    )


def _free(session: LedgerSession, event: LedgerRow) -> bool:
    """A file that lies there though no event names it is left from an interrupted issue, or worse: look at it."""
    place = archive_folder(session.order.forum) / event.file
    if not place.exists() or digest(place.read_bytes()) == event.sha256:
        return True
    todo = "If make issue was interrupted, delete that file and run it again; else ask who put it there."
    refused = Refusal(
        f"another file in the place of {event.number}, in no event of the ledger", "an empty place", todo
    )
    session.refuse(refused, Place(place.as_posix()))
    return False


def freeze(session: LedgerSession):
    """Pins number, revision and digest of every paper of a meeting."""
    order = session.order
    for paper in built_papers(order, session.problems):
        data = read_as_built(session, paper)
        standing = session.ledger.papers.get(base_of(paper.number))
        if standing and standing.frozen and standing.frozen.number == paper.number and not standing.next:
            session.told.append(f"{paper.number} was frozen on {standing.frozen.date} already")
            continue
        event = order.event(
            "frozen",
            paper.number,
            paper.kind,
            paper.meeting,
            paper.title,
            file=paper.file,
            sha256=digest(data),
        )
        session.plan(event)


def withdraw(session: LedgerSession):
    """Takes papers out of circulation; their numbers are never given again. Their entries are for a person to delete."""
    for number in session.order.papers:
        standing = session.ledger.papers.get(base_of(number))
        if standing is None:
            unknown_paper(number, [s.first.number for s in session.ledger.papers.values()], session.problems)
            continue
        title = (standing.latest or standing.first).title
        if session.plan(session.order.event("withdrawn", number, standing.kind, standing.meeting, title)):
            session.told.append(f"Now delete the entry of {number} in the file of {standing.meeting}.")
