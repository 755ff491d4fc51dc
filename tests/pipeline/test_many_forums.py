"""Several forums in one project: built together or one by one, none of them disturbs another."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from docx import Document
from project_tools import Project, Run, copy_project

MEETING = "inputs/harb/meetings/HARB7.yaml"
AGENDA, MINI_AGENDA_FILE = "2020/HARB7/20_harb7_001.docx", "inputs/mini/meetings/MINI2.yaml"
MEETING_FILE = """code: HARB7
ordinal: 7
city: Lima
economy: Peru
start: 2020-03-02
end: 2020-03-03
papers:
  - number: 2020/HARB7/001
    kind: agenda
    title: Agenda
    purpose: Information
    submitted_by: [HARB]
"""


def add_harbours(project: Project) -> None:
    """Add a second forum with one meeting, whose agenda is its only paper, and build all forums from now on."""
    (project.root / MEETING).parent.mkdir(parents=True)
    (project.root / MEETING).write_text(MEETING_FILE, encoding="utf-8")
    (project.root / "inputs/harb/forum.yaml").write_text("code: HARB\nname: Harbour Group\n", "utf-8")
    (project.root / "config.yaml").write_text("forum: all\n", encoding="utf-8")


def verb(project: Project, *words: str) -> Run:
    return project.run(sys.executable, "scripts/forum_papers.py", *words)


def is_of_harbours(name: str) -> bool:
    """Whether a file belongs to the second forum alone; logs of jobs say what they reported in the last build."""
    return "harb" in name.lower() and "/logs/" not in name


def text_of(paper: Path) -> str:
    return "\n".join(paragraph.text for paragraph in Document(paper).paragraphs)


def times(project: Project, folder: str) -> dict[str, int]:
    """Return the files of a folder below outputs/work, but its logs, with their modification times."""
    files = (path for path in (project.root / "outputs/work" / folder).rglob("*") if path.is_file())
    return {path.as_posix(): path.stat().st_mtime_ns for path in files if path.parent.name != "logs"}


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Project:
    project = copy_project(tmp_path_factory.mktemp("forums") / "both")
    add_harbours(project)
    run = project.build()
    assert run.code == 0, run.out + run.err
    return project


@pytest.fixture
def project(built, tmp_path) -> Project:
    """A copy of the built project, with the times of its files."""
    shutil.copytree(built.root, tmp_path / "copy", symlinks=True)
    return Project(tmp_path / "copy")


def test_all_builds_the_papers_of_each_forum_and_a_second_build_has_nothing_to_do(project):
    found = project.papers()
    assert AGENDA in found and any("MINI2" in name for name in found)
    run = project.build()
    assert run.code == 0 and f"Nothing to be done: {len(found)} papers" in run.out


def test_a_forum_that_is_not_selected_keeps_all_that_was_built(project):
    def kept() -> dict[str, bytes]:
        files = (path for path in (project.root / "outputs").rglob("*") if path.is_file())
        names = ((path.relative_to(project.root).as_posix(), path) for path in files)
        return {name: path.read_bytes() for name, path in names if is_of_harbours(name)}

    before = kept()
    assert len(before) > 10
    project.replace("config.yaml", "forum: all", "forum: mini")
    project.replace(MINI_AGENDA_FILE, "status: (Draft)", "status: (Final)")
    run = project.build()
    assert run.code == 0 and AGENDA in project.papers(), run.out + run.err
    assert kept() == before


def test_a_mistake_of_one_forum_stops_that_forum_only(project):
    before = project.papers()
    project.replace(MEETING, "ordinal: 7", "ordinal: seven")
    project.replace(MINI_AGENDA_FILE, "status: (Draft)", "status: (Final)")
    run = project.build()
    assert run.code == 1
    assert [problem.split(",")[0] for problem in run.problems] == [MEETING]
    after = project.papers()
    assert after[AGENDA] == before[AGENDA]
    changed = {name for name in after if after[name] != before[name]}
    assert changed and all("mini2" in name for name in changed)
    project.replace(MEETING, "ordinal: seven", "ordinal: 8")
    assert project.build().code == 0 and project.papers()[AGENDA] != before[AGENDA]


def test_a_mistake_in_a_template_of_one_forum_stops_that_forum_only(project):
    (project.root / "inputs/harb/templates").mkdir()
    (project.root / "inputs/harb/templates/agenda.docx").write_bytes(b"not Word")
    project.replace(MINI_AGENDA_FILE, "status: (Draft)", "status: (Final)")
    before = project.papers()
    run = project.build()
    assert run.code == 1 and all("inputs/harb/templates/agenda.docx" in line for line in run.problems)
    after = project.papers()
    assert {name for name in after if after[name] != before[name]} and after[AGENDA] == before[AGENDA]


def test_templates_are_prepared_once_for_all_forums_that_have_none_of_their_own(project):
    prepared = {path.name for path in (project.root / "outputs/work/templates").iterdir()}
    assert "agenda.prepared" in prepared and not list(project.root.glob("outputs/work/*/templates"))
    before = project.papers()
    (project.root / "inputs/harb/templates").mkdir()
    own = project.root / "inputs/harb/templates/agenda.docx"
    word = Document(project.root / "templates/agenda.docx")
    word.paragraphs[0].insert_paragraph_before("Harbours first")
    word.save(own)
    assert project.build().code == 0
    assert "Harbours first" in text_of(project.root / "outputs/papers" / AGENDA)
    own.unlink()
    assert project.build().code == 0 and project.papers() == before


def test_an_edit_in_one_forum_runs_no_job_of_another(project):
    before = times(project, "mini")
    project.replace(MEETING, "ordinal: 7", "ordinal: 8")
    run = project.build()
    assert run.code == 0 and "1 changed" in run.out, run.out + run.err
    assert times(project, "mini") == before


def test_a_verb_finds_its_forum_by_the_meeting_or_the_paper_and_builds_no_other(project):
    project.replace(MINI_AGENDA_FILE, "ordinal:", "ordinl:")  # would stop a build of that forum
    words = ("date=2020-02-17", "by=Secretariat")
    run = verb(project, "issue", "meeting=HARB7", *words)
    assert run.code == 0 and "2020/HARB7/001" in run.out, run.out + run.err
    assert (project.root / "inputs/harb/issued/ledger.csv").is_file()
    run = verb(project, "withdraw", "paper=2020/HARB7/001", "why=another day", *words)
    assert run.code == 0, run.err


def test_a_verb_that_may_be_about_several_forums_asks_which_one(project):
    run = verb(project, "history")
    assert run.code == 1
    assert "expected one forum. Add forum=harb, for example." in run.err
    assert verb(project, "history", "forum=mini").code == 0
    run = verb(project, "history", "forum=harbour")
    assert 'found forum="harbour"; expected a folder of inputs: harb, mini. Did you mean "harb"?' in run.err


def test_a_paper_that_was_edited_is_kept_when_another_forum_is_built(project):
    paper = project.root / "outputs/papers" / AGENDA
    paper.write_bytes(b"edited in Word")
    run = project.build("--config", "forum=mini")
    assert run.code == 0 and paper.read_bytes() == b"edited in Word"
    run = project.build()
    assert run.code == 0 and paper.read_bytes() != b"edited in Word"
    assert "(edited copy 1)" in run.err


def test_a_list_of_meetings_selects_the_forums_that_have_them(project):
    project.replace("config.yaml", "forum: all", "forum: all\nmeetings: [HARB7]")
    before = times(project, "mini")
    run = project.build()
    assert run.code == 0 and times(project, "mini") == before, run.out + run.err
    project.replace("config.yaml", "[HARB7]", "[HARB7, MINI2]")
    assert project.build().code == 0
    project.replace("config.yaml", "MINI2", "MINI9")
    (problem,) = project.build().problems
    assert problem.startswith("config.yaml, line 2") and 'found "MINI9"' in problem
