"""Adapter of the rule `fill`: one meeting's context and the prepared templates -> its papers, and a manifest of them.

Imports the standard library and the pinned compressor only, so that a job starts in a few hundredths of a second.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from papers.issuing.delivering import Delivery, as_json, ended, is_word, tell, write_whole
from papers.issuing.differing import differing
from papers.word.filling import FillError, key_of, load_context, load_prepared


def main(
    context_file: Path, templates: Path, received: Path | None, papers: Path, record: Path, manifest: Path
) -> int:
    try:
        context = load_context(context_file)
        prepared = load_prepared(context["papers"], templates, received)
        filled = [(paper, prepared[key_of(paper)].fill(paper)) for paper in context["papers"]]
        if not all(is_word(paper["file"]) for paper in context["papers"]):
            from papers.issuing.covered_pdf import with_covers  # noqa: PLC0415 -- only who has received PDFs pays for it

            filled = with_covers(filled, received.parent / "covers")
        if changed := differing(filled):
            print(*changed, sep="\n", file=sys.stderr)
            return 1
        delivery = Delivery(papers, record)
        delivered = delivery.deliver(filled)
    except FillError as error:
        print(error, file=sys.stderr)
        return 1
    notes = [*delivery.kept, *(note for one in prepared.values() for note in one.notices)]
    tell(notes, sys.stdout)
    write_whole(
        manifest, as_json({"meeting": context["meeting"], "papers": [paper._asdict() for paper in delivered]})
    )
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("context", "templates", "papers", "record", "manifest"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--received", type=Path)
    given = parser.parse_args()
    files = (given.context, given.templates, given.received, given.papers, given.record, given.manifest)
    sys.exit(ended(lambda: main(*files)))
