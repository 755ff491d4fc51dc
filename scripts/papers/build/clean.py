"""`make clean`: remove what builds wrote into outputs/, but no file that a user edited."""

from __future__ import annotations

import shutil
from pathlib import Path

from papers.store.delivery import GROUPS, Delivery
from papers.store.locks import OUTPUTS, build_lock

WORK = OUTPUTS / "work"


def run(verb: str, options: dict[str, str]) -> int:
    """Run `clean`, which takes no options; return the exit code."""
    with build_lock("make clean"):
        notices = _remove_delivered()
        _remove_the_rest()
    for notice in notices:
        print(f"  Note: {notice}")
    return 0


def _remove_delivered() -> list[str]:
    """Remove everything that was delivered; return notices about edited files, which are kept."""
    notices = []
    for group in GROUPS:
        delivery = Delivery(group, WORK, OUTPUTS)
        delivery.deliver({})
        notices += delivery.notices
    return notices


def _remove_the_rest() -> None:
    for folder in (WORK, OUTPUTS / "packages", Path(".snakemake")):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in sorted(OUTPUTS.rglob("*"), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
