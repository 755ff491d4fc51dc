"""The whole pipeline as its users see it: make, make again, change a cell, make a mistake, edit a paper."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import zipfile

import openpyxl
import pytest
from papers.build import snakefile
from papers.store.files import to_json, write_atomic
from project_tools import ROOT, Project, copy_built, copy_project

SCHEDULE = "inputs/mini/plan-2019-2020/schedule/2019.xlsx"
RETURN = "inputs/smewg/plan-2017-2020/indicators/2018/per.xlsx"
PLAN_PAPER = "2016/SMEWG43/16_smewg43_015.docx"
REPORT_OF_2017, REPORT_OF_2018, REPORT_OF_2019 = (
    "2018/SMEWG46/18_smewg46_003.docx",
    "2019/SMEMM/19_smemm_003.docx",
    "2020/SMEMM/20_smemm_003.docx",
)


@pytest.fixture
def project(tmp_path) -> Project:
    return copy_project(tmp_path / "forum")


@pytest.fixture
def built(tmp_path) -> Project:
    return copy_built(tmp_path / "forum")


@pytest.fixture(scope="module")
def shipped(tmp_path_factory) -> Project:
    """The shipped inputs, built once; tests that edit them compare with the state that they find."""
    return copy_built(tmp_path_factory.mktemp("shipped") / "forum", ROOT)


def set_cell(project: Project, cell: str, value: object) -> None:
    set_cells(project, SCHEDULE, {("Schedule", cell): value})


def set_cells(project: Project, file: str, values: dict[tuple[str, str], object]) -> None:
    """Edit a workbook as a user would: (sheet, cell) -> value."""
    book = openpyxl.load_workbook(project.root / file)
    for (sheet, cell), value in values.items():
        book[sheet][cell] = value
    book.save(project.root / file)


def filled_meetings(project: Project) -> set[str]:
    log = (project.root / "outputs/work/logs/snakemake.log").read_text(encoding="utf-8")
    return set(re.findall(r"wildcards: forum=\S+, meeting=(\S+)", log))


def changed_papers(project: Project, before: dict[str, str]) -> set[str]:
    """Return the papers whose bytes changed."""
    return {name for name, digest in project.papers().items() if before[name] != digest}


def reported_as_changed(out: str) -> dict[str, str]:
    """Paper -> the reason for its change in the table of a build."""
    lines = [line.strip() for line in out.splitlines()]
    rows = [at for at, line in enumerate(lines) if line.startswith("changed ")]
    return {lines[at + 1].removeprefix("outputs/papers/"): lines[at + 2] for at in rows}


def made_from(project: Project, file: str) -> dict[str, str]:
    """Paper that names the file among the inputs that it is built from -> its meeting."""
    (folder,) = (project.root / "outputs/work").glob("*/contexts")
    index = json.loads((folder / "index.json").read_bytes())
    meetings = [json.loads((folder / f"{code}.json").read_bytes()) for code in index]
    return {
        paper["file"]: meeting["meeting"]
        for meeting in meetings
        for paper in meeting["papers"]
        if file in paper["made_from"]
    }


def papers_with(project: Project, words: str) -> set[str]:
    """Return the papers whose text contains the words, as read from the files themselves."""
    return {name for name in project.papers() if words in text_of(project, name)}


def text_of(project: Project, name: str) -> str:
    with zipfile.ZipFile(project.root / "outputs/papers" / name) as package:
        xml = package.read("word/document.xml").decode()
    return re.sub(r"<[^>]+>", "", xml.replace("</w:p>", "\n"))


def test_the_first_build_writes_every_paper_and_ends_with_a_table(project):
    run = project.build()
    assert run.code == 0, run.err
    assert run.out.endswith("Checks: no finding in 3 papers.\n")
    assert {name.rsplit("/", 1)[0] for name in project.papers()} == {"2019/MINI1", "2019/MINI2"}
    rows = re.findall(
        r"^new  2019/MINI\d/\d{3}\S* +\S.*\n +outputs/papers/(2019/\S+)$", run.out, re.MULTILINE
    )
    assert sorted(rows) == sorted(project.papers())
    assert f"{len(rows)} papers: {len(rows)} new." in run.out


def test_a_second_build_has_nothing_to_do(built):
    before = built.papers()
    run = built.build()
    assert run.code == 0
    assert run.out.startswith("Nothing to be done")
    assert built.papers() == before


def test_a_changed_cell_rebuilds_only_the_papers_that_use_it_and_gives_the_reason(built):
    before = built.papers()
    set_cell(built, "C2", "A better title for the first activity")
    run = built.build()
    changed = changed_papers(built, before)
    assert changed and changed == reported_as_changed(run.out).keys()
    assert f"because {SCHEDULE} changed" in run.out
    assert all("terms" not in line for line in run.out.splitlines() if " changed " in line)


@pytest.mark.slow
def test_a_change_that_no_paper_shows_fills_nothing(built):
    before = built.papers()
    set_cell(built, "I2", "A remark that is not printed")
    assert built.build().code == 0
    assert filled_meetings(built) == set()
    assert built.papers() == before


@pytest.mark.slow
def test_a_meeting_without_a_change_is_not_filled_again(built):
    built.replace("inputs/mini/meetings/MINI1.yaml", "purpose: Information", "purpose: Consideration")
    assert built.build().code == 0
    assert filled_meetings(built) == {"MINI1"}


def test_all_problems_are_reported_together_and_the_outputs_do_not_change(built):
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


def test_plain_snakemake_reports_a_wrong_config_and_writes_no_paper(built):
    before = built.papers()
    built.replace("config.yaml", "forum: mini", "forum: mini\ncolour: blue")
    run = built.run(sys.executable, "-m", "snakemake")
    assert run.code != 0
    assert 'unknown key "colour"' in run.out + run.err
    assert built.papers() == before


@pytest.mark.slow
def test_a_config_that_names_no_forum_is_reported_with_its_line(built):
    built.replace("config.yaml", "forum: mini", "forum: {mini: yes}")
    run = built.build()
    assert run.code == 1
    assert any(line.startswith("config.yaml, line 1") for line in run.problems)
    assert "Traceback" not in run.err + run.out


@pytest.mark.slow
def test_a_build_that_was_killed_after_the_register_was_written_is_completed_by_the_next_one(project):
    script = project.root / "scripts/publish.py"
    own = script.read_text(encoding="utf-8")
    killed = own.replace(
        "    sys.exit(run_job(main))",
        "    run_job(main)\n    os.killpg(0, signal.SIGKILL)",
    )
    assert killed != own
    script.write_text(
        killed.replace("import sys\n", "import os\nimport signal\nimport sys\n"), encoding="utf-8"
    )
    command = [sys.executable, "scripts/forum_papers.py", "build"]
    ended = subprocess.run(
        command, cwd=project.root, capture_output=True, start_new_session=True, check=False
    )
    assert ended.returncode == -signal.SIGKILL
    assert (project.root / "outputs/work/mini/register/forums/mini/index.html").is_file()
    script.write_text(own, encoding="utf-8")
    run = project.build()
    assert run.code == 0, run.err
    assert project.build().out.startswith("Nothing to be done")


def test_a_paper_that_was_deleted_is_rebuilt(built):
    before = built.papers()
    (built.root / "outputs/papers" / min(before)).unlink()
    assert built.build().code == 0
    assert built.papers() == before


def test_an_edited_paper_is_kept_and_reported(built):
    before = built.papers()
    file = min(before)
    place = built.root / "outputs/papers" / file
    place.write_bytes(place.read_bytes() + b"edited")
    run = built.build()
    kept = place.with_stem(place.stem + " (edited copy 1)")
    assert kept.read_bytes().endswith(b"edited")
    assert {name: d for name, d in built.papers().items() if "edited" not in name} == before
    assert f"kept as {kept.name}" in run.err


@pytest.mark.slow
def test_an_edited_paper_survives_forceall(built):
    place = built.root / "outputs/papers" / min(built.papers())
    place.write_bytes(b"all my own words")
    assert built.build("--forceall").code == 0
    kept = place.with_stem(place.stem + " (edited copy 1)")
    assert kept.read_bytes() == b"all my own words"


@pytest.mark.slow
def test_a_paper_of_a_meeting_that_is_no_longer_built_is_removed(built):
    file = next(name for name in built.papers() if "MINI2" in name)
    built.replace("config.yaml", "meetings: all", "meetings: [MINI1]")
    assert built.build().code == 0
    assert file not in built.papers()
    assert all("MINI1" in name for name in built.papers())


def test_a_build_leaves_no_partial_file(built):
    assert not list(built.root.rglob("*.part"))


def change_times(project: Project) -> None:
    for at, path in enumerate(sorted(project.root.rglob("*"))):
        os.utime(path, (1_000_000_000 + at * 977, 1_000_000_000 + at * 977))


@pytest.mark.slow
def test_two_builds_far_apart_give_the_same_bytes(tmp_path):
    one = copy_project(tmp_path / "here")
    other = copy_project(tmp_path / "far away" / "Ünïcode 論文")
    change_times(other)
    here = one.build("--cores", "1", TZ="UTC", LC_ALL="C.UTF-8", PYTHONHASHSEED="1")
    previous = os.umask(0o077)
    try:
        there = other.build("--cores", "2", TZ="Asia/Kathmandu", LC_ALL="C", PYTHONHASHSEED="4242")
    finally:
        os.umask(previous)
    assert (here.code, there.code) == (0, 0), here.err + there.err
    assert one.papers() == other.papers() != {}


def test_the_shipped_inputs_build_without_a_problem(shipped):
    assert PLAN_PAPER in shipped.papers()


@pytest.mark.slow
def test_a_new_title_in_a_return_changes_the_papers_that_contain_it_and_no_other(shipped):
    old, new = "Mentoring scheme by large firms for green SMEs", "Seventeen apprentices in lighthouse repair"
    before, containing = shipped.papers(), papers_with(shipped, old)
    set_cells(shipped, RETURN, {("Return", "C7"): new})
    run = shipped.build()
    assert run.code == 0, run.err
    assert REPORT_OF_2018 in containing
    assert changed_papers(shipped, before) == containing == papers_with(shipped, new)
    assert reported_as_changed(run.out) == dict.fromkeys(containing, f"because {RETURN} changed")
    assert not papers_with(shipped, old)
    using = made_from(shipped, RETURN)
    assert containing <= using.keys()
    assert filled_meetings(shipped) == {using[paper] for paper in containing}


@pytest.mark.slow
def test_an_item_moved_to_another_indicator_changes_every_paper_made_from_its_return(shipped):
    before, using = shipped.papers(), made_from(shipped, RETURN)
    moved = {("Return", "A8"): "Initiatives developed", ("Totals", "B2"): 2, ("Totals", "B3"): 2}
    set_cells(shipped, RETURN, moved)
    run = shipped.build()
    assert run.code == 0, run.err
    assert {REPORT_OF_2018, REPORT_OF_2019} <= using.keys()
    assert using.keys().isdisjoint({PLAN_PAPER, REPORT_OF_2017})  # one is no report, one of a year before
    assert changed_papers(shipped, before) == using.keys()
    assert reported_as_changed(run.out) == dict.fromkeys(using, f"because {RETURN} changed")
    assert filled_meetings(shipped) == set(using.values())


def test_the_kinds_of_a_meeting_are_read_again_when_the_index_changed(tmp_path):
    index = tmp_path / "index.json"
    write_atomic(index, to_json({"SMEWG47": ["work-plan"]}))
    assert snakefile.kinds_by_meeting(tmp_path) == {"SMEWG47": ["work-plan"]}
    write_atomic(index, to_json({"SMEWG48": ["mid-term-review"]}))
    assert snakefile.kinds_by_meeting(tmp_path) == {"SMEWG48": ["mid-term-review"]}
