"""The same inputs and program, built once more where everything else is different: what must come out the same, does.

Other: the folder (with a space in its name), time zone, locale, umask, order of hashes, number of cores, times of files.
"""

from __future__ import annotations

import locale
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from papers.errors import UserError
from papers.seal.provenance import CONFIG, LOCK
from papers.store.processes import build_command

if TYPE_CHECKING:
    from collections.abc import Iterator

ZONES = ("Pacific/Kiritimati", "America/Adak")  # the first day of the world, and nearly its last hour
LOCALES = ("tr_TR.UTF-8", "de_DE.UTF-8", "C", "C.UTF-8")  # the first that is installed and not that of here
_FILES = ("Snakefile", CONFIG, LOCK)
_FOLDERS = ("inputs", "templates", "profiles", "envs")  # copied with new times, as a fresh clone has them
_BESIDE = (
    "pdf",
    "changes",
    "work/changes/filled",
)  # of outputs: what pages of the index tell of, made by other verbs


class RebuildError(UserError):
    """The inputs could not be built again; the text lists the problems of that build."""


@dataclass(frozen=True)
class RebuildEnvironment:
    """How the surroundings of the rebuild differ from these here."""

    zone: str
    locale: str
    cores: int

    def __str__(self) -> str:
        return f"in another folder, time zone ({self.zone}) and locale ({self.locale}), on {self.cores} of {_cores()} cores"

    @property
    def environment(self) -> dict[str, str]:
        seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
        own = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
        return {**own, "TZ": self.zone, "LC_ALL": self.locale, "LANG": self.locale, "PYTHONHASHSEED": seed}


def other_environment() -> RebuildEnvironment:
    """Surroundings that are not those of this process."""
    here = os.environ.get("LC_ALL") or os.environ.get("LANG") or "C"
    there = next(name for name in LOCALES if name != here and _installed(name))
    return RebuildEnvironment(ZONES[os.environ.get("TZ") == ZONES[0]], there, 1 if _cores() > 1 else 2)


def _installed(name: str) -> bool:
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, name)
    except locale.Error:
        return name == "C"
    locale.setlocale(locale.LC_ALL, before)
    return True


def _cores() -> int:
    return os.cpu_count() or 1


@contextmanager
def rebuild(project: Path, around: RebuildEnvironment, *targets: str, beside: bool = True) -> Iterator[Path]:
    """The `outputs` of a build of the project elsewhere, taken away afterwards; RebuildError where nothing was made.

    `beside`: PDFs and comparisons of the project lie there too, as the pages that link them are compared.
    """
    with tempfile.TemporaryDirectory(prefix="forum papers ") as name:
        copy = Path(name) / "elsewhere"
        _copy(project, copy, beside)
        command = [*build_command(), "--cores", str(around.cores), *targets]
        umask = 0o077 if os.name == "posix" else -1
        environment = around.environment
        done = subprocess.run(
            command,
            cwd=copy,
            env=environment,
            umask=umask,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if not (done.returncode == 0 or (copy / "outputs/SHA256SUMS").is_file()):
            raise RebuildError(_said(done.stderr))
        yield copy / "outputs"


def _copy(project: Path, copy: Path, beside: bool) -> None:
    copy.mkdir()
    for name in _FILES:
        if (project / name).is_file():
            shutil.copyfile(project / name, copy / name)
    for name in _FOLDERS:
        if (project / name).is_dir():
            shutil.copytree(project / name, copy / name, copy_function=shutil.copyfile)
    shutil.copytree(project / "scripts", copy / "scripts")  # with its times, for which Python compiled it
    for name in _BESIDE if beside else ():
        if (project / "outputs" / name).is_dir():
            shutil.copytree(project / "outputs" / name, copy / "outputs" / name)


def _said(errors: str) -> str:
    """The problems that a build told, without its progress."""
    lines = [line.strip() for line in errors.splitlines()]
    problems = [line for line in lines if "; expected " in line]
    return "\n".join(f"  {line}" for line in problems or lines[-3:])
