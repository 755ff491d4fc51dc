"""Kinds that compute nothing: their tags are a title and the sections of their file that people write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.wording.narrative import AREA, NamedFigures, narrative, sections_of
from papers.wording.tags import Blocks, Each, Tag, Text, Values
from papers.wording.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papers import richtext
    from papers.inputs.kind_files import KindFile, SectionForm
    from papers.model.forum import Model
    from papers.model.meetings import Paper

_BLOCKS = "blocks"


def words_of(form: KindFile) -> Words:
    """Return the tags of a kind without computed words, and what fills them."""
    tags: dict[str, Tag] = {"title": Text("title of the paper")}
    alone = {name: section for name, section in form.narrative.items() if name not in form.blocks}
    tags |= {tag_name(name): _tag(section) for name, section in alone.items()}
    if form.blocks:
        of: dict[str, Tag] = {"heading": Text("heading of the section"), "text": Blocks("its text")}
        tags[_BLOCKS] = Each("the sections that have a text, in the order of the kind's file", of)
    return Words(tags=tags, context=lambda model, paper: _context(form, model, paper), facts=facts)


def tag_name(section: str) -> str:
    """Return the tag of a section: next_steps for next-steps, assessment for assessment-{area}."""
    return section.replace(f"-{AREA}", "").replace("-", "_")


def _tag(section: SectionForm) -> Tag:
    if section.each is None:
        return Blocks(f"{section.heading}; written by hand")
    of: dict[str, Tag] = {"area": Text("name of the priority area"), "text": Blocks("its text")}
    return Each("the priority areas that have a text", of)


def facts(model: Model, paper: Paper) -> Mapping[str, str]:
    """Return what the sections may name: the facts of the paper's plan, and its year."""
    plan = model.plans.get(paper.plan)
    return NamedFigures({**(plan.facts if plan else {}), **({"year": str(paper.year)} if paper.year else {})})


def _context(form: KindFile, model: Model, paper: Paper) -> Values:
    named, sections = facts(model, paper), sections_of(model, paper)
    values: Values = {"title": paper.title}
    for name, section in form.narrative.items():
        if name in form.blocks:
            continue
        values[tag_name(name)] = (
            narrative(model, paper, name, named)
            if section.each is None
            else _of_areas(name, model, paper, named)
        )
    if form.blocks:
        names = [name for block in form.blocks for name in _files_of(block, model)]
        texts = [(sections[name].heading, narrative(model, paper, name, named)) for name in names]
        values[_BLOCKS] = [{"heading": heading, "text": text} for heading, text in texts if text["blocks"]]
    return values


def _files_of(section: str, model: Model) -> list[str]:
    areas = model.plan.areas if model.plan else []
    return [section.replace(AREA, area.id) for area in areas] if AREA in section else [section]


def _of_areas(section: str, model: Model, paper: Paper, named: Mapping[str, str]) -> list[Values]:
    areas = model.plan.areas if model.plan else []
    texts = [(area.name, _text_of(section, area.id, model, paper, named)) for area in areas]
    return [{"area": name, "text": text} for name, text in texts if text["blocks"]]


def _text_of(
    section: str, area: str, model: Model, paper: Paper, named: Mapping[str, str]
) -> richtext.BlocksData:
    return narrative(model, paper, section.replace(AREA, area), named)
