"""Where the lines of a cover end, and what stays on one line."""

from __future__ import annotations

import pytest
from papers.wording.line_breaks import breakable, kept_together, title_lines

PHRASES = ("Working Group", "Working Group Meeting", "Small and Medium Enterprises", "Strategic Plan")


def pieces(text: str) -> list[str]:
    """The pieces between which a line may end."""
    return [breakable(piece) for piece in text.split(" ")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Small and Medium Enterprises Working Group Meeting",
            ["Small and Medium Enterprises", "Working Group Meeting"],
        ),
        ("Working Groups meet", ["Working", "Groups", "meet"]),
        ("Work Plan for 2017", ["Work", "Plan", "for 2017"]),
        ("Report on SME 02 2016A", ["Report", "on SME 02 2016A"]),
        ("Comments on 2018/SMEWG47/003", ["Comments", "on 2018/SMEWG47/003"]),
        ("The Hosts of the Meetings", ["The Hosts", "of the Meetings"]),
        ("Chile", ["Chile"]),
        ("", [""]),
    ],
)
def test_words_that_belong_together_stay_on_one_line(text, expected):
    kept = kept_together(text, PHRASES)
    assert pieces(kept) == expected
    assert breakable(kept) == text


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("Agenda", ["Agenda"]),
        ("Report: Chile", ["Report: Chile"]),
        (
            "2018 SCE Fora Report: Small and Medium Enterprises Working Group",
            ["2018 SCE Fora Report:", "Small and Medium Enterprises Working Group"],
        ),
        (
            "Ranking of Project Proposals, Session 2 of 2017",
            ["Ranking of Project Proposals,", "Session 2 of 2017"],
        ),
        (
            "Chair, Vice Chair and Hosts of all the Meetings of the Group",
            ["Chair, Vice Chair and Hosts of all the Meetings of the Group"],
        ),
    ],
)
def test_a_long_title_has_its_subtitle_on_a_line_of_its_own(title, lines):
    assert [breakable(line) for line in title_lines(title, PHRASES).split("\n")] == lines


def test_the_last_word_of_a_title_is_not_alone_on_a_line():
    assert pieces(title_lines("Business Ethics in Small Firms Forum", ())) == [
        "Business",
        "Ethics",
        "in Small",
        "Firms Forum",
    ]
