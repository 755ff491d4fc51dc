"""The items that a review counted, each once, with the economies that reported it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.wording import english, needs, review_tables
from papers.wording.counts import counted_indicators
from papers.wording.indicator_text import ITEMS, items_by_indicator, set_aside_in_words, years_until
from papers.wording.paragraphs import paragraphs
from papers.wording.phrases import said, say
from papers.wording.review_text import REVIEWS, companion
from papers.wording.tags import Blocks, Flag, Text, Values
from papers.wording.words import Words

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.problems import Problems

TAGS = {
    "title": Text("title over the text"),
    "introduction": Blocks("which items it lists, and which review counts them"),
    "has_areas": Flag("whether the plan has priority areas"),
    "groups": ITEMS,
}


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`."""
    plan, year = model.plans[paper.plan], needs.year_of(paper)
    years = years_until(plan, year)
    groups = items_by_indicator(model, plan, years)
    review = companion(model, paper, *REVIEWS)
    introduction = say(
        model,
        "list-of-items.introduction",
        years=english.years(plan.first_year, year),
        day=review_tables.as_of(model, paper),
        review=str(review.number) if review else "",
        items=sum(len(group["rows"]) for group in groups),
    )
    return {
        "title": paper.title,
        "introduction": paragraphs([*said(introduction), *set_aside_in_words(model, years)]),
        "has_areas": bool(plan.areas),
        "groups": groups,
    }


def check(model: Model, paper: Paper, problems: Problems) -> None:
    """Report a plan without items, and a list that counts until another day than the review that refers to it."""
    plan = model.plans[paper.plan]
    if not counted_indicators(plan):
        found = "a list of items for a plan that has no indicator with items"
        expected = f"one under indicator_headings in {plan.file}"
        problems.add(paper.place, "no-indicators", found, expected, "Add it there, or delete the paper.")
        return
    review = companion(model, paper, *REVIEWS)
    if review is None or review_tables.day(model, review) == review_tables.day(model, paper):
        return
    found = f"items until {review_tables.as_of(model, paper)}"
    expected = f"those until {review_tables.as_of(model, review)}, which {review.number} counts"
    problems.add(paper.place, "as-of", found, expected, "Write the same line as_of: in both entries.")


WORDS = Words(tags=TAGS, context=context, check=check)
