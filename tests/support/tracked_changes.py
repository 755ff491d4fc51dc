"""Accept or reject all tracked changes of a .docx, as Word's own buttons do; written for the tests only.

It shares no code with the program that marks the changes, so that a fault of that program is found. It handles every kind
of change in ISO 29500-1, 17.13.5 but numberingChange, and fails at any other. `shown` returns what a reader then sees.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator

from docx import Document as open_document
from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree

_CHANGED = re.compile(r"word/(document|footnotes|endnotes|header\d*|footer\d*)\.xml")
_RANGES = [qn(f"w:move{way}Range{end}") for way in ("From", "To") for end in ("Start", "End")]
_PROPERTIES = ("rPr", "pPr", "tblPr", "tblPrEx", "tblGrid", "trPr", "tcPr", "sectPr")


def accepted(data: bytes) -> bytes:
    """Return the .docx after Accept All Changes."""
    return _resolved(data, kept=("ins", "moveTo"), removed=("del", "moveFrom"))


def rejected(data: bytes) -> bytes:
    """Return the .docx after Reject All Changes."""
    return _resolved(data, kept=("del", "moveFrom"), removed=("ins", "moveTo"))


def marks(data: bytes) -> list[etree._Element]:
    """Return every tracked change in a .docx: every element that has an author."""
    roots = (root for _, root in _roots(data))
    return [e for root in roots for e in root.iter(etree.Element) if e.get(qn("w:author")) is not None]


def _roots(data: bytes) -> Iterator[tuple[str, etree._Element]]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if _CHANGED.fullmatch(name):
                yield name, etree.fromstring(package.read(name))


def _resolved(data: bytes, kept: tuple[str, ...], removed: tuple[str, ...]) -> bytes:
    roots = dict(_roots(data))
    for root in roots.values():
        _Part(root, [qn(f"w:{tag}") for tag in kept], [qn(f"w:{tag}") for tag in removed]).resolve()
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            target.writestr(name, etree.tostring(roots[name]) if name in roots else source.read(name))
    return buffer.getvalue()


class _Part:
    """A part of a .docx in which changes are resolved: `kept` and `removed` are the tags of changes."""

    def __init__(self, root: etree._Element, kept: list[str], removed: list[str]):
        self.root, self.kept, self.removed = root, kept, removed
        self.accepting = qn("w:ins") in kept

    def resolve(self) -> None:
        self.rows()
        self.cells()
        self.properties()
        for element in list(self.root.iter(*_RANGES)):
            element.getparent().remove(element)
        self.runs()
        self.paragraph_marks()
        left = [e.tag for e in self.root.iter(etree.Element) if e.get(qn("w:author")) is not None]
        assert left == [], left

    def rows(self) -> None:
        for row in list(self.root.iter(qn("w:tr"))):
            properties = row.find(qn("w:trPr"))
            marks = [] if properties is None else [e for e in properties if e.tag in self.kept + self.removed]
            if any(mark.tag in self.removed for mark in marks):
                row.getparent().remove(row)
            for mark in marks:
                properties.remove(mark)
        for table in list(self.root.iter(qn("w:tbl"))):
            if table.find(qn("w:tr")) is None:
                table.getparent().remove(table)

    def cells(self) -> None:
        gone = qn("w:cellDel") if self.accepting else qn("w:cellIns")
        for mark in list(self.root.iter(qn("w:cellIns"), qn("w:cellDel"))):
            properties = mark.getparent()
            cell = properties.getparent()
            properties.remove(mark)
            if mark.tag == gone:
                cell.getparent().remove(cell)
        for mark in list(self.root.iter(qn("w:cellMerge"))):
            self.merge(mark)

    def merge(self, mark: etree._Element) -> None:
        """Resolve a change of vertical merging; it has one attribute for before and one for after."""
        properties = mark.getparent()
        value = mark.get(qn("w:vMerge") if self.accepting else qn("w:vMergeOrig"))
        for old in properties.findall(qn("w:vMerge")):
            properties.remove(old)
        if value is not None:
            vertical = etree.Element(qn("w:vMerge"))
            vertical.set(qn("w:val"), {"rest": "restart", "cont": "continue"}[value])
            properties.replace(mark, vertical)
        else:
            properties.remove(mark)

    def properties(self) -> None:
        """Resolve changes of properties: the children of ...Change are the properties before."""
        for tag in _PROPERTIES:
            for change in list(self.root.iter(qn(f"w:{tag}Change"))):
                element = change.getparent()
                element.remove(change)
                if not self.accepting:
                    self.restore(element, change[0] if len(change) else [])

    @staticmethod
    def restore(element: etree._Element, before: list[etree._Element]) -> None:
        """Replace properties by those before, but for the run properties and section of a paragraph."""
        kept = {"pPr": ("rPr", "sectPr"), "sectPr": ("headerReference", "footerReference")}
        names = kept.get(etree.QName(element).localname, ())
        unchanged = [e for e in element if etree.QName(e).localname in names]
        first = [e for e in unchanged if etree.QName(e).localname.endswith("Reference")]
        marks = [e for e in element if etree.QName(e).localname in ("ins", "del", "moveFrom", "moveTo")]
        last = [e for e in unchanged if e not in first]
        for child in list(element):
            element.remove(child)
        element.extend([*first, *marks, *before, *last])

    def runs(self) -> None:
        for element in list(self.root.iter(*self.removed, *self.kept)):
            parent = element.getparent()
            if parent is None or parent.tag in (qn("w:rPr"), qn("w:trPr")):
                continue
            at = parent.index(element)
            parent.remove(element)
            if element.tag in self.kept:
                parent[at:at] = list(element)
        for old, new in (("delText", "t"), ("delInstrText", "instrText")):
            for element in list(self.root.iter(qn(f"w:{old}"))):
                element.tag = qn(f"w:{new}")

    def paragraph_marks(self) -> None:
        """Join a paragraph whose mark is removed with the next one, which keeps its own properties."""
        for paragraph in list(self.root.iter(qn("w:p"))):
            run = paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}")
            marks = [] if run is None else [e for e in run if e.tag in self.kept + self.removed]
            for mark in marks:
                run.remove(mark)
            if any(mark.tag in self.removed for mark in marks):
                self.join_with_next(paragraph)

    @staticmethod
    def join_with_next(paragraph: etree._Element) -> None:
        after = paragraph.getnext()
        content = [e for e in paragraph if e.tag != qn("w:pPr")]
        parent = paragraph.getparent()
        if after is not None and after.tag == qn("w:p"):
            at = 0 if after.find(qn("w:pPr")) is None else 1
            after[at:at] = content
            parent.remove(paragraph)
        elif not content and after is not None and parent.tag != qn("w:tc"):
            parent.remove(paragraph)  # the last mark of a cell, or of the text, cannot be removed


# What a reader sees


def shown(data: bytes) -> list:
    """Return the text in order: paragraphs with style and list, tables with merged cells, footnotes and charts in place."""
    document = open_document(io.BytesIO(data))
    return [*_Shown(document).blocks(document.element.body)]


class _Shown:
    def __init__(self, document: Document):
        self.parts = document.part.rels
        styles = document.styles.element.findall(qn("w:style"))
        lists = {style.get(qn("w:styleId")): style.find(f".//{qn('w:numId')}") for style in styles}
        self.numbers = {style: e.get(qn("w:val")) for style, e in lists.items() if e is not None}
        self.notes = {}
        for related in self.parts.values():
            if related.reltype.endswith("/footnotes"):
                notes = etree.fromstring(related.target_part.blob)
                self.notes = {note.get(qn("w:id")): note for note in notes}

    def blocks(self, container: etree._Element) -> Iterator[tuple]:
        for element in container:
            if element.tag == qn("w:p"):
                yield self.paragraph(element)
            elif element.tag == qn("w:tbl"):
                yield "table", [column.get(qn("w:w")) for column in element.iter(qn("w:gridCol"))]
                yield from (
                    ("row", *map(self.cell, row.findall(qn("w:tc")))) for row in element.iter(qn("w:tr"))
                )
            elif element.tag == qn("w:sectPr"):
                yield self.section(element)

    def paragraph(self, paragraph: etree._Element) -> tuple:
        named = (paragraph.find(f"{qn('w:pPr')}//{qn(f'w:{tag}')}") for tag in ("pStyle", "numId"))
        style, number = ("" if e is None else e.get(qn("w:val")) for e in named)
        style_and_list = style, number or self.numbers.get(style, "")
        sections = map(self.section, paragraph.findall(f"{qn('w:pPr')}/{qn('w:sectPr')}"))
        return ("paragraph", *style_and_list, "".join(self.text(paragraph)), *sections)

    def cell(self, cell: etree._Element) -> tuple:
        merged = [cell.find(f"{qn('w:tcPr')}/{qn(f'w:{tag}')}") for tag in ("gridSpan", "vMerge")]
        merging = [e if e is None else e.get(qn("w:val"), "continue") for e in merged]
        return (*merging, *self.blocks(cell))

    def text(self, container: etree._Element) -> Iterator[str]:
        for element in container.iter(etree.Element):
            name = etree.QName(element).localname
            if name in ("t", "instrText"):
                yield element.text or ""
            elif name in ("br", "tab"):
                yield f"<{name}>"
            elif name == "footnoteReference":
                note = self.notes[element.get(qn("w:id"))]
                yield f"[{[self.paragraph(p) for p in note.iter(qn('w:p'))]}]"
            elif name == "chart" or element.get(qn("r:embed")):
                yield self.picture(element.get(qn("r:id")) or element.get(qn("r:embed")))

    def picture(self, rid: str) -> str:
        """Return a chart's words and values, or a digest of a picture."""
        blob = self.parts[rid].target_part.blob
        if b"chartSpace" not in blob[:4000]:
            return hashlib.sha256(blob).hexdigest()
        return "|".join(text.strip() for text in etree.fromstring(blob).itertext() if text.strip())

    def section(self, section: etree._Element) -> tuple:
        size = section.find(qn("w:pgSz"))
        margins = section.iter(qn("w:headerReference"), qn("w:footerReference"))
        roots = (etree.fromstring(self.parts[e.get(qn("r:id"))].target_part.blob) for e in margins)
        return ("section", *size.values(), *("".join(self.text(root)) for root in roots))
