"""Whether the inputs of a plan agree: schedule, sessions of proposals, and returns."""

from __future__ import annotations

from pathlib import Path

import pytest
from forum_tools import EDITION_2020, PLAN, SCHEDULE, Forum, copy_forum
from full_forum import SESSION, full_forum
from returns_tools import PER, day, row, send_in

SKILLS = "Skills, tools and the digital economy"
_CELL = f"{SESSION}, sheet Proposals, cell"
_IN = f"as in {EDITION_2020}, sheet Schedule, cell"


@pytest.fixture
def agreeing(tmp_path) -> Forum:
    """The full forum with a session and returns that say the same as the schedule."""
    forum = full_forum(copy_forum(tmp_path))
    with forum.book(SESSION) as book:
        book["Proposals"]["E3"] = SKILLS
    send_in(forum, PER, row(area=SKILLS, activity_id="2019-01"), date=day("2019-08-01"))
    forum.path(f"{PLAN}/indicators/doubles.yaml").unlink()
    assert notices(forum) == []
    return forum


def notices(forum: Forum) -> list[str]:
    return [notice for notice in forum.model().notices if "Correct one of the two cells" in notice]


def change(forum: Forum, file: str, sheet: str, cell: str, value: object) -> None:
    with forum.book(file) as book:
        book[sheet][cell] = value


def test_a_project_under_another_area_is_named_with_both_cells(agreeing):
    change(agreeing, SESSION, "Proposals", "E3", "Access to markets")
    (notice,) = notices(agreeing)
    assert notice == (
        f"{_CELL} E3: found the project SME 02 2019A under Access to markets; expected {SKILLS}, "
        f"{_IN} B2. Correct one of the two cells."
    )


def test_a_project_of_other_economies_is_named_with_both_cells(agreeing):
    change(agreeing, SESSION, "Proposals", "C3", "Japan")
    (notice,) = notices(agreeing)
    assert notice.startswith(f"{_CELL} C3: found the project SME 02 2019A of Japan") and f"{_IN} F2" in notice


def test_a_project_that_was_under_way_before_its_session_is_named_with_both_cells(agreeing):
    agreeing.path(SESSION).rename(agreeing.path(SESSION.replace("2019-1", "2020-1")))
    agreeing.replace(f"{PLAN.rpartition('/')[0]}/meetings/MINI2.yaml", "session: 2019-1", "session: 2020-1")
    (notice,) = notices(agreeing)
    assert (
        "cell A3: found the project SME 02 2019A among the proposals of 2020; expected approved in 2019"
        in notice
    )
    assert f"as in {SCHEDULE}, sheet Schedule, cell H2" in notice


def test_an_activity_that_a_return_has_under_another_area_is_named_with_both_cells(agreeing):
    send_in(agreeing, PER, row(area="Access to markets", activity_id="2019-01"), date=day("2019-08-01"))
    (notice,) = notices(agreeing)
    assert notice.startswith(
        f"{PER}, sheet Return, cell B7: found the activity 2019-01 under Access to markets"
    )
    assert f"{_IN} B2" in notice


def test_an_activity_that_is_reported_and_later_only_proposed_is_named_with_both_cells(agreeing):
    change(agreeing, SCHEDULE, "Schedule", "H2", "proposed")
    change(agreeing, EDITION_2020, "Schedule", "H2", "proposed")
    (notice,) = notices(agreeing)
    assert "cell H7: found the activity 2019-01 reported for 2019; expected proposed in 2020" in notice
    assert f"{_IN} H2" in notice


def test_the_shipped_inputs_agree():
    assert notices(Forum(Path(__file__).resolve().parents[2])) == []
