"""Locate texts in a finished paper as its reader finds them: under which heading, or in which table, row and column.

The paper is filled a second time with marks in the texts; where a mark appears is where its text is.
"""

from __future__ import annotations

import copy
import json
import re
from typing import TYPE_CHECKING

from papers.docx.fill import Prepared, context_of
from papers.docx.package import Package
from papers.docx.runs import W
from papers.docx.template.paragraphs import CELL, PARAGRAPH, ROW, TABLE, nearest_above, text_of
from papers.richtext import escaped, unescaped_value, with_line_breaks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

_W = f"{{{W}}}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_BEGIN, _END = "\ufdd0", "\ufdd1"  # noncharacters, which no text has and XML allows
_MARK = re.compile(f"{_BEGIN}([0-9]+){_END}")
_TAG = re.compile(r"\.?(\w+)|\[([0-9]+)\]")


def locate(prepared: Prepared, paper: dict, places: list[tuple[str, int]]) -> list[str]:
    """Return for each place where the reader finds it, in words; "" if it is not in the paper.

    `paper`: its context as written, with texts not escaped. `places`: tags such as report.rows[2].values[1], each
    with the position of a character in its text.
    """
    marked = copy.deepcopy(paper)
    if marked.pop("places", None):  # the annex of sources lists these places itself, so it is left out
        sources = marked["fields"]["sources"]
        marked["fields"]["sources"] = {name: type(value)() for name, value in sources.items()}
    for number, (tag, at) in sorted(enumerate(places), key=lambda place: -place[1][1]):  # from the end on
        _mark(marked["fields"], _keys(tag), at, number)
    package = Package.read(
        prepared.fill(context_of(json.dumps({"papers": [marked]}, ensure_ascii=False))["papers"][0])
    )
    found = dict(_find_marks(package.xml(package.main)))
    charts = {_chart(places[number][0]): where for number, where in found.items()}
    return [found.get(at) or charts.get(_chart(tag), "") for at, (tag, _) in enumerate(places)]


def with_places(prepared: Prepared, paper: dict) -> dict:
    """Return the paper with its annex of sources complete: for each figure, the tables and headings where it is.

    `paper` is a context as `load_context` returns it; one without such an annex is returned as it is.
    """
    if not paper.get("places"):
        return paper
    sources, groups = paper["fields"]["sources"], unescaped_value(paper["places"])
    flat = [(tag, at) for group in groups for tag, at in group]
    found = iter(locate(prepared, unescaped_value(paper), flat))
    rows = []
    for row, group in zip(sources["figures"], groups, strict=True):
        where = dict.fromkeys(_short(words) for words in (next(found) for _ in group) if words)
        rows.append({**row, "where": with_line_breaks(escaped("\n".join(where))) or row["where"]})
    fields = {**paper["fields"], "sources": {**sources, "figures": rows}}
    return {key: value for key, value in {**paper, "fields": fields}.items() if key != "places"}


def _short(where: str) -> str:
    """Shorten a place to such as "Table 3, row Innovation, column 2017": the title of a table is left out."""
    short = ", ".join(re.sub(r"^((?:Table|Figure) \d+)\. .*", r"\1", name) for name in where.split("; "))
    return short[:1].upper() + short[1:]


def _keys(tag: str) -> list[str | int]:
    return [name or int(index) for name, index in _TAG.findall(tag)]


def _chart(tag: str) -> str:
    """The tag of the chart that a tag leads into, or the tag itself: the values of a chart are where the chart is."""
    return tag.partition(".chart.")[0] if ".chart." in tag else tag


def _mark(fields: dict, keys: list[str | int], at: int, number: int) -> None:
    value = fields
    for key in keys[:-1]:
        if key == "chart":
            value, keys, at = value[key], ["alt"], 0
            break
        value = value[key]
    text = value[keys[-1]]
    value[keys[-1]] = f"{text[:at]}{_BEGIN}{number}{_END}{text[at:]}"


def _find_marks(body: etree._Element) -> Iterator[tuple[int, str]]:
    """Yield (number of a mark, its place in words), from the first paragraph to the last."""
    heading = caption = ""
    for paragraph in body.iter(PARAGRAPH):
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        style, words = "" if style is None else style.get(f"{_W}val").casefold(), _clean(text_of(paragraph))
        if style.startswith("heading"):
            heading, caption = words, ""
        elif style.startswith("caption"):
            caption = words
        for drawing in paragraph.iter(_DRAWING):
            yield from ((int(mark), caption) for mark in _MARK.findall(drawing.get("descr", "")))
        for mark in _MARK.findall(text_of(paragraph)):
            cell = nearest_above(paragraph, CELL)
            where = f"under {heading}" if heading else ""
            yield int(mark), where if cell is None else _in_table(cell, caption)


def _in_table(cell: etree._Element, caption: str) -> str:
    row, table = nearest_above(cell, ROW), nearest_above(cell, TABLE)
    cells = _cells(row)
    first = next(candidate for candidate in table.iter(ROW) if nearest_above(candidate, TABLE) is table)
    heads, at = _texts_by_column(first), sum(map(_span, cells[: cells.index(cell)]))
    label = _words(cells[0]) if cells[0] is not cell else ""
    names = [caption, f"row {label}" if label else "", f"column {heads[at]}" if at < len(heads) else ""]
    return "; ".join(name for name in names if name)


def _cells(row: etree._Element) -> list[etree._Element]:
    return [cell for cell in row.iter(CELL) if nearest_above(cell, ROW) is row]


def _texts_by_column(row: etree._Element) -> list[str]:
    return [_words(cell) for cell in _cells(row) for _ in range(_span(cell))]


def _span(cell: etree._Element) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    return 1 if span is None else int(span.get(f"{_W}val"))


def _words(cell: etree._Element) -> str:
    return " ".join(_clean(text_of(paragraph)) for paragraph in cell.iter(PARAGRAPH)).strip()


def _clean(words: str) -> str:
    return _MARK.sub("", words)
