"""Adapter of the rule `prepare`: templates/*.docx -> one prepared file a kind of paper.

Problems go to standard error, one a line, all at once; then nothing is written and the exit code is 1.
"""

from __future__ import annotations

import gc

if __name__ == "__main__":
    gc.disable()  # as in read.py

import argparse
import sys
from pathlib import Path

from papers.docx.template.prepare import prepare_kind
from papers.errors import run_job
from papers.problems import Place, Problems
from papers.store.files import write_atomic
from papers.wording.kind import ANNEX, kinds

SHARED = ("cover", ANNEX)  # templates that are parts of many kinds


def main(templates: Path, logo: Path | None, out: Path) -> int:
    problems, made, sound = Problems(), {}, {}
    for template in sorted(templates.glob("*.docx")):
        if template.stem not in (*kinds(), *SHARED) and not template.name.startswith("~$"):
            expected = "one of " + ", ".join([*SHARED, *kinds()])
            todo = "Rename it, take it out of the folder, or add its module to scripts/papers/wording/kinds."
            place = Place(f"{templates.name}/{template.name}")
            problems.add(place, "stray-template", "a template of no kind of paper", expected, todo)
    for kind in kinds():
        made[kind] = prepare_kind(templates, kind, logo, problems, sound)
    if problems:
        print(*problems.lines(), sep="\n", file=sys.stderr)
        return 1
    for kind, data in made.items():
        write_atomic(out / f"{kind}.prepared", data)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--templates", type=Path, required=True)
    parser.add_argument("--logo", type=Path, nargs="?")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    code = run_job(lambda: main(arguments.templates, arguments.logo, arguments.out))
    gc.freeze()
    sys.exit(code)
