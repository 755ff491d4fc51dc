"""Measure where the time of filling goes: CPU milliseconds of each step, for the real paper and 60 and 600 rows.

    .venv/bin/python benchmarks/parts_of_fill.py

Each step runs alone, again and again, so their sum differs from the time of the complete fill.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

import builds
import forum
from against_docxtpl import KIND, ROWS, with_rows
from papers.docx import fill, zip_writer
from papers.docx.runs import RunWriter
from papers.docx.template.prepare import prepare_kind
from papers.problems import Problems
from peers_page import table


def steps(prepared: fill.Prepared, paper: dict) -> dict[str, Callable]:
    """Return the name of each step and a function that runs it."""
    marks = RunWriter(*prepared.marks)
    made = prepared._rendered(paper, marks)
    filled = dict(made)
    added = {"word/footnotes.xml": marks.footnotes(), "word/numbering.xml": marks.numbering()}
    for name, kept in prepared.compiled:
        if isinstance(kept, tuple):
            made[name] = [kept[0], added[name], kept[1]]
    data = {name: fill.encode(part) for name, part in made.items()}
    entries = [*prepared.static, *((*zip_writer.zip_entry(n, d), n.encode()) for n, d in data.items())]
    return {
        "complete fill": lambda: prepared.fill(paper),
        "inserting texts into the template": lambda: prepared._rendered(paper, RunWriter(*prepared.marks)),
        "text to UTF-8": lambda: [fill.encode(part) for part in made.values()],
        "compressing": lambda: [zip_writer.zip_entry(name, part) for name, part in data.items()],
        "checking that each text is there": lambda: prepared._missing(paper, filled, marks),
        "writing the zip": lambda: zip_writer.build_zip(entries),
    }


def milliseconds(step: Callable) -> float:
    """Return the CPU milliseconds of a step: the least of five runs of a fifth of a second."""
    step()
    samples = []
    for _ in range(5):
        begun, times = time.process_time(), 0
        while time.process_time() - begun < 0.2:
            step()
            times += 1
        samples.append((time.process_time() - begun) / times * 1000)
    return min(samples)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        forum.copy_project(project)
        builds.build(project)
        context = fill.load_context(project / f"outputs/work/smewg/contexts/{forum.MEETING}.json")
    prepared = fill.Prepared(prepare_kind(forum.ROOT, forum.shipped_kinds(), KIND, None, Problems()))
    papers = [with_rows(context["papers"][0], rows) if rows else context["papers"][0] for rows in ROWS]
    columns = [
        {name: milliseconds(step) for name, step in steps(prepared, paper).items()} for paper in papers
    ]
    lines = [[name, *(f"{column[name]:.2f}" for column in columns)] for name in columns[0]]
    print(table(["ms of CPU", "the real paper", "60 rows", "600 rows"], lines))


if __name__ == "__main__":
    main()
