"""Adapter of the rule `fill`: a meeting's context and the prepared templates -> its papers, and a manifest of them.

It imports the standard library and the pinned compressor only, so that a job starts in a few hundredths of a second.
"""

from __future__ import annotations

import os
import sys

from papers.docx.fill import Prepared, key_of, load_context, load_prepared
from papers.errors import run_job
from papers.ledger.mismatch import mismatches
from papers.store.delivery import Delivery
from papers.store.files import is_word, print_notices, to_json, write_atomic


def main(
    context: str, templates: str, papers: str, record: str, manifest: str, received: str | None = None
) -> int:
    meeting = load_context(context)
    prepared = load_prepared(meeting["papers"], templates, received)
    filled = [(paper, _fill(prepared[key_of(paper)], paper)) for paper in meeting["papers"]]
    if not all(is_word(paper["file"]) for paper in meeting["papers"]):
        filled = _add_pdf_covers(filled, os.path.dirname(received))
    if changed := mismatches(filled):
        print(*changed, sep="\n", file=sys.stderr)
        return 1
    delivery = Delivery(papers, record)
    delivered = delivery.deliver(filled)
    notices = [*delivery.kept, *(notice for template in prepared.values() for notice in template.notices)]
    print_notices(notices, sys.stdout)
    content = {"meeting": meeting["meeting"], "papers": [paper._asdict() for paper in delivered]}
    write_atomic(manifest, to_json(content))
    return 0


def _fill(prepared: Prepared, paper: dict) -> bytes:
    if paper.get("places"):
        from papers.docx.locate_tags import with_places  # noqa: PLC0415 -- only an annex of sources needs lxml

        paper = with_places(prepared, paper)
    return prepared.fill(paper)


def _add_pdf_covers(filled: list[tuple[dict, bytes]], folder: str) -> list[tuple[dict, bytes]]:
    """Join the covers of received PDFs with the files themselves; `folder` keeps the covers that were laid out."""
    from pathlib import Path  # noqa: PLC0415 -- only a meeting that received PDFs pays for these imports

    from papers.received.cover_pdf import add_covers  # noqa: PLC0415

    return add_covers(filled, Path(folder, "covers"))


def parse_options(words: list[str]) -> dict[str, str]:
    """Parse `--option value` pairs. Importing argparse would cost each job as much as filling a dozen papers."""
    return {option.removeprefix("--"): value for option, value in zip(words[::2], words[1::2], strict=True)}


if __name__ == "__main__":
    sys.exit(run_job(lambda: main(**parse_options(sys.argv[1:]))))
