"""Check a template for the styles that it needs, and for what must not get into a paper: changes, notes, comments."""

from __future__ import annotations

from dataclasses import dataclass
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
from papers.docx.template.tag_syntax import TAG, read_tag
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


def check_styles(
    document: Document, file: str, needed: tuple[str, ...], problems: Problems, *, lists: bool
) -> None:
    """Check everything but the tags.

    `needed`: the names of the styles that each paper uses; filling reports those that only some texts need.
    `lists`: whether texts of the template may have lists.
    """
    _check_styles(document, file, needed, problems, ORDERED if lists else ())
    _check_changes(document, file, problems)
    _check_notes(document, file, problems)
    _check_tables(document, file, problems)


def _check_styles(
    document: Document, file: str, needed: tuple[str, ...], problems: Problems, ordered: tuple[str, ...]
) -> None:
    styles = document.styles.element.findall(_STYLE)
    by_name = {style.find(qn("w:name")).get(qn("w:val")).casefold(): style for style in styles}
    ids = {style.get(qn("w:styleId")) for style in styles}
    for name in needed:
        if name.casefold() not in by_name:
            todo = f'Create a style named "{name}" in the template (Home, Styles, New Style).'
            problems.add(Place(file), "missing-style", f'no style "{name}"', f'the style "{name}"', todo)
    for name in ordered:
        if (style := by_name.get(name.casefold())) is not None and style.find(f".//{qn('w:numId')}") is None:
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


@dataclass
class _Branches:
    """The branches of a condition so far: whether each keeps something, whether this one does, whether one is else."""

    each: bool = True
    this: bool = False
    has_else: bool = False

    def end_branch(self, has_else: bool) -> None:
        self.each, self.this, self.has_else = self.each and self.this, False, has_else


def _always(texts: list[str], letters: str) -> bool:
    """Whether one of the rows or paragraphs with these texts stays, whatever repetitions and conditions do.

    One stays where a condition has an else, and each of its branches keeps one.
    """
    open_ = [_Branches()]
    for text in texts:
        tag = TAG.match(text.strip())
        statement = read_tag(tag[0]) if tag else None
        if not statement or statement.sign == "{" or statement.letters != letters:
            open_[-1].this = True
        elif statement.word in ("for", "if"):
            open_.append(_Branches())
        elif statement.word in ("elif", "else"):
            open_[-1].end_branch(statement.word == "else")
        elif statement.word in ("endfor", "endif") and len(open_) > 1:
            branches = open_.pop()
            branches.end_branch(branches.has_else)
            open_[-1].this |= branches.each and branches.has_else and statement.word == "endif"
    return open_[0].this
