"""`make benchmark-growth`: how a build grows with the papers, beside docxtpl; writes benchmarks/GROWTH.md. What and how: README.md.

Numbers of papers may be given: 30 and 300 unless they are. 1,000 and 10,000 take long.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

import builds
import forum
import reading
from make_forum import make_forum
from peers_measure import launched
from peers_page import table
from turns import in_turn
from whole_set import LOOP, check_same, whole_templates

PAPERS, ROWS = 15, 60  # of a meeting; of a schedule
MOST_JOBS = 300  # with more papers, one job a paper takes too long
MOST_ALONE = 1_000  # and one process that loops
HERE = Path(__file__).resolve().parent
_SNAKEFILE = """
papers = sorted(path.stem for path in __import__("pathlib").Path("texts").iterdir())
rule all:
    input: expand("done/{{paper}}", paper=papers)
rule paper:
    input: "texts/{{paper}}.json"
    output: "done/{{paper}}"
    params: whole={whole!r}, code={code!r}
    script: {script!r}
"""
# Targets by number of papers (whole meetings): times as fast as, and share of the time of.
TIMES_JOBS, TIMES_LOOP = {30: 8, 300: 30}, {30: 1.5, 300: 4}
SHARE_OF_LOOP = {990: 0.3, 9_990: 0.25}
BUILD, JOBS, LOOP_1, LOOP_2 = (
    "a build",
    "one `script:` job a paper",
    "one process that loops",
    "two that loop",
)


@dataclass(frozen=True)
class Grown:
    """What so many papers take: (seconds, MiB of the largest process) by way; seconds of the builds after the first."""

    papers: int
    nothing_made: dict[str, tuple[float, float]]
    rest_mib: float  # of the build that then makes index, checks, seal and the public folder
    edited: float
    filled: set[str]
    no_op: float
    empty: float


def grown(work: Path, papers: int, turns: int) -> Grown:
    """Stops where two ways do not make the same papers."""
    project, theirs, jobs = work / "project", work / "theirs", work / "jobs"
    meetings = max(1, papers // PAPERS)
    make_forum(project, meetings, PAPERS, ROWS)
    ways = _ways(project, theirs, jobs, whole_templates(work / "whole"), papers)
    made = [project / "outputs", project / ".snakemake", theirs]
    made += [jobs / "papers", jobs / "done", jobs / ".snakemake"]
    taken: dict[str, list] = {name: [] for name in ways}
    for _ in range(turns):
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        for name, (folder, words) in ways.items():
            taken[name].append(launched(folder, words))
            print(f"{papers:,} papers, {name}: {taken[name][-1]['wall']:.1f} s", file=sys.stderr)
    for other in (theirs, jobs / "papers")[: 1 + (JOBS in ways)]:
        if check_same(project / "outputs/papers", other, every=1 + papers // 2_000) != meetings * PAPERS:
            sys.exit("the forum of the benchmark has another number of papers")
    return Grown(meetings * PAPERS, _medians(taken), *_again(project, work / "empty"))


def _ways(
    project: Path, theirs: Path, jobs: Path, whole: Path, papers: int
) -> dict[str, tuple[Path, list[str]]]:
    """Name -> the folder to run it in, and the command."""
    ways = {BUILD: (project, [sys.executable, "scripts/forum_papers.py", "build", "papers"])}
    loops = ((LOOP_1, "1"), (LOOP_2, "2"))
    for name, processes in loops if papers <= MOST_ALONE else loops[1:]:
        words = [sys.executable, LOOP, str(whole), str(theirs), processes, "openpyxl"]
        ways[name] = (project, words)
    if papers <= MOST_JOBS:
        _write_jobs(project, jobs, whole)
        ways[JOBS] = (jobs, [_snakemake(), "--cores", "2", "--quiet", "all"])
    return ways


def _snakemake() -> str:
    return str(Path(sys.prefix) / "bin" / "snakemake")


def _medians(taken: dict[str, list]) -> dict[str, tuple[float, float]]:
    def median(answers: list[dict], of: str) -> float:
        return statistics.median(answer[of] for answer in answers)

    return {name: (median(of, "wall"), median(of, "kib") / 1024) for name, of in taken.items()}


def _write_jobs(project: Path, jobs: Path, whole: Path) -> None:
    (jobs / "texts").mkdir(parents=True)
    forum.run(project, sys.executable, LOOP, str(whole), str(jobs / "texts"), "0", "calamine")
    code = [str(HERE), str(forum.ROOT / "scripts")]
    rule = _SNAKEFILE.format(whole=str(whole), code=code, script=str(HERE / "script_job.py"))
    (jobs / "Snakefile").write_text(rule, encoding="utf-8")


def _again(project: Path, empty: Path) -> tuple[float, float, set[str], float, float]:
    """Peak MiB of the build of all else; then seconds of a build after an edited cell, what was filled; of one with
    nothing to do; of Snakemake alone."""
    rest = launched(project, [sys.executable, "scripts/forum_papers.py", "build"])["kib"] / 1024
    filled: set[str] = set()
    numbers = iter(range(100))
    empty.mkdir()
    (empty / "Snakefile").touch()
    _, edited, no_op, alone = in_turn(
        3,
        lambda: forum.edit_cell(project, f"A synthetic activity, edit {next(numbers)}"),
        lambda: filled.update(builds.build(project)),
        lambda: builds.build(project),
        lambda: forum.run(empty, _snakemake(), "-n"),
    )
    return rest, edited, filled, no_op, alone


def rows(all_: list[Grown], read: reading.Reading) -> list[list[str]]:
    """The targets that can be held against what was measured."""
    made = [row for one in all_ for row in (*_beside(one), *_after(one))]
    sizes = {one.papers: one for one in all_}
    if {990, 9_990} <= sizes.keys():
        few, many = (sizes[n].nothing_made[BUILD][0] / n for n in (990, 9_990))
        made.append(_row("Cost of a paper at 9,990 beside that at 990", many / few, 1.3, "x"))
    if 9_990 in sizes:
        most = max(sizes[9_990].nothing_made[BUILD][1], sizes[9_990].rest_mib)
        made.append(_row("Largest process of any build of 9,990 papers", most, 300, "MiB"))
    what = f"Reading {reading.RETURNS} returns and {reading.ROWS:,} rows with every check, beside pandas without any"
    return [*made, _row(what, read.pandas / read.cells, 8, "x", least=True)]


def _beside(one: Grown) -> list[list[str]]:
    seconds, made = {name: s for name, (s, _) in one.nothing_made.items()}, []
    for name, least in ((JOBS, TIMES_JOBS), (LOOP_1, TIMES_LOOP)):
        if name in seconds and one.papers in least:
            what = f"{one.papers} papers from nothing, beside {name} with docxtpl"
            made.append(_row(what, seconds[name] / seconds[BUILD], least[one.papers], "x", least=True))
    if one.papers in SHARE_OF_LOOP:
        what = f"{one.papers:,} papers from nothing, share of the time of {LOOP_2} with docxtpl"
        made.append(_row(what, seconds[BUILD] / seconds[LOOP_2], SHARE_OF_LOOP[one.papers], ""))
    return made


def _after(one: Grown) -> list[list[str]]:
    edited = f"A cell edited among {one.papers:,} papers, beside nothing to do; filled: {', '.join(sorted(one.filled))}"
    added = 0.2 if one.papers <= 30 else 0.3 if one.papers <= 1_000 else 1.0
    idle = f"Nothing to do at {one.papers:,} papers, less `snakemake -n` on an empty Snakefile"
    return [_row(edited, one.edited / one.no_op, 1.5, "x"), _row(idle, one.no_op - one.empty, added, "s")]


def _row(what: str, value: float, target: float, unit: str, least: bool = False) -> list[str]:
    met = value >= target if least else value <= target
    expected = f"{'at least' if least else 'at most'} {target:g} {unit}".strip()
    return [what, f"{value:.2f} {unit}".strip(), expected, "yes" if met else "**no**"]


def page(all_: list[Grown], read: reading.Reading) -> str:
    parts = [
        "# How a build grows",
        "Written by `make benchmark-growth`. What and how: [README.md](README.md).",
        table(["what", "measured", "target", "met"], rows(all_, read)),
        f"All papers from nothing, {PAPERS} a meeting, {ROWS} rows in each schedule:",
        _from_nothing(all_),
        "And after the first build, in seconds:",
        _later_builds(all_),
        f"Reading {reading.RETURNS} returns and a schedule of {reading.ROWS:,} rows, in seconds of CPU:",
        _ways_of_reading(read),
    ]
    return "\n\n".join(parts) + "\n"


def _ways_of_reading(read: reading.Reading) -> str:
    ways = {
        "ours: with every check of files, sheets and cells": read.cells,
        "ours: all inputs of the forum, every check, up to the counted model": read.model,
        "calamine alone: the values, without any check": read.calamine,
        "pandas with openpyxl: the values, without any check": read.pandas,
    }
    lines = [[way, f"{seconds:.2f}", f"{read.pandas / seconds:.1f} x"] for way, seconds in ways.items()]
    return table(["way", "seconds", "as fast as pandas"], lines)


def _from_nothing(all_: list[Grown]) -> str:
    lines = []
    for one in all_:
        ours = one.nothing_made[BUILD][0]
        for way, (seconds, mib) in one.nothing_made.items():
            numbers = (
                f"{seconds:.1f}",
                f"{seconds / ours:.1f}",
                f"{mib:.0f}",
                f"{seconds / one.papers * 1000:.1f}",
            )
            lines.append([f"{one.papers:,}", way, *numbers])
    return table(["papers", "way", "seconds", "times a build", "peak MiB of a process", "ms a paper"], lines)


def _later_builds(all_: list[Grown]) -> str:
    lines = []
    for one in all_:
        edited = f"{one.edited:.2f}", ", ".join(sorted(one.filled))
        lines.append([f"{one.papers:,}", *edited, f"{one.no_op:.2f}", f"{one.empty:.2f}"])
    return table(["papers", "a cell edited", "filled", "nothing to do", "`snakemake -n`, empty"], lines)


def main(sizes: list[int]) -> None:
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        all_ = []
        for papers in sizes:
            all_.append(grown(work / str(papers), papers, 3 if papers <= 30 else 1))
            shutil.rmtree(work / str(papers))
        read = reading.measured(work / "reading")
    text = page(all_, read)
    (HERE / "GROWTH.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [30, 300])
