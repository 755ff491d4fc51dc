"""Small workbooks for tests, and changes in their parts that openpyxl cannot write."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
from papers.inputs.xlsx import Column, Row, read_sheet
from papers.problems import Problems

NAME, SHEET = "inputs/some.xlsx", "Data"
COLUMNS = {
    "id": Column("ID"),
    "year": Column("Year", "year"),
    "day": Column("Day", "date", True),
    "note": Column("Note", "text", True),
}
HEADER = [column.header for column in COLUMNS.values()]
SHEET_PART, BOOK_PART, RELATIONS_PART = (
    "xl/worksheets/sheet1.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office"


def read(path: Path, problems: Problems | None = None) -> tuple[list[Row], Problems]:
    """Return the rows of the sheet, and all problems."""
    problems = Problems() if problems is None else problems
    return read_sheet(path, NAME, SHEET, COLUMNS, ("Lists",), problems), problems


def found(path: Path) -> list[tuple[str, str]]:
    """Return the cell and the kind of each problem."""
    return sorted({(problem.place.cell, problem.kind) for problem in read(path)[1].found})


def workbook(folder: Path, *rows: list, sheet: str = SHEET) -> Path:
    """Write a workbook with one sheet."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(folder / "some.xlsx")
    return folder / "some.xlsx"


def edited(path: Path, edit, part: str = SHEET_PART) -> Path:
    """Change the text of a part by a function."""
    parts = parts_of(path)
    parts[part] = edit(parts[part].decode("utf-8")).encode("utf-8")
    return packed(path, parts)


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def relation(kind: str, target: str, number: str = "rId99", mode: str = "Internal") -> str:
    """Return a relationship as XML; `kind` is its type without Office's beginning, or the whole type."""
    kind = kind if kind.startswith("http") else f"{OFFICE}/{kind}"
    return f'<Relationship Id="{number}" Type="{kind}" Target="{target}" TargetMode="{mode}"/>'


def with_part(
    path: Path,
    kind: str,
    content: bytes,
    name: str = "xl/x.xml",
    declared: str = "application/xml",
    source: str = RELATIONS_PART,
) -> Path:
    """Add a part that a part of the workbook names by a relationship."""
    parts = parts_of(path)
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    end, entry = b"</Relationships>", relation(kind, f"/{name}").encode()
    parts[source] = parts.get(source, empty).replace(end, entry + end)
    override = f'<Override PartName="/{name}" ContentType="{declared}"/></Types>'.encode()
    types = parts["[Content_Types].xml"]
    if f'"/{name}"'.encode() not in types:
        parts["[Content_Types].xml"] = types.replace(b"</Types>", override)
    return packed(path, {**parts, name: content})
