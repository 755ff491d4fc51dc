"""Adapter of the rule `redline`: a meeting's papers and those that they follow -> its comparisons, and a manifest of them."""

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
    read = {
        paper: (Path(paper.kept) if paper.kept else papers / paper.file).read_bytes() for paper in compared
    }
    made = [(_described(p), redline(p, read[p.old], read[p.new])) for p in pairs]
    delivery = Delivery(changes, record)
    delivered = delivery.deliver(made)
    print_notices(delivery.kept, sys.stdout)
    told = [{"file": pair.file, "since": pair.old.number, "of": _built(pair, read)} for pair in pairs]
    papers_made = [paper._asdict() for paper in delivered]
    write_atomic(manifest, to_json({"meeting": meeting, "papers": papers_made, "compared": told}))
    return 0


def _built(pair: Pair, read: dict[ComparedPaper, bytes]) -> dict[str, str]:
    """The papers of the build that were compared, with their digests: where one of them changes, the comparison is old."""
    return {paper.file: digest(read[paper]) for paper in (pair.old, pair.new) if not paper.kept}


def _described(pair: Pair) -> dict[str, str]:
    return {"number": pair.new.number, "title": pair.title, "kind": "changes", "file": pair.file}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--meeting", required=True)
    for name in ("contexts", "papers", "changes", "record", "manifest"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    sys.exit(run_job(lambda: main(**vars(parser.parse_args()))))
