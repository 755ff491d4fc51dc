"""Inputs -> the model: all facts of a forum, typed, checked against each other, each with its source."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from papers.ledger.rules import Ledger, ledger_of
from papers.model.arrivals import late_notice
from papers.model.check_rules import Rules, rules_of
from papers.model.corrections import Corrections, corrections_of
from papers.model.economies import Economies
from papers.model.indicators import Indicators, indicators_of
from papers.model.issued import check_issued
from papers.model.meetings import Meeting, MeetingReader, Pages, Paper, check_unique, known, pages_of
from papers.model.plan import Plan, check_facts, plan_of
from papers.model.ranking import ProposalReader, ProposalSession
from papers.model.recommendations import Recommendations, recommendations_of
from papers.model.returns import ReturnReader
from papers.model.rotation import Rotation, rotation_of
from papers.model.schedule import Edition, ScheduleReader
from papers.model.schedule_changes import check_editions
from papers.model.tabling import also_tabled, with_tablings
from papers.model.workplan import WorkPlan, WorkPlanReader
from papers.numbers import DocumentNumber, ProjectNumber
from papers.problems import Place, Problems

if TYPE_CHECKING:
    from papers.inputs.config import Config
    from papers.inputs.folder import Inputs
    from papers.inputs.markdown import Section
    from papers.inputs.schemas import ForumFile


@dataclass
class Terms:
    """The Terms of Reference."""

    title: str
    sections: list[Section]
    file: str

    @property
    def files(self) -> list[str]:
        """The inputs that they were read from."""
        return [self.file, *(section.file for section in self.sections)]


@dataclass
class Model:
    """What a forum's inputs mean."""

    config: Config
    forum: ForumFile
    register: Economies
    meetings: list[Meeting] = field(default_factory=list)
    plans: dict[str, Plan] = field(default_factory=dict)
    editions: dict[int, Edition] = field(default_factory=dict)
    workplans: dict[int, WorkPlan] = field(default_factory=dict)
    terms: Terms | None = None
    rotation: Rotation | None = None
    pages: dict[str, Pages] = field(default_factory=dict)  # of tables of contents, by number of paper
    indicators: Indicators | None = None  # there even without a return
    recommendations: dict[str, Recommendations] = field(default_factory=dict)  # by name: mid-term-review-2018
    sessions: dict[str, ProposalSession] = field(
        default_factory=dict
    )  # of project proposals, by name: 2018-1
    ledger: Ledger = field(default_factory=Ledger)
    rules: Rules = field(default_factory=Rules)  # what finished papers are checked by
    corrections: Corrections = field(default_factory=Corrections)  # of issued papers
    received: list[str] = field(default_factory=list)  # every file that somebody sent in
    narratives: dict[str, dict[str, Section]] = field(default_factory=dict)  # folder -> section -> its text
    files: list[str] = field(default_factory=list)  # inputs that every paper is made from
    notices: list[str] = field(default_factory=list)  # what the person who builds should know

    def known_to(self, paper: Paper) -> Model:
        """The model as it stood when the paper was written: with the returns dated until its `as_of`.

        That day is the first of its meeting unless the paper states it: what comes later belongs to later papers.
        """
        day = paper.as_of or self.meeting_of(paper).start
        earlier = self.indicators.received_by(day) if day else self.indicators
        return self if earlier is self.indicators else dataclasses.replace(self, indicators=earlier)

    @property
    def chosen(self) -> list[Meeting]:
        """The meetings whose papers config.yaml asks for."""
        asked = self.config.meetings
        return [meeting for meeting in self.meetings if asked == "all" or meeting.code in asked]

    def meeting_of(self, paper: Paper) -> Meeting:
        """The meeting at which a paper is tabled."""
        same, meeting = self._homes.get(id(paper), (None, None))
        return meeting if same is paper else next(m for m in self.meetings if paper in m.papers)

    @cached_property
    def _homes(self) -> dict[int, tuple[Paper, Meeting]]:
        """Papers and their meetings by identity: comparing each with all papers would take the square of their number."""
        return {id(paper): (paper, meeting) for meeting in self.meetings for paper in meeting.papers}


def build_model(inputs: Inputs, config: Config, problems: Problems) -> Model | None:
    """The model; None where its foundations (economies, hosts, forum) could not be read."""
    if not (inputs.economies and inputs.hosts and inputs.forum):
        return None
    register = Economies.of(inputs.economies, problems)
    for year, host in inputs.hosts.form.hosts.items():
        register.find(host, inputs.hosts.place("hosts", str(year)), problems)
    model = Model(config, inputs.forum.form, register)
    model.rules = rules_of(inputs.check_rules, problems)
    model.files = [inputs.economies.name, inputs.hosts.name, inputs.forum.name]
    plans = {name: plan_of(name, folder, problems) for name, folder in inputs.plans.items()}
    model.plans = {name: plan for name, plan in plans.items() if plan}
    reader = ScheduleReader(register, list(model.plans.values()), problems)
    for year, rows in inputs.schedules.items() if _all_plans(inputs, model, problems) else ():
        model.editions[year] = reader.edition(year, inputs.schedule_files[year], rows)
        model.editions[year].section = inputs.schedule_sections.get(year)
    for section in inputs.schedule_sections.values():
        check_facts(section, {}, (), problems)
    check_editions(model.editions.values(), problems)
    model.terms = _terms(inputs, problems)
    model.narratives = inputs.narratives
    _add_meetings(inputs, model, problems)
    _add_reports(inputs, model, problems)
    return model


def _add_meetings(inputs: Inputs, model: Model, problems: Problems) -> None:
    """The meetings with their papers, what was issued of them, and the pages of tables of contents."""
    hosts, files = inputs.hosts.form.hosts, inputs.received
    meetings = MeetingReader(inputs.forum.form, model.register, hosts, problems, files)
    model.received = files
    model.meetings = _meetings(meetings, inputs, problems)
    check_unique(model.meetings, problems)
    model.ledger = _ledger(inputs, model, problems)
    model.corrections = _corrections(inputs, model, problems)
    late = (paper for meeting in model.chosen for paper in meeting.papers if paper.late)
    model.notices += [late_notice(str(paper.number), paper.late) for paper in late]
    numbers = {str(paper.number) for meeting in model.meetings for paper in meeting.papers}
    model.pages = pages_of(inputs.pages, numbers, model.notices, problems)
    _check_chosen(model, problems)


def _add_reports(inputs: Inputs, model: Model, problems: Problems) -> None:
    """What papers report of: work plans, rotation, sessions of proposals, indicators, recommendations."""
    workplans = WorkPlanReader(model.plans.values(), model.editions, model.meetings, problems)
    found = [workplans.workplan(document) for document in inputs.workplans]
    model.workplans = {plan.year: plan for plan in found if plan}
    if inputs.rotation:
        model.rotation = rotation_of(inputs.rotation, model.register, inputs.hosts.form.hosts, problems)
    if _all_plans(inputs, model, problems):
        sessions = ProposalReader(model.register, model.plans.values(), problems)
        model.sessions = {book.session: sessions.session(book) for book in inputs.projects}
    model.indicators = _indicators(inputs, model, problems)
    model.recommendations = recommendations_of(
        inputs.recommendations, model.config.recommendation_verbs, _activities(model, problems), problems
    )


def _terms(inputs: Inputs, problems: Problems) -> Terms | None:
    if inputs.terms is None:
        return None
    for section in inputs.terms.sections:
        check_facts(section, {}, (), problems)
    return Terms(inputs.terms.data.form.title, inputs.terms.sections, inputs.terms.data.name)


def _meetings(reader: MeetingReader, inputs: Inputs, problems: Problems) -> list[Meeting]:
    """The meetings, with what the list of tablings says of their papers."""
    documents = with_tablings(inputs.meetings, inputs.tabling, problems)
    meetings, also = [reader.meeting(document) for document in documents], also_tabled(inputs.tabling)
    for meeting in meetings:
        meeting.papers = [replace(p, also_tabled=also.get(str(p.number), ())) for p in meeting.papers]
    return meetings


def _ledger(inputs: Inputs, model: Model, problems: Problems) -> Ledger:
    """What was issued, after a look whether today's papers keep to it."""
    if inputs.ledger is None:
        return Ledger()
    ledger = ledger_of(inputs.ledger, problems)
    check_issued(model.meetings, ledger, model.config.forum, problems)
    return ledger


def _corrections(inputs: Inputs, model: Model, problems: Problems) -> Corrections:
    """The corrections of issued papers; none beside a broken ledger, as each would be told as of an unknown paper."""
    broken = inputs.ledger and any(p.place.file == inputs.ledger.name for p in problems.found)
    if inputs.corrections is None or broken:
        return Corrections()
    return corrections_of(inputs.corrections, model.ledger, model.register, problems)


def _indicators(inputs: Inputs, model: Model, problems: Problems) -> Indicators:
    """The figures of all returns; none where a plan is broken, as each row would be told as being of no plan."""
    if not (inputs.returns and _all_plans(inputs, model, problems)):
        return Indicators(model.register, [], [], None)
    activities = _activities(model, problems)
    reader = ReturnReader(model.register, model.plans.values(), activities, problems)
    returns = reader.returns(inputs.returns)
    made = indicators_of(returns, inputs.returns, model.register, model.config.doubles, problems)
    model.notices += made.notices
    return made


def _activities(model: Model, problems: Problems) -> set[str] | None:
    """The IDs of all editions; None where an edition is broken, as what it lists would be told as unknown."""
    if any("/schedule/" in problem.place.file for problem in problems.found):
        return None
    return {activity.id for edition in model.editions.values() for activity in edition.activities}


def _all_plans(inputs: Inputs, model: Model, problems: Problems) -> bool:
    """Without every plan, each row of a schedule would be told as being of an unknown area."""
    broken = any(problem.place.file.endswith("/plan.yaml") for problem in problems.found)
    return len(model.plans) == len(inputs.plans) and not broken


def _check_chosen(model: Model, problems: Problems) -> None:
    """A meeting that config.yaml asks for, and that there is not, is a problem."""
    if model.config.meetings == "all":
        return
    codes = [meeting.code for meeting in model.meetings]
    for code in model.config.meetings:
        known(code, codes, Place("config.yaml", key="meetings"), "meeting", problems)


_PLAIN = (str, int, float, bool, type(None))


def as_data(value: Any) -> Any:
    """The model as plain data for model.json: dates as text, numbers of papers as printed."""
    if type(value) in _PLAIN:  # most values are: asked first, this saves a third of the time
        return value
    if isinstance(value, (DocumentNumber, ProjectNumber, Place, datetime.date)):
        return str(value)
    if isinstance(value, Economies):
        return [as_data(economy) for economy in value.economies]
    if hasattr(value, "as_data"):
        return as_data(value.as_data())
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if dataclasses.is_dataclass(value):
        return {f.name: as_data(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): as_data(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_data(inner) for inner in value]
    return value
