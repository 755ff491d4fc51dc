"""Divide work among processes of this machine. Only on Linux; elsewhere one process does all of it.

Each process gets its share when it starts and answers once, so that none waits for a parent that was
killed. The share of a process that died is done again by the parent, where its error is raised.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from multiprocessing.connection import Connection

Item = TypeVar("Item")
Result = TypeVar("Result")


# Environment of Python processes whose output is read: UTF-8, whatever the code page of this computer.
UTF8 = {"PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8"}


WITHIN_VERB = "--within-verb"  # option of the verb build: it says nothing where there is nothing to do


def build_command(*forums: str, targets: Iterable[str] = ()) -> list[str]:
    """Return the command that builds the papers of some forums, or of those that config.yaml names.

    `targets` are files or rules that are built instead of all papers.
    """
    command = [sys.executable, "scripts/forum_papers.py", "build", *targets]
    return [*command, "--config", f"forum=[{','.join(forums)}]"] if forums else command


def cpu_count() -> int:
    """Return how many cores this process may use; in a cluster's job, those of the job."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def map_in_processes(
    work: Callable[[list[Item]], Result], items: list[Item], processes: int, least: int
) -> list[Result]:
    """Call `work` with a share of the items in each process; return the results, one a share.

    With fewer than `least` items there is one share, as starting a process costs 30 ms.
    """
    if processes < 2 or len(items) < least or sys.platform != "linux":
        return [work(items)]
    from multiprocessing import get_context  # noqa: PLC0415 -- few builds have enough papers to need it

    context, shares = get_context("fork"), [items[start::processes] for start in range(processes)]
    started = []
    for share in shares[1:]:
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_send_result, args=(work, share, sender), daemon=True)
        process.start()
        sender.close()
        started.append((receiver, process))
    results = [work(shares[0])]
    for share, (receiver, process) in zip(shares[1:], started, strict=True):
        try:
            results.append(receiver.recv())
        except EOFError:
            results.append(work(share))
        process.join()
    return results


def _send_result(work: Callable[[list[Item]], Result], share: list[Item], sender: Connection) -> None:
    try:
        sender.send(work(share))
    except Exception:  # raised again by the parent, which does this share itself
        os._exit(1)
