"""Adapter of the rule `receive`: received files of a meeting and the cover -> papers that are ready to fill.

If there are problems, nothing is written.
"""

from __future__ import annotations

import marshal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers.docx.package import Package
from papers.docx.template.prepare import put_logo, read_template
from papers.job import run_job
from papers.problems import Problems
from papers.received.cover_docx import check_cover, prepare_cover, prepare_received
from papers.store.files import FileRef, read_json, write_atomic

if TYPE_CHECKING:
    from papers.job import JobLog


def main(log: JobLog, context: str, templates: str, logo: str, out: str) -> None:
    papers, picture = read_json(context)["papers"], Path(logo) if logo else None
    prepared: dict[str, bytes] = {}
    digests = {paper["received"]: paper["received_sha256"] for paper in papers if paper["received"]}
    for file, sha256 in sorted(digests.items()):
        problems = Problems()
        data = _prepare(FileRef(Path(file), sha256), Path(templates), picture, problems)
        log.add_problems(problems)
        if data is None:
            return
        prepared[file] = data
    write_atomic(out, marshal.dumps(prepared))


def _prepare(file: FileRef, templates: Path, logo: Path | None, problems: Problems) -> bytes | None:
    """Prepare one paper. The cover is read for each of them, as it takes over the styles of the paper."""
    cover = read_template(templates, "cover", problems, {})
    if cover is None or not put_logo(cover, logo, problems):
        return None
    check_cover(cover, f"{templates.name}/cover.docx", problems)
    if problems:
        return None
    received = file.read()
    if file.path.suffix.lower() == ".pdf":
        return prepare_cover(cover)
    return prepare_received(cover, Package.read(received))


if __name__ == "__main__":
    sys.exit(run_job(main))
