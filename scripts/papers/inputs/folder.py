"""Read all inputs of a forum. Only this module and `plan_folder` know which file is where."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from papers.inputs import schemas
from papers.inputs.folder_reader import FolderReader
from papers.inputs.plan_folder import DATA_FOLDERS, RETURNS, PlanFolder, read_plan_folder
from papers.inputs.unread import Unread
from papers.ledger.corrections import CorrectionsFile, read_corrections
from papers.ledger.file import LedgerFile, read_ledger
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.store.work_files import RECEIVED

if TYPE_CHECKING:
    from papers.inputs.config import Config
    from papers.inputs.markdown import Section
    from papers.inputs.unread import What
    from papers.inputs.yaml import Document

_FOLDERS: dict[str, What | None] = {
    "meetings": "meeting",
    "pages": None,
    "recommendations": "recommendations",
}


def _why_not_opened(path: Path, top: Path) -> str:
    """Return what a path is that must not be opened, such as a link out of the folder `top`; "" for any other."""
    if path.is_symlink() and not path.resolve().is_relative_to(top.resolve()):
        return f"a symbolic link to {quoted(path.readlink())}, outside inputs/"
    return "" if path.is_dir() or path.is_file() or path.is_symlink() else "neither a file nor a folder"


@dataclass
class CheckRuleFiles:
    """The rules for the checks of words. What could not be read is absent; `accepted` may be empty."""

    nomenclature: Document[schemas.NomenclatureFile] | None = None
    open_text: Document[schemas.OpenTextFile] | None = None
    accepted: list[Document[schemas.AcceptedFile]] = field(default_factory=list)


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
    other_names: Document[schemas.OtherNamesFile] | None = None
    hosts: Document[schemas.HostsFile] | None = None
    check_rules: CheckRuleFiles = field(default_factory=CheckRuleFiles)
    forum: Document[schemas.ForumFile] | None = None
    meetings: list[Document[schemas.MeetingFile]] = field(default_factory=list)
    plans: dict[str, PlanFolder] = field(default_factory=dict)
    terms: TermsFolder | None = None
    narratives: dict[str, dict[str, Section]] = field(default_factory=dict)
    rotation: Document[schemas.RotationFile] | None = None
    pages: list[Document[schemas.PagesFile]] = field(default_factory=list)
    recommendations: list[Document[schemas.RecommendationsFile]] = field(default_factory=list)
    ledger: LedgerFile | None = None
    corrections: CorrectionsFile | None = None
    tabling: Document[schemas.TablingFile] | None = None
    received: list[str] = field(default_factory=list)  # names of files that others sent; not opened here


def read_inputs(root: Path, config: Config, problems: Problems) -> Inputs:
    """Return all inputs of the configured forum below `root`/inputs; problems are added, never raised."""
    return _ForumReader(root, config, problems).read()


class _ForumReader(FolderReader):
    def __init__(self, root: Path, config: Config, problems: Problems):
        super().__init__(root, f"inputs/{config.forum}", Unread(), problems)
        self.config = config

    def read(self) -> Inputs:
        if not (self.root / self.base).is_dir():
            self._report_no_forum()
            return Inputs()
        if self._report_links():
            return Inputs()
        for folder, what in _FOLDERS.items():
            self.check_types(folder, ".yaml", what)
        self._check_folders_of_plans()
        inputs = Inputs(
            unread=self.unread,
            economies=self.yaml("inputs/apec/economies.yaml", schemas.EconomiesFile),
            other_names=self.optional_yaml("inputs/apec/other_names.yaml", schemas.OtherNamesFile),
            hosts=self.yaml("inputs/apec/hosts.yaml", schemas.HostsFile),
            check_rules=self._check_rules(),
            forum=self.yaml(f"{self.base}/forum.yaml", schemas.ForumFile),
            meetings=self.yaml_files("meetings", schemas.MeetingFile, "meeting"),
            plans=self._plans(),
            terms=self._terms(f"{self.base}/terms-of-reference"),
            narratives=self._narratives(),
            rotation=self.single_yaml("rotation", schemas.RotationFile),
            pages=self.yaml_files("pages", schemas.PagesFile),
            recommendations=self.yaml_files(
                "recommendations", schemas.RecommendationsFile, "recommendations"
            ),
            ledger=read_ledger(self.root, self.config.forum, self.problems),
            corrections=read_corrections(self.root, self.config.forum, self.problems),
            tabling=self.single_yaml("tabling", schemas.TablingFile),
            received=[name for name in self.names(RECEIVED, "**/*") if self._is_paper(name)],
        )
        self._check_named_files(inputs.forum)
        return inputs

    def _report_links(self) -> bool:
        """Report what must not be opened: links that lead out of inputs/, pipes and devices. Return whether there is any."""
        top, found = self.root / "inputs", False
        for place, folders, files in os.walk(top):
            for path in (Path(place, name) for name in (*folders, *files)):
                what = _why_not_opened(path, top)
                if what:
                    place_of_it, todo = (
                        Place(path.relative_to(self.root).as_posix()),
                        "Put a copy in its place.",
                    )
                    self.problems.add(place_of_it, "link", what, "a file or folder within inputs/", todo)
                    found = True
        return found

    def _is_paper(self, name: str) -> bool:
        """Return whether a name is a file, but none that a system or Office leaves in a folder."""
        own = name.rsplit("/", 1)[1].startswith((".", "~$")) or name.endswith("/Thumbs.db")
        return not own and (self.root / name).is_file()

    def _check_folders_of_plans(self) -> None:
        """Report folders that belong into that of a plan: nothing would read them."""
        for name in (*DATA_FOLDERS, RETURNS):
            if (self.root / self.base / name).is_dir():
                found, expected = (
                    "a folder that no plan has",
                    f"it in the folder of its plan, plan-.../{name}",
                )
                place = Place(f"{self.base}/{name}")
                self.problems.add(place, "no-plan", found, expected, "Move it there.")

    def _check_named_files(self, forum: Document[schemas.ForumFile] | None) -> None:
        """Report misspelt names in forum.yaml: figures would miss their mark, or covers the logo."""
        if forum is None:
            return
        named = [
            (f"{self.base}/{file}", ("illustrative", n)) for n, file in enumerate(forum.form.illustrative)
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

    def _check_rules(self) -> CheckRuleFiles:
        """Return the rules that all fora share, and what is accepted for all and for this forum."""
        accepted = [f"{folder}/accepted.yaml" for folder in ("inputs/apec", self.base)]
        documents = [self.optional_yaml(name, schemas.AcceptedFile) for name in accepted]
        return CheckRuleFiles(
            self.yaml("inputs/apec/nomenclature.yaml", schemas.NomenclatureFile),
            self.yaml("inputs/apec/open_text.yaml", schemas.OpenTextFile),
            [document for document in documents if document],
        )

    def _plans(self) -> dict[str, PlanFolder]:
        """Return the plans by the names of their folders, in their alphabetical order."""
        bases = [name for name in self.names("", "plan-*") if (self.root / name).is_dir()]
        titles = self.config.schedule_columns
        folders = [read_plan_folder(self.root, base, titles, self.unread, self.problems) for base in bases]
        return {folder.name: folder for folder in folders}

    def _terms(self, base: str) -> TermsFolder | None:
        if not (self.root / base).is_dir():
            return None
        data = self.yaml(f"{base}/terms.yaml", schemas.TermsFile)
        if data is None:
            self.unread.add("terms")
            return None
        self.check_unlisted(base, data.form.sections, data)
        sections = self.sections(base, data.form.sections)
        if len(sections) < len(data.form.sections):
            self.unread.add("terms")
        return TermsFolder(data, sections)

    def _narratives(self) -> dict[str, dict[str, Section]]:
        """Return narrative/<folder>/<section>.md as folder -> section -> its text."""
        narratives: dict[str, dict[str, Section]] = {}
        for name in self.names("narrative", "*/*.md"):
            section = self.section(name)
            if section is not None:
                folder, stem = name.removesuffix(".md").split("/")[-2:]
                narratives.setdefault(folder, {})[stem] = section
        return narratives
