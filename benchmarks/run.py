"""`make benchmark`: measure the speed, compare it with docxtpl, write RESULTS.md. README.md describes the method."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

import builds
import forum
import issuing
import peers_page
import whole_set
from against_docxtpl import compare

RATIO, ZLIB, START, EDIT, NOTHING, WHOLE = 15, 30, 0.15, 3.0, 0.5, 0.8  # targets
PACKAGES = ("docxtpl", "python-docx", "Jinja2", "lxml", "deflate", "snakemake")
Row = tuple[str, str, str, bool]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        project = work / "project"
        forum.copy_project(project)
        builds.build(project)
        rows = [*_filling(project, work), _start(project), _edit(project), _nothing(project, work / "empty")]
        rows.append(_whole(work))
        rows += [*_long_ledger(work / "ledgers"), _issued(work / "issues")]
    peers = peers_page.measure_peers()
    rows += peers_page.rows(peers)
    text = _page(rows, peers_page.section(peers))
    (forum.ROOT / "benchmarks" / "RESULTS.md").write_text(text, encoding="utf-8")
    print(text)
    return 0


def _filling(project: Path, work: Path) -> list[Row]:
    context = project / "outputs/work/smewg/contexts" / f"{forum.MEETING}.json"
    comparisons = compare(forum.ROOT / "templates", context, work)
    return [row for comparison in comparisons for row in _filled(*comparison)]


def _filled(what: str, fill: float, docxtpl: float, with_zlib: float) -> list[Row]:
    measured = [(f"Filling {what}, compared with docxtpl", fill, RATIO)]
    if "60 rows" in what:
        name = f"Filling {what} with the standard library's zlib, compared with docxtpl"
        measured.append((name, with_zlib, ZLIB))
    return [
        (
            name,
            f"fill {ours * 1000:.2f} ms, docxtpl {docxtpl * 1000:.1f} ms: {docxtpl / ours:.1f} x",
            f"at least {least} x",
            docxtpl / ours >= least,
        )
        for name, ours, least in measured
    ]


def _start(project: Path) -> Row:
    job, interpreter = builds.measure_job_start(project, 15)
    measured = f"{job:.3f} s (of that shell and interpreter {interpreter:.3f} s)"
    return "CPU of a meeting's job before its first paper", measured, f"at most {START} s", job <= START


def _edit(project: Path) -> Row:
    seconds, filled, meetings = builds.measure_edited_cell(project, 5)
    measured = f"{seconds:.2f} s; filled: {', '.join(sorted(filled))}, of {len(meetings)} meetings"
    expected = f"at most {EDIT} s; only {forum.EDITED}"
    return (
        "A build after one edited cell of the schedule",
        measured,
        expected,
        filled == {forum.EDITED} and seconds <= EDIT,
    )


def _nothing(project: Path, empty: Path) -> Row:
    make, bare = builds.measure_no_op(project, empty, 9)
    measured = f"{make:.2f} s - {bare:.2f} s = {make - bare:.2f} s"
    what = "`make` with nothing to do, less `snakemake -n` on an empty Snakefile"
    return what, measured, f"at most {NOTHING} s", make - bare <= NOTHING


def _whole(work: Path) -> Row:
    papers, (ours, loop, reader, two, idle) = whole_set.measure_from_nothing(work, 5)
    share = ours / loop
    build = f"build {ours:.2f} s (Snakemake alone, on an empty Snakefile, {idle:.2f} s)"
    shared = f"with our reader {reader:.2f} s: {ours / reader:.2f}; and two processes {two:.2f} s: {ours / two:.2f}"
    measured = f"{build}, loop {loop:.2f} s: {share:.2f} of its time ({shared})"
    what = f"The complete set from nothing, {papers} papers, compared with a plain loop with docxtpl"
    return what, measured, f"at most {WHOLE} of its time", share <= WHOLE


def _long_ledger(work: Path) -> list[Row]:
    reading, nothing = issuing.measure_ledger_cost(work, 9)
    most, lines = issuing.MOST_ADDED, f"{issuing.LINES:,} lines of the ledger"
    return [
        (f"CPU that {lines} add to {what}", f"{added:.2f} s", f"at most {most} s", added <= most)
        for what, added in (("reading the inputs", reading), ("a build with nothing to do", nothing))
    ]


def _issued(work: Path) -> Row:
    seconds, nothing = issuing.measure_issuing(work, 5)
    measured = f"{seconds:.2f} s - {nothing:.2f} s = {seconds - nothing:.2f} s"
    what, most = f"Issuing {issuing.PAPERS} papers, less a build with nothing to do", issuing.MOST_TO_ISSUE
    return what, measured, f"at most {most} s", seconds - nothing <= most


def _page(rows: list[Row], peers: str) -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    machine = f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores"
    lines = [f"| {' | '.join(texts)} | {'yes' if met else '**no**'} |" for *texts, met in rows]
    table = "\n".join(["| what | measured | target | met |", "|---|---|---|---|", *lines])
    how = "Written by `make benchmark`: medians, measured in turn in one run. Method: [README.md](README.md)."
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"# Speed\n\n{how}\n\n{table}\n\n{python}; {packages}; {machine}.\n\n{peers}\n"


if __name__ == "__main__":
    sys.exit(main())
