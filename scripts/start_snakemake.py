"""Snakemake, as `python -m snakemake` starts it, without the half second that Python's garbage collector takes in it.

Snakemake imports many thousands of objects that live until its end. Looking at them again and again while they are
made, and once more when the interpreter ends, finds nothing to take away.
"""

import gc
import sys

gc.set_threshold(100_000)  # instead of 700: seldom, not never, for builds with thousands of jobs

from snakemake.cli import main  # noqa: E402 -- this import is a good part of what the collector would follow

if __name__ == "__main__":
    try:
        sys.exit(main())
    finally:
        gc.freeze()
