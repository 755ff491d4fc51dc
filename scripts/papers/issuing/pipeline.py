"""What the Snakefile asks: which files there are, which forum, what was lost or touched since the last build.

What is wrong in an input is told by `read`, with everything else; here it counts as absent.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from papers.issuing.delivering import digest, forget_lost, tidy, write_whole
from papers.issuing.keeping import stamp
from papers.issuing.pairs import meetings_compared, pairs_by_meeting
from papers.issuing.reasons import files
from papers.problems import Problems
from papers.reading.yaml_files import load

__all__ = [
    "code",
    "files",
    "forget_lost",
    "forum",
    "inputs_stamp",
    "kinds_of_paper",
    "logo",
    "meetings_compared",
    "pairs_by_meeting",
    "quoted",
    "stamp_file",
    "tidy_up",
]
PACKAGE = Path("scripts/papers")


def forum(config: Path) -> str:
    """The forum that config.yaml names; "" where it names none that could be a folder."""
    name = _plain(config, "forum")
    return name if re.fullmatch(r"[\w-]+", name) else ""


def _plain(path: Path, key: str) -> str:
    """The text under a key at the top of a YAML file, without the cost of checking its whole form; "" for none."""
    data = load(path, path.name, Problems())[0]
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, str) else ""


def quoted(word: str) -> str:
    """A word as the shell of this system takes it."""
    return subprocess.list2cmdline([word]) if os.name == "nt" else shlex.quote(word)


def code(rule: str, work: Path, *names: str) -> str:
    """A small file with the digests of the program's own files that a rule depends on; it changes when one does.

    `names`: scripts, modules, or whole rooms of scripts/papers. One file where a hundred would cost Snakemake a
    look at each of them for each job.
    """
    found = [PACKAGE / "problems.py", PACKAGE / "text.py"]
    for name in names:
        path = Path(name) if name.startswith("scripts/") else PACKAGE / name
        found += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    lines = "".join(f"{digest(path.read_bytes())}  {path.as_posix()}\n" for path in found)
    return _stamped(work / "code" / f"{rule}.sha256", lines)


def _stamped(place: Path, text: str) -> str:
    """Writes what changed, and leaves alone what did not."""
    now = text.encode()
    if not place.exists() or place.read_bytes() != now:
        write_whole(place, now)
    return place.as_posix()


def kinds_of_paper(templates: Path) -> list[str]:
    """The kinds that have a template; prepare tells where a template has no kind."""
    return sorted(
        path.stem for path in templates.glob("*.docx") if path.stem != "cover" and path.name[:2] != "~$"
    )


def logo(forum: str) -> list[str]:
    """The forum's logo as a list of one path, or none."""
    name = _plain(Path("inputs", forum, "forum.yaml"), "logo")
    picture = f"inputs/{name}"
    return [picture] if name and Path(picture).is_file() else []


def stamp_file(forum: str, work: Path) -> str:
    """A small file that changes when a kept file of an issued paper was added, touched or taken away."""
    return _stamped(work / "kept.stamp", f"{stamp(forum)}\n")


def inputs_stamp(work: Path) -> str:
    """A small file that changes when an input was edited or touched, though no paper need change with it."""
    abouts = [(file, Path(file).stat()) for file in files("inputs", but="inputs/README.md")]
    lines = "".join(f"{file} {about.st_size} {about.st_mtime_ns}\n" for file, about in abouts)
    return _stamped(work / "inputs.stamp", lines)


def tidy_up(work: Path, papers: Path, changes: Path) -> None:
    """After a build: papers of meetings that are no longer built go, and comparisons of papers that follow no other."""
    meetings = set(json.loads((work / "contexts" / "index.json").read_bytes()))
    lines = tidy(work, papers, meetings)
    if (work / "changes").is_dir():  # only those who made comparisons pay for looking at the pairs
        lines += tidy(work / "changes", changes, set(pairs_by_meeting(work / "contexts")))
    print(*lines, sep="\n", end="\n" if lines else "", file=sys.stderr)
