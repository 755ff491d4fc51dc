"""Tables whose columns are declared as data: their tags, their cells, and warnings about narrow columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.inputs.table_schemas import narrow_columns
from papers.wording.tags import Blocks, Each, Merge, Share, Tag, Text, Values, shares

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from papers.inputs.table_schemas import PrintedColumn
    from papers.problems import Place
    from papers.wording.plan_table import PlanCell

_SHARE = Share("how wide the column is")
TABLE: dict[str, Tag] = {
    "columns": Each("the printed columns", {"title": Text("the head"), "share": _SHARE}),
    "rows": Each(
        "the rows",
        {
            "cells": Each(
                "one for each column",
                {
                    "text": Blocks("what stands in it, several things as a list"),
                    "share": _SHARE,
                    "starts": Merge("whether it begins cells that are merged vertically"),
                    "continues": Merge("whether it is merged with the cell above"),
                },
            )
        },
    ),
}
NO_TABLE: Values = {"columns": [], "rows": []}
PORTRAIT, LANDSCAPE = 451.3, 697.9  # the width of the text in points
_FONT_SIZE = 10.0  # points, of the style Table Text


def table(printed: Sequence[PrintedColumn], rows: Sequence[Mapping[str, PlanCell]]) -> Values:
    """Return the values of `TABLE` for rows whose cells are named by the ids of the declared columns."""
    widths = shares([column.width for column in printed])
    above: list[list[PlanCell]] = [[] for _ in printed]
    found = []
    for row in rows:
        cells = []
        for at, (column, share) in enumerate(zip(printed, widths, strict=True)):
            shown = [row[name] for name in column.of]
            goes_on = column.merge and shown == above[at] and any(cell.texts for cell in shown)
            text = richtext.blocks() if goes_on else _text(column, shown)
            merge = {"starts": column.merge and not goes_on, "continues": goes_on}
            cells.append({"text": text, "share": share, **merge})
            above[at] = shown
        found.append({"cells": cells})
    heads = [{"title": column.title, "share": share} for column, share in zip(printed, widths, strict=True)]
    return {"columns": heads, "rows": found}


def lines(column: PrintedColumn, cells: Sequence[PlanCell]) -> list[str]:
    """Return what stands in a cell: the texts of all that it shows; a number stands before the first of them."""
    number = " ".join(text for name, cell in _pairs(column, cells) if _is_number(name) for text in cell.texts)
    texts = [text for name, cell in _pairs(column, cells) if not _is_number(name) for text in cell.texts]
    if not number:
        return texts
    return [f"{number} {texts[0]}", *texts[1:]] if texts else [number]


def _pairs(column: PrintedColumn, cells: Sequence[PlanCell]) -> list[tuple[str, PlanCell]]:
    return list(zip(column.of, cells, strict=True))


def _is_number(name: str) -> bool:
    return name == "number" or name.endswith(".number")


def _text(column: PrintedColumn, cells: Sequence[PlanCell]) -> richtext.BlocksData:
    texts = lines(column, cells)
    is_list = len(texts) > 1 and len(cells) == 1 and not cells[0].plain
    style = richtext.TABLE_BULLET if is_list else richtext.TABLE_TEXT
    align = column.align or ("right" if all(cell.is_number for cell in cells) else "")
    align = "" if align == "left" else align
    return richtext.blocks(
        *(richtext.block(style, richtext.line(text), align=align) for text in texts or [""])
    )


def narrow(
    printed: Sequence[PrintedColumn],
    rows: Sequence[Mapping[str, PlanCell]],
    landscape: bool,
    places: Sequence[Place],
) -> list[str]:
    """Return a warning for each printed column that is narrower than its longest word.

    `places` are those of the columns in their file; empty where they are not declared: then there is no warning.
    """
    texts = [
        (column, [text for row in rows for text in lines(column, [row[name] for name in column.of])])
        for column in printed
    ]
    return [
        f'{places[one.index]}: the column "{one.title}" is narrower than its word "{one.word}": write width: '
        f"{one.width:g} or more, or make other columns narrower"
        for one in narrow_columns(texts, LANDSCAPE if landscape else PORTRAIT, _FONT_SIZE)
        if places
    ]
