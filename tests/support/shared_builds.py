"""What all tests of a run share, also among its processes: made by the first that needs it, kept until the run ends."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from papers.store.locks import lock_file

SHARED = "FORUM_PAPERS_TEST_FOLDER"  # environment of the processes of a run
_OWN: list[tempfile.TemporaryDirectory] = []
_TIMEOUT = 900  # seconds, for the slowest build on a busy machine


@cache
def shared_folder() -> Path:
    """Return a folder that all processes of a run share; the process that made it deletes it when it ends."""
    if SHARED not in os.environ:
        _OWN.append(tempfile.TemporaryDirectory(prefix="forum papers tests ", ignore_cleanup_errors=True))
        os.environ[SHARED] = _OWN[0].name
    return Path(os.environ[SHARED])


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """Return the folder `name` of the shared folder, written by `make`; no test may change it."""
    folder = shared_folder() / name
    if not folder.exists():
        with lock_file(shared_folder() / "locks" / name, f"making {name} for the tests", _TIMEOUT):
            if not folder.exists():
                partial = shared_folder() / "partial" / name
                shutil.rmtree(partial, ignore_errors=True)
                partial.parent.mkdir(exist_ok=True)
                make(partial)
                partial.rename(folder)
    return folder
