"""What a build reports if no job reported a problem."""

from __future__ import annotations

import shutil
from collections import namedtuple

import pytest
from papers.build import diagnose
from papers.build.diagnose import KILLED, explain_failure, explain_refusal, met_cut_module
from papers.errors import NO_MEMORY

TRACEBACK = ["Traceback (most recent call last):", '  File "scripts/fill.py", line 1, in <module>']


@pytest.fixture(autouse=True)
def free_bytes(monkeypatch):
    """A disk with room, whatever the machine has; a test may fill it."""
    usage = namedtuple("usage", "free")
    state = {"free": 1 << 30}
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(state["free"]))
    return state


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([*TRACEBACK, "OSError: [Errno 28] No space left on device: 'outputs/work/mini/model.json'"], "outputs/work/mini/model.json: found"),
        ([*TRACEBACK, "PermissionError: [WinError 32] The process cannot access the file because it is being used by another process: 'outputs\\\\papers\\\\a.docx' -> 'b'"], "outputs/papers/a.docx: found that this computer could not read or write it (The process cannot access the file because it is being used by another process); expected it to. Close it in Word;"),
        ([*TRACEBACK, "MemoryError"], NO_MEMORY),
        ([*TRACEBACK, "Killed"], KILLED),
    ],
)  # fmt: skip
def test_a_refusal_of_the_system_in_a_traceback_is_explained(lines, message):
    (explanation,) = explain_failure(lines)
    assert explanation.startswith(message)


def test_a_refusal_that_the_shell_reports_names_its_file():
    (explanation,) = explain_failure(
        ["/bin/bash: line 1: outputs/work/mini/logs/read.json: Permission denied"]
    )
    assert explanation.startswith(
        "outputs/work/mini/logs/read.json: found that this computer could not read or write it"
    )


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["MissingRuleException:", "No rule to produce nosuch (if you use input functions"], "No rule to produce nosuch;"),
        (["usage: snakemake", "__main__.py: error: unrecognized arguments: --nosuch"], "unrecognized arguments: --nosuch;"),
        (["Error: Error parsing number of cores (--cores, -c): must be integer."], "must be integer;"),
        (["", "ValueError: Invalid config definition: Config entries have to be"], "Invalid config definition"),
    ],
)  # fmt: skip
def test_what_snakemake_refuses_is_a_fault_of_the_command(lines, found):
    (explanation,) = explain_refusal(lines)
    assert explanation.startswith("command: found that Snakemake refuses it: ") and found in explanation
    assert explain_refusal(["Error in rule read:", *lines]) == []


def test_a_paper_that_the_snakefile_does_not_know_is_reported_in_its_own_words():
    own = (
        "outputs/papers/none.docx: found no such paper; expected a file of a paper of the inputs. Correct it."
    )
    assert explain_refusal(["InputFunctionException in rule paper:", f"  ValueError: {own}"]) == [own]


def test_a_full_disk_is_reported_even_if_no_job_could_write_its_log(free_bytes):
    assert explain_failure(["Error in rule read:"]) == []
    free_bytes["free"] = 1
    (explanation,) = explain_failure(["Error in rule read:"])
    assert explanation.startswith(f"{diagnose.OUTPUTS}: found") and "Make room on its disk" in explanation


@pytest.mark.parametrize(
    "line", ["EOFError: marshal data too short", "EOFError: EOF read where object expected"]
)
def test_a_cut_compiled_module_is_noticed(line):
    assert met_cut_module([*TRACEBACK, line])
    assert not met_cut_module([*TRACEBACK, "EOFError: EOF when reading a line"])
