"""Dates, ordinals, numbers, shares, changes and lists of economies, as papers write them."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from papers.model.figures import Figure
from papers.wording import english
from returns_tools import BY_CODE, REGISTER

DAY = datetime.date


def economies(*codes: str) -> tuple:
    return tuple(BY_CODE[code] for code in codes)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (DAY(2016, 9, 7), DAY(2016, 9, 8), "7-8 September 2016"),
        (DAY(2016, 8, 30), DAY(2016, 9, 2), "30 August-2 September 2016"),
        (DAY(2016, 12, 31), DAY(2017, 1, 1), "31 December 2016-1 January 2017"),
        (DAY(2017, 11, 8), DAY(2017, 11, 8), "8 November 2017"),
        (DAY(2017, 11, 8), None, "8 November 2017"),
        (None, DAY(2017, 11, 8), "8 November 2017"),
        (None, None, ""),
    ],
)
def test_dates(start, end, words):
    assert english.dates(start, end) == words


@pytest.mark.parametrize(
    ("number", "ending", "words"),
    [
        (1, "st", "First"),
        (2, "nd", "Second"),
        (3, "rd", "Third"),
        (4, "th", "Fourth"),
        (11, "th", "Eleventh"),
        (12, "th", "Twelfth"),
        (13, "th", "Thirteenth"),
        (20, "th", "Twentieth"),
        (21, "st", "Twenty-First"),
        (40, "th", "Fortieth"),
        (43, "rd", "Forty-Third"),
        (99, "th", "Ninety-Ninth"),
        (100, "th", "100th"),
        (111, "th", "111th"),
        (122, "nd", "122nd"),
    ],
)
def test_ordinals_are_raised_or_spelled(number, ending, words):
    assert english.ordinal_suffix(number) == ending
    assert english.ordinal_words(number) == words
    assert english.numbered(number, "Meeting", "raised")["line"] == [
        [str(number), ""],
        [ending, "^"],
        [" Meeting", ""],
    ]
    assert english.numbered(number, "Meeting", "spelled")["line"] == [[f"{words} Meeting", ""]]
    assert english.numbered(number, "Meeting", "none")["line"] == [["Meeting", ""]]
    assert english.numbered(None, "Meeting", "raised")["line"] == [["Meeting", ""]]


@given(st.integers(1, 99), st.integers(1, 99))
def test_different_ordinals_have_different_words(first, second):
    assert (english.ordinal_words(first) == english.ordinal_words(second)) == (first == second)


PERU, PHILIPPINES, HONG_KONG = economies("PER", "PHL", "HKC")


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        ((), ""),
        ((PHILIPPINES,), "Philippines"),
        ((HONG_KONG,), "Hong Kong, China"),
        ((PERU, PHILIPPINES), "Peru, the Philippines"),
        ((PHILIPPINES, PERU), "the Philippines, Peru"),
        ((HONG_KONG, PHILIPPINES), "Hong Kong, China; the Philippines"),
    ],
)
def test_economies_in_a_cell_keep_their_order_and_several_have_articles(listed, words):
    assert english.economies_in_cell(listed) == words


def test_years_and_places():
    assert (english.years(2016, 2017), english.years(2019, 2019)) == ("2016-2017", "2019")
    assert (english.place("Lima", PERU), english.place("", PERU), english.place("", None)) == (
        "Lima, Peru",
        "Peru",
        "",
    )


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0, "no"), (1, "one"), (9, "nine"), (10, "10"), (999, "999"), (1204, "1,204"), (1000000, "1,000,000")],
)
def test_a_number_is_a_word_up_to_nine(amount, words):
    assert english.number(Figure(amount)) == words


@pytest.mark.parametrize(
    ("amount", "noun", "words"),
    [
        (0, "activity", "no activity"),
        (1, "activity", "one activity"),
        (2, "activity", "two activities"),
        (14, "activity", "14 activities"),
        (3, "economy", "three economies"),
        (2, "workshop", "two workshops"),
        (5, "best practice", "five best practices"),
        (2, "day", "two days"),
        (2, "process", "two processes"),
        (2, "approach", "two approaches"),
    ],
)
def test_a_count_agrees_with_its_noun(amount, noun, words):
    assert english.count(Figure(amount), noun) == words


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (12, 21, "57.1%"),
        (1, 2, "50%"),
        (21, 21, "100%"),
        (0, 21, "0%"),
        (1, 3, "33.3%"),
        (2, 3, "66.7%"),
        (1, 2000, "0.1%"),  # a half goes up, which binary fractions would not always do
        (3, 2000, "0.2%"),
        (50, 4, "1,250%"),
        (1, 0, "not applicable"),
    ],
)
def test_a_share_has_one_decimal_where_it_needs_one(part, whole, words):
    assert english.percent(Figure(part), Figure(whole)) == words


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (12, 14, "up from 12 to 14 (+16.7%)"),
        (5, 4, "down from 5 to 4 (-20%)"),
        (4, 0, "down from 4 to 0 (-100%)"),
        (3, 3, "unchanged at 3"),
        (0, 0, "unchanged at 0"),
        (0, 5, "up from 0 to 5"),
        (1000, 2000, "up from 1,000 to 2,000 (+100%)"),
        (None, 5, "not reported for 2017"),
        (5, None, "not reported for 2018"),
        (None, None, "not reported for 2017 and for 2018"),
    ],
)
def test_a_change_has_its_share(before, now, words):
    assert english.change(Figure(before), Figure(now), 2017, 2018) == words


def test_a_change_without_years_says_before_and_now():
    assert english.change(Figure(None), Figure(1)) == "not reported before"
    assert english.change(Figure(1), Figure(None)) == "not reported now"


@pytest.mark.parametrize(("value", "words"), [(14, "14"), (0, "0"), (1204, "1,204"), (None, "not reported")])
def test_a_figure_that_nobody_reported_is_not_zero(value, words):
    assert english.figure(Figure(value)) == words


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ((), ""),
        (("PHL",), "the Philippines"),
        (("VNM", "PER"), "Peru and Viet Nam"),
        (("VNM", "PHL", "PER"), "Peru, the Philippines and Viet Nam"),
        (("HKC",), "Hong Kong, China"),
        (("SGP", "HKC"), "Hong Kong, China; and Singapore"),
        (("JPN", "HKC", "CHN"), "China; Hong Kong, China; and Japan"),
        (("USA", "CTP", "THA"), "Chinese Taipei, Thailand and the United States"),
    ],
)
def test_economies_in_text_are_in_apec_order_with_their_articles(codes, words):
    assert english.economies_in_text(economies(*codes)) == words


@given(st.lists(st.sampled_from(REGISTER.economies), unique=True))
def test_each_economy_is_named_once_and_in_order(chosen):
    words = english.economies_in_text(tuple(chosen))
    rest = words
    for economy in sorted(chosen):
        assert economy.with_article in rest
        rest = rest.split(economy.with_article, 1)[1]
    assert words.count(" and ") == (len(chosen) > 1)
