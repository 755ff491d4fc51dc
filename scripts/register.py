"""Adapter of the rule `register`: the last build -> its page, papers.json, feed, text and traces pages, ready to deliver."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers.job import run_job
from papers.problems import Problems
from papers.register.write import write_register

if TYPE_CHECKING:
    from papers.job import JobLog


def main(log: JobLog, work: str, forum: str) -> None:
    problems = Problems()
    write_register(Path(work), forum, problems)
    log.add_problems(problems)


if __name__ == "__main__":
    sys.exit(run_job(main))
