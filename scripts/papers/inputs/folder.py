"""Everything that a forum's folder holds, read: the only place that knows which file lies where.

Names of files are told relative to the project's folder, with forward slashes, on every system.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from papers.inputs import config, schemas
from papers.inputs.markdown import Section, read_paragraph, read_section
from papers.inputs.schemas import (
    CheckRuleFiles,
    RecommendationsFile,
    RotationFile,
    WorkPlanFile,
    read_check_rules,
)
from papers.inputs.workbooks import ProjectsBook, ReturnsFolder, read_projects, read_returns
from papers.inputs.xlsx import Column, Row, read_sheet
from papers.inputs.yaml import Document, read_yaml
from papers.ledger.corrections import CorrectionsFile, read_corrections
from papers.ledger.file import LedgerFile, read_ledger
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.store.contexts import RECEIVED

_STRANGE = {".yaml": (".yml", ".json", ".txt"), ".xlsx": (".xls", ".xlsm", ".xlsb", ".csv", ".ods")}
SCHEDULE_SHEET, SCHEDULE_BESIDE = "Schedule", ("Lists", "Notes")


@dataclass
class PlanFolder:
    """A plan as read: its data, its paragraphs of data as runs (by name), its sections and the appendix."""

    data: Document[schemas.PlanFile]
    paragraphs: dict[str, list] = field(default_factory=dict)
    factors: list[list] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    appendix: Section | None = None


@dataclass
class TermsFolder:
    data: Document[schemas.TermsFile]
    sections: list[Section]


@dataclass
class Inputs:
    """The inputs of one forum. What could not be read is absent, and `problems` says why."""

    economies: Document[schemas.EconomiesFile] | None = None
    hosts: Document[schemas.HostsFile] | None = None
    house_rules: CheckRuleFiles = field(default_factory=CheckRuleFiles)
    forum: Document[schemas.ForumFile] | None = None
    meetings: list[Document[schemas.MeetingFile]] = field(default_factory=list)
    plans: dict[str, PlanFolder] = field(default_factory=dict)
    terms: TermsFolder | None = None
    schedules: dict[int, list[Row]] = field(default_factory=dict)
    schedule_files: dict[int, str] = field(default_factory=dict)
    schedule_sections: dict[int, Section] = field(default_factory=dict)
    workplans: list[Document[WorkPlanFile]] = field(default_factory=list)
    narratives: dict[str, dict[str, Section]] = field(default_factory=dict)
    rotation: Document[RotationFile] | None = None
    pages: list[Document[schemas.PagesFile]] = field(default_factory=list)
    projects: list[ProjectsBook] = field(default_factory=list)
    returns: ReturnsFolder | None = None
    recommendations: list[Document[RecommendationsFile]] = field(default_factory=list)
    ledger: LedgerFile | None = None
    corrections: CorrectionsFile | None = None
    tabling: Document[schemas.TablingFile] | None = None
    received: list[str] = field(default_factory=list)  # files that others sent in; not opened here


def schedule_layout(titles: config.ScheduleColumns) -> dict[str, Column]:
    """The columns of a schedule workbook under the titles that config.yaml gives them."""
    kinds = {"first_year": "year", "last_year": "year"}
    optional = {"project_number", "remarks"}
    return {
        field: Column(title, kinds.get(field, "text"), field in optional, "config.yaml (schedule_columns)")
        for field, title in titles.model_dump().items()
    }


def read_inputs(root: Path, config: config.Config, problems: Problems, proven: str = "") -> Inputs:
    """All inputs of the configured forum below `root`/inputs; problems are collected, never raised.

    `proven` is the digest of a ledger whose chain was followed before.
    """
    return _Folder(root, config, problems, proven).read()


class _Folder:
    def __init__(self, root: Path, config: config.Config, problems: Problems, proven: str = ""):
        self.root, self.config, self.problems, self.proven = root, config, problems, proven
        self.forum = f"inputs/{config.forum}"

    def read(self) -> Inputs:
        shared, own = self.form, lambda name, form: self.form(f"{self.forum}/{name}", form)
        if not (self.root / self.forum).is_dir():
            self._no_forum()
            return Inputs()
        inputs = Inputs(
            economies=shared("inputs/apec/economies.yaml", schemas.EconomiesFile),
            hosts=shared("inputs/apec/hosts.yaml", schemas.HostsFile),
            house_rules=read_check_rules(self.root, self.config.forum, self.problems),
            forum=own("forum.yaml", schemas.ForumFile),
        )
        self._check_named(inputs.forum)
        self._no_strangers("meetings", ".yaml")
        self._no_strangers("schedule", ".xlsx")
        self._no_strangers("workplan", ".yaml")
        self._no_strangers("pages", ".yaml")
        self._no_strangers("recommendations", ".yaml")
        inputs.meetings = self._each("meetings", "*.yaml", lambda name: self.form(name, schemas.MeetingFile))
        folders = self._names("", "plan-*/plan.yaml")
        inputs.plans = {name.split("/")[-2]: plan for name in folders if (plan := self._plan(name))}
        if (self.root / self.forum / "terms-of-reference").is_dir():
            inputs.terms = self._terms(f"{self.forum}/terms-of-reference")
        inputs.narratives = self._narratives()
        if (self.root / self.forum / "rotation.yaml").is_file():
            inputs.rotation = own("rotation.yaml", RotationFile)
        inputs.projects = self._projects()
        inputs.pages = self._each("pages", "*.yaml", lambda name: self.form(name, schemas.PagesFile))
        inputs.returns = read_returns(self.root, f"{self.forum}/indicators", self.problems)
        if (self.root / self.forum / "tabling.yaml").is_file():
            inputs.tabling = own("tabling.yaml", schemas.TablingFile)
        inputs.received = [name for name in self._names(RECEIVED, "**/*") if self._is_paper(name)]
        inputs.ledger = read_ledger(self.root, self.config.forum, self.problems, self.proven)
        inputs.corrections = read_corrections(self.root, self.config.forum, self.problems)
        self._schedules(inputs)
        self._schedule_sections(inputs)
        inputs.workplans = self._each("workplan", "*.yaml", lambda name: self.form(name, WorkPlanFile))
        inputs.recommendations = self._each(
            "recommendations", "*.yaml", lambda name: self.form(name, RecommendationsFile)
        )
        return inputs

    def _no_forum(self) -> None:
        known = [p.parent.name for p in sorted((self.root / "inputs").glob("*/forum.yaml"))]
        todo = did_you_mean(self.config.forum, known, "Add the folder, or correct the name in config.yaml.")
        found = f'the forum "{self.config.forum}"'
        expected = "a folder of inputs: " + ", ".join(known)
        self.problems.add(Place("config.yaml", key="forum"), "no-forum", found, expected, todo)

    def _check_named(self, forum: Document[schemas.ForumFile] | None) -> None:
        """A misspelt name in forum.yaml would leave figures without their mark, or covers without the logo."""
        if forum is None:
            return
        named = [
            (f"{self.forum}/{file}", ("illustrative", n)) for n, file in enumerate(forum.form.illustrative)
        ]
        named += [(f"inputs/{forum.form.logo}", ("logo",))] if forum.form.logo else []
        for name, keys in named:
            if not (self.root / name).exists():
                expected, todo = "a file or folder that is there", "Correct the name, or delete the line."
                self.problems.add(forum.place(*keys), "no-file", quoted(name), expected, todo)

    def form(self, name: str, form: type) -> Document | None:
        return read_yaml(self.root / name, name, form, self.problems)

    def _names(self, folder: str, pattern: str) -> list[str]:
        base = self.root / self.forum / folder
        return sorted(path.relative_to(self.root).as_posix() for path in base.glob(pattern))

    def _each(self, folder: str, pattern: str, read: Callable) -> list:
        return [found for name in self._names(folder, pattern) if (found := read(name)) is not None]

    def _plan(self, name: str) -> PlanFolder | None:
        data = self.form(name, schemas.PlanFile)
        if data is None:
            return None
        plan, base = PlanFolder(data), name.rsplit("/", 1)[0]
        for key in ("vision", "mission"):
            plan.paragraphs[key] = read_paragraph(getattr(data.form, key), data.place(key), self.problems)
        plan.factors = [
            read_paragraph(words, data.place("critical_success_factors", index), self.problems)
            for index, words in enumerate(data.form.critical_success_factors)
        ]
        plan.sections = self._sections(base, data.form.sections)
        plan.appendix = read_section(
            self.root / base / data.form.appendix, f"{base}/{data.form.appendix}", self.problems
        )
        self._no_strays(base, [*data.form.sections, data.form.appendix], data)
        return plan

    def _terms(self, base: str) -> TermsFolder | None:
        data = self.form(f"{base}/terms.yaml", schemas.TermsFile)
        if data is None:
            return None
        self._no_strays(base, data.form.sections, data)
        return TermsFolder(data, self._sections(base, data.form.sections))

    def _sections(self, base: str, files: list[str]) -> list[Section]:
        read = [read_section(self.root / base / file, f"{base}/{file}", self.problems) for file in files]
        return [section for section in read if section is not None]

    def _no_strays(self, base: str, listed: list[str], data: Document) -> None:
        """A section that no list names would be left out in silence."""
        for path in sorted((self.root / base).rglob("*.md")):
            name = path.relative_to(self.root / base).as_posix()
            if name not in listed:
                found = "a section that is not listed"
                todo = "List it there, or move it out of the folder."
                expected = f"it under sections in {data.name}"
                self.problems.add(Place(f"{base}/{name}"), "stray-section", found, expected, todo)

    def _narratives(self) -> dict[str, dict[str, Section]]:
        """narrative/<folder>/<section>.md -> folder -> section -> its text."""
        found: dict[str, dict[str, Section]] = {}
        for name in self._names("narrative", "*/*.md"):
            section = read_section(self.root / name, name, self.problems)
            if section is not None:
                folder, stem = name.removesuffix(".md").split("/")[-2:]
                found.setdefault(folder, {})[stem] = section
        return found

    def _projects(self) -> list[ProjectsBook]:
        """projects/<session>.xlsx; Excel's own locks are told with the workbook beside them."""
        self._no_strangers("projects", ".xlsx")
        books = []
        for name in self._names("projects", "*.xlsx"):
            session = name.rsplit("/", 1)[1].removesuffix(".xlsx")
            if re.fullmatch(r"[0-9]{4}-[0-9]", session):
                books.append(read_projects(self.root / name, name, session, self.problems))
            elif not session.startswith("~$"):
                found, expected = (
                    f'the name "{session}.xlsx"',
                    "year and number of the session, as in 2018-1.xlsx",
                )
                self.problems.add(Place(name), "file-name", found, expected, "Rename the file.")
        return books

    def _is_paper(self, name: str) -> bool:
        """Not a folder, nor what systems and Office leave beside the files of people."""
        own = name.rsplit("/", 1)[1].startswith((".", "~$")) or name.endswith("/Thumbs.db")
        return not own and (self.root / name).is_file()

    def _no_strangers(self, folder: str, suffix: str) -> None:
        """A file of another type, such as .yml or .xls, would be passed over in silence."""
        base = self.root / self.forum / folder
        for path in sorted(base.iterdir()) if base.is_dir() else ():
            strange = path.suffix.lower() in _STRANGE[suffix] or path.suffix != path.suffix.lower()
            if strange and not path.name.startswith((".", "~$")):
                place, todo = (
                    Place(path.relative_to(self.root).as_posix()),
                    "Save it as such, or move it away.",
                )
                problem = f"a file of the type {path.suffix}", f"files of the type {suffix}"
                self.problems.add(place, "file-type", *problem, todo)

    def _schedules(self, inputs: Inputs) -> None:
        layout = schedule_layout(self.config.schedule_columns)
        for name in self._names("schedule", "*.xlsx"):
            stem = name.rsplit("/", 1)[1].removesuffix(".xlsx")
            if stem.startswith("~$"):
                continue  # Excel's own lock; the workbook beside it tells
            if not re.fullmatch("[0-9]{4}", stem):
                found, expected = f'the name "{stem}.xlsx"', "the year of the edition, such as 2017.xlsx"
                self.problems.add(Place(name), "file-name", found, expected, "Rename the file.")
                continue
            inputs.schedule_files[int(stem)] = name
            inputs.schedules[int(stem)] = read_sheet(
                self.root / name, name, SCHEDULE_SHEET, layout, SCHEDULE_BESIDE, self.problems
            )

    def _schedule_sections(self, inputs: Inputs) -> None:
        """schedule/<year>.md: the heading over the table of that edition, with its footnote."""
        for name in self._names("schedule", "*.md"):
            stem = name.rsplit("/", 1)[1].removesuffix(".md")
            if stem not in (str(year) for year in inputs.schedule_files):
                found, expected = (
                    f'the name "{stem}.md"',
                    "the year of an edition, such as 2017.md beside 2017.xlsx",
                )
                self.problems.add(
                    Place(name), "stray-section", found, expected, "Rename the file, or take it out."
                )
            elif section := read_section(self.root / name, name, self.problems):
                inputs.schedule_sections[int(stem)] = section
