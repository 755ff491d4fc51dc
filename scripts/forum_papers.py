"""The command `forum-papers VERB key=value`; scripts/papers/cli.py declares the verbs.

Up to Python 3.13 a full disk leaves compiled modules that are cut short (CPython issue 126606). Importing one raises
EOFError, here or in a process of the build; then all of them are removed and the command runs again without writing any.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from pathlib import Path

CUT_SHORT = (
    "This computer: found a compiled Python module that is cut short; expected it whole."
    " Make room on its disk, delete the folder .venv, then run make again."
)


def main(arguments: list[str] | None = None) -> int:
    """Run a command, by default that of the command line; return the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):  # titles may have letters that a console's code page lacks
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        return run_command(arguments)
    except EOFError:
        remove_compiled_modules()
    try:
        return run_command(arguments)
    except EOFError:
        print(CUT_SHORT, file=sys.stderr)
        return 1


def run_command(arguments: list[str]) -> int:
    from papers import cli  # noqa: PLC0415 -- its compiled modules may be cut short

    return cli.main(arguments)


def remove_compiled_modules() -> None:
    """Remove them below scripts/ and let no process of this command write new ones: the disk may still be full."""
    for folder in sorted(Path(__file__).parent.rglob("__pycache__")):
        shutil.rmtree(folder)
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"


if __name__ == "__main__":
    sys.exit(main())
