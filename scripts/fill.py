"""Adapter of the rule `fill`: a meeting's context and the prepared templates -> its papers.

It imports the standard library and the pinned compressor only, so that a job starts in a few hundredths of a second.
"""

from __future__ import annotations

import sys

from papers.docx.fill import key_of, load_context, load_prepared
from papers.docx.fill_paper import fill_paper
from papers.job import run_job
from papers.ledger.mismatch import IssuedPapers
from papers.richtext import unescaped
from papers.store.files import digest, is_word
from papers.store.stages import write_stage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from papers.docx.fill import Prepared
    from papers.job import JobLog


def main(log: JobLog, context: str, templates: str, received: str, out: str) -> None:
    meeting = load_context(context)
    prepared = load_prepared(meeting["papers"], templates, received)
    issued = IssuedPapers(context)
    filled = [(paper, fill_paper(prepared[key_of(paper)], paper)) for paper in meeting["papers"]]
    if not all(is_word(paper["file"]) for paper in meeting["papers"]):
        filled = _add_pdf_covers(filled, received, issued)
    filled = issued.replace(filled)
    for problem in issued.problems:
        log.add_problem(problem)
    if log.failed:
        return
    log.add_notices(issued.notices)
    blank = _blank_contents(meeting["papers"], prepared)
    log.add_notices(blank.values())
    papers = [{**_facts(paper), "sha256": digest(data)} for paper, data in filled]
    write_stage(
        out,
        {paper["file"]: data for paper, data in filled},
        meeting=meeting["meeting"],
        papers=papers,
        blank_contents=list(blank),
    )


def _facts(paper: dict) -> dict[str, str]:
    return {key: unescaped(paper[key]) for key in ("number", "title", "kind", "file")}


def _blank_contents(papers: list[dict], prepared: dict[str, Prepared]) -> dict[str, str]:
    """Return number -> notice, of papers with a table of contents without page numbers; issued ones stay as they are."""
    notices = {number: notice for each in prepared.values() for number, notice in each.blank_contents.items()}
    open_numbers = (paper["number"] for paper in papers if not paper.get("issued"))
    return {unescaped(number): notices[number] for number in open_numbers if number in notices}


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
