"""What the Snakefile asks: which files there are, whether config.yaml is right, what was lost since the last build."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

from papers.issuing.delivering import forget_lost, tidy
from papers.issuing.index.beside import NOTE, note_beside
from papers.issuing.keeping import folder_of, stamp
from papers.issuing.pairs import meetings_compared, pairs_by_meeting
from papers.issuing.reasons import files
from papers.problems import Problems
from papers.reading.config import read_config
from papers.reading.forms import Config, ForumFile
from papers.reading.ledger import END
from papers.reading.ledger import NAME as LEDGER
from papers.reading.yaml_files import read_form

__all__ = [
    "beside",
    "checked_config",
    "code",
    "files",
    "forget_lost",
    "kinds_of_paper",
    "ledger",
    "logo",
    "meetings_compared",
    "pairs_by_meeting",
    "quoted",
    "refresh_index",
    "stamp",
    "tidy_up",
    "web",
]
PACKAGE = Path("scripts/papers")


def checked_config(path: Path) -> Config:
    """config.yaml, or every error in it, told before any job starts, and exit code 1."""
    problems = Problems()
    config = read_config(path, problems)
    if config is None:
        print(*problems.lines(), sep="\n", file=sys.stderr)
        sys.exit(1)
    return config


def quoted(word: str) -> str:
    """A word as the shell of this system takes it."""
    return subprocess.list2cmdline([word]) if os.name == "nt" else shlex.quote(word)


def code(*names: str) -> list[str]:
    """The program's own files that a rule depends on: scripts, modules, or whole rooms of scripts/papers."""
    found = [PACKAGE / "problems.py", PACKAGE / "text.py"]
    for name in names:
        path = Path(name) if name.startswith("scripts/") else PACKAGE / name
        found += sorted(path.glob("*.py")) if path.is_dir() else [path]
    return [path.as_posix() for path in found]


def kinds_of_paper(templates: Path) -> list[str]:
    """The kinds that have a template; prepare tells where a template has no kind."""
    return sorted(
        path.stem for path in templates.glob("*.docx") if path.stem != "cover" and path.name[:2] != "~$"
    )


def logo(config: Config) -> list[str]:
    """The forum's logo as a list of one path, or none; a wrong forum.yaml is told by `read`."""
    name = f"inputs/{config.forum}/forum.yaml"
    forum = read_form(Path(name), name, ForumFile, Problems())
    picture = f"inputs/{forum.form.logo}" if forum and forum.form.logo else ""
    return [picture] if picture and Path(picture).is_file() else []


def tidy_up(work: Path, papers: Path, changes: Path) -> None:
    """After a build: papers of meetings that are no longer built go, and comparisons of papers that follow no other."""
    meetings = set(json.loads((work / "contexts" / "index.json").read_bytes()))
    lines = tidy(work, papers, meetings)
    if (work / "changes").is_dir():  # only those who made comparisons pay for looking at the pairs
        lines += tidy(work / "changes", changes, set(pairs_by_meeting(work / "contexts")))
    print(*lines, sep="\n", end="\n" if lines else "", file=sys.stderr)


def ledger(forum: str) -> list[str]:
    """The ledger's files, where there is one."""
    return [path.as_posix() for name in (LEDGER, END) if (path := folder_of(forum) / name).is_file()]


def web() -> list[str]:
    """What the pages of the index are made of, beside its code."""
    return sorted(path.relative_to(PACKAGE).as_posix() for path in (PACKAGE / "issuing/index/web").iterdir())


def beside(work: Path, folder: Path) -> str:
    """The note of what lies beside the papers: the index is made again when other verbs made or lost something."""
    note_beside(work, folder)
    return (work / NOTE).as_posix()


def refresh_index(work: Path, folder: Path, config: Config) -> None:
    """At the end of a build: a verb that made what the index links (changes, say) leaves an index that links it."""
    if note_beside(work, folder):
        from papers.issuing.index.building import refresh  # noqa: PLC0415 -- few builds come here

        lines = refresh(work, folder, config.forum)
        print(*lines, sep="\n", end="\n" if lines else "", file=sys.stderr)
