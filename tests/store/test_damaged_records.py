"""A damaged record of what was delivered: only an edited file looks edited, and no edit is lost."""

from __future__ import annotations

import pytest
from papers.deliver import deliver_views
from papers.store.delivery import (
    PAPER_FILES,
    PUBLIC_FILES,
    REGISTER_FILES,
    SEAL_FILES,
    Delivery,
    files_of,
    find_changed,
    repair_records,
)
from papers.store.files import DamagedFile, digest, format_sums, read_json
from papers.store.stages import write_stage

DAMAGE = [b"", b'{"a.docx": ["1234', b"[]", b'{"a.docx": 1}', b'{"a.docx": [1]}', b"\x00\xff"]
PUBLIC = {"papers/a.docx": b"1", "papers/b.docx": b"2"}
PUBLIC_LIST = "forums/mini/SHA256SUMS"


@pytest.fixture
def work(tmp_path):
    return tmp_path / "outputs/work/mini"


def outputs(work) -> dict[str, bytes]:
    """Return path below outputs -> content of all files that are not below outputs/work."""
    files = (
        path
        for path in sorted(work.parents[1].rglob("*"))
        if path.is_file() and work.parent not in path.parents
    )
    return {path.relative_to(work.parents[1]).as_posix(): path.read_bytes() for path in files}


def deliver(work, group, stage: str, files: dict[str, bytes]) -> Delivery:
    write_stage(work / stage, files)
    delivery = Delivery(group, work, work.parents[1])
    delivery.deliver(files_of(group.folders(work)))
    return delivery


def deliver_papers(work, **papers: bytes) -> Delivery:
    return deliver(work, PAPER_FILES, "filled/MINI1", {f"{name}.docx": data for name, data in papers.items()})


def seal(work, **papers: bytes) -> None:
    """Write the list of digests of delivered papers, without a record of it."""
    sums = format_sums({f"papers/{name}.docx": digest(data) for name, data in papers.items()})
    folder = work.parents[1] / "forums/mini"
    folder.mkdir(parents=True)
    (folder / "SHA256SUMS").write_text(sums, encoding="utf-8")


def publish(work, files: dict[str, bytes]) -> Delivery:
    sums = format_sums({name: digest(data) for name, data in files.items()}).encode()
    return deliver(work, PUBLIC_FILES, "public", {**files, PUBLIC_LIST: sums})


def damage(work, group, data: bytes) -> None:
    (work / "delivery" / f"{group.name}.json").write_bytes(data)


@pytest.mark.parametrize("data", DAMAGE)
def test_nothing_looks_changed_and_an_edit_is_found(work, data):
    deliver_papers(work, a=b"1", b=b"2")
    damage(work, PAPER_FILES, data)
    assert find_changed([work], work.parents[1]) == {}
    (work.parents[1] / "papers/a.docx").write_bytes(b"edit")
    (work.parents[1] / "papers/b.docx").unlink()
    found = find_changed([work], work.parents[1])
    folder = (work.parents[1] / "papers").as_posix()
    assert found == {f"{folder}/a.docx": "edited", f"{folder}/b.docx": "lost"}


@pytest.mark.parametrize("data", DAMAGE)
def test_a_new_version_of_a_paper_makes_no_copy_of_the_old_one_if_the_record_was_repaired(work, data):
    deliver_papers(work, a=b"1", b=b"2")
    damage(work, PAPER_FILES, data)
    repair_records([work], work.parents[1])
    delivery = deliver_papers(work, a=b"new")
    assert outputs(work) == {"papers/a.docx": b"new"} and delivery.notices == []


@pytest.mark.parametrize("data", DAMAGE)
def test_the_lists_of_digests_are_enough_if_the_stages_are_lost(work, data):
    deliver_papers(work, a=b"1", b=b"2")
    seal(work, a=b"1", b=b"2")
    (work / "filled/MINI1/manifest.json").unlink()
    damage(work, PAPER_FILES, data)
    (work.parents[1] / "papers/b.docx").write_bytes(b"edit")
    delivery = deliver_papers(work, a=b"new", b=b"newer")
    assert {name: data for name, data in outputs(work).items() if name.startswith("papers/")} == {
        "papers/a.docx": b"new",
        "papers/b (edited copy 1).docx": b"edit",
        "papers/b.docx": b"newer",
    }
    assert len(delivery.notices) == 1


@pytest.mark.parametrize("data", DAMAGE)
def test_public_files_are_known_from_their_own_list(work, data):
    published = publish(work, PUBLIC).known
    (work / "public/manifest.json").write_bytes(b"")
    damage(work, PUBLIC_FILES, data)
    known = Delivery(PUBLIC_FILES, work, work.parents[1]).known
    assert known == published and known.keys() == {*PUBLIC, PUBLIC_LIST}


def test_a_repaired_record_is_read_again_as_it_was(work):
    before = deliver_papers(work, a=b"1", b=b"2").known
    damage(work, PAPER_FILES, b"")
    repair_records([work], work.parents[1])
    assert read_json(work / "delivery/papers.json") == before


def test_records_that_are_not_damaged_are_not_written_again(work):
    deliver_papers(work, a=b"1")
    record = work / "delivery/papers.json"
    time = record.stat().st_mtime_ns
    repair_records([work], work.parents[1])
    assert record.stat().st_mtime_ns == time
    assert [path.name for path in record.parent.iterdir()] == ["papers.json"]


def test_before_the_first_delivery_no_file_of_a_stage_looks_lost(work):
    write_stage(work / "filled/MINI1", {"a.docx": b"1"})
    assert find_changed([work], work.parents[1]) == {}


@pytest.mark.parametrize("group", [REGISTER_FILES, SEAL_FILES, PUBLIC_FILES])
def test_a_stage_without_files_is_damaged_and_removes_nothing(work, group):
    write_stage(work / "register", {"forums/mini/index.html": b"page"})
    write_stage(work / "seal", {"forums/mini/SHA256SUMS": b"seal"})
    write_stage(work / "public", PUBLIC)
    deliver_views(work, work.parents[1])
    before = outputs(work)
    assert len(before) == 5  # with the list of views
    write_stage(work / group.stages, {})
    with pytest.raises(DamagedFile):
        deliver_views(work, work.parents[1])
    (work / group.stages / "manifest.json").unlink()
    with pytest.raises(DamagedFile):
        deliver_views(work, work.parents[1])
    assert outputs(work) == before


def test_a_damaged_public_file_is_met_before_public_files_are_removed(work):
    publish(work, PUBLIC)
    before = outputs(work)
    write_stage(work / "public", {"papers/a.docx": b"new"})
    (work / "public/papers/a.docx").write_bytes(b"")
    delivery = Delivery(PUBLIC_FILES, work, work.parents[1])
    with pytest.raises(DamagedFile):
        delivery.deliver(files_of(PUBLIC_FILES.folders(work)))
    assert outputs(work) == before
