"""The work plan of a year or a part of it: its file, joined to the activities of an edition of the schedule."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papers.model.references import check_known, check_once
from papers.model.schedule import CLOSED
from papers.model.schedule_changes import latest_edition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.inputs.plan_schemas import ActivityPlan, AreaPlan, WorkPlanFile
    from papers.inputs.unread import Unread
    from papers.inputs.yaml import Document
    from papers.model.meetings import Meeting
    from papers.model.plan import Plan
    from papers.model.schedule import Activity, Edition
    from papers.problems import Place, Problems

_COMBINE = "Combine the two entries."


@dataclass(frozen=True)
class PlannedActivity:
    """An activity of the year. `plan` is its entry in the work plan; None where it has none."""

    activity: Activity
    plan: ActivityPlan | None
    place: Place | None = None  # of the entry


@dataclass(frozen=True)
class PlannedMeeting:
    """A meeting with what is to be done there; `meeting` is None where only its name is known."""

    name: str
    meeting: Meeting | None
    actions: tuple[str, ...]


@dataclass
class WorkPlan:
    """A work plan; `work` in the order of the edition. `name` is that of its file, such as 2021-second-half."""

    name: str
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
        """The inputs that it was read from, and the files of its meetings, whose dates it prints."""
        meetings = [planned.meeting.file for planned in self.meetings if planned.meeting]
        return [self.file, *self.edition.files, *meetings]

    def of_area(self, area: str) -> list[PlannedActivity]:
        return [planned for planned in self.work if planned.activity.area == area]


def running(edition: Edition, year: int) -> list[Activity]:
    """Return the activities of an edition with work in a year: begun, not withdrawn, not closed before."""
    return [
        activity
        for activity in edition.activities
        if activity.first_year <= year
        and activity.status != "withdrawn"
        and (activity.last_year >= year or activity.status not in CLOSED)
    ]


def _stem(document: Document[WorkPlanFile]) -> str:
    return document.name.rsplit("/", 1)[1].removesuffix(".yaml")


class WorkPlanReader:
    """Reads work plans from their files; reports references to what does not exist with their lines."""

    def __init__(
        self,
        plans: Iterable[Plan],
        editions: dict[str, Edition],
        meetings: list[Meeting],
        unread: Unread,
        problems: Problems,
    ):
        plans = list(plans)
        self.areas = {area.id: area for plan in plans for area in plan.areas}
        self.commitments = [commitment.id for plan in plans for commitment in plan.commitments]
        self.editions, self.meetings, self.unread, self.problems = editions, meetings, unread, problems

    def workplan(self, document: Document[WorkPlanFile]) -> WorkPlan | None:
        """Return the work plan of a file; None where the schedule does not have its edition.

        It is added to `unread` where there is none, or where it or the edition has a problem.
        """
        before = len(self.problems.found)
        plan = self._workplan(document)
        complete = plan and not self.unread.has("schedule", plan.edition.name)
        if not complete or len(self.problems.found) > before:
            self.unread.add("workplan", document.form.year)
            self.unread.add("workplan", _stem(document))
        return plan

    def _workplan(self, document: Document[WorkPlanFile]) -> WorkPlan | None:
        form = document.form
        has_name, edition = self._check_name(document), self._edition(form)
        if edition is None:
            if has_name:
                self._report_no_edition(document)
            return None
        self._check_areas(document)
        self._check_activities(document, edition)
        areas = {area.area: area for area in form.areas}
        plan = WorkPlan(
            name=_stem(document),
            year=form.year,
            file=document.name,
            edition=edition,
            responds_to=form.responds_to,
            deliverables=form.deliverables,
            areas=areas,
        )
        entries = {entry.id: entry for entry in form.activities}
        lines = {entry.id: document.place("activities", at, "id") for at, entry in enumerate(form.activities)}
        plan.work = [
            PlannedActivity(a, entries.get(a.id), lines.get(a.id)) for a in running(edition, form.year)
        ]
        plan.meetings = self._meetings(document)
        return plan

    def _edition(self, form: WorkPlanFile) -> Edition | None:
        """Return the edition that a file names, or the latest of its year."""
        return self.editions.get(form.schedule) if form.schedule else latest_edition(self.editions, form.year)

    def _report_no_edition(self, document: Document[WorkPlanFile]) -> None:
        form, unread = document.form, self.unread.names("schedule")
        if form.schedule:
            place = document.place("schedule")
            check_known(
                form.schedule, list(self.editions), place, "schedule", form.schedule in unread, self.problems
            )
        elif not any(name.startswith(str(form.year)) for name in unread):
            expected = f"the workbook schedule/{form.year}.xlsx with the activities of the work plan"
            todo = "Add it, correct the year, or name another edition: schedule: ..."
            found = f"no edition {form.year} of the schedule"
            self.problems.add(document.place("year"), "no-edition", found, expected, todo)

    def _check_name(self, document: Document[WorkPlanFile]) -> bool:
        """Return whether the file's name begins with the year; report it otherwise."""
        stem = _stem(document)
        if stem.split("-", 1)[0] == str(document.form.year):
            return True
        found, expected = f"the year {document.form.year}", f'the name of its file, "{stem}"'
        todo = "Correct the year, or rename the file."
        self.problems.add(document.place("year"), "year-and-file", found, expected, todo)
        return False

    def _check_areas(self, document: Document[WorkPlanFile]) -> None:
        seen: set[str] = set()
        for index, area in enumerate(document.form.areas):
            place, unread = document.place("areas", index, "area"), self.unread.any("plan")
            check_known(area.area, list(self.areas), place, "area", unread, self.problems)
            check_once(area.area, seen, place, self.problems, _COMBINE)

    def _check_activities(self, document: Document[WorkPlanFile], edition: Edition) -> None:
        listed = {activity.id: activity for activity in edition.activities}
        with_work, seen = {activity.id for activity in running(edition, document.form.year)}, set[str]()
        unread = self.unread.has("schedule", edition.name)
        for index, entry in enumerate(document.form.activities):
            place = document.place("activities", index, "id")
            check_known(entry.id, list(listed), place, "activity", unread, self.problems)
            check_once(entry.id, seen, place, self.problems, _COMBINE)
            self._check_commitments(document, index)
            if entry.id not in listed:
                continue
            activity = listed[entry.id]
            if entry.id not in with_work:
                self._report_not_this_year(activity, document.form.year, place)
            if area := self.areas.get(activity.area):
                self._check_objectives(document, index, [objective.id for objective in area.objectives])
            elif not self.areas:
                self._check_objectives(document, index, [])

    def _report_not_this_year(self, activity: Activity, year: int, place: Place) -> None:
        years = f"{activity.first_year} to {activity.last_year}, {activity.status}"
        found = f"{activity.id}, which has no work in {year} ({years})"
        todo = f"Delete the entry, or correct {activity.place}."
        self.problems.add(place, "not-this-year", found, "an activity of the year", todo)

    def _check_objectives(self, document: Document[WorkPlanFile], index: int, ids: list[str]) -> None:
        if ids and not document.form.activities[index].objectives:
            place = document.place("activities", index)
            expected, todo = (
                f"one of {', '.join(ids)} under objectives",
                "Name the objectives that it serves.",
            )
            self.problems.add(place, "no-objective", "an activity without objective", expected, todo)
        for at, objective in enumerate(document.form.activities[index].objectives):
            place, unread = document.place("activities", index, "objectives", at), self.unread.any("plan")
            check_known(objective, ids, place, "objective", unread, self.problems)

    def _check_commitments(self, document: Document[WorkPlanFile], index: int) -> None:
        for at, commitment in enumerate(document.form.activities[index].contributes_to):
            place = document.place("activities", index, "contributes_to", at)
            unread = self.unread.any("plan")
            check_known(commitment, self.commitments, place, "commitment", unread, self.problems)

    def _meetings(self, document: Document[WorkPlanFile]) -> list[PlannedMeeting]:
        by_code, seen = {meeting.code: meeting for meeting in self.meetings}, set[str]()
        found: list[PlannedMeeting] = []
        for index, entry in enumerate(document.form.meetings):
            place, meeting = document.place("meetings", index, "meeting"), by_code.get(entry.meeting)
            check_once(entry.meeting, seen, place, self.problems, _COMBINE)
            if meeting is None and " " not in entry.meeting:  # a code, not the name of a meeting
                unread = self.unread.has("meeting", entry.meeting)
                check_known(entry.meeting, list(by_code), place, "meeting", unread, self.problems)
            elif meeting and meeting.start and meeting.start.year != document.form.year:
                what = f"{meeting.code}, which is held in {meeting.start.year}"
                expected, todo = f"a meeting of {document.form.year}", "Delete the entry, or correct it."
                self.problems.add(place, "meeting-year", what, expected, todo)
            found.append(PlannedMeeting(entry.meeting, meeting, tuple(entry.actions)))
        return found
