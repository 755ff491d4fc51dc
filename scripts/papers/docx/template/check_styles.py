"""Check a template for the styles that it needs, and for what must not get into a paper: changes, notes, comments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

from papers.docx.template.paragraphs import (
    CELL,
    PARAGRAPH,
    ROW,
    TABLE,
    nearest_above,
    paragraphs,
    roots,
    text_of,
)
from papers.problems import Place, Problems
from papers.richtext import ORDERED

if TYPE_CHECKING:
    from docx.document import Document
    from lxml import etree

_STYLE = qn("w:style")
_CHANGES = {
    "inserted text": ("ins", "moveTo", "cellIns"),
    "deleted text": ("del", "moveFrom", "cellDel"),
    "changed format": ("rPrChange", "pPrChange", "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange"),
}
_STATEMENT = re.compile(r"\{%(p|tr) \s*(\w+)")


def check_styles(document: Document, file: str, needed: tuple[str, ...], problems: Problems) -> None:
    """Check everything but the tags. `needed`: the names of the styles that papers use."""
    _check_styles(document, file, needed, problems)
    _check_changes(document, file, problems)
    _check_notes(document, file, problems)
    _check_tables(document, file, problems)


def _check_styles(document: Document, file: str, needed: tuple[str, ...], problems: Problems) -> None:
    styles = document.styles.element.findall(_STYLE)
    by_name = {style.find(qn("w:name")).get(qn("w:val")).casefold(): style for style in styles}
    ids = {style.get(qn("w:styleId")) for style in styles}
    for name in needed:
        if name.casefold() not in by_name:
            todo = f'Create a style named "{name}" in the template (Home, Styles, New Style).'
            problems.add(Place(file), "missing-style", f'no style "{name}"', f'the style "{name}"', todo)
        elif name in ORDERED and by_name[name.casefold()].find(f".//{qn('w:numId')}") is None:
            found, expected = f'the style "{name}" without numbers', "a style that numbers its paragraphs"
            todo = "Modify the style (Format, Numbering): numbers set by the ribbon's buttons are not enough."
            problems.add(Place(file), "style-without-numbers", found, expected, todo)
    for place, paragraph in paragraphs(document, file):
        for reference in paragraph.iter(qn("w:pStyle"), qn("w:rStyle")):
            if reference.get(qn("w:val")) not in ids:
                found = f'the style "{reference.get(qn("w:val"))}", which the template does not have'
                problems.add(
                    place, "missing-style", found, "a style of this template", "Choose another style there."
                )


def _check_changes(document: Document, file: str, problems: Problems) -> None:
    for what, names in _CHANGES.items():
        for _, root in roots(document):
            if next(root.iter(*(qn(f"w:{name}") for name in names)), None) is not None:
                todo = "Accept or reject all changes in Word and save."
                problems.add(Place(file), "tracked-changes", f"tracked changes ({what})", "none", todo)
                break


def _check_notes(document: Document, file: str, problems: Problems) -> None:
    """Report notes and comments: they are in parts of their own, which papers do not get."""
    for place, paragraph in paragraphs(document, file):
        if next(paragraph.iter(qn("w:footnoteReference"), qn("w:endnoteReference")), None) is not None:
            todo = "Delete it there; write it as [^name] in the section's Markdown file."
            problems.add(
                place, "own-note", "a footnote of the template", "footnotes only in the inputs", todo
            )
        if next(paragraph.iter(qn("w:commentReference")), None) is not None:
            problems.add(
                place, "comment", "a comment", "a template without comments", "Delete it in Word and save."
            )


def _check_tables(document: Document, file: str, problems: Problems) -> None:
    """Report cells and tables that conditions may leave empty: Word opens no cell without a paragraph, no table without rows."""
    places = {paragraph: place for place, paragraph in paragraphs(document, file)}
    for _, root in roots(document):
        for table in root.iter(TABLE):
            first = places[next(table.iter(PARAGRAPH))]
            rows = ["".join(text_of(p) for p in row.iter(PARAGRAPH)) for row in _own(table, ROW, TABLE)]
            if not _always(rows, "tr"):
                todo = "Put the header row outside the repetition."
                problems.add(
                    first, "table-may-be-empty", "only rows that may be left out", "a row that stays", todo
                )
        for cell in root.iter(CELL):
            inside = _own(cell, PARAGRAPH, CELL)
            if inside and not _always([text_of(paragraph) for paragraph in inside], "p"):
                found, todo = (
                    "only paragraphs that may be left out",
                    "Add an empty one at the end of the cell.",
                )
                problems.add(places[inside[0]], "cell-may-be-empty", found, "a paragraph that stays", todo)


def _own(holder: etree._Element, tag: str, of: str) -> list[etree._Element]:
    """The rows of a table, or the paragraphs of a cell, without those of a table within it."""
    return [inner for inner in holder.iter(tag) if nearest_above(inner, of) is holder]


def _always(texts: list[str], letters: str) -> bool:
    """Whether one of the rows or paragraphs with these texts is outside all repetitions and conditions."""
    depth = 0
    for text in texts:
        statement = _STATEMENT.match(text.strip())
        if statement and statement[1] == letters:
            depth += {"for": 1, "if": 1, "endfor": -1, "endif": -1}.get(statement[2], 0)
        elif depth == 0:
            return True
    return False
