"""Two versions of a file -> which parts of it differ, in words that a person can follow in Word or in a text editor."""

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

MOST = 8  # lines of one file; who sees these knows where to look
_NEAR = 30  # characters around what differs
_ZIPPED, _TEXTS = (".docx", ".xlsx", ".zip"), (".json", ".xml", ".html", ".js", ".txt", ".csv", ".rels")


def differences(name: str, there: bytes, rebuilt: bytes) -> list[str]:
    """What differs between a file as it lies there and as it is made again; a line each, none if nothing does."""
    if there == rebuilt:
        return []
    if name.endswith(_ZIPPED):
        lines = _of_packages(there, rebuilt)
    elif name.endswith(_TEXTS):
        lines = [_of_texts("", there, rebuilt)]
    else:
        lines = [_of_bytes("", there, rebuilt)]
    return lines if len(lines) <= MOST else [*lines[:MOST], f"and {len(lines) - MOST} more differences"]


def _of_packages(there: bytes, rebuilt: bytes) -> list[str]:
    """Paragraphs first, as people read them; then the parts whose texts are the same."""
    parts, expected = _parts(there), _parts(rebuilt)
    if parts is None or expected is None:
        return ["it can't be unzipped, so it is damaged or no Word file"]
    lines = [f"part {name} can't be unzipped: it is damaged" for name, data in parts.items() if data is None]
    lines += [f"part {name} is only in the file that lies there" for name in parts if name not in expected]
    lines += [f"part {name} is only in the one made again" for name in expected if name not in parts]
    both = [name for name in expected if parts.get(name) is not None and parts[name] != expected[name]]
    lines += _of_paragraphs(there, rebuilt) if both else []
    lines += [_of_part(name, parts[name], expected[name]) for name in both]
    packed = "the parts are the same when unzipped; their order, times or compression are others"
    return lines or [packed]


def _parts(data: bytes) -> dict[str, bytes | None] | None:
    """Name -> the unzipped bytes of each part, None of a damaged one; None for what is no zip."""
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    return {name: _part(package, name) for name in package.namelist()}


def _part(package: zipfile.ZipFile, name: str) -> bytes | None:
    try:
        return package.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, NotImplementedError):
        return None


def _of_paragraphs(there: bytes, rebuilt: bytes) -> list[str]:
    try:
        old, new = read_texts(there).pieces, read_texts(rebuilt).pieces
    except PackageError:
        return []
    matcher = difflib.SequenceMatcher(None, [p.text for p in old], [p.text for p in new], autojunk=False)
    lines = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            for mine, expected in zip_longest(old[i:j], new[k:m]):
                if mine is None:
                    lines.append(f"{expected.where}: lacks {quoted(expected.text)}")
                elif expected is None:
                    lines.append(f"{mine.where}: {quoted(mine.text)} is not in the one made again")
                else:
                    lines.append(f"{mine.where}: {' where '.join(_around(mine.text, expected.text))}")
    return lines


def _of_part(name: str, there: bytes, rebuilt: bytes) -> str:
    if name.endswith(_TEXTS):
        return _of_texts(f"part {name}, ", there, rebuilt)
    return _of_bytes(f"part {name}, ", there, rebuilt)


def _of_texts(part: str, there: bytes, rebuilt: bytes) -> str:
    """The first line that differs; Word writes a part on one line, so a tag counts as one."""
    try:
        old, new = there.decode("utf-8"), rebuilt.decode("utf-8")
    except UnicodeDecodeError:
        return _of_bytes(part, there, rebuilt)
    for line, (mine, expected) in enumerate(zip_longest(_lines(old), _lines(new), fillvalue=""), start=1):
        if mine != expected:
            return f"{part}line {line}: {' where '.join(_around(mine, expected))}"
    return _of_bytes(part, there, rebuilt)  # line ends only


def _lines(text: str) -> Iterator[str]:
    return (line for row in text.splitlines() for line in re.split(r"(?=<)", row) if line)


def _around(mine: str, expected: str) -> tuple[str, str]:
    """found "... the old words ...", and the other's, both cut to where they differ."""
    start = next(
        (i for i, (a, b) in enumerate(zip(mine, expected, strict=False)) if a != b),
        min(len(mine), len(expected)),
    )
    start = max(0, start - _NEAR)
    end = next(
        (i for i, (a, b) in enumerate(zip(mine[:start:-1], expected[:start:-1], strict=False)) if a != b), 0
    )
    end = max(0, end - _NEAR)
    cut = [
        ("…" if start else "") + text[start : len(text) - end] + ("…" if end else "")
        for text in (mine, expected)
    ]
    return f"found {quoted(cut[0], 120)}", f"the one made again has {quoted(cut[1], 120)}"


def _of_bytes(part: str, there: bytes, rebuilt: bytes) -> str:
    at = next(
        (i for i, (a, b) in enumerate(zip(there, rebuilt, strict=False)) if a != b),
        min(len(there), len(rebuilt)),
    )
    return f"{part}byte {at + 1:,}: differs from there on ({len(there):,} bytes, made again {len(rebuilt):,})"
