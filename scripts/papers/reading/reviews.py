"""What a review decides, as data: its recommendations, and what became of those of the review before.

inputs/<forum>/reviews/<year>.yaml, and objectives.yaml beside, which says what each activity serves.
"""

from __future__ import annotations

from typing import Literal

from papers.reading.yaml_files import Closed

OUTCOMES = ("carried out", "under way", "not taken up")


class Recommendation(Closed):
    """One recommendation: verb first, without a final stop; `to` is who is asked."""

    id: str
    text: str
    to: str


class FollowUp(Closed):
    """What became of a recommendation of an earlier review."""

    recommendation: str
    outcome: Literal["carried out", "under way", "not taken up"]
    text: str


class ReviewFile(Closed):
    recommendations: list[Recommendation]
    follow_up: list[FollowUp] = []


class ObjectivesFile(Closed):
    """Activity ID -> the ids of the objectives that it serves."""

    serves: dict[str, list[str]]
