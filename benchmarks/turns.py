"""Measuring side by side: A B A B ..., so that what else the machine does meets both alike."""

from __future__ import annotations

import gc
import resource
import statistics
import time
from collections.abc import Callable


def in_turn(times: int, *works: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> list[float]:
    """The median of each work in seconds of the clock, after one run of each that does not count."""
    taken: list[list[float]] = [[] for _ in works]
    for work in works:
        work()
    for _ in range(times):
        for work, seconds in zip(works, taken, strict=True):
            gc.collect()
            start = clock()
            work()
            seconds.append(clock() - start)
    return [statistics.median(seconds) for seconds in taken]


def cpu_of_children() -> float:
    """CPU seconds, user and system, of all processes that this one started and that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
