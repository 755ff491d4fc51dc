"""Read what kinds of papers are made of, and the phrases that they say.

Look-up order: the forum's folder, the organisation's, the shipped templates. An override replaces one file of a
kind, one template, or one phrase as a whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field

from papers.inputs.yaml import Document, StrictModel, fit_form, read_yaml
from papers.inputs.yaml_nodes import load_yaml, place_of
from papers.problems import Place, quoted
from papers.store.template_folders import (
    ORGANISATION,
    PHRASES,
    SHIPPED,
    SHIPPED_PHRASES,
    files_of_kinds,
    template_folders,
)

if TYPE_CHECKING:
    from pathlib import Path

    from papers.problems import Problems

NAME = "[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
# Keys of a paper's entry that say what it is about; the others may stand in every entry.
EntryKey = Literal["plan", "schedule", "year", "workplan", "session", "document", "record"]
# For what a paper may name economies: no return, a late one, overdue activities, the scores that they gave.
Naming = Literal["missing", "late", "overdue", "scores"]
ENTRY_KEYS: tuple[EntryKey, ...] = get_args(EntryKey)


class PartForm(StrictModel):
    """A template that follows the cover; with `if`, only where the condition holds. An annex gets a letter."""

    template: str = Field(pattern=f"^{NAME}$", description="the name of a kind, such as work-plan")
    annex: bool = False
    condition: str = Field("", alias="if")


class SectionForm(StrictModel):
    """A section that is written by hand, one for each priority area with `each: area`, for each item with `each: item`.

    It is asked for where its condition holds. Otherwise, and if it is optional, it may be missing.
    """

    heading: str = Field(min_length=1)
    optional: bool = False
    each: Literal["area", "item"] | None = None
    condition: str = Field("", alias="if")


def _as_part(value: Any) -> Any:
    return {"template": value} if isinstance(value, str) else value


class KindFile(StrictModel):
    """What a kind of paper is made of; templates/README.md describes the keys."""

    namespace: str = Field(
        pattern="^[a-z][a-z0-9_]*$", description="one word in small letters, the first of its tags"
    )
    title: str = ""
    parts: list[Annotated[PartForm, BeforeValidator(_as_part)]] = Field(default_factory=list)
    entry: dict[EntryKey, Literal["required", "optional"]] = Field(default_factory=dict)
    needs: list[str] = Field(default_factory=list)
    serial: int | None = Field(None, ge=0, le=999)
    narrative: dict[str, SectionForm] = Field(default_factory=dict)
    blocks: list[str] = Field(default_factory=list)
    may_name: list[Naming] = Field(default_factory=list)
    sources_annex: bool = False
    words: str = ""


class PhraseForm(StrictModel):
    """A sentence, said where its condition holds and no entry above it was said."""

    condition: str = Field("", alias="if")
    say: str


class PhrasesFile(StrictModel):
    """Sentences by id: of each the entries, of which the first one whose condition holds is said."""

    phrases: dict[str, list[PhraseForm]] = Field(default_factory=dict)


@dataclass(eq=False)
class KindFiles:
    """The kinds that a forum has, its templates, and its phrases.

    `kinds` are the files by name of the kind, `templates` the paths of Word files by name, `phrases` the files
    from the nearest to the shipped one. `unread` are names of kinds whose file could not be read.
    """

    kinds: dict[str, Document[KindFile]] = field(default_factory=dict)
    templates: dict[str, str] = field(default_factory=dict)
    phrases: list[Document[PhrasesFile]] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)

    def as_data(self) -> dict[str, str]:
        """Return the kinds with their files, for model.json."""
        return {name: document.name for name, document in self.kinds.items()}

    def template(self, name: str) -> str:
        """Return the path of a template; where there is none, that next to the file of the kind."""
        beside = self.kinds[name].name.removesuffix(".yaml") if name in self.kinds else f"{SHIPPED}/{name}"
        return self.templates.get(name, f"{beside}.docx")

    def entry_of(self, kind: str) -> dict[EntryKey, str]:
        """Return what an entry of a kind may name, each key required or optional; that of its parts too."""
        entry: dict[EntryKey, str] = {}
        for part in self.kinds[kind].form.parts:
            other = self.kinds.get(part.template)
            for key, how in other.form.entry.items() if other and part.template != kind else ():
                required = how == "required" and not part.condition
                entry[key] = "required" if required or entry.get(key) == "required" else "optional"
        return {**entry, **self.kinds[kind].form.entry}


def read_kind_files(root: Path, forum: str, problems: Problems) -> KindFiles:
    """Return the kinds, templates and phrases of a forum; `root` has the folders templates and inputs."""
    found = KindFiles(templates=files_of_kinds(root, forum, ".docx"))
    for name, file in sorted(files_of_kinds(root, forum, ".yaml").items()):
        document = (
            read_yaml(root / file, file, KindFile, problems) if _is_name(name, file, problems) else None
        )
        if document is None:
            found.unread.add(name)
        else:
            found.kinds[name] = document
    names = (f"inputs/{forum}/{PHRASES}", f"{ORGANISATION}/{PHRASES}", SHIPPED_PHRASES)
    documents = (read_phrases(root, name, problems) for name in names)
    found.phrases = [document for document in documents if document]
    _check_folders(root, forum, problems)
    return found


def _is_name(name: str, file: str, problems: Problems) -> bool:
    """Return whether the name of a kind can be that of a template; report it otherwise."""
    if re.fullmatch(NAME, name):
        return True
    expected, todo = "small letters, digits and hyphens, such as work-plan.yaml", "Rename the file."
    problems.add(Place(file), "file-name", f"the name {quoted(name)}", expected, todo)
    return False


def read_phrases(root: Path, name: str, problems: Problems) -> Document[PhrasesFile] | None:
    """Return a file of phrases, whose keys are their ids; None where there is none, or it could not be read.

    The places of the document are below these ids: `document.place("work-plan.summary", 0, "say")`.
    """
    if not (root / name).is_file():
        return None
    before = len(problems.found)
    data, node = load_yaml(root / name, name, problems)
    if len(problems.found) > before:
        return None
    form = fit_form(
        {"phrases": {} if data is None else data},
        PhrasesFile,
        lambda keys: [place_of(node, keys[1:], name)],
        problems,
    )
    return Document(name, form, node) if form is not None else None


def _check_folders(root: Path, forum: str, problems: Problems) -> None:
    """Report files in the folders of overrides that override nothing: they would be skipped silently."""
    for folder in template_folders(forum)[1:]:
        for path in sorted((root / folder).iterdir()) if (root / folder).is_dir() else ():
            if path.suffix in (".docx", ".yaml") or path.name.startswith((".", "~$")):
                continue
            expected = "templates (.docx) and kinds of papers (.yaml)"
            name = path.relative_to(root).as_posix()
            problems.add(Place(name), "file-type", "another file", expected, "Move it out of the folder.")
