"""`make test-windows`: a Python for Windows, under Wine, builds the same papers as this machine and runs the verbs.

Part of `make test-all`. tests/tools/windows_up.py sets the Python up. There is no LibreOffice in it.
"""

from __future__ import annotations

import shutil
import subprocess
import zipfile

import pytest
from project_tools import ROOT, Project, build_once, copy_of, copy_project

pytestmark = pytest.mark.windows
WINDOWS = ROOT / ".venv/windows"
START = WINDOWS / "start"
LETTER = "Vị"  # no code page of Western Windows has it
TITLE = "Mini Working Group Strategic Plan"
REVIEW, PERU = "2018/SMEWG47/003", "inputs/smewg/plan-2017-2020/indicators/2018/per.xlsx"
MEETING = (
    "new-meeting", "SMEWG48", "city=Singapore", "economy=Singapore", "start=6 March 2019", "end=7 March 2019",
    "agenda=Opening; Other business", "papers=terms-of-reference",
)  # fmt: skip
# Tests that run there: what is written, waited for and locked, and how refusals of the system are reported.
CORE = (
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
def miniature(tmp_path_factory) -> Project:
    """The miniature forum, with a letter in titles that the code page lacks; its verbs follow each other."""
    project = copy_project(tmp_path_factory.mktemp("miniature") / "forum")
    project.replace("inputs/mini/meetings/MINI1.yaml", f"title: {TITLE}", f"title: {LETTER} {TITLE}")
    return project


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
