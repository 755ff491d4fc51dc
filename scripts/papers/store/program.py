"""The project's own code: its version, its files, and one digest, by which rules and caches know that it changed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from papers.store.file_lists import list_files
from papers.store.files import digest

VERSION = "2.0.0"  # pyproject.toml takes it from here: a new version is a change of the program
SCRIPTS = Path(__file__).resolve().parents[2]


def program_files(scripts: Path = SCRIPTS) -> dict[str, Path]:
    """Return name, as scripts/read.py -> path, of each module, style sheet and script of the program."""
    paths = (Path(name) for name in list_files(scripts.as_posix()))
    found = {f"{SCRIPTS.name}/{path.relative_to(scripts).as_posix()}": path for path in paths}
    return {name: path for name, path in found.items() if "/__pycache__/" not in name}


@cache
def code_digest() -> str:
    """Return `digest_of_code` of the program that runs, read once in a process: several stages ask for it."""
    return digest_of_code(SCRIPTS)


def digest_of_code(scripts: Path) -> str:
    """Return a SHA-256 of the names and contents of a program's files."""
    files = program_files(scripts)
    return digest(b"".join(f"{name}\n{digest(path.read_bytes())}\n".encode() for name, path in files.items()))
