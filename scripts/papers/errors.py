"""Report errors to the user in one sentence: the program's own, and those of the operating system.

Standard library only, and without `typing`: the job `fill` imports this module, and importing `typing`
costs it 4 ms.
"""

from __future__ import annotations

import errno
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class UserError(Exception):
    """An error whose text is shown to the user without a traceback: place, found, expected, what to do."""


DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NO_MEMORY = (
    "This computer: found too little memory for the build; expected more. Close other programs; run make."
)
_WINDOWS = os.name == "nt"
_LONGEST = 259  # characters of a path on Windows, unless its administrator allows more
# What Windows calls errors for which Python has no code, or that of something else.
_OF_WINDOWS = {
    errno.ENOSPC: (39, 112),
    errno.EACCES: (5, 32, 33),
    errno.EROFS: (19,),
    errno.ENOENT: (2, 3, 15, 21, 53, 59, 64, 67),
    errno.ENAMETOOLONG: (206,),
}
CODES = {number: code for code, numbers in _OF_WINDOWS.items() for number in numbers}
_OTHERWISE = "Correct that, or ask the person who looks after this computer; run make."
_ADVICE = {
    **dict.fromkeys(DISK_FULL, "Make room on its disk; run make."),
    **dict.fromkeys(
        (errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY, errno.EISDIR),
        "Close it in Word; if it is open nowhere, ask for the right to write there; run make.",
    ),
    errno.EROFS: "Ask for the right to write there, or copy the project to a disk of your own; run make.",
    errno.ENAMETOOLONG: "Move the project into a folder with a shorter path; run make.",
    **dict.fromkeys(
        (errno.ENOENT, errno.ENOTDIR, errno.EIO, errno.ESTALE, errno.ENOTCONN, errno.ENODEV),
        "Check that its folder or network drive is still there; run make.",
    ),
}


def describe_os_error(error: OSError, path: str = "") -> str:
    """Return one sentence: which file the system refused to read or write, why, and what to do.

    `path` replaces the path that the error names. Paths below the current folder are given relative to it.
    """
    if error.errno == errno.ENOMEM:
        return NO_MEMORY
    named = (path or str(error.filename or "outputs")).replace(os.sep, "/")
    place = named.removeprefix(f"{os.getcwd().replace(os.sep, '/')}/")
    code, reason = _code_of(error, named), error.strerror or str(error)
    return (
        f"{place}: found that this computer could not read or write it ({reason}); expected it to."
        f" {_ADVICE.get(code, _OTHERWISE)}"
    )


def _code_of(error: OSError, path: str) -> int:
    """Return the code of errno; Windows reports a path that is too long as one that is not there."""
    code = CODES.get(getattr(error, "winerror", None) or 0, error.errno or 0)
    is_too_long = _WINDOWS and code in (errno.ENOENT, errno.EINVAL) and len(os.path.abspath(path)) > _LONGEST
    return errno.ENAMETOOLONG if is_too_long else code


def run_job(main: Callable[[], int]) -> int:
    """Run an adapter or a command; return its exit code, or 1 after printing the error it ended with.

    Errors of the program itself are not caught: their traceback is needed to fix them.
    """
    try:
        return main()
    except UserError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(describe_os_error(error), file=sys.stderr)
    except MemoryError:
        print(NO_MEMORY, file=sys.stderr)
    return 1
