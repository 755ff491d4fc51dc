"""Deliver filled papers to outputs/papers: whole or absent, and never over an edited file.

A record for each meeting keeps the digest of every delivered file. A file that differs from its record
was edited by the user and is kept under another name. Jobs also write a manifest,
outputs/work/filled/<meeting>.json, from which Snakemake knows that the meeting's papers are there.

The job `fill` imports this module: standard library only, without `pathlib` and `typing`, which would
take a fifth of its start.
"""

from __future__ import annotations

import json
import os
from collections import namedtuple
from contextlib import suppress

from papers.store.files import (
    FileRef,
    content,
    digest,
    digest_of,
    is_unchanged,
    read_bytes,
    to_json,
    write_atomic,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


class Delivered(namedtuple("Delivered", "number title kind file sha256")):
    """A delivered paper, all strings; `file` is relative to the folder of papers."""

    __slots__ = ()


class Delivery:
    """The delivery of one meeting's papers.

    `folder` is the folder of all papers, `record` the file with this meeting's digests. Edited files stay
    in `folder` under another name, or go below the folder `aside`, where `folder` may contain delivered
    files only. `kept` lists a notice for each of them.
    """

    def __init__(self, folder: Path | str, record: Path | str, aside: Path | None = None):
        self.folder, self.record, self.aside = folder, record, aside
        recorded = json.loads(read_bytes(record)) if os.path.exists(record) else {}
        self.known: dict[str, list[str]] = recorded.get("digests", {})
        self.papers = [Delivered(**paper) for paper in recorded.get("papers", [])]
        self.kept: list[str] = []

    def deliver(self, papers: list[tuple[dict, bytes | FileRef]]) -> list[Delivered]:
        """Write each paper (its context, its content); remove papers that the meeting no longer has."""
        delivered = [
            Delivered(paper["number"], paper["title"], paper["kind"], paper["file"], digest_of(data))
            for paper, data in papers
        ]
        # Both digests are recorded before a file is written: after a crash in between, neither looks edited.
        digests = {file: list(known) for file, known in self.known.items()}
        for paper in delivered:
            digests[paper.file] = sorted({*digests.get(paper.file, []), paper.sha256})
        self._write_record(digests, self.papers)
        for paper, (_, data) in zip(delivered, papers, strict=True):
            self._write_paper(paper, data)
        self._remove_stale({paper.file for paper in delivered})
        self._write_record({paper.file: [paper.sha256] for paper in delivered}, delivered)
        return delivered

    def _write_record(self, digests: dict[str, list[str]], papers: list[Delivered]) -> None:
        record = {"digests": digests, "papers": [paper._asdict() for paper in papers]}
        write_atomic(self.record, to_json(record))

    def _write_paper(self, paper: Delivered, data: bytes | FileRef) -> None:
        path = os.path.join(self.folder, paper.file)
        if os.path.exists(path):
            present = digest(read_bytes(path))
            if present == paper.sha256:
                return
            self._keep_if_edited(path, paper.file, present)
        write_atomic(path, content(data))

    def _keep_if_edited(self, path: str, file: str, sha256: str) -> None:
        if sha256 in self.known.get(file, []):
            return
        # Imported only where a file was edited: see the top of the module.
        from pathlib import Path  # noqa: PLC0415

        from papers.store.edited_files import edited_copy_path, edited_notice  # noqa: PLC0415

        copy = edited_copy_path(self.aside / file if self.aside else Path(path))
        copy.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, copy)
        where = copy.as_posix() if self.aside else f"{copy.name} in the same folder"
        self.kept.append(edited_notice(file, where))

    def _remove_stale(self, files: set[str]) -> None:
        """Remove delivered papers that are not among `files`; edited ones stay under another name."""
        for file in sorted(set(self.known) - files):
            path = os.path.join(self.folder, file)
            if os.path.exists(path):
                self._keep_if_edited(path, file, digest(read_bytes(path)))
                with suppress(FileNotFoundError):
                    os.unlink(path)


def forget_lost_papers(work: Path, folder: Path) -> None:
    """Delete the manifest of each meeting with a lost or edited paper: Snakemake then fills it again."""
    for manifest in sorted((work / "filled").glob("*.json")):
        try:
            papers = json.loads(manifest.read_bytes())["papers"]
            written, base = manifest.stat().st_mtime_ns, os.fspath(folder)
            whole = all(is_unchanged(f"{base}/{paper['file']}", paper["sha256"], written) for paper in papers)
        except (ValueError, KeyError):
            whole = False
        if not whole:
            manifest.unlink()


def remove_stale_papers(work: Path, folder: Path, meetings: set[str]) -> list[str]:
    """Remove the papers of meetings that are not among `meetings`.

    Return a notice for each edited file kept.
    """
    notices = []
    for record in sorted((work / "record").glob("*.json")):
        if record.stem not in meetings:
            delivery = Delivery(folder, record)
            delivery.deliver([])
            notices += delivery.kept
            record.unlink()
            (work / "filled" / record.name).unlink(missing_ok=True)
    return notices
