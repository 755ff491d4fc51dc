"""Open an .xlsx within the limits of safety.py and return the values of a sheet.

The parts of the workbook are resolved once, each sheet is read once for the checks, and calamine gets a
workbook that is written from what was read: a workbook may come by mail from anybody.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from python_calamine import CalamineError, CalamineWorkbook

from papers import safety
from papers.characters import with_plain_signs
from papers.inputs.xlsx_audit import (
    UNREADABLE_KINDS,
    check_merged,
    check_remarks,
    check_seen,
    check_size,
    describe_damage,
    note_hyperlinks,
)
from papers.inputs.xlsx_canonical import canonical_workbook
from papers.inputs.xlsx_cells import SAVE_AGAIN, Cells, Sheet, read_cells
from papers.inputs.xlsx_formats import CellFormats, read_styles
from papers.inputs.xlsx_package import SheetEntry, WorkbookPackage
from papers.inputs.xlsx_sources import check_formulas, check_sources
from papers.inputs.xlsx_texts import SharedTexts, read_shared
from papers.problems import Place, Problems, nearest, quoted
from papers.sharing import open_patiently
from papers.store.files import read_bytes

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
    "not-xlsx": _SAVE_AS,
    "too-large": "Delete what is not needed: empty formatted rows, unused styles, pictures, other sheets.",
}


_MAX_NAMED = 10  # sheets that are named one by one


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


def sheet_names(path: Path, name: str, problems: Problems) -> list[str]:
    """Return the names of the sheets of a workbook in their order; none, and problems, where it can't be read."""
    before = len(problems.found)
    data = _read_bytes(path, name, problems)
    if len(problems.found) > before:
        return []
    try:
        book = _open_workbook(data, name)
        if book.failure:
            raise book.failure
        problems.include(book.found)
        return [entry.name for entry in book.package.sheets] if book.package else []
    except safety.UnsafeFile as refused:
        problems.add(Place(name), refused.kind, refused.found, refused.expected, _TODO[refused.kind])
    except Exception as error:  # the file may contain anything
        problems.add(Place(name), "damaged", describe_damage(error), "a readable .xlsx", _SAVE_AGAIN)
    return []


def read_all_sheets(path: Path) -> list[tuple[str, list[list]]]:
    """Return name and values of each sheet of a workbook; none where it can't be read.

    Reading the sheets that are inputs reports what is wrong with them.
    """
    try:
        with calamine_errors():
            return [*_open_workbook(read_bytes(path), path.name).values_by_sheet()]
    except (OSError, CalamineError, CalaminePanic):
        return []


class _Workbook:
    """One file, opened once for all its sheets; each sheet is read once for the form and the table on it."""

    def __init__(self, data: bytes, name: str):
        self.name, self.found = name, Problems()
        self.package: WorkbookPackage | None = None
        self.failure: Exception | None = None
        self.book: CalamineWorkbook | None = None
        self.styles, self.texts = CellFormats(), SharedTexts()
        self.cells: dict[str, tuple[Cells, Problems]] = {}  # by the name of the sheet in the workbook
        self.grids: dict[str, tuple[Grid | None, Problems]] = {}
        try:
            self._open(data)
        except Exception as error:  # kept, so that a file of 50 MB is refused once and not for each sheet
            self.failure = error

    def _open(self, data: bytes) -> None:
        package = WorkbookPackage(safety.read_zip(data))
        if not check_sources(package, self.name, self.found):
            return
        check_formulas(package.workbook, Place(self.name), self.found)
        sheets = [entry for entry in package.sheets if entry.kind == "worksheet"]
        if too_large := _too_large(package, sheets):
            self.found.add(Place(self.name), "too-large", *too_large, _TODO["too-large"])
            return
        if part := package.one("styles"):
            self.styles = read_styles(package.parse(part))
        if part := package.one("sharedStrings"):
            safety.check_xml(part, package.parts[part])
            self.texts = read_shared(package.parts[part])
        for element in dict.fromkeys(self.texts.unknown):
            found = f'an unknown element "{element}" among the texts of the workbook'
            self.found.add(Place(self.name), "damaged", found, "texts as Excel writes them", SAVE_AGAIN)
        for entry in sheets:
            self._read_cells(package, entry)
        rows = {name: cells.rows for name, (cells, _) in self.cells.items()}
        parts = canonical_workbook(rows, self.styles.xml, self.texts.xml, package.days_from_1904)
        self.book = CalamineWorkbook.from_filelike(safety.as_zip(parts))
        self.package = package

    def _read_cells(self, package: WorkbookPackage, entry: SheetEntry) -> None:
        """Read the cells of a sheet; what runs or fetches something is refused on every sheet."""
        safety.check_xml(entry.part, package.parts[entry.part])
        sheet, problems = Sheet(package.parts[entry.part], self.name, entry.name), Problems()
        cells = read_cells(sheet, self.styles, self.texts, problems)
        check_formulas(cells.frame, sheet.place(""), problems)
        for table in package.related(entry.part, "table"):
            check_formulas(package.parse(table), sheet.place(""), problems)
        for problem in problems.found:
            if problem.kind == "from-elsewhere":
                self.found.include(Problems([problem]))
        self.cells[entry.name] = cells, problems

    def grid(self, name: str, also: tuple[str, ...], problems: Problems) -> Grid | None:
        """Return the values of a sheet, or None; problems of the whole workbook are added each time."""
        if self.failure:
            raise self.failure
        problems.include(self.found)
        if self.package is None:
            return None
        entry = _check_sheets(self.package.sheets, self.name, name, also, problems)
        if entry is None:
            return None
        grid, found = self.grids.get(entry.name, (None, Problems()))
        if entry.name not in self.grids:
            grid = self._read(entry, name, found)
            self.grids[entry.name] = grid, found
        problems.include(found)
        return grid

    def _read(self, entry: SheetEntry, name: str, problems: Problems) -> Grid | None:
        cells, found = self.cells[entry.name]
        sheet = Sheet(b"", self.name, name)
        problems.include(Problems([each for each in found.found if each.kind != "from-elsewhere"]))
        check_size(cells, self.texts.longest, sheet, problems)
        if any(problem.kind in UNREADABLE_KINDS for problem in problems.found):
            return None
        check_seen(cells, sheet, self.styles, problems)
        check_remarks(self.package, entry.part, sheet, problems)
        note_hyperlinks(cells, sheet, problems)
        reported = {problem.place.cell for problem in problems.found}
        values = self.book.get_sheet_by_name(entry.name).to_python(skip_empty_area=False)
        reported |= check_merged(cells, sheet, values, problems)
        return Grid(values, reported, cells.percent)

    def values_by_sheet(self) -> Iterator[tuple[str, list[list]]]:
        """Yield name and values of each sheet that is small enough to be read."""
        for name, (cells, _) in self.cells.items() if self.book else ():
            problems = Problems()
            check_size(cells, self.texts.longest, Sheet(b"", self.name, name), problems)
            if not problems:
                yield name, self.book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _too_large(package: WorkbookPackage, sheets: list[SheetEntry]) -> tuple[str, str] | None:
    """Return found and expected for a workbook whose sheets and texts together would take too long to read."""
    names = [entry.part for entry in sheets] + package.related(package.main, "sharedStrings")
    parts = [package.parts[name] for name in names]
    if (size := sum(map(len, parts))) > safety.MAX_SHEETS:
        return f"sheets of {size / 1_000_000:.0f} MB", f"at most {safety.MAX_SHEETS / 1_000_000:.0f} MB"
    markup = sum(part.count(b"<") + part.count(b"=") for part in parts)
    if markup > safety.MAX_MARKUP:
        return f"sheets with {markup} elements and attributes", f"at most {safety.MAX_MARKUP}"
    return None


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
        with open_patiently(path) as file:
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


def _check_sheets(
    sheets: list[SheetEntry], file: str, name: str, also: tuple[str, ...], problems: Problems
) -> SheetEntry | None:
    """Return the sheet of that name, None where it is missing; report it if it is hidden, and others."""
    by_name = {with_plain_signs(entry.name): entry for entry in reversed(sheets) if entry.kind == "worksheet"}
    by_name |= {entry.name: entry for entry in sheets if entry.name in (name, *also)}
    entry = by_name.get(name) or by_name.get(with_plain_signs(name))
    if entry is None:
        _report_missing(sheets, file, name, problems)
        return None
    read = {id(by_name.get(each) or by_name.get(with_plain_signs(each))) for each in (name, *also)}
    missing = [each for each in also if each not in OTHER_SHEETS and with_plain_signs(each) not in by_name]
    unknown = [] if missing else [each for each in sheets if id(each) not in read]  # else reported with it
    _report_unknown(unknown, file, name, also, problems)
    if entry.state != "visible":
        todo = "Unhide it in Excel: right-click the tab of a sheet, Unhide."
        if entry.state == "veryHidden":
            todo = "Excel can unhide it in its Visual Basic editor only: ask the sender for another file."
        problems.add(Place(file, name), "hidden", "a hidden sheet", "a visible one", todo)
    return entry


def _report_missing(sheets: list[SheetEntry], file: str, name: str, problems: Problems) -> None:
    names = [entry.name for entry in sheets]
    guess = nearest(name, names[:_MAX_NAMED])
    found = "the sheets " + ", ".join(quoted(each) for each in names[:_MAX_NAMED])
    found += f" and {len(names) - _MAX_NAMED} more" if len(names) > _MAX_NAMED else ""
    todo = (
        f'Rename the sheet "{guess}" to "{name}".'
        if guess
        else f'Give the sheet with the table the name "{name}".'
    )
    problems.add(Place(file), "missing-sheet", found, f'a sheet "{name}"', todo)


def _report_unknown(
    unknown: list[SheetEntry], file: str, name: str, also: tuple[str, ...], problems: Problems
) -> None:
    expected = "only the sheets " + ", ".join((name, *also))
    if len(unknown) > _MAX_NAMED:
        todo = "Delete the sheets that do not belong."
        found = f"{len(unknown)} sheets of other names"
        problems.add(Place(file), "unknown-sheet", found, expected, todo)
        return
    for entry in unknown:
        todo = f"Delete it, or move what you need from it to the sheet {name}."
        if entry.state != "visible":
            todo = f"It is hidden: right-click the tab of a sheet, Unhide. {todo}"
        problems.add(Place(file, entry.name), "unknown-sheet", "a sheet of another name", expected, todo)
