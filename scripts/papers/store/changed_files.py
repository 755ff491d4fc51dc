"""Find the files that changed since the last build."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from papers.store.files import digest, to_json, write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def digests(files: Iterable[str], known: dict[str, list]) -> dict[str, list]:
    """Map each file to [modification time in ns, size in bytes, SHA-256].

    A file with the time and size of its entry in `known` is not read again.
    """
    found = {}
    for file in files:
        status = Path(file).stat()
        stamp = [status.st_mtime_ns, status.st_size]
        old = known.get(file)
        found[file] = old if old and old[:2] == stamp else [*stamp, digest(Path(file).read_bytes())]
    return found


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
            names = archive_files
        found += [
            path for name in names if not name.startswith(".") and (path := Path(place, name)).is_file()
        ]
    return sorted(path.as_posix() for path in found if path.as_posix() != but)


class SourceDigests:
    """The digests of all inputs, templates and code: now, and at the last build that succeeded (`store`)."""

    def __init__(self, store: Path, files: Iterable[str]):
        self.store = store
        self.before: dict[str, list] = json.loads(store.read_bytes()) if store.exists() else {}
        self.now = digests(files, self.before)

    def changed(self) -> set[str]:
        """Return the files that were added, edited or deleted."""
        names = self.before.keys() | self.now.keys()
        return {name for name in names if self._sha256(self.before, name) != self._sha256(self.now, name)}

    @staticmethod
    def _sha256(known: dict[str, list], name: str) -> str:
        return known[name][2] if name in known else ""

    def remember(self) -> None:
        """Write the digests of now to `store`, after a build that succeeded."""
        if self.now != self.before:
            write_atomic(self.store, to_json(self.now))
