"""What the Snakefile asks: which files there are, whether config.yaml is right, what was lost since the last build."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

from papers.issuing import reasons
from papers.issuing.delivering import forget_lost, tidy
from papers.issuing.keeping import stamp
from papers.issuing.pairs import meetings_compared, pairs_by_meeting
from papers.problems import Problems
from papers.reading.config import read_config
from papers.reading.forms import RECEIVED, Config, ForumFile
from papers.reading.yaml_files import read_form

__all__ = [
    "checked_config",
    "code",
    "files",
    "forget_lost",
    "kinds_of_paper",
    "logo",
    "meetings_compared",
    "pairs_by_meeting",
    "prepared",
    "quoted",
    "received",
    "stamp",
    "tidy_up",
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


def files(folder: str, but: str = "") -> list[str]:
    """Every file below a folder but those with a brace in their name, which Snakemake can't watch: `read` refuses them."""
    return [name for name in reasons.files(folder, but) if not {"{", "}"} & {*name}]


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


def prepared(work: Path, meeting: str, kinds: list[str]) -> list[str]:
    """What a meeting's papers of these kinds are filled from."""
    made = [f"{work.as_posix()}/templates/{kind}.prepared" for kind in kinds if kind != RECEIVED]
    return [*made, f"{work.as_posix()}/received/{meeting}.prepared"] if RECEIVED in kinds else made


def received(contexts: Path, meeting: str) -> list[str]:
    """The files that others sent, of which papers of a meeting are made."""
    papers = json.loads((contexts / f"{meeting}.json").read_bytes())["papers"]
    return sorted({paper["received"] for paper in papers if paper["received"]})


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
