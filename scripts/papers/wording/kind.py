"""The kinds of papers. Each module of `papers.wording.kinds` is one; nothing else has to list it.

The module of a kind defines

    TEMPLATE    name of the kind, and of its template in templates/
    NAMESPACE   first part of its tags: `review` in {{ review.title }}
    TAGS        tags that its template may use: name -> Tag
    PARTS       kinds whose templates follow the cover, in this order; often only the kind itself
    NEEDS       what the entry of such a paper in its meeting's file has to name, see needs.py
    context(model, paper) -> dict
                the value of each tag

and may define

    NARRATIVE   sections that are written by hand: name of the Markdown file -> heading in the paper
    narrative_sections(model, paper) -> dict
                the same, for a kind whose sections depend on the plan
    OPTIONAL    names of sections that may be missing
    facts(model, paper) -> Mapping[str, str]
                figures that these sections may name; required where there are sections
    check(model, paper, problems) -> None
                report problems that follow from more than the needs
    notices(model, paper) -> list[str]
                what the user should know although the paper can be built
    sources(model, paper) -> list[str]
                input files that the paper is made from in addition to those of its needs
    SOURCES_ANNEX
                True for a kind whose papers may end with the sources of their figures, see sources_annex.py

Counts are worded with `english.figure`, `english.number` or `english.count` of a `Figure`, so that each has
its trace; `counts.py` has the figures that several kinds use. The other functions here ask a kind for what it
may not define.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

from papers.store.work_files import ANNEX, RECEIVED
from papers.wording import cover, sources_annex
from papers.wording import kinds as kind_modules

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from types import ModuleType

    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.problems import Problems
    from papers.wording.tags import Tag

# The tag that must not be empty for the annex to be printed.
ANNEX_IF = f"{sources_annex.NAMESPACE}.figures"


@cache
def kinds() -> dict[str, ModuleType]:
    """Return the module of each kind by its name, in alphabetical order of the modules."""
    names = sorted(module.name for module in pkgutil.iter_modules(kind_modules.__path__))
    modules = [importlib.import_module(f"{kind_modules.__name__}.{name}") for name in names]
    return {module.TEMPLATE: module for module in modules}


def parts_of(paper: Paper) -> tuple[str, ...]:
    """Return the kinds that follow the cover: () for a received paper, whose text is in the received file."""
    return () if paper.kind == RECEIVED else kinds()[paper.kind].PARTS


def templates_of(kind: str) -> tuple[str, ...]:
    """Return the names of the templates that papers of a kind are made of, in their order."""
    if kind == RECEIVED:
        return ("cover",)
    return ("cover", *kinds()[kind].PARTS, *((ANNEX,) if has_annex(kind) else ()))


def tags_of(template: str) -> dict[str, dict[str, Tag]]:
    """Return the tags that a template may use, by namespace. `template` is a kind, "cover" or `ANNEX`."""
    if template == "cover":
        return {"cover": cover.TAGS, "paper": cover.PAPER_TAGS}
    module = sources_annex if template == ANNEX else kinds()[template]
    return {module.NAMESPACE: module.TAGS, "paper": cover.PAPER_TAGS}


def has_annex(kind: str) -> bool:
    """Whether papers of a kind may end with the annex that lists the sources of their figures."""
    return getattr(kinds().get(kind), "SOURCES_ANNEX", False)


def sections_of(model: Model, paper: Paper) -> Mapping[str, str]:
    """Return the hand-written sections of a paper, name -> heading; empty for a kind without any."""
    kind = kinds()[paper.kind]
    if hasattr(kind, "narrative_sections"):
        return kind.narrative_sections(model, paper)
    return getattr(kind, "NARRATIVE", {})


def optional_sections(paper: Paper) -> Collection[str]:
    """Return the names of the hand-written sections that may be missing."""
    return getattr(kinds()[paper.kind], "OPTIONAL", ())


def check_kind(model: Model, paper: Paper, problems: Problems) -> None:
    """Report the problems that the paper's kind itself finds."""
    if hasattr(kinds().get(paper.kind), "check"):
        kinds()[paper.kind].check(model, paper, problems)


def notices_of(model: Model, paper: Paper) -> list[str]:
    """Return what the paper's kind wants the user to know."""
    kind = kinds()[paper.kind]
    return kind.notices(model, paper) if hasattr(kind, "notices") else []


def extra_sources(model: Model, paper: Paper, part: str) -> list[str]:
    """Return the input files that one part of a paper is made from in addition to those of its needs."""
    kind = kinds()[part]
    return kind.sources(model, paper) if hasattr(kind, "sources") else []
