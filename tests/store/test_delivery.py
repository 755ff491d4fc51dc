"""Delivered papers are whole or absent, and a file that the user edited is never overwritten."""

from __future__ import annotations

import os

import pytest
from papers.store.delivery import Delivery, forget_lost_papers, remove_stale_papers
from papers.store.files import to_json


@pytest.fixture
def work(tmp_path):
    return tmp_path / "work"


def deliver(work, *papers: tuple[str, bytes], aside=None) -> Delivery:
    """Deliver papers of one meeting, given as file and content."""
    delivery = Delivery(work.parent / "papers", work / "record/MINI1.json", aside)
    contexts = [{"number": file, "title": "T", "kind": "agenda", "file": file} for file, _ in papers]
    delivered = delivery.deliver(list(zip(contexts, (data for _, data in papers), strict=True)))
    manifest = work / "filled/MINI1.json"
    manifest.parent.mkdir(parents=True, exist_ok=True)
    manifest.write_bytes(to_json({"papers": [paper._asdict() for paper in delivered]}))
    return delivery


def papers(work) -> dict[str, bytes]:
    folder = work.parent / "papers"
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_an_edited_paper_is_kept_under_another_name_and_each_edit_has_its_own(work):
    deliver(work, ("a.docx", b"1"))
    for text in (b"edit 1", b"edit 2"):
        (work.parent / "papers/a.docx").write_bytes(text)
        delivery = deliver(work, ("a.docx", b"1"))
    assert delivery.kept == [
        "a.docx had been edited: the edited file is kept as a (edited copy 2).docx in the same folder"
    ]
    assert papers(work) == {
        "a (edited copy 1).docx": b"edit 1",
        "a (edited copy 2).docx": b"edit 2",
        "a.docx": b"1",
    }


def test_an_edited_paper_goes_aside_where_the_folder_may_have_delivered_files_only(work):
    aside = work.parent / "aside"
    deliver(work, ("a.docx", b"1"), aside=aside)
    (work.parent / "papers/a.docx").write_bytes(b"edit")
    deliver(work, ("a.docx", b"2"), aside=aside)
    assert papers(work) == {"a.docx": b"2"}
    assert (aside / "a (edited copy 1).docx").read_bytes() == b"edit"


def test_a_paper_that_the_meeting_no_longer_has_is_removed_unless_it_was_edited(work):
    deliver(work, ("a.docx", b"1"), ("b.docx", b"1"), ("c.docx", b"1"))
    (work.parent / "papers/b.docx").write_bytes(b"edit")
    deliver(work, ("c.docx", b"1"))
    assert papers(work) == {"b (edited copy 1).docx": b"edit", "c.docx": b"1"}


def test_after_a_crash_while_papers_are_written_neither_version_looks_edited(work, monkeypatch):
    deliver(work, ("a.docx", b"1"))

    def crash(self, paper, data):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Delivery, "_write_paper", crash)
        deliver(work, ("a.docx", b"2"))
    for text in (b"1", b"2"):
        (work.parent / "papers/a.docx").write_bytes(text)
        assert deliver(work, ("a.docx", b"3")).kept == []
        deliver(work, ("a.docx", b"1"))
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(Delivery, "_write_paper", crash)
            deliver(work, ("a.docx", b"2"))


def test_the_papers_of_a_meeting_that_is_no_longer_built_are_removed(work):
    deliver(work, ("a.docx", b"1"))
    assert remove_stale_papers(work, work.parent / "papers", {"MINI1"}) == []
    assert papers(work) == {"a.docx": b"1"}
    remove_stale_papers(work, work.parent / "papers", {"MINI2"})
    assert papers(work) == {} and not list(work.rglob("*.json"))


@pytest.mark.parametrize(
    ("change", "forgotten"), [("none", False), ("touch", False), ("edit", True), ("delete", True)]
)
def test_a_meeting_with_a_lost_or_edited_paper_is_filled_again(work, change, forgotten):
    deliver(work, ("a.docx", b"1"))
    paper, manifest = work.parent / "papers/a.docx", work / "filled/MINI1.json"
    later = manifest.stat().st_mtime_ns + 10**9
    if change == "delete":
        paper.unlink()
    elif change != "none":
        paper.write_bytes(b"edit" if change == "edit" else b"1")
        os.utime(paper, ns=(later, later))
    forget_lost_papers(work, work.parent / "papers")
    assert manifest.exists() != forgotten
