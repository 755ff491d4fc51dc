"""The verdict of a review on a priority area or an objective: on track, behind, or no activity.

The rule is that of `verdicts` in settings.yaml: which activities count, and which share of them is enough.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from papers.model.figures import Cell

if TYPE_CHECKING:
    from papers.inputs.settings import Verdicts
    from papers.model.figures import Source
    from papers.model.plan import Plan, PlanItem
    from papers.model.review import Review
    from papers.model.schedule import Activity

ON_TRACK, BEHIND, NO_ACTIVITY = "on track", "behind", "no activity"


@dataclass(frozen=True)
class Verdict:
    """The activities of an area or an objective that were not withdrawn, those of them that count, and the verdict."""

    activities: tuple[Activity, ...]
    counting: tuple[Activity, ...]
    word: str


@dataclass(frozen=True)
class VerdictRule:
    """The rule for a review; `least` is the least share, from 0 to 1."""

    settings: Verdicts
    seen: Review
    least: Fraction

    def of_area(self, area: PlanItem) -> Verdict:
        """Return the verdict on all activities of an area."""
        return self._verdict([activity for activity in self.seen.reviewed if activity.area == area.id])

    def of_objective(self, objective: PlanItem) -> Verdict:
        """Return the verdict on the activities that serve an objective."""
        return self._verdict(self.seen.serving(objective))

    def source_in_area(self, activity: Activity) -> Source:
        """Return an activity as one of those of its area that were not withdrawn."""
        return activity.source("area", "status", deciding=("means",))

    def deciding(self, activity: Activity) -> tuple[Cell, ...]:
        """Return the cells and lines that decide whether an activity counts."""
        years = () if self.settings.overdue_counts else ("last",)
        lines = self.settings.lines("counts", "overdue_counts")
        rule = (Cell(place, "rule of the verdicts") for place in lines)
        return (*activity.cells_of("status", *years, "means"), *rule)

    def _verdict(self, activities: list[Activity]) -> Verdict:
        counting = [activity for activity in activities if self._counts(activity)]
        if not activities:
            word = NO_ACTIVITY
        else:
            word = ON_TRACK if Fraction(len(counting), len(activities)) >= self.least else BEHIND
        return Verdict(tuple(activities), tuple(counting), word)

    def _counts(self, activity: Activity) -> bool:
        in_time = self.settings.overdue_counts or activity not in self.seen.overdue
        return activity.meaning in self.settings.counts and in_time


def elapsed(plan: Plan, day: datetime.date) -> Fraction:
    """Return the share of a plan's period that is over at the end of a day, from 0 to 1."""
    first, last = datetime.date(plan.first_year, 1, 1), datetime.date(plan.last_year, 12, 31)
    whole = (last - first).days + 1
    return Fraction(min(max((day - first).days + 1, 0), whole), whole)


def verdict_rule(settings: Verdicts, seen: Review, day: datetime.date | None) -> VerdictRule | None:
    """Return the rule for a review as of `day`.

    None where no verdict is possible: the schedule has no statuses, or the least share is that of the period
    that is over and the day is not known.
    """
    if not seen.edition.has_statuses or (settings.least_share is None and day is None):
        return None
    if settings.least_share is not None:
        return VerdictRule(settings, seen, Fraction(str(settings.least_share)) / 100)
    assert day is not None
    return VerdictRule(settings, seen, elapsed(seen.plan, day))
