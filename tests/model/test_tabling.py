"""A paper at several meetings: its numbers come from the list of tablings alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from forum_tools import FOLDER, MINI1, MINI2, PLAN, Forum
from kind_inputs import WORK_PLAN_PAPER, WORK_PLAN_TEXT
from organisation_tools import GRAMMAR
from papers.problems import Problems
from papers.record import number
from papers.record.session import Request, run_verb
from papers.wording.compose import word_meeting

LIST = f"{FOLDER}/tabling.yaml"
TABLED = """# A paper at each meeting at which it is tabled, in order.
tabled:
  - paper: Strategic Plan
    meeting: SOM3/SCE
    number: 2018/SOM3/SCE/007
  - paper: Strategic Plan
    meeting: MINI1   # our own
    agenda_item: "4"
    number: 2019/MINI1/003
  - {paper: Strategic Plan, meeting: MINI2, number: 2019/MINI2/003}
"""
AGAIN = """  - tabled: Strategic Plan
    kind: strategic-plan
    title: Mini Working Group Strategic Plan 2019-2020
    submitted_by: [APEC Secretariat]
    plan: plan-2019-2020
    schedule: 2019
"""
LISTING = """  - number: {}/000
    kind: classification-list
    title: Document Classification List
    submitted_by: [APEC Secretariat]
"""


@pytest.fixture
def tabled(forum) -> Forum:
    forum.write(LIST, TABLED)
    forum.replace(MINI1, "number: 2019/MINI1/003", "tabled: Strategic Plan")
    forum.replace(MINI1, '    agenda_item: "4"\n', "")
    forum.replace(MINI1, "    forum_doc_no: 2018/SOM3/SCE/007\n", "")
    forum.write(MINI1, forum.text(MINI1) + LISTING.format("2019/MINI1"))
    forum.write(MINI2, forum.text(MINI2) + AGAIN + LISTING.format("2019/MINI2"))
    return forum


def papers(forum: Forum) -> dict[str, dict]:
    model = forum.model()
    return {
        paper["number"]: paper
        for meeting in model.meetings
        for paper in word_meeting(model, meeting)["papers"]
    }


def test_number_agenda_item_and_forum_doc_no_come_from_the_list(tabled):
    covers = {number: paper["fields"]["cover"] for number, paper in papers(tabled).items()}
    first, second = covers["2019/MINI1/003"], covers["2019/MINI2/003"]
    assert (first["agenda_item"], first["forum_doc_no"]) == ("4", "2018/SOM3/SCE/007")
    assert (second["agenda_item"], second["forum_doc_no"]) == ("", "2019/MINI1/003")


def test_the_lists_of_both_meetings_name_the_other_tablings(tabled):
    found = papers(tabled)
    for meeting, other in (("MINI1", "MINI2"), ("MINI2", "MINI1")):
        words = json.dumps(found[f"2019/{meeting}/000"]["fields"]["classification"])
        assert "Also tabled at SOM3/SCE as 2018/SOM3/SCE/007" in words
        assert f"Also tabled at {other} as 2019/{other}/003" in words
        assert LIST in found[f"2019/{meeting}/000"]["made_from"]


@pytest.mark.parametrize(
    ("file", "old", "new", "kind"),
    [
        (MINI1, "tabled: Strategic Plan", "tabled: Strategic Plans", "unknown-tabling"),
        (MINI1, "tabled: Strategic Plan", "tabled: Strategic Plan\n    number: 2019/MINI1/003", "said-twice"),
        (
            LIST,
            "{paper: Strategic Plan, meeting: MINI2",
            "{paper: Strategic Plan, meeting: MINI1",
            "doubled-tabling",
        ),
        (LIST, "    number: 2018/SOM3/SCE/007\n", "", "missing-number"),
        (LIST, "tabled:\n", "tabled:\n  - {paper: Work Plan, meeting: MINI2}\n", "unknown-tabling"),
        (LIST, ", number: 2019/MINI2/003", "", "missing-number"),
        (LIST, "2019/MINI1/003", "2019/MINI2/009", "number-path"),
        (LIST, "2018/SOM3/SCE/007", "2019/MINI1/000", "doubled-number"),
    ],
)
def test_a_wrong_list_is_reported(tabled, file, old, new, kind):
    tabled.replace(file, old, new)
    problems = tabled.problems()
    assert kind in {problem.kind for problem in problems}
    assert all(problem.place.file in (LIST, MINI1, MINI2) and problem.place.line for problem in problems)


def test_a_number_is_assigned_in_the_list(tabled, monkeypatch):
    monkeypatch.chdir(tabled.root)
    tabled.replace(LIST, ", number: 2019/MINI2/003", "")
    order = Request("mini", GRAMMAR, "MINI2", (), "2019-08-01", "APEC Secretariat", "")
    problems, before = Problems(), tabled.text(MINI2)
    Path("inputs/mini/issued").mkdir()
    run_verb(number.number_papers, order, problems)
    assert not problems and tabled.text(MINI2) == before
    assert "  - {number: 2019/MINI2/003, paper: Strategic Plan, meeting: MINI2}\n" in tabled.text(LIST)
    assert "# our own" in tabled.text(LIST)
    assert "2019/MINI2/003" in papers(tabled)


def test_the_tablings_of_a_paper_share_its_id_and_its_narrative(forum):
    listed = "tabled:\n" + "".join(
        f"  - {{paper: Work, meeting: {code}, number: 2019/{code}/007}}\n" for code in ("MINI1", "MINI2")
    )
    entry = WORK_PLAN_PAPER.replace("number: 2019/MINI2/006", "tabled: Work")
    forum.write(f"{PLAN}/workplan/2019.yaml", WORK_PLAN_TEXT)
    for file in (MINI1, MINI2):
        forum.write(file, f"{forum.text(file).rstrip()}\n{entry}")
    forum.write(LIST, listed)
    forum.write(f"{FOLDER}/narrative/work-plan-2019/introduction.md", "# Words\n\nOur own words.\n")
    both = [papers(forum)[f"2019/{code}/007"] for code in ("MINI1", "MINI2")]
    assert all("Our own words." in str(paper["fields"]["work"]["introduction"]) for paper in both)
    forum.replace(MINI2, "tabled: Work", "number: 2019/MINI2/007")
    forum.write(LIST, "tabled:\n  - {paper: Work, meeting: MINI1, number: 2019/MINI1/007}\n")
    assert [problem.kind for problem in forum.problems()] == ["doubled-id"]
