"""Adapter of the rule `receive`: a meeting's context, the files that others sent for it, the cover -> papers ready to fill.

Problems go to standard error, one a line, all at once; then nothing is written and the exit code is 1.
"""

from __future__ import annotations

import argparse
import gc
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
    problems, made = Problems(), {}
    for file in sorted({paper["received"] for paper in papers if paper["received"]}):
        prepared = _prepared(Path(file), templates, logo, problems)
        if problems:
            print(*problems.lines(), sep="\n", file=sys.stderr)
            return 1
        made[file] = prepared
    write_atomic(out, marshal.dumps(made))
    return 0


def _prepared(file: Path, templates: Path, logo: Path | None, problems: Problems) -> bytes | None:
    """The prepared paper of one file; the cover is read anew for each, as each gets it in other styles."""
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
    gc.disable()  # as in read.py
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("context", "templates", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--logo", type=Path, nargs="?")
    given = parser.parse_args()
    code = run_job(lambda: main(given.context, given.templates, given.logo, given.out))
    gc.freeze()
    sys.exit(code)
