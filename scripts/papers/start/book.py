"""A workbook that people fill in: its formats, the lists that cells pick from, and its notes. Same content, same bytes."""

from __future__ import annotations

import datetime
import io
from typing import TYPE_CHECKING, Any, NamedTuple

from xlsxwriter import Workbook

if TYPE_CHECKING:
    from collections.abc import Sequence

LINE = 14  # height of a line, in points
FIRST_YEAR, LAST_YEAR = 1989, 2088
_FONT = {"font_name": "Arial", "font_size": 10, "text_wrap": True, "valign": "top"}


class PickList(NamedTuple):
    """What can be picked in some cells: a column of the sheet Lists. `role` is its name in the program."""

    role: str
    head: str
    width: int
    names: Sequence[str]


class Book:
    """A workbook that is written once, with a sheet Lists for `lists`."""

    def __init__(self, lists: Sequence[PickList]):
        self._buffer, self.lists = io.BytesIO(), lists
        self.book = Workbook(self._buffer, {"in_memory": True})
        self.book.set_properties({"created": datetime.datetime(1980, 1, 1)})
        formats: dict[str, dict[str, Any]] = {
            "text": {},
            "words": {"num_format": "@"},
            "year": {"num_format": "0"},
            "number": {"num_format": "#,##0.##"},
            "date": {"num_format": "yyyy-mm-dd"},
            "title": {"bold": True, "valign": "vcenter", "bg_color": "#D9E2F3"},
        }
        self.formats = {name: self.book.add_format({**_FONT, **own}) for name, own in formats.items()}

    def table(self, name: str, titles: Sequence[str], widths: Sequence[int], row: int = 0) -> Any:
        """Add a sheet with a table whose titles are in a row, counted from 0."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(row)
        for at, (title, width) in enumerate(zip(titles, widths, strict=True)):
            sheet.set_column(at, at, width, self.formats["text"])
            sheet.write_string(row, at, title, self.formats["title"])
        sheet.set_row(row, 2 * LINE)
        return sheet

    def choice(self, role: str, kind: str = "stop") -> dict[str, Any] | None:
        """Return the rule of cells that pick from a list; None where the list is empty."""
        found = next(((at, one) for at, one in enumerate(self.lists) if one.role == role and one.names), None)
        if found is None:
            return None
        letter, last = chr(ord("A") + found[0]), len(found[1].names) + 1
        return {
            "validate": "list",
            "source": f"=Lists!${letter}$2:${letter}${last}",
            "error_type": kind,
            "error_title": found[1].head,
            "error_message": "Please pick one of the list.",
        }

    def choice_of_several(self, role: str, title: str) -> dict[str, Any] | None:
        """Return the rule of cells that pick from a list, or into which several are typed, which no list has."""
        rule = self.choice(role)
        several = {"input_title": title[:32], "input_message": "One, or several with ;"}
        return rule and {"validate": "list", "source": rule["source"], "show_error": False, **several}

    def notes(self, title: str, lines: Sequence[str]) -> None:
        """Add the sheets Lists and Notes, which come last."""
        self._add_lists()
        sheet = self.book.add_worksheet("Notes")
        sheet.set_column(0, 0, 110)
        sheet.write_string(0, 0, title, self.formats["title"])
        for row, words in enumerate(lines, 1):
            sheet.write_string(row, 0, words, self.formats["text"])

    def _add_lists(self) -> None:
        sheet = self.book.add_worksheet("Lists")
        sheet.freeze_panes(1, 0)
        for column, one in enumerate(self.lists):
            sheet.set_column(column, column, one.width)
            sheet.write_string(0, column, one.head, self.formats["title"])
            for row, name in enumerate(one.names, 1):
                sheet.write_string(row, column, name, self.formats["text"])

    def content(self) -> bytes:
        """Return the finished workbook."""
        self.book.close()
        return self._buffer.getvalue()


def year_rule() -> dict[str, Any]:
    """Return the rule of cells with a year."""
    return {
        "validate": "integer",
        "criteria": "between",
        "minimum": FIRST_YEAR,
        "maximum": LAST_YEAR,
        "error_title": "Year",
        "error_message": "Please type a year of four digits, for example 2021.",
    }
