"""Builds with a cache, without it and with a damaged one write the same files."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from itertools import cycle
from pathlib import Path

import pytest
from project_tools import ROOT, Project, copy_built, copy_of
from received_tools import pdf_paper

pytestmark = [pytest.mark.libreoffice, pytest.mark.poppler]
CACHE, MEETING = "outputs/work/mini/cache", "inputs/mini/meetings/MINI2.yaml"
ENTRY = """
  - {number: 2019/MINI2/007, file: received/MINI2/paper.pdf, title: A Paper of an Economy, submitted_by: [Peru]}
"""
USERS = {"archive", "checks", "covers", "pdf", "scans", "texts"}  # folders of the cache that this forum needs
WITH_FIGURES = {"traces_pages", "public_traces_pages"}  # and those that papers with figures need


@pytest.fixture(scope="module")
def once(tmp_path_factory) -> Project:
    """The miniature forum with a received and an issued paper, and its PDFs, built."""
    project = copy_built(tmp_path_factory.mktemp("cached") / "forum")
    paper = project.root / "inputs/mini/received/MINI2/paper.pdf"
    paper.parent.mkdir(parents=True)
    paper.write_bytes(pdf_paper())
    meeting = project.root / MEETING
    meeting.write_text(meeting.read_text(encoding="utf-8") + ENTRY.lstrip("\n"), encoding="utf-8")
    words = ("issue", "meeting=MINI1", "date=2019-03-14", "by=APEC Secretariat", "why=two weeks before")
    issued = project.run(sys.executable, "scripts/forum_papers.py", *words)
    assert issued.code == 0, issued.err
    build(project)
    return project


@pytest.fixture
def project(once, tmp_path) -> Project:
    return copy_of(once, tmp_path / "forum")


def build(project: Project) -> None:
    """Run every job, as after a change of the program."""
    for words in ("all", "--forceall"), ("all", "pdfs", "--forcerun", "pdf"):
        run = project.build(*words)
        assert run.code == 0, run.err


def written(project: Project) -> dict[str, bytes]:
    """Return every file of outputs/ but those of work/."""
    folder = project.root / "outputs"
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if not name.startswith("work/")}


def entries(project: Project) -> list[Path]:
    return sorted(path for path in (project.root / CACHE).rglob("*") if path.is_file())


def users(files: Iterable[Path]) -> set[str]:
    """Return the folders of the cache that have these entries."""
    return {file.as_posix().partition(f"{CACHE}/")[2].split("/")[0] for file in files}


def remove(files: list[Path]) -> None:
    for file in files:
        file.unlink()


def damage(files: list[Path]) -> None:
    """Make some entries empty, cut others short, and fill others with something else, or with another entry."""
    other = files[0].read_bytes()
    damages = (lambda _: b"", lambda data: data[:-1], lambda _: b'{"findings": []}', lambda _: other)
    for file, damaged in zip(reversed(files), cycle(damages), strict=False):
        file.write_bytes(damaged(file.read_bytes()))


@pytest.mark.parametrize("disturb", [remove, damage])
def test_a_build_writes_the_same_without_the_cache_and_with_a_damaged_one(project, disturb: Callable):
    before, cached = written(project), entries(project)
    assert users(cached) == USERS
    disturb(cached)
    build(project)
    assert written(project) == before
    assert entries(project) == cached


def test_entries_that_are_needed_stay_and_those_that_no_build_needs_go_away(project):
    before = {file: file.stat().st_mtime_ns for file in entries(project)}
    project.replace(MEETING, "A Paper of an Economy", "A Paper with another Cover")
    run = project.build()
    assert run.code == 0, run.err
    after = {file: file.stat().st_mtime_ns for file in entries(project)}
    assert users(before.keys() - after.keys()) == users(after.keys() - before.keys()) == {"covers"}
    stayed = before.keys() & after.keys()
    assert users(stayed) == USERS - {"covers"} and all(before[file] == after[file] for file in stayed)


def test_the_architecture_lists_every_cache():
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `<f>/cache/(\w+)/", page, re.MULTILINE)) == USERS | WITH_FIGURES
