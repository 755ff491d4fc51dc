"""Commands killed at random moments, and whether the next run completes what they began as if nothing had happened.

Used by test_faults.py (a small share) and faults.py (`make faults`, hundreds). A moment is known by its seed.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from disk_tools import on_a_full_disk
from project_tools import Project, Run, copy_project

MINI1, MINI2 = "inputs/mini/meetings/MINI1.yaml", "inputs/mini/meetings/MINI2.yaml"
NEW = "papers:\n  - title: Agenda of the meeting\n    kind: agenda\n    submitted_by: [Chair]\n"
WORDS = ("date=2019-08-20", "by=APEC Secretariat", "why=two weeks before")
BUILD = ("scripts/forum_papers.py", "build")
VERBS = {
    "number": ("scripts/forum_papers.py", "number", "meeting=MINI2", *WORDS),
    "issue": ("scripts/forum_papers.py", "issue", "meeting=MINI2", *WORDS),
    "revise": ("scripts/forum_papers.py", "revise", "paper=2019/MINI1/003", *WORDS),
    "freeze": ("scripts/forum_papers.py", "freeze", "meeting=MINI1", *WORDS),
}


def started(project: Project, command: tuple[str, ...], **more) -> subprocess.Popen:
    """A command of the project in a process group of its own, which can be killed as a whole."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(
        [sys.executable, *command], cwd=project.root, start_new_session=True, **{**quiet, **more}
    )


def killed(project: Project, command: tuple[str, ...], after: float) -> bool:
    """Kills a command and all that it started after so many seconds; False where it had ended before."""
    with started(project, command) as running:
        time.sleep(after)
        alive = running.poll() is None
        if alive:
            os.killpg(running.pid, signal.SIGKILL)
    return alive


def made(project: Project) -> dict[str, str]:
    """Every file of inputs/ and outputs/ with its digest; of outputs/work the names alone, but those of logs."""
    found = {}
    for folder in ("inputs", "outputs"):
        for path in sorted((project.root / folder).rglob("*")):
            name = path.relative_to(project.root).as_posix()
            unsaid = name.endswith((".snakemake_timestamp", "/.lock", ".log"))
            if path.is_dir() or unsaid:
                continue
            own = name.startswith("outputs/work/")
            found[name] = "" if own else hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def left(project: Project) -> list[str]:
    """What a killed command left and nobody took away."""
    parts = [p for p in project.root.rglob("*") if p.name.endswith(".part") or ".part" in p.name]
    locks = (project.root / ".snakemake/locks").glob("*")
    held = [p for p in project.root.rglob(".lock") if p.is_file() and p.stat().st_size]
    return sorted(p.relative_to(project.root).as_posix() for p in [*parts, *locks, *held])


def differences(one: dict[str, str], other: dict[str, str]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


@dataclass(frozen=True)
class Stage:
    """A project before a command, and what it is after it when nothing disturbs it."""

    root: Path
    command: tuple[str, ...]
    seconds: float
    after: dict[str, str]

    @classmethod
    def of(cls, project: Project, command: tuple[str, ...], folder: Path) -> Stage:
        """Runs the command in a copy, undisturbed."""
        shutil.copytree(project.root, folder, symlinks=True)
        began = time.perf_counter()
        run = Project(folder).run(sys.executable, *command)
        seconds = time.perf_counter() - began
        assert run.code == 0, run.out + run.err
        return cls(project.root, command, seconds, made(Project(folder)))

    def disturbed(self, seed: int) -> tuple[bool, str]:
        """Kills the command at the moment of a seed and runs it again; whether it was still running, and what is wrong then."""
        with tempfile.TemporaryDirectory(prefix="faults ") as folder:
            project = Project(Path(folder) / "forum")
            shutil.copytree(self.root, project.root, symlinks=True)
            alive = killed(project, self.command, random.Random(seed).random() * self.seconds)
            run = project.run(sys.executable, *self.command)
            return alive, self._wrong(project, run)

    def crowded(self, seed: int) -> tuple[bool, str]:
        """Runs the command on a disk with room for a part of what it makes, then with room for all; whether the first had too little."""
        with tempfile.TemporaryDirectory(prefix="faults ") as folder:
            project = Project(Path(folder) / "forum")
            shutil.copytree(self.root, project.root, symlinks=True)
            free = random.Random(seed).randrange(8_000, 900_000)
            run = on_a_full_disk(project, free, Path(folder) / "full", *self.command)
            said = run.out + run.err
            if run.code and ("Make room on its disk" not in said or "Traceback" in said):
                return True, f"With {free} bytes left it ended with {run.code}:\n{said}"
            if broken := self._half_made(project):
                return True, f"With {free} bytes left it made {broken}"
            return bool(run.code), self._wrong(project, project.run(sys.executable, *self.command))

    def _half_made(self, project: Project) -> list[str]:
        """Papers that are there though not as they should be in the end."""
        found = made(project)
        return [
            n
            for n, digest in found.items()
            if n.startswith("outputs/papers/") and digest != self.after.get(n)
        ]

    def _wrong(self, project: Project, run: Run) -> str:
        if run.code or "Traceback" in run.out + run.err:
            return f"The next run ended with {run.code}:\n{run.out}{run.err}"
        if stray := left(project):
            return f"Left behind: {stray}"
        if others := differences(made(project), self.after):
            return f"Other than undisturbed: {others}"
        return ""


def build_stages(folder: Path) -> dict[str, Stage]:
    """A build from nothing, and one after every paper of a built project was changed."""
    fresh = copy_project(folder / "fresh")
    built = copy_project(folder / "built")
    assert built.build().code == 0
    built.replace("inputs/mini/forum.yaml", "meeting_name: Mini", "meeting_name: Little")
    return {
        "nothing": Stage.of(fresh, BUILD, folder / "from nothing"),
        "changed": Stage.of(built, BUILD, folder / "from changed"),
    }


def verb_stages(folder: Path) -> dict[str, Stage]:
    """Each verb of the ledger on a project that is ready for it."""
    ready = copy_project(folder / "issued")
    run = ready.run(sys.executable, "scripts/forum_papers.py", "issue", "meeting=MINI1", *WORDS)
    assert run.code == 0, run.err
    unnumbered = Project(folder / "unnumbered")
    shutil.copytree(ready.root, unnumbered.root)
    unnumbered.replace(MINI2, "papers:\n", NEW)
    stages = {}
    for verb, command in VERBS.items():
        project = unnumbered if verb == "number" else ready
        stages[verb] = Stage.of(project, command, folder / f"after {verb}")
    return stages
