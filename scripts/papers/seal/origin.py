"""Which program sealed: its version, the digest of its code and, of a git checkout, its commit: outputs/program.json.

Two checkouts of the same program may be at different commits, and a copy without git has none. So this file is not
in SHA256SUMS, which has to be the same for the same inputs and program.
"""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING, Any

from papers.problems import count_of
from papers.seal.provenance import program_digests
from papers.store.program import SCRIPTS, VERSION, code_digest

if TYPE_CHECKING:
    from pathlib import Path

_TRACKED = ("scripts", "Snakefile", "requirements.lock")  # what the commit is of
_SHOWN = 12  # digits of a digest or commit in a message


def origin() -> dict[str, Any]:
    """Return the content of program.json for the program that runs.

    `commit` is the last one that changed the program, `modified` lists the files that were changed since. Both are
    None if git does not know the program's files: nothing else can say which commit they are of.
    """
    commit, modified = _commit(SCRIPTS.parent)
    return {"version": VERSION, "code": code_digest(), "commit": commit, "modified": modified}


def _commit(project: Path) -> tuple[str, list[str]] | tuple[None, None]:
    commit = _git(project, "rev-list", "-1", "HEAD", "--", *_TRACKED)
    status = _git(
        project, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", *_TRACKED
    )
    if not commit or status is None:
        return None, None
    return commit.strip(), sorted(line[3:] for line in status.split("\0") if line)


def _git(project: Path, *arguments: str) -> str | None:
    """Return what git prints about the project; None without git, or if this is no checkout."""
    # A hook of git sets GIT_DIR for its own repository; the lock is for writing an index, which is not needed.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=project,
            env={**environment, "GIT_OPTIONAL_LOCKS": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def describe_other_program(name: str, sealed: dict | None, provenance: dict | None) -> str:
    """Return a sentence if another program than this one sealed the folder `name`; "" if not, or if nothing says.

    `sealed` and `provenance` are the contents of the folder's program.json and provenance.json.
    """
    here = origin()
    same_code = sealed is None or sealed.get("code") == here["code"]
    if same_code and (provenance is None or provenance.get("program") == program_digests()):
        return ""
    expected = f"expected those of this program, {_describe(here)}"
    return f"{name}: found papers of another program, {_describe(sealed or {})}; {expected}."


def _describe(program: dict) -> str:
    """Return version, commit and code of a program in words."""
    version, commit, code = (_in_words(program.get(key)) for key in ("version", "commit", "code"))
    modified = program.get("modified")
    changes = (
        f" and changes in {count_of(len(modified), 'file')}"
        if isinstance(modified, list) and modified
        else ""
    )
    return f"version {version} (commit {commit}{changes}, code {code})"


def _in_words(value: object) -> str:
    """Return the beginning of a version or digest; "unknown" for anything else that a file may contain."""
    known = isinstance(value, str) and re.fullmatch(r"[\w.+-]+", value, re.ASCII)
    return value[:_SHOWN] if known else "unknown"
