"""Write a copy of a workbook in which the cells with problems are coloured and have a note; nothing else changes.

The parts of the package are edited as XML: openpyxl would lose pictures, charts and what newer versions of Excel
add. A note of the sender in such a cell stays, with the problems below it.
"""

from __future__ import annotations

import copy
import posixpath
import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from lxml import etree

from papers import safety
from papers.docx.zip_writer import build_zip, zip_entry
from papers.inputs.own_notes import COLOUR, NOTE_BEGIN, as_note, without_own_notes
from papers.inputs.xlsx_cells import column_letter, column_number
from papers.inputs.xlsx_package import WorkbookPackage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Marks = Mapping[str, Mapping[str, list[str]]]  # sheet -> cell -> what is wrong with it

_TYPES, _STYLES, _NOTES = "[Content_Types].xml", "styles", "comments"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]*)")
# What may follow the reference to the drawing of notes in a sheet.
_AFTER_DRAWING = (
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
)
_VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shapetype id="_x0000_t202" coordsize="21600,21600"'
    ' o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t"'
    ' o:connecttype="rect"/></v:shapetype></xml>'
)
_SHAPE = (
    '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{id}" type="#_x0000_t202"'
    ' style="position:absolute;width:320pt;height:120pt;z-index:1;visibility:hidden" fillcolor="#ffffe1"'
    ' o:insetmode="auto"><v:fill color2="#ffffe1"/><v:textbox style="mso-direction-alt:auto"/><x:ClientData'
    ' ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row>'
    "<x:Column>{column}</x:Column></x:ClientData></v:shape>"
)


def marked_copy(data: bytes, marks: Marks, uncoloured: Iterable[tuple[str, str]] = ()) -> bytes:
    """Return the workbook with these marks; raise safety.UnsafeFile or a ValueError for one that can't be edited.

    `uncoloured` are sheets and cells that get a note alone.
    """
    package = WorkbookPackage(safety.read_zip(data))
    workbook = _Workbook(package, {*uncoloured})
    for entry in package.sheets:
        if cells := marks.get(entry.name):
            workbook.mark(entry.name, entry.part, cells)
    parts = workbook.finished()
    return build_zip([(*zip_entry(name, content), name.encode()) for name, content in parts.items()])


def _parse(data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(data, parser)


def _bytes(root: etree._Element) -> bytes:
    text: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return text


class _Workbook:
    """The parts of a workbook, of which those that are changed are kept as trees."""

    def __init__(self, package: WorkbookPackage, uncoloured: set[tuple[str, str]]):
        self.package, self.uncoloured = package, uncoloured
        self.trees: dict[str, etree._Element] = {}
        self.styles = package.one(_STYLES)
        self.coloured: dict[
            int, int
        ] = {}  # number of a cell's format -> that of the same format with our colour
        self.colour = -1  # the number of our fill

    def finished(self) -> dict[str, bytes]:
        """Return all parts, in their order; new ones at the end."""
        return {**self.package.parts, **{name: _bytes(tree) for name, tree in self.trees.items()}}

    def mark(self, sheet: str, part: str, cells: Mapping[str, list[str]]) -> None:
        tree = self._tree(part)
        known = {name: texts for name, texts in cells.items() if _CELL.fullmatch(name)}
        names = {name for name in known if (sheet, name) not in self.uncoloured}
        if self.styles:
            self._colour_cells(tree, names)
        self._add_notes(tree, part, known)

    def _tree(self, part: str, new: str = "") -> etree._Element:
        if part not in self.trees:
            self.trees[part] = _parse(self.package.parts.get(part) or new.encode())
        return self.trees[part]

    # Colours

    def _colour_cells(self, sheet: etree._Element, names: set[str]) -> None:
        tag = _prefix(sheet)
        data = sheet.find(f"{tag}sheetData")
        if data is None:
            return
        left = {name: _CELL.fullmatch(name) for name in names}
        at = 0
        for row in list(data):
            at = int(row.get("r") or at + 1)
            wanted = {
                name: column_number(match[1]) for name, match in left.items() if match and int(match[2]) == at
            }
            if wanted:
                self._colour_row(row, tag, at, wanted)

    def _colour_row(self, row: etree._Element, tag: str, at: int, wanted: dict[str, int]) -> None:
        column, found = 0, {}
        for cell in row.findall(f"{tag}c"):
            match = _CELL.fullmatch(cell.get("r", ""))
            column = column_number(match[1]) if match else column + 1
            found[column] = cell
        for number in wanted.values():
            cell = found.get(number)
            if cell is None:
                cell = etree.Element(f"{tag}c", r=f"{column_letter(number - 1)}{at}")
                later = [each for each in found if each > number]
                row.insert(row.index(found[min(later)]), cell) if later else row.append(cell)
                found[number] = cell
            cell.set("s", str(self._coloured(int(cell.get("s", "0")))))

    def _coloured(self, style: int) -> int:
        """Return the number of a format that is the format `style` with our colour."""
        if style not in self.coloured:
            root = self._tree(self.styles)
            tag = _prefix(root)
            formats = root.find(f"{tag}cellXfs")
            if formats is None or style >= len(formats):
                return style
            own = copy.deepcopy(formats[style])
            own.set("fillId", str(self._fill(root, tag)))
            own.set("applyFill", "1")
            formats.append(own)
            formats.set("count", str(len(formats)))
            self.coloured[style] = len(formats) - 1
        return self.coloured[style]

    def _fill(self, root: etree._Element, tag: str) -> int:
        fills = root.find(f"{tag}fills")
        if fills is None:
            return 0
        if self.colour < 0:
            fill = etree.SubElement(fills, f"{tag}fill")
            pattern = etree.SubElement(fill, f"{tag}patternFill", patternType="solid")
            etree.SubElement(pattern, f"{tag}fgColor", rgb=COLOUR)
            etree.SubElement(pattern, f"{tag}bgColor", indexed="64")
            fills.set("count", str(len(fills)))
            self.colour = len(fills) - 1
        return self.colour

    # Notes

    def _add_notes(self, sheet: etree._Element, part: str, cells: Mapping[str, list[str]]) -> None:
        tag = _prefix(sheet)
        namespace = tag[1:-1]
        empty = f'<comments xmlns="{namespace}"><authors/><commentList/></comments>'
        root = self._tree(self._related(part, _NOTES, "xl/comments", ".xml", _COMMENTS_TYPE)[0], empty)
        authors, notes = root.find(f"{tag}authors"), root.find(f"{tag}commentList")
        if authors is None or notes is None:
            raise ValueError("a list of notes that can't be read")
        etree.SubElement(authors, f"{tag}author").text = "Forum Papers"
        drawing = self._drawing(sheet, part, tag)
        known = {note.get("ref", "").upper(): note for note in notes}
        for name, texts in cells.items():
            if name in known:
                self._extend(known[name], tag, as_note(texts))
                continue
            note = etree.SubElement(notes, f"{tag}comment", ref=name, authorId=str(len(authors) - 1))
            self._extend(note, tag, as_note(texts))
            match = _CELL.fullmatch(name)
            assert match
            place = {"row": int(match[2]) - 1, "column": column_number(match[1]) - 1}
            shape = _SHAPE.format(id=20_000 + len(drawing), **place)
            drawing.append(_parse(shape.encode()))

    def _extend(self, note: etree._Element, tag: str, text: str) -> None:
        words = note.find(f"{tag}text")
        if words is None:
            words = etree.SubElement(note, f"{tag}text")
        run = etree.SubElement(words, f"{tag}r")
        before = "\n" if len(words) > 1 else ""
        run.append(
            _parse(f'<t xmlns="{tag[1:-1]}" xml:space="preserve">{escape(before + text)}</t>'.encode())
        )

    def _drawing(self, sheet: etree._Element, part: str, tag: str) -> etree._Element:
        """Return the drawing with the boxes of a sheet's notes, without which Excel shows none."""
        name, number = self._related(part, "vmlDrawing", "xl/drawings/vmlDrawing", ".vml", "")
        if sheet.find(f"{tag}legacyDrawing") is None:
            later = [child for child in sheet if etree.QName(child).localname in _AFTER_DRAWING]
            element = etree.Element(f"{tag}legacyDrawing", {f"{{{_OFFICE}}}id": number})
            sheet.insert(sheet.index(later[0]), element) if later else sheet.append(element)
        return self._tree(name, _VML)

    def _related(self, source: str, kind: str, name: str, suffix: str, type_: str) -> tuple[str, str]:
        """Return the part of a sheet for a kind of relationship, and the relationship's number; add it if need be."""
        relations = [one for one in self.package.relations(source) if one.kind == kind and one.target]
        if relations:
            return relations[0].target, relations[0].id
        taken = {*map(str.casefold, (*self.package.parts, *self.trees))}
        part = next(
            each for at in range(1, 9999) if (each := f"{name}{9000 + at}{suffix}").casefold() not in taken
        )
        self._declare(part, suffix, type_)
        folder, file = posixpath.split(source)
        place = posixpath.join(folder, "_rels", f"{file}.rels")
        root = self._tree(place, f'<Relationships xmlns="{_PACKAGE}/relationships"/>')
        number = f"rIdForumPapers{len(root) + 1}"
        etree.SubElement(
            root,
            f"{{{_PACKAGE}/relationships}}Relationship",
            Id=number,
            Type=f"{_OFFICE}/{kind}",
            Target=f"/{part}",
        )
        return part, number

    def _declare(self, part: str, suffix: str, type_: str) -> None:
        """Add a part, or the ending of its name, to the list of content types."""
        root = self._tree(_TYPES)
        tag = f"{{{_PACKAGE}/content-types}}"
        if type_:
            etree.SubElement(root, f"{tag}Override", PartName=f"/{part}", ContentType=type_)
        elif not any(
            each.get("Extension", "").lower() == suffix[1:] for each in root.findall(f"{tag}Default")
        ):
            root.insert(0, etree.Element(f"{tag}Default", Extension=suffix[1:], ContentType=_VML_TYPE))


# Taking marks away again


def without_marks(data: bytes) -> bytes:
    """Return a workbook without the notes and colours of `marked_copy`; the same bytes where it has none.

    What the sender added to such a note stays. Raise what `marked_copy` raises.
    """
    package = WorkbookPackage(safety.read_zip(data))
    marked = _MarkedWorkbook(package)
    for entry in package.sheets:
        marked.remove_notes(entry.part)
        marked.remove_colours(entry.part)
    if not marked.trees:
        return data
    parts = {**package.parts, **{name: _bytes(tree) for name, tree in marked.trees.items()}}
    return build_zip([(*zip_entry(name, content), name.encode()) for name, content in parts.items()])


class _MarkedWorkbook:
    """The parts of a marked copy; `trees` are those that changed."""

    def __init__(self, package: WorkbookPackage):
        self.package = package
        self.trees: dict[str, etree._Element] = {}
        self.plain = self._plain_formats()

    def _tree(self, part: str) -> etree._Element:
        return self.trees[part] if part in self.trees else _parse(self.package.parts[part])

    def remove_notes(self, sheet: str) -> None:
        gone = set()
        for part in self.package.related(sheet, _NOTES):
            root = self._tree(part)
            notes = [note for note in root.iter(f"{_prefix(root)}comment") if NOTE_BEGIN in _words(note)]
            for note in notes:
                if left := without_own_notes(_words(note)):
                    _write_words(note, left)
                else:
                    note.getparent().remove(note)
                    gone.add(note.get("ref", "").upper())
            self.trees |= {part: root} if notes else {}
        for part in self.package.related(sheet, "vmlDrawing") if gone else ():
            self.trees[part] = root = self._tree(part)
            for shape in [one for one in root if _cell_of_shape(one) in gone]:
                root.remove(shape)

    def remove_colours(self, sheet: str) -> None:
        root = self._tree(sheet) if self.plain else None
        cells = (
            [] if root is None else [c for c in root.iter(f"{_prefix(root)}c") if c.get("s") in self.plain]
        )
        for cell in cells:
            cell.set("s", self.plain[cell.get("s", "")])
            self.trees[sheet] = root

    def _plain_formats(self) -> dict[str, str]:
        """Map the number of each format with our colour to that of the same format without it, added if need be."""
        styles = self.package.one(_STYLES)
        root = self._tree(styles) if styles else None
        tag = "" if root is None else _prefix(root)
        fills = [] if root is None else root.findall(f"{tag}fills/{tag}fill")
        formats = [] if root is None else root.findall(f"{tag}cellXfs")
        ours = {str(at) for at, fill in enumerate(fills) if any(e.get("rgb") == COLOUR for e in fill.iter())}
        plain = {}
        for own in [one for one in formats[0] if one.get("fillId") in ours] if formats else ():
            others = [one for one in formats[0] if one.get("fillId") not in ours]
            same = next((one for one in others if _but_for_fill(one) == _but_for_fill(own)), None)
            if same is None:
                same = copy.deepcopy(own)
                same.set("fillId", "0")
                formats[0].append(same)
                formats[0].set("count", str(len(formats[0])))
                self.trees[styles] = root
            plain[str(formats[0].index(own))] = str(formats[0].index(same))
        return plain


def _words(note: etree._Element) -> str:
    return "".join(each.text or "" for each in note.iter(f"{_prefix(note)}t"))


def _write_words(note: etree._Element, words: str) -> None:
    """Write the text of a note into its first run with text, and empty the others."""
    for each in note.iter(f"{_prefix(note)}t"):
        each.text, words = words, ""


def _cell_of_shape(shape: etree._Element) -> str:
    """Return the cell to which the box of a note belongs, "" for another shape."""
    at = {etree.QName(each).localname: each.text or "" for each in shape.iter("{*}Row", "{*}Column")}
    if not all(at.get(key, "").strip().isdecimal() for key in ("Row", "Column")):
        return ""
    return f"{column_letter(int(at['Column']))}{int(at['Row']) + 1}"


def _but_for_fill(own: etree._Element) -> tuple[object, ...]:
    """Return what a format of cells says apart from its fill."""
    said = {key: value for key, value in own.attrib.items() if key not in ("fillId", "applyFill")}
    return sorted(said.items()), [etree.tostring(child, with_tail=False) for child in own]


def _prefix(root: etree._Element) -> str:
    """Return the namespace of a tree's elements, as it stands before their names."""
    return f"{{{etree.QName(root).namespace}}}"
