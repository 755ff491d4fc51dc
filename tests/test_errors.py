"""Errors are shown to the user in one sentence; errors of the program keep their traceback."""

from __future__ import annotations

import errno
import os

import pytest
from papers import errors
from papers.errors import NO_MEMORY, UserError, describe_os_error, run_job


def fail_with(error: BaseException):
    def main() -> int:
        raise error

    return main


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (UserError("a.yaml: found 1; expected 2. Correct it."), "a.yaml: found 1; expected 2. Correct it.\n"),
        (MemoryError(), f"{NO_MEMORY}\n"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), f"{NO_MEMORY}\n"),
        (
            OSError(errno.ENOSPC, "No space left on device", "outputs/papers/a.docx"),
            "outputs/papers/a.docx: found that this computer could not read or write it (No space left on device);"
            " expected it to. Make room on its disk; run make.\n",
        ),
    ],
)
def test_an_error_that_the_user_can_correct_is_one_sentence(error, text, capsys):
    assert run_job(fail_with(error)) == 1
    assert capsys.readouterr().err == text


def test_an_error_of_the_program_is_not_caught():
    with pytest.raises(KeyError):
        run_job(fail_with(KeyError("program")))


def test_the_exit_code_of_a_job_is_returned():
    assert [run_job(lambda: 0), run_job(lambda: 3)] == [0, 3]


@pytest.mark.parametrize(
    ("code", "todo"),
    [
        (errno.EACCES, "Close it in Word"),
        (errno.EROFS, "copy the project to a disk of your own"),
        (errno.ENAMETOOLONG, "shorter path"),
        (errno.ESTALE, "network drive"),
        (errno.ELOOP, "ask the person who looks after this computer"),
    ],
)
def test_each_refusal_of_the_system_says_what_to_do(code, todo):
    assert todo in describe_os_error(OSError(code, os.strerror(code), "a.docx"))


def test_paths_below_the_project_are_relative(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    error = OSError(errno.EACCES, "Permission denied", f"{tmp_path}/outputs/a.docx")
    assert describe_os_error(error).startswith("outputs/a.docx: ")
    assert describe_os_error(error, "other.docx").startswith("other.docx: ")


def test_on_windows_a_path_that_is_too_long_is_not_taken_for_a_missing_one(monkeypatch):
    monkeypatch.setattr(errors, "_WINDOWS", True)
    missing = OSError(errno.ENOENT, "No such file or directory", "a.docx")
    assert "network drive" in describe_os_error(missing)
    assert "shorter path" in describe_os_error(missing, f"{'a' * 250}/{'b' * 20}.docx")
    monkeypatch.setattr(errors, "_WINDOWS", False)
    assert "network drive" in describe_os_error(missing, f"{'a' * 250}/{'b' * 20}.docx")


@pytest.mark.parametrize(
    ("number", "todo"),
    [(32, "Close it in Word"), (112, "Make room"), (53, "network drive"), (206, "shorter path")],
)
def test_an_error_of_windows_says_what_to_do(number, todo):
    class WindowsError(OSError):  # of which other systems have none
        winerror = number

    assert todo in describe_os_error(WindowsError(errno.EINVAL, "refused", "a.docx"))
