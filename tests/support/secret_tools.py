"""Search every byte below a folder, unpacked as far as possible, for planted words."""

from __future__ import annotations

import base64
import html
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pikepdf
import pymupdf

_ZIPPED = b"PK\x03\x04"
_ESCAPE = re.compile(rb"\\u([0-9a-fA-F]{4})")


def found_in(folder: Path, words: Iterable[str]) -> dict[str, list[str]]:
    """Return word -> the places that contain it: a path, and the entry of a package or the part of a PDF in it.

    Names and bytes are searched: as they are and in any case, in UTF-16, unescaped from HTML, JSON, URLs and base64,
    across tags; in packages within packages; in streams, strings and the text of PDFs.
    """
    words = list(words)
    found: dict[str, list[str]] = {word: [] for word in words}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        pieces = [(name, name.encode())] + ([] if path.is_dir() else list(opened(name, path.read_bytes())))
        for place, data in pieces:
            for word in words_in(data, words):
                found[word].append(place)
    return {word: list(dict.fromkeys(places)) for word, places in found.items() if places}


def words_in(data: bytes, words: Iterable[str]) -> list[str]:
    """Return which of these ASCII words the bytes contain, in any form."""
    readings = [reading.lower() for reading in _readings(data)]
    found = [word for word in words if any(word.lower().encode() in reading for reading in readings)]
    return found + [
        word for word in words if word not in found and any(form in data for form in _base64(word))
    ]


def opened(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the place and content of the data, and of everything packed in it."""
    yield name, data
    if data.startswith(_ZIPPED):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            yield f"{name}!comment", package.comment
            for entry in package.infolist():
                place = f"{name}!{entry.filename}"
                yield place, entry.filename.encode() + entry.extra + entry.comment
                yield from opened(place, package.read(entry))
    elif data.startswith(b"%PDF"):
        yield from _of_pdf(name, data)


def _of_pdf(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for at, one in enumerate(pdf.objects):
            yield f"{name}!object {at}", _strings(one)
            if isinstance(one, pikepdf.Stream):
                yield from opened(f"{name}!stream {at}", _stream(one))
    with pymupdf.open(stream=data, filetype="pdf") as pages:
        for at, page in enumerate(pages, 1):
            yield f"{name}!page {at}", page.get_text().encode()


def _stream(one: pikepdf.Stream) -> bytes:
    try:
        return one.read_bytes()
    except pikepdf.PdfError:  # a picture, whose own format is not unpacked
        return one.read_raw_bytes()


def _strings(one: object, depth: int = 0) -> bytes:
    """Return all strings and names of an object of a PDF, without following references."""
    if isinstance(one, (pikepdf.String, pikepdf.Name)):
        return str(one).encode() + b"\n"
    if depth and getattr(one, "is_indirect", False):
        return b""
    if isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
        return b"".join(str(key).encode() + b" " + _strings(one[key], depth + 1) for key in one.keys())  # noqa: SIM118
    if isinstance(one, pikepdf.Array):
        return b"".join(_strings(each, depth + 1) for each in one)
    return b""


def _readings(data: bytes) -> Iterator[bytes]:
    """Yield the bytes as they may be read: as text, as UTF-16, without tags, unescaped."""
    yield data
    if b"\0" in data:
        yield data.replace(b"\0", b"")  # UTF-16 in either order
    plain = re.sub(rb"<[^>]*>", b"", data) if b"<" in data else data
    yield plain  # a word may be split into several runs
    if b"%" in data:
        yield unquote_to_bytes(data)
    if b"&" in data:
        yield html.unescape(plain.decode("utf-8", "ignore")).encode()
    if b"\\u" in data:
        yield _ESCAPE.sub(lambda found: chr(int(found[1], 16)).encode("utf-8", "surrogatepass"), data)


@cache
def _base64(word: str) -> list[bytes]:
    """Return the part of a word's base64 that does not depend on its context, for each of three alignments."""
    forms = []
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + word.encode())
        forms.append(whole[(before * 8 + 5) // 6 : (before + len(word)) * 8 // 6])
    return forms
