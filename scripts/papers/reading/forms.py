"""The shapes of the YAML files: what may stand where. Closed: a key not named here is an error with its line."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator

from papers.reading.moments import local_time, moment
from papers.reading.received import RECEIVED
from papers.reading.yaml_files import Closed
from papers.text import FORMULA_SIGNS

Purpose = Literal["Information", "Consideration"]
# A list is judged as a list and anything else as the word "all", so that one mistake is told once.
AllOrSome = Annotated[
    Annotated[Literal["all"], Tag("literal[all]")] | Annotated[list[str], Tag("list[str]")],
    Discriminator(lambda value: "list[str]" if isinstance(value, list) else "literal[all]"),
]


def _below(name: str) -> str:
    """A name that leads into the folder it is told for, on every system."""
    if name.startswith("/") or {"..", "."} & {*name.split("/")} or {"\\", ":"} & {*name}:
        raise ValueError("the name of a file below that folder, with forward slashes")
    return name


def _no_formula(words: str) -> str:
    """Titles stand in lists that people open in Excel, which would run one that begins like a formula."""
    if words[:1] in FORMULA_SIGNS:
        raise ValueError(
            "words that do not begin with " + " ".join("=+-@") + ", which Excel would take for a formula"
        )
    return words


def _no_device(code: str) -> str:
    """Codes are names of files, and Windows keeps some for devices."""
    if code in ("CON", "PRN", "AUX", "NUL"):
        raise ValueError("a code that is no name of a device of Windows")
    return code


Below = Annotated[str, AfterValidator(_below)]
Title = Annotated[str, AfterValidator(_no_formula)]


class ScheduleColumns(Closed):
    """Titles of the columns of a schedule workbook."""

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


class ListColumn(Closed):
    """A column of the document classification list: its title, what stands in it, how wide it is beside the others."""

    title: str
    field: Literal["number", "title", "access", "reason", "derestriction", "notes"]
    width: float = Field(1, ge=0.1, le=100)


def _usual_columns() -> list[ListColumn]:
    columns = {
        "number": ("Document Number", 2.6),
        "title": ("Title", 4.3),
        "access": ("Public access", 1.1),
        "reason": ("Reason for restriction", 1.9),
        "derestriction": ("Derestriction date", 1.6),
        "notes": ("Notes", 2.5),
    }
    return [ListColumn(title=title, field=field, width=width) for field, (title, width) in columns.items()]


class Ranking(Closed):
    """How project proposals are ranked: points for the link to the priorities, whose scores count, and ties."""

    direct: float = Field(3, ge=0, le=100)
    indirect: float = Field(1, ge=0, le=100)
    none: float = Field(0, ge=0, le=100)
    own_scores_count: bool = False
    ties: list[Literal["link", "median", "number"]] = Field(["link", "median", "number"])


class Doubles(Closed):
    """When items of two economies look like one: likeness of their titles, and days between their dates."""

    title_alike: float = Field(0.85, gt=0, le=1)
    days_apart: int = Field(7, ge=0, le=366)


# YAML reads an unquoted off as false.
Severity = Annotated[
    Literal["warning", "error", "off"], BeforeValidator(lambda value: "off" if value is False else value)
]


class Checks(Closed):
    """What a finding of each sort is: a warning, an error that fails the build, or not looked for."""

    nomenclature: Severity = "warning"
    open_text: Severity = "warning"
    accessibility: Severity = "warning"
    consistency: Severity = "warning"
    validity: Severity = "error"


def _usual_verbs() -> list[str]:
    return ["Agree", "Approve", "Encourage", "Endorse", "Invite", "Note", "Request", "Support", "Welcome"]


class Intake(Closed):
    """What is looked at in received papers."""

    largest_mb: float = Field(25, gt=0, le=500)


class Public(Closed):
    """What outputs/public may tell of restricted papers."""

    restricted_in_list: Literal["nothing", "number and title"] = "nothing"
    known_titles: list[str] = Field(default_factory=list)


class Config(Closed):
    """config.yaml: what to build. Each key is explained where it stands in that file."""

    forum: str = Field(pattern=r"^[a-z0-9-]+$", description="lower-case letters, digits and hyphens")
    meetings: AllOrSome = "all"
    language: str = Field(
        "en-GB", pattern=r"^[a-z]{2}-[A-Z]{2}$", description="a language and its region, such as en-GB"
    )
    schedule_columns: ScheduleColumns = ScheduleColumns()
    classification_columns: list[ListColumn] = Field(_usual_columns(), min_length=1)
    ranking: Ranking = Ranking()
    doubles: Doubles = Doubles()
    intake: Intake = Intake()
    recommendation_verbs: list[str] = Field(_usual_verbs(), min_length=1)
    checks: Checks = Checks()
    public: Public = Public()


class EconomyForm(Closed):
    name: str
    full_name: str
    article: Literal["", "the"]
    order: int = Field(ge=1, le=21)
    code: Annotated[str, AfterValidator(_no_device)] = Field(
        pattern=r"^[A-Z]{2,4}$", description="two to four capital letters"
    )


class EconomiesFile(Closed):
    economies: list[EconomyForm]


class HostsFile(Closed):
    hosts: dict[int, str]


class Parent(Closed):
    code: str
    name: str


class ForumFile(Closed):
    code: str
    name: str
    short_name: str
    parent: Parent
    organisation: str
    meeting_name: str
    ordinals: Literal["raised", "spelled", "none"]
    logo: Below | None = None
    feed_authority: str | None = Field(
        None,
        pattern=r"^([A-Za-z0-9.-]+@)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+,\d{4}(-\d{2}(-\d{2})?)?$",
        description="a domain or e-mail address and a day, such as example.org,2016-01-01",
    )
    illustrative: list[Below] = Field(
        default_factory=list
    )  # files or folders below the forum's whose figures are illustrations


class AgendaItem(Closed):
    item: str
    title: str | None = None


Moment = Annotated[datetime.datetime, BeforeValidator(moment)]
LocalTime = Annotated[datetime.datetime, BeforeValidator(local_time)]


class PaperEntry(Closed):
    """A paper in a meeting's file."""

    number: str | None = None  # none yet: make number gives one
    supersedes: str | None = None  # written by make revise: the revision that this one replaces
    tabled: str | None = None  # the paper's name in tabling.yaml, which then says number and agenda item
    kind: str
    title: Title
    agenda_item: str | None = None
    purpose: Purpose | None = None
    submitted_by: list[str] = Field(min_length=1)
    forum_doc_no: str | None = None
    status: str | None = None
    date: datetime.date | None = None
    plan: str | None = None
    schedule: int | None = None
    year: int | None = None  # the year that a report is about
    as_of: datetime.date | None = None  # until when returns were counted; usually the meeting's first day
    session: str | None = None  # the session of proposals that a ranking is about
    access: Literal["public", "restricted"] = "public"
    reason: str | None = None  # why it is restricted
    restricted_until: datetime.date | None = None
    notes: str | None = None
    sources_annex: bool = False  # whether an annex lists the cells that each figure was counted from
    file: str | None = None  # of a received paper, below the forum's folder: received/SMEWG47/name.docx
    received: Moment | None = None  # when it came
    allowed_by: str | None = None  # which office allowed it though it came after the cut-off

    @model_validator(mode="before")
    @classmethod
    def _received_by_its_file(cls, data: Any) -> Any:
        """A paper with a file needs no kind: it is a received one."""
        known = isinstance(data, dict) and data.get("file") is not None
        return {"kind": RECEIVED, **data} if known else data


class MeetingFile(Closed):
    code: str
    ordinal: int | None = Field(None, ge=1)
    name: str | None = None
    city: str | None = None
    economy: str | None = None
    start: datetime.date | None = None
    end: datetime.date | None = None
    number_prefix: str | None = None
    folder: str | None = None
    file_prefix: str | None = None
    host_mark: list[str] | None = None
    cut_off: LocalTime | None = None  # until when papers are to come, by the clocks of time_zone
    time_zone: str | None = None  # such as Pacific/Port_Moresby
    agenda: list[AgendaItem]
    papers: list[PaperEntry]


class Tabling(Closed):
    """A paper at one of the meetings at which it is tabled; `meeting` is a code of the forum's, or another body's."""

    paper: str
    meeting: str
    agenda_item: str | None = None
    number: str | None = None
    supersedes: str | None = None


class TablingFile(Closed):
    """tabling.yaml: the papers that are tabled at several meetings, in the order of the meetings."""

    tabled: list[Tabling]


class Objective(Closed):
    id: str
    text: str


class Commitment(Closed):
    """What Leaders and Ministers agreed, to which the plan contributes."""

    id: str
    name: str


class PriorityArea(Closed):
    """A priority area; the paper words it differently in list, table and schedule, so each wording is data."""

    id: str
    name: str
    in_list: str | None = None
    in_schedule: str | None = None
    objectives: list[Objective]


class Indicator(Closed):
    id: str
    short: str
    text: str
    also: list[str] = Field(default_factory=list)  # other words for what is counted, as texts use them


class IndicatorHeading(Closed):
    heading: str
    indicators: list[Indicator]


class Reviews(Closed):
    mid_term: int
    final: int
    assessment_every_years: int


class PlanFile(Closed):
    title: str
    first_year: int
    last_year: int
    vision: str
    mission: str
    critical_success_factors: list[str]
    priority_areas: list[PriorityArea]
    indicator_headings: list[IndicatorHeading]
    commitments: list[Commitment] = Field(default_factory=list)
    reviews: Reviews
    sections: list[Below]
    appendix: Below


class TermsFile(Closed):
    title: str
    sections: list[Below]


class HeadingPage(Closed):
    text: str
    page: int = Field(ge=1)


class PagesFile(Closed):
    """On which page each heading of a paper stands; written by make paginate, for the text with this digest."""

    paper: str
    made_for: str
    headings: list[HeadingPage]
