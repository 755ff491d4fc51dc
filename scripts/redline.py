"""Adapter of the rule `redline`: a meeting's papers and those that they follow -> its comparisons, and a
manifest of them.
"""

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
    content = _read_papers(pairs, papers)
    delivery = Delivery(changes, record)
    delivered = delivery.deliver(
        [(_described(pair), redline(pair, content[pair.old], content[pair.new])) for pair in pairs]
    )
    print_notices(delivery.kept, sys.stdout)
    compared = [
        {"file": pair.file, "since": pair.old.number, "of": _digests(pair, content)} for pair in pairs
    ]
    delivered_papers = [paper._asdict() for paper in delivered]
    data = {"meeting": meeting, "papers": delivered_papers, "compared": compared}
    write_atomic(manifest, to_json(data))
    return 0


def _read_papers(pairs: list[Pair], papers: Path) -> dict[ComparedPaper, bytes]:
    compared = {paper for pair in pairs for paper in (pair.old, pair.new)}
    return {
        paper: (Path(paper.archived) if paper.archived else papers / paper.file).read_bytes()
        for paper in compared
    }


def _digests(pair: Pair, content: dict[ComparedPaper, bytes]) -> dict[str, str]:
    """Return file -> digest of the compared papers of the build; if one of them changes, the comparison is
    outdated.
    """
    return {paper.file: digest(content[paper]) for paper in (pair.old, pair.new) if not paper.archived}


def _described(pair: Pair) -> dict[str, str]:
    return {"number": pair.new.number, "title": pair.title, "kind": "changes", "file": pair.file}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--meeting", required=True)
    for name in ("contexts", "papers", "changes", "record", "manifest"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    sys.exit(run_job(lambda: main(**vars(parser.parse_args()))))
