"""The implementation schedule: its editions, each a workbook with a row for each activity."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from papers.model.figures import Cell, Source
from papers.model.row_reader import RowReader, is_whole
from papers.problems import Place, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papers.inputs.markdown import Section
    from papers.inputs.unread import Unread
    from papers.inputs.xlsx import Row
    from papers.model.economies import Economy

STATUSES = ("proposed", "approved", "in progress", "completed", "withdrawn")
CLOSED = ("completed", "withdrawn")
_REQUIRED = ("id", "activity", "first_year", "last_year", "status")


@dataclass(frozen=True)
class Activity:
    """One activity of an edition.

    Years are calendar years, both included; `area` is the id of a priority area, "" in a plan without areas.
    """

    id: str
    area: str
    title: str
    first_year: int
    last_year: int
    proponents: tuple[Economy, ...]
    project_number: str
    status: str
    remarks: str
    place: Place
    cells: Mapping[str, Place] = field(default_factory=dict, compare=False)  # field -> its cell

    def source(self, *fields: str) -> Source:
        """Return the activity as one thing that a figure counts: the cells of `fields` of its row."""
        if fields not in self._sources:
            self._sources[fields] = Source(1, self.cells_of(*fields))
        return self._sources[fields]

    @cached_property
    def _sources(self) -> dict[tuple[str, ...], Source]:
        return {}  # figures that count the same cells share one source

    def cells_of(self, *fields: str) -> tuple[Cell, ...]:
        """Return the cells of these fields, without those that the workbook does not have."""
        proponents = "; ".join(economy.name for economy in self.proponents)
        return tuple(Cell(self.cells[name], self.title, proponents) for name in fields if name in self.cells)


@dataclass
class Edition:
    """An edition of the schedule; activities in the order of the workbook.

    `name` is that of its file: the year, or year and month, such as 2017 or 2017-06. The order of the names is
    that of the editions.
    """

    name: str
    file: str
    activities: list[Activity] = field(default_factory=list)
    section: Section | None = None  # heading above its table, with the footnote; None for the usual one

    @property
    def year(self) -> int:
        return int(self.name[:4])

    @property
    def files(self) -> list[str]:
        """The workbook. The section is listed with the papers that print it."""
        return [self.file]

    @property
    def open_activities(self) -> list[Activity]:
        """The activities that are neither completed nor withdrawn."""
        return [activity for activity in self.activities if activity.status not in CLOSED]

    def of_area(self, area: str) -> list[Activity]:
        return [activity for activity in self.activities if activity.area == area]


class ScheduleReader(RowReader):
    """Reads the rows of an edition's workbook; reports each defect with its cell."""

    def edition(self, name: str, file: str, rows: list[Row] | None, unread: Unread) -> Edition:
        """Return the edition of a name, see `Edition`, with the activities of all rows that are correct.

        It is added to `unread` if a row is not; `rows` are None where the sheet could not be read.
        """
        edition, before = Edition(name, file), len(self.problems.found)
        first_rows: dict[str, Row] = {}
        for row in rows or ():
            activity = self._activity(row)
            if activity is None:
                continue
            if activity.id in first_rows:
                found = f"{quoted(activity.id)} again (first in {first_rows[activity.id].place('id').cell})"
                expected = "an ID that no other activity has"
                self.report(row, "id", "doubled-id", found, expected, "Give it a new ID.")
            first_rows.setdefault(activity.id, row)
            edition.activities.append(activity)
        if not is_whole(rows) or not self.all_areas or len(self.problems.found) > before:
            unread.add("schedule", name)
        return edition

    def _activity(self, row: Row) -> Activity | None:
        before = len(self.problems.found)
        required = (*_REQUIRED, "priority_area") if self.has_areas else _REQUIRED
        complete = all(row[name] is not None for name in required)
        if complete:
            self._check_years(row)
        area, proponents = self.read_area(row, "priority_area"), self.read_economies(row, "proponents")
        status = self.read_choice(row, "status", STATUSES)
        project = self.read_project_number(row, "project_number")
        if not complete or (self.has_areas and not area) or row.unread or len(self.problems.found) > before:
            return None
        return Activity(
            id=row["id"],
            area=area,
            title=row["activity"],
            first_year=row["first_year"],
            last_year=row["last_year"],
            proponents=tuple(proponents),
            project_number=str(project or ""),
            status=status,
            remarks=row["remarks"] or "",
            place=row.place("activity"),
            cells=row.places,
        )

    def _check_years(self, row: Row) -> None:
        if row["last_year"] < row["first_year"]:
            found = f"the last year {row['last_year']} before the first year {row['first_year']}"
            todo = "Correct one of the two years."
            self.report(row, "last_year", "years-reversed", found, "a last year not before the first", todo)
