"""Adapter of the rule `pdf`: the manifest of a meeting's papers -> their PDFs, and a manifest of them."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path

from papers.errors import run_job
from papers.pdf.convert import Pdfs, pdf_path
from papers.store.delivery import Delivery
from papers.store.files import is_word, print_notices, to_json, write_atomic


def main(
    filled: Path,
    papers: Path,
    pdfs: Path,
    made: Path,
    record: Path,
    manifest: Path,
    office: Path,
    processes: int,
) -> int:
    # Else LibreOffice would go on when this job is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("The job was ended."))
    meeting = json.loads(filled.read_bytes())
    word = [paper for paper in meeting["papers"] if is_word(paper["file"])]
    work = Pdfs(papers, pdfs, made, office.read_text(encoding="utf-8"))
    ready = work.of(word, processes)
    delivery = Delivery(pdfs, record)
    delivered = delivery.deliver(ready)
    work.remember(word, ready)
    print_notices([*delivery.kept, *work.notes], sys.stdout)
    converted = [{"file": pdf_path(p["file"]), "of": {p["file"]: p["sha256"]}} for p in word]
    made_papers = [paper._asdict() for paper in delivered]
    content = {
        "meeting": meeting["meeting"],
        "papers": made_papers,
        "converted": converted,
        "made_with": work.made_with,
    }
    write_atomic(manifest, to_json(content))
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("filled", "papers", "pdfs", "office", "made", "record", "manifest"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--processes", type=int, default=1, help="how many LibreOffices at once")
    sys.exit(run_job(lambda: main(**vars(parser.parse_args()))))
