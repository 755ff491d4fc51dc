"""The texts of any input as lines and cells, to find where a finding in a paper comes from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from papers.problems import Place
from papers.reading import limits
from papers.reading.panics import Panic, without_panic
from papers.reading.sheet_xml import letter


def texts_of(file: str) -> Iterator[tuple[Place, str, str]]:
    """(place, text, the line behind it) of each line, or of each cell with text, which has nothing behind it.

    Nothing of a file that is neither text nor workbook.
    """
    path = Path(file)
    if path.suffix == ".xlsx":
        yield from _cells(file)
    elif path.suffix in (".yaml", ".md", ".csv"):
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        for number, line in enumerate(lines, 1):
            following = lines[number] if number < len(lines) else ""
            yield Place(file, line=number), line, following


def _cells(file: str) -> Iterator[tuple[Place, str, str]]:
    try:
        with without_panic():
            sheets = _sheets(Path(file).read_bytes())
    except (CalamineError, OSError, limits.Refused, Panic):
        return  # `read` has told of it
    for sheet, rows in sheets.items():
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, str) and value:
                    yield Place(file, sheet, f"{letter(column)}{number}"), value, ""


def _sheets(data: bytes) -> dict[str, list[list]]:
    book = CalamineWorkbook.from_filelike(limits.packed(limits.parts_of(data)))
    names = book.sheet_names
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names}
