"""The verb `status`: print where the papers of a meeting stand, in lines of at most 80 characters."""

from __future__ import annotations

import datetime
import sys
import textwrap
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from papers.inputs.forums import choose_forum, organisation_of_forum
from papers.ledger.archive import inputs_of
from papers.ledger.file import END_NAME, LEDGER_NAME, read_ledger
from papers.ledger.rules import ledger_of
from papers.problems import Problems, count_of
from papers.record.built_papers import report_unknown_meeting
from papers.record.paper_places import find_papers
from papers.record.session import Request
from papers.record.status import (
    DIFFERS,
    DRAFT,
    ISSUED,
    NO_NUMBER,
    NOT_BUILT,
    NOT_RECEIVED,
    READY,
    REVISED,
    SET_ASIDE,
    WITHDRAWN,
    meeting_status,
)
from papers.seal.provenance import sealed_provenance
from papers.store.files import DamagedFile, digest, read_bytes, read_json
from papers.store.work_files import INDEX_FILE, INPUTS_FILE
from papers.wording.english import date, dates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.record.status import MeetingStatus, PaperState, ReturnsState

WIDTH = 80


def run(verb: str, options: dict[str, str]) -> int:
    """Print the state of a meeting; return the exit code."""
    problems = Problems()
    forum = choose_forum(options, problems)
    organisation = organisation_of_forum(Path(), forum, problems) if forum else None
    status = None
    if organisation:
        request = Request(forum, organisation.grammar, options["meeting"], (), "", "", "")
        ledger = ledger_of(read_ledger(Path(), forum, problems), organisation.grammar, problems)
        status = None if problems else meeting_status(request, ledger, organisation, problems)
        if status is None and not problems:
            codes = [text.document.form.code for text in find_papers(request, Problems())[0]]
            report_unknown_meeting(request.meeting, codes, problems)
    if organisation is None or status is None:
        print("The state of the meeting is not known. Please fix:", file=sys.stderr)
        print(*(f"  {line}" for line in problems.lines()), sep="\n", file=sys.stderr)
        return 1
    print(*_page(status, _stale(request.work, forum)), sep="\n")
    return 0


def _stale(work: Path, forum: str) -> str:
    """Return why the last build may not show the inputs as they are now; "" if it does."""
    if not (work / "contexts" / INDEX_FILE).is_file():
        return "The last build was not completed: run make, and correct what it names."
    try:
        before: dict[str, str] = dict(read_json(work / INPUTS_FILE))
        sealed = sealed_provenance(work)
    except DamagedFile:
        return "The last build was not completed: run make first."
    names = [*inputs_of(forum), *sealed["templates"], *sealed["config"]]
    before |= {**sealed["templates"], **sealed["config"]}
    now = {name: digest(read_bytes(name)) for name in names if Path(name).is_file()}
    changed = sorted(
        name
        for name in before.keys() | now.keys()
        if before.get(name) != now.get(name) and name.rpartition("/")[2] not in (LEDGER_NAME, END_NAME)
    )
    if not changed:
        return ""
    more = f" and {count_of(len(changed) - 1, 'other file')}" if len(changed) > 1 else ""
    return (
        f"{changed[0]}{more} changed since the last build: run make first. Restated text, open text, blank"
        " contents and illustrations are as they were then."
    )


def _page(status: MeetingStatus, stale: str) -> Iterator[str]:
    form = status.form
    place = [part for part in (form.code, form.city, dates(form.start, form.end)) if part]
    yield from _wrapped(", ".join(place))
    if status.frozen:
        yield f"Frozen on {status.frozen}."
    if stale:
        yield from _wrapped(stale)
    yield ""
    number, state = (max(map(len, column), default=0) + 2 for column in _columns(status.papers))
    for paper in status.papers:
        yield from _paper(paper, number, state)
    yield ""
    counts = Counter(paper.state for paper in status.papers)
    listed = ", ".join(f"{count} {state}" for state, count in counts.items())
    yield from _wrapped(f"{count_of(len(status.papers), 'paper')}{f': {listed}' if listed else ''}.")
    for returns in status.returns:
        yield ""
        yield from _returns(returns)
    yield ""
    yield from _missing(status)


def _columns(papers: list[PaperState]) -> tuple[list[str], list[str]]:
    return [paper.number or "-" for paper in papers], [paper.state for paper in papers]


def _paper(paper: PaperState, number: int, state: int) -> Iterator[str]:
    head, indent = f"{paper.number or '-':{number}}{paper.state:{state}}", " " * (number + state)
    yield from _wrapped(paper.title, head, indent)
    if paper.details:
        yield from _wrapped("; ".join(paper.details), f"{indent}- ", f"{indent}  ")


def _wrapped(text: str, first: str = "", later: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False)


def _returns(returns: ReturnsState) -> Iterator[str]:
    total = len(returns.returned) + len(returns.missing)
    head = f"Returns for {returns.year} ({returns.plan}): {len(returns.returned)} of {total}."
    yield from _wrapped(head)
    if returns.due:
        yield f"  Due by {date(returns.due)}."
    yield from _wrapped(f"  Returned: {'; '.join(returns.returned) or 'none'}", later="    ")
    if returns.missing:
        yield from _wrapped(f"  Not returned: {'; '.join(returns.missing)}", later="    ")
    if returns.not_counted:
        text = f"  Dated after {returns.counted_until}, so not counted: {'; '.join(returns.not_counted)}"
        yield from _wrapped(text, later="    ")


def _missing(status: MeetingStatus) -> Iterator[str]:
    """Yield what is left to do until the meeting begins, each with the command that does it."""
    code, start = status.form.code, status.form.start
    of = {state: [p for p in status.papers if p.state == state] for state in _TODO}
    lines = [
        todo.format(papers=_named(of[state]), meeting=code) for state, todo in _TODO.items() if of[state]
    ]
    lines += [
        f"Returns for {returns.year} of {count_of(len(returns.missing), 'economy')}."
        for returns in status.returns
        if returns.missing and not all(p.state == ISSUED for p in status.papers)
        if not (returns.due and isinstance(start, datetime.date) and returns.due > start)
    ]
    until = f" until {date(start)}" if isinstance(start, datetime.date) else ""
    if not lines:
        yield f"Nothing is missing{until}."
        return
    yield f"Missing{until}:"
    for line in lines:
        yield from _wrapped(line, "  - ", "    ")


_TODO = {
    NOT_RECEIVED: "Not received: {papers}. Copy the file to its place, or delete the entry.",
    NO_NUMBER: "Without a number: {papers}. Run make number meeting={meeting}.",
    SET_ASIDE: "Set aside: {papers}. Delete the entry under set_aside when a good file is in its place.",
    NOT_BUILT: "Not built: {papers}. Run make.",
    DRAFT: "To finish: {papers}. Or issue them with a reason (why=...).",
    READY: "To issue: {papers}. Run make issue meeting={meeting}.",
    REVISED: "Revised and not issued: {papers}. Run make issue meeting={meeting}.",
    DIFFERS: "Differing from what was issued: {papers}. Undo the change, or run make revise.",
    WITHDRAWN: "Withdrawn, with an entry left: {papers}. Delete the entry.",
}


def _named(papers: list[PaperState]) -> str:
    return ", ".join(paper.number.rpartition("/")[2] or f'"{paper.title}"' for paper in papers)
