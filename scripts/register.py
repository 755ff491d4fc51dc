"""Adapter of the rule `register`: the last build -> outputs/index.html, papers.json, feed.xml and index/."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from papers.errors import run_job
from papers.problems import Problems
from papers.register.write import write_register
from papers.store.files import print_notices


def main(work: Path, out: Path, forum: str) -> int:
    problems = Problems()
    notices = write_register(work, out, forum, problems)
    if problems:
        print(*problems.lines(), sep="\n", file=sys.stderr)
        return 1
    print_notices(notices, sys.stdout)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forum", required=True)
    for name in ("work", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    sys.exit(run_job(lambda: main(**vars(options))))
