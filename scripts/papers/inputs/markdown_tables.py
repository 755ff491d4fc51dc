"""Tables in Markdown, as GitHub writes them: a header row, a row of dashes with colons for the alignment, and rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it.rules_block.table import escapedSplit

from papers import richtext

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it.token import Token

    Refuse = Callable[[int, str, str, str, str], None]  # line, kind, found, expected, what to do

_ALIGN = {"text-align:right": richtext.RIGHT, "text-align:center": richtext.CENTRE}
_MOST_COLUMNS = 63
_LONGEST, _SHORTEST = 60, 3  # characters of a cell that count for the width of its column


def read_table(
    tokens: list[Token], rows: list[str], runs: Callable[[Token], list[richtext.Run]], refuse: Refuse
) -> richtext.BlockData:
    """Return the table of these tokens, which begin with table_open.

    `rows` are the lines of the file, `runs` returns those of a cell.
    """
    align: list[int] = []
    lines: list[list[richtext.CellData]] = []
    at = 1
    for token in tokens:
        if token.type == "tr_open":
            at = token.map[0] + 1 if token.map else at
            lines.append([])
        elif token.type == "th_open":
            align.append(_ALIGN.get(str(token.attrs.get("style", "")), richtext.LEFT))
        elif token.type == "inline":
            token.map = [at - 1, at]
            lines[-1].append({"line": runs(token)})
    first = tokens[0].map[0] if tokens[0].map else 0
    last = tokens[0].map[1] if tokens[0].map else 0
    _check_cells(rows[first:last], first + 1, len(align), refuse)
    heads, body = lines[0], lines[1:]
    if len(align) > _MOST_COLUMNS:
        found, expected = f"a table with {len(align)} columns", f"at most {_MOST_COLUMNS}, as in Word"
        refuse(first + 1, "too-many-columns", found, expected, "Split the table.")
    if not body:
        refuse(
            first + 1,
            "empty-table",
            "a table with a header row only",
            "rows below it",
            "Add rows, or delete it.",
        )
    return richtext.table(
        [{"line": head["line"]} for head in heads], body, widths_of(lines), align, alt=_alt(heads)
    )


def _check_cells(rows: list[str], first: int, columns: int, refuse: Refuse) -> None:
    """Report rows with more or fewer cells than columns: Markdown would leave text out without a message."""
    for line, row in enumerate(rows, first):
        cells = escapedSplit(row.strip())
        cells = cells[1:] if cells and not cells[0] else cells
        cells = cells[:-1] if cells and not cells[-1] else cells
        if len(cells) != columns:
            found = f"a row with {len(cells)} cell{'' if len(cells) == 1 else 's'}"
            todo = (
                "Put | between its cells; write an empty line below the table, and \\| for the sign itself."
            )
            refuse(line, "table-cells", found, f"{columns}, as in the header row", todo)


def widths_of(lines: list[list[richtext.CellData]]) -> list[int]:
    """Return relative widths for columns: by their longest words and by how much text they have."""
    widths = []
    for column in zip(*lines, strict=False):
        texts = [richtext.plain(cell["line"]) for cell in column]
        word = max((len(word) for text in texts for word in text.split()), default=0)
        most = max(map(len, texts), default=0)
        widths.append(max(_SHORTEST, word + 1, min(most, _LONGEST) * 2 // 3))
    return widths


def _alt(heads: list[richtext.CellData]) -> str:
    return f"Table with the columns {', '.join(richtext.plain(head['line']) for head in heads)}"
