"""The implementation schedule: what the rows of an edition's workbook mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from papers.model.figures import Cell, Source
from papers.numbers import NumberError, ProjectNumber
from papers.problems import Place, Problems, did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papers.inputs.markdown import Section
    from papers.inputs.xlsx import Row
    from papers.model.economies import Economies, Economy
    from papers.model.plan import Plan

STATUSES = ("proposed", "approved", "in progress", "completed", "withdrawn")


@dataclass(frozen=True)
class Activity:
    """One activity of an edition; years are calendar years, both included."""

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
    cells: Mapping[str, Place] = field(default_factory=dict, compare=False)  # where each of its values stands

    def source(self, *fields: str) -> Source:
        """An activity as something that is counted: the cells of `fields` of its row."""
        if fields not in self._sources:
            self._sources[fields] = Source(1, self.evidence(*fields))
        return self._sources[fields]

    @cached_property
    def _sources(self) -> dict[tuple[str, ...], Source]:
        return {}  # those asked for before: figures share them

    def evidence(self, *fields: str) -> tuple[Cell, ...]:
        """The cells of these columns; those that the workbook does not have are passed over."""
        who = "; ".join(economy.name for economy in self.proponents)
        return tuple(Cell(self.cells[name], self.title, who) for name in fields if name in self.cells)


@dataclass
class Edition:
    """The schedule as it stood in one year; activities in the order of the workbook."""

    year: int
    file: str
    activities: list[Activity] = field(default_factory=list)
    section: Section | None = None  # heading over its table, with the footnote; None for the usual one

    @property
    def files(self) -> list[str]:
        """The input that its activities were read from; the section belongs to the papers that print it."""
        return [self.file]

    def of_area(self, area: str) -> list[Activity]:
        return [activity for activity in self.activities if activity.area == area]


class ScheduleReader:
    """Turns rows into activities; everything that does not fit is told with its cell."""

    def __init__(self, register: Economies, plans: list[Plan], problems: Problems):
        self.register, self.problems = register, problems
        self.areas = {wording: area.id for plan in plans for area in plan.areas for wording in area.wordings}

    def edition(self, year: int, file: str, rows: list[Row]) -> Edition:
        edition, seen = Edition(year, file), {}
        for row in rows:
            activity = self._activity(row)
            if activity is None:
                continue
            if activity.id in seen:
                found = f"{quoted(activity.id)} again (first in {seen[activity.id].place('id').cell})"
                self._refuse(
                    row, "id", "doubled-id", found, "an ID that no other activity has", "Give it a new one."
                )
            seen.setdefault(activity.id, row)
            edition.activities.append(activity)
        return edition

    def _activity(self, row: Row) -> Activity | None:
        before = len(self.problems.found)
        if any(
            row[f] is None for f in ("id", "priority_area", "activity", "first_year", "last_year", "status")
        ):
            complete = False
        else:
            complete = True
            self._check_years(row)
        area, proponents = self._area(row), self._proponents(row)
        status, project = self._status(row), self._project(row)
        if not complete or len(self.problems.found) > before:
            return None
        return Activity(
            row["id"],
            area,
            row["activity"],
            row["first_year"],
            row["last_year"],
            proponents,
            project,
            status,
            row["remarks"] or "",
            row.place("activity"),
            row.places,
        )

    def _refuse(self, row: Row, field: str, kind: str, found: str, expected: str, todo: str) -> None:
        self.problems.add(row.place(field), kind, found, expected, todo)

    def _check_years(self, row: Row) -> None:
        if row["last_year"] < row["first_year"]:
            found = f"the last year {row['last_year']} before the first year {row['first_year']}"
            todo = "Correct one of the two years."
            self._refuse(row, "last_year", "years-reversed", found, "a last year not before the first", todo)

    def _area(self, row: Row) -> str:
        if row["priority_area"] is None:
            return ""
        wording = " ".join(row["priority_area"].split())  # as with names of economies
        if wording in self.areas:
            return self.areas[wording]
        todo = did_you_mean(wording, self.areas, "Pick one from the list in the cell.")
        expected = "a priority area of the plan"
        self._refuse(row, "priority_area", "unknown-area", quoted(wording), expected, todo)
        return ""

    def _proponents(self, row: Row) -> tuple[Economy, ...]:
        names = [name.strip() for name in (row["proponents"] or "").split(";")]
        place = row.place("proponents")
        found = [self.register.find(name, place, self.problems) for name in names if name]
        economies = [economy for economy in found if economy]
        for economy in {e for e in economies if economies.count(e) > 1}:
            doubled = f"{economy.name} twice"
            self._refuse(row, "proponents", "doubled", doubled, "each economy once", "Delete one.")
        return tuple(economies)

    def _status(self, row: Row) -> str:
        status = (row["status"] or "").casefold()
        if status and status not in STATUSES:
            todo = did_you_mean(status, STATUSES, "Pick one from the list in the cell.")
            expected = "one of " + ", ".join(STATUSES)
            self._refuse(row, "status", "unknown-status", quoted(row["status"]), expected, todo)
        return status

    def _project(self, row: Row) -> str:
        if not row["project_number"]:
            return ""
        try:
            return str(ProjectNumber.parse(row["project_number"]))
        except NumberError as error:
            todo = f"The reason: {error.why}."
            self._refuse(row, "project_number", "project-number", error.found, error.expected, todo)
            return ""
