"""Work on many things, shared out to processes of this machine. Only Linux does so; elsewhere one process does it all.

Each has its share from the beginning and answers once, so that none waits for a parent that was killed. A share whose
process died is done again here, where its error is told.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

Item, Made = TypeVar("Item"), TypeVar("Made")


def build_command() -> list[str]:
    """The command that builds the papers, for verbs that build first."""
    return [sys.executable, "scripts/forum_papers.py", "build"]


def cpu_count() -> int:
    """How many cores this process may use; on a cluster those of its job."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def map_in_processes(
    work: Callable[[list[Item]], Made], items: list[Item], processes: int, least: int
) -> list[Made]:
    """What `work` makes of each share of the items; one share where there are fewer than `least`, as a process costs 30 ms."""
    if processes < 2 or len(items) < least or sys.platform != "linux":
        return [work(items)]
    from multiprocessing import get_context  # noqa: PLC0415 -- only who shares out pays for its import

    context, shares = get_context("fork"), [items[at::processes] for at in range(processes)]
    answers = []
    for share in shares[1:]:
        answer, asked = context.Pipe(duplex=False)
        process = context.Process(target=_answer, args=(work, share, asked), daemon=True)
        process.start()
        asked.close()
        answers.append((answer, process))
    made = [work(shares[0])]
    for share, (answer, process) in zip(shares[1:], answers, strict=True):
        try:
            made.append(answer.recv())
        except EOFError:
            made.append(work(share))
        process.join()
    return made


def _answer(work: Callable[[list[Item]], Made], share: list[Item], asked: Connection) -> None:
    try:
        asked.send(work(share))
    except Exception:  # told by the parent, which meets it too
        os._exit(1)
