"""The text that officers write by hand: one Markdown file for each section, with figures by name.

inputs/<forum>/narrative/<id>/<section>.md, with the paper's id, such as mid-term-review-2018. Which sections a kind has and which figures they may name is defined by the module of
the kind, see kind.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from papers import richtext

if TYPE_CHECKING:
    from papers.inputs.markdown import Section
    from papers.model.forum import Model
    from papers.model.meetings import Paper

    Paragraphs = list[richtext.BlockData]

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
    return [section.file for section in model.narratives.get(paper.id, {}).values()]


def narrative(
    model: Model, paper: Paper, section: str, facts: Mapping[str, str], optional: bool = False
) -> richtext.BlocksData:
    """Return the blocks of a section.

    A missing one is a paragraph that says so, or nothing if it is `optional`.
    """
    written = model.narratives.get(paper.id, {}).get(section)
    if written is not None:
        return richtext.blocks(*prose(written, facts))
    if optional:
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
        paragraph = richtext.block(block["style"], {"line": fill_facts(block["line"], facts)}, block["start"])
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
