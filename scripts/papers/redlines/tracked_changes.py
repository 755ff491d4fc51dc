"""Tracked changes as the engine writes them -> as Word wants them, packed, and checked against the two texts.

The check is a reading of the marks of its own: it compares texts, ends of paragraphs, cells and rows, footnotes, pictures and
charts, in order. A construct that the engine gets wrong is thus found in the paper at hand, not by its reader.
"""

from __future__ import annotations

import copy
import hashlib
import posixpath
import re
from typing import TYPE_CHECKING

from docx.oxml.ns import qn
from lxml import etree

from papers.docx import zip_writer
from papers.docx.fill import DOCUMENT, RELATIONSHIPS, TYPES
from papers.docx.package import Package
from papers.redlines.excerpt import without_unused_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOTES, _CORE = "word/footnotes.xml", "docProps/core.xml"
_WITH_CHANGES = re.compile(r"word/(document|footnotes|endnotes|header\d*|footer\d*)\.xml")
_INSERTED, _DELETED = ("ins", "moveTo", "cellIns"), ("del", "moveFrom", "cellDel")
_MARKS = tuple(qn(f"w:{tag}") for tag in ("ins", "del", "moveTo", "moveFrom"))
_P, _TC, _TR, _PPR, _RPR = (qn(f"w:{tag}") for tag in ("p", "tc", "tr", "pPr", "rPr"))
_BEHIND_RUN = (qn("w:sectPr"), qn("w:pPrChange"))
_TEXTS = {qn(f"w:{tag}") for tag in ("t", "delText", "instrText", "delInstrText")}
# Characters for private use: the ends of a paragraph, a cell, a row, and the digits of a digest.
_ENDS, _PRIVATE = "\ue010\ue011\ue012", re.compile("[\ue000-\ue012]")
_DIGITS = str.maketrans({f"{at:x}": chr(0xE000 + at) for at in range(16)})
_FIRST_ID = 1_000_000  # of the changes made here; the engine counts its own from 1
_ID = qn("r:id").removesuffix("id")
_SIGNS = {qn("w:br"): "\n", qn("w:tab"): "\t", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}


# Fixed and packed


def finish_redline(data: bytes, new: bytes, title: str) -> bytes:
    """The engine's .docx, fixed, with the newer paper's properties under a title of its own, and packed."""
    parts = _parts(
        without_unused_parts(data)
    )  # the engine keeps both versions of a chart, also where one serves
    for name in filter(_WITH_CHANGES.fullmatch, parts):
        root = etree.fromstring(parts[name])
        _mend(root)
        parts[name] = _xml(root)
    core = etree.fromstring(_parts(new)[_CORE])
    core.find("{http://purl.org/dc/elements/1.1/}title").text = title
    parts[_CORE] = _xml(core)
    return _package(parts)


def _parts(data: bytes) -> dict[str, bytes]:
    return {**Package.read(data).parts}


def _xml(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _package(parts: dict[str, bytes]) -> bytes:
    order = sorted(parts, key=lambda name: name != TYPES)  # the types first, the others as they were
    return zip_writer.build_zip([(*zip_writer.zip_entry(name, parts[name]), name.encode()) for name in order])


def _mend(root: etree._Element) -> None:
    for element in list(root.iter(qn("w:numberingChange"))):
        element.getparent().remove(
            element
        )  # of Word 97: says what a number looked like, and nothing of the text
    for holder in root.iter(_TC, qn("w:body")):
        paragraphs = [element for element in holder if element.tag != qn("w:sectPr")]
        if paragraphs and paragraphs[-1].tag == _P:
            _mend_last(paragraphs[-1])


def _mend_last(last: etree._Element) -> None:
    """The last mark of a cell, or of the text, can't come or go. So, as Word itself does, that of the paragraph before
    the added or deleted ones does, and the last paragraph changes its look."""
    mark = _mark(last)
    first = last.getprevious()
    while first is not None and first.tag == _P and mark is not None and _same(_mark(first), mark):
        first = first.getprevious()
    if mark is None or first is None or first.tag != _P or _mark(first) is not None:
        return
    _keep_look(first, last, mark)
    mark.getparent().remove(mark)
    run = _properties(first).find(_RPR)
    if run is None:
        run = etree.Element(_RPR)
        behind = [e for e in _properties(first) if e.tag in _BEHIND_RUN]
        behind[0].addprevious(run) if behind else _properties(first).append(run)
    run.insert(0, mark)


def _mark(paragraph: etree._Element) -> etree._Element | None:
    run = paragraph.find(f"{_PPR}/{_RPR}")
    return None if run is None else next((e for e in run if e.tag in _MARKS), None)


def _same(one: etree._Element | None, other: etree._Element) -> bool:
    return one is not None and one.tag == other.tag


def _properties(paragraph: etree._Element) -> etree._Element:
    if paragraph.find(_PPR) is None:
        paragraph.insert(0, etree.Element(_PPR))
    return paragraph.find(_PPR)


def _look(paragraph: etree._Element) -> list[etree._Element]:
    """Copies of what a paragraph's properties say, but of its mark and its section."""
    return [copy.deepcopy(e) for e in _properties(paragraph) if e.tag not in (_RPR, *_BEHIND_RUN)]


def _keep_look(first: etree._Element, last: etree._Element, mark: etree._Element) -> None:
    """Whichever of the two paragraphs stays has its own look: `last` gives the look of both, so it remembers both."""
    was_change = _properties(first).find(qn("w:pPrChange"))
    added = etree.QName(mark).localname in _INSERTED
    before = list(copy.deepcopy(was_change[0])) if added and was_change is not None else _look(first)
    now, before = (_look(last), before) if added else (_look(first), _look(last))
    if [etree.tostring(e) for e in now] == [etree.tostring(e) for e in before]:
        return
    properties = _properties(last)
    for element in list(properties):
        if element.tag not in (_RPR, qn("w:sectPr")):
            properties.remove(element)
    properties[0:0] = now
    change = etree.SubElement(properties, qn("w:pPrChange"), mark.attrib)
    change.set(qn("w:id"), f"{_FIRST_ID + int(mark.get(qn('w:id')))}")
    etree.SubElement(change, _PPR).extend(before)


# Checked


def first_difference(data: bytes, accept: bool, text: bytes) -> str:
    """Where tracked changes, all accepted or all rejected, don't give the text of another .docx: some words; "" if they do."""
    made, expected = ("".join(_Reading(of, accept).whole()) for of in (data, text))
    if made == expected:
        return ""
    pairs = zip(made, expected, strict=False)
    same = next((at for at, (one, other) in enumerate(pairs) if one != other), min(len(made), len(expected)))
    near = max(expected[max(0, same - 30) : same + 30], made[max(0, same - 30) : same + 30], key=len)
    return " ".join(_PRIVATE.sub(" ", near).split()) or "the end"


class _Reading:
    """The text of a .docx with all tracked changes accepted or rejected, as one string of pieces."""

    def __init__(self, data: bytes, accept: bool):
        self.parts = _parts(data)
        self.gone = {qn(f"w:{tag}") for tag in (_DELETED if accept else _INSERTED)}
        self.related = {e.get("Id"): e.get("Target") for e in etree.fromstring(self.parts[RELATIONSHIPS])}
        notes = etree.fromstring(self.parts[_NOTES]) if _NOTES in self.parts else []
        self.notes = {note.get(qn("w:id")): note for note in notes}
        self.margins: dict[str, str] = {}  # of a section; the next one takes them over where it has no own

    def whole(self) -> Iterator[str]:
        return self.blocks(etree.fromstring(self.parts[DOCUMENT])[0])

    def blocks(self, holder: etree._Element) -> Iterator[str]:
        for element in holder:
            if element.tag == _P:
                yield from self.paragraph(element)
            elif element.tag == _TR:
                yield from () if self.goes(element.find(qn("w:trPr"))) else (*self.blocks(element), _ENDS[2])
            elif element.tag == _TC:
                yield from () if self.goes(element.find(qn("w:tcPr"))) else (*self.blocks(element), _ENDS[1])
            elif element.tag == qn("w:sectPr"):
                yield from self.section(element)
            elif element.tag not in self.gone:
                yield from self.blocks(element)

    def goes(self, properties: etree._Element | None) -> bool:
        return properties is not None and any(e.tag in self.gone for e in properties)

    def paragraph(self, paragraph: etree._Element) -> Iterator[str]:
        said = "".join(self.inner(paragraph))
        yield said
        after, in_cell = paragraph.getnext(), paragraph.getparent().tag == _TC
        joined = (after is not None and after.tag == _P) or (not said and not in_cell)
        if joined and self.goes(paragraph.find(f"{_PPR}/{_RPR}")):
            return
        yield _ENDS[0]
        for section in paragraph.findall(f"{_PPR}/{qn('w:sectPr')}"):
            yield from self.section(section)

    def inner(self, holder: etree._Element) -> Iterator[str]:
        for element in holder:
            if element.tag in self.gone or element.tag == _PPR:
                continue
            if element.tag in _TEXTS:
                yield element.text or ""
            elif element.tag == qn("w:footnoteReference"):
                yield f"[{''.join(self.blocks(self.notes[element.get(qn('w:id'))]))}]"
            elif element.tag == qn("w:drawing"):
                yield from self.drawing(element)
            else:
                yield _SIGNS.get(element.tag, "")
                yield from self.inner(element)

    def drawing(self, drawing: etree._Element) -> Iterator[str]:
        """What a picture or chart says in words, and a digest of what it shows."""
        yield from (e.get("descr", "") for e in drawing.iter(qn("wp:docPr")))
        for element in drawing.iter(etree.Element):
            for attribute in (qn("r:id"), qn("r:embed")):
                if element.get(attribute) in self.related:
                    yield _digest(self.part(self.related[element.get(attribute)]))

    def part(self, target: str) -> bytes:
        return self.parts[posixpath.normpath(posixpath.join("/word", target)).lstrip("/")]

    def section(self, section: etree._Element) -> Iterator[str]:
        """Headers and footers, those of the section before where it has none of its own."""
        for reference in section.iter(qn("w:headerReference"), qn("w:footerReference")):
            place = f"{etree.QName(reference).localname} {reference.get(qn('w:type'))}"
            root = etree.fromstring(self.part(self.related[reference.get(qn("r:id"))]))
            self.margins[place] = "".join(self.blocks(root))
        yield from (text for _, text in sorted(self.margins.items()))


def _digest(data: bytes) -> str:
    """Of a picture, its bytes; of a chart, all it says, but not how it is written, nor the ids of its own related parts."""
    if b"<c:chartSpace" in data[:4000]:
        said = [
            (e.tag, (e.text or "").strip(), sorted(pair for pair in e.items() if not pair[0].startswith(_ID)))
            for e in etree.fromstring(data).iter(etree.Element)
        ]
        data = repr(said).encode()
    return hashlib.sha256(data).hexdigest().translate(_DIGITS)
