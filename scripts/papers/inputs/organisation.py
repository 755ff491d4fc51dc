"""Read organisation.yaml: words for members, numbers of papers, labels of covers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from papers.inputs.schemas import Below
from papers.inputs.settings import SettingsFile
from papers.inputs.yaml import Document, StrictModel, read_yaml
from papers.number_patterns import (
    MOST_CHARACTERS,
    Mistake,
    NumberError,
    PartRules,
    PatternRules,
    compile_pattern,
    fill_in,
    has_nested_repetition,
    placeholders,
)
from papers.numbers import PARTS, FolderRule, Grammar, NumberRules, ProjectGrammar, UnusualPath
from papers.problems import Place, Problems, did_you_mean, quoted

if TYPE_CHECKING:
    from pathlib import Path
ORGANISATION_FILE = "organisation.yaml"
_WRITABLE = re.compile(r"[A-Za-z0-9/._()-]+")


class MemberWords(StrictModel):
    """What papers call a member, and the file of the members."""

    one: str
    many: str
    short: str
    file: Below = "economies.yaml"


class Labels(StrictModel):
    """What stands before a value on a cover."""

    agenda_item: str = "Agenda Item:"
    purpose: str = "Purpose:"
    submitted_by: str = "Submitted by:"
    forum_doc_no: str = "Forum Doc. No.:"


# Words that stay on one line of a cover; longer ones might not fit.
KeptTogether = Annotated[
    str,
    Field(pattern=r"^\S+( \S+)+$", max_length=32),
]


class NumberPartForm(StrictModel):
    found: str
    expected: str
    why: str
    any_case: bool = False
    each: str = ""


class MistakeForm(StrictModel):
    pattern: str
    why: str
    part: str = ""
    found: str = ""
    expected: str = ""


class PatternForm(StrictModel):
    pattern: str
    examples: list[str] = Field(min_length=1)
    expected: str = ""
    why: str = ""
    divide: str = ""
    write: str = ""
    parts: dict[str, NumberPartForm] = Field(default_factory=dict)
    mistakes: list[MistakeForm] = Field(default_factory=list)

    def rules(self, what: str) -> PatternRules:
        """Return the pattern as plain data; `what` it is, such as "document number"."""
        return PatternRules(
            pattern=self.pattern,
            examples=tuple(self.examples),
            expected=self.expected or f"a {what} such as {self.examples[0]}",
            why=self.why or f"every {what} has this form",
            divide=self.divide,
            write=self.write,
            parts={name: PartRules(**part.model_dump()) for name, part in self.parts.items()},
            mistakes=tuple(Mistake(**mistake.model_dump()) for mistake in self.mistakes),
        )


class FolderForm(StrictModel):
    path: str
    folder: str = ""
    file_prefix: str = ""
    from_year: int = 0
    to_year: int = 9999


class UnusualForm(StrictModel):
    path: str
    why: str


class NumberForm(PatternForm):
    first_year: int = Field(ge=1000, le=9900)
    founded: str = ""
    series: str
    joint: str = "/"
    serial_digits: int = Field(3, ge=1, le=6)
    revision: str
    folder: str
    file_prefix: str
    file: str
    in_text: str = ""
    aliases: dict[str, str] = Field(default_factory=dict)
    folders: list[FolderForm] = Field(default_factory=list)
    unusual: list[UnusualForm] = Field(default_factory=list)


class ProjectForm(PatternForm):
    order: list[str] = Field(default_factory=list)


class OrganisationFile(StrictModel):
    name: str
    name_on_covers: list[str] = Field(default_factory=list)  # its lines; without them, the name in one line
    short_name: str
    member: MemberWords
    hosts: Below | None = None
    nomenclature: Below | None = None
    open_text: Below | None = None
    other_names: Below | None = None
    host_mark: list[str] = Field(default_factory=list)
    labels: Labels = Labels()
    kept_together: list[KeptTogether] = Field(
        default_factory=list, description="two or more words, of 32 characters at most"
    )
    purposes: list[str] = Field(min_length=1)
    number: NumberForm
    project_number: ProjectForm | None = None

    @property
    def lines_of_name(self) -> list[str]:
        """The organisation's name as covers have it, line by line."""
        return self.name_on_covers or [self.name]


@dataclass(frozen=True)
class Organisation:
    """An organisation: its file, and the numbers that it declares. `folder` is that of its other files."""

    folder: str  # inputs/apec
    document: Document[OrganisationFile]
    grammar: Grammar
    projects: ProjectGrammar

    @property
    def form(self) -> OrganisationFile:
        """What its file states."""
        return self.document.form

    def file(self, name: str) -> str:
        """Return the path of one of its files, such as inputs/apec/economies.yaml."""
        return f"{self.folder}/{name}"

    def as_data(self) -> dict[str, str]:
        """Return what model.json says of it; its numbers are in numbers.json."""
        return {"name": self.form.name}


def read_organisation(root: Path, name: str, problems: Problems, place: Place) -> Organisation | None:
    """Return the organisation in inputs/<name> below `root`; None and its problems where it is not usable.

    `place` is where the configuration names it.
    """
    folder = f"inputs/{name}"
    file = f"{folder}/{ORGANISATION_FILE}"
    if not (root / file).is_file():
        known = sorted(path.parent.name for path in root.glob(f"inputs/*/{ORGANISATION_FILE}"))
        todo = did_you_mean(name, known, "Correct the name, or copy the file from the release and adapt it.")
        expected = f"a folder of inputs with a file {ORGANISATION_FILE}: {', '.join(known)}"
        problems.add(place, "no-organisation", f"the organisation {quoted(name)}", expected, todo)
        return None
    document = read_yaml(root / file, file, OrganisationFile, problems)
    if document is None:
        return None
    before = len(problems.found)
    _check_host_mark(document, problems)
    _PatternChecks(document, "number", problems).check_number()
    if document.form.project_number:
        _PatternChecks(document, "project_number", problems).check()
    if len(problems.found) > before:
        return None
    return Organisation(folder, document, Grammar(_number_rules(document.form)), _projects(document.form))


def read_organisation_of(
    root: Path, folder: str, settings: Document[SettingsFile] | None, problems: Problems
) -> Organisation | None:
    """Return the organisation of the forum with this folder, such as inputs/smewg.

    `settings` is its settings.yaml, None without it. Problems as in `read_organisation`.
    """
    form = settings.form if settings else SettingsFile()
    place = settings.place("organisation") if settings else Place(f"{folder}/settings.yaml")
    return read_organisation(root, form.organisation, problems, place)


def _check_host_mark(document: Document[OrganisationFile], problems: Problems) -> None:
    """Report lines of the host mark with an unknown name, or with a host that no file states."""
    for at, line in enumerate(document.form.host_mark):
        known = ["HOST", "host", "year"] if document.form.hosts else ["year"]
        for name in placeholders(line):
            if name not in known:
                expected = f"one of {', '.join(known)}" + (
                    "" if document.form.hosts else ", as hosts names no file"
                )
                todo = did_you_mean(name, known, "Correct it, or add hosts: hosts.yaml.")
                problems.add(document.place("host_mark", at), "host-mark", f"{{{name}}}", expected, todo)


def _number_rules(form: OrganisationFile) -> NumberRules:
    number = form.number
    return NumberRules(
        pattern=number.rules("document number"),
        first_year=number.first_year,
        founded=number.founded or f"the numbers of {form.short_name} begin in {number.first_year}",
        series=number.series,
        joint=number.joint,
        serial_digits=number.serial_digits,
        revision=number.revision,
        folder=number.folder,
        file_prefix=number.file_prefix,
        file=number.file,
        in_text=number.in_text,
        aliases=number.aliases,
        folders=tuple(FolderRule(**rule.model_dump()) for rule in number.folders),
        unusual=tuple(UnusualPath(**rule.model_dump()) for rule in number.unusual),
    )


def _projects(form: OrganisationFile) -> ProjectGrammar:
    project = form.project_number
    return (
        ProjectGrammar(project.rules("project number"), tuple(project.order)) if project else ProjectGrammar()
    )


class _PatternChecks:
    """Checks of the patterns under a key: each is an expression, and its examples fit."""

    def __init__(self, document: Document[OrganisationFile], key: str, problems: Problems):
        self.document, self.key, self.problems = document, key, problems
        self.form = getattr(document.form, key)
        self._before = len(problems.found)

    def check_number(self) -> None:
        """Check the document numbers: also the groups, folders, files, and how a revision is written."""
        patterns = self.check(PARTS)
        for key in ("folders", "unusual"):
            for at, rule in enumerate(getattr(self.form, key)):
                self._compile(rule.path, key, at, "path")
        in_text = self.form.in_text
        if in_text and self._compile(in_text, "in_text") and has_nested_repetition(in_text):
            self._add_nested("in_text")
        if patterns is None:
            return
        self._check_names(patterns)
        if "{n}" not in self.form.revision:
            self._add(
                ("revision",), "pattern", quoted(self.form.revision), "a text with {n} for the revision"
            )
        elif len(self.problems.found) == self._before:
            self._check_use()

    def check(self, groups: tuple[str, ...] = ()) -> re.Pattern[str] | None:
        """Check the pattern and its examples; return the expression, None where it is none."""
        pattern = self._compile(self.form.pattern, "pattern")
        if pattern and has_nested_repetition(self.form.pattern):
            self._add_nested("pattern")
            return None
        divide = self._compile(self.form.divide, "divide") if self.form.divide else None
        each = [self._compile(part.each, "parts", name, "each") for name, part in self.form.parts.items()]
        wrong = [
            self._compile(m.pattern, "mistakes", at, "pattern") for at, m in enumerate(self.form.mistakes)
        ]
        if pattern is None or None in (*each, *wrong) or (self.form.divide and divide is None):
            return None
        missing = [name for name in groups if name not in pattern.groupindex]
        if missing:
            named = ", ".join(f"(?P<{name}>...)" for name in missing)
            found = f"a pattern without the group {named}"
            self._add(("pattern",), "pattern", found, f"the groups {', '.join(groups)}")
            return None
        before = len(self.problems.found)
        self._check_divide(pattern, divide)
        self._check_examples(pattern)
        return pattern if len(self.problems.found) == before else None

    def _check_divide(self, pattern: re.Pattern[str], divide: re.Pattern[str] | None) -> None:
        """Check that a number that falls into parts can be written again, and the names of the parts."""
        groups = [*divide.groupindex] if divide else []
        if unknown := sorted({*placeholders(self.form.write)} ^ {*groups}):
            expected = "the same names in divide, as groups, and in write, in curly brackets"
            self._add(("write",), "pattern", f"{', '.join(unknown)} in one of them only", expected)
            return
        named: list[tuple[str, Any, tuple[str | int, ...]]] = [
            *((name, pattern.groupindex, ("divide",)) for name in groups),
            *((name, groups, ("parts", name)) for name in self.form.parts),
            *(
                (m.part, groups, ("mistakes", at, "part"))
                for at, m in enumerate(self.form.mistakes)
                if m.part
            ),
            *(
                (name, pattern.groupindex, ("order", at))
                for at, name in enumerate(getattr(self.form, "order", ()))
            ),
        ]
        for name, known, keys in named:
            if name not in known:
                where = "pattern" if known is pattern.groupindex else "divide"
                expected = f"a group of {where}: {', '.join(known)}"
                self._add(keys, "pattern", quoted(name), expected, did_you_mean(name, known, "Correct it."))

    def _check_examples(self, pattern: re.Pattern[str]) -> None:
        for at, example in enumerate(self.form.examples):
            if not _WRITABLE.fullmatch(example) and self.key == "number":
                expected = (
                    "letters, digits and the signs / . _ ( ) - alone, as commands and files name papers so"
                )
                self._add(("examples", at), "example", quoted(example), expected)
            elif len(example) > MOST_CHARACTERS or not pattern.fullmatch(example):
                expected = f"a number of at most {MOST_CHARACTERS} characters that the pattern fits"
                self._add(("examples", at), "example", quoted(example), expected)

    def _check_names(self, pattern: re.Pattern[str]) -> None:
        """Check the names in curly brackets of series, folders and names of files."""
        groups = {*pattern.groupindex, "yy"}
        allowed = {"series": {"year", "yy", "code", "ordinal"}, "folder": groups, "file_prefix": groups}
        allowed["file"] = {*groups, "file_prefix", "tail"}
        for key, names in allowed.items():
            self._check_placeholders(getattr(self.form, key), names, key)
        for at, rule in enumerate(self.form.folders):
            own = {*groups, *re.findall(r"\(\?P<(\w+)>", rule.path)}
            self._check_placeholders(rule.folder, own, "folders", at, "folder")
            self._check_placeholders(rule.file_prefix, own, "folders", at, "file_prefix")

    def _check_placeholders(self, text: str, names: set[str], *keys: str | int) -> None:
        for name in placeholders(text):
            if name not in names:
                expected = f"one of {', '.join(sorted(names))}"
                todo = did_you_mean(name, names, "Correct it.")
                self._add(keys, "pattern", f"{{{name}}}", expected, todo)

    def _check_use(self) -> None:
        """Check that the examples can be read, and that one of them can be revised."""
        try:
            grammar = Grammar(_number_rules(self.document.form))
        except re.error as error:  # such as a group that refers to another one
            found, expected = f"a group that is no expression by itself ({error})", "groups that are"
            self._add(("pattern",), "pattern", found, expected)
            return
        bases = [grammar.base_of(example) for example in self.form.examples]
        written = any(grammar.can_be(base, 1) for base in bases)
        if not written:
            found = f"{grammar.with_revision(bases[0], 1)} as a revision"
            expected = "a number whose group revision has all that is written, here " + quoted(
                fill_in(self.form.revision, {"n": "1"})
            )
            self._add(("revision",), "pattern", found, expected)
        for at, example in enumerate(self.form.examples):
            if not written and not grammar.is_number(example):
                continue  # only because of how a revision is written
            try:
                number = grammar.parse(example)
                grammar.series(number.prefix).place(number)
            except NumberError as error:
                self._add(("examples", at), "example", error.found, error.expected, f"{error.why}.")

    def _compile(self, pattern: str, *keys: str | int) -> re.Pattern[str] | None:
        try:
            return compile_pattern(pattern)
        except (re.error, RecursionError, OverflowError) as error:
            found = f"{quoted(pattern)}, which is no regular expression ({error})"
            self._add(keys, "pattern", found, "a regular expression")
            return None

    def _add_nested(self, key: str) -> None:
        found = f"{quoted(getattr(self.form, key))} with a repetition within a repetition"
        todo = "Write how often the outer one may be there, such as {0,2}: without, some texts take for ever."
        self._add((key,), "pattern", found, "no group with + or * that has + or * within it", todo)

    def _add(
        self, keys: tuple[str | int, ...], kind: str, found: str, expected: str, todo: str = "Correct it."
    ) -> None:
        place = self.document.place(self.key, *keys)
        self.problems.add(place, f"organisation-{kind}", found, expected, todo)
