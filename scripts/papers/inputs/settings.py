"""The settings of a forum, inputs/<forum>/settings.yaml: how its tables, statuses and lists are.

All keys are optional. A plan may declare tables of its own (`tables` in plan.yaml), which replace those of the
forum one by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any, Literal

from pydantic import Field, PrivateAttr

from papers.characters import folded
from papers.inputs.schemas import FolderName
from papers.inputs.table_schemas import (
    NUMERIC,
    ColumnRole,
    DataColumn,
    PrintedColumn,
    TableColumns,
    Tables,
    check_table,
)
from papers.inputs.xlsx import Column
from papers.inputs.yaml import Document, StrictModel
from papers.problems import Place, Problems, did_you_mean, quoted

NAME_IN_BRACES = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")  # stands for a year
Meaning = Literal["proposed", "approved", "in progress", "completed", "withdrawn", "none"]
MEANINGS: tuple[Meaning, ...] = ("proposed", "approved", "in progress", "completed", "withdrawn", "none")


class Setting(StrictModel):
    """A part of a file on which figures depend: it knows the lines that state it."""

    _lines: dict[str, Place] = PrivateAttr(default_factory=dict)

    def lines(self, *keys: str) -> tuple[Place, ...]:
        """Return the places of the values of these keys; without those that have their default."""
        return tuple(self._lines[key] for key in keys if key in self._lines)

    def note_lines(self, document: Document[Any], *above: str | int) -> None:
        """Remember the places of the values that are stated in a document, in the mapping under `above`."""
        for key in self.model_fields_set:
            value, place = getattr(self, key), document.place(*above, key)
            shown = ", ".join(value) if isinstance(value, list) else value
            self._lines[key] = replace(place, value=shown if place.value is None else place.value)


class Status(Setting):
    """A status of the schedule's activities: its name, and what it means for counts and changes."""

    name: str = Field(min_length=1, description="the name, as workbooks and papers write it")
    means: Meaning = Field(description="what it means; none if it is neither open nor over")


class TimeframeForm(StrictModel):
    """A form of timeframes, in which {name} is a year of four digits: from {year} on.

    `first` and `last` are the names of the years in which it begins and ends. Without `last` it has no end, and
    is never overdue.
    """

    text: str = Field(min_length=1, description="the words, with {year} for a year: from {year} on")
    first: str | None = Field(None, description="the name in braces of the first year")
    last: str | None = Field(None, description="the name in braces of the last year")

    @property
    def names(self) -> list[str]:
        """The names in braces."""
        return NAME_IN_BRACES.findall(self.text)


class ListColumn(StrictModel):
    """A column of the document classification list."""

    title: str = Field(description="the heading of the column")
    field: Literal["number", "title", "access", "reason", "derestriction", "notes"] = Field(
        description="what the column shows; access is Yes or No"
    )
    width: float = Field(1, ge=0.1, le=100, description="the width in relation to the other columns")


def _default_columns() -> list[ListColumn]:
    columns = {
        "number": ("Document Number", 2.6),
        "title": ("Title", 4.3),
        "access": ("Public access", 1.1),
        "reason": ("Reason for restriction", 1.9),
        "derestriction": ("Derestriction date", 1.6),
        "notes": ("Notes", 2.5),
    }
    return [ListColumn(title=title, field=field, width=width) for field, (title, width) in columns.items()]


def _points(default: float, link: str) -> Any:
    return Field(
        default, ge=0, le=100, description=f"points for {link} link to the Strategic Plan's priorities"
    )


class Ranking(Setting):
    """How project proposals are ranked: points that are added to the mean of the members' scores, and ties."""

    direct: float = _points(3, "a direct")
    indirect: float = _points(1, "an indirect")
    none: float = _points(0, "no")
    own_scores_count: bool = Field(
        False,
        description="whether the scores of economies that propose or co-sponsor a proposal count for it",
    )
    ties: list[Literal["link", "median", "number"]] = Field(
        ["link", "median", "number"],
        description="what decides between equal totals, in this order: link (the more direct one), median"
        " (the higher one), number (the earlier project number); proposals still equal share a rank",
    )


class Doubles(Setting):
    """When items of two economies are listed as likely doubles, about which an officer decides."""

    title_alike: float = Field(
        0.85,
        gt=0,
        le=1,
        description="the least likeness of the titles: 1 is the same except for capitals, 0 nothing in common",
    )
    days_apart: int = Field(
        7, ge=0, le=366, description="the greatest number of days between the dates of the items"
    )


class Public(StrictModel):
    """What outputs/public, the folder for the web, may show of restricted papers."""

    restricted_in_list: Literal["nothing", "number and title"] = Field(
        "nothing", description="what the public edition of a classification list shows of restricted papers"
    )
    known_titles: list[str] = Field(
        default_factory=list, description="titles of restricted papers that public papers may contain"
    )


class Verdicts(Setting):
    """When reviews say of a priority area or an objective that it is on track."""

    counts: list[Meaning] = Field(
        ["completed", "in progress"],
        min_length=1,
        description="what the statuses mean with which an activity counts",
    )
    overdue_counts: bool = Field(
        False, description="whether an activity whose last year is over counts although it is not completed"
    )
    least_share: float | None = Field(
        None,
        ge=0,
        le=100,
        description="the share of activities, in per cent, from which on it is on track; null for the share of"
        " the plan's period that is over",
    )


def _default_verbs() -> list[str]:
    return ["Agree", "Approve", "Encourage", "Endorse", "Invite", "Note", "Request", "Support", "Welcome"]


def _default_statuses() -> list[Status]:
    return [Status(name=meaning, means=meaning) for meaning in MEANINGS if meaning != "none"]


class SettingsFile(StrictModel):
    """The settings of a forum; what is absent has its default."""

    organisation: FolderName = Field(
        "apec", description="the organisation: the name of its folder in inputs/"
    )
    language: str = Field(
        "en-GB",
        pattern=r"^[a-z]{2}-[A-Z]{2}$",
        description="the papers' language and its region, such as en-GB",
    )
    public: Public = Public()
    bodies: list[str] = Field(
        default_factory=list, description="who may propose activities and projects, other than economies"
    )
    statuses: list[Status] = Field(
        default_factory=_default_statuses, min_length=1, description="the statuses of activities"
    )
    timeframes: list[TimeframeForm] = Field(
        default_factory=list, description="forms of timeframes, besides those that are always understood"
    )
    tables: Tables = Tables()
    classification_columns: list[ListColumn] = Field(
        default_factory=_default_columns,
        min_length=1,
        description="the columns of the document classification list, from left to right",
    )
    ranking: Ranking = Ranking()
    recommendation_verbs: list[str] = Field(
        default_factory=_default_verbs,
        min_length=1,
        description="the verbs that a recommendation may begin with",
    )
    doubles: Doubles = Doubles()
    verdicts: Verdicts = Verdicts()

    @cached_property  # each paper asks for it
    def changed(self) -> dict[str, Any]:
        """The settings of the papers' text that differ from the defaults, as data."""
        usual = SettingsFile().model_dump(mode="json", exclude={"public"})
        own = self.model_dump(mode="json", exclude={"public"})
        if self.tables.schedule and self.tables.schedule.model_dump() == shipped_schedule().model_dump():
            own["tables"] = usual["tables"]
        return {key: value for key, value in own.items() if value != usual[key]}


def note_lines(document: Document[SettingsFile]) -> None:
    """Let the settings on which figures depend know their lines."""
    form = document.form
    for key in {"ranking", "doubles", "verdicts"} & form.model_fields_set:
        getattr(form, key).note_lines(document, key)
    note_statuses(document, form.statuses if "statuses" in form.model_fields_set else [])


def note_statuses(document: Document[Any], statuses: Iterable[Status]) -> None:
    """Let the statuses under the key `statuses` of a document know their lines."""
    for index, status in enumerate(statuses):
        status.note_lines(document, "statuses", index)


def check_settings(document: Document[SettingsFile], problems: Problems) -> None:
    """Report wrong tables, doubled statuses and bodies, and timeframes whose years are not in their text."""
    form = document.form
    note_lines(document)
    if form.tables.schedule:
        check_table(form.tables.schedule, _place_below(document, "tables", "schedule"), problems)
    for key, names in (("statuses", [status.name for status in form.statuses]), ("bodies", form.bodies)):
        for index, name in enumerate(names):
            if name.casefold() in (other.casefold() for other in names[:index]):
                todo = "Delete one of them."
                problems.add(
                    document.place(key, index), "doubled", f"{quoted(name)} twice", "each once", todo
                )
    for index, timeframe in enumerate(form.timeframes):
        for key in ("first", "last"):
            name, names = getattr(timeframe, key), timeframe.names
            if name is not None and name not in names:
                expected = (
                    f"one of {', '.join(names)}" if names else "a name in braces in text, such as {year}"
                )
                todo = did_you_mean(name, names, f"Write {{{name}}} in text, or correct {key}.")
                place = document.place("timeframes", index, key)
                problems.add(place, "unknown-year", quoted(name), expected, todo)


def check_names_once(document: Document[Any], key: str, names: list[str], problems: Problems) -> None:
    """Report a name that is twice in the list under a key; upper and lower case do not count."""
    for index, name in enumerate(names):
        if folded(name) in map(folded, names[:index]):
            place = document.place(key, index)
            problems.add(place, "doubled", f"{quoted(name)} twice", "each once", "Delete one of them.")


# The schedule


@cache
def shipped_schedule() -> TableColumns:
    """Return the columns of a schedule without a declaration."""
    roles: dict[str, tuple[str, ColumnRole]] = {
        "id": ("ID", "id"),
        "priority_area": ("Priority area", "area"),
        "activity": ("Activity", "title"),
        "first_year": ("First year", "first"),
        "last_year": ("Last year", "last"),
        "proponents": ("Proponents", "who"),
        "project_number": ("Project number", "project"),
        "status": ("Status", "status"),
        "remarks": ("Remarks", "remarks"),
    }
    columns = [DataColumn(id=name, title=title, role=role) for name, (title, role) in roles.items()]
    printed = [
        PrintedColumn(title="Priority Area", of=["priority_area"], width=21.8, merge=True),
        PrintedColumn(title="Activities", of=["activity"], width=37.6),
        PrintedColumn(title="Timeframe", of=["first_year", "last_year"], width=14),
        PrintedColumn(title="Proponent/ Stakeholders", of=["proponents"], width=16.86),
    ]
    return TableColumns(columns=columns, printed=printed)


_DECLARED_IN = "settings.yaml (tables, schedule)"


@dataclass(frozen=True, eq=False)  # the cached tables of papers know it by identity
class ScheduleTable:
    """The columns of a plan's schedule, and where they are declared; the file is "" for the shipped ones."""

    table: TableColumns = field(default_factory=shipped_schedule)
    file: str = ""
    printed_places: tuple[Place, ...] = ()  # of the printed columns, where they are declared
    area_title: str = ""  # what an item of the plan's first level is called

    def id_of(self, role: ColumnRole) -> str:
        """Return the id of the column with a role, which is the field of its cells; "" where there is none."""
        column = self.table.with_role(role)
        return column.id if column else ""

    def has(self, role: ColumnRole) -> bool:
        """Return whether a column has a role."""
        return self.table.with_role(role) is not None

    @cached_property
    def is_shipped(self) -> bool:
        """Whether the columns are those that hold without a declaration."""
        return self.table.model_dump() == shipped_schedule().model_dump()

    @property
    def has_timeframes(self) -> bool:
        return self.has("period") or self.has("first")

    @property
    def data_columns(self) -> list[DataColumn]:
        """The columns of the workbook; of the shipped ones, that of the areas is called as the plan calls them."""
        if not (self.area_title and self.is_shipped):
            return list(self.table.columns)
        title = {"title": self.area_title}
        return [one.model_copy(update=title) if one.role == "area" else one for one in self.table.columns]

    def columns(self, has_areas: bool = True) -> dict[str, Column]:
        """Return the columns of the workbook by the ids of the declaration.

        `has_areas`: whether the plan has priority areas; without them the cells of their column are empty.
        """
        named_in = f"{self.file} (tables)" if self.file else ""
        found = {}
        for one in self.data_columns:
            optional = not one.required or (one.role == "area" and not has_areas)
            found[one.id] = Column(one.title, _kind(one), optional, named_in, _DECLARED_IN)
        return found


def _kind(column: DataColumn) -> str:
    """Return the kind of the cells of a column, as `papers.inputs.xlsx` names it."""
    if column.role == "id":
        return "id"
    return (
        "number" if column.type in NUMERIC else column.type if column.type in ("year", "period") else "text"
    )


def schedule_table(
    plan: Document[Any] | None, settings: Document[SettingsFile] | None, area: str, problems: Problems
) -> ScheduleTable | None:
    """Return the columns that hold for the schedule of a plan: its own, the forum's, or the shipped ones.

    `plan` has a key `tables`, `area` is what an item of its first level is called. None where the declaration
    has a problem, which is added.
    """
    for document in (plan, settings):
        table = document.form.tables.schedule if document else None
        if document is not None and table is not None:
            place = _place_below(document, "tables", "schedule")
            places = tuple(place("printed", index) for index in range(len(table.printed)))
            is_right = check_table(table, place, problems)
            return ScheduleTable(table, document.name, places, area) if is_right else None
    return ScheduleTable(area_title=area)


def _place_below(document: Document[Any], *above: str) -> Callable[..., Place]:
    return lambda *keys: document.place(*above, *keys)
