"""Where the words of a finding come from: the line or cell of the inputs, or the paragraph of the template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from python_calamine import CalamineError, CalamineWorkbook

from papers import safety
from papers.checks.words import lowercase
from papers.docx.package import PackageError
from papers.docx.texts import comparable, read_texts
from papers.inputs.xlsx_audit import column_letter
from papers.inputs.xlsx_open import CalaminePanic, calamine_errors
from papers.problems import Place

if TYPE_CHECKING:
    from collections.abc import Iterable


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
        with calamine_errors():
            sheets = _sheets(Path(file).read_bytes())
    except (CalamineError, OSError, safety.UnsafeFile, CalaminePanic):
        return  # `read` has told of it
    for sheet, rows in sheets.items():
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, str) and value:
                    yield Place(file, sheet, f"{column_letter(column)}{number}"), value, ""


def _sheets(data: bytes) -> dict[str, list[list]]:
    book = CalamineWorkbook.from_filelike(safety.as_zip(safety.read_zip(data)))
    names = book.sheet_names
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names}


_MARKUP = re.compile(r"[*^\\\"]")

_MOST_SHOWN = 3


def origin(around: list[str], made_from: Iterable[str], templates: Iterable[str]) -> str:
    """The places of a text; "" where none has it, as the program itself said it. `around`: before, in, behind it.

    The more of the text around is there too, the surer the place; the words alone count when nothing else is found.
    """
    before, words, behind = around
    if not words:
        return ""
    for near in (40, 15, 0):
        needle = _bare(before[len(before) - near :] + words + behind[:near]) if near else _bare(words)
        for files in (made_from, templates):
            found = [place for file in files for place in _places(file, needle)]
            if found:
                return _shown(found)
    return ""


def _places(file: str, needle: str) -> list[str]:
    """A sentence may go on in the next line; what stands wholly in the next line is told there."""
    return [
        str(place)
        for place, own, behind in _texts(file)
        if needle in f"{own} {behind}" and needle not in behind
    ]


@cache
def _texts(file: str) -> list[tuple[Place, str, str]]:
    """Place, text, and the text of the line behind it, of an input or a Word file."""
    if not file.endswith(".docx"):
        return [(place, _bare(own), _bare(behind)) for place, own, behind in texts_of(file)]
    try:
        pieces = read_texts(Path(file).read_bytes()).pieces
    except (PackageError, OSError):
        return []
    return [(Place(file, part=piece.where), _bare(piece.text), "") for piece in pieces]


def _bare(words: str) -> str:
    return lowercase(comparable(_MARKUP.sub("", words)))


def _shown(found: list[str]) -> str:
    more = f" and {len(found) - _MOST_SHOWN} more" if len(found) > _MOST_SHOWN else ""
    return "; ".join(found[:_MOST_SHOWN]) + more
