"""Measure several functions in turn (A B A B ...), so that other load on the machine affects all alike."""

from __future__ import annotations

import gc
import resource
import statistics
import time
from collections.abc import Callable


def measure_in_turn(
    turns: int, *functions: Callable, clock: Callable = time.perf_counter, each: int = 1
) -> list[float]:
    """Return the median seconds of one call of each function; `each`: calls in a turn. A first call is not counted."""
    samples: list[list[float]] = [[] for _ in functions]
    for function in functions:
        function()
    gc.collect()
    for _ in range(turns):
        for function, seconds in zip(functions, samples, strict=True):
            start = clock()
            for _ in range(each):
                function()
            seconds.append((clock() - start) / each)
    return [statistics.median(seconds) for seconds in samples]


def cpu_of_children() -> float:
    """Return the CPU seconds (user and system) of all child processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
