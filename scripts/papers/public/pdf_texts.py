"""The text of a PDF that others sent, to search it for words: of its pages, bookmarks, comments and properties."""

from __future__ import annotations

import io
import shutil
import subprocess
from typing import TYPE_CHECKING

import pikepdf

from papers.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

READER = "pdftotext"  # of poppler
_SECONDS = 60


def texts_of_pdf(data: bytes) -> Iterator[str]:
    """Yield the text of the pages of a PDF, the texts of its objects, and its metadata.

    Text in pictures is not read. Raise UserError where pdftotext is missing or fails; the message is a clause.
    """
    yield _text_of_pages(data)
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            for one in (pdf.trailer, *pdf.objects):
                yield from _strings_of(one)
            if "/Metadata" in pdf.Root:
                yield pdf.Root.Metadata.read_bytes().decode("utf-8", "replace")
    except pikepdf.PdfError as error:
        raise UserError("a part of it cannot be read; ask for it again, printed to PDF") from error


def _text_of_pages(data: bytes) -> str:
    program = shutil.which(READER)
    if program is None:
        raise UserError(
            f"{READER} is missing, which searches it for restricted titles; install poppler-utils"
        )
    try:
        done = subprocess.run(
            [program, "-enc", "UTF-8", "-", "-"],
            input=data,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise UserError(f"{READER} cannot read it; ask for it again, printed to PDF") from error
    return done.stdout.decode("utf-8", "replace")


def _strings_of(one: object) -> Iterator[str]:
    """Yield the texts in an object, without those of the objects that it refers to."""
    todo = [one]
    while todo:
        value = todo.pop()
        if isinstance(value, pikepdf.String):
            yield str(value)
        elif isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
            todo += [inner for _, inner in value.items() if not _is_reference(inner)]
        elif isinstance(value, pikepdf.Array):
            todo += [inner for inner in value if not _is_reference(inner)]


def _is_reference(value: object) -> bool:
    return isinstance(value, pikepdf.Object) and value.is_indirect
