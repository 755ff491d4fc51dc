"""Adapter of the rule `redline`: a meeting's papers and those that they follow -> redlines."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers.errors import UserError
from papers.job import run_job
from papers.redlines.engine import engine, redline
from papers.redlines.pairs import ComparedPaper, Pair, pairs_by_meeting
from papers.store.files import content, digest, read_bytes
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
    engine()  # without it no pair can be compared, now or in the next build
    redlines, failed = _compare_all(pairs, contents)
    made = [pair for pair in pairs if pair.file in redlines]
    papers = [{**_facts(pair), "sha256": digest(redlines[pair.file])} for pair in made]
    facts = [
        {"file": pair.file, "since": pair.old.number, "of": _built_digests(pair, contents)} for pair in made
    ]
    write_stage(out, redlines, meeting=meeting, papers=papers, compared=facts, failed=failed)


def _compare_all(
    pairs: list[Pair], contents: dict[ComparedPaper, bytes]
) -> tuple[dict[str, bytes], list[str]]:
    """Return the redlines by file, and a sentence for each pair that cannot be compared.

    The rule `changes` reports these when it has delivered the others.
    """
    redlines: dict[str, bytes] = {}
    failed: list[str] = []
    for pair in pairs:
        try:
            redlines[pair.file] = redline(pair, contents[pair.old], contents[pair.new])
        except UserError as error:
            failed.append(str(error))
    return redlines, failed


def _read(paper: ComparedPaper, built: dict) -> bytes:
    if paper.archived:
        return read_bytes(paper.archived)
    return content(built[f"{PAPERS}/{paper.file}"])


def _facts(pair: Pair) -> dict[str, str]:
    return {"number": pair.new.number, "title": pair.title, "kind": "changes", "file": pair.file}


def _built_digests(pair: Pair, contents: dict[ComparedPaper, bytes]) -> dict[str, str]:
    """The built papers that were compared: when the digest of one changes, the redline is outdated."""
    return {paper.file: digest(contents[paper]) for paper in (pair.old, pair.new) if not paper.archived}


if __name__ == "__main__":
    sys.exit(run_job(main))
