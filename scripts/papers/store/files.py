"""Read and write files: a file is written whole or not at all, and a refusal of the system is one sentence.

The job `fill` imports this module: standard library only, without `pathlib` and `typing`.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import namedtuple
from contextlib import suppress

from papers.errors import UserError, describe_os_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from typing import TextIO

NOTICE_PREFIX = "note: "  # of a line that a job prints although nothing is wrong
SUMS = "SHA256SUMS"


def is_word(file: str) -> bool:
    """Return whether a paper is a Word file; a paper that others sent may be a PDF."""
    return file.endswith(".docx")


def digest(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


class FileRef(namedtuple("FileRef", "path sha256")):
    """A file as it was when it was checked: read again only when its bytes are needed, to save memory."""

    __slots__ = ()


def file_ref(path: Path) -> FileRef:
    """Return a reference to a file as it is now."""
    return FileRef(path, digest(path.read_bytes()))


def content(data: bytes | FileRef) -> bytes:
    """Return the bytes of a file; raise UserError if they are not those that were checked."""
    if isinstance(data, bytes):
        return data
    found = data.path.read_bytes()
    if digest(found) != data.sha256:
        raise UserError(
            f"{data.path.as_posix()}: found a file that changed while the build ran;"
            " expected an unchanged file. Run make again."
        )
    return found


def digest_of(data: bytes | FileRef) -> str:
    """Return the SHA-256 of bytes, or of a file as it was when it was checked."""
    return digest(data) if isinstance(data, bytes) else data.sha256


def write_atomic(path: Path | str, data: bytes) -> None:
    """Write to a temporary file in the same folder and rename it: readers see the old file or the new one.

    Missing folders are created. Raise UserError if the system refuses.
    """
    folder, name = os.path.split(path)
    temporary = os.path.join(folder, f".{name}.{os.getpid()}.part")
    try:
        os.makedirs(folder or ".", exist_ok=True)
        with open(temporary, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except OSError as error:
        with suppress(OSError):
            os.unlink(temporary)
        raise UserError(describe_os_error(error, os.fspath(path).replace(os.sep, "/"))) from error


def read_bytes(path: Path | str) -> bytes:
    """Return the bytes of a file, as `Path.read_bytes` does, without importing pathlib."""
    with open(path, "rb") as file:
        return file.read()


def print_notices(notes: Iterable[str], file: TextIO) -> None:
    """Print what the user should know although nothing is wrong, one line each, marked as a note."""
    for note in notes:
        print(f"{NOTICE_PREFIX}{note}", file=file)


def to_json(data: object) -> bytes:
    """Return JSON on one line: with an indent, Python writes it ten times slower."""
    return (json.dumps(data, ensure_ascii=False) + "\n").encode()


def format_sums(digests: Mapping[str, str]) -> str:
    """Return a list that `sha256sum -c` reads, sorted by path.

    `digests` maps paths, relative to the folder of the list and with forward slashes on every system, to
    hexadecimal digests.
    """
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests))


def grouped(sha256: str) -> str:
    """Return a digest in eight groups of eight digits, for people who compare two by eye."""
    return " ".join(sha256[at : at + 8] for at in range(0, len(sha256), 8))


def is_unchanged(path: Path | str, sha256: str, written: int) -> bool:
    """Return whether a file is as recorded.

    Its digest is computed only if it is younger than `written`, in ns.
    """
    try:
        return os.stat(path).st_mtime_ns <= written or digest(read_bytes(path)) == sha256
    except OSError:
        return False
