"""The work plan of a year or a part of it: its file, joined to the activities of an edition of the schedule."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from papers.inputs.plan_levels import DEFAULT_LEVELS, work_keys
from papers.model.figures import Cell, Source
from papers.model.references import check_known, check_once
from papers.model.schedule_changes import latest_edition

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from papers.inputs.plan_schemas import ActivityPlan, AreaPlan, WorkPlanFile
    from papers.inputs.unread import Unread
    from papers.inputs.yaml import Document
    from papers.model.meetings import Meeting
    from papers.model.plan import Plan, PlanItem
    from papers.model.schedule import Activity, Edition
    from papers.problems import Place, Problems

_COMBINE = "Combine the two entries."


@dataclass(frozen=True)
class PlannedActivity:
    """An activity of the year. `plan` is its entry in the work plan; None where it has none.

    `activity` is that of the schedule; None where there is no schedule. `area` is the id of an item of the
    plan's first level, or "".
    """

    activity: Activity | None
    plan: ActivityPlan | None
    place: Place | None = None  # of the entry
    area: str = ""
    title: str = ""

    @property
    def id(self) -> str:
        """The ID in the schedule; "" where there is none."""
        return self.activity.id if self.activity else ""

    @property
    def source(self) -> Source:
        """The entry as one thing that a figure counts: its line."""
        return Source(1, (Cell(self.place, self.title),) if self.place else ())


@dataclass(frozen=True)
class PlannedMeeting:
    """A meeting with what is to be done there; `meeting` is None where only its name is known."""

    name: str
    meeting: Meeting | None
    actions: tuple[str, ...]


@dataclass
class WorkPlan:
    """A work plan. `name` is that of its file, such as 2021-second-half.

    `work` is in the order of the edition, or of the file where there is no schedule: then `edition` is None.
    """

    name: str
    year: int
    file: str
    edition: Edition | None
    responds_to: list[str]
    deliverables: list[str]
    areas: dict[str, AreaPlan]
    work: list[PlannedActivity] = field(default_factory=list)
    meetings: list[PlannedMeeting] = field(default_factory=list)
    before: tuple[WorkPlan, ...] = ()  # with earlier editions of its year, the latest first

    def known_on(self, day: datetime.date) -> WorkPlan:
        """Return the Work Plan with the edition that was the latest on a day; the first one if none was there yet."""
        known = (one for one in (self, *self.before) if not one.edition or one.edition.begins <= day)
        return next(known, (self, *self.before)[-1])

    @property
    def files(self) -> list[str]:
        """The inputs that it was read from, and the files of its meetings, whose dates it prints."""
        meetings = [planned.meeting.file for planned in self.meetings if planned.meeting]
        return [self.file, *(self.edition.files if self.edition else ()), *meetings]

    def of_area(self, area: str) -> list[PlannedActivity]:
        return [planned for planned in self.work if planned.area == area]


def running(edition: Edition, year: int) -> list[Activity]:
    """Return the activities of an edition with work in a year: begun, not withdrawn, not closed before."""
    return [activity for activity in edition.activities if activity.has_work_in(year)]


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
        self.levels = plans[0].levels if plans else DEFAULT_LEVELS
        self.areas = {area.id: area for plan in plans for area in plan.areas}
        self.commitments = [commitment.id for plan in plans for commitment in plan.commitments]
        self.editions, self.meetings, self.unread, self.problems = editions, meetings, unread, problems

    def workplan(self, document: Document[WorkPlanFile]) -> WorkPlan | None:
        """Return the work plan of a file; None where the schedule does not have its edition.

        It is added to `unread` where there is none, or where it or the edition has a problem.
        """
        before = len(self.problems.found)
        plan = self._workplan(document)
        complete = plan and not (plan.edition and self.unread.has("schedule", plan.edition.name))
        if not complete or len(self.problems.found) > before:
            self.unread.add("workplan", document.form.year)
            self.unread.add("workplan", _stem(document))
        return plan

    def _workplan(self, document: Document[WorkPlanFile]) -> WorkPlan | None:
        form = document.form
        has_name, edition = self._check_name(document), self._edition(form)
        if edition is None and self._has_schedule(form):
            if has_name:
                self._report_no_edition(document)
            return None
        self._check_areas(document)
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
        plan.meetings = self._meetings(document)
        if edition is None:
            plan.work = self._own_work(document)
            return plan
        self._check_activities(document, edition)
        plan.work = self._work(document, edition)
        earlier = (
            [] if form.schedule else [one for one in self._of_year(form.year) if one.name < edition.name]
        )
        plan.before = tuple(replace(plan, edition=one, work=self._work(document, one)) for one in earlier)
        return plan

    def _of_year(self, year: int) -> list[Edition]:
        """Return the editions of a year, the latest first."""
        return [self.editions[name] for name in sorted(self.editions, reverse=True) if name[:4] == str(year)]

    def _edition(self, form: WorkPlanFile) -> Edition | None:
        """Return the edition that a file names, or the latest of its year."""
        return self.editions.get(form.schedule) if form.schedule else latest_edition(self.editions, form.year)

    def _has_schedule(self, form: WorkPlanFile) -> bool:
        """Whether the plan has a schedule, or the work plan names an edition of one."""
        return bool(form.schedule or self.editions or self.unread.any("schedule"))

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
        keys = work_keys(self.levels)
        for index, area in enumerate(document.form.areas):
            place, unread = document.place(keys[0], index, keys[1]), self.unread.any("plan")
            check_known(area.area, list(self.areas), place, "area", unread, self.problems)
            check_once(area.area, seen, place, self.problems, _COMBINE)

    def _work(self, document: Document[WorkPlanFile], edition: Edition) -> list[PlannedActivity]:
        """Return the activities of an edition with work in the year, each with its entry."""
        activities = document.form.activities
        entries = {entry.id: entry for entry in activities}
        lines = {entry.id: document.place("activities", at, "id") for at, entry in enumerate(activities)}
        return [
            PlannedActivity(a, entries.get(a.id), lines.get(a.id), a.area, a.title)
            for a in running(edition, document.form.year)
        ]

    def _own_work(self, document: Document[WorkPlanFile]) -> list[PlannedActivity]:
        """Return the activities that a work plan without schedule states itself."""
        found = []
        for index, entry in enumerate(document.form.activities):
            place = document.place("activities", index)
            self._check_commitments(document, index)
            if entry.area:
                where, unread = document.place("activities", index, self.area_key), self.unread.any("plan")
                check_known(entry.area, list(self.areas), where, "area", unread, self.problems)
            areas = [self.areas[entry.area]] if entry.area in self.areas else list(self.areas.values())
            self._check_served(document, index, areas)
            served = [item for area in areas for item in area.below if item.id in entry.serves]
            own = next((area.id for area in areas if not area.ids.isdisjoint(entry.serves)), "")
            title = entry.title or "; ".join(item.text for item in served)
            if not title and not entry.serves and not self.unread.any("plan"):
                expected, todo = 'the key "title"', 'Add a line "title: ..." with the words of the activity.'
                self.problems.add(place, "missing-key", "nothing", expected, todo)
            found.append(PlannedActivity(None, entry, place, entry.area or own, title))
        return found

    @property
    def area_key(self) -> str:
        """The key of an item of the first level, in an entry of the work plan."""
        return work_keys(self.levels)[1]

    def _check_activities(self, document: Document[WorkPlanFile], edition: Edition) -> None:
        listed = {activity.id: activity for activity in edition.activities}
        with_work, seen = {activity.id for activity in running(edition, document.form.year)}, set[str]()
        unread = self.unread.has("schedule", edition.name)
        for index, entry in enumerate(document.form.activities):
            self._check_commitments(document, index)
            if not self._check_entry(document, index):
                continue
            place = document.place("activities", index, "id")
            check_known(entry.id, list(listed), place, "activity", unread, self.problems)
            check_once(entry.id, seen, place, self.problems, _COMBINE)
            if entry.id not in listed:
                continue
            activity = listed[entry.id]
            if entry.id not in with_work:
                self._report_not_this_year(activity, document.form.year, place)
            if area := self.areas.get(activity.area):
                self._check_objectives(document, index, area)
            elif not self.areas:
                self._check_served(document, index, [])

    def _check_entry(self, document: Document[WorkPlanFile], index: int) -> bool:
        """Return whether an entry names an activity; report what the schedule states and not the entry."""
        entry = document.form.activities[index]
        for name, key in (("title", "title"), ("area", self.area_key)):
            if getattr(entry, name):
                found = f"{key} of an activity, which the schedule states"
                todo = "Delete the line, or correct the schedule."
                place = document.place("activities", index, key)
                self.problems.add(place, "stated-twice", found, "it in the schedule only", todo)
        if not entry.id:
            place, todo = document.place("activities", index), 'Add a line "id: ...".'
            self.problems.add(place, "missing-key", "nothing", 'the key "id"', todo)
        return bool(entry.id)

    def _report_not_this_year(self, activity: Activity, year: int, place: Place) -> None:
        when = activity.timeframe.text or f"{activity.first_year} to {activity.last_year}"
        years = ", ".join(filter(None, (when, activity.status)))
        found = f"{activity.id}, which has no work in {year} ({years})"
        todo = f"Delete the entry, or correct {activity.place}."
        self.problems.add(place, "not-this-year", found, "an activity of the year", todo)

    def _check_objectives(self, document: Document[WorkPlanFile], index: int, area: PlanItem) -> None:
        """Check which items of its area an activity serves: at least one, where the area has any."""
        if area.children and not document.form.activities[index].serves:
            level, ids = self.levels[1], ", ".join(item.id for item in area.children)
            found = f"an activity without {level.one}"
            expected, todo = f"one of {ids} under {level.many}", f"Name the {level.plural} that it serves."
            place = document.place("activities", index)
            self.problems.add(place, "no-objective", found, expected, todo)
        self._check_served(document, index, [area])

    def _check_served(self, document: Document[WorkPlanFile], index: int, areas: list[PlanItem]) -> None:
        """Check that an activity names items of these areas, each under the name of its level."""
        entry, unread = document.form.activities[index], self.unread.any("plan")
        for at, level in enumerate(self.levels[1:], 1):
            ids = [item.id for area in areas for item in area.below if item.level == at + 1]
            for which, served in enumerate(getattr(entry, f"served_{at}", ())):
                place = document.place("activities", index, level.many, which)
                check_known(served, ids, place, level.one.replace(" ", "-"), unread, self.problems)

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
