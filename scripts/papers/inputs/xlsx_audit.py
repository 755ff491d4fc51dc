"""What a sheet's XML says and calamine passes over in silence: formula errors, hidden rows and columns, far cells.

The bytes are searched first, which costs nothing; only where something shows is the XML walked cell by cell.
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

TOO_MUCH = ("far-cell", "too-large")  # kinds of problems after which a sheet is not read
MOST_SHARED = (
    50_000_000  # bytes of the longest text, times the cells that may show it: calamine copies it into each
)
MOST_MERGED = 100_000  # cells under merged ones that are kept apart
MOST_CELLS = 2_000_000  # calamine fills every cell up to the last one; a real edition has a few thousand
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
# What a sheet and the texts of a workbook are made of: a value in anything else would not be seen by calamine.
_WITHIN = {
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


@dataclass(frozen=True)
class Sheet:
    """The XML of one sheet, and how people are told of it."""

    xml: bytes
    file: str
    name: str

    def place(self, cell: str) -> Place:
        return Place(self.file, self.name, cell)


def column_letter(index: int) -> str:
    """The letters of a column; index 0 is A."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def _number(letters: str) -> int:
    """The number of a column; A is 1."""
    number = 0
    for one in letters:
        number = number * 26 + ord(one) - 64
    return number


def find_sheet(parts: dict[str, bytes], file: str, name: str) -> Sheet:
    """A sheet by its name, through the workbook's relationships; KeyError or ParseError where damaged."""
    book = ElementTree.fromstring(parts["xl/workbook.xml"])
    relations = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for sheet in book.iter():
        if _local(sheet) == "sheet" and sheet.get("name") == name:
            target = targets[sheet.get(_RELATION) or sheet.get(_STRICT_RELATION)]
            return Sheet(parts[posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")], file, name)
    raise KeyError(f"sheet {name}")


_TAKES_FROM_ELSEWHERE = {
    "xl/vbaproject.bin": ("macros", "Save it as Excel Workbook (.xlsx), which has none."),
    "xl/macrosheets/": ("macros", "Save it as Excel Workbook (.xlsx), which has none."),
    "xl/externallinks/": ("links to other workbooks", "In Excel: Data, Edit Links, Break Link; then save."),
    "xl/connections.xml": (
        "connections to other data",
        "In Excel: Data, Queries & Connections; delete them.",
    ),
}


def check_parts(parts: dict[str, bytes], file: str, problems: Problems) -> bool:
    """What lets a workbook's values come from elsewhere, or one text fill the memory. False where it can't be read."""
    for begins, (found, todo) in _TAKES_FROM_ELSEWHERE.items():
        if any(name.lower().startswith(begins) for name in parts):
            problems.add(Place(file), "from-elsewhere", found, "values that stand in this workbook", todo)
    shared = [xml for name, xml in parts.items() if name.lower() == "xl/sharedstrings.xml"]
    for element in (stranger for xml in shared for stranger in _strangers(xml)):
        found = f'something called "{element}" among the texts of the workbook'
        problems.add(Place(file), "damaged", found, "texts as Excel writes them", _SAVE_AGAIN)
    longest = max((len(text) for xml in shared for text in _SHARED_END.split(xml)), default=0)
    if longest * sum(len(_SHARED_CELL.findall(xml)) for xml in parts.values()) <= MOST_SHARED:
        return True
    found = f"a text of {longest} characters that may stand in each of many cells"
    todo = "Look for a cell with a very long text, and shorten it."
    problems.add(Place(file), "too-large", found, f"at most {MOST_SHARED} characters in all cells", todo)
    return False


def check_cells(sheet: Sheet, problems: Problems) -> set[str]:
    """Tells what is hidden, broken or too far out; returns the cells that it told of."""
    before = len(problems.found)
    if not _is_plain(sheet.xml):
        _Walk(sheet, problems).run()
        _check_doubled(sheet, problems)
    return {problem.place.cell for problem in problems.found[before:]}


def _is_plain(xml: bytes) -> bool:
    """Whether a sheet is written as programs write it and holds nothing to be told: looked at as bytes, in a few passes.

    Every sign < must belong to an element known to be harmless, no row may be hidden, every cell must begin with its
    place, be no error, and come once, none beyond column Z or row 49,999: less can't be MOST_CELLS. Else it is walked.
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


def _strangers(xml: bytes) -> Iterator[str]:
    """The names of elements that no program writes where they stand."""
    inside: list[str] = []
    for event, element in ElementTree.iterparse(io.BytesIO(xml), ("start", "end")):
        if event == "end":
            inside.pop()
            element.clear()
            continue
        local = _local(element)
        if inside and local not in _WITHIN.get(inside[-1], {local}):
            yield local
        inside.append(local)


_SAVE_AGAIN = "Open it in Excel, look whether a value is missing, and save it again."
_MOST_DOUBLED = 5  # a row that stands there twice has all its cells twice
_REFERENCE = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([^"']*)""")


def _check_doubled(sheet: Sheet, problems: Problems) -> None:
    """A cell that stands there twice: readers differ in which they show, so that people could see another value than we."""
    references = _REFERENCE.findall(sheet.xml)
    if len(set(references)) == len(references):
        return
    for reference in sorted(one for one, times in Counter(references).items() if times > 1)[:_MOST_DOUBLED]:
        place = sheet.place(reference.decode("ascii", "replace"))
        todo = "Open it in Excel, look at that cell, and save it again."
        problems.add(place, "doubled-cell", "the cell twice in the file", "each cell once", todo)


_YES = ("1", "true")
_VISIBLE = "only visible rows"
_UNHIDE = "Unhide it (select all, right-click, Unhide), then delete what does not belong."


def _is_hidden(element: ElementTree.Element, size: str) -> bool:
    """Whether a row or column does not show: hidden, or of no size."""
    return element.get("hidden") in _YES or bool(_ZERO.fullmatch(element.get(size, "none")))


class _Walk:
    """One pass over the XML. Rows and columns hidden beyond the last value hide nothing."""

    def __init__(self, sheet: Sheet, problems: Problems):
        self.sheet, self.problems = sheet, problems
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[int] = []
        self.last_row = self.last_column = 0
        self.row = self.column = (
            0  # where the walk is: a row or cell without its place follows the one before
        )
        self.inside: list[str] = []

    def run(self) -> None:
        for event, element in _elements(self.sheet.xml):
            local = _local(element)
            self._step(event, local, element)
            if event == "start" and local == "row":
                number = element.get("r", "")
                self.row, self.column = int(number) if number.isdecimal() else self.row + 1, 0
                self.hidden_rows += [self.row] if _is_hidden(element, "ht") else []
            elif event == "start" and local == "col" and _is_hidden(element, "width"):
                self.hidden_columns += [int(number)] if (number := element.get("min", "")).isdecimal() else []
            elif event == "end" and local == "c":
                self._cell(element)
            elif event == "start" and local == "sheetFormatPr" and element.get("zeroHeight") in _YES:
                self.problems.add(self.sheet.place(""), "hidden", "rows hidden by default", _VISIBLE, _UNHIDE)
        self._tell_hidden()
        if self.last_row * self.last_column > MOST_CELLS:
            place = self.sheet.place(f"{column_letter(self.last_column - 1)}{self.last_row}")
            found, expected = f"values as far out as {place.cell}", f"a table of at most {MOST_CELLS} cells"
            self.problems.add(
                place, "far-cell", found, expected, "Delete the rows and columns after the table."
            )

    def _step(self, event: str, local: str, element: ElementTree.Element) -> None:
        """Into an element or out of it; one that no program writes there may hold a value that nobody would see."""
        if event == "end":
            self.inside.pop()
            return
        if self.inside and local not in _WITHIN.get(self.inside[-1], {local}):
            place = self.sheet.place(element.get("r", "") if self.inside[-1] == "row" else "")
            found = f'something called "{local}" where a cell or its value should stand'
            self.problems.add(place, "damaged", found, "cells as Excel writes them", _SAVE_AGAIN)
        self.inside.append(local)

    def _cell(self, cell: ElementTree.Element) -> None:
        inner = {_local(child): child for child in cell}
        value = "".join(inner["v"].itertext()) if "v" in inner else ""
        match = _CELL.fullmatch(cell.get("r", "").upper())
        row, self.column = (int(match[2]), _number(match[1])) if match else (self.row, self.column + 1)
        place = self.sheet.place(f"{column_letter(self.column - 1)}{row}")
        if value or "is" in inner:
            self.last_row, self.last_column = max(self.last_row, row), max(self.last_column, self.column)
        if cell.get("t") == "e":
            found, todo = f"the formula error {value}".strip(), "Correct the formula, or type the value."
            self.problems.add(place, "formula-error", found, "a value", todo)
        elif "f" in inner and not value and cell.get("t") != "str":
            found, todo = "a formula that was never calculated", "Open it in Excel and save it."
            self.problems.add(place, "formula-without-value", found, "a value", todo)

    def _tell_hidden(self) -> None:
        for row in self.hidden_rows:
            if row <= self.last_row:
                place = self.sheet.place(f"A{row}")
                self.problems.add(place, "hidden", "a hidden row", _VISIBLE, _UNHIDE)
        for column in self.hidden_columns:
            if column <= self.last_column:
                place = self.sheet.place(f"{column_letter(column - 1)}1")
                self.problems.add(place, "hidden", "a hidden column", "only visible columns", _UNHIDE)


def _local(element: ElementTree.Element) -> str:
    """The element's name without its namespace: `x:c` is `c`."""
    return element.tag.rpartition("}")[2]


def _elements(xml: bytes) -> Iterator[tuple[str, ElementTree.Element]]:
    for event, element in ElementTree.iterparse(io.BytesIO(xml), ("start", "end")):
        yield event, element
        if event == "end" and _local(element) == "row":
            element.clear()  # a sheet of 50 MB must not stay in memory


def check_merged(ranges: list, sheet: Sheet, grid: list[list], problems: Problems) -> set[str]:
    """Merged cells within the data are told; returns the cells that they cover."""
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
        if len(covered) > MOST_MERGED:
            continue  # told all the same; what else stands in these cells is told when they are fixed
        rows, columns = range(top, min(bottom + 1, len(grid))), range(left, min(right + 1, width))
        covered |= {f"{column_letter(column)}{row + 1}" for row in rows for column in columns}
    return covered


def describe_damage(error: BaseException) -> str:
    """What a reader of zip, XML or sheets stumbled over, in short."""
    return f"a damaged workbook ({quoted(str(error) or type(error).__name__, 80)})"
