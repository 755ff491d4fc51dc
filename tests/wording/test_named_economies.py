"""Economies are named for no return, a late one, overdue work and their scores in restricted papers only."""

from __future__ import annotations

import copy

import optional_plan
import pytest
from forum_tools import MINI2, Forum
from full_forum import MINI3
from papers.wording.compose import word_paper
from returns_tools import RETURNS
from word_tools import shipped_kinds

CASES = [(kind, name) for kind, found in shipped_kinds().items() for name in found.form.may_name]
SILENT = "Papua New Guinea"


@pytest.fixture
def written(forum) -> Forum:
    """Return a forum with late returns, an overdue activity, and scores."""
    optional_plan.written_forum(forum)
    forum.write(f"{RETURNS}/deadlines.yaml", "returns_due: {2019: 2019-01-01}\n")
    return forum


def state(forum: Forum, kind: str, **keys: object) -> None:
    """Add keys to the entry of the paper of a kind; a paper of its own if there is none."""

    def change(meeting: dict) -> None:
        for entry in meeting["papers"]:
            if entry["kind"] == kind:
                entry.update(keys)

    for file in (MINI2, MINI3):
        optional_plan.change_yaml(forum, file, change)


def text_of(forum: Forum, kind: str) -> str:
    model = forum.model()
    meeting, paper = next((m, p) for m in model.meetings for p in m.papers if p.kind == kind)
    return str(word_paper(model, meeting, paper)["fields"])


def test_the_kinds_that_may_name_economies_are_those_that_count_returns_work_or_scores():
    assert {kind for kind, _ in CASES} == {
        "fora-report",
        "final-review",
        "indicator-report",
        "mid-term-review",
        "project-ranking",
        "project-scores",
        "updated-schedule",
    }


@pytest.mark.parametrize(("kind", "name"), [case for case in CASES if case[0] != "project-scores"])
def test_a_public_paper_that_names_economies_is_refused(written, kind, name):
    state(written, kind, name_economies=[name])
    (problem,) = written.problems()
    assert (problem.kind, problem.expected) == ("name-economies", "access: restricted")
    assert written.text(problem.place.file).split("\n")[problem.place.line - 1] == f"  - {name}"
    state(written, kind, access="restricted", reason="Names economies")
    assert written.problems() == []


def test_a_kind_names_economies_only_for_what_it_is_about(written):
    state(written, "indicator-report", name_economies=["scores"], access="restricted", reason="x")
    (problem,) = written.problems()
    assert problem.kind == "name-economies" and problem.expected == "one of missing, late"


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("indicator-report", "missing", SILENT),
        ("indicator-report", "late", "Late but counted: Peru and Viet Nam."),
        ("mid-term-review", "missing", SILENT),
        ("mid-term-review", "late", "Late but counted: Peru."),
        ("final-review", "missing", SILENT),
        ("final-review", "overdue", "; Hong Kong, China; Viet Nam; in progress)"),
        ("updated-schedule", "overdue", "; Hong Kong, China; Viet Nam; in progress)"),
        ("fora-report", "overdue", "; Hong Kong, China; Viet Nam; in progress)"),
        ("project-ranking", "scores", "Scores that count"),
    ],
)
def test_what_a_restricted_paper_names_is_not_in_the_public_one(written, kind, name, words):
    assert words not in text_of(written, kind)
    state(written, kind, name_economies=[name], access="restricted", reason="Names economies")
    assert words in text_of(written, kind)


def test_a_restricted_report_may_stand_next_to_the_public_one(written):
    def add(meeting: dict) -> None:
        entry = next(e for e in meeting["papers"] if e["kind"] == "indicator-report")
        named = {"id": "with-names", "access": "restricted", "reason": "x", "name_economies": ["missing"]}
        meeting["papers"].append({**copy.deepcopy(entry), "number": "2020/MINI3/009", **named})

    optional_plan.change_yaml(written, MINI3, add)
    assert written.problems() == []
