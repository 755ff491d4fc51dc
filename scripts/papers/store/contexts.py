"""What the papers of the last reading of the inputs are, apart from what they say, for all who need no more than that.

outputs/work/contexts/papers.json: code of a meeting -> its papers, each as in its context but for the texts; of these the
cover's alone, which word the meeting. The contexts themselves are fifty times as large. Standard library only.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from papers.store.files import to_json, write_atomic

if TYPE_CHECKING:
    from pathlib import Path

INDEX_FILE, PAPERS_FILE = "index.json", "papers.json"
ANNEX = "sources-annex"
SHARED_TEMPLATES = ("cover", ANNEX)  # templates that are parts of papers of many kinds

_TEXTS = ("fields", "places")


def summary_of_context(paper: dict) -> dict:
    """What is kept there of a paper's context."""
    known = {key: value for key, value in paper.items() if key not in _TEXTS}
    return {**known, "cover": paper["fields"]["cover"]}


def write_context(contexts: Path, traces: Path, context: dict, paper_traces: list[dict]) -> list[dict]:
    """Write the context of a meeting and the trace of each of its papers; return the summaries of the papers."""
    write_atomic(contexts / f"{context['meeting']}.json", to_json(context))
    for trace in paper_traces:
        write_atomic(traces / trace_file(trace["file"]), to_json(trace))
    return [summary_of_context(paper) for paper in context["papers"]]


def write_summaries(contexts: Path, papers: dict[str, list[dict]]) -> None:
    """Write what most jobs need of all contexts. `papers`: code of a meeting -> the summaries of its papers."""
    kinds = {code: sorted({paper["kind"] for paper in summaries}) for code, summaries in papers.items()}
    write_atomic(contexts / INDEX_FILE, to_json(kinds))
    write_atomic(contexts / PAPERS_FILE, to_json(papers))


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
