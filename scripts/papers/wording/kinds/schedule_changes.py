"""The changes of the schedule since the edition that was endorsed with the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.model.schedule_changes import changes
from papers.wording import needs, review_text, schedule_text
from papers.wording.paragraphs import paragraphs
from papers.wording.phrases import said, say
from papers.wording.tags import Blocks, Each, Flag, Text, Values
from papers.wording.words import Words

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Paper

_CHANGES: Each = schedule_text.changes_tag("the endorsed edition")
TAGS = {
    "title": Text("title over the text"),
    "introduction": Blocks("which review the changes belong to; nothing without one"),
    "summary": Blocks("the changes in words"),
    "has_changes": Flag("yes where anything changed"),
    "changes": _CHANGES,
    "not_listed": schedule_text.NOT_LISTED_TAG,
}


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`."""
    edition, older = needs.edition_of(model, paper), review_text.endorsed(model)
    found = changes(older, edition)
    review = review_text.companion(model, paper, *review_text.REVIEWS)
    introduction = say(model, "schedule-changes.introduction", review=str(review.number) if review else "")
    return {
        "title": paper.title,
        "introduction": paragraphs(said(introduction)),
        "summary": paragraphs(schedule_text.changes_in_words(model, found)),
        "has_changes": bool(found),
        "changes": schedule_text.table_of_changes(found, model.plans[paper.plan]),
        "not_listed": schedule_text.not_listed_in_words(model, found),
    }


def sources(model: Model, paper: Paper) -> list[str]:
    """Return the files of the endorsed edition."""
    return review_text.endorsed(model).files


WORDS = Words(tags=TAGS, context=context, sources=sources)
