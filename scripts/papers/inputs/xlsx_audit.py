"""Report what calamine does not say about the values of a sheet: what is hidden, struck through or commented.

Rows and columns that are hidden beyond the last value hide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.inputs.own_notes import without_own_notes
from papers.inputs.xlsx_cells import (
    column_letter,
    column_number,
    column_ranges,
    hides_column,
    hides_columns,
    hides_rows,
)
from papers.inputs.xlsx_formats import RAISED, STRUCK, UNSEEN, rule_mark
from papers.inputs.xlsx_package import is_true, local_name
from papers.inputs.xlsx_texts import describe_mark
from papers.problems import Place, Problems, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree import ElementTree

    from papers.inputs.xlsx_cells import Cells, Sheet
    from papers.inputs.xlsx_formats import CellFormats
    from papers.inputs.xlsx_package import WorkbookPackage

UNREADABLE_KINDS = ("far-cell", "too-large")  # kinds of problems after which a sheet is not read
# Bytes of the longest text, times the cells that may show it: calamine copies it into each.
MAX_SHARED = 50_000_000
MAX_MERGED = 100_000  # cells under merged ones that are remembered
MAX_CELLS = 2_000_000  # calamine fills every cell up to the last one; a real edition has a few thousand
_VISIBLE = "only visible rows"
_UNHIDE = "Unhide it (select all, right-click, Unhide), then delete what does not belong."
_UNFILTER = "Show all rows (Data, Clear), then delete what does not belong."
_WIDEN = "Make it wider (right-click the letter of the column, Column Width)."
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
_STRIKES = {
    STRUCK: "strikes text through",
    RAISED: "raises or lowers text",
    UNSEEN: "hides values",
}


def check_size(cells: Cells, longest: int, sheet: Sheet, problems: Problems) -> None:
    """Report a sheet that would fill the memory; its problems are of UNREADABLE_KINDS."""
    if cells.last_row * cells.last_column > MAX_CELLS:
        place = sheet.place(f"{column_letter(cells.last_column - 1)}{cells.last_row}")
        found, expected = f"values as far away as {place.cell}", f"a table of at most {MAX_CELLS} cells"
        todo = "Delete the rows and columns after the table."
        problems.add(place, "far-cell", found, expected, todo)
    if longest * cells.shared > MAX_SHARED:
        found = f"a text of {longest} characters that may stand in each of many cells"
        todo = "Find the cell with a very long text, and shorten it."
        expected = f"at most {MAX_SHARED} characters in all cells"
        problems.add(Place(sheet.file), "too-large", found, expected, todo)


def check_seen(cells: Cells, sheet: Sheet, styles: CellFormats, problems: Problems) -> None:
    """Report rows, columns and values that a reader of the sheet does not see, or sees changed."""
    _check_hidden_rows(cells, sheet, problems)
    _check_hidden_columns(cells, sheet, problems)
    _check_marks(cells, sheet, problems)
    _check_rules(cells.frame, sheet, styles, problems)


def _frame(cells: Cells, name: str) -> Iterator[ElementTree.Element]:
    return (child for child in cells.frame if local_name(child) == name)


def _check_hidden_rows(cells: Cells, sheet: Sheet, problems: Problems) -> None:
    filtered = any(local_name(element) == "filterColumn" for element in cells.frame.iter())
    found = "a row hidden by a filter" if filtered else "a hidden row"
    for row in cells.hidden:
        if row <= cells.last_row:
            todo = _UNFILTER if filtered else _UNHIDE
            problems.add(sheet.place(f"A{row}"), "hidden", found, _VISIBLE, todo)
    for settings in _frame(cells, "sheetFormatPr"):
        by_default = hides_rows(settings) and cells.values.keys() - cells.own_height - {*cells.hidden}
        if by_default or is_true(settings.get("zeroHeight")):
            problems.add(sheet.place(""), "hidden", "rows hidden by default", _VISIBLE, _UNHIDE)


def _check_hidden_columns(cells: Cells, sheet: Sheet, problems: Problems) -> None:
    expected, sized = "only visible columns", set()
    for first, last, column in (each for some in _frame(cells, "cols") for each in column_ranges(some)):
        sized |= {*range(first, last + 1)}
        if hides_column(column) and first <= cells.last_column:
            found, todo = "a hidden column", _UNHIDE
            if not is_true(column.get("hidden")):
                found, todo = f"a hidden column, of the width {column.get('width')}", _WIDEN
            problems.add(sheet.place(f"{column_letter(first - 1)}1"), "hidden", found, expected, todo)
    for settings in _frame(cells, "sheetFormatPr"):
        if hides_columns(settings) and {*range(1, cells.last_column + 1)} - sized:
            problems.add(sheet.place(""), "hidden", "columns hidden by default", expected, _WIDEN)


def _check_marks(cells: Cells, sheet: Sheet, problems: Problems) -> None:
    """Report cells whose value a format changes; a row that is struck through as a whole is one problem."""
    rows: dict[int, list[str]] = {}
    for name, text in cells.marked.items():
        if text.mark == STRUCK and not text.marked:
            rows.setdefault(int(name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), []).append(name)
    whole = {row for row, names in rows.items() if len(names) == cells.values[row] > 1}
    expected, todo = (
        "values that count as they are",
        "Delete it if it is withdrawn; if not, remove the strikethrough (Format Cells, Font).",
    )
    for row in sorted(whole):
        problems.add(sheet.place(rows[row][0]), "struck-through", f"row {row} struck through", expected, todo)
    for name, text in cells.marked.items():
        if name in rows.get(row := int(name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), ()) and row in whole:
            continue
        if text.marked:
            kind = "struck-through" if text.mark == STRUCK else "raised"
            problems.add(sheet.place(name), kind, *describe_mark(text))
        elif text.mark == STRUCK:
            problems.add(sheet.place(name), "struck-through", "a value struck through", expected, todo)
        elif text.mark == RAISED:
            again = "Remove superscript or subscript (Format Cells, Font); type raised characters such as ²."
            problems.add(sheet.place(name), "raised", "a value raised or lowered", expected, again)
        else:
            again = "Give the cell the number format General and a font that is seen, or empty it."
            found = "a value that its cell does not show, by its number format or colour"
            problems.add(sheet.place(name), "hidden", found, "values that are seen", again)


def _check_rules(frame: ElementTree.Element, sheet: Sheet, styles: CellFormats, problems: Problems) -> None:
    """Report conditional formats that change what a value says: where they apply is known to Excel only."""
    for element in frame.iter():
        if element.tag.rpartition("}")[2] != "conditionalFormatting":
            continue
        marks = {rule_mark(each) for each in element.iter() if each.tag.rpartition("}")[2] == "dxf"}
        numbers = (each.get("dxfId", "").strip() for each in element.iter())
        marks |= {styles.rules.get(int(number), "") for number in numbers if number.isdecimal()}
        areas = element.get("sqref") or "".join(
            each.text or "" for each in element.iter() if each.tag.endswith("}sqref")
        )
        for mark in sorted(marks - {""}):
            place = sheet.place(areas.split(":")[0].split(" ")[0])
            found = f"a conditional format of {quoted(areas)} that {_STRIKES[mark]}"
            todo = "Delete the rule (Home, Conditional Formatting, Manage Rules), and what it marked."
            problems.add(place, "conditional-format", found, "values that count as they are", todo)


def check_merged(cells: Cells, sheet: Sheet, grid: list[list], problems: Problems) -> set[str]:
    """Report merged cells within the data; return the cells that they cover."""
    covered: set[str] = set()
    ranges = [each for merged in _frame(cells, "mergeCells") for each in merged]
    width = 0
    if ranges:
        width = max(
            (at + 1 for row in grid for at, value in enumerate(row) if value not in ("", None)), default=0
        )
    for element in ranges:
        first, _, last = element.get("ref", "").strip().upper().partition(":")
        (left, top), (right, bottom) = _corner(first), _corner(last or first)
        if top >= len(grid) or left >= width:
            continue
        found = f"the merged cells {first}:{last}"
        todo = "Unmerge them and fill in each cell."
        problems.add(sheet.place(first), "merged", found, "one value a cell", todo)
        if len(covered) > MAX_MERGED:
            continue  # other problems in these cells are reported after the user has unmerged them
        rows, columns = range(top, min(bottom + 1, len(grid))), range(left, min(right + 1, width))
        covered |= {f"{column_letter(column)}{row + 1}" for row in rows for column in columns}
    return covered


def _corner(reference: str) -> tuple[int, int]:
    """Return column and row of a cell such as B2, counted from 0."""
    letters = reference.rstrip("0123456789")
    number = reference[len(letters) :]
    return (column_number(letters) - 1 if letters else 0, int(number) - 1 if number else 0)


def check_remarks(package: WorkbookPackage, part: str, sheet: Sheet, problems: Problems) -> None:
    """Report notes, comments and boxes with text: nothing would read them."""
    notes: dict[str, str] = {}
    for kind, name in (("comments", "comment"), ("ms-threadedComment", "threadedComment")):
        for each in package.related(part, kind):
            for element in package.parse(each).iter():
                if element.tag.rpartition("}")[2] == name:
                    # LibreOffice also writes where the box of the note is, which is no text.
                    shown = (each for each in element.iter() if each.tag.rpartition("}")[2] in ("t", "text"))
                    text = without_own_notes("".join(each.text or "" for each in shown).strip())
                    notes[element.get("ref", "").upper()] = text
    for cell, text in notes.items():
        if not text:
            continue  # of the program itself, or without any word
        todo = "Type what matters into a cell, then delete it (right-click the cell, Delete Note or Comment)."
        problems.add(sheet.place(cell), "comment", f"the note {quoted(text)}", "values only", todo)
    for drawing in package.related(part, "drawing"):
        for anchor in package.parse(drawing):
            text = " ".join(each.text or "" for each in anchor.iter(_DRAWN)).strip()
            if text:
                todo = "Type what matters into a cell, then delete the box."
                place = sheet.place(_anchored(anchor))
                problems.add(place, "comment", f"a box with the text {quoted(text)}", "values only", todo)


def note_hyperlinks(cells: Cells, sheet: Sheet, problems: Problems) -> None:
    """Note hyperlinks: of their cells the text is read, and never what the address leads to."""
    for links in _frame(cells, "hyperlinks"):
        for link in links:
            place = sheet.place(link.get("ref", "").partition(":")[0])
            problems.add_spelling(place, "a hyperlink", "an address behind a text", "the text alone")


def _anchored(anchor: ElementTree.Element) -> str:
    """Return the cell in which a drawing begins, "" if it is anchored to none."""
    for element in anchor:
        if element.tag.endswith("}from"):
            at = {each.tag.rpartition("}")[2]: (each.text or "").strip() for each in element}
            if at.get("col", "").isdecimal() and at.get("row", "").isdecimal():
                return f"{column_letter(int(at['col']))}{int(at['row']) + 1}"
    return ""


def describe_damage(error: BaseException) -> str:
    """Describe what a reader of zips, XML or sheets refused, for `found` of a problem."""
    return f"a damaged workbook ({quoted(str(error) or type(error).__name__, 80)})"
