"""Failures around a build: the machine, the disk, the network, another user. Nothing is lost and one message reports it."""

from __future__ import annotations

import os
import py_compile
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from disk_tools import bound_by_permissions
from fault_tools import (
    BUILD,
    MINI1,
    MINI2,
    TEARER,
    VERBS,
    WORDS,
    Stage,
    differences,
    digests,
    kill_at,
    leftovers,
    make_stage,
    started,
)
from papers.store.locks import LockTimeout, build_lock
from project_tools import Project, Run, copy_built, copy_of, copy_project
from reliability import count

SECTION = "Faults"
FORUM = "inputs/mini/forum.yaml"
PLAN, SCHEDULE = "2019/MINI1/19_mini1_003.docx", "2019/MINI2/19_mini2_001.docx"


@pytest.fixture(scope="module")
def stages(tmp_path_factory) -> Callable[[str], Stage]:
    """Projects before and after a build from nothing, a build of changed inputs, and each verb; made when asked for."""
    return cache(lambda name: make_stage(name, tmp_path_factory.mktemp(name)))


@pytest.fixture
def project(stages, tmp_path) -> Project:
    """A built project whose inputs were edited so that the next build changes every paper."""
    return copy_of(Project(stages("changed").root), tmp_path / "forum")


@pytest.fixture(scope="module")
def expected(stages) -> dict[str, str]:
    """The outputs of an undisturbed build of it."""
    return of_outputs(stages("changed").after)


def of_outputs(files: dict[str, str]) -> dict[str, str]:
    return {name: digest for name, digest in files.items() if name.startswith("outputs/") and digest}


def outputs(project: Project) -> dict[str, str]:
    return of_outputs(digests(project))


def assert_reported(run: Run, *words: str) -> None:
    """The run failed with a message that contains these words, and without a traceback."""
    printed = run.out + run.err
    assert run.code == 1, printed
    assert "Traceback" not in printed and "The program itself failed" not in printed, printed
    assert all(word in printed for word in words), printed


def assert_completed(project: Project, expected: dict[str, str]) -> None:
    """The next build writes what an undisturbed one writes, and leaves no partial file or lock."""
    run = project.build()
    assert run.code == 0, run.out + run.err
    assert outputs(project) == expected and leftovers(project) == []


# Killed


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["nothing", "changed", *VERBS])
def test_what_is_killed_at_a_random_moment_is_completed_by_the_next_run(stages, stage):
    """`make faults` tries hundreds of moments."""
    _, wrong = stages(stage).disturbed(seed=0)
    assert not wrong, f"{stage}, seed 0: {wrong}"


def killed_at_write(stage: Stage, root: Path, name: str) -> Project:
    """Return a copy in which the stage's command was killed before it wrote a file; its program is unchanged."""
    project = copy_of(Project(stage.root), root)
    with kill_at(project, "write_atomic", name):
        assert project.run(sys.executable, *stage.command).code == -signal.SIGKILL
    return project


@pytest.mark.parametrize(("verb", "file"), [("number", MINI2), ("revise", MINI1)])
def test_a_verb_that_is_killed_between_the_ledger_and_the_file_gives_the_same_number_when_run_again(
    stages, verb, file, tmp_path
):
    stage = stages(verb)
    project = killed_at_write(stage, tmp_path / "forum", file)
    for _ in range(2):  # and once more when everything is done
        run = project.run(sys.executable, *stage.command)
        assert run.code == 0, run.err
    inputs = {name: d for name, d in stage.after.items() if name.startswith("inputs/")}
    assert {name: d for name, d in digests(project).items() if name.startswith("inputs/")} == inputs
    count(SECTION, "verbs killed between the ledger and the file that they edit", 1)


@pytest.mark.parametrize(
    "file", [".issuing", "issued/2019/MINI2/19_mini2_001.docx", ".sources", "ledger.end"]
)
def test_an_issue_that_is_killed_while_it_archives_stops_no_build_and_is_completed_by_the_next_one(
    stages, file, tmp_path
):
    stage = stages("issue")
    project = killed_at_write(stage, tmp_path / "forum", file)
    run = project.build()
    assert run.code == 0 and "archived file" not in run.out + run.err, run.err
    run = project.run(sys.executable, *stage.command)
    assert run.code == 0, run.err
    found = digests(project)
    if file == "ledger.end":  # all was recorded, with the digest of the program that kills itself
        assert found.keys() == stage.after.keys()
    else:
        assert not differences(found, stage.after)
    count(SECTION, "issues killed while they archived", 1)


APPEND, EDITS = "scripts/papers/ledger/append.py", "scripts/papers/ledger/unfinished_edits.py"
LISTS = """papers:
  - {number: 2019/MINI2/000, kind: classification-list, title: Document Classification List, submitted_by: [Chair]}
  - {number: 2019/MINI2/004, kind: agenda, title: Agenda, submitted_by: [Chair]}
"""
# How a verb is killed -> whether its events are then in the ledger, so that the next command completes it.
KILLS = {
    "before it lists its edits": (False, ("write_atomic", ".edits")),
    "before it appends its events": (False, ("_append_bytes", "ledger.csv", APPEND)),
    "while it appends them": (True, ("_append_bytes", "ledger.csv", APPEND, TEARER)),
    "before it writes the end of the ledger": (True, ("write_atomic", "ledger.end")),
    "before it edits the meeting's file": (True, ("write_atomic", MINI2)),
    "before it removes the list": (True, ("end_edits", "issued", EDITS)),
}


@pytest.fixture(scope="module")
def listed(tmp_path_factory) -> dict[str, Stage]:
    """Stages of the verbs that change several papers at once, with list and agenda, all of them issued."""
    folder = tmp_path_factory.mktemp("listed")
    project = copy_built(folder / "before")
    project.replace(MINI2, "papers:\n", LISTS)
    for meeting in ("MINI1", "MINI2"):
        run = project.run(sys.executable, "scripts/forum_papers.py", "issue", f"meeting={meeting}", *WORDS)
        assert run.code == 0, run.err
    paper = ("paper=2019/MINI2/001", *WORDS)
    return {
        verb: Stage.of(project, ("scripts/forum_papers.py", verb, *paper), folder / verb)
        for verb in ("revise", "withdraw")
    }


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["revise", "withdraw"])
@pytest.mark.parametrize("moment", KILLS)
def test_a_verb_that_is_killed_at_any_write_is_completed_or_undone_by_the_next_build(
    listed, verb, moment, tmp_path
):
    stage, (completed, (function, *where)) = listed[verb], KILLS[moment]
    project = copy_of(Project(stage.root), tmp_path / "forum")
    before = digests(project)
    with kill_at(project, function, *where):
        assert project.run(sys.executable, *stage.command).code == -signal.SIGKILL
    run = project.build()
    assert run.code == 0, run.err
    found, expected = digests(project), stage.after if completed else before
    assert not [name for name in differences(found, expected) if name.startswith("inputs/")]
    run = project.run(sys.executable, *stage.command)
    assert run.code == 0, run.err
    found = digests(project)
    assert not [name for name in differences(found, stage.after) if name.startswith("inputs/")]
    count(SECTION, "verbs killed at each of their writes, completed or undone by the next build", 1)


@pytest.mark.slow
def test_a_file_that_was_edited_after_a_verb_was_killed_is_kept_and_the_verb_completes_it(listed, tmp_path):
    stage = listed["withdraw"]
    project = killed_at_write(stage, tmp_path / "forum", MINI2)
    project.replace(MINI2, "city: Puerto Varas", "city: Puerto Montt")
    run = project.build()
    assert run.code == 1 and f"{MINI2} was edited since: run that command again." in run.out
    assert "Puerto Montt" in (project.root / MINI2).read_text(encoding="utf-8")
    run = project.run(sys.executable, *stage.command)
    assert run.code == 0, run.err
    text = (project.root / MINI2).read_text(encoding="utf-8")
    assert "2019/MINI2/001" not in text and "2019/MINI2/000rev1" in text and "Puerto Montt" in text


@pytest.mark.parametrize("stage", ["register", "public", "seal"])
def test_a_verb_that_is_killed_while_it_refreshes_what_shows_its_result_refreshes_it_when_run_again(
    stages, stage, tmp_path
):
    number = stages("number")
    project = killed_at_write(number, tmp_path / "forum", f"{stage}/manifest.json")
    run = project.run(sys.executable, *number.command)
    assert run.code == 0, run.err
    assert not differences(digests(project), number.after)
    count(SECTION, "verbs killed while they refreshed the register", 1)


@pytest.mark.slow
def test_the_end_of_a_ledger_that_a_killed_verb_did_not_write_is_written_by_the_next_run(stages, tmp_path):
    stage, end = stages("freeze"), "inputs/mini/issued/ledger.end"
    project = killed_at_write(stage, tmp_path / "forum", end)
    run = project.run(sys.executable, *stage.command)
    assert run.code == 0, run.err
    assert digests(project)[end] == stage.after[end]
    count(SECTION, "verbs killed between the ledger and its end", 1)


def test_a_job_that_the_system_ends_is_reported_and_completed_by_the_next_build(project, expected):
    with kill_at(project, "os.replace", ".docx"):
        run = project.build()
    assert_reported(run, "as it does when memory runs out")
    assert not list(project.root.rglob("*.part"))
    assert_completed(project, expected)
    count(SECTION, "jobs ended by the system, as when memory runs out", 2)


@pytest.mark.slow
def test_too_little_memory_is_reported(project, expected):
    limited = 'ulimit -v 150000; exec "$0" scripts/forum_papers.py build'
    assert_reported(project.run("sh", "-c", limited, sys.executable), "too little memory")
    assert_completed(project, expected)
    count(SECTION, "builds with too little memory", 1)


@pytest.mark.slow
def test_a_build_whose_output_is_closed_ends_by_itself(project, expected):
    script = [sys.executable, "scripts/forum_papers.py", "build"]
    with subprocess.Popen(
        script, cwd=project.root, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as build:
        build.stderr.read(1)
        build.stderr.close()  # as `| head -1` does
        build.wait(timeout=120)
    assert_completed(project, expected)
    count(SECTION, "builds whose output was closed, which ended by themselves", 1)


# Disks


@pytest.mark.slow
def test_a_full_disk_is_reported_leaves_no_partial_paper_and_the_next_build_with_room_completes(stages):
    full, wrong = stages("nothing").crowded(seed=0)
    assert full and not wrong, wrong


@pytest.mark.slow
def test_compiled_modules_that_a_full_disk_cut_short_stop_no_command(project, expected):
    """As the command starts, in Snakemake and in the jobs: each of them is removed and compiled again."""
    modules = [path for path in (project.root / "scripts/papers").rglob("*.py") if path.stat().st_size > 4096]
    for compiled in map(cut_compiled_module, modules):
        assert compiled.exists()
    assert_completed(project, expected)
    count(
        SECTION,
        "compiled modules that a full disk had cut short, of which none stopped a build",
        len(modules),
    )


@pytest.mark.slow
@pytest.mark.parametrize("module", ["build/snakefile.py", "docx/fill.py"])
def test_a_cut_compiled_module_of_snakemake_or_a_job_stops_no_build(project, expected, module):
    compiled = cut_compiled_module(project.root / "scripts/papers" / module)
    assert_completed(project, expected)
    assert not compiled.exists()
    count(SECTION, "compiled modules of a job or of the Snakefile that a full disk had cut short", 1)


def cut_compiled_module(module: Path) -> Path:
    compiled = Path(py_compile.compile(str(module), doraise=True))
    os.truncate(compiled, compiled.stat().st_size // 2)
    return compiled


PERMISSIONS = {
    "a paper that can't be replaced": (
        "outputs/papers/2019/MINI1",
        0o555,
        f"outputs/papers/{PLAN}",
        "Close it in Word",
    ),
    "outputs that are read-only": ("outputs", None, "outputs/work/.lock", "ask for the right to write"),
    "an input that may not be read": (
        "inputs/mini/plan-2019-2020/schedule/2019.xlsx",
        0o000,
        "inputs/mini/plan-2019-2020/schedule/2019.xlsx",
        "ermission",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", PERMISSIONS)
def test_a_file_that_may_not_be_read_or_written_is_reported_by_its_name(project, expected, what):
    name, mode, *words = PERMISSIONS[what]
    place, before = project.root / name, project.papers()
    paths = [place] if mode is not None else [place, *place.rglob("*")]
    modes = {one: one.stat().st_mode for one in paths}
    for one in reversed(paths):
        one.chmod(modes[one] & 0o7555 if mode is None else mode)
    try:
        assert_reported(bound_by_permissions(project, *BUILD), *words)
        assert project.papers()[PLAN] == before[PLAN]
    finally:
        for one in paths:
            one.chmod(modes[one])
    assert_completed(project, expected)
    count(SECTION, f"builds with {what}", 1)


@pytest.mark.slow
def test_an_issue_that_may_not_write_the_ledger_records_nothing(stages, tmp_path):
    project = copy_of(Project(stages("issue").root), tmp_path / "forum")
    folder = project.root / "inputs/mini/issued"
    before = (folder / "ledger.csv").read_bytes()
    (folder / "ledger.csv").chmod(0o444)
    run = bound_by_permissions(project, *VERBS["issue"])
    assert_reported(run, "Nothing was recorded", "inputs/mini/issued/ledger.csv")
    (folder / "ledger.csv").chmod(0o644)
    assert (folder / "ledger.csv").read_bytes() == before
    assert project.run(sys.executable, *VERBS["issue"]).code == 0
    assert digests(project) == stages("issue").after
    count(SECTION, "issues into a ledger that may not be written", 1)


@pytest.mark.slow
def test_files_open_in_office_are_reported_among_the_inputs_and_ignored_among_the_outputs(project, expected):
    locks = (
        "inputs/mini/plan-2019-2020/schedule/~$2019.xlsx",
        "templates/~$cover.docx",
        "outputs/papers/2019/MINI1/~$_mini1_003.docx",
    )
    for name in locks:
        (project.root / name).write_bytes(b"\x05Chair" + bytes(157))
    assert_reported(project.build(), "found it open in Excel", "found it open in Word")
    for name in locks[:2]:
        (project.root / name).unlink()
    assert project.build().code == 0
    (project.root / locks[2]).unlink()
    assert outputs(project) == expected
    count(SECTION, "files open in Word or Excel", len(locks))


# Networks


@pytest.mark.slow
def test_linked_inputs_give_the_same_papers_and_a_broken_link_is_reported(project, expected, tmp_path):
    drive = tmp_path / "drive Ü"
    shutil.move(project.root / "inputs", drive / "inputs")
    shutil.move(
        drive / "inputs/mini/plan-2019-2020/schedule/2019.xlsx", drive / "inputs/.kept elsewhere.xlsx"
    )
    (drive / "inputs/mini/plan-2019-2020/schedule/2019.xlsx").symlink_to(
        drive / "inputs/.kept elsewhere.xlsx"
    )
    (project.root / "inputs").symlink_to(drive / "inputs")
    run = project.build()
    assert run.code == 0, run.err
    assert outputs(project) == expected
    papers = project.papers()
    drive.rename(tmp_path / "gone")
    run = project.build()
    assert_reported(run, "inputs")
    assert project.papers() == papers  # only outputs/public is removed, as nothing shows what may be public
    (tmp_path / "gone").rename(drive)
    (drive / "inputs/.kept elsewhere.xlsx").unlink()
    assert_reported(project.build(), "inputs/mini/plan-2019-2020/schedule/2019.xlsx")
    assert project.papers() == papers  # only outputs/public is removed, as nothing shows what may be public
    count(SECTION, "network folders that vanished, with the inputs or a workbook", 2)


@pytest.mark.slow
def test_outputs_that_vanish_during_a_build_are_rebuilt(project, expected):
    with started(project, BUILD, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        time.sleep(1)
        (project.root / "outputs").rename(project.root / "gone")
        out = running.communicate()[0]
    assert "Traceback" not in out and "The program itself failed" not in out, out
    shutil.rmtree(project.root / "gone")
    assert_completed(project, expected)
    count(SECTION, "outputs that vanished during a build", 1)


# Places


PLACES = ("with  two spaces & an 'apostrophe'", "Ünïcödé ß", "論文 сеть", "long " * 40)


@pytest.mark.slow
def test_papers_are_the_same_in_any_folder(stages, tmp_path):
    expected = of_outputs(stages("nothing").after)
    folder = tmp_path / "/".join(PLACES)
    project = copy_project(folder / "forum")
    run = project.build()
    assert run.code == 0, run.err
    assert outputs(project) == expected
    count(
        SECTION,
        "names of folders: spaces, apostrophe, umlauts, CJK and Cyrillic, 200 characters",
        len(PLACES),
    )


# Two at once


@pytest.mark.slow
def test_two_builds_at_once_follow_each_other(project, expected):
    with (
        started(project, BUILD, stderr=subprocess.PIPE, text=True) as one,
        started(project, BUILD, stderr=subprocess.PIPE, text=True) as other,
    ):
        said = [running.communicate()[1] for running in (one, other)]
    assert (one.returncode, other.returncode) == (0, 0), said
    assert sum("Waiting for another command: make by " in words for words in said) == 1
    assert outputs(project) == expected and leftovers(project) == []
    count(SECTION, "builds started while another ran, which waited", 1)


@pytest.mark.slow
def test_a_build_waits_for_an_issue_which_records_what_it_built(stages, tmp_path):
    """Another user runs make between the build of `issue` and its record."""
    project = copy_of(Project(stages("issue").root), tmp_path / "forum")
    with started(project, VERBS["issue"]) as issue:
        lock = project.root / "outputs/work/.lock"
        until = time.monotonic() + 60
        while not (lock.is_file() and b"make issue" in lock.read_bytes()) and time.monotonic() < until:
            time.sleep(0.01)
        run = project.build()
        issue.wait(200)
    assert issue.returncode == 0 and run.code == 0, run.err
    assert "Waiting for another command: make issue by " in run.err
    assert digests(project) == stages("issue").after
    count(SECTION, "builds started while somebody issued, which waited", 1)


def test_a_command_that_waits_too_long_reports_who_holds_the_lock(project):
    before = Path.cwd()
    os.chdir(project.root)
    try:
        with (
            build_lock("make issue"),
            pytest.raises(
                LockTimeout,
                match=rf"outputs/work/.lock: found that another command \(make issue by .*process {os.getpid()}",
            ),
            build_lock("make", 0),
        ):
            pass
    finally:
        os.chdir(before)


@pytest.mark.slow
def test_the_lock_of_a_snakemake_that_was_killed_is_removed(project, expected):
    locks = project.root / ".snakemake/locks"
    locks.mkdir(exist_ok=True)
    (locks / "0.output.lock").write_text("outputs/work/mini/model.json\n", encoding="utf-8")
    (project.root / "outputs/work/.lock").write_text("make by Chair, process 1 on PC", encoding="utf-8")
    (project.root / "outputs/papers/2019/MINI1/.19_mini1_003.docx.77.part").write_bytes(b"half")
    assert_completed(project, expected)
    count(SECTION, "stale locks of Snakemake removed", 1)


# Edited by a user


EDITED = {
    f"papers/{PLAN}": "papers/2019/MINI1/19_mini1_003 (edited copy 1).docx",
    f"public/papers/{SCHEDULE}": "kept-out-of-public/papers/2019/MINI2/19_mini2_001 (edited copy 1).docx",
    "public/index.html": "kept-out-of-public/index (edited copy 1).html",
    "public/forums/mini/feed.xml": "kept-out-of-public/forums/mini/feed (edited copy 1).xml",
    "index.html": "index (edited copy 1).html",
    "forums/mini/index.html": "forums/mini/index (edited copy 1).html",
    "forums/mini/papers.json": "forums/mini/papers (edited copy 1).json",
    "forums/mini/text.js": "forums/mini/text (edited copy 1).js",
}


@pytest.mark.slow
def test_no_edit_of_an_output_is_lost_by_a_forced_build_or_by_clean(project, expected):
    assert project.build().code == 0
    out = project.root / "outputs"
    for name in EDITED:
        (out / name).write_bytes(f"a user's own words in {name}".encode())
    run = project.build("all", "--forceall")
    assert run.code == 0, run.err
    for name, kept in EDITED.items():
        assert (out / kept).read_bytes() == f"a user's own words in {name}".encode()
        assert Path(kept).name in run.err, run.err
    assert {n: d for n, d in outputs(project).items() if "edited copy" not in n} == expected
    (out / "index.html").write_bytes(b"once more")
    assert project.run(sys.executable, "scripts/forum_papers.py", "clean").code == 0
    remaining = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    assert remaining == sorted([*EDITED.values(), "index (edited copy 2).html"])
    count(
        SECTION,
        "outputs that a user had edited, kept and reported by a forced build",
        len(EDITED),
    )
    count(SECTION, "edited outputs kept by make clean", len(remaining))


@pytest.mark.slow
def test_an_edited_paper_of_a_meeting_that_is_no_longer_built_is_kept_and_reported(project):
    (project.root / "outputs/papers" / SCHEDULE).write_bytes(b"a user's own words")
    project.replace("config.yaml", "meetings: all", "meetings: [MINI1]")
    run = project.build()
    assert run.code == 0 and "19_mini2_001 (edited copy 1).docx" in run.err
    count(SECTION, "edited papers of meetings no longer built, kept and reported", 1)
