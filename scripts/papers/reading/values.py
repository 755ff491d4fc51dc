"""Values of cells -> values of columns: text, year, date, whole number; or why a value is none.

A column is read at once where nothing in it has to be told; `Unfit` is for the one cell that a person must mend.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from typing import Any

from papers.problems import quoted
from papers.reading.characters import called, forbidden

WANTED = {
    "text": "text",
    "year": "a year such as 2017",
    "date": "a date",
    "whole": "a whole number, 0 or more",
}


class Unfit(Exception):
    """A value of another kind than its column's; the message parts are those of a problem."""

    def __init__(self, kind: str, found: str, todo: str):
        super().__init__(found)
        self.kind, self.found, self.todo = kind, found, todo


def is_empty(cell: Any) -> bool:
    """Whether nothing shows in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def read_all(kind: str, cells: list) -> list | None:
    """The values of a whole column, None for an empty cell; no list where a cell does not fit."""
    if kind == "text":
        return _texts(cells)
    try:  # of years, dates and numbers the same few come again and again
        known = {cell: None if is_empty(cell) else READERS[kind](cell) for cell in {*cells}}
    except Unfit:
        return None
    if {True, False} & known.keys() and any(isinstance(cell, bool) for cell in cells):
        return None  # TRUE is equal to 1, so that one of them would stand for the other
    return [known[cell] for cell in cells]


def _texts(cells: list) -> list | None:
    if not {*map(type, cells)} <= {str} or forbidden("".join(cells)):
        return None
    return [cell.strip() or None for cell in cells]


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        if bad := forbidden(cell):
            raise Unfit("forbidden-character", called(bad), "Retype the cell.")
        return cell.strip()
    kind = "a number" if isinstance(cell, (int, float)) else "a date or time"
    kind = "TRUE or FALSE" if isinstance(cell, bool) else kind
    found = f"{kind} ({quoted(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)})"
    raise Unfit("not-text", found, "Format the cell as Text and type it again.")


def _year(cell: Any) -> int:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if math.isfinite(cell) and cell == int(cell) and 1989 <= cell <= 2100:
            return int(cell)
    else:
        _refuse_digits(cell)
    raise Unfit("not-a-year", quoted(cell), "Type the year as a whole number.")


def _date(cell: Any) -> datetime.date:
    if isinstance(cell, datetime.date):
        return cell.date() if isinstance(cell, datetime.datetime) else cell
    raise Unfit("not-a-date", quoted(cell), "Type it as a date that Excel understands.")


def _whole(cell: Any) -> int:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if math.isfinite(cell) and cell == int(cell) and cell >= 0:
            return int(cell)
    else:
        _refuse_digits(cell)
    raise Unfit("not-whole", quoted(cell), "Type it as a whole number.")


def _refuse_digits(cell: Any) -> None:
    """A number that was typed into a cell formatted as text."""
    if isinstance(cell, str) and cell.strip().isdigit():
        todo = "Format the cell as General and type it again."
        raise Unfit("number-as-text", f"the text {quoted(cell)}", todo)


READERS: dict[str, Callable[[Any], Any]] = {"text": _text, "year": _year, "date": _date, "whole": _whole}
