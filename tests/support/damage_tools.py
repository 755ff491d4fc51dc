"""Files below outputs/work that are damaged, and what the next builds make of it.

Used by tests/pipeline/test_damaged_work_files.py (many files at once) and tests/stress/damaged_files.py (each
file by itself, part of `make faults`).
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from fault_tools import differences, leftovers
from project_tools import Project, copy_built, copy_of

WORK = "outputs/work/mini"
MINI1 = "inputs/mini/meetings/MINI1.yaml"
PLAN, PLAN_NUMBER = "papers/2019/MINI1/19_mini1_003.docx", "2019/MINI1/003"
RECORDS_OF_PUBLIC = ("public/manifest.json", "delivery/public.json", f"public/{PLAN}")
AS_SHIPPED, EDITED = "purpose: Information", "purpose: Consideration"
WAYS = {
    "emptied": lambda data: b"",
    "cut in half": lambda data: data[: len(data) // 2],
    "replaced by a list": lambda data: b"[]",
    "replaced by an object": lambda data: b'{"a": 1}',
    "replaced by bytes": lambda data: b"\x00\xffNot from a build.\r\n" * 20,
}


def work_files(project: Project) -> list[str]:
    """Return the paths, below the folder of the forum in outputs/work, of all its files but the logs."""
    folder = project.root / WORK
    names = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())
    return [name for name in names if not name.startswith("logs/")]


def ways_of(name: str) -> list[str]:
    """Return how a file is damaged: JSON also by other JSON, everything else by bytes."""
    objects = [
        way for way in WAYS if way.startswith("replaced") and ("bytes" in way) != name.endswith(".json")
    ]
    return ["emptied", "cut in half", *objects]


def damage(project: Project, ways: Mapping[str, str]) -> None:
    """Damage files below outputs/work, each in its way."""
    for name, way in ways.items():
        path = project.root / WORK / name
        path.write_bytes(WAYS[way](path.read_bytes()))


def in_turn(names: Iterable[str], first: int = 0) -> dict[str, str]:
    """Return file -> way: that with the number `first` for the first file, the next one for the second."""
    return {name: ways_of(name)[(first + at) % len(ways_of(name))] for at, name in enumerate(names)}


def delivered(project: Project) -> dict[str, str]:
    """Return every file of outputs/ outside outputs/work with its digest."""
    outputs = project.root / "outputs"
    files = (path for path in outputs.rglob("*") if path.is_file())
    names = {path.relative_to(outputs).as_posix(): path for path in files}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in names.items()
        if not name.startswith("work/")
    }


@dataclass(frozen=True)
class DamagedForum:
    """The built miniature forum.

    `expected` has what is delivered from the inputs as they are, and with the purpose of a paper edited.
    """

    project: Project
    expected: dict[str, dict[str, str]]

    @classmethod
    def make(cls, folder: Path) -> DamagedForum:
        project, expected = copy_built(folder), {}
        for old, new in ((AS_SHIPPED, EDITED), (EDITED, AS_SHIPPED)):
            run = project.build()
            assert run.code == 0, run.out + run.err
            expected[old] = delivered(project)
            project.replace(MINI1, old, new)
        assert project.build().code == 0
        return cls(project, expected)

    def copy(self, folder: Path) -> DamagedForum:
        return DamagedForum(copy_of(self.project, folder), self.expected)

    def again(self) -> DamagedForum:
        """Build everything from nothing, after a damage that ended wrongly."""
        for folder in ("outputs", ".snakemake"):
            shutil.rmtree(self.project.root / folder)
        assert self.project.build().code == 0
        return self

    def edit(self) -> None:
        """Change the purpose of a paper to the other one."""
        old, new = (AS_SHIPPED, EDITED) if self._purpose() == AS_SHIPPED else (EDITED, AS_SHIPPED)
        self.project.replace(MINI1, old, new)

    def _purpose(self) -> str:
        text = (self.project.root / MINI1).read_text(encoding="utf-8")
        return AS_SHIPPED if AS_SHIPPED in text else EDITED

    def wrong_after(self, ways: Mapping[str, str], edited: bool) -> str:
        """Damage files, and build twice; return what is wrong, or "".

        `ways`: file -> way. With `edited`, an input is changed as well, so that most jobs run.
        """
        damage(self.project, ways)
        if edited:
            self.edit()
        run = self.project.build()
        if run.code or "Traceback" in run.out + run.err:
            return f"The build ended with {run.code}:\n{run.out}{run.err}"
        if differ := differences(delivered(self.project), self.expected[self._purpose()]):
            return f"Different from a build without damage: {differ}\n{run.out}{run.err}"
        if stray := leftovers(self.project):
            return f"Left behind: {stray}"
        if run.out.startswith("Nothing to be done"):
            return ""
        again = self.project.build()
        done = again.code == 0 and again.out.startswith("Nothing to be done")
        return "" if done else f"The next build was not idle:\n{again.out}{again.err}"

    def wrong_after_restriction(self, ways: Mapping[str, str]) -> str:
        """Damage files, restrict a published paper in inputs that have a problem, and build; return what is wrong, or ""."""
        damage(self.project, ways)
        self.project.replace(
            MINI1, self._purpose(), f"{self._purpose()}\n    access: restricted\n    colour: blue"
        )
        run = self.project.build()
        if run.code != 1 or "Traceback" in run.out + run.err or "colour" not in run.err:
            return f"The build ended with {run.code}:\n{run.out}{run.err}"
        if f"public/{PLAN}" in delivered(self.project):
            return "The restricted paper is still public"
        page = self.project.root / "outputs/public/forums/mini/papers.json"
        named = page.exists() and PLAN_NUMBER in page.read_text(encoding="utf-8")
        return "The restricted paper is still in papers.json" if named else ""
