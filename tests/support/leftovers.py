"""Find what a paper prints about nothing: headings, tables, captions and beginnings of lists with nothing after them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from docx.oxml.ns import qn
from lxml import etree
from papers.docx.package import Package
from word_tools import words

_LISTED = ("ListBullet", "ListNumber", "ListRoman", "ListBullet2")


@dataclass(frozen=True)
class Part:
    """A paragraph or a table of a document's body. `level` is that of a heading; 0 for anything else."""

    element: etree._Element
    style: str
    text: str
    level: int = 0

    @property
    def is_table(self) -> bool:
        return self.element.tag == qn("w:tbl")

    @property
    def has_drawing(self) -> bool:
        return next(self.element.iter(qn("w:drawing")), None) is not None


def parts_of_body(file: Path) -> list[Part]:
    """Return the paragraphs and tables of a paper that show something, without the cover and table of contents."""
    package = Package.read(file.read_bytes())
    body = package.xml(package.main)[0]
    found = [_part(element) for element in body if element.tag in (qn("w:p"), qn("w:tbl"))]
    first = next(at for at, element in enumerate(body) if element.find(_BREAK) is not None) + 1
    shown = (part for part in found[first:] if part.text or part.has_drawing or part.is_table)
    return [part for part in shown if not part.style.startswith("TOC")]


_BREAK = f"{qn('w:pPr')}/{qn('w:sectPr')}"


def _part(element: etree._Element) -> Part:
    named = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    style = "" if named is None else named.get(qn("w:val"))
    level = int(style[-1]) if style[:-1] == "Heading" else 0
    return Part(element, style, words(element), level)


def leftovers(file: Path) -> list[str]:
    """Return a line for each heading, caption or beginning of a list with nothing after it, and each empty table."""
    parts = parts_of_body(file)
    return [
        f"{fault}: {part.text[:80]}"
        for part, after in zip(parts, [*parts[1:], None], strict=True)
        for fault in _faults(part, after)
    ]


def _faults(part: Part, after: Part | None) -> Iterator[str]:
    ends = after is None or after.level > 0
    if part.level and (after is None or 0 < after.level <= part.level):
        yield "a heading without text"
    if part.style == "Title" and after is None:
        yield "a title without text"
    if part.style == "Caption" and (after is None or not (after.is_table or after.has_drawing)):
        yield "a caption without table or chart"
    if part.text.endswith(":") and not part.level and (ends or after.style not in _LISTED):
        yield "a list without items"
    rows = part.element.findall(qn("w:tr"))
    heads = [row for row in rows if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None]
    if part.is_table and len(heads) == len(rows):
        yield "a table without rows"


def narrow_columns(file: Path, least: int) -> list[str]:
    """Return the widths of columns below `least` twentieths of a point, and of tables wider than their page."""
    package = Package.read(file.read_bytes())
    found, width = [], 0
    for element in reversed(package.xml(package.main)[0]):
        section = element if element.tag == qn("w:sectPr") else element.find(_BREAK)
        if section is not None:
            width = _text_width(section)
        if element.tag == qn("w:tbl"):
            columns = [int(column.get(qn("w:w"))) for column in element.iter(qn("w:gridCol"))]
            found += [f"{column}: {words(element)[:60]}" for column in columns if column < least]
            found += [f"{sum(columns)} on {width}: {words(element)[:60]}"] if sum(columns) > width else []
    return found


def _text_width(section: etree._Element) -> int:
    page, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
    return int(page.get(qn("w:w"))) - sum(int(margins.get(qn(f"w:{side}"))) for side in ("left", "right"))
