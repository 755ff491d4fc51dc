"""openpyxl with the part of calamine's interface that our reader uses. pandas and most scripts read .xlsx with it."""

from __future__ import annotations

import datetime
import io
from functools import cache
from types import SimpleNamespace

import openpyxl
from papers.inputs import xlsx_open
from python_calamine import SheetVisibleEnum


class Workbook:
    """A workbook, loaded once even if it is opened several times."""

    def __init__(self, book: openpyxl.Workbook):
        self.book, self.sheet_names = book, book.sheetnames
        shown = {True: SheetVisibleEnum.Visible, False: SheetVisibleEnum.Hidden}
        self.sheets_metadata = [
            SimpleNamespace(name=sheet.title, visible=shown[sheet.sheet_state == "visible"]) for sheet in book
        ]

    @classmethod
    def from_filelike(cls, file: io.BytesIO) -> Workbook:
        return cls._loaded(file.read())

    @classmethod
    @cache
    def _loaded(cls, data: bytes) -> Workbook:
        return cls(openpyxl.load_workbook(io.BytesIO(data), data_only=True))

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, *_: object) -> None: ...

    def get_sheet_by_name(self, name: str) -> SimpleNamespace:
        rows = [
            [_like_calamine(value) for value in row] for row in self.book[name].iter_rows(values_only=True)
        ]
        while rows and all(value == "" for value in rows[-1]):
            rows.pop()  # rows with formatting only
        return SimpleNamespace(to_python=lambda skip_empty_area: rows, merged_cell_ranges=[])


def _like_calamine(value: object) -> object:
    """Return the value as calamine would: "" for an empty cell, floats for numbers, dates without a time."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date() if value.time() == datetime.time() else value
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def use_openpyxl() -> None:
    """Make our reader use openpyxl from now on."""
    xlsx_open.CalamineWorkbook = Workbook
