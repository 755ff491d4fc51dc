"""Tables whose columns are repeated by {%tc for ... %}: their grid and the widths of their cells follow the list.

The cells of a {%tc %} loop share the width of the columns that the loop takes in the template, those of its two tags
included: equally, or by the Share of each; {% vm %} in such a cell
merges it vertically by its tags `starts` and `continues`. Word and LibreOffice need a grid that agrees with the cells; docxtpl leaves
the grid of the template.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml import etree

from papers.docx.template.paragraphs import CELL, PARAGRAPH, ROW, TABLE, TEXT, nearest_above
from papers.docx.template.placeholders import FOR
from papers.docx.template.tag_syntax import TAG, Typed, read_tag
from papers.evaluation import ExpressionError

if TYPE_CHECKING:
    from docx.document import Document

_GRID, _COLUMN, _SPAN, _WIDTH, _W = (qn(f"w:{tag}") for tag in ("tblGrid", "gridCol", "gridSpan", "tcW", "w"))
_MERGED = re.compile(r"\{%\s*vm\s*%\}\s*")


@dataclass(frozen=True)
class _Repeated:
    """A {%tc %} loop in a row: its variable, its list, the repeated cells, and its columns from `first` to `last`."""

    name: str
    items: str
    cells: list[etree._Element]
    first: int
    last: int


def spread_columns(whole: Document) -> None:
    """Put loops into the grids of tables, and shares of the width into the cells; raise ExpressionError for a misplaced loop."""
    for table in whole.element.body.iter(TABLE):
        rows = [row for row in table.iter(ROW) if nearest_above(row, TABLE) is table]
        repeated = [(row, found) for row in rows if (found := _repeated(row))]
        if not repeated:
            continue
        grid = table.find(_GRID)
        widths = [int(column.get(_W)) for column in grid.findall(_COLUMN)]
        for _, loop in repeated:
            _check_same_columns(loop, repeated[0][1])
            _share_cells(loop, sum(widths[loop.first : loop.last + 1]))
            _merge_cells(loop)
        _share_grid(grid, repeated[0][1], widths)


def _repeated(row: etree._Element) -> _Repeated | None:
    """The {%tc %} loop of a row; a row has one at most."""
    at, inside, found = 0, None, None
    for cell in row.iterchildren(CELL):
        words = "".join(cell.itertext())
        span = cell.find(f".//{_SPAN}")
        width = int(span.get(qn("w:val"))) if span is not None else 1
        statement = _statement(words)
        if statement and statement.word == "for" and (match := FOR.fullmatch(statement.rest)):
            if found or inside:
                expected = "one repetition of cells in a row"
                raise ExpressionError("tag-place", statement.text, expected, "Delete one.")
            inside = (match[1], f"({match[2]})", [], at)
        elif inside and statement and statement.word == "endfor":
            found, inside = _Repeated(*inside, at + width - 1), None
        elif inside:
            inside[2].append(cell)
        at += width
    if found and not found.cells:
        raise ExpressionError(
            "tag-place", "{%tc for %} without a cell in it", "a cell between its tags", "Add one."
        )
    return found


def _statement(words: str) -> Typed | None:
    """The tag {%tc ... %} of a cell."""
    tags = (read_tag(tag[0]) for tag in TAG.finditer(words))
    return next((tag for tag in tags if tag.sign == "%" and tag.letters == "tc"), None)


def _check_same_columns(loop: _Repeated, first: _Repeated) -> None:
    if (loop.first, loop.last, len(loop.cells)) != (first.first, first.last, len(first.cells)):
        found = f"a repetition over {loop.items} in other columns than that over {first.items}"
        raise ExpressionError(
            "tag-place", found, "all repetitions of a table in the same columns", "Move one."
        )


def _share_cells(loop: _Repeated, width: int) -> None:
    for cell in loop.cells:
        size = cell.find(f".//{_WIDTH}")
        if size is not None:
            size.set(_W, str(width) if _is_merged(cell) else _share(loop, width))
            size.set(qn("w:type"), "dxa")


def _is_merged(cell: etree._Element) -> bool:
    """Whether the cell spans all columns of its loop, by {% hm %}."""
    return any(read_tag(tag[0]).word == "hm" for tag in TAG.finditer("".join(cell.itertext())))


def _merge_cells(loop: _Repeated) -> None:
    """{% vm %} in a repeated cell -> merging by the tags `starts` and `continues` of the loop's variable.

    docxtpl would ask whether the column is the first one, as the loop over the columns is the innermost.
    """
    for cell in loop.cells:
        marked = [text for text in cell.iter(TEXT) if _MERGED.search(text.text or "")]
        for text in marked:
            text.text = _MERGED.sub("", text.text)
            _remove_empty(nearest_above(text, PARAGRAPH), cell)
        if marked:
            _add_merges(cell.get_or_add_tcPr(), loop.name)


def _remove_empty(paragraph: etree._Element, cell: etree._Element) -> None:
    """Remove the paragraph that held {% vm %} alone, above {{p }}."""
    if not "".join(paragraph.itertext()).strip() and len(cell.findall(PARAGRAPH)) > 1:
        cell.remove(paragraph)


def _add_merges(properties: etree._Element, name: str) -> None:
    width = properties.find(_WIDTH)
    start, merges = properties.index(width) + 1, {"starts": "restart", "continues": "continue"}
    for at, how in enumerate(merges.values(), start):
        merge = OxmlElement("w:vMerge")
        merge.set(qn("w:val"), how)
        properties.insert(at, merge)
    before = properties[start - 1]
    before.tail = ""
    for flag, merge in zip(merges, properties[start : start + 2], strict=True):
        before.tail += f"{{% if {name}.{flag} %}}"
        merge.tail = "{% endif %}"
        before = merge


def _share_grid(grid: etree._Element, loop: _Repeated, widths: list[int]) -> None:
    """The loop's columns of the grid -> a loop over as many columns as it repeats cells."""
    columns = grid.findall(_COLUMN)
    kept, dropped = columns[loop.first], columns[loop.first + 1 : loop.last + 1]
    for column in dropped:
        grid.remove(column)
    kept.set(_W, _share(loop, sum(widths[loop.first : loop.last + 1])))
    for _ in loop.cells[1:]:
        kept.addnext(etree.fromstring(etree.tostring(kept)))
    before = kept.getprevious()
    start = f"{{% for {loop.name} in {loop.items} %}}"
    if before is None:
        grid.text = start
    else:
        before.tail = start
    last = kept
    for _ in loop.cells[1:]:
        last = last.getnext()
    last.tail = "{% endfor %}"


def _share(loop: _Repeated, width: int) -> str:
    return f"{{{{ {loop.items}|share({width // len(loop.cells)}, {loop.name}) }}}}"
