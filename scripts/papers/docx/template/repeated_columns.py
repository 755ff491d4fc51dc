"""Tables whose columns are repeated by {%tc for ... %}: their grid and the widths of their cells follow the list.

The cells of a {%tc %} loop share the width of the columns that the loop takes in the template, those of its two tags
included: equally, or by the Share of each. Word and LibreOffice need a grid that agrees with the cells; docxtpl leaves
the grid of the template.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docx.oxml.ns import qn
from lxml import etree

from papers.docx.template.expressions import TagError
from papers.docx.template.paragraphs import CELL, ROW, TABLE, nearest_above

if TYPE_CHECKING:
    from docx.document import Document

_GRID, _COLUMN, _SPAN, _WIDTH, _W = (qn(f"w:{tag}") for tag in ("tblGrid", "gridCol", "gridSpan", "tcW", "w"))
_FOR = re.compile(r"\{%tc for (\w+) in ([^%]+?)\s*%\}")
_END = re.compile(r"\{%tc endfor\s*%\}")


@dataclass(frozen=True)
class _Repeated:
    """A {%tc %} loop in a row: its variable, its list, the repeated cells, and its columns from `first` to `last`."""

    name: str
    items: str
    cells: list[etree._Element]
    first: int
    last: int


def spread_columns(whole: Document) -> None:
    """Put loops into the grids of tables, and shares of the width into the cells; raise TagError for a misplaced loop."""
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
        _share_grid(grid, repeated[0][1], widths)


def _repeated(row: etree._Element) -> _Repeated | None:
    """The {%tc %} loop of a row; a row has one at most."""
    at, inside, found = 0, None, None
    for cell in row.iterchildren(CELL):
        words = "".join(cell.itertext())
        span = cell.find(f".//{_SPAN}")
        width = int(span.get(qn("w:val"))) if span is not None else 1
        if match := _FOR.search(words):
            if found or inside:
                raise TagError("tag-place", match[0], "one repetition of cells in a row", "Delete one.")
            inside = (match[1], match[2], [], at)
        elif inside and _END.search(words):
            found, inside = _Repeated(*inside, at + width - 1), None
        elif inside:
            inside[2].append(cell)
        at += width
    if found and not found.cells:
        raise TagError("tag-place", "{%tc for %} without a cell in it", "a cell between its tags", "Add one.")
    return found


def _check_same_columns(loop: _Repeated, first: _Repeated) -> None:
    if (loop.first, loop.last, len(loop.cells)) != (first.first, first.last, len(first.cells)):
        found = f"a repetition over {loop.items} in other columns than that over {first.items}"
        raise TagError("tag-place", found, "all repetitions of a table in the same columns", "Move one.")


def _share_cells(loop: _Repeated, width: int) -> None:
    for cell in loop.cells:
        size = cell.find(f".//{_WIDTH}")
        if size is not None:
            size.set(_W, _share(loop, width))
            size.set(qn("w:type"), "dxa")


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
