"""The verb `status`: where the papers of a meeting stand, before and after a build and an issue."""

from __future__ import annotations

import sys

import pytest
from forum_tools import MINI1, MINI2
from project_tools import ROOT, Project, build_once, copy_built, copy_of

PLAN, SCHEDULE = "2019/MINI1/003", "2019/MINI2/001"
ENTRY = f"papers:\n  - {{number: {PLAN}, title: A Plan, kind: strategic-plan, submitted_by: [Chair]}}\n"
LATE = """\
  - number: 2019/MINI2/004
    file: received/MINI2/paper.docx
    received: 2019-08-22T09:00+00:00
    allowed_by: Chair
    title: A Paper of an Economy
    submitted_by: [Peru]
"""


def verb(project: Project, *words: str):
    return project.run(sys.executable, "scripts/forum_papers.py", *words)


@pytest.fixture(scope="module")
def once(tmp_path_factory) -> Project:
    """The miniature forum, built, with the paper of MINI1 issued."""
    project = copy_built(tmp_path_factory.mktemp("status") / "forum")
    run = verb(project, "issue", "meeting=MINI1", "date=2019-03-14", "by=APEC Secretariat")
    assert run.code == 0, run.err
    return project


@pytest.fixture
def project(once, tmp_path) -> Project:
    return copy_of(once, tmp_path / "forum")


def status(project: Project, meeting: str) -> str:
    """Return what the verb prints, with its line breaks as spaces."""
    run = verb(project, "status", meeting)
    assert run.code == 0, run.err
    assert max(map(len, run.out.splitlines())) <= 80
    return " ".join(run.out.split())


def test_papers_are_ready_issued_or_revised(project):
    assert f"{PLAN} issued Mini Working Group Strategic Plan 2019-2020 - on 2019-03-14" in status(
        project, "MINI1"
    )
    assert "Nothing is missing until 28 March 2019." in status(project, "MINI1")
    text = status(project, "MINI2")
    assert f"{SCHEDULE} ready Implementation Schedule" in text and "2 papers: 2 ready." in text
    assert "To issue: 001, 002rev1. Run make issue meeting=MINI2." in text
    assert verb(project, "revise", f"paper={PLAN}", "why=again", "date=2019-03-20").code == 0
    text = status(project, "MINI1")
    assert f"{PLAN}rev1 revision begun" in text and "Revised and not issued: 003rev1." in text
    assert f"{MINI1} changed since the last build: run make first." in text


def test_a_change_that_stopped_the_build_of_an_issued_paper_is_named_until_it_is_undone(project):
    project.replace(MINI1, "purpose: Information", "purpose: Consideration")
    assert f"{MINI1} changed since the last build: run make first." in status(project, "MINI1")
    assert project.build().code == 1
    text = status(project, "MINI1")
    assert f"{PLAN} differs" in text and f"issued on 2019-03-14, since when {MINI1} changed" in text
    assert "Differing from what was issued: 003." in text
    project.replace(MINI1, "purpose: Consideration", "purpose: Information")
    assert project.build().code == 0
    assert f"{PLAN} issued" in status(project, "MINI1")


def test_what_is_not_known_to_a_build_is_read_from_the_inputs(project):
    project.replace(MINI2, f"  - number: {SCHEDULE}\n    kind", "  - kind")
    project.replace(MINI2, "agenda:\n", "cut_off: 2019-08-20T17:00\ntime_zone: America/Santiago\nagenda:\n")
    path = project.root / MINI2
    path.write_text(path.read_text(encoding="utf-8") + LATE, encoding="utf-8")
    assert project.build().code == 1
    text = status(project, "MINI2")
    assert "The last build was not completed: run make, and correct what it names." in text
    assert "- no number Implementation Schedule" in text and "make number meeting=MINI2" in text
    assert "2019/MINI2/004 not received A Paper of an Economy - received/MINI2/paper.docx is missing" in text
    assert "late, received on 2019-08-22, allowed by Chair" in text
    assert "2019/MINI2/002rev1 not built" in text


def test_a_restricted_paper_is_named_as_such_and_a_withdrawn_one_as_long_as_it_has_an_entry(project):
    project.replace(MINI1, "    purpose: ", "    access: restricted\n    reason: talks\n    purpose: ")
    assert f"{PLAN} issued" in status(project, "MINI1") and "restricted" in status(project, "MINI1")
    assert verb(project, "withdraw", f"paper={PLAN}", "why=never meant").code == 0
    assert PLAN not in status(project, "MINI1") and "0 papers." in status(project, "MINI1")
    project.replace(MINI1, "papers: []\n", ENTRY)
    assert f"{PLAN} withdrawn A Plan" in status(project, "MINI1")
    assert "Withdrawn, with an entry left: 003. Delete the entry." in status(project, "MINI1")


def test_an_unknown_meeting_is_reported_with_the_known_ones(project):
    run = verb(project, "status", "meeting=MINI3")
    assert run.code == 1 and "a meeting with papers: MINI1, MINI2. Did you mean" in run.err and not run.out


@pytest.mark.slow
def test_the_returns_are_those_of_the_year_that_papers_of_the_meeting_count_and_of_no_other_year():
    shipped = build_once(ROOT)
    text = status(shipped, "SMEWG47")
    assert "Returns for 2018 (plan-2017-2020): 14 of 21." in text and "Returns for 2017" not in text
    not_returned, counted = text.split("Not returned: ")[1].split(" Dated after 2018-08-31, so not counted: ")
    assert not_returned.startswith("Brunei Darussalam; Canada;") and "Australia" in counted
    assert "007 draft Terms of Reference" in text and "- restated text" in text
    assert "Due by 28 February 2019." in text and "Returns for 2018 of" not in text, (
        "not due until the meeting"
    )
    assert "illustrative figures" in text and "Returns for" not in status(shipped, "SMEWG43")


def test_a_paper_whose_file_is_set_aside_says_why_and_what_ends_that(project):
    path = project.root / MINI2
    entry = "set_aside:\n  - {file: received/MINI2/paper.docx, why: cannot be opened}\n"
    path.write_text(entry + path.read_text(encoding="utf-8") + LATE, encoding="utf-8")
    sent = project.root / "inputs/mini/received/MINI2/paper.docx"
    sent.parent.mkdir(parents=True)
    sent.write_bytes(b"no Word file")
    text = status(project, "MINI2")
    assert "2019/MINI2/004 set aside A Paper of an Economy - cannot be opened" in text
    assert "Set aside: 004. Delete the entry under set_aside when a good file is in its place." in text
    assert "Not built: 004" not in text
