"""Two forums in one outputs/: each delivers and removes its own files alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from papers.deliver import deliver_views
from papers.register.overview import deliver_overviews
from papers.store.delivery import (
    GROUPS,
    PAPER_FILES,
    PUBLIC_FILES,
    Delivery,
    files_of,
    find_changed,
)
from papers.store.files import digest, format_sums, to_json
from papers.store.stages import write_stage

FORUMS = ("cd", "mini")


@pytest.fixture
def outputs(tmp_path) -> Path:
    """Two forums, each with a paper that is public, delivered from a folder of work of its own."""
    outputs = tmp_path / "outputs"
    for forum in FORUMS:
        work = outputs / "work" / forum
        write_stage(work / "filled/M1", {f"2019/{forum}.docx": forum.encode()})
        write_stage(work / "register", register(forum))
        write_stage(work / "seal", {f"forums/{forum}/SEAL.txt": forum.encode()})
        write_stage(work / "public", public(forum))
        deliver(outputs, forum, PAPER_FILES)
        deliver_views(work, outputs)
    return outputs


def register(forum: str) -> dict[str, bytes]:
    facts = {"code": forum, "name": forum, "organisation": "APEC"}
    data = to_json({"forum": facts, "meetings": [], "papers": [{"latest_link": forum}]})
    return {f"forums/{forum}/papers.json": data, f"forums/{forum}/index.html": b"page"}


def public(forum: str) -> dict[str, bytes]:
    files = {f"papers/2019/{forum}.docx": forum.encode(), **register(forum)}
    sums = format_sums({name: digest(data) for name, data in files.items()})
    return {**files, f"forums/{forum}/SHA256SUMS": sums.encode()}


def deliver(outputs: Path, forum: str, group) -> list[str]:
    work = outputs / "work" / forum
    delivery = Delivery(group, work, outputs)
    delivery.deliver(files_of(group.folders(work)))
    return delivery.notices


def delivered(outputs: Path) -> dict[str, bytes]:
    found = {path.relative_to(outputs).as_posix(): path for path in outputs.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith("work/")}


def works(outputs: Path, *forums: str) -> list[Path]:
    return [outputs / "work" / forum for forum in forums]


def lose_record(outputs: Path, forum: str) -> None:
    (outputs / "work" / forum / "delivery/public.json").unlink()


def test_nothing_is_changed_or_added_whichever_forums_are_built(outputs):
    for forums in (FORUMS, FORUMS[:1], ()):
        assert find_changed(works(outputs, *forums), outputs) == {}


@pytest.mark.parametrize("lost", [False, True], ids=["with its record", "with its list alone"])
def test_a_forum_that_is_built_alone_leaves_the_public_files_of_the_other_one(outputs, lost):
    before = delivered(outputs)
    if lost:
        lose_record(outputs, "cd")
    assert deliver(outputs, "mini", PUBLIC_FILES) == []
    assert delivered(outputs) == before


def test_without_any_record_no_public_file_is_moved_and_nothing_looks_edited(outputs):
    before = delivered(outputs)
    for record in outputs.glob("work/**/delivery/*.json"):
        record.unlink()
    assert find_changed(works(outputs, "mini"), outputs) == {}
    assert deliver_views(outputs / "work/mini", outputs) == []
    assert delivered(outputs) == before


def test_a_public_file_that_no_forum_delivered_is_moved_away(outputs):
    (outputs / "public/papers/2019/draft.docx").write_bytes(b"draft")
    assert find_changed(works(outputs, "mini"), outputs) == {
        (outputs / "public/papers/2019/draft.docx").as_posix(): "added"
    }
    assert len(deliver(outputs, "mini", PUBLIC_FILES)) == 1
    kept = {name for name in delivered(outputs) if "draft" in name}
    assert kept == {"kept-out-of-public/papers/2019/draft.docx"}


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_a_forum_without_files_removes_its_own_alone(outputs, group):
    before = delivered(outputs)
    Delivery(group, outputs / "work/mini", outputs).deliver({})
    removed = before.keys() - delivered(outputs).keys()
    assert all("mini" in name for name in removed) and bool(removed) == bool(
        group.folders(outputs / "work/mini")
    )


def test_the_public_page_is_removed_with_the_last_forum_and_not_kept(outputs):
    for forum in FORUMS:
        Delivery(PUBLIC_FILES, outputs / "work" / forum, outputs).deliver({})
    assert deliver_overviews(outputs) == []
    assert not [name for name in delivered(outputs) if name.startswith(("public/", "kept-out"))]


def test_an_edited_public_file_of_another_forum_stays_as_it_is_until_that_forum_is_built(outputs):
    edited = outputs / "public/papers/2019/cd.docx"
    edited.write_bytes(b"edit")
    assert deliver(outputs, "mini", PUBLIC_FILES) == [] and edited.read_bytes() == b"edit"
    assert len(deliver(outputs, "cd", PUBLIC_FILES)) == 1 and edited.read_bytes() == b"cd"


def test_a_lost_record_is_replaced_by_the_list_of_that_forum_alone(outputs):
    lose_record(outputs, "mini")
    known = Delivery(PUBLIC_FILES, outputs / "work/mini", outputs).known
    assert known == {name: [digest(data)] for name, data in public("mini").items()}


def test_the_pages_of_all_forums_list_those_that_have_a_register(outputs):
    assert listed(outputs) == [{"cd", "mini"}, {"cd", "mini"}]
    for group in GROUPS:
        Delivery(group, outputs / "work/mini", outputs).deliver({})
    deliver_views(outputs / "work/cd", outputs)
    assert listed(outputs) == [{"cd"}, {"cd"}]


def listed(outputs: Path) -> list[set[str]]:
    """Return the forums on the page of all forums, and on the public one."""
    pages = [(outputs / name).read_text(encoding="utf-8") for name in ("index.html", "public/index.html")]
    return [{forum for forum in FORUMS if f"./forums/{forum}/index.html" in page} for page in pages]
