"""Which files changed since the last build."""

from __future__ import annotations

import os

import pytest
from papers.ledger.archive import list_inputs
from papers.store.changed_files import SourceDigests, digests, list_files


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("inputs/README.md", "inputs/a.yaml", "inputs/.hidden", "inputs/sub/~$b.xlsx"):
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(name)
    return tmp_path / "inputs"


def test_hidden_files_are_not_listed_but_lock_files_of_office_are(folder):
    assert list_files("inputs", but="inputs/README.md") == ["inputs/a.yaml", "inputs/sub/~$b.xlsx"]


def test_of_an_archive_only_the_ledger_is_listed(folder):
    for name in ("issued/ledger.csv", "issued/ledger.end", "issued/2018/MINI1/003.docx", "issued/note.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    listed = [name for name in list_inputs("inputs") if name.startswith("inputs/issued")]
    assert listed == ["inputs/issued/ledger.csv", "inputs/issued/ledger.end"]
    assert "inputs/issued/2018/MINI1/003.docx" in list_files("inputs")


def test_a_file_with_the_time_and_size_of_before_is_not_read_again(folder):
    file = "inputs/a.yaml"
    known = digests([file], {})
    status = os.stat(file)
    (folder / "a.yaml").write_text("inputs/b.yaml")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert digests([file], known) == known
    assert digests([file], {}) != known


def test_added_edited_and_deleted_files_are_changed(folder, tmp_path):
    store = tmp_path / "sources.json"
    SourceDigests(store, list_files("inputs")).remember()
    assert SourceDigests(store, list_files("inputs")).changed() == set()
    (folder / "a.yaml").write_text("edited")
    (folder / "new.yaml").write_text("new")
    (folder / "README.md").unlink()
    sources = SourceDigests(store, list_files("inputs"))
    assert sources.changed() == {"inputs/a.yaml", "inputs/new.yaml", "inputs/README.md"}
    sources.remember()
    assert SourceDigests(store, list_files("inputs")).changed() == set()
