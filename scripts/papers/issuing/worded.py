"""What the papers of the last reading of the inputs are, apart from what they say, for all who need no more than that.

outputs/work/contexts/papers.json: code of a meeting -> its papers, each as in its context but for the texts; of these the
cover's alone, which word the meeting. The contexts themselves are fifty times as large. Standard library only.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ALL = "papers.json"
_TEXTS = ("fields", "places")


def about(paper: dict) -> dict:
    """What is kept there of a paper's context."""
    known = {key: value for key, value in paper.items() if key not in _TEXTS}
    return {**known, "cover": paper["fields"]["cover"]}


def papers_by_meeting(contexts: Path) -> dict[str, list[dict]]:
    """Code of a meeting -> its papers in order of their numbers. `contexts` is outputs/work/contexts."""
    return json.loads((contexts / ALL).read_bytes())
