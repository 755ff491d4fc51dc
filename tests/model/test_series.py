"""The series of numbers of a meeting: one or several, usual or unusual."""

from __future__ import annotations

import pytest
from forum_tools import MINI2, Forum, copy_forum
from organisation_tools import GRAMMAR
from papers.numbers import DocumentNumber
from papers.problems import Problems
from papers.record import number
from papers.record.session import Request, run_verb

SEVERAL = """series:
  - {prefix: 2019/MINI2/PLEN}
  - {prefix: 2019/MINI2/SAFE, folder: "{year}/SAFETY", file_prefix: 19_safe}
"""


@pytest.fixture
def forum(tmp_path) -> Forum:
    return copy_forum(tmp_path / "forum")


@pytest.fixture
def several(forum) -> Forum:
    forum.replace(MINI2, "agenda:\n", f"{SEVERAL}agenda:\n")
    forum.replace(MINI2, "2019/MINI2/001", "2019/MINI2/PLEN/001")
    forum.replace(MINI2, "2019/MINI2/002rev1", "2019/MINI2/SAFE/001rev1")
    return forum


def files(forum: Forum) -> dict[str, str]:
    return {
        str(paper.number): paper.file
        for m in forum.model().meetings
        if m.code == "MINI2"
        for paper in m.papers
    }


def test_each_series_has_its_folder_and_names_of_files(several):
    assert files(several) == {
        "2019/MINI2/PLEN/001": "2019/MINI2/PLEN/19_mini2_plen_001.docx",
        "2019/MINI2/SAFE/001rev1": "2019/SAFETY/19_safe_001rev1.docx",
    }


@pytest.mark.parametrize(
    ("old", "new", "kind", "key"),
    [
        ("2019/MINI2/PLEN/001", "2019/MINI2/001", "number-path", "papers[1].number"),
        ("agenda:\n", "number_prefix: 2019/MINI2\nagenda:\n", "said-twice", "number_prefix"),
        ("prefix: 2019/MINI2/SAFE", "prefix: 2019/MINI2/PLEN", "doubled-series", "series[2].prefix"),
        ("prefix: 2019/MINI2/SAFE", "prefix: 2019/MINI2/safe", "number", "series[2].prefix"),
        (
            "    kind: implementation",
            "    series: 2019/MINI2/SAVE\n    kind: implementation",
            "unknown-series",
            "papers[1].series",
        ),
        (
            "    kind: implementation",
            "    series: 2019/MINI2/SAFE\n    kind: implementation",
            "number-path",
            "papers[1].number",
        ),
    ],
)
def test_a_mistake_in_a_series_is_one_problem_with_its_line(several, old, new, kind, key):
    several.replace(MINI2, old, new)
    (problem,) = several.problems()
    assert (problem.kind, problem.place.file, problem.place.key) == (kind, MINI2, key)
    assert problem.place.line


def test_new_papers_are_numbered_in_the_series_of_their_entry_or_else_in_the_first(several, monkeypatch):
    monkeypatch.chdir(several.root)
    several.replace(MINI2, "number: 2019/MINI2/PLEN/001\n    kind", "kind")
    several.replace(MINI2, "number: 2019/MINI2/SAFE/001rev1\n    kind", "series: 2019/MINI2/SAFE\n    kind")
    several.path("inputs/mini/issued").mkdir()
    problems = Problems()
    run_verb(number.number_papers, Request("mini", GRAMMAR, "MINI2", (), "2019-08-01", "Chair", ""), problems)
    assert not problems, problems.lines()
    assert {*files(several)} == {"2019/MINI2/PLEN/003", "2019/MINI2/SAFE/003"}


@pytest.mark.parametrize(
    ("text", "is_unusual"),
    [
        ("2015/OFWG/SOM2/003", True),
        ("2009/TEL40/CSOM/001", True),
        ("2018/SOM2/PPWE/006", False),
        ("2018/SOM2/006", False),
    ],
)
def test_a_cluster_of_meetings_after_a_forum_is_unusual(text, is_unusual):
    assert bool(GRAMMAR.why_unusual(GRAMMAR.parse(text))) == is_unusual


def test_an_unusual_number_is_a_notice_and_no_problem(forum):
    forum.replace(MINI2, "agenda:\n", "number_prefix: 2019/MINI/SOM2\nagenda:\n")
    forum.replace(MINI2, "2019/MINI2/001", "2019/MINI/SOM2/001")
    forum.replace(MINI2, "2019/MINI2/002rev1", "2019/MINI/SOM2/002rev1")
    (notice,) = [notice for notice in forum.model().notices if "SOM2" in notice]
    assert notice.startswith(f"{MINI2}, line ") and "usually stands before the forum" in notice


def test_numbers_are_ordered_by_series_before_serials(several):
    papers = next(m for m in several.model().meetings if m.code == "MINI2").papers
    numbers: list[DocumentNumber] = sorted(paper.number for paper in papers)
    assert [number.prefix for number in numbers] == ["2019/MINI2/PLEN", "2019/MINI2/SAFE"]


def test_an_item_of_the_agenda_may_have_its_own_label(forum):
    forum.replace(MINI2, '  - item: "6"\n', '  - item: "6"\n    label: Session\n')
    (meeting,) = (meeting for meeting in forum.model().meetings if meeting.code == "MINI2")
    assert {paper.item_label for paper in meeting.papers if paper.agenda_item} == {"Session"}
