"""The runs of text of a part, each with how it looks: its own properties, those of its styles, tables and defaults."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from docx.oxml.ns import qn
from lxml import etree

from papers.docx.contrast import look_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_P, _R, _T, _TBL, _TR, _TC = (qn(f"w:{tag}") for tag in ("p", "r", "t", "tbl", "tr", "tc"))
_BOX, _DRAWINGS = qn("w:txbxContent"), (qn("w:drawing"), qn("w:pict"), qn("w:object"))
_R_PR, _VAL, _FILL = qn("w:rPr"), qn("w:val"), qn("w:fill")
_P_PR, _P_STYLE, _R_STYLE = qn("w:pPr"), qn("w:pStyle"), qn("w:rStyle")
_HIDING = (qn("w:vanish"), qn("w:specVanish"))
_SIZE, _LANG, _COLOURED = qn("w:sz"), qn("w:lang"), (qn("w:color"), qn("w:shd"), qn("w:highlight"))
_LANGUAGES = (_VAL, qn("w:eastAsia"), qn("w:bidi"))
_OFF = ("0", "false", "off")


class Look(NamedTuple):
    """Properties of text; None or "" where they are not set. `languages`: by script, as the attributes of w:lang."""

    hidden: bool | None = None
    size: float | None = None  # points
    color: str = ""
    shade: str = ""
    languages: tuple[str, str, str] = ("", "", "")

    def over(self, lower: Look) -> Look:
        """Return what is seen where these properties override others."""
        mine, theirs = self.languages, lower.languages
        return Look(
            lower.hidden if self.hidden is None else self.hidden,
            lower.size if self.size is None else self.size,
            self.color or lower.color,
            self.shade or lower.shade,
            (mine[0] or theirs[0], mine[1] or theirs[1], mine[2] or theirs[2]),
        )


NOTHING = Look()


class TextRun(NamedTuple):
    """A run with its words. `background`: the colour behind it; None where it cannot be known, as in a shape."""

    element: etree._Element
    words: str
    look: Look
    background: str | None
    in_hidden_row: bool


def look_in(properties: etree._Element | None) -> Look:
    """Return what a set of properties of text (w:rPr) sets itself."""
    if properties is None or not len(properties):
        return NOTHING
    hidden, size, languages, is_coloured = None, None, NOTHING.languages, False
    for mark in properties:
        tag = mark.tag
        if tag in _HIDING:
            hidden = bool(hidden) or mark.get(_VAL, "1") not in _OFF
        elif tag == _SIZE:
            size = _points(mark)
        elif tag == _LANG:
            languages = tuple(mark.get(name, "") for name in _LANGUAGES)
        elif tag in _COLOURED:
            is_coloured = True
    color, shade = look_of(properties) if is_coloured else ("", "")
    return Look(hidden, size, color, shade, languages)


def _points(size: etree._Element) -> float | None:
    try:
        return float(size.get(_VAL, "")) / 2
    except ValueError:
        return None


class TextStyles:
    """The styles of a document: how text looks by them."""

    def __init__(self, root: etree._Element | None):
        styles = [] if root is None else root.findall(qn("w:style"))
        self._styles = {style.get(qn("w:styleId"), ""): style for style in styles}
        self._of_kind = {
            style.get(qn("w:type")): style.get(qn("w:styleId"), "")
            for style in reversed(styles)
            if style.get(qn("w:default"), "0") not in _OFF
        }
        path = f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{_R_PR}"
        self.defaults = look_in(None if root is None else root.find(path))
        self._known: dict[str, Look] = {}
        self._shading: dict[str, bool] = {}
        self._below: dict[tuple[str, str], Look] = {}

    def below(self, paragraph: str, table: str) -> Look:
        """Return how text of a paragraph style in a table style looks, with the defaults."""
        key = (paragraph or self._of_kind.get("paragraph", ""), table)
        if key not in self._below:
            upper, lower = self._look(key[0]), self._look(table)
            hidden = bool(upper.hidden) != bool(lower.hidden) or bool(self.defaults.hidden)
            merged = upper.over(lower).over(self.defaults)
            self._below[key] = Look(hidden, merged.size, merged.color, merged.shade, merged.languages)
        return self._below[key]

    def with_character(self, style: str, below: Look) -> Look:
        """Return how text of a character style looks. Two styles that hide text together show it, as Word has it."""
        own = self._look(style)
        hidden = bool(own.hidden) != bool(below.hidden) or bool(self.defaults.hidden)
        merged = own.over(below)
        return Look(hidden, merged.size, merged.color, merged.shade, merged.languages)

    def table(self, style: str) -> str:
        return style or self._of_kind.get("table", "")

    def shades(self, table: str) -> bool:
        """Whether a table style colours cells, all of them or some."""
        if table not in self._shading:
            marks = (mark for style in self._chain(table) for mark in style.iter(qn("w:shd")))
            self._shading[table] = any(mark.get(_FILL, "auto") != "auto" for mark in marks)
        return self._shading[table]

    def _look(self, style: str) -> Look:
        if style not in self._known:
            look = NOTHING
            for element in self._chain(style):
                look = look.over(look_in(element.find(_R_PR)))
                for part in element.findall(
                    qn("w:tblStylePr")
                ):  # whether it applies depends on the row and column
                    if look_in(part.find(_R_PR)).hidden:
                        look = Look(True).over(look)
            self._known[style] = look
        return self._known[style]

    def _chain(self, style: str) -> list[etree._Element]:
        """A style and those that it is based on, the nearest first."""
        found: dict[str, etree._Element] = {}
        while style in self._styles and style not in found:
            found[style] = self._styles[style]
            base = found[style].find(qn("w:basedOn"))
            style = "" if base is None else base.get(_VAL, "")
        return list(found.values())


@dataclass
class _Around:
    """What the runs at some place are in: a table with its style, a cell with its colour, a row, a text box."""

    table: str = ""
    shade: str | None = ""
    hidden_row: bool = False
    paragraphs: list[tuple[str, str]] = field(default_factory=list)  # style and colour


def text_runs(root: etree._Element, styles: TextStyles) -> Iterator[TextRun]:
    """Yield each run of a part that shows words or a drawing, in order."""
    around = [_Around()]
    walk = etree.iterwalk(root, ("start", "end"), (_P, _R, _TBL, _TR, _TC, _BOX))
    for event, element in walk:
        now, tag = around[-1], element.tag
        if tag == _R:
            if event == "start" and len(element) and (words := _own_words(element)):
                yield _run(element, words, now, styles)
        elif tag == _P:
            if event == "start":
                now.paragraphs.append(_paragraph(element))
            else:
                now.paragraphs.pop()
        elif event == "end":
            around.pop()
        else:
            around.append(_inside(element, now, styles))


def _paragraph(element: etree._Element) -> tuple[str, str]:
    """The style of a paragraph and the colour behind it."""
    properties = next(element.iterchildren(_P_PR), None)
    if properties is None:
        return "", ""
    style = next(properties.iterchildren(_P_STYLE), None)
    return "" if style is None else style.get(_VAL, ""), look_of(properties)[1]


def _inside(element: etree._Element, now: _Around, styles: TextStyles) -> _Around:
    if element.tag == _BOX:
        return _Around("", None, now.hidden_row)
    if element.tag == _TBL:
        style = styles.table(_named(element, f"{qn('w:tblPr')}/{qn('w:tblStyle')}"))
        own = look_of(element.find(qn("w:tblPr")))[1]
        return _Around(style, own or (None if styles.shades(style) else now.shade), now.hidden_row)
    if element.tag == _TR:
        mark = element.find(f"{qn('w:trPr')}/{qn('w:hidden')}")
        is_hidden = mark is not None and mark.get(_VAL, "1") not in _OFF
        return _Around(now.table, now.shade, now.hidden_row or is_hidden)
    own = look_of(element.find(qn("w:tcPr")))[1]
    return _Around(now.table, now.shade if own in ("", "auto") else own, now.hidden_row)


def _run(element: etree._Element, words: str, now: _Around, styles: TextStyles) -> TextRun:
    name, behind = now.paragraphs[-1] if now.paragraphs else ("", "")
    look = styles.below(name, now.table)
    if (properties := next(element.iterchildren(_R_PR), None)) is not None:
        style = next(properties.iterchildren(_R_STYLE), None)
        if style is not None:
            look = styles.with_character(style.get(_VAL, ""), look)
        look = look_in(properties).over(look)
    shades = (look.shade, behind)
    background = next((shade for shade in shades if shade not in ("", "auto")), now.shade)
    return TextRun(element, words, look, background, now.hidden_row)


def _own_words(run: etree._Element) -> str:
    """The words of a run, without those of a text box in it; "\\n" for a drawing alone."""
    words = "".join(child.text or "" for child in run.iterchildren(_T))
    return words if words.strip() else "\n" if next(run.iterchildren(*_DRAWINGS), None) is not None else words


def _named(element: etree._Element, path: str) -> str:
    found = element.find(path)
    return "" if found is None else found.get(_VAL, "")
