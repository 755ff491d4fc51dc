"""Adds events to the ledger: one writer at a time, whole lines or none, on the disk before anyone is told.

A writer that is stopped leaves the old ledger, the new one, or a last line without an end, which the next writer takes
away: nobody was told of that event. ledger.end follows the ledger and may lag behind it, never the reverse.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from papers.issuing.delivering import write_whole
from papers.reading.ledger import END, HEAD, NAME, Row, as_line, chained, end_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

if os.name == "nt":
    import msvcrt
else:
    import fcntl

LOCK = ".lock"
PATIENCE = 300  # seconds; another command may be building all papers


class LedgerBusy(Exception):
    """Another writer holds the ledger for too long; told to the user as it is."""


@contextmanager
def locked(folder: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Holds the ledger of a folder alone. The system lets go when the process ends, however it ends."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        until, told = time.monotonic() + patience, False
        while not _take(handle):
            if not told:
                print("Waiting for another command that holds the ledger", file=sys.stderr, flush=True)
            told = True
            if time.monotonic() > until:
                raise LedgerBusy(
                    f"{(folder / LOCK).as_posix()}: another command has held the ledger for {patience:.0f} seconds. Wait for it, then try again."
                )
            time.sleep(0.02)
        yield
    finally:
        os.close(handle)


def _take(handle: int) -> bool:
    try:
        if os.name == "nt":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def mend(folder: Path) -> str:
    """Takes away an unfinished last line, under the lock; returns what it was, or ""."""
    path = folder / NAME
    data = path.read_bytes() if path.exists() else b""
    whole = data.rfind(b"\n") + 1
    if whole == len(data):
        return ""
    with path.open("rb+") as file:
        file.truncate(whole)
        os.fsync(file.fileno())
    return data[whole:].decode("utf-8", "replace")


def append(folder: Path, events: list[Row], last: Row | None) -> list[Row]:
    """Adds events behind `last`, the last one there, under the lock; returns them as written."""
    path, written = folder / NAME, chain(events, last)
    new = path.exists() and path.stat().st_size > 0
    text = "".join(f"{as_line(list(row))}\n" for row in written)
    _write(path, (text if new else f"{HEAD}\n{text}").encode())
    write_whole(folder / END, end_of(*_line_and_check([last, *written][-1])).encode())
    return written


def chain(events: list[Row], last: Row | None) -> list[Row]:
    """The events with their lines and checks, as they follow `last`."""
    count, check = _line_and_check(last)
    written = []
    for n, event in enumerate(events, count + 1):
        check = chained(check, as_line([str(n), *event[1:-1]]))
        written.append(event._replace(line=str(n), check=check))
    return written


def _line_and_check(row: Row | None) -> tuple[int, str]:
    return (int(row.line), row.check) if row else (0, "")


def _write(path: Path, data: bytes) -> None:
    """All of it, or the file as it was: a full disk can take half of a line."""
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
