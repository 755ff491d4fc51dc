"""The kinds of papers: which there are, which templates they are joined from and which tags those may use."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

from papers.model.meetings import Paper
from papers.store.contexts import ANNEX, RECEIVED
from papers.wording import cover
from papers.wording import kinds as modules_of_kinds
from papers.wording.kinds import sources_annex
from papers.wording.tags import Tag

if TYPE_CHECKING:
    from types import ModuleType

# The template of the annex, and what must not be empty for it to be printed.
ANNEX_IF = f"{sources_annex.NAMESPACE}.figures"


@cache
def kinds() -> dict[str, ModuleType]:
    """Name of kind -> its module."""
    names = sorted(module.name for module in pkgutil.iter_modules(modules_of_kinds.__path__))
    modules = [importlib.import_module(f"{modules_of_kinds.__name__}.{name}") for name in names]
    return {module.TEMPLATE: module for module in modules if hasattr(module, "TEMPLATE")}


def parts_of(paper: Paper) -> tuple[str, ...]:
    """The templates after the cover; a received paper has none, as its text is in the file that was sent."""
    return () if paper.kind == RECEIVED else kinds()[paper.kind].PARTS


def has_annex(kind: str) -> bool:
    """Whether the sources of figures can be listed at the end of papers of this kind."""
    return hasattr(kinds().get(kind), "SOURCES_ANNEX")


def templates_of(kind: str) -> tuple[str, ...]:
    """The templates that papers of a kind are made of, in their order."""
    if kind == RECEIVED:
        return ("cover",)
    return ("cover", *kinds()[kind].PARTS, *((ANNEX,) if has_annex(kind) else ()))


def tags_of(template: str) -> dict[str, dict[str, Tag]]:
    """What a template may say: namespace -> tags. `template` is "cover", the annex of sources or a kind."""
    if template == "cover":
        return {"cover": cover.TAGS, "paper": cover.PAPER_TAGS}
    kind = sources_annex if template == ANNEX else kinds()[template]
    return {kind.NAMESPACE: kind.TAGS, "paper": cover.PAPER_TAGS}
