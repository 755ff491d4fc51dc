"""Filled papers -> their place in outputs/papers: whole or absent, and never over somebody's edit.

A record a meeting keeps the digest of every file delivered. A file that differs from it was edited by a person: it is
kept beside the new one under a name that says so. Standard library only, and little of it: this runs in every job that
fills papers, and pathlib and typing would be a fifth of its start.
"""

from __future__ import annotations

import json
import os
from collections import namedtuple
from contextlib import suppress

from papers.store.files import FileRef, content, digest, digest_of, read_bytes, to_json, write_atomic

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

EDITED_COPY = " (edited copy {})"


class Delivered(namedtuple("Delivered", "number title kind file sha256")):
    """A paper as delivered, all texts; `file` is its place below the folder of papers."""

    __slots__ = ()


class Delivery:
    """The delivery of one meeting's papers. `record` is the meeting's record, `folder` that of all papers.

    Edited files are kept beside the new ones, or below the folder `aside`, for where nothing else may lie.
    """

    def __init__(self, folder: Path | str, record: Path | str, aside: Path | None = None):
        self.folder, self.record, self.aside = folder, record, aside
        known = json.loads(read_bytes(record)) if os.path.exists(record) else {}
        self.known: dict[str, list[str]] = known.get("digests", {})
        self.papers = [Delivered(**paper) for paper in known.get("papers", [])]
        self.kept: list[str] = []

    def deliver(self, papers: list[tuple[dict, bytes | FileRef]]) -> list[Delivered]:
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
        write_atomic(
            self.record, to_json({"digests": digests, "papers": [paper._asdict() for paper in papers]})
        )

    def _put(self, paper: Delivered, data: bytes | FileRef) -> None:
        place = os.path.join(self.folder, paper.file)
        if os.path.exists(place):
            there = digest(read_bytes(place))
            if there == paper.sha256:
                return
            self._keep_edit(place, paper.file, there)
        write_atomic(place, content(data))

    def _keep_edit(self, place: str, file: str, there: str) -> None:
        if there in self.known.get(file, []):
            return
        from pathlib import Path  # noqa: PLC0415 -- only who has an edited file pays for it

        kept = edited_copy_path(self.aside / file if self.aside else Path(place))
        kept.parent.mkdir(parents=True, exist_ok=True)
        os.replace(place, kept)
        where = kept.as_posix() if self.aside else f"{kept.name} beside the new one"
        self.kept.append(f"{file} had been edited: the edited file is kept as {where}")

    def _remove_stale(self, files: set[str]) -> None:
        """A paper that the meeting no longer has goes; edited ones stay under their own name."""
        for file in sorted(set(self.known) - files):
            place = os.path.join(self.folder, file)
            if os.path.exists(place):
                self._keep_edit(place, file, digest(read_bytes(place)))
                with suppress(FileNotFoundError):
                    os.unlink(place)


def edited_copy_path(place: Path) -> Path:
    """Where an edited file can be kept beside its place."""
    number = 1
    while (kept := place.with_stem(place.stem + EDITED_COPY.format(number))).exists():
        number += 1
    return kept


def is_edited_copy(name: str) -> bool:
    """Whether a file has a name under which edits are kept: it is a person's, no build makes or takes it away."""
    return EDITED_COPY.partition("{")[0] in name


def forget_lost_papers(work: Path, folder: Path) -> None:
    """Forgets the manifest of each meeting whose papers are not all there as delivered: it is then filled again."""
    for manifest in sorted((work / "filled").glob("*.json")):
        try:
            papers = json.loads(manifest.read_bytes())["papers"]
            written, below = manifest.stat().st_mtime_ns, os.fspath(folder)
            whole = all(is_unchanged(f"{below}/{one['file']}", one["sha256"], written) for one in papers)
        except (ValueError, KeyError):
            whole = False
        if not whole:
            manifest.unlink()


def is_unchanged(place: Path | str, sha256: str, written: int) -> bool:
    """A paper untouched since its manifest is taken as it is; a younger one is looked at."""
    try:
        return os.stat(place).st_mtime_ns <= written or digest(read_bytes(place)) == sha256
    except OSError:
        return False


def remove_stale_papers(work: Path, folder: Path, meetings: set[str]) -> list[str]:
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


REGISTER_DIGESTS = "index.digests.json"


def keep_edited_files(work: Path, base: Path, files: Iterable[str]) -> list[str]:
    """Copies each of these files that the program did not write beside its place; returns what to tell."""
    known, notes = _known(work), []
    for name in sorted({*files} & known.keys()):
        place = base / name
        data = place.read_bytes() if place.is_file() else None
        if data is None or digest(data) in known[name]:
            continue
        if all(one.read_bytes() != data for one in place.parent.iterdir() if is_edited_copy(one.name)):
            kept = edited_copy_path(place)
            write_atomic(kept, data)
            notes.append(
                f"{place.as_posix()} had been edited: the edited file is kept as {kept.name} beside the new one"
            )
    return notes


def record_before_writing(work: Path, files: Mapping[str, bytes]) -> None:
    """Record the digests of these files before they are written, in addition to those of their former contents.

    After a crash neither content looks edited, and no file with two digests counts as unchanged.
    """
    known = _known(work)
    for name, data in files.items():
        known[name] = [*dict.fromkeys(known.get(name, [])), digest(data)]
    write_atomic(work / REGISTER_DIGESTS, to_json(known))


def record_written(work: Path, files: Mapping[str, bytes], still_there: Iterable[str]) -> None:
    """Remembers what was written, and what lies there as before."""
    known = _known(work)
    now = {name: [digest(data)] for name, data in files.items()}
    write_atomic(
        work / REGISTER_DIGESTS, to_json({name: known[name] for name in still_there if name in known} | now)
    )


def unchanged_files(work: Path, base: Path) -> set[str]:
    """Return the files below `base` that are as the last completed write left them, neither edited nor lost."""
    record = work / REGISTER_DIGESTS
    written = record.stat().st_mtime_ns if record.is_file() else 0
    return {
        name
        for name, digests in _known(work).items()
        if len(digests) == 1 and is_unchanged(base / name, digests[0], written)
    }


def _known(work: Path) -> dict[str, list[str]]:
    record = work / REGISTER_DIGESTS
    return json.loads(record.read_bytes()) if record.is_file() else {}
