"""The work plan of a year: what its file says, joined to the activities that the schedule's edition of that year lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papers.model.meetings import Meeting
from papers.model.references import check_known
from papers.model.schedule_changes import CLOSED
from papers.problems import Place, Problems, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.inputs.schemas import ActivityPlan, AreaPlan, WorkPlanFile
    from papers.inputs.yaml import Document
    from papers.model.plan import Area, Plan
    from papers.model.schedule import Activity, Edition


@dataclass(frozen=True)
class PlannedActivity:
    """An activity of the year; `plan` is what the work plan says of it, None where it says nothing."""

    activity: Activity
    plan: ActivityPlan | None
    place: Place | None = None  # where the work plan says it


@dataclass(frozen=True)
class PlannedMeeting:
    """What is done at a meeting; `meeting` is None where only its name is known."""

    name: str
    meeting: Meeting | None
    actions: tuple[str, ...]


@dataclass
class WorkPlan:
    """A year's work plan; `work` in the order of the edition."""

    year: int
    file: str
    edition: Edition
    responds_to: list[str]
    deliverables: list[str]
    areas: dict[str, AreaPlan]
    work: list[PlannedActivity] = field(default_factory=list)
    meetings: list[PlannedMeeting] = field(default_factory=list)

    @property
    def files(self) -> list[str]:
        """The inputs that it was read from; the files of its meetings too, whose places and dates it tells."""
        held = [at.meeting.file for at in self.meetings if at.meeting]
        return [self.file, *self.edition.files, *held]

    def of_area(self, area: str) -> list[PlannedActivity]:
        return [work for work in self.work if work.activity.area == area]


def running(edition: Edition) -> list[Activity]:
    """The activities of the edition's year: begun, not withdrawn, and not over unless they are still open."""
    return [
        activity
        for activity in edition.activities
        if activity.first_year <= edition.year
        and activity.status != "withdrawn"
        and (activity.last_year >= edition.year or activity.status not in CLOSED)
    ]


class WorkPlanReader:
    """Turns the files of work plans into work plans; whatever names nothing that exists is told with its line."""

    def __init__(
        self, plans: Iterable[Plan], editions: dict[int, Edition], meetings: list[Meeting], problems: Problems
    ):
        plans = list(plans)
        self.areas = {area.id: area for plan in plans for area in plan.areas}
        self.commitments = [one.id for plan in plans for one in plan.commitments]
        self.editions, self.meetings, self.problems = editions, meetings, problems

    def workplan(self, document: Document[WorkPlanFile]) -> WorkPlan | None:
        form = document.form
        self._check_name(document)
        edition = self.editions.get(form.year)
        if edition is None:
            if not any(
                f"/schedule/{form.year}.xlsx" in problem.place.file for problem in self.problems.found
            ):
                expected = f"the workbook schedule/{form.year}.xlsx, whose activities it tells"
                found, todo = f"no edition {form.year} of the schedule", "Add it, or correct the year."
                self.problems.add(document.place("year"), "no-edition", found, expected, todo)
            return None
        self._check_areas(document)
        self._check_activities(document, edition)
        said = {activity.id: activity for activity in form.activities}
        areas = {area.area: area for area in form.areas}
        plan = WorkPlan(form.year, document.name, edition, form.responds_to, form.deliverables, areas)
        lines = {one.id: document.place("activities", at, "id") for at, one in enumerate(form.activities)}
        plan.work = [PlannedActivity(one, said.get(one.id), lines.get(one.id)) for one in running(edition)]
        plan.meetings = self._meetings(document)
        return plan

    def _check_name(self, document: Document[WorkPlanFile]) -> None:
        stem = document.name.rsplit("/", 1)[1].removesuffix(".yaml")
        if stem != str(document.form.year):
            found, expected = f"the year {document.form.year}", f'the name of its file, "{stem}"'
            self.problems.add(
                document.place("year"), "year-and-file", found, expected, "Correct one of the two."
            )

    def _check_areas(self, document: Document[WorkPlanFile]) -> None:
        seen: set[str] = set()
        for index, area in enumerate(document.form.areas):
            place = document.place("areas", index, "area")
            check_known(area.area, list(self.areas), place, "area", self.problems)
            self._once(area.area, seen, place)

    def _check_activities(self, document: Document[WorkPlanFile], edition: Edition) -> None:
        listed = {activity.id: activity for activity in edition.activities}
        work, seen = {activity.id for activity in running(edition)}, set()
        for index, entry in enumerate(document.form.activities):
            place = document.place("activities", index, "id")
            check_known(entry.id, list(listed), place, "activity", self.problems)
            self._once(entry.id, seen, place)
            self._check_commitments(document, index)
            if entry.id in listed and entry.id not in work:
                activity = listed[entry.id]
                years = f"{activity.first_year} to {activity.last_year}, {activity.status}"
                found, expected = (
                    f"{entry.id}, which has no work in {edition.year} ({years})",
                    "an activity of the year",
                )
                todo = f"Take it out, or correct {activity.place}."
                self.problems.add(place, "not-this-year", found, expected, todo)
            if entry.id in listed and listed[entry.id].area in self.areas:
                self._check_objectives(document, index, self.areas[listed[entry.id].area])

    def _check_objectives(self, document: Document[WorkPlanFile], index: int, area: Area) -> None:
        for at, objective in enumerate(document.form.activities[index].objectives):
            place = document.place("activities", index, "objectives", at)
            check_known(objective, [one.id for one in area.objectives], place, "objective", self.problems)

    def _check_commitments(self, document: Document[WorkPlanFile], index: int) -> None:
        for at, commitment in enumerate(document.form.activities[index].contributes_to):
            place = document.place("activities", index, "contributes_to", at)
            check_known(commitment, self.commitments, place, "commitment", self.problems)

    def _once(self, name: str, seen: set[str], place) -> None:
        if name in seen:
            found = f"{quoted(name)} again"
            self.problems.add(place, "doubled", found, "each once", "Put the two together.")
        seen.add(name)

    def _meetings(self, document: Document[WorkPlanFile]) -> list[PlannedMeeting]:
        codes, found, seen = {meeting.code: meeting for meeting in self.meetings}, [], set()
        for index, entry in enumerate(document.form.meetings):
            place, meeting = document.place("meetings", index, "meeting"), codes.get(entry.meeting)
            self._once(entry.meeting, seen, place)
            if meeting is None and " " not in entry.meeting:  # a code, not a meeting's name
                check_known(entry.meeting, list(codes), place, "meeting", self.problems)
            elif meeting and meeting.start and meeting.start.year != document.form.year:
                told = f"{meeting.code}, which is held in {meeting.start.year}"
                expected = f"a meeting of {document.form.year}"
                self.problems.add(place, "meeting-year", told, expected, "Take it out, or name another.")
            found.append(PlannedMeeting(entry.meeting, meeting, tuple(entry.actions)))
        return found
