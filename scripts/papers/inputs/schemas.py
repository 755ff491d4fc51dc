"""The forms of the YAML files, one after the other: which keys a file may have and what their values must be.

The forms are closed: a key that is not named here is an error with its line.
"""

from __future__ import annotations

import datetime
import math
import re
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)

from papers.inputs.dates import date_in_words
from papers.inputs.kind_files import Naming
from papers.inputs.yaml import StrictModel
from papers.numbers import is_device
from papers.richtext import FORMULA_SIGNS
from papers.store.work_files import RECEIVED

# Types of values

# A list is validated as a list and anything else as the word "all", so that one mistake is reported once.
AllOrSome = Annotated[
    Annotated[Literal["all"], Tag("literal[all]")] | Annotated[list[str], Tag("list[str]")],
    Discriminator(lambda value: "list[str]" if isinstance(value, list) else "literal[all]"),
]


def _no_device(name: str) -> str:
    """Refuse what Windows keeps for devices: codes are names of files."""
    if is_device(name):
        raise ValueError("a code that is not the name of a device in Windows")
    return name


Code = Annotated[str, AfterValidator(_no_device)]
FolderName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$"), AfterValidator(_no_device)]
# The names of folders: one, or a list. The word "all" fits the pattern of a name.
FolderNames = Annotated[
    Annotated[FolderName, Tag("str[name]")]
    | Annotated[list[FolderName], Field(min_length=1), Tag("list[name]")],
    Discriminator(lambda value: "list[name]" if isinstance(value, list) else "str[name]"),
]


def _below(name: str) -> str:
    """Return the name of a file if it stays below its folder on every system."""
    parts = name.split("/")
    if name.startswith("/") or {"..", "."} & {*parts} or {"\\", ":"} & {*name} or any(map(is_device, parts)):
        raise ValueError("the name of a file below that folder, with forward slashes")
    return name


def _no_formula(words: str) -> str:
    """Refuse titles that Excel would run as a formula.

    Titles are listed in files that are opened in Excel.
    """
    if words[:1] in FORMULA_SIGNS:
        signs = " ".join("=+-@")
        raise ValueError(f"words that do not begin with {signs}, which Excel would take for a formula")
    return words


_DAY_AND_TIME = re.compile(r"(.+?)[T ,]+(\d{1,2}:\d\d(?::\d\d)?) ?(Z|[+-]\d\d:?\d\d)?")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:?\d\d)?")  # YAML's own form has seconds


def _moment(value: Any) -> datetime.datetime | datetime.date:
    """Return a day, or a time with or without its offset; what only the offset decides is reported by the model."""
    if isinstance(value, datetime.date):  # or a datetime, which is one
        return value
    text = str(value).strip()
    match = _DAY_AND_TIME.fullmatch(text)
    day = date_in_words(match[1] if match else text)
    if day is None:
        raise ValueError("a date, with or without a time, such as 2018-08-20T10:15+10:00")
    if match is None:
        return day
    time = _parse_time(f"{day}T{match[2].zfill(len(match[2]) + (match[2][1] == ':'))}{match[3] or ''}")
    if time is None:
        raise ValueError(f"a date and a time, such as {day}T10:15+10:00")
    return time


def _without_offset(value: Any) -> datetime.datetime:
    """Return a time by the clocks of a place that another key names."""
    time = _parse_time(value)
    if time is None or time.tzinfo is not None:
        raise ValueError("a date and a time without offset, such as 2018-08-24T17:00; time_zone says where")
    return time


def _parse_time(value: Any) -> datetime.datetime | None:
    if isinstance(value, datetime.datetime):
        return value
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return None
    try:
        return datetime.datetime.fromisoformat(value)
    except ValueError:
        return None


def _amount(value: Any) -> Decimal:
    """Return a number as it is typed: exactly, not as the nearest binary fraction."""
    if type(value) not in (int, float) or not math.isfinite(value) or value < 0:
        raise ValueError("a number, 0 or more, without quotes")
    return Decimal(value if isinstance(value, int) else repr(value))


Below = Annotated[str, AfterValidator(_below)]
Title = Annotated[str, AfterValidator(_no_formula)]
Moment = Annotated[datetime.datetime | datetime.date, BeforeValidator(_moment)]
LocalTime = Annotated[datetime.datetime, BeforeValidator(_without_offset)]
# Years that plans and reports are about: others are typing mistakes. Years of numbers: organisation.yaml.
FIRST_YEAR, LAST_YEAR = 1989, 2088
CalendarYear = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
Amount = Annotated[Decimal, BeforeValidator(_amount)]


# <organisation>/economies.yaml and hosts.yaml; inputs/organisation.py has organisation.yaml


class EconomyForm(StrictModel):
    name: str
    full_name: str
    article: Literal["", "the"]
    order: int = Field(ge=1)
    code: Code = Field(pattern=r"^[A-Z]{2,4}$", description="two to four capital letters")
    host_mark: str | None = None  # its name on covers as the host; its name in capitals without it


class EconomiesFile(StrictModel):
    economies: list[EconomyForm]


class OtherNamesFile(StrictModel):
    """other_names.yaml of an organisation: names that people write and papers do not use."""

    other_names: dict[str, list[str]]
    not_members: list[str] = Field(default_factory=list)


class HostsFile(StrictModel):
    hosts: dict[int, str]


# <organisation>/nomenclature.yaml and open_text.yaml, and accepted.yaml of an organisation and of a forum


class NomenclatureRule(StrictModel):
    """Words that are not used, and those used instead.

    `capitals`: only where they are in capitals as here.
    """

    wrong: list[str] = Field(min_length=1)
    right: list[str]
    why: str = ""
    unless: list[str] = Field(default_factory=list)
    capitals: bool = False


class NomenclatureFile(StrictModel):
    rules: list[NomenclatureRule]


class OpenTextFile(StrictModel):
    """Signs of a text that is not finished, and what may be in square brackets."""

    placeholders: list[str]
    draft: list[str]
    labels: list[str]


class Acceptance(StrictModel):
    """Text that the checks find but that may stay, with the reason.

    With `column`, only as a whole cell of that column.
    """

    text: str
    reason: str
    column: str | None = None


class AcceptedFile(StrictModel):
    accepted: list[Acceptance]


# <forum>/forum.yaml


class Parent(StrictModel):
    code: str
    name: str


class ForumFile(StrictModel):
    code: str
    name: str
    short_name: str = Field(default_factory=lambda keys: keys.get("name", ""))
    parent: Parent | None = None
    organisation: str | None = None  # its name on covers; that in organisation.yaml without it
    meeting_name: str = Field(default_factory=lambda keys: f"{keys.get('name', '')} Meeting")
    ordinals: Literal["raised", "spelled", "none"] = "raised"
    logo: Below | None = None
    feed_authority: str | None = Field(
        None,
        pattern=r"^([A-Za-z0-9.-]+@)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+,\d{4}(-\d{2}(-\d{2})?)?$",
        description="a domain or e-mail address and a day, such as example.org,2016-01-01",
    )
    # Files or folders below the forum's whose figures are illustrations.
    illustrative: list[Below] = Field(default_factory=list)


# <forum>/meetings/<code>.yaml


class AgendaItem(StrictModel):
    item: str
    title: str | None = None
    label: str | None = Field(
        None, pattern=r"^\S(.{0,38}\S)?$", description="one to 40 characters, without spaces at its ends"
    )  # what the item is called, such as Session; the organisation's label without it


class SeriesForm(StrictModel):
    """One of several series of numbers that a meeting has."""

    prefix: str
    folder: str | None = None
    file_prefix: str | None = None


class PaperEntry(StrictModel):
    """A paper in a meeting's file."""

    number: str | None = None  # where there is none yet, make number writes it
    supersedes: str | None = None  # written by make revise: the revision that this one replaces
    tabled: str | None = None  # the paper's name in tabling.yaml, which then says number and agenda item
    kind: str
    title: Title | None = None  # without it, the pattern of its kind
    agenda_item: str | None = None
    purpose: str | None = None  # one of those in organisation.yaml
    submitted_by: list[str] = Field(min_length=1)
    forum_doc_no: str | None = None
    status: str | None = None
    date: datetime.date | None = None
    series: str | None = (
        None  # the prefix of one of the meeting's series: make number takes it, else the first
    )
    id: str | None = Field(
        None, pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", description="letters, digits, hyphens and underscores"
    )  # see Paper.id
    plan: str | None = None
    schedule: str | None = None  # an edition: 2021 or 2021-06
    year: int | None = None  # the year that a report is about
    as_of: datetime.date | None = None  # until when returns were counted; usually the meeting's first day
    workplan: str | None = None  # the name of a Work Plan's file; that of the year without it
    session: str | None = None  # the session of proposals that a ranking is about
    document: str | None = None  # the folder of a paper of kind document
    record: str | None = None  # the meeting that a summary report is about
    access: Literal["public", "restricted"] = "public"
    reason: str | None = None  # why it is restricted
    restricted_until: datetime.date | None = None
    notes: str | None = None
    name_economies: list[Naming] = Field(default_factory=list)  # for what a restricted paper names economies
    sources_annex: bool = False  # whether an annex lists the cells that each figure was counted from
    file: str | None = None  # of a received paper, below the forum's folder: received/SMEWG47/name.docx
    received: Moment | None = None  # when it came
    allowed_by: str | None = None  # which office allowed it though it came after the cut-off
    accepted_warnings: list[str] = Field(default_factory=list)  # of its file, such as hidden-text

    @model_validator(mode="before")
    @classmethod
    def _received_by_its_file(cls, data: Any) -> Any:
        """Set the kind of a paper that has a file: it is a received one."""
        known = isinstance(data, dict) and data.get("file") is not None
        return {"kind": RECEIVED, **data} if known else data


class SetAsidePaper(StrictModel):
    """A received file that is left out until another one comes; its paper keeps number and entry, and is not made."""

    file: str  # as in the paper's entry: received/SMEWG47/name.docx
    why: str = Field(min_length=1)


class MeetingFile(StrictModel):
    code: Code
    ordinal: int | None = Field(None, ge=1)
    name: str | None = None
    city: str | None = None
    economy: str | None = None
    start: datetime.date | None = None
    end: datetime.date | None = None
    number_prefix: str | None = None
    folder: str | None = None
    file_prefix: str | None = None
    series: list[SeriesForm] = Field(default_factory=list)  # instead of the three keys above
    host_mark: list[str] | None = None
    cut_off: LocalTime | None = None  # until when papers are to come, by the clocks of time_zone
    time_zone: str | None = None  # such as Pacific/Port_Moresby
    agenda: list[AgendaItem] = Field(default_factory=list)
    papers: list[PaperEntry] = Field(default_factory=list)
    set_aside: list[SetAsidePaper] = Field(default_factory=list)


# <forum>/tabling.yaml


class Tabling(StrictModel):
    """A paper at one of the meetings where it is tabled.

    `meeting` is the code of a meeting of the forum, or the name of another body.
    """

    paper: str
    meeting: str
    agenda_item: str | None = None
    number: str | None = None
    supersedes: str | None = None


class TablingFile(StrictModel):
    """The papers that are tabled at several meetings, in the order of the meetings."""

    tabled: list[Tabling]


# <forum>/terms-of-reference/terms.yaml


class TermsFile(StrictModel):
    title: str
    sections: list[Below]


# <forum>/recommendations/<name>.yaml


class Recommendation(StrictModel):
    """One recommendation; its text begins with a verb, such as Endorse, and has no full stop at its end."""

    id: str
    text: str
    ask: bool = False  # whether the first page of a review names it; the first three without any such


class FollowUp(StrictModel):
    """The outcome of a recommendation, and the activities that carried it out."""

    id: str
    outcome: Literal["carried out", "in progress", "not taken up"]
    what_was_done: str
    activities: list[str] = Field(default_factory=list)


class RecommendationsFile(StrictModel):
    recommendations: list[Recommendation] = Field(min_length=1)
    follow_up_of: str | None = None  # name of the file whose recommendations are followed up
    follow_up: list[FollowUp] = Field(default_factory=list)


# <forum>/rotation.yaml


class KnownTurn(StrictModel):
    """The economy that really held a post in a year, and the source of that fact."""

    year: CalendarYear
    economy: str
    source: str


class TurnsForm(StrictModel):
    """A rotation: the economy whose turn it was in `first_year`; the others follow in APEC order."""

    first_year: CalendarYear
    first: str
    known: list[KnownTurn] = Field(default_factory=list)


class SwapForm(StrictModel):
    """An exchange of turns by an economy that cannot take its own."""

    role: Literal["chair", "host"]
    economy: str
    term: CalendarYear  # the first year of the turn that it cannot take
    exchanged_with: str | None = None
    announced: datetime.date
    meeting: str | None = None  # where it was announced


class RotationFile(StrictModel):
    chair: TurnsForm
    host: TurnsForm
    swaps: list[SwapForm] = Field(default_factory=list)


# <forum>/pages/<paper>.yaml, written by make paginate


class HeadingPage(StrictModel):
    text: str
    page: int = Field(ge=1)


class PagesFile(StrictModel):
    """The page of each heading of a paper, for the text with the digest `made_for`."""

    paper: str
    made_for: str
    headings: list[HeadingPage]
