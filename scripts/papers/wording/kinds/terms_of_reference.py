"""The Terms of Reference: the last part of the plan, or a paper of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.wording.narrative import heading, named_blocks
from papers.wording.tags import Blocks, Each, Line, Text

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Paper

TEMPLATE, NAMESPACE = "terms-of-reference", "terms"
PARTS = ("terms-of-reference",)
NEEDS = ("terms",)
TAGS = {
    "title": Text("title over the text"),
    "sections": Each(
        "the sections, in the order of terms.yaml",
        {"heading": Line("heading"), "text": Blocks("paragraphs and lists; amended passages in italics")},
    ),
}


def context(model: Model, paper: Paper) -> dict:
    """The tags of the Terms of Reference."""
    sections = [
        {
            "heading": heading(section, {}),
            "text": richtext.blocks(*(p for _, part in named_blocks(section, {}, {}) for p in part)),
        }
        for section in model.terms.sections
    ]
    return {"title": model.terms.title, "sections": sections}
