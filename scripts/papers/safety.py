"""Limits for files that others wrote, checked before any library opens them.

Each file is read once, here, and every library gets the parts that were read. A library that opened the
file itself could see other parts than those that were checked, as readers of zips differ in how they treat
an inconsistent one. See docs/trust.md.
"""

from __future__ import annotations

import codecs
import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from papers.sharing import open_patiently

if TYPE_CHECKING:
    from pathlib import Path

MAX_PACKED = 50_000_000  # bytes of the file
MAX_UNPACKED = 200_000_000  # bytes of all parts together, pictures mostly; a real workbook has below 1 MB
MAX_PARTS = 5_000
MAX_XML = 50_000_000  # bytes of one XML part; a paper of 300 pages has 5 MB
MAX_MARKUP = (
    2_000_000  # signs < and = in one XML part, so elements and attributes: each takes memory and time
)
MAX_MARKUP_IN_ALL = 3 * MAX_MARKUP  # in all parts together
MAX_TEXT = 1_000_000  # bytes of a YAML file, or of corrections.csv
MAX_VALUES = 20_000  # keys and values of a YAML file; the largest of ours has below 1,000
MAX_DEPTH = 50  # levels of nesting of a YAML file; the deepest of ours has below 10
MAX_SECTION = 250_000  # bytes of a Markdown file; 100 pages
MAX_PICTURE = 10_000_000  # bytes of a logo, or of a picture in Markdown
MAX_PIXELS = 100_000_000  # of a picture in Markdown; a page at 600 dots per inch has 35 million
MAX_SHEETS = 30_000_000  # bytes of all sheets of a workbook and their texts; a real one has below 1 MB
MAX_LEDGER = 10_000_000  # bytes of the ledger; 40,000 events
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # all that Office writes; only these unpack in steps
_XML = (".xml", ".rels", ".vml")
# The first bytes of XML in encodings that are no superset of ASCII, and the encoding; the longer ones first.
_SIGNATURES = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    "<".encode("utf-32-le"): "utf-32-le",
    "<".encode("utf-32-be"): "utf-32-be",
    "<".encode("utf-16-le"): "utf-16-le",
    "<".encode("utf-16-be"): "utf-16-be",
    "<?xm".encode("cp037"): "cp037",
}
_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
# A document type that names no other files is what a web page or a picture (SVG) begins with.
_DECLARATIONS = re.compile(rb"<!ENTITY|<!DOCTYPE(?!\s+(?:html|svg)\b[^\[<>]*>)", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def table_of_limits() -> str:
    """Return the table of the largest files of each kind, as docs/trust.md prints it."""
    zips = f"{_megabytes(MAX_UNPACKED)} unpacked, {MAX_PARTS:,} parts"
    rows = {
        "workbook": (MAX_PACKED, f"{zips}; sheets and their texts {_megabytes(MAX_SHEETS)}"),
        "template": (MAX_PACKED, zips),
        "YAML file": (MAX_TEXT, f"{MAX_VALUES:,} keys and values, {MAX_DEPTH} levels"),
        "Markdown file": (MAX_SECTION, "the same for a text of Markdown in a YAML file"),
        "`corrections.csv`": (MAX_TEXT, ""),
        "`ledger.csv`": (MAX_LEDGER, ""),
        "logo": (MAX_PICTURE, ""),
        "picture in Markdown": (MAX_PICTURE, f"{MAX_PIXELS:,} pixels"),
    }
    lines = [f"| {kind} | {_megabytes(size)} | {more} |" for kind, (size, more) in rows.items()]
    received = f"| received paper | `intake: largest_mb` | {zips}; 15 seconds of work and 600 MB of memory |"
    return "\n".join(["| kind | largest file | and at most |", "|---|---:|---|", *lines, received])


class UnsafeFile(Exception):
    """A file beyond a limit, or one whose content contradicts itself. `kind` is "too-large" or "damaged"."""

    def __init__(self, kind: str, found: str, expected: str):
        super().__init__(found)
        self.kind, self.found, self.expected = kind, found, expected


def read_zip(data: bytes) -> dict[str, bytes]:
    """Return the parts of a zip by name.

    Raises UnsafeFile if it is beyond a limit, damaged, or made to deceive.
    """
    if len(data) > MAX_PACKED:
        raise _too_large(_megabytes(len(data)), _megabytes(MAX_PACKED))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = [entry for entry in package.infolist() if not entry.is_dir()]
            _check_entries(entries)
            parts = {entry.filename: _unpack(package, entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as error:
        raise _damaged(str(error)) from error
    names = [name for name in parts if name.lower().endswith(_XML) or looks_like_xml(parts[name])]
    if (markup := sum(check_xml(name, parts[name]) for name in names)) > MAX_MARKUP_IN_ALL:
        raise _too_large(f"parts with {markup} elements and attributes", f"{MAX_MARKUP_IN_ALL}")
    return parts


def looks_like_xml(data: bytes) -> bool:
    """Whether a parser of XML could read a part: whether it begins with "<", in whatever encoding."""
    return encoding_of(data) != "utf-8" or data[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def encoding_of(data: bytes) -> str:
    """Return the encoding of a part of XML: what its first bytes show, else what it declares, else "utf-8"."""
    for signature, encoding in _SIGNATURES.items():
        if data.startswith(signature):
            return encoding
    declared = _DECLARED.match(data.removeprefix(codecs.BOM_UTF8))
    return declared[1].decode().lower() if declared else "utf-8"


def read_text(path: Path, most: int = MAX_TEXT) -> str:
    """Return a text in UTF-8, with or without byte order mark, with "\\n" at the end of each line.

    Raises UnsafeFile beyond `most` bytes, else OSError or UnicodeDecodeError.
    """
    text = read_bytes(path, most).decode("utf-8-sig")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_bytes(path: Path, most: int) -> bytes:
    """Return the content of a file; raise UnsafeFile beyond `most` bytes, else OSError."""
    with open_patiently(path) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise _too_large(f"a file of more than {_megabytes(most)}", _megabytes(most))
    return data


def as_zip(parts: dict[str, bytes]) -> io.BytesIO:
    """Return these parts as an uncompressed zip, for a library that reads nothing else."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name), content)
    target.seek(0)
    return target


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.0f} MB" if size >= 1_000_000 else f"{size / 1000:.0f} kB"


def _damaged(why: str) -> UnsafeFile:
    return UnsafeFile("damaged", f"a damaged file ({why})", "an intact file")


def _too_large(found: str, most: str) -> UnsafeFile:
    return UnsafeFile("too-large", found, f"at most {most}")


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    """Check what the directory of a zip states: sizes, names and methods of compression."""
    if (size := sum(entry.file_size for entry in entries)) > MAX_UNPACKED:
        raise _too_large(f"{_megabytes(size)} when unpacked", _megabytes(MAX_UNPACKED))
    if len(entries) > MAX_PARTS:
        raise _too_large(f"{len(entries)} parts", f"{MAX_PARTS} parts")
    names: set[str] = set()
    for entry in entries:
        if entry.filename.casefold() in names:
            raise _damaged(f"the part {entry.filename} twice")
        names.add(entry.filename.casefold())
        _check_entry(entry)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if "\\" in name or {"", ".", ".."} & {*name.split("/")}:
        raise _damaged(f"a part whose name {name} leads out of the file")
    if _CONTROL.search(name):
        raise _damaged(f"a part whose name {name!a} has a line break or another control character")
    if name.lower().endswith(_XML) and entry.file_size > MAX_XML:
        raise _too_large(f"a part {name} of {_megabytes(entry.file_size)}", f"{_megabytes(MAX_XML)} a part")
    if entry.flag_bits & 1:
        raise _damaged("a password on its parts")
    if entry.compress_type not in _METHODS:
        raise _damaged(f"a part {name} packed in a way that Office does not use")


def _unpack(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return the bytes of a part.

    Never unpacks more than the size that the directory states, which was checked.
    """
    with package.open(entry) as file:
        data = file.read(entry.file_size + 1)
    if len(data) != entry.file_size:
        raise _damaged(f"a part {entry.filename} of another size than the file states")
    return data


def check_xml(name: str, data: bytes) -> int:
    """Return how many signs of markup a part of XML has; raise UnsafeFile beyond a limit, or for entities."""
    if len(data) > MAX_XML:
        raise _too_large(f"a part {name} of {_megabytes(len(data))}", f"{_megabytes(MAX_XML)} a part")
    data = _as_ascii(name, data)
    if (markup := data.count(b"<") + data.count(b"=")) > MAX_MARKUP:
        raise _too_large(f"a part {name} with {markup} elements and attributes", f"{MAX_MARKUP}")
    if _DECLARATIONS.search(data):
        raise _damaged(f"a part {name} that declares entities, which Office never does")
    return markup


def _as_ascii(name: str, data: bytes) -> bytes:
    """A part with its signs of markup as in ASCII, whatever its encoding."""
    encoding = encoding_of(data)
    try:
        codec = codecs.lookup(encoding)
        is_ascii = codec.name in ("utf-8", "ascii") or codec.name.startswith(("iso8859", "cp125", "gb"))
        return data if is_ascii else codec.decode(data, "replace")[0].encode("utf-8", "replace")
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise _damaged(f"a part {name} in the encoding {encoding}, which is unknown") from error
