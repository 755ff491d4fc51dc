"""workplan/<year>.yaml: what the forum means to do in a year, beside what the schedule's edition of that year lists."""

from __future__ import annotations

from pydantic import Field

from papers.reading.yaml_files import Closed


class AreaPlan(Closed):
    """A priority area of the plan in this year: what is expected, and with whom the forum works."""

    area: str
    outcomes: list[str] = Field(default_factory=list)
    cooperation: list[str] = Field(default_factory=list)  # other fora and partners


class ActivityPlan(Closed):
    """An activity of the schedule's edition in this year."""

    id: str
    objectives: list[str] = Field(min_length=1)  # ids of objectives of its priority area
    outcome: str
    cooperation: list[str] = Field(default_factory=list)  # beside its proponents
    contributes_to: list[str] = Field(default_factory=list)  # ids of commitments of the plan


class MeetingPlan(Closed):
    """What is done at a meeting; `meeting` is its code, or its name where it has no file yet."""

    meeting: str
    actions: list[str] = Field(min_length=1)


class WorkPlanFile(Closed):
    year: int
    responds_to: list[str]
    deliverables: list[str] = Field(min_length=1)
    areas: list[AreaPlan]
    activities: list[ActivityPlan]
    meetings: list[MeetingPlan]
