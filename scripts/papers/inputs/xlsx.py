"""Read a sheet of an .xlsx as rows that know their cells, and the form above a table.

Columns are found by their titles, wherever they are. What does not fit is a problem with its cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from papers.characters import with_plain_signs
from papers.inputs.cell_values import EXPECTED, READERS, CellError, convert_column, is_empty, meant_by_text
from papers.inputs.xlsx_cells import column_letter
from papers.inputs.xlsx_open import Grid, read_grid
from papers.problems import Place, Problems, did_you_mean, nearest, quoted, renamed_names

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its title and the kind of its cells."""

    header: str
    kind: str = "text"  # a key of cell_values.READERS
    optional: bool = False  # may a cell be empty
    named_in: str = ""  # the input that sets the title, where the program does not
    declared_in: str = ""  # the inputs that may set another one


# Values of cells


def _is_blank(cells: list) -> bool:
    """Return whether a row shows nothing."""
    return all(is_empty(cell) for cell in cells)


def _read_value(cell: Any, column: Column, owner: Row | FormValues, field: str, problems: Problems) -> Any:
    """Return a cell's value in the kind of its column; None, and a problem, where it does not fit."""
    if is_empty(cell):
        if not column.optional:
            expected, todo = EXPECTED[column.kind], f"Fill in {column.header}."
            problems.add(owner.place(field), "empty", "an empty cell", expected, todo)
        return None
    try:
        return READERS[column.kind](cell)
    except CellError as unfit:
        if isinstance(cell, str) and (meant := meant_by_text(column.kind, cell)) is not None:
            what = "a date" if column.kind == "date" else "a number"
            problems.add_spelling(
                owner.place(field), f"{what} that is typed as text", quoted(cell), str(meant)
            )
            return meant
        problems.add(owner.place(field), unfit.kind, unfit.found, EXPECTED[column.kind], unfit.todo)
        return None


# Tables

_MAX_UNKNOWN = 50  # unknown columns that are named one by one


@dataclass(frozen=True)
class Row:
    """The values of one row by field, and their cells. `at` is the row's number as Excel shows it.

    `unread` are the fields whose cell has a problem; their value is None, as that of an empty cell.
    """

    file: str
    sheet: str
    at: int
    letters: dict[str, str]
    values: dict[str, Any]
    unread: Set[str] = frozenset()

    def __getitem__(self, field: str) -> Any:
        return self.values[field]

    def place(self, field: str) -> Place:
        """Return the cell of a field."""
        cell = f"{self.letters[field]}{self.at}"
        return Place(self.file, self.sheet, cell, value=self.values.get(field))

    @property
    def places(self) -> Mapping[str, Place]:
        """The cell of each field; each Place is created only when it is needed, as there may be 200,000."""
        return _Places(self)


class _Places(Mapping):
    def __init__(self, row: Row):
        self.row = row

    def __getitem__(self, field: str) -> Place:
        if field not in self.row.letters:
            raise KeyError(field)
        return self.row.place(field)

    def __iter__(self) -> Iterator[str]:
        return iter(self.row.letters)

    def __len__(self) -> int:
        return len(self.row.letters)


def read_sheet(
    path: Path,
    name: str,
    sheet: str,
    columns: dict[str, Column],
    also: tuple[str, ...],
    problems: Problems,
    header_row: int = 1,
) -> list[Row] | None:
    """Return the rows of `sheet` below its header row, with the fields of `columns`; all problems are added.

    None where there is no such table: the file, the sheet or a column can't be read. `name` is the file as
    messages name it. `also` are other sheets that the workbook may have. Rows without any value are skipped,
    and so are the rows above `header_row` (see read_form_values).
    """
    grid = read_grid(path, name, sheet, also, problems)
    return _TableReader(grid, name, sheet, columns, problems, header_row).rows() if grid else None


def _row_of_titles(values: list[list], titles: Set[str], header_row: int) -> int:
    """Return the number of the row with the titles: `header_row`, or below blank rows the one that has any."""
    rows = enumerate(values[header_row - 1 :], header_row)
    at, cells = next(((at, cells) for at, cells in rows if not _is_blank(cells)), (header_row, []))
    return at if any(with_plain_signs(str(cell)) in titles for cell in cells) else header_row


class _TableReader:
    """Reads the table of a grid whose titles are in `header_row`."""

    def __init__(
        self,
        grid: Grid,
        name: str,
        sheet: str,
        columns: dict[str, Column],
        problems: Problems,
        header_row: int,
    ):
        self.name, self.sheet, self.columns, self.problems = name, sheet, columns, problems
        self.reported, self.percent = grid.reported, grid.percent
        known = {with_plain_signs(column.header): column.header for column in columns.values()}
        self.header_row = _row_of_titles(grid.values, known.keys(), header_row)
        cells = grid.values[self.header_row - 1 :]
        titles = [with_plain_signs(str(value)) for value in cells[0]] if cells else []
        self.titles = [known.get(title, title) for title in titles]
        self.below = cells[1:]

    def rows(self) -> list[Row] | None:
        self._check_untitled()
        indices = self._find_columns()
        if indices is None:
            return None
        letters = {field: column_letter(index) for field, index in indices.items()}
        numbered = [
            (at, cells) for at, cells in enumerate(self.below, self.header_row + 1) if not _is_blank(cells)
        ]
        self._note_unusual(numbered)
        whole = self._whole_columns([cells for _, cells in numbered], indices)
        if whole:
            return [
                Row(self.name, self.sheet, at, letters, dict(zip(indices, values, strict=True)))
                for (at, _), values in zip(numbered, zip(*whole, strict=True), strict=True)
            ]
        return [self._row(at, cells, letters, indices) for at, cells in numbered]

    def _row(self, at: int, cells: list, letters: dict[str, str], indices: dict[str, int]) -> Row:
        unread: set[str] = set()
        row = Row(self.name, self.sheet, at, letters, {}, unread)
        for field, index in indices.items():
            column, before = self.columns[field], len(self.problems.found)
            cell = f"{letters[field]}{at}"
            known = cell in self.reported  # one mistake, one problem
            if not known and column.kind == "number" and cell in self.percent and cells[index] != "":
                known = True
                self._report_percent(row.place(field), cells[index])
            row.values[field] = (
                None if known else _read_value(cells[index], column, row, field, self.problems)
            )
            if known or len(self.problems.found) > before:
                unread.add(field)
        return row

    def _note_unusual(self, numbered: list[tuple[int, list]]) -> None:
        """Note blank rows between others, and texts with spaces around them: both are left out."""
        at = self.header_row
        for row, cells in numbered:
            for blank in range(at + 1, row):
                place = Place(self.name, self.sheet, f"A{blank}")
                self.problems.add_spelling(place, "a blank row above others", f"row {blank}", "no row")
            at = row
            for index, cell in enumerate(cells):
                if isinstance(cell, str) and cell[:1].isspace() | cell[-1:].isspace() and cell.strip():
                    what, found = "a text with spaces around it", quoted(cell, 40)
                    self.problems.add_spelling(self._place(index, row), what, found, quoted(cell.strip(), 40))

    def _whole_columns(self, rows: list[list], indices: dict[str, int]) -> list[list] | None:
        """Return the values of each column, converted at once.

        None where a cell has a problem, or without rows.
        """
        if self.reported or (self.percent and any(c.kind == "number" for c in self.columns.values())):
            return None
        converted = []
        for field, index in indices.items() if rows else ():
            values = convert_column(self.columns[field].kind, [row[index] for row in rows])
            if values is None or (None in values and not self.columns[field].optional):
                return None
            converted.append(values)
        return converted

    def _report_percent(self, place: Place, value: Any) -> None:
        """Report a number that is shown as a percentage: the cell holds a hundredth of what was typed."""
        shown = f"{value * 100:.15g}" if isinstance(value, (int, float)) else str(value)
        found, expected = f"{quoted(value)}, which the cell shows as {shown}%", f"the number {shown}"
        todo = f"Format the cell as General and type {shown}, without the sign %."
        self.problems.add(place, "percent-format", found, expected, todo)

    def _place(self, index: int, row: int) -> Place:
        return Place(self.name, self.sheet, f"{column_letter(index)}{row}")

    def _check_untitled(self) -> None:
        """Report values in a column without a title: nothing would read them."""
        for index in (index for index, title in enumerate(self.titles) if not title):
            rows = enumerate(self.below, self.header_row + 1)
            row = next((at for at, cells in rows if cells[index] not in ("", None)), 0)
            if row:
                found, todo = "a value in a column without a title", "Delete it, or give the column a title."
                expected = "a title above each value"
                self.problems.add(self._place(index, row), "untitled-column", found, expected, todo)

    def _find_columns(self) -> dict[str, int] | None:
        """Return the index of each field's column; None and problems where a column is missing or there twice.

        An unknown column beside all others is a problem, and the others are read.
        """
        header = Place(self.name, self.sheet, part=f"row {self.header_row}")
        fields = {column.header: field for field, column in self.columns.items()}
        if not any(self.titles):
            expected, todo = f"the columns {', '.join(fields)}", "Add their titles, in this row."
            self.problems.add(header, "missing-column", "a row without titles", expected, todo)
            return None
        unknown = [title for title in dict.fromkeys(self.titles) if title and title not in fields]
        missing = [title for title in fields if title not in self.titles]
        if len(unknown) > _MAX_UNKNOWN:
            self._report_many(len(unknown), fields)
            return None
        renamed = renamed_names(unknown, missing)
        seen: set[str] = set()
        for index, title in enumerate(self.titles):
            if title in seen:
                found, todo = f"a second column {quoted(title)}", "Rename or delete one of them."
                place = self._place(index, self.header_row)
                self.problems.add(place, "doubled-column", found, "each column once", todo)
            elif title in unknown:
                self._report_unknown(index, title, renamed.get(title, ""), fields)
            seen |= {title} - {""}
        for title in missing:
            if title not in renamed.values():
                found, expected = "no column with that title", self._expected_column(fields[title])
                others = self.columns[fields[title]].declared_in
                declare = f", or declare those of the workbook in {others}" if others else ""
                todo = f"Add the column{declare}."
                self.problems.add(header, "missing-column", found, expected, todo)
        # A title that is only misspelt names its column, so that the problems of its cells are reported too.
        misspelt = {title: name for title, name in renamed.items() if nearest(title, [name])}
        titles = [title for title in self.titles if title]
        if len({*titles}) < len(titles) or {*missing} - {*misspelt.values()}:
            return None
        names = [misspelt.get(title, title) for title in self.titles]
        return {fields[name]: index for index, name in enumerate(names) if name in fields}

    def _report_many(self, number: int, fields: dict[str, str]) -> None:
        header = Place(self.name, self.sheet, part=f"row {self.header_row}")
        found, todo = f"{number} unknown columns", "Delete the columns that do not belong."
        self.problems.add(header, "unknown-column", found, f"the columns {', '.join(fields)}", todo)

    def _report_unknown(self, index: int, title: str, renamed: str, fields: dict[str, str]) -> None:
        """Report an unknown title; `renamed` is the missing column that it probably is, or ""."""
        found, expected = f"the unknown column {quoted(title)}", f"one of the columns {', '.join(fields)}"
        todo = "Delete the column, or correct its title."
        if renamed:
            expected = self._expected_column(fields[renamed])
            otherwise = "Rename it if it is that column; if not, delete it, and add that column."
            todo = did_you_mean(title, [renamed], otherwise)
        self.problems.add(self._place(index, self.header_row), "unknown-column", found, expected, todo)

    def _expected_column(self, field: str) -> str:
        column = self.columns[field]
        named_in = f", as {column.named_in} calls it" if column.named_in else ""
        return f'a column "{column.header}"{named_in}'


# Forms above a table


@dataclass(frozen=True)
class FormValues:
    """The values of a form above a table by field, and the number of each field's row."""

    file: str
    sheet: str
    rows: dict[str, int]
    values: dict[str, Any]

    def __getitem__(self, field: str) -> Any:
        return self.values[field]

    def place(self, field: str) -> Place:
        """Return the cell of a field."""
        return Place(self.file, self.sheet, f"B{self.rows[field]}", value=self.values.get(field))


def read_form_values(
    path: Path,
    name: str,
    sheet: str,
    labels: dict[str, Column],
    also: tuple[str, ...],
    problems: Problems,
    header_row: int,
) -> FormValues | None:
    """Return the form above a table: `labels` in A1, A2, ... in their order, the value of each in column B.

    None where the file can't be read. Other values above `header_row` are problems, as nothing would read
    them.
    """
    grid = read_grid(path, name, sheet, also, problems)
    if grid is None:
        return None
    form = FormValues(name, sheet, {field: at for at, field in enumerate(labels, 1)}, {})
    for at, (field, column) in enumerate(labels.items(), 1):
        cells = [*(grid.values[at - 1] if at <= len(grid.values) else []), "", ""]
        if with_plain_signs(str(cells[0])) != with_plain_signs(column.header):
            expected, todo = f'the label "{column.header}"', "Type the label again; do not move the form."
            problems.add(Place(name, sheet, f"A{at}"), "label", quoted(cells[0]), expected, todo)
        known = f"B{at}" in grid.reported
        form.values[field] = None if known else _read_value(cells[1], column, form, field, problems)
    _check_stray(grid.values[: header_row - 1], len(labels), name, sheet, problems)
    return form


def _check_stray(above: list[list], labels: int, name: str, sheet: str, problems: Problems) -> None:
    """Report values in the rows above a table and outside the form: nothing would read them."""
    for row, cells in enumerate(above):
        for column, value in enumerate(cells):
            if value not in ("", None) and not (row < labels and column < 2):
                place = Place(name, sheet, f"{column_letter(column)}{row + 1}")
                todo = "Delete it, or move it into the table below."
                problems.add(place, "stray-value", quoted(value), "nothing outside the form", todo)
