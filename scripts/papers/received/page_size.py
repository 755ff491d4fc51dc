"""The size of a received paper's pages, compared with that of its cover: paper of two sizes can't be printed as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.received.pdf_reader import opened_pdf

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docx.document import Document

    from papers.docx.package import Package

Size = tuple[
    float, float
]  # shorter and longer side in mm, so that a landscape page has the size of an upright one

# Other sizes are those of slides, which nobody prints on paper of their size.
_PAPER = {"A3": (297, 420), "A4": (210, 297), "A5": (148, 210), "Letter": (216, 279), "Legal": (216, 356)}
_TOLERANCE = 2  # mm
_MM_PER_TWIP, _MM_PER_POINT, _UNITS = 25.4 / 1440, 25.4 / 72, {"mm": 1.0, "cm": 10.0, "in": 25.4}
_DEFAULT = ("12240", "15840")  # twips: of a section that states no size, as Word takes it
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def sizes_of_word(package: Package) -> set[str]:
    """Return the names of the paper sizes of a Word file's sections; other sizes are left out."""
    found = []
    for section in package.xml(package.main).iter(f"{_W}sectPr"):
        size = section.find(f"{_W}pgSz")
        width, height = (
            default if size is None else size.get(f"{_W}{key}", default)
            for key, default in zip("wh", _DEFAULT, strict=True)
        )
        found.append((_mm(width), _mm(height)))
    return _names(found)


def _mm(length: str) -> float:
    """Return a length in mm, given in twips or, in strict files, with a unit; 0 if it is neither."""
    unit = length[-2:]
    try:
        return float(length[:-2]) * _UNITS[unit] if unit in _UNITS else float(length) * _MM_PER_TWIP
    except ValueError:
        return 0


def sizes_of_pdf(data: bytes) -> set[str]:
    """Return the names of the paper sizes of a PDF's pages; other sizes are left out. Errors as in `opened_pdf`."""
    with opened_pdf(data) as pdf:
        boxes = [[float(number) for number in page.cropbox] for page in pdf.pages]
    points = ((abs(right - left), abs(top - bottom)) for left, bottom, right, top in boxes)
    return _names((width * _MM_PER_POINT, height * _MM_PER_POINT) for width, height in points)


def size_of_cover(cover: Document) -> str:
    """Return the name of the cover's paper size, "" if it is no usual one."""
    section = cover.sections[0]
    sides = (section.page_width, section.page_height)
    return next(iter(_names([(sides[0].mm, sides[1].mm)] if all(sides) else [])), "")


def _names(sizes: Iterable[Size]) -> set[str]:
    return {name for sides in sizes for name, paper in _PAPER.items() if _is(sides, paper)}


def _is(sides: Size, paper: Size) -> bool:
    return all(
        abs(side - expected) <= _TOLERANCE for side, expected in zip(sorted(sides), paper, strict=True)
    )


def page_size_notice(number: str, sizes: set[str], cover: str) -> str:
    """Return a notice if a paper with these sizes has another one than its cover, else ""."""
    others = sorted(sizes - {cover})
    if not cover or not others:
        return ""
    found = f"{number}: found pages of the size {' and '.join(others)} behind a cover of the size {cover}"
    return f"{found}; expected {cover}. Ask for the paper in {cover}, or issue it as it is."
