"""An .xlsx -> the values of a sheet, and of which cells a person must be told; whatever calamine passes over is told too.

calamine reads values fast but shows a formula error, a formula never calculated, and hidden rows as nothing special.
So sheet_xml looks for these first, within limits of size (a workbook may come by mail).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from papers import safety
from papers.inputs.xlsx_audit import (
    TOO_MUCH,
    check_cells,
    check_merged,
    check_parts,
    describe_damage,
    find_sheet,
)
from papers.problems import Place, Problems, did_you_mean, quoted


class CalaminePanic(Exception):
    """What calamine could not read, in its own words."""


@contextmanager
def calamine_errors() -> Iterator[None]:
    """Nothing is written to standard error meanwhile, and a panic becomes a Panic."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    except BaseException as error:
        if isinstance(error, (Exception, KeyboardInterrupt, SystemExit, GeneratorExit)):
            raise
        raise CalaminePanic(str(error)) from None
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


_OLE = bytes.fromhex("D0CF11E0A1B11AE1")

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Grid:
    """The values of a sheet by row and column, and the cells that a problem has named already."""

    values: list[list]
    told: set[str]


def read_grid(path: Path, name: str, sheet: str, also: tuple[str, ...], problems: Problems) -> Grid | None:
    """All values of `sheet`; None where they can't be read. Problems are added, all of them.

    `also`: sheets that may stand beside it and are not data.
    """
    before = len(problems.found)
    data = _bytes_of(path, name, problems)
    if len(problems.found) > before:
        return None
    try:
        with calamine_errors():
            return _opened(data, name).grid(sheet, also, problems)
    except safety.UnsafeFile as refused:
        problems.add(Place(name), refused.kind, refused.found, refused.expected, _SMALLER[refused.kind])
    except Exception as error:  # the file may hold anything
        problems.add(Place(name), "damaged", describe_damage(error), "a readable .xlsx", _SAVE_AGAIN)
    return None


_SAVE_AGAIN = "Open it in Excel and save it again, or send for it again."

_SMALLER = {
    "damaged": _SAVE_AGAIN,
    "too-large": "Delete what is not needed: empty formatted rows, unused styles, pictures, other sheets.",
}


class _Workbook:
    """One file, opened once for all its sheets, and each sheet read once for the head and the table on it."""

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
        grid, told = self.grids.get(sheet, (None, Problems()))
        try:
            grid = grid or self._read(sheet, told)
        finally:
            problems.include(told)
        self.grids[sheet] = grid, told
        return grid

    def _read(self, sheet: str, problems: Problems) -> Grid | None:
        xml = find_sheet(self.parts, self.name, sheet)
        told = check_cells(xml, problems)
        if any(problem.kind in TOO_MUCH for problem in problems.found):
            return None
        table = self.book.get_sheet_by_name(sheet)
        values = table.to_python(skip_empty_area=False)
        return Grid(values, told | check_merged(table.merged_cell_ranges or [], xml, values, problems))


# Who reads a workbook reads all that is expected of it before the next one.
_opened = lru_cache(maxsize=1)(_Workbook)


def _bytes_of(path: Path, name: str, problems: Problems) -> bytes:
    """The file, or b"" and the problem where it is none or no .xlsx."""
    place, expected = Place(name), "an Excel workbook (.xlsx)"
    lock = path.with_name("~$" + path.name)
    if lock.exists():
        found = f"it open in Excel (the file {lock.name} lies beside it)"
        problems.add(place, "open", found, "a saved and closed workbook", "Save and close it in Excel.")
    if not path.is_file():
        problems.add(place, "no-file", "no such file", expected, "Add the file, or correct its name.")
        return b""
    try:
        with path.open("rb") as file:
            data = file.read(safety.MAX_PACKED + 1)
    except OSError as error:
        found, todo = (
            f"a file that cannot be opened ({error.strerror})",
            "Close it elsewhere, or ask for the right.",
        )
        problems.add(place, "unreadable", found, expected, todo)
        return b""
    if data.startswith(_OLE) and _ENCRYPTED in data:
        todo = "Remove the password in Excel (File, Info, Protect Workbook) and save."
        problems.add(place, "encrypted", "an encrypted workbook", "one without a password", todo)
    elif data.startswith(_OLE):
        problems.add(place, "old-xls", "an old .xls under the name .xlsx", expected, _SAVE_AS)
    elif not data.startswith(b"PK"):
        problems.add(place, "not-xlsx", "something else (a text or .csv file?)", expected, _SAVE_AS)
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
            expected = "only the sheets " + ", ".join((sheet, *also))
            todo = "Delete it, or move what matters to the right sheet."
            problems.add(Place(name, about.name), "unknown-sheet", "a sheet of another name", expected, todo)
        elif about.name == sheet and about.visible != SheetVisibleEnum.Visible:
            problems.add(
                Place(name, sheet), "hidden", "a hidden sheet", "a visible one", "Unhide it in Excel."
            )
