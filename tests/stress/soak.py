"""`make soak`: tries random sequences of number, issue, revise, withdraw, freeze and re-table by the hundred thousand.

    python tests/soak.py [sequences=100000] [seed=1]

Every core takes portions of 1,000; a portion is repeatable by its seed, which is told where a rule is broken. Ends with
how many sequences, steps and events really ran.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent / "scripts"), str(TESTS / "support"), str(TESTS)]

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from ledger_sequences import Sequences

PORTION, STEPS = 1000, 20


def portion(at: tuple[int, int]) -> tuple[int, int, Counter, str]:
    """Runs so many sequences from a seed; how many sequences, steps and events there were, and what was broken."""
    start, many = at
    Sequences.ran, Sequences.steps, Sequences.events = 0, 0, Counter()
    expected = settings(
        max_examples=many,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    broken = ""
    try:
        run_state_machine_as_test(seed(start)(Sequences), settings=expected)
    except Exception:  # a broken rule or a fault of the program: both are told, with their seed
        broken = f"Seed {start}, {many} sequences:\n{traceback.format_exc()}"
    return Sequences.ran, Sequences.steps, Sequences.events, broken


def main(arguments: list[str]) -> int:
    given = dict(word.split("=", 1) for word in arguments)
    sequences, first = int(given.get("sequences", 100_000)), int(given.get("seed", 1))
    starts = range(0, sequences, PORTION)
    portions = [(first * 1_000_000 + start, min(PORTION, sequences - start)) for start in starts]
    began, ran, steps, events = time.perf_counter(), 0, 0, Counter()
    with multiprocessing.get_context("spawn").Pool(maxtasksperchild=1) as pool:
        for sequences_ran, steps_taken, happened, broken in pool.imap_unordered(portion, portions):
            ran, steps, events = ran + sequences_ran, steps + steps_taken, events + happened
            print(f"{ran} sequences, {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
            if broken:
                print(broken)
                return 1
    told = ", ".join(f"{count} {event}" for event, count in sorted(events.items()))
    print(f"{ran} sequences with {steps} steps ran, seed={first}; events: {told}. Every rule held.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
