"""Finds out on which page each heading of a paper stands: LibreOffice lays the paper out, its PDF tells.

Page numbers depend on LibreOffice and on the fonts of this machine. So they are found once, kept among the inputs, and
every build uses them; see papers.docx.toc.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from papers.docx.fill import Prepared, load_context
from papers.docx.locate import with_places
from papers.docx.toc import BOOKMARK
from papers.inputs.config import read_config
from papers.model.meetings import file_name
from papers.pdf.libreoffice import OfficeError, convert, find_libreoffice
from papers.problems import Problems
from papers.store.files import write_atomic
from papers.store.locks import HeldLock, LockTimeout, build_lock
from papers.store.processes import build_command

_NAME = re.compile(
    BOOKMARK.replace("_", "(?:_|5F)").format(r"\d{9}")
)  # 5F: how LibreOffice writes it in a PDF

_OPTIONS = {"ExportBookmarksToPDFDestination": True}


class PaginationError(Exception):
    """Page numbers that could not be found; told to the user as it is."""


@dataclass(frozen=True)
class Outlined:
    """A paper with a table of contents: its file, its headings, and the digest that their pages are found for."""

    number: str
    file: str
    made_for: str
    headings: list[str]


def outlined(work: Path) -> list[Outlined]:
    """The papers of the last build that have a table of contents."""
    found = []
    for name in sorted(json.loads((work / "contexts" / "index.json").read_bytes())):
        for paper in load_context(work / "contexts" / f"{name}.json")["papers"]:
            if paper["received"]:
                continue  # its pages are the sender's matter
            prepared = Prepared((work / "templates" / f"{paper['kind']}.prepared").read_bytes())
            if outline := prepared.outline(with_places(prepared, paper)):
                found.append(Outlined(paper["number"], paper["file"], *outline))
    return sorted(found, key=lambda paper: paper.number)


def laid_out(files: list[Path]) -> list[list[int]]:
    """For each .docx, the pages of its headings in order: one start of LibreOffice for all."""
    with tempfile.TemporaryDirectory() as folder:
        return [_pages(pdf) for pdf in convert(files, Path(folder), _OPTIONS)]


def _pages(pdf: Path) -> list[int]:
    """The pages, from 1, of the headings' bookmarks."""
    with pikepdf.open(pdf) as opened:
        order = {page.objgen: number for number, page in enumerate(opened.pages, 1)}
        names = opened.Root.get("/Names", {}).get("/Dests")
        found = pikepdf.NameTree(names) if names is not None else opened.Root.get("/Dests", {})
        pages = {name.lstrip("/"): order[_page_of(found[name]).objgen] for name in found}
    return [pages[name] for name in sorted(filter(_NAME.fullmatch, pages), key=lambda name: name[-9:])]


def _page_of(destination: pikepdf.Object) -> pikepdf.Object:
    if isinstance(destination, pikepdf.Dictionary):
        destination = destination["/D"]
    return destination[0]


def write_pages(folder: Path, paper: Outlined, pages: list[int]) -> bool:
    """Writes a paper's file of pages; False where it says the same already."""
    if len(pages) != len(paper.headings):
        counts = f"{len(pages)} of {len(paper.headings)} headings"
        raise PaginationError(f"{paper.number}: LibreOffice found {counts}; run make paginate again")
    place = folder / file_name(paper.number)
    lines = [
        "# On which page each heading stands. Written by make paginate, which finds it anew after a change of the text.",
        f"paper: {paper.number}",
        f'made_for: "{paper.made_for}"',
        "headings:",
        *(
            f"- {{page: {page}, text: {json.dumps(heading, ensure_ascii=False)}}}"
            for heading, page in zip(paper.headings, pages, strict=True)
        ),
    ]
    said = "\n".join(lines) + "\n"
    if place.is_file() and place.read_text(encoding="utf-8") == said:
        return False
    write_atomic(place, said.encode("utf-8"))
    return True


WORK, PAPERS = Path("outputs/work"), Path("outputs/papers")

MOST_PASSES = 3  # numbers are longer than none, so that a line may turn; more than that never settles


def run(verb: str, given: dict[str, str]) -> int:
    """Runs `paginate`, which takes no options; returns the exit code."""
    try:
        find_libreoffice()  # told before anything is built
        with build_lock("make paginate") as hold:
            return _paginated(hold)
    except (PaginationError, OfficeError, LockTimeout) as error:
        print(error, file=sys.stderr)
        return 1


def _paginated(hold: HeldLock) -> int:
    for _ in range(MOST_PASSES):
        if not _built(hold):
            return 1
        papers = outlined(WORK)
        if not papers:
            print("No paper has a table of contents.")
            return 0
        if not _written(papers):
            print(*(f"{p.number}: {len(p.headings)} headings" for p in papers), sep="\n")
            print("The pages are found. Keep the files in inputs with the others.")
            return 0
    print("The pages still changed after three passes: see the papers' tables of contents.", file=sys.stderr)
    return 1


def _built(hold: HeldLock) -> bool:
    """Builds the papers; what goes wrong is told as by make."""
    done = subprocess.run(build_command(), capture_output=True, text=True, check=False, **hold.for_child)
    if done.returncode:
        print(done.stdout, done.stderr, sep="", end="", file=sys.stderr)
    return done.returncode == 0


def _written(papers: list) -> bool:
    """Whether a page has changed since the last pass."""
    forum = read_config(Path("config.yaml"), Problems()).forum
    pages = laid_out([PAPERS / paper.file for paper in papers])
    folder = Path("inputs") / forum / "pages"
    changed = [
        write_pages(folder, *found) for found in zip(papers, pages, strict=True)
    ]  # all, not up to the first
    return any(changed)
