"""Adapter of the rule `check`: the finished papers and outputs/work/rules.json -> what was found in them.

Findings are told by those who run the build (scripts/build.py); only notes are printed. The exit code is 0 whatever was
found: the papers are there, and whether a finding is an error is for the end of the build to say.
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
    given = parser.parse_args()
    sys.exit(run_job(lambda: main(**vars(given))))
