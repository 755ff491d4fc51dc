"""What the Snakefile asks: which files there are, whether config.yaml is right, what was lost since the last build."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

from papers.issuing.delivering import forget_lost, tidy
from papers.issuing.keeping import stamp
from papers.issuing.libreoffice import OfficeError, office, version
from papers.issuing.pairs import meetings_compared, pairs_by_meeting
from papers.issuing.reasons import files
from papers.problems import Problems
from papers.reading.config import read_config
from papers.reading.forms import Config, ForumFile
from papers.reading.yaml_files import read_form

__all__ = [
    "checked_config",
    "code",
    "files",
    "forget_lost",
    "kinds_of_paper",
    "logo",
    "meetings_compared",
    "office_version",
    "pairs_by_meeting",
    "quoted",
    "stamp",
    "starts",
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


@cache  # Snakemake asks once a meeting
def office_version() -> str:
    """What the PDFs depend on beside the papers; "" where LibreOffice is missing, which the job tells."""
    try:
        return version(office())
    except OfficeError:
        return ""


def starts(contexts: Path, meeting: str) -> int:
    """How many LibreOffices share a meeting's papers: one for each seven, but two at most, as each has its start."""
    papers = json.loads((contexts / f"{meeting}.json").read_bytes())["papers"]
    return min(2, 1 + len(papers) // 8)


def tidy_up(work: Path, papers: Path, changes: Path, pdfs: Path) -> None:
    """After a build: papers of meetings that are no longer built go, comparisons of papers that follow no other, and PDFs of neither."""
    meetings = set(json.loads((work / "contexts" / "index.json").read_bytes()))
    lines = tidy(work, papers, meetings) + tidy(work / "pdf", pdfs, meetings)
    if (work / "changes").is_dir():  # only those who made comparisons pay for looking at the pairs
        lines += tidy(work / "changes", changes, set(pairs_by_meeting(work / "contexts")))
    print(*lines, sep="\n", end="\n" if lines else "", file=sys.stderr)
