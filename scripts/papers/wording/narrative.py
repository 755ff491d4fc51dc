"""The Chair's and the Secretariat's own words: one Markdown file a section, with figures by name.

inputs/<forum>/narrative/<folder>/<section>.md; the folder is the paper's kind and year, such as mid-term-review-2018.
A kind that has narrative declares NARRATIVE (section -> heading in the paper), or narrative_sections(model, paper) where they
follow from the plan, and facts(model, paper) (name -> words), and in OPTIONAL the sections that may be missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from papers import richtext
from papers.model.plan import check_facts
from papers.problems import Place, Problems, did_you_mean

if TYPE_CHECKING:
    from types import ModuleType

    from papers.inputs.markdown import Section
    from papers.model.forum import Model
    from papers.model.meetings import Paper


class NamedFigures(Mapping[str, str]):
    """Name -> words. A figure is counted and worded when it is named, and only then: there are many, and few are named."""

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


Paragraphs = list[dict]


def fill_facts(runs: list, facts: Mapping[str, str]) -> list:
    """Runs with each fact replaced by its text, also within footnotes."""
    done = []
    for run in runs:
        if isinstance(run, dict) and "note" in run:
            done.append({"note": fill_facts(run["note"], facts)})
        elif isinstance(run, dict):
            done.append([facts[run["fact"]], run["marks"]])
        else:
            done.append(run)
    return done


def heading(section: Section, facts: Mapping[str, str]) -> dict:
    return {"line": fill_facts(section.heading, facts)}


def named_blocks(
    section: Section, facts: Mapping[str, str], whole: Mapping[str, Callable[[], Paragraphs]]
) -> list[tuple[str, Paragraphs]]:
    """The section's blocks in order, as (name, paragraphs): name is that of a whole fact, or "" for prose.

    Consecutive paragraphs of prose come together; `whole` makes the paragraphs of a fact that stands alone.
    """
    pieces: list[tuple[str, Paragraphs]] = []
    for block in section.blocks:
        alone = block["line"][0] if len(block["line"]) == 1 else None
        if isinstance(alone, dict) and alone.get("fact") in whole:
            pieces.append((alone["fact"], whole[alone["fact"]]()))
            continue
        paragraph = richtext.block(block["style"], {"line": fill_facts(block["line"], facts)}, block["start"])
        if pieces and pieces[-1][0] == "":
            pieces[-1][1].append(paragraph)
        else:
            pieces.append(("", [paragraph]))
    return pieces


MISSING = "[The text of this section is still to be supplied: {}]"


def narrative_folder(paper: Paper) -> str:
    """The folder of a paper's narrative: its kind and year, session, or edition of the schedule."""
    return "-".join(str(word) for word in (paper.kind, paper.year or paper.session or paper.schedule) if word)


def narrative(
    model: Model, paper: Paper, section: str, facts: Mapping[str, str], optional: bool = False
) -> dict:
    """The blocks of a section; where its file is missing, one paragraph that says so, or nothing if `optional`."""
    written = model.narratives.get(narrative_folder(paper), {}).get(section)
    if written is None and optional:
        return richtext.blocks()
    if written is None:
        missing = MISSING.format(f"narrative/{narrative_folder(paper)}/{section}.md")
        return richtext.blocks(richtext.block(richtext.BODY, richtext.line(missing)))
    return richtext.blocks(*(p for _, part in named_blocks(written, facts, {}) for p in part))


def sections_of(model: Model, kind: ModuleType, paper: Paper) -> Mapping[str, str]:
    """Section -> its heading in the paper; empty for a kind without narrative."""
    if hasattr(kind, "narrative_sections"):
        return kind.narrative_sections(model, paper)
    return getattr(kind, "NARRATIVE", {})


def check_narrative(model: Model, kind: ModuleType, paper: Paper, problems: Problems) -> None:
    """Unknown figures and sections that the kind does not have are problems; missing sections are noticed."""
    sections = sections_of(model, kind, paper)
    if not sections:
        return
    written, facts = model.narratives.get(narrative_folder(paper), {}), kind.facts(model, paper)
    for name, section in written.items():
        if name not in sections:
            expected = "one of " + ", ".join(f"{known}.md" for known in sections)
            todo = did_you_mean(name, sections, "Rename the file, or take it out.")
            problems.add(Place(section.file), "stray-section", f"the section {name}", expected, todo)
        check_facts(section, facts, (), problems)
    for name in sections:
        if name not in written and name not in getattr(kind, "OPTIONAL", ()):
            model.notices.append(
                f"{paper.number} has no text for its section {name}: it is marked in the paper until "
                f"inputs/{model.config.forum}/narrative/{narrative_folder(paper)}/{name}.md is written"
            )


def narrative_files(model: Model, paper: Paper) -> list[str]:
    """The files that a paper's narrative comes from."""
    return [section.file for section in model.narratives.get(narrative_folder(paper), {}).values()]
