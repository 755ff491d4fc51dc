"""Adapter of the rule `fill`: a meeting's context and the prepared templates -> its papers.

It imports the standard library and the pinned compressor only, so that a job starts in a few hundredths of a second.
"""

from __future__ import annotations

import sys

from papers.docx.fill import Prepared, key_of, load_context, load_prepared
from papers.job import run_job
from papers.ledger.mismatch import IssuedPapers
from papers.richtext import unescaped
from papers.store.files import digest, is_word
from papers.store.stages import write_stage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from papers.job import JobLog


def main(log: JobLog, context: str, templates: str, received: str, out: str) -> None:
    meeting = load_context(context)
    prepared = load_prepared(meeting["papers"], templates, received)
    issued, filled, notices = IssuedPapers(context), [], {}
    for paper in meeting["papers"]:
        data, notices[paper["file"]] = _fill(prepared[key_of(paper)], paper)
        filled.append((paper, data))
    if not all(is_word(paper["file"]) for paper in meeting["papers"]):
        filled = _add_pdf_covers(filled, received, issued)
    filled = issued.replace(filled)
    for problem in issued.problems:
        log.add_problem(problem)
    if log.failed:
        return
    log.add_notices(issued.notices)
    log.add_notices(
        notice for file in notices for notice in notices[file] if unescaped(file) not in issued.kept
    )
    papers = [{**_facts(paper), "sha256": digest(data)} for paper, data in filled]
    write_stage(
        out, {paper["file"]: data for paper, data in filled}, meeting=meeting["meeting"], papers=papers
    )


def _facts(paper: dict) -> dict[str, str]:
    return {key: unescaped(paper[key]) for key in ("number", "title", "kind", "file")}


def _fill(prepared: Prepared, paper: dict) -> tuple[bytes, list[str]]:
    """Return the paper, and what the user should know about it."""
    if paper.get("places"):
        from papers.docx.locate_tags import with_places  # noqa: PLC0415 -- only an annex of sources needs lxml

        paper = with_places(prepared, paper)
    before = len(prepared.notices)
    return prepared.fill(paper), prepared.notices[before:]


def _add_pdf_covers(
    filled: list[tuple[dict, bytes]], received: str, issued: IssuedPapers
) -> list[tuple[dict, bytes]]:
    """Join the covers of received PDFs with the files themselves; the cache has the covers that were laid out."""
    from pathlib import Path  # noqa: PLC0415 -- only a meeting that received PDFs pays for these imports

    from papers.received.cover_pdf import add_covers  # noqa: PLC0415
    from papers.store.cache import CACHE, Cache  # noqa: PLC0415

    prepared = Path(received)
    cache = Cache(prepared.parents[1] / CACHE / "covers" / prepared.stem)
    return add_covers(filled, cache, issued.has_same_inputs)


if __name__ == "__main__":
    sys.exit(run_job(main))
