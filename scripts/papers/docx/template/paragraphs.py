"""The paragraphs of a template, each with its place in words that the user can follow in Word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.docx.runs import W
from papers.problems import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document
    from lxml import etree

TEXT, RUN, PARAGRAPH, CELL, ROW, TABLE = (f"{{{W}}}{tag}" for tag in ("t", "r", "p", "tc", "tr", "tbl"))
_MARGINS = tuple(
    f"{page}{what}" for page in ("", "first_page_", "even_page_") for what in ("header", "footer")
)


def roots(document: Document) -> Iterator[tuple[str, etree._Element]]:
    """Yield (name, root) of the body, named "", and of each header and footer that is not linked to a previous one."""
    yield "", document.element.body
    for section in document.sections:
        for name in _MARGINS:
            part = getattr(section, name)
            if not part.is_linked_to_previous:
                yield name.replace("_", " "), part._element


def paragraphs(document: Document, file: str) -> Iterator[tuple[Place, etree._Element]]:
    """Yield every paragraph with its place, such as: header paragraph 3; table 1, row 2, cell 3."""
    for root, element in roots(document):
        tables = {table: n for n, table in enumerate(element.iter(TABLE), 1)}
        outside = 0
        for paragraph in element.iter(PARAGRAPH):
            cell = nearest_above(paragraph, CELL)
            if cell is None:
                outside += 1
                where = f"paragraph {outside}"
            else:
                where = _cell_in_words(cell, tables)
            yield Place(file, part=f"{root} {where}".strip()), paragraph


def _cell_in_words(cell: etree._Element, tables: dict) -> str:
    row, table = nearest_above(cell, ROW), nearest_above(cell, TABLE)
    rows = [r for r in table.iter(ROW) if nearest_above(r, TABLE) is table]
    cells = [c for c in row.iter(CELL) if nearest_above(c, ROW) is row]
    return f"table {tables[table]}, row {rows.index(row) + 1}, cell {cells.index(cell) + 1}"


def nearest_above(element: etree._Element, tag: str) -> etree._Element | None:
    """Return the nearest ancestor with the tag, or None."""
    return next(element.iterancestors(tag), None)


def own_texts(paragraph: etree._Element) -> list[etree._Element]:
    """Return the <w:t> of a paragraph, without those of a text box that is anchored in it."""
    return [text for text in paragraph.iter(TEXT) if nearest_above(text, PARAGRAPH) is paragraph]


def text_of(paragraph: etree._Element) -> str:
    """Return the text of a paragraph, without that of text boxes."""
    return "".join(text.text or "" for text in own_texts(paragraph))
