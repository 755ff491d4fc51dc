"""Adapter of the rule `receive`: received files of a meeting and the cover -> papers that are ready to fill.

Problems go to standard error, one on a line; then nothing is written and the exit code is 1.
"""

from __future__ import annotations

import argparse
import json
import marshal
import sys
from pathlib import Path

from papers.docx.package import Package
from papers.docx.template.prepare import put_logo, read_template
from papers.errors import run_job
from papers.problems import Problems
from papers.received.cover_docx import check_cover, prepare_cover, prepare_received
from papers.store.files import write_atomic


def main(context: Path, templates: Path, logo: Path | None, out: Path) -> int:
    papers = json.loads(context.read_bytes())["papers"]
    prepared: dict[str, bytes] = {}
    for file in sorted({paper["received"] for paper in papers if paper["received"]}):
        problems = Problems()
        data = _prepare(Path(file), templates, logo, problems)
        if data is None:
            print(*problems.lines(), sep="\n", file=sys.stderr)
            return 1
        prepared[file] = data
    write_atomic(out, marshal.dumps(prepared))
    return 0


def _prepare(file: Path, templates: Path, logo: Path | None, problems: Problems) -> bytes | None:
    """Prepare one paper. The cover is read for each of them, as it takes over the styles of the paper."""
    cover = read_template(templates, "cover", problems, {})
    if cover is None or not put_logo(cover, logo, problems):
        return None
    check_cover(cover, f"{templates.name}/cover.docx", problems)
    if problems:
        return None
    if file.suffix.lower() == ".pdf":
        return prepare_cover(cover)
    return prepare_received(cover, Package.read(file.read_bytes()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("context", "templates", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--logo", type=Path, nargs="?")
    options = parser.parse_args()
    sys.exit(run_job(lambda: main(**vars(options))))
