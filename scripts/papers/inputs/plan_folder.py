"""Read the folder of a plan: the plan itself, and everything that belongs to its years.

plan.yaml and the Markdown files that it lists; carry-over.yaml; phrases.yaml; schedule/<edition>.xlsx with schedule/<edition>.md;
workplan/<year>.yaml or workplan/<year>-<name>.yaml;
projects/<session>.xlsx; indicators/<year>/<economy>.xlsx.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papers.inputs import plan_schemas
from papers.inputs.folder_reader import FolderReader
from papers.inputs.kind_files import read_phrases
from papers.inputs.markdown import read_paragraph
from papers.inputs.plan_levels import DEFAULT_LEVELS, check_levels, plan_form, workplan_form
from papers.inputs.settings import (
    ScheduleTable,
    SettingsFile,
    check_names_once,
    note_statuses,
    schedule_table,
)
from papers.inputs.unread import Unread
from papers.inputs.workbooks import (
    SCHEDULE_SHEET,
    ProjectsBook,
    ReturnsFolder,
    SetAsideReturn,
    read_projects,
    read_returns,
)
from papers.inputs.xlsx import Row, read_sheet
from papers.inputs.xlsx_open import OTHER_SHEETS
from papers.inputs.yaml_nodes import TO_FILL_IN, TO_FILL_IN_KIND, load_yaml
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.store.files import read_bytes
from papers.store.template_folders import PHRASES

if TYPE_CHECKING:
    from pathlib import Path

    from papers.inputs.kind_files import PhrasesFile
    from papers.inputs.markdown import Section
    from papers.inputs.plan_levels import Levels
    from papers.inputs.plan_schemas import Level
    from papers.inputs.unread import What
    from papers.inputs.yaml import Document
    from papers.problems import Problem

PLAN_FILE, CARRY_OVER = "plan.yaml", "carry-over.yaml"
# Folders of a plan, with the type of their files.
DATA_FOLDERS: dict[str, tuple[str, What]] = {
    "schedule": (".xlsx", "schedule"),
    "workplan": (".yaml", "workplan"),
    "projects": (".xlsx", "session"),
}
RETURNS = "indicators"
_MOST_LINES = 20  # that are named of a plan that is not filled in
_EDITION = "[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?"  # the year, or the year and the month
_EDITION_NAME = "year or year and month of the edition, such as 2017.xlsx or 2017-06.xlsx"


@dataclass
class PlanDocuments:
    """A plan as read: its data, its paragraphs of data as runs (by name), its sections and the appendix."""

    data: Document[plan_schemas.PlanFile]
    paragraphs: dict[str, list] = field(default_factory=dict)
    factors: list[list] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    appendix: Section | None = None


@dataclass
class PlanFolder:
    """A plan's folder as read. What could not be read is absent or None, and is in `unread`.

    `base` is inputs/<forum>/<name>.
    """

    base: str
    unread: Unread
    plan: PlanDocuments | None = None
    schedule_table: ScheduleTable = field(default_factory=ScheduleTable)
    schedules: dict[str, list[Row] | None] = field(default_factory=dict)
    schedule_files: dict[str, str] = field(default_factory=dict)
    schedule_sections: dict[str, Section] = field(default_factory=dict)
    workplans: list[Document[plan_schemas.WorkPlanFile]] = field(default_factory=list)
    carry_over: Document[plan_schemas.CarryOverFile] | None = None
    phrases: Document[PhrasesFile] | None = None
    projects: list[ProjectsBook] = field(default_factory=list)
    returns: ReturnsFolder | None = None

    @property
    def name(self) -> str:
        """The name of the folder, which is the plan's id."""
        return self.base.rsplit("/", 1)[1]


@dataclass(frozen=True)
class UnfinishedPlan:
    """A plan that somebody still has to fill in, with each value that is to be written; no paper names it."""

    base: str
    problems: list[Problem]

    @property
    def notice(self) -> str:
        """What to say of it at the end of a build."""
        lines: dict[str, list[int]] = {}
        for problem in self.problems:
            lines.setdefault(problem.place.file, []).append(problem.place.line)
        files = (f"{file}, line{'s'[: len(at) - 1]} {_listed(at)}" for file, at in lines.items())
        return (
            f"{self.base}: found {TO_FILL_IN} in {'; '.join(files)}; expected a plan that is filled in. It is left out"
            " until then. All other plans are built."
        )


def _listed(lines: list[int]) -> str:
    more = f" and {len(lines) - _MOST_LINES} more" if len(lines) > _MOST_LINES else ""
    return ", ".join(map(str, lines[:_MOST_LINES])) + more


def find_unfinished(root: Path, base: str) -> UnfinishedPlan | None:
    """Return the plan of a folder if one of its YAML files has values that are to be filled in; None if none has."""
    found: list[Problem] = []
    for path in sorted((root / base).rglob("*.yaml")):
        if path.is_file() and TO_FILL_IN.encode() in read_bytes(path):
            problems = Problems()
            load_yaml(path, path.relative_to(root).as_posix(), problems)
            found += [problem for problem in problems.found if problem.kind == TO_FILL_IN_KIND]
    return UnfinishedPlan(base, found) if found else None


def read_plan_folder(
    root: Path,
    base: str,
    settings: Document[SettingsFile] | None,
    tables_known: bool,
    within: Unread,
    problems: Problems,
) -> PlanFolder:
    """Return everything in a plan's folder.

    `settings` are those of the forum, None where it has none; `tables_known` is False where they could not be
    read, so that the columns of its tables are unknown. Problems are added, never raised. What could not be read is added to the folder's own `unread` and to
    `within`, the forum's.
    """
    return _PlanReader(root, base, Unread(within), problems).read(settings, tables_known)


class _PlanReader(FolderReader):
    def read(self, settings: Document[SettingsFile] | None, tables_known: bool) -> PlanFolder:
        folder, before = PlanFolder(self.base, self.unread), len(self.problems.found)
        folder.plan = self._plan()
        if folder.plan is None or len(self.problems.found) > before:
            self.unread.add("plan", folder.name)
        for name, (suffix, what) in DATA_FOLDERS.items():
            self.check_types(name, suffix, what)
        table = self._schedule_table(folder, settings) if tables_known else None
        self._read_schedules(folder, table)
        self._read_schedule_sections(folder)
        folder.workplans = self.yaml_files("workplan", self._workplan_form(folder.plan), "workplan")
        folder.carry_over = self.optional_yaml(f"{self.base}/{CARRY_OVER}", plan_schemas.CarryOverFile)
        folder.phrases = read_phrases(self.root, f"{self.base}/{PHRASES}", self.problems)
        level = self._levels(folder.plan)[0]
        folder.projects = self._projects(level)
        base, has_areas = f"{self.base}/{RETURNS}", self._has_areas(folder)
        set_aside = self._set_aside(folder.plan)
        folder.returns = read_returns(
            self.root, base, self.unread, self.problems, has_areas, level, set_aside
        )
        return folder

    def _set_aside(self, plan: PlanDocuments | None) -> list[SetAsideReturn]:
        """Return the returns that plan.yaml sets aside; report those that there are not."""
        found, there = [], [name.removeprefix(f"{self.base}/") for name in self.names(RETURNS, "*/*.xlsx")]
        for index, entry in enumerate(plan.data.form.set_aside if plan else ()):
            place = plan.data.place("set_aside", index, "file") if plan else Place(self.base)
            match = re.fullmatch(rf"{RETURNS}/(([0-9]{{4}})/([a-z]{{2,4}})\.xlsx)", entry.file)
            if match is None or entry.file not in there:
                expected = (
                    f"a return of the plan, such as {there[0] if there else f'{RETURNS}/2018/per.xlsx'}"
                )
                todo = did_you_mean(entry.file, there, "Correct the path, or delete the entry.")
                self.problems.add(place, "set-aside", quoted(entry.file), expected, todo)
                continue
            name, year, code = match.groups()
            found.append(SetAsideReturn(name, int(year), code, entry.why, entry.received, place))
        return found

    def _levels(self, plan: PlanDocuments | None) -> Levels:
        """Return the levels of a plan; the usual ones where it could not be read."""
        return (tuple(plan.data.form.levels) if plan else ()) or DEFAULT_LEVELS

    def _has_areas(self, folder: PlanFolder) -> bool:
        """Return whether rows name priority areas: not in a plan that has none."""
        return folder.plan is None or bool(folder.plan.data.form.tree)

    def _plan(self) -> PlanDocuments | None:
        data = self.yaml(f"{self.base}/{PLAN_FILE}", plan_form)
        if data is None or not check_levels(data.form.levels, data.place, self.problems):
            return None
        note_statuses(data, data.form.statuses or ())
        check_names_once(data, "statuses", [one.name for one in data.form.statuses or ()], self.problems)
        plan = PlanDocuments(data)
        for key in ("vision", "mission"):
            if words := getattr(data.form, key):
                plan.paragraphs[key] = read_paragraph(words, data.place(key), self.problems)
        plan.factors = [
            read_paragraph(words, data.place("critical_success_factors", index), self.problems)
            for index, words in enumerate(data.form.critical_success_factors)
        ]
        plan.sections = self.sections(self.base, data.form.sections)
        listed = [*data.form.sections]
        if data.form.appendix:
            plan.appendix = self.section(f"{self.base}/{data.form.appendix}")
            listed.append(data.form.appendix)
        self.check_unlisted(self.base, listed, data, but=DATA_FOLDERS)
        return plan

    def _workplan_form(self, plan: PlanDocuments | None) -> type[plan_schemas.WorkPlanFile]:
        """Return the form of the work plans, whose keys are those of the plan's levels and columns."""
        if plan is None:
            return workplan_form(None)
        return workplan_form(self._levels(plan), plan.data.form.tables.work_plan)

    def _projects(self, level: Level) -> list[ProjectsBook]:
        """Return projects/<session>.xlsx; a lock of Excel, ~$x.xlsx, is reported when x.xlsx is read."""
        books = []
        for name in self.names("projects", "*.xlsx"):
            session = name.rsplit("/", 1)[1].removesuffix(".xlsx")
            if re.fullmatch(r"[0-9]{4}-[0-9]", session):
                books.append(read_projects(self.root / name, name, session, level, self.problems))
            elif not session.startswith("~$"):
                self.report_name(name, "year and number of the session, as in 2018-1.xlsx")
                self.add_unread("session", "[0-9]{4}-[0-9]", session)
        return books

    def _schedule_table(
        self, folder: PlanFolder, settings: Document[SettingsFile] | None
    ) -> ScheduleTable | None:
        """Return the columns of the schedule; None where they are unknown, as the file that declares them is unread."""
        if folder.plan is None and self._declares_tables():
            return None
        area = self._levels(folder.plan)[0].head
        return schedule_table(folder.plan.data if folder.plan else None, settings, area, self.problems)

    def _declares_tables(self) -> bool:
        """Return whether plan.yaml, which could not be read, seems to declare tables or statuses of its own."""
        path = self.root / self.base / PLAN_FILE
        return path.is_file() and re.search(rb"^(tables|statuses):", read_bytes(path), re.M) is not None

    def _read_schedules(self, folder: PlanFolder, table: ScheduleTable | None) -> None:
        """Read schedule/<edition>.xlsx, the editions of the schedule; none is read where `table` is unknown."""
        folder.schedule_table = table or folder.schedule_table
        columns = folder.schedule_table.columns(self._has_areas(folder))
        for name in self.names("schedule", "*.xlsx"):
            stem = name.rsplit("/", 1)[1].removesuffix(".xlsx")
            if stem.startswith("~$"):
                continue
            if not re.fullmatch(_EDITION, stem):
                self.report_name(name, _EDITION_NAME)
                self.add_unread("schedule", _EDITION, stem)
                continue
            folder.schedule_files[stem] = name
            folder.schedules[stem] = (
                read_sheet(self.root / name, name, SCHEDULE_SHEET, columns, OTHER_SHEETS, self.problems)
                if table
                else None
            )

    def _read_schedule_sections(self, folder: PlanFolder) -> None:
        """Read schedule/<edition>.md, the heading over the table of that edition, with its footnote."""
        for name in self.names("schedule", "*.md"):
            stem = name.rsplit("/", 1)[1].removesuffix(".md")
            if stem not in folder.schedule_files:
                expected = "the name of an edition, such as 2017.md for 2017.xlsx"
                if not self.unread.has("schedule", stem):
                    self.report_name(name, expected, "stray-section")
            elif section := self.section(name):
                folder.schedule_sections[stem] = section
