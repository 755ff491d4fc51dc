"""Adapter of the rule `pdf`: a meeting's papers -> their PDFs."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers.job import run_job
from papers.pdf.convert import MeetingPdfs
from papers.store.cache import CACHE, Cache
from papers.store.files import digest, is_word
from papers.store.stages import read_manifest, staged_files, write_stage
from papers.store.work_files import pdf_path

if TYPE_CHECKING:
    from papers.job import JobLog


def main(log: JobLog, filled: str, work: str, out: str, office: str, processes: str) -> None:
    # Without a handler, LibreOffice would go on running when this job is terminated.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("The job was terminated."))
    manifest, files = read_manifest(filled), staged_files(Path(filled))
    word_papers = [paper for paper in manifest["papers"] if is_word(paper["file"])]
    converter = MeetingPdfs(files, Cache(Path(work, CACHE, "pdf", manifest["meeting"])), office)
    pdfs = converter.convert(word_papers, int(processes))
    log.add_notices(converter.notices)
    papers = [{**facts, "sha256": digest(data)} for facts, data in pdfs]
    converted = [
        {"file": pdf_path(paper["file"]), "of": {paper["file"]: paper["sha256"]}} for paper in word_papers
    ]
    write_stage(
        out,
        {facts["file"]: data for facts, data in pdfs},
        meeting=manifest["meeting"],
        papers=papers,
        converted=converted,
        made_with=converter.made_with,
    )


if __name__ == "__main__":
    sys.exit(run_job(main))
