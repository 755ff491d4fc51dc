"""`make faults`: kill builds, and make issue, number, revise and freeze, at hundreds of random moments; fill disks.

    python tests/stress/faults.py [moments=200] [seed=1] [processes=1] [minutes=600]

It kills builds at `moments` moments and the verbs at as many, each while the command was running, and runs a quarter as
many builds on full disks. After each, the same command runs again, and all files must be as after an undisturbed run.
A failure is reported with its seed. The program ends early after `minutes`. The counts of a
run with 200 moments or more go into RELIABILITY.md.
"""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import time
from itertools import zip_longest
from pathlib import Path

sys.path.extend(str(Path(__file__).resolve().parents[2] / name) for name in ("scripts", "tests/support"))

from fault_tools import VERBS, Stage, make_stage
from reliability import write_table

SECTION, DISKS = "Killed at random moments (make faults)", "Full disks (make faults)"
FULL = "full disk"
BUILDS = ("nothing", "changed")
MOMENTS = 200
WORDS = {
    "nothing": "builds from nothing, killed and completed by the next run",
    "changed": "builds after a change, killed and completed by the next run",
    FULL: "builds on a disk that was full at a random point, reported and completed by the next run",
    **{
        verb: f"make {verb}, killed and completed by the next run"
        for verb in ("number", "issue", "revise", "freeze")
    },
}


def try_portion(portion: tuple[str, Stage, int, int]) -> tuple[str, int, str]:
    """Disturb a command at some moments; return its name, how many there were, and what went wrong, with the seed."""
    name, stage, moments, seed = portion
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
    """Split the moments of all commands into portions of five, in turn, so that a broken command is reported soon."""
    found = []
    for at, (name, stage) in enumerate(stages.items()):
        share = moments // len(stages) + (at < moments % len(stages))
        starts = range(0, share, 5)
        first = (seed * 100 + at) * 100_000
        found += [(n, name, stage, min(5, share - n), first + n * 100) for n in starts]
    return [portion for _, *portion in sorted(found, key=lambda one: one[0])]


def interleave(one: list, other: list) -> list:
    return [portion for pair in zip_longest(one, other) for portion in pair if portion]


def run(work: list, processes: int, minutes: int) -> tuple[list[tuple[str, str, int]], int]:
    """Try all portions; return the counts, and how many portions failed."""
    began, counts, broken = time.monotonic(), [], 0
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        for kind, done, wrong in pool.imap_unordered(try_portion, work):
            counts.append((DISKS if kind == FULL else SECTION, WORDS[kind], done))
            broken += bool(wrong)
            seconds = time.monotonic() - began
            progress = f"{sum(n for *_, n in counts)} moments, {seconds:.0f} s"
            print(wrong or progress, file=sys.stderr, flush=True)
            if seconds > 60 * minutes:
                break
    return counts, broken


def main(arguments: list[str]) -> int:
    options = {"moments": str(MOMENTS), "seed": "1", "processes": "1", "minutes": "600"}
    options |= dict(word.split("=", 1) for word in arguments)
    moments, seed, processes, minutes = map(int, options.values())
    with tempfile.TemporaryDirectory(prefix="faults ") as folder:
        builds, verbs = (
            {name: make_stage(name, Path(folder) / name) for name in names} for names in (BUILDS, VERBS)
        )
        work = interleave(*(portions(one, moments, seed) for one in (builds, verbs)))
        work = interleave(work, portions({FULL: builds["nothing"]}, moments // 4, seed))
        counts, broken = run(work, processes, minutes)
    if not broken and moments >= MOMENTS:
        write_table(counts)
    result = f"{broken} portions failed" if broken else "each was completed as if undisturbed"
    print(f"{sum(n for *_, n in counts)} moments, seed={seed}: {result}.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
