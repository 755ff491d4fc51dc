"""The verb new-paper: it adds one entry to the file of a meeting, and changes nothing else in it."""

from __future__ import annotations

import difflib

import pytest
from forum_tools import MINI1, MINI2
from ledger_tools import event, write
from papers.start import new_paper

PAPER = {"meeting": "MINI1", "kind": "terms-of-reference"}


@pytest.fixture
def add(forum, monkeypatch, capsys):
    """Return a function that runs the verb and returns its exit code, output and problems."""
    monkeypatch.chdir(forum.root)

    def add(**options: str) -> tuple[int, str, list[str]]:
        code = new_paper.run("new-paper", {**PAPER, **options})
        printed = capsys.readouterr()
        return code, printed.out, [line.strip() for line in printed.err.splitlines()[1:]]

    return add


def added_lines(before: str, after: str) -> list[str]:
    """Return the lines that were added to a text; no line may be missing or changed."""
    changes = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]
    assert not [line for line in changes if line.startswith("-")], changes
    return [line[2:] for line in changes]


def test_an_entry_is_added_with_the_next_number_and_everything_else_stays(forum, add):
    before = forum.text(MINI1).replace("papers:", "papers:   # in their order") + "\n# The end.\n"
    forum.write(MINI1, before)
    code, out, problems = add(
        agenda_item="5a", title="Terms: of Reference", submitted_by="Peru; Hong Kong, China"
    )
    assert (code, problems) == (0, []) and out.startswith(f"Added to {MINI1}: 2019/MINI1/004,")
    assert added_lines(before, forum.text(MINI1)) == [
        "  - number: 2019/MINI1/004",
        "    kind: terms-of-reference",
        '    title: "Terms: of Reference"',
        "    agenda_item: 5a",
        '    submitted_by: [Peru, "Hong Kong, China"]',
    ]
    paper = next(one for one in forum.model().meetings[0].papers if one.kind == "terms-of-reference")
    assert paper.submitted_by == ("Peru", "Hong Kong, China")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("papers:", "papers: []"),
        ("papers:", ""),
        ("papers:", "papers: []   # none yet\ncut_off: null"),
    ],
)
def test_a_list_that_is_empty_or_absent_gets_its_first_entry(forum, add, old, new):
    head = forum.text(MINI1).partition(old)[0]
    forum.write(MINI1, f"{head}{new}\n")
    assert add(submitted_by="Peru")[::2] == (0, [])
    assert [str(paper.number) for paper in forum.model().meetings[0].papers] == ["2019/MINI1/003"]


def test_a_file_from_windows_keeps_its_line_ends(forum, add):
    forum.write(MINI1, forum.text(MINI1).rstrip().replace("\n", "\r\n").encode())
    assert add(submitted_by="Peru")[0] == 0
    data = forum.path(MINI1).read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") and b"terms-of-reference\r\n" in data


def test_all_problems_are_reported_and_nothing_is_written(forum, add):
    before = forum.text(MINI1)
    code, _, problems = add(agenda_item="9", submitted_by="Chili", as_of="1.2.2019", purpose="Informations")
    assert code == 1 and forum.text(MINI1) == before
    assert [problem.partition(": found")[0] for problem in problems] == [
        "command",
        "command, key agenda_item",
        "command, key purpose",
        "command, key submitted_by",
    ]


def test_what_the_kind_needs_is_asked_for_as_an_option(add):
    (problem,) = add(kind="summary-report", submitted_by="Peru")[2]
    assert problem.startswith("command: found no record") and "expected record=..." in problem


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"meeting": "MINI9"}, 'found meeting="MINI9"; expected one of MINI1, MINI2.'),
        ({"file": "received/MINI1/a.docx"}, "found file together with kind"),
        ({"number": "2019/MINI1/003"}, "the number 2019/MINI1/003 again"),
    ],
)
def test_a_paper_that_can_not_be_added_is_named(forum, add, options, words):
    before = forum.text(MINI1), forum.text(MINI2)
    code, _, problems = add(**{"submitted_by": "Peru", **options})
    assert code == 1 and any(words in problem for problem in problems), problems
    assert (forum.text(MINI1), forum.text(MINI2)) == before


def test_a_number_that_was_circulated_is_not_given_again(forum, add):
    write(forum.root, event("issued", "2019/MINI1/004"), event("withdrawn", "2019/MINI1/004"))
    assert add(submitted_by="Peru")[1].startswith(f"Added to {MINI1}: 2019/MINI1/005,")


def test_a_frozen_meeting_takes_a_paper_only_with_a_reason(forum, add):
    of_plan = {"kind": "strategic-plan", "title": "Mini Working Group Strategic Plan 2019-2020"}
    number, before = "2019/MINI1/003", forum.text(MINI1)
    write(forum.root, event("issued", number, **of_plan), event("frozen", number, **of_plan))
    (problem,) = add(submitted_by="Peru")[2]
    assert "found MINI1, which is frozen" in problem and 'correction=yes why="..."' in problem
    assert forum.text(MINI1) == before


def test_papers_in_braces_are_kept_and_a_list_in_brackets_is_refused(forum, add):
    head = forum.text(MINI1).partition("papers:")[0]
    entry = "{number: 2019/MINI1/004, kind: terms-of-reference, submitted_by: [Chile], id: other}"
    forum.write(MINI1, f"{head}papers:\n- {entry}\n")
    assert add(submitted_by="Peru")[0] == 0
    assert added_lines(f"{head}papers:\n- {entry}\n", forum.text(MINI1))[0] == "- number: 2019/MINI1/005"
    forum.write(MINI1, f"{head}papers: [{entry}]\n")
    assert "found a list in square brackets" in add(submitted_by="Peru")[2][0]
