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

    from papers.inputs.plan_schemas import ActivityPlan, Commitment, Indicator
    from papers.model.economies import Economy
    from papers.model.indicators import Indicators
    from papers.model.plan import Plan, PlanItem
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
        return [activity for activity in self.edition.activities if not activity.is_withdrawn]

    def serving(self, objective: PlanItem) -> list[Activity]:
        """Return the activities that a work plan of the period links to an objective, or to an item below it."""
        return self._linked(lambda plan: not objective.ids.isdisjoint(plan.serves))

    def contributing(self, commitment: Commitment) -> list[Activity]:
        """Return the activities that a work plan of the period links to a commitment."""
        return self._linked(lambda plan: commitment.id in plan.contributes_to)

    def without_objective(self, area: PlanItem) -> list[Activity]:
        """Return the activities of an area that no work plan links to an objective."""
        linked = {activity.id for objective in area.children for activity in self.serving(objective)}
        return [a for a in self.reviewed if a.area == area.id and a.id not in linked]

    def _linked(self, is_linked: Callable[[ActivityPlan], bool]) -> list[Activity]:
        return [activity for activity in self._planned(is_linked) if not activity.is_withdrawn]

    def _planned(self, is_linked: Callable[[ActivityPlan], bool]) -> list[Activity]:
        """Return the linked activities, those that were withdrawn included."""
        planned = [entry for workplan in self.workplans for entry in workplan.work]
        ids = {entry.id for entry in planned if entry.plan and is_linked(entry.plan)}
        return [activity for activity in self.edition.activities if activity.id in ids]

    # Sources of the figures

    def source_of_link(self, activity: Activity) -> Source:
        """Return an activity as counted for its links: cell of its ID, lines in the work plans."""
        cells = activity.cells_of("id") + self._lines([activity])
        return Source(1, cells, activity.cells_of("status", "means"))

    def source_of_service(self, objective: PlanItem) -> Source:
        """Return an objective as counted for its activities: its line and their lines."""
        line = self.plan.source(objective.id, objective.text).cells
        served = Source(1, line + self._lines(self.serving(objective)))
        return served.because_of(self.deciding_service(objective))

    def deciding_service(self, objective: PlanItem) -> tuple[Cell, ...]:
        """Return the lines and cells that decide whether an activity serves an objective."""
        planned = self._planned(lambda plan: not objective.ids.isdisjoint(plan.serves))
        statuses = [cell for activity in planned for cell in activity.cells_of("status", "means")]
        return (*self._lines(planned), *statuses)

    def deciding_project(self, area: PlanItem) -> tuple[Cell, ...]:
        """Return the cells that decide whether an activity of an area has a project number."""
        listed = self.edition.of_area(area.id)
        return tuple(cell for one in listed for cell in one.cells_of("area", "project", "status", "means"))

    def source_of_returns(self, economy: Economy) -> Source:
        """Return an economy as counted for its returns: the cell of its name in each."""
        returns = [r for year in self.years for r in self.indicators.returns_of(year) if r.economy == economy]
        cells = tuple(cell for found in returns for cell in found.source("economy").cells)
        return Source(1, cells).because_of(cell for found in returns for cell in found.received)

    def _lines(self, activities: list[Activity]) -> tuple[Cell, ...]:
        ids = {activity.id for activity in activities}
        planned = [entry for workplan in self.workplans for entry in workplan.work]
        return tuple(Cell(entry.place, entry.title) for entry in planned if entry.place and entry.id in ids)

    # Gaps

    @property
    def objectives_without_activity(self) -> list[tuple[PlanItem, PlanItem]]:
        """The objectives that no activity serves, each with its area."""
        return [
            (area, objective)
            for area in self.plan.areas
            for objective in area.children
            if not self.serving(objective)
        ]

    @property
    def areas_without_project(self) -> list[PlanItem]:
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
