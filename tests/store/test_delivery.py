"""Delivered files are whole or absent, and a file that the user edited is never overwritten."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase

import pytest
from papers.store.delivery import (
    GROUPS,
    OVERVIEWS,
    PAPER_FILES,
    PUBLIC_FILES,
    Delivery,
    files_of,
    find_changed,
)
from papers.store.files import DamagedFile
from papers.store.stages import write_stage


@pytest.fixture
def work(tmp_path):
    return tmp_path / "outputs/work/mini"


def staged(work, group=PAPER_FILES, **files: bytes):
    """Write files as a stage does; the name a stands for a.docx."""
    folder = work / group.stages.replace("*", "MINI1")
    write_stage(folder, {f"{name}.docx": data for name, data in files.items()})
    return files_of([folder])


def deliver(work, group=PAPER_FILES, **files: bytes) -> Delivery:
    delivery = Delivery(group, work, work.parents[1])
    delivery.deliver(staged(work, group, **files))
    return delivery


def delivered(work, group=PAPER_FILES) -> dict[str, bytes]:
    folder = work.parents[1] / group.folder
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_an_edited_paper_is_kept_under_another_name_and_each_edit_has_its_own(work):
    deliver(work, a=b"1")
    paper = work.parents[1] / "papers/a.docx"
    for text in (b"edit 1", b"edit 2"):
        paper.write_bytes(text)
        delivery = deliver(work, a=b"1")
    assert delivery.notices == [
        f"{paper.as_posix()} had been edited: the edited file is kept as a (edited copy 2).docx in the same folder"
    ]
    assert delivered(work) == {
        "a (edited copy 1).docx": b"edit 1",
        "a (edited copy 2).docx": b"edit 2",
        "a.docx": b"1",
    }


def test_an_unchanged_paper_keeps_its_time_unless_its_stage_is_newer(work):
    deliver(work, a=b"1")
    paper = work.parents[1] / "papers/a.docx"
    os.utime(paper, ns=(2**61, 2**61))
    deliver(work, a=b"1")
    assert paper.stat().st_mtime_ns == 2**61
    os.utime(paper, ns=(1, 1))
    deliver(work, a=b"1")
    assert paper.stat().st_mtime_ns > 1  # Snakemake compares it with the stage's folder


def test_a_paper_that_is_no_longer_built_is_removed_unless_it_was_edited(work):
    deliver(work, a=b"1", b=b"1", c=b"1")
    (work.parents[1] / "papers/b.docx").write_bytes(b"edit")
    deliver(work, c=b"1")
    assert delivered(work) == {"b (edited copy 1).docx": b"edit", "c.docx": b"1"}


def test_files_that_may_stay_are_not_removed(work):
    deliver(work, a=b"1", b=b"1")
    delivery = Delivery(PAPER_FILES, work, work.parents[1])
    delivery.deliver(staged(work, a=b"2"), may_stay={"b.docx"})
    assert delivered(work) == {"a.docx": b"2", "b.docx": b"1"}
    delivery.deliver(staged(work, a=b"3"), may_stay=None)
    assert delivered(work) == {"a.docx": b"3", "b.docx": b"1"}
    delivery.deliver(staged(work, a=b"3"))
    assert delivered(work) == {"a.docx": b"3"}


@pytest.mark.parametrize("text", [b"1", b"2"])
def test_after_a_crash_while_papers_are_written_neither_version_looks_edited(work, monkeypatch, text):
    deliver(work, a=b"1")

    def crash(self, *_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Delivery, "_bring_in_line", crash)
        deliver(work, a=b"2")
    (work.parents[1] / "papers/a.docx").write_bytes(text)
    assert deliver(work, a=b"3").notices == []
    assert delivered(work) == {"a.docx": b"3"}


@pytest.mark.parametrize(
    ("change", "found"), [("none", {}), ("touch", {}), ("edit", {"a": "edited"}), ("delete", {"a": "lost"})]
)
def test_lost_and_edited_files_are_found_and_restored(work, change, found):
    deliver(work, a=b"1", b=b"1")
    paper, record = work.parents[1] / "papers/a.docx", work / "delivery/papers.json"
    later = record.stat().st_mtime_ns + 10**9
    if change == "delete":
        paper.unlink()
    elif change != "none":
        paper.write_bytes(b"edit" if change == "edit" else b"1")
        os.utime(paper, ns=(later, later))
    assert find_changed([work], work.parents[1]) == {paper.as_posix(): how for how in found.values()}
    Delivery(PAPER_FILES, work, work.parents[1]).restore(files_of([work / "filled/MINI1"]))
    assert delivered(work)["a.docx"] == b"1"
    assert find_changed([work], work.parents[1]) == {}


def test_a_file_that_is_not_as_its_stage_wrote_it_is_not_delivered(work):
    files = staged(work, a=b"1")
    (work / "filled/MINI1/a.docx").write_bytes(b"")
    with pytest.raises(DamagedFile, match=r"filled/MINI1/a\.docx: found a damaged file"):
        Delivery(PAPER_FILES, work, work.parents[1]).deliver(files)
    assert delivered(work) == {}


def test_without_a_record_an_edited_file_is_kept_and_nothing_is_removed(work):
    deliver(work, a=b"1", b=b"1")
    (work.parents[1] / "papers/a.docx").write_bytes(b"edit")
    (work / "delivery/papers.json").unlink()
    deliver(work, a=b"2")
    assert delivered(work) == {"a (edited copy 1).docx": b"edit", "a.docx": b"2", "b.docx": b"1"}


@pytest.mark.parametrize("record", [b"", b"[]", b'{"a.docx": 7}'])
def test_with_a_damaged_record_the_stages_say_what_was_delivered(work, record):
    deliver(work, a=b"1", b=b"1")
    (work.parents[1] / "papers/a.docx").write_bytes(b"edit")
    (work / "delivery/papers.json").write_bytes(record)
    deliver(work, a=b"2")
    assert delivered(work) == {"a (edited copy 1).docx": b"edit", "a.docx": b"2"}


def test_without_a_record_the_seal_says_what_was_delivered(work):
    deliver(work, a=b"1")
    (work / "delivery/papers.json").unlink()
    sha256 = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"  # of b"1"
    sums = work.parents[1] / "forums/mini/SHA256SUMS"
    sums.parent.mkdir(parents=True)
    sums.write_text(f"{sha256}  papers/a.docx\n")
    assert deliver(work, a=b"2").notices == []
    assert delivered(work) == {"a.docx": b"2"}


# The folder for the web


def test_an_edited_public_file_goes_aside_and_so_does_one_that_nobody_delivered(work):
    deliver(work, PUBLIC_FILES, a=b"1")
    public, aside = work.parents[1] / "public", work.parents[1] / "kept-out-of-public"
    (public / "a.docx").write_bytes(b"edit")
    (public / "draft.docx").write_bytes(b"draft")
    (public / ".a.docx.7.part").write_bytes(b"half")
    notices = deliver(work, PUBLIC_FILES, a=b"2").notices
    assert delivered(work, PUBLIC_FILES) == {"a.docx": b"2"}
    kept = {path.name: path.read_bytes() for path in aside.iterdir()}
    assert kept == {"a (edited copy 1).docx": b"edit", "draft.docx": b"draft"}
    assert len(notices) == 2


def test_no_public_file_stays_while_pages_still_name_a_paper_that_is_no_longer_public(work, monkeypatch):
    deliver(work, PUBLIC_FILES, index=b"names a and b", a=b"1", b=b"1")
    present = []
    write = Delivery._bring_in_line

    def look_first(self, *arguments):
        present.append(sorted(delivered(work, PUBLIC_FILES)))
        return write(self, *arguments)

    monkeypatch.setattr(Delivery, "_bring_in_line", look_first)
    deliver(work, PUBLIC_FILES, index=b"names a", a=b"1")
    assert present[0] == []
    assert delivered(work, PUBLIC_FILES) == {"index.docx": b"names a", "a.docx": b"1"}


def test_restoring_a_public_file_moves_no_other_one(work):
    deliver(work, PUBLIC_FILES, a=b"1", b=b"1")
    (work.parents[1] / "public/a.docx").unlink()
    Delivery(PUBLIC_FILES, work, work.parents[1]).restore(files_of([work / "public"]))
    assert delivered(work, PUBLIC_FILES) == {"a.docx": b"1", "b.docx": b"1"}


def test_no_file_belongs_to_two_groups():
    patterns = {pattern: group for group in (*GROUPS, *OVERVIEWS) for pattern in group.owns}
    for path in (pattern.replace("*", "mini") for pattern in patterns):
        assert len({group.name for pattern, group in patterns.items() if fnmatchcase(path, pattern)}) == 1
