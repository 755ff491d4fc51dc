"""Snakemake, as `python -m snakemake` starts it, without two things that only cost time here.

Snakemake imports many thousands of objects that live until its end. Looking at them again and again while they are
made, and once more when the interpreter ends, finds nothing to take away: Python's garbage collector is half a second.
The limit of jobs a timespan in profiles/default is none. Snakemake would ask it without a pause while all cores are
busy with jobs, and so keep one of them from their work.
"""

import gc
import sys

gc.set_threshold(100_000)  # instead of 700: seldom, not never, for builds with thousands of jobs

from snakemake.cli import main  # noqa: E402 -- this import is a good part of what the collector would follow
from snakemake.settings.types import MaxJobsPerTimespan  # noqa: E402

MaxJobsPerTimespan.__bool__ = lambda limit: limit.timespan > 0  # where it is asked whether there is a limit

if __name__ == "__main__":
    try:
        sys.exit(main())
    finally:
        gc.freeze()
