"""papers.sh and papers.cmd, for a double click: they set up, build, and open the page that lists the papers."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from project_tools import ROOT

SAYS = """#!/bin/sh
echo "$(basename "$0") $*"
"""


def write_program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def folder(tmp_path) -> Path:
    """papers.sh in a folder with a blank in its name, and programs that only say how they were called."""
    folder = tmp_path / "forum papers"
    folder.mkdir()
    shutil.copy2(ROOT / "papers.sh", folder)
    write_program(folder / "programs/python3.12", SAYS)
    write_program(folder / "programs/xdg-open", f'#!/bin/sh\necho "$1" >"{folder}/opened"\n')
    write_program(folder / ".venv/bin/python", SAYS)
    for name in ("sh", "dirname", "basename", "uname"):
        (folder / "programs" / name).symlink_to(shutil.which(name))
    return folder


def double_click(folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [folder / "papers.sh"],
        cwd=folder.parent,
        env={**os.environ, "PATH": str(folder / "programs")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_a_double_click_sets_up_builds_and_opens_the_page(folder):
    done = double_click(folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["python3.12 install.py once", "python scripts/forum_papers.py build"]
    assert (folder / "opened").read_text("utf-8") == "outputs/index.html\n"


@pytest.mark.parametrize("failing", ["programs/python3.12", ".venv/bin/python"])
def test_after_a_failure_nothing_is_opened_and_the_message_stays(folder, failing):
    write_program(
        folder / failing, '#!/bin/sh\n[ "$2" = check ] || { echo "a.xlsx: found 1" >&2; exit 1; }\n'
    )
    done = double_click(folder)
    assert done.returncode == 1
    assert done.stderr == "a.xlsx: found 1\n"
    assert done.stdout.endswith(
        "Nothing was opened. Correct what is named above, then start papers.sh again.\n"
    )
    assert not (folder / "opened").exists()


def test_without_python_the_message_says_what_to_install(folder):
    (folder / "programs/python3.12").unlink()
    done = double_click(folder)
    assert done.returncode == 1
    assert (
        "found none of the versions 3.11, 3.12 and 3.13; expected one of them. Install Python 3.13"
        in done.stdout
    )


def test_the_file_for_windows_has_the_line_ends_of_windows():
    data = (ROOT / "papers.cmd").read_bytes()
    assert data.count(b"\r\n") == data.count(b"\n") > 20
    assert "*.cmd text eol=crlf\n" in (ROOT / ".gitattributes").read_text("utf-8")
