"""Write the files of the register: the page, papers.json, the feed, the search text, the traces pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.ledger.archive import archive_folder
from papers.register.feeds import feed_xml, papers_json
from papers.register.pages import render_register, render_traces_page, traces_page_key
from papers.register.search import TEXTS, SearchTexts, search_script
from papers.store.cache import CACHE, Cache
from papers.store.files import FileRef
from papers.store.output_files import DATA, FEED, ISSUED, PAGE, TEXT
from papers.store.program import code_digest
from papers.store.stages import write_stage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from papers.register.facts import Files, Register, RegisterEntry

REGISTER = "register"  # the stage's folder below outputs/work


def write_register(work: Path, forum: str, register: Register, built: Files) -> None:
    """Write the register of the last build, ready to deliver.

    `work` is outputs/work/<forum>; `built` has the files of the build, by their paths below outputs.
    """
    issued = _issued_papers(register.entries, forum)
    texts, pages = (
        SearchTexts(Cache(work / CACHE / TEXTS), code_digest()),
        Cache(work / CACHE / "traces_pages"),
    )
    files = traces_pages(register, pages)
    files |= render_files(register, {**built, **issued}, texts)
    write_stage(work / REGISTER, {**files, **issued})
    texts.cache.remove_unused()
    pages.remove_unused()


def render_files(register: Register, files: Files, texts: SearchTexts) -> dict[str, bytes]:
    """Return path -> content of every file of the register but the traces pages.

    Paths are below outputs. `files` has the papers and other files that may be linked, by theirs.
    """
    files_of_register = {
        TEXT: search_script(files, register.entries, texts),
        DATA: papers_json(register, files),
        FEED: feed_xml(register),
        PAGE: render_register(register, files),
    }
    return {register.path(name): data for name, data in files_of_register.items()}


def traces_pages(register: Register, cache: Cache) -> dict[str, bytes]:
    """Return path below outputs -> the page of a paper's figures, of each paper with traces."""
    traced = [entry for entry in register.entries if entry.trace]
    return {register.path(entry.traces_page): _traces_page(entry, register, cache) for entry in traced}


def _traces_page(entry: RegisterEntry, register: Register, cache: Cache) -> bytes:
    """Return the page of a paper's figures; a page that was rendered before is taken from the cache."""
    key = traces_page_key(entry, register)
    page = cache.get(key)
    if page is None:
        page = render_traces_page(entry, register)
        cache.put(key, page)
    return page


def _issued_papers(entries: Iterable[RegisterEntry], forum: str) -> dict[str, FileRef]:
    """Return path -> archived file, of earlier papers as they were issued."""
    archive, prefix = archive_folder(forum), f"{ISSUED}/"
    earlier = (entry for entry in entries if entry.file.startswith(prefix))
    return {entry.file: FileRef(archive / entry.file.removeprefix(prefix), entry.sha256) for entry in earlier}
