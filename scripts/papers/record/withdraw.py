"""The verb withdraw: an event, the entry removed from the inputs, and revisions of the lists that named the paper."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from papers.ledger.rules import Refusal
from papers.record.built_papers import report_unknown_paper
from papers.record.paper_places import edits_of, find_papers, remove_entries
from papers.record.revise import begin_lists, say_what_is_next
from papers.record.session import FileWrites

if TYPE_CHECKING:
    from papers.ledger.rules import PaperStatus
    from papers.record.paper_places import PaperPlace
    from papers.record.session import LedgerSession


def withdraw_papers(session: LedgerSession) -> FileWrites | None:
    """Withdraw papers; their numbers are never used again.

    A paper that was withdrawn and still has its entry is completed: the entry may have been restored.
    """
    base_of, papers = session.ledger.grammar.base_of, find_papers(session.request, session.problems)[1]
    entries = {base_of(paper.number): paper for paper in papers if paper.number}
    gone: list[PaperPlace] = []
    codes: set[str] = set()
    for number in session.request.papers:
        status, entry = session.ledger.papers.get(base_of(number)), entries.get(base_of(number))
        if status is None:
            known = [other.first.number for other in session.ledger.papers.values()]
            report_unknown_paper(number, known, session.ledger.grammar, session.problems)
        elif status.withdrawn and not entry:
            session.messages.append(f"{number} was withdrawn on {status.withdrawn.date} already")
        elif status.withdrawn or _plan_withdrawal(session, number, status):
            gone += [entry] if entry else []
            codes |= {status.meeting}
    begin_lists(session, papers, gone, codes, "withdrawal")
    remove_entries(session, gone)
    return FileWrites(after=partial(say_what_is_next, session), edits=edits_of(papers))


def _plan_withdrawal(session: LedgerSession, number: str, status: PaperStatus) -> bool:
    """Plan the withdrawal of a paper; return whether it is allowed."""
    if refused := _refuse_freeze(session, number, status):
        session.refuse(refused)
        return False
    title = (status.latest or status.first).title
    return session.plan(session.request.event("withdrawn", number, status.kind, status.meeting, title))


def _refuse_freeze(session: LedgerSession, number: str, status: PaperStatus) -> Refusal | None:
    """Return why a paper of a frozen meeting is withdrawn only as a correction, and one of another meeting never."""
    frozen, correction = status.meeting in session.ledger.frozen, session.request.correction
    if frozen and not correction:
        todo = f'Give a reason: make withdraw paper={number} correction=yes why="...".'
        found = f"{number}, a withdrawal at {status.meeting}, which is frozen"
        return Refusal(found, "a correction with a reason", todo)
    if correction and not frozen:
        todo = "Run the command without correction=yes."
        return Refusal(f"a correction at {status.meeting}", "a frozen meeting", todo)
    return None
