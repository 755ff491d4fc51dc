"""What a sheet's XML says and calamine passes over in silence: formula errors, hidden rows and columns, far cells.

The bytes are searched first, which costs nothing; only where something shows is the XML walked cell by cell.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from papers.problems import Place, Problems, quoted

MOST_CELLS = 2_000_000  # calamine fills every cell up to the last one; a real edition has a few thousand
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_SUSPECT = re.compile(
    rb"""\shidden\s*=|\st\s*=\s*["']e["']|<(?:[\w.-]+:)?f[\s>/]|\sr\s*=\s*["'](?:[A-Z]{2,}[0-9]|[A-Z]*[0-9]{5})"""
)
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass(frozen=True)
class Sheet:
    """The XML of one sheet, and how people are told of it."""

    xml: bytes
    file: str
    name: str

    def place(self, cell: str) -> Place:
        return Place(self.file, self.name, cell)


def letter(index: int) -> str:
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


def find_sheet(package: zipfile.ZipFile, file: str, name: str) -> Sheet:
    """A sheet by its name, through the workbook's relationships; KeyError or ParseError where damaged."""
    book = ElementTree.fromstring(package.read("xl/workbook.xml"))
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for sheet in book.iter():
        if _local(sheet) == "sheet" and sheet.get("name") == name:
            target = targets[sheet.get(_RELATION) or sheet.get(_STRICT_RELATION)]
            return Sheet(
                package.read(posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")), file, name
            )
    raise KeyError(f"sheet {name}")


def check_cells(sheet: Sheet, problems: Problems) -> set[str]:
    """Tells what is hidden, broken or too far out; returns the cells that it told of."""
    before = len(problems.found)
    if _SUSPECT.search(sheet.xml) or b"\0" in sheet.xml[:100]:  # the latter is UTF-16
        _Walk(sheet, problems).run()
    return {problem.place.cell for problem in problems.found[before:]}


class _Walk:
    """One pass over the XML. Rows and columns hidden beyond the last value hide nothing."""

    def __init__(self, sheet: Sheet, problems: Problems):
        self.sheet, self.problems = sheet, problems
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[int] = []
        self.last_row = self.last_column = 0

    def run(self) -> None:
        for element in _elements(self.sheet.xml):
            local = _local(element)
            if local == "c":
                self._cell(element)
            elif local in ("row", "col") and element.get("hidden") in ("1", "true"):
                number = element.get("r" if local == "row" else "min", "")
                hidden = self.hidden_rows if local == "row" else self.hidden_columns
                hidden += [int(number)] if number.isdecimal() else []
        self._tell_hidden()
        if self.last_row * self.last_column > MOST_CELLS:
            place = self.sheet.place(f"{letter(self.last_column - 1)}{self.last_row}")
            found, wanted = f"values as far out as {place.cell}", f"a table of at most {MOST_CELLS} cells"
            self.problems.add(
                place, "far-cell", found, wanted, "Delete the rows and columns after the table."
            )

    def _cell(self, cell: ElementTree.Element) -> None:
        inner = {_local(child): child for child in cell}
        value = "".join(inner["v"].itertext()) if "v" in inner else ""
        match = _CELL.fullmatch(cell.get("r", ""))
        place = self.sheet.place(match[0] if match else "")
        if match and (value or "is" in inner):
            self.last_row = max(self.last_row, int(match[2]))
            self.last_column = max(self.last_column, _number(match[1]))
        if cell.get("t") == "e":
            found, todo = f"the formula error {value}".strip(), "Correct the formula, or type the value."
            self.problems.add(place, "formula-error", found, "a value", todo)
        elif "f" in inner and not value and cell.get("t") != "str":
            found, todo = "a formula that was never calculated", "Open it in Excel and save it."
            self.problems.add(place, "formula-without-value", found, "a value", todo)

    def _tell_hidden(self) -> None:
        todo = "Unhide it (select all, right-click, Unhide), then delete what does not belong."
        for row in self.hidden_rows:
            if row <= self.last_row:
                place = self.sheet.place(f"A{row}")
                self.problems.add(place, "hidden", "a hidden row", "only visible rows", todo)
        for column in self.hidden_columns:
            if column <= self.last_column:
                place = self.sheet.place(f"{letter(column - 1)}1")
                self.problems.add(place, "hidden", "a hidden column", "only visible columns", todo)


def _local(element: ElementTree.Element) -> str:
    """The element's name without its namespace: `x:c` is `c`."""
    return element.tag.rpartition("}")[2]


def _elements(xml: bytes) -> Iterator[ElementTree.Element]:
    for _, element in ElementTree.iterparse(io.BytesIO(xml)):
        yield element
        if _local(element) == "row":
            element.clear()  # a sheet of 200 MB must not stay in memory


def check_merged(ranges: list, sheet: Sheet, grid: list[list], problems: Problems) -> set[str]:
    """Merged cells within the data are told; returns the cells that they cover."""
    covered: set[str] = set()
    width = max(
        (at + 1 for row in grid for at, value in enumerate(row) if value not in ("", None)), default=0
    )
    for (top, left), (bottom, right) in ranges:
        if top >= len(grid) or left >= width:
            continue
        first = f"{letter(left)}{top + 1}"
        found = f"the merged cells {first}:{letter(right)}{bottom + 1}"
        todo = "Unmerge them and fill in each cell."
        problems.add(sheet.place(first), "merged", found, "one value a cell", todo)
        rows, columns = range(top, min(bottom + 1, len(grid))), range(left, min(right + 1, width))
        covered |= {f"{letter(column)}{row + 1}" for row in rows for column in columns}
    return covered


def damage(error: BaseException) -> str:
    """What a reader of zip, XML or sheets stumbled over, in short."""
    return f"a damaged workbook ({quoted(str(error) or type(error).__name__, 80)})"
