"""Why a paper is not what it was; against what was issued, that is told before anything is delivered.

Standard library only: this runs in every job that fills papers.
"""

from __future__ import annotations

import os

from papers.richtext import unescaped
from papers.store.files import digest, read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def mismatches(papers: list[tuple[dict, bytes]]) -> list[str]:
    """One line for each paper (its context, its bytes) that is not what was issued; paths are below the project."""
    found = []
    for paper, data in papers:
        issued = paper.get("issued")
        if issued and digest(data) != issued["sha256"]:
            found.append(_difference(paper, {key: unescaped(words) for key, words in issued.items()}))
    return found


def _difference(paper: dict, issued: dict[str, str]) -> str:
    number, made_from = paper["number"], [unescaped(name) for name in paper["made_from"]]
    why = reason_for_change(made_from, _changed(issued["sources"], made_from))
    found = f"{number} differing from what was issued on {issued['date']}, because {why}"
    way_out = f'Undo the change, or run make revise paper={number} why="...".'
    return f"{issued['place']}: found {found}; expected the paper as it was issued. {way_out}"


def _changed(sources: str, made_from: list[str]) -> set[str]:
    """The files that are not as they were when the paper was issued, added ones too."""
    kept = sources_of(read_bytes(sources).decode()) if os.path.isfile(sources) else {}
    gone = {name for name, sha256 in kept.items() if _digest(name) != sha256}
    return gone | ({*made_from} - kept.keys() if kept else set())


def _digest(path: str) -> str:
    return digest(read_bytes(path)) if os.path.isfile(path) else ""


def sources_of(text: str) -> dict[str, str]:
    """A list as sha256sum writes it: file -> digest."""
    lines = (line.partition("  ") for line in text.splitlines())
    return {name: sha256 for sha256, _, name in lines if name}


def reason_for_change(made_from: Iterable[str], changed: set[str]) -> str:
    """One phrase for a changed paper: the inputs that it uses and that changed, else templates, config or program."""
    for group in (
        sorted(set(made_from) & changed),
        sorted(name for name in changed if name.startswith(("templates/", "config.yaml"))),
        sorted(name for name in changed if name.startswith("inputs/")),
    ):
        if group:
            more = f" and {len(group) - 3} more" if len(group) > 3 else ""
            return ", ".join(group[:3]) + more + " changed"
    return "the program changed"
