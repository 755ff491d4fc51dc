"""One sheet of an .xlsx -> rows that know their cells; whatever calamine passes over in silence is told too.

calamine reads values fast but shows a formula error, a formula never calculated, and hidden rows as nothing special.
So sheet_xml looks for these first, within limits of size (a workbook may come by mail).
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from papers.problems import Place, Problems, did_you_mean, quoted
from papers.reading import limits
from papers.reading.characters import called, forbidden
from papers.reading.panics import without_panic
from papers.reading.sheet_xml import (
    TOO_MUCH,
    check_cells,
    check_merged,
    check_parts,
    damage,
    find_sheet,
    letter,
)

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Column:
    """A column of a sheet: the header that people see, and the kind of its cells."""

    header: str
    kind: str = "text"  # text | year | date | whole
    optional: bool = False  # may a cell be empty
    named_in: str = ""  # the file that gives the header, where the program does not


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
    return _read_whole(path, name, _Table(sheet, columns, also, header_row), problems)


def read_head(
    path: Path,
    name: str,
    sheet: str,
    columns: dict[str, Column],
    also: tuple[str, ...],
    problems: Problems,
    header_row: int,
) -> Head | None:
    """The form above a table: labels in A1, A2, ... in the order of `columns`, their values beside them in B.

    None where the file can't be read. Other values above `header_row` are problems, as nothing would read them.
    """
    found = _read_whole(path, name, _HeadBlock(sheet, columns, also, header_row), problems)
    return found[0] if found else None


def _read_whole(path: Path, name: str, what: _Table | _HeadBlock, problems: Problems) -> list:
    before = len(problems.found)
    data = _bytes_of(path, name, problems)
    if len(problems.found) > before:
        return []
    try:
        with without_panic():
            read = _read(_parts_of(data), name, what, problems)
    except limits.Refused as refused:
        problems.add(Place(name), refused.kind, refused.found, refused.wanted, _SMALLER[refused.kind])
        return []
    except Exception as error:  # the file may hold anything
        problems.add(Place(name), "damaged", damage(error), "a readable .xlsx", _SAVE_AGAIN)
        return []
    return list(what.rows(read.grid, name, read.told, problems)) if read else []


_SAVE_AGAIN = "Open it in Excel and save it again, or send for it again."
_SMALLER = {
    "damaged": _SAVE_AGAIN,
    "too-large": "Delete what is not needed: empty formatted rows, unused styles, pictures, other sheets.",
}


@dataclass(frozen=True)
class _Values:
    """The values of a sheet by row and column, and the cells that a problem has named already."""

    grid: list[list]
    told: set[str]


@dataclass(frozen=True)
class Head:
    """The values of a block of labels above a table, by field, and where they stand."""

    file: str
    sheet: str
    rows: dict[str, int]
    values: dict[str, Any]

    def __getitem__(self, field: str) -> Any:
        return self.values[field]

    def place(self, field: str) -> Place:
        return Place(self.file, self.sheet, f"B{self.rows[field]}", value=self.values.get(field))


@dataclass(frozen=True)
class _Table:
    """What is wanted of a sheet: the table under its header row."""

    sheet: str
    columns: dict[str, Column]
    also: tuple[str, ...]
    header_row: int

    def rows(self, grid: list[list], name: str, told: set[str], problems: Problems) -> Iterator[Row]:
        return _rows(grid, name, self.sheet, self.columns, told, problems, self.header_row)


@dataclass(frozen=True)
class _HeadBlock:
    """What is wanted of a sheet: the labels and values above its table."""

    sheet: str
    columns: dict[str, Column]
    also: tuple[str, ...]
    header_row: int

    def rows(self, grid: list[list], name: str, told: set[str], problems: Problems) -> Iterator[Head]:
        head = Head(name, self.sheet, {field: at for at, field in enumerate(self.columns, 1)}, {})
        for at, (field, column) in enumerate(self.columns.items(), 1):
            cells = [*(grid[at - 1] if at <= len(grid) else []), "", ""]
            if str(cells[0]).strip() != column.header:
                found, todo = quoted(cells[0]), "Type the label again, and keep the form as it is."
                place = Place(name, self.sheet, f"A{at}")
                problems.add(place, "label", found, f'the label "{column.header}"', todo)
            bad = f"B{at}" in told
            value = None if bad else _value(cells[1], column, READERS[column.kind], head, field, problems)
            head.values[field] = value
        _check_stray(grid[: self.header_row - 1], len(self.columns), name, self.sheet, problems)
        yield head


def _check_stray(above: list[list], labels: int, name: str, sheet: str, problems: Problems) -> None:
    """Values in the rows above a table and outside the form: nothing reads them."""
    for row, cells in enumerate(above):
        for column, value in enumerate(cells):
            if value not in ("", None) and not (row < labels and column < 2):
                place = Place(name, sheet, f"{letter(column)}{row + 1}")
                todo = "Delete it, or move it into the table below."
                problems.add(place, "stray-value", quoted(value), "nothing outside the form", todo)


# The head and the table of a return are read one after the other from the same file.
_parts_of = lru_cache(maxsize=1)(limits.parts_of)


def _read(
    parts: dict[str, bytes], name: str, what: _Table | _HeadBlock, problems: Problems
) -> _Values | None:
    if not check_parts(parts, name, problems):
        return None
    with CalamineWorkbook.from_filelike(limits.packed(parts)) as book:
        _check_sheets(book, name, what.sheet, what.also, problems)
        if what.sheet not in book.sheet_names:
            return None
        xml = find_sheet(parts, name, what.sheet)
        told = check_cells(xml, problems)
        if any(problem.kind in TOO_MUCH and problem.place.file == name for problem in problems.found):
            return None
        table = book.get_sheet_by_name(what.sheet)
        grid = table.to_python(skip_empty_area=False)
        told |= check_merged(table.merged_cell_ranges or [], xml, grid, problems)
    return _Values(grid, told)


def _bytes_of(path: Path, name: str, problems: Problems) -> bytes:
    """The file, or b"" and the problem where it is none or no .xlsx."""
    place, wanted = Place(name), "an Excel workbook (.xlsx)"
    lock = path.with_name("~$" + path.name)
    if lock.exists():
        found = f"it open in Excel (the file {lock.name} lies beside it)"
        problems.add(place, "open", found, "a saved and closed workbook", "Save and close it in Excel.")
    if not path.is_file():
        problems.add(place, "no-file", "no such file", wanted, "Add the file, or correct its name.")
        return b""
    try:
        with path.open("rb") as file:
            data = file.read(limits.MOST_PACKED + 1)
    except OSError as error:
        found, todo = (
            f"a file that cannot be opened ({error.strerror})",
            "Close it elsewhere, or ask for the right.",
        )
        problems.add(place, "unreadable", found, wanted, todo)
        return b""
    if data.startswith(_OLE) and _ENCRYPTED in data:
        todo = "Remove the password in Excel (File, Info, Protect Workbook) and save."
        problems.add(place, "encrypted", "an encrypted workbook", "one without a password", todo)
    elif data.startswith(_OLE):
        problems.add(place, "old-xls", "an old .xls under the name .xlsx", wanted, _SAVE_AS)
    elif not data.startswith(b"PK"):
        problems.add(place, "not-xlsx", "something else (a text or .csv file?)", wanted, _SAVE_AS)
    return data


_SAVE_AS = "Open it in Excel and save it as Excel Workbook (.xlsx)."


def _check_sheets(book: CalamineWorkbook, name: str, sheet: str, also: tuple, problems: Problems) -> None:
    names = book.sheet_names
    if sheet not in names:
        todo = did_you_mean(sheet, names, "Add the sheet.").replace("Did you mean", "Rename the sheet")
        found = "the sheets " + ", ".join(quoted(n) for n in names)
        problems.add(
            Place(name),
            "missing-sheet",
            found,
            f'a sheet "{sheet}"',
            todo.replace("?", f' to "{sheet}".') if "Rename" in todo else todo,
        )
    for about in book.sheets_metadata:
        if about.name not in (sheet, *also) and sheet in names:
            wanted = "only the sheets " + ", ".join((sheet, *also))
            todo = "Delete it, or move what matters to the right sheet."
            problems.add(Place(name, about.name), "unknown-sheet", "a sheet of another name", wanted, todo)
        elif about.name == sheet and about.visible != SheetVisibleEnum.Visible:
            problems.add(
                Place(name, sheet), "hidden", "a hidden sheet", "a visible one", "Unhide it in Excel."
            )


def _rows(
    grid: list[list],
    name: str,
    sheet: str,
    columns: dict[str, Column],
    told: set[str],
    problems: Problems,
    header_row: int = 1,
) -> Iterator[Row]:
    grid = grid[header_row - 1 :]
    header = [str(value).strip() for value in grid[0]] if grid else []
    _check_untitled(grid, header, name, sheet, problems, header_row)
    places = _columns_found(header, name, sheet, columns, problems, header_row)
    if places is None:
        return
    letters = {field: letter(index) for field, index in places.items()}
    readers = [
        (field, index, columns[field], READERS[columns[field].kind]) for field, index in places.items()
    ]
    for at, cells in enumerate(grid[1:], header_row + 1):
        if any(value not in ("", None) for value in cells):
            row = Row(name, sheet, at, letters, {})
            for field, index, column, read in readers:
                if told and f"{letters[field]}{at}" in told:  # one mistake, one line
                    row.values[field] = None
                    continue
                row.values[field] = _value(cells[index], column, read, row, field, problems)
            yield row


def _check_untitled(
    grid: list[list], header: list[str], name: str, sheet: str, problems: Problems, header_row: int
) -> None:
    """Values under no title would be left out in silence."""
    for index in (index for index, title in enumerate(header) if not title):
        rows = enumerate(grid[1:], header_row + 1)
        row = next((at for at, cells in rows if cells[index] not in ("", None)), 0)
        if row:
            place, todo = (
                Place(name, sheet, f"{letter(index)}{row}"),
                "Delete the value, or give the column a title.",
            )
            problems.add(place, "untitled-column", "a value under no title", "values under titles only", todo)


def _columns_found(
    header: list[str], name: str, sheet: str, columns: dict[str, Column], problems: Problems, header_row: int
) -> dict[str, int] | None:
    """Field -> index of its column; None and problems where the header row does not fit."""
    before = len(problems.found)
    wanted = {column.header: field for field, column in columns.items()}
    for index, title in enumerate(header):
        place = Place(name, sheet, f"{letter(index)}{header_row}")
        if title and header.index(title) != index:
            todo = "Rename or delete one of them."
            problems.add(
                place, "doubled-column", f"a second column {quoted(title)}", "each column once", todo
            )
        elif title and title not in wanted:
            todo = did_you_mean(title, set(wanted) - set(header), "Delete the column, or correct its title.")
            known = "one of the columns " + ", ".join(wanted)
            problems.add(place, "unknown-column", f"the unknown column {quoted(title)}", known, todo)
    for title in wanted:
        if title not in header:
            todo = did_you_mean(title, set(header) - set(wanted) - {""}, "Add the column.")
            todo = todo.replace("Did you mean", "Is it the column now called") if "Did" in todo else todo
            row, named_in = Place(name, sheet, part=f"row {header_row}"), columns[wanted[title]].named_in
            called = f", as {named_in} calls it" if named_in else ""
            problems.add(row, "missing-column", "no such title", f'a column "{title}"{called}', todo)
    if len(problems.found) > before:
        return None
    return {wanted[title]: index for index, title in enumerate(header) if title}


def _value(cell: Any, column: Column, read: Callable, row: Row, field: str, problems: Problems) -> Any:
    if cell == "" or cell is None or (isinstance(cell, str) and not cell.strip()):
        if not column.optional:
            problems.add(
                row.place(field),
                "empty",
                "an empty cell",
                f"{_ARTICLE[column.kind]}",
                f"Fill in {column.header}.",
            )
        return None
    try:
        return read(cell)
    except _Unfit as unfit:
        problems.add(row.place(field), unfit.kind, unfit.found, _ARTICLE[column.kind], unfit.todo)
        return None


_ARTICLE = {
    "text": "text",
    "year": "a year such as 2017",
    "date": "a date",
    "whole": "a whole number, 0 or more",
}


class _Unfit(Exception):
    def __init__(self, kind: str, found: str, todo: str):
        self.kind, self.found, self.todo = kind, found, todo


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        if bad := forbidden(cell):
            raise _Unfit("forbidden-character", called(bad), "Retype the cell.")
        return cell.strip()
    kind = "a number" if isinstance(cell, (int, float)) else "a date or time"
    kind = "TRUE or FALSE" if isinstance(cell, bool) else kind
    found = f"{kind} ({quoted(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)})"
    raise _Unfit("not-text", found, "Format the cell as Text and type it again.")


def _year(cell: Any) -> int:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if math.isfinite(cell) and cell == int(cell) and 1989 <= cell <= 2100:
            return int(cell)
    elif isinstance(cell, str) and cell.strip().isdigit():
        raise _Unfit(
            "number-as-text", f"the text {quoted(cell)}", "Format the cell as General and type it again."
        )
    raise _Unfit("not-a-year", quoted(cell), "Type the year as a whole number.")


def _date(cell: Any) -> datetime.date:
    if isinstance(cell, datetime.date):
        return cell.date() if isinstance(cell, datetime.datetime) else cell
    raise _Unfit("not-a-date", quoted(cell), "Type it as a date that Excel understands.")


def _whole(cell: Any) -> int:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if math.isfinite(cell) and cell == int(cell) and cell >= 0:
            return int(cell)
    elif isinstance(cell, str) and cell.strip().isdigit():
        raise _Unfit(
            "number-as-text", f"the text {quoted(cell)}", "Format the cell as General and type it again."
        )
    raise _Unfit("not-whole", quoted(cell), "Type it as a whole number.")


READERS: dict[str, Callable[[Any], Any]] = {"text": _text, "year": _year, "date": _date, "whole": _whole}
