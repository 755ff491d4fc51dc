"""All papers from the shipped inputs, from nothing: a build and a loop with docxtpl in turn, both started cold."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import forum
from against_docxtpl import content
from papers.docx.fill import Prepared
from papers.docx.template.prepare import joined_template, prepare_kind
from papers.docx.template.repeated_columns import spread_columns
from papers.problems import Problems
from turns import measure_in_turn

# Processes, and the reader of workbooks: as in a script with pandas; with our reader; and with two processes.
LOOPS = (("1", "openpyxl"), ("1", "calamine"), ("2", "calamine"))
LOOP = str(Path(__file__).with_name("docxtpl_loop.py"))


def measure_from_nothing(work: Path, times: int) -> tuple[int, list[float]]:
    """Return the number of papers, and the seconds of a build, of each of LOOPS, and of Snakemake alone.

    Exits if the build and the loop do not write the same papers.
    """
    project, theirs, idle = work / "shipped", work / "theirs", work / "idle"
    forum.copy_shipped(project)
    forum.remove_received(project)
    idle.mkdir()
    (idle / "Snakefile").touch()
    build = _run(project, "scripts/forum_papers.py", "build", "papers")
    whole = str(complete_templates(work / "whole"))
    loops = [_run(project, LOOP, whole, str(theirs), *how) for how in LOOPS]
    build(), loops[0]()
    count = check_same_papers(project / "outputs/papers", theirs)
    forget = partial(_remove_results, project, theirs)
    works = (build, *loops, _run(idle, "-m", "snakemake", "-n"))
    _, *seconds = measure_in_turn(times, forget, *works)
    return count, seconds


def _run(folder: Path, *command: str) -> Callable[[], str]:
    return lambda: forum.run(folder, sys.executable, *command)


def complete_templates(folder: Path) -> Path:
    """Write a complete template of each kind, as users of docxtpl have them, and the data that our filters need."""
    folder.mkdir()
    templates, problems = forum.ROOT / "templates", Problems()
    for kind in forum.shipped_kinds():
        document, _ = joined_template(templates.parent, forum.shipped_kinds(), kind, None, problems)
        spread_columns(document)  # docxtpl merges cells over rows only where a row has no loop over columns
        document.save(str(folder / f"{kind}.docx"))
        marks = Prepared(prepare_kind(templates.parent, forum.shipped_kinds(), kind, None, problems)).marks
        (folder / f"{kind}.json").write_text(json.dumps(marks), encoding="utf-8")
    return folder


def check_same_papers(ours: Path, theirs: Path, every: int = 1) -> int:
    """Return the number of papers; exit unless both folders have the same ones with the same text and tables.

    `every`: compare the text of each n-th paper only.
    """
    made, others = (
        {path.relative_to(folder): path for path in folder.rglob("*.docx")} for folder in (ours, theirs)
    )
    if made.keys() != others.keys():
        sys.exit("the build and the loop with docxtpl do not write the same papers")
    for file, paper in sorted(made.items())[::every]:
        if content(paper.read_bytes()) != content(others[file].read_bytes()):
            sys.exit(f"{file}: the build and the loop with docxtpl do not write the same text and tables")
    return len(made)


def _remove_results(project: Path, theirs: Path) -> None:
    for made in (project / "outputs", project / ".snakemake", theirs):
        shutil.rmtree(made, ignore_errors=True)
