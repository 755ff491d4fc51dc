"""List the files below a folder, and those whose modification time can't be right."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def list_files(folder: str, but: str = "", archive_files: Sequence[str] = ()) -> list[str]:
    """Return the paths of all files below a folder, sorted, except hidden files and the path `but`.

    Office's lock files (~$...) are included, so that they are reported. A folder that contains the first
    of `archive_files` is an archive: only its files of these names are returned, and its subfolders, in
    which there may be thousands of files, are not read.
    """
    found = []
    for place, folders, names in os.walk(folder):
        if archive_files and archive_files[0] in names:
            folders.clear()
            names = list(archive_files)
        found += [
            path for name in names if not name.startswith(".") and (path := Path(place, name)).is_file()
        ]
    return sorted(path.as_posix() for path in found if path.as_posix() != but)


def dated_in_future(files: Iterable[str]) -> list[str]:
    """Return the files whose modification time is in the future, as after a wrong clock or a copy."""
    now = time.time()
    return [file for file in files if os.path.isfile(file) and os.stat(file).st_mtime > now]
