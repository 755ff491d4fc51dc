"""Work on a received file in a process of its own, which is ended when it takes too much time or memory.

The scans have limits of their own, which are the same on every computer. This one holds for what libraries do before a
scan can count: qpdf and libxml2 read a file whole, and what it takes then depends on what is packed in it. The process
is measured from outside, as only Linux lets a process bound its own memory.
"""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

from papers.store.processes import UTF8

SECONDS, MEGABYTES = 15, 600  # of a processor, for each file, with the programs that read it
_LONGEST = 120  # seconds by the clock, on a computer that is busy with other work
_PAUSE = 0.03  # seconds between two measurements
_SCRIPTS = Path(__file__).resolve().parents[2]


class TooCostly(Exception):
    """Work that took too much; the message says of what, such as "more than 600 MB of memory"."""


def run_bounded(task: str, *arguments: object) -> bytes:
    """Return the result of a task of bounded_tasks.py, given its arguments as plain data.

    Raise TooCostly beyond SECONDS or MEGABYTES, ValueError with the reason if the task refuses the file.
    """
    path = os.pathsep.join(filter(None, (str(_SCRIPTS), os.environ.get("PYTHONPATH", ""))))
    with tempfile.TemporaryFile() as given:
        given.write(marshal.dumps(arguments))
        given.seek(0)
        process = subprocess.Popen(
            [sys.executable, "-m", "papers.received.bounded_tasks", task],
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **UTF8, "PYTHONPATH": path},
        )
        try:
            output, errors = _wait(process)
        finally:
            _end(process)
    if process.returncode:
        words = errors.decode("utf-8", "replace").strip().splitlines()
        raise ValueError(words[-1] if words else "the program that read it ended")
    return output


def _wait(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    end = time.monotonic() + _LONGEST
    before = _work(process.pid)  # none, but under Wine, which gives the time of the process that asks
    while True:
        try:
            return process.communicate(timeout=_PAUSE)
        except subprocess.TimeoutExpired:
            if _work(process.pid) - before > SECONDS or time.monotonic() > end:
                raise TooCostly(f"more than {SECONDS} seconds of work") from None
            if _memory(process.pid) > MEGABYTES * 1_000_000:
                raise TooCostly(f"more than {MEGABYTES} MB of memory") from None


def _family(pid: int) -> list[psutil.Process]:
    """The process and the programs that it has started, as far as they still run."""
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    return []


def _work(pid: int) -> float:
    """The seconds of a processor that the process and its programs have used."""
    used = 0.0
    with suppress(psutil.Error):
        times = psutil.Process(pid).cpu_times()
        used = (
            times.user
            + times.system
            + getattr(times, "children_user", 0)
            + getattr(times, "children_system", 0)
        )
    for process in _family(pid)[1:]:
        with suppress(psutil.Error):
            used += sum(process.cpu_times()[:2])
    return used


def _memory(pid: int) -> int:
    """The bytes of memory that the process and its programs use together."""
    used = 0
    for process in _family(pid):
        with suppress(psutil.Error):
            used += process.memory_info().rss
    return used


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        for one in _family(process.pid):
            with suppress(psutil.Error):
                one.kill()
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream:
            with suppress(OSError):
                stream.close()
