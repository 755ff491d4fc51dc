"""Reading 84 returns and a long schedule: ours with every check, pandas with openpyxl without any."""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

import forum
import openpyxl
import pandas
import yaml
from papers.inputs.config import read_config
from papers.inputs.folder import read_inputs
from papers.inputs.workbooks import OTHER_SHEETS, SCHEDULE_SHEET, read_returns, schedule_columns
from papers.inputs.xlsx import read_sheet
from papers.model.forum import build_model
from papers.problems import Problems
from python_calamine import CalamineWorkbook
from turns import in_turn

RETURNS, ROWS = 84, 20_000  # every economy in each of the plan's four years
YEARS = (2017, 2018, 2019, 2020)
_TURNS = 2


class Reading(NamedTuple):
    """CPU seconds in one process that has read before."""

    cells: float  # these workbooks, with every check of their files, sheets and cells
    model: float  # all inputs of the forum, with every check there is, up to the counted model
    pandas: float
    calamine: float  # the values alone, without any check: what our reading of cells can't go below


def measured(project: Path) -> Reading:
    """The same workbooks four ways."""
    forum.copy_shipped(project)
    files = _complete(project)
    works = (_cells, _ours), (_pandas, _calamine)
    ways = [partial(work, project) for work in works[0]] + [partial(work, files) for work in works[1]]
    return Reading(*in_turn(_TURNS, *ways, clock=time.process_time))


def _complete(project: Path) -> list[Path]:
    """The returns that are missing, like others of their year; a last edition of so many rows. All files that both read."""
    economies = yaml.safe_load((project / "inputs/apec/economies.yaml").read_text(encoding="utf-8"))[
        "economies"
    ]
    returns = project / forum.FOLDER / "indicators"
    for year in YEARS:
        like = min((returns / str(year)).glob("*.xlsx"))
        for economy in economies:
            path = returns / str(year) / f"{economy['code'].lower()}.xlsx"
            if not path.exists():
                _like(like, path, economy["name"])
    schedule = max((project / forum.FOLDER / "schedule").glob("*.xlsx"))
    _lengthen(schedule)
    files = [path for year in YEARS for path in sorted((returns / str(year)).glob("*.xlsx"))]
    if len(files) != RETURNS:
        sys.exit(f"the benchmark has {len(files)} returns; expected {RETURNS}")
    return [*files, schedule]


def _like(source: Path, to: Path, economy: str) -> None:
    """A return of another economy that did the same, alone."""
    book = openpyxl.load_workbook(source)
    sheet = book["Return"]
    sheet["B1"] = economy
    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Indicator")
    joint = next(cell.column for cell in sheet[head] if cell.value == "Jointly with")
    for row in range(head + 1, sheet.max_row + 1):
        sheet.cell(row, joint).value = None
    book.save(to)


def _lengthen(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["Schedule"]
    known = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2) if row[0].value]
    for at in range(ROWS - len(known)):
        like = known[at % len(known)]
        sheet.append([f"{path.stem}-S{at:05d}", like[1], f"A synthetic activity {at}", *like[3:]])
    book.save(path)


def _ours(project: Path) -> None:
    problems = Problems()
    config = read_config(project / "config.yaml", problems)
    model = build_model(read_inputs(project, config, problems), config, problems)
    if problems or model is None:
        sys.exit("\n".join(["the benchmark's inputs have faults:", *problems.lines()[:20]]))


def _cells(project: Path) -> None:
    problems = Problems()
    config = read_config(project / "config.yaml", problems)
    read_returns(project, f"{forum.FOLDER}/indicators", problems)
    path, layout = (
        max((project / forum.FOLDER / "schedule").glob("*.xlsx")),
        schedule_columns(config.schedule_columns),
    )
    rows = read_sheet(path, path.name, SCHEDULE_SHEET, layout, OTHER_SHEETS, problems)
    if problems or len(rows) != ROWS:
        sys.exit("\n".join(["the benchmark's workbooks have faults:", *problems.lines()[:20]]))


def _calamine(files: list[Path]) -> None:
    for path in files:
        CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def _pandas(files: list[Path]) -> None:
    for path in files:
        pandas.read_excel(path, sheet_name=0, engine="openpyxl")


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        found = measured(Path(name) / "project")
    print(
        *(
            f"{way} {seconds:.2f} s, {found.pandas / seconds:.1f} x pandas"
            for way, seconds in found._asdict().items()
        ),
        sep="\n",
    )
