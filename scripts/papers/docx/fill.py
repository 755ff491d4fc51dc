"""Prepared template + context -> .docx bytes, checked. Standard library, the pinned compressor, nothing else.

This is what runs once a paper; see benchmarks/.
"""

from __future__ import annotations

import json
import marshal
import os
import re
import sys
import types
from xml.parsers import expat

from papers.docx import zip_writer
from papers.docx.runs import RunWriter
from papers.errors import UserError
from papers.richtext import escaped, unescaped, value_with_line_breaks

TYPE_CHECKING = False

if TYPE_CHECKING:
    from pathlib import Path

# Given back at once. The system's allocator then keeps what a paper gives back for the next one, where it would ask for it
# page by page: glibc learns from the largest piece. A fifth of the time of filling; others take no notice.
bytes(1_000_000)

FORMAT = 3

TYPES, RELATIONSHIPS = "[Content_Types].xml", "word/_rels/document.xml.rels"

DOCUMENT = "word/document.xml"

LISTINGS = (TYPES, RELATIONSHIPS)  # what names the other parts: the same in all papers but those with charts

# In JSON, where control characters and halves of pairs are escaped.
_FORBIDDEN = re.compile(r"\\u[0d]|[\ufffe\uffff]")

_NO_XML = r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # to compile it takes longer than to fill a paper

STRETCH = 1_000  # pieces that are turned into bytes at once: of a long part most stretches are ASCII then, which is quick

MOST_PIECES = 2_000_000  # texts and pieces of a template in one paper; 20,000 rows have 400,000


class FillError(UserError):
    """A paper that would not be whole; the text begins with its number."""


def load_context(path: Path | str) -> dict:
    """A meeting's context with every text escaped for XML.

    Escaping the JSON as a whole is one pass in C: its own syntax has none of the three characters.
    """
    with open(path, encoding="utf-8") as file:
        return context_of(file.read())


def context_of(source: str) -> dict:
    """The same from the text of the file."""
    context = json.loads(escaped(source))
    if _FORBIDDEN.search(source):
        _refuse_forbidden(context["papers"])
    if "\\n" in source or "\\t" in source or "\\r" in source:
        for paper in context["papers"]:
            paper["fields"] = value_with_line_breaks(paper["fields"])
    return context


def _refuse_forbidden(papers: list[dict]) -> None:
    """FillError for a character that XML does not know; reading has told of it already where somebody typed it."""
    for paper in papers:
        for text in _texts([paper["fields"], paper["properties"]]):
            if found := re.search(_NO_XML, text):
                raise FillError(
                    f'{paper["number"]}: the text "{_short(text)}" has the character U+{ord(found[0]):04X}, which Word'
                    " can't hold; take it out where the text was typed"
                )


def key_of(paper: dict) -> str:
    """What a paper is filled from: the prepared file of its kind, or of the file that somebody sent."""
    return unescaped(paper.get("received") or paper["kind"])


def load_prepared(
    papers: list[dict], templates: Path | str, received: Path | str | None
) -> dict[str, Prepared]:
    """What these papers of a meeting are filled from, by `key_of`; `received` holds what the job `receive` made."""
    sent = any(paper.get("received") for paper in papers)
    made = marshal.loads(_read(received)) if sent else {}
    keys = {key_of(paper) for paper in papers}
    return {
        key: Prepared(made[key] if key in made else _read(os.path.join(templates, f"{key}.prepared")))
        for key in sorted(keys)
    }


def _read(path: Path | str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


class Prepared:
    """A prepared kind of paper, ready to fill."""

    def __init__(self, data: bytes):
        made = marshal.loads(data)
        if made["format"] != FORMAT or made["python"] != sys.implementation.cache_tag:
            raise FillError(
                "the templates were prepared by another Python or an older version; run make clean, make"
            )
        self.static, self.listings, self.compiled = made["static"], made["listings"], []
        self.numbered, self.look = made["numbered"], made["look"]
        self.proven = frozenset(made["proven"])  # parts that are well-formed whatever is filled in
        self.unseen = made["unseen"]
        self.notices: list[str] = []  # what the person who builds should know
        self.marks = made["properties"], made["styles"], made["ordered"], made["first_list"]
        for name, body in made["compiled"]:
            self.compiled.append((name, _function(body) if isinstance(body, bytes) else body))

    def fill(self, paper: dict) -> bytes:
        """The .docx of one paper; FillError where it would not be whole."""
        paper = self.placed(paper)
        try:
            return self._filled(paper)
        except TypeError as error:
            raise FillError(f"{paper['number']}: holds a value that is no text ({error})") from error

    def _filled(self, paper: dict) -> bytes:
        marks = RunWriter(*self.marks)
        made = self._rendered(paper, marks)
        notes = marks.footnotes()
        missing = self._missing(paper, made, marks)
        self._number(made, paper)
        if marks.contents:
            document = self._with_contents("".join(made[DOCUMENT]), notes, marks.contents[0], paper)
            made[DOCUMENT] = [document]
        entries = list(self.static)
        for name, kept in self.compiled:
            if isinstance(kept, tuple):
                added = notes if name == "word/footnotes.xml" else marks.numbering()
                if not added:
                    entries.append(kept[2])
                    continue
                made[name] = [kept[0], added, kept[1]]
            entries.append((*_checked_entry(name, made.pop(name), paper, name in self.proven), name.encode()))
        charts = self._add_charts(marks, entries, paper) if marks.charts else ""
        if missing:
            self._refuse_missing(paper, missing, charts)
        return zip_writer.build_zip(entries)

    def outline(self, paper: dict) -> tuple[str, list[str]] | None:
        """What page numbers of a paper are found for, as a digest, and its headings; None without table of contents."""
        marks = RunWriter(*self.marks)
        made = self._rendered(self.placed(paper), marks)
        self._number(made, paper)
        document = "".join(made[DOCUMENT])
        if not marks.contents:
            return None
        texts = [unescaped(heading.text) for heading in _toc().headings_of(document, marks.styles)]
        return _toc().digest_of(document, marks.footnotes(), self.look), texts

    def placed(self, paper: dict) -> dict:
        """The paper itself; one with an annex of sources with the tables and headings where each figure stands."""
        if not paper.get("places"):
            return paper
        from papers.docx.locate import with_places as placed  # noqa: PLC0415 -- only papers with that annex pay for it

        return placed(self, paper)

    def _rendered(self, paper: dict, marks: RunWriter) -> dict[str, list[str]]:
        """The parts that have tags, filled in, each in pieces."""
        values, made = {**paper["fields"], "properties": paper["properties"]}, {}
        try:
            for name, function in self.compiled:
                if not isinstance(function, tuple):
                    made[name] = function(values, marks.runs, marks.blocks)
        except FillError as error:
            raise FillError(f"{paper['number']}: {error}") from error
        except (TypeError, KeyError, ValueError) as error:
            raise FillError(f"{paper['number']}: {name} could not be filled ({error})") from error
        return made

    def _number(self, made: dict[str, list[str]], paper: dict) -> None:
        """Captions and references among the parts get their numbers."""
        if self.numbered:
            from papers.docx.captions import number_captions as numbered  # noqa: PLC0415 -- only papers with such fields pay for it

            try:
                made[DOCUMENT] = [numbered("".join(made[DOCUMENT]))]
            except ValueError as error:
                raise FillError(f"{paper['number']}: {DOCUMENT} could not be filled ({error})") from error

    def _with_contents(self, document: str, notes: str, known: dict | None, paper: dict) -> str:
        """The document with its table of contents; page numbers only where they were found for this very text."""
        digest = _toc().digest_of(document, notes, self.look)
        pages = known["pages"] if known and known["made_for"] == digest else None
        if pages is None:
            why = "were found for another text" if known else "are not known"
            self.notices.append(
                f"{paper['number']}: the page numbers of its table of contents {why}, so it has none; run make paginate"
            )
        return _toc().with_contents(document, self.marks[1], pages)

    def _add_charts(self, marks: RunWriter, entries: list[tuple], paper: dict) -> str:
        """The parts of the charts, and the two listings that name them, among the entries of the package; their XML."""
        from papers.docx.charts import new_parts  # noqa: PLC0415 -- only papers with charts pay for it

        xml, workbooks = new_parts(marks.charts, *(self.listings[name] for name in LISTINGS))
        changed = {name: (*_checked_entry(name, [text], paper), name.encode()) for name, text in xml.items()}
        entries[:] = [changed.pop(name.decode(), (local, central, name)) for local, central, name in entries]
        entries += changed.values()
        entries += [(*zip_writer.zip_entry(name, data), name.encode()) for name, data in workbooks.items()]
        return "".join((*marks.drawings, *xml.values()))

    def _missing(self, paper: dict, made: dict[str, list[str]], marks: RunWriter) -> set[str]:
        """The texts of the context that are no whole piece of the paper.

        That a "12" stands somewhere in the XML does not show that the text "12" does.
        """
        missing = set(self._shown(paper))
        missing.difference_update(("",), marks.texts, *made.values())
        return missing

    def _shown(self, paper: dict) -> list[str]:
        """Every text that the paper has to show, empty ones too."""
        return _texts([fields for space, fields in paper["fields"].items() if space not in self.unseen])

    def _refuse_missing(self, paper: dict, missing: set[str], charts: str) -> None:
        """FillError for the first text that is missing, unless a chart shows it."""
        for text in self._shown(paper):
            if text in missing and not (charts and text in charts):
                raise FillError(
                    f'{paper["number"]}: the text "{_short(text)}" did not reach the paper; see its template'
                )


def _toc():
    """The module that makes tables of contents: only papers with one pay for it."""
    from papers.docx import toc  # noqa: PLC0415

    return toc


def _function(code: bytes):
    scope: dict = {}
    exec(marshal.loads(code), scope)
    return types.FunctionType(
        scope["render"].__code__,
        {"__builtins__": {"len": len, "str": str, "enumerate": enumerate, "enough": _enough}},
    )


def _enough(pieces: list[str]) -> None:
    """Loops within loops end here, where a template would repeat each row with each other one."""
    if len(pieces) > MOST_PIECES:
        raise FillError(
            "found a paper that grows without end; expected fewer loops within loops. See its template."
        )


def encode(pieces: list[str]) -> bytes | bytearray:
    """A part's bytes; those of a long part a stretch at a time: its whole text beside them would be most of the memory."""
    if len(pieces) <= STRETCH:
        return "".join(pieces).encode()
    data = bytearray()
    for at in range(0, len(pieces), STRETCH):
        data += "".join(pieces[at : at + STRETCH]).encode()
    return data


def _checked_entry(name: str, pieces: list[str], paper: dict, proven: bool = False) -> tuple[bytes, bytes]:
    try:
        data = encode(pieces)
        if not proven:
            expat.ParserCreate().Parse(data, True)
    except (expat.ExpatError, UnicodeEncodeError) as error:
        own = "" if paper.get("received") else f"templates/{paper['kind']}.docx or "
        found = f"{paper['number']}, whose {name} would not be well-formed ({error})"
        todo = "Undo the last change of the template; both tags of a pair belong at the same depth."
        raise FillError(
            f"{own}templates/cover.docx: found {found}; expected a whole paper. {todo}"
        ) from error
    return zip_writer.zip_entry(name, data)


def _short(text: str) -> str:
    return text if len(text) < 80 else text[:79] + "…"


def _texts(values: list) -> list[str]:
    """Every text below `values`, the outer ones first; of a line or a block, its runs. Those that are empty may be among them."""
    found, todo = [], [values]
    for inner in todo:
        for value in inner:
            kind = type(value)
            if kind is str:
                found.append(value)
            elif kind is list:
                todo.append(value)
            elif kind is dict:
                if "line" in value:
                    _run_texts(value["line"], found)
                elif "size_cm" in value:
                    _chart_texts(value, found)
                elif "made_for" not in value:  # pages of a table of contents: not words of the paper
                    todo.append(value.values())
    return found


def _chart_texts(chart: dict, found: list[str]) -> None:
    hidden = chart["kind"] == "timeline"  # of its first series, which only says where the others begin
    shown = [chart["title"], *chart["categories"], *(name for name, _ in chart["series"][hidden:])]
    found += [text for text in shown if text]
    found.append(chart["alt"].replace('"', "&quot;"))


def _run_texts(runs: list, found: list[str]) -> None:
    for run in runs:
        if type(run) is list:
            found.append(run[0])
        else:
            _run_texts(run["note"], found)
