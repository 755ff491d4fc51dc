"""One command at a time, and no trace of a command that was killed."""

from __future__ import annotations

import errno
import os
import subprocess
import sys

import pytest
from papers.store import locks
from papers.store.locks import BUILD_LOCK, LockTimeout, build_lock, lock_file
from project_tools import ROOT


def test_the_second_command_is_refused_with_the_name_of_the_first(tmp_path):
    file = tmp_path / ".lock"
    with (
        lock_file(file, "make issue"),
        pytest.raises(LockTimeout, match=rf"another command \(make issue by .*, process {os.getpid()} on "),
        lock_file(file, "make revise", timeout=0),
    ):
        pass
    with lock_file(file, "make revise", timeout=0) as held:
        assert held.killed == ""


def test_a_child_works_under_the_lock_of_its_parent(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    program = (
        "from papers.store.locks import build_lock\nwith build_lock('child', timeout=0):\n    print('ran')"
    )
    command = [sys.executable, "-c", program]
    scripts = {"PYTHONPATH": str(ROOT / "scripts")}
    with build_lock("parent", timeout=0) as held:
        options = held.for_child(**scripts)
        inherited = subprocess.run(command, capture_output=True, text=True, check=False, **options)
        other = subprocess.run(
            command, capture_output=True, text=True, check=False, env={**os.environ, **scripts}
        )
    assert inherited.stdout == "ran\n"
    assert other.returncode == 1 and "another command (parent by" in other.stderr


def test_partial_files_of_a_killed_command_are_removed_by_the_next(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    partial = tmp_path / "outputs/papers/.a.docx.123.part"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(b"half")
    with build_lock("make", timeout=0):
        pass
    assert partial.exists()  # the command before ended well: this file is another program's
    BUILD_LOCK.write_text("make by a user who switched the computer off")
    with build_lock("make", timeout=0):
        assert not partial.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows locks files in its own way")
@pytest.mark.parametrize("code", [errno.EACCES, errno.EAGAIN, 0], ids=["Windows", "Linux", "Wine"])
def test_a_lock_that_another_process_holds_is_waited_for_whatever_the_system_calls_that(
    tmp_path, monkeypatch, code
):
    lock, refusals = locks.fcntl.flock, [OSError(code, "Error")] * 3

    def refused(handle, how):
        if refusals:
            raise refusals.pop()
        lock(handle, how)

    monkeypatch.setattr(locks.fcntl, "flock", refused)
    with lock_file(tmp_path / ".lock", "make issue"):
        assert refusals == []
