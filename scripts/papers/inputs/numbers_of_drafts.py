"""The numbers that the meetings of other forums state for their papers, whether or not they are issued."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from papers.inputs.config_files import forum_folders
from papers.inputs.yaml_nodes import load_yaml
from papers.number_patterns import NumberError
from papers.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from papers.numbers import Grammar


def numbers_of_drafts(root: Path, forum: str, grammar: Grammar, only_own: bool = False) -> dict[str, str]:
    """Return number without its revision -> the file that states it, of the papers of other forums' meetings.

    A line of tabling.yaml for a meeting of another body has a number of that body. What cannot be read is
    left out: builds of that forum report it. `only_own`: only numbers that the forum's own meetings name too, as
    builds need them; files without such a number are not parsed, which takes a tenth of the time.
    """
    found: dict[str, str] = {}
    own = {word for path in _meetings(root / "inputs" / forum) for word in _words(path)} if only_own else None
    for other in (other for other in forum_folders(root) if other != forum):
        for file, number in _stated(root, f"inputs/{other}", own):
            try:
                found.setdefault(grammar.parse(number).base, file)
            except NumberError:
                continue
    return found


def _meetings(folder: Path) -> list[Path]:
    return sorted((folder / "meetings").glob("*.yaml"))


def _words(path: Path) -> set[str]:
    """Return the words of a file with a slash, as numbers have one."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return {word for word in re.split(r"[\s\"',{}\[\]]+", text) if "/" in word}


def _stated(root: Path, folder: str, only: set[str] | None) -> Iterator[tuple[str, Any]]:
    """Yield the file and the number of each paper of a forum's own meetings; of files that have a word of `only`."""
    codes = set()
    for path in _meetings(root / folder):
        if only is not None and not only & _words(path):
            continue
        meeting, file = _read(path), f"{folder}/meetings/{path.name}"
        codes.add(meeting.get("code"))
        yield from ((file, entry["number"]) for entry in _entries(meeting, "papers") if "number" in entry)
    listed = root / folder / "tabling.yaml"
    is_needed = listed.is_file() and (only is None or only & _words(listed))
    tablings = _entries(_read(listed), "tabled") if is_needed else []
    own = (entry for entry in tablings if entry.get("meeting") in codes and "number" in entry)
    yield from ((f"{folder}/tabling.yaml", entry["number"]) for entry in own)


def _read(path: Path) -> dict[str, Any]:
    data = load_yaml(path, path.name, Problems())[0] if path.is_file() else None
    return data if isinstance(data, dict) else {}


def _entries(data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    entries = data.get(key)
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
