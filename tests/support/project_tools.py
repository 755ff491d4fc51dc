"""A copy of the project that a test may change: the real pipeline, with the miniature forum or the shipped inputs."""

from __future__ import annotations

import compileall
import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from shared_builds import made_once

ROOT = Path(__file__).resolve().parents[2]
MINIATURE = ROOT / "tests" / "miniature"
PROGRAM = ("Snakefile", "profiles", "scripts", "templates", "envs", "requirements.lock")


@dataclass(frozen=True)
class Run:
    """The exit code of a command and what it printed."""

    code: int
    out: str
    err: str

    @property
    def problems(self) -> list[str]:
        """The lines that say what to fix, without notices."""
        lines = (line.strip() for line in self.err.splitlines() if "; expected " in line)
        return [line for line in lines if not line.startswith("Note: ")]


@dataclass(frozen=True)
class Project:
    root: Path

    def build(self, *arguments: str, **environment: str) -> Run:
        """Run `make` in this copy, without make."""
        return self.run(sys.executable, "scripts/forum_papers.py", "build", *arguments, **environment)

    def run(self, *command: str, **environment: str) -> Run:
        done = subprocess.run(
            command,
            cwd=self.root,
            env={**os.environ, **environment},
            capture_output=True,
            encoding="utf-8",
            timeout=600,
            check=False,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    def papers(self) -> dict[str, str]:
        """Return every file in outputs/papers with its SHA-256."""
        folder = self.root / "outputs" / "papers"
        files = (path for path in folder.rglob("*") if path.is_file())
        return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}

    def replace(self, file: str, old: str, new: str) -> None:
        """Edit a text file; `old` must be in it."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


def copy_project(folder: Path, inputs: Path = MINIATURE) -> Project:
    """Copy the program, and inputs/ and config.yaml of the folder `inputs`; ROOT has the shipped ones."""
    shutil.copytree(made_once("program", _copy_program), folder, dirs_exist_ok=True)
    shutil.copytree(inputs / "inputs", folder / "inputs")
    shutil.copy(inputs / "config.yaml", folder)
    return Project(folder)


def _copy_program(folder: Path) -> None:
    """Copy the program without what editors left, and compile it once for all copies."""
    folder.mkdir()
    ignore = shutil.ignore_patterns("__pycache__", "~$*")
    for name in PROGRAM:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=ignore)
        else:
            shutil.copy2(source, folder)
    compileall.compile_dir(folder / "scripts", quiet=1)


def build_once(inputs: Path = MINIATURE) -> Project:
    """Return the project with these inputs, built once in a run of the tests; no test may change it."""
    name = "shipped" if inputs == ROOT else "miniature"
    return Project(made_once(f"built {name}", lambda folder: _build(folder, inputs)))


def _build(folder: Path, inputs: Path) -> None:
    run = copy_project(folder, inputs).build()
    assert run.code == 0, run.out + run.err


def copy_of(project: Project, folder: Path) -> Project:
    """Copy a project with all that builds left in it; the copy is as up to date as the project."""
    shutil.copytree(project.root, folder, symlinks=True)
    return Project(folder)


def copy_built(folder: Path, inputs: Path = MINIATURE) -> Project:
    """Return a copy of the built project that a test may change."""
    return copy_of(build_once(inputs), folder)
