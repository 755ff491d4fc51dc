"""The verb `preview`: what an issued paper would become, beside what was issued."""

from __future__ import annotations

import sys

import pytest
from forum_tools import MINI1
from papers.build import preview
from project_tools import Project, Run, copy_built, copy_of
from word_tools import dump

PLAN, FILE = "2019/MINI1/003", "19_mini1_003"
FOLDER = "outputs/previews/MINI1"


def verb(project: Project, *words: str) -> Run:
    return project.run(sys.executable, "scripts/forum_papers.py", *words)


@pytest.fixture(scope="module")
def once(tmp_path_factory) -> Project:
    """The miniature forum, built, with the paper of MINI1 issued."""
    project = copy_built(tmp_path_factory.mktemp("preview") / "forum")
    run = verb(project, "issue", "meeting=MINI1", "date=2019-03-14", "by=APEC Secretariat")
    assert run.code == 0, run.err
    return project


@pytest.fixture
def project(once, tmp_path) -> Project:
    return copy_of(once, tmp_path / "forum")


def test_a_changed_paper_is_previewed_with_its_changes_and_nothing_else_is_written(project):
    papers, ledger = project.papers(), (project.root / "inputs/mini/issued/ledger.csv").read_bytes()
    project.replace(MINI1, "title: Mini", "title: The Mini")
    run = verb(project, "preview", PLAN)
    assert run.code == 0, run.err
    assert run.out.splitlines() == [
        f"{FOLDER}/{FILE}.docx",
        f"{FOLDER}/{FILE}_changes.docx",
        f'To issue it: make revise paper={PLAN} why="...", then make issue.',
    ]
    previewed = project.root / FOLDER / f"{FILE}.docx"
    assert "The Mini Working Group Strategic Plan" in dump(previewed.read_bytes())
    assert (project.root / FOLDER / f"{FILE}_changes.docx").read_bytes()[:2] == b"PK"
    assert project.papers() == papers
    assert (project.root / "inputs/mini/issued/ledger.csv").read_bytes() == ledger
    assert "differs" in verb(project, "status", "MINI1").out

    previewed.write_bytes(b"a user's own words")
    project.replace(MINI1, "title: The Mini", "title: Mini")
    run = verb(project, "preview", PLAN)
    assert run.code == 0 and f"{PLAN} is as it was issued on 2019-03-14." in run.out
    (kept,) = (project.root / FOLDER).iterdir()
    assert kept.name == f"{FILE} (edited copy 1).docx" and kept.read_bytes() == b"a user's own words"
    assert project.build().code == 0 and verb(project, "verify").code == 0
    assert verb(project, "clean").code == 0 and kept.exists()


def test_a_paper_that_is_not_issued_or_not_known_is_not_previewed(project):
    run = verb(project, "preview", "paper=2019/MINI2/001")
    assert run.code == 0
    assert run.out == "2019/MINI2/001 is not issued: make builds it into outputs/papers.\n"
    run = verb(project, "preview", "paper=2019/MINI1/004")
    assert run.code == 1 and f'Did you mean "{PLAN}"?' in run.err and "Nothing was previewed." in run.err
    project.replace(MINI1, "ordinal:", "ordinl:")
    run = verb(project, "preview", PLAN)
    assert run.code == 1 and "ordinl" in run.err and not (project.root / "outputs/previews").exists()


def test_of_a_received_pdf_it_says_what_to_look_at_instead(capsys):
    issued = {"kept": "inputs/mini/issued/19_mini1_007.pdf"}
    paper = {"number": "2019/MINI1/007", "issued": issued, "received": "inputs/mini/received/a.pdf"}
    assert list(preview._changed([paper], {})) == []
    assert "there is no preview. Open inputs/mini/received/a.pdf" in (said := capsys.readouterr().out)
    assert f"beside {issued['kept']}." in said
