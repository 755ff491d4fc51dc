"""The verbs for finished papers: issue and freeze. Each plans events; see session.py."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from papers.checks.findings import open_texts
from papers.inputs.yaml_nodes import load_yaml
from papers.ledger.archive import archive_folder, archive_paper, sources_list
from papers.ledger.corrections import read_corrections
from papers.ledger.mismatch import source_comments
from papers.ledger.rules import Refusal
from papers.ledger.unrecorded import begin_issue, end_issue
from papers.problems import Problems
from papers.record.built_papers import BuiltPaper, built_papers, read_as_built
from papers.record.corrections import refuse_missing_correction
from papers.record.paper_places import day_counted, day_received, find_papers
from papers.record.session import FileWrites, LedgerSession, Request
from papers.store.files import digest, read_json
from papers.store.work_files import blank_contents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.ledger.file import LedgerRow
    from papers.record.session import EarliestDay


def issue_papers(session: LedgerSession) -> FileWrites | None:
    """Record papers as circulated and archive their files.

    A paper that is issued already is only reported.
    """
    to_archive, accepted, unfinished = [], [], open_texts(session.request.work)
    blank = blank_contents(session.request.work)
    last = session.ledger.events[-1] if session.ledger.events else None
    session.read_drafts()
    days = _earliest_days(session)
    for paper in built_papers(session.request, session.problems):
        data = read_as_built(session, paper)
        before = session.ledger.issued(paper.number)
        if before and before.sha256 == digest(data):
            session.messages.append(f"{paper.number} was issued on {before.date} already, as it is now")
            continue
        faults = list(_faults(paper, unfinished.get(paper.file, []), paper.number in blank))
        if not _may_be_issued(session, paper, faults):
            continue
        sources = _sources(session.request, paper)
        event = _issued_event(session.request, paper, data, sources)
        _check_corrections(session, paper, data)
        if session.plan(event, *days.get(paper.number, ())):
            to_archive.append((paper.file, data, sources))
            accepted += [paper.number] if faults else []
    _keep_reason_where_needed(session, accepted)
    if not to_archive:
        return None
    folder = archive_folder(session.request.forum)
    archive = partial(_archive, session.request.forum, to_archive, last)
    return FileWrites(before=archive, after=partial(end_issue, folder))


def _earliest_days(session: LedgerSession) -> dict[str, list[EarliestDay]]:
    """Return number -> the days before which a paper can't have been issued."""
    papers, parse = find_papers(session.request, session.problems)[1], session.request.grammar.parse
    return {
        str(parse(paper.number)): [*day_counted(paper), *day_received(paper)]
        for paper in papers
        if paper.number
    }


def _keep_reason_where_needed(session: LedgerSession, accepted: list[str]) -> None:
    """Leave the reason out of the events of papers that needed none, if it was given for others."""
    if accepted:
        session.planned = [
            event if event.number in accepted else event._replace(why="") for event in session.planned
        ]


def _archive(forum: str, papers: list[tuple[str, bytes, bytes]], last: LedgerRow | None) -> None:
    begin_issue(archive_folder(forum), (file for file, _, _ in papers), last)
    for file, data, sources in papers:
        archive_paper(forum, file, data, sources)


def _faults(paper: BuiltPaper, open_text: list[str], is_blank: bool) -> Iterator[tuple[str, str, str]]:
    """Yield what is not finished in a paper: what is found, what is expected, and how to finish it.

    `is_blank`: whether its table of contents has no page numbers.
    """
    if is_blank:
        todo = "Install LibreOffice, which finds them, and run make issue again"
        yield "with a table of contents without page numbers", "the page of each heading", todo
    if open_text:
        more = f", and {len(open_text) - 1} more" if len(open_text) > 1 else ""
        todo = "Finish the text, accept it in accepted.yaml"
        yield f"with open text: {open_text[0]}{more}", "a finished text", todo
    if paper.restated:
        todo = "Put the endorsed text into the sections that state restated: true"
        yield "with restated text", "the endorsed text", todo


def _may_be_issued(session: LedgerSession, paper: BuiltPaper, faults: list[tuple[str, str, str]]) -> bool:
    """Refuse a paper that is not finished unless the user names it with a reason, which the ledger keeps.

    The reason that is given for one paper lets no other one through.
    """
    if session.request.why and paper.number in session.request.papers:
        return True
    given = (
        "name the paper of which the reason is" if session.request.why else "say why it is issued as it is"
    )
    for found, expected, todo in faults:
        todo = f'{todo}, or {given}: paper={paper.number} why="...".'
        session.refuse(Refusal(f"{paper.number} {found}", expected, todo), paper.place)
    return not faults


def _issued_event(request: Request, paper: BuiltPaper, data: bytes, sources: bytes) -> LedgerRow:
    digests = {"file": paper.file, "sha256": digest(data), "sources": digest(sources)}
    return request.event("issued", paper.number, paper.kind, paper.meeting, paper.title, **digests)


def _check_corrections(session: LedgerSession, paper: BuiltPaper, data: bytes) -> None:
    """Refuse a revision without the correct words of a correction that it makes."""
    status = session.ledger.papers.get(session.ledger.grammar.base_of(paper.number))
    ids = status.next.corrects.split() if status and status.next else []
    rows = read_corrections(Path(), session.request.forum, session.problems).rows if ids else []
    for row in rows:
        if row.id in ids and (refused := refuse_missing_correction(row, data)):
            session.refuse(refused, paper.place)


def _sources(request: Request, paper: BuiltPaper) -> bytes:
    """Return the list of what a paper was built from, from which a later build sees why the paper differs."""
    context = read_json(request.work / "contexts" / f"{paper.meeting}.json")["papers"]
    (own,) = (own for own in context if own["number"] == paper.number)
    files = [*{*paper.made_from, "config.yaml", *_templates(), *own["templates"], *_logo(request.forum)}]
    return sources_list(files, source_comments(own), {own["received"]: own["received_sha256"]})


def _templates() -> list[str]:
    paths = (path for suffix in ("docx", "yaml") for path in Path("templates").glob(f"*.{suffix}"))
    return sorted(path.as_posix() for path in paths if not path.name.startswith("~$"))


def _logo(forum: str) -> list[str]:
    """Return the path of the forum's logo, in a list that is empty if it has none."""
    form = load_yaml(Path("inputs", forum, "forum.yaml"), "forum.yaml", Problems())[0]
    return [f"inputs/{form['logo']}"] if form.get("logo") else []


def freeze_meeting(session: LedgerSession) -> None:
    """Record number and digest of every paper of a meeting; then only corrections are allowed."""
    for paper in built_papers(session.request, session.problems):
        data = read_as_built(session, paper)
        status = session.ledger.papers.get(session.ledger.grammar.base_of(paper.number))
        if status and status.frozen and status.frozen.number == paper.number and not status.next:
            session.messages.append(f"{paper.number} was frozen on {status.frozen.date} already")
            continue
        about = paper.number, paper.kind, paper.meeting, paper.title
        session.plan(session.request.event("frozen", *about, file=paper.file, sha256=digest(data)))
