"""One sheet of an .xlsx -> rows that know their cells; whatever calamine passes over in silence is looked for here.

calamine reads values fast but shows a formula error, a formula never calculated, and hidden rows as nothing special.
So the sheet's XML is searched for these first, within limits of size (a workbook may come by mail).
"""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import unescape

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from papers.problems import Place, Problems, did_you_mean, quoted
from papers.reading.characters import forbidden

LARGEST_UNPACKED = 200_000_000  # bytes of all parts together; a real edition has below 1 MB
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Column:
    """A column of a sheet: the header that people see, and the kind of its cells."""

    header: str
    kind: str = "text"  # text | year | date
    optional: bool = False  # may a cell be empty


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
        return Place(self.file, self.sheet, f"{self.letters[field]}{self.at}")


def letter(index: int) -> str:
    """The letters of a column; index 0 is A."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def read_sheet(
    path: Path, name: str, sheet: str, columns: dict[str, Column], also: tuple[str, ...], problems: Problems
) -> list[Row]:
    """The rows of `sheet` below its header row; fields as in `columns`. Problems are added, all of them.

    `also`: sheets that may stand beside it and are not data. Rows without any value are passed over.
    """
    before = len(problems.found)
    _check_file(path, name, problems)
    if len(problems.found) > before:
        return []
    try:
        with zipfile.ZipFile(path) as package, CalamineWorkbook.from_path(str(path)) as book:
            _check_sheets(book, name, sheet, also, problems)
            if sheet not in book.sheet_names:
                return []
            table = book.get_sheet_by_name(sheet)
            _check_hidden_and_broken(_sheet_xml(package, sheet), name, sheet, problems)
            _check_merged(table.merged_cell_ranges or [], name, sheet, problems)
            grid = table.to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile, KeyError, OSError) as error:
        found = f"a damaged workbook ({str(error).splitlines()[0][:80]})"
        problems.add(Place(name), "damaged", found, "a readable .xlsx", "Open it in Excel and save it again.")
        return []
    return list(_rows(grid, name, sheet, columns, problems))


def _check_file(path: Path, name: str, problems: Problems) -> None:
    place, wanted = Place(name), "an Excel workbook (.xlsx)"
    lock = path.with_name("~$" + path.name)
    if lock.exists():
        found = f"it open in Excel (the file {lock.name} lies beside it)"
        problems.add(place, "open", found, "a saved and closed workbook", "Save and close it in Excel.")
    if not path.is_file():
        problems.add(place, "no-file", "no such file", wanted, "Add the file, or correct its name.")
        return
    with path.open("rb") as file:
        head = file.read(8)
        rest = file.read(65_536) if head == _OLE else b""
        if head == _OLE and _ENCRYPTED not in rest:
            rest += file.read()
    if head == _OLE and _ENCRYPTED in rest:
        todo = "Remove the password in Excel (File, Info, Protect Workbook) and save."
        problems.add(place, "encrypted", "an encrypted workbook", "one without a password", todo)
    elif head == _OLE:
        problems.add(place, "old-xls", "an old .xls under the name .xlsx", wanted, _SAVE_AS)
    elif not head.startswith(b"PK"):
        problems.add(place, "not-xlsx", "something else (a text or .csv file?)", wanted, _SAVE_AS)
    else:
        _check_size(path, place, problems)


_SAVE_AS = "Open it in Excel and save it as Excel Workbook (.xlsx)."


def _check_size(path: Path, place: Place, problems: Problems) -> None:
    try:
        with zipfile.ZipFile(path) as package:
            size = sum(part.file_size for part in package.infolist())
    except zipfile.BadZipFile:
        problems.add(place, "damaged", "a damaged workbook", "a readable .xlsx", "Send for it again.")
        return
    if size > LARGEST_UNPACKED:
        found = f"{size // 1_000_000} MB when unpacked"
        problems.add(
            place,
            "too-large",
            found,
            f"at most {LARGEST_UNPACKED // 1_000_000} MB",
            "Delete empty formatted rows.",
        )


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


def _sheet_xml(package: zipfile.ZipFile, sheet: str) -> bytes:
    """The XML of a sheet, found by its name through the workbook's relationships."""
    book = package.read("xl/workbook.xml").decode()
    relations = package.read("xl/_rels/workbook.xml.rels").decode()
    for tag in re.findall(r"<(?:\w+:)?sheet\s[^>]*>", book):
        name, rid = re.search(r'\sname="([^"]*)"', tag), re.search(r':id="([^"]*)"', tag)
        if name and rid and unescape(name[1], {"&quot;": '"', "&apos;": "'"}) == sheet:
            for relation in re.findall(r"<(?:\w+:)?Relationship\s[^>]*>", relations):
                if f'Id="{rid[1]}"' in relation:
                    target = re.search(r'Target="([^"]*)"', relation)[1]
                    return package.read(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
    raise KeyError(f"sheet {sheet}")


def _check_hidden_and_broken(xml: bytes, name: str, sheet: str, problems: Problems) -> None:
    if b"hidden=" in xml:
        _check_hidden(xml, name, sheet, problems)
    if b't="e"' in xml:
        for cell in re.finditer(rb'<c\s[^>]*t="e"[^>]*>.*?</c>', xml, re.S):
            value = re.search(rb"<v>([^<]*)</v>", cell[0])
            found = f"the formula error {value[1].decode() if value else ''}".strip()
            place = Place(name, sheet, re.search(rb'r="([A-Z]+\d+)"', cell[0])[1].decode())
            problems.add(place, "formula-error", found, "a value", "Correct the formula, or type the value.")
    if b"<f" in xml:
        for cell in re.finditer(rb"<c\s[^>]*>(?:(?!</c>).)*<f[ >/](?:(?!</c>).)*</c>", xml, re.S):
            if not re.search(rb"<v>[^<]+</v>", cell[0]) and b't="str"' not in cell[0][:80]:
                place = Place(name, sheet, re.search(rb'r="([A-Z]+\d+)"', cell[0])[1].decode())
                found = "a formula that was never calculated"
                problems.add(
                    place, "formula-without-value", found, "a value", "Open it in Excel and save it."
                )


def _check_hidden(xml: bytes, name: str, sheet: str, problems: Problems) -> None:
    todo = "Unhide it (select all, right-click, Unhide), then delete what does not belong."
    for row in re.finditer(rb"<row\s[^>]*>", xml):
        if re.search(rb'\shidden="(1|true)"', row[0]):
            number = re.search(rb'\sr="(\d+)"', row[0])
            place = Place(name, sheet, f"A{number[1].decode()}" if number else "")
            problems.add(place, "hidden", "a hidden row", "only visible rows", todo)
    for column in re.finditer(rb"<col\s[^>]*>", xml):
        if re.search(rb'\shidden="(1|true)"', column[0]):
            first = int(re.search(rb'\smin="(\d+)"', column[0])[1])
            place = Place(name, sheet, f"{letter(first - 1)}1")
            problems.add(place, "hidden", "a hidden column", "only visible columns", todo)


def _check_merged(ranges: list, name: str, sheet: str, problems: Problems) -> None:
    for (top, left), (bottom, right) in ranges:
        cell = f"{letter(left)}{top + 1}"
        found = f"the merged cells {cell}:{letter(right)}{bottom + 1}"
        todo = "Unmerge them and fill in each cell."
        problems.add(Place(name, sheet, cell), "merged", found, "one value a cell", todo)


def _rows(
    grid: list[list], name: str, sheet: str, columns: dict[str, Column], problems: Problems
) -> Iterator[Row]:
    header = [str(value).strip() for value in grid[0]] if grid else []
    places = _columns_found(header, name, sheet, columns, problems)
    if places is None:
        return
    letters = {field: letter(index) for field, index in places.items()}
    readers = [
        (field, index, columns[field], READERS[columns[field].kind]) for field, index in places.items()
    ]
    for at, cells in enumerate(grid[1:], 2):
        if any(value not in ("", None) for value in cells):
            row = Row(name, sheet, at, letters, {})
            for field, index, column, read in readers:
                row.values[field] = _value(cells[index], column, read, row, field, problems)
            yield row


def _columns_found(
    header: list[str], name: str, sheet: str, columns: dict[str, Column], problems: Problems
) -> dict[str, int] | None:
    """Field -> index of its column; None and problems where the header row does not fit."""
    before = len(problems.found)
    wanted = {column.header: field for field, column in columns.items()}
    for index, title in enumerate(header):
        place = Place(name, sheet, f"{letter(index)}1")
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
            problems.add(
                Place(name, sheet, "row 1"), "missing-column", "no such title", f'a column "{title}"', todo
            )
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


_ARTICLE = {"text": "text", "year": "a year such as 2017", "date": "a date"}


class _Unfit(Exception):
    def __init__(self, kind: str, found: str, todo: str):
        self.kind, self.found, self.todo = kind, found, todo


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        if bad := forbidden(cell):
            raise _Unfit("forbidden-character", f"the character U+{ord(bad[0]):04X}", "Retype the cell.")
        return cell.strip()
    kind = "a date" if isinstance(cell, datetime.date) else "a number"
    kind = "TRUE or FALSE" if isinstance(cell, bool) else kind
    found = f"{kind} ({quoted(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)})"
    raise _Unfit("not-text", found, "Format the cell as Text and type it again.")


def _year(cell: Any) -> int:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and cell == int(cell):
        if 1989 <= cell <= 2100:
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


READERS: dict[str, Callable[[Any], Any]] = {"text": _text, "year": _year, "date": _date}
