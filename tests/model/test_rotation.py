"""The rotation of the Chair and of the first meeting's host: order, exchanges, deadlines, and the annex."""

from __future__ import annotations

import datetime

import pytest
from forum_tools import FOLDER, MINI2, Forum
from hypothesis import given
from hypothesis import strategies as st
from kind_inputs import ROTATION_PAPER, ROTATION_TEXT
from papers.model.economies import Economy
from papers.model.rotation import TERM, Turns, latest_announcement
from papers.richtext import plain
from papers.wording.compose import word_paper
from word_tools import dump, filled

ROTATION = f"{FOLDER}/rotation.yaml"
ECONOMIES = tuple(Economy(order, f"Economy {order}", "", "", "") for order in range(1, 22))
SWAP = """swaps:
  - role: chair
    economy: Viet Nam
    term: 2019
    announced: 2018-01-01
    meeting: MINI0
"""

roles = st.sampled_from(sorted(TERM))
turns_given_up = st.lists(st.integers(0, 60), unique=True, max_size=12).map(sorted)


@pytest.fixture
def rotating(forum) -> Forum:
    forum.write(ROTATION, ROTATION_TEXT)
    forum.replace(MINI2, "papers:\n", f"papers:\n{ROTATION_PAPER}")
    return forum


def fields(forum: Forum) -> dict:
    model = forum.model()
    meeting = next(m for m in model.meetings if m.code == "MINI2")
    paper = next(p for p in meeting.papers if p.kind == "rotation-annex")
    return word_paper(model, meeting, paper)


def shown(paper: dict) -> list[list[str]]:
    return [list(row.values()) for row in paper["fields"]["rotation"]["years"]]


def sentences(paper: dict, name: str) -> list[str]:
    return [plain(block["line"]) for block in paper["fields"]["rotation"][name]["blocks"]]


# Properties


@given(first=st.integers(0, 20), start=st.integers(1990, 2080))
def test_without_exchanges_each_economy_chairs_once_in_42_years(first, start):
    turns = Turns(ECONOMIES, start, first, TERM["chair"])
    chairs = [turns.post(year).holder for year in range(start, start + 42)]
    assert set(chairs) == set(ECONOMIES) and all(chairs.count(economy) == 2 for economy in ECONOMIES)
    assert chairs[0::2] == chairs[1::2], "a term is two calendar years"


@given(first=st.integers(0, 20), role=roles, turn=st.integers(0, 100))
def test_after_an_exchange_both_have_served_and_the_order_is_unchanged(first, role, turn):
    turns, usual = (Turns(ECONOMIES, 2000, first, TERM[role]) for _ in range(2))
    turns.exchange(turn)
    assert (turns.of_turn(turn), turns.of_turn(turn + 1)) == (usual.of_turn(turn + 1), usual.of_turn(turn))
    assert all(turns.of_turn(n) == usual.of_turn(n) for n in range(130) if n not in (turn, turn + 1))


@given(role=roles, given_up=turns_given_up)
def test_no_exchange_loses_a_turn(role, given_up):
    turns, usual = (Turns(ECONOMIES, 2000, 0, TERM[role]) for _ in range(2))
    for turn in given_up:
        turns.exchange(turn)
    served, due = ([t.of_turn(n) for n in range(63)] for t in (turns, usual))
    assert sorted(served) == sorted(due)


@given(years=st.integers(1990, 2080))
def test_the_incoming_chair_is_vice_chair_in_the_year_before_only(years):
    turns = Turns(ECONOMIES, years, 3, TERM["chair"])
    assert [turns.begins(year + 1) for year in range(years, years + 4)] == [False, True, False, True]


@pytest.mark.parametrize(
    ("role", "latest"), [("chair", datetime.date(2018, 1, 1)), ("host", datetime.date(2018, 6, 30))]
)
def test_the_last_day_to_announce_follows_the_terms_of_reference(role, latest):
    assert latest_announcement(role, 2019) == latest


# The annex


def test_the_annex_covers_the_plan_and_one_year_before_and_after(rotating):
    assert shown(fields(rotating)) == [
        ["2018", "United States", "Viet Nam", "Canada", "Papua New Guinea", _BY_ROTATION],
        ["2019", "Viet Nam", "–", "Peru", "Chile", f"Chair by the rotation. {_RECORDED}"],
        ["2020", "Viet Nam", "Australia", "China", "Malaysia", _BY_ROTATION],
        [
            "2021",
            "Australia",
            "–",
            "Hong Kong, China",
            "Not known",
            "Chair and host of the first meeting by the rotation.",
        ],
    ]


_BY_ROTATION = "Chair, Vice Chair and host of the first meeting by the rotation."
_RECORDED = "Host of the first meeting as recorded (MINI1; by the rotation it was the turn of Chile)."


def test_records_of_other_years_are_in_the_notes(rotating):
    assert "2016, outside the table: Thailand was Chair (MINI0)." in sentences(fields(rotating), "notes")


def test_the_annex_states_where_the_rotations_are_counted_from(rotating):
    notes = sentences(fields(rotating), "notes")
    assert "The turns of the hosts are counted from Canada in 2018." in notes


def test_an_annex_before_the_first_turn_counts_from_a_turn_that_had_begun(rotating):
    later = shown(fields(rotating))
    rotating.replace(ROTATION, "first_year: 2018\n  first: Canada", "first_year: 2020\n  first: China")
    paper = fields(rotating)
    assert shown(paper) == later
    assert "The turns of the hosts are counted from Chile in 2019." in sentences(paper, "notes")


def test_an_annex_says_until_when_no_exchange_is_known(rotating):
    assert sentences(fields(rotating), "exchanges") == [
        "As of 4 September 2019, no exchange of turns was known."
    ]


def test_an_exchange_is_described_and_changes_the_table(rotating):
    rotating.replace(ROTATION, "swaps: []\n", SWAP)
    paper = fields(rotating)
    assert [row[1:3] for row in shown(paper)] == [
        ["United States", "Australia"],
        ["Australia", "–"],
        ["Australia", "Viet Nam"],
        ["Viet Nam", "–"],
    ]
    (sentence,) = sentences(paper, "exchanges")
    assert sentence == (
        "Viet Nam could not take its turn as Chair (2019-2020), as announced on 1 January 2018 at MINI0. "
        "Australia, next in line, serves then; Viet Nam takes its turn afterwards (2021-2022)."
    )
    assert "by an exchange of turns between Viet Nam and Australia" in shown(paper)[1][-1]


def test_a_turn_may_be_exchanged_twice(rotating):
    again = SWAP.removeprefix("swaps:\n").replace("2019", "2021").replace("2018-01-01", "2020-01-01")
    rotating.replace(ROTATION, "swaps: []\n", SWAP + again)
    chair = rotating.model().rotation.chair
    assert [chair.post(year).holder.name for year in (2019, 2021, 2023)] == [
        "Australia",
        "Brunei Darussalam",
        "Viet Nam",
    ]


def test_the_annex_names_the_rotation_as_input_and_fills_its_template(rotating, tmp_path):
    paper = fields(rotating)
    assert ROTATION in paper["made_from"]
    text = dump(filled(paper, tmp_path))
    assert "Hong Kong, China" in text and "{SEQ Table" in text


# Mistakes

LATE = SWAP.replace("2018-01-01", "2018-01-02")
HOST = SWAP.replace("chair", "host").replace("Viet Nam", "Chile")


@pytest.mark.parametrize(
    ("swap", "key", "kind", "words"),
    [
        (LATE, "announced", "announced-late", "one year before the term begins: by 2018-01-01"),
        (
            HOST.replace("2018-01-01", "2018-07-01"),
            "announced",
            "announced-late",
            "first half of the year before: by 2018-06-30",
        ),
        (SWAP.replace("2019", "2020").replace("2018-", "2017-"), "term", "term", "2019 or 2021"),
        (SWAP.replace("2019", "2013").replace("2018-", "2010-"), "term", "term", "2015 or later"),
        (SWAP.replace("Viet Nam", "Japan"), "economy", "not-its-turn", "Viet Nam"),
        (SWAP.replace("Viet Nam", "Vietnam"), "economy", "unknown-economy", "Viet Nam"),
        (SWAP + "    exchanged_with: Canada\n", "exchanged_with", "not-next-in-line", "Australia"),
        (SWAP + SWAP.removeprefix("swaps:\n"), "term", "doubled", "twice"),
        (SWAP.replace("role: chair", "role: chief"), "role", "wrong-value", "chair"),
        (SWAP.replace("announced", "anounced"), "anounced", "unknown-key", "announced"),
    ],
)
def test_an_exchange_against_the_rules_is_reported_with_its_line(rotating, swap, key, kind, words):
    rotating.replace(ROTATION, "swaps: []\n", swap)
    problem = next(p for p in rotating.problems() if p.kind == kind)
    assert problem.place.file == ROTATION and problem.place.key.endswith(key)
    line = rotating.text(ROTATION).split("\n")[problem.place.line - 1]
    assert key in line and words in str(problem)


def test_a_late_exchange_has_one_problem(rotating):
    rotating.replace(ROTATION, "swaps: []\n", LATE)
    assert [problem.kind for problem in rotating.problems()] == ["announced-late"]


def test_an_unknown_first_economy_is_reported(rotating):
    rotating.replace(ROTATION, "first: Thailand", "first: Siam")
    assert [(p.kind, p.place.key) for p in rotating.problems()] == [("unknown-economy", "chair.first")]


def test_an_annex_without_a_rotation_is_reported(rotating):
    rotating.path(ROTATION).unlink()
    assert [problem.kind for problem in rotating.problems()] == ["no-rotation"]
