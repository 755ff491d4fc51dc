"""`make benchmark-growth`: measure how build time grows with the papers, compared with docxtpl; write GROWTH.md.

Arguments are numbers of papers; 30 and 300 by default. 1,000 and 10,000 take long. README.md describes the method.
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
import many_forums
import reading
from make_forum import make_forum
from peers_measure import run_measured
from peers_page import table
from turns import measure_in_turn
from whole_set import LOOP, check_same_papers, complete_templates

PAPERS, ROWS = 15, 60  # in a meeting; in a schedule
MOST_JOBS = 300  # with more papers, one job for each paper takes too long
MOST_ALONE = 1_000  # with more papers, a loop in one process takes too long
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
# Targets by number of papers: least speed-up over the other way, and greatest share of its time.
TIMES_JOBS, TIMES_LOOP = {30: 8, 300: 30}, {30: 1.5, 300: 4}
SHARE_OF_LOOP = {990: 0.3, 9_990: 0.25}
# Greatest time of a build after an edited cell, compared with nothing to do; the second with more papers.
TIMES_NO_OP, MOST_TIMES_NO_OP = {30: 1.6, 300: 1.8}, 2.0
BUILD, JOBS, LOOP_1, LOOP_2 = (
    "a build",
    "one `script:` job for each paper",
    "a loop in one process",
    "a loop in two processes",
)


@dataclass(frozen=True)
class GrowthResult:
    """Results for one number of papers. Values of `from_nothing` are (seconds, MiB of the largest process)."""

    papers: int
    from_nothing: dict[str, tuple[float, float]]
    rest_mib: float  # of the next build, which adds register, checks, seal and the public folder
    edited: float  # seconds of a build after one edited cell
    filled: set[str]  # meetings that this build filled
    no_op: float  # seconds of a build with nothing to do
    empty: float  # seconds of `snakemake -n` on an empty Snakefile
    stages: str  # the table of `build --times all` after one edited cell


def measure_growth(work: Path, papers: int, turns: int) -> GrowthResult:
    """Measure all ways for one number of papers; exit if two ways do not write the same papers."""
    project, theirs, jobs = work / "project", work / "theirs", work / "jobs"
    meetings = max(1, papers // PAPERS)
    make_forum(project, meetings, PAPERS, ROWS)
    ways = _ways(project, theirs, jobs, complete_templates(work / "whole"), papers)
    made = [project / "outputs", project / ".snakemake", theirs]
    made += [jobs / "papers", jobs / "done", jobs / ".snakemake"]
    samples: dict[str, list] = {name: [] for name in ways}
    for _ in range(turns):
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        for name, (folder, words) in ways.items():
            samples[name].append(run_measured(folder, words))
            print(f"{papers:,} papers, {name}: {samples[name][-1]['wall']:.1f} s", file=sys.stderr)
    for other in (theirs, jobs / "papers")[: 1 + (JOBS in ways)]:
        if (
            check_same_papers(project / "outputs/papers", other, every=1 + papers // 2_000)
            != meetings * PAPERS
        ):
            sys.exit("the forum of the benchmark has a wrong number of papers")
    return GrowthResult(meetings * PAPERS, _medians(samples), *_measure_later_builds(project, work / "empty"))


def _ways(
    project: Path, theirs: Path, jobs: Path, whole: Path, papers: int
) -> dict[str, tuple[Path, list[str]]]:
    """Return the name of each way, the folder to run it in, and its command."""
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


def _medians(samples: dict[str, list]) -> dict[str, tuple[float, float]]:
    def median(answers: list[dict], of: str) -> float:
        return statistics.median(answer[of] for answer in answers)

    return {name: (median(of, "wall"), median(of, "kib") / 1024) for name, of in samples.items()}


def _write_jobs(project: Path, jobs: Path, whole: Path) -> None:
    (jobs / "texts").mkdir(parents=True)
    forum.run(project, sys.executable, LOOP, str(whole), str(jobs / "texts"), "0", "calamine")
    code = [str(HERE), str(forum.ROOT / "scripts")]
    rule = _SNAKEFILE.format(whole=str(whole), code=code, script=str(HERE / "script_job.py"))
    (jobs / "Snakefile").write_text(rule, encoding="utf-8")


def _measure_later_builds(project: Path, empty: Path) -> tuple[float, float, set[str], float, float, str]:
    """Return the fields of GrowthResult from `rest_mib` on."""
    rest = run_measured(project, [sys.executable, "scripts/forum_papers.py", "build"])["kib"] / 1024
    filled: set[str] = set()
    numbers = iter(range(100))
    empty.mkdir()
    (empty / "Snakefile").touch()
    _, edited, no_op, alone = measure_in_turn(
        3,
        lambda: forum.edit_cell(project, f"A synthetic activity, edit {next(numbers)}"),
        lambda: filled.update(builds.build(project)),
        lambda: builds.build(project),
        lambda: forum.run(empty, _snakemake(), "-n"),
    )
    return rest, edited, filled, no_op, alone, _stages_of_edit(project)


def _stages_of_edit(project: Path) -> str:
    """Edit a cell again; return the table of where the time of the build went."""
    forum.edit_cell(project, "A synthetic activity, edited for the table of stages")
    said = forum.run(project, sys.executable, "scripts/forum_papers.py", "build", "--times", "all")
    lines = said[said.index("where the time went") :].splitlines()
    last = next(at for at, line in enumerate(lines) if line.startswith("all, by the clock"))
    return "\n".join(line.rstrip() for line in lines[: last + 1])


def rows(
    results: list[GrowthResult], forums: many_forums.ManyForums, read: reading.Reading
) -> list[list[str]]:
    """Return one row for each target that was measured."""
    made = [
        row for result in results for row in (*_rows_from_nothing(result), *_rows_of_later_builds(result))
    ]
    by_size = {result.papers: result for result in results}
    if {990, 9_990} <= by_size.keys():
        few, many = (by_size[n].from_nothing[BUILD][0] / n for n in (990, 9_990))
        made.append(_row("Cost of a paper at 9,990 papers, compared with 990", many / few, 1.3, "x"))
    if 9_990 in by_size:
        most = max(by_size[9_990].from_nothing[BUILD][1], by_size[9_990].rest_mib)
        made.append(_row("Largest process of any build of 9,990 papers", most, 300, "MiB"))
    what = f"Reading {reading.RETURNS} returns and {reading.ROWS:,} rows with every check, compared with pandas without any"
    made.append(_row(what, read.pandas / read.cells, 6, "x", least=True))
    together = f"{many_forums.FORUMS} forums of {many_forums.MEETINGS * many_forums.PAPERS} papers"
    return [
        *made,
        _row(
            f"{together} from nothing, compared with one forum of as many papers",
            forums.many / forums.one,
            2.5,
            "x",
        ),
        _row(
            f"{together}: a cell edited in one, compared with nothing to do",
            forums.edited / forums.no_op,
            2,
            "x",
        ),
    ]


def _rows_from_nothing(result: GrowthResult) -> list[list[str]]:
    seconds, made = {name: s for name, (s, _) in result.from_nothing.items()}, []
    for name, least in ((JOBS, TIMES_JOBS), (LOOP_1, TIMES_LOOP)):
        if name in seconds and result.papers in least:
            what = f"{result.papers} papers from nothing, compared with {name} with docxtpl"
            made.append(_row(what, seconds[name] / seconds[BUILD], least[result.papers], "x", least=True))
    if result.papers in SHARE_OF_LOOP:
        what = f"{result.papers:,} papers from nothing, share of the time of {LOOP_2} with docxtpl"
        made.append(_row(what, seconds[BUILD] / seconds[LOOP_2], SHARE_OF_LOOP[result.papers], ""))
    return made


def _rows_of_later_builds(result: GrowthResult) -> list[list[str]]:
    edited = f"A cell edited among {result.papers:,} papers, compared with nothing to do; filled: {', '.join(sorted(result.filled))}"
    added = 0.2 if result.papers <= 30 else 0.3 if result.papers <= 1_000 else 1.0
    idle = f"Nothing to do at {result.papers:,} papers, less `snakemake -n` on an empty Snakefile"
    return [
        _row(edited, result.edited / result.no_op, TIMES_NO_OP.get(result.papers, MOST_TIMES_NO_OP), "x"),
        _row(idle, result.no_op - result.empty, added, "s"),
    ]


def _row(what: str, value: float, target: float, unit: str, least: bool = False) -> list[str]:
    met = value >= target if least else value <= target
    expected = f"{'at least' if least else 'at most'} {target:g} {unit}".strip()
    return [what, f"{value:.2f} {unit}".strip(), expected, "yes" if met else "**no**"]


def page(results: list[GrowthResult], forums: many_forums.ManyForums, read: reading.Reading) -> str:
    """Return the text of GROWTH.md."""
    parts = [
        "# How a build grows",
        "Written by `make benchmark-growth`. Method: [README.md](README.md).",
        table(["what", "measured", "target", "met"], rows(results, forums, read)),
        f"All papers from nothing, {PAPERS} in each meeting, {ROWS} rows in each schedule:",
        _from_nothing(results),
        "After the first build, in seconds:",
        _later_builds(results),
        _chart(results),
        f"Where the time of an edited cell goes, at {results[-1].papers:,} papers:",
        f"```text\n{results[-1].stages}\n```",
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


def _from_nothing(results: list[GrowthResult]) -> str:
    lines = []
    for result in results:
        ours = result.from_nothing[BUILD][0]
        for way, (seconds, mib) in result.from_nothing.items():
            numbers = (
                f"{seconds:.1f}",
                f"{seconds / ours:.1f}",
                f"{mib:.0f}",
                f"{seconds / result.papers * 1000:.1f}",
            )
            lines.append([f"{result.papers:,}", way, *numbers])
    return table(
        ["papers", "way", "seconds", "times a build", "peak MiB of a process", "ms for a paper"], lines
    )


def _later_builds(results: list[GrowthResult]) -> str:
    lines = []
    for result in results:
        edited = f"{result.edited:.2f}", ", ".join(sorted(result.filled))
        lines.append([f"{result.papers:,}", *edited, f"{result.no_op:.2f}", f"{result.empty:.2f}"])
    return table(["papers", "a cell edited", "filled", "nothing to do", "`snakemake -n`, empty"], lines)


def _chart(results: list[GrowthResult]) -> str:
    """Return a chart of the later builds, which GitHub draws."""
    lines = [
        ("a cell edited", [result.edited for result in results]),
        ("nothing to do", [result.no_op for result in results]),
    ]
    return "\n".join(
        [
            "```mermaid",
            "xychart-beta",
            f'  title "Seconds of a build: {lines[0][0]} (upper line), {lines[1][0]} (lower line)"',
            f'  x-axis "papers" [{", ".join(str(result.papers) for result in results)}]',
            '  y-axis "seconds"',
            *[f"  line [{', '.join(f'{seconds:.2f}' for seconds in values)}]" for _, values in lines],
            "```",
        ]
    )


def main(sizes: list[int]) -> None:
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        results = []
        for papers in sizes:
            results.append(measure_growth(work / str(papers), papers, 3 if papers <= 30 else 1))
            shutil.rmtree(work / str(papers))
        forums = many_forums.measure(work / "forums")
        read = reading.measure(work / "reading")
    text = page(results, forums, read)
    (HERE / "GROWTH.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [30, 300])
