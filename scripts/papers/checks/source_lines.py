"""Find where the text of a finding comes from: lines and cells of inputs, or paragraphs of templates."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from papers.characters import with_plain_signs
from papers.checks.words import lowercase
from papers.docx.package import PackageError
from papers.docx.texts import read_texts
from papers.inputs.xlsx_cells import column_letter
from papers.inputs.xlsx_open import read_all_sheets
from papers.problems import Place
from papers.store.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from papers.checks.raw_findings import Excerpt

_MARKUP = re.compile(r"[*^\\\"]")
_MOST_SHOWN = 3
_CONTEXTS = (40, 15, 0)  # characters before and after the words that have to agree, the surest first


def find_origin(around: Excerpt, inputs: Iterable[str], templates: Iterable[str]) -> str:
    """Return the places of a text in the files, "" where it is in none, as for words that the program writes.

    Inputs come before templates. The places with the longest common context are returned.
    """
    if not around.words:
        return ""
    for length in _CONTEXTS:
        text = _text_with_context(around, length)
        for files in (inputs, templates):
            found = [place for file in files for place in _places(file, text)]
            if found:
                return _shown(found)
    return ""


def _text_with_context(around: Excerpt, length: int) -> str:
    before = around.before[-length:] if length else ""
    return _folded(before + around.words + around.after[:length])


def _places(file: str, text: str) -> list[str]:
    """Return the places that hold a text, which may go on in the next line."""
    return [
        str(place)
        for place, line, next_line in _texts(file)
        if text in f"{line} {next_line}" and text not in next_line  # that is found with the next line
    ]


@cache
def _texts(file: str) -> list[tuple[Place, str, str]]:
    """Return place, text, and text of the next line of everything in an input or a Word file, folded."""
    if not file.endswith(".docx"):
        return [(place, _folded(text), _folded(next_line)) for place, text, next_line in texts_of(file)]
    try:
        pieces = read_texts(read_bytes(file)).pieces
    except (PackageError, OSError):
        return []
    return [(Place(file, part=piece.where), _folded(piece.text), "") for piece in pieces]


def texts_of(file: str) -> Iterator[tuple[Place, str, str]]:
    """Yield (place, text, text of the next line) of each line of a text file or cell of a workbook.

    A cell has no next line. Other files yield nothing.
    """
    path = Path(file)
    if path.suffix == ".xlsx":
        yield from _cells(file)
    elif path.suffix in (".yaml", ".md", ".csv"):
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        for number, line in enumerate(lines, 1):
            next_line = lines[number] if number < len(lines) else ""
            yield Place(file, line=number), line, next_line


def _cells(file: str) -> Iterator[tuple[Place, str, str]]:
    for sheet, rows in read_all_sheets(Path(file)):
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, str) and value:
                    yield Place(file, sheet, f"{column_letter(column)}{number}"), value, ""


def _folded(words: str) -> str:
    """Return a text as it is compared: without Markdown's marks, in small letters."""
    return lowercase(with_plain_signs(_MARKUP.sub("", words)))


def _shown(found: list[str]) -> str:
    more = f" and {len(found) - _MOST_SHOWN} more" if len(found) > _MOST_SHOWN else ""
    return "; ".join(found[:_MOST_SHOWN]) + more
