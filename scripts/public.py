"""Adapter of the rule `public`: the last build -> what may be public, ready to deliver as the folder for the web."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers.job import run_job
from papers.problems import Problems
from papers.public.publish import publish

if TYPE_CHECKING:
    from papers.job import JobLog


def main(log: JobLog, work: str) -> None:
    problems = Problems()
    log.add_notices(publish(Path(work), problems))
    log.add_problems(problems)


if __name__ == "__main__":
    sys.exit(run_job(main))
