"""Pictures that Markdown names: PNG and JPEG files below a forum's folder, within the limits of safety.py."""

from __future__ import annotations

import posixpath
import struct
import zlib
from typing import TYPE_CHECKING

from papers import safety
from papers.problems import Place, Problems, quoted
from papers.store.files import digest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from papers.richtext import PictureData

_PNG, _JPEG, _JPEG_END = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\xff\xd9"
_EMU_PER_INCH, _METRES_PER_INCH, _USUAL_DOTS = 914_400, 0.0254, (96.0, 96.0)
_EXPECTED = "a picture of the type PNG or JPEG"
_SAVE = "Open it in a program for pictures and save it as PNG or JPEG."


def read_picture(
    root: Path, text: str, name: str, alt: str, place: Place, problems: Problems
) -> PictureData | None:
    """Return the picture that the Markdown file `text` names, or None and a problem at `place`.

    `text` is relative to the project's folder `root`, `name` to the folder of `text`. The size is that of the file, in
    EMU.
    """
    file = _path(text, name)
    if not file:
        found, expected = (
            f"the picture {quoted(name)}",
            f"a file below {_base(text)}, such as figures/chart.png",
        )
        todo = "Put the picture there and write its path from the folder of this file, with forward slashes."
        problems.add(place, "picture-path", found, expected, todo)
        return None
    if not (root / file).is_file():
        found = f"the picture {file}, which does not exist"
        todo = "Add the file, or correct the path; it begins in the folder of this file."
        problems.add(place, "no-picture", found, "a file that exists", todo)
        return None
    try:
        data = safety.read_bytes(root / file, safety.MAX_PICTURE)
        size = _size(data)
    except safety.UnsafeFile as refused:
        todo = "Save it with fewer pixels." if refused.kind == "too-large" else _SAVE
        problems.add(Place(file), refused.kind, refused.found, refused.expected, todo)
    except OSError as error:
        found = f"a picture that cannot be opened ({error.strerror or error})"
        problems.add(Place(file), "unreadable", found, _EXPECTED, "Close it in other programs.")
    else:
        return {"alt": alt, "file": file, "sha256": digest(data), "size": size}
    return None


def _base(text: str) -> str:
    """The folder of the forum that a file belongs to."""
    return "/".join(text.split("/")[:-1][:2]) or "inputs"


def _path(text: str, name: str) -> str:
    """The path of a picture from the project's folder; "" if it would lead out of the forum's folder."""
    if name.startswith("/") or {"\\", ":"} & {*name} or not name:
        return ""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(text), name))
    return path if _base(text) == "inputs" or path.startswith(f"{_base(text)}/") else ""


def _size(data: bytes) -> list[int]:
    """Width and height in EMU; raise UnsafeFile for what is no whole picture, or one with too many pixels."""
    if not _is_whole(data):
        raise safety.UnsafeFile("damaged", "a file that is no PNG or JPEG, or not all of it", _EXPECTED)
    pixels, dots = _png_size(data) if data.startswith(_PNG) else _jpeg_size(data)
    number = pixels[0] * pixels[1]
    if not 0 < number <= safety.MAX_PIXELS:
        expected = f"at most {safety.MAX_PIXELS:,} pixels, and one at least"
        raise safety.UnsafeFile("too-large", f"a picture of {number:,} pixels", expected)
    return [
        max(1, round(side * _EMU_PER_INCH / per_inch)) for side, per_inch in zip(pixels, dots, strict=True)
    ]


def _png_size(data: bytes) -> tuple[tuple[int, int], tuple[float, float]]:
    """Pixels and dots per inch of a PNG, both as width and height."""
    chunks = dict(reversed(list(_chunks(data))))  # of each kind the first
    if len(chunks.get(b"IHDR", b"")) < 8:
        raise safety.UnsafeFile("damaged", "a PNG without its header", _EXPECTED)
    pixels = struct.unpack(">II", chunks[b"IHDR"][:8])
    wide, high, unit = struct.unpack(">IIB", chunks.get(b"pHYs", b"")[:9].ljust(9, b"\0"))
    dots = (wide * _METRES_PER_INCH, high * _METRES_PER_INCH)
    return pixels, dots if unit == 1 and min(dots) >= 1 else _USUAL_DOTS


def _jpeg_size(data: bytes) -> tuple[tuple[int, int], tuple[float, float]]:
    """Pixels and dots per inch of a JPEG, both as width and height."""
    at, dots = 2, _USUAL_DOTS
    while at + 9 < len(data) and data[at] == 0xFF:
        kind, (length,) = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])
        content = data[at + 4 : at + 2 + length]
        if kind == 0xE0 and content.startswith(b"JFIF\0") and len(content) >= 12:
            unit, wide, high = struct.unpack(">BHH", content[7:12])
            factor = {1: 1.0, 2: 2.54}.get(unit, 0)
            dots = (wide * factor, high * factor) if factor and wide and high else _USUAL_DOTS
        elif 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC) and len(content) >= 5:
            high, wide = struct.unpack(">HH", content[1:5])
            return (wide, high), dots
        at += 2 + length
    raise safety.UnsafeFile("damaged", "a JPEG without its size", _EXPECTED)


def _is_whole(data: bytes) -> bool:
    """Whether the file has the parts of a picture from the first to the last."""
    if data.startswith(_JPEG):
        return data.rstrip(b"\0").endswith(_JPEG_END)
    return data.startswith(_PNG) and any(kind == b"IEND" for kind, _ in _chunks(data))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and content of each chunk of a PNG, up to the first that is damaged."""
    at = len(_PNG)
    while at + 12 <= len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        content, check = data[at + 4 : at + 8 + length], data[at + 8 + length : at + 12 + length]
        if len(check) < 4 or zlib.crc32(content) != struct.unpack(">I", check)[0]:
            return
        yield content[:4], content[4:]
        at += 12 + length
