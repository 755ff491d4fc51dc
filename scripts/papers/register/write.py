"""The facts of an index -> all its files, and into their places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.ledger.archive import archive_folder
from papers.problems import Problems
from papers.register.articles import TRACES, traces_page
from papers.register.feeds import feed_xml, papers_json
from papers.register.gather import gather, is_complete
from papers.register.pages import made_from, register
from papers.register.pages import traces_page as page_of_traces
from papers.register.related_files import note_related_files
from papers.register.search import SearchTexts, search_file
from papers.seal.seal import reseal
from papers.store.delivery import (
    Delivery,
    is_edited_copy,
    keep_edited_files,
    record_before_writing,
    record_written,
)
from papers.store.files import write_atomic
from papers.store.outputs import DATA, FEED, ISSUED, PAGE, TEXT, changed_since_sealed

if TYPE_CHECKING:
    from pathlib import Path

    from papers.register.facts import Register, RegisterEntry

_TO_REGISTER = "../" * (TRACES.count("/") + 1) + PAGE
_HEAD = 2000  # the line that says what a page was made from stands among its first bytes


def files_of(index: Register, base: Path, texts: SearchTexts) -> dict[str, bytes]:
    """The files of an index by their places below `base`, where the papers that it links lie.

    Pages of figures that lie there already, as they would be made, are left out.
    """
    touched = changed_since_sealed(base)
    stale = [
        e
        for e in index.entries
        if e.figures and (traces_page(e) in touched or not _lies_there(base / traces_page(e), e, index))
    ]
    return {
        TEXT: search_file(base, index.entries, texts),
        **{traces_page(entry): page_of_traces(entry, index, _TO_REGISTER) for entry in stale},
        DATA: papers_json(index, base),
        FEED: feed_xml(index),
        PAGE: register(index, base),
    }


def figures_page(entry: RegisterEntry, index: Register, base: Path) -> bytes:
    """The page of a paper's figures; one that lies below `base` as it would be made is taken from there."""
    page = base / traces_page(entry)
    if _lies_there(page, entry, index):
        return page.read_bytes()
    return page_of_traces(entry, index, _TO_REGISTER)


def _lies_there(page: Path, entry: RegisterEntry, index: Register) -> bool:
    if not page.is_file():
        return False
    with page.open("rb") as file:
        return made_from(entry, index) in file.read(_HEAD)


def write_register(work: Path, base: Path, forum: str, problems: Problems) -> list[str]:
    """Makes the index of the last build; returns what to tell. With problems of the ledger, nothing is written."""
    note_related_files(work, base)
    index = gather(work, base, problems)
    if problems:
        return []
    notes = _keep(
        index.entries, archive_folder(forum), base / ISSUED, work / ISSUED / "record" / "issued.json"
    )
    texts = SearchTexts(work / "texts.jsonl")
    files = files_of(index, base, texts)
    notes += keep_edited_files(work, base, files)
    record_before_writing(work, files)
    for name, content in files.items():
        write_atomic(base / name, content)
    expected = {traces_page(entry) for entry in index.entries if entry.figures}
    for page in sorted((base / TRACES).glob("*.html")):
        if f"{TRACES}/{page.name}" not in expected and not is_edited_copy(page.name):
            notes += keep_edited_files(work, base, [f"{TRACES}/{page.name}"])
            page.unlink()
    record_written(work, files, expected)
    texts.remember()
    return notes


def refresh(work: Path, base: Path, forum: str) -> list[str]:
    """Makes the index again where there is one; returns what to tell, problems too.

    After a build that failed it stays as it is, for what was read and what was made do not fit then.
    """
    if not ((base / PAGE).is_file() and is_complete(work)):
        return []
    problems = Problems()
    told = write_register(work, base, forum, problems) or problems.lines()
    reseal(work, base)
    return told


def _keep(entries: tuple[RegisterEntry, ...], kept: Path, folder: Path, record: Path) -> list[str]:
    """Copies earlier papers as they were issued to where the index can link them."""
    prefix = f"{ISSUED}/"
    earlier = [(e, e.file.removeprefix(prefix)) for e in entries if e.file.startswith(prefix)]
    if not earlier and not record.exists():
        return []
    delivery = Delivery(folder, record)
    about = [{"number": e.number, "title": e.title, "kind": e.kind, "file": file} for e, file in earlier]
    delivery.deliver([(one, (kept / one["file"]).read_bytes()) for one in about])
    return delivery.kept
