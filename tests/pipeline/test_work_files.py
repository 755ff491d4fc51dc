"""docs/architecture.md lists every file below outputs/work: builds leave these files and no other."""

from __future__ import annotations

import re
import sys

import pytest
from papers.store.work_files import WORK
from project_tools import ROOT, Project, copy_built, copy_project
from received_tools import pdf_paper, word_paper
from word_tools import png

pytestmark = [pytest.mark.libreoffice, pytest.mark.poppler]
MINI1, MINI2 = "inputs/mini/meetings/MINI1.yaml", "inputs/mini/meetings/MINI2.yaml"
PLAN = "outputs/papers/2019/MINI1/19_mini1_003rev1.docx"
WORDS = ("date=2019-08-20", "by=APEC Secretariat", "why=two weeks before")
RECEIVED = """
  - number: 2019/MINI2/007
    file: received/MINI2/paper.docx
    title: A Paper of an Economy
    submitted_by: [Peru]
  - number: 2019/MINI2/008
    file: received/MINI2/scan.pdf
    title: A Scan of an Economy
    submitted_by: [Peru]
"""
PARTS = {
    "<f>": "(?:mini|smewg)",
    "<m>": "[A-Za-z0-9-]+",
    "<key>": "[0-9a-f]{64}",
    "<kind>": "[a-z-]+",
    "<rule>": "[a-z_]+",
    "<group>": "[a-z_]+",
}
ONLY_WHILE = "only while"  # such a file is not there after a build


def listed() -> dict[str, str]:
    """Return pattern -> what writes it, of the lines of the list."""
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    section = text.partition("## Files below `outputs/work`")[2].partition("\n## ")[0]
    return dict(re.findall(r"^\| `(\S+)` \| (.+?) \|", section, re.MULTILINE))


def is_like(file: str, pattern: str) -> bool:
    words = re.split(r"(<[a-z]+>)", pattern)
    return bool(
        re.fullmatch("".join(PARTS.get(w, ".+") if w.startswith("<") else re.escape(w) for w in words), file)
    )


def line_of(file: str, patterns: list[str]) -> str:
    """Return the pattern with the fewest variable parts that a file is like; "" if there is none."""
    matching = [pattern for pattern in patterns if is_like(file, pattern)]
    return min(matching, key=lambda pattern: pattern.count("<"), default="")


def work_files(project: Project) -> set[str]:
    folder = project.root / WORK
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> set[str]:
    """All files that builds leave: of received papers, revisions, PDFs, redlines, restricted papers, figures."""
    folder = tmp_path_factory.mktemp("work files")
    project, with_figures = copy_project(folder / "forum"), copy_built(folder / "with figures", ROOT)
    assert with_figures.build("papers").code == 0
    return work_files(with_figures) | files_of_a_meeting(project)


def files_of_a_meeting(project: Project) -> set[str]:
    files = set()

    def run(*command: str, code: int = 0) -> None:
        done = project.run(sys.executable, *command)
        assert done.code == code, done.out + done.err
        files.update(work_files(project))

    received = project.root / "inputs/mini/received/MINI2"
    received.mkdir(parents=True)
    (received / "paper.docx").write_bytes(word_paper())
    (received / "scan.pdf").write_bytes(pdf_paper())
    with (project.root / MINI2).open("a", encoding="utf-8") as file:
        file.write(RECEIVED.lstrip("\n"))
    program = "scripts/forum_papers.py"
    run(program, "build")
    run(program, "issue", "meeting=MINI1", *WORDS)
    project.replace(
        "inputs/mini/forum.yaml", "logo: null", "logo: mini/logo.png"
    )  # so that it prepares its own templates
    (project.root / "inputs/mini/logo.png").write_bytes(png())
    run(program, "preview", "paper=2019/MINI1/003")
    run(program, "revise", "paper=2019/MINI1/003", *WORDS)
    run(program, "build", "all", "changes", "pdfs")
    run(program, "package", "meeting=MINI1")
    run(program, "forms", "year=2019")
    (project.root / PLAN).unlink()
    run("-m", "snakemake", PLAN)
    project.replace(MINI1, "    purpose: Information", "    access: restricted\n    colour: blue")
    run(program, "build", code=1)
    return files


def test_every_file_of_the_builds_is_in_the_list(found):
    patterns = list(listed())
    assert len(found) > 60
    assert [file for file in sorted(found) if not line_of(file, patterns)] == []


def test_every_line_of_the_list_is_a_file_of_a_build_or_there_only_while_one_runs(found):
    patterns = listed()
    there = {line_of(file, list(patterns)) for file in found}
    temporary = {pattern for pattern, writer in patterns.items() if ONLY_WHILE in writer}
    assert temporary and not temporary & there
    assert set(patterns) - there == temporary
