"""Measure complete builds and single jobs, as a user runs them, in a copy of the project."""

from __future__ import annotations

import itertools
import re
import shlex
import sys
from pathlib import Path

import forum
from turns import cpu_of_children, measure_in_turn

_FILLED = re.compile(
    r"^(?:local)?rule fill:\n(?:[ ].*\n)*?\s+wildcards: forum=\S+, meeting=(\S+)", re.MULTILINE
)
# Runs the job's script unchanged, but exits when it would fill its first paper.
_TO_FIRST_PAPER = """
import os, runpy, sys
sys.path.insert(0, "scripts")
from papers.docx.fill import Prepared
Prepared.fill = lambda *_: os._exit(0)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def build(project: Path) -> list[str]:
    """Build everything; return the meetings that were filled, from Snakemake's log."""
    forum.run(project, ".venv/bin/python", "scripts/forum_papers.py", "build")
    log = (project / "outputs/work/logs/snakemake.log").read_text(encoding="utf-8")
    return sorted(_FILLED.findall(log))


def measure_job_start(project: Path, times: int) -> tuple[float, float]:
    """Return the CPU seconds of a meeting's job up to its first paper, and of shell and interpreter alone."""
    files = (
        f"--context outputs/work/smewg/contexts/{forum.MEETING}.json --templates outputs/work/smewg/templates"
    )
    unused = "--received unused --out unused --log unused"  # the job exits before
    python = f"set -euo pipefail; {shlex.quote(sys.executable)} -c"
    job = f"{python} {shlex.quote(_TO_FIRST_PAPER)} scripts/fill.py {files} {unused}"
    works = [lambda line=line: forum.run(project, "bash", "-c", line) for line in (job, f"{python} pass")]
    return tuple(measure_in_turn(times, *works, clock=cpu_of_children))


def measure_edited_cell(project: Path, times: int) -> tuple[float, set[str], list[str]]:
    """Return the seconds of a build after one edited cell, the meetings that were filled, and all meetings."""
    filled: set[str] = set()
    edits = itertools.count(1)
    _, seconds = measure_in_turn(
        times,
        lambda: forum.edit_cell(project, f"A synthetic activity, edit {next(edits)}"),
        lambda: filled.update(build(project)),
    )
    meetings = sorted(path.name for path in (project / "outputs/work/smewg/filled").iterdir())
    return seconds, filled, meetings


def measure_no_op(project: Path, empty: Path, times: int) -> tuple[float, float]:
    """Return the seconds of a `make` with nothing to do, and of `snakemake -n` on an empty Snakefile."""
    empty.mkdir()
    (empty / "Snakefile").touch()
    make = ("make", "-o", ".venv/installed")  # skip installation
    if "Nothing to be done" not in forum.run(project, *make):
        raise SystemExit("make found something to do after a build")
    snakemake = str(Path(sys.prefix) / "bin" / "snakemake")
    return tuple(
        measure_in_turn(times, lambda: forum.run(project, *make), lambda: forum.run(empty, snakemake, "-n"))
    )
