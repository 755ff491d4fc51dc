"""Sections with their facts filled in: the blocks that a template sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from papers.reading.sections import Section

Paragraphs = list[dict]


def filled(runs: list, facts: Mapping[str, str]) -> list:
    """Runs with each fact replaced by its text, also within footnotes."""
    done = []
    for run in runs:
        if isinstance(run, dict) and "note" in run:
            done.append({"note": filled(run["note"], facts)})
        elif isinstance(run, dict):
            done.append([facts[run["fact"]], run["marks"]])
        else:
            done.append(run)
    return done


def heading(section: Section, facts: Mapping[str, str]) -> dict:
    return {"line": filled(section.heading, facts)}


def set_blocks(
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
        paragraph = text.block(block["style"], {"line": filled(block["line"], facts)}, block["start"])
        if pieces and pieces[-1][0] == "":
            pieces[-1][1].append(paragraph)
        else:
            pieces.append(("", [paragraph]))
    return pieces
