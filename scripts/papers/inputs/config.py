"""The configuration: what to build, and the settings of its papers. `make schema` writes it as config.schema.json.

Editors show the descriptions of fields; messages show them where a value does not fit the pattern of its field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, WithJsonSchema, model_validator

from papers.inputs.config_files import ConfigSource, merge_sources, read_sources
from papers.inputs.schemas import AllOrSome
from papers.inputs.yaml import StrictModel, fit_form
from papers.problems import Place, Problems

if TYPE_CHECKING:
    from pathlib import Path


def _column(title: str, content: str) -> Any:
    return Field(title, description=f"the title of the column with {content}")


class ScheduleColumns(StrictModel):
    """The titles of the columns in the workbooks of the implementation schedule."""

    id: str = _column("ID", "the activity's ID")
    priority_area: str = _column("Priority area", "the priority area")
    activity: str = _column("Activity", "the activity in words")
    first_year: str = _column("First year", "the first year")
    last_year: str = _column("Last year", "the last year")
    proponents: str = _column("Proponents", "the proponents")
    project_number: str = _column("Project number", "the project's number")
    status: str = _column("Status", "the status")
    remarks: str = _column("Remarks", "remarks")

    @model_validator(mode="after")
    def _each_title_once(self) -> ScheduleColumns:
        titles = list(self.model_dump().values())
        if len(set(titles)) < len(titles) or "" in titles:
            raise ValueError("a title of its own for each column")
        return self


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


class Ranking(StrictModel):
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


class Doubles(StrictModel):
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


# YAML 1.1 reads off without quotes as false, as our reader does; editors may read YAML 1.2, where it is text.
Severity = Annotated[
    Literal["warning", "error", "off"],
    BeforeValidator(lambda value: "off" if value is False else value),
    WithJsonSchema({"enum": ["warning", "error", "off", False]}),
]


class Checks(StrictModel):
    """How each kind of finding counts: as a warning, as an error that fails the build, or not at all (off)."""

    nomenclature: Severity = Field("warning", description="words that APEC papers do not use")
    open_text: Severity = Field("warning", description="brackets, placeholders, draft marks, comments")
    accessibility: Severity = Field(
        "warning",
        description="title, language, headings, header rows, alternative texts, links, contrast",
    )
    consistency: Severity = Field(
        "warning", description="a total, date or title that differs between two papers of a meeting"
    )
    validity: Severity = Field("error", description="a file that Word may refuse to open")


def _default_verbs() -> list[str]:
    return ["Agree", "Approve", "Encourage", "Endorse", "Invite", "Note", "Request", "Support", "Welcome"]


class Intake(StrictModel):
    """Limits for papers that others send."""

    largest_mb: float = Field(25, gt=0, le=500, description="the largest file that is accepted, in megabytes")


class Public(StrictModel):
    """What outputs/public, the folder for the web, may show of restricted papers."""

    restricted_in_list: Literal["nothing", "number and title"] = Field(
        "nothing", description="what the public edition of a classification list shows of restricted papers"
    )
    known_titles: list[str] = Field(
        default_factory=list, description="titles of restricted papers that public papers may contain"
    )


class Config(StrictModel):
    """What Forum Papers builds, and the settings of its papers. Run make after a change."""

    forum: str = Field(
        pattern=r"^[a-z0-9-]+$",
        description="the name of the forum's folder in inputs/, in lower-case letters, digits and hyphens",
    )
    meetings: AllOrSome = Field(
        "all", description="the meetings whose papers are built: all, or a list of codes such as [SMEWG43]"
    )
    language: str = Field(
        "en-GB",
        pattern=r"^[a-z]{2}-[A-Z]{2}$",
        description="the papers' language and its region, such as en-GB",
    )
    schedule_columns: ScheduleColumns = ScheduleColumns()
    classification_columns: list[ListColumn] = Field(
        _default_columns(),
        min_length=1,
        description="the columns of the document classification list, from left to right",
    )
    ranking: Ranking = Ranking()
    doubles: Doubles = Doubles()
    intake: Intake = Intake()
    recommendation_verbs: list[str] = Field(
        _default_verbs(), min_length=1, description="the verbs that a recommendation may begin with"
    )
    checks: Checks = Checks()
    public: Public = Public()
    _places: dict[str, Place] = PrivateAttr(default_factory=dict)

    def place(self, key: str) -> Place:
        """Return the place of the value of a top-level key: in a file, or on the command line."""
        return self._places.get(key, Place("config.yaml", key=key))


def read_config(files: Sequence[Path], overrides: Mapping, problems: Problems) -> Config | None:
    """Return the configuration as a typed model; None and all its problems where it can't be read or does not fit.

    Each of `files` is over those before it, and `overrides`, the values of Snakemake's --config, over all files;
    they are merged as Snakemake merges them. A problem names the file and line, or the command line, that gives
    the value; an unknown key is reported wherever it is written.
    """
    before = len(problems.found)
    sources = read_sources(files, overrides, problems)
    if len(problems.found) > before:
        return None
    odd = [source for source in sources if not isinstance(source.data, Mapping)]
    data, sources = (odd[0].data, odd[:1]) if odd else (merge_sources(sources), sources)
    config = fit_form(data, Config, lambda keys: _places(sources, keys), problems)
    if config is not None:
        config._places.update({key: _places(sources, (key,))[-1] for key in config.model_fields_set})
    return config


def _places(sources: Sequence[ConfigSource], keys: tuple) -> list[Place]:
    """Return where the value under `keys` is given, the place that counts last; within a list that is the only one."""
    giving = [source for source in sources if source.gives(keys)] or sources[:1]
    only_last = any(isinstance(key, int) for key in keys)  # an earlier list is replaced whole
    return [source.place(keys) for source in (giving[-1:] if only_last else giving)]
