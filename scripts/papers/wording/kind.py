"""The kinds of papers: what `templates/<kind>.yaml` says of each, and the module that computes its words.

Counts are worded with `english.figure`, `english.number` or `english.count` of a `Figure`, so that each has its
trace (see figure_markers.py); `counts.py` has the figures that several kinds use.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from papers.store.template_folders import SHIPPED_PHRASES
from papers.store.work_files import ANNEX, RECEIVED
from papers.wording import conditions, cover, level_words, plain_kind, sources_annex
from papers.wording import kinds as kind_modules
from papers.wording.tags import Flag

if TYPE_CHECKING:
    from papers.inputs.kind_files import KindFile, KindFiles, PartForm
    from papers.inputs.yaml import Document
    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.problems import Problems
    from papers.wording.tags import Tag, Values
    from papers.wording.words import Words

# The tag that must not be empty for the annex to be printed.
ANNEX_IF = f"{sources_annex.NAMESPACE}.figures"
PARTS = "parts"  # the namespace of the flags that say which optional parts a paper has
SHARED_TAGS: dict[str, dict[str, dict[str, Tag]]] = {  # template -> namespace -> its tags
    "cover": {"cover": cover.TAGS, "paper": cover.PAPER_TAGS},
    ANNEX: {sources_annex.NAMESPACE: sources_annex.TAGS, "paper": cover.PAPER_TAGS},
}


@dataclass(frozen=True)
class Kind:
    """A kind of paper: the file that says what it is made of, and what computes its words."""

    name: str
    document: Document[KindFile]
    words: Words

    @property
    def form(self) -> KindFile:
        """What its file says."""
        return self.document.form

    @property
    def namespace(self) -> str:
        """The first part of its tags: `review` in {{ review.title }}."""
        return self.form.namespace

    @property
    def tags(self) -> dict[str, Tag]:
        """Its tags by name."""
        return self.words.tags

    @property
    def parts(self) -> tuple[PartForm, ...]:
        """The kinds whose templates follow the cover; often only the kind itself."""
        return tuple(self.form.parts)

    @property
    def conditions_of_parts(self) -> dict[str, str]:
        """Template of each optional part -> the tag that says whether a paper has it."""
        return {part.template: f"{PARTS}.{_flag(part)}" for part in self.parts if part.condition}


class Kinds(Mapping[str, Kind]):
    """The kinds of a forum by name, with the paths of their templates."""

    def __init__(self, files: KindFiles, kinds: dict[str, Kind]):
        self.files, self._kinds = files, kinds

    def __getitem__(self, name: str) -> Kind:
        return self._kinds[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    def templates_of(self, kind: str) -> tuple[str, ...]:
        """Return the names of the templates that papers of a kind are made of, in their order."""
        if kind == RECEIVED:
            return ("cover",)
        parts = (part.template for part in self[kind].parts)
        return ("cover", *parts, *((ANNEX,) if self.has_annex(kind) else ()))

    def template_files(self, kind: str) -> list[str]:
        """Return the files that papers of a kind are made of: their templates, and what says so."""
        names = self.templates_of(kind)
        files = [self.files.template(name) for name in names]
        own = {self[name].document.name for name in (kind, *names) if name in self}
        return [*files, *sorted(own), SHIPPED_PHRASES]

    def tags_of(self, template: str) -> dict[str, dict[str, Tag]]:
        """Return the tags that a template may use, by namespace. `template` is a kind, "cover" or `ANNEX`."""
        if template in SHARED_TAGS:
            return SHARED_TAGS[template]
        kind = self[template]
        shared = {"paper": cover.PAPER_TAGS, level_words.NAMESPACE: level_words.TAGS}
        return {kind.namespace: kind.tags, **shared}

    def all_tags_of(self, kind: str) -> dict[str, dict[str, Tag]]:
        """Return the tags of all templates of a kind by namespace, and the flags of its optional parts."""
        tags = {space: tags for name in self.templates_of(kind) for space, tags in self.tags_of(name).items()}
        optional = [part for part in self[kind].parts if part.condition]
        flags: dict[str, Tag] = {_flag(part): Flag("yes where the paper has the part") for part in optional}
        return {**tags, **({PARTS: flags} if flags else {})}

    def has_annex(self, kind: str) -> bool:
        """Whether papers of a kind may end with the annex that lists the sources of their figures."""
        return kind in self and self[kind].form.sources_annex


def _flag(part: PartForm) -> str:
    return part.template.replace("-", "_")


@cache
def _modules() -> tuple[str, ...]:
    """Return the names of the modules that compute words, in alphabetical order."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(kind_modules.__path__)))


@cache
def _words_of(module: str) -> Words:
    words: Words = importlib.import_module(f"{kind_modules.__name__}.{module}").WORDS
    return words


@lru_cache(maxsize=4)
def kinds_of(files: KindFiles) -> Kinds:
    """Return the kinds of a forum; those whose file names no module that exists are left out."""
    found = {}
    for name, document in files.kinds.items():
        form = document.form
        if not form.words:
            found[name] = Kind(name, document, plain_kind.words_of(form))
        elif form.words in _modules():
            found[name] = Kind(name, document, _words_of(form.words))
    return Kinds(files, found)


def kinds(model: Model) -> Kinds:
    """Return the kinds of a model's forum."""
    return kinds_of(model.kind_files)


def modules_of_words() -> tuple[str, ...]:
    """Return what a kind's file may name after `words:`."""
    return _modules()


def parts_of(model: Model, paper: Paper) -> tuple[str, ...]:
    """Return the kinds that follow a paper's cover; () for a received paper, whose text is in its file."""
    if paper.kind == RECEIVED:
        return ()
    parts = kinds(model)[paper.kind].parts
    return tuple(part.template for part in parts if conditions.holds(part.condition, model, paper))


def flags_of_parts(model: Model, paper: Paper) -> Values:
    """Return the flags of the optional parts of a paper's kind; {} where it has none."""
    if paper.kind == RECEIVED:
        return {}
    there = parts_of(model, paper)
    optional = [part for part in kinds(model)[paper.kind].parts if part.condition]
    return {PARTS: {_flag(part): part.template in there for part in optional}} if optional else {}


def check_kind(model: Model, paper: Paper, problems: Problems) -> None:
    """Report the problems that the kinds of the paper's parts find; none in a received paper."""
    for part in parts_of(model, paper):
        kinds(model)[part].words.check(model, paper, problems)
