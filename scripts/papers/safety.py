"""How much a file that others made may hold: workbooks, templates, papers and texts, before any library opens them.

Everything is read here once, within these limits, and what was read is what everybody else gets: a library that read the
file itself could see other parts than were looked at, as readers of zips differ in what they believe of a crooked one.
See docs/trust.md.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

MOST_PACKED = 50_000_000  # bytes of the file as it lies there
MOST_UNPACKED = 200_000_000  # bytes of all parts together, pictures mostly; a real workbook has below 1 MB
MOST_PARTS = 5_000
MOST_XML = 50_000_000  # bytes of one XML part; a paper of 300 pages has 5 MB
MOST_MARKS = (
    2_000_000  # signs < and = in one XML part, so elements and attributes: each takes memory and time
)
MOST_TEXT = 1_000_000  # bytes of a YAML or Markdown file; 500 pages of a book
_METHODS = (
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
)  # all that Office writes; others can't be unpacked step by step
_XML = (".xml", ".rels", ".vml")
_TYPES = [
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("ascii", "utf-16-le", "utf-16-be")
]


class UnsafeFile(Exception):
    """A zip that is too much, or is not what it says. `kind` is too-large or damaged."""

    def __init__(self, kind: str, found: str, expected: str):
        super().__init__(found)
        self.kind, self.found, self.expected = kind, found, expected


def read_zip(data: bytes) -> dict[str, bytes]:
    """The parts of a zip by name; Refused where it goes beyond a limit, is damaged, or is made to deceive."""
    if len(data) > MOST_PACKED:
        raise _too_large(_mb(len(data)), _mb(MOST_PACKED))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = [entry for entry in package.infolist() if not entry.is_dir()]
            _check_entries(entries)
            parts = {entry.filename: _unpacked(package, entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
        raise _damaged(str(error)) from error
    for name, content in parts.items():
        if name.lower().endswith(_XML):
            _check_xml(name, content)
    return parts


def read_text(path: Path) -> str:
    """A text in UTF-8, with or without its mark; Refused, OSError or UnicodeDecodeError where it can't be had."""
    with path.open("rb") as file:
        data = file.read(MOST_TEXT + 1)
    if len(data) > MOST_TEXT:
        raise _too_large("a text of more than 1 MB", _mb(MOST_TEXT))
    return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def as_zip(parts: dict[str, bytes]) -> io.BytesIO:
    """These parts as a zip for a library that wants one, not compressed."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name), content)
    made.seek(0)
    return made


def _mb(size: int) -> str:
    return f"{size / 1_000_000:.0f} MB"


def _damaged(why: str) -> UnsafeFile:
    return UnsafeFile("damaged", f"a damaged file ({why})", "one that is whole")


def _too_large(found: str, most: str) -> UnsafeFile:
    return UnsafeFile("too-large", found, f"at most {most}")


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    """What the directory says: sizes, names and how the parts are packed."""
    if (size := sum(entry.file_size for entry in entries)) > MOST_UNPACKED:
        raise _too_large(f"{_mb(size)} when unpacked", _mb(MOST_UNPACKED))
    if len(entries) > MOST_PARTS:
        raise _too_large(f"{len(entries)} parts", f"{MOST_PARTS} parts")
    names: set[str] = set()
    for entry in entries:
        name = entry.filename
        if name.casefold() in names:
            raise _damaged(f"the part {name} twice")
        names.add(name.casefold())
        if "\\" in name or {"", ".", ".."} & {*name.split("/")}:
            raise _damaged(f"a part whose name {name} leads out of the file")
        if name.lower().endswith(_XML) and entry.file_size > MOST_XML:
            raise _too_large(f"a part {name} of {_mb(entry.file_size)}", f"{_mb(MOST_XML)} a part")
        if entry.flag_bits & 1:
            raise _damaged("a password on its parts")
        if entry.compress_type not in _METHODS:
            raise _damaged(f"a part {name} packed in a way that Office does not use")


def _unpacked(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of a part: no more are unpacked than the directory says, and that was added up."""
    with package.open(entry) as file:
        data = file.read(entry.file_size + 1)
    if len(data) != entry.file_size:
        raise _damaged(f"a part {entry.filename} of another size than the file says")
    return data


def _check_xml(name: str, data: bytes) -> None:
    if (marks := data.count(b"<") + data.count(b"=")) > MOST_MARKS:
        raise _too_large(f"a part {name} with {marks} elements and attributes", f"{MOST_MARKS}")
    if any(word in data for word in _TYPES):
        raise _damaged(f"a part {name} that declares entities, which Office never does")
