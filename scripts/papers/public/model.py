"""The model as the public may know it: without the restricted papers, so that nothing worded from it can tell of one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from papers.numbers import names_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.model.forum import Model
    from papers.model.meetings import Paper


def restricted_papers(model: Model) -> list[Paper]:
    """The papers of all meetings that are not public, chosen for the build or not."""
    return [paper for meeting in model.meetings for paper in meeting.papers if paper.access != "public"]


def public_model(model: Model, named: bool = False) -> Model:
    """A copy without the restricted papers; `named`: with the number and title of each, and nothing else of it."""
    hidden = [str(paper.number) for paper in restricted_papers(model)]
    meetings = [
        replace(meeting, papers=[_known(paper, hidden) for paper in meeting.papers if _stays(paper, named)])
        for meeting in model.meetings
    ]
    return replace(model, meetings=meetings)


def _stays(paper: Paper, named: bool) -> bool:
    return named or paper.access == "public"


def _known(paper: Paper, hidden: Iterable[str]) -> Paper:
    """What the public may know of a paper."""
    if paper.access == "public":
        those = tuple(
            words for words in paper.also_tabled if not any(names_number(one, words) for one in hidden)
        )
        return paper if those == paper.also_tabled else replace(paper, also_tabled=those)
    empty = dict.fromkeys(
        (
            "agenda_item", "purpose", "forum_doc_no", "status", "reason", "notes", "supersedes", "received"
        ), ""
    )  # fmt: skip
    return replace(
        paper, withheld=True, submitted_by=(), restricted_until=None, also_tabled=(), late=None, **empty
    )
