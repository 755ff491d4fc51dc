"""How files are read and written: whole or not at all, with one sentence for what the system refuses."""

from __future__ import annotations

import hashlib
import json
import os
from collections import namedtuple
from contextlib import suppress
from typing import TYPE_CHECKING

from papers.errors import UserError, describe_os_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from typing import TextIO

NOTICE_PREFIX = "note: "


def is_word(file: str) -> bool:
    """Whether a paper is a Word file; one that others sent may be a PDF."""
    return file.endswith(".docx")


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class FileRef(namedtuple("Lying", "path sha256")):
    """A file that lies elsewhere and was looked at: it is read again only where it is needed, so that many take no memory."""

    __slots__ = ()


def file_ref(path: Path) -> FileRef:
    """A file as it is now."""
    return FileRef(path, digest(path.read_bytes()))


def content(data: bytes | FileRef) -> bytes:
    """The bytes to be delivered; DeliveryError where they are not those that were looked at."""
    if isinstance(data, bytes):
        return data
    found = data.path.read_bytes()
    if digest(found) != data.sha256:
        raise UserError(
            f"{data.path.as_posix()}: found a file that changed while the build ran; expected it left alone. Run make again."
        )
    return found


def digest_of(data: bytes | FileRef) -> str:
    """The digest of what is to be delivered."""
    return digest(data) if isinstance(data, bytes) else data.sha256


def write_atomic(path: Path | str, data: bytes) -> None:
    """Writes beside the place and moves there: a reader sees the old file or the new one, nothing between."""
    folder, name = os.path.split(path)
    beside = os.path.join(folder, f".{name}.{os.getpid()}.part")
    try:
        os.makedirs(folder or ".", exist_ok=True)
        with open(beside, "wb") as file:
            file.write(data)
        os.replace(beside, path)
    except OSError as error:
        with suppress(OSError):
            os.unlink(beside)
        raise UserError(describe_os_error(error, os.fspath(path).replace(os.sep, "/"))) from error


def read_bytes(path: Path | str) -> bytes:
    """The bytes of a file."""
    with open(path, "rb") as file:
        return file.read()


def print_notices(notes: Iterable[str], file: TextIO) -> None:
    """What the person who builds should know though nothing is wrong: a line each, marked as a note."""
    for note in notes:
        print(f"{NOTICE_PREFIX}{note}", file=file)


def to_json(data: object) -> bytes:
    """JSON on one line: with an indent, Python writes it ten times slower."""
    return (json.dumps(data, ensure_ascii=False) + "\n").encode()


SUMS = "SHA256SUMS"


def format_sums(digests: Mapping[str, str]) -> str:
    """Path below the list's own folder -> hex digest; gives the text of the list, sorted by path.

    Paths are written with forward slashes on every system, so that the list is the same everywhere.
    """
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests))


def grouped(sha256: str) -> str:
    """A digest as people read it to each other: eight groups of eight."""
    return " ".join(sha256[at : at + 8] for at in range(0, len(sha256), 8))
