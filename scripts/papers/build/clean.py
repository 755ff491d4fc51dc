"""`make clean`: takes away what was made. A paper that somebody edited stays, under a name that says so."""

from __future__ import annotations

import shutil
from pathlib import Path

from papers.public.unpublish import unpublish_all
from papers.seal.provenance import PROVENANCE
from papers.seal.seal import LISTS
from papers.store.delivery import remove_stale_papers
from papers.store.edited_files import is_edited_copy, keep_edited_files
from papers.store.locks import build_lock

INDEX = ("index.html", "papers.json", "feed.xml")


def run(verb: str, given: dict[str, str]) -> int:
    """Runs `clean`, which takes no options; returns the exit code."""
    with build_lock("make clean"):
        return _clean()


def _clean() -> int:
    work = Path("outputs/work")
    made = (
        (work, "outputs/papers"),
        (work / "changes", "outputs/changes"),
        (work / "pdf", "outputs/pdf"),
        (work / "issued", "outputs/issued"),
    )
    kept = [line for records, folder in made for line in remove_stale_papers(records, Path(folder), set())]
    kept += unpublish_all(work, Path("outputs"))
    pages = [
        path for path in Path("outputs/index").rglob("*") if path.is_file() and not is_edited_copy(path.name)
    ]
    made_pages = [path.relative_to("outputs").as_posix() for path in pages]
    kept += keep_edited_files(work, Path("outputs"), [*INDEX, *made_pages])
    for page in pages:
        page.unlink()
    shutil.rmtree(work, ignore_errors=True)
    shutil.rmtree("outputs/packages", ignore_errors=True)
    shutil.rmtree(".snakemake", ignore_errors=True)
    for name in (*INDEX, *LISTS, PROVENANCE):
        Path("outputs", name).unlink(missing_ok=True)
    for folder in sorted(Path("outputs").rglob("*"), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    print(*(f"  Note: {line}" for line in kept), sep="\n", end="\n" if kept else "")
    return 0
