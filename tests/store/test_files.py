"""Files are written whole or not at all, and a refusal of the system is one sentence."""

from __future__ import annotations

import pytest
from papers.errors import UserError
from papers.store.files import content, digest, file_ref, format_sums, grouped, write_atomic


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
