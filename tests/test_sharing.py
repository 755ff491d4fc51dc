"""On Windows, a file that another program has open is waited for: some seconds, and nowhere else."""

from __future__ import annotations

import pytest
from papers import sharing
from papers.inputs.xlsx_open import _read_bytes as read_workbook
from papers.problems import Problems
from papers.safety import read_text
from papers.store.files import read_bytes, remove_file
from papers.store.stages import write_stage


@pytest.fixture
def open_elsewhere(monkeypatch):
    """Return a function: the next `times` actions on a file are refused, as on Windows of a file that is open."""
    refusals, pauses = [], []
    own = {"open": open, "unlink": sharing.os.unlink}

    def refusing(name):
        def action(path, *arguments, **options):
            if refusals and str(path).endswith(".docx"):
                raise refusals.pop()
            return own[name](path, *arguments, **options)

        return action

    def refuse(times: int) -> list[float]:
        refusals[:] = [PermissionError(13, "It is used by another process", "paper.docx")] * times
        return pauses

    monkeypatch.setattr(sharing, "_WINDOWS", True)
    monkeypatch.setattr(sharing.time, "sleep", pauses.append)
    monkeypatch.setattr("builtins.open", refusing("open"))
    monkeypatch.setattr(sharing.os, "unlink", refusing("unlink"))
    return refuse


@pytest.fixture
def paper(tmp_path):
    (tmp_path / "paper.docx").write_bytes(b"PK")
    return tmp_path / "paper.docx"


@pytest.mark.parametrize(
    "read",
    [read_bytes, lambda path: read_text(path).encode(), lambda path: read_workbook(path, "x", Problems())],
    ids=["a file of a build", "a text of the inputs", "a workbook of the inputs"],
)
def test_a_file_that_is_open_for_a_moment_is_read(open_elsewhere, paper, read):
    pauses = open_elsewhere(3)
    assert read(paper) == b"PK"
    assert len(pauses) == 3


def test_a_file_that_is_open_for_a_moment_is_removed(open_elsewhere, paper):
    pauses = open_elsewhere(3)
    remove_file(paper)
    assert len(pauses) == 3 and not paper.exists()


def test_a_stage_replaces_and_removes_files_that_are_open_for_a_moment(open_elsewhere, paper):
    pauses = open_elsewhere(3)
    write_stage(paper.parent, {"other.docx": b"PK"})
    assert len(pauses) == 3 and not paper.exists()


def test_a_file_that_stays_open_is_refused_after_some_seconds(open_elsewhere, paper):
    pauses = open_elsewhere(1000)
    with pytest.raises(PermissionError):
        read_bytes(paper)
    assert 2 <= sum(pauses) <= 10


def test_a_folder_is_not_waited_for(open_elsewhere, tmp_path):
    folder = tmp_path / "folder.docx"
    folder.mkdir()
    pauses = open_elsewhere(1000)
    with pytest.raises(IsADirectoryError):
        read_bytes(folder)
    assert pauses == []
