"""Adapter of the rule `check`: the filled papers and outputs/work/rules.json -> findings about the papers.

Findings are no problems of the job: the papers exist, and the end of the build (papers/build/summary.py) reports
the findings and decides whether one of them is an error.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers.checks.run import check_papers
from papers.job import run_job
from papers.store.program import code_digest

if TYPE_CHECKING:
    from papers.job import JobLog


def main(log: JobLog, work: str, forum: str, processes: str) -> None:
    log.add_notices(check_papers(Path(work), forum, code_digest(), int(processes)))


if __name__ == "__main__":
    sys.exit(run_job(main))
