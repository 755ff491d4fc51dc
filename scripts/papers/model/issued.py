"""The papers of today's inputs against what was issued: numbers stay, revisions follow each other, nothing vanishes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.ledger.rules import Ledger, Refusal, Standing, frozen_meeting, other_kind, revise_hint
from papers.numbers import base_of, split_number, with_revision
from papers.problems import Place, Problems

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.model.meetings import Meeting, Paper


def check_issued(meetings: Iterable[Meeting], ledger: Ledger, forum: str, problems: Problems) -> None:
    """Every paper may carry its number, and every issued paper is still there."""
    there = set()
    for meeting in meetings:
        for paper in meeting.papers:
            base, revision = split_number(str(paper.number))
            there.add(base)
            if refused := _refusal(paper, revision, meeting, ledger):
                problems.add(paper.place, "not-as-issued", *refused)
    broken = {problem.place.file for problem in problems.found}
    for base, standing in ledger.papers.items():
        file = f"inputs/{forum}/meetings/{standing.meeting}.yaml"
        if standing.issued and not standing.withdrawn and base not in there and file not in broken:
            found = f"no paper {standing.latest.number}, issued on {standing.latest.date} ({standing.latest.title})"
            todo = f'Put it back, or run make withdraw paper={standing.latest.number} why="...".'
            problems.add(Place(file, key="papers"), "issued-paper-gone", found, "every issued paper", todo)


def _refusal(paper: Paper, revision: int, meeting: Meeting, ledger: Ledger) -> Refusal | None:
    """Why the paper cannot carry its number."""
    number, standing = str(paper.number), ledger.papers.get(base_of(str(paper.number)))
    if standing is None:
        return frozen_meeting(meeting.code, number) if meeting.code in ledger.frozen else None
    if standing.withdrawn:
        found = f"{number}, withdrawn on {standing.withdrawn.date} ({standing.withdrawn.why})"
        return Refusal(
            found, "no paper that was withdrawn", "Delete its entry; a new paper gets its own number."
        )
    if standing.kind != paper.kind:
        return other_kind(number, paper.kind, standing)
    return _wrong_revision(number, revision, paper.supersedes, standing) if standing.issued else None


def _wrong_revision(number: str, revision: int, supersedes: str, standing: Standing) -> Refusal | None:
    highest, begun = standing.latest.number, standing.next
    if begun and number != begun.number:
        todo = f'Run make revise paper={highest} why="..." again, which finishes it.'
        return Refusal(f"{number}, though {begun.number} was begun on {begun.date}", begun.number, todo)
    if not begun and number != highest:
        late = revision < standing.highest
        todo = f"Write {highest} again." if late else revise_hint(highest)
        expected = f"{highest}, the latest that was issued" if late else "a revision begun with make revise"
        return Refusal(number, expected, todo)
    before = with_revision(standing.base, revision - 1) if revision else ""
    if supersedes != before and revision - 1 in standing.issued:
        todo = f"Write supersedes: {before} at the paper."
        return Refusal(f"{number} as superseding {supersedes or 'nothing'}", before, todo)
    return None
