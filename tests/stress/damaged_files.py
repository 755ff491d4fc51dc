"""`make faults`, second part: damage files below outputs/work, and build again.

Each file by itself, in each way, and all files of a stage at once.

    python tests/stress/damaged_files.py [seed=1] [processes=1] [minutes=600]

After each damage an input is changed and built, then the same damage is done once more and built without a
change. Each build must end without a traceback, with the delivered files of an undisturbed build. The seed
determines the order. A failure is reported with the file and the way. The program ends early after `minutes`.
The counts of a complete run go into RELIABILITY.md.
"""

from __future__ import annotations

import multiprocessing
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.extend(str(Path(__file__).resolve().parents[2] / name) for name in ("scripts", "tests/support"))

from damage_tools import RECORDS_OF_PUBLIC, WORK, DamagedForum, in_turn, ways_of, work_files
from reliability import write_table

SECTION = "Damaged files below outputs/work (make faults)"
RESTRICTED = "records of the public folder damaged while a paper becomes restricted"
_FORUM: list[DamagedForum] = []


def start(forum: DamagedForum, folder: str) -> None:
    """Give a worker its own copy of the forum."""
    _FORUM.append(forum.copy(Path(tempfile.mkdtemp(dir=folder)) / "forum"))


def try_damage(trial: tuple[str, dict[str, str]]) -> tuple[str, str]:
    """Damage files (file -> way); return what is counted, and what went wrong."""
    counted, ways = trial
    if counted == RESTRICTED:
        with tempfile.TemporaryDirectory() as folder:
            return counted, _FORUM[0].copy(Path(folder) / "forum").wrong_after_restriction(ways)
    for edited in (True, False):
        there = {name: way for name, way in ways.items() if (_FORUM[0].project.root / WORK / name).is_file()}
        if not there:
            continue  # a cached result of the inputs before the change
        if wrong := _FORUM[0].wrong_after(there, edited):
            _FORUM[0] = _FORUM[0].again()
            return counted, f"{there}, {'with' if edited else 'without'} a changed input: {wrong}"
    return counted, ""


def all_trials(names: list[str]) -> list[tuple[str, dict[str, str]]]:
    """Return (what is counted, file -> way) of each damage."""
    trials = [(f"files {way}", {name: way}) for name in names for way in ways_of(name)]
    stages: dict[str, list[str]] = {}
    for name in names:
        stages.setdefault(name.rpartition("/")[0].partition("/")[0], []).append(name)
    several = ((files, first) for files in stages.values() for first in range(4))
    trials += [("all files of a stage damaged", in_turn(files, first)) for files, first in several]
    return trials + [(RESTRICTED, {name: way}) for name in RECORDS_OF_PUBLIC for way in ways_of(name)]


def main(arguments: list[str]) -> int:
    options = {"seed": 1, "processes": 1, "minutes": 600}
    options |= {key: int(value) for key, value in (word.split("=", 1) for word in arguments)}
    began, counts, broken = time.monotonic(), [], 0
    with tempfile.TemporaryDirectory(prefix="damaged ") as folder:
        forum = DamagedForum.make(Path(folder) / "forum")
        trials = all_trials(work_files(forum.project))
        random.Random(options["seed"]).shuffle(trials)
        spawn = multiprocessing.get_context("spawn")
        with spawn.Pool(options["processes"], start, (forum, folder)) as pool:
            for counted, wrong in pool.imap_unordered(try_damage, trials):
                counts.append((SECTION, f"{counted}, each built as if undamaged", int(not wrong)))
                broken += bool(wrong)
                seconds = time.monotonic() - began
                print(
                    wrong or f"{len(counts)} of {len(trials)}, {seconds:.0f} s", file=sys.stderr, flush=True
                )
                if seconds > 60 * options["minutes"]:
                    break
    if not broken and len(counts) == len(trials):
        write_table(counts)
    print(f"{len(counts)} of {len(trials)} damages, seed={options['seed']}: {broken} ended wrongly.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
