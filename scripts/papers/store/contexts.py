"""What the papers of the last reading of the inputs are, apart from what they say, for all who need no more than that.

outputs/work/contexts/papers.json: code of a meeting -> its papers, each as in its context but for the texts; of these the
cover's alone, which word the meeting. The contexts themselves are fifty times as large. Standard library only.
"""

from __future__ import annotations

import json
from pathlib import Path

PAPERS_FILE = "papers.json"

_TEXTS = ("fields", "places")


def summary_of_context(paper: dict) -> dict:
    """What is kept there of a paper's context."""
    known = {key: value for key, value in paper.items() if key not in _TEXTS}
    return {**known, "cover": paper["fields"]["cover"]}


def papers_by_meeting(contexts: Path) -> dict[str, list[dict]]:
    """Code of a meeting -> its papers in order of their numbers. `contexts` is outputs/work/contexts."""
    return json.loads((contexts / PAPERS_FILE).read_bytes())


def manifests(changed: Path) -> list[dict]:
    """What the jobs of the last `make changes` wrote, a manifest a meeting."""
    return [json.loads(file.read_bytes()) for file in sorted((changed / "filled").glob("*.json"))]


def outdated_files(changed: Path, delivered: dict[str, str], made_by: str = "compared") -> list[str]:
    """The comparisons (or the PDFs, "converted") made from an older text of a paper; `delivered`: its file -> digest."""
    made = [one for manifest in manifests(changed) for one in manifest[made_by]]
    return [c["file"] for c in made if any(delivered.get(file) != sha for file, sha in c["of"].items())]


def trace_file(paper_file: str) -> str:
    """The place of a paper's trace below the folder of traces."""
    return f"{paper_file.removesuffix('.docx')}.json"


RECEIVED = "received"  # the folder below inputs/<forum>/ and the kind of paper
UPDATED_SCHEDULE = (
    "updated-schedule"  # the kind of paper whose schedule is compared with that of the year before
)
