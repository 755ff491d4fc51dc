"""Write edited values into cells of a workbook: only the XML of these cells changes."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from papers.edits.edited_runs import NotMapped
from papers.inputs.xlsx_package import WorkbookPackage
from papers.safety import read_zip

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPE = re.compile(r"""\st=(?:"\w+"|'\w+')""")


def edited_workbook(data: bytes, edits: Mapping[tuple[str, str], str | int]) -> bytes:
    """Return a workbook with other values in some cells, by (sheet, cell).

    All other parts, and all other cells, are as before. Raise NotMapped for a cell with a formula, or one that is
    written in a way that this can't edit.
    """
    parts = dict(read_zip(data))
    package = WorkbookPackage(parts)
    sheets = {sheet.name: sheet.part for sheet in package.sheets}
    for (sheet, cell), value in edits.items():
        part = _part_of(sheets, sheet)
        parts[part] = _with_cell(parts[part], cell, value)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, b"" if entry.is_dir() else parts[entry.filename])
    return made.getvalue()


def _part_of(sheets: dict[str, str], name: str) -> str:
    folded = {sheet.strip().casefold(): part for sheet, part in sheets.items()}
    part = sheets.get(name) or folded.get(name.strip().casefold())
    if part is None:
        raise NotMapped(f"the workbook has no sheet {name}")
    return part


def _with_cell(xml: bytes, cell: str, value: str | int) -> bytes:
    text = xml.decode("utf-8-sig")
    pattern = rf'<c(?=[^>]*\sr="{re.escape(cell)}")(?P<attributes>[^>]*?)(?:/>|>(?P<content>.*?)</c>)'
    found = re.search(pattern, text, re.DOTALL)
    if found is None:
        raise NotMapped("the cell is written in a way that no command can edit")
    if "<f" in (found["content"] or ""):
        raise NotMapped("the cell has a formula")
    attributes = _TYPE.sub("", found["attributes"])
    if isinstance(value, int):
        new = f"<c{attributes}><v>{value}</v></c>"
    else:
        words = f'<is><t xml:space="preserve">{escape(value)}</t></is>'
        new = f'<c{attributes} t="inlineStr">{words}</c>'
    return (text[: found.start()] + new + text[found.end() :]).encode()
