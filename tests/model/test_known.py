"""What a paper says on its day: data that came later change no paper of any kind."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from document_inputs import add_documents
from forum_tools import EDITION_2020, FOLDER, MINI2, PLAN, SCHEDULE, TEMPLATES, Forum, copy_forum
from full_forum import CORRECTIONS, MINI3, ROTATION, TABLING, full_forum
from ledger_tools import event, write
from papers.wording.compose import word_meeting
from returns_tools import RETURNS, day, row, send_in

AS_OF, LATER = "2020-11-15", "2022-12-31"
MINI4 = f"{FOLDER}/meetings/MINI4.yaml"
_LIST = "  - {{number: {}/000, kind: classification-list, title: List, submitted_by: [Chair], as_of: {}}}\n"
_WORK_PLAN = """  - number: 2020/MINI3/009
    kind: work-plan
    title: Work Plan
    submitted_by: [Chair]
    plan: plan-2019-2020
    year: 2020
  - number: 2020/MINI3/010
    kind: project-scores
    title: Scores
    submitted_by: [Chair]
    access: restricted
    reason: Scores of members
    name_economies: [scores]
    plan: plan-2019-2020
    session: 2019-1
"""
_MINI4 = """code: MINI4
ordinal: 4
start: 2020-11-20
number_prefix: 2020/AAA
papers:
  - number: 2020/AAA/001
    kind: implementation-schedule
    title: The schedule of June
    submitted_by: [Chair]
    plan: plan-2019-2020
    schedule: 2019-06
"""


def full_forum_on(folder, as_of: str) -> Forum:
    """Return a forum with papers of all kinds, each with this `as_of`."""
    forum = copy_forum(folder)
    add_documents(forum.root)
    for old, new in (("2019/MINI2/003", "2019/MINI2/013"), ("2019/MINI2/004", "2019/MINI2/014")):
        forum.replace(MINI2, old, new)
    full_forum(forum)
    forum.write(MINI3, forum.text(MINI3) + _WORK_PLAN)
    forum.write(f"{PLAN}/schedule/2019-06.xlsx", forum.path(SCHEDULE).read_bytes())
    for path in sorted(forum.path(f"{FOLDER}/meetings").glob("*.yaml")):
        file = path.relative_to(forum.root).as_posix()
        stated = f"    as_of: {as_of}\n    submitted_by:"
        forum.write(file, forum.text(file).replace("    submitted_by:", stated))
    for file, number in ((MINI2, "2019/MINI2"), (MINI3, "2020/MINI3")):
        forum.write(file, forum.text(file) + _LIST.format(number, as_of))
    return forum


def words(forum: Forum) -> dict[str, dict]:
    """Return the text of each paper, but not of those of MINI4, by number."""
    model = forum.model()
    papers = [p for m in model.meetings if m.code != "MINI4" for p in word_meeting(model, m)["papers"]]
    return {paper["number"]: paper["fields"] for paper in papers}


def _return(forum: Forum) -> None:
    send_in(forum, f"{RETURNS}/2019/chl.xlsx", row(), date=day("2021-01-15"))


def _record_of_chair(forum: Forum) -> None:
    forum.replace(ROTATION, "host:", "    - {year: 2021, economy: Peru, source: a letter}\nhost:")


def _record_of_host(forum: Forum) -> None:
    forum.write(MINI4, _MINI4.split("number_prefix")[0])
    forum.replace(ROTATION, "swaps:", "    - {year: 2020, economy: Peru, source: MINI4}\nswaps:")


def _exchange(forum: Forum) -> None:
    swap = "{role: chair, economy: Brunei Darussalam, term: 2023, announced: 2021-06-30}"
    forum.replace(ROTATION, "swaps: []", f"swaps:\n  - {swap}")


def _edition(forum: Forum) -> None:
    edition = f"{PLAN}/schedule/2020-12.xlsx"
    forum.write(edition, forum.path(EDITION_2020).read_bytes())
    with forum.sheet(edition) as sheet:
        sheet["C2"] = "Another title"


def _paper_of_another_meeting(forum: Forum) -> None:
    forum.write(MINI4, _MINI4)


def _tabling_at_a_meeting(forum: Forum) -> None:
    entry = "papers:\n  - {tabled: The shared paper, kind: agenda, submitted_by: [Peru]}\n"
    forum.write(MINI4, _MINI4.split("papers:")[0] + entry)
    line = "  - {paper: The shared paper, meeting: MINI4, number: 2020/AAA/002}\n"
    forum.write(TABLING, forum.text(TABLING) + line)


def _tabling_elsewhere(forum: Forum) -> None:
    line = "  - {paper: The shared paper, meeting: SOM1, number: 2021/SOM1/002}\n"
    forum.write(TABLING, forum.text(TABLING) + line)


def _correction(forum: Forum) -> None:
    number, kind = "2020/MINI3/003", {"kind": "fora-report", "meeting": "MINI3"}
    numbered = event("numbered", number, "", file="", sources="", **kind)
    issued = event("issued", number, **kind)
    write(forum.root, *(one._replace(date="2021-02-01") for one in (numbered, issued)))
    forum.write(CORRECTIONS, forum.text(CORRECTIONS) + f"C2,{number},page 1,12,13,Chair,,open,\n")


SORTS = [
    _return,
    _record_of_chair,
    _record_of_host,
    _exchange,
    _edition,
    _paper_of_another_meeting,
    _tabling_at_a_meeting,
    _tabling_elsewhere,
    _correction,
]


@pytest.fixture(scope="module")
def before(tmp_path_factory) -> dict[str, dict[str, dict]]:
    """Return the texts of all papers without later data: by `as_of`, then by number."""
    return {as_of: words(full_forum_on(tmp_path_factory.mktemp("full"), as_of)) for as_of in (AS_OF, LATER)}


def test_the_papers_that_are_compared_are_of_all_kinds(tmp_path):
    kinds = {p.kind for m in full_forum_on(tmp_path, AS_OF).model().meetings for p in m.papers}
    shipped = {path.stem for path in TEMPLATES.glob("*.yaml")} - {"phrases"}
    assert shipped - kinds == set()


@pytest.mark.parametrize("add", SORTS)
def test_what_came_after_the_day_of_a_paper_changes_no_paper(tmp_path, before, add: Callable[[Forum], None]):
    forum = full_forum_on(tmp_path, AS_OF)
    add(forum)
    after = words(forum)
    assert [number for number, fields in before[AS_OF].items() if after[number] != fields] == []


@pytest.mark.parametrize("add", SORTS)
def test_the_same_data_change_papers_of_a_later_day(tmp_path, before, add: Callable[[Forum], None]):
    forum = full_forum_on(tmp_path, LATER)
    add(forum)
    after = words(forum)
    assert [number for number, fields in before[LATER].items() if after[number] != fields]
