"""Adapter of the rule `seal`: the last build -> its lists of digests, its provenance, and a line for each paper."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from papers.job import run_job
from papers.seal.seal import seal

if TYPE_CHECKING:
    from papers.job import JobLog


def main(log: JobLog, work: str, forum: str, logo: str) -> None:
    seal(Path(work), forum, [logo] if logo else [])


if __name__ == "__main__":
    sys.exit(run_job(main))
