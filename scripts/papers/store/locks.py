"""Locks, so that one command at a time writes outputs/ and one at a time writes a ledger.

The system releases a lock when the process that holds it ends, however it ends. While a lock is held, its
file says by whom. A file that still says so although nobody holds it was left by a command that was
killed: the next command removes the partial files of that one. A process hands its lock on to the
processes that it starts, so that the lock lasts until the last of them has ended. Standard library only,
as every build imports this module.
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
from typing import TYPE_CHECKING, Any

from papers.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK = ".lock"
OUTPUTS = Path("outputs")
BUILD_LOCK = OUTPUTS / "work" / LOCK
SNAKEMAKE_LOCKS = Path(".snakemake/locks")
TIMEOUT = 300  # seconds; another command may be building all papers
_POLL = 0.02  # seconds between two attempts
_INHERITED = "FORUM_PAPERS_HOLD"  # environment of a child process: the handle, and the project's folder
_LOCKED_BYTE = 1 << 30  # Windows locks a byte against reading too: this one is far behind the file's text
_BUSY = (errno.EAGAIN, errno.EACCES, errno.EDEADLK, 0)  # 0: under Wine, a lock is refused without a reason


class LockTimeout(UserError):
    """Another command held the lock for longer than the caller waits."""


@dataclass(frozen=True)
class HeldLock:
    """A lock that this process holds.

    `killed` names the holder before if it was killed, and is "" otherwise.
    """

    handle: int
    killed: str

    def for_child(self, **variables: str) -> dict[str, Any]:
        """Keyword arguments of `subprocess.run` that let the child process work under this lock.

        `variables` are added to its environment.
        """
        environment = {**os.environ, **variables, _INHERITED: f"{self.handle} {Path.cwd().as_posix()}"}
        if os.name == "nt":
            return {"env": environment}
        return {"env": environment, "pass_fds": (self.handle,)}


@contextmanager
def lock_file(file: Path, what: str, timeout: float = TIMEOUT) -> Iterator[HeldLock]:
    """Hold a lock file while `what` ("make issue") runs.

    Raise LockTimeout if another holds it after `timeout` seconds.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = _wait_for_lock(file, what, timeout)
    try:
        killed = _read_holder(file)
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, f"{what} by {_user()}, process {os.getpid()} on {platform.node()}".encode())
        yield HeldLock(handle, killed)
        os.ftruncate(handle, 0)  # not after an error: the next holder then removes the partial files
    finally:
        os.close(handle)


def _wait_for_lock(file: Path, what: str, timeout: float) -> int:
    start, printed = time.monotonic(), False
    while (handle := _try_lock(file)) is None:
        holder = _read_holder(file) if file.exists() else ""
        waited = time.monotonic() - start
        if waited >= timeout:
            raise LockTimeout(
                f"{file.as_posix()}: found that another command ({holder or 'unknown'}) did not end within"
                f" {timeout:.0f} seconds; expected it to end. Wait until it has ended, then run {what} again."
            )
        if not printed and (holder or waited > 1):  # a holder that has just begun writes its name first
            printed = True
            print(f"Waiting for another command: {holder or 'unknown'}", file=sys.stderr, flush=True)
        time.sleep(_POLL)
    return handle


def _read_holder(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def _try_lock(file: Path) -> int | None:
    """Return a handle that holds the lock.

    None if another process does, or if `make clean` deleted the file.
    """
    handle, locked = os.open(file, os.O_RDWR | os.O_CREAT, 0o666), False
    try:
        locked = _lock_handle(handle) and os.path.samestat(os.fstat(handle), file.stat())
    except FileNotFoundError:
        pass
    finally:
        if not locked:
            os.close(handle)
    return handle if locked else None


def _lock_handle(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _BUSY:
            return False
        raise
    return True


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container whose user has no name
        return "unknown user"


@contextmanager
def build_lock(what: str, timeout: float = TIMEOUT) -> Iterator[HeldLock]:
    """Hold the lock of outputs/, or work under the lock of the parent process.

    Clean up after a killed command.

    Raise LockTimeout if another command holds it after `timeout` seconds.
    """
    if (handle := _inherited_handle()) is not None:
        yield HeldLock(handle, "")
        return
    with lock_file(BUILD_LOCK, what, timeout) as held:
        for stale in SNAKEMAKE_LOCKS.glob("*.lock"):  # a running Snakemake would hold our lock as well
            stale.unlink()
        if held.killed:
            remove_partial_files(OUTPUTS, *Path("inputs").glob("*/pages"))
        yield held


def hold_build_lock_until_exit(what: str) -> None:
    """Take the lock of outputs/ and release it when this process ends."""
    stack = ExitStack()
    stack.enter_context(build_lock(what))
    atexit.register(stack.close)


def _inherited_handle() -> int | None:
    """Return the handle that the parent process handed on; None if it holds the lock of another project."""
    handle, _, folder = os.environ.get(_INHERITED, "").partition(" ")
    if folder != Path.cwd().as_posix() or not BUILD_LOCK.is_file():
        return None
    try:
        same = os.name == "nt" or os.path.samestat(os.fstat(int(handle)), BUILD_LOCK.stat())
    except OSError:
        return None
    return int(handle) if same else None


def remove_partial_files(*folders: Path) -> None:
    """Remove the temporary files of commands that were killed (see files.write_atomic).

    Needs the folders' lock.
    """
    for folder in folders:
        for place, _, names in os.walk(folder):
            for name in names:
                if name.startswith(".") and name.endswith(".part"):
                    Path(place, name).unlink(missing_ok=True)
