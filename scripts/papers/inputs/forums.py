"""Which forum a command is about, and the organisation of a forum, for commands that do not read all inputs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from papers.inputs.config import read_config
from papers.inputs.config_files import ALL, forum_folders
from papers.inputs.organisation import Organisation, read_organisation_of
from papers.inputs.settings import SettingsFile
from papers.inputs.yaml import Document, read_yaml
from papers.ledger.archive import archive_folder
from papers.ledger.file import LEDGER_NAME
from papers.problems import Place, Problems, did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from papers.numbers import Grammar

_COMMAND = Place("command")


def organisation_of_forum(root: Path, forum: str, problems: Problems) -> Organisation | None:
    """Return the organisation of a forum; None where it, or the settings that name it, can't be read."""
    folder = f"inputs/{forum}"
    name = f"{folder}/settings.yaml"
    settings: Document[SettingsFile] | None = None
    if (root / name).is_file():
        settings = read_yaml(root / name, name, SettingsFile, problems)
        if settings is None:
            return None
    return read_organisation_of(root, folder, settings, problems)


def configured_forums(problems: Problems) -> list[str]:
    """Return the forums that config.yaml names; none where it can't be read, which is added to `problems`."""
    config = read_config([Path("config.yaml")], {}, problems)
    if config is None:
        return []
    if config.forums == ALL:
        return forum_folders(Path())
    return [config.forums] if isinstance(config.forums, str) else config.forums


def grammars(root: Path = Path()) -> list[Grammar]:
    """Return the grammars of the numbers of all forums, each organisation's once.

    For commands that only help with a number: what reads the inputs next reports the problems.
    """
    found: dict[str, Grammar] = {}
    for forum in forum_folders(root):
        if organisation := organisation_of_forum(root, forum, Problems()):
            found[organisation.folder] = organisation.grammar
    return list(found.values())


def choose_forum(options: Mapping[str, str], problems: Problems) -> str:
    """Return the forum that a command is about; "" where that is not clear, which is added to `problems`.

    It is the one of forum=..., the only one of config.yaml, or else the one that has the meeting or the paper.
    """
    if "forum" in options:
        return _known_forum(options["forum"], problems)
    forums = configured_forums(problems)
    if len(forums) > 1:
        having = [forum for forum in forums if _has_named(forum, options)]
        forums = having or forums
    if len(forums) > 1:
        found = f"a command that may be about {' or '.join(forums)}"
        problems.add(_COMMAND, "several-forums", found, "one forum", f"Add forum={forums[0]}, for example.")
    return forums[0] if len(forums) == 1 else ""


def _known_forum(name: str, problems: Problems) -> str:
    known = forum_folders(Path())
    if name in known:
        return name
    expected = f"a folder of inputs: {', '.join(known)}"
    todo = did_you_mean(name, known, "Correct forum=...")
    problems.add(_COMMAND, "no-forum", f"forum={quoted(name)}", expected, todo)
    return ""


def _has_named(forum: str, options: Mapping[str, str]) -> bool:
    """Return whether the forum has a file of the meeting, or its meetings or its ledger name one of the papers."""
    meeting, papers = options.get("meeting"), options.get("paper", "").replace(",", " ").split()
    if meeting and Path("inputs", forum, "meetings", f"{meeting}.yaml").is_file():
        return True
    return any(paper in text for text in _texts(forum) for paper in papers) if papers else False


def _texts(forum: str) -> Iterator[str]:
    ledger = archive_folder(forum) / LEDGER_NAME
    for path in (*sorted(Path("inputs", forum, "meetings").glob("*.yaml")), ledger):
        if path.is_file():
            yield path.read_text(encoding="utf-8", errors="replace")
