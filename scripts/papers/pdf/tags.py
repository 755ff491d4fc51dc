"""Mends the tags of a PDF that LibreOffice made, where screen readers would stumble over them.

What LibreOffice 7.4 leaves wrong, each with its function: the cover's table is only layout; charts lose their texts;
an empty paragraph is read out; a row at the end of a page has the empty cells of the next page too; the number of a
footnote is a link outside the tags, and the note has no name; a style's name may be that of a tag with another meaning;
pages with links do not say in which order the Tab key goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikepdf import Array, Dictionary, Name, NumberTree, Object, OutlineItem, Page, Pdf, String

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

COVER = "/Cover "  # the styles of the cover; a tag has the name of its style
_TAGS = (
    "Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H L LI Lbl LBody Table TR TH TD THead TBody"
    " TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby Warichu Figure Formula Form"
)
_STANDARD = {f"/{tag}" for tag in _TAGS.split()}  # of PDF 1.7, without the headings
_HEADINGS = {f"/H{level}" for level in range(1, 7)}
_CELLS = ("/TD", "/TH")
_ROOMS = {"/Document", "/Div", "/TD", "/TH", "/LBody", "/Note"}  # their paragraphs may be without anything


def fix_tags(pdf: Pdf, alternatives: Sequence[str]) -> list[str]:
    """Mends the tags in place. `alternatives`: the texts of the paper's charts and pictures, in order.

    Returns what only the paper's authors can fix, in words.
    """
    root = pdf.Root.StructTreeRoot
    top = root.K[0] if isinstance(root.K, Array) else root.K
    elements = list(_below(top))
    _free_names(root, elements)
    parents = NumberTree(root.ParentTree)
    figures = [e for e in elements if e.S == "/Figure"]
    _describe(figures, alternatives)
    _label_notes(pdf, parents, [e for e in elements if e.S == "/Note"])
    for element in elements:
        if element.S in _ROOMS:
            _set_kids(element, [kid for kid in _kids(element) if not _is_empty_paragraph(kid, root)])
    for table in (e for e in elements if e.S == "/Table"):
        if _is_layout(table):
            _unmake(table)
        else:
            _close_rows(table)
    for page in pdf.pages:
        if "/Annots" in page:
            page.Tabs = Name.S
    return [*_undescribed(figures), *_skipping(pdf, elements)]


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


def _below(element: Object) -> Iterator[Object]:
    yield element
    for kid in _kids(element):
        if _is_element(kid):
            yield from _below(kid)


def _free_names(root: Object, elements: list[Object]) -> None:
    """A tag of a style that is called as one of the standard tags (Quote) becomes what LibreOffice says that it is."""
    roles = root.get("/RoleMap", Dictionary())
    for name in _STANDARD & set(roles.keys()):
        for element in elements:
            if str(element.S) == name:
                element.S = roles[name]
        del roles[name]


def _describe(figures: list[Object], alternatives: Sequence[str]) -> None:
    """Texts of charts and pictures come in the order of the paper, where each has one."""
    if len(figures) == len(alternatives):
        for figure, text in zip(figures, alternatives, strict=True):
            if text:
                figure.Alt = String(text)


def _undescribed(figures: list[Object]) -> list[str]:
    without = sum(not str(figure.get("/Alt", "")) for figure in figures)
    todo = "Give each one in the template (in Word: right-click, View Alt Text)."
    found = (
        f"found {without} of {len(figures)} charts and pictures without a text for those who cannot see them"
    )
    return [f"{found}; expected one for each. {todo}"] if without else []


def _skipping(pdf: Pdf, elements: list[Object]) -> list[str]:
    """Readers of screens go from heading to heading by level, and believe that they missed one."""
    levels = [int(str(e.S)[2]) for e in elements if str(e.S) in _HEADINGS]
    with pdf.open_outline() as outline:
        titles = list(_titles(outline.root))
    if len(titles) != len(levels):
        titles = ["a heading"] * len(levels)
    return [
        f'found the heading "{title}" of level {level} under one of level {above}; expected level {above + 1}.'
        " Change it in the inputs (in Markdown, one # less) or in the template."
        for title, level, above in zip(titles, levels, [0, *levels], strict=False)
        if level > above + 1
    ]


def _titles(items: Iterable[OutlineItem]) -> Iterator[str]:
    for item in items:
        yield item.title
        yield from _titles(item.children)


def _is_empty_paragraph(kid: object, root: Object) -> bool:
    """Whether this is the tag of a paragraph that has nothing in it."""
    if not _is_element(kid) or _kids(kid) or "/Alt" in kid or "/ActualText" in kid:
        return False
    return str(kid.S) == "/P" or root.get("/RoleMap", {}).get(str(kid.S)) == "/P"


# Tables


def _is_layout(table: Object) -> bool:
    """Whether a table only puts things in their place: all its paragraphs have the styles of the cover."""
    inside = [str(e.S) for e in _below(table)]
    return any(tag.startswith(COVER) for tag in inside) and all(
        tag.startswith(COVER) or tag in ("/Table", "/TR", "/TD", "/Span", "/Link", "/Figure")
        for tag in inside
    )


def _unmake(table: Object) -> None:
    """What only puts things in their place is no table for a screen reader."""
    for element in _below(table):
        if element.S in ("/Table", "/TR", *_CELLS):
            element.S = Name.Div
            if "/A" in element:
                del element["/A"]


def _close_rows(table: Object) -> None:
    """Where a row has its cells twice or more, as it ends a page, they are one: the columns are those of the first row."""
    rows = [e for e in _below(table) if e.S == "/TR"]
    width = sum(_span(cell, "/ColSpan") for cell in _kids(rows[0])) if rows else 0
    held = [0] * width  # rows that a cell from above still takes, a column
    for row in rows:
        cells = _kids(row)
        free = [at for at in range(width) if not held[at]]
        held = [max(0, rest - 1) for rest in held]
        if any(_span(cell, "/ColSpan") > 1 for cell in cells):
            continue
        own, extra = cells[: len(free)], cells[len(free) :]
        goes_on = [cell for cell in own if _span(cell, "/RowSpan") == 1]
        if goes_on and len(extra) % len(goes_on) == 0:
            for at, cell in enumerate(extra):
                _join(goes_on[at % len(goes_on)], cell)
            _set_kids(row, own)
        for at, cell in zip(free, own, strict=False):
            held[at] = _span(cell, "/RowSpan") - 1


def _span(cell: Object, which: str) -> int:
    attributes = cell.get("/A")
    several = attributes if isinstance(attributes, Array) else [attributes]
    return next((int(a[which]) for a in several if isinstance(a, Dictionary) and which in a), 1)


def _join(cell: Object, more: Object) -> None:
    kids = _kids(more)
    for kid in kids:
        if _is_element(kid):
            kid.P = cell
    _set_kids(cell, [*_kids(cell), *kids])


# Footnotes


def _label_notes(pdf: Pdf, parents: NumberTree, notes: list[Object]) -> None:
    """Each note gets a name; its number becomes its label, with the link back to the text inside the tag."""
    for at, note in enumerate(notes, 1):
        note.ID = String(f"note{at}")
    for page in pdf.pages:
        loose = [a for a in page.get("/Annots", []) if a.Subtype == "/Link" and "/StructParent" not in a]
        here = [(note, first) for note in notes if (first := _first_paragraph(note, page))]
        if len(loose) == len(here):
            loose.sort(key=lambda annotation: -annotation.Rect[1])
            for (note, paragraph), annotation in zip(here, loose, strict=True):
                _label(pdf, parents, page, note, paragraph, annotation)


def _first_paragraph(note: Object, page: Page) -> Object | None:
    """The paragraph that begins with the number, if it stands on this page."""
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
