"""Fill one paper: most need its prepared file alone. The job `fill` imports this module: standard library only."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from papers.docx.fill import Prepared


def fill_paper(prepared: Prepared, paper: dict) -> bytes:
    """Return a paper filled from its prepared file; an annex of sources states where each figure stands."""
    if paper.get("places"):
        from papers.docx.locate_tags import with_places  # noqa: PLC0415 -- only an annex of sources needs lxml

        paper = with_places(prepared, paper)
    return prepared.fill(paper)
