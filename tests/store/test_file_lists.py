"""Which files there are below a folder."""

from __future__ import annotations

import os

import pytest
from papers.ledger.archive import list_inputs
from papers.store.file_lists import dated_in_future, list_files


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


def test_files_of_the_future_are_found(folder):
    os.utime("inputs/a.yaml", (4e9, 4e9))
    assert dated_in_future(["inputs/a.yaml", "inputs/README.md", "inputs/missing.yaml"]) == ["inputs/a.yaml"]
