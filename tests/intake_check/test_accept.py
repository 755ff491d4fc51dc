"""With --accept a file without problems goes where it belongs, and over none that is there but an earlier return."""

from __future__ import annotations

import shutil

from forum_tools import EDITION_2020, SCHEDULE
from returns_tools import PER, Book, row


def sent(desk, *rows, name="reply.xlsx"):
    Book(rows=list(rows)).write(desk.mail / name)
    return desk.mail / name


def test_a_return_is_copied_to_its_folder_and_name(desk):
    path = sent(desk, row())
    checked = desk.check(path, accept="yes")
    assert f"Written: {PER}. Run make." in checked.out
    assert desk.forum.path(PER).read_bytes() == path.read_bytes()
    assert desk.forum.problems() == []
    assert "among the inputs already" in desk.check(path, accept="yes").out


def test_a_file_with_a_problem_is_not_copied(desk):
    checked = desk.check(sent(desk, row(area="Nowhere")), accept="yes")
    assert checked.code == 1
    assert not desk.forum.path(PER).exists()


def test_a_return_replaces_another_only_when_asked_to(desk):
    desk.check(sent(desk, row()), accept="yes")
    first = desk.forum.path(PER).read_bytes()
    again = sent(desk, row(title="Another workshop"))
    checked = desk.check(again, accept="yes")
    assert checked.code == 1
    assert "Add --replace to put this one in its place. Nothing was written." in checked.err
    assert desk.forum.path(PER).read_bytes() == first
    assert "Replaced" in desk.check(again, accept="yes", replace="yes").out
    assert desk.forum.path(PER).read_bytes() == again.read_bytes()


def test_an_edition_of_the_schedule_never_replaces_another(desk):
    path = desk.mail / "2019.xlsx"
    with desk.forum.sheet() as sheet:
        sheet["I2"] = "Another remark"
    shutil.move(desk.forum.path(SCHEDULE), path)
    shutil.copy(path, desk.forum.path(SCHEDULE))
    with desk.forum.sheet() as sheet:
        sheet["I2"] = "A remark"
    before = desk.forum.path(SCHEDULE).read_bytes()
    checked = desk.check(path, accept="yes", replace="yes")
    assert "Move that file away first" in checked.err
    assert desk.forum.path(SCHEDULE).read_bytes() == before


def test_the_next_edition_of_the_schedule_is_copied(desk):
    shutil.copy(desk.forum.path(SCHEDULE), desk.mail / "for 2020.xlsx")
    assert desk.check(desk.mail / "for 2020.xlsx", accept="yes").code == 0
    assert desk.forum.path(EDITION_2020).exists()


def test_of_several_files_the_right_ones_are_accepted(desk):
    right, wrong = sent(desk, row()), sent(desk, row(area="Nowhere"), name="wrong.xlsx")
    assert desk.check(right, wrong, accept="yes").code == 1
    assert desk.forum.path(PER).read_bytes() == right.read_bytes()
