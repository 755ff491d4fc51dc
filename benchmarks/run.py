"""`make benchmark`: measures the speed beside docxtpl and writes benchmarks/RESULTS.md. What and how: README.md."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import builds
import forum
from against_docxtpl import Comparison, compare

RATIO, START, EDIT, NOTHING = 15, 0.15, 3.0, 0.5  # the targets
PACKAGES = ("docxtpl", "python-docx", "Jinja2", "lxml", "deflate", "snakemake")
Row = tuple[str, str, str, bool]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        project = work / "project"
        forum.copy_project(project)
        builds.build(project)
        rows = [*_filling(project, work), _start(project), _edit(project), _nothing(project, work / "empty")]
    text = _page(rows)
    (ROOT / "benchmarks" / "RESULTS.md").write_text(text, encoding="utf-8")
    print(text)
    return 0


def _filling(project: Path, work: Path) -> list[Row]:
    context = project / "outputs/work/contexts" / f"{forum.MEETING}.json"
    return [_filled(one) for one in compare(ROOT / "templates", context, work)]


def _filled(one: Comparison) -> Row:
    measured = f"fill {one.fill * 1000:.2f} ms, docxtpl {one.docxtpl * 1000:.1f} ms: {one.ratio:.1f} x"
    return f"Filling {one.what}, beside docxtpl", measured, f"at least {RATIO} x", one.ratio >= RATIO


def _start(project: Path) -> Row:
    job, interpreter = builds.start_of_job(project, 15)
    measured = f"{job:.3f} s (of that shell and interpreter {interpreter:.3f} s)"
    return "CPU of a meeting's job before its first paper", measured, f"at most {START} s", job <= START


def _edit(project: Path) -> Row:
    seconds, filled, meetings = builds.edited_cell(project, 5)
    right = filled == {forum.EDITED}
    measured = f"{seconds:.2f} s; filled: {', '.join(sorted(filled))}, of {len(meetings)} meetings"
    wanted = f"at most {EDIT} s; {forum.EDITED} alone"
    return "A cell of the schedule edited, then a build", measured, wanted, right and seconds <= EDIT


def _nothing(project: Path, empty: Path) -> Row:
    made, bare = builds.nothing_to_do(project, empty, 9)
    measured = f"{made:.2f} s - {bare:.2f} s = {made - bare:.2f} s"
    what = "`make` with nothing to do, less `snakemake -n` on an empty Snakefile"
    return what, measured, f"at most {NOTHING} s", made - bare <= NOTHING


def _page(rows: list[Row]) -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    machine = f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores"
    lines = [f"| {what} | {measured} | {target} | {'yes' if met else '**no**'} |" for what, measured, target, met in rows]
    return "\n".join(
        [
            "# How fast it is",
            "",
            "Written by `make benchmark`: medians, measured in turn in one run. What and how: [README.md](README.md).",
            "",
            "| what | measured | target | met |",
            "|---|---|---|---|",
            *lines,
            "",
            f"{platform.python_implementation()} {platform.python_version()}; {packages}; {machine}.",
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
