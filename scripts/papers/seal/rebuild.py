"""Build a copy of the project in an environment that differs in what must not change a byte; Python stays the same.

The copy has another folder (with a space in its name), time zone, locale, umask, hash seed, number of cores and other
modification times.
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
from papers.store.files import SUMS
from papers.store.locks import OUTPUTS
from papers.store.processes import UTF8, build_command

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ZONES = ("Pacific/Kiritimati", "America/Adak")  # UTC+14 and UTC-10: never the same day
LOCALES = (
    "tr_TR.UTF-8",
    "de_DE.UTF-8",
    "C",
    "C.UTF-8",
)  # the first that is installed and not the current one
_FILES = ("Snakefile", CONFIG, LOCK)
_FOLDERS = ("inputs", "templates", "profiles", "envs")  # copied with new times, as in a fresh clone


class RebuildError(UserError):
    """The inputs could not be built again."""


@dataclass(frozen=True)
class RebuildEnvironment:
    """How the environment of the rebuild differs from that of this process."""

    zone: str
    locale: str
    cores: int

    def __str__(self) -> str:
        place = f"in another folder, time zone ({self.zone}) and locale ({self.locale})"
        return f"{place}, on {self.cores} of {_cpu_count()} cores"

    @property
    def variables(self) -> dict[str, str]:
        seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
        return {
            **inherited, **UTF8, "TZ": self.zone, "LC_ALL": self.locale, "LANG": self.locale, "PYTHONHASHSEED": seed
        }  # fmt: skip


def different_environment() -> RebuildEnvironment:
    """Return an environment that differs from that of this process."""
    current = os.environ.get("LC_ALL") or os.environ.get("LANG") or "C"
    other = next(name for name in LOCALES if name != current and _is_installed(name))
    zone = ZONES[os.environ.get("TZ") == ZONES[0]]
    return RebuildEnvironment(zone, other, 1 if _cpu_count() > 1 else 2)


def _is_installed(name: str) -> bool:
    before = locale.setlocale(locale.LC_ALL)
    try:
        locale.setlocale(locale.LC_ALL, name)
    except locale.Error:
        return name == "C"
    locale.setlocale(locale.LC_ALL, before)
    return True


def _cpu_count() -> int:
    return os.cpu_count() or 1


@contextmanager
def rebuild(
    project: Path,
    environment: RebuildEnvironment,
    forums: Iterable[str],
    stages: Iterable[Path] = (),
    targets: Iterable[str] = (),
) -> Iterator[Path]:
    """Build a copy of the project and yield its `outputs` folder, which is removed afterwards.

    `forums` are those to build; `stages` are folders below `project`, such as outputs/work/<forum>/pdf, whose files pages link to: they are copied, not
    built. `targets` are those of Snakemake. Raise RebuildError if the build ended without a seal.
    """
    with tempfile.TemporaryDirectory(prefix="forum papers ") as name:
        copy = Path(name) / "elsewhere"
        _copy_project(project, copy, stages)
        build = subprocess.run(
            [*build_command(*forums), "--cores", str(environment.cores), *targets],
            cwd=copy,
            env=environment.variables,
            umask=0o077 if os.name == "posix" else -1,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if not (build.returncode == 0 or (copy / OUTPUTS / SUMS).is_file()):
            raise RebuildError(
                "Not verified: the inputs can't be built again. Please fix, run make, then verify again:\n"
                + _problems(build.stderr)
            )
        yield copy / OUTPUTS


def _copy_project(project: Path, copy: Path, stages: Iterable[Path]) -> None:
    copy.mkdir()
    for name in _FILES:
        if (project / name).is_file():
            shutil.copyfile(project / name, copy / name)
    for name in _FOLDERS:
        if (project / name).is_dir():
            shutil.copytree(project / name, copy / name, copy_function=shutil.copyfile)
    shutil.copytree(project / "scripts", copy / "scripts")  # with its times, which its compiled modules have
    for stage in stages:
        if (project / stage).is_dir():
            shutil.copytree(project / stage, copy / stage)


def _problems(stderr: str) -> str:
    """The problems that the build reported, without its progress."""
    lines = [line.strip() for line in stderr.splitlines()]
    problems = [line for line in lines if "; expected " in line]
    return "\n".join(f"  {line}" for line in problems or lines[-3:])
