"""Two versions of a file -> what differs, in words that a user can follow in Word or in a text editor."""

from __future__ import annotations

import difflib
import io
import re
import zipfile
import zlib
from itertools import zip_longest
from typing import TYPE_CHECKING

from papers.docx.package import PackageError
from papers.docx.texts import read_texts
from papers.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LINES = 8  # for one file: enough to know where to look
_CONTEXT = 30  # characters shown before and after a difference
_ZIP_SUFFIXES = (".docx", ".xlsx", ".zip")
_TEXT_SUFFIXES = (".json", ".xml", ".html", ".js", ".txt", ".csv", ".rels")


def differences(name: str, found: bytes, rebuilt: bytes) -> list[str]:
    """Return one line for each difference between a file as found and as rebuilt; an empty list if there is none."""
    if found == rebuilt:
        return []
    if name.endswith(_ZIP_SUFFIXES):
        lines = _compare_zips(found, rebuilt)
    elif name.endswith(_TEXT_SUFFIXES):
        lines = [_compare_texts("", found, rebuilt)]
    else:
        lines = [_compare_bytes("", found, rebuilt)]
    if len(lines) <= MAX_LINES:
        return lines
    return [*lines[:MAX_LINES], f"and {len(lines) - MAX_LINES} more differences"]


def _compare_zips(found: bytes, rebuilt: bytes) -> list[str]:
    """Paragraphs first, as readers see them; then the parts."""
    parts, expected = _unzip(found), _unzip(rebuilt)
    if parts is None or expected is None:
        return ["it can't be unzipped, so it is damaged or no Word file"]
    lines = [f"part {name} can't be unzipped: it is damaged" for name, data in parts.items() if data is None]
    lines += [f"part {name} is only in the file found" for name in parts if name not in expected]
    lines += [f"part {name} is only in the rebuilt file" for name in expected if name not in parts]
    changed = [name for name in expected if parts.get(name) is not None and parts[name] != expected[name]]
    lines += _compare_paragraphs(found, rebuilt) if changed else []
    lines += [_compare_part(name, parts[name], expected[name]) for name in changed]
    return lines or ["the parts are the same when unzipped; their order, times or compression differ"]


def _unzip(data: bytes) -> dict[str, bytes | None] | None:
    """Return name -> content of each part, None for a damaged part; None if the data is no zip file."""
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    return {name: _unzip_part(package, name) for name in package.namelist()}


def _unzip_part(package: zipfile.ZipFile, name: str) -> bytes | None:
    try:
        return package.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, NotImplementedError):
        return None


def _compare_paragraphs(found: bytes, rebuilt: bytes) -> list[str]:
    try:
        old, new = read_texts(found).pieces, read_texts(rebuilt).pieces
    except PackageError:
        return []
    matcher = difflib.SequenceMatcher(None, [p.text for p in old], [p.text for p in new], autojunk=False)
    lines = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            for actual, expected in zip_longest(old[i:j], new[k:m]):
                if actual is None:
                    lines.append(f"{expected.where}: lacks {quoted(expected.text)}")
                elif expected is None:
                    lines.append(f"{actual.where}: {quoted(actual.text)} is not in the rebuilt file")
                else:
                    lines.append(f"{actual.where}: {_describe_difference(actual.text, expected.text)}")
    return lines


def _compare_part(name: str, found: bytes, rebuilt: bytes) -> str:
    if name.endswith(_TEXT_SUFFIXES):
        return _compare_texts(f"part {name}, ", found, rebuilt)
    return _compare_bytes(f"part {name}, ", found, rebuilt)


def _compare_texts(part: str, found: bytes, rebuilt: bytes) -> str:
    """The first line that differs; an XML tag counts as a line, as Word writes a whole part on one."""
    try:
        old, new = found.decode("utf-8"), rebuilt.decode("utf-8")
    except UnicodeDecodeError:
        return _compare_bytes(part, found, rebuilt)
    for number, (actual, expected) in enumerate(zip_longest(_lines(old), _lines(new), fillvalue=""), start=1):
        if actual != expected:
            return f"{part}line {number}: {_describe_difference(actual, expected)}"
    return _compare_bytes(part, found, rebuilt)  # only the line ends differ


def _lines(text: str) -> Iterator[str]:
    return (line for row in text.splitlines() for line in re.split(r"(?=<)", row) if line)


def _describe_difference(actual: str, expected: str) -> str:
    """Both texts, cut to the characters around the difference."""
    start = max(0, _first_difference(actual, expected) - _CONTEXT)
    end = next(
        (i for i, (a, b) in enumerate(zip(actual[:start:-1], expected[:start:-1], strict=False)) if a != b), 0
    )
    end = max(0, end - _CONTEXT)
    found, rebuilt = (
        ("…" if start else "") + text[start : len(text) - end] + ("…" if end else "")
        for text in (actual, expected)
    )
    return f"found {quoted(found, 120)} where the rebuilt file has {quoted(rebuilt, 120)}"


def _compare_bytes(part: str, found: bytes, rebuilt: bytes) -> str:
    first = _first_difference(found, rebuilt) + 1
    return f"{part}byte {first:,}: differs from here on ({len(found):,} bytes, rebuilt {len(rebuilt):,})"


def _first_difference(one: str | bytes, other: str | bytes) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))
