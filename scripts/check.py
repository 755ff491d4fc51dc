"""Adapter of the rule `check`: the finished papers and outputs/work/rules.json -> findings about the papers.

Only notices are printed and the exit code is 0 whatever was found: the papers exist, and the end of the build
(papers/build/summary.py) reports the findings and decides whether one of them is an error.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from papers.checks.run import check_papers
from papers.errors import run_job
from papers.store.files import print_notices


def main(work: Path, papers: Path, templates: Path, code: Path, processes: int) -> int:
    print_notices(check_papers(work, papers, templates, code, processes), sys.stdout)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("work", "papers", "templates", "code"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    sys.exit(run_job(lambda: main(**vars(options))))
