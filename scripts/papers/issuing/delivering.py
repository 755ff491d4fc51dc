"""Filled papers -> their place in outputs/papers: whole or absent, and never over somebody's edit.

A record a meeting keeps the digest of every file delivered. A file that differs from it was edited by a person: it is
kept beside the new one under a name that says so. Standard library only, and little of it: this runs in every job that
fills papers, and pathlib and typing would be a fifth of its start.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sys
from collections import namedtuple
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from typing import TextIO

NOTE = "note: "
KEPT = " (edited copy {})"
NO_MEMORY = (
    "This computer: found too little memory for the build; wanted more. Close other programs; run make."
)


class Delivered(namedtuple("Delivered", "number title kind file sha256")):
    """A paper as delivered, all texts; `file` is its place below the folder of papers."""

    __slots__ = ()


class DeliveryError(Exception):
    """A paper that could not be put in its place; told to the user as it is."""


def is_word(file: str) -> bool:
    """Whether a paper is a Word file; one that others sent may be a PDF."""
    return file.endswith(".docx")


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Lying(namedtuple("Lying", "path sha256")):
    """A file that lies elsewhere and was looked at: it is read again only where it is needed, so that many take no memory."""

    __slots__ = ()


def lying(path: Path) -> Lying:
    """A file as it is now."""
    return Lying(path, digest(path.read_bytes()))


def content(data: bytes | Lying) -> bytes:
    """The bytes to be delivered; DeliveryError where they are not those that were looked at."""
    if isinstance(data, bytes):
        return data
    found = data.path.read_bytes()
    if digest(found) != data.sha256:
        raise DeliveryError(
            f"{data.path.as_posix()}: found a file that changed while the build ran; wanted it left alone. Run make again."
        )
    return found


def digest_of(data: bytes | Lying) -> str:
    """The digest of what is to be delivered."""
    return digest(data) if isinstance(data, bytes) else data.sha256


def write_whole(path: Path | str, data: bytes) -> None:
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
        raise DeliveryError(told(error, os.fspath(path).replace(os.sep, "/"))) from error


def read_whole(path: Path | str) -> bytes:
    """The bytes of a file."""
    with open(path, "rb") as file:
        return file.read()


FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_WAYS_OUT = {
    **dict.fromkeys(FULL, "Make room on its disk; run make."),
    **dict.fromkeys(
        (errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY, errno.EISDIR),
        "Close it in Word; if it is open nowhere, ask for the right to write there; run make.",
    ),
    errno.EROFS: "Ask for the right to write there, or copy the project to a disk of your own; run make.",
    errno.ENAMETOOLONG: "Move the project into a folder with a shorter path; run make.",
    **dict.fromkeys(
        (errno.ENOENT, errno.ENOTDIR, errno.EIO, errno.ESTALE, errno.ENOTCONN, errno.ENODEV),
        "Look whether its folder or network drive is still there; run make.",
    ),
}


def told(error: OSError, path: str = "") -> str:
    """What the system refused, in one sentence, with the way out. `path` where the error may name another."""
    place = (path or str(error.filename or "outputs")).removeprefix(f"{os.getcwd().replace(os.sep, '/')}/")
    way_out = _WAYS_OUT.get(error.errno, "Mend that; run make.")
    return f"{place}: found that it can't be read or written ({error.strerror or error}); wanted it to be. {way_out}"


def ended(main: Callable[[], int]) -> int:
    """The exit code of an adapter; what its machine refuses it is told in one sentence, as problems of inputs are."""
    try:
        return main()
    except DeliveryError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(NO_MEMORY if error.errno == errno.ENOMEM else told(error), file=sys.stderr)
    except MemoryError:
        print(NO_MEMORY, file=sys.stderr)
    return 1


def tell(notes: Iterable[str], file: TextIO) -> None:
    """What the person who builds should know though nothing is wrong: a line each, marked as a note."""
    for note in notes:
        print(f"{NOTE}{note}", file=file)


def as_json(data: object) -> bytes:
    """JSON on one line: with an indent, Python writes it ten times slower."""
    return (json.dumps(data, ensure_ascii=False) + "\n").encode()


class Delivery:
    """The delivery of one meeting's papers. `record` is the meeting's record, `folder` that of all papers.

    Edited files are kept beside the new ones, or below the folder `aside`, for where nothing else may lie.
    """

    def __init__(self, folder: Path | str, record: Path | str, aside: Path | None = None):
        self.folder, self.record, self.aside = folder, record, aside
        known = json.loads(read_whole(record)) if os.path.exists(record) else {}
        self.known: dict[str, list[str]] = known.get("digests", {})
        self.papers = [Delivered(**paper) for paper in known.get("papers", [])]
        self.kept: list[str] = []

    def deliver(self, papers: list[tuple[dict, bytes | Lying]]) -> list[Delivered]:
        """Puts each paper (its context, its content) in its place; returns what was delivered, edits kept in `kept`."""
        delivered = [
            Delivered(paper["number"], paper["title"], paper["kind"], paper["file"], digest_of(data))
            for paper, data in papers
        ]
        # Both digests are known before a file moves: after a crash between, neither version looks edited.
        both = {file: list(digests) for file, digests in self.known.items()}
        for paper in delivered:
            both[paper.file] = sorted({*both.get(paper.file, []), paper.sha256})
        self._remember(both, self.papers)
        for paper, (_, data) in zip(delivered, papers, strict=True):
            self._put(paper, data)
        self._remove_stale({paper.file for paper in delivered})
        self._remember({paper.file: [paper.sha256] for paper in delivered}, delivered)
        return delivered

    def _remember(self, digests: dict[str, list[str]], papers: list[Delivered]) -> None:
        write_whole(
            self.record, as_json({"digests": digests, "papers": [paper._asdict() for paper in papers]})
        )

    def _put(self, paper: Delivered, data: bytes | Lying) -> None:
        place = os.path.join(self.folder, paper.file)
        if os.path.exists(place):
            there = digest(read_whole(place))
            if there == paper.sha256:
                return
            self._keep_edit(place, paper.file, there)
        write_whole(place, content(data))

    def _keep_edit(self, place: str, file: str, there: str) -> None:
        if there in self.known.get(file, []):
            return
        from pathlib import Path  # noqa: PLC0415 -- only who has an edited file pays for it

        kept = free_place(self.aside / file if self.aside else Path(place))
        kept.parent.mkdir(parents=True, exist_ok=True)
        os.replace(place, kept)
        where = kept.as_posix() if self.aside else f"{kept.name} beside the new one"
        self.kept.append(f"{file} had been edited: the edited file is kept as {where}")

    def _remove_stale(self, files: set[str]) -> None:
        """A paper that the meeting no longer has goes; edited ones stay under their own name."""
        for file in sorted(set(self.known) - files):
            place = os.path.join(self.folder, file)
            if os.path.exists(place):
                self._keep_edit(place, file, digest(read_whole(place)))
                with suppress(FileNotFoundError):
                    os.unlink(place)


def free_place(place: Path) -> Path:
    """Where an edited file can be kept beside its place."""
    number = 1
    while (kept := place.with_stem(place.stem + KEPT.format(number))).exists():
        number += 1
    return kept


def is_kept(name: str) -> bool:
    """Whether a file has a name under which edits are kept: it is a person's, no build makes or takes it away."""
    return KEPT.partition("{")[0] in name


def forget_lost(work: Path, folder: Path) -> None:
    """Forgets the manifest of each meeting whose papers are not all there as delivered: it is then filled again."""
    for manifest in sorted((work / "filled").glob("*.json")):
        try:
            papers = json.loads(manifest.read_bytes())["papers"]
            written, below = manifest.stat().st_mtime_ns, os.fspath(folder)
            whole = all(as_delivered(f"{below}/{one['file']}", one["sha256"], written) for one in papers)
        except (ValueError, KeyError):
            whole = False
        if not whole:
            manifest.unlink()


def as_delivered(place: Path | str, sha256: str, written: int) -> bool:
    """A paper untouched since its manifest is taken as it is; a younger one is looked at."""
    try:
        return os.stat(place).st_mtime_ns <= written or digest(read_whole(place)) == sha256
    except OSError:
        return False


def tidy(work: Path, folder: Path, meetings: set[str]) -> list[str]:
    """Takes away the papers of meetings that are no longer built; returns what was kept because it was edited."""
    kept = []
    for record in sorted((work / "record").glob("*.json")):
        if record.stem not in meetings:
            delivery = Delivery(folder, record)
            delivery.deliver([])
            kept += delivery.kept
            record.unlink()
            (work / "filled" / record.name).unlink(missing_ok=True)
    return kept
