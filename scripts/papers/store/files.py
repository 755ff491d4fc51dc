"""Read and write files: a file is written whole or not at all, and a refusal of the system is one sentence.

The job `fill` imports this module: standard library only, without `pathlib` and `typing`.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections import namedtuple
from contextlib import suppress

from papers.errors import UserError, describe_os_error
from papers.sharing import open_patiently, patiently

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from typing import Any, TextIO

NOTICE_PREFIX = "note: "  # of a line that a job prints although nothing is wrong
SUMS = "SHA256SUMS"
_WINDOWS = os.name == "nt"


def is_word(file: str) -> bool:
    """Return whether a paper is a Word file; a paper that others sent may be a PDF."""
    return file.endswith(".docx")


def digest(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


class DamagedFile(UserError):
    """A file below outputs/work that no build wrote as it is: `papers.build.make` builds everything again."""

    def __init__(self, path: Path | str):
        place = os.fspath(path).replace(os.sep, "/")
        super().__init__(
            f"{place}: found a damaged file; expected it as a build wrote it."
            " Run make: it builds the papers again."
        )


class FileRef(namedtuple("FileRef", "path sha256")):
    """A file as it was when it was checked: read again only when its bytes are needed, to save memory."""

    __slots__ = ()

    def read(self) -> bytes:
        """Return the bytes; raise UserError if they are not those that were checked."""
        found = read_bytes(self.path)
        if digest(found) != self.sha256:
            raise UserError(
                f"{self.path.as_posix()}: found a file that changed while the build ran;"
                " expected an unchanged file. Run make again."
            )
        return found


class BuiltFile(FileRef):
    """A file below outputs/work, as its stage wrote it."""

    __slots__ = ()

    def read(self) -> bytes:
        """Return the bytes; raise DamagedFile if they are not those that the stage wrote."""
        try:
            found = read_bytes(self.path)
        except (FileNotFoundError, IsADirectoryError) as error:
            raise DamagedFile(self.path) from error
        if digest(found) != self.sha256:
            raise DamagedFile(self.path)
        return found


def file_ref(path: Path) -> FileRef:
    """Return a reference to a file as it is now."""
    return FileRef(path, digest(read_bytes(path)))


def content(data: bytes | FileRef) -> bytes:
    """Return bytes as they are, and those of a file as it was when it was checked; see `FileRef.read`."""
    return data if isinstance(data, bytes) else data.read()


def digest_of(data: bytes | FileRef) -> str:
    """Return the SHA-256 of bytes, or of a file as it was when it was checked."""
    return digest(data) if isinstance(data, bytes) else data.sha256


def size_of(data: bytes | FileRef) -> int:
    """Return the number of bytes."""
    return len(data) if isinstance(data, bytes) else data.path.stat().st_size


def write_atomic(path: Path | str, data: bytes, durable: bool = False) -> None:
    """Write to a temporary file in the same folder and rename it: readers see the old file or the new one.

    Missing folders are created. `durable`: return when the file is on the disk under its name, so that it
    outlasts a power failure. Raise UserError if the system refuses.
    """
    folder, name = os.path.split(path)
    temporary = os.path.join(folder, f".{name}.{os.getpid()}.part")
    try:
        os.makedirs(folder or ".", exist_ok=True)
        with open(temporary, "wb") as file:
            file.write(data)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        replace_file(temporary, path)
        if durable:
            _sync_folder(folder or ".")
    except OSError as error:
        with suppress(OSError):
            os.unlink(temporary)
        raise UserError(describe_os_error(error, os.fspath(path).replace(os.sep, "/"))) from error


def _sync_folder(folder: Path | str) -> None:
    """Wait until the names in a folder are on the disk; Windows can't open a folder."""
    if _WINDOWS:
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network drives refuse it
            os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(source: Path | str, target: Path | str) -> None:
    """Rename a file, as `os.replace`; on Windows, wait some seconds for a program that has it open."""
    patiently(os.replace, source, target)


def remove_file(path: Path | str, missing_ok: bool = False) -> None:
    """Remove a file, as `Path.unlink`; on Windows, wait some seconds for a program that has it open."""
    with suppress(*([FileNotFoundError] if missing_ok else [])):
        patiently(os.unlink, path)


def read_json(path: Path | str, kind: type = dict) -> Any:
    """Return the content of a JSON file that a build wrote: a dict, or another `kind`.

    Raise DamagedFile if it is missing, cut short or something else.
    """
    try:
        found = json.loads(read_bytes(path))
    except (FileNotFoundError, IsADirectoryError, ValueError) as error:
        raise DamagedFile(path) from error
    if not isinstance(found, kind):
        raise DamagedFile(path)
    return found


def read_bytes(path: Path | str) -> bytes:
    """Return the bytes of a file, as `Path.read_bytes`; on Windows, wait some seconds for a program that has it open.

    Raise IsADirectoryError of a folder, for which Windows has no error of its own.
    """
    try:
        with open_patiently(path) as file:
            return file.read()
    except PermissionError as error:
        if os.path.isdir(path):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path)) from error
        raise


def write_with_digest(path: Path | str, data: bytes) -> None:
    """Write a file that has code in it, behind its SHA-256."""
    write_atomic(path, digest(data).encode() + data)


def read_with_digest(path: Path | str) -> bytes:
    """Return the bytes that `write_with_digest` wrote; raise DamagedFile if they have another digest."""
    try:
        written = read_bytes(path)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise DamagedFile(path) from error
    sha256, data = written[:64], written[64:]
    if digest(data).encode() != sha256:
        raise DamagedFile(path)
    return data


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

    Its digest is computed only if it is younger than `written`, in ns, or empty, as after a power failure.
    """
    try:
        status = os.stat(path)
        if status.st_mtime_ns <= written and status.st_size:
            return True
        return digest(read_bytes(path)) == sha256
    except OSError:
        return False
