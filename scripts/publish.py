"""Adapter of the rule `publish`: the last build -> its register, what may be public, and its seal, ready to deliver."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers.job import run_job
from papers.problems import Problems
from papers.public.publish import publish
from papers.seal.seal import seal

if TYPE_CHECKING:
    from papers.job import JobLog


def main(log: JobLog, work: str, forum: str, logo: str) -> None:
    problems = Problems()
    log.add_notices(publish(Path(work), forum, problems))
    log.add_problems(problems)
    if not problems:
        seal(Path(work), forum, [logo] if logo else [])


if __name__ == "__main__":
    sys.exit(run_job(main))
