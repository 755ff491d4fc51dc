"""Real full disks and read-only folders, for one command of a project.

A full disk is a small tmpfs for the command alone. If this system allows no mount, a limit for the size of files replaces
it: the system then refuses to write, as on a full disk. Permissions apply to root only without its privileges.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from project_tools import Project, Run

_MOUNTED = """set -e
mount -t tmpfs -o size=64m none "$1"
cp -a "$2"/. "$1"
cd "$1"
free=$(df --output=avail -B1 . | tail -1)
head -c $((free - $3 / 4096 * 4096)) /dev/zero > .filler
set +e
shift 3
"$@"
code=$?
rm .filler
cp -a ./. "$AFTER"
exit $code
"""


@cache
def can_mount() -> bool:
    command = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def on_a_full_disk(project: Project, free: int, folder: Path, *command: str) -> Run:
    """Run a command on a copy of the project with so many bytes left; the project is then as the command left it."""
    if not can_mount():
        limited = f'ulimit -f {max(1, free // 20 // 512)}; exec "$@"'
        return project.run("sh", "-c", limited, "sh", sys.executable, *command)
    disk, after = folder / "disk", folder / "after"
    for path in (disk, after):
        path.mkdir(parents=True)
    unshared = ["unshare", "-rm", "sh", "-c", _MOUNTED, "sh", str(disk), str(project.root), str(free)]
    run = project.run(*unshared, sys.executable, *command, AFTER=str(after))
    shutil.rmtree(project.root)
    after.rename(project.root)
    disk.rmdir()
    return run


def bound_by_permissions(project: Project, *command: str) -> Run:
    """Run a command to which permissions apply even if root runs the tests."""
    unprivileged = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    return project.run(*unprivileged, sys.executable, *command)
