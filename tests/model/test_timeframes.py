"""Timeframes in words: the forms that every forum understands, and those that a forum declares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from papers.inputs.settings import TimeframeForm
from papers.model.timeframes import EXAMPLES, TimeframeReader


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2016", 2016, 2016),
        ("2016-2017", 2016, 2017),
        ("2016 – 2017", 2016, 2017),
        ("2016 to 2017", 2016, 2017),
        ("2016-17", 2016, 2017),
        ("Q2 2016", 2016, 2016),
        ("2016 Q2", 2016, 2016),
        ("Q3 2016 - Q1 2017", 2016, 2017),
        ("June 2016", 2016, 2016),
        ("JUNE-AUGUST  2016", 2016, 2016),
        ("June 2016 - March 2017", 2016, 2017),
        ("first half of 2016", 2016, 2016),
        ("from 2016 on", 2016, None),
        ("From Q2 2016 onwards", 2016, None),
        ("since 2016", 2016, None),
        ("2016 onwards", 2016, None),
        ("until 2017", None, 2017),
        ("ongoing", None, None),
        ("2017-2016", 2017, 2016),  # the schedule reports it
    ],
)
def test_a_timeframe_in_words_has_its_years(text, first, last):
    timeframe = TimeframeReader().read(text)
    assert (timeframe.text, timeframe.first, timeframe.last) == (text, first, last)


@pytest.mark.parametrize(
    "text", ["soon", "2016, 2018", "16", "in the year 2016", "Q5 2016", "20166", "until"]
)
def test_other_words_are_no_timeframe(text):
    assert TimeframeReader().read(text) is None


def test_the_examples_of_the_message_are_understood():
    assert all(TimeframeReader().read(example) for example in EXAMPLES)


def test_a_forum_may_declare_forms_of_its_own_which_come_first():
    forms = [
        TimeframeForm(text="Phase One, {start} through {end}", first="start", last="end"),
        TimeframeForm(text="within three years of {Year}", first="Year"),
        TimeframeForm(text="2016"),
    ]
    reader = TimeframeReader(forms)
    read = [
        reader.read(text) for text in ("phase one, 2016 through 2018", "Within three years of 2017", "2016")
    ]
    assert [(one.first, one.last) for one in read] == [(2016, 2018), (2017, None), (None, None)]
    assert reader.read("phase one, 2016 through soon") is None
    assert reader.read("2017").last == 2017
    assert reader.examples[0] == "Phase One, {start} through {end}"


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_read_or_refused_and_never_raises(form, text):
    timeframe = TimeframeReader([TimeframeForm(text=form or "x")]).read(text)
    assert timeframe is None or timeframe.text == text
