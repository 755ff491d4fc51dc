"""indicators/<year>/<economy>.xlsx: what economies report for the indicators, as rows that know their cells.

Beside the years lie deadlines.yaml (until when a return is in time) and doubles.yaml (what a person decided about likely
doubles). What the rows mean is the model's business.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from papers.inputs.xlsx import (
    BESIDE,
    HEAD,
    HEADER_ROW,
    ITEMS,
    RETURN_SHEET,
    TOTALS,
    TOTALS_SHEET,
    Column,
    FormValues,
    Row,
    read_form_values,
    read_sheet,
)
from papers.inputs.yaml import Document, StrictModel, read_yaml
from papers.problems import Place, Problems

PROPOSALS = {
    "number": Column("Project number"),
    "title": Column("Title"),
    "proposing": Column("Proposing economies"),
    "co_sponsors": Column("Co-sponsors", optional=True),
    "priority_area": Column("Priority area", optional=True),
    "link": Column("Link"),
    "funding": Column("Funding requested (USD)", "whole"),
}

SCORES = {
    "number": Column("Project number"),
    "member": Column("Member"),
    "score": Column("Score (1-10)", "whole"),
}

_BESIDE = ("Lists", "Notes")


@dataclass(frozen=True)
class ProjectsBook:
    """A session's workbook: `session` is its name, such as 2018-1."""

    session: str
    file: str
    proposals: list[Row]
    scores: list[Row]


def read_projects(path: Path, name: str, session: str, problems: Problems) -> ProjectsBook:
    """Both sheets of a session's workbook; problems are added, all of them."""
    proposals = read_sheet(path, name, "Proposals", PROPOSALS, ("Scores", *_BESIDE), problems)
    scores = read_sheet(path, name, "Scores", SCORES, ("Proposals", *_BESIDE), problems)
    return ProjectsBook(session, name, proposals, scores)


class DeadlinesFile(StrictModel):
    """indicators/deadlines.yaml: year -> the last day on which a return for it is in time."""

    returns_due: dict[int, datetime.date]


def _file_and_row(item: list) -> list:
    if [type(part) for part in item] != [str, int]:
        raise ValueError("a file and a row of its sheet Return, such as [2018/per.xlsx, 9]")
    return item


class DoubleForm(StrictModel):
    """A decision about two items that look alike. Each item is [file below indicators/, row of the sheet Return]."""

    items: list[Annotated[list[Any], AfterValidator(_file_and_row)]] = Field(min_length=2, max_length=2)
    same: bool
    decided_by: str = Field(min_length=1)
    reason: str = Field(min_length=1)


class DoublesFile(StrictModel):
    decisions: list[DoubleForm]


@dataclass(frozen=True)
class ReturnFile:
    """A return as read: `year` and `code` are those of its folder and file name."""

    file: str
    year: int
    code: str
    head: FormValues
    items: list[Row]
    totals: list[Row]


@dataclass
class ReturnsFolder:
    """Everything below indicators/; what could not be read is absent."""

    base: str
    returns: list[ReturnFile] = field(default_factory=list)
    deadlines: Document[DeadlinesFile] | None = None
    doubles: Document[DoublesFile] | None = None


def read_returns(root: Path, base: str, problems: Problems) -> ReturnsFolder:
    """All returns below `root`/`base`, by year and file name. Problems are added, all of them."""
    folder = ReturnsFolder(base)
    for path in sorted((root / base).rglob("*")):
        name = path.relative_to(root / base).as_posix()
        if not path.is_file() or any(part.startswith((".", "~$")) for part in name.split("/")):
            continue  # Excel's own lock ~$x.xlsx is told with the workbook beside it
        if match := re.fullmatch(r"([0-9]{4})/([a-z]{2,4})\.xlsx", name):
            folder.returns += _return(path, f"{base}/{name}", int(match[1]), match[2], problems)
        elif name not in ("deadlines.yaml", "doubles.yaml"):
            expected = "<year>/<code of the economy in small letters>.xlsx, deadlines.yaml or doubles.yaml"
            todo = "Rename it so, or move it out of the folder."
            problems.add(Place(f"{base}/{name}"), "file-name", "a file of another name", expected, todo)
    folder.deadlines = _form(root, f"{base}/deadlines.yaml", DeadlinesFile, problems)
    folder.doubles = _form(root, f"{base}/doubles.yaml", DoublesFile, problems)
    return folder


def _form(root: Path, name: str, form: type[StrictModel], problems: Problems) -> Document | None:
    return read_yaml(root / name, name, form, problems) if (root / name).is_file() else None


def _return(path: Path, name: str, year: int, code: str, problems: Problems) -> list[ReturnFile]:
    """One workbook, as a list of one; of none where the file itself can't be read."""
    before, beside = len(problems.found), (TOTALS_SHEET, *BESIDE)
    head = read_form_values(path, name, RETURN_SHEET, HEAD, beside, problems, HEADER_ROW)
    if head is None:
        return []
    items = read_sheet(path, name, RETURN_SHEET, ITEMS, beside, problems, HEADER_ROW)
    totals = read_sheet(path, name, TOTALS_SHEET, TOTALS, (RETURN_SHEET, *BESIDE), problems)
    broken = {"missing-column", "unknown-column", "doubled-column", "missing-sheet", "damaged"}
    if any(problem.kind in broken for problem in problems.found[before:]):
        return []  # without a column, everything in it would be told as missing
    return [ReturnFile(name, year, code, head, items, totals)]
