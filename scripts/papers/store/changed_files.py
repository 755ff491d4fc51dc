"""Which files changed since the last build."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from papers.ledger.file import END_NAME
from papers.ledger.file import LEDGER_NAME as LEDGER
from papers.store.files import digest, to_json, write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterable


def digests(files: Iterable[str], known: dict[str, list]) -> dict[str, list]:
    """File -> [modification time in ns, size, SHA-256]; a file whose time and size are `known` is not read again."""
    found = {}
    for file in files:
        about = Path(file).stat()
        stamp = [about.st_mtime_ns, about.st_size]
        old = known.get(file)
        found[file] = old if old and old[:2] == stamp else [*stamp, digest(Path(file).read_bytes())]
    return found


def list_files(folder: str, but: str = "") -> list[str]:
    """Every file below a folder but hidden ones; those of Office's locks too, so that they are seen.

    What was issued is no input of a paper: beside a ledger, only the ledger counts. There may be thousands of such files.
    """
    found = []
    for place, folders, names in os.walk(folder):
        if LEDGER in names:
            folders.clear()
            names = [LEDGER, END_NAME]
        found += [
            path for name in names if not name.startswith(".") and (path := Path(place, name)).is_file()
        ]
    return sorted(path.as_posix() for path in found if path.as_posix() != but)


class SourceDigests:
    """The digests of all inputs, templates and code at the last build that succeeded, and now."""

    def __init__(self, store: Path, files: Iterable[str]):
        self.store = store
        self.before: dict[str, list] = json.loads(store.read_bytes()) if store.exists() else {}
        self.now = digests(files, self.before)

    def changed(self) -> set[str]:
        """Files that were added, altered or taken away."""
        names = self.before.keys() | self.now.keys()
        return {name for name in names if self._digest(self.before, name) != self._digest(self.now, name)}

    @staticmethod
    def _digest(those: dict[str, list], name: str) -> str:
        return those[name][2] if name in those else ""

    def remember(self) -> None:
        if self.now != self.before:
            write_atomic(self.store, to_json(self.now))
