"""A planning period: a plan with everything that belongs to it, and nothing of another plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papers.inputs.settings import ScheduleTable
from papers.inputs.unread import Unread
from papers.model.economies import Economies
from papers.model.indicator_returns import ReturnReader
from papers.model.indicators import Indicators, build_indicators
from papers.model.plan import Plan, build_plan, check_facts
from papers.model.ranking import ProposalReader, ProposalSession
from papers.model.schedule import Edition, ScheduleReader
from papers.model.schedule_changes import check_editions
from papers.model.workplan import WorkPlan, WorkPlanReader

if TYPE_CHECKING:
    from papers.inputs.kind_files import PhrasesFile
    from papers.inputs.plan_folder import PlanFolder
    from papers.inputs.plan_schemas import Indicator
    from papers.inputs.settings import SettingsFile
    from papers.inputs.yaml import Document
    from papers.model.meetings import Meeting
    from papers.model.schedule import Activity
    from papers.problems import Problems


@dataclass(frozen=True)
class Carried:
    """An activity of the plan before; `now` is its ID in this plan, or "" where it is not carried over."""

    was: Activity
    now: str
    why: str


@dataclass(frozen=True)
class CarryOver:
    """The activities of the last edition of the plan `plan` that have a line, in the order of the lines."""

    file: str
    plan: Plan
    edition: Edition
    activities: tuple[Carried, ...]
    notices: list[str] = field(default_factory=list)

    @property
    def files(self) -> list[str]:
        """The inputs that it was read from."""
        return [self.file, *self.plan.files, *self.edition.files]


@dataclass
class Period:
    """A plan, its editions of the schedule and work plans by name, its sessions of proposals and its indicators.

    `base` is the plan's folder, such as inputs/smewg/plan-2017-2020. `plan` is None where plan.yaml could not
    be read. `unread` has what could not be read of this plan, see `Unread`.
    """

    base: str
    plan: Plan | None = None
    editions: dict[str, Edition] = field(default_factory=dict)
    workplans: dict[str, WorkPlan] = field(default_factory=dict)
    sessions: dict[str, ProposalSession] = field(default_factory=dict)  # by name: 2018-1
    schedule_table: ScheduleTable = field(default_factory=ScheduleTable)
    indicators: Indicators = field(default_factory=lambda: Indicators(Economies([]), [], [], None))
    carry_over: CarryOver | None = None
    phrases: Document[PhrasesFile] | None = None  # that replace those of the forum
    unread: Unread = field(default_factory=Unread)

    @property
    def activity_ids(self) -> set[str]:
        """The IDs in all editions that could be read."""
        return {activity.id for edition in self.editions.values() for activity in edition.activities}

    @property
    def indicators_by_id(self) -> dict[str, Indicator]:
        """The indicators of the plan; none if it could not be read."""
        headings = self.plan.indicator_headings if self.plan else []
        return {indicator.id: indicator for heading in headings for indicator in heading.indicators}

    @property
    def plans(self) -> list[Plan]:
        """The plan, in a list that is empty if it could not be read."""
        return [self.plan] if self.plan else []


def build_period(
    folder: PlanFolder, register: Economies, settings: SettingsFile, problems: Problems
) -> Period:
    """Return a plan with its editions; `add_reports` adds what also depends on meetings."""
    period = Period(
        folder.base, schedule_table=folder.schedule_table, phrases=folder.phrases, unread=folder.unread
    )
    if folder.plan:
        period.plan = build_plan(folder.name, folder.plan, folder.unread, problems)
    if folder.plan and folder.plan.data.form.statuses:
        settings = settings.model_copy(update={"statuses": folder.plan.data.form.statuses})
    has_plan, table = period.plan is not None, folder.schedule_table
    reader = ScheduleReader(register, period.plans, has_plan, table, settings, problems)
    for name, rows in sorted(folder.schedules.items()):
        period.editions[name] = reader.edition(name, folder.schedule_files[name], rows, period.unread)
        period.editions[name].section = folder.schedule_sections.get(name)
    for section in folder.schedule_sections.values():
        check_facts(section, {}, (), problems)
    check_editions(period.editions.values(), period.unread, problems)
    return period


def add_reports(
    period: Period,
    folder: PlanFolder,
    meetings: list[Meeting],
    register: Economies,
    settings: SettingsFile,
    problems: Problems,
) -> None:
    """Add work plans, sessions of proposals and indicators."""
    plans, unread = period.plans, period.unread
    workplans = WorkPlanReader(plans, period.editions, meetings, unread, problems)
    found = [workplans.workplan(document) for document in folder.workplans]
    period.workplans = {plan.name: plan for plan in sorted(filter(None, found), key=lambda plan: plan.name)}
    sessions = ProposalReader(register, plans, period.plan is not None, problems, settings.bodies)
    period.sessions = {book.session: sessions.session(book, unread) for book in folder.projects}
    period.indicators = Indicators(register, [], [], None)
    if folder.returns:
        reader = ReturnReader(register, plans, period.activity_ids, unread, problems)
        returns = reader.returns(folder.returns)
        period.indicators = build_indicators(
            returns, folder.returns, register, settings.doubles, unread, problems, period.indicators_by_id
        )
