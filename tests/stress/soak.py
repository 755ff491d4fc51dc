"""`make soak`: run random sequences of number, issue, revise, withdraw, freeze and re-table by the hundred thousand.

    python tests/stress/soak.py [sequences=100000] [seed=1]

Every core runs portions of 1,000. A portion is repeatable by its seed, which is printed if a rule is broken. Ends with the
numbers of sequences, steps and events that ran.
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

from hypothesis import HealthCheck, seed, settings  # noqa: E402
from hypothesis.stateful import run_state_machine_as_test  # noqa: E402
from ledger_sequences import Sequences  # noqa: E402

PORTION, STEPS = 1000, 20


def run_portion(seed_and_count: tuple[int, int]) -> tuple[int, int, Counter, str]:
    """Run sequences from a seed; return how many sequences, steps and events ran, and the error, or ""."""
    start, count = seed_and_count
    Sequences.ran, Sequences.steps, Sequences.events = 0, 0, Counter()
    options = settings(
        max_examples=count,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    error = ""
    try:
        run_state_machine_as_test(seed(start)(Sequences), settings=options)
    except Exception:  # a broken rule or an error of the program: either is printed, with its seed
        error = f"Seed {start}, {count} sequences:\n{traceback.format_exc()}"
    return Sequences.ran, Sequences.steps, Sequences.events, error


def main(arguments: list[str]) -> int:
    options = dict(argument.split("=", 1) for argument in arguments)
    sequences, first = int(options.get("sequences", 100_000)), int(options.get("seed", 1))
    starts = range(0, sequences, PORTION)
    portions = [(first * 1_000_000 + start, min(PORTION, sequences - start)) for start in starts]
    began, ran, steps, events = time.perf_counter(), 0, 0, Counter()
    with multiprocessing.get_context("spawn").Pool(maxtasksperchild=1) as pool:
        for sequences_ran, steps_taken, happened, error in pool.imap_unordered(run_portion, portions):
            ran, steps, events = ran + sequences_ran, steps + steps_taken, events + happened
            print(f"{ran} sequences, {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
            if error:
                print(error)
                return 1
    counts = ", ".join(f"{count} {event}" for event, count in sorted(events.items()))
    print(f"{ran} sequences with {steps} steps ran, seed={first}; events: {counts}. Every rule held.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
