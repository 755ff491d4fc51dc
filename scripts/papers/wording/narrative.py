"""The text that officers write by hand: one Markdown file for each section, with figures by name.

inputs/<forum>/narrative/<id>/<section>.md, with the paper's id, such as mid-term-review-2018. Which sections a
kind has is in its file, templates/<kind>.yaml; which figures they may name is computed by its words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from papers import richtext
from papers.model.records import in_file_name
from papers.wording import conditions

if TYPE_CHECKING:
    from papers.inputs.markdown import Section
    from papers.model.forum import Model
    from papers.model.meetings import Paper

    Paragraphs = list[richtext.BlockData]

AREA, ITEM = (
    "{area}",
    "{item}",
)  # in the name of a section that each priority area, or each item of the agenda, has
MISSING = "[The text of this section is still to be supplied: {}]"


class NamedFigures(Mapping[str, str]):
    """Name -> the figure in words.

    Values may be functions, which are called only when their name is looked up.

    There are many figures, each takes time to count, and a narrative names few of them.
    """

    def __init__(self, words: Mapping[str, str | Callable[[], str]]):
        self._words = dict(words)

    def __getitem__(self, name: str) -> str:
        words = self._words[name]
        return words if isinstance(words, str) else words()

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)

    def __contains__(self, name: object) -> bool:
        return name in self._words

    def __or__(self, other: NamedFigures | Mapping[str, str | Callable[[], str]]) -> NamedFigures:
        return NamedFigures(self._words | (other._words if isinstance(other, NamedFigures) else dict(other)))


# The files of a paper


def paper_ids(model: Model) -> set[str]:
    """Return the ids of all papers: the names of their narratives and recommendations."""
    return {paper.id for meeting in model.meetings for paper in meeting.papers}


def narrative_files(model: Model, paper: Paper) -> list[str]:
    """Return the input files of a paper's narrative."""
    return [file for section in model.narratives.get(paper.id, {}).values() for file in section.files]


class NarrativeSection(NamedTuple):
    """A section of a paper; it `may_be_missing` where it is optional or its condition does not hold."""

    heading: str
    may_be_missing: bool
    area: str  # id of the priority area that it is about; "" for a section that there is once


def sections_of(model: Model, paper: Paper) -> dict[str, NarrativeSection]:
    """Return the sections of a paper by the names of their files, in the order of its kind's file."""
    document = model.kind_files.kinds.get(paper.kind)
    found: dict[str, NarrativeSection] = {}
    values = conditions.values(model, paper) if document and document.form.narrative else {}
    for name, form in document.form.narrative.items() if document else ():
        free = form.optional or not conditions.holds(form.condition, model, paper)
        if form.each is None:
            found[name] = NarrativeSection(conditions.parsed_text(form.heading).fill(values), free, "")
            continue
        if form.each == "item":
            found |= _sections_of_items(model, paper, name, form.heading, free)
            continue
        for area in model.plan.areas if model.plan else ():
            heading_of_area = conditions.parsed_text(form.heading).fill(
                {**values, "area": {"name": area.name}}
            )
            found[name.replace(AREA, area.id)] = NarrativeSection(heading_of_area, free, area.id)
    return found


def _sections_of_items(
    model: Model, paper: Paper, name: str, heading: str, free: bool
) -> dict[str, NarrativeSection]:
    """Return a section for each item of the recorded meeting's agenda that the record's own file leaves out."""
    record = model.records.get(paper.record)
    items = [item for item in record.meeting.agenda if item[0] not in record.texts] if record else []
    return {
        name.replace(ITEM, in_file_name(item)): NarrativeSection(
            conditions.parsed_text(heading).fill({"item": {"name": title or item}}), free, ""
        )
        for item, title in items
    }


def narrative(model: Model, paper: Paper, section: str, facts: Mapping[str, str]) -> richtext.BlocksData:
    """Return the blocks of a section; none if the paper's kind does not have it.

    A missing one is a paragraph that says so, or nothing if it may be missing.
    """
    declared = sections_of(model, paper).get(section)
    written = model.narratives.get(paper.id, {}).get(section) if declared else None
    if written is not None:
        return richtext.blocks(*prose(written, facts))
    if declared is None or declared.may_be_missing:
        return richtext.blocks()
    missing = MISSING.format(f"narrative/{paper.id}/{section}.md")
    return richtext.blocks(richtext.block(richtext.BODY, richtext.line(missing)))


# Sections with facts: {{ name }} in Markdown is {"fact": name, "marks": ...} among the runs of a line


def heading(section: Section, facts: Mapping[str, str]) -> richtext.LineData:
    """Return the heading of a section as a line."""
    return {"line": fill_facts(section.heading, facts)}


def prose(section: Section, facts: Mapping[str, str]) -> Paragraphs:
    """Return the paragraphs of a section."""
    return [paragraph for _, part in named_blocks(section, facts, {}) for paragraph in part]


def named_blocks(
    section: Section, facts: Mapping[str, str], block_facts: Mapping[str, Callable[[], Paragraphs]]
) -> list[tuple[str, Paragraphs]]:
    """Return the parts of a section in order as (name, paragraphs); the name is "" for prose.

    A fact of `block_facts` that stands alone in a paragraph is a part of its own, under its name, with the
    paragraphs that its function returns. All prose between two of these is one part.
    """
    parts: list[tuple[str, Paragraphs]] = []
    for block in section.blocks:
        only = block["line"][0] if len(block["line"]) == 1 else None
        if isinstance(only, dict) and only.get("fact") in block_facts:
            parts.append((only["fact"], block_facts[only["fact"]]()))
            continue
        paragraph = richtext.with_lines(block, lambda runs: fill_facts(runs, facts))
        if parts and parts[-1][0] == "":
            parts[-1][1].append(paragraph)
        else:
            parts.append(("", [paragraph]))
    return parts


def fill_facts(runs: list[richtext.Run], facts: Mapping[str, str]) -> list[richtext.Run]:
    """Return runs with the text of each fact in its place, in footnotes too."""
    filled: list[richtext.Run] = []
    for run in runs:
        if isinstance(run, list):
            filled.append(run)
        elif "note" in run:
            filled.append({"note": fill_facts(run["note"], facts)})
        else:
            filled.append([facts[run["fact"]], run["marks"]])
    return filled
