"""Wait for a file that another program has open: on Windows it can't be replaced then, and at times not be read.

Word keeps a paper, Excel a workbook; a virus scanner and a synchronised folder take each new file for a moment.
The job `fill` imports this module: standard library only, without `pathlib` and `typing`.
"""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any, BinaryIO, TypeVar

    Result = TypeVar("Result")

_WINDOWS = os.name == "nt"
_ATTEMPTS, _PAUSE = 50, 0.1  # seconds between attempts


def open_patiently(path: Path | str) -> BinaryIO:
    """Open a file for reading, as `open(path, "rb")`; on Windows, wait some seconds for another program."""
    opened: Callable[..., BinaryIO] = open
    return patiently(opened, path, mode="rb")


def patiently(action: Callable[..., Result], *files: Path | str, **options: Any) -> Result:
    """Return `action(*files, **options)`; on Windows, try for some seconds while it is refused."""
    for _ in range(_ATTEMPTS - 1 if _WINDOWS else 0):
        try:
            return action(*files, **options)
        except PermissionError:
            if os.path.isdir(files[0]):  # no program has it open: a folder is no file
                raise
            time.sleep(_PAUSE)
    return action(*files, **options)
