"""Results that later builds need not compute again: outputs/work/<forum>/cache/<name>/<key>, a file for each result.

The key of a result is a digest of everything that it depends on, so an entry is never out of date. A file
that is not as `put` wrote it (empty, cut short, of another key, of another program) counts as missing: the
cache may be damaged or deleted at any time, and costs only the time to compute the results again.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from papers.store.files import read_bytes, write_atomic

if TYPE_CHECKING:
    from pathlib import Path

CACHE = "cache"  # the folder of all caches, below outputs/work


def cache_key(*parts: str | bytes) -> str:
    """Return the key of a result that depends on these parts, in this order: a SHA-256 in hexadecimal digits."""
    sha256 = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        sha256.update(f"{len(data)}\n".encode() + data)  # with its length: ("ab", "c") is not ("a", "bc")
    return sha256.hexdigest()


class Cache:
    """The results in one folder, as bytes. Several processes may use it at the same time."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._used: set[str] = set()

    def get(self, key: str) -> bytes | None:
        """Return the result that was put under this key; None if there is none, or it is damaged."""
        self._used.add(key)
        try:
            data = read_bytes(f"{self.folder}/{key}")
        except OSError:
            return None
        result = data[_HEAD_SIZE:]
        return result if data.startswith(_head(key, result)) else None

    def put(self, key: str, result: bytes) -> None:
        """Keep a result. Raise UserError if the system refuses to write the file."""
        self._used.add(key)
        write_atomic(self.folder / key, _head(key, result) + result)

    def remove_unused(self) -> None:
        """Remove the entries that were neither got nor put by this object, which is all that one build needs."""
        for file in self.folder.glob("[!.]*"):  # not the temporary files of other processes
            if file.name not in self._used and file.is_file():
                file.unlink(missing_ok=True)


def _head(key: str, result: bytes) -> bytes:
    """Return the first line of an entry: a digest of its key and its result."""
    return f"{hashlib.sha256(key.encode() + result).hexdigest()}\n".encode()


_HEAD_SIZE = len(_head("", b""))
