"""Entries that a verb removes from a file: only their own lines go."""

from __future__ import annotations

import pytest
from papers.inputs.schemas import MeetingFile
from papers.problems import Problems
from papers.record.edit_yaml import EditError, EntriesText

ONE = """  - number: 2019/M/001
    kind: agenda
    title: One
    submitted_by:
      - Chair
    # a comment at its end
"""
TWO = """  # above the second
  - number: 2019/M/002   # its number
    kind: agenda
    title: Two
    submitted_by: [Chair]
    notes: |
      First line.

      Last line.
"""
THREE = "\n  - {number: 2019/M/003, kind: agenda, title: Three, submitted_by: [Chair]}\n"
HEAD = "code: M\nagenda: []\npapers:\n"


def text_of(tmp_path, text: str) -> EntriesText:
    path = tmp_path / "M.yaml"
    path.write_bytes(text.encode())
    problems = Problems()
    found = EntriesText.read(path, MeetingFile, "papers", problems)
    assert found, problems.lines()
    return found


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_entry_is_removed_with_its_lines_and_no_others(tmp_path, end):
    def removed(index: int) -> str:
        text = text_of(tmp_path, (HEAD + ONE + TWO + THREE).replace("\n", end))
        text.remove(index)
        assert text.edit.before != text.edit.after
        return text.text.replace(end, "\n")

    assert removed(0) == HEAD + "    # a comment at its end\n" + TWO + THREE
    assert removed(1) == HEAD + ONE + "  # above the second\n" + THREE
    assert removed(2) == HEAD + ONE + TWO + "\n"


def test_entries_may_be_removed_from_the_last_to_the_first_after_others_were_edited(tmp_path):
    text = text_of(tmp_path, HEAD + ONE + TWO + THREE)
    text.set(0, "number", "2019/M/001rev1")
    text.set(0, "supersedes", "2019/M/001", after="number")
    text.remove(2)
    text.remove(1)
    assert [entry.number for entry in text.entries] == ["2019/M/001rev1"]


def test_a_list_without_entries_stays_a_list(tmp_path):
    text = text_of(tmp_path, HEAD + ONE + "time_zone: Asia/Tokyo\n")
    text.remove(0)
    assert text.text == "code: M\nagenda: []\npapers: []\n    # a comment at its end\ntime_zone: Asia/Tokyo\n"


@pytest.mark.parametrize(
    "papers",
    [
        "papers: [{number: 2019/M/001, kind: agenda, title: T, submitted_by: [C]}]\n",
        "papers:\n  -\n    number: 2019/M/001\n    kind: agenda\n    title: T\n    submitted_by: [C]\n",
    ],
)
def test_an_entry_that_does_not_begin_a_line_is_left_to_its_author(tmp_path, papers):
    text = text_of(tmp_path, f"code: M\nagenda: []\n{papers}")
    with pytest.raises(EditError):
        text.remove(0)
    assert text.edit.before == text.edit.after
