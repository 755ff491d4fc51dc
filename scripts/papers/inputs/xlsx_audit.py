"""Check the XML of a workbook for what calamine does not report: formula errors, hidden rows, far cells.

A sheet is first searched as bytes, which costs next to nothing; its XML is parsed cell by cell only where
that search finds anything unusual.
"""

from __future__ import annotations

import io
import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from papers.problems import Place, Problems, quoted

UNREADABLE_KINDS = ("far-cell", "too-large")  # kinds of problems after which a sheet is not read
# Bytes of the longest text, times the cells that may show it: calamine copies it into each.
MAX_SHARED = 50_000_000
MAX_MERGED = 100_000  # cells under merged ones that are remembered
MAX_CELLS = 2_000_000  # calamine fills every cell up to the last one; a real edition has a few thousand
_MAX_DOUBLED = 5  # cells that are reported as doubled: a row that is in a file twice has all its cells twice
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
# Before and after the rows: hidden columns, rows hidden by default, and a second <sheetData>.
_SUSPECT = re.compile(rb"""\shidden\s*=|\swidth\s*=\s*["']0?\.?0*["']|zeroHeight|sheetData[\s/>]|\0""")
_PLAIN_TAGS = (
    b"<row ",
    b"</row>",
    b"<c ",
    b"</c>",
    b"<v>",
    b"</v>",
    b"<is>",
    b"</is>",
    b"<t>",
    b"<t ",
    b"</t>",
)
_PLAIN_ROW = re.compile(rb"""<row r="[0-9]+"(?: (?!hidden=|ht="0?\.?0*")[\w:.]+="[^"<>]*")*/?>""")
_PLAIN_CELL = re.compile(
    rb"""<c r="([A-Z][1-4]?[0-9]{1,4})"(?: s="[0-9]+")?(?: t="(?:s|n|str|inlineStr|b)")?/?>"""
)
# The elements that each element may contain: calamine would not see a value in anything else.
_CHILDREN = {
    "sheetData": {"row"},
    "row": {"c", "extLst"},
    "c": {"v", "f", "is", "extLst"},
    "sst": {"si", "extLst"},
    "si": {"t", "r", "rPh", "phoneticPr"},
    "is": {"t", "r", "rPh", "phoneticPr"},
    "r": {"t", "rPr"},
}
_SHARED_END, _SHARED_CELL = re.compile(rb"</(?:[\w.-]+:)?si>"), re.compile(rb"""\st\s*=\s*["']s["']""")
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ZERO = re.compile(r"0?\.?0*")
_SAVE_AGAIN = "Open it in Excel, check whether a value is missing, and save it again."
_REFERENCE = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([^"']*)""")
_YES = ("1", "true")
_VISIBLE = "only visible rows"
_UNHIDE = "Unhide it (select all, right-click, Unhide), then delete what does not belong."
_OUTSIDE_SOURCES = {
    "xl/vbaproject.bin": ("macros", "Save it as Excel Workbook (.xlsx), which has none."),
    "xl/macrosheets/": ("macros", "Save it as Excel Workbook (.xlsx), which has none."),
    "xl/externallinks/": ("links to other workbooks", "In Excel: Data, Edit Links, Break Link; then save."),
    "xl/connections.xml": (
        "connections to other data",
        "In Excel: Data, Queries & Connections; delete them.",
    ),
}


@dataclass(frozen=True)
class Sheet:
    """The XML of one sheet, and the names of file and sheet for messages."""

    xml: bytes
    file: str
    name: str

    def place(self, cell: str) -> Place:
        return Place(self.file, self.name, cell)


def column_letter(index: int) -> str:
    """Return the letters of a column; index 0 is A."""
    letters, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _column_number(letters: str) -> int:
    """Return the number of a column; A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def find_sheet(parts: dict[str, bytes], file: str, name: str) -> Sheet:
    """Return a sheet by its name, through the workbook's relationships.

    Raises KeyError or ParseError if the workbook is damaged.
    """
    book = ElementTree.fromstring(parts["xl/workbook.xml"])
    relations = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for sheet in book.iter():
        if _local(sheet) == "sheet" and sheet.get("name") == name:
            target = targets[sheet.get(_RELATION) or sheet.get(_STRICT_RELATION)]
            return Sheet(parts[posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")], file, name)
    raise KeyError(f"sheet {name}")


def check_parts(parts: dict[str, bytes], file: str, problems: Problems) -> bool:
    """Report macros, links and connections, and a text that would fill the memory.

    Returns whether the workbook can be read.
    """
    for begins, (found, todo) in _OUTSIDE_SOURCES.items():
        if any(name.lower().startswith(begins) for name in parts):
            problems.add(Place(file), "from-elsewhere", found, "values typed in this workbook", todo)
    shared = [xml for name, xml in parts.items() if name.lower() == "xl/sharedstrings.xml"]
    for element in (name for xml in shared for name in _unknown_elements(xml)):
        found = f'an unknown element "{element}" among the texts of the workbook'
        problems.add(Place(file), "damaged", found, "texts as Excel writes them", _SAVE_AGAIN)
    longest = max((len(text) for xml in shared for text in _SHARED_END.split(xml)), default=0)
    if longest * sum(len(_SHARED_CELL.findall(xml)) for xml in parts.values()) <= MAX_SHARED:
        return True
    found = f"a text of {longest} characters that may stand in each of many cells"
    todo = "Find the cell with a very long text, and shorten it."
    problems.add(Place(file), "too-large", found, f"at most {MAX_SHARED} characters in all cells", todo)
    return False


def check_cells(sheet: Sheet, problems: Problems) -> set[str]:
    """Report what is hidden, broken or too far out; return the cells that the problems name."""
    before = len(problems.found)
    if not _is_plain(sheet.xml):
        _CellAudit(sheet, problems).run()
        _check_doubled(sheet, problems)
    return {problem.place.cell for problem in problems.found[before:]}


def _is_plain(xml: bytes) -> bool:
    """Return whether a few searches in the bytes of a sheet show that it has no problem.

    Every sign < must belong to an element known to be harmless, no row may be hidden, and every cell must
    begin with its reference, be no error, and come once. With no cell beyond column Z or row 49,999 it has
    less than MAX_CELLS.
    """
    begin, end = xml.find(b"<sheetData>"), xml.rfind(b"</sheetData>")
    if begin < 0 or _SUSPECT.search(xml[:begin]) or _SUSPECT.search(xml[end + len(b"</sheetData>") :]):
        return False
    rows = xml[begin + len(b"<sheetData>") : end]
    counted = {tag: rows.count(tag) for tag in _PLAIN_TAGS}
    places = _PLAIN_CELL.findall(rows)
    return (
        rows.count(b"<") == sum(counted.values())
        and len(_PLAIN_ROW.findall(rows)) == counted[b"<row "]
        and len({*places}) == len(places) == counted[b"<c "]
    )


def _unknown_elements(xml: bytes) -> Iterator[str]:
    """Yield the names of elements that no program writes where they are."""
    inside: list[str] = []
    for event, element in ElementTree.iterparse(io.BytesIO(xml), ("start", "end")):
        if event == "end":
            inside.pop()
            element.clear()
            continue
        local = _local(element)
        if inside and local not in _CHILDREN.get(inside[-1], {local}):
            yield local
        inside.append(local)


def _check_doubled(sheet: Sheet, problems: Problems) -> None:
    """Report cells that are in the file twice: programs differ in which of the two they show."""
    references = _REFERENCE.findall(sheet.xml)
    if len(set(references)) == len(references):
        return
    for reference in sorted(cell for cell, times in Counter(references).items() if times > 1)[:_MAX_DOUBLED]:
        place = sheet.place(reference.decode("ascii", "replace"))
        todo = "Open it in Excel, check that cell, and save it again."
        problems.add(place, "doubled-cell", "the cell twice in the file", "each cell once", todo)


def _is_hidden(element: ElementTree.Element, size: str) -> bool:
    """Return whether a row or column is hidden, or has no size."""
    return element.get("hidden") in _YES or bool(_ZERO.fullmatch(element.get(size, "none")))


class _CellAudit:
    """One pass over the XML of a sheet. Rows and columns hidden beyond the last value hide nothing."""

    def __init__(self, sheet: Sheet, problems: Problems):
        self.sheet, self.problems = sheet, problems
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[int] = []
        self.last_row = self.last_column = 0
        self.row = self.column = 0  # the current ones: a row or cell without reference follows the one before
        self.inside: list[str] = []

    def run(self) -> None:
        for event, element in _elements(self.sheet.xml):
            local = _local(element)
            if event == "start":
                self._check_known(local, element)
                self.inside.append(local)
                self._start(local, element)
            else:
                self.inside.pop()
                if local == "c":
                    self._check_cell(element)
        self._report_hidden()
        self._check_far()

    def _check_known(self, local: str, element: ElementTree.Element) -> None:
        """Report an element that no program writes there: it may contain a value that nobody would see."""
        if self.inside and local not in _CHILDREN.get(self.inside[-1], {local}):
            place = self.sheet.place(element.get("r", "") if self.inside[-1] == "row" else "")
            found = f'an unknown element "{local}" in place of a cell or its value'
            self.problems.add(place, "damaged", found, "cells as Excel writes them", _SAVE_AGAIN)

    def _start(self, local: str, element: ElementTree.Element) -> None:
        if local == "row":
            number = element.get("r", "")
            self.row, self.column = int(number) if number.isdecimal() else self.row + 1, 0
            self.hidden_rows += [self.row] if _is_hidden(element, "ht") else []
        elif local == "col" and _is_hidden(element, "width"):
            self.hidden_columns += [int(number)] if (number := element.get("min", "")).isdecimal() else []
        elif local == "sheetFormatPr" and element.get("zeroHeight") in _YES:
            self.problems.add(self.sheet.place(""), "hidden", "rows hidden by default", _VISIBLE, _UNHIDE)

    def _check_far(self) -> None:
        if self.last_row * self.last_column > MAX_CELLS:
            place = self.sheet.place(f"{column_letter(self.last_column - 1)}{self.last_row}")
            found, expected = f"values as far away as {place.cell}", f"a table of at most {MAX_CELLS} cells"
            todo = "Delete the rows and columns after the table."
            self.problems.add(place, "far-cell", found, expected, todo)

    def _check_cell(self, cell: ElementTree.Element) -> None:
        inner = {_local(child): child for child in cell}
        value = "".join(inner["v"].itertext()) if "v" in inner else ""
        match = _CELL.fullmatch(cell.get("r", "").upper())
        row, self.column = (int(match[2]), _column_number(match[1])) if match else (self.row, self.column + 1)
        place = self.sheet.place(f"{column_letter(self.column - 1)}{row}")
        if value or "is" in inner:
            self.last_row, self.last_column = max(self.last_row, row), max(self.last_column, self.column)
        if cell.get("t") == "e":
            found, todo = f"the formula error {value}".strip(), "Correct the formula, or type the value."
            self.problems.add(place, "formula-error", found, "a value", todo)
        elif "f" in inner and not value and cell.get("t") != "str":
            found, todo = "a formula that was never calculated", "Open it in Excel and save it."
            self.problems.add(place, "formula-without-value", found, "a value", todo)

    def _report_hidden(self) -> None:
        for row in self.hidden_rows:
            if row <= self.last_row:
                place = self.sheet.place(f"A{row}")
                self.problems.add(place, "hidden", "a hidden row", _VISIBLE, _UNHIDE)
        for column in self.hidden_columns:
            if column <= self.last_column:
                place = self.sheet.place(f"{column_letter(column - 1)}1")
                self.problems.add(place, "hidden", "a hidden column", "only visible columns", _UNHIDE)


def _local(element: ElementTree.Element) -> str:
    """Return the element's name without its namespace: `x:c` is `c`."""
    return element.tag.rpartition("}")[2]


def _elements(xml: bytes) -> Iterator[tuple[str, ElementTree.Element]]:
    for event, element in ElementTree.iterparse(io.BytesIO(xml), ("start", "end")):
        yield event, element
        if event == "end" and _local(element) == "row":
            element.clear()  # so that a sheet of 50 MB is not kept in memory


def check_merged(ranges: list, sheet: Sheet, grid: list[list], problems: Problems) -> set[str]:
    """Report merged cells within the data; return the cells that they cover."""
    covered: set[str] = set()
    if not ranges:
        return covered
    width = max(
        (at + 1 for row in grid for at, value in enumerate(row) if value not in ("", None)), default=0
    )
    for (top, left), (bottom, right) in ranges:
        if top >= len(grid) or left >= width:
            continue
        first = f"{column_letter(left)}{top + 1}"
        found = f"the merged cells {first}:{column_letter(right)}{bottom + 1}"
        todo = "Unmerge them and fill in each cell."
        problems.add(sheet.place(first), "merged", found, "one value a cell", todo)
        if len(covered) > MAX_MERGED:
            continue  # other problems in these cells are reported after the user has unmerged them
        rows, columns = range(top, min(bottom + 1, len(grid))), range(left, min(right + 1, width))
        covered |= {f"{column_letter(column)}{row + 1}" for row in rows for column in columns}
    return covered


def describe_damage(error: BaseException) -> str:
    """Describe what a reader of zips, XML or sheets refused, for `found` of a problem."""
    return f"a damaged workbook ({quoted(str(error) or type(error).__name__, 80)})"
