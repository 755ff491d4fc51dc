"""Write the files of the register: the page, papers.json, the feed, the search text, the traces pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.ledger.archive import archive_folder
from papers.problems import Problems
from papers.register.facts import TRACES_FOLDER
from papers.register.feeds import feed_xml, papers_json
from papers.register.gather import gather_register, is_complete
from papers.register.pages import render_register, render_traces_page, source_digest_comment
from papers.register.related_files import note_related_files
from papers.register.search import SearchTexts, search_script
from papers.store.delivery import Delivery
from papers.store.edited_files import (
    is_edited_copy,
    keep_edited_files,
    record_before_writing,
    record_written,
    unchanged_files,
)
from papers.store.files import write_atomic
from papers.store.output_files import DATA, FEED, ISSUED, PAGE, TEXT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from papers.register.facts import Register, RegisterEntry

_LINK_FROM_TRACES_PAGE = "../" * (TRACES_FOLDER.count("/") + 1) + PAGE
_HEAD = 2000  # bytes of a traces page, among which the comment with its source digest is


def write_register(work: Path, base: Path, forum: str, problems: Problems) -> list[str]:
    """Write the register of the last build; return notices for the user.

    `work` is outputs/work, `base` the register's folder, outputs. If the ledger has problems, they are
    reported in `problems` and nothing is written.
    """
    note_related_files(work, base)
    register = gather_register(work, base, problems)
    if problems:
        return []
    notices = _copy_issued_papers(register.entries, forum, work, base)
    texts = SearchTexts(work / "texts.jsonl")
    files = _render_stale_traces_pages(register, work, base) | render_files(register, base, texts)
    notices += keep_edited_files(work, base, files)
    record_before_writing(work, files)
    for name, content in files.items():
        write_atomic(base / name, content)
    traces_pages = {entry.traces_page for entry in register.entries if entry.trace}
    notices += _remove_other_traces_pages(work, base, traces_pages)
    record_written(work, files, traces_pages)
    texts.save()
    return notices


def refresh(work: Path, base: Path, forum: str) -> list[str]:
    """Write the register again if there is one; return notices and problems as lines.

    After a failed build the register is left as it is, because its inputs and the papers then differ.
    """
    if not can_refresh(work, base):
        return []
    problems = Problems()
    return write_register(work, base, forum, problems) or problems.lines()


def can_refresh(work: Path, base: Path) -> bool:
    """Whether there is a register, and the last build was complete."""
    return (base / PAGE).is_file() and is_complete(work)


def render_files(register: Register, base: Path, texts: SearchTexts) -> dict[str, bytes]:
    """Return path below `base` -> content of every file of the register but the traces pages, the page last.

    Only papers and other files that exist below `base` are linked.
    """
    return {
        TEXT: search_script(base, register.entries, texts),
        DATA: papers_json(register, base),
        FEED: feed_xml(register),
        PAGE: render_register(register, base),
    }


def traces_page(entry: RegisterEntry, register: Register, base: Path, unchanged: Collection[str]) -> bytes:
    """Return the page of a paper's figures, read from below `base` if it is up to date there.

    `unchanged` are the paths of the files that no one has edited, see `unchanged_files`.
    """
    if _is_up_to_date(entry, register, base, unchanged):
        return (base / entry.traces_page).read_bytes()
    return render_traces_page(entry, register, _LINK_FROM_TRACES_PAGE)


def _render_stale_traces_pages(register: Register, work: Path, base: Path) -> dict[str, bytes]:
    unchanged = unchanged_files(work, base)
    return {
        entry.traces_page: render_traces_page(entry, register, _LINK_FROM_TRACES_PAGE)
        for entry in register.entries
        if entry.trace and not _is_up_to_date(entry, register, base, unchanged)
    }


def _is_up_to_date(entry: RegisterEntry, register: Register, base: Path, unchanged: Collection[str]) -> bool:
    """Whether the traces page below `base` is not edited and would be rendered with the same content."""
    if entry.traces_page not in unchanged:
        return False
    with (base / entry.traces_page).open("rb") as file:
        return source_digest_comment(entry, register) in file.read(_HEAD)


def _remove_other_traces_pages(work: Path, base: Path, expected: Collection[str]) -> list[str]:
    """Remove the traces pages of papers that no longer have one; return notices of kept edits."""
    notices = []
    for page in sorted((base / TRACES_FOLDER).glob("*.html")):
        name = f"{TRACES_FOLDER}/{page.name}"
        if name not in expected and not is_edited_copy(page.name):
            notices += keep_edited_files(work, base, [name])
            page.unlink()
    return notices


def _copy_issued_papers(entries: Iterable[RegisterEntry], forum: str, work: Path, base: Path) -> list[str]:
    """Copy earlier papers, as they were issued, below the register; return notices of kept edits."""
    archive, record = archive_folder(forum), work / ISSUED / "record" / "issued.json"
    prefix = f"{ISSUED}/"
    earlier = [(e, e.file.removeprefix(prefix)) for e in entries if e.file.startswith(prefix)]
    if not earlier and not record.exists():
        return []
    delivery = Delivery(base / ISSUED, record)
    papers = [{"number": e.number, "title": e.title, "kind": e.kind, "file": file} for e, file in earlier]
    delivery.deliver([(paper, (archive / paper["file"]).read_bytes()) for paper in papers])
    return delivery.kept
