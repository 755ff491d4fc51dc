"""Open PDFs that others sent, within limits: counts and sizes, so that every computer draws the same line.

pikepdf (qpdf) keeps loops, nesting and damage within bounds by itself; it has no bound for how much a stream
unpacks to, and none for the number of objects.
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Array, Dictionary, Pdf, Stream, String, settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


MOST_OBJECTS = 300_000  # of a file; a paper of 300 pages has 10,000
MOST_VALUES = 1_500_000  # entries of all its dictionaries and arrays
MOST_PAGES = 5_000
DEEPEST = 50  # levels of dictionaries and arrays within an object
LARGEST_STREAM = 50_000_000  # bytes that a stream may have when it is unpacked
MOST_CONTENT = 100_000_000  # bytes of what all pages draw, unpacked
MOST_WARNINGS = 1_000
_MOST_FILTERS = 4  # of a stream: packed, and written as text
_MOST_ENTRIES = 500_000  # of one dictionary or array, while it is parsed
_LZW_GROWS = 2_600  # times that LZW, which qpdf does not bound, may grow when it is unpacked
_LIMITS = {
    "doc_max_warnings": MOST_WARNINGS,
    "parser_max_nesting": 100,
    "parser_max_container_size": _MOST_ENTRIES,
    "parser_max_container_size_damaged": 5_000,
    "max_stream_filters": _MOST_FILTERS,
    "flate_max_memory": LARGEST_STREAM,
    "png_max_memory": LARGEST_STREAM,
    "run_length_max_memory": LARGEST_STREAM,
    "tiff_max_memory": LARGEST_STREAM,
    "dct_max_memory": LARGEST_STREAM,
}
_CONTAINERS = (Dictionary, Array, Stream)
FAULTS = (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError)


class PdfLimit(Exception):
    """A PDF beyond a limit; the message is what was found, such as "more than 5,000 pages"."""


@contextmanager
def opened_pdf(data: bytes) -> Iterator[Pdf]:
    """Open a PDF within the limits.

    Raise PdfLimit beyond one of them, pikepdf.PasswordError if it is encrypted, and one of FAULTS if it is damaged.
    """
    before, exceeded = settings.set_qpdf_limits(**_LIMITS), settings.qpdf_limit_errors()
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                raise pikepdf.PasswordError
            _check_pages(pdf)
            yield pdf
    except FAULTS as error:
        if settings.qpdf_limit_errors() > exceeded or is_beyond_a_limit(error):
            raise beyond_qpdf() from error
        raise
    finally:
        settings.set_qpdf_limits(**before)
    if settings.qpdf_limit_errors() > exceeded:
        raise beyond_qpdf()


def _check_pages(pdf: Pdf) -> None:
    if len(pdf.pages) > MOST_PAGES:
        raise PdfLimit(f"more than {MOST_PAGES:,} pages")


def is_beyond_a_limit(error: object) -> bool:
    """Return whether an error or a warning of qpdf is about one of the limits."""
    return "memory" in str(error) and "exceeded" in str(error)


def beyond_qpdf() -> PdfLimit:
    """Return the error of a PDF that is beyond a limit of qpdf, which does not say which one."""
    return PdfLimit(
        f"a part of more than {LARGEST_STREAM // 1_000_000} MB when unpacked, or lists without end in it"
    )


def dictionaries(pdf: Pdf) -> Iterator[tuple[dict[str, Any], bool]]:
    """Yield every dictionary of the file, and whether it is that of a stream, also of objects that nothing refers to.

    Each object is visited once, so that loops end. Raise PdfLimit beyond a limit.
    """
    objects = list(pdf.objects)
    if len(objects) > MOST_OBJECTS:
        raise PdfLimit(f"more than {MOST_OBJECTS:,} objects")
    visited = 0
    for start in [pdf.trailer, *objects]:
        pending: list[tuple[Any, int]] = [(start, 0)] if isinstance(start, _CONTAINERS) else []
        while pending:
            item, depth = pending.pop()
            if depth > DEEPEST:
                raise PdfLimit(f"an object with more than {DEEPEST} levels")
            visited += len(item.keys()) if isinstance(item, Stream) else len(item)
            if visited > MOST_VALUES:
                raise PdfLimit(f"more than {MOST_VALUES:,} entries of dictionaries and lists")
            if isinstance(item, (Dictionary, Stream)):
                entry = dict(item.items())
                yield entry, isinstance(item, Stream)
                values: Iterable[Any] = entry.values()
            else:
                values = item if isinstance(item, Array) else ()
            pending += [(value, depth + 1) for value in values if _is_direct_container(value)]


def _is_direct_container(value: object) -> bool:
    return isinstance(value, (Array, Dictionary)) and not value.is_indirect


def words(value: object) -> str:
    """Return a name or a string as text without its slash, "" for anything else."""
    if isinstance(value, pikepdf.Name):
        return str(value).removeprefix("/")
    return str(value) if isinstance(value, String) else ""


def name(dictionary: Mapping[str, Any], key: str) -> str:
    """Return the name that a dictionary has under a key, such as "/Link"; "" if there is none."""
    value = dictionary.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""


def unpacked(stream: Stream) -> bytes:
    """Return the bytes of a stream. Raise PdfLimit if they cannot be kept below LARGEST_STREAM."""
    filters = stream.get("/Filter", [])
    names = [str(one) for one in filters] if isinstance(filters, Array) else [str(filters)]
    if "/LZWDecode" in names and len(stream.read_raw_bytes()) * _LZW_GROWS > LARGEST_STREAM * 20:
        raise PdfLimit("a page in an old way of packing (LZW) that is too large to be unpacked safely")
    return stream.read_bytes()
