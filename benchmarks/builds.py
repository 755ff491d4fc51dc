"""Whole builds and jobs, as a user meets them, in a copy of the project."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import forum
from turns import cpu_of_children, in_turn

_FILLED = re.compile(r"^(?:local)?rule fill:\n(?:[ ].*\n)*?\s+wildcards: meeting=(\S+)", re.MULTILINE)
# Runs the job's script as it is, but ends it at the moment when it would fill its first paper.
_TO_FIRST_PAPER = """
import os, runpy, sys
sys.path.insert(0, "scripts")
from papers.word.filling import Prepared
Prepared.fill = lambda *_: os._exit(0)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def build(project: Path) -> list[str]:
    """Builds all papers; the meetings that were filled, as Snakemake's log has them."""
    forum.run(project, ".venv/bin/python", "scripts/build.py")
    log = (project / "outputs/work/logs/snakemake.log").read_text(encoding="utf-8")
    return sorted(_FILLED.findall(log))


def start_of_job(project: Path, times: int) -> tuple[float, float]:
    """CPU seconds of a meeting's job up to its first paper, and of the shell and interpreter alone."""
    paths = {
        "context": f"outputs/work/contexts/{forum.MEETING}.json",
        "templates": "outputs/work/templates",
        "papers": "outputs/papers",
        "record": f"outputs/work/record/{forum.MEETING}.json",
        "manifest": f"outputs/work/filled/{forum.MEETING}.json",
    }
    options = [word for name, path in paths.items() for word in (f"--{name}", path)]
    job = shlex.join([sys.executable, "-c", _TO_FIRST_PAPER, "scripts/fill.py", *options])
    nothing = shlex.join([sys.executable, "-c", "pass"])
    works = [lambda line=line: forum.run(project, "bash", "-c", f"set -euo pipefail; {line}") for line in (job, nothing)]
    to_first_paper, interpreter = in_turn(times, *works, clock=cpu_of_children)
    return to_first_paper, interpreter


def edited_cell(project: Path, times: int) -> tuple[float, set[str], list[str]]:
    """Seconds from an edited cell to its papers, all that was filled, and all meetings that there are."""
    filled: set[str] = set()
    edits = iter(range(1, times + 2))

    def edit() -> None:
        forum.edit_cell(project, f"A synthetic activity, edit {next(edits)}")

    def rebuild() -> None:
        filled.update(build(project))

    _, seconds = in_turn(times, edit, rebuild)
    meetings = sorted(path.stem for path in (project / "outputs/work/filled").glob("*.json"))
    return seconds, filled, meetings


def nothing_to_do(project: Path, empty: Path, times: int) -> tuple[float, float]:
    """Seconds of a `make` with nothing to do, and of `snakemake -n` on an empty Snakefile."""
    empty.mkdir()
    (empty / "Snakefile").touch()
    make = ("make", "-o", ".venv/installed")  # nothing is installed
    if "Nothing to be done" not in forum.run(project, *make):
        raise SystemExit("make found something to do after a build")
    snakemake = str(Path(sys.prefix) / "bin" / "snakemake")
    works = (lambda: forum.run(project, *make), lambda: forum.run(empty, snakemake, "-n"))
    made, bare = in_turn(times, *works)
    return made, bare
