"""Fix the tags of a PDF that LibreOffice wrote, for screen readers.

Faults of LibreOffice 7.4, each fixed by one function: the cover's table is only layout; charts lose their
alternative texts; an empty paragraph is read out; a row at the end of a page also has the empty cells of
the next page; the number of a footnote is a link outside the tags, and the note has no id; a style may have
the name of a standard tag with another meaning; a link at the end of a line has a part without text there;
pages with links do not declare the order of the Tab key.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pikepdf import Array, Dictionary, Name, NumberTree, Object, OutlineItem, Page, Pdf, String

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_COVER = "/Cover "  # begins the names of the cover's styles; a tag has the name of its style
_STANDARD_TAGS = (
    "Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H L LI Lbl LBody Table TR TH TD"
    " THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby Warichu Figure Formula Form"
)
_STANDARD = {f"/{tag}" for tag in _STANDARD_TAGS.split()}  # of PDF 1.7, without the headings
_HEADINGS = {f"/H{level}" for level in range(1, 7)}
_CELLS = ("/TD", "/TH")
_CONTAINERS = {"/Document", "/Div", "/TD", "/TH", "/LBody", "/Note"}  # they may have empty paragraphs


def fix_tags(pdf: Pdf, alternatives: Sequence[str]) -> list[str]:
    """Fix the tags in place; return the faults that only the paper's authors can fix, as sentences.

    `alternatives` are the alternative texts of the paper's charts and pictures, in order.
    """
    root = pdf.Root.StructTreeRoot
    top = root.K[0] if isinstance(root.K, Array) else root.K
    elements = list(_descendants(top))
    _resolve_style_names(root, elements)
    parents = NumberTree(root.ParentTree)
    figures = [e for e in elements if e.S == "/Figure"]
    _set_alternatives(figures, alternatives)
    _label_notes(pdf, parents, [e for e in elements if e.S == "/Note"])
    for element in elements:
        _join_links(element, parents)
        if element.S in _CONTAINERS:
            _set_kids(element, [kid for kid in _kids(element) if not _is_empty_paragraph(kid, root)])
    for table in (e for e in elements if e.S == "/Table"):
        if _is_layout(table):
            _turn_into_divs(table)
        else:
            _merge_repeated_cells(table)
    for page in pdf.pages:
        if "/Annots" in page:
            page.Tabs = Name.S
    return [*_missing_alternatives(figures), *_skipped_levels(pdf, elements)]


def _kids(element: Object) -> list:
    kids = element.get("/K")
    return [] if kids is None else list(kids) if isinstance(kids, Array) else [kids]


def _set_kids(element: Object, kids: list) -> None:
    if kids:
        element.K = Array(kids)
    elif "/K" in element:
        del element["/K"]


def _is_element(kid: object) -> bool:
    return isinstance(kid, Dictionary) and "/S" in kid


def _descendants(element: Object) -> Iterator[Object]:
    """Yield an element and all elements below it."""
    yield element
    for kid in _kids(element):
        if _is_element(kid):
            yield from _descendants(kid)


def _resolve_style_names(root: Object, elements: list[Object]) -> None:
    """Replace a style's tag that has the name of a standard tag, such as Quote, by its role."""
    roles = root.get("/RoleMap", Dictionary())
    for name in _STANDARD & set(roles.keys()):
        for element in elements:
            if str(element.S) == name:
                element.S = roles[name]
        del roles[name]


def _set_alternatives(figures: list[Object], alternatives: Sequence[str]) -> None:
    """Set the alternative texts, which are in the order of the paper, if each figure has one."""
    if len(figures) == len(alternatives):
        for figure, text in zip(figures, alternatives, strict=True):
            if text:
                figure.Alt = String(text)


def _missing_alternatives(figures: list[Object]) -> list[str]:
    without = sum(not str(figure.get("/Alt", "")) for figure in figures)
    if not without:
        return []
    return [
        f"found {without} of {len(figures)} charts and pictures without alternative text; expected one for"
        " each, for readers who cannot see them. Add it in the template (in Word: right-click, View Alt Text)."
    ]


def _skipped_levels(pdf: Pdf, elements: list[Object]) -> list[str]:
    """Return a sentence per heading that skips a level.

    Users of screen readers, who go by level, think that they missed one.
    """
    levels = [int(str(e.S)[2]) for e in elements if str(e.S) in _HEADINGS]
    with pdf.open_outline() as outline:
        titles = list(_titles(outline.root))
    if len(titles) != len(levels):
        titles = ["a heading"] * len(levels)
    return [
        f'found the heading "{title}" of level {level} under one of level {above}; expected level'
        f" {above + 1}. Change it in the inputs (in Markdown, one # less) or in the template."
        for title, level, above in zip(titles, levels, [0, *levels], strict=False)
        if level > above + 1
    ]


def _titles(items: Iterable[OutlineItem]) -> Iterator[str]:
    for item in items:
        yield item.title
        yield from _titles(item.children)


def _is_empty_paragraph(kid: object, root: Object) -> bool:
    """Whether this is the tag of a paragraph without content."""
    if not _is_element(kid) or _kids(kid) or "/Alt" in kid or "/ActualText" in kid:
        return False
    return str(kid.S) == "/P" or root.get("/RoleMap", {}).get(str(kid.S)) == "/P"


# Links


def _join_links(element: Object, parents: NumberTree) -> None:
    """Join each link without text below an element to the one that follows it, of which it is the beginning."""
    kids = _kids(element)
    for link, following in pairwise(kids):
        if _is_link(link) and _is_link(following) and not _has_text(link):
            for kid in _kids(link):
                parents[int(kid.Obj.StructParent)] = following
            _set_kids(following, [*_kids(link), *_kids(following)])
            kids = [kid for kid in kids if kid is not link]
    if len(kids) < len(_kids(element)):
        _set_kids(element, kids)


def _is_link(kid: object) -> bool:
    return isinstance(kid, Dictionary) and kid.get("/S") == "/Link"


def _has_text(link: Object) -> bool:
    return any(not isinstance(kid, Dictionary) or kid.get("/Type") != "/OBJR" for kid in _kids(link))


# Tables


def _is_layout(table: Object) -> bool:
    """Whether a table is only layout: all its paragraphs have styles of the cover."""
    names = [str(e.S) for e in _descendants(table)]
    return any(name.startswith(_COVER) for name in names) and all(
        name.startswith(_COVER) or name in ("/Table", "/TR", "/TD", "/Span", "/Link", "/Figure")
        for name in names
    )


def _turn_into_divs(table: Object) -> None:
    """Replace the tags of a table that is only layout, so that a screen reader does not announce a table."""
    for element in _descendants(table):
        if element.S in ("/Table", "/TR", *_CELLS):
            element.S = Name.Div
            if "/A" in element:
                del element["/A"]


def _merge_repeated_cells(table: Object) -> None:
    """Merge the cells that a row at the end of a page has twice; the columns are those of the first row."""
    rows = [e for e in _descendants(table) if e.S == "/TR"]
    width = sum(_span(cell, "/ColSpan") for cell in _kids(rows[0])) if rows else 0
    spanned = [0] * width  # per column, the rows that a cell above still spans
    for row in rows:
        cells = _kids(row)
        free = [at for at in range(width) if not spanned[at]]
        spanned = [max(0, rows_left - 1) for rows_left in spanned]
        if any(_span(cell, "/ColSpan") > 1 for cell in cells):
            continue
        own, extra = cells[: len(free)], cells[len(free) :]
        continued = [cell for cell in own if _span(cell, "/RowSpan") == 1]
        if continued and len(extra) % len(continued) == 0:
            for at, cell in enumerate(extra):
                _append_kids(continued[at % len(continued)], cell)
            _set_kids(row, own)
        for at, cell in zip(free, own, strict=False):
            spanned[at] = _span(cell, "/RowSpan") - 1


def _span(cell: Object, which: str) -> int:
    attributes = cell.get("/A")
    dictionaries = attributes if isinstance(attributes, Array) else [attributes]
    return next((int(a[which]) for a in dictionaries if isinstance(a, Dictionary) and which in a), 1)


def _append_kids(cell: Object, other: Object) -> None:
    """Move the content of another cell to the end of a cell."""
    kids = _kids(other)
    for kid in kids:
        if _is_element(kid):
            kid.P = cell
    _set_kids(cell, [*_kids(cell), *kids])


# Footnotes


def _label_notes(pdf: Pdf, parents: NumberTree, notes: list[Object]) -> None:
    """Give each note an id, and make its number its label, which has the link back to the text."""
    for at, note in enumerate(notes, 1):
        note.ID = String(f"note{at}")
    for page in pdf.pages:
        untagged = [a for a in page.get("/Annots", []) if a.Subtype == "/Link" and "/StructParent" not in a]
        on_page = [(note, first) for note in notes if (first := _first_paragraph(note, page))]
        if len(untagged) == len(on_page):
            untagged.sort(key=lambda annotation: -annotation.Rect[1])
            for (note, paragraph), annotation in zip(on_page, untagged, strict=True):
                _label(pdf, parents, page, note, paragraph, annotation)


def _first_paragraph(note: Object, page: Page) -> Object | None:
    """Return the paragraph that begins with the number, if it is on this page."""
    first = next((kid for kid in _kids(note) if _is_element(kid)), None)
    if first is None or not _kids(first) or not isinstance(_kids(first)[0], int):
        return None
    return first if "/Pg" in first and first.Pg.objgen == page.obj.objgen else None


def _label(
    pdf: Pdf, parents: NumberTree, page: Page, note: Object, paragraph: Object, annotation: Object
) -> None:
    number, *rest = _kids(paragraph)
    label = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Lbl, P=note, Pg=page.obj))
    link = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Link, P=label, Pg=page.obj))
    link.K = Array([number, Dictionary(Type=Name.OBJR, Obj=annotation, Pg=page.obj)])
    label.K = Array([link])
    _set_kids(paragraph, rest)
    _set_kids(note, [label, *_kids(note)])
    parents[page.StructParents][int(number)] = link
    annotation.StructParent = max(parents) + 1
    parents[annotation.StructParent] = link
