"""Finds out on which page each heading of a paper stands: LibreOffice lays the paper out, its PDF tells.

Page numbers depend on LibreOffice and on the fonts of this machine. So they are found once, kept among the inputs, and
every build uses them; see papers.word.headings.
"""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from papers.issuing.delivering import write_whole
from papers.issuing.libreoffice import convert
from papers.model.pages import file_name
from papers.word.filling import Prepared, load_context
from papers.word.headings import BOOKMARK

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
            if outline := prepared.outline(paper):
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
    write_whole(place, said.encode("utf-8"))
    return True
