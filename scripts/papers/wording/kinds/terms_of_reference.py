"""The Terms of Reference: the last part of the plan, or a paper of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.wording import needs
from papers.wording.narrative import heading, prose
from papers.wording.tags import Blocks, Each, Line, Text, Values
from papers.wording.words import Words

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Paper

TAGS = {
    "title": Text("title over the text"),
    "sections": Each(
        "the sections, in the order of terms.yaml",
        {"heading": Line("heading"), "text": Blocks("paragraphs and lists; amended passages in italics")},
    ),
}


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`."""
    terms = needs.terms_of(model, paper)
    sections = [
        {"heading": heading(section, {}), "text": richtext.blocks(*prose(section, {}))}
        for section in terms.sections
    ]
    return {"title": terms.title, "sections": sections}


WORDS = Words(tags=TAGS, context=context)
