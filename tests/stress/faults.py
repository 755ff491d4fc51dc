"""`make faults`: kills builds, and make issue, number, revise and freeze, at hundreds of random moments; fills disks.

    python tests/faults.py [moments=200] [seed=1] [processes=1] [minutes=600]

So many moments of builds and so many of the verbs, each of a command that was still running, and a quarter as many full
disks. After each the same command runs again, and everything must be as if the first had not been disturbed. A moment that
broke something is told by its seed. After so many minutes it ends with what was done. What was tried goes into tests/RELIABILITY.md.
"""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import time
from itertools import zip_longest
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent / "scripts"), str(TESTS / "support"), str(TESTS)]

from fault_tools import Stage, build_stages, verb_stages
from reliability import write_table

SECTION, DISKS = "Killed at random moments (make faults)", "Full disks (make faults)"
FULL = "full disk"
WORDS = {
    "nothing": "builds from nothing, killed and completed by the next run",
    "changed": "builds after a change, killed and completed by the next run",
    FULL: "builds on a disk that was full at a random point, told and completed by the next run",
    **{
        verb: f"make {verb}, killed and completed by the next run"
        for verb in ("number", "issue", "revise", "freeze")
    },
}


def tried(at: tuple[str, Stage, int, int]) -> tuple[str, int, str]:
    """Kills a command at so many moments; its name, how many there were, and what went wrong, with its seed."""
    name, stage, moments, seed = at
    done, first = 0, seed
    while done < moments:
        alive, wrong = stage.crowded(seed) if name == FULL else stage.disturbed(seed)
        if wrong:
            return name, done, f"{name}, seed {seed}: {wrong}"
        done, seed = done + alive, seed + 1
        if seed - first > 4 * moments + 8:
            return name, done, f"{name}: ended too early to be killed {moments} times"
    return name, done, ""


def portions(stages: dict[str, Stage], moments: int, seed: int) -> list[tuple[str, Stage, int, int]]:
    """The moments of each command, five at a time and in turn: a broken one is told soon."""
    found = []
    for at, (name, stage) in enumerate(stages.items()):
        share = moments // len(stages) + (at < moments % len(stages))
        starts = range(0, share, 5)
        first = (seed * 100 + at) * 100_000
        found += [(n, name, stage, min(5, share - n), first + n * 100) for n in starts]
    return [portion for _, *portion in sorted(found, key=lambda one: one[0])]


def in_turn(one: list, other: list) -> list:
    return [portion for pair in zip_longest(one, other) for portion in pair if portion]


def run(work: list, processes: int, minutes: int) -> tuple[list[tuple[str, str, int]], int]:
    """What was counted, and how many portions broke."""
    began, counts, broken = time.monotonic(), [], 0
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for kind, done, wrong in pool.imap_unordered(tried, work):
            counts.append((DISKS if kind == FULL else SECTION, WORDS[kind], done))
            broken += bool(wrong)
            seconds = time.monotonic() - began
            told = f"{sum(n for *_, n in counts)} moments, {seconds:.0f} s"
            print(wrong or told, file=sys.stderr, flush=True)
            if seconds > 60 * minutes:
                break
    return counts, broken


def main(arguments: list[str]) -> int:
    given = {"moments": "200", "seed": "1", "processes": "1", "minutes": "600"}
    given |= dict(word.split("=", 1) for word in arguments)
    moments, seed, processes, minutes = map(int, given.values())
    with tempfile.TemporaryDirectory(prefix="faults ") as name:
        stages = build_stages(Path(name) / "builds"), verb_stages(Path(name) / "verbs")
        work = in_turn(*(portions(one, moments, seed) for one in stages))
        work = in_turn(work, portions({FULL: stages[0]["nothing"]}, moments // 4, seed))
        counts, broken = run(work, processes, minutes)
    if not broken:
        write_table(counts)
    ended = f"{broken} portions broke" if broken else "each was completed as if undisturbed"
    print(f"{sum(n for *_, n in counts)} moments, seed={seed}: {ended}.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
