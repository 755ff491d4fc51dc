"""A return that plan.yaml sets aside is not read, the rest is counted, and papers that miss it say so."""

from __future__ import annotations

import datetime

from forum_tools import PLAN
from papers.wording.indicator_method import method
from papers.wording.indicator_text import missing_in_words, returns_in_words
from returns_tools import PER, VNM, row, send_in

PLAN_FILE = f"{PLAN}/plan.yaml"
ENTRY = "set_aside:\n  - {file: indicators/2019/per.xlsx, why: an unreadable date, received: 2020-02-01}\n"


def two_returns(forum, entry=ENTRY):
    """Send in a good return and a bad one, which the plan sets aside."""
    send_in(forum, PER, row(area="Nowhere"), date="soon")
    send_in(forum, VNM, row())
    forum.write(PLAN_FILE, forum.text(PLAN_FILE) + entry)


def test_a_bad_return_that_is_set_aside_stops_nothing(forum):
    two_returns(forum)
    model = forum.model()
    (period,) = model.periods.values()
    assert [found.economy.name for found in period.indicators.returns] == ["Viet Nam"]
    assert [one.name for one in period.indicators.set_aside_of(2019)] == ["2019/per.xlsx"]
    assert any("set aside (an unreadable date); it is not counted" in notice for notice in model.notices)


def test_papers_say_that_a_return_was_set_aside_and_name_it_only_where_they_name_economies(forum):
    two_returns(forum)
    model = forum.model()
    (period,) = model.periods.values()
    model.period = period
    words = " ".join([*method(model, [2019]), *returns_in_words(model, 2019)])
    assert "One return for 2019 was set aside and is not counted." in words
    assert "Peru" not in words
    named = missing_in_words(model, 2019, ["missing"])
    assert "Set aside and not counted: Peru." in named
    assert "Peru" not in named.partition("Set aside")[0]


def test_a_paper_of_a_day_before_it_came_does_not_mention_it(forum):
    two_returns(forum)
    (period,) = forum.model().periods.values()
    known = period.indicators.received_by(datetime.date(2020, 1, 31))
    assert known.set_aside == []
    assert len(known.returns) == 1
    assert period.indicators.received_by(datetime.date(2020, 2, 1)).set_aside


def test_a_file_that_is_no_return_can_not_be_set_aside(forum):
    two_returns(
        forum,
        ENTRY + "  - {file: indicators/2019/prr.xlsx, why: x}\n  - {file: schedule/2019.xlsx, why: x}\n",
    )
    problems = forum.problems()
    assert [(problem.kind, problem.place.key) for problem in problems] == [
        ("set-aside", "set_aside[2].file"),
        ("set-aside", "set_aside[3].file"),
    ]
    assert problems[0].todo == 'Did you mean "indicators/2019/per.xlsx"?'
