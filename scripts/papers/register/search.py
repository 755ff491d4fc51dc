"""The text of finished papers, for the search: read from the Word files, which are the record.

A line is a paragraph, or a row of a table with a bar between its cells. Papers share many lines (a schedule, say, that
stands in a review too), so each line is kept once.
"""

from __future__ import annotations

import json
import re
from array import array
from typing import TYPE_CHECKING

from papers.docx.package import Package
from papers.register.markup import visible_characters
from papers.richtext import unescaped
from papers.store.files import is_word, to_json, write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from papers.register.facts import RegisterEntry

_TOKEN = re.compile(  # begins with one character that is looked for quickly
    r"<(?:w:t(?: [^>]*)?>(?P<text>[^<]*)|(?P<end>/w:p>)|(?P<cell>/w:tc>)|(?P<row>/?w:tr[ >])|(?P<gap>w:(?:tab|br)/>)"
    r'|wp:docPr [^>]*?descr="(?P<picture>[^"]*)"|w:pStyle w:val="(?P<contents>TOC))'
)
_LETTERS = re.compile(r"[^\W\d_]{2}")  # a line without two letters together is only figures


def lines_of(docx: Path) -> list[str]:
    """The lines of a paper's body and footnotes, and what its pictures and charts show; not its table of contents."""
    package = Package.read(docx.read_bytes())
    names = filter(None, (package.main, package.related("footnotes")))
    parts = [package.parts[name].decode("utf-8") for name in names]
    return [line for part in parts for line in _lines(part) if _LETTERS.search(line)]


def _lines(xml: str) -> Iterator[str]:
    words: list[str] = []
    row = contents = False
    for token in _TOKEN.finditer(xml):
        kind, found = token.lastgroup, token[token.lastgroup]
        if kind == "text":
            words.append(found)
        elif kind == "row":
            row = not found.startswith("/")
        elif kind == "picture":
            words.append(f" {found} ")
        elif kind == "contents":
            contents = True
        else:
            words.append(" | " if kind == "cell" else " ")
        if (kind == "end" and not row) or (kind == "row" and not row):
            line = " ".join(unescaped("".join(words)).split()).strip("| ")
            if line and not contents:
                yield line
            words, contents = [], False


class SearchTexts:
    """The lines of papers by digest, each line kept once and a paper as their numbers, so that 10,000 papers fit.

    Remembered in a file, of which the first row holds all lines and each other one a paper: only one that changed is
    read again.
    """

    def __init__(self, store: Path):
        self.store = store
        self.lines: list[str] = []
        self.numbers: dict[str, int] = {}
        self.known: dict[str, array] = {}
        self.used: set[str] = set()
        self.before: set[str] = set()
        if store.is_file():
            self._load()

    def _load(self) -> None:
        with self.store.open(encoding="utf-8") as rows:
            self.lines = json.loads(next(rows))
            for row in rows:
                sha256, numbers = json.loads(row)
                self.known[sha256] = array("I", numbers)
        self.numbers = {line: number for number, line in enumerate(self.lines)}
        self.before = {*self.known}

    def of(self, docx: Path, sha256: str) -> array:
        """The numbers of the lines of a paper that has this digest, each once, in order."""
        self.used.add(sha256)
        if sha256 not in self.known:
            self.known[sha256] = array("I", [self._number(line) for line in dict.fromkeys(lines_of(docx))])
        return self.known[sha256]

    def _number(self, line: str) -> int:
        number = self.numbers.setdefault(line, len(self.lines))
        if number == len(self.lines):
            self.lines.append(line)
        return number

    def remember(self) -> None:
        """Writes what was asked for, where that is something else than before."""
        if self.used == self.before:
            return
        numbered: dict[int, int] = {}  # the lines of papers that are no more are left out
        rows = []
        for sha256 in sorted(self.used):
            numbers = [numbered.setdefault(number, len(numbered)) for number in self.known[sha256]]
            rows.append(to_json([sha256, numbers]))
        lines = to_json([self.lines[number] for number in numbered])
        write_atomic(self.store, b"".join([lines, *rows]))


def search_file(base: Path, entries: Iterable[RegisterEntry], texts: SearchTexts) -> bytes:
    """A script that hands all lines to the page; a page from disk may load a script, but no data."""
    numbered: dict[int, int] = {}
    papers = []
    for entry in entries:
        if (
            entry.file and is_word(entry.file) and (base / entry.file).is_file()
        ):  # a PDF is found by its title
            lines = texts.of(base / entry.file, entry.sha256)
            own = [numbered.setdefault(line, len(numbered)) for line in lines]
            papers.append(f"{json.dumps(entry.anchor)}: {json.dumps(own)}")
    lines = json.dumps([visible_characters(texts.lines[number]) for number in numbered], ensure_ascii=False)
    data = f'{{"papers": {{{", ".join(papers)}}}, "lines": {lines}}}'
    return f"registerText({as_script(data)});\n".encode()


def as_script(data: str) -> str:
    """JSON that may stand in a script: no < that could end it."""
    return data.replace("<", "\\u003c")
