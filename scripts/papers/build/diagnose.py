"""Why a build failed if no job reported a problem: what the operating system refused, as a message to act on."""

from __future__ import annotations

import errno
import os
import re
import shutil

from papers.errors import CODES, DISK_FULL, NO_MEMORY, describe_os_error
from papers.store.locks import OUTPUTS

_OS_ERROR = re.compile(
    r"\[(?P<kind>Errno|WinError) (?P<number>\d+)\](?P<reason>[^:'\n]*)[^'\n]*(?:'(?P<path>[^'\n]*)')?"
)
_SIGNS_OF_A_KILL = ("Killed", "exit code 137", "exit status 137", "SIGKILL")
_SIGNS_OF_NO_MEMORY = (
    "MemoryError",
    "Memory allocation",
    "failed to map segment",
    "error return without exception",
    os.strerror(errno.ENOMEM),
)
# The message of the EOFError that Python raises when it imports a compiled module that a full disk cut short.
_SIGNS_OF_A_CUT_MODULE = ("marshal data too short", "EOF read where")
_SHELL_ERRORS = {os.strerror(code): code for code in (*DISK_FULL, errno.EACCES, errno.EROFS, errno.ENOENT)}
# How Snakemake refuses a target or an option, before any job runs.
_REFUSALS = (
    re.compile(r"^(?:\S+\.py: )?[Ee]rror: (.+)"),
    re.compile(r"^(No rule to produce \S+)"),
    re.compile(r"^ValueError: (Invalid config definition.+)"),
)
_OWN_REFUSAL = re.compile(
    r"^\s*ValueError: (.+: found .+; expected .+)"
)  # of a function that the Snakefile calls
_JOB_FAILED = "Error in "
_MIN_FREE = 1 << 16  # bytes: with less, a job can't even write its log
KILLED = (
    "This computer: found that the system ended a part of the build, as it does when memory runs out; expected it to"
    " end by itself. Close other programs; run make, and it goes on from here."
)


def explain_failure(lines: list[str]) -> list[str]:
    """Return messages to show instead of a traceback, from what failed processes printed; [] if the cause is unknown."""
    if refused := next(filter(None, map(_describe_refusal, lines)), None):
        return [refused]
    if shutil.disk_usage(OUTPUTS).free < _MIN_FREE:
        return [describe_os_error(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), OUTPUTS.as_posix())]
    if _has_sign(lines, _SIGNS_OF_NO_MEMORY):
        return [NO_MEMORY]
    if _has_sign(lines, _SIGNS_OF_A_KILL):
        return [KILLED]
    return []


def explain_refusal(lines: list[str]) -> list[str]:
    """Return why Snakemake itself refused to start; [] if a job failed or the reason is unknown."""
    if any(line.lstrip().startswith(_JOB_FAILED) for line in lines):
        return []
    for line in lines:
        if own := _OWN_REFUSAL.match(line):
            return [own[1]]
        if refused := next(filter(None, (pattern.match(line) for pattern in _REFUSALS)), None):
            found = f"that Snakemake refuses it: {refused[1].rstrip('.')}"
            return [f"command: found {found}; expected targets and options that it knows. Correct them."]
    return []


def met_cut_module(lines: list[str]) -> bool:
    """Return whether a process of the build could not load a compiled module, as it was cut short."""
    return _has_sign(lines, _SIGNS_OF_A_CUT_MODULE)


def _has_sign(lines: list[str], signs: tuple[str, ...]) -> bool:
    return any(sign in line for line in lines for sign in signs)


def _describe_refusal(line: str) -> str:
    """What the system refused, as Python or the shell reports it; "" if the line reports nothing of the kind.

    The shell writes "bash: line 1: outputs/a.log: Permission denied".
    """
    if match := _OS_ERROR.search(line):
        number, of_windows = int(match["number"]), match["kind"] == "WinError"
        code = CODES.get(number, 0) if of_windows else number
        error = OSError(code, match["reason"].strip() if of_windows else os.strerror(code))
        return describe_os_error(error, (match["path"] or OUTPUTS.as_posix()).replace("\\\\", "/"))
    place, _, reason = line.rpartition(": ")
    if reason in _SHELL_ERRORS and place:
        return describe_os_error(OSError(_SHELL_ERRORS[reason], reason), place.rpartition(": ")[2])
    return ""
