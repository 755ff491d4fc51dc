"""A sign of emphasis that nothing closes is a problem; one that is meant is printed."""

from __future__ import annotations

import pytest
from papers.inputs.markdown import read_paragraph
from papers.problems import Place, Problems


def read(text):
    problems = Problems()
    return read_paragraph(text, Place("a.md", line=1), problems), [problem.kind for problem in problems.found]


@pytest.mark.parametrize(
    "text", ["Some *text here.", "Some **text here.", "*Provisional figures", "(*see below)"]
)
def test_a_sign_that_nothing_closes_is_a_problem(text):
    assert read(text)[1] == ["unclosed-emphasis"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("5 * 3", "5 * 3"),
        ("Economies* reported", "Economies* reported"),
        ("An \\*asterisk", "An *asterisk"),
        ("A *right* word", "A right word"),
    ],
)
def test_a_sign_that_is_meant_is_no_problem(text, shown):
    runs, kinds = read(text)
    assert kinds == []
    assert "".join(run[0] for run in runs) == shown
