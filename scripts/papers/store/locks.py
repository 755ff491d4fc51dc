"""One command at a time: who builds holds outputs/, who records holds the ledger. The system lets go when they end, however.

While a lock is held, its file says by whom. A file that still says so when nobody holds it was left by a command that was
killed: the next one takes away what that was writing. Who starts other processes hands its hold on to them, so that it
lasts until the last of them has ended. Standard library only, as every build asks this.
"""

from __future__ import annotations

import atexit
import errno
import getpass
import os
import platform
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from papers.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

if os.name == "nt":
    import msvcrt
else:
    import fcntl

LOCK = ".lock"
OUTPUTS = Path("outputs")
BUILD_LOCK = OUTPUTS / "work" / LOCK
SNAKEMAKE_LOCKS = Path(".snakemake/locks")
TIMEOUT = 300  # seconds; another command may be building all papers
_HANDED_ON = "FORUM_PAPERS_HOLD"  # to a child: the handle, and the folder of the project
_FAR = 1 << 30  # where Windows locks a byte: what stands before it can be read by others
_TAKEN = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)


class LockTimeout(UserError):
    """Another command held the lock for longer than the caller waits."""


@dataclass(frozen=True)
class HeldLock:
    """A lock that this process holds. `killed`: who held it before and was killed; "" where all ended well."""

    handle: int
    killed: str

    @property
    def for_child(self) -> dict:
        """What a subprocess is started with to go on under this hold."""
        told = {**os.environ, _HANDED_ON: f"{self.handle} {Path.cwd().as_posix()}"}
        return {"env": told} if os.name == "nt" else {"env": told, "pass_fds": (self.handle,)}


@contextmanager
def lock_file(file: Path, what: str, patience: float = TIMEOUT) -> Iterator[HeldLock]:
    """Holds a lock file alone while `what` ("make issue") goes on; waits for another for so many seconds, else Busy."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = _waited_for(file, what, patience)
    try:
        killed = file.read_text(encoding="utf-8", errors="replace")
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, f"{what} by {_user()}, process {os.getpid()} on {platform.node()}".encode())
        yield HeldLock(handle, killed)
        os.ftruncate(handle, 0)  # only who ends well says so
    finally:
        os.close(handle)


def _waited_for(file: Path, what: str, patience: float) -> int:
    until, told = time.monotonic() + patience, False
    while (handle := _taken(file)) is None:
        who = file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
        if time.monotonic() >= until:
            raise LockTimeout(
                f"{file.as_posix()}: another command ({who or 'unknown'}) did not end within {patience:.0f} seconds."
                f" Wait for it, then run {what} again."
            )
        if not told and (
            who or time.monotonic() > until - patience + 1
        ):  # it says who it is when it has begun
            told = True
            print(f"Waiting for another command: {who or 'unknown'}", file=sys.stderr, flush=True)
        time.sleep(0.02)
    return handle


def _taken(file: Path) -> int | None:
    """A handle that holds the lock; None where another does, or where the file went while it was taken (make clean)."""
    handle, mine = os.open(file, os.O_RDWR | os.O_CREAT, 0o666), False
    try:
        mine = _locks(handle) and os.path.samestat(os.fstat(handle), file.stat())
    except FileNotFoundError:
        pass
    finally:
        if not mine:
            os.close(handle)
    return handle if mine else None


def _locks(handle: int) -> bool:
    try:
        if os.name == "nt":
            os.lseek(handle, _FAR, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _TAKEN:
            return False
        raise
    return True


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container whose user has no name
        return "somebody"


@contextmanager
def build_lock(what: str, patience: float = TIMEOUT) -> Iterator[HeldLock]:
    """Holds outputs/ alone, or goes on under the hold of who started this process; clears up after one that was killed."""
    if (handle := _handed_on()) is not None:
        yield HeldLock(handle, "")
        return
    with lock_file(BUILD_LOCK, what, patience) as hold:
        for stale in SNAKEMAKE_LOCKS.glob("*.lock"):  # a Snakemake that runs would hold ours as well
            stale.unlink()
        if hold.killed:
            remove_partial_files(OUTPUTS, *Path("inputs").glob("*/pages"))
        yield hold


def hold_build_lock_until_exit(what: str) -> None:
    """As `building`, until this process ends."""
    stack = ExitStack()
    stack.enter_context(build_lock(what))
    atexit.register(stack.close)


def _handed_on() -> int | None:
    """The handle of a hold on this very folder's outputs; another project's is none."""
    handle, _, folder = os.environ.get(_HANDED_ON, "").partition(" ")
    if folder != Path.cwd().as_posix() or not BUILD_LOCK.is_file():
        return None
    try:
        same = os.name == "nt" or os.path.samestat(os.fstat(int(handle)), BUILD_LOCK.stat())
    except OSError:
        return None
    return int(handle) if same else None


def remove_partial_files(*folders: Path) -> None:
    """Takes away what killed commands were writing, see delivering.write_whole; to be called under the lock of the folders."""
    for folder in folders:
        for place, _, names in os.walk(folder):
            for name in names:
                if name.startswith(".") and name.endswith(".part"):
                    Path(place, name).unlink(missing_ok=True)
