"""Compare the papers in the inputs with the ledger: issued papers stay, and revisions are in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.ledger.rules import (
    Ledger,
    PaperStatus,
    Refusal,
    refuse_frozen_meeting,
    refuse_number_of_other_draft,
    refuse_number_of_other_forum,
    refuse_other_kind,
    revise_hint,
)
from papers.problems import Place, Problems

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.inputs.unread import Unread
    from papers.ledger.file import LedgerRow
    from papers.model.meetings import Meeting, Paper


def check_issued(
    meetings: Iterable[Meeting], ledger: Ledger, forum: str, unread: Unread, problems: Problems
) -> None:
    """Check that every paper may have its number, and that every issued paper is still in the inputs."""
    entered = set()
    for meeting in meetings:
        for paper in meeting.papers:
            entered.add(paper.number.base)
            if refusal := _refusal(paper, paper.number.revision, meeting, ledger):
                problems.add(paper.place, "not-as-issued", *refusal)
    for base, standing in ledger.papers.items():
        file = f"inputs/{forum}/meetings/{standing.meeting}.yaml"
        latest = None if standing.withdrawn or base in entered else standing.latest
        if latest and not unread.has("meeting", standing.meeting):
            found = f"no paper {latest.number}, issued on {latest.date} ({latest.title})"
            todo = f'Add its entry again, or run make withdraw paper={latest.number} why="...".'
            problems.add(Place(file, key="papers"), "issued-paper-gone", found, "every issued paper", todo)


def _refusal(paper: Paper, revision: int, meeting: Meeting, ledger: Ledger) -> Refusal | None:
    """Return why a paper cannot have its number; None where it can."""
    number, base = str(paper.number), paper.number.base
    standing = ledger.papers.get(base)
    if base in ledger.others and not (standing and standing.circulated):
        return refuse_number_of_other_forum(number, ledger.others[base])
    if standing is None and base in ledger.drafts:
        return refuse_number_of_other_draft(number, ledger.drafts[base])
    if standing is None:
        return refuse_frozen_meeting(meeting.code, number) if meeting.code in ledger.frozen else None
    if paper.set_aside and revision in standing.issued:
        found = f"{number}, issued on {standing.issued[revision].date}, with its file set aside"
        todo = (
            f"Delete the entry under set_aside: the issued paper stays as it is. To replace it, run make revise "
            f'paper={number} why="..."; to take it back, make withdraw paper={number} why="...".'
        )
        return Refusal(found, "a paper that was not issued yet", todo)
    if standing.withdrawn:
        found = f"{number}, withdrawn on {standing.withdrawn.date} ({standing.withdrawn.why})"
        return Refusal(
            found, "no paper that was withdrawn", "Delete its entry; a new paper gets its own number."
        )
    if standing.kind != paper.kind and standing.circulated:
        todo = (
            f"Write kind: {standing.kind} again. If it is another paper, delete the line of the number "
            "and run make number."
        )
        return refuse_other_kind(number, paper.kind, standing)._replace(todo=todo)
    if standing.latest is None:
        return None
    before = ledger.grammar.with_revision(standing.base, revision - 1) if revision else ""
    return _wrong_revision(paper, before, standing, standing.latest)


def _wrong_revision(paper: Paper, before: str, standing: PaperStatus, latest: LedgerRow) -> Refusal | None:
    """Return why a paper that was issued cannot have its number; `before` is the revision before it, or ""."""
    number, revision, supersedes = str(paper.number), paper.number.revision, paper.supersedes
    highest, begun = latest.number, standing.next
    if begun and number != begun.number:
        todo = f'Run make revise paper={highest} why="..." again to finish it.'
        return Refusal(f"{number}, though {begun.number} was begun on {begun.date}", begun.number, todo)
    if not begun and number != highest:
        outdated = revision < max(standing.issued)
        todo = f"Write {highest} again." if outdated else revise_hint(highest)
        expected = (
            f"{highest}, the latest that was issued" if outdated else "a revision begun with make revise"
        )
        return Refusal(number, expected, todo)
    if supersedes != before and revision - 1 in standing.issued:
        todo = f"Write supersedes: {before} in the paper's entry."
        return Refusal(f"{number} as superseding {supersedes or 'nothing'}", before, todo)
    return None
