"""The model of a forum: what all its inputs mean, as typed objects that were checked against each other.

build_model turns what papers.inputs read into a Model. The text of every paper is written from the model
alone.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from papers.inputs.unread import Unread
from papers.ledger.rules import Ledger, ledger_of
from papers.model.check_rules import CheckRules, build_check_rules
from papers.model.contents_pages import ContentsPages, build_contents_pages
from papers.model.corrections import Corrections, build_corrections
from papers.model.economies import Economies
from papers.model.indicator_returns import ReturnReader
from papers.model.indicators import Indicators, build_indicators
from papers.model.issued import check_issued
from papers.model.meetings import Meeting, MeetingReader, Paper, check_unique
from papers.model.plan import Plan, build_plan, check_facts
from papers.model.ranking import ProposalReader, ProposalSession
from papers.model.received_papers import late_notice
from papers.model.recommendations import Recommendations, build_recommendations
from papers.model.references import check_known
from papers.model.rotation import Rotation, build_rotation
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
class TermsOfReference:
    """The Terms of Reference of the forum."""

    title: str
    sections: list[Section]
    file: str

    @property
    def files(self) -> list[str]:
        """The inputs that they were read from."""
        return [self.file, *(section.file for section in self.sections)]


@dataclass
class Model:
    """All facts of a forum. A part without inputs is None or empty."""

    config: Config
    forum: ForumFile
    register: Economies
    meetings: list[Meeting] = field(default_factory=list)
    plans: dict[str, Plan] = field(default_factory=dict)  # by name of their folder
    editions: dict[int, Edition] = field(default_factory=dict)  # of the schedule, by year
    workplans: dict[int, WorkPlan] = field(default_factory=dict)  # by year
    terms: TermsOfReference | None = None
    rotation: Rotation | None = None
    pages: dict[str, ContentsPages] = field(default_factory=dict)  # by number of the paper
    indicators: Indicators = field(default_factory=lambda: Indicators(Economies([]), [], [], None))
    recommendations: dict[str, Recommendations] = field(default_factory=dict)  # by name: mid-term-review-2018
    sessions: dict[str, ProposalSession] = field(default_factory=dict)  # by name: 2018-1
    ledger: Ledger = field(default_factory=Ledger)
    rules: CheckRules = field(default_factory=CheckRules)  # for the checks of finished papers
    corrections: Corrections = field(default_factory=Corrections)  # of issued papers
    received: list[str] = field(default_factory=list)  # all files in the folder received/
    narratives: dict[str, dict[str, Section]] = field(default_factory=dict)  # folder -> name -> section
    files: list[str] = field(default_factory=list)  # inputs of every paper
    notices: list[str] = field(default_factory=list)  # for the user, at the end of the build
    unread: Unread = field(default_factory=Unread)  # what a reference may name that is not in the model

    def as_of(self, paper: Paper) -> Model:
        """Return the model as of the day when a paper was written, with the returns dated until that day.

        The day is the paper's `as_of`, or the first day of its meeting; later returns are for later papers.
        """
        day = paper.as_of or self.meeting_of(paper).start
        earlier = self.indicators.received_by(day) if day else self.indicators
        return self if earlier is self.indicators else dataclasses.replace(self, indicators=earlier)

    @property
    def chosen(self) -> list[Meeting]:
        """The meetings whose papers config.yaml asks for."""
        codes = self.config.meetings
        return [meeting for meeting in self.meetings if codes == "all" or meeting.code in codes]

    def meeting_of(self, paper: Paper) -> Meeting:
        """Return the meeting at which a paper is tabled."""
        same, meeting = self._meeting_by_id.get(id(paper), (None, None))
        return meeting if meeting and same is paper else next(m for m in self.meetings if paper in m.papers)

    @cached_property
    def _meeting_by_id(self) -> dict[int, tuple[Paper, Meeting]]:
        """Paper and meeting by the paper's identity: comparing papers would take quadratic time."""
        return {id(paper): (paper, meeting) for meeting in self.meetings for paper in meeting.papers}


def build_model(inputs: Inputs, config: Config, problems: Problems) -> Model | None:
    """Return the model of all inputs; None where economies, hosts or forum could not be read.

    Problems are added to `problems`, all of them. A reference to an input that could not be read is not
    reported, see `Unread`.
    """
    if not (inputs.economies and inputs.hosts and inputs.forum):
        return None
    register = Economies.of(inputs.economies, problems)
    model = Model(config, inputs.forum.form, register, unread=inputs.unread)
    for year, host in inputs.hosts.form.hosts.items():
        model.register.find(host, inputs.hosts.place("hosts", str(year)), problems)
    model.rules = build_check_rules(inputs.check_rules, problems)
    model.files = [inputs.economies.name, inputs.hosts.name, inputs.forum.name]
    plans = {name: build_plan(name, folder, model.unread, problems) for name, folder in inputs.plans.items()}
    model.plans = {name: plan for name, plan in plans.items() if plan}
    _add_schedule(inputs, model, problems)
    model.terms = _terms(inputs, problems)
    model.narratives = inputs.narratives
    hosts = inputs.hosts.form.hosts
    _add_meetings(inputs, model, hosts, problems)
    _add_reports(inputs, model, hosts, problems)
    return model


def _add_schedule(inputs: Inputs, model: Model, problems: Problems) -> None:
    """Add the editions of the schedule."""
    reader = ScheduleReader(model.register, model.plans.values(), _has_all_areas(model), problems)
    for year, rows in inputs.schedules.items():
        model.editions[year] = reader.edition(year, inputs.schedule_files[year], rows, model.unread)
        model.editions[year].section = inputs.schedule_sections.get(year)
    for section in inputs.schedule_sections.values():
        check_facts(section, {}, (), problems)
    check_editions(model.editions.values(), model.unread, problems)


def _add_meetings(inputs: Inputs, model: Model, hosts: dict[int, str], problems: Problems) -> None:
    """Add the meetings with their papers, what was issued of them, and the pages of tables of contents."""
    reader = MeetingReader(model.forum, model.register, hosts, model.unread, problems, inputs.received)
    model.received = inputs.received
    model.meetings = _meetings(reader, inputs, problems)
    check_unique(model.meetings, problems)
    model.ledger = _ledger(inputs, model, problems)
    model.corrections = _corrections(inputs, model, problems)
    papers = (paper for meeting in model.chosen for paper in meeting.papers)
    model.notices += [late_notice(str(paper.number), paper.late) for paper in papers if paper.late]
    numbers = {str(paper.number) for meeting in model.meetings for paper in meeting.papers}
    model.pages = build_contents_pages(inputs.pages, numbers, model.notices, problems)
    _check_chosen(model, problems)


def _add_reports(inputs: Inputs, model: Model, hosts: dict[int, str], problems: Problems) -> None:
    """Add what papers report on: work plans, rotation, sessions of proposals, indicators, recommendations."""
    plans, unread = model.plans.values(), model.unread
    workplans = WorkPlanReader(plans, model.editions, model.meetings, unread, problems)
    found = [workplans.workplan(document) for document in inputs.workplans]
    model.workplans = {plan.year: plan for plan in found if plan}
    if inputs.rotation:
        model.rotation = build_rotation(inputs.rotation, model.register, hosts, problems)
        if model.rotation is None:
            unread.add("rotation")
    sessions = ProposalReader(model.register, plans, _has_all_areas(model), problems)
    model.sessions = {book.session: sessions.session(book, unread) for book in inputs.projects}
    model.indicators = _indicators(inputs, model, problems)
    verbs, activities = model.config.recommendation_verbs, _activity_ids(model)
    documents = inputs.recommendations
    model.recommendations = build_recommendations(documents, verbs, activities, unread, problems)


def _terms(inputs: Inputs, problems: Problems) -> TermsOfReference | None:
    if inputs.terms is None:
        return None
    before = len(problems.found)
    for section in inputs.terms.sections:
        check_facts(section, {}, (), problems)
    if len(problems.found) > before:
        inputs.unread.add("terms")
    return TermsOfReference(inputs.terms.data.form.title, inputs.terms.sections, inputs.terms.data.name)


def _meetings(reader: MeetingReader, inputs: Inputs, problems: Problems) -> list[Meeting]:
    """Return the meetings, their papers completed from the list of tablings."""
    documents = with_tablings(inputs.meetings, inputs.tabling, inputs.unread, problems)
    meetings, also = [reader.meeting(document) for document in documents], also_tabled(inputs.tabling)
    for meeting in meetings:
        meeting.papers = [replace(p, also_tabled=also.get(str(p.number), ())) for p in meeting.papers]
    return meetings


def _ledger(inputs: Inputs, model: Model, problems: Problems) -> Ledger:
    """Return the ledger, after a check that today's papers agree with what was issued."""
    if inputs.ledger is None:
        return Ledger()
    before = len(problems.found)
    ledger = ledger_of(inputs.ledger, problems)
    if not inputs.ledger.complete or len(problems.found) > before:
        model.unread.add("ledger")
    check_issued(model.meetings, ledger, model.config.forum, model.unread, problems)
    return ledger


def _corrections(inputs: Inputs, model: Model, problems: Problems) -> Corrections:
    """Return the corrections; none if the ledger could not be read, as every paper would seem unknown."""
    if inputs.corrections is None or model.unread.any("ledger"):
        return Corrections()
    return build_corrections(inputs.corrections, model.ledger, model.register, problems)


def _indicators(inputs: Inputs, model: Model, problems: Problems) -> Indicators:
    """Return all figures."""
    if not inputs.returns:
        return Indicators(model.register, [], [], None)
    activities, unread, limits = _activity_ids(model), model.unread, model.config.doubles
    reader = ReturnReader(model.register, model.plans.values(), activities, unread, problems)
    returns = reader.returns(inputs.returns)
    indicators = build_indicators(returns, inputs.returns, model.register, limits, unread, problems)
    model.notices += indicators.notices
    return indicators


def _activity_ids(model: Model) -> set[str]:
    """Return the IDs of all editions that could be read."""
    return {activity.id for edition in model.editions.values() for activity in edition.activities}


def _has_all_areas(model: Model) -> bool:
    """Return whether the model has the priority areas of every plan; one that has a problem may have them."""
    return model.unread.names("plan") <= model.plans.keys()


def _check_chosen(model: Model, problems: Problems) -> None:
    """Report meetings that config.yaml asks for and that do not exist."""
    if model.config.meetings == "all":
        return
    codes = [meeting.code for meeting in model.meetings]
    for code in model.config.meetings:
        unread = model.unread.has("meeting", code)
        check_known(code, codes, model.config.place("meetings"), "meeting", unread, problems)


_PLAIN = (str, int, float, bool, type(None))


def as_data(value: Any) -> Any:
    """Return a value of the model as plain data for model.json: dates as ISO text, numbers as printed."""
    if type(value) in _PLAIN:  # first, as most values are; this saves a third of the time
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
