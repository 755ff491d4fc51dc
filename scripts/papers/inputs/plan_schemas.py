"""The forms of the YAML files in a plan's folder, as `schemas` has those of all others."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from papers.inputs.schemas import Amount, Below
from papers.inputs.yaml import StrictModel

# <forum>/plan-<years>/plan.yaml


class Objective(StrictModel):
    id: str
    text: str


class Commitment(StrictModel):
    """A commitment of Leaders or Ministers to which the plan contributes."""

    id: str
    name: str


class PriorityArea(StrictModel):
    """A priority area; papers word it differently in list, table and schedule, so each wording is data."""

    id: str
    name: str
    in_list: str | None = None
    in_schedule: str | None = None
    objectives: list[Objective] = Field(default_factory=list)


class Combine(StrictModel):
    """How the figures of an indicator become one: of all economies in a year, and of several years."""

    economies: Literal["sum", "average"] | None = None
    years: Literal["sum", "latest", "average"] | None = None


# measure -> how its figures are combined over economies and over years, where plan.yaml does not say
COMBINED = {"count": ("sum", "sum"), "number": ("sum", "latest"), "percent": ("average", "latest")}


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
        return self.combine.economies or COMBINED[self.measure][0]

    @property
    def over_years(self) -> str:
        """How the figures of several years become one: sum, latest or average."""
        return self.combine.years or COMBINED[self.measure][1]

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


class PlanFile(StrictModel):
    """A plan. Papers print nothing for what is absent: no heading, table or sentence."""

    title: str
    first_year: int
    last_year: int
    vision: str | None = None
    mission: str | None = None
    critical_success_factors: list[str] = Field(default_factory=list)
    priority_areas: list[PriorityArea] = Field(default_factory=list)
    indicator_headings: list[IndicatorHeading] = Field(default_factory=list)
    commitments: list[Commitment] = Field(default_factory=list)
    reviews: Reviews = Field(default_factory=Reviews)
    sections: list[Below] = Field(default_factory=list)
    appendix: Below | None = None


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
    """An activity of the schedule's edition in this year."""

    id: str
    objectives: list[str] = Field(default_factory=list)  # ids of objectives of its priority area
    outcome: str
    cooperation: list[str] = Field(default_factory=list)  # other than its proponents
    contributes_to: list[str] = Field(default_factory=list)  # ids of commitments of the plan


class MeetingPlan(StrictModel):
    """The actions at a meeting; `meeting` is its code, or its name where it has no file yet."""

    meeting: str
    actions: list[str] = Field(min_length=1)


class WorkPlanFile(StrictModel):
    year: int
    schedule: str | None = None  # the edition with its activities; the latest of the year without it
    responds_to: list[str]
    deliverables: list[str] = Field(min_length=1)
    areas: list[AreaPlan] = Field(default_factory=list)
    activities: list[ActivityPlan]
    meetings: list[MeetingPlan]
