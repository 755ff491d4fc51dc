"""A document: sections and tables in any order, with the pages that its parts ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.model.documents import shown
from papers.wording import needs
from papers.wording.narrative import heading, prose
from papers.wording.tags import Blocks, Text, Values
from papers.wording.words import Words

if TYPE_CHECKING:
    from papers.inputs.document_schemas import DocumentColumn
    from papers.model.documents import DocumentPart, DocumentTable
    from papers.model.forum import Model
    from papers.model.meetings import Paper

TAGS = {
    "title": Text("title of the paper"),
    "text": Blocks("its sections and tables, in their order; a table has a caption if it has a title"),
}
_ALIGN = {"left": richtext.LEFT, "right": richtext.RIGHT, "center": richtext.CENTRE}
_NUMBERS = ("number", "money")


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`."""
    blocks: list[richtext.BlockData] = []
    landscape = False
    for part in needs.document_of(model, paper).parts:
        if part.landscape != landscape:
            turned = richtext.LANDSCAPE if blocks else richtext.WHOLE_LANDSCAPE
            blocks.append(richtext.page(turned if part.landscape else richtext.PORTRAIT))
            landscape = part.landscape
        blocks += _part(part)
    return {"title": paper.title, "text": richtext.blocks(*blocks)}


def _part(part: DocumentPart) -> list[richtext.BlockData]:
    if part.table:
        return [_table(part.table)]
    if part.section is None:
        return []
    above = [richtext.block(richtext.HEADING_1, heading(part.section, {}))] if part.section.heading else []
    return [*above, *prose(part.section, {})]


def _table(table: DocumentTable) -> richtext.BlockData:
    texts = [
        [shown(value, column) for value, column in zip(row, table.columns, strict=True)] for row in table.rows
    ]
    return richtext.table(
        [richtext.line(column.title) for column in table.columns],
        merged(texts, [at for at, column in enumerate(table.columns) if column.merge]),
        [round(column.width * 100) for column in table.columns],
        [_alignment(column) for column in table.columns],
        table.description,
        richtext.line(table.title) if table.title else None,
    )


def _alignment(column: DocumentColumn) -> int:
    return _ALIGN[column.align or ("right" if column.type in _NUMBERS else "left")]


def merged(rows: list[list[str]], columns: list[int]) -> list[list[richtext.CellData]]:
    """Return the cells of rows, with groups in these columns merged.

    A group goes on where the text is the same or empty, and where the groups of the columns before it go on: within
    a new group on the left, everything begins anew.
    """
    cells: list[list[richtext.CellData]] = [[{"line": _runs(text)} for text in row] for row in rows]
    above: dict[int, int] = {}  # column -> the row in which its group begins
    for at, row in enumerate(rows):
        goes_on = at > 0
        for column in columns:
            goes_on = (
                goes_on
                and row[column] in ("", rows[above[column]][column])
                and bool(rows[above[column]][column])
            )
            if goes_on:
                cells[above[column]][column]["merge"] = richtext.BEGINS
                cells[at][column] = {"line": [], "merge": richtext.GOES_ON}
            else:
                above[column] = at
    return cells


def _runs(text: str) -> list[richtext.Run]:
    return [[text, ""]] if text else []


WORDS = Words(tags=TAGS, context=context)
