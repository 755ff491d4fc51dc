"""Forum Papers without make: python scripts/forum_papers.py VERB key=value; scripts/papers/cli.py lists the verbs."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path


def run(arguments: list[str]) -> int:
    """Runs a verb; returns the exit code."""
    from papers.cli import main  # noqa: PLC0415 -- its compiled modules may be damaged, see below

    return main(arguments)


if __name__ == "__main__":
    try:
        code = run(sys.argv[1:])
    except EOFError:
        # Up to Python 3.13 a full disk leaves compiled modules that are cut short (CPython issue 126606).
        for folder in sorted(Path(__file__).parent.rglob("__pycache__")):
            shutil.rmtree(folder)
        code = run(sys.argv[1:])
    sys.exit(code)
