"""The text of finished papers for the full-text search, read from the Word files, which are the record.

A line is a paragraph, or a row of a table with a bar between its cells. Papers share many lines (a
schedule, say, that is part of a review too), so each line is stored once.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from papers.characters import printable
from papers.docx.package import Package
from papers.richtext import unescaped
from papers.store.cache import cache_key
from papers.store.files import content, is_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from papers.register.facts import Files, RegisterEntry
    from papers.store.cache import Cache
    from papers.store.files import FileRef

TEXTS = "texts"  # the folder of their cache
_TOKEN = re.compile(  # every alternative begins with "<", which makes the search fast
    r"<(?:w:t(?: [^>]*)?>(?P<text>[^<]*)|(?P<end>/w:p>)|(?P<cell>/w:tc>)|(?P<row>/?w:tr[ >])"
    r"|(?P<gap>w:(?:tab|br)/>)"
    r'|wp:docPr [^>]*?descr="(?P<picture>[^"]*)"|w:pStyle w:val="(?P<contents>TOC))'
)
_TWO_LETTERS = re.compile(r"[^\W\d_]{2}")  # a line without them has only figures


def read_lines(docx: bytes) -> list[str]:
    """Return the lines of a paper's body, footnotes and alternative texts, without table of contents."""
    package = Package.read(docx)
    names = filter(None, (package.main, package.related("footnotes")))
    parts = [package.parts[name].decode("utf-8") for name in names]
    return [line for part in parts for line in _lines(part) if _TWO_LETTERS.search(line)]


def _lines(xml: str) -> Iterator[str]:
    words: list[str] = []
    in_row = in_contents = False
    for token in _TOKEN.finditer(xml):
        kind, text = token.lastgroup, token[token.lastgroup]
        if kind == "text":
            words.append(text)
        elif kind == "row":
            in_row = not text.startswith("/")
        elif kind == "picture":
            words.append(f" {text} ")
        elif kind == "contents":
            in_contents = True
        else:
            words.append(" | " if kind == "cell" else " ")
        if kind in ("end", "row") and not in_row:
            line = " ".join(unescaped("".join(words)).split()).strip("| ")
            if line and not in_contents:
                yield line
            words, in_contents = [], False


class SearchTexts:
    """The lines of papers by their digests, from a cache. `code` is the digest of the program."""

    def __init__(self, cache: Cache, code: str):
        self.cache, self.code = cache, code

    def lines(self, docx: bytes | FileRef, sha256: str) -> list[bytes]:
        """Return the lines of the paper with this digest, each once, in order, in UTF-8."""
        key = cache_key(self.code, sha256)
        text = self.cache.get(key)
        if text is None:
            text = "\n".join(dict.fromkeys(read_lines(content(docx)))).encode()
            self.cache.put(key, text)
        return text.split(b"\n") if text else []


def search_script(files: Files, entries: Iterable[RegisterEntry], texts: SearchTexts) -> bytes:
    """Return a script that passes all lines to the page, which may not load data when opened from disk.

    A paper that is a PDF has no lines; it is found by its title. `files` has the papers.
    """
    number_of: dict[bytes, int] = {}  # decoding each line once, not once for each paper, takes half as long
    papers = []
    for entry in entries:
        if entry.file in files and is_word(entry.file):
            lines = texts.lines(files[entry.file], entry.sha256)
            numbers = [number_of.setdefault(line, len(number_of)) for line in lines]
            papers.append(f"{json.dumps(entry.anchor)}: {json.dumps(numbers)}")
    lines = json.dumps([printable(line.decode()) for line in number_of], ensure_ascii=False)
    data = f'{{"papers": {{{", ".join(papers)}}}, "lines": {lines}}}'
    return f"registerText({_escape_for_script(data)});\n".encode()


def _escape_for_script(data: str) -> str:
    """Return JSON without "<", which could end the script."""
    return data.replace("<", "\\u003c")
