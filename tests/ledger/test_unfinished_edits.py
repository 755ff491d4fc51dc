"""Events and the edits of inputs that belong to them, of a command that was killed among them."""

from __future__ import annotations

from pathlib import Path

import pytest
from ledger_tools import END, FOLDER, LEDGER, event, read, write
from papers.ledger.append import chain, ledger_lock
from papers.ledger.file import csv_line
from papers.ledger.unfinished_edits import EDITS, FileEdit, begin_edits

MEETING = "inputs/mini/meetings/M.yaml"
EVENTS = [event("revised", "2018/MINI1/003rev1"), event("revised", "2018/MINI1/004rev1")]
EDIT = FileEdit(MEETING, b"before\n", b"after\n")


@pytest.fixture
def begun(tmp_path, monkeypatch) -> list:
    """A ledger with two events, and the list of a command that is about to add two more; return the ledger's rows."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, event("issued", "2018/MINI1/003"), event("issued", "2018/MINI1/004"))
    Path(MEETING).parent.mkdir(parents=True)
    Path(MEETING).write_bytes(EDIT.before)
    rows, _ = read(Path())
    begin_edits(Path(FOLDER), [EDIT], EVENTS, rows[-1])
    return rows


def lines_of(rows: list) -> list[str]:
    return [f"{csv_line(list(row))}\n" for row in chain(EVENTS, rows[-1])]


def append_text(text: str) -> None:
    with Path(LEDGER).open("a", encoding="utf-8", newline="") as file:
        file.write(text)


def next_command() -> None:
    with ledger_lock(Path(FOLDER)):
        pass


def state() -> tuple[list[str], bytes, bool]:
    """The events after the first two, the file of the meeting, and whether the list is still there."""
    rows, problems = read(Path())
    assert not problems
    return [row.number for row in rows[2:]], Path(MEETING).read_bytes(), (Path(FOLDER) / EDITS).exists()


def test_without_any_event_the_edits_are_forgotten(begun):
    next_command()
    assert state() == ([], EDIT.before, False)


def test_an_unfinished_first_line_is_no_event(begun):
    append_text(lines_of(begun)[0][:-5])
    next_command()
    assert Path(MEETING).read_bytes() == EDIT.before and not (Path(FOLDER) / EDITS).exists()


@pytest.mark.parametrize("written", [1, 1.5, 2])
def test_with_an_event_the_others_and_the_edits_are_completed(begun, written, capsys):
    first, second = lines_of(begun)
    append_text(first + second[: len(second) * int(2 * written - 2) // 2])
    next_command()
    assert state() == (["2018/MINI1/003rev1", "2018/MINI1/004rev1"], EDIT.after, False)
    assert Path(END).read_text(encoding="utf-8").startswith("4 ")
    done = (
        "A command that was interrupted is completed: 2018/MINI1/003rev1 revised, 2018/MINI1/004rev1 revised."
    )
    assert capsys.readouterr().out == f"{done}\n"
    next_command()
    assert capsys.readouterr().out == ""


def test_a_file_that_was_edited_since_is_kept(begun, capsys):
    append_text("".join(lines_of(begun)))
    Path(MEETING).write_bytes(b"edited\n")
    next_command()
    assert state() == (["2018/MINI1/003rev1", "2018/MINI1/004rev1"], b"edited\n", False)
    assert f"{MEETING} was edited since: run that command again." in capsys.readouterr().out


def test_a_list_of_another_ledger_is_forgotten_and_one_that_no_command_wrote_changes_nothing(begun):
    write(Path(), event("withdrawn", "2018/MINI1/004"))  # takes the lock, and forgets the list
    begin_edits(Path(FOLDER), [EDIT], EVENTS, begun[-1])
    next_command()
    assert state() == (["2018/MINI1/004"], EDIT.before, False)
    begin_edits(Path(FOLDER), [FileEdit("config.yaml", b"", b"x")], EVENTS[:1], read(Path())[0][-1])
    append_text(f"{csv_line(list(chain(EVENTS[:1], read(Path())[0][-1])[0]))}\n")
    next_command()
    assert not Path("config.yaml").exists()


def test_nothing_is_completed_while_the_ledger_cannot_be_read(begun):
    append_text("".join(lines_of(begun)))
    text = Path(LEDGER).read_text(encoding="utf-8")
    Path(LEDGER).write_text(text.replace("A paper", "Another paper"), encoding="utf-8")
    next_command()
    assert Path(MEETING).read_bytes() == EDIT.before and (Path(FOLDER) / EDITS).exists()
