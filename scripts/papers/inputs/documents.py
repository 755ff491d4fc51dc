"""Read documents/<id>/: document.yaml with the sections and workbooks that it names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papers.inputs.document_schemas import DocumentFile
from papers.inputs.folder_reader import FolderReader
from papers.inputs.xlsx import Column, Row, read_sheet
from papers.inputs.xlsx_open import OTHER_SHEETS, read_all_sheets
from papers.problems import Place, Problems

if TYPE_CHECKING:
    from pathlib import Path

    from papers.inputs.document_schemas import DocumentTableForm
    from papers.inputs.markdown import Section
    from papers.inputs.unread import Unread
    from papers.inputs.yaml import Document

_KINDS = {"text": "label", "year": "year", "number": "number", "money": "number"}
DATA = "document.yaml"


@dataclass(frozen=True)
class DocumentFolder:
    """A document as read: its sections by file, and the rows of each workbook by the index of its part."""

    name: str
    base: str
    data: Document[DocumentFile]
    sections: dict[str, Section] = field(default_factory=dict)
    rows: dict[int, list[Row]] = field(default_factory=dict)


def read_documents(root: Path, base: str, unread: Unread, problems: Problems) -> dict[str, DocumentFolder]:
    """Return the documents below `root`/`base` by their ids; what could not be read completely is in `unread`."""
    reader, found = _DocumentReader(root, base, unread, problems), {}
    for path in sorted((root / base).glob("*")):
        if path.name.startswith((".", "~$")):
            continue
        before = len(problems.found)
        folder = reader.read(path)
        if folder is None or len(problems.found) > before:
            unread.add("document", path.name)
        else:
            reader.check_unused(path, folder)
            found[folder.name] = folder
    return found


class _DocumentReader(FolderReader):
    def read(self, path: Path) -> DocumentFolder | None:
        base = f"{self.base}/{path.name}"
        if not (path / DATA).is_file():
            found = f"no file {DATA}" if path.is_dir() else "a file outside the folder of a document"
            todo = f"Add {DATA}, or move it out of the folder."
            self.problems.add(Place(base), "no-document", found, f"documents/<id>/{DATA}", todo)
            return None
        data = self.yaml(f"{base}/{DATA}", DocumentFile)
        if data is None:
            return None
        if not self._check_parts(data):
            return None
        folder = DocumentFolder(path.name, base, data)
        for index, part in enumerate(data.form.parts):
            if part.section and (section := self.section(f"{base}/{part.section}", heading=False)):
                folder.sections[part.section] = section
            elif part.table and part.table.file:
                rows = self._rows(base, part.table, data.place("parts", index, "table", "file"))
                folder.rows.update({index: rows} if rows is not None else {})
        return folder

    def _check_parts(self, data: Document[DocumentFile]) -> bool:
        """Return whether each part is a section or a table, and each table has rows from one place."""
        before = len(self.problems.found)
        for index, part in enumerate(data.form.parts):
            given = [key for key in ("section", "table") if getattr(part, key) is not None]
            self._check_one_of(given, ("section", "table"), data.place("parts", index))
            if part.table:
                keys = [key for key in ("file", "rows") if getattr(part.table, key) is not None]
                self._check_one_of(keys, ("file", "rows"), data.place("parts", index, "table"))
        return len(self.problems.found) == before

    def _check_one_of(self, given: list[str], keys: tuple[str, str], place: Place) -> None:
        if len(given) != 1:
            found = f"both {keys[0]} and {keys[1]}" if given else f"neither {keys[0]} nor {keys[1]}"
            todo = "Delete one of them." if given else f"Add a line {keys[0]}: or {keys[1]}:."
            self.problems.add(place, "one-key", found, f"one of {keys[0]} and {keys[1]}", todo)

    def _rows(self, base: str, table: DocumentTableForm, place: Place) -> list[Row] | None:
        """Return the rows of a table's workbook, with the positions of its columns as fields, from "0"."""
        name = f"{base}/{table.file}"
        path = self.root / name
        if not path.is_file():
            todo = "Add the workbook, or correct its name."
            self.problems.add(place, "no-file", f"the workbook {name}", "a file that exists", todo)
            return None
        columns = {
            str(at): Column(column.title, _KINDS[column.type], True, f"{base}/{DATA}")
            for at, column in enumerate(table.columns)
        }
        others = [sheet for sheet, _ in read_all_sheets(path) if sheet not in OTHER_SHEETS]
        sheet = table.sheet or (others[0] if len(others) == 1 else "")
        if not sheet and others:
            found, todo = (
                f"a workbook with {len(others)} sheets",
                f"Add sheet: and one of {', '.join(others[:9])}.",
            )
            self.problems.add(place, "which-sheet", found, "one sheet, or the name of the sheet", todo)
            return None
        also = tuple(other for other in others if other != sheet) if table.sheet else ()
        return read_sheet(path, name, sheet, columns, (*also, *OTHER_SHEETS), self.problems)

    def check_unused(self, path: Path, folder: DocumentFolder) -> None:
        """Report files that the document does not name: their text would be missing from the paper."""
        parts = folder.data.form.parts
        named = {DATA, *(part.section or (part.table.file if part.table else None) for part in parts)}
        pictures = {file for section in folder.sections.values() for file in section.files}
        for file in sorted(path.rglob("*")):
            name = file.relative_to(path).as_posix()
            is_own = any(step.startswith((".", "~$")) for step in name.split("/"))
            if (
                file.is_file()
                and not is_own
                and name not in named
                and f"{folder.base}/{name}" not in pictures
            ):
                expected = f"a file that {DATA} or one of its sections names"
                todo = f"Name it in {folder.base}/{DATA}, or move it out of the folder."
                self.problems.add(
                    Place(f"{folder.base}/{name}"), "unused", "a file that nothing names", expected, todo
                )
