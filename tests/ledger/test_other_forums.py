"""A number belongs to one paper, in whichever forum: the ledgers of all forums are read by series."""

from __future__ import annotations

import shutil

import pytest
from forum_tools import FOLDER, MINI1, Forum, copy_forum
from ledger_tools import LEDGER, event, write
from organisation_tools import GRAMMAR
from papers.inputs.numbers_of_drafts import numbers_of_drafts
from papers.ledger.other_forums import numbers_of_others
from papers.ledger.rules import Ledger
from papers.problems import Problems
from papers.record.number import number_papers
from papers.record.session import Request, open_session, run_verb

DRAFT = "2019/MINI1/003"  # an entry of the miniature forum that was not issued


@pytest.fixture
def forum(tmp_path) -> Forum:
    """The miniature forum, beside another one that has issued a number of its series."""
    forum = copy_forum(tmp_path / "forum")
    write(forum.root, event("issued", DRAFT), event("numbered", "2019/MINI1/017"))
    other = forum.root / "inputs/other"
    other.mkdir()
    shutil.move(forum.root / FOLDER / "issued", other / "issued")
    return forum


def others(forum: Forum, problems: Problems) -> dict[str, str]:
    return numbers_of_others(forum.root, "mini", GRAMMAR, problems)


def test_the_numbers_of_other_forums_are_those_of_their_ledgers(forum):
    problems = Problems()
    assert others(forum, problems) == {DRAFT: "other", "2019/MINI1/017": "other"} and not problems
    assert numbers_of_others(forum.root, "other", GRAMMAR, problems) == {}


def test_a_build_refuses_a_number_that_another_forum_has_recorded(forum):
    assert DRAFT in forum.text(MINI1)
    (problem,) = forum.problems()
    assert problem.kind == "not-as-issued" and f"{DRAFT}, which the forum other has recorded" in str(problem)


@pytest.mark.parametrize("what", ["numbered", "issued"])
def test_no_command_records_a_number_of_another_forum(forum, what):
    ledger = Ledger(GRAMMAR)
    ledger.others = others(forum, Problems())
    assert "which the forum other has recorded" in ledger.refusal(event(what, DRAFT)).found
    assert ledger.refusal(event(what, "2019/MINI1/018")) is None
    assert ledger.next_serial("2019/MINI1", None) == 18


def test_a_paper_that_was_issued_with_the_same_number_stays(forum):
    ledger = Ledger(GRAMMAR, [event("issued", DRAFT)])
    ledger.others = others(forum, Problems())
    assert ledger.refusal(event("revised", f"{DRAFT}rev1")) is None


def test_a_ledger_that_cannot_be_read_stops_commands_and_no_build_of_another_forum(forum):
    path = forum.root / LEDGER.replace("mini", "other")
    path.write_text("nonsense\n", encoding="utf-8")
    problems = Problems()
    others(forum, problems)
    assert [problem.place.file for problem in problems.found] == ["inputs/other/issued/ledger.csv"]
    assert not forum.problems()


# Numbers that only drafts have


@pytest.fixture
def drafts(tmp_path) -> Forum:
    """The miniature forum, beside another one whose meetings state numbers of its series."""
    forum = copy_forum(tmp_path / "forum")
    shutil.copytree(forum.root / FOLDER, forum.root / "inputs/other")
    listed = "tabled:\n- {paper: A, meeting: SOM3, number: 2019/SOM3/009}\n"
    own = "- {paper: A, meeting: MINI1, number: 2019/MINI1/031rev1}\n"
    forum.write("inputs/other/tabling.yaml", listed + own)
    return forum


def test_the_numbers_of_drafts_are_those_of_the_papers_of_own_meetings(drafts):
    found = numbers_of_drafts(drafts.root, "mini", GRAMMAR)
    assert found[DRAFT] == "inputs/other/meetings/MINI1.yaml"
    assert found["2019/MINI1/031"] == "inputs/other/tabling.yaml"
    assert "2019/SOM3/009" not in found  # another body gave it


@pytest.mark.parametrize(
    "damage", ["papers: 3\n", "papers: [3, {number: 7}]\n", ": : :", "papers: [{number: x}]"]
)
def test_a_meeting_that_cannot_be_read_has_no_numbers_here(drafts, damage):
    drafts.write("inputs/other/meetings/MINI1.yaml", damage)
    assert DRAFT not in numbers_of_drafts(drafts.root, "mini", GRAMMAR)


def test_no_command_records_a_number_that_another_forum_has_in_its_drafts(drafts, monkeypatch):
    monkeypatch.chdir(drafts.root)
    request = Request("mini", GRAMMAR, "MINI1", (), "2019-03-14", "APEC Secretariat", "")
    session, _ = open_session(request, Problems())
    session.read_drafts()
    refused = session.ledger.refusal(event("issued", DRAFT))
    assert refused.found == f"{DRAFT}, which inputs/other/meetings/MINI1.yaml has too"
    assert session.ledger.next_serial("2019/MINI1", None) == 32


def test_make_number_names_the_line_of_a_number_that_another_forum_has_in_its_drafts(drafts, monkeypatch):
    monkeypatch.chdir(drafts.root)
    problems = Problems()
    request = Request("mini", GRAMMAR, "MINI1", (), "2019-03-14", "APEC Secretariat", "")
    run_verb(number_papers, request, problems)
    (problem,) = problems.found
    assert problem.place.line == drafts.line_of(MINI1, f"number: {DRAFT}")
    assert f"{DRAFT}, which inputs/other/meetings/MINI1.yaml has too" in str(problem)


def test_a_number_that_the_forum_has_recorded_is_not_refused_for_a_draft_of_another_forum(drafts):
    ledger = Ledger(GRAMMAR, [event("numbered", DRAFT)])
    ledger.drafts = numbers_of_drafts(drafts.root, "mini", GRAMMAR)
    assert ledger.refusal(event("issued", DRAFT)) is None


def test_a_build_names_a_number_that_a_meeting_of_another_forum_states_too(drafts):
    lines = [str(problem) for problem in drafts.problems()]
    assert any(f"{DRAFT}, which inputs/other/meetings/MINI1.yaml has too" in line for line in lines)


def test_a_lost_ledger_of_another_forum_stops_commands(forum, monkeypatch):
    monkeypatch.chdir(forum.root)
    for name in ("ledger.csv", "ledger.end"):
        (forum.root / "inputs/other/issued" / name).unlink()
    forum.write("inputs/other/issued/2019/MINI1/19_mini1_003.docx", b"a paper")
    problems = Problems()
    open_session(Request("mini", GRAMMAR, "MINI1", (), "2019-03-14", "APEC Secretariat", ""), problems)
    (problem,) = problems.found
    assert (problem.kind, problem.place.file) == ("lost-events", "inputs/other/issued/ledger.csv")
