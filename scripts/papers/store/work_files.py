"""What `read` and other jobs leave in outputs/work for later jobs: names of files, and readers.

contexts/<meeting>.json   by `read`: all that `fill` needs to know of a meeting's papers, their texts included
contexts/index.json       by `read`: meeting -> the kinds of its papers
contexts/papers.json      by `read`: meeting -> its papers without their texts, which are fifty times as large
traces/<paper>.json       by `read`: where each figure of a paper was counted from
changes/filled/*.json     by `redline`: a manifest a meeting, with its comparisons under "compared"
pdf/filled/*.json         by `pdf`: a manifest a meeting, with its PDFs under "converted"

Standard library only, as every build imports this module.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from papers.store.files import to_json, write_atomic

if TYPE_CHECKING:
    from pathlib import Path

INDEX_FILE, PAPERS_FILE = "index.json", "papers.json"
UPDATED_SCHEDULE = "updated-schedule"  # the kind whose schedule is compared with that of the year before
RECEIVED = (
    "received"  # the kind of papers that others send, and the name of their folder below inputs/<forum>/
)
ANNEX = "sources-annex"
SHARED_TEMPLATES = ("cover", ANNEX)  # templates that are parts of papers of many kinds
_TEXTS = ("fields", "places")  # keys of a paper's context


def summary_of_context(paper: dict) -> dict:
    """Return a paper's context as papers.json keeps it: of its texts only the cover's."""
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
    """Return papers.json: code of a meeting -> its papers in order of their numbers.

    `contexts` is outputs/work/contexts.
    """
    return json.loads((contexts / PAPERS_FILE).read_bytes())


def trace_file(paper_file: str) -> str:
    """Return the path of a paper's trace, relative to the folder of traces."""
    return f"{paper_file.removesuffix('.docx')}.json"


def manifests(folder: Path) -> list[dict]:
    """Return the manifests of the last comparisons or PDFs, one a meeting; none before the first.

    `folder` is outputs/work/changes or outputs/work/pdf.
    """
    return [json.loads(file.read_bytes()) for file in sorted((folder / "filled").glob("*.json"))]


def outdated_files(folder: Path, delivered: dict[str, str], made_by: str = "compared") -> list[str]:
    """Return the comparisons (or PDFs, with "converted") made from an earlier text of a paper.

    `delivered` maps the file of each paper to its digest now.
    """
    files = [file for manifest in manifests(folder) for file in manifest[made_by]]
    return [
        file["file"]
        for file in files
        if any(delivered.get(paper) != sha256 for paper, sha256 in file["of"].items())
    ]
