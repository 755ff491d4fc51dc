"""Compare filled papers with what was issued, before they are delivered, and say why a paper changed.

The job `fill` imports this module: standard library only, without `pathlib` and `typing`.
"""

from __future__ import annotations

import os

from papers.richtext import unescaped
from papers.store.files import digest, read_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST_NAMED = 3  # changed files in one message


def mismatches(papers: list[tuple[dict, bytes]]) -> list[str]:
    """Return one message for each paper (its context, its bytes) that differs from what was issued.

    Paths in contexts are relative to the project, which is the current folder.
    """
    found = []
    for paper, data in papers:
        issued = paper.get("issued")
        if issued and digest(data) != issued["sha256"]:
            found.append(_message(paper, {key: unescaped(text) for key, text in issued.items()}))
    return found


def _message(paper: dict, issued: dict[str, str]) -> str:
    number, made_from = paper["number"], [unescaped(name) for name in paper["made_from"]]
    why = reason_for_change(made_from, _changed_files(issued["sources"], made_from))
    found = f"{number} differing from what was issued on {issued['date']}, because {why}"
    todo = f'Undo the change, or run make revise paper={number} why="...".'
    return f"{issued['place']}: found {found}; expected the paper as it was issued. {todo}"


def _changed_files(sources: str, made_from: list[str]) -> set[str]:
    """Return the files changed, deleted or added since the paper was issued from those in `sources`."""
    kept = sources_of(read_bytes(sources).decode()) if os.path.isfile(sources) else {}
    changed = {name for name, sha256 in kept.items() if _digest(name) != sha256}
    return changed | ({*made_from} - kept.keys() if kept else set())


def _digest(path: str) -> str:
    return digest(read_bytes(path)) if os.path.isfile(path) else ""


def sources_of(text: str) -> dict[str, str]:
    """Return the entries of a list as sha256sum writes it: file -> digest."""
    lines = (line.partition("  ") for line in text.splitlines())
    return {name: sha256 for sha256, _, name in lines if name}


def reason_for_change(made_from: Iterable[str], changed: set[str]) -> str:
    """Return a phrase such as "inputs/a.yaml changed".

    It names the paper's own inputs among `changed`; without any, templates and config.yaml; then other
    inputs; and where none of them changed, the program.
    """
    for group in (
        sorted(set(made_from) & changed),
        sorted(name for name in changed if name.startswith(("templates/", "config.yaml"))),
        sorted(name for name in changed if name.startswith("inputs/")),
    ):
        if group:
            more = f" and {len(group) - _MOST_NAMED} more" if len(group) > _MOST_NAMED else ""
            return ", ".join(group[:_MOST_NAMED]) + more + " changed"
    return "the program changed"
