"""A review of the plan: which activities serve which objective and commitment, and where there are gaps.

The links come from the work plans of the period, the status of an activity from the edition under review,
and the figures from the returns that had been received when the paper was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papers.model.figures import Cell, Source
from papers.model.schedule_changes import overdue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from papers.inputs.plan_schemas import ActivityPlan, Commitment, Indicator, Objective
    from papers.model.economies import Economy
    from papers.model.indicators import Indicators
    from papers.model.plan import Area, Plan
    from papers.model.schedule import Activity, Edition
    from papers.model.workplan import WorkPlan


@dataclass(frozen=True)
class Review:
    """The plan from its first year to `year`, compared with an edition of the schedule."""

    plan: Plan
    year: int
    edition: Edition
    workplans: tuple[WorkPlan, ...]
    indicators: Indicators

    @property
    def years(self) -> range:
        """The years of the review, the last one included."""
        return range(self.plan.first_year, self.year + 1)

    @property
    def has_indicators(self) -> bool:
        """Whether the plan has indicators: otherwise nothing is said of indicators and returns."""
        return any(heading.indicators for heading in self.plan.indicator_headings)

    @property
    def reviewed(self) -> list[Activity]:
        """The activities that were not withdrawn."""
        return [activity for activity in self.edition.activities if activity.status != "withdrawn"]

    def serving(self, objective: Objective) -> list[Activity]:
        """Return the activities that a work plan of the period links to an objective."""
        return self._linked(lambda plan: objective.id in plan.objectives)

    def contributing(self, commitment: Commitment) -> list[Activity]:
        """Return the activities that a work plan of the period links to a commitment."""
        return self._linked(lambda plan: commitment.id in plan.contributes_to)

    def without_objective(self, area: Area) -> list[Activity]:
        """Return the activities of an area that no work plan links to an objective."""
        linked = {activity.id for objective in area.objectives for activity in self.serving(objective)}
        return [a for a in self.reviewed if a.area == area.id and a.id not in linked]

    def _linked(self, is_linked: Callable[[ActivityPlan], bool]) -> list[Activity]:
        planned = [entry for workplan in self.workplans for entry in workplan.work]
        ids = {entry.activity.id for entry in planned if entry.plan and is_linked(entry.plan)}
        return [activity for activity in self.reviewed if activity.id in ids]

    # Sources of the figures

    def source_of_link(self, activity: Activity) -> Source:
        """Return an activity as counted for its links: cell of its ID, lines in the work plans."""
        return Source(1, activity.cells_of("id") + self._lines([activity]))

    def source_of_service(self, objective: Objective) -> Source:
        """Return an objective as counted for its activities: its line and their lines."""
        line = self.plan.source(objective.id, objective.text).cells
        return Source(1, line + self._lines(self.serving(objective)))

    def source_of_returns(self, economy: Economy) -> Source:
        """Return an economy as counted for its returns: the cell of its name in each."""
        returns = [r for year in self.years for r in self.indicators.returns_of(year) if r.economy == economy]
        return Source(1, tuple(cell for found in returns for cell in found.source("economy").cells))

    def _lines(self, activities: list[Activity]) -> tuple[Cell, ...]:
        ids = {activity.id for activity in activities}
        planned = [entry for workplan in self.workplans for entry in workplan.work]
        return tuple(
            Cell(entry.place, entry.activity.title)
            for entry in planned
            if entry.place and entry.activity.id in ids
        )

    # Gaps

    @property
    def objectives_without_activity(self) -> list[tuple[Area, Objective]]:
        """The objectives that no activity serves, each with its area."""
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
        """The indicators that no economy reported in some year, with these years."""
        indicators = [i for heading in self.plan.indicator_headings for i in heading.indicators]
        found = [
            (
                indicator,
                [year for year in self.years if not self.indicators.total(indicator.id, year).reported],
            )
            for indicator in indicators
        ]
        return [(indicator, years) for indicator, years in found if years]

    @property
    def silent(self) -> list[Economy]:
        """The economies without a return in any year, in APEC order."""
        reporting = {economy for year in self.years for economy in self.indicators.reporting(year)}
        return [economy for economy in self.indicators.register.economies if economy not in reporting]

    @property
    def overdue(self) -> tuple[Activity, ...]:
        return overdue(self.edition)


def build_review(
    plan: Plan, edition: Edition, workplans: Iterable[WorkPlan], indicators: Indicators, year: int
) -> Review:
    """Return the review of `year`, with the work plans from the first year of the plan to that year."""
    period = tuple(w for w in workplans if plan.first_year <= w.year <= year)
    return Review(plan, year, edition, period, indicators)
