"""`make paginate`: find the page of each heading in the papers that have a table of contents.

LibreOffice lays the papers out, and the pages are read from its PDFs. Page numbers depend on LibreOffice
and on the fonts of the computer. So they are found once, kept as inputs, and used by every build; see
papers.docx.toc. `make issue`, `make package` and `make pdf` find those that are missing, see `find_missing_pages`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf

from papers.docx.fill import load_context, read_prepared
from papers.docx.locate_tags import with_places
from papers.docx.toc import BOOKMARK
from papers.errors import UserError
from papers.inputs.forums import configured_forums
from papers.model.contents_pages import pages_file_name
from papers.pdf.libreoffice import OfficeError, convert, find_libreoffice
from papers.problems import Problems
from papers.store.files import write_atomic
from papers.store.locks import build_lock
from papers.store.processes import UTF8, build_command
from papers.store.work_files import blank_contents, kinds_by_meeting, prepared_folder, work_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from papers.store.locks import HeldLock

PAPERS = Path("outputs/papers")
# A number takes more space than none, so that lines may wrap in the second pass; the third changes little.
_MAX_PASSES = 3
_KEEP = "Keep the new files in inputs/ with your other inputs."
_STILL_CHANGE = (
    f"Found page numbers that still change after {_MAX_PASSES} passes; expected them to stay the same."
    " Check the tables of contents of the papers in Word."
)
_BOOKMARK_IN_PDF = re.compile(
    BOOKMARK.replace("_", "(?:_|5F)").format(r"\d{9}")  # 5F: how LibreOffice may write "_" in a PDF
)
_EXPORT_OPTIONS = {"ExportBookmarksToPDFDestination": True}


@dataclass(frozen=True)
class PaperWithContents:
    """A paper with a table of contents.

    `file` is its path below outputs/papers, `made_for` the digest of what it is laid out from.
    """

    number: str
    file: str
    made_for: str
    headings: list[str]


def run(verb: str, options: dict[str, str]) -> int:
    """Run `paginate` for the forum of `options`, or for all of config.yaml; return the exit code."""
    find_libreoffice()  # reports a missing LibreOffice before anything is built
    problems = Problems()
    forums = [options["forum"]] if "forum" in options else configured_forums(problems)
    print(*problems.lines(), sep="\n", end="\n" if problems else "", file=sys.stderr)
    with build_lock("make paginate") as lock:
        codes = [_paginate(forum, lock) for forum in forums]
    return max(codes, default=1)


def _paginate(forum: str, lock: HeldLock) -> int:
    """Build and find pages until they no longer change; return the exit code."""
    for _ in range(_MAX_PASSES):
        if not build_quietly(forum, lock):
            return 1
        papers = papers_with_contents(work_folder(forum))
        if not papers:
            print("No paper that is not issued yet has a table of contents.")
            return 0
        if not _write_changed_pages(forum, papers):
            print(*(f"{p.number}: {len(p.headings)} headings" for p in papers), sep="\n")
            print(f"All pages are found. {_KEEP}")
            return 0
    print(_STILL_CHANGE, file=sys.stderr)
    return 1


def find_missing_pages(forum: str, is_about: Callable[[str, str], bool], build: Callable[[], bool]) -> bool:
    """Find the pages of papers whose table of contents is blank, and build them again; return whether builds succeeded.

    `is_about(number, meeting)` says which papers are meant; issued ones, and so frozen ones, stay as they are. `build`
    builds the forum's papers again. If LibreOffice is missing or fails, a line says so and the tables stay blank. Needs the
    lock of outputs.
    """
    blank = blank_contents(work_folder(forum))
    numbers = {number for number, meeting in blank.items() if is_about(number, meeting)}
    if not numbers:
        return True
    try:
        return _find_pages_of(forum, numbers, build)
    except OfficeError as error:
        listed = ", ".join(sorted(numbers))
        print(f"Page numbers for the table of contents of {listed} were not found. {error}", file=sys.stderr)
        return True


def _find_pages_of(forum: str, numbers: Collection[str], build: Callable[[], bool]) -> bool:
    for _ in range(_MAX_PASSES):
        papers = papers_with_contents(work_folder(forum), numbers)
        if not _write_changed_pages(forum, papers):
            found = ", ".join(paper.number for paper in papers)
            print(f"Page numbers for the table of contents of {found} were found. {_KEEP}")
            return True
        if not build():
            return False
    print(_STILL_CHANGE, file=sys.stderr)
    return True


def build_quietly(forum: str, lock: HeldLock, *targets: str) -> bool:
    """Build the papers, or some targets, with the output of make if that fails; return whether it succeeded."""
    build = subprocess.run(
        build_command(forum, targets=targets),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        **lock.for_child(**UTF8),
    )
    if build.returncode:
        print(build.stdout, build.stderr, sep="", end="", file=sys.stderr)
    return build.returncode == 0


def _write_changed_pages(forum: str, papers: list[PaperWithContents]) -> bool:
    """Find the pages of these papers and write them; return whether one has changed."""
    folder = Path("inputs") / forum / "pages"
    pages = find_heading_pages([PAPERS / paper.file for paper in papers])
    changed = [write_pages(folder, paper, found) for paper, found in zip(papers, pages, strict=True)]
    return any(changed)


def papers_with_contents(work: Path, numbers: Collection[str] | None = None) -> list[PaperWithContents]:
    """Return the papers of the last build with a table of contents, but none received from others or issued.

    `numbers` are the papers that may be returned; by default all. An issued paper keeps the page numbers with which
    it was issued.
    """
    found = []
    for meeting in sorted(kinds_by_meeting(work / "contexts")):
        for paper in load_context(work / "contexts" / f"{meeting}.json")["papers"]:
            if paper["received"] or paper["issued"]:
                continue
            if numbers is not None and paper["number"] not in numbers:
                continue
            prepared = read_prepared(prepared_folder(work) / f"{paper['kind']}.prepared")
            if outline := prepared.outline(with_places(prepared, paper)):
                found.append(PaperWithContents(paper["number"], paper["file"], *outline))
    return sorted(found, key=lambda paper: paper.number)


def find_heading_pages(files: list[Path]) -> list[list[int]]:
    """Return, for each .docx, the pages of its headings in order, with one start of LibreOffice for all."""
    with tempfile.TemporaryDirectory() as folder:
        return [_bookmark_pages(pdf) for pdf in convert(files, Path(folder), _EXPORT_OPTIONS)]


def _bookmark_pages(pdf: Path) -> list[int]:
    """Return the pages, counted from 1, of the headings' bookmarks."""
    try:
        return _pages_in(pdf)
    except pikepdf.PdfError as error:
        raise OfficeError(
            f"LibreOffice: found a broken PDF ({error}); expected a whole one. Run the same command again."
        ) from error


def _pages_in(pdf: Path) -> list[int]:
    with pikepdf.open(pdf) as document:
        page_numbers = {page.objgen: number for number, page in enumerate(document.pages, 1)}
        names = document.Root.get("/Names", {}).get("/Dests")
        found = pikepdf.NameTree(names) if names is not None else document.Root.get("/Dests", {})
        pages = {name.lstrip("/"): page_numbers[_page_of(found[name]).objgen] for name in found}
    bookmarks = filter(_BOOKMARK_IN_PDF.fullmatch, pages)
    return [pages[name] for name in sorted(bookmarks, key=lambda name: name[-9:])]


def _page_of(destination: pikepdf.Object) -> pikepdf.Object:
    if isinstance(destination, pikepdf.Dictionary):
        destination = destination["/D"]
    return destination[0]


def write_pages(folder: Path, paper: PaperWithContents, pages: list[int]) -> bool:
    """Write a paper's file of pages; return whether it changed. UserError if a heading has no page."""
    if len(pages) != len(paper.headings):
        raise UserError(
            f"{paper.number}: found the pages of {len(pages)} of {len(paper.headings)} headings; expected all."
            " Run make paginate again."
        )
    place = folder / pages_file_name(paper.number)
    lines = [
        "# The page of each heading. Written by make paginate; run it again after a change of the text.",
        f"paper: {paper.number}",
        f'made_for: "{paper.made_for}"',
        "headings:",
        *(
            f"- {{page: {page}, text: {json.dumps(heading, ensure_ascii=False)}}}"
            for heading, page in zip(paper.headings, pages, strict=True)
        ),
    ]
    text = "\n".join(lines) + "\n"
    if place.is_file() and place.read_text(encoding="utf-8") == text:
        return False
    write_atomic(place, text.encode("utf-8"))
    return True
