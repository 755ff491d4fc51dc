"""The values of cells: in the kind of their column, or why they do not fit."""

from __future__ import annotations

import contextlib
import datetime
import math
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from papers.characters import describe_character, forbidden_character
from papers.inputs.dates import TYPE_DATE, date_in_words, wrong_date
from papers.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Callable


EXPECTED = {
    "text": "text",
    "label": "text or a whole number",
    "year": "a year such as 2017",
    "date": "a date",
    "whole": "a whole number, 0 or more",
    "number": "a number, 0 or more",
    "id": "text",
    "period": "a timeframe in words, or a year",
}


_DIGITS = re.compile(r"0|[1-9][0-9]{0,14}")  # as many as Excel keeps


class CellError(Exception):
    """A value of another kind than that of its column; the fields are those of a problem."""

    def __init__(self, kind: str, found: str, todo: str):
        super().__init__(found)
        self.kind, self.found, self.todo = kind, found, todo


def is_empty(cell: Any) -> bool:
    """Return whether a cell shows nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def convert_column(kind: str, cells: list) -> list | None:
    """Return the values of a whole column, None for an empty cell; return no list if a cell does not fit."""
    if kind == "text":
        return _convert_texts(cells)
    try:  # of years, dates and numbers the same few come again and again
        known = {cell: None if is_empty(cell) else READERS[kind](cell) for cell in {*cells}}
    except CellError:
        return None
    if {True, False} & known.keys() and any(isinstance(cell, bool) for cell in cells):
        return None  # TRUE equals 1, so one of them would be taken for the other
    return [known[cell] for cell in cells]


def _convert_texts(cells: list) -> list | None:
    if not {*map(type, cells)} <= {str} or forbidden_character("".join(cells)):
        return None
    return [cell.strip() or None for cell in cells]


def _read_text(cell: Any) -> str:
    if isinstance(cell, str):
        if bad := forbidden_character(cell):
            raise CellError("forbidden-character", describe_character(bad), "Type the cell again.")
        return cell.strip()
    kind = "a number" if isinstance(cell, (int, float)) else "a date or time"
    kind = "TRUE or FALSE" if isinstance(cell, bool) else kind
    found = f"{kind} ({quoted(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)})"
    raise CellError("not-text", found, "Format the cell as Text and type it again.")


def _is_number(cell: Any) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool)


def _read_label(cell: Any) -> str:
    """Return text, or a whole number as text, as a numbered list in a column has it."""
    is_whole = _is_number(cell) and math.isfinite(cell) and cell == int(cell)
    return str(int(cell)) if is_whole else _read_text(cell)


def _read_year(cell: Any) -> int:
    if _is_number(cell):
        if math.isfinite(cell) and cell == int(cell) and 1989 <= cell <= 2100:
            return int(cell)
    else:
        _refuse_digits(cell)
    raise CellError("not-a-year", quoted(cell), "Type the year as a whole number.")


def _read_date(cell: Any) -> datetime.date:
    if isinstance(cell, datetime.date):
        return cell.date() if isinstance(cell, datetime.datetime) else cell
    found, todo = wrong_date(cell) if isinstance(cell, str) else (quoted(cell), TYPE_DATE)
    raise CellError("not-a-date", found, todo)


def _read_whole(cell: Any) -> int:
    if _is_number(cell):
        if math.isfinite(cell) and cell == int(cell) and cell >= 0:
            return int(cell)
    else:
        _refuse_digits(cell)
    raise CellError("not-whole", quoted(cell), "Type it as a whole number.")


def _read_number(cell: Any) -> int | Decimal:
    """Return a number with the 15 digits that Excel keeps, so that 0.1 + 0.2 is 0.3 as the cell shows it."""
    if _is_number(cell):
        if math.isfinite(cell) and cell >= 0:
            return int(cell) if cell == int(cell) else Decimal(f"{cell:.15g}")
    else:
        _refuse_digits(cell)
    raise CellError("not-a-number", quoted(cell), "Type it as a number.")


def _read_id(cell: Any) -> str:
    """Return an ID; a whole number is one too, as in a column No."""
    is_whole = _is_number(cell) and cell == cell // 1
    return str(int(cell)) if is_whole else _read_text(cell)


def _read_period(cell: Any) -> str:
    """Return a timeframe as typed; June 2016 becomes a date where the cell is not formatted as Text."""
    if _is_number(cell):
        return str(_read_year(cell))
    if isinstance(cell, datetime.date):
        todo = "Format the cell as Text and type it again, such as June 2016."
        raise CellError("not-a-timeframe", f"the date {cell:%Y-%m-%d}", todo)
    return _read_text(cell)


def _refuse_digits(cell: Any) -> None:
    """Raise CellError for a number that was typed into a cell formatted as text."""
    text = cell.strip() if isinstance(cell, str) else ""
    if text.isdigit() or re.fullmatch(r"\d+[.,]\d+", text):
        todo = "Format the cell as General and type it again."
        raise CellError("number-as-text", f"the text {quoted(cell)}", todo)


READERS: dict[str, Callable[[Any], Any]] = {
    "text": _read_text,
    "label": _read_label,
    "year": _read_year,
    "date": _read_date,
    "whole": _read_whole,
    "number": _read_number,
    "id": _read_id,
    "period": _read_period,
}


def meant_by_text(kind: str, text: str) -> Any:
    """Return the date or whole number that a text means; None where it may mean another, or none."""
    if kind == "date":
        return date_in_words(text)
    if kind in ("year", "whole", "number") and _DIGITS.fullmatch(text.strip()):
        with contextlib.suppress(CellError):
            return READERS[kind](int(text))
    return None
