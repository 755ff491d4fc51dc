"""Every text of a finished .docx in the order of reading, each with the place at which a person finds it in Word.

Text is made plain: one space between words, one sort of hyphen and apostrophe, no signs that are not seen. A word counts as
one word however many runs it is split into. Deleted text and the code of fields are not read. Standard library only.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from papers.docx.contrast import LEAST_CONTRAST, Look, Styles, W, contrast, layered, look_of
from papers.docx.opening import Package

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_PARTS = re.compile(r"word/(document|footnotes|endnotes|(header|footer)[0-9]*|charts/[^/]+)\.xml")

_BREAKS = ("tab", "br", "cr", "p")  # what stands between two words; a value of a chart does as well


class NoWords(Exception):
    """A file that is no Word file."""


def all_words(docx: bytes) -> str:
    """All words of a .docx (text, notes, headers and footers, charts), one space between two; NoWords."""
    try:
        with zipfile.ZipFile(io.BytesIO(docx)) as package:
            parts = [package.read(name) for name in package.namelist() if _PARTS.fullmatch(name)]
        return single_spaced(" ".join(piece for part in parts for piece in _pieces(part)))
    except (zipfile.BadZipFile, ElementTree.ParseError) as error:
        raise NoWords(str(error)) from error


def single_spaced(text: str) -> str:
    """Text with one space wherever there is white space; spaces that do not break look alike."""
    return " ".join(text.split())


def _pieces(xml: bytes) -> list[str]:
    pieces = [""]
    for event, element in ElementTree.iterparse(io.BytesIO(xml), events=("start", "end")):
        tag = element.tag.rpartition("}")[2]
        if event == "start" and tag in _BREAKS:
            pieces.append("")
        elif event == "end" and tag in ("t", "v"):
            pieces[-1] += element.text or ""
            if tag == "v":
                pieces.append("")
    return pieces


_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"

_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

_V = "{urn:schemas-microsoft-com:vml}"

_P, _TBL, _TR, _TC, _T, _R_PR, _RUN = (f"{W}{tag}" for tag in ("p", "tbl", "tr", "tc", "t", "rPr", "r"))

_VAL, _HYPERLINK, _PROPERTIES = f"{W}val", f"{W}hyperlink", f"{_WP}docPr"

_BETWEEN = {f"{W}tab": " ", f"{W}br": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "-"}

_COLOURED = {f"{W}color", f"{W}shd", f"{W}highlight", f"{W}rStyle"}

_TRACKED = {f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo"}

_BOX, _WATERMARK = f"{W}txbxContent", f"{_V}textpath"

_NOTES = {"footnote": "footnote", "endnote": "endnote", "comment": "comment"}

_PLAIN = {
    **dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)),
    **dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2212), "-"),
    **dict.fromkeys((0x2018, 0x2019, 0x02BC, 0x2032), "'"),
}

_CORE = {
    "title": "title",
    "subject": "subject",
    "creator": "author",
    "keywords": "keywords",
    "description": "comments",
    "category": "category",
    "contentStatus": "status",
}


def comparable(words: str) -> str:
    """Text as it is compared: see the top of this file."""
    return " ".join((words if words.isascii() else words.translate(_PLAIN)).split())


@dataclass(slots=True)
class Piece:
    """A paragraph, alternative text, property, or text in a chart. `flow`: what is read as one; `head`: of its column."""

    text: str
    where: str
    flow: str
    style: str = ""
    head: str = ""


@dataclass(slots=True)
class Table:
    """A table; `title` as in its properties or its caption, `heading` that of its section, `layout` for the cover's."""

    title: str
    caption: str
    heading: str
    where: str
    header: bool
    layout: bool = False
    rows: list[list[str]] = field(default_factory=list)


@dataclass(slots=True)
class Heading:
    level: int
    text: str
    where: str


@dataclass
class PaperTexts:
    """What a finished paper says, and what the checks need to know of how it says it."""

    pieces: list[Piece] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    language: str = ""  # of the text, or of the properties
    without_alt: list[tuple[str, str]] = field(default_factory=list)  # (picture or chart, where)
    links: list[tuple[str, str]] = field(default_factory=list)  # (text, where), of links to the outside
    faint: list[tuple[str, str, float]] = field(default_factory=list)  # (text, where, contrast)
    marks: list[tuple[str, str]] = field(default_factory=list)  # (tracked change or comment, where)
    faults: list[tuple[str, str]] = field(default_factory=list)  # (part, what Word may stumble over)


_STYLES: dict[bytes, Styles] = {}  # papers of one kind have the same


def read_texts(data: bytes) -> PaperTexts:
    """The texts of a .docx; Unreadable where it is none."""
    package = Package(data)
    texts = PaperTexts(faults=package.faults)  # which grows while parts are read
    named = {target for target, _ in package.relations.get(package.main, {}).values()}
    sheet = next((name for name in sorted(named) if name.endswith("styles.xml")), "")
    written = package.bytes_of(sheet)
    if written not in _STYLES:
        _STYLES[written] = Styles(package.xml(sheet))
    _read_properties(package, texts)
    texts.language = texts.properties.get("language", "") or _STYLES[written].language
    for name in package.texts():
        root = package.xml(name)
        if root is not None:
            _Part(name, root, _STYLES[written], package.relations.get(name, {}), texts).read()
    return texts


def _read_properties(package: Package, texts: PaperTexts) -> None:
    root = package.xml("docProps/core.xml")
    for element in root if root is not None else ():
        name = element.tag.rpartition("}")[2]
        texts.properties[name] = comparable(element.text or "")
        if name in _CORE and texts.properties[name]:
            where = f"{_CORE[name]} under File, Properties"
            texts.pieces.append(Piece(texts.properties[name], where, where))


class _Part:
    """One part of a paper on its way into `texts`."""

    def __init__(self, name: str, root: Element, styles: Styles, relations: dict, texts: PaperTexts):
        self.name, self.root, self.styles, self.relations, self.texts = name, root, styles, relations, texts
        self.kind = root.tag.rpartition("}")[2]
        self.is_body = self.kind == "document"
        self.flow = self.home = {"hdr": "header", "ftr": "footer"}.get(self.kind, self.kind)
        self.heading, self.count, self.caption, self.tables, self.drawings = "", 0, "", 0, 0
        self.cell: tuple[str, str, Look, str] | None = (
            None  # where, head of the column, look, style of the table
        )
        self.row: list[str] = []
        self.ids: set[str] = set()

    def read(self) -> None:
        if self.kind in ("document", "hdr", "ftr"):
            self._read_story(self.root)
        elif self.kind in ("footnotes", "endnotes", "comments"):
            self._read_notes()
        else:
            self._read_drawing()

    def _read_story(self, root: Element) -> None:
        boxes = self._taken_out()
        self._walk(root)
        for number, box in enumerate(boxes, 1):
            self.flow = self.home = f"text box {number}" + ("" if self.is_body else f" of the {self.kind}")
            self._walk(box)

    def _taken_out(self) -> list[Element]:
        """Takes out what is there twice, for older programs, and text boxes, which are read by themselves."""
        boxes, doubled = [], f"{_MC}Fallback"
        if not any(e.tag in (_BOX, doubled) for e in self.root.iter()):
            return boxes
        for parent in list(self.root.iter()):
            for child in list(parent):
                if child.tag == doubled:
                    parent.remove(child)
        for parent in list(self.root.iter()):
            for child in list(parent):
                if child.tag == _BOX:
                    parent.remove(child)
                    boxes.append(child)
        return boxes

    def _walk(self, container: Element) -> None:
        for child in container:
            if child.tag == _P:
                self._paragraph(child)
            elif child.tag == _TBL:
                self._table(child)
            elif len(child) and child.tag != f"{W}sectPr":
                self._walk(child)

    # Paragraphs

    def _paragraph(self, paragraph: Element) -> None:
        words, special = [], []
        for element in paragraph.iter():
            tag = element.tag
            if tag == _T:
                words.append(element.text or "")
            elif tag in _BETWEEN:
                words.append(_BETWEEN[tag])
            elif tag in _SPECIAL:
                special.append(element)
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        named = style.get(_VAL, "") if style is not None else ""
        text = comparable("".join(words))
        if text:
            where = self._place(text, named)
            head = self.cell[1] if self.cell else ""
            self.texts.pieces.append(Piece(text, where, self.flow, named, head))
            self._look(paragraph, text, named, where, special)
        if self.cell:
            self.row[-1] = f"{self.row[-1]} {text}".strip()
        elif text:
            self.caption = text if named == "Caption" else ""
        for element in special:
            self._special(element, text)

    def _place(self, text: str, style: str) -> str:
        if style.startswith("Cover"):
            return "the cover"
        if self.cell:
            return self.cell[0]
        if not self.is_body or self.home != "document":
            return self.home
        level = self.styles.level(style)
        if level:
            self.heading, self.count = text, 0
            self.texts.headings.append(Heading(level, text, f'heading "{_short(text)}"'))
            return f'heading "{_short(text)}"'
        self.count += 1
        return f"paragraph {self.count}" + (f' under "{_short(self.heading)}"' if self.heading else "")

    def _look(self, paragraph: Element, text: str, style: str, where: str, special: list[Element]) -> None:
        """Notes a text that can't be told apart from what lies under it."""
        below = self.cell[2] if self.cell else ("", "")
        base = layered(self.styles.look(style), layered(below, self.styles.default))
        own = [e for e in special if e.tag in _COLOURED]
        if not own:
            self._note_faint(base, text, where)
            return
        base = layered(("", look_of(paragraph.find(f"{W}pPr"))[1]), base)
        for run in paragraph.iter(_RUN):
            said = comparable("".join(t.text or "" for t in run.iter(_T)))
            properties = run.find(_R_PR)
            named = properties.find(f"{W}rStyle") if properties is not None else None
            by_name = self.styles.look(named.get(_VAL, "")) if named is not None else ("", "")
            if said:
                self._note_faint(layered(look_of(properties), layered(by_name, base)), said, where)

    def _note_faint(self, look: Look, text: str, where: str) -> None:
        ratio = contrast(*look)
        if ratio is not None and ratio < LEAST_CONTRAST:
            self.texts.faint.append((text, where, ratio))

    def _special(self, element: Element, text: str) -> None:
        tag, where = element.tag, self._here(text)
        if tag == _PROPERTIES:
            self._drawing(element)
        elif tag == _HYPERLINK:
            target, outside = self.relations.get(element.get(f"{_R}id", ""), ("", False))
            if outside:
                said = comparable("".join(t.text or "" for t in element.iter(_T)))
                self.texts.links.append((said or target, where))
        elif tag in _TRACKED:
            self.texts.marks.append(("a tracked change", where))
        elif tag == f"{W}commentReference":
            self.texts.marks.append(("a comment", where))
        elif tag == _WATERMARK and (words := comparable(element.get("string", ""))):
            self.texts.pieces.append(Piece(words, f"watermark in the {self.home}", "watermark"))

    def _here(self, text: str) -> str:
        """The place of the paragraph that was read last, also of one without words."""
        if self.cell:
            return self.cell[0]
        under = f', under "{_short(self.heading)}"' if self.heading else ""
        return self.texts.pieces[-1].where if text else f"{'the text' if self.is_body else self.home}{under}"

    def _drawing(self, element: Element) -> None:
        """The alternative text of a picture or chart, or that it has none; a doubled id is a fault."""
        self.drawings += 1
        name, id_ = element.get("name", ""), element.get("id", "")
        where = f"alternative text of {name or f'picture {self.drawings}'}"
        words = [comparable(element.get(key, "")) for key in ("title", "descr")]
        self.texts.pieces += [Piece(word, where, where) for word in words if word]
        decorative = any(
            e.tag.endswith("}decorative") and e.get("val") in ("1", "true") for e in element.iter()
        )
        if not words[1] and not decorative:
            self.texts.without_alt.append((name or f"picture {self.drawings}", self._here("")))
        if id_ in self.ids:
            self.texts.faults.append((self.name, f"the id {id_} of a picture twice"))
        self.ids.add(id_)

    # Tables

    def _table(self, element: Element) -> None:
        properties = element.find(f"{W}tblPr")
        said = {}
        for tag in ("tblCaption", "tblDescription", "tblStyle"):
            found = properties.find(f"{W}{tag}") if properties is not None else None
            said[tag] = comparable(found.get(_VAL, "")) if found is not None else ""
        self.tables += not self.cell
        outer, title = (self.cell, self.row, self.flow), said["tblCaption"] or self.caption
        name = f'table "{_short(title)}"' if title else f"table {self.tables}"
        for tag in ("tblCaption", "tblDescription"):
            if said[tag]:
                where = f"alternative text of {name}"
                self.texts.pieces.append(Piece(said[tag], where, where))
        table = Table(title, self.caption, self.heading, name, False)
        rows = list(_rows(element))
        table.header = bool(rows) and rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        first = len(self.texts.pieces)
        self._rows(table, rows, said["tblStyle"], properties)
        if not rows:
            self.texts.faults.append((self.name, f"{name} without rows"))
        styles = {piece.style for piece in self.texts.pieces[first:]}
        table.layout = bool(styles) and all(style.startswith("Cover") for style in styles)
        self.texts.tables.append(table)
        (self.cell, self.row, self.flow), self.caption = outer, ""

    def _rows(self, table: Table, rows: list[Element], style: str, properties: Element | None) -> None:
        heads: list[str] = []
        whole = layered(look_of(properties), self.styles.look(style))
        marked = _marks_first_row(properties)
        for number, row in enumerate(rows, 1):
            look = layered(self.styles.first_row(style), whole) if number == 1 and marked else whole
            self.row, column, placed = [], 0, []
            for cell in _cells(row):
                own = cell.find(f"{W}tcPr")
                head = heads[column] if column < len(heads) else ""
                where = f"{table.where}, row {number}, column {column + 1}"
                self.cell = (where, head, layered(look_of(own), look), style)
                self.row.append("")
                before = self.row
                self._walk(cell)
                self.row = before
                if not len(cell) or cell[-1].tag != _P:
                    self.texts.faults.append((self.name, f"{where} without a paragraph at its end"))
                span = own.find(f"{W}gridSpan") if own is not None else None
                width = (
                    int(span.get(_VAL, "1")) if span is not None and span.get(_VAL, "1").isdecimal() else 1
                )
                placed += [self.row[-1]] * width
                column += width
            heads = heads or placed
            table.rows.append(placed)

    # Notes, charts and other drawings

    def _read_notes(self) -> None:
        number = 0
        for note in self.root:
            if note.get(f"{W}type") in (None, "normal"):
                number += 1
                self.flow = self.home = f"{_NOTES[self.kind[:-1]]} {number}"
                self._walk(note)

    def _read_drawing(self) -> None:
        """Titles, labels and names of series and categories; numbers are not text."""
        self.flow = where = {"chartSpace": "chart"}.get(self.kind, "drawing")
        number = "".join(c for c in self.name.rpartition("/")[2] if c.isdecimal())
        where = f"{where} {number}".strip()
        for paragraph in self.root.iter(f"{_A}p"):
            words = comparable("".join(t.text or "" for t in paragraph.iter(f"{_A}t")))
            if words:
                self.texts.pieces.append(Piece(words, where, f"{where} {words}"))
        seen = set()
        for cache in self.root.iter(f"{_C}strCache"):
            for value in cache.iter(f"{_C}v"):
                words = comparable(value.text or "")
                if words and words not in seen:
                    seen.add(words)
                    self.texts.pieces.append(Piece(words, where, f"{where} {words}"))


_SPECIAL = {_PROPERTIES, _HYPERLINK, f"{W}commentReference", _WATERMARK, *_TRACKED, *_COLOURED}


def _rows(table: Element) -> Iterator[Element]:
    """The rows of a table, also those in content controls and in tracked changes."""
    for child in table:
        if child.tag == _TR:
            yield child
        elif child.tag not in (f"{W}tblPr", f"{W}tblGrid") and len(child):
            yield from _rows(child)


def _cells(row: Element) -> Iterator[Element]:
    for child in row:
        if child.tag == _TC:
            yield child
        elif child.tag != f"{W}trPr" and len(child):
            yield from _cells(child)


def _marks_first_row(properties: Element | None) -> bool:
    look = properties.find(f"{W}tblLook") if properties is not None else None
    if look is None:
        return False
    if look.get(f"{W}firstRow") is not None:
        return look.get(f"{W}firstRow") in ("1", "true", "on")
    try:
        return bool(int(look.get(_VAL, "0"), 16) & 0x20)
    except ValueError:
        return False


def _short(words: str) -> str:
    return words if len(words) <= 60 else words[:59] + "…"
