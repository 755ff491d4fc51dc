"""Files are written whole or not at all, and a refusal of the system is one sentence."""

from __future__ import annotations

import os
import stat

import pytest
from papers import sharing
from papers.errors import UserError
from papers.store.files import (
    BuiltFile,
    DamagedFile,
    content,
    digest,
    file_ref,
    format_sums,
    grouped,
    is_unchanged,
    read_json,
    replace_file,
    write_atomic,
)


def test_a_file_that_changed_after_it_was_checked_is_not_delivered(tmp_path):
    paper = tmp_path / "paper.docx"
    paper.write_bytes(b"as built")
    checked = file_ref(paper)
    assert content(checked) == b"as built"
    paper.write_bytes(b"edited meanwhile")
    with pytest.raises(UserError, match="found a file that changed while the build ran"):
        content(checked)


def test_a_file_is_written_into_folders_that_are_missing(tmp_path):
    write_atomic(tmp_path / "a/b/c.txt", b"text")
    assert (tmp_path / "a/b/c.txt").read_bytes() == b"text"


def test_a_file_that_cannot_be_written_is_reported_by_its_path_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "place").mkdir()
    with pytest.raises(UserError, match=r"^place: found that this computer could not read or write it"):
        write_atomic("place", b"text")
    assert [path.name for path in tmp_path.rglob("*")] == ["place"]


def test_a_list_of_digests_is_one_that_sha256sum_reads(tmp_path):
    sums = format_sums({"b/a.docx": digest(b"2"), "a.docx": digest(b"1")})
    assert sums == f"{digest(b'1')}  a.docx\n{digest(b'2')}  b/a.docx\n"


def test_a_digest_is_shown_in_groups_of_eight():
    assert grouped("01234567" * 8) == " ".join(["01234567"] * 8)


# Files below outputs/work that are damaged


@pytest.mark.parametrize("text", ["", '{"a": ', "[]", "null", '"text"', "\ufffd", "PK\x03\x04"])
def test_json_that_is_cut_short_or_of_another_kind_is_a_damaged_file(text, tmp_path):
    (tmp_path / "a.json").write_text(text, encoding="utf-16")
    with pytest.raises(DamagedFile, match=r"a\.json: found a damaged file; expected it as a build wrote it"):
        read_json(tmp_path / "a.json")
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    with pytest.raises(DamagedFile):
        read_json(tmp_path / "a.json")


def test_a_json_file_that_is_missing_is_a_damaged_file(tmp_path):
    with pytest.raises(DamagedFile):
        read_json(tmp_path / "a.json")


def test_a_built_file_that_is_missing_or_has_other_bytes_is_a_damaged_file(tmp_path):
    paper = BuiltFile(tmp_path / "paper.docx", digest(b"as built"))
    with pytest.raises(DamagedFile):
        paper.read()
    paper.path.write_bytes(b"as built")
    assert paper.read() == b"as built"
    paper.path.write_bytes(b"as bui")
    with pytest.raises(DamagedFile):
        paper.read()


def test_an_empty_file_is_read_however_old_it_is(tmp_path):
    file = tmp_path / "paper.docx"
    file.write_bytes(b"text")
    later = file.stat().st_mtime_ns + 1
    assert is_unchanged(file, "not its digest", later)
    file.write_bytes(b"")
    assert not is_unchanged(file, digest(b"text"), file.stat().st_mtime_ns + 1)


# What is on the disk, and what is open in another program


@pytest.mark.skipif(os.name == "nt", reason="Windows can't open a folder")
@pytest.mark.parametrize("durable", [False, True])
def test_a_durable_file_is_synced_before_it_gets_its_name_and_its_folder_after(
    durable, tmp_path, monkeypatch
):
    done, sync, replace = [], os.fsync, os.replace

    def fsync(handle):
        done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        sync(handle)

    def renamed(*paths):
        done.append("name")
        replace(*paths)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", renamed)
    write_atomic(tmp_path / "record.json", b"{}", durable=durable)
    assert done == (["file", "name", "folder"] if durable else ["name"])


@pytest.fixture
def open_elsewhere(monkeypatch):
    """Return a function: the next `times` renames are refused, as on Windows of a file that is open."""
    replace, refusals, pauses = os.replace, [], []

    def refused(source, target):
        if refusals:
            raise refusals.pop()
        replace(source, target)

    def refuse(times: int) -> list[float]:
        refusals[:] = [PermissionError(13, "Permission denied", "paper.docx")] * times
        return pauses

    monkeypatch.setattr(sharing, "_WINDOWS", True)
    monkeypatch.setattr(sharing.time, "sleep", pauses.append)
    monkeypatch.setattr(os, "replace", refused)
    return refuse


@pytest.fixture
def renamed(tmp_path):
    (tmp_path / "new").write_bytes(b"new")
    (tmp_path / "paper.docx").write_bytes(b"old")
    return tmp_path / "new", tmp_path / "paper.docx"


def test_on_windows_a_file_that_is_open_for_a_moment_is_replaced(open_elsewhere, renamed):
    pauses = open_elsewhere(3)
    replace_file(*renamed)
    assert renamed[1].read_bytes() == b"new"
    assert len(pauses) == 3


def test_on_windows_a_file_that_stays_open_is_reported_after_some_seconds_and_keeps_its_bytes(
    open_elsewhere, renamed
):
    pauses = open_elsewhere(1000)
    with pytest.raises(
        UserError, match=r"paper\.docx: found that this computer could not .* Close it in Word"
    ):
        write_atomic(renamed[1], b"new")
    assert 2 <= sum(pauses) <= 10
    assert renamed[1].read_bytes() == b"old"
    assert sorted(path.name for path in renamed[1].parent.iterdir()) == ["new", "paper.docx"]


def test_elsewhere_a_refused_rename_is_reported_at_once(open_elsewhere, renamed, monkeypatch):
    pauses = open_elsewhere(1)
    monkeypatch.setattr(sharing, "_WINDOWS", False)
    with pytest.raises(PermissionError):
        replace_file(*renamed)
    assert pauses == []


def test_a_folder_in_place_of_a_file_is_named_as_one_also_where_windows_only_refuses_it(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(sharing, "_WINDOWS", True)

    def refused(path, mode):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("builtins.open", refused)
    with pytest.raises(DamagedFile):
        read_json(tmp_path)
