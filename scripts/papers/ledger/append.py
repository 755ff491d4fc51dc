"""Append events to the ledger: one writer at a time, whole lines or none, on the disk before reported.

A writer that is stopped leaves the old ledger, the new one, or an unfinished last line, which the next
writer removes: no user was shown that event. ledger.end is written after the ledger and may lag behind
it, never the reverse.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from papers.ledger.file import (
    END_NAME,
    HEADER,
    ISSUED_FOLDER,
    LEDGER_NAME,
    LedgerRow,
    csv_line,
    end_text,
    line_check,
)
from papers.ledger.unfinished_edits import EDITS, end_edits, read_edits
from papers.ledger.unrecorded import ISSUING, read_whole_lines, remove_interrupted
from papers.store.files import read_bytes, write_atomic
from papers.store.locks import LOCK, TIMEOUT, LockTimeout, lock_file, remove_partial_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


@contextmanager
def ledger_lock(folder: Path, timeout: float = TIMEOUT, what: str = "the command") -> Iterator[None]:
    """Hold the lock of a ledger and of its forum's inputs; clean up after a command that was killed.

    Raise LockTimeout if another command still holds it after `timeout` seconds. `what` names this command
    to others that wait.
    """
    with lock_file(folder / LOCK, what, timeout) as held:
        if held.killed:
            remove_partial_files(folder.parent)
        for line in finish_interrupted(folder):
            print(line, flush=True)
        remove_interrupted(folder)
        yield


def finish_interrupted(folder: Path) -> list[str]:
    """Complete the events and edits of a command that was killed between them; return what was done.

    Needs the ledger's lock. Nothing is done while the ledger cannot be read. A file that was edited since is left as it
    is: the command, when it is run again, edits that.
    """
    unfinished = read_edits(folder)
    rows = read_whole_lines(folder) if unfinished else None
    if unfinished is None or rows is None:
        return []
    begun = unfinished.begun(rows)
    messages = []
    if begun:
        drop_unfinished_line(folder)
        left = unfinished.events[begun:]
        rewrite_end(folder, append(folder, left, rows[-1])[-1] if left else rows[-1])
        changed = unfinished.write_files()
        events = ", ".join(f"{event.number} {event.event}" for event in unfinished.events)
        messages = [f"A command that was interrupted is completed: {events}."]
        messages += [f"{path} was edited since: run that command again." for path in changed]
        if any(event.event == "packed" for event in unfinished.events):
            messages.append("For the zip files, run make package again.")
    end_edits(folder)
    return messages


def remove_partial_files_of(forums: Iterable[Path]) -> None:
    """Remove what a stopped command was writing in these forums, unless a command is running now."""
    for folder in forums:
        archive = folder / ISSUED_FOLDER
        lock, listed = archive / LOCK, (archive / ISSUING, archive / EDITS)
        if (lock.is_file() and lock.stat().st_size) or any(path.exists() for path in listed):
            with suppress(LockTimeout), ledger_lock(archive, timeout=0):
                pass


def drop_unfinished_line(folder: Path) -> str:
    """Remove an unfinished last line and return it; "" if there is none. Needs the ledger's lock."""
    path = folder / LEDGER_NAME
    data = read_bytes(path) if path.exists() else b""
    whole = data.rfind(b"\n") + 1
    if whole == len(data):
        return ""
    with path.open("rb+") as file:
        file.truncate(whole)
        os.fsync(file.fileno())
    return data[whole:].decode("utf-8", "replace")


def append(folder: Path, events: list[LedgerRow], last: LedgerRow | None) -> list[LedgerRow]:
    """Append events after `last`, the ledger's last event; return them as written.

    Needs the ledger's lock.
    """
    path, written = folder / LEDGER_NAME, chain(events, last)
    begun = path.exists() and path.stat().st_size > 0
    text = "".join(f"{csv_line(list(row))}\n" for row in written)
    _append_bytes(path, (text if begun else f"{HEADER}\n{text}").encode())
    write_atomic(folder / END_NAME, end_text(*_line_and_check([last, *written][-1])).encode())
    return written


def rewrite_end(folder: Path, last: LedgerRow | None) -> None:
    """Write ledger.end again if a killed writer left it behind the ledger, whose last event is `last`."""
    end = end_text(*_line_and_check(last)).encode()
    if last and (not (folder / END_NAME).exists() or read_bytes(folder / END_NAME) != end):
        write_atomic(folder / END_NAME, end)


def chain(events: list[LedgerRow], last: LedgerRow | None) -> list[LedgerRow]:
    """Return the events with their line numbers and checks, as they follow `last`."""
    count, check = _line_and_check(last)
    written = []
    for n, event in enumerate(events, count + 1):
        check = line_check(check, csv_line([str(n), *event[1:-1]]))
        written.append(event._replace(line=str(n), check=check))
    return written


def _line_and_check(row: LedgerRow | None) -> tuple[int, str]:
    return (int(row.line), row.check) if row else (0, "")


def _append_bytes(path: Path, data: bytes) -> None:
    """Append all of `data`, or leave the file as it was: a full disk can take half of a line."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)
    size = os.fstat(handle).st_size
    try:
        try:
            if os.write(handle, data) != len(data):
                raise OSError("the disk took only a part of it")
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)
