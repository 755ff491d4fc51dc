"""The tables that a build prints: its papers, and where its time went. rich is imported only to print one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

NEW, CHANGED, SAME = "new", "changed", "same as before"
MAX_PAPERS = 60  # a longer table would scroll its end away
_STYLES = {NEW: "green", CHANGED: "yellow"}


class PaperRow(NamedTuple):
    """A paper in the table; `reason` says why it changed, and is "" otherwise."""

    number: str
    title: str
    state: str
    file: str
    reason: str


def print_papers(rows: list[PaperRow]) -> None:
    """Print state, number and title of each paper, below them its file and the reason for a change."""
    if not rows:
        return
    from rich.text import Text  # noqa: PLC0415

    cells = []
    for row in rows[:MAX_PAPERS]:
        details = [row.title, row.file, *([f"because {row.reason}"] if row.reason else [])]
        cells.append((Text(row.state, _STYLES[row.state]), row.number, "\n".join(details)))
    print_table(cells)
    if len(rows) > MAX_PAPERS:
        print(f"and {len(rows) - MAX_PAPERS} more")


def print_table(rows: Iterable[tuple], headings: tuple[str, ...] = (), right: Iterable[int] = ()) -> None:
    """Print rows of text as columns; only the last one wraps. `right` are the columns that are aligned to the right."""
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    rows = list(rows)
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_header=bool(headings))
    for at in range(len(headings or rows[0])):
        is_last = at == len(rows[0]) - 1
        justify = "right" if at in right else "left"
        table.add_column(
            headings[at] if headings else "", no_wrap=not is_last, overflow="fold", justify=justify
        )
    for row in rows:
        table.add_row(*row)
    width = None if sys.stdout.isatty() else 10_000  # a file has no width
    console = Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)
    with console.capture() as captured:
        console.print(table)
    print(*(line.rstrip() for line in captured.get().splitlines()), sep="\n")
