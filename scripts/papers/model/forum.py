"""The model of a forum: what all its inputs mean, as typed objects that were checked against each other.

build_model turns what papers.inputs read into a Model. The text of every paper is written from the model
alone.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from papers.inputs.kind_files import KindFiles
from papers.inputs.plan_folder import RETURNS
from papers.inputs.unread import Unread
from papers.ledger.rules import Ledger, ledger_of
from papers.model import known
from papers.model.agreement import disagreements
from papers.model.carry_over import build_carry_over
from papers.model.check_rules import CheckRules, build_check_rules
from papers.model.contents_pages import ContentsPages, build_contents_pages
from papers.model.corrections import Corrections, build_corrections
from papers.model.documents import PaperDocument, build_documents
from papers.model.economies import Economies
from papers.model.figures import as_number
from papers.model.issued import check_issued
from papers.model.meetings import Meeting, MeetingReader, Paper, check_unique, unusual_numbers
from papers.model.period import CarryOver, Period, add_reports, build_period
from papers.model.plan import check_facts
from papers.model.recommendations import Recommendations, build_recommendations
from papers.model.records import Record, build_records
from papers.model.references import check_known
from papers.model.rotation import Rotation, build_rotation
from papers.model.tabling import also_tabled, with_tablings
from papers.numbers import DocumentNumber, ProjectNumber
from papers.problems import Place, Problems

if TYPE_CHECKING:
    from collections.abc import Set

    from papers.inputs.config import Config
    from papers.inputs.folder import Inputs
    from papers.inputs.markdown import Section
    from papers.inputs.organisation import Organisation
    from papers.inputs.schemas import ForumFile, HostsFile
    from papers.inputs.settings import ScheduleTable, SettingsFile
    from papers.inputs.yaml import Document
    from papers.model.indicators import Indicators
    from papers.model.plan import Plan
    from papers.model.ranking import ProposalSession
    from papers.model.schedule import Edition
    from papers.model.workplan import WorkPlan
    from papers.numbers import Grammar


@dataclass
class TermsOfReference:
    """The Terms of Reference of the forum."""

    title: str
    sections: list[Section]
    file: str

    @property
    def files(self) -> list[str]:
        """The inputs that they were read from."""
        return [self.file, *(file for section in self.sections for file in section.files)]


@dataclass
class Model:
    """All facts of a forum. A part without inputs is None or empty.

    What belongs to a plan is in `periods`. A paper sees it through its own plan: `as_seen_by` sets `period`, from
    which `editions` and the other properties are read.
    """

    config: Config
    organisation: Organisation
    forum: ForumFile
    settings: SettingsFile
    register: Economies
    ledger: Ledger
    kind_files: KindFiles = field(default_factory=KindFiles)
    meetings: list[Meeting] = field(default_factory=list)
    periods: dict[str, Period] = field(default_factory=dict)  # by name of the plan's folder
    period: Period | None = None  # that of the paper by which the model is seen
    day: datetime.date | None = None  # that of this paper, if the model is as known on that day
    terms: TermsOfReference | None = None
    rotation: Rotation | None = None
    pages: dict[str, ContentsPages] = field(default_factory=dict)  # by number of the paper
    recommendations: dict[str, Recommendations] = field(default_factory=dict)  # by name: mid-term-review-2018
    documents: dict[str, PaperDocument] = field(default_factory=dict)  # by id
    records: dict[str, Record] = field(default_factory=dict)  # by code of the meeting
    rules: CheckRules = field(default_factory=CheckRules)  # for the checks of finished papers
    corrections: Corrections = field(default_factory=Corrections)  # of issued papers
    received: list[str] = field(default_factory=list)  # all files in the folder received/
    set_aside: list[str] = field(
        default_factory=list
    )  # those of them that are set aside, below the forum's folder
    # File that a paper names -> its digest as intake read it.
    received_digests: dict[str, str] = field(default_factory=dict)
    # Number of a paper -> the warnings about its file that nobody accepted.
    held_back: dict[str, list[str]] = field(default_factory=dict)
    narratives: dict[str, dict[str, Section]] = field(default_factory=dict)  # folder -> name -> section
    files: list[str] = field(default_factory=list)  # inputs of every paper
    restated: list[str] = field(
        default_factory=list
    )  # files of sections in other words than the endorsed text
    notices: list[str] = field(default_factory=list)  # for the user, at the end of the build
    unread: Unread = field(default_factory=Unread)  # what a reference may name that is not in the model

    def __post_init__(self) -> None:
        # By identity, as comparing papers would take quadratic time; shared by all views of a model.
        self._meetings: dict[int, tuple[Paper, Meeting]] = {}

    @property
    def grammar(self) -> Grammar:
        """What document numbers look like."""
        return self.organisation.grammar

    @property
    def plans(self) -> dict[str, Plan]:
        """The plans that could be read, by name of their folders."""
        return {name: period.plan for name, period in self.periods.items() if period.plan}

    @property
    def plan(self) -> Plan | None:
        """The paper's plan."""
        return self._own_period.plan

    @property
    def schedule_table(self) -> ScheduleTable:
        """The columns of the schedule, of the paper's plan."""
        return self._own_period.schedule_table

    @property
    def editions(self) -> dict[str, Edition]:
        """The editions of the schedule by name, such as 2017 or 2017-06, of the paper's plan."""
        return self._own_period.editions

    @property
    def carry_over(self) -> CarryOver | None:
        """What the paper's plan takes over from the plan before."""
        return self._own_period.carry_over

    @property
    def workplans(self) -> dict[str, WorkPlan]:
        """The work plans by the names of their files, such as 2017, of the paper's plan."""
        return self._own_period.workplans

    @property
    def sessions(self) -> dict[str, ProposalSession]:
        """The sessions of proposals by name, such as 2018-1, of the paper's plan."""
        return self._own_period.sessions

    @property
    def indicators(self) -> Indicators:
        """The indicators of the paper's plan."""
        return self._own_period.indicators

    @property
    def indicators_folder(self) -> str:
        """The folder of the returns, of the paper's plan."""
        return f"{self._own_period.base}/{RETURNS}"

    @property
    def _own_period(self) -> Period:
        if self.period is None:
            raise AssertionError("the model is not seen by a paper: call as_seen_by first")
        return self.period

    def as_seen_by(self, paper: Paper) -> Model:
        """Return the model as a paper sees it: through its plan, or with no plan if its entry names none."""
        return self._with(self.periods.get(paper.plan) or Period("", unread=self.unread))

    def _with(self, period: Period) -> Model:
        view = replace(self, period=period, unread=period.unread)
        view._meetings = self._meetings
        return view

    def as_of(self, paper: Paper) -> Model:
        """Return the model as a paper sees it on its day: through its plan, without what came later; see known.py."""
        seen = self if self.period else self.as_seen_by(paper)
        day = known.day_of(paper, self.meeting_of(paper))
        if day is None:
            return seen
        period = replace(seen._own_period, indicators=seen.indicators.received_by(day))
        view = replace(seen, day=day, period=period)
        view._meetings = self._meetings
        return view

    @property
    def held(self) -> list[Meeting]:
        """The meetings that had begun by the day of the paper by which the model is seen."""
        return known.meetings_on(self.meetings, self.day)

    @property
    def chosen(self) -> list[Meeting]:
        """The meetings whose papers config.yaml asks for."""
        codes = self.config.meetings
        return [meeting for meeting in self.meetings if codes == "all" or meeting.code in codes]

    def meeting_of(self, paper: Paper) -> Meeting:
        """Return the meeting at which a paper is tabled."""
        if not self._meetings:
            self._meetings |= {id(p): (p, meeting) for meeting in self.meetings for p in meeting.papers}
        same, meeting = self._meetings.get(id(paper), (None, None))
        return meeting if meeting and same is paper else next(m for m in self.meetings if paper in m.papers)


def build_model(inputs: Inputs, config: Config, problems: Problems) -> Model | None:
    """Return the model; None where organisation, economies, hosts, forum or settings could not be read.

    Problems are added to `problems`, all of them. A reference to an input that could not be read is not
    reported, see `Unread`.
    """
    organisation = inputs.organisation
    if not (organisation and inputs.economies and inputs.forum and inputs.settings) or (
        organisation.form.hosts and not inputs.hosts
    ):
        return None
    register = Economies.of(inputs.economies, organisation, problems)
    register.add_other_names(inputs.other_names, inputs.check_rules.nomenclature, problems)
    ledger = Ledger(organisation.grammar)  # completed below
    own = inputs.forum.form, inputs.settings, register, ledger, inputs.kinds
    model = Model(config, organisation, *own, unread=inputs.unread)
    _check_hosts(inputs.hosts, register, problems)
    model.rules = build_check_rules(inputs.check_rules, problems)
    shared = (organisation.document, inputs.economies, inputs.hosts, inputs.forum)
    model.files = [document.name for document in shared if document]
    model.files += [inputs.settings_file] if inputs.settings_file else []
    model.periods = {
        name: build_period(folder, register, inputs.settings, problems)
        for name, folder in inputs.plans.items()
    }
    model.notices += [plan.notice for plan in inputs.unfinished.values()]
    _add_carry_overs(inputs, model, problems)
    model.terms = _terms(inputs, problems)
    model.narratives = inputs.narratives
    model.restated = sorted(section.file for section in inputs.sections if section.restated)
    hosts = inputs.hosts.form.hosts if inputs.hosts else {}
    _add_meetings(inputs, model, hosts, problems)
    _add_reports(inputs, model, hosts, problems)
    return model


def _check_hosts(document: Document[HostsFile] | None, register: Economies, problems: Problems) -> None:
    if document is None:
        return
    for year, host in document.form.hosts.items():
        register.find(host, document.place("hosts", str(year)), problems)


def _add_carry_overs(inputs: Inputs, model: Model, problems: Problems) -> None:
    """Add what each plan takes over from another one."""
    for name, folder in inputs.plans.items():
        if folder.carry_over:
            carry_over = build_carry_over(folder.carry_over, name, model.periods, problems)
            model.periods[name].carry_over = carry_over
            model.notices += carry_over.notices if carry_over else []


def _add_meetings(inputs: Inputs, model: Model, hosts: dict[int, str], problems: Problems) -> None:
    """Add the meetings with their papers, what was issued of them, and the pages of tables of contents."""
    reader = MeetingReader(
        model.forum, model.organisation, model.register, hosts, model.unread, problems, inputs.received
    )
    reader.kinds, reader.plans = inputs.kinds, model.plans
    model.received = inputs.received
    model.meetings = _meetings(reader, inputs, problems)
    _note_set_aside(model, inputs)
    check_unique(model.meetings, problems)
    model.ledger = _ledger(inputs, model, problems)
    model.corrections = _corrections(inputs, model, problems)
    model.notices += unusual_numbers(model.chosen, model.grammar)
    numbers = {str(paper.number) for meeting in model.meetings for paper in meeting.papers}
    model.pages = build_contents_pages(inputs.pages, numbers, model.notices, problems)
    _check_chosen(model, inputs.meetings_of_others, problems)


def _note_set_aside(model: Model, inputs: Inputs) -> None:
    """Add the received files that are set aside, and a notice of each."""
    for document in inputs.meetings:
        for index, one in enumerate(document.form.set_aside):
            model.set_aside.append(one.file)
            model.notices.append(
                f"{document.place('set_aside', index, 'file')}: found {one.file} set aside ({one.why}); its paper is "
                "listed and not made. Delete the entry when another file is in its place."
            )


def _add_reports(inputs: Inputs, model: Model, hosts: dict[int, str], problems: Problems) -> None:
    """Add what papers report on: the reports of each plan, the rotation, recommendations."""
    for name, period in model.periods.items():
        add_reports(period, inputs.plans[name], model.meetings, model.register, model.settings, problems)
        model.notices += [*period.indicators.notices, *disagreements(period, inputs.plans[name])]
    if inputs.rotation:
        model.rotation = build_rotation(inputs.rotation, model.register, hosts, problems)
        if model.rotation is None:
            model.unread.add("rotation")
    model.documents = build_documents(inputs.documents, model.notices, model.unread, problems)
    model.records = build_records(inputs.records, model.meetings, model.register, model.unread, problems)
    verbs, documents = model.settings.recommendation_verbs, inputs.recommendations
    activities = {activity for period in model.periods.values() for activity in period.activity_ids}
    model.recommendations = build_recommendations(documents, verbs, activities, model.unread, problems)


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
        return Ledger(model.grammar)
    before = len(problems.found)
    ledger = ledger_of(inputs.ledger, model.grammar, problems)
    ledger.others, ledger.drafts = inputs.numbers_of_others, inputs.drafts_of_others
    if not inputs.ledger.complete or len(problems.found) > before:
        model.unread.add("ledger")
    check_issued(model.meetings, ledger, model.config.forum, model.unread, problems)
    return ledger


def _corrections(inputs: Inputs, model: Model, problems: Problems) -> Corrections:
    """Return the corrections; none if the ledger could not be read, as every paper would seem unknown."""
    if inputs.corrections is None or model.unread.any("ledger"):
        return Corrections()
    return build_corrections(inputs.corrections, model.ledger, model.register, problems)


def _check_chosen(model: Model, of_others: Set[str], problems: Problems) -> None:
    """Report meetings that config.yaml asks for and that no forum has."""
    if model.config.meetings == "all":
        return
    codes = [meeting.code for meeting in model.meetings]
    for code in (code for code in model.config.meetings if code not in of_others):
        unread = model.unread.has("meeting", code)
        check_known(code, codes, model.config.place("meetings"), "meeting", unread, problems)


_PLAIN = (str, int, float, bool, type(None))


def as_data(value: Any) -> Any:
    """Return a value of the model as plain data for model.json: dates as ISO text, numbers as printed."""
    if type(value) in _PLAIN:  # first, as most values are; this saves a third of the time
        return value
    if isinstance(value, (DocumentNumber, ProjectNumber, Place, datetime.date)):
        return str(value)
    if isinstance(value, (Fraction, Decimal)):
        return as_number(value)
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
