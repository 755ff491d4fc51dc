"""The whole pipeline as its users meet it: make, make again, change a cell, make a mistake, edit a paper."""

from __future__ import annotations

import os
import re
import sys

import openpyxl
import pytest
from project_tools import ROOT, Project, copy_project

SCHEDULE = "inputs/mini/schedule/2019.xlsx"


@pytest.fixture
def project(tmp_path) -> Project:
    return copy_project(tmp_path / "forum")


@pytest.fixture
def built(project) -> Project:
    run = project.build()
    assert run.code == 0, run.err
    return project


def set_cell(project: Project, cell: str, value: object) -> None:
    path = project.root / SCHEDULE
    book = openpyxl.load_workbook(path)
    book["Schedule"][cell] = value
    book.save(path)


def filled_meetings(project: Project) -> set[str]:
    log = (project.root / "outputs/work/logs/snakemake.log").read_text(encoding="utf-8")
    return set(re.findall(r"wildcards: meeting=(\S+)", log))


def test_the_first_build_makes_every_paper_and_ends_with_a_table(project):
    run = project.build()
    assert run.code == 0, run.err
    assert {name.rsplit("/", 1)[0] for name in project.papers()} == {"2019/MINI1", "2019/MINI2"}
    rows = [line for line in run.out.splitlines() if ".docx" in line]
    assert len(rows) == len(project.papers())
    assert all(re.search(r"^2019/MINI\d/\d{3}\S* .* new +outputs/papers/2019/", row) for row in rows)


def test_a_second_build_says_that_nothing_is_to_be_done(built):
    before = built.papers()
    run = built.build()
    assert run.code == 0
    assert run.out.startswith("Nothing to be done")
    assert built.papers() == before


def test_a_changed_cell_remakes_only_the_papers_that_use_it_and_says_why(built):
    before = built.papers()
    set_cell(built, "C2", "A better title for the first activity")
    run = built.build()
    changed = {name for name, digest in built.papers().items() if before[name] != digest}
    told = {
        line.split("outputs/papers/")[1]
        for line in run.out.splitlines()
        if " changed " in line and ".docx" in line
    }
    assert changed and changed == told
    assert f"because {SCHEDULE} changed" in run.out
    assert all("terms" not in line for line in run.out.splitlines() if " changed " in line)


def test_a_change_that_no_paper_shows_fills_nothing(built):
    before = built.papers()
    set_cell(built, "I2", "A remark that is not printed")
    assert built.build().code == 0
    assert filled_meetings(built) == set()
    assert built.papers() == before


def test_a_meeting_without_a_change_is_not_filled_again(built):
    built.replace("inputs/mini/meetings/MINI1.yaml", "purpose: Information", "purpose: Consideration")
    assert built.build().code == 0
    assert filled_meetings(built) == {"MINI1"}


def test_all_problems_are_told_together_and_the_outputs_stay_as_they_were(built):
    before = built.papers()
    set_cell(built, "D2", "soon")
    built.replace("config.yaml", "forum: mini", "forum: mini\ncolour: blue")
    run = built.build()
    assert run.code == 1
    assert [line.split(":")[0] for line in run.problems] == ["config.yaml, line 2, column 9, key colour"]
    built.replace("config.yaml", "\ncolour: blue", "")
    (built.root / "inputs/mini/meetings/MINI2.yaml").write_text("code: [", encoding="utf-8")
    (built.root / "templates/cover.docx").write_bytes(b"not a Word file")
    run = built.build()
    places = {line.split(":")[0] for line in run.problems}
    assert run.code == 1
    assert {f"{SCHEDULE}, sheet Schedule, cell D2", "templates/cover.docx"} <= places
    assert any(place.startswith("inputs/mini/meetings/MINI2.yaml, line") for place in places)
    assert "Traceback" not in run.err + run.out
    assert built.papers() == before


def test_plain_snakemake_tells_a_wrong_config_before_any_job(built):
    built.replace("config.yaml", "forum: mini", "forum: mini\ncolour: blue")
    run = built.run(sys.executable, "-m", "snakemake", "-n")
    assert run.code != 0
    assert 'unknown key "colour"' in run.err


def test_a_paper_that_was_deleted_is_made_again(built):
    before = built.papers()
    (built.root / "outputs/papers" / min(before)).unlink()
    assert built.build().code == 0
    assert built.papers() == before


def test_an_edited_paper_is_kept_beside_the_new_one_and_told(built):
    before = built.papers()
    file = min(before)
    place = built.root / "outputs/papers" / file
    place.write_bytes(place.read_bytes() + b"edited")
    run = built.build()
    kept = place.with_stem(place.stem + " (edited copy 1)")
    assert kept.read_bytes().endswith(b"edited")
    assert {name: d for name, d in built.papers().items() if "edited" not in name} == before
    assert f"kept as {kept.name}" in run.err


def test_an_edited_paper_survives_forceall(built):
    place = built.root / "outputs/papers" / min(built.papers())
    place.write_bytes(b"all my own words")
    assert built.build("--forceall").code == 0
    kept = place.with_stem(place.stem + " (edited copy 1)")
    assert kept.read_bytes() == b"all my own words"


def test_a_paper_that_a_meeting_no_longer_has_goes(built):
    file = next(name for name in built.papers() if "MINI2" in name)
    built.replace("config.yaml", "meetings: all", "meetings: [MINI1]")
    assert built.build().code == 0
    assert file not in built.papers()
    assert all("MINI1" in name for name in built.papers())


def test_a_build_leaves_no_half_made_file_behind(built):
    assert not list(built.root.rglob("*.part"))


def shuffled_times(project: Project) -> None:
    for at, path in enumerate(sorted(project.root.rglob("*"))):
        os.utime(path, (1_000_000_000 + at * 977, 1_000_000_000 + at * 977))


def test_two_builds_far_apart_give_the_same_bytes(tmp_path):
    one = copy_project(tmp_path / "here")
    other = copy_project(tmp_path / "far away" / "Ünïcode 論文")
    shuffled_times(other)
    here = one.build("--cores", "1", TZ="UTC", LC_ALL="C.UTF-8", PYTHONHASHSEED="1")
    previous = os.umask(0o077)
    try:
        there = other.build("--cores", "2", TZ="Asia/Kathmandu", LC_ALL="C", PYTHONHASHSEED="4242")
    finally:
        os.umask(previous)
    assert (here.code, there.code) == (0, 0), here.err + there.err
    assert one.papers() == other.papers() != {}


def test_the_shipped_inputs_build_without_a_problem(tmp_path):
    project = copy_project(tmp_path / "shipped", ROOT)
    run = project.build()
    assert run.code == 0, run.err
    assert "2016/SMEWG43/16_smewg43_015.docx" in project.papers()
