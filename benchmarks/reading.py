"""Measure reading 84 returns and a long schedule: ours with every check, pandas with openpyxl without any."""

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
from papers.inputs.settings import ScheduleTable
from papers.inputs.unread import Unread
from papers.inputs.workbooks import OTHER_SHEETS, SCHEDULE_SHEET, read_returns
from papers.inputs.xlsx import read_sheet
from papers.model.forum import build_model
from papers.problems import Problems
from python_calamine import CalamineWorkbook
from turns import measure_in_turn

RETURNS, ROWS = 84, 20_000  # every economy in each of the plan's four years
YEARS = (2017, 2018, 2019, 2020)
_TURNS = 2


class Reading(NamedTuple):
    """CPU seconds in one warm process."""

    cells: float  # these workbooks, with every check of their files, sheets and cells
    model: float  # all inputs of the forum, with every check there is, up to the counted model
    pandas: float
    calamine: float  # the values only, without any check: the lower limit for our reader


def measure(project: Path) -> Reading:
    """Read the same workbooks in four ways."""
    forum.copy_shipped(project)
    files = _complete_inputs(project)
    ways = [partial(read, project) for read in (_read_cells, _read_model)]
    ways += [partial(read, files) for read in (_read_with_pandas, _read_with_calamine)]
    return Reading(*measure_in_turn(_TURNS, *ways, clock=time.process_time))


def _complete_inputs(project: Path) -> list[Path]:
    """Add the missing returns and lengthen the last schedule; return all files that every way reads."""
    economies = yaml.safe_load((project / "inputs/apec/economies.yaml").read_text(encoding="utf-8"))[
        "economies"
    ]
    returns = project / forum.PLAN / "indicators"
    for year in YEARS:
        like = min((returns / str(year)).glob("*.xlsx"))
        for economy in economies:
            path = returns / str(year) / f"{economy['code'].lower()}.xlsx"
            if not path.exists():
                _copy_return(like, path, economy["name"])
    schedule = max((project / forum.PLAN / "schedule").glob("*.xlsx"))
    _lengthen(schedule)
    files = [path for year in YEARS for path in sorted((returns / str(year)).glob("*.xlsx"))]
    if len(files) != RETURNS:
        sys.exit(f"the benchmark has {len(files)} returns; expected {RETURNS}")
    return [*files, schedule]


def _copy_return(source: Path, to: Path, economy: str) -> None:
    """Write a return of another economy with the same items, none of them joint."""
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


def _read_model(project: Path) -> None:
    problems = Problems()
    config = read_config([project / "config.yaml"], {}, problems)
    model = build_model(read_inputs(project, config, problems), config, problems)
    if problems or model is None:
        sys.exit("\n".join(["the inputs of the benchmark have problems:", *problems.lines()[:20]]))


def _read_cells(project: Path) -> None:
    problems = Problems()
    read_returns(project, f"{forum.PLAN}/indicators", Unread(), problems)
    path, layout = (
        max((project / forum.PLAN / "schedule").glob("*.xlsx")),
        ScheduleTable().columns(),
    )
    rows = read_sheet(path, path.name, SCHEDULE_SHEET, layout, OTHER_SHEETS, problems)
    if problems or len(rows) != ROWS:
        sys.exit("\n".join(["the workbooks of the benchmark have problems:", *problems.lines()[:20]]))


def _read_with_calamine(files: list[Path]) -> None:
    for path in files:
        CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


def _read_with_pandas(files: list[Path]) -> None:
    for path in files:
        pandas.read_excel(path, sheet_name=0, engine="openpyxl")


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        result = measure(Path(name) / "project")
    print(
        *(
            f"{way} {seconds:.2f} s, {result.pandas / seconds:.1f} x pandas"
            for way, seconds in result._asdict().items()
        ),
        sep="\n",
    )
