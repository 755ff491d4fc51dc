"""Read all inputs of a forum. Only this module and `plan_folder` know which file is where."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from papers.inputs import schemas
from papers.inputs.config_files import forum_folders, meeting_codes
from papers.inputs.document_schemas import OF_ITEM
from papers.inputs.documents import read_documents
from papers.inputs.folder_reader import FolderReader
from papers.inputs.kind_files import KindFiles, read_kind_files
from papers.inputs.numbers_of_drafts import numbers_of_drafts
from papers.inputs.organisation import read_organisation_of
from papers.inputs.plan_folder import (
    DATA_FOLDERS,
    RETURNS,
    PlanFolder,
    UnfinishedPlan,
    find_unfinished,
    read_plan_folder,
)
from papers.inputs.records import read_records
from papers.inputs.settings import SettingsFile, check_settings
from papers.inputs.unread import Unread
from papers.ledger.corrections import CorrectionsFile, read_corrections
from papers.ledger.file import LedgerFile, read_ledger
from papers.ledger.other_forums import numbers_of_others
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.store.work_files import RECEIVED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from papers.inputs.config import Config
    from papers.inputs.documents import DocumentFolder
    from papers.inputs.markdown import Section
    from papers.inputs.organisation import Organisation
    from papers.inputs.records import RecordDocument
    from papers.inputs.unread import What
    from papers.inputs.yaml import Document, Form

_FOLDERS: dict[str, What | None] = {
    "meetings": "meeting",
    "pages": None,
    "recommendations": "recommendations",
    "records": "record",
}


def _why_not_opened(path: Path, top: Path) -> str:
    """Return what a path is that must not be opened, such as a link out of the folder `top`; "" for any other."""
    if path.is_symlink() and not path.resolve().is_relative_to(top.resolve()):
        return f"a symbolic link to {quoted(path.readlink())}, outside inputs/"
    return "" if path.is_dir() or path.is_file() or path.is_symlink() else "neither a file nor a folder"


@dataclass
class CheckRuleFiles:
    """The rules for the checks of words. What could not be read is absent, and `complete` is False then.

    An organisation need not have rules; `accepted` may be empty.
    """

    nomenclature: Document[schemas.NomenclatureFile] | None = None
    open_text: Document[schemas.OpenTextFile] | None = None
    accepted: list[Document[schemas.AcceptedFile]] = field(default_factory=list)
    complete: bool = False


@dataclass
class TermsFolder:
    """The Terms of Reference as read: their data and sections."""

    data: Document[schemas.TermsFile]
    sections: list[Section]


@dataclass
class Inputs:
    """The inputs of one forum. What could not be read is absent or None, and is in `unread`."""

    unread: Unread = field(default_factory=Unread)
    organisation: Organisation | None = None
    kinds: KindFiles = field(default_factory=KindFiles)
    economies: Document[schemas.EconomiesFile] | None = None
    other_names: Document[schemas.OtherNamesFile] | None = None
    hosts: Document[schemas.HostsFile] | None = None
    check_rules: CheckRuleFiles = field(default_factory=CheckRuleFiles)
    forum: Document[schemas.ForumFile] | None = None
    settings: SettingsFile | None = None
    settings_file: str = ""  # "" where the forum has none
    meetings: list[Document[schemas.MeetingFile]] = field(default_factory=list)
    plans: dict[str, PlanFolder] = field(default_factory=dict)
    unfinished: dict[str, UnfinishedPlan] = field(default_factory=dict)  # plans that no paper names yet
    terms: TermsFolder | None = None
    narratives: dict[str, dict[str, Section]] = field(default_factory=dict)
    rotation: Document[schemas.RotationFile] | None = None
    pages: list[Document[schemas.PagesFile]] = field(default_factory=list)
    recommendations: list[Document[schemas.RecommendationsFile]] = field(default_factory=list)
    ledger: LedgerFile | None = None
    numbers_of_others: dict[str, str] = field(default_factory=dict)  # without revision -> the forum
    drafts_of_others: dict[str, str] = field(default_factory=dict)  # without revision -> the file
    meetings_of_others: set[str] = field(default_factory=set)  # codes of meetings of other forums
    corrections: CorrectionsFile | None = None
    tabling: Document[schemas.TablingFile] | None = None
    documents: dict[str, DocumentFolder] = field(default_factory=dict)
    records: list[RecordDocument] = field(default_factory=list)
    received: list[str] = field(default_factory=list)  # names of files that others sent; not opened here

    @property
    def sections(self) -> Iterator[Section]:
        """All texts that are Markdown files."""
        for folder in self.plans.values():
            plan = folder.plan
            yield from (*plan.sections, *([plan.appendix] if plan.appendix else [])) if plan else ()
            yield from folder.schedule_sections.values()
        yield from self.terms.sections if self.terms else ()
        for texts in (*self.narratives.values(), *(one.sections for one in self.documents.values())):
            yield from texts.values()


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
        inputs = self._inputs()
        self._check_named_files(inputs.forum)
        return inputs

    def _inputs(self) -> Inputs:
        settings, settings_read = self._settings()
        organisation = self._organisation(settings) if settings_read else None
        meetings = self.yaml_files("meetings", schemas.MeetingFile, "meeting")
        unfinished = self._unfinished_plans(meetings)
        return Inputs(
            unread=self.unread,
            settings=(settings.form if settings else SettingsFile()) if settings_read else None,
            settings_file=settings.name if settings else "",
            kinds=read_kind_files(self.root, self.config.forum, self.problems),
            organisation=organisation,
            economies=self._of_organisation(organisation, "economies", schemas.EconomiesFile),
            other_names=self._of_organisation(organisation, "other_names", schemas.OtherNamesFile),
            hosts=self._of_organisation(organisation, "hosts", schemas.HostsFile),
            check_rules=self._check_rules(organisation),
            forum=self.yaml(f"{self.base}/forum.yaml", schemas.ForumFile),
            meetings=meetings,
            plans=self._plans(settings, settings_read, unfinished),
            unfinished=unfinished,
            terms=self._terms(f"{self.base}/terms-of-reference"),
            narratives=self._narratives(),
            rotation=self.single_yaml("rotation", schemas.RotationFile),
            pages=self.yaml_files("pages", schemas.PagesFile),
            recommendations=self.yaml_files(
                "recommendations", schemas.RecommendationsFile, "recommendations"
            ),
            ledger=read_ledger(self.root, self.config.forum, self.problems),
            numbers_of_others=self._numbers_of_others(organisation),
            drafts_of_others=self._drafts_of_others(organisation),
            meetings_of_others=self._meetings_of_others(),
            corrections=read_corrections(self.root, self.config.forum, self.problems),
            documents=self._documents(),
            records=read_records(self),
            tabling=self.single_yaml("tabling", schemas.TablingFile),
            received=[name for name in self.names(RECEIVED, "**/*") if self._is_paper(name)],
        )

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
                if keys == ("logo",) and (self.root / self.base / name.rpartition("/")[2]).is_file():
                    todo = f'Did you mean "{self.config.forum}/{name.rpartition("/")[2]}"?'
                self.problems.add(forum.place(*keys), "no-file", quoted(name), expected, todo)

    def _report_no_forum(self) -> None:
        known = forum_folders(self.root)
        todo = did_you_mean(self.config.forum, known, "Add the folder, or correct the name.")
        found = f'the forum "{self.config.forum}"'
        expected = "a folder of inputs: " + ", ".join(known)
        self.problems.add(self.config.place("forum"), "no-forum", found, expected, todo)

    def _drafts_of_others(self, organisation: Organisation | None) -> dict[str, str]:
        """Return the numbers of this forum's papers that the meetings of other forums state too."""
        if organisation is None:
            return {}
        return numbers_of_drafts(self.root, self.config.forum, organisation.grammar, only_own=True)

    def _meetings_of_others(self) -> set[str]:
        others = (forum for forum in forum_folders(self.root) if forum != self.config.forum)
        return {code for forum in others for code in meeting_codes(self.root, forum)}

    def _numbers_of_others(self, organisation: Organisation | None) -> dict[str, str]:
        """Return the numbers that other forums have recorded; a ledger with a problem is reported by its own forum."""
        if organisation is None:
            return {}
        return numbers_of_others(self.root, self.config.forum, organisation.grammar, Problems())

    def _of_organisation(
        self, organisation: Organisation | None, what: str, form: type[Form]
    ) -> Document[Form] | None:
        """Return a file of the organisation; None where its file names none."""
        if organisation is None:
            return None
        stated = organisation.form.member.file if what == "economies" else getattr(organisation.form, what)
        return self.yaml(organisation.file(stated), form) if stated else None

    def _check_rules(self, organisation: Organisation | None) -> CheckRuleFiles:
        """Return the rules that all fora share, and what is accepted for all and for this forum."""
        folders = [organisation.folder, self.base] if organisation else [self.base]
        accepted = [f"{folder}/accepted.yaml" for folder in folders]
        documents = [self.optional_yaml(name, schemas.AcceptedFile) for name in accepted]
        nomenclature = self._of_organisation(organisation, "nomenclature", schemas.NomenclatureFile)
        open_text = self._of_organisation(organisation, "open_text", schemas.OpenTextFile)
        complete = organisation is not None and all(
            document or not stated
            for document, stated in (
                (nomenclature, organisation.form.nomenclature),
                (open_text, organisation.form.open_text),
            )
        )
        return CheckRuleFiles(
            nomenclature, open_text, [document for document in documents if document], complete
        )

    def _organisation(self, settings: Document[SettingsFile] | None) -> Organisation | None:
        """Return the organisation of the forum; None where it can't be read, or is not known."""
        return read_organisation_of(self.root, self.base, settings, self.problems)

    def _settings(self) -> tuple[Document[SettingsFile] | None, bool]:
        """Return settings.yaml, None without it; and whether there is no such file that could not be read."""
        name = f"{self.base}/settings.yaml"
        settings = self.optional_yaml(name, SettingsFile)
        if settings:
            check_settings(settings, self.problems)
        return settings, settings is not None or not (self.root / name).is_file()

    def _folders_of_plans(self) -> list[str]:
        return [name for name in self.names("", "plan-*") if (self.root / name).is_dir()]

    def _unfinished_plans(self, meetings: list[Document[schemas.MeetingFile]]) -> dict[str, UnfinishedPlan]:
        """Return the plans that are not filled in and that no paper names, by the names of their folders.

        They stop nothing: what is wrong in them is reported once a paper needs them.
        """
        if self.unread.any("meeting"):
            return {}  # one that could not be read may name any plan
        named = {entry.plan for meeting in meetings for entry in meeting.form.papers}
        found = {}
        for base in self._folders_of_plans():
            name = base.rsplit("/", 1)[1]
            if name not in named and (unfinished := find_unfinished(self.root, base)):
                found[name] = unfinished
        return found

    def _plans(
        self,
        settings: Document[SettingsFile] | None,
        tables_known: bool,
        unfinished: Mapping[str, UnfinishedPlan],
    ) -> dict[str, PlanFolder]:
        """Return the plans by the names of their folders, in their alphabetical order, but for unfinished ones."""
        folders = [
            read_plan_folder(self.root, base, settings, tables_known, self.unread, self.problems)
            for base in self._folders_of_plans()
            if base.rsplit("/", 1)[1] not in unfinished
        ]
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

    def _documents(self) -> dict[str, DocumentFolder]:
        return read_documents(self.root, f"{self.base}/documents", self.unread, self.problems)

    def _narratives(self) -> dict[str, dict[str, Section]]:
        """Return narrative/<folder>/<section>.md as folder -> section -> its text."""
        narratives: dict[str, dict[str, Section]] = {}
        for name in self.names("narrative", "*/*.md"):
            folder, stem = name.removesuffix(".md").split("/")[-2:]
            section = self.section(name, heading=not stem.startswith(OF_ITEM))
            if section is not None:
                narratives.setdefault(folder, {})[stem] = section
        return narratives
