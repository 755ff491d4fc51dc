"""What may fail under a build: the machine, the disk, the network, another person. Nothing is lost, one sentence tells it."""

from __future__ import annotations

import os
import py_compile
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from disk_tools import bound_by_permissions
from fault_tools import BUILD, VERBS, Stage, build_stages, left, made, started, verb_stages
from papers.store.locks import LockTimeout, build_lock
from project_tools import Project, Run, copy_project
from reliability import count

SECTION = "Faults"
FORUM = "inputs/mini/forum.yaml"
PLAN, SCHEDULE = "2019/MINI1/19_mini1_003.docx", "2019/MINI2/19_mini2_001.docx"


@pytest.fixture(scope="module")
def stages(tmp_path_factory) -> dict:
    """Before and after a build from nothing, a build of changed inputs, and each verb."""
    folder = tmp_path_factory.mktemp("stages")
    return build_stages(folder / "builds") | verb_stages(folder / "verbs")


@pytest.fixture
def project(stages, tmp_path) -> Project:
    """A built project, every paper of which the next build changes."""
    shutil.copytree(stages["changed"].root, tmp_path / "forum")
    return Project(tmp_path / "forum")


@pytest.fixture(scope="module")
def expected(stages) -> dict[str, str]:
    """What an undisturbed build makes of it."""
    return of_outputs(stages["changed"].after)


def of_outputs(made: dict[str, str]) -> dict[str, str]:
    return {name: digest for name, digest in made.items() if name.startswith("outputs/") and digest}


def outputs(project: Project) -> dict[str, str]:
    return of_outputs(made(project))


def told(run: Run, *words: str) -> None:
    """One problem in one line, with these words, and no traceback."""
    said = run.out + run.err
    assert run.code == 1, said
    assert "Traceback" not in said and "The program itself failed" not in said, said
    assert all(word in said for word in words), said


def completes(project: Project, expected: dict[str, str]) -> None:
    """The next build makes what an undisturbed one makes, and nothing is left."""
    run = project.build()
    assert run.code == 0, run.out + run.err
    assert outputs(project) == expected and left(project) == []


# Killed


@pytest.mark.parametrize(
    ("stage", "moments"), [("nothing", 2), ("changed", 3), *((verb, 2) for verb in VERBS)]
)
def test_what_is_killed_at_random_is_completed_by_the_next_run(stages, stage, moments):
    for seed in range(moments):
        _, wrong = stages[stage].disturbed(seed)
        assert not wrong, f"{stage}, seed {seed}: {wrong}"


def killed_before(stage: Stage, root: Path, module: str, line: str) -> Project:
    """A copy in which the stage's command was killed before it came to a line; its program is whole again."""
    shutil.copytree(stage.root, root)
    project = Project(root)
    own = (root / module).read_text(encoding="utf-8")
    indent = line[: len(line) - len(line.lstrip())]
    project.replace(module, line, f"{indent}os.kill(os.getpid(), 9)\n{line}")
    assert project.run(sys.executable, *stage.command).code == -signal.SIGKILL
    (root / module).write_text(own, encoding="utf-8")
    return project


@pytest.mark.parametrize("verb", ["number", "revise"])
def test_a_verb_that_is_killed_between_the_ledger_and_the_file_gives_the_same_number_when_run_again(
    stages, verb, tmp_path
):
    stage = stages[verb]
    project = killed_before(
        stage, tmp_path / "forum", "scripts/papers/record/edit_yaml.py", "        write_atomic(self.path,"
    )
    for _ in range(2):  # and once more when all is done
        run = project.run(sys.executable, *stage.command)
        assert run.code == 0, run.err
    inputs = {name: d for name, d in stage.after.items() if name.startswith("inputs/")}
    assert {name: d for name, d in made(project).items() if name.startswith("inputs/")} == inputs
    count(SECTION, "verbs killed between the ledger and the file that they edit", 1)


def test_the_end_of_a_ledger_that_a_killed_verb_left_behind_is_brought_up_by_the_next_run(stages, tmp_path):
    stage, line = stages["freeze"], "    write_atomic(folder / END_NAME, end_text"
    project = killed_before(stage, tmp_path / "forum", "scripts/papers/ledger/append.py", line)
    run = project.run(sys.executable, *stage.command)
    assert run.code == 0, run.err
    end = "inputs/mini/issued/ledger.end"
    assert made(project)[end] == stage.after[end]
    count(SECTION, "verbs killed between the ledger and its end", 1)


def test_a_part_of_the_build_that_the_system_ends_is_told_and_made_again(project, expected):
    script = "scripts/fill.py"
    own = (project.root / script).read_text(encoding="utf-8")
    module = "scripts/papers/store/files.py"
    written = (project.root / module).read_text(encoding="utf-8")
    project.replace(
        module,
        "        os.replace(temporary, path)",
        '        if str(path).endswith(".docx"):\n            os.kill(os.getpid(), 9)\n        os.replace(temporary, path)',
    )
    run = project.build()
    told(run, "as it does when memory runs out")
    assert not list(project.root.rglob("*.part"))
    (project.root / script).write_text(own, encoding="utf-8")
    (project.root / module).write_text(written, encoding="utf-8")
    completes(project, expected)
    count(SECTION, "jobs ended by the system, as when memory runs out", 2)


def test_too_little_memory_is_told(project, expected):
    limited = 'ulimit -v 150000; exec "$0" scripts/forum_papers.py build'
    told(project.run("sh", "-c", limited, sys.executable), "too little memory")
    completes(project, expected)
    count(SECTION, "builds with too little memory", 1)


def test_a_build_whose_reader_goes_away_ends_by_itself(project, expected):
    script = [sys.executable, "scripts/forum_papers.py", "build"]
    with subprocess.Popen(
        script, cwd=project.root, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as build:
        build.stderr.read(1)
        build.stderr.close()  # as `| head -1` does
        build.wait(timeout=120)
    completes(project, expected)
    count(SECTION, "builds whose reader went away, which ended by themselves", 1)


# Disks


@pytest.mark.parametrize("seed", range(2))
def test_a_full_disk_is_told_leaves_no_half_paper_and_the_next_build_with_room_makes_all(stages, seed):
    full, wrong = stages["nothing"].crowded(seed)
    assert full and not wrong, wrong


def test_what_a_full_disk_left_of_a_module_is_made_anew(project, expected):
    modules = [path for path in (project.root / "scripts/papers").rglob("*.py") if path.stat().st_size > 4096]
    torn = {kept: kept.stat().st_size // 2 for kept in map(compiled, modules)}
    for kept, size in torn.items():
        os.truncate(kept, size)
    completes(project, expected)
    assert [kept for kept, size in torn.items() if not kept.exists() or kept.stat().st_size != size]
    count(SECTION, "modules that a full disk had cut short, of which none stopped a build", len(torn))


def compiled(module: Path) -> Path:
    return Path(py_compile.compile(str(module), doraise=True))


PERMISSIONS = {
    "a paper that can't be replaced": (
        "outputs/papers/2019/MINI1",
        0o555,
        f"outputs/papers/{PLAN}",
        "Close it in Word",
    ),
    "outputs that are read-only": ("outputs", None, "outputs/work/.lock", "ask for the right to write"),
    "an input that nobody may read": (
        "inputs/mini/schedule/2019.xlsx",
        0o000,
        "inputs/mini/schedule/2019.xlsx",
        "ermission",
    ),
}


@pytest.mark.parametrize("what", PERMISSIONS)
def test_what_may_not_be_read_or_written_is_told_by_its_name(project, expected, what):
    name, mode, *words = PERMISSIONS[what]
    place, before = project.root / name, project.papers()
    those = [place] if mode is not None else [place, *place.rglob("*")]
    modes = {one: one.stat().st_mode for one in those}
    for one in reversed(those):
        one.chmod(modes[one] & 0o7555 if mode is None else mode)
    try:
        told(bound_by_permissions(project, *BUILD), *words)
        assert project.papers()[PLAN] == before[PLAN]
    finally:
        for one in those:
            one.chmod(modes[one])
    completes(project, expected)
    count(SECTION, f"builds with {what}", 1)


def test_an_issue_that_may_not_write_the_ledger_records_nothing(stages, tmp_path):
    shutil.copytree(stages["issue"].root, tmp_path / "forum")
    project = Project(tmp_path / "forum")
    folder = project.root / "inputs/mini/issued"
    before = (folder / "ledger.csv").read_bytes()
    (folder / "ledger.csv").chmod(0o444)
    run = bound_by_permissions(project, *VERBS["issue"])
    told(run, "Nothing was recorded", "inputs/mini/issued/ledger.csv")
    (folder / "ledger.csv").chmod(0o644)
    assert (folder / "ledger.csv").read_bytes() == before
    assert project.run(sys.executable, *VERBS["issue"]).code == 0
    assert made(project) == stages["issue"].after
    count(SECTION, "issues into a ledger that may not be written", 1)


def test_what_office_has_open_is_told_among_the_inputs_and_disturbs_nothing_among_the_outputs(
    project, expected
):
    locks = (
        "inputs/mini/schedule/~$2019.xlsx",
        "templates/~$cover.docx",
        "outputs/papers/2019/MINI1/~$_mini1_003.docx",
    )
    for name in locks:
        (project.root / name).write_bytes(b"\x05Chair" + bytes(157))
    told(project.build(), "found it open in Excel", "found it open in Word")
    for name in locks[:2]:
        (project.root / name).unlink()
    assert project.build().code == 0
    (project.root / locks[2]).unlink()
    assert outputs(project) == expected
    count(SECTION, "files open in Word or Excel", len(locks))


# Networks


def test_inputs_behind_links_give_the_same_papers_and_one_that_leads_nowhere_is_told(
    project, expected, tmp_path
):
    drive = tmp_path / "drive Ü"
    shutil.move(project.root / "inputs", drive / "inputs")
    shutil.move(drive / "inputs/mini/schedule/2019.xlsx", drive / "kept elsewhere.xlsx")
    (drive / "inputs/mini/schedule/2019.xlsx").symlink_to(drive / "kept elsewhere.xlsx")
    (project.root / "inputs").symlink_to(drive / "inputs")
    run = project.build()
    assert run.code == 0, run.err
    assert outputs(project) == expected
    papers = project.papers()
    drive.rename(tmp_path / "gone")
    run = project.build()
    told(run, "inputs")
    assert project.papers() == papers  # what is public goes while nobody knows what may be
    (tmp_path / "gone").rename(drive)
    (drive / "kept elsewhere.xlsx").unlink()
    told(project.build(), "inputs/mini/schedule/2019.xlsx")
    assert project.papers() == papers  # what is public goes while nobody knows what may be
    count(SECTION, "network folders that vanished, with the inputs or a workbook", 2)


@pytest.mark.parametrize("seed", range(2))
def test_outputs_that_vanish_in_the_middle_are_made_again(project, expected, seed):
    with started(project, BUILD, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        time.sleep(0.8 + random.Random(seed).random())
        (project.root / "outputs").rename(project.root / "gone")
        out = running.communicate()[0]
    assert "Traceback" not in out and "The program itself failed" not in out, out
    shutil.rmtree(project.root / "gone")
    completes(project, expected)
    count(SECTION, "outputs that vanished in the middle of a build", 1)


# Places


PLACES = ("with  two spaces & an 'apostrophe'", "Ünïcödé ß", "論文 сеть", "long " * 40)


def test_papers_are_the_same_wherever_the_project_lies(stages, tmp_path):
    expected = of_outputs(stages["nothing"].after)
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


def test_two_builds_at_once_follow_each_other(project, expected):
    with (
        started(project, BUILD, stderr=subprocess.PIPE, text=True) as one,
        started(project, BUILD, stderr=subprocess.PIPE, text=True) as other,
    ):
        said = [running.communicate()[1] for running in (one, other)]
    assert (one.returncode, other.returncode) == (0, 0), said
    assert sum("Waiting for another command: make by " in words for words in said) == 1
    assert outputs(project) == expected and left(project) == []
    count(SECTION, "builds started while another ran, which waited", 1)


def test_a_build_waits_for_an_issue_which_records_what_it_built(stages, tmp_path):
    """Between the build of the issue and its record, somebody changes the inputs and runs make."""
    shutil.copytree(stages["issue"].root, tmp_path / "forum")
    project = Project(tmp_path / "forum")
    with started(project, VERBS["issue"]) as issue:
        lock = project.root / "outputs/work/.lock"
        until = time.monotonic() + 60
        while not (lock.is_file() and b"make issue" in lock.read_bytes()) and time.monotonic() < until:
            time.sleep(0.01)
        run = project.build()
        issue.wait(200)
    assert issue.returncode == 0 and run.code == 0, run.err
    assert "Waiting for another command: make issue by " in run.err
    assert made(project) == stages["issue"].after
    count(SECTION, "builds started while somebody issued, which waited", 1)


def test_who_waits_too_long_is_told_who_holds_what(project):
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


def test_the_lock_of_a_snakemake_that_was_killed_goes(project, expected):
    locks = project.root / ".snakemake/locks"
    locks.mkdir(exist_ok=True)
    (locks / "0.output.lock").write_text("outputs/work/model.json\n", encoding="utf-8")
    (project.root / "outputs/work/.lock").write_text("make by Chair, process 1 on PC", encoding="utf-8")
    (project.root / "outputs/papers/2019/MINI1/.19_mini1_003.docx.77.part").write_bytes(b"half")
    completes(project, expected)
    count(SECTION, "stale locks of Snakemake taken away", 1)


# Edited by a person


EDITED = {
    f"papers/{PLAN}": "papers/2019/MINI1/19_mini1_003 (edited copy 1).docx",
    f"public/papers/{SCHEDULE}": "kept-out-of-public/papers/2019/MINI2/19_mini2_001 (edited copy 1).docx",
    "public/index.html": "kept-out-of-public/index (edited copy 1).html",
    "index.html": "index (edited copy 1).html",
    "papers.json": "papers (edited copy 1).json",
    "index/text.js": "index/text (edited copy 1).js",
}


def test_no_edit_of_any_output_is_lost_even_when_everything_is_forced_or_cleaned(project, expected):
    assert project.build().code == 0
    out = project.root / "outputs"
    for name in EDITED:
        (out / name).write_bytes(f"a person's own words in {name}".encode())
    run = project.build("all", "--forceall")
    assert run.code == 0, run.err
    for name, kept in EDITED.items():
        assert (out / kept).read_bytes() == f"a person's own words in {name}".encode()
        assert Path(kept).name in run.err, run.err
    assert {n: d for n, d in outputs(project).items() if "edited copy" not in n} == expected
    (out / "index.html").write_bytes(b"once more")
    assert project.run(sys.executable, "scripts/forum_papers.py", "clean").code == 0
    left_over = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    assert left_over == sorted([*EDITED.values(), "index (edited copy 2).html"])
    count(
        SECTION,
        "outputs that a person had edited, kept and told when everything was made again by force",
        len(EDITED),
    )
    count(SECTION, "edited outputs kept by make clean", len(left_over))


def test_an_edited_paper_of_a_meeting_that_is_no_longer_built_is_kept_and_told(project):
    (project.root / "outputs/papers" / SCHEDULE).write_bytes(b"a person's own words")
    project.replace("config.yaml", "meetings: all", "meetings: [MINI1]")
    run = project.build()
    assert run.code == 0 and "19_mini2_001 (edited copy 1).docx" in run.err
    count(SECTION, "edited papers of meetings no longer built, kept and told", 1)
