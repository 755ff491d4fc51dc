"""Why a build failed where no job could say it: what the system said, told as a person can act on it."""

from __future__ import annotations

import errno
import os
import re
import shutil

from papers.errors import DISK_FULL, NO_MEMORY, describe_os_error
from papers.store.locks import OUTPUTS

_SAID = re.compile(r"\[Errno (\d+)\][^'\n]*(?:'([^'\n]*)')?")
_KILLED = ("Killed", "exit code 137", "exit status 137", "SIGKILL")
_NO_MEMORY = (
    "MemoryError",
    "Memory allocation",
    "failed to map segment",
    "error return without exception",
    os.strerror(errno.ENOMEM),
)
_SHELL = {os.strerror(code): code for code in (*DISK_FULL, errno.EACCES, errno.EROFS, errno.ENOENT)}
_LEAST = 1 << 16  # bytes: with less than that free, not even what a job has to say can be written
ENDED = (
    "This computer: found that the system ended a part of the build, as it does when memory runs out; expected it to end by"
    " itself. Close other programs; run make, and it goes on from here."
)


def explain_failure(lines: list[str], said: list[str]) -> list[str]:
    """What to tell instead of a traceback or of nothing; [] where the jobs' `lines` tell it, or nobody knows.

    `said` is what Snakemake said.
    """
    if lines and not any(line.startswith("Traceback") for line in lines):
        return []
    everything = [*lines, *said]
    if refused := next(filter(None, map(_refused, everything)), None):
        return [refused]
    if shutil.disk_usage(OUTPUTS).free < _LEAST:
        return [describe_os_error(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), OUTPUTS.as_posix())]
    if any(sign in line for line in everything for sign in _NO_MEMORY):
        return [NO_MEMORY]
    if any(sign in line for line in everything for sign in _KILLED):
        return [ENDED]
    return []


def _refused(line: str) -> str:
    """A refusal of the system as Python says it, or the shell ("bash: line 1: outputs/a.log: Permission denied")."""
    if found := _SAID.search(line):
        return describe_os_error(
            OSError(int(found[1]), os.strerror(int(found[1]))), found[2] or OUTPUTS.as_posix()
        )
    place, _, words = line.rpartition(": ")
    if words in _SHELL and place:
        return describe_os_error(OSError(_SHELL[words], words), place.rpartition(": ")[2])
    return ""
