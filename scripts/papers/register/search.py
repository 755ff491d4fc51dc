"""The text of finished papers for the full-text search, read from the Word files, which are the record.

A line is a paragraph, or a row of a table with a bar between its cells. Papers share many lines (a
schedule, say, that is part of a review too), so each line is stored once.
"""

from __future__ import annotations

import json
import re
from array import array
from typing import TYPE_CHECKING

from papers.characters import printable
from papers.docx.package import Package
from papers.richtext import unescaped
from papers.store.files import is_word, to_json, write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from papers.register.facts import RegisterEntry

_TOKEN = re.compile(  # every alternative begins with "<", which makes the search fast
    r"<(?:w:t(?: [^>]*)?>(?P<text>[^<]*)|(?P<end>/w:p>)|(?P<cell>/w:tc>)|(?P<row>/?w:tr[ >])"
    r"|(?P<gap>w:(?:tab|br)/>)"
    r'|wp:docPr [^>]*?descr="(?P<picture>[^"]*)"|w:pStyle w:val="(?P<contents>TOC))'
)
_TWO_LETTERS = re.compile(r"[^\W\d_]{2}")  # a line without them has only figures


def read_lines(docx: Path) -> list[str]:
    """Return the lines of a paper's body, footnotes and alternative texts, without table of contents."""
    package = Package.read(docx.read_bytes())
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
    """The lines of all papers: each line once, and a paper (by its digest) as the numbers of its lines.

    They are kept in a file of JSON rows, so that only a changed paper is read again: the first row has all
    lines, each other row has a digest and numbers. Numbers instead of lines keep 10,000 papers in memory.
    """

    def __init__(self, store: Path):
        self.store = store
        self.lines: list[str] = []
        self.number_of: dict[str, int] = {}
        self.papers: dict[str, array] = {}
        self.used: set[str] = set()
        self.stored: set[str] = set()
        if store.is_file():
            self._load()

    def _load(self) -> None:
        with self.store.open(encoding="utf-8") as rows:
            self.lines = json.loads(next(rows))
            for row in rows:
                sha256, numbers = json.loads(row)
                self.papers[sha256] = array("I", numbers)
        self.number_of = {line: number for number, line in enumerate(self.lines)}
        self.stored = {*self.papers}

    def line_numbers(self, docx: Path, sha256: str) -> array:
        """Return the numbers of the lines of the paper with this digest, each once, in order."""
        self.used.add(sha256)
        if sha256 not in self.papers:
            self.papers[sha256] = array("I", [self._number(line) for line in dict.fromkeys(read_lines(docx))])
        return self.papers[sha256]

    def _number(self, line: str) -> int:
        number = self.number_of.setdefault(line, len(self.lines))
        if number == len(self.lines):
            self.lines.append(line)
        return number

    def save(self) -> None:
        """Write the papers that were asked for, if they are not those that are stored."""
        if self.used == self.stored:
            return
        renumbered: dict[int, int] = {}  # leaves out the lines of papers that no longer exist
        rows = []
        for sha256 in sorted(self.used):
            numbers = [renumbered.setdefault(number, len(renumbered)) for number in self.papers[sha256]]
            rows.append(to_json([sha256, numbers]))
        lines = to_json([self.lines[number] for number in renumbered])
        write_atomic(self.store, b"".join([lines, *rows]))


def search_script(base: Path, entries: Iterable[RegisterEntry], texts: SearchTexts) -> bytes:
    """Return a script that passes all lines to the page, which may not load data when opened from disk.

    A paper that is a PDF has no lines; it is found by its title. `base` is the register's folder.
    """
    renumbered: dict[int, int] = {}
    papers = []
    for entry in entries:
        if entry.file and is_word(entry.file) and (base / entry.file).is_file():
            stored = texts.line_numbers(base / entry.file, entry.sha256)
            numbers = [renumbered.setdefault(number, len(renumbered)) for number in stored]
            papers.append(f"{json.dumps(entry.anchor)}: {json.dumps(numbers)}")
    lines = json.dumps([printable(texts.lines[at]) for at in renumbered], ensure_ascii=False)
    data = f'{{"papers": {{{", ".join(papers)}}}, "lines": {lines}}}'
    return f"registerText({_escape_for_script(data)});\n".encode()


def _escape_for_script(data: str) -> str:
    """Return JSON without "<", which could end the script."""
    return data.replace("<", "\\u003c")
