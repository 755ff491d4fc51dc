"""The cover's styles, made to stand alone: in a file whose defaults and Normal are others, the cover looks the same."""

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
# What undoes a default of the other file that the cover does not speak of; "0" undoes all others.
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
    """The styles that the cover uses, under names that `other` (a styles part) does not have; the cover then uses them.

    Each says all that it looks like. A table without a style gets one, so that the other file's default is not its own.
    """
    styles = {s.get(qn("w:styleId")): s for s in cover.styles.element.findall(qn("w:style"))}
    taken = _taken(other)
    made: dict[str, etree._Element] = {}
    for reference in _references(cover, styles):
        old = reference.get(qn("w:val"))
        if old in styles and old not in made:
            made[old] = _alone(_chain(styles[old], styles, cover), styles[old], other)
            _rename(made[old], taken)
        if old in made:
            reference.set(qn("w:val"), made[old].get(qn("w:styleId")))
    return list(made.values())


def _references(cover: Document, styles: dict[str, etree._Element]) -> list[etree._Element]:
    """Each element that names a style, one for each table and paragraph at least; grey lines of tags do not count."""
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
    """What a style is built on, the most general first: the defaults (not of a run's style), bases, itself."""
    chain, based = [style], style.find(qn("w:basedOn"))
    while (
        based is not None and (base := styles.get(based.get(qn("w:val")))) is not None and base not in chain
    ):
        chain.insert(0, base)
        based = base.find(qn("w:basedOn"))
    if style.get(qn("w:type")) == "paragraph":
        chain = [*cover.styles.element.findall(f"{qn('w:docDefaults')}/*"), *chain]
    return chain


def _alone(
    chain: list[etree._Element], style: etree._Element, other: etree._Element | None
) -> etree._Element:
    made = OxmlElement("w:style")
    kind = style.get(qn("w:type"))
    for name, value in (("type", kind), ("customStyle", "1"), ("styleId", style.get(qn("w:styleId")))):
        made.set(qn(f"w:{name}"), value)
    name = style.find(qn("w:name")).get(qn("w:val"))
    made.append(_valued("w:name", TABLE_NAME if kind == "table" else name))
    made.append(_valued("w:uiPriority", "99"))
    for holder in ("pPr", "rPr"):
        merged = _merged(e for part in chain for e in part.findall(qn(f"w:{holder}")))
        if kind == "paragraph":
            _undo_defaults(merged, holder, other)
        if len(merged):
            merged.tag = qn(f"w:{holder}")
            merged[:] = sorted(merged, key=lambda e: _at(e, holder))
            made.append(merged)
    for part in chain:
        made.extend(copy.deepcopy(part.findall(qn("w:tblPr"))[-1:]) if kind == "table" else [])
    return made


def _merged(parts: Iterable[etree._Element]) -> etree._Element:
    """The properties of all parts in one: a later one wins, of spacing, indents, fonts and languages by attribute."""
    merged = OxmlElement("w:rPr")
    for part in parts:
        for element in part:
            there = merged.find(element.tag)
            if there is not None and element.tag in _BY_ATTRIBUTE:
                there.attrib.update(element.attrib)
                continue
            if there is not None:
                merged.remove(there)
            merged.append(copy.deepcopy(element))
    return merged


def _undo_defaults(merged: etree._Element, holder: str, other: etree._Element | None) -> None:
    """Says what the other file's defaults say and the cover does not."""
    path = f"{qn('w:docDefaults')}/{qn(f'w:{holder}Default')}/{qn(f'w:{holder}')}/*"
    for default in other.findall(path) if other is not None else ():
        name, there = etree.QName(default).localname, merged.find(default.tag)
        if there is None and name in (*_NEUTRAL[holder], *_SWITCHES[holder]):
            merged.append(_valued(f"w:{name}", _NEUTRAL[holder].get(name, "0")))
        elif default.tag in (qn("w:spacing"), qn("w:ind")) and holder == "pPr":
            if there is None:
                merged.append(there := OxmlElement(f"w:{name}"))
            for attribute in sorted({*default.attrib} - {*there.attrib}):
                there.set(attribute, "auto" if attribute == qn("w:lineRule") else "0")


def _at(element: etree._Element, holder: str) -> int:
    name, order = etree.QName(element).localname, _ORDER[holder]
    return order.index(name) if name in order else len(order)


def _taken(other: etree._Element | None) -> set[str]:
    """Ids and names of a file's styles, whatever the case of their letters."""
    styles = () if other is None else other.findall(qn("w:style"))
    names = (s.find(qn("w:name")) for s in styles)
    return {
        *(s.get(qn("w:styleId"), "").casefold() for s in styles),
        *(name.get(qn("w:val"), "").casefold() for name in names if name is not None),
    }


def _rename(style: etree._Element, taken: set[str]) -> None:
    """Gives the style an id and a name that are free, as the file may be an older paper with a cover like ours."""
    name = style.find(qn("w:name"))
    for key, holder in ((qn("w:val"), name), (qn("w:styleId"), style)):
        expected = f"{holder.get(key)}" if key == qn("w:val") else name.get(qn("w:val")).replace(" ", "")
        free = next(
            n
            for n in (expected, *(f"{expected}{at}" for at in range(2, 10_000)))
            if n.casefold() not in taken
        )
        holder.set(key, free)
        taken.add(free.casefold())
