"""Read all inputs of a forum: the only module that knows which file is where.

Messages name files relative to the project's folder, with forward slashes, on every system.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papers.inputs import schemas
from papers.inputs.markdown import Section, read_paragraph, read_section
from papers.inputs.unread import Unread, What
from papers.inputs.workbooks import (
    SCHEDULE_SHEET,
    ProjectsBook,
    ReturnsFolder,
    read_projects,
    read_returns,
    schedule_columns,
)
from papers.inputs.xlsx import Row, read_sheet
from papers.inputs.xlsx_open import OTHER_SHEETS
from papers.inputs.yaml import Document, Form, read_yaml
from papers.ledger.corrections import CorrectionsFile, read_corrections
from papers.ledger.file import LedgerFile, read_ledger
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.store.work_files import RECEIVED

if TYPE_CHECKING:
    from pathlib import Path

    from papers.inputs.config import Config

# Types of files that may be mistaken for the expected one.
_MISTAKEN = {".yaml": (".yml", ".json", ".txt"), ".xlsx": (".xls", ".xlsm", ".xlsb", ".csv", ".ods")}
_FOLDERS: dict[str, tuple[str, What | None]] = {
    "meetings": (".yaml", "meeting"),
    "schedule": (".xlsx", "schedule"),
    "workplan": (".yaml", "workplan"),
    "pages": (".yaml", None),
    "recommendations": (".yaml", "recommendations"),
    "projects": (".xlsx", "session"),
}


@dataclass
class CheckRuleFiles:
    """The rules for the checks of words. What could not be read is absent; `accepted` may be empty."""

    nomenclature: Document[schemas.NomenclatureFile] | None = None
    open_text: Document[schemas.OpenTextFile] | None = None
    accepted: list[Document[schemas.AcceptedFile]] = field(default_factory=list)


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
    """The Terms of Reference as read: their data and sections."""

    data: Document[schemas.TermsFile]
    sections: list[Section]


@dataclass
class Inputs:
    """The inputs of one forum. What could not be read is absent or None, and is in `unread`."""

    unread: Unread = field(default_factory=Unread)
    economies: Document[schemas.EconomiesFile] | None = None
    hosts: Document[schemas.HostsFile] | None = None
    check_rules: CheckRuleFiles = field(default_factory=CheckRuleFiles)
    forum: Document[schemas.ForumFile] | None = None
    meetings: list[Document[schemas.MeetingFile]] = field(default_factory=list)
    plans: dict[str, PlanFolder] = field(default_factory=dict)
    terms: TermsFolder | None = None
    schedules: dict[int, list[Row] | None] = field(default_factory=dict)
    schedule_files: dict[int, str] = field(default_factory=dict)
    schedule_sections: dict[int, Section] = field(default_factory=dict)
    workplans: list[Document[schemas.WorkPlanFile]] = field(default_factory=list)
    narratives: dict[str, dict[str, Section]] = field(default_factory=dict)
    rotation: Document[schemas.RotationFile] | None = None
    pages: list[Document[schemas.PagesFile]] = field(default_factory=list)
    projects: list[ProjectsBook] = field(default_factory=list)
    returns: ReturnsFolder | None = None
    recommendations: list[Document[schemas.RecommendationsFile]] = field(default_factory=list)
    ledger: LedgerFile | None = None
    corrections: CorrectionsFile | None = None
    tabling: Document[schemas.TablingFile] | None = None
    received: list[str] = field(default_factory=list)  # names of files that others sent; not opened here


def read_inputs(root: Path, config: Config, problems: Problems) -> Inputs:
    """Return all inputs of the configured forum below `root`/inputs; problems are added, never raised."""
    return _FolderReader(root, config, problems).read()


class _FolderReader:
    def __init__(self, root: Path, config: Config, problems: Problems):
        self.root, self.config, self.problems = root, config, problems
        self.unread = Unread()
        self.forum = f"inputs/{config.forum}"

    def read(self) -> Inputs:
        if not (self.root / self.forum).is_dir():
            self._report_no_forum()
            return Inputs()
        for folder, (suffix, what) in _FOLDERS.items():
            self._check_types(folder, suffix, what)
        inputs = Inputs(
            unread=self.unread,
            economies=self._yaml("inputs/apec/economies.yaml", schemas.EconomiesFile),
            hosts=self._yaml("inputs/apec/hosts.yaml", schemas.HostsFile),
            check_rules=self._check_rules(),
            forum=self._yaml(f"{self.forum}/forum.yaml", schemas.ForumFile),
            meetings=self._yaml_files("meetings", schemas.MeetingFile, "meeting"),
            plans=self._plans(),
            terms=self._terms(f"{self.forum}/terms-of-reference"),
            workplans=self._yaml_files("workplan", schemas.WorkPlanFile, "workplan"),
            narratives=self._narratives(),
            rotation=self._single_yaml("rotation", schemas.RotationFile),
            pages=self._yaml_files("pages", schemas.PagesFile),
            projects=self._projects(),
            returns=read_returns(self.root, f"{self.forum}/indicators", self.unread, self.problems),
            recommendations=self._yaml_files(
                "recommendations", schemas.RecommendationsFile, "recommendations"
            ),
            ledger=read_ledger(self.root, self.config.forum, self.problems),
            corrections=read_corrections(self.root, self.config.forum, self.problems),
            tabling=self._single_yaml("tabling", schemas.TablingFile),
            received=[name for name in self._names(RECEIVED, "**/*") if self._is_paper(name)],
        )
        self._check_named_files(inputs.forum)
        self._schedules(inputs)
        self._schedule_sections(inputs)
        return inputs

    # Finding files

    def _names(self, folder: str, pattern: str) -> list[str]:
        base = self.root / self.forum / folder
        return sorted(path.relative_to(self.root).as_posix() for path in base.glob(pattern))

    def _is_paper(self, name: str) -> bool:
        """Return whether a name is a file, but none that a system or Office leaves in a folder."""
        own = name.rsplit("/", 1)[1].startswith((".", "~$")) or name.endswith("/Thumbs.db")
        return not own and (self.root / name).is_file()

    def _check_types(self, folder: str, suffix: str, what: What | None) -> None:
        """Report files of another type, such as .yml or .xls: they would be skipped without a message."""
        base = self.root / self.forum / folder
        for path in sorted(base.iterdir()) if base.is_dir() else ():
            other = path.suffix.lower() in _MISTAKEN[suffix] or path.suffix != path.suffix.lower()
            if other and not path.name.startswith((".", "~$")):
                place = Place(path.relative_to(self.root).as_posix())
                found, expected = f"a file of the type {path.suffix}", f"files of the type {suffix}"
                todo = f"Save it as {suffix}, or move it out of the folder."
                self.problems.add(place, "file-type", found, expected, todo)
                if what:
                    self.unread.add(what, path.stem)

    def _check_named_files(self, forum: Document[schemas.ForumFile] | None) -> None:
        """Report misspelt names in forum.yaml: figures would miss their mark, or covers the logo."""
        if forum is None:
            return
        named = [
            (f"{self.forum}/{file}", ("illustrative", n)) for n, file in enumerate(forum.form.illustrative)
        ]
        named += [(f"inputs/{forum.form.logo}", ("logo",))] if forum.form.logo else []
        for name, keys in named:
            if not (self.root / name).exists():
                expected, todo = "a file or folder that exists", "Correct the name, or delete the line."
                self.problems.add(forum.place(*keys), "no-file", quoted(name), expected, todo)

    def _report_no_forum(self) -> None:
        known = [path.parent.name for path in sorted((self.root / "inputs").glob("*/forum.yaml"))]
        todo = did_you_mean(self.config.forum, known, "Add the folder, or correct the name.")
        found = f'the forum "{self.config.forum}"'
        expected = "a folder of inputs: " + ", ".join(known)
        self.problems.add(self.config.place("forum"), "no-forum", found, expected, todo)

    def _report_name(self, name: str, expected: str, kind: str = "file-name") -> None:
        found, todo = f'the name "{name.rsplit("/", 1)[1]}"', "Rename the file, or move it out of the folder."
        self.problems.add(Place(name), kind, found, expected, todo)

    def _add_unread(self, what: What, pattern: str, stem: str) -> None:
        """Add what a file of another name may be, as `2017 final` may be the schedule of 2017."""
        for name in re.findall(pattern, stem) or [stem]:
            self.unread.add(what, name)

    # YAML files

    def _yaml(self, name: str, form: type[Form]) -> Document[Form] | None:
        return read_yaml(self.root / name, name, form, self.problems)

    def _optional_yaml(self, name: str, form: type[Form]) -> Document[Form] | None:
        return self._yaml(name, form) if (self.root / name).is_file() else None

    def _single_yaml(self, what: What, form: type[Form]) -> Document[Form] | None:
        """Return the file of which a forum has at most one; None where there is none, or it is unread."""
        name = f"{self.forum}/{what}.yaml"
        document = self._optional_yaml(name, form)
        if document is None and (self.root / name).is_file():
            self.unread.add(what)
        return document

    def _yaml_files(self, folder: str, form: type[Form], what: What | None = None) -> list[Document[Form]]:
        documents = []
        for name in self._names(folder, "*.yaml"):
            if document := self._yaml(name, form):
                documents.append(document)
            elif what:
                self.unread.add(what, name.rsplit("/", 1)[1].removesuffix(".yaml"))
        return documents

    def _check_rules(self) -> CheckRuleFiles:
        """Return the rules that all fora share, and what is accepted for all and for this forum."""
        accepted = [f"{folder}/accepted.yaml" for folder in ("inputs/apec", self.forum)]
        documents = [self._optional_yaml(name, schemas.AcceptedFile) for name in accepted]
        return CheckRuleFiles(
            self._yaml("inputs/apec/nomenclature.yaml", schemas.NomenclatureFile),
            self._yaml("inputs/apec/open_text.yaml", schemas.OpenTextFile),
            [document for document in documents if document],
        )

    # Markdown files, with the YAML file that lists them

    def _plans(self) -> dict[str, PlanFolder]:
        names = self._names("", "plan-*/plan.yaml")
        return {name.split("/")[-2]: plan for name in names if (plan := self._plan(name))}

    def _plan(self, name: str) -> PlanFolder | None:
        data, before = self._yaml(name, schemas.PlanFile), len(self.problems.found)
        if data is None:
            self.unread.add("plan", name.split("/")[-2])
            return None
        plan, base = PlanFolder(data), name.rsplit("/", 1)[0]
        for key in ("vision", "mission"):
            plan.paragraphs[key] = read_paragraph(getattr(data.form, key), data.place(key), self.problems)
        plan.factors = [
            read_paragraph(words, data.place("critical_success_factors", index), self.problems)
            for index, words in enumerate(data.form.critical_success_factors)
        ]
        plan.sections = self._sections(base, data.form.sections)
        plan.appendix = self._section(f"{base}/{data.form.appendix}")
        self._check_unlisted(base, [*data.form.sections, data.form.appendix], data)
        if len(self.problems.found) > before:
            self.unread.add("plan", name.split("/")[-2])
        return plan

    def _terms(self, base: str) -> TermsFolder | None:
        if not (self.root / base).is_dir():
            return None
        data = self._yaml(f"{base}/terms.yaml", schemas.TermsFile)
        if data is None:
            self.unread.add("terms")
            return None
        self._check_unlisted(base, data.form.sections, data)
        sections = self._sections(base, data.form.sections)
        if len(sections) < len(data.form.sections):
            self.unread.add("terms")
        return TermsFolder(data, sections)

    def _section(self, name: str) -> Section | None:
        return read_section(self.root / name, name, self.problems)

    def _sections(self, base: str, files: list[str]) -> list[Section]:
        sections = [self._section(f"{base}/{file}") for file in files]
        return [section for section in sections if section is not None]

    def _check_unlisted(self, base: str, listed: list[str], data: Document) -> None:
        """Report sections that no list names: they would be left out without a message."""
        for path in sorted((self.root / base).rglob("*.md")):
            name = path.relative_to(self.root / base).as_posix()
            if name not in listed:
                found, expected = "a section that is not listed", f"it under sections in {data.name}"
                todo = "List it there, or move it out of the folder."
                self.problems.add(Place(f"{base}/{name}"), "stray-section", found, expected, todo)

    def _narratives(self) -> dict[str, dict[str, Section]]:
        """Return narrative/<folder>/<section>.md as folder -> section -> its text."""
        narratives: dict[str, dict[str, Section]] = {}
        for name in self._names("narrative", "*/*.md"):
            section = self._section(name)
            if section is not None:
                folder, stem = name.removesuffix(".md").split("/")[-2:]
                narratives.setdefault(folder, {})[stem] = section
        return narratives

    # Workbooks

    def _projects(self) -> list[ProjectsBook]:
        """Return projects/<session>.xlsx; a lock of Excel, ~$x.xlsx, is reported when x.xlsx is read."""
        books = []
        for name in self._names("projects", "*.xlsx"):
            session = name.rsplit("/", 1)[1].removesuffix(".xlsx")
            if re.fullmatch(r"[0-9]{4}-[0-9]", session):
                books.append(read_projects(self.root / name, name, session, self.problems))
            elif not session.startswith("~$"):
                self._report_name(name, "year and number of the session, as in 2018-1.xlsx")
                self._add_unread("session", "[0-9]{4}-[0-9]", session)
        return books

    def _schedules(self, inputs: Inputs) -> None:
        """Read schedule/<year>.xlsx, the editions of the implementation schedule."""
        columns = schedule_columns(self.config.schedule_columns)
        for name in self._names("schedule", "*.xlsx"):
            stem = name.rsplit("/", 1)[1].removesuffix(".xlsx")
            if stem.startswith("~$"):
                continue
            if not re.fullmatch("[0-9]{4}", stem):
                self._report_name(name, "the year of the edition, such as 2017.xlsx")
                self._add_unread("schedule", "[0-9]{4}", stem)
                continue
            inputs.schedule_files[int(stem)] = name
            inputs.schedules[int(stem)] = read_sheet(
                self.root / name, name, SCHEDULE_SHEET, columns, OTHER_SHEETS, self.problems
            )

    def _schedule_sections(self, inputs: Inputs) -> None:
        """Read schedule/<year>.md, the heading over the table of that edition, with its footnote."""
        for name in self._names("schedule", "*.md"):
            stem = name.rsplit("/", 1)[1].removesuffix(".md")
            if stem not in (str(year) for year in inputs.schedule_files):
                expected = "the year of an edition, such as 2017.md for 2017.xlsx"
                if not self.unread.has("schedule", stem):
                    self._report_name(name, expected, "stray-section")
            elif section := self._section(name):
                inputs.schedule_sections[int(stem)] = section
