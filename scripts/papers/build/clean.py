"""`make clean`: remove what builds wrote into outputs/, but no file that a user edited."""

from __future__ import annotations

import shutil
from pathlib import Path

from papers.public.unpublish import unpublish_all
from papers.store.delivery import remove_stale_papers
from papers.store.edited_files import is_edited_copy, keep_edited_files
from papers.store.locks import OUTPUTS, build_lock
from papers.store.output_files import CHANGES, DATA, FEED, INDEX, ISSUED, PAGE, PAPERS, PDF, SEAL_FILES

WORK = OUTPUTS / "work"


def run(verb: str, options: dict[str, str]) -> int:
    """Run `clean`, which takes no options; return the exit code."""
    with build_lock("make clean"):
        notices = _remove_delivered() + _remove_register()
        _remove_the_rest()
    for notice in notices:
        print(f"  Note: {notice}")
    return 0


def _remove_delivered() -> list[str]:
    """Remove what was delivered with a record; return notices about edited files, which are kept."""
    records = {PAPERS: WORK, **{name: WORK / name for name in (CHANGES, PDF, ISSUED)}}
    notices = [
        notice
        for name, record_folder in records.items()
        for notice in remove_stale_papers(record_folder, OUTPUTS / name, set())
    ]
    return notices + unpublish_all(WORK, OUTPUTS)


def _remove_register() -> list[str]:
    """Remove the register; return notices about edited files, of which a copy is kept."""
    pages = [path for path in (OUTPUTS / INDEX).rglob("*") if path.is_file()]
    files = [OUTPUTS / name for name in (PAGE, DATA, FEED)]
    files += [page for page in pages if not is_edited_copy(page.name)]
    names = [file.relative_to(OUTPUTS).as_posix() for file in files]
    notices = keep_edited_files(WORK, OUTPUTS, names)
    for file in files:
        file.unlink(missing_ok=True)
    return notices


def _remove_the_rest() -> None:
    for folder in (WORK, OUTPUTS / "packages", Path(".snakemake")):
        shutil.rmtree(folder, ignore_errors=True)
    for name in SEAL_FILES:
        (OUTPUTS / name).unlink(missing_ok=True)
    for folder in sorted(OUTPUTS.rglob("*"), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
