"""Words of messages, and names that were probably mistyped."""

from __future__ import annotations

import pytest
from papers.problems import count_of, renamed_names


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
