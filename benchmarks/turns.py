"""Measuring side by side: A B A B ..., so that what else the machine does meets both alike."""

from __future__ import annotations

import gc
import resource
import statistics
import time
from collections.abc import Callable


def in_turn(turns: int, *works: Callable, clock: Callable = time.perf_counter, each: int = 1) -> list[float]:
    """The median of each work in seconds of the clock, `each` times a turn, after one run that does not count."""
    taken: list[list[float]] = [[] for _ in works]
    for work in works:
        work()
    gc.collect()
    for _ in range(turns):
        for work, seconds in zip(works, taken, strict=True):
            start = clock()
            for _ in range(each):
                work()
            seconds.append((clock() - start) / each)
    return [statistics.median(seconds) for seconds in taken]


def cpu_of_children() -> float:
    """CPU seconds, user and system, of all processes that this one started and that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
