"""The forms of the YAML files in a plan's folder, as `schemas` has those of all others."""

from __future__ import annotations

import datetime
from typing import Literal

from pydantic import Field

from papers.inputs import combined
from papers.inputs.schemas import Amount, Below
from papers.inputs.settings import Status
from papers.inputs.table_schemas import DataColumn, PrintedColumn, Tables
from papers.inputs.yaml import StrictModel

# <forum>/plan-<years>/plan.yaml


class Commitment(StrictModel):
    """A commitment of Leaders or Ministers to which the plan contributes."""

    id: str
    name: str


class Level(StrictModel):
    """A level of a plan: what one of its items and several of them are called, and how they are numbered.

    `many` is also the key of its list. `number` is that of the first item: 1., 1.1, a); none if it is empty.
    """

    one: str = Field(pattern=r"^[^\W\d_].*$", description="a name that begins with a letter, such as goal")
    many: str = Field(
        pattern=r"^[^\W\d_][\w -]*$",
        description="a key that begins with a letter, such as goals or focus_areas",
    )
    number: str = ""

    @property
    def plural(self) -> str:
        """The name of several items in a sentence: priority areas."""
        return self.many.replace("_", " ")

    @property
    def article(self) -> str:
        """The indefinite article before its name."""
        return "an" if self.one[0].lower() in "aeiou" else "a"

    @property
    def head(self) -> str:
        """Its name where a line begins: Priority area."""
        return self.one[0].upper() + self.one[1:]

    @property
    def heads(self) -> str:
        """The name of several items where a line begins: Priority areas."""
        return self.plural[0].upper() + self.plural[1:]

    @property
    def title(self) -> str:
        """Its name as the head of a column: Priority Area."""
        return " ".join(word[0].upper() + word[1:] for word in self.one.split())

    @property
    def titles(self) -> str:
        """The name of several items as the head of a column: Priority Areas."""
        return " ".join(word[0].upper() + word[1:] for word in self.plural.split())


class ItemForm(StrictModel):
    """An item of a plan, such as a priority area or an objective; lower levels need a name or a text.

    Papers word an item of the first level differently in list, table and schedule, so each wording is data.
    Which further keys it has follows from the levels, see `plan_levels.plan_form`.
    """

    id: str
    name: str | None = None
    text: str | None = None


class PlanTable(StrictModel):
    """A table of a plan: what its rows have in addition to the usual columns, and which columns are printed."""

    columns: list[DataColumn] = Field(default_factory=list)
    printed: list[PrintedColumn] = Field(default_factory=list)
    orientation: Literal["portrait", "landscape"] = "portrait"


class PlanTables(Tables):
    """The declared tables of a plan: its schedule, its own, and that of the activities in its work plans."""

    plan: PlanTable | None = None
    work_plan: PlanTable | None = Field(None, alias="work-plan")


class Combine(StrictModel):
    """How the figures of an indicator become one: of all economies in a year, and of several years."""

    economies: Literal["sum", "average"] | None = None
    years: Literal["sum", "latest", "average"] | None = None


class Indicator(StrictModel):
    """An indicator: a count of the items that economies list, or a number or percentage that they state.

    `baseline` and `target`: year -> figure, in the indicator's unit.
    """

    id: str
    short: str
    text: str
    also: list[str] = Field(default_factory=list)  # other words for what is counted, as texts use them
    measure: Literal["count", "number", "percent"] = "count"
    unit: str = ""
    baseline: dict[int, Amount] = Field(default_factory=dict)
    target: dict[int, Amount] = Field(default_factory=dict)
    combine: Combine = Field(default_factory=Combine)

    @property
    def over_economies(self) -> str:
        """How the figures of a year become that of the group: sum or average."""
        return combined.over_economies(self.measure, self.combine.economies)

    @property
    def over_years(self) -> str:
        """How the figures of several years become one: sum, latest or average."""
        return combined.over_years(self.measure, self.combine.years)

    @property
    def sign(self) -> str:
        """What stands after a figure: % or the unit."""
        return "%" if self.measure == "percent" else self.unit


class IndicatorHeading(StrictModel):
    heading: str
    indicators: list[Indicator]


class Reviews(StrictModel):
    mid_term: int | None = None
    final: int | None = None
    assessment_every_years: int | None = None


class SetAside(StrictModel):
    """A return that is left out until a corrected one comes, though it is in its folder; it is not read.

    Papers of days before it was `received` do not mention it.
    """

    file: Below  # below the plan's folder: indicators/2018/per.xlsx
    why: str = Field(min_length=1)
    received: datetime.date | None = None


class PlanFile(StrictModel):
    """A plan. Papers print nothing for what is absent: no heading, table or sentence."""

    title: str
    first_year: int
    last_year: int
    vision: str | None = None
    mission: str | None = None
    critical_success_factors: list[str] = Field(default_factory=list)
    levels: list[Level] = Field(default_factory=list, min_length=1, max_length=4)
    tree: list[ItemForm] = Field(default_factory=list, alias="priority_areas")
    indicator_headings: list[IndicatorHeading] = Field(default_factory=list)
    commitments: list[Commitment] = Field(default_factory=list)
    reviews: Reviews = Field(default_factory=Reviews)
    sections: list[Below] = Field(default_factory=list)
    appendix: Below | None = None
    tables: PlanTables = Field(default_factory=PlanTables)
    statuses: list[Status] | None = Field(None, min_length=1)  # instead of those in settings.yaml
    set_aside: list[SetAside] = Field(default_factory=list)


# <forum>/plan-<years>/carry-over.yaml


class CarriedActivity(StrictModel):
    """An activity of the plan before, by its ID there, and its ID in this plan; null if it is not carried over."""

    was: str
    now: str | None
    why: str | None = Field(None, min_length=1)  # why it is not carried over


class CarryOverFile(StrictModel):
    """What this plan takes over from another one; `from` is the folder of that plan."""

    from_: str = Field(alias="from")
    activities: list[CarriedActivity]


# <forum>/plan-<years>/workplan/<year>.yaml or <year>-<name>.yaml


class AreaPlan(StrictModel):
    """A priority area of the plan in this year: the outcomes expected, and with whom the forum works."""

    area: str
    outcomes: list[str] = Field(default_factory=list)
    cooperation: list[str] = Field(default_factory=list)  # other fora and partners


class ActivityPlan(StrictModel):
    """An activity of the year: of the schedule's edition, or of this file alone where there is no schedule.

    Under the names of the plan's lower levels it has the ids of the items that it serves, such as objectives.
    """

    id: str = ""  # of the schedule's activity
    title: str = ""  # these two only where there is no schedule, which states them
    area: str = ""
    outcome: str = ""
    timeframe: str = ""  # the years of the schedule, where it is empty
    cooperation: list[str] = Field(default_factory=list)  # other than its proponents
    contributes_to: list[str] = Field(default_factory=list)  # ids of commitments of the plan

    @property
    def serves(self) -> list[str]:
        """The ids of the items of the plan that it serves, of all lower levels."""
        return [served for keys in type(self).served_keys() for served in getattr(self, keys)]

    @classmethod
    def served_keys(cls) -> list[str]:
        """Return the fields of this form that name items of the plan."""
        return [name for name in cls.model_fields if name.startswith("served_")]


class MeetingPlan(StrictModel):
    """The actions at a meeting; `meeting` is its code, or its name where it has no file yet."""

    meeting: str
    actions: list[str] = Field(min_length=1)


class WorkPlanFile(StrictModel):
    year: int
    schedule: str | None = None  # the edition with its activities; the latest of the year without it
    responds_to: list[str] = Field(default_factory=list)
    deliverables: list[str] = Field(default_factory=list)
    areas: list[AreaPlan] = Field(default_factory=list)
    activities: list[ActivityPlan] = Field(default_factory=list)
    meetings: list[MeetingPlan] = Field(default_factory=list)
