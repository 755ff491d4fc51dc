"""A review of the plan: which activity serves which objective and commitment, and what is missing.

The links come from the work plans of the period, the status of an activity from the edition under review, the figures from
the returns known when the paper was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papers.model.figures import Cell, Source
from papers.model.schedule_changes import overdue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from papers.inputs.schemas import ActivityPlan, Commitment, Indicator, Objective
    from papers.model.economies import Economy
    from papers.model.indicators import Indicators
    from papers.model.plan import Area, Plan
    from papers.model.schedule import Activity, Edition
    from papers.model.workplan import WorkPlan


@dataclass(frozen=True)
class Review:
    """The plan from its first year until `year`, against the edition of the schedule of that year."""

    plan: Plan
    year: int
    edition: Edition
    workplans: tuple[WorkPlan, ...]
    indicators: Indicators

    @property
    def years(self) -> range:
        return range(self.plan.first_year, self.year + 1)

    @property
    def reviewed(self) -> list[Activity]:
        """The activities that were not withdrawn."""
        return [activity for activity in self.edition.activities if activity.status != "withdrawn"]

    def serving(self, objective: Objective) -> list[Activity]:
        """The activities that a work plan of the period links to an objective."""
        return self._linked(lambda said: objective.id in said.objectives)

    def contributing(self, commitment: Commitment) -> list[Activity]:
        """The activities that a work plan of the period links to a commitment."""
        return self._linked(lambda said: commitment.id in said.contributes_to)

    def without_objective(self, area: Area) -> list[Activity]:
        """The activities of an area that no work plan links to an objective."""
        linked = {activity.id for objective in area.objectives for activity in self.serving(objective)}
        return [a for a in self.reviewed if a.area == area.id and a.id not in linked]

    def _linked(self, test: Callable[[ActivityPlan], bool]) -> list[Activity]:
        ids = {
            work.activity.id for plan in self.workplans for work in plan.work if work.plan and test(work.plan)
        }
        return [activity for activity in self.reviewed if activity.id in ids]

    # What is counted, with its sources

    def source_of_link(self, activity: Activity) -> Source:
        """An activity that is counted for what the work plans say of it: its ID, and their lines."""
        return Source(1, activity.evidence("id") + self._lines([activity]))

    def source_of_service(self, objective: Objective) -> Source:
        """An objective that is served: its line in the plan, and those of the work plans that link activities to it."""
        said = self.plan.source(objective.id, objective.text).cells
        return Source(1, said + self._lines(self.serving(objective)))

    def source_of_returns(self, economy: Economy) -> Source:
        """An economy that reported: each of its returns."""
        sent = [m for year in self.years for m in self.indicators.returns_of(year) if m.economy == economy]
        return Source(1, tuple(cell for made in sent for cell in made.source("economy").cells))

    def _lines(self, activities: list[Activity]) -> tuple[Cell, ...]:
        ids = {activity.id for activity in activities}
        work = [one for plan in self.workplans for one in plan.work if one.activity.id in ids and one.place]
        return tuple(Cell(one.place, one.activity.title) for one in work)

    # Gaps

    @property
    def objectives_without_activity(self) -> list[tuple[Area, Objective]]:
        return [
            (area, objective)
            for area in self.plan.areas
            for objective in area.objectives
            if not self.serving(objective)
        ]

    @property
    def areas_without_project(self) -> list[Area]:
        """The areas of which no activity has a project number."""
        funded = {activity.area for activity in self.reviewed if activity.project_number}
        return [area for area in self.plan.areas if area.id not in funded]

    @property
    def unreported(self) -> list[tuple[Indicator, list[int]]]:
        """The indicators that nobody reported in some year, with these years."""
        indicators = [one for heading in self.plan.indicator_headings for one in heading.indicators]
        found = [
            (one, [year for year in self.years if not self.indicators.total(one.id, year).reported])
            for one in indicators
        ]
        return [(one, years) for one, years in found if years]

    @property
    def silent(self) -> list[Economy]:
        """The economies of which no return came in any year, in APEC order."""
        reporting = {economy for year in self.years for economy in self.indicators.reporting(year)}
        return [economy for economy in self.indicators.register.economies if economy not in reporting]

    @property
    def overdue(self) -> tuple[Activity, ...]:
        return overdue(self.edition)


def build_review(
    plan: Plan, edition: Edition, workplans: Iterable[WorkPlan], indicators: Indicators, year: int
) -> Review:
    """The review of `year`; work plans of other years than the plan's until then are left out."""
    period = tuple(w for w in workplans if plan.first_year <= w.year <= year)
    return Review(plan, year, edition, period, indicators)
