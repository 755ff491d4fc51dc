"""Adapter of the rule `receive`: received files of a meeting and the cover -> papers that are ready to fill.

If there are problems, nothing is written.
"""

from __future__ import annotations

import marshal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers.docx.package import Package
from papers.docx.template.prepare import TemplateFile, put_logo, read_template
from papers.job import run_job
from papers.problems import Problems
from papers.received.cover_docx import check_cover, prepare_cover, prepare_received
from papers.received.page_size import page_size_notice, size_of_cover, sizes_of_pdf, sizes_of_word
from papers.store.files import FileRef, read_json, write_with_digest
from papers.wording.kind import SHARED_TAGS

if TYPE_CHECKING:
    from papers.job import JobLog


def main(log: JobLog, context: str, cover: str, logo: str, out: str) -> None:
    papers, picture = read_json(context)["papers"], Path(logo) if logo else None
    prepared: dict[str, bytes] = {}
    digests = {paper["received"]: paper["received_sha256"] for paper in papers}
    # Of an issued paper it is too late for another file. Notices show numbers: the name of a restricted file may reveal its content.
    numbers = {paper["received"]: paper["number"] for paper in papers if not paper["issued"]}
    for file, sha256 in sorted(digests.items()):
        problems = Problems()
        number = numbers.get(file, "")
        data, notice = _prepare(FileRef(Path(file), sha256), number, Path(cover), picture, problems)
        log.add_problems(problems)
        if data is None:
            return
        if notice and number:
            log.add_notices([notice])
        prepared[file] = data
    write_with_digest(out, marshal.dumps(prepared))


def _prepare(
    file: FileRef, number: str, template: Path, logo: Path | None, problems: Problems
) -> tuple[bytes | None, str]:
    """Prepare one paper; return it and a notice or "". The cover is read for each paper, as it takes over its styles."""
    name = template.as_posix()
    cover = read_template(TemplateFile(template, name, SHARED_TAGS["cover"]), problems, {})
    if cover is None or not put_logo(cover, logo, problems):
        return None, ""
    check_cover(cover, name, problems)
    if problems:
        return None, ""
    received, size = file.read(), size_of_cover(cover)
    if file.path.suffix.lower() == ".pdf":
        return prepare_cover(cover), page_size_notice(number, sizes_of_pdf(received), size)
    package = Package.read(received)
    notice = page_size_notice(number, sizes_of_word(package), size)
    return prepare_received(cover, package), notice


if __name__ == "__main__":
    sys.exit(run_job(main))
