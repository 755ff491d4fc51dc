"""A stage's folder has exactly the files of its manifest, which is written last."""

from __future__ import annotations

import pytest
from papers.store.files import DamagedFile
from papers.store.stages import read_manifest, staged_files, write_stage


def test_a_stage_has_its_files_and_facts_and_nothing_that_was_there_before(tmp_path):
    write_stage(tmp_path, {"2018/a.docx": b"1", "b.docx": b"2"}, meeting="MINI1")
    write_stage(tmp_path, {"2018/a.docx": b"3"}, meeting="MINI2")
    assert {name: file.read() for name, file in staged_files(tmp_path).items()} == {"2018/a.docx": b"3"}
    assert read_manifest(tmp_path)["meeting"] == "MINI2"
    assert not (tmp_path / "b.docx").exists()


def test_a_stage_that_was_killed_while_it_wrote_has_no_manifest(tmp_path, monkeypatch):
    write_stage(tmp_path, {"a.docx": b"1"})

    def crash(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("papers.store.stages.write_atomic", crash)
    with pytest.raises(KeyboardInterrupt):
        write_stage(tmp_path, {"a.docx": b"2"})
    with pytest.raises(DamagedFile):
        read_manifest(tmp_path)


@pytest.mark.parametrize("content", ["", '{"files": ', "[]", "{}", '{"files": []}'])
def test_a_damaged_manifest_is_named(tmp_path, content):
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(
        DamagedFile, match=r"manifest\.json: found a damaged file; expected it as a build wrote it"
    ):
        read_manifest(tmp_path)
