"""Adapter of the rule `public`: what the last build made -> outputs/public, the folder for the web.

Standard library and the pinned compressor only, so that a build hardly waits for it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from papers.errors import run_job
from papers.problems import Problems
from papers.public.publish import publish
from papers.store.files import print_notices


def main(work: Path, out: Path) -> int:
    problems = Problems()
    notes = publish(work, out, problems)
    if problems:
        print(*problems.lines(), sep="\n", file=sys.stderr)
        return 1
    print_notices(notes, sys.stdout)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("work", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    sys.exit(run_job(lambda: main(**vars(parser.parse_args()))))
