"""The marks of illustrations and of restated text: which papers have them, on the cover and on each page."""

from __future__ import annotations

import pytest
from document_inputs import FIRST, MEETING, add_documents
from forum_tools import FOLDER, MINI2, PLAN, TERMS, Forum
from papers.wording.compose import word_meeting
from papers.wording.marks import FIGURES, PAPER, RESTATED
from word_tools import dump, filled

FORUM = f"{FOLDER}/forum.yaml"
PLAN_PAPER, SCHEDULE_PAPER, TERMS_PAPER = "2019/MINI1/003", "2019/MINI2/001", "2019/MINI2/002rev1"
HEAD = "---\nrestated: true\n---\n"
SENT = """  - number: 2019/MINI2/005
    file: received/MINI2/talk.docx
    title: A talk
    submitted_by: [Viet Nam]
"""


def worded(forum: Forum) -> dict[str, dict]:
    model = forum.model()
    papers = [paper for meeting in model.meetings for paper in word_meeting(model, meeting)["papers"]]
    return {paper["number"]: paper for paper in papers}


def marks(forum: Forum) -> dict[str, str]:
    """Return the mark of each page, by number of the paper; papers without one are left out."""
    papers = {number: paper["fields"] for number, paper in worded(forum).items()}
    for number, fields in papers.items():
        on_cover = fields["cover"]["status"] + fields["cover"]["illustrative"]
        assert bool(fields["paper"]["mark"]) == any(m in on_cover for m in (RESTATED, FIGURES, PAPER)), number
    return {number: fields["paper"]["mark"] for number, fields in papers.items() if fields["paper"]["mark"]}


def illustrate(forum: Forum, name: str) -> None:
    forum.replace(FORUM, "logo: null", f"illustrative:\n  - {name}")


def restate(forum: Forum, file: str) -> None:
    forum.write(file, HEAD + forum.text(file))


@pytest.mark.parametrize(
    ("name", "mark", "marked"),
    [
        ("plan-2019-2020/schedule/2019.xlsx", FIGURES, [PLAN_PAPER, SCHEDULE_PAPER]),
        ("meetings/MINI2.yaml", PAPER, [SCHEDULE_PAPER, TERMS_PAPER]),
        ("terms-of-reference", FIGURES, [PLAN_PAPER, TERMS_PAPER]),
    ],
)
def test_a_paper_made_from_illustrations_is_marked(forum, name, mark, marked):
    illustrate(forum, name)
    assert marks(forum) == dict.fromkeys(marked, mark)


@pytest.mark.parametrize(
    ("file", "marked"),
    [
        (f"{TERMS}/purpose.md", [PLAN_PAPER, TERMS_PAPER]),
        (f"{PLAN}/sections/1-introduction.md", [PLAN_PAPER]),
        (f"{PLAN}/sections/appendix.md", [PLAN_PAPER, SCHEDULE_PAPER]),
    ],
)
def test_a_restated_section_marks_the_papers_that_print_it_until_the_endorsed_one_is_put_in(
    forum, file, marked
):
    endorsed = forum.text(file)
    restate(forum, file)
    assert marks(forum) == dict.fromkeys(marked, RESTATED)
    assert [number for number, paper in worded(forum).items() if paper["restated"]] == marked
    forum.write(file, endorsed)
    assert marks(forum) == {}


def test_a_restated_section_of_a_document_marks_its_paper(forum):
    add_documents(forum.root)
    restate(forum, FIRST)
    assert list(marks(forum).values()) == [RESTATED] and MEETING == MINI2


def test_a_paper_may_have_both_marks(forum, tmp_path):
    restate(forum, f"{TERMS}/purpose.md")
    illustrate(forum, "plan-2019-2020/schedule/")
    assert marks(forum) == {
        PLAN_PAPER: "Restated text, not the endorsed text; illustrative figures",
        SCHEDULE_PAPER: FIGURES,
        TERMS_PAPER: RESTATED,
    }
    text = dump(filled(worded(forum)[PLAN_PAPER], tmp_path))
    assert "[Cover Status] Restated text, not the endorsed text\n" in text
    assert (
        "[Cover Status] Illustrative figures: prepared for demonstration, not reported by any economy" in text
    )
    assert "[header] Restated text, not the endorsed text; illustrative figures" in text


def test_a_restated_text_of_an_illustrative_meeting_is_marked_as_restated_only(forum):
    restate(forum, f"{TERMS}/purpose.md")
    illustrate(forum, "meetings/MINI2.yaml")
    assert marks(forum) == {PLAN_PAPER: RESTATED, TERMS_PAPER: RESTATED, SCHEDULE_PAPER: PAPER}


@pytest.mark.parametrize("name", ["meetings/MINI2.yaml", "received/"])
def test_no_cover_says_that_an_economy_did_not_report_what_it_sent(forum, name):
    forum.write(MINI2, forum.text(MINI2) + SENT)
    forum.write(f"{FOLDER}/received/MINI2/talk.docx", b"PK")
    illustrate(forum, name)
    cover = worded(forum)["2019/MINI2/005"]["fields"]["cover"]
    assert cover["illustrative"] == "Illustrative paper: prepared to show the form of such papers"


def test_the_restated_mark_follows_the_other_words_of_status(forum):
    restate(forum, f"{PLAN}/sections/appendix.md")
    assert worded(forum)[SCHEDULE_PAPER]["fields"]["cover"]["status"] == f"(Draft)\n{RESTATED}"
