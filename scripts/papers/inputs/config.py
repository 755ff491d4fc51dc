"""config.yaml: what to build, and the settings of its papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from papers.inputs.schemas import AllOrSome
from papers.inputs.yaml import StrictModel, read_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from papers.problems import Problems


class ScheduleColumns(StrictModel):
    """The titles of the columns of a schedule workbook."""

    id: str = "ID"
    priority_area: str = "Priority area"
    activity: str = "Activity"
    first_year: str = "First year"
    last_year: str = "Last year"
    proponents: str = "Proponents"
    project_number: str = "Project number"
    status: str = "Status"
    remarks: str = "Remarks"

    @model_validator(mode="after")
    def _each_title_once(self) -> ScheduleColumns:
        titles = list(self.model_dump().values())
        if len(set(titles)) < len(titles) or "" in titles:
            raise ValueError("a title of its own for each column")
        return self


class ListColumn(StrictModel):
    """A column of the document classification list.

    `field` is its content, `width` is relative to the other columns.
    """

    title: str
    field: Literal["number", "title", "access", "reason", "derestriction", "notes"]
    width: float = Field(1, ge=0.1, le=100)


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


class Ranking(StrictModel):
    """How project proposals are ranked.

    Points for the link to the priorities, whether a member's scores for its own proposal count, and what
    decides ties.
    """

    direct: float = Field(3, ge=0, le=100)
    indirect: float = Field(1, ge=0, le=100)
    none: float = Field(0, ge=0, le=100)
    own_scores_count: bool = False
    ties: list[Literal["link", "median", "number"]] = Field(["link", "median", "number"])


class Doubles(StrictModel):
    """When items of two economies may be the same.

    Least likeness of their titles (0 to 1), and most days between their dates.
    """

    title_alike: float = Field(0.85, gt=0, le=1)
    days_apart: int = Field(7, ge=0, le=366)


# YAML reads off without quotes as false.
Severity = Annotated[
    Literal["warning", "error", "off"], BeforeValidator(lambda value: "off" if value is False else value)
]


class Checks(StrictModel):
    """How each kind of finding counts: as a warning, as an error that fails the build, or not at all."""

    nomenclature: Severity = "warning"
    open_text: Severity = "warning"
    accessibility: Severity = "warning"
    consistency: Severity = "warning"
    validity: Severity = "error"


def _default_verbs() -> list[str]:
    return ["Agree", "Approve", "Encourage", "Endorse", "Invite", "Note", "Request", "Support", "Welcome"]


class Intake(StrictModel):
    """Limits for received papers."""

    largest_mb: float = Field(25, gt=0, le=500)


class Public(StrictModel):
    """What outputs/public may state about restricted papers."""

    restricted_in_list: Literal["nothing", "number and title"] = "nothing"
    known_titles: list[str] = Field(default_factory=list)


class Config(StrictModel):
    """The form of config.yaml, where a comment explains each key."""

    forum: str = Field(pattern=r"^[a-z0-9-]+$", description="lower-case letters, digits and hyphens")
    meetings: AllOrSome = "all"
    language: str = Field(
        "en-GB", pattern=r"^[a-z]{2}-[A-Z]{2}$", description="a language and its region, such as en-GB"
    )
    schedule_columns: ScheduleColumns = ScheduleColumns()
    classification_columns: list[ListColumn] = Field(_default_columns(), min_length=1)
    ranking: Ranking = Ranking()
    doubles: Doubles = Doubles()
    intake: Intake = Intake()
    recommendation_verbs: list[str] = Field(_default_verbs(), min_length=1)
    checks: Checks = Checks()
    public: Public = Public()


def read_config(path: Path, problems: Problems) -> Config | None:
    """Return config.yaml as a typed model, or None and all its problems."""
    document = read_yaml(path, path.name, Config, problems)
    return document.form if document else None
