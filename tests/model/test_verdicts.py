"""The verdicts of reviews: the rule of settings.yaml, and a recount of every case."""

from __future__ import annotations

import datetime
from fractions import Fraction
from types import SimpleNamespace

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from papers.inputs.settings import MEANINGS, Verdicts
from papers.model.verdicts import BEHIND, NO_ACTIVITY, ON_TRACK, elapsed, verdict_rule

PLAN = SimpleNamespace(first_year=2017, last_year=2020)
AREA, OBJECTIVE = SimpleNamespace(id="area"), SimpleNamespace(id="objective")
DAY = datetime.date(2018, 8, 31)


def review(activities: list, overdue: tuple = (), has_statuses: bool = True) -> SimpleNamespace:
    """Return what a rule reads of a review: all its activities are of one area and serve one objective."""
    return SimpleNamespace(
        plan=PLAN,
        edition=SimpleNamespace(has_statuses=has_statuses),
        reviewed=activities,
        overdue=overdue,
        serving=lambda objective: activities,
    )


def activities(*meanings: str) -> list:
    return [SimpleNamespace(id=at, area="area", meaning=meaning) for at, meaning in enumerate(meanings)]


def verdict(settings: Verdicts, found: SimpleNamespace) -> str:
    rule = verdict_rule(settings, found, DAY)
    assert rule is not None
    return rule.of_objective(OBJECTIVE).word


@pytest.mark.parametrize(
    ("day", "share"),
    [
        ((2017, 1, 1), Fraction(1, 1461)),
        ((2018, 8, 31), Fraction(608, 1461)),
        ((2018, 12, 31), Fraction(730, 1461)),
        ((2020, 12, 31), Fraction(1)),
        ((2016, 12, 31), Fraction(0)),
        ((2021, 5, 1), Fraction(1)),
    ],
)
def test_the_share_of_the_period_is_counted_in_days(day, share):
    assert elapsed(PLAN, datetime.date(*day)) == share


@pytest.mark.parametrize(
    ("meanings", "word"),
    [
        ((), NO_ACTIVITY),
        (("approved",), BEHIND),
        (("proposed", "approved", "completed"), BEHIND),
        (("completed", "approved"), ON_TRACK),
        (("in progress",), ON_TRACK),
    ],
)
def test_the_share_of_activities_is_compared_with_that_of_the_period(meanings, word):
    assert verdict(Verdicts(), review(activities(*meanings))) == word


def test_an_overdue_activity_does_not_count_unless_the_settings_say_so():
    found = activities("in progress")
    assert verdict(Verdicts(), review(found, overdue=tuple(found))) == BEHIND
    assert verdict(Verdicts(overdue_counts=True), review(found, overdue=tuple(found))) == ON_TRACK


def test_the_settings_say_what_counts_and_which_share_is_enough():
    found = review(activities("completed", "in progress", "approved", "approved"))
    assert verdict(Verdicts(least_share=50), found) == ON_TRACK
    assert verdict(Verdicts(least_share=50.1), found) == BEHIND
    assert verdict(Verdicts(least_share=50, counts=["completed"]), found) == BEHIND
    assert verdict(Verdicts(least_share=0, counts=["completed"]), found) == ON_TRACK


def test_there_is_no_verdict_without_statuses_or_without_a_day_to_compare_with():
    assert verdict_rule(Verdicts(), review([], has_statuses=False), DAY) is None
    assert verdict_rule(Verdicts(), review([]), None) is None
    assert verdict_rule(Verdicts(least_share=50), review([]), None) is not None


@examples(100)
@given(
    meanings=st.lists(st.sampled_from(MEANINGS), max_size=9),
    counts=st.lists(st.sampled_from(MEANINGS), min_size=1, unique=True),
    least=st.integers(0, 100),
    late=st.sets(st.integers(0, 8)),
)
def test_a_recount_in_whole_numbers_agrees(meanings, counts, least, late):
    found = activities(*meanings)
    overdue = tuple(one for at, one in enumerate(found) if at in late)
    rule = verdict_rule(Verdicts(counts=counts, least_share=least), review(found, overdue), DAY)
    assert rule is not None
    number = sum(meaning in counts for at, meaning in enumerate(meanings) if at not in late)
    expected = ON_TRACK if number * 100 >= least * len(meanings) else BEHIND
    for of, item in ((rule.of_area, AREA), (rule.of_objective, OBJECTIVE)):
        assert of(item).word == (expected if meanings else NO_ACTIVITY)
        assert len(of(item).counting) == number
