"""Where a text stands in a finished paper, as its reader sees it: under which heading, or in which table, row and column.

The paper is filled once more with marks in the texts; where a mark comes out is where its text stands.
"""

from __future__ import annotations

import copy
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING

from lxml import etree

from papers.docx.fill import DOCUMENT, Prepared, context_of
from papers.docx.runs import W
from papers.docx.template.places import CELL, PARAGRAPH, ROW, TABLE, nearest_above, text_of
from papers.richtext import escaped, unescaped_value, with_line_breaks

if TYPE_CHECKING:
    from collections.abc import Iterator

_W = f"{{{W}}}"
_SHOWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_BEGIN, _END = "\ufdd0", "\ufdd1"  # characters of no language, which XML allows
_MARK = re.compile(f"{_BEGIN}([0-9]+){_END}")
_TAG = re.compile(r"\.?(\w+)|\[([0-9]+)\]")


def locate(prepared: Prepared, paper: dict, places: list[tuple[str, int]]) -> list[str]:
    """Where each of `places` (a tag such as report.rows[2].values[1], and a character in it) stands; "" for nowhere.

    `paper` is its context as it was written, with texts not yet escaped.
    """
    marked = copy.deepcopy(paper)
    if marked.pop("places", None):  # the annex of sources tells these places itself: without it, then
        sources = marked["fields"]["sources"]
        marked["fields"]["sources"] = {name: type(value)() for name, value in sources.items()}
    for number, (tag, at) in sorted(enumerate(places), key=lambda place: -place[1][1]):  # from the end on
        _mark(marked["fields"], _keys(tag), at, number)
    data = prepared.fill(context_of(json.dumps({"papers": [marked]}, ensure_ascii=False))["papers"][0])
    found = dict(_found(_document(data)))
    charts = {_chart(places[number][0]): where for number, where in found.items()}
    return [found.get(at) or charts.get(_chart(tag), "") for at, (tag, _) in enumerate(places)]


def _document(data: bytes) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return etree.fromstring(package.read(DOCUMENT))


def with_places(prepared: Prepared, paper: dict) -> dict:
    """A paper, as it is filled, whose annex of sources tells for each figure the tables and headings where it stands."""
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
    """Table 3, row Innovation, column 2017: the number of a table or figure is enough, its title stands there."""
    short = ", ".join(re.sub(r"^((?:Table|Figure) \d+)\. .*", r"\1", name) for name in where.split("; "))
    return short[:1].upper() + short[1:]


def _keys(tag: str) -> list[str | int]:
    return [name or int(index) for name, index in _TAG.findall(tag)]


def _chart(tag: str) -> str:
    """The chart that a tag leads into, or the tag itself: values of a chart stand where the chart does."""
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


def _found(body: etree._Element) -> Iterator[tuple[int, str]]:
    """(number of a mark, where it stands), from the first paragraph to the last."""
    heading = caption = ""
    for paragraph in body.iter(PARAGRAPH):
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        style, words = "" if style is None else style.get(f"{_W}val").casefold(), _clean(text_of(paragraph))
        if style.startswith("heading"):
            heading, caption = words, ""
        elif style.startswith("caption"):
            caption = words
        for shown in paragraph.iter(_SHOWN):
            yield from ((int(mark), caption) for mark in _MARK.findall(shown.get("descr", "")))
        for mark in _MARK.findall(text_of(paragraph)):
            cell = nearest_above(paragraph, CELL)
            where = f"under {heading}" if heading else ""
            yield int(mark), where if cell is None else _in_table(cell, caption)


def _in_table(cell: etree._Element, caption: str) -> str:
    row, table = nearest_above(cell, ROW), nearest_above(cell, TABLE)
    cells = [one for one in row.iter(CELL) if nearest_above(one, ROW) is row]
    first = next(row_ for row_ in table.iter(ROW) if nearest_above(row_, TABLE) is table)
    heads, at = _by_column(first), sum(_span(one) for one in cells[: cells.index(cell)])
    label = _words(cells[0]) if cells[0] is not cell else ""
    names = [caption, f"row {label}" if label else "", f"column {heads[at]}" if at < len(heads) else ""]
    return "; ".join(name for name in names if name)


def _by_column(row: etree._Element) -> list[str]:
    cells = (one for one in row.iter(CELL) if nearest_above(one, ROW) is row)
    return [_words(cell) for cell in cells for _ in range(_span(cell))]


def _span(cell: etree._Element) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    return 1 if span is None else int(span.get(f"{_W}val"))


def _words(cell: etree._Element) -> str:
    return " ".join(_clean(text_of(paragraph)) for paragraph in cell.iter(PARAGRAPH)).strip()


def _clean(words: str) -> str:
    return _MARK.sub("", words)
