"""Words of messages."""

from __future__ import annotations

import pytest
from papers.problems import count_of


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
