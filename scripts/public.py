"""Adapter of the rule `public`: the last build -> outputs/public, the folder for the web."""

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
    notices = publish(work, out, problems)
    if problems:
        print(*problems.lines(), sep="\n", file=sys.stderr)
        return 1
    print_notices(notices, sys.stdout)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("work", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    sys.exit(run_job(lambda: main(**vars(options))))
