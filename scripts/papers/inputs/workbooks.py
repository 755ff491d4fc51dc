"""The workbooks of a forum: its schedule, proposals of a session, returns of economies for the indicators.

schedule/<year>.xlsx has the sheet Schedule, with the columns that the plan or settings.yaml declares. projects/<session>.xlsx
has the sheets Proposals and Scores. indicators/<year>/<economy>.xlsx is a return: a form and the items on
the sheet Return, and the economy's own totals on the sheet Totals. indicators/ also has deadlines.yaml
(until when a return is in time) and doubles.yaml (what an officer decided about likely doubles). The model
gives the rows their meaning.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Field

from papers.inputs.plan_levels import DEFAULT_LEVELS
from papers.inputs.unread import Unread
from papers.inputs.xlsx import Column, FormValues, Row, read_form_values, read_sheet
from papers.inputs.xlsx_open import OTHER_SHEETS
from papers.inputs.yaml import Document, Form, StrictModel, read_yaml
from papers.problems import Place, Problems

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from papers.inputs.plan_schemas import Level

# The implementation schedule

SCHEDULE_SHEET = "Schedule"


# Project proposals

PROPOSALS_SHEET, SCORES_SHEET = "Proposals", "Scores"

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


@dataclass(frozen=True)
class ProjectsBook:
    """The workbook of a session: `session` is its name, such as 2018-1.

    The rows of a sheet that could not be read are None.
    """

    session: str
    file: str
    proposals: list[Row] | None
    scores: list[Row] | None


def read_projects(path: Path, name: str, session: str, level: Level, problems: Problems) -> ProjectsBook:
    """Return both sheets of a session's workbook; all problems are added.

    `level` is the first of the plan's levels, after which a column is named.
    """
    columns = {**PROPOSALS, "priority_area": Column(level.head, optional=True)}
    proposals = read_sheet(path, name, PROPOSALS_SHEET, columns, (SCORES_SHEET, *OTHER_SHEETS), problems)
    scores = read_sheet(path, name, SCORES_SHEET, SCORES, (PROPOSALS_SHEET, *OTHER_SHEETS), problems)
    return ProjectsBook(session, name, proposals, scores)


# Returns for the indicators

RETURN_SHEET, TOTALS_SHEET = "Return", "Totals"
RETURN_HEADER_ROW = 6  # the titles of the items, below the form

RETURN_FORM = {
    "economy": Column("Economy"),
    "year": Column("Year", "year"),
    "prepared_by": Column("Prepared by"),
    "date": Column("Date", "date"),
}

RETURN_ITEMS = {
    "indicator": Column("Indicator"),
    "area": Column("Priority area"),
    "title": Column("Title"),
    "date": Column("Date", "date"),
    "place": Column("Place", optional=True),
    "partners": Column("Partners or fora", optional=True),
    "jointly_with": Column("Jointly with", optional=True),
    "activity_id": Column("Activity ID", optional=True),
    "reference": Column("Reference", optional=True),
}


def return_items(has_areas: bool, level: Level) -> dict[str, Column]:
    """Return the columns of a return's items; the cells of the area are empty in a plan without areas."""
    return {**RETURN_ITEMS, "area": Column(level.head, optional=not has_areas)}


# The model knows which of the totals must be whole.
RETURN_TOTALS = {"indicator": Column("Indicator"), "total": Column("Total", "number", optional=True)}


class DeadlinesFile(StrictModel):
    """indicators/deadlines.yaml: year -> the last day on which a return for it is in time."""

    returns_due: dict[int, datetime.date]


def _file_and_row(item: list) -> list:
    if [type(part) for part in item] != [str, int]:
        raise ValueError("a file and a row of its sheet Return, such as [2018/per.xlsx, 9]")
    return item


class DoubleForm(StrictModel):
    """A decision about two items that look alike.

    Each item is [file below indicators/, row of the sheet Return].
    """

    items: list[Annotated[list[Any], AfterValidator(_file_and_row)]] = Field(min_length=2, max_length=2)
    same: bool
    decided_by: str = Field(min_length=1)
    reason: str = Field(min_length=1)


class DoublesFile(StrictModel):
    """indicators/doubles.yaml: the decisions about likely doubles."""

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


@dataclass(frozen=True)
class SetAsideReturn:
    """A return that plan.yaml sets aside at `place`: it is not read. `name` is its path below indicators/."""

    name: str
    year: int
    code: str
    why: str
    received: datetime.date | None
    place: Place

    def is_known_on(self, day: datetime.date) -> bool:
        """Return whether it had come by a day; where nobody wrote down when it came, it had."""
        return self.received is None or self.received <= day


@dataclass
class ReturnsFolder:
    """Everything below indicators/; what could not be read is absent."""

    base: str
    level: Level = DEFAULT_LEVELS[0]  # the first of the plan's levels
    returns: list[ReturnFile] = field(default_factory=list)
    set_aside: list[SetAsideReturn] = field(default_factory=list)
    deadlines: Document[DeadlinesFile] | None = None
    doubles: Document[DoublesFile] | None = None


def read_returns(
    root: Path,
    base: str,
    unread: Unread,
    problems: Problems,
    has_areas: bool = True,
    level: Level = DEFAULT_LEVELS[0],
    set_aside: Sequence[SetAsideReturn] = (),
) -> ReturnsFolder:
    """Return all returns below `root`/`base`, by year and file name, but those set aside; all problems are added.

    `has_areas`: whether their plan has priority areas; without them the cells of their column are empty.
    `level` is the first of the plan's levels, after which the column is named.
    """
    folder, items = ReturnsFolder(base, level, set_aside=[*set_aside]), return_items(has_areas, level)
    left_out = {one.name for one in set_aside}
    for path in sorted((root / base).rglob("*")):
        name = path.relative_to(root / base).as_posix()
        if not path.is_file() or any(part.startswith((".", "~$")) for part in name.split("/")):
            continue  # a lock of Excel, ~$x.xlsx, is reported when x.xlsx is read
        if name in left_out:
            unread.add("return", name)
            continue
        if match := re.fullmatch(r"([0-9]{4})/([a-z]{2,4})\.xlsx", name):
            found = _read_return(path, f"{base}/{name}", int(match[1]), match[2], items, problems)
            if found is None:
                unread.add("return", name)
            else:
                folder.returns.append(found)
        elif name not in ("deadlines.yaml", "doubles.yaml"):
            expected = "<year>/<code of the economy in small letters>.xlsx, deadlines.yaml or doubles.yaml"
            todo = "Rename it like that, or move it out of the folder."
            problems.add(Place(f"{base}/{name}"), "file-name", "a file of another name", expected, todo)
            unread.add("return", name)
    folder.deadlines = _read_optional(root, f"{base}/deadlines.yaml", DeadlinesFile, problems)
    folder.doubles = _read_optional(root, f"{base}/doubles.yaml", DoublesFile, problems)
    return folder


def _read_optional(root: Path, name: str, form: type[Form], problems: Problems) -> Document[Form] | None:
    return read_yaml(root / name, name, form, problems) if (root / name).is_file() else None


def _read_return(
    path: Path, name: str, year: int, code: str, columns: dict[str, Column], problems: Problems
) -> ReturnFile | None:
    """Return one workbook; None if the file, or one of its tables, can't be read."""
    also = (TOTALS_SHEET, *OTHER_SHEETS)
    form = read_form_values(path, name, RETURN_SHEET, RETURN_FORM, also, problems, RETURN_HEADER_ROW)
    if form is None:
        return None
    items = read_sheet(path, name, RETURN_SHEET, columns, also, problems, RETURN_HEADER_ROW)
    totals = read_sheet(path, name, TOTALS_SHEET, RETURN_TOTALS, (RETURN_SHEET, *OTHER_SHEETS), problems)
    if items is None or totals is None:
        return None
    return ReturnFile(name, year, code, form, items, totals)
