"""Read the cells of a sheet once, for the checks and for calamine, which gets them in a canonical form.

A sheet of the form that most programs write is recognised by a few searches in its bytes, which cost next to
nothing, and its rows are passed on as they are. Any other is parsed, and its rows are written again.
"""

from __future__ import annotations

import io
import math
import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from papers.inputs.xlsx_package import MAIN, check_alone, damaged, is_true, local_name
from papers.inputs.xlsx_sources import report_formula
from papers.inputs.xlsx_texts import CellText, as_xml, read_text
from papers.problems import Place, Problems

if TYPE_CHECKING:
    from papers.inputs.xlsx_formats import CellFormats
    from papers.inputs.xlsx_texts import SharedTexts

LEAST_SIZE = 3  # points: a row or column of less shows nothing that anybody would see
MAX_COLUMN, MAX_ROW = 16_384, 1_048_576  # of Excel
_POINTS_A_CHARACTER = 5.25  # of the width of a column
SAVE_AGAIN = "Open it in Excel, check whether a value is missing, and save it again."

_PLAIN_TAGS = (
    b"<row ", b"</row>", b"<c ", b"</c>", b"<v>", b"</v>", b"<is>", b"</is>", b"<t>", b"<t ", b"</t>",
)  # fmt: skip
_PLAIN_ROW = re.compile(
    rb"""<row r="[1-9][0-9]{0,6}"(?: (?!hidden=|xmlns|ht=)[\w.:]+="[^"<>]*"| ht="(?:[3-9]|[1-9][0-9]+)[0-9.]*")*/?>"""
)
_PLAIN_CELL = re.compile(
    rb"""<c r="([A-Z])([1-4]?[0-9]{1,4})"(?: s="(0|[1-9][0-9]{0,5})")?(?: t="(s|n|str|inlineStr|b)")?/?>"""
)
_ENCODING = re.compile(rb"""\s*(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""")
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_MAX_MISPLACED = 5  # cells that are reported so: a row that is in a file twice has all its cells twice
_TYPES = ("s", "n", "str", "inlineStr", "b", "e", "d")
_INSIDE_CELL = ("v", "f", "is", "extLst")


@dataclass(frozen=True)
class Sheet:
    """The XML of one sheet, and the names of file and sheet for messages."""

    xml: bytes
    file: str
    name: str

    def place(self, cell: str) -> Place:
        return Place(self.file, self.name, cell)


@dataclass
class Cells:
    """What a sheet contains.

    `frame` is the sheet without its rows, `rows` are those rows for calamine. `hidden` and `own_height` are
    the numbers of rows that are hidden, and of those that have a height of their own. `marked` are the cells
    whose value a format or a run of text changes, `values` the cells with a value of each row that has one.
    """

    frame: ElementTree.Element
    rows: bytes = b""
    percent: set[str] = field(default_factory=set)
    hidden: list[int] = field(default_factory=list)
    own_height: set[int] = field(default_factory=set)
    marked: dict[str, CellText] = field(default_factory=dict)
    values: dict[int, int] = field(default_factory=dict)
    last_row: int = 0
    last_column: int = 0
    shared: int = 0  # cells that show a shared text


@lru_cache(maxsize=MAX_COLUMN)
def column_letter(index: int) -> str:
    """Return the letters of a column; index 0 is A."""
    letters, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=MAX_COLUMN)
def column_number(letters: str) -> int:
    """Return the number of a column; A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def is_narrow(width: str) -> bool:
    """Return whether a column of this width, in characters, shows nothing."""
    return _number(width) * _POINTS_A_CHARACTER < LEAST_SIZE


def is_low(height: str) -> bool:
    """Return whether a row of this height, in points, shows nothing."""
    return _number(height) < LEAST_SIZE


def _number(text: str) -> float:
    try:
        return float(text) if math.isfinite(float(text)) else 0.0
    except ValueError:
        return 0.0  # no program writes that, so it is reported


def read_cells(sheet: Sheet, styles: CellFormats, texts: SharedTexts, problems: Problems) -> Cells:
    """Return the cells of a sheet; cells that can't be read are problems."""
    cells = _read_plain(sheet.xml, styles, texts)
    if cells is None:
        reader = _Reader(sheet, styles, texts, problems)
        reader.read()
        cells = reader.cells
    check_alone(cells.frame)
    if local_name(cells.frame) != "worksheet":
        raise damaged(f"the sheet {sheet.name} is no worksheet")
    return cells


def _read_plain(xml: bytes, styles: CellFormats, texts: SharedTexts) -> Cells | None:
    """Return the cells if a few searches in the bytes of a sheet show that none has a problem, else None."""
    begin, end = xml.find(b"<sheetData>"), xml.rfind(b"</sheetData>")
    encoding = _ENCODING.match(xml)
    if begin < 0 or end < begin or (encoding and encoding[1].upper() not in (b"UTF-8", b"US-ASCII")):
        return None
    rows = xml[begin + len(b"<sheetData>") : end]
    found = _PLAIN_CELL.findall(rows)
    if b"\0" in xml or not _are_plain(rows, found):
        return None
    formats = {int(style or 0) for _, _, style, _ in found}
    shared = sum(kind == b"s" for *_, kind in found)
    may_be_marked = styles.marks and (formats & styles.marks.keys() or b" customFormat=" in rows)
    if may_be_marked or (texts.marked and shared):
        return None
    frame = ElementTree.fromstring(xml[:begin] + b"<sheetData/>" + xml[end + len(b"</sheetData>") :])
    if not any(local_name(child) == "sheetData" for child in frame):
        return None
    if _frame_needs_cells(frame, bool(styles.marks)):
        return None
    percent = {
        f"{letter.decode()}{row.decode()}"
        for letter, row, style, _ in (found if formats & styles.percent else ())
        if int(style or 0) in styles.percent
    }
    last_column = max((ord(letter) - 64 for letter, *_ in found), default=0)
    last_row = int(found[-1][1]) if found else 0
    return Cells(frame, rows, percent, last_row=last_row, last_column=last_column, shared=shared)


def _are_plain(rows: bytes, found: list[tuple[bytes, bytes, bytes, bytes]]) -> bool:
    """Return whether each sign < of the rows belongs to an element known to be harmless.

    No row is hidden then, and every cell, as _PLAIN_CELL finds it, begins with its reference, is no error, and
    comes in order. With no cell beyond column Z or row 49,999 there are less than MAX_CELLS.
    """
    counted = {tag: rows.count(tag) for tag in _PLAIN_TAGS}
    keys = [(int(row), letter) for letter, row, *_ in found]
    return (
        rows.count(b"<") == sum(counted.values())
        and len(_PLAIN_ROW.findall(rows)) == counted[b"<row "]
        and len(found) == counted[b"<c "]
        and all(before < after for before, after in pairwise(keys))
    )


def _frame_needs_cells(frame: ElementTree.Element, has_marks: bool) -> bool:
    """Return whether what surrounds the rows says anything about which of them are seen, or how."""
    for child in frame:
        local = local_name(child)
        if local == "cols" and any(hides_column(each) or (has_marks and each.get("style")) for each in child):
            return True
        if local == "sheetFormatPr" and (hides_rows(child) or hides_columns(child)):
            return True
    return False


def hides_column(column: ElementTree.Element) -> bool:
    """Return whether an element `col` hides its columns, or gives them next to no width."""
    return is_true(column.get("hidden")) or is_narrow(column.get("width", "9"))


def column_ranges(columns: ElementTree.Element) -> list[tuple[int, int, ElementTree.Element]]:
    """Return the numbers of the first and last column of each element `col`, and that element.

    Raises damage where a column is described twice.
    """
    ranges = []
    for column in columns:
        first, last = (column.get(name, "").strip() for name in ("min", "max"))
        if first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last) <= MAX_COLUMN:
            ranges.append((int(first), int(last), column))
    if sum(last - first + 1 for first, last, _ in ranges) > MAX_COLUMN:
        raise damaged("columns that are described twice")
    return ranges


def hides_rows(settings: ElementTree.Element) -> bool:
    """Return whether rows without a height of their own are hidden."""
    return is_true(settings.get("zeroHeight")) or is_low(settings.get("defaultRowHeight", "15"))


def hides_columns(settings: ElementTree.Element) -> bool:
    """Return whether columns without a width of their own are hidden."""
    usual = settings.get("baseColWidth", "8").strip()
    return is_narrow(settings.get("defaultColWidth", "0.5" if usual == "0" else "9"))


class _Reader:
    """One pass over the XML of a sheet, which writes its rows again with one form for each cell."""

    def __init__(self, sheet: Sheet, styles: CellFormats, texts: SharedTexts, problems: Problems):
        self.sheet, self.styles, self.texts, self.problems = sheet, styles, texts, problems
        self.cells = Cells(ElementTree.Element("none"))
        self.rows = self.cells.frame  # the element with the rows
        self.row = self.column = 0  # the current ones: a row or cell without reference follows the one before
        self.row_style: int | None = None
        self.last, self.misplaced = (0, 0), 0
        self.written: list[str] = []
        self.column_styles: dict[int, int] = {}

    def read(self) -> None:
        depth, in_rows = 0, False
        for event, element in ElementTree.iterparse(io.BytesIO(self.sheet.xml), ("start", "end")):
            if event == "start":
                if depth == 1:
                    in_rows = local_name(element) == "sheetData"
                    self.rows = element
                elif depth == 2 and in_rows:
                    self._start_row(element)
                depth += 1
                continue
            depth -= 1
            if depth == 3 and in_rows:
                self._cell(element)
            elif depth == 2 and in_rows:
                self._end_row(element)
            elif depth == 1 and local_name(element) == "cols":
                self._note_columns(element)
        self.cells.frame = element
        self.cells.rows = "".join([*self.written, "</row>"] if self.written else []).encode()

    def _start_row(self, element: ElementTree.Element) -> None:
        number = element.get("r", "").strip()
        self.row = int(number) if number.isdecimal() else self.row + 1
        self.column = 0
        self.row_style = (
            _format(element) if is_true(element.get("customFormat")) and "s" in element.attrib else None
        )
        if "ht" in element.attrib:
            self.cells.own_height.add(self.row)
        if is_true(element.get("hidden")) or is_low(element.get("ht", "15")):
            self.cells.hidden.append(self.row)

    def _end_row(self, row: ElementTree.Element) -> None:
        if local_name(row) != "row":
            self._report_unknown(row, "")
        self.rows.clear()  # so that a sheet of 50 MB is not kept in memory

    def _note_columns(self, columns: ElementTree.Element) -> None:
        for first, last, column in column_ranges(columns):
            if column.get("style", "").isdecimal():
                style = int(column.get("style", "0"))
                self.column_styles |= dict.fromkeys(range(first, last + 1), style)

    def _cell(self, cell: ElementTree.Element) -> None:
        if local_name(cell) == "extLst":
            return
        reference = cell.get("r", "")
        match = _CELL.fullmatch(reference) or _CELL.fullmatch(reference.strip().upper())
        row, self.column = (int(match[2]), column_number(match[1])) if match else (self.row, self.column + 1)
        if local_name(cell) != "c":
            self._report_unknown(cell, reference)
        elif self.column > MAX_COLUMN or row > MAX_ROW:  # check_size reports it
            self.cells.last_row, self.cells.last_column = max(row, MAX_ROW), self.column
        elif (row, self.column) <= self.last:
            self._report_order(self._place(row))
        else:
            self.last = row, self.column
            if len(cell) or cell.get("t", "n") != "n":
                self._value(cell, row)

    def _place(self, row: int) -> Place:
        return self.sheet.place(f"{column_letter(self.column - 1)}{row}")

    def _report_order(self, place: Place) -> None:
        """Report a cell that is twice in the file, or out of order: programs differ in what they show then."""
        self.misplaced += 1
        if self.misplaced <= _MAX_MISPLACED:
            todo = "Open it in Excel, check that cell, and save it again."
            found = "the cell twice in the file, or not in its place"
            self.problems.add(place, "doubled-cell", found, "each cell once, in order", todo)

    def _report_unknown(self, element: ElementTree.Element, cell: str) -> None:
        """Report an element that no program writes there: it may contain a value that nobody would see."""
        found = f'an unknown element "{element.tag.rpartition("}")[2]}" in place of a cell or its value'
        self.problems.add(self.sheet.place(cell), "damaged", found, "cells as Excel writes them", SAVE_AGAIN)

    def _value(self, cell: ElementTree.Element, row: int) -> None:
        inner = {local_name(child): child for child in cell}
        kind = cell.get("t", "n").strip()
        for child in cell:
            if local_name(child) not in _INSIDE_CELL or inner[local_name(child)] is not child:
                self._report_unknown(child, self._place(row).cell)
        value = "".join(inner["v"].itertext()) if "v" in inner else ""
        if "f" in inner:
            report_formula("".join(inner["f"].itertext()), self._place(row), self.problems)
        if kind not in _TYPES:
            self._report_kind(f'a cell of the unknown kind "{kind}"', row)
        elif kind == "e":
            found, todo = f"the formula error {value}".strip(), "Correct the formula, or type the value."
            self.problems.add(self._place(row), "formula-error", found, "a value", todo)
        elif "f" in inner and not value and kind != "str":
            found, todo = "a formula that was never calculated", "Open it in Excel and save it."
            self.problems.add(self._place(row), "formula-without-value", found, "a value", todo)
        elif value or "is" in inner:
            text = read_text(inner["is"]) if "is" in inner else None
            if text and text.unknown:
                self._report_kind(f'an unknown element "{text.unknown}" in place of a value', row)
            self._write(cell, row, kind, value, text)
            self._mark(cell, row, kind, value, text)

    def _report_kind(self, found: str, row: int) -> None:
        expected = "cells as Excel writes them"
        self.problems.add(self._place(row), "damaged", found, expected, SAVE_AGAIN)

    def _write(
        self, cell: ElementTree.Element, row: int, kind: str, value: str, text: CellText | None
    ) -> None:
        """Write a cell with a value again, in the one form that calamine and the checks agree on."""
        if row not in self.cells.values:
            self.written.append(f'</row><row r="{row}">' if self.written else f'<row r="{row}">')
        self.cells.values[row] = self.cells.values.get(row, 0) + 1
        self.cells.last_row = max(self.cells.last_row, row)
        self.cells.last_column = max(self.cells.last_column, self.column)
        self.cells.shared += kind == "s"
        begin = f'<c r="{column_letter(self.column - 1)}{row}" s="{_format(cell) or 0}"'
        inline = text is not None and (kind == "inlineStr" or not value)
        if inline and text:
            self.written.append(f'{begin} t="inlineStr"><is>{as_xml(text.text)}</is></c>')
        elif kind == "inlineStr":
            self.written.append(f'{begin} t="str"><v>{escape(value)}</v></c>')
        else:
            self.written.append(f'{begin} t="{kind}"><v>{escape(value)}</v></c>')

    def _mark(
        self, cell: ElementTree.Element, row: int, kind: str, value: str, text: CellText | None
    ) -> None:
        """Note what the format of a cell, or of a run of its text, does to its value."""
        name = f"{column_letter(self.column - 1)}{row}"
        own = _format(cell)
        inherited = self.row_style if self.row_style is not None else self.column_styles.get(self.column)
        style = own if own is not None else inherited or 0
        if own in self.styles.percent or (own is None and 0 in self.styles.percent):
            self.cells.percent.add(name)
        if kind == "s" and value.strip().isdecimal():
            text = self.texts.marked.get(int(value))
        shown = text.text if text else value
        if text and text.mark:
            self.cells.marked[name] = text
        elif (mark := self.styles.marks.get(style)) and shown.strip():
            self.cells.marked[name] = CellText("" if kind == "s" else shown, mark)


def _format(element: ElementTree.Element) -> int | None:
    """Return the number of the format of a cell or row, None if it has none of its own."""
    number = element.get("s", "").strip()
    return int(number) if number.isdecimal() else None


def as_sheet(rows: bytes) -> bytes:
    """Return a whole sheet with these rows only."""
    return f'<worksheet xmlns="{MAIN[0]}"><sheetData>'.encode() + rows + b"</sheetData></worksheet>"
