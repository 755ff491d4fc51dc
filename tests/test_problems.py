"""Words of messages, and names that were probably mistyped."""

from __future__ import annotations

import pytest
from papers.problems import Place, Problems, count_of, renamed_names


@pytest.mark.parametrize(
    ("number", "noun", "text"),
    [
        (0, "paper", "0 papers"),
        (1, "paper", "1 paper"),
        (2, "entry", "2 entries"),
        (2, "day", "2 days"),
        (3, "process", "3 processes"),
        (1200, "open correction", "1,200 open corrections"),
    ],
)
def test_a_number_has_its_noun(number, noun, text):
    assert count_of(number, noun) == text


@pytest.mark.parametrize(
    ("unknown", "missing", "expected"),
    [
        (["Frist year"], ["First year"], {"Frist year": "First year"}),
        (["Start"], ["First year"], {"Start": "First year"}),  # the only one there is
        (["Frist year", "Stat"], ["Status", "First year"], {"Frist year": "First year", "Stat": "Status"}),
        (["Budget", "Frist year"], ["First year"], {"Frist year": "First year"}),
        (["Budget"], ["First year", "Status"], {}),
        (["Budget"], [], {}),
        ([], ["Status"], {}),
    ],
)
def test_an_unknown_name_stands_for_the_missing_name_that_it_is_like_or_for_the_only_one(
    unknown, missing, expected
):
    assert renamed_names(unknown, missing) == expected


def test_one_line_counts_the_cells_of_a_sheet_with_the_same_problem():
    problems = Problems()
    for row in range(2, 12):
        problems.add(Place("a.xlsx", "S", f"B{row}"), "unknown", '"x"', "y", "Write y.")
    problems.add(Place("a.xlsx", "S", "B5"), "unknown", '"z"', "y", "Write y.")
    assert problems.lines() == [
        'a.xlsx, sheet S, cell B2: found "x", also in B3, B4 and 7 more cells; expected y. Write y.',
        'a.xlsx, sheet S, cell B5: found "z"; expected y. Write y.',
    ]
    assert [problem["text"] for problem in problems.as_data()] == problems.lines()
    assert len(problems.in_order()) == 11, "a marked copy marks each cell"


def test_three_cells_with_the_same_problem_have_a_line_each():
    problems = Problems()
    for row in (2, 3, 4):
        problems.add(Place("a.xlsx", "S", f"B{row}"), "unknown", '"x"', "y", "Write y.")
    assert [line[:24] for line in problems.lines()] == [f"a.xlsx, sheet S, cell B{row}" for row in (2, 3, 4)]
