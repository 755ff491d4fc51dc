"""Make the styles of the cover independent, so that it looks the same in a file with other defaults and another Normal."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml import etree

from papers.docx.template.tag_formats import RUN_ORDER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docx.document import Document

_PARAGRAPH = (
    "keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs"
    " suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd"
    " snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment"
    " textboxTightWrap outlineLvl"
)
_ORDER = {"pPr": _PARAGRAPH.split(), "rPr": RUN_ORDER}
_BY_ATTRIBUTE = {qn(f"w:{tag}") for tag in ("spacing", "ind", "rFonts", "lang")}
# The values that undo a default of the other file which the cover does not set; "0" undoes all others.
_NEUTRAL = {
    "pPr": {"widowControl": "1", "jc": "left", "outlineLvl": "9", "textAlignment": "auto"},
    "rPr": {"color": "auto", "w": "100", "vertAlign": "baseline"}
    | dict.fromkeys(("highlight", "u", "effect", "em"), "none"),
}
_PARAGRAPH_SWITCHES = "keepNext keepLines pageBreakBefore suppressLineNumbers suppressAutoHyphens bidi contextualSpacing mirrorIndents"
_RUN_SWITCHES = (
    "b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint vanish spacing kern position rtl"
)
_SWITCHES = {"pPr": _PARAGRAPH_SWITCHES.split(), "rPr": _RUN_SWITCHES.split()}
_NAMES = ("w:pStyle", "w:rStyle", "w:tblStyle")
TABLE_NAME = "Cover Table"


def independent_styles(cover: Document, other: etree._Element | None) -> list[etree._Element]:
    """Return copies of the styles that the cover uses, under names that are free in `other`; the cover then uses these.

    `other`: the root of a styles part, or None. Each copy sets all its properties itself. A table without a style gets
    one, as it would otherwise get the default of the other file.
    """
    styles = {s.get(qn("w:styleId")): s for s in cover.styles.element.findall(qn("w:style"))}
    taken = _names_of(other)
    copies: dict[str, etree._Element] = {}
    for reference in _references(cover, styles):
        old = reference.get(qn("w:val"))
        if old in styles and old not in copies:
            copies[old] = _independent(_chain(styles[old], styles, cover), styles[old], other)
            _rename(copies[old], taken)
        if old in copies:
            reference.set(qn("w:val"), copies[old].get(qn("w:styleId")))
    return list(copies.values())


def _references(cover: Document, styles: dict[str, etree._Element]) -> list[etree._Element]:
    """Each element that names a style, at least one per table and paragraph; but for the style of lines of tags."""
    found = []
    for table in cover.element.body.iter(qn("w:tbl")):
        properties = table.find(qn("w:tblPr"))
        if properties.find(qn("w:tblStyle")) is None and (default := _default(styles, "table")):
            properties.insert(0, _valued("w:tblStyle", default))
    for paragraph in cover.element.body.iter(qn("w:p")):
        if (default := _default(styles, "paragraph")) and paragraph.style is None:
            paragraph.get_or_add_pPr().insert(0, _valued("w:pStyle", default))
    for element in cover.element.body.iter(*(qn(name) for name in _NAMES)):
        if _style_name(styles.get(element.get(qn("w:val")))) != "template tag":
            found.append(element)
    return found


def _default(styles: dict[str, etree._Element], kind: str) -> str:
    found = (i for i, s in styles.items() if s.get(qn("w:type")) == kind and s.get(qn("w:default")) == "1")
    return next(found, "")


def _valued(tag: str, value: str) -> etree._Element:
    element = OxmlElement(tag)
    element.set(qn("w:val"), value)
    return element


def _style_name(style: etree._Element | None) -> str:
    return "" if style is None else style.find(qn("w:name")).get(qn("w:val")).casefold()


def _chain(style: etree._Element, styles: dict[str, etree._Element], cover: Document) -> list[etree._Element]:
    """What a style inherits from, the most general first: the defaults (not for a run's style), its bases, itself."""
    chain, based = [style], style.find(qn("w:basedOn"))
    while (
        based is not None and (base := styles.get(based.get(qn("w:val")))) is not None and base not in chain
    ):
        chain.insert(0, base)
        based = base.find(qn("w:basedOn"))
    if style.get(qn("w:type")) == "paragraph":
        chain = [*cover.styles.element.findall(f"{qn('w:docDefaults')}/*"), *chain]
    return chain


def _independent(
    chain: list[etree._Element], style: etree._Element, other: etree._Element | None
) -> etree._Element:
    """The copy of a style with all that it inherits, and with the defaults of the other file undone."""
    result = OxmlElement("w:style")
    kind = style.get(qn("w:type"))
    for name, value in (("type", kind), ("customStyle", "1"), ("styleId", style.get(qn("w:styleId")))):
        result.set(qn(f"w:{name}"), value)
    name = style.find(qn("w:name")).get(qn("w:val"))
    result.append(_valued("w:name", TABLE_NAME if kind == "table" else name))
    result.append(_valued("w:uiPriority", "99"))
    for holder in ("pPr", "rPr"):
        merged = _merged(e for part in chain for e in part.findall(qn(f"w:{holder}")))
        if kind == "paragraph":
            _undo_defaults(merged, holder, other)
        if len(merged):
            merged.tag = qn(f"w:{holder}")
            merged[:] = sorted(merged, key=lambda e: _position(e, holder))
            result.append(merged)
    for part in chain:
        result.extend(copy.deepcopy(part.findall(qn("w:tblPr"))[-1:]) if kind == "table" else [])
    return result


def _merged(parts: Iterable[etree._Element]) -> etree._Element:
    """The properties of all parts in one; a later one wins: for spacing, indents, fonts and languages by attribute."""
    merged = OxmlElement("w:rPr")
    for part in parts:
        for element in part:
            earlier = merged.find(element.tag)
            if earlier is not None and element.tag in _BY_ATTRIBUTE:
                earlier.attrib.update(element.attrib)
                continue
            if earlier is not None:
                merged.remove(earlier)
            merged.append(copy.deepcopy(element))
    return merged


def _undo_defaults(merged: etree._Element, holder: str, other: etree._Element | None) -> None:
    """Set what the other file's defaults set and the cover does not, to its neutral value."""
    path = f"{qn('w:docDefaults')}/{qn(f'w:{holder}Default')}/{qn(f'w:{holder}')}/*"
    for default in other.findall(path) if other is not None else ():
        name, own = etree.QName(default).localname, merged.find(default.tag)
        if own is None and name in (*_NEUTRAL[holder], *_SWITCHES[holder]):
            merged.append(_valued(f"w:{name}", _NEUTRAL[holder].get(name, "0")))
        elif default.tag in (qn("w:spacing"), qn("w:ind")) and holder == "pPr":
            if own is None:
                merged.append(own := OxmlElement(f"w:{name}"))
            for attribute in sorted({*default.attrib} - {*own.attrib}):
                own.set(attribute, "auto" if attribute == qn("w:lineRule") else "0")


def _position(element: etree._Element, holder: str) -> int:
    name, order = etree.QName(element).localname, _ORDER[holder]
    return order.index(name) if name in order else len(order)


def _names_of(other: etree._Element | None) -> set[str]:
    """The ids and names of a file's styles, in lower case."""
    styles = () if other is None else other.findall(qn("w:style"))
    names = (s.find(qn("w:name")) for s in styles)
    return {
        *(s.get(qn("w:styleId"), "").casefold() for s in styles),
        *(name.get(qn("w:val"), "").casefold() for name in names if name is not None),
    }


def _rename(style: etree._Element, taken: set[str]) -> None:
    """Give the style a free id and name, as the file may be an older paper with the same cover."""
    name = style.find(qn("w:name"))
    for key, holder in ((qn("w:val"), name), (qn("w:styleId"), style)):
        wished = holder.get(key) if key == qn("w:val") else name.get(qn("w:val")).replace(" ", "")
        candidates = (wished, *(f"{wished}{at}" for at in range(2, 10_000)))
        free = next(candidate for candidate in candidates if candidate.casefold() not in taken)
        holder.set(key, free)
        taken.add(free.casefold())
