"""The mid-term review: how far the plan has come, what is missing, and what the Chair recommends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.wording import needs, review_text
from papers.wording.kind import Kind, Narrative
from papers.wording.narrative import narrative
from papers.wording.review_text import facts
from papers.wording.tags import Blocks, Values

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Paper

_OWN = {"executive-summary": "Executive Summary"}
TAGS = {**review_text.TAGS, "executive_summary": Blocks("the Chair's summary")}


def narrative_sections(model: Model, paper: Paper) -> dict[str, str]:
    """Return the sections that the Chair writes."""
    return {**_OWN, **review_text.narrative_sections(model, paper)}


def sources(model: Model, paper: Paper) -> list[str]:
    """Return the files of the endorsed edition, with which the one under review is compared."""
    return review_text.endorsed(model).files


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`."""
    summary = narrative(model, paper, "executive-summary", facts(model, paper))
    return {**review_text.context(model, paper), "executive_summary": summary}


KIND = Kind(
    name="mid-term-review",
    namespace="review",
    tags=TAGS,
    parts=("mid-term-review", "implementation-schedule"),
    needs=(needs.PLAN, needs.SCHEDULE, needs.PERIOD, needs.RECOMMENDATIONS),
    context=context,
    narrative=Narrative(sections=narrative_sections, facts=facts),
    sources=sources,
    has_annex=True,
)
