"""The mid-term review: how far the plan has come, what is missing, and what the Chair recommends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.wording import review_text
from papers.wording.narrative import narrative
from papers.wording.review_text import facts
from papers.wording.tags import Blocks, Values
from papers.wording.words import Words

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Paper

TAGS = {**review_text.TAGS, "executive_summary": Blocks("the Chair's summary")}


def sources(model: Model, paper: Paper) -> list[str]:
    """Return the files of the endorsed edition, with which the one under review is compared."""
    return review_text.endorsed(model).files


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`."""
    summary = narrative(model, paper, "executive-summary", facts(model, paper))
    return {**review_text.context(model, paper), "executive_summary": summary}


WORDS = Words(tags=TAGS, context=context, facts=facts, sources=sources)
