"""The archive of issued papers: every file is checked, but read again only when its folder changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ledger_tools import event, write
from papers.ledger import archive
from papers.ledger.archive import archive_paper, check_archive, sources_list
from papers.ledger.file import read_ledger
from papers.ledger.rules import Ledger, ledger_of
from papers.problems import Problems
from papers.store.cache import Cache
from papers.store.files import digest

CACHE = Path("cache")
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
    return ledger_of(read_ledger(Path(), "mini", Problems()), Problems())


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


def test_a_file_that_no_event_names_is_noted_each_time(issued):
    (archived("2019/MINI1/003").parent / "stray.docx").write_bytes(b"")
    for _ in range(2):
        (note,) = check_archive("mini", issued, Cache(CACHE), Problems())
        assert note.startswith("inputs/mini/issued/2019/MINI1/stray.docx is in no event of the ledger")
