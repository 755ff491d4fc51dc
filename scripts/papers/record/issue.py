"""The verbs for finished papers: issue, freeze, withdraw. Each plans events; see session.py."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from papers.checks.findings import open_texts
from papers.inputs.yaml_nodes import load_yaml
from papers.ledger.archive import archive_folder, archive_paper, sources_list
from papers.ledger.corrections import read_corrections
from papers.ledger.mismatch import source_comments
from papers.ledger.rules import Refusal, split_number
from papers.problems import Place, Problems
from papers.record.built_papers import WORK, BuiltPaper, built_papers, read_as_built, report_unknown_paper
from papers.record.corrections import refuse_missing_correction
from papers.record.session import FileWrites, LedgerSession, Request
from papers.store.files import digest, read_json

if TYPE_CHECKING:
    from papers.ledger.file import LedgerRow


def issue_papers(session: LedgerSession) -> FileWrites:
    """Record papers as circulated and archive their files.

    A paper that is issued already is only reported.
    """
    to_archive, unfinished = [], open_texts(WORK)
    for paper in built_papers(session.request, session.problems):
        data = read_as_built(session, paper)
        before = session.ledger.issued(paper.number)
        if before and before.sha256 == digest(data):
            session.messages.append(f"{paper.number} was issued on {before.date} already, as it is now")
            continue
        if not _is_finished(session, paper, unfinished.get(paper.file, [])):
            continue
        sources = _sources(session.request.forum, paper)
        event = _issued_event(session.request, paper, data, sources)
        _check_corrections(session, paper, data)
        if session.plan(event) and _archive_has_room(session, event):
            to_archive.append((paper.file, data, sources))
    return FileWrites(before=partial(_archive, session.request.forum, to_archive))


def _archive(forum: str, papers: list[tuple[str, bytes, bytes]]) -> None:
    for file, data, sources in papers:
        archive_paper(forum, file, data, sources)


def _is_finished(session: LedgerSession, paper: BuiltPaper, open_text: list[str]) -> bool:
    """Refuse a paper with open text unless the user gives a reason, which the ledger keeps."""
    if not open_text or session.request.why:
        return True
    more = f", and {len(open_text) - 1} more" if len(open_text) > 1 else ""
    todo = 'Finish the text, accept it in accepted.yaml, or say why it is issued as it is: why="...".'
    refused = Refusal(f"{paper.number} with open text: {open_text[0]}{more}", "a finished text", todo)
    session.refuse(refused, paper.place)
    return False


def _issued_event(request: Request, paper: BuiltPaper, data: bytes, sources: bytes) -> LedgerRow:
    digests = {"file": paper.file, "sha256": digest(data), "sources": digest(sources)}
    return request.event("issued", paper.number, paper.kind, paper.meeting, paper.title, **digests)


def _check_corrections(session: LedgerSession, paper: BuiltPaper, data: bytes) -> None:
    """Refuse a revision without the correct words of a correction that it makes."""
    status = session.ledger.papers.get(split_number(paper.number)[0])
    ids = status.next.corrects.split() if status and status.next else []
    rows = read_corrections(Path(), session.request.forum, session.problems).rows if ids else []
    for row in rows:
        if row.id in ids and (refused := refuse_missing_correction(row, data)):
            session.refuse(refused, paper.place)


def _sources(forum: str, paper: BuiltPaper) -> bytes:
    """Return the list of what a paper was built from, from which a later build sees why the paper differs."""
    context = read_json(WORK / "contexts" / f"{paper.meeting}.json")["papers"]
    (own,) = (own for own in context if own["number"] == paper.number)
    files = [*paper.made_from, "config.yaml", *_templates(), *_logo(forum)]
    return sources_list(files, source_comments(own), {own["received"]: own["received_sha256"]})


def _templates() -> list[str]:
    return sorted(
        path.as_posix() for path in Path("templates").glob("*.docx") if not path.name.startswith("~$")
    )


def _logo(forum: str) -> list[str]:
    """Return the path of the forum's logo, in a list that is empty if it has none."""
    form = load_yaml(Path("inputs", forum, "forum.yaml"), "forum.yaml", Problems())[0]
    return [f"inputs/{form['logo']}"] if form.get("logo") else []


def _archive_has_room(session: LedgerSession, event: LedgerRow) -> bool:
    """Refuse to overwrite an archived file that no event names, such as one of an interrupted issue."""
    path = archive_folder(session.request.forum) / event.file
    if not path.exists() or digest(path.read_bytes()) == event.sha256:
        return True
    todo = "If make issue was interrupted, delete that file and run it again; else ask who put it there."
    found = f"another file in the place of {event.number}, in no event of the ledger"
    session.refuse(Refusal(found, "no file there", todo), Place(path.as_posix()))
    return False


def freeze_meeting(session: LedgerSession) -> None:
    """Record number and digest of every paper of a meeting; then only corrections are allowed."""
    for paper in built_papers(session.request, session.problems):
        data = read_as_built(session, paper)
        status = session.ledger.papers.get(split_number(paper.number)[0])
        if status and status.frozen and status.frozen.number == paper.number and not status.next:
            session.messages.append(f"{paper.number} was frozen on {status.frozen.date} already")
            continue
        about = paper.number, paper.kind, paper.meeting, paper.title
        session.plan(session.request.event("frozen", *about, file=paper.file, sha256=digest(data)))


def withdraw_papers(session: LedgerSession) -> None:
    """Withdraw papers; their numbers are never used again.

    The user deletes their entries from the inputs.
    """
    papers = session.ledger.papers
    for number in session.request.papers:
        status = papers.get(split_number(number)[0])
        if status is None:
            report_unknown_paper(number, [other.first.number for other in papers.values()], session.problems)
            continue
        title = (status.latest or status.first).title
        if session.plan(session.request.event("withdrawn", number, status.kind, status.meeting, title)):
            session.messages.append(f"Now delete the entry of {number} in the file of {status.meeting}.")
