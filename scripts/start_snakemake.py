"""Snakemake, as `python -m snakemake` starts it, without the second that Python's garbage collector takes in it.

Snakemake imports many thousands of objects that live until its end. Looking at them again and again while they are
made, and once more when the interpreter ends, finds nothing to take away.
"""

import gc
import sys

gc.disable()

from snakemake.cli import main  # noqa: E402 -- this import is what the collector must not follow

if __name__ == "__main__":
    gc.freeze()
    gc.enable()
    try:
        sys.exit(main())
    finally:
        gc.freeze()
