"""A paper is checked before it goes into received/: what intake refuses, words to avoid, open text, its cover."""

from __future__ import annotations

from forum_tools import FOLDER
from received_tools import add_entry, word_paper

PLACE = f"{FOLDER}/received/MINI2/paper.docx"


def expect(desk):
    """Write the entry of a paper whose file has not come yet."""
    add_entry(desk.forum)
    desk.forum.path(PLACE).unlink()


def sent(desk, title="A Paper of an Economy", data=None):
    path = desk.mail / "paper.docx"
    path.write_bytes(data or word_paper(title))
    return path


def test_a_paper_that_an_entry_names_is_copied_to_its_meeting(desk):
    expect(desk)
    path = sent(desk)
    assert "With --accept it is copied there.\n" in desk.check(path).out
    assert desk.check(path, accept="yes").code == 0
    assert desk.forum.path(PLACE).read_bytes() == path.read_bytes()


def test_open_text_and_words_to_avoid_are_named(desk):
    expect(desk)
    checked = desk.check(sent(desk, "The agreement of Hong Kong [to be confirmed]"))
    assert "To settle, or to know:" in checked.out
    assert "[to be confirmed]" in checked.out
    assert 'found "Hong Kong"' in checked.out


def test_a_file_that_is_no_word_file_is_refused(desk):
    expect(desk)
    checked = desk.check(sent(desk, data=b"no word file"), accept="yes")
    assert checked.code == 1
    assert "1 problem to correct" in checked.out
    assert not desk.forum.path(PLACE).exists()
    assert (desk.mail / "paper (checked).txt").exists()


def test_a_paper_without_an_entry_needs_its_meeting(desk):
    path = sent(desk)
    checked = desk.check(path, accept="yes")
    assert checked.code == 1
    assert "Add meeting=..., or write an entry with file:" in checked.out
    checked = desk.check(path, accept="yes", meeting="MINI2")
    assert 'run make new-paper meeting=MINI2 file="received/MINI2/paper.docx".' in checked.out
    assert desk.forum.path(PLACE).exists()
