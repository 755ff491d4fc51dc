"""Adapter of the rule `redline`: a meeting's papers and those that they follow -> redlines, and a manifest of them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from papers.errors import run_job
from papers.redlines.engine import redline
from papers.redlines.pairs import ComparedPaper, Pair, pairs_by_meeting
from papers.store.delivery import Delivery
from papers.store.files import digest, print_notices, to_json, write_atomic


def main(contexts: Path, meeting: str, papers: Path, changes: Path, record: Path, manifest: Path) -> int:
    pairs = pairs_by_meeting(contexts)[meeting]
    compared = {paper for pair in pairs for paper in (pair.old, pair.new)}
    contents = {paper: _path(paper, papers).read_bytes() for paper in compared}
    redlines = [(_describe(pair), redline(pair, contents[pair.old], contents[pair.new])) for pair in pairs]
    delivery = Delivery(changes, record)
    delivered = delivery.deliver(redlines)
    print_notices(delivery.kept, sys.stdout)
    content = {
        "meeting": meeting,
        "papers": [paper._asdict() for paper in delivered],
        "compared": [
            {"file": pair.file, "since": pair.old.number, "of": _built_digests(pair, contents)}
            for pair in pairs
        ],
    }
    write_atomic(manifest, to_json(content))
    return 0


def _path(paper: ComparedPaper, papers: Path) -> Path:
    return Path(paper.archived) if paper.archived else papers / paper.file


def _describe(pair: Pair) -> dict[str, str]:
    return {"number": pair.new.number, "title": pair.title, "kind": "changes", "file": pair.file}


def _built_digests(pair: Pair, contents: dict[ComparedPaper, bytes]) -> dict[str, str]:
    """The built papers that were compared: when the digest of one changes, the redline is outdated."""
    return {paper.file: digest(contents[paper]) for paper in (pair.old, pair.new) if not paper.archived}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--meeting", required=True)
    for name in ("contexts", "papers", "changes", "record", "manifest"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    sys.exit(run_job(lambda: main(**vars(options))))
