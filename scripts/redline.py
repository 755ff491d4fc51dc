"""Adapter of the rule `redline`: a meeting's papers and those that they follow -> redlines."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers.job import run_job
from papers.redlines.engine import redline
from papers.redlines.pairs import ComparedPaper, Pair, pairs_by_meeting
from papers.store.files import content, digest
from papers.store.output_files import PAPERS
from papers.store.stages import write_stage
from papers.store.work_files import built_files

if TYPE_CHECKING:
    from papers.job import JobLog


def main(log: JobLog, work: str, meeting: str, out: str) -> None:
    pairs = pairs_by_meeting(Path(work, "contexts"))[meeting]
    compared = {paper for pair in pairs for paper in (pair.old, pair.new)}
    built = built_files(Path(work))
    contents = {paper: _read(paper, built) for paper in compared}
    redlines = {pair.file: redline(pair, contents[pair.old], contents[pair.new]) for pair in pairs}
    papers = [{**_facts(pair), "sha256": digest(redlines[pair.file])} for pair in pairs]
    facts = [
        {"file": pair.file, "since": pair.old.number, "of": _built_digests(pair, contents)} for pair in pairs
    ]
    write_stage(out, redlines, meeting=meeting, papers=papers, compared=facts)


def _read(paper: ComparedPaper, built: dict) -> bytes:
    if paper.archived:
        return Path(paper.archived).read_bytes()
    return content(built[f"{PAPERS}/{paper.file}"])


def _facts(pair: Pair) -> dict[str, str]:
    return {"number": pair.new.number, "title": pair.title, "kind": "changes", "file": pair.file}


def _built_digests(pair: Pair, contents: dict[ComparedPaper, bytes]) -> dict[str, str]:
    """The built papers that were compared: when the digest of one changes, the redline is outdated."""
    return {paper.file: digest(contents[paper]) for paper in (pair.old, pair.new) if not paper.archived}


if __name__ == "__main__":
    sys.exit(run_job(main))
