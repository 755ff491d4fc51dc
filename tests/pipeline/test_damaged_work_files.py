"""A damaged file below outputs/work costs a rebuild: no traceback, and nothing in outputs/ is lost.

tests/stress/damaged_files.py damages each file, and those of each stage, in every way.
"""

from __future__ import annotations

import shutil
import sys

import pytest
from damage_tools import (
    AS_SHIPPED,
    PLAN,
    RECORDS_OF_PUBLIC,
    WORK,
    DamagedForum,
    damage,
    delivered,
    in_turn,
    work_files,
)

pytestmark = pytest.mark.slow  # many whole builds

READ_BY_SNAKEMAKE = ("contexts/index.json", "contexts/papers.json")
RECORDS = ("papers", "public", "register", "seal")


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> DamagedForum:
    return DamagedForum.make(tmp_path_factory.mktemp("built") / "forum")


@pytest.fixture
def forum(built, tmp_path) -> DamagedForum:
    return built.copy(tmp_path / "forum")


@pytest.mark.parametrize("first", range(2))
def test_all_files_damaged_at_once_cost_a_rebuild_and_nothing_else(forum, first):
    assert not (wrong := forum.wrong_after(in_turn(work_files(forum.project), first), edited=False)), wrong


@pytest.mark.parametrize(
    ("file", "way"),
    [
        ("contexts/papers.json", "replaced by an object"),
        pytest.param("contexts/index.json", "emptied", marks=pytest.mark.slow),
        pytest.param("filled/MINI2/manifest.json", "replaced by an object", marks=pytest.mark.slow),
        pytest.param("public/manifest.json", "emptied", marks=pytest.mark.slow),
    ],
)
def test_a_damaged_index_or_manifest_costs_a_rebuild_and_nothing_else(forum, file, way):
    assert not (wrong := forum.wrong_after({file: way}, edited=True)), wrong


def test_a_summary_that_meets_a_damaged_file_builds_again_and_reports_the_checks(forum):
    damage(forum.project, {"checked.json": "replaced by an object"})
    run = forum.project.build()
    assert run.code == 0 and "Checks: no finding in 3 papers." in run.out, run.out + run.err


@pytest.mark.parametrize("file", READ_BY_SNAKEMAKE)
def test_plain_snakemake_names_the_damaged_file_and_what_to_do(forum, file):
    damage(forum.project, {file: "cut in half"})
    run = forum.project.run(sys.executable, "-m", "snakemake")
    assert run.code == 1
    assert (
        f"{WORK}/{file}: found a damaged file; expected it as a build wrote it. Run make" in run.out + run.err
    )
    assert delivered(forum.project) == forum.expected[AS_SHIPPED]


def test_a_job_of_plain_snakemake_reports_a_damaged_file_in_one_sentence(forum):
    damage(forum.project, {"model.json": "emptied"})
    run = forum.project.run(sys.executable, "-m", "snakemake")
    assert run.code == 1 and "Traceback" not in run.out + run.err
    assert f"{WORK}/model.json: found a damaged file; expected it as a build wrote it. Run make" in run.err
    assert delivered(forum.project) == forum.expected[AS_SHIPPED]


# What a damaged file must never do


@pytest.mark.parametrize("stage", ["public", "register", "seal"])
def test_a_stage_that_is_lost_removes_nothing(forum, stage):
    shutil.rmtree(forum.project.root / WORK / stage)
    (forum.project.root / WORK / stage).mkdir()
    (forum.project.root / WORK / "delivered").unlink()
    assert forum.project.build().code == 0
    assert delivered(forum.project) == forum.expected[AS_SHIPPED]


SCHEDULE_OF_MINI2 = ("inputs/mini/meetings/MINI2.yaml", "schedule: 2019", "schedule: 2018")
NO_CONFIG = ("config.yaml", "forum: mini", "forum: mini\ncolour: blue")


@pytest.mark.parametrize(
    ("file", "typo"),
    [
        ("public/manifest.json", SCHEDULE_OF_MINI2),
        ("delivery/public.json", NO_CONFIG),
        ("contexts/papers.json", NO_CONFIG),
    ],
)
def test_a_damaged_file_and_a_typo_leave_the_public_folder_as_it_is(forum, file, typo):
    damage(forum.project, {file: "emptied"})
    forum.project.replace(*typo)
    run = forum.project.build()
    assert run.code == 1 and run.problems and "Traceback" not in run.out + run.err
    assert delivered(forum.project) == forum.expected[AS_SHIPPED]


@pytest.mark.parametrize(
    "file",
    [RECORDS_OF_PUBLIC[0], *(pytest.param(file, marks=pytest.mark.slow) for file in RECORDS_OF_PUBLIC[1:])],
)
def test_a_paper_that_became_restricted_leaves_the_public_folder_also_if_a_record_is_damaged(forum, file):
    assert not (wrong := forum.wrong_after_restriction({file: "cut in half"})), wrong


# make clean


def clean(forum: DamagedForum) -> dict[str, str]:
    """Run `make clean`; return what is left in outputs/ with its digest."""
    run = forum.project.run(sys.executable, "scripts/forum_papers.py", "clean")
    assert run.code == 0 and "Traceback" not in run.out + run.err, run.out + run.err
    return delivered(forum.project)


@pytest.mark.parametrize("record", RECORDS)
@pytest.mark.parametrize("first", range(4))
def test_make_clean_with_a_damaged_record_removes_what_was_built_and_no_edited_file(forum, record, first):
    edited = ["forums/mini/papers.json", PLAN, "forums/mini/SEAL.txt", f"public/{PLAN}"]
    for name in edited:
        path = forum.project.root / "outputs" / name
        path.write_bytes(path.read_bytes() + b"edited")
    before = delivered(forum.project)
    damage(forum.project, in_turn([f"delivery/{record}.json"], first))
    left = clean(forum)
    assert {name.replace(" (edited copy 1)", "").rpartition("/")[2] for name in left} == {
        name.rpartition("/")[2] for name in edited
    }
    assert sorted(left.values()) == sorted(before[name] for name in edited)


def test_make_clean_without_any_file_of_work_removes_what_was_built_and_no_edited_file(forum):
    paper = forum.project.root / "outputs" / PLAN
    paper.write_bytes(b"edited")
    shutil.rmtree(forum.project.root / WORK)
    left = clean(forum)
    assert [name for name in left if not name.endswith(".lock")] == [
        PLAN.replace(".docx", " (edited copy 1).docx")
    ]
