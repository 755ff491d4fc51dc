"""A sign of emphasis that nothing closes is a problem; one that is meant is printed."""

from __future__ import annotations

import pytest
from papers.inputs.markdown import read_paragraph
from papers.problems import Place, Problems


def read(text):
    problems = Problems()
    return read_paragraph(text, Place("a.md", line=1), problems), [problem.kind for problem in problems.found]


@pytest.mark.parametrize(
    "text",
    ["Some *text here.", "Some **text here.", "*Provisional figures", "(*see below)", "In **{{ year }} it"],
)
def test_a_sign_that_nothing_closes_is_a_problem(text):
    assert read(text)[1] == ["unclosed-emphasis"]


@pytest.mark.parametrize("text", ["It ranks** here.", "It ranks.***", "Until {{ year }}**, it ranks"])
def test_a_sign_that_nothing_opens_is_a_problem(text):
    assert read(text)[1] == ["unclosed-emphasis"]


def test_the_problem_of_a_sign_that_nothing_opens_names_the_word_before_it():
    problems = Problems()
    read_paragraph("Both\nit ranks** here.", Place("a.md", line=1), problems)
    (line,) = problems.lines()
    assert line == (
        'a.md, line 2: found the sign ** that nothing opens, after "ranks"; expected * or ** on both sides of the'
        " words. Add the same sign before the words, or write \\* for each * itself."
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("5 * 3", "5 * 3"),
        ("Economies* reported", "Economies* reported"),
        ("2 ** 3", "2 ** 3"),
        ("Economies\\*\\* reported", "Economies** reported"),
        ("An \\*asterisk", "An *asterisk"),
        ("A *right* word", "A right word"),
    ],
)
def test_a_sign_that_is_meant_is_no_problem(text, shown):
    runs, kinds = read(text)
    assert kinds == []
    assert "".join(run[0] for run in runs) == shown
