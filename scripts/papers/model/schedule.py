"""The implementation schedule: its editions, each a workbook with a row for each activity."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from papers.inputs.plan_levels import DEFAULT_LEVELS
from papers.model.figures import Cell, Source
from papers.model.row_reader import RowReader, is_whole
from papers.model.timeframes import Timeframe, TimeframeReader
from papers.problems import Place, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from papers.inputs.markdown import Section
    from papers.inputs.settings import ScheduleTable, SettingsFile, Status
    from papers.inputs.table_schemas import ColumnRole
    from papers.inputs.unread import Unread
    from papers.inputs.xlsx import Row
    from papers.model.economies import Economies, Economy
    from papers.model.plan import Plan
    from papers.problems import Problems

CLOSED = ("completed", "withdrawn")  # what a status of an activity that is over means
_OTHER_PLAN = 3  # rows with areas of no plan, from which on an edition is that of another plan
_YEARS: tuple[ColumnRole, ...] = ("first", "last")


@dataclass(frozen=True)
class Activity:
    """One activity of an edition.

    `area` is the id of a priority area, "" without areas. `proponents` are member economies, `bodies` others that
    propose it. `status` is its name as papers print it, and `meaning` what that means, one of MEANINGS; both are
    "" without a column of statuses. `values` are those of all columns, by id, as they were read.
    """

    id: str
    area: str
    title: str
    timeframe: Timeframe
    proponents: tuple[Economy, ...]
    project_number: str
    status: str
    remarks: str
    place: Place
    bodies: tuple[str, ...] = ()
    meaning: str = ""
    values: Mapping[str, Any] = field(default_factory=dict, compare=False)
    cells: Mapping[str, Place] = field(default_factory=dict, compare=False)  # role -> its cell
    meaning_declared: tuple[Place, ...] = field(default=(), compare=False)  # lines of what its status means

    @property
    def first_year(self) -> int | None:
        """The year in which it begins; None where that is not stated."""
        return self.timeframe.first

    @property
    def last_year(self) -> int | None:
        """The year in which it ends; None where it has no end, or none that is stated."""
        return self.timeframe.last

    @property
    def is_open(self) -> bool:
        """Whether it is neither completed nor withdrawn."""
        return self.meaning not in CLOSED

    @property
    def is_withdrawn(self) -> bool:
        return self.meaning == "withdrawn"

    def has_work_in(self, year: int) -> bool:
        """Return whether there is work in a year: it has begun, is not withdrawn, and was not over before."""
        begun = self.first_year is None or self.first_year <= year
        ends_later = self.last_year is None or self.last_year >= year
        return begun and not self.is_withdrawn and (self.is_open or ends_later)

    def source(self, *roles: str, deciding: tuple[str, ...] = ()) -> Source:
        """Return the activity as one thing that a figure counts: the cells of `roles` of its row.

        The cells of the roles `deciding` decide it, too; means is the line that says what its status means.
        """
        if (roles, deciding) not in self._sources:
            source = Source(1, self.cells_of(*roles))
            self._sources[roles, deciding] = source.because_of(self.cells_of(*deciding))
        return self._sources[roles, deciding]

    @cached_property
    def _sources(self) -> dict[tuple[tuple[str, ...], tuple[str, ...]], Source]:
        return {}  # figures that count the same cells share one source

    def cells_of(self, *roles: str) -> tuple[Cell, ...]:
        """Return the cells of these roles, without those that the workbook does not have."""
        proponents = "; ".join([*(economy.name for economy in self.proponents), *self.bodies])
        places = dict.fromkeys(self.cells[role] for role in roles if role in self.cells)
        cells = [Cell(place, self.title, proponents) for place in places]
        declared = self.meaning_declared if "means" in roles else ()
        return (*cells, *(Cell(place, f"what {self.status} means") for place in declared))


@dataclass(eq=False)  # the cached tables of papers know it by identity
class Edition:
    """An edition of the schedule; activities in the order of the workbook.

    `name` is that of its file: the year, or year and month, such as 2017 or 2017-06. The order of the names is
    that of the editions.
    """

    name: str
    file: str
    activities: list[Activity] = field(default_factory=list)
    statuses: tuple[Status, ...] = ()  # those of the forum, also if no activity has them
    has_statuses: bool = True  # whether the workbook has a column of them
    has_timeframes: bool = True
    section: Section | None = None  # heading above its table, with the footnote; None for the usual one
    area_name: str = DEFAULT_LEVELS[0].one  # what the area of an activity is called in the plan

    @property
    def year(self) -> int:
        return int(self.name[:4])

    @property
    def begins(self) -> datetime.date:
        """The first day of the year or month of its name."""
        return datetime.date(self.year, int(self.name[5:] or 1), 1)

    @property
    def files(self) -> list[str]:
        """The workbook. The section is listed with the papers that print it."""
        return [self.file]

    @property
    def open_activities(self) -> list[Activity]:
        """The activities that are neither completed nor withdrawn."""
        return [activity for activity in self.activities if activity.is_open]

    def of_area(self, area: str) -> list[Activity]:
        return [activity for activity in self.activities if activity.area == area]


class _CellsByRole(Mapping[str, Place]):
    """The cells of a row by the roles of its columns; a timeframe is the cell of its first and last year."""

    def __init__(self, row: Row, fields: Mapping[str, str]):
        self.row, self.fields = row, fields

    def __getitem__(self, role: str) -> Place:
        return self.row.place(self.fields[role])

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)


class ScheduleReader(RowReader):
    """Reads the rows of an edition's workbook; reports each defect with its cell.

    `table` are the columns of the schedule, `settings` what the forum's statuses, bodies and timeframes are.
    """

    def __init__(
        self,
        register: Economies,
        plans: Iterable[Plan],
        all_areas: bool,
        table: ScheduleTable,
        settings: SettingsFile,
        problems: Problems,
    ):
        super().__init__(register, plans, all_areas, problems, settings.bodies)
        self.table, self.statuses = table, tuple(settings.statuses)
        self.timeframes = TimeframeReader(settings.timeframes)
        self.fields: dict[str, str] = {
            column.role: column.id for column in table.table.columns if column.role
        }
        if "period" in self.fields:
            self.fields |= dict.fromkeys(_YEARS, self.fields["period"])
        self.required = [
            name for name, column in table.columns(self.has_areas).items() if not column.optional
        ]

    def edition(self, name: str, file: str, rows: list[Row] | None, unread: Unread) -> Edition:
        """Return the edition of a name, see `Edition`, with the activities of all rows that are correct.

        It is added to `unread` if a row is not; `rows` are None where the sheet could not be read.
        """
        edition = Edition(name, file, area_name=self.level.one, statuses=self.statuses)
        before = len(self.problems.found)
        edition.has_statuses, edition.has_timeframes = self.table.has("status"), self.table.has_timeframes
        first_rows: dict[str, Row] = {}
        if rows and self._reports_other_plan(rows):
            rows = None
        for row in rows or ():
            activity = self._activity(row)
            if activity is None:
                continue
            field = self.fields["id"]
            if activity.id in first_rows:
                found = f"{quoted(activity.id)} again (first in {first_rows[activity.id].place(field).cell})"
                expected = "an ID that no other activity has"
                self.report(row, field, "doubled-id", found, expected, "Give it a new ID.")
            first_rows.setdefault(activity.id, row)
            edition.activities.append(activity)
        if not is_whole(rows) or not self.all_areas or len(self.problems.found) > before:
            unread.add("schedule", name)
        return edition

    def _reports_other_plan(self, rows: list[Row]) -> bool:
        """Report an edition in which no row names an area of the plan: it is probably that of another plan."""
        field = self.fields.get("area", "")
        named = [row for row in rows if field and row[field] is not None]
        if len(named) < _OTHER_PLAN or not (self.areas and self.all_areas):
            return False
        cells = {" ".join(row[field].split()): row.place(field).cell for row in reversed(named)}
        if cells.keys() & self.areas.keys():
            return False
        shown = [f"{quoted(wording)} ({cell})" for wording, cell in reversed(cells.items())]
        more = f" and {len(shown) - _OTHER_PLAN} more" if len(shown) > _OTHER_PLAN else ""
        found = f"{len(named)} rows, none of {self.level.article} {self.level.one} of the plan: "
        found += f"{', '.join(shown[:_OTHER_PLAN])}{more}"
        todo = "If it is the schedule of another plan, move it there, or correct the name of the file."
        names = ", ".join(self.area_names)
        self.report(named[0], field, "other-plan", found, f"in each row one of {names}", todo)
        return True

    def _activity(self, row: Row) -> Activity | None:
        before = len(self.problems.found)
        complete = all(row[name] is not None for name in self.required)
        area = self.read_area(row, self.fields["area"]) if "area" in self.fields else ""
        economies, bodies = self._proponents(row)
        timeframe, status = self._timeframe(row), self._status(row)
        project = self.read_project_number(row, self.fields["project"]) if "project" in self.fields else None
        values = {**row.values, **self._listed(row)}
        lacks_area = "area" in self.required_roles and self.has_areas and not area
        if not complete or lacks_area or row.unread or len(self.problems.found) > before:
            return None
        return Activity(
            id=self._value(row, "id"),
            area=area,
            title=self._value(row, "title"),
            timeframe=timeframe,
            proponents=economies,
            bodies=bodies,
            project_number=str(project or ""),
            status=status.name if status else "",
            meaning=status.means if status else "",
            remarks=self._value(row, "remarks") or "",
            place=row.place(self.fields["title"]),
            values=values,
            cells=_CellsByRole(row, self.fields),
            meaning_declared=status.lines("means") if status else (),
        )

    @cached_property
    def required_roles(self) -> set[str]:
        """The roles of columns whose cells must not be empty."""
        return {role for role, name in self.fields.items() if name in self.required}

    def _value(self, row: Row, role: str) -> Any:
        return row[self.fields[role]] if role in self.fields else None

    def _proponents(self, row: Row) -> tuple[tuple[Economy, ...], tuple[str, ...]]:
        if "who" not in self.fields:
            return (), ()
        name = self.fields["who"]
        if self.table.table.column(name).type == "economies":
            return tuple(self.read_economies(row, name)), ()
        return self.read_parties(row, name)

    def _listed(self, row: Row) -> dict[str, tuple[tuple[Economy, ...], tuple[str, ...]]]:
        """Return the economies and bodies of the columns that have no role."""
        found: dict[str, tuple[tuple[Economy, ...], tuple[str, ...]]] = {}
        for column in self.table.table.columns:
            if column.role is None and column.type == "economies":
                found[column.id] = tuple(self.read_economies(row, column.id)), ()
            elif column.role is None and column.type == "bodies":
                found[column.id] = self.read_parties(row, column.id)
        return found

    def _status(self, row: Row) -> Status | None:
        """Return the status that a cell names, in upper or lower case; None where it is empty or unknown."""
        if "status" not in self.fields:
            return None
        names = tuple(status.name for status in self.statuses)
        todo = "Write one of these, or declare your own under statuses in settings.yaml."
        choice = self.read_choice(row, self.fields["status"], names, "unknown-status", todo)
        return next((status for status in self.statuses if status.name == choice), None)

    def _timeframe(self, row: Row) -> Timeframe:
        if "period" in self.fields:
            return self._read_period(row)
        first, last = self._value(row, "first"), self._value(row, "last")
        if first and last and last < first:
            found = f"the last year {last} before the first year {first}"
            todo, field = "Correct one of the two years.", self.fields["last"]
            self.report(row, field, "years-reversed", found, "a last year not before the first", todo)
        return Timeframe("", first, last)

    def _read_period(self, row: Row) -> Timeframe:
        field = self.fields["period"]
        if row[field] is None:
            return Timeframe()
        timeframe = self.timeframes.read(row[field])
        if timeframe is None:
            expected = f"a timeframe such as {', '.join(self.timeframes.examples)}"
            todo = "Write it like one of these, or declare its form under timeframes in settings.yaml."
            self.report(row, field, "unknown-timeframe", quoted(row[field]), expected, todo)
        elif timeframe.first and timeframe.last and timeframe.last < timeframe.first:
            found = f"{quoted(row[field])}, which ends before it begins"
            self.report(row, field, "years-reversed", found, "an end not before the beginning", "Correct it.")
        return timeframe or Timeframe()
