"""Read the agenda and the list of papers of a new meeting from a workbook, each row with its cells."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from papers.characters import folded
from papers.inputs.xlsx import Column, Row, read_sheet
from papers.inputs.xlsx_cells import column_letter
from papers.inputs.xlsx_open import OTHER_SHEETS, read_all_sheets, read_grid
from papers.problems import Place, Problems, did_you_mean, quoted
from papers.start.stated import UNKNOWN, Entry, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

AGENDA_SHEET, PAPERS_SHEET = "Agenda", "Papers"
AGENDA = {"item": Column("Item", "label"), "title": Column("Title", optional=True)}
# The keys of a paper's entry that a list of papers may have, by their titles.
PAPERS = {
    "kind": Column("Kind", optional=True),
    "title": Column("Title", optional=True),
    "agenda_item": Column("Agenda item", "label", optional=True),
    "purpose": Column("Purpose", optional=True),
    "submitted_by": Column("Submitted by", optional=True),
    "plan": Column("Plan", optional=True),
    "schedule": Column("Schedule", "label", optional=True),
    "year": Column("Year", "year", optional=True),
    "as_of": Column("As of", "date", optional=True),
    "session": Column("Session", optional=True),
    "workplan": Column("Work plan", "label", optional=True),
    "document": Column("Document", optional=True),
    "record": Column("Record", optional=True),
    "id": Column("Id", optional=True),
    "number": Column("Number", optional=True),
    "forum_doc_no": Column("Forum Doc. No.", optional=True),
    "status": Column("Status", optional=True),
    "access": Column("Access", optional=True),
    "reason": Column("Reason", optional=True),
    "restricted_until": Column("Restricted until", "date", optional=True),
    "name_economies": Column("Name economies", optional=True),
    "notes": Column("Notes", optional=True),
    "file": Column("File", optional=True),
    "received": Column("Received", optional=True),
    "allowed_by": Column("Allowed by", optional=True),
}


def read_list(path: Path, name: str, problems: Problems) -> tuple[list[Entry], list[Entry]]:
    """Return the items of the agenda and the papers of a workbook; all problems are added.

    `name` is the file as messages name it. Titles of columns and names of sheets are compared without case, and
    columns that are not needed may be left out.
    """
    names = [sheet for sheet, _ in read_all_sheets(path)] if path.is_file() else []
    sheets = {folded(sheet): sheet for sheet in names}
    papers, agenda = sheets.get(folded(PAPERS_SHEET), PAPERS_SHEET), sheets.get(folded(AGENDA_SHEET))
    also = (agenda,) if agenda else _other_sheets(names, papers, name, problems)
    rows = _rows(path, name, papers, PAPERS, (*also, *OTHER_SHEETS), problems)
    items = _rows(path, name, agenda, AGENDA, (papers, *OTHER_SHEETS), problems) if agenda else []
    return [_entry(row, name, {"item": UNKNOWN}) for row in items], [_entry(row, name) for row in rows]


def _other_sheets(names: list[str], papers: str, file: str, problems: Problems) -> tuple[str, ...]:
    """Return and report the sheets of a workbook without Agenda that are none of those that it may have."""
    others = tuple(name for name in names if name not in (papers, *OTHER_SHEETS))
    for name in others if papers in names else ():
        todo = did_you_mean(name, [AGENDA_SHEET], "Delete it, or name it Agenda if it is that.")
        found, expected = f"a sheet {quoted(name)}", f"only the sheets {AGENDA_SHEET} and {PAPERS_SHEET}"
        problems.add(Place(file, name), "unknown-sheet", found, expected, todo)
    return others if papers in names else ()


def _rows(
    path: Path,
    name: str,
    sheet: str,
    known: Mapping[str, Column],
    also: tuple[str, ...],
    problems: Problems,
) -> list[Row]:
    found = Problems()
    grid = read_grid(path, name, sheet, also, found)
    titles = [str(value).strip() for value in grid.values[0]] if grid and grid.values else []
    if grid and not _check_titles(titles, Place(name, sheet), known, problems):
        problems.include(found)
        return []
    return read_sheet(path, name, sheet, _columns(titles, known), also, problems) or []


def _titles(known: Mapping[str, Column]) -> list[str]:
    return [column.header for column in known.values()]


def _columns(titles: list[str], known: Mapping[str, Column]) -> dict[str, Column]:
    """Return the columns that a sheet has, with their titles as they are written there."""
    fields = {folded(column.header): field for field, column in known.items()}
    written = {fields[folded(title)]: title for title in titles if folded(title) in fields}
    return {
        field: Column(title, known[field].kind, known[field].optional) for field, title in written.items()
    }


def _check_titles(titles: list[str], sheet: Place, known: Mapping[str, Column], problems: Problems) -> bool:
    """Return whether a sheet has the columns that it needs, and each known one once; report it otherwise."""
    before, names = len(problems.found), _titles(known)
    expected = f"columns of the titles {', '.join(names)}"
    seen: set[str] = set()
    for at, title in enumerate(titles):
        cell = replace(sheet, cell=f"{column_letter(at)}1")
        if title and folded(title) not in map(folded, names):
            todo = did_you_mean(title, names, "Delete the column, or correct its title.")
            problems.add(cell, "unknown-column", f"the unknown column {quoted(title)}", expected, todo)
        elif title and folded(title) in seen:
            found, todo = f"a second column {quoted(title)}", "Rename or delete one of them."
            problems.add(cell, "doubled-column", found, "each column once", todo)
        seen.add(folded(title))
    needed = [column.header for column in known.values() if not column.optional]
    missing = [title for title in needed if folded(title) not in seen]
    if len(problems.found) == before and (missing or not any(titles)):
        found = f"no column {quoted(missing[0])}" if missing else "a row without titles"
        todo = "Write the titles of those that are needed into this row."
        problems.add(replace(sheet, part="row 1"), "missing-column", found, expected, todo)
    return len(problems.found) == before


def _entry(row: Row, name: str, otherwise: Mapping[str, Any] = MappingProxyType({})) -> Entry:
    """Return the entry of a row, with the values `otherwise` of cells that could not be read."""
    entry = Entry(Place(name, row.sheet, part=f"row {row.at}"), unsure=bool(row.unread))
    entry.values.update(otherwise)
    for field, value in row.values.items():
        if value is not None:
            value = value.rstrip(".") or value if field == "item" else value  # 1. is the item 1
            entry.values[field], entry.places[field] = value_of(field, value), row.place(field)
    return entry
