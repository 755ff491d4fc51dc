"""`make test-windows`: a Python for Windows, under Wine, builds the same papers as this machine and runs the verbs.

Part of `make test-all`. tests/tools/windows_up.py sets the Python up. There is no LibreOffice in it.
Wine takes paths of any length: what is said of those that Windows refuses is tested in test_errors.py.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from edit_tools import edited_copy, retype
from project_tools import ROOT, Project, build_once, copy_of, copy_project

pytestmark = pytest.mark.windows
WINDOWS = ROOT / ".venv/windows"
START = WINDOWS / "start"
DRIVES = WINDOWS / "prefix/dosdevices"
LETTER = "Vị"  # no code page of Western Windows has it
TITLE = "Mini Working Group Strategic Plan"
REVIEW, PERU = "2018/SMEWG47/003", "inputs/smewg/plan-2017-2020/indicators/2018/per.xlsx"
MEETING = (
    "new-meeting", "SMEWG48", "city=Singapore", "economy=Singapore", "start=6 March 2019", "end=7 March 2019",
    "agenda=Opening; Other business", "papers=terms-of-reference",
)  # fmt: skip
EVENT = ("date=2019-03-21", "by=Secretariat")
# Opens a file as Word and Excel do, so that no other program can replace it, until its input ends.
HOLD = """import ctypes, sys
ctypes.windll.kernel32.CreateFileW.restype = ctypes.c_void_p
print(ctypes.windll.kernel32.CreateFileW(sys.argv[1], 0x80000000, 0, None, 3, 0, None), flush=True)
sys.stdin.read()
"""
# Tests that run there: what is written, waited for and locked, and how refusals of the system are reported.
CORE = (
    "tests/ledger/test_ledger.py",
    "tests/ledger/test_unfinished_edits.py",
    "tests/store/test_files.py",
    "tests/store/test_locks.py",
    "tests/test_sharing.py",
    "tests/test_errors.py",
)
PY = """@echo off
if not "%1"=="-3.13" exit /b 103
shift
.venv\\Scripts\\python.exe %1 %2 %3
"""


def run(project: Project, *words: str) -> str:
    """Run a verb on Windows, which must succeed; return what it printed."""
    done = project.run(str(START), "scripts/forum_papers.py", *words, PYTHONUTF8="1")
    assert done.code == 0, done.out
    return done.out


def sums(project: Project) -> dict[str, str]:
    """Return the lists of digests in outputs/, which name every file there."""
    found = sorted((project.root / "outputs").rglob("SHA256SUMS*"))
    return {path.relative_to(project.root).as_posix(): path.read_text("utf-8") for path in found}


@contextmanager
def held_open(project: Project, path: Path) -> Iterator[None]:
    """Let another program of that Windows have a file open."""
    code = project.root.parent / "hold.py"
    code.write_text(HOLD, encoding="utf-8")
    name = "Z:" + str(path).replace("/", "\\")
    command = ["wine", str(WINDOWS / "python/python.exe"), str(code), name]
    environment = {**os.environ, "WINEPREFIX": str(WINDOWS / "prefix"), "WINEDEBUG": "-all"}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as program:
        assert program.stdout.readline().strip() not in (b"", b"-1", b"18446744073709551615")
        try:
            yield
        finally:
            program.stdin.close()


@pytest.fixture(scope="module", autouse=True)
def windows() -> None:
    assert START.is_file(), f"{START}: found none; expected a Python for Windows. Run make test-windows."


@pytest.fixture(scope="module")
def shipped(tmp_path_factory) -> Project:
    """The shipped set, as a Python for Windows built it from nothing."""
    project = copy_project(tmp_path_factory.mktemp("shipped") / "forum papers", ROOT)
    assert "42 papers: 42 new" in run(project, "build")
    return project


@pytest.fixture(scope="module")
def miniature(tmp_path_factory) -> Iterator[Project]:
    """The miniature forum, with a letter in titles that the code page lacks; its verbs follow each other.

    It is on another drive than the temporary files, in a folder with spaces and such a letter.
    """
    drive = tmp_path_factory.mktemp("miniature")
    (DRIVES / "d:").unlink(missing_ok=True)
    (DRIVES / "d:").symlink_to(drive)
    project = copy_project(drive / f"papers of {LETTER}")
    project.replace("inputs/mini/meetings/MINI1.yaml", f"title: {TITLE}", f"title: {LETTER} {TITLE}")
    yield project
    (DRIVES / "d:").unlink()


def test_windows_builds_the_same_files_as_linux(shipped):
    here, there = sums(build_once(ROOT)), sums(shipped)
    assert len(here) > 2 and here == there


def test_nothing_is_built_again_without_a_change(shipped):
    assert "42 papers in outputs/papers, all up to date" in run(shipped, "build")


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (("status", "meeting=SMEWG47"), REVIEW),
        (("trace", f"paper={REVIEW}", "figure=14"), "indicators"),
        (("seal", f"paper={REVIEW}"), REVIEW),
        (("check", PERU), "per.xlsx"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_verb_that_only_reads_answers(shipped, words, printed):
    assert printed in run(shipped, *words)


def test_a_return_on_another_drive_is_checked(shipped):
    sent = DRIVES / f"c:/return of {LETTER}.xlsx"
    shutil.copy(shipped.root / PERU, sent)
    try:
        assert "It is among the inputs already" in run(shipped, "check", f"C:\\{sent.name}")
    finally:
        sent.unlink()


def test_a_meeting_is_begun(shipped, tmp_path):
    project = copy_of(shipped, tmp_path / "forum papers")
    run(project, *MEETING)
    assert "SMEWG48" in (project.root / "inputs/smewg/meetings/SMEWG48.yaml").read_text("utf-8")


def test_a_meeting_is_numbered_issued_and_packed(miniature):
    """Also with letters in a title that the code page of this Windows lacks."""
    run(miniature, "number", "meeting=MINI1")
    issued = run(miniature, "issue", "meeting=MINI1", "date=2019-03-20", "by=Secretariat")
    assert "issued" in issued
    packed = run(miniature, "package", "meeting=MINI1")
    assert "made without PDFs" in packed
    ledger = (miniature.root / "inputs/mini/issued/ledger.csv").read_text("utf-8")
    assert "2019/MINI1/003" in ledger
    names = [
        zipfile.ZipFile(path).namelist() for path in (miniature.root / "outputs/packages").rglob("*.zip")
    ]
    assert any(LETTER in name for listed in names for name in listed)


def test_the_edits_of_a_word_copy_are_listed_and_written(miniature):
    """With a path of Windows: with a drive, and with backslashes."""
    paper = next((miniature.root / "outputs/papers").rglob("19_mini2_001.docx"))
    copy = miniature.root / "mail" / f"001 {LETTER}.docx"
    edited_copy(paper, copy, lambda document: retype(document, "Implementation Schedule of", "Schedule of"))
    meeting = miniature.root / "inputs/mini/meetings/MINI2.yaml"
    before = meeting.read_bytes()
    listed = run(miniature, "compare", f"D:\\{miniature.root.name}\\mail\\{copy.name}")
    assert "inputs/mini/meetings/MINI2.yaml" in listed and meeting.read_bytes() == before
    run(miniature, "compare", f"mail\\{copy.name}", "--apply")
    assert "title: Schedule of the Mini Working Group" in meeting.read_text("utf-8")


def test_a_paper_that_another_program_has_open_is_named_and_stays_whole(miniature):
    """After `compare --apply`: the build has a paper to replace, and completes when it is closed."""
    paper = next((miniature.root / "outputs/papers").rglob("19_mini2_001.docx"))
    before = paper.read_bytes()
    with held_open(miniature, paper):
        refused = miniature.run(str(START), "scripts/forum_papers.py", "build", PYTHONUTF8="1")
    named = [line for line in refused.out.splitlines() if "; expected " in line]
    assert refused.code == 1 and len(named) == 1, refused.out
    assert paper.name in named[0] and "Close it in Word" in named[0] and "Traceback" not in refused.out
    assert paper.read_bytes() == before
    assert "changed" in run(miniature, "build")
    assert paper.read_bytes() != before


def test_everything_is_built_again_on_another_drive_and_is_the_same(miniature):
    assert "Verified: " in run(miniature, "verify")


def test_an_issued_paper_is_revised_and_withdrawn(miniature):
    miniature.replace("inputs/mini/meetings/MINI1.yaml", TITLE, "Strategic Plan")
    run(miniature, "revise", "paper=2019/MINI1/003", "why=new title", *EVENT)
    assert "2019/MINI1/003rev1" in run(miniature, "issue", "meeting=MINI1", *EVENT)
    withdraw = ("withdraw", "paper=2019/MINI1/003rev1", "why=the Chair asked", *EVENT)
    assert "Nothing was written" in run(miniature, *withdraw, "--dry-run")
    run(miniature, *withdraw)
    meeting = (miniature.root / "inputs/mini/meetings/MINI1.yaml").read_text("utf-8")
    assert "2019/MINI1/003" not in meeting
    history = run(miniature, "history", "paper=2019/MINI1/003")
    assert "revised" in history and "withdrawn" in history


def test_the_core_tests_pass_there():
    done = subprocess.run(
        [START, "-m", "pytest", "-q", "-p", "no:cacheprovider", *CORE],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:]
    assert " passed" in done.stdout


def test_a_double_click_finds_python_builds_and_stays_on_the_screen(shipped, tmp_path):
    """With an environment as install.py makes it, as this Python has no module venv."""
    project = copy_of(shipped, tmp_path / "forum papers")
    for name in ("papers.cmd", "install.py", "pyproject.toml", "requirements-build.lock"):
        shutil.copy(ROOT / name, project.root)
    environment = project.root / ".venv"
    environment.mkdir()
    (environment / "Scripts").symlink_to(WINDOWS / "python")
    (environment / "py.cmd").write_text(PY, encoding="utf-8", newline="\r\n")
    (environment / "ensurepip.py").touch()  # which install.py asks for
    code = "import os, sys; print(ascii(os.path.realpath(sys.prefix)), *sys.version_info[:2])"
    made_for = project.run(str(START), "-c", code).out.replace("\r\n", "\n")
    (environment / "installed").write_text(made_for, encoding="utf-8")
    done = project.run(
        "bash", "-c", 'echo | wine cmd /c papers.cmd 2>&1 | cat',
        WINEPREFIX=str(WINDOWS / "prefix"), WINEDEBUG="-all", WINEDLLOVERRIDES="bcryptprimitives=n;winebrowser.exe=",
        WINEPATH="Z:" + str(environment).replace("/", "\\"), PYTHONPATH="Z:" + str(environment).replace("/", "\\"), PYTHONUTF8="1",
    )  # fmt: skip
    assert "42 papers in outputs/papers, all up to date" in done.out, done.out
    assert "Press any key" in done.out and "Nothing was opened" not in done.out
