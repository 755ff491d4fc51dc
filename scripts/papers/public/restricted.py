"""The restricted papers of a model, and the model without them.

No text made from the latter can mention a restricted paper.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from papers.numbers import names_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.numbers import Grammar

_EMPTIED = (
    "agenda_item",
    "purpose",
    "forum_doc_no",
    "status",
    "reason",
    "notes",
    "supersedes",
    "received",
)


def restricted_papers(model: Model) -> list[Paper]:
    """Return the papers of all meetings that are not public, whether they are chosen for the build or not."""
    return [paper for meeting in model.meetings for paper in meeting.papers if paper.access != "public"]


def public_model(model: Model, keep_titles: bool = False) -> Model:
    """Return a copy of the model without the restricted papers.

    With `keep_titles`, they stay with their number and title and nothing else.
    """
    restricted = [str(paper.number) for paper in restricted_papers(model)]
    meetings = [
        replace(
            meeting,
            papers=[
                _public_paper(paper, restricted, model.grammar)
                for paper in meeting.papers
                if keep_titles or paper.access == "public"
            ],
        )
        for meeting in model.meetings
    ]
    return replace(model, meetings=meetings)


def _public_paper(paper: Paper, restricted: Iterable[str], grammar: Grammar) -> Paper:
    """Return a paper with only the facts that may be published."""
    if paper.access != "public":
        return replace(
            paper,
            withheld=True,
            submitted_by=(),
            restricted_until=None,
            also_tabled=(),
            late=None,
            **dict.fromkeys(_EMPTIED, ""),
        )
    also_tabled = tuple(
        other
        for other in paper.also_tabled
        if not any(names_number(number, other.words, grammar.longer) for number in restricted)
    )
    return paper if also_tabled == paper.also_tabled else replace(paper, also_tabled=also_tabled)
