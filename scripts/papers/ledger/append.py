"""Adds events to the ledger: one writer at a time, whole lines or none, on the disk before anyone is told.

A writer that is stopped leaves the old ledger, the new one, or a last line without an end, which the next writer takes
away: nobody was told of that event. ledger.end follows the ledger and may lag behind it, never the reverse.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from papers.ledger.file import END, FOLDER, HEAD, NAME, Row, as_line, chained, end_of
from papers.store.files import write_whole
from papers.store.locks import LOCK, PATIENCE, Busy, clear_up, held

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


@contextmanager
def locked(folder: Path, patience: float = PATIENCE, what: str = "the command") -> Iterator[None]:
    """Holds the ledger of a folder alone, and with it what commands edit of the forum; clears up after a killed one."""
    with held(folder / LOCK, what, patience) as hold:
        if hold.killed:
            clear_up(folder.parent)
        yield


def clear_up_after(forums: Iterable[Path]) -> None:
    """Takes away what a killed command was writing into the folders of these forums, unless another is at work now."""
    for folder in forums:
        lock = folder / FOLDER / LOCK
        if lock.is_file() and lock.stat().st_size:
            with suppress(Busy), locked(lock.parent, 0):
                pass


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


def bring_up_end(folder: Path, last: Row | None) -> None:
    """Writes ledger.end anew where a killed writer left it behind the ledger, whose last event this is; under the lock."""
    end = end_of(*_line_and_check(last)).encode()
    if last and (not (folder / END).exists() or (folder / END).read_bytes() != end):
        write_whole(folder / END, end)


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
