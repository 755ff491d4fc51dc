"""One sheet of an .xlsx -> rows that know their cells, by the titles of its columns; a form above a table -> its values."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from papers.characters import describe_character, forbidden_character
from papers.inputs.xlsx_audit import column_letter
from papers.inputs.xlsx_open import Grid, read_grid
from papers.problems import Place, Problems, did_you_mean, quoted


@dataclass(frozen=True)
class Column:
    """A column of a sheet: the header that people see, and the kind of its cells."""

    header: str
    kind: str = "text"  # text | year | date | whole
    optional: bool = False  # may a cell be empty
    named_in: str = ""  # the file that gives the header, where the program does not


RETURN_SHEET, TOTALS_SHEET, BESIDE = "Return", "Totals", ("Lists", "Notes")

HEADER_ROW = 6

HEAD = {
    "economy": Column("Economy"),
    "year": Column("Year", "year"),
    "prepared_by": Column("Prepared by"),
    "date": Column("Date", "date"),
}

ITEMS = {
    "indicator": Column("Indicator"),
    "area": Column("Priority area"),
    "title": Column("Title"),
    "date": Column("Date", "date"),
    "place": Column("Place", optional=True),
    "partners": Column("Partners or fora", optional=True),
    "jointly_with": Column("Jointly with", optional=True),
    "activity_id": Column("Activity ID", optional=True),
    "reference": Column("Reference", optional=True),
}

TOTALS = {"indicator": Column("Indicator"), "total": Column("Total", "whole", optional=True)}

EXPECTED = {
    "text": "text",
    "year": "a year such as 2017",
    "date": "a date",
    "whole": "a whole number, 0 or more",
}


class CellError(Exception):
    """A value of another kind than its column's; the message parts are those of a problem."""

    def __init__(self, kind: str, found: str, todo: str):
        super().__init__(found)
        self.kind, self.found, self.todo = kind, found, todo


def is_empty(cell: Any) -> bool:
    """Whether nothing shows in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def convert_column(kind: str, cells: list) -> list | None:
    """The values of a whole column, None for an empty cell; no list where a cell does not fit."""
    if kind == "text":
        return _texts(cells)
    try:  # of years, dates and numbers the same few come again and again
        known = {cell: None if is_empty(cell) else READERS[kind](cell) for cell in {*cells}}
    except CellError:
        return None
    if {True, False} & known.keys() and any(isinstance(cell, bool) for cell in cells):
        return None  # TRUE is equal to 1, so that one of them would stand for the other
    return [known[cell] for cell in cells]


def _texts(cells: list) -> list | None:
    if not {*map(type, cells)} <= {str} or forbidden_character("".join(cells)):
        return None
    return [cell.strip() or None for cell in cells]


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        if bad := forbidden_character(cell):
            raise CellError("forbidden-character", describe_character(bad), "Retype the cell.")
        return cell.strip()
    kind = "a number" if isinstance(cell, (int, float)) else "a date or time"
    kind = "TRUE or FALSE" if isinstance(cell, bool) else kind
    found = f"{kind} ({quoted(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)})"
    raise CellError("not-text", found, "Format the cell as Text and type it again.")


def _year(cell: Any) -> int:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if math.isfinite(cell) and cell == int(cell) and 1989 <= cell <= 2100:
            return int(cell)
    else:
        _refuse_digits(cell)
    raise CellError("not-a-year", quoted(cell), "Type the year as a whole number.")


def _date(cell: Any) -> datetime.date:
    if isinstance(cell, datetime.date):
        return cell.date() if isinstance(cell, datetime.datetime) else cell
    raise CellError("not-a-date", quoted(cell), "Type it as a date that Excel understands.")


def _whole(cell: Any) -> int:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if math.isfinite(cell) and cell == int(cell) and cell >= 0:
            return int(cell)
    else:
        _refuse_digits(cell)
    raise CellError("not-whole", quoted(cell), "Type it as a whole number.")


def _refuse_digits(cell: Any) -> None:
    """A number that was typed into a cell formatted as text."""
    if isinstance(cell, str) and cell.strip().isdigit():
        todo = "Format the cell as General and type it again."
        raise CellError("number-as-text", f"the text {quoted(cell)}", todo)


READERS: dict[str, Callable[[Any], Any]] = {"text": _text, "year": _year, "date": _date, "whole": _whole}


@dataclass(frozen=True)
class Row:
    """The values of one row by field, and where they stand. `at` is the row's number as Excel shows it."""

    file: str
    sheet: str
    at: int
    letters: dict[str, str]
    values: dict[str, Any]

    def __getitem__(self, field: str) -> Any:
        return self.values[field]

    def place(self, field: str) -> Place:
        cell = f"{self.letters[field]}{self.at}"
        return Place(self.file, self.sheet, cell, value=self.values.get(field))

    @property
    def places(self) -> Mapping[str, Place]:
        """Where the value of each field stands; each is made only when it is asked for, as there may be 200,000."""
        return _Places(self)


class _Places(Mapping):
    def __init__(self, row: Row):
        self.row = row

    def __getitem__(self, field: str) -> Place:
        if field not in self.row.letters:
            raise KeyError(field)
        return self.row.place(field)

    def __iter__(self) -> Iterator[str]:
        return iter(self.row.letters)

    def __len__(self) -> int:
        return len(self.row.letters)


def read_sheet(
    path: Path,
    name: str,
    sheet: str,
    columns: dict[str, Column],
    also: tuple[str, ...],
    problems: Problems,
    header_row: int = 1,
) -> list[Row]:
    """The rows of `sheet` below its header row; fields as in `columns`. Problems are added, all of them.

    `also`: sheets that may stand beside it and are not data. Rows without any value are passed over, and so is
    what stands above `header_row` (see read_head).
    """
    grid = read_grid(path, name, sheet, also, problems)
    return _rows(grid, name, sheet, columns, problems, header_row) if grid else []


def read_form_values(
    path: Path,
    name: str,
    sheet: str,
    columns: dict[str, Column],
    also: tuple[str, ...],
    problems: Problems,
    header_row: int,
) -> FormValues | None:
    """The form above a table: labels in A1, A2, ... in the order of `columns`, their values beside them in B.

    None where the file can't be read. Other values above `header_row` are problems, as nothing would read them.
    """
    grid = read_grid(path, name, sheet, also, problems)
    if grid is None:
        return None
    head = FormValues(name, sheet, {field: at for at, field in enumerate(columns, 1)}, {})
    for at, (field, column) in enumerate(columns.items(), 1):
        cells = [*(grid.values[at - 1] if at <= len(grid.values) else []), "", ""]
        if str(cells[0]).strip() != column.header:
            found, todo = quoted(cells[0]), "Type the label again, and keep the form as it is."
            problems.add(Place(name, sheet, f"A{at}"), "label", found, f'the label "{column.header}"', todo)
        bad = f"B{at}" in grid.told
        head.values[field] = None if bad else _value(cells[1], column, head, field, problems)
    _check_stray(grid.values[: header_row - 1], len(columns), name, sheet, problems)
    return head


@dataclass(frozen=True)
class FormValues:
    """The values of a block of labels above a table, by field, and where they stand."""

    file: str
    sheet: str
    rows: dict[str, int]
    values: dict[str, Any]

    def __getitem__(self, field: str) -> Any:
        return self.values[field]

    def place(self, field: str) -> Place:
        return Place(self.file, self.sheet, f"B{self.rows[field]}", value=self.values.get(field))


def _check_stray(above: list[list], labels: int, name: str, sheet: str, problems: Problems) -> None:
    """Values in the rows above a table and outside the form: nothing reads them."""
    for row, cells in enumerate(above):
        for column, value in enumerate(cells):
            if value not in ("", None) and not (row < labels and column < 2):
                place = Place(name, sheet, f"{column_letter(column)}{row + 1}")
                todo = "Delete it, or move it into the table below."
                problems.add(place, "stray-value", quoted(value), "nothing outside the form", todo)


def _rows(
    grid: Grid,
    name: str,
    sheet: str,
    columns: dict[str, Column],
    problems: Problems,
    header_row: int,
) -> list[Row]:
    cells = grid.values[header_row - 1 :]
    header = [str(value).strip() for value in cells[0]] if cells else []
    _check_untitled(cells, header, name, sheet, problems, header_row)
    places = _columns_found(header, name, sheet, columns, problems, header_row)
    if places is None:
        return []
    letters = {field: column_letter(index) for field, index in places.items()}
    numbered = [
        (at, row)
        for at, row in enumerate(cells[1:], header_row + 1)
        if any(value not in ("", None) for value in row)
    ]
    if not grid.told and (whole := _whole_columns([row for _, row in numbered], places, columns)):
        read = zip(*whole, strict=True)
        return [
            Row(name, sheet, at, letters, dict(zip(places, values, strict=True)))
            for (at, _), values in zip(numbered, read, strict=True)
        ]
    rows = [(Row(name, sheet, at, letters, {}), row) for at, row in numbered]
    for made, row in rows:
        for field, index in places.items():
            bad = f"{letters[field]}{made.at}" in grid.told  # one mistake, one line
            made.values[field] = None if bad else _value(row[index], columns[field], made, field, problems)
    return [made for made, _ in rows]


def _whole_columns(rows: list[list], places: dict[str, int], columns: dict[str, Column]) -> list[list] | None:
    """The values of each column, read at once; None where a cell has to be told, or there are no rows."""
    read = []
    for field, index in places.items() if rows else ():
        values = convert_column(columns[field].kind, [row[index] for row in rows])
        if values is None or (None in values and not columns[field].optional):
            return None
        read.append(values)
    return read


def _check_untitled(
    grid: list[list], header: list[str], name: str, sheet: str, problems: Problems, header_row: int
) -> None:
    """Values under no title would be left out in silence."""
    for index in (index for index, title in enumerate(header) if not title):
        rows = enumerate(grid[1:], header_row + 1)
        row = next((at for at, cells in rows if cells[index] not in ("", None)), 0)
        if row:
            place, todo = (
                Place(name, sheet, f"{column_letter(index)}{row}"),
                "Delete the value, or give the column a title.",
            )
            problems.add(place, "untitled-column", "a value under no title", "values under titles only", todo)


def _columns_found(
    header: list[str], name: str, sheet: str, columns: dict[str, Column], problems: Problems, header_row: int
) -> dict[str, int] | None:
    """Field -> index of its column; None and problems where the header row does not fit."""
    before = len(problems.found)
    expected = {column.header: field for field, column in columns.items()}
    for index, title in enumerate(header):
        place = Place(name, sheet, f"{column_letter(index)}{header_row}")
        if title and header.index(title) != index:
            todo = "Rename or delete one of them."
            problems.add(
                place, "doubled-column", f"a second column {quoted(title)}", "each column once", todo
            )
        elif title and title not in expected:
            todo = did_you_mean(
                title, set(expected) - set(header), "Delete the column, or correct its title."
            )
            known = "one of the columns " + ", ".join(expected)
            problems.add(place, "unknown-column", f"the unknown column {quoted(title)}", known, todo)
    for title in expected:
        if title not in header:
            todo = did_you_mean(title, set(header) - set(expected) - {""}, "Add the column.")
            todo = todo.replace("Did you mean", "Is it the column now called") if "Did" in todo else todo
            row, named_in = Place(name, sheet, part=f"row {header_row}"), columns[expected[title]].named_in
            called = f", as {named_in} calls it" if named_in else ""
            problems.add(row, "missing-column", "no such title", f'a column "{title}"{called}', todo)
    if len(problems.found) > before:
        return None
    return {expected[title]: index for index, title in enumerate(header) if title}


def _value(cell: Any, column: Column, at: Row | FormValues, field: str, problems: Problems) -> Any:
    """A cell's value as its column wants it; None, and a problem, where it does not fit."""
    if is_empty(cell):
        if not column.optional:
            expected, todo = EXPECTED[column.kind], f"Fill in {column.header}."
            problems.add(at.place(field), "empty", "an empty cell", expected, todo)
        return None
    try:
        return READERS[column.kind](cell)
    except CellError as unfit:
        problems.add(at.place(field), unfit.kind, unfit.found, EXPECTED[column.kind], unfit.todo)
        return None
