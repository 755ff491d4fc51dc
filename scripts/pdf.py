"""Adapter of the rule `pdf`: the manifest of a meeting's papers -> their PDFs, and a manifest of them."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from pathlib import Path

from papers.errors import run_job
from papers.pdf.convert import MeetingPdfs, pdf_path
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
    # Without a handler, LibreOffice would go on running when this job is terminated.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("The job was terminated."))
    meeting = json.loads(filled.read_bytes())
    word_papers = [paper for paper in meeting["papers"] if is_word(paper["file"])]
    converter = MeetingPdfs(papers, pdfs, made, office.read_text(encoding="utf-8"))
    converted = converter.convert(word_papers, processes)
    delivery = Delivery(pdfs, record)
    delivered = delivery.deliver(converted)
    converter.save_record(word_papers, converted)
    print_notices([*delivery.kept, *converter.notices], sys.stdout)
    content = {
        "meeting": meeting["meeting"],
        "papers": [paper._asdict() for paper in delivered],
        "converted": [
            {"file": pdf_path(paper["file"]), "of": {paper["file"]: paper["sha256"]}} for paper in word_papers
        ],
        "made_with": converter.made_with,
    }
    write_atomic(manifest, to_json(content))
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("filled", "papers", "pdfs", "office", "made", "record", "manifest"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--processes", type=int, default=1, help="how many LibreOffices at once")
    options = parser.parse_args()
    sys.exit(run_job(lambda: main(**vars(options))))
