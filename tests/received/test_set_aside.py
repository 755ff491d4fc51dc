"""A received file that is set aside is not opened; its paper stays in list and agenda, which say so."""

from __future__ import annotations

import sys

from forum_tools import MINI2
from papers.wording.compose import word_meeting
from project_tools import copy_built
from received_tools import FOLDER, add_entry, send, word_paper

ENTRY = "set_aside:\n  - {file: received/MINI2/paper.docx, why: cannot be opened}\n"
LISTS = """  - number: 2019/MINI2/000
    kind: classification-list
    title: Document Classification List
    submitted_by: [APEC Secretariat]
  - number: 2019/MINI2/009
    kind: agenda
    title: Agenda
    submitted_by: [APEC Secretariat]
"""


def test_its_paper_is_listed_with_a_note_and_not_made(forum):
    forum.write(MINI2, forum.text(MINI2) + LISTS)
    add_entry(forum)
    forum.write(MINI2, forum.text(MINI2) + ENTRY)
    model = forum.model()
    meeting = next(one for one in model.meetings if one.code == "MINI2")
    papers = word_meeting(model, meeting)["papers"]
    assert "2019/MINI2/007" not in [paper["number"] for paper in papers]
    (listed,) = [paper for paper in papers if paper["number"] == "2019/MINI2/000"]
    assert "set aside, not circulated" in str(listed["fields"])
    (agenda,) = [paper for paper in papers if paper["number"] == "2019/MINI2/009"]
    assert "A Paper of an Economy (set aside, not circulated)" in str(agenda["fields"])
    assert any(
        "set aside (cannot be opened); its paper is listed and not made" in each for each in model.notices
    )


def test_a_file_that_no_paper_names_can_not_be_set_aside(forum):
    add_entry(forum)
    forum.write(MINI2, forum.text(MINI2) + ENTRY.replace("paper.docx", "papers.docx"))
    (problem,) = forum.problems()
    assert problem.place.key == "set_aside[1].file"
    assert problem.todo == 'Did you mean "received/MINI2/paper.docx"?'


def test_a_file_that_can_not_be_read_stops_the_build_until_it_is_set_aside(tmp_path):
    project = copy_built(tmp_path / "project")
    send(project, "paper.docx", b"no word file")
    assert project.build().code
    meeting = project.root / MINI2
    meeting.write_text(meeting.read_text("utf-8") + ENTRY, encoding="utf-8")
    run = project.build()
    assert run.code == 0
    assert "set aside (cannot be opened)" in run.out + run.err
    assert not list((project.root / "outputs/papers").rglob("*mini2_007*"))
    assert (project.root / FOLDER / "paper.docx").read_bytes() == b"no word file"


def test_of_an_issued_paper_the_file_can_not_be_set_aside(tmp_path):
    project = copy_built(tmp_path / "project")
    send(project, "paper.docx", word_paper())
    issue = ("issue", "paper=2019/MINI2/007", "date=2019-08-29", "by=Office", "why=open text")
    assert project.run(sys.executable, "scripts/forum_papers.py", *issue).code == 0
    meeting = project.root / MINI2
    meeting.write_text(meeting.read_text("utf-8") + ENTRY, encoding="utf-8")
    run = project.build()
    assert run.code
    assert (
        "the issued paper stays as it is. To replace it, run make revise paper=2019/MINI2/007"
        in run.out + run.err
    )
