"""Errors that a user is shown in one sentence: our own, and what the operating system refuses."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

NO_MEMORY = (
    "This computer: found too little memory for the build; expected more. Close other programs; run make."
)


class UserError(Exception):
    """A paper that could not be put in its place; told to the user as it is."""


DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

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
        "Look whether its folder or network drive is still there; run make.",
    ),
}


def describe_os_error(error: OSError, path: str = "") -> str:
    """What the system refused, in one sentence, with what to do. `path` where the error may name another."""
    place = (path or str(error.filename or "outputs")).removeprefix(f"{os.getcwd().replace(os.sep, '/')}/")
    way_out = _ADVICE.get(error.errno, "Fix that; run make.")
    return f"{place}: found that it can't be read or written ({error.strerror or error}); expected it to be. {way_out}"


def run_job(main: Callable[[], int]) -> int:
    """The exit code of an adapter; what its machine refuses it is told in one sentence, as problems of inputs are."""
    try:
        return main()
    except UserError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(NO_MEMORY if error.errno == errno.ENOMEM else describe_os_error(error), file=sys.stderr)
    except MemoryError:
        print(NO_MEMORY, file=sys.stderr)
    return 1
