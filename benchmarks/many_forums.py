"""16 forums of 30 papers, compared with one forum of 480 papers: from nothing, with nothing to do, after an edit in one."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import builds
import forum
from make_forum import make_forum
from turns import measure_in_turn

FORUMS, MEETINGS, PAPERS, ROWS = 16, 2, 15, 60


@dataclass(frozen=True)
class ManyForums:
    """Seconds of builds: of one forum with all papers, of the forums together, and of later builds of these."""

    one: float
    many: float
    no_op: float
    edited: float


def measure(work: Path, turns: int = 3) -> ManyForums:
    """Measure; `work` is a folder that does not exist."""
    one, many = work / "one", work / "many"
    make_forum(one, FORUMS * MEETINGS, PAPERS, ROWS)
    make_forum(many, MEETINGS, PAPERS, ROWS)
    for at in range(2, FORUMS + 1):
        _copy_forum(many, "BENCH" + chr(ord("A") + at))
    (many / "config.yaml").write_text("forum: all\n", encoding="utf-8")
    shutil.rmtree(many / "inputs" / "cd", ignore_errors=True)
    of_one, of_many = measure_in_turn(turns, lambda: _from_nothing(one), lambda: _from_nothing(many))
    numbers = iter(range(100))
    _, edited, no_op = measure_in_turn(
        turns,
        lambda: forum.edit_cell(many, f"A synthetic activity, edit {next(numbers)}"),
        lambda: builds.build(many),
        lambda: builds.build(many),
    )
    return ManyForums(of_one, of_many, no_op, edited)


def _copy_forum(project: Path, code: str) -> None:
    """Copy the forum of the benchmark; its code stands for that of the copied one in all names and numbers."""
    shipped = project / forum.FOLDER
    to = shipped.parent / code.lower()
    shutil.copytree(shipped, to)
    for path in [path for path in to.rglob("*.yaml") if path.is_file()]:
        path.write_text(path.read_text(encoding="utf-8").replace("SMEWG", code), encoding="utf-8")
        path.rename(path.with_name(path.name.replace("SMEWG", code)))


def _from_nothing(project: Path) -> None:
    for made in ("outputs", ".snakemake"):
        shutil.rmtree(project / made, ignore_errors=True)
    builds.build(project)
