"""The events of a command and the edits of inputs that belong to them: if it is killed among them, the next one completes it.

Before a command appends its events, it writes `.edits`: the events, and each file with its text before and after. Once
all of them are written it removes the list. The next command that takes the lock of the ledger completes what the list
says if an event of it is in the ledger, and forgets it if none is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from papers.ledger.file import LedgerRow, end_text
from papers.store.files import DamagedFile, digest, read_bytes, read_json, remove_file, to_json, write_atomic

if TYPE_CHECKING:
    from collections.abc import Sequence

EDITS = ".edits"


@dataclass(frozen=True)
class FileEdit:
    """A file of inputs/, by its path from the project's folder, with its bytes before and after the edit."""

    path: str
    before: bytes
    after: bytes

    def write(self) -> None:
        """Write the file and return when it is on the disk."""
        write_atomic(self.path, self.after, durable=True)


@dataclass(frozen=True)
class UnfinishedEdits:
    """What `.edits` says: the events, which follow the first `count` ones, and path -> (digest before, text after)."""

    count: int
    end: str  # the end of the ledger before the events
    events: list[LedgerRow]
    files: dict[str, tuple[str, bytes]]

    def begun(self, rows: Sequence[LedgerRow]) -> int | None:
        """Return how many of its events are in a ledger; None if the ledger is not the one that they follow."""
        check = rows[self.count - 1].check if 0 < self.count <= len(rows) else ""
        if len(rows) < self.count or end_text(self.count, check) != self.end:
            return None
        written = rows[self.count : self.count + len(self.events)]
        same = all(row[1:-1] == event[1:-1] for row, event in zip(written, self.events, strict=False))
        return len(written) if same else None

    def write_files(self) -> list[str]:
        """Write each file that is as it was before, and return the paths of those that were changed since."""
        changed = []
        for path, (before, after) in self.files.items():
            present = digest(read_bytes(path)) if Path(path).is_file() else ""
            if present == before:
                write_atomic(path, after, durable=True)
            elif present != digest(after):
                changed.append(path)
        return changed


def begin_edits(
    folder: Path, edits: Sequence[FileEdit], events: Sequence[LedgerRow], last: LedgerRow | None
) -> None:
    """List edits and the events that they belong to, which follow `last` in the ledger of a folder."""
    count, check = (int(last.line), last.check) if last else (0, "")
    files = {edit.path: [digest(edit.before), edit.after.decode("utf-8")] for edit in edits}
    content = {"count": count, "end": end_text(count, check), "events": [*map(list, events)], "files": files}
    write_atomic(folder / EDITS, to_json(content), durable=True)


def read_edits(folder: Path) -> UnfinishedEdits | None:
    """Return what a command that was killed has listed; None if there is no list."""
    if not (folder / EDITS).exists():
        return None
    try:
        content = read_json(folder / EDITS)
        events = [LedgerRow._make(cells) for cells in content["events"]]
        files = {path: (sha256, text.encode("utf-8")) for path, (sha256, text) in content["files"].items()}
        found = UnfinishedEdits(int(content["count"]), content["end"], events, files)
    except (DamagedFile, LookupError, TypeError, ValueError, AttributeError):
        return None  # written by no command: it is written whole or not at all
    is_safe = all(path.startswith("inputs/") and ".." not in path.split("/") for path in found.files)
    return found if is_safe else None


def end_edits(folder: Path) -> None:
    """Remove the list, as its edits are made."""
    remove_file(folder / EDITS, missing_ok=True)
