"""Adapter of the rule `fill`: one meeting's context and the prepared templates -> its papers, and a manifest of them.

Imports the standard library and the pinned compressor only, so that a job starts in a few hundredths of a second.
"""

from __future__ import annotations

import gc
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
        # Only who has received PDFs pays for it.
        from pathlib import Path  # noqa: PLC0415

        from papers.received.cover_pdf import add_covers as with_covers  # noqa: PLC0415

        filled = with_covers(filled, Path(os.path.dirname(received), "covers"))
    if changed := mismatches(filled):
        print(*changed, sep="\n", file=sys.stderr)
        return 1
    delivery = Delivery(papers, record)
    delivered = delivery.deliver(filled)
    notes = [*delivery.kept, *(note for one in prepared.values() for note in one.notices)]
    print_notices(notes, sys.stdout)
    write_atomic(
        manifest, to_json({"meeting": meeting["meeting"], "papers": [paper._asdict() for paper in delivered]})
    )
    return 0


def _fill(prepared: Prepared, paper: dict) -> bytes:
    if paper.get("places"):
        from papers.docx.locate import with_places  # noqa: PLC0415 -- only papers with an annex of sources need lxml

        return prepared.fill(with_places(prepared, paper))
    return prepared.fill(paper)


def _given(words: list[str]) -> dict[str, str]:
    """The files by option, as the Snakefile gives them: argparse would cost each job as much as a dozen papers."""
    return {option.removeprefix("--"): file for option, file in zip(words[::2], words[1::2], strict=True)}


if __name__ == "__main__":
    gc.disable()  # a short job without cycles
    code = run_job(lambda: main(**_given(sys.argv[1:])))
    gc.freeze()  # nor at the end, where Python looks for garbage once more
    sys.exit(code)
