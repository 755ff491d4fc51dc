"""The Terms of Reference: the last part of the plan, or a paper of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.wording.narrative import heading, prose
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
    """Return the values of `TAGS`."""
    sections = [
        {"heading": heading(section, {}), "text": richtext.blocks(*prose(section, {}))}
        for section in model.terms.sections
    ]
    return {"title": model.terms.title, "sections": sections}
