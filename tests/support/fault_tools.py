"""Commands that are killed or run out of disk at random moments, and what the next run makes of it.

Used by test_faults.py (a few moments) and faults.py (`make faults`, hundreds). A seed determines a moment.
"""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from disk_tools import on_a_full_disk
from project_tools import Project, Run, copy_built, copy_of, copy_project
from shared_builds import made_once

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
    """Start a command of the project in its own process group, which can be killed as a whole."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(
        [sys.executable, *command], cwd=project.root, start_new_session=True, **{**quiet, **more}
    )


def killed(project: Project, command: tuple[str, ...], after: float) -> bool:
    """Kill a command and its children after so many seconds; return False if it had ended before."""
    with started(project, command) as running:
        time.sleep(after)
        alive = running.poll() is None
        if alive:
            os.killpg(running.pid, signal.SIGKILL)
    return alive


FILES_MODULE = "scripts/papers/store/files.py"
KILLER = """

import os

_original = {function}


def _kill_at(*arguments, **more):
    if any(str(argument).endswith({name!r}) for argument in arguments):
        os.kill(os.getpid(), 9)
    return _original(*arguments, **more)


{function} = _kill_at
"""


TEARER = """

def {function}(path, data):
    with open(path, "ab") as file:
        file.write(data[: len(data) * 2 // 3])
    os.kill(os.getpid(), 9)
"""


@contextmanager
def kill_at(
    project: Project, function: str, name: str, file: str = FILES_MODULE, killer: str = KILLER
) -> Iterator[None]:
    """Edit the program for a while: it kills itself when it calls a function for a path that ends with `name`.

    `function` is one of the module `file`, such as write_atomic. With the `killer` TEARER it kills itself when it has
    appended two thirds.
    """
    module = project.root / file
    source = module.read_text(encoding="utf-8")
    module.write_text(source + killer.format(function=function, name=name), encoding="utf-8")
    try:
        yield
    finally:
        module.write_text(source, encoding="utf-8")


def digests(project: Project) -> dict[str, str]:
    """Return every file of inputs/ and outputs/ with its digest; in outputs/work, names only, without logs and caches."""
    found = {}
    for folder in ("inputs", "outputs"):
        for path in sorted((project.root / folder).rglob("*")):
            name = path.relative_to(project.root).as_posix()
            ignored = name.endswith((".snakemake_timestamp", "/.lock"))
            if (
                path.is_dir()
                or ignored
                or name.startswith(
                    ("outputs/work/mini/cache/", "outputs/work/mini/logs/", "outputs/work/logs/")
                )
            ):
                continue
            found[name] = (
                "" if name.startswith("outputs/work/") else hashlib.sha256(path.read_bytes()).hexdigest()
            )
    return found


def leftovers(project: Project) -> list[str]:
    """Return partial files, locks of Snakemake and lock files that name a command."""
    parts = [p for p in project.root.rglob("*") if p.name.endswith(".part") or ".part" in p.name]
    locks = (project.root / ".snakemake/locks").glob("*")
    held = [p for p in project.root.rglob(".lock") if p.is_file() and p.stat().st_size]
    return sorted(p.relative_to(project.root).as_posix() for p in [*parts, *locks, *held])


def differences(one: dict[str, str], other: dict[str, str]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


@dataclass(frozen=True)
class Stage:
    """A project before a command, and its files after the undisturbed command."""

    root: Path
    command: tuple[str, ...]
    seconds: float
    after: dict[str, str]

    @classmethod
    def of(cls, project: Project, command: tuple[str, ...], folder: Path) -> Stage:
        """Run the command in a copy, undisturbed."""
        copy = copy_of(project, folder)
        began = time.perf_counter()
        run = copy.run(sys.executable, *command)
        seconds = time.perf_counter() - began
        assert run.code == 0, run.out + run.err
        return cls(project.root, command, seconds, digests(copy))

    def disturbed(self, seed: int) -> tuple[bool, str]:
        """Kill the command at the moment of a seed and run it again.

        Return whether it was still running, and what is wrong after the second run.
        """
        with tempfile.TemporaryDirectory(prefix="faults ") as folder:
            project = copy_of(Project(self.root), Path(folder) / "forum")
            alive = killed(project, self.command, random.Random(seed).random() * self.seconds)
            run = project.run(sys.executable, *self.command)
            return alive, self._wrong(project, run)

    def crowded(self, seed: int) -> tuple[bool, str]:
        """Run the command on a disk with too little room, then again with enough.

        Return whether the first run failed, and what is wrong.
        """
        with tempfile.TemporaryDirectory(prefix="faults ") as folder:
            project = copy_of(Project(self.root), Path(folder) / "forum")
            free = random.Random(seed).randrange(8_000, 900_000)
            run = on_a_full_disk(project, free, Path(folder) / "full", *self.command)
            printed = run.out + run.err
            if run.code and ("Make room on its disk" not in printed or "Traceback" in printed):
                return True, f"With {free} bytes left it ended with {run.code}:\n{printed}"
            if broken := self._partial_papers(project):
                return True, f"With {free} bytes left it wrote {broken}"
            return bool(run.code), self._wrong(project, project.run(sys.executable, *self.command))

    def _partial_papers(self, project: Project) -> list[str]:
        """Papers that exist but are not as the undisturbed command writes them."""
        found = digests(project)
        return [
            n
            for n, digest in found.items()
            if n.startswith("outputs/papers/") and digest != self.after.get(n)
        ]

    def _wrong(self, project: Project, run: Run) -> str:
        if run.code or "Traceback" in run.out + run.err:
            return f"The next run ended with {run.code}:\n{run.out}{run.err}"
        if stray := leftovers(project):
            return f"Left behind: {stray}"
        if others := differences(digests(project), self.after):
            return f"Different from an undisturbed run: {others}"
        return ""


def make_stage(name: str, folder: Path) -> Stage:
    """Return a build from "nothing", one of a built project whose inputs "changed" every paper, or a verb's stage."""
    if name == "nothing":
        project = copy_project(folder / "before")
    elif name == "changed":
        project = copy_built(folder / "before")
        project.replace("inputs/mini/forum.yaml", "meeting_name: Mini", "meeting_name: Little")
    else:
        project = copy_of(Project(made_once("issued miniature", _issue)), folder / "before")
    if name == "number":
        project.replace(MINI2, "papers:\n", NEW)
    return Stage.of(project, VERBS.get(name, BUILD), folder / "after")


def _issue(folder: Path) -> None:
    run = copy_built(folder).run(sys.executable, "scripts/forum_papers.py", "issue", "meeting=MINI1", *WORDS)
    assert run.code == 0, run.err
