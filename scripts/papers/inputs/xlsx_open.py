"""Open an .xlsx within the limits of safety.py and return the values of a sheet.

calamine reads values fast, but does not report formula errors, formulas never calculated, or hidden rows. So
xlsx_audit checks the XML of the sheet first: a workbook may come by mail from anybody.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from papers import safety
from papers.inputs.xlsx_audit import (
    UNREADABLE_KINDS,
    check_cells,
    check_merged,
    check_parts,
    describe_damage,
    find_sheet,
)
from papers.inputs.xlsx_formats import percent_cells
from papers.problems import Place, Problems, nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")  # how old .xls files and encrypted workbooks begin
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS = "Open it in Excel and save it as Excel Workbook (.xlsx)."
_SAVE_AGAIN = "Open it in Excel and save it again, or ask the sender for it again."
# Sheets that any workbook may have and that are not data: the lists of its drop-down cells, and remarks.
OTHER_SHEETS = ("Lists", "Notes")
_TODO = {
    "damaged": _SAVE_AGAIN,
    "too-large": "Delete what is not needed: empty formatted rows, unused styles, pictures, other sheets.",
}


class CalaminePanic(Exception):
    """A crash inside calamine; the text is calamine's own."""


@contextmanager
def calamine_errors() -> Iterator[None]:
    """Turn a crash inside calamine into CalaminePanic, without what it writes to standard error.

    Standard error is redirected to nowhere meanwhile.
    """
    stderr, devnull = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 2)
    try:
        yield
    except BaseException as error:
        if isinstance(error, (Exception, KeyboardInterrupt, SystemExit, GeneratorExit)):
            raise
        raise CalaminePanic(str(error)) from None
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(devnull)


@dataclass(frozen=True)
class Grid:
    """The values of a sheet by row and column.

    `reported` are the cells that a problem has named already, `percent` those that are shown as percentages.
    """

    values: list[list]
    reported: set[str]
    percent: set[str]


def read_grid(path: Path, name: str, sheet: str, also: tuple[str, ...], problems: Problems) -> Grid | None:
    """Return all values of `sheet`, or None where they can't be read; all problems are added.

    `name` is the file as messages name it; `also` are other sheets that the workbook may have.
    """
    before = len(problems.found)
    data = _read_bytes(path, name, problems)
    if len(problems.found) > before:
        return None
    try:
        with calamine_errors():
            return _open_workbook(data, name).grid(sheet, also, problems)
    except safety.UnsafeFile as refused:
        problems.add(Place(name), refused.kind, refused.found, refused.expected, _TODO[refused.kind])
    except Exception as error:  # the file may contain anything
        problems.add(Place(name), "damaged", describe_damage(error), "a readable .xlsx", _SAVE_AGAIN)
    return None


class _Workbook:
    """One file, opened once for all its sheets; each sheet is read once for the form and the table on it."""

    def __init__(self, data: bytes, name: str):
        self.name, self.parts = name, safety.read_zip(data)
        self.book: CalamineWorkbook | None = None
        self.grids: dict[str, tuple[Grid | None, Problems]] = {}

    def grid(self, sheet: str, also: tuple[str, ...], problems: Problems) -> Grid | None:
        if self.book is None:
            if not check_parts(self.parts, self.name, problems):
                return None
            self.book = CalamineWorkbook.from_filelike(safety.as_zip(self.parts))
        _check_sheets(self.book, self.name, sheet, also, problems)
        if sheet not in self.book.sheet_names:
            return None
        grid, found = self.grids.get(sheet, (None, Problems()))
        try:
            grid = grid or self._read(sheet, found)
        finally:
            problems.include(found)
        self.grids[sheet] = grid, found
        return grid

    def _read(self, sheet: str, problems: Problems) -> Grid | None:
        xml = find_sheet(self.parts, self.name, sheet)
        reported = check_cells(xml, problems)
        if any(problem.kind in UNREADABLE_KINDS for problem in problems.found):
            return None
        table = self.book.get_sheet_by_name(sheet)
        values = table.to_python(skip_empty_area=False)
        reported |= check_merged(table.merged_cell_ranges or [], xml, values, problems)
        styles = next((data for part, data in self.parts.items() if part.lower() == "xl/styles.xml"), b"")
        return Grid(values, reported, percent_cells(styles, xml.xml))


# All sheets of a workbook are read before the next workbook.
_open_workbook = lru_cache(maxsize=1)(_Workbook)


def _read_bytes(path: Path, name: str, problems: Problems) -> bytes:
    """Return the content of a file; add a problem where it is missing, open in Excel, or no .xlsx."""
    place, expected = Place(name), "an Excel workbook (.xlsx)"
    _check_not_open(path, place, problems)
    if not path.is_file():
        problems.add(place, "no-file", "no such file", expected, "Add the file, or correct its name.")
        return b""
    try:
        with path.open("rb") as file:
            data = file.read(safety.MAX_PACKED + 1)
    except OSError as error:
        found = f"a file that cannot be opened ({error.strerror})"
        todo = "Close it in other programs, or ask for permission to read it."
        problems.add(place, "unreadable", found, expected, todo)
        return b""
    if data.startswith(_OLE) and _ENCRYPTED in data:
        todo = "Remove the password in Excel (File, Info, Protect Workbook) and save."
        problems.add(place, "encrypted", "an encrypted workbook", "one without a password", todo)
    elif data.startswith(_OLE):
        problems.add(place, "old-xls", "an old workbook (.xls) under the name .xlsx", expected, _SAVE_AS)
    elif not data.startswith(b"PK"):
        found = "a file of another type under the name .xlsx (a text or .csv file?)"
        problems.add(place, "not-xlsx", found, expected, _SAVE_AS)
    return data


def _check_not_open(path: Path, place: Place, problems: Problems) -> None:
    lock = path.with_name("~$" + path.name)
    if lock.exists():
        found = f"it open in Excel (Excel's file {lock.name} is in the same folder)"
        todo = f"Save and close it in Excel. If it is open nowhere, delete {lock.name}."
        problems.add(place, "open", found, "a saved and closed workbook", todo)


def _check_sheets(book: CalamineWorkbook, name: str, sheet: str, also: tuple, problems: Problems) -> None:
    if sheet not in book.sheet_names:
        guess = nearest(sheet, book.sheet_names)
        found = "the sheets " + ", ".join(quoted(each) for each in book.sheet_names)
        todo = f'Rename the sheet "{guess}" to "{sheet}".' if guess else "Add the sheet."
        problems.add(Place(name), "missing-sheet", found, f'a sheet "{sheet}"', todo)
        return
    lacks_another = not {*also} <= {*book.sheet_names, *OTHER_SHEETS}  # reported when that sheet is read
    for each in book.sheets_metadata:
        place = Place(name, each.name)
        if each.name not in (sheet, *also) and not lacks_another:
            expected = "only the sheets " + ", ".join((sheet, *also))
            todo = f"Delete it, or move what you need from it to the sheet {sheet}."
            problems.add(place, "unknown-sheet", "a sheet of another name", expected, todo)
        elif each.name == sheet and each.visible != SheetVisibleEnum.Visible:
            todo = "Unhide it in Excel: right-click the tab of a sheet, Unhide."
            problems.add(place, "hidden", "a hidden sheet", "a visible one", todo)
