"""`make clean`: remove what builds wrote into outputs/, but no file that a user edited."""

from __future__ import annotations

import shutil
from pathlib import Path

from papers.seal.lists import write_lists
from papers.store.delivery import FORM_FILES, PREVIEW_FILES, RECORDS, Delivery, all_deliveries
from papers.store.locks import OUTPUTS, build_lock
from papers.store.output_files import FORUMS
from papers.store.work_files import WORK, work_folder


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
    on_request = (
        Delivery(group, work, OUTPUTS) for group in (PREVIEW_FILES, FORM_FILES) for work in _works()
    )
    for delivery in (*all_deliveries(_works(), OUTPUTS), *on_request):
        delivery.deliver({})
        notices += delivery.notices
    write_lists(WORK, OUTPUTS)
    return notices


def _works() -> list[Path]:
    """Return the folders of all forums that have delivered files, also of those whose folder was deleted."""
    recorded = {record.parent.name for record in WORK.glob(f"*/{RECORDS}")}
    return [
        work_folder(name) for name in sorted(recorded | {one.name for one in OUTPUTS.glob(f"{FORUMS}/*")})
    ]


def _remove_the_rest() -> None:
    for folder in (WORK, Path(".snakemake")):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in sorted(OUTPUTS.rglob("*"), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
