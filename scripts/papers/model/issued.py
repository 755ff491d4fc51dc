"""Compare the papers in the inputs with the ledger: issued papers stay, and revisions are in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.ledger.rules import (
    Ledger,
    PaperStatus,
    Refusal,
    refuse_frozen_meeting,
    refuse_other_kind,
    revise_hint,
)
from papers.numbers import base_of, split_number, with_revision
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
            base, revision = split_number(str(paper.number))
            entered.add(base)
            if refusal := _refusal(paper, revision, meeting, ledger):
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
    number, standing = str(paper.number), ledger.papers.get(base_of(str(paper.number)))
    if standing is None:
        return refuse_frozen_meeting(meeting.code, number) if meeting.code in ledger.frozen else None
    if standing.withdrawn:
        found = f"{number}, withdrawn on {standing.withdrawn.date} ({standing.withdrawn.why})"
        return Refusal(
            found, "no paper that was withdrawn", "Delete its entry; a new paper gets its own number."
        )
    if standing.kind != paper.kind:
        todo = (
            f"Write kind: {standing.kind} again. If it is another paper, delete the line of the number "
            "and run make number."
        )
        return refuse_other_kind(number, paper.kind, standing)._replace(todo=todo)
    if standing.latest is None:
        return None
    return _wrong_revision(number, revision, paper.supersedes, standing, standing.latest)


def _wrong_revision(
    number: str, revision: int, supersedes: str, standing: PaperStatus, latest: LedgerRow
) -> Refusal | None:
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
    before = with_revision(standing.base, revision - 1) if revision else ""
    if supersedes != before and revision - 1 in standing.issued:
        todo = f"Write supersedes: {before} in the paper's entry."
        return Refusal(f"{number} as superseding {supersedes or 'nothing'}", before, todo)
    return None
