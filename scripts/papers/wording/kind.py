"""The kinds of papers. Each module of `papers.wording.kinds` defines one, `KIND`; nothing else lists them.

Counts are worded with `english.figure`, `english.number` or `english.count` of a `Figure`, so that each has its
trace (see figure_markers.py); `counts.py` has the figures that several kinds use.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from papers.store.work_files import ANNEX, RECEIVED
from papers.wording import cover, sources_annex
from papers.wording import kinds as kind_modules

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.problems import Problems
    from papers.wording.needs import Need
    from papers.wording.tags import Tag, Values

# The tag that must not be empty for the annex to be printed.
ANNEX_IF = f"{sources_annex.NAMESPACE}.figures"


@dataclass(frozen=True, kw_only=True)
class Narrative:
    """The sections of a paper that are written by hand, and the figures that they may name.

    `sections` are their headings in the paper by the name of their Markdown file, or return these where they
    depend on the plan. `facts` returns the figures by name. The sections in `optional` may be missing. Raises
    ValueError where one of these is no section.
    """

    sections: Mapping[str, str] | Callable[[Model, Paper], Mapping[str, str]]
    facts: Callable[[Model, Paper], Mapping[str, str]]
    optional: Collection[str] = ()

    def __post_init__(self) -> None:
        unknown = (
            [] if callable(self.sections) else [name for name in self.optional if name not in self.sections]
        )
        if unknown:
            raise ValueError(f"no sections, but optional: {', '.join(unknown)}")

    def headings(self, model: Model, paper: Paper) -> Mapping[str, str]:
        """Return the headings of a paper's sections by name."""
        return self.sections(model, paper) if callable(self.sections) else self.sections


def _no_problem(model: Model, paper: Paper, problems: Problems) -> None:
    pass


def _nothing(model: Model, paper: Paper) -> list[str]:
    return []


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of paper: its template, its tags, what it is made from, and the functions that word it.

    `name` is also the name of its template in templates/, `namespace` the first part of its tags: `review` in
    {{ review.title }}. `parts` are the kinds whose templates follow the cover, in this order; often only the
    kind itself. `needs` are the inputs that the entry of such a paper in its meeting's file has to name.
    `context` returns the value of each of `tags`. With `has_annex`, papers may end with the sources of their
    figures.

    `check` reports problems that follow from more than the needs, `notices` returns what the user should know
    although the paper can be built, and `sources` the input files that the paper is made from in addition to
    those of its needs. Raises ValueError for a kind of which no paper could be made.
    """

    name: str
    namespace: str
    tags: dict[str, Tag]
    parts: tuple[str, ...]
    needs: tuple[Need, ...]
    context: Callable[[Model, Paper], Values]
    narrative: Narrative | None = None
    check: Callable[[Model, Paper, Problems], None] = _no_problem
    notices: Callable[[Model, Paper], list[str]] = _nothing
    sources: Callable[[Model, Paper], list[str]] = _nothing
    has_annex: bool = False

    def __post_init__(self) -> None:
        empty = [field for field in ("name", "namespace", "tags", "parts") if not getattr(self, field)]
        if empty:
            raise ValueError(f"the kind {self.name!r} has no {' and no '.join(empty)}")


@cache
def kinds() -> dict[str, Kind]:
    """Return each kind by its name, in alphabetical order of the modules."""
    names = sorted(module.name for module in pkgutil.iter_modules(kind_modules.__path__))
    modules = [importlib.import_module(f"{kind_modules.__name__}.{name}") for name in names]
    return {module.KIND.name: module.KIND for module in modules}


def parts_of(paper: Paper) -> tuple[str, ...]:
    """Return the kinds that follow the cover: () for a received paper, whose text is in the received file."""
    return () if paper.kind == RECEIVED else kinds()[paper.kind].parts


def templates_of(kind: str) -> tuple[str, ...]:
    """Return the names of the templates that papers of a kind are made of, in their order."""
    if kind == RECEIVED:
        return ("cover",)
    return ("cover", *kinds()[kind].parts, *((ANNEX,) if has_annex(kind) else ()))


def tags_of(template: str) -> dict[str, dict[str, Tag]]:
    """Return the tags that a template may use, by namespace. `template` is a kind, "cover" or `ANNEX`."""
    if template == "cover":
        return {"cover": cover.TAGS, "paper": cover.PAPER_TAGS}
    if template == ANNEX:
        return {sources_annex.NAMESPACE: sources_annex.TAGS, "paper": cover.PAPER_TAGS}
    kind = kinds()[template]
    return {kind.namespace: kind.tags, "paper": cover.PAPER_TAGS}


def has_annex(kind: str) -> bool:
    """Whether papers of a kind may end with the annex that lists the sources of their figures."""
    return kind in kinds() and kinds()[kind].has_annex


def check_kind(model: Model, paper: Paper, problems: Problems) -> None:
    """Report the problems that the paper's kind itself finds; none in a received paper."""
    if paper.kind != RECEIVED:
        kinds()[paper.kind].check(model, paper, problems)
