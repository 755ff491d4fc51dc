"""The archive of issued papers: every file is checked, but read again only when its folder changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ledger_tools import END, FOLDER, LEDGER, event, write
from organisation_tools import GRAMMAR
from papers.ledger import archive
from papers.ledger.append import append, ledger_lock
from papers.ledger.archive import archive_paper, check_archive, check_recorded, sources_list
from papers.ledger.file import end_text, read_ledger
from papers.ledger.rules import Ledger, ledger_of
from papers.ledger.unrecorded import ISSUING, begin_issue
from papers.problems import Problems
from papers.store.cache import Cache
from papers.store.files import digest

CACHE, ARCHIVE = Path("cache"), Path(FOLDER)
FILES = {"2019/MINI1/003": "2019/MINI1/19_mini1_003.docx", "2019/MINI2/001": "2019/MINI2/19_mini2_001.docx"}


@pytest.fixture
def issued(tmp_path, monkeypatch) -> Ledger:
    """A ledger with a paper in each of two meetings, and their files."""
    monkeypatch.chdir(tmp_path)
    empty = sources_list([])
    for number, file in FILES.items():
        archive_paper("mini", file, file.encode(), empty)
        data = digest(file.encode())
        write(tmp_path, event("issued", number, data, file=file, sources=digest(empty)))
    return ledger_of(read_ledger(Path(), "mini", Problems()), GRAMMAR, Problems())


@pytest.fixture
def read(monkeypatch) -> list[bytes]:
    """The files of the archive that were read."""
    found: list[bytes] = []
    monkeypatch.setattr(archive, "digest", lambda data: found.append(data) or digest(data))
    return found


def check(ledger: Ledger) -> list[str]:
    """Return the problems of the archive."""
    problems = Problems()
    assert check_archive("mini", ledger, Cache(CACHE), problems) == []
    return problems.lines()


def archived(number: str) -> Path:
    return Path("inputs/mini/issued", FILES[number])


def test_files_that_nobody_touched_are_read_once(issued, read):
    assert check(issued) == [] and len(read) == 4
    read.clear()
    assert check(issued) == [] and read == []


def test_only_the_folder_of_a_touched_file_is_read_again(issued, read):
    check(issued)
    read.clear()
    os.utime(archived("2019/MINI1/003"), (1, 1))
    assert check(issued) == []
    assert sorted(read) == sorted([FILES["2019/MINI1/003"].encode(), sources_list([])])


def test_a_changed_file_is_reported_each_time_until_it_is_restored(issued):
    check(issued)
    place, data = archived("2019/MINI2/001"), archived("2019/MINI2/001").read_bytes()
    place.write_bytes(data + b"x")
    for _ in range(2):
        (problem,) = check(issued)
        assert problem.startswith(f"{place.as_posix()}: found a changed file, archived for 2019/MINI2/001")
    place.unlink()
    assert "found no such file" in check(issued)[0]
    place.write_bytes(data)
    assert check(issued) == []


def test_a_damaged_cache_hides_no_changed_file(issued):
    check(issued)
    archived("2019/MINI2/001").write_bytes(b"changed")
    for entry in CACHE.iterdir():
        entry.write_bytes(b"")
    assert len(check(issued)) == 1


def test_folders_that_are_as_they_were_leave_one_entry_each(issued):
    check(issued)
    os.utime(archived("2019/MINI1/003"), (1, 1))
    check(issued)
    assert len(list(CACHE.iterdir())) == 2


def test_another_file_in_the_archive_is_noted_each_time(issued):
    (archived("2019/MINI1/003").parent / "notes.txt").write_bytes(b"")
    for _ in range(2):
        (note,) = check_archive("mini", issued, Cache(CACHE), Problems())
        assert note.startswith("inputs/mini/issued/2019/MINI1/notes.txt is not an issued paper")


# Archived papers without an event


def recorded() -> list[str]:
    """Return the problems of the archive beside the ledger as it is in its file."""
    problems = Problems()
    check_recorded("mini", read_ledger(Path(), "mini", problems).rows, problems)
    return problems.lines()


@pytest.mark.parametrize("empty", [True, False], ids=["emptied", "deleted"])
def test_a_ledger_that_was_lost_beside_its_archive_is_a_problem_with_the_way_to_restore_it(issued, empty):
    for file in (Path(LEDGER), Path(END)):
        file.write_bytes(b"") if empty else file.unlink()
    (problem,) = recorded()
    assert problem.startswith(
        f"{LEDGER}: found no event of 4 archived files, such as inputs/mini/issued/2019"
    )
    assert f"Run git checkout HEAD -- {LEDGER} {END}, or restore both files from your backup." in problem
    assert check(Ledger(GRAMMAR)) == [problem]


def test_a_ledger_that_was_cut_short_with_its_end_is_a_problem_that_names_what_is_lost(issued):
    lines = Path(LEDGER).read_text(encoding="utf-8").splitlines(keepends=True)
    Path(LEDGER).write_text("".join(lines[:2]), encoding="utf-8")
    Path(END).write_text(end_text(1, lines[1].strip().rpartition(",")[2]), encoding="utf-8")
    (problem,) = recorded()
    assert "no event of 2 archived files, such as inputs/mini/issued/2019/MINI2/19_mini2_001.docx" in problem
    assert (
        "Keep a copy of ledger.csv and ledger.end; then restore later ones" in problem
        and "git checkout" not in problem
    )  # HEAD may have less


def test_a_ledger_with_a_problem_of_its_own_is_not_reported_again_for_its_archive(issued):
    issued = Ledger(GRAMMAR)
    issued.complete = False
    assert check(issued) == []


def test_what_an_interrupted_issue_archived_is_no_lost_event_and_the_next_command_removes_it(issued):
    rows, file = read_ledger(Path(), "mini", Problems()).rows, "2019/MINI3/19_mini3_001.docx"
    begin_issue(ARCHIVE, [file], rows[-1])
    archive_paper("mini", file, b"a paper", b"its sources")
    assert recorded() == []
    with ledger_lock(ARCHIVE):
        assert not (ARCHIVE / file).exists() and not (ARCHIVE / ISSUING).exists()
    assert recorded() == [] and archived("2019/MINI1/003").exists()


@pytest.mark.parametrize("name", ["../meetings/MINI1.yaml", "2019/../../forum.yaml"])
def test_a_list_of_an_interrupted_issue_removes_nothing_outside_the_archive(issued, name):
    rows, outside = read_ledger(Path(), "mini", Problems()).rows, ARCHIVE / name
    outside.parent.resolve().mkdir(parents=True, exist_ok=True)
    (ARCHIVE / "2019").mkdir(exist_ok=True)
    outside.write_bytes(b"an input")
    begin_issue(ARCHIVE, [name], rows[-1])
    with ledger_lock(ARCHIVE):
        assert outside.read_bytes() == b"an input"


def test_an_issue_that_was_interrupted_after_its_event_keeps_what_it_archived(issued):
    rows, file = read_ledger(Path(), "mini", Problems()).rows, "2019/MINI3/19_mini3_001.docx"
    begin_issue(ARCHIVE, [file], rows[-1])
    archive_paper("mini", file, b"a paper", b"its sources")
    append(ARCHIVE, [event("issued", "2019/MINI3/001", file=file)], rows[-1])
    with ledger_lock(ARCHIVE):
        pass
    assert (ARCHIVE / file).exists() and not (ARCHIVE / ISSUING).exists() and recorded() == []


@pytest.mark.parametrize("cut", ["a line", "half of a line"])
def test_an_interrupted_issue_beside_a_ledger_that_lost_events_removes_no_circulated_paper(issued, cut):
    rows = read_ledger(Path(), "mini", Problems()).rows
    begin_issue(ARCHIVE, [FILES["2019/MINI2/001"]], rows[-1])
    text = Path(LEDGER).read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    Path(LEDGER).write_text("".join(lines[:-1]) if cut == "a line" else text[:-9], encoding="utf-8")
    with ledger_lock(ARCHIVE):
        pass
    assert archived("2019/MINI2/001").exists()


def test_an_unfinished_last_line_is_no_event_of_an_interrupted_issue(issued):
    rows, file = read_ledger(Path(), "mini", Problems()).rows, "2019/MINI3/19_mini3_001.docx"
    begin_issue(ARCHIVE, [file], rows[-1])
    archive_paper("mini", file, b"a paper", b"its sources")
    with Path(LEDGER).open("a", encoding="utf-8") as ledger:
        ledger.write("3,2019-03-14,issued,2019/MI")
    with ledger_lock(ARCHIVE):
        assert not (ARCHIVE / file).exists()
