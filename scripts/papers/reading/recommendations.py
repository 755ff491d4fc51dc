"""recommendations/<kind>-<year>.yaml: what a paper recommends, and what became of the recommendations of an earlier one."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from papers.reading.yaml_files import Closed


class Recommendation(Closed):
    """One recommendation; its text begins with a verb, such as Endorse, and has no full stop at its end."""

    id: str
    text: str


class FollowUp(Closed):
    """What became of a recommendation, and the activities that carried it out."""

    id: str
    outcome: Literal["carried out", "in progress", "not taken up"]
    told: str
    activities: list[str] = Field(default_factory=list)


class RecommendationsFile(Closed):
    recommendations: list[Recommendation] = Field(min_length=1)
    follow_up_of: str | None = None  # name of the file whose recommendations are followed up
    follow_up: list[FollowUp] = Field(default_factory=list)
