"""Adapter of the rule `prepare`: templates/*.docx -> one prepared file for each kind of paper.

Problems go to standard error, one on a line, all at once; then nothing is written and the exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from papers.docx.template.prepare import prepare_kind
from papers.errors import run_job
from papers.problems import Place, Problems
from papers.store.files import write_atomic
from papers.store.work_files import SHARED_TEMPLATES
from papers.wording.kind import kinds


def main(templates: Path, logo: Path | None, out: Path) -> int:
    problems, checked = Problems(), {}
    _check_names(templates, problems)
    prepared = {kind: prepare_kind(templates, kind, logo, problems, checked) for kind in kinds()}
    if problems:
        print(*problems.lines(), sep="\n", file=sys.stderr)
        return 1
    for kind, data in prepared.items():
        write_atomic(out / f"{kind}.prepared", data)
    return 0


def _check_names(templates: Path, problems: Problems) -> None:
    known = [*SHARED_TEMPLATES, *kinds()]
    for template in sorted(templates.glob("*.docx")):
        if template.stem not in known and not template.name.startswith("~$"):
            problems.add(
                Place(f"{templates.name}/{template.name}"),
                "stray-template",
                "a template of no kind of paper",
                f"one of {', '.join(known)}",
                "Rename it, move it out of the folder, or add its module to scripts/papers/wording/kinds.",
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--templates", type=Path, required=True)
    parser.add_argument("--logo", type=Path, nargs="?")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    sys.exit(run_job(lambda: main(**vars(options))))
