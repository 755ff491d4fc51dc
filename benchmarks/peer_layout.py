"""One layout of the paper, written in each engine's own dialect, so that all templates stay alike.

`lay_out` defines the order of the content; a dialect defines how a value is named and how paragraphs and rows repeat.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import forum
from docx import Document as open_document
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import Table, _Cell, _Row
from lxml import etree
from papers.docx.template.join import add_footnotes
from peer_paper import FIELDS, HEADINGS, HEADS, LABELS, NOTES, YEARS, paper_data

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
Names = tuple[str, ...]


class Dialect:
    """The tag syntax of an engine. `at` is the path of the repeated item, "" outside of all repetitions."""

    def value(self, at: str, name: str) -> str:
        raise NotImplementedError

    def cover(self, name: str) -> str:
        return self.value("", f"cover_{name}")

    def header(self) -> str:
        return self.cover("number")

    def each(self, document: Document | _Cell, at: str, name: str, body: Callable[[str], None]) -> None:
        """Repeat the paragraphs that `body` adds, once for each item of the list."""
        raise NotImplementedError

    def rows(self, table: Table, name: str, fields: Names, fill: Callable[[_Row, str], None]) -> None:
        """Add a row for each item of the list; `fill` writes the cells that are more than a field."""
        raise NotImplementedError

    def schedule(self, table: Table) -> None:
        """Add a row for each activity, and one merged cell for the activities of a priority area."""
        raise NotImplementedError


class Jinja(Dialect):
    """The syntax of docxtpl."""

    def __init__(self, space: str = ""):
        self.space = space  # our kinds of paper have their tags in a namespace

    def value(self, at: str, name: str) -> str:
        return f"{{{{ {self._path(at, name)} }}}}"

    def cover(self, name: str) -> str:
        return f"{{{{ cover.{name} }}}}"

    def _path(self, at: str, name: str) -> str:
        return f"{at}.{name}" if at else f"{self.space}{name}"

    def each(self, document, at, name, body):
        add(document, f"{{%p for one_{name} in {self._path(at, name)} %}}")
        body(f"one_{name}")
        add(document, "{%p endfor %}")

    def rows(self, table, name, fields, fill):
        self._marker(table, f"{{%tr for one in {self._path('', name)} %}}")
        add_row(table, [self.value("one", field) for field in fields], lambda row: fill(row, "one"))
        self._marker(table, "{%tr endfor %}")

    def schedule(self, table):
        self._marker(table, f"{{%tr for area in {self._path('', 'areas')} %}}")
        self._marker(table, "{%tr for row in area.rows %}")
        name = "{% vm %}" + self.value("area", "name")
        add_row(table, [name, *(self.value("row", field) for field in FIELDS)])
        self._marker(table, "{%tr endfor %}")
        self._marker(table, "{%tr endfor %}")

    def _marker(self, table: Table, tag: str) -> None:
        add_row(table, [tag])


class Ours(Jinja):
    """The same, in the namespace of a kind of paper; a footnote comes with its text."""

    def __init__(self):
        super().__init__("own.")

    def header(self) -> str:
        return "{{ paper.number }}"

    def line(self, at: str, name: str) -> str:
        return f"{{{{r {at}.{name} }}}}"


class Mustache(Dialect):
    """The syntax of docxtemplater and easy-template-x: data in a repetition have bare names."""

    def value(self, at: str, name: str) -> str:
        return f"{{{name}}}"

    def each(self, document, at, name, body):
        add(document, f"{{#{name}}}")
        body(name)
        add(document, f"{{/{name}}}")

    def rows(self, table, name, fields, fill):
        cells = [f"{{{field}}}" for field in fields]
        add_row(table, cells, lambda row: fill(row, name), (f"{{#{name}}}", f"{{/{name}}}"))

    def schedule(self, table):
        cells = [f"{{{field}}}" for field in FIELDS]
        first = [f"{{first_{field}}}" for field in FIELDS]
        join(add_row(table, ["{#areas}{name}", *first]), "restart")
        join(add_row(table, ["", *cells], None, ("{#rest}", "{/rest}{/areas}")), "continue")


class Carbone(Dialect):
    """The syntax of Carbone: a repetition is written as the first and the next item."""

    def value(self, at: str, name: str) -> str:
        return f"{{{at or 'd'}.{name}}}"

    def each(self, document, at, name, body):
        for index in ("i", "i+1"):
            body(f"{at or 'd'}.{name}[{index}]")

    def rows(self, table, name, fields, fill):
        for index in ("i", "i+1"):
            at = f"d.{name}[{index}]"
            add_row(table, [self.value(at, field) for field in fields], lambda row, at=at: fill(row, at))

    def schedule(self, table):
        first = ("name", *(f"first_{field}" for field in FIELDS))
        join(self._row(table, "d.areas[i]", first), "restart")
        join(self._row(table, "d.areas[i].rest[i]"), "continue")
        join(self._row(table, "d.areas[i].rest[i+1]"), "continue")
        join(self._row(table, "d.areas[i+1]", first), "restart")

    def _row(self, table: Table, at: str, names: Names = ("", *FIELDS)) -> _Row:
        return add_row(table, [self.value(at, name) if name else "" for name in names])


class Values(Dialect):
    """No template: the values themselves, for code with python-docx."""

    def __init__(self, data: dict):
        self.items = {"": data}

    def value(self, at: str, name: str) -> str:
        return self.items[at][name]

    def cover(self, name: str) -> str:
        return self.items[""]["cover"][name]

    def each(self, document, at, name, body):
        for item in self.items[at][name]:
            self.items[name] = item
            body(name)

    def rows(self, table, name, fields, fill):
        for item in self.items[""][name]:
            self.items[name] = item
            add_row(table, [item[field] for field in fields], lambda row: fill(row, name))

    def schedule(self, table):
        for area in self.items[""]["areas"]:
            for at, row in enumerate(area["rows"]):
                name, merge = (area["name"], "restart") if at == 0 else ("", "continue")
                join(add_row(table, [name, *(row[field] for field in FIELDS)]), merge)


def base() -> Document:
    """Return the Strategic Plan's template without text and tags: its styles, page and header."""
    document = open_document(str(forum.ROOT / "templates" / "strategic-plan.docx"))
    empty(document.element.body)
    header = document.sections[0].header.paragraphs[0]
    for run in list(header._p)[1:] if header._p.pPr is not None else list(header._p):
        header._p.remove(run)
    return document


def empty(body: etree._Element) -> None:
    for element in list(body)[:-1]:
        body.remove(element)


def cover_and_paper(document: Document, dialect: Dialect, noted_list: bool = False) -> Document:
    """Write cover and paper into one document; `noted_list`: with the footnotes in a repetition."""
    lay_out_cover(document, dialect)
    document.add_page_break()
    lay_out(document, dialect, noted_list)
    return document


def lay_out_cover(document: Document, dialect: Dialect) -> None:
    for name in paper_data(0)["cover"]:
        style = "Title" if name == "title" else "Body Text"
        document.add_paragraph(LABELS.get(name, "") + dialect.cover(name), style)


def lay_out(document: Document, dialect: Dialect, noted_list: bool = False) -> None:
    document.sections[0].header.paragraphs[0].add_run(dialect.header())
    document.add_paragraph(dialect.value("", "title"), "Title")

    def section(at: str) -> None:
        document.add_paragraph(dialect.value(at, "heading"), "Heading 1")
        dialect.each(document, at, "paragraphs", lambda at: add(document, dialect.value(at, "text")))

    dialect.each(document, "", "sections", section)
    _lay_out_notes(document, dialect, noted_list)
    _lay_out_tables(document, dialect)


def _lay_out_notes(document: Document, dialect: Dialect, noted_list: bool) -> None:
    document.add_paragraph(HEADINGS[0], "Heading 1")
    if isinstance(dialect, Ours):
        dialect.each(document, "", "noted", lambda at: add(document, dialect.line(at, "text")))
    elif noted_list:
        dialect.each(
            document, "", "noted", lambda at: _refer(add(document, dialect.value(at, "text")), document, 1)
        )
        fixed_notes(document, [dialect.value("noted", "note")])
    else:
        for number in range(1, NOTES + 1):
            _refer(add(document, dialect.value("", f"text_{number}")), document, number)
        fixed_notes(document, [dialect.value("", f"note_{number}") for number in range(1, NOTES + 1)])


def _lay_out_tables(document: Document, dialect: Dialect) -> None:
    def objectives(row: _Row, at: str) -> None:
        cell = row.cells[2]
        dialect.each(cell, at, "objectives", lambda at: add(cell, dialect.value(at, "text"), "Table Text"))

    tables = (
        lambda table: dialect.rows(table, "priorities", ("number", "name"), objectives),
        lambda table: dialect.rows(
            table, "indicators", ("name", *(f"y{year}" for year in YEARS)), lambda *_: None
        ),
        dialect.schedule,
    )
    for heading, heads, fill in zip(HEADINGS[1:], HEADS.values(), tables, strict=True):
        document.add_paragraph(heading, "Heading 1")
        table = document.add_table(1, len(heads), "Paper Table")
        _fill_cells(table.rows[0], list(heads), "Table Header")
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        fill(table)
        document.add_paragraph("", "Table Space")


def add(place: Document | _Cell, words: str, style: str = "Body Text"):
    return place.add_paragraph(words, style)


def add_row(
    table: Table, words: list[str], fill: Callable | None = None, around: tuple[str, str] = ("", "")
) -> _Row:
    """Add a row with these words in its first cells; `around`: texts at its very beginning and end."""
    row = table.add_row()
    cells = _fill_cells(row, words, "Table Text")
    if fill:
        fill(row)
    if any(around):
        first, last = cells[0].paragraphs[0], cells[-1].paragraphs[-1]
        _put_first(first, around[0])
        last.add_run(around[1])
    return row


def _fill_cells(row: _Row, words: list[str], style: str) -> tuple[_Cell, ...]:
    """Fill cells; set the style by its id, as python-docx needs most of its time to find a style by name."""
    cells = row.cells
    for cell, text in zip(cells, words, strict=False):
        paragraph = cell.paragraphs[0]
        paragraph._p.get_or_add_pPr().style = style.replace(" ", "")
        paragraph.add_run(text)
    return cells


def _put_first(paragraph, tag: str) -> None:
    run = paragraph.add_run(tag)._r
    first = paragraph._p.find(qn("w:r"))
    first.addprevious(run)


def join(row: _Row, how: str) -> None:
    """Make the first cell of the row begin or continue a merged cell."""
    merge = OxmlElement("w:vMerge")
    merge.set(qn("w:val"), how)
    row._tr.tc_lst[0].get_or_add_tcPr().append(merge)


def _refer(paragraph, document: Document, number: int) -> None:
    run = paragraph.add_run()
    run._r.get_or_add_rPr().append(_element("rStyle", _style_id(document, "footnote reference")))
    reference = OxmlElement("w:footnoteReference")
    reference.set(qn("w:id"), str(number))
    run._r.append(reference)


def _element(name: str, value: str) -> etree._Element:
    element = OxmlElement(f"w:{name}")
    element.set(qn("w:val"), value)
    return element


def _style_id(document: Document, name: str) -> str:
    return next(style.style_id for style in document.styles if style.name == name)


def fixed_notes(document: Document, texts: list[str]) -> None:
    """Write footnotes 1, 2, ... of a template; python-docx has no call for them, so this writes the part."""
    add_footnotes(document)
    part = document.part.part_related_by(RELATIONSHIP_TYPE.FOOTNOTES)
    root = etree.fromstring(part.blob)
    style = _style_id(document, "footnote text")
    for number, text in enumerate(texts, 1):
        note = etree.SubElement(root, qn("w:footnote"), {qn("w:id"): str(number)})
        paragraph = etree.SubElement(note, qn("w:p"))
        etree.SubElement(etree.SubElement(paragraph, qn("w:pPr")), qn("w:pStyle"), {qn("w:val"): style})
        etree.SubElement(etree.SubElement(paragraph, qn("w:r")), qn("w:footnoteRef"))
        etree.SubElement(etree.SubElement(paragraph, qn("w:r")), qn("w:t")).text = text
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def save(document: Document, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(path))
