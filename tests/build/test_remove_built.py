"""What is removed before everything is built again, and what stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from papers.build import make
from papers.store.stages import write_stage

WORK = Path("outputs/work/mini")


@pytest.fixture
def work(tmp_path, monkeypatch) -> Path:
    """Folders below outputs/work as a build with PDFs leaves them."""
    monkeypatch.chdir(tmp_path)
    for stage in ("filled/MINI1", "pdf/MINI1", "pdf/MINI2", "changes/MINI2", "register", "public"):
        write_stage(WORK / stage, {"2019/a.docx": b"as built"})
    for file in ("cache/checks/0f", "delivery/papers.json", "contexts/index.json", "model.json", "../.lock"):
        (WORK / file).parent.mkdir(parents=True, exist_ok=True)
        (WORK / file).write_bytes(b"{}")
    return WORK


def left(work: Path) -> set[str]:
    return {path.relative_to(work).as_posix() for path in work.rglob("*") if path.is_file()}


def test_records_the_cache_intact_pdfs_and_what_was_published_stay(work):
    assert make._remove_built() == []
    stages = ("pdf/MINI1", "pdf/MINI2", "changes/MINI2", "public")
    staged = {f"{stage}/{name}" for stage in stages for name in ("manifest.json", "2019/a.docx")}
    assert (
        left(work) == {"cache/checks/0f", "delivery/papers.json", *staged}
        and (work.parent / ".lock").exists()
    )


@pytest.mark.parametrize("file", ["manifest.json", "2019/a.docx"])
def test_damaged_pdfs_and_redlines_are_removed_and_reported(work, file):
    for stage in ("pdf/MINI2", "changes/MINI2"):
        (work / stage / file).write_bytes(b"")
    assert make._remove_built() == [
        "outputs/work/mini/changes/MINI2 was damaged and removed; run make changes too",
        "outputs/work/mini/pdf/MINI2 was damaged and removed; run make pdf too",
    ]
    assert {name.rpartition("/MINI")[0] for name in left(work) if "MINI" in name} == {"pdf"}
    assert not any("MINI2" in name for name in left(work))


def test_a_damaged_record_of_what_was_published_is_removed(work):
    (work / "public/manifest.json").write_bytes(b"[]")
    make._remove_built()
    assert not any(name.startswith("public/") for name in left(work))
