"""Documents: sections and tables in any order, on portrait or landscape pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from papers.inputs.table_schemas import PrintedColumn, narrow_columns
from papers.model.plan import check_facts
from papers.problems import Place, Problems, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papers.inputs.document_schemas import DocumentColumn
    from papers.inputs.documents import DocumentFolder
    from papers.inputs.markdown import Section
    from papers.inputs.unread import Unread

# ASSUME: papers are A4 with margins of 2.54 cm, and tables are set in 10 points.
_WIDTHS, _FONT_SIZE = {"portrait": 451.3, "landscape": 697.9}, 10
_NUMBERS = ("number", "money")

Value = str | int | Decimal | None


@dataclass(frozen=True)
class DocumentTable:
    """A table: `rows` have a value for each column, None for an empty cell."""

    title: str
    description: str
    columns: list[DocumentColumn]
    rows: list[list[Value]]


@dataclass(frozen=True)
class DocumentPart:
    """A section or a table."""

    landscape: bool
    section: Section | None = None
    table: DocumentTable | None = None


@dataclass(frozen=True)
class PaperDocument:
    """The text of a paper of kind document; `files` are the inputs that it was read from."""

    id: str
    parts: list[DocumentPart]
    files: list[str] = field(default_factory=list)


def build_documents(
    folders: Mapping[str, DocumentFolder], notices: list[str], unread: Unread, problems: Problems
) -> dict[str, PaperDocument]:
    """Return the documents by id; add notices about columns that are too narrow for their words.

    A document with a problem is added to `unread`.
    """
    built = {}
    for name, folder in folders.items():
        before = len(problems.found)
        parts = [
            DocumentPart(
                landscape=part.orientation == "landscape",
                section=folder.sections.get(part.section or ""),
                table=_table(folder, index, notices, problems) if part.table else None,
            )
            for index, part in enumerate(folder.data.form.parts)
        ]
        for part in parts:
            if part.section:
                check_facts(part.section, {}, (), problems)
        if len(problems.found) > before:
            unread.add("document", name)
        else:
            built[name] = PaperDocument(name, parts, _files(folder))
    return built


def _files(folder: DocumentFolder) -> list[str]:
    sections = [file for section in folder.sections.values() for file in section.files]
    tables = [part.table.file for part in folder.data.form.parts if part.table and part.table.file]
    return [folder.data.name, *sections, *(f"{folder.base}/{file}" for file in tables)]


def _table(
    folder: DocumentFolder, index: int, notices: list[str], problems: Problems
) -> DocumentTable | None:
    part = folder.data.form.parts[index]
    form = part.table
    if form is None:
        return None
    _check_titles(folder, index, form.columns, problems)
    if form.rows is None:
        rows = [[row[str(at)] for at in range(len(form.columns))] for row in folder.rows.get(index, [])]
        place = Place(f"{folder.base}/{form.file}")
    else:
        rows = _inline_rows(folder, index, form.columns, form.rows, problems)
        place = folder.data.place("parts", index, "table", "rows")
    if not rows:
        found, todo = "a table without rows", "Add rows, or delete the table."
        problems.add(place, "empty-table", found, "at least one row", todo)
    table = DocumentTable(
        form.title or "", form.description or _description(form.columns), form.columns, rows
    )
    notices += _narrow(table, part.orientation, folder.data.place("parts", index, "table", "columns"))
    return table


def _check_titles(
    folder: DocumentFolder, index: int, columns: list[DocumentColumn], problems: Problems
) -> None:
    seen: set[str] = set()
    for number, column in enumerate(columns):
        if column.title in seen:
            place = folder.data.place("parts", index, "table", "columns", number, "title")
            todo = "Give one of the two columns another title."
            problems.add(
                place, "doubled", f"the column {quoted(column.title)} again", "each title once", todo
            )
        seen.add(column.title)


def _inline_rows(
    folder: DocumentFolder,
    index: int,
    columns: list[DocumentColumn],
    rows: list[list[str | None]],
    problems: Problems,
) -> list[list[Value]]:
    """Return the rows of document.yaml as values of their columns; a row of another length is a problem."""
    values = []
    for number, row in enumerate(rows):
        place = folder.data.place("parts", index, "table", "rows", number)
        if len(row) != len(columns):
            found, expected = f"a row with {len(row)} cells", f"{len(columns)}, one for each column"
            problems.add(place, "cells", found, expected, 'Add or delete cells; "" is an empty one.')
            continue
        cells = enumerate(zip(row, columns, strict=True))
        values.append(
            [_value(text, column, (folder, index, number, at), problems) for at, (text, column) in cells]
        )
    return values


def _value(
    text: str | None, column: DocumentColumn, at: tuple[DocumentFolder, int, int, int], problems: Problems
) -> Value:
    words = (text or "").strip()
    if not words:
        return None
    if column.type == "text":
        return words
    folder, index, row, cell = at
    place = folder.data.place("parts", index, "table", "rows", row, cell)
    try:
        amount = Decimal(words)
    except InvalidOperation:
        amount = Decimal("NaN")
    is_year = column.type == "year"
    if not amount.is_finite() or amount < 0 or (is_year and amount not in range(1989, 2101)):
        expected = "a year such as 2017" if is_year else "a number, 0 or more"
        problems.add(place, "not-a-number", quoted(words), expected, "Type it in digits, as 1204.5.")
        return None
    return int(amount) if amount == int(amount) else amount


def _description(columns: list[DocumentColumn]) -> str:
    return f"Table with the columns {', '.join(column.title for column in columns)}"


def shown(value: Any, column: DocumentColumn) -> str:
    """Return a value as the paper prints it: 1,204.5 for numbers, nothing for an empty cell."""
    if value is None:
        return ""
    if isinstance(value, str) or column.type not in _NUMBERS:
        return str(value)
    is_whole = value == int(value)
    return f"{int(value):,}" if is_whole else f"{value:,.2f}" if column.type == "money" else f"{value:,}"


def _narrow(table: DocumentTable, orientation: str, place: Place) -> list[str]:
    """Return a notice for each column that is narrower than its longest word."""
    columns = [
        (
            PrintedColumn(title=column.title, width=column.width, align=None, merge=False),
            [shown(row[at], column) for row in table.rows],
        )
        for at, column in enumerate(table.columns)
    ]
    found = narrow_columns(columns, _WIDTHS[orientation], _FONT_SIZE)
    return [
        f"{place}: found the column {quoted(one.title)}, too narrow for {quoted(one.word)}; expected a width of"
        f" {one.width:g}. Make it wider, or the page landscape."
        for one in found
    ]
