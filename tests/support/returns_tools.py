"""Indicator returns for the miniature forum: workbooks as an economy fills them in, and entries without a workbook."""

from __future__ import annotations

import datetime
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
from forum_tools import FOLDER, MINIATURE, Forum
from organisation_tools import APEC
from papers.inputs.schemas import EconomiesFile
from papers.inputs.settings import Doubles
from papers.inputs.unread import Unread
from papers.inputs.workbooks import RETURN_FORM, RETURN_ITEMS, ReturnsFolder
from papers.inputs.yaml import read_yaml
from papers.model.economies import Economies, Economy
from papers.model.figures import Figure
from papers.model.indicator_returns import Return, ReturnEntry
from papers.model.indicators import Indicators, build_indicators
from papers.problems import Place, Problems

RETURNS = f"{FOLDER}/plan-2019-2020/indicators"
PER, VNM = f"{RETURNS}/2019/per.xlsx", f"{RETURNS}/2019/vnm.xlsx"
ACTIVITIES, PRACTICES = "Activities carried out", "Practices shared"
AREA = "Access to markets"
REGISTER = Economies.of(
    read_yaml(MINIATURE / "inputs/apec/economies.yaml", "economies.yaml", EconomiesFile, Problems()),
    APEC,
    Problems(),
)
BY_CODE = {economy.code: economy for economy in REGISTER.economies}


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@dataclass
class Book:
    """A return to write; `rows` are values of its columns by field, `totals` the totals that it states itself."""

    economy: object = "Peru"
    year: object = 2019
    prepared_by: object = "Office for SME policy"
    date: object = field(default_factory=lambda: day("2020-01-31"))
    rows: list[dict] = field(default_factory=list)
    totals: dict[str, object] | None = None

    def write(self, path: Path) -> None:
        book = openpyxl.Workbook()
        book.active.title = "Return"
        for at, (key, column) in enumerate(RETURN_FORM.items(), 1):
            book.active.cell(at, 1, column.header)
            book.active.cell(at, 2, getattr(self, key))
        for at, column in enumerate(RETURN_ITEMS.values(), 1):
            book.active.cell(6, at, column.header)
        for row, values in enumerate(self.rows, 7):
            for at, key in enumerate(RETURN_ITEMS, 1):
                book.active.cell(row, at, values.get(key))
        totals = book.create_sheet("Totals")
        totals.append(["Indicator", "Total"])
        counted = Counter(row.get("indicator") for row in self.rows)
        for name, total in (self.totals or {n: counted[n] for n in (ACTIVITIES, PRACTICES)}).items():
            totals.append([name, total])
        path.parent.mkdir(parents=True, exist_ok=True)
        book.save(path)


def row(**values) -> dict:
    """Return a row of the sheet Return, with other values than the defaults where given."""
    default = {
        "indicator": ACTIVITIES,
        "area": AREA,
        "title": "A workshop on doors",
        "date": day("2019-05-06"),
    }
    return {**default, **values}


def send_in(forum: Forum, file: str, *rows: dict, **head) -> None:
    """Write a return with these rows into the forum's folder."""
    Book(**{"economy": BY_CODE[Path(file).stem.upper()].name, **head}, rows=list(rows)).write(
        forum.path(file)
    )


def entry(economy: Economy, at: int, **values) -> ReturnEntry:
    """Return an item of a return in row `at`, without a workbook, with other values than the defaults where given."""
    default = {
        "year": 2019,
        "indicator": "activities",
        "area": "access",
        "title": f"{economy.name} {at}",
        "date": day("2019-05-06"),
        "place": "",
        "partners": "",
        "jointly_with": (),
        "activity_id": "",
        "reference": "",
    }
    values = {**default, **values}
    cell = Place(
        f"inputs/x/plan-2019-2020/indicators/{values['year']}/{economy.code.lower()}.xlsx", "Return", f"A{at}"
    )
    return ReturnEntry(economy=economy, row=at, cell=cell, **values)


def returns_of(entries: list[ReturnEntry]) -> list[Return]:
    """Return one return for each economy and year, with the totals of its entries and no others."""
    returns: dict[tuple, Return] = {}
    for item in entries:
        new = Return(item.economy, item.year, "", day("2020-01-31"), False, item.cell.file)
        returns.setdefault((item.year, item.economy), new).entries.append(item)
    for each in returns.values():
        for name, total in Counter(item.indicator for item in each.entries).items():
            each.totals[name] = Figure(total, (Place(each.file, "Totals", "B2"),))
    return sorted(returns.values(), key=lambda each: (each.year, each.economy))


def counted(entries: list[ReturnEntry], problems: Problems | None = None) -> Indicators:
    """Return the figures of these entries alone."""
    problems = Problems() if problems is None else problems
    made = build_indicators(
        returns_of(entries),
        ReturnsFolder("inputs/x/plan-2019-2020/indicators"),
        REGISTER,
        Doubles(),
        Unread(),
        problems,
    )
    return made
