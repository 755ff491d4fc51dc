"""The engine's tracked changes -> changes as Word expects them, packed, and checked against the texts.

The check reads the tracked changes with code of its own: it compares, in order, text, ends of paragraphs,
cells and rows, footnotes, pictures and charts. So a construct that the engine gets wrong is found in the
paper at hand, not by its reader.
"""

from __future__ import annotations

import copy
import hashlib
import re
from typing import TYPE_CHECKING

from docx.oxml.ns import qn
from lxml import etree

from papers.docx import zip_writer
from papers.docx.package import TYPES, Package
from papers.redlines.excerpt import without_unused_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.docx.package import Relation

_WITH_CHANGES = (
    "document.main+xml",
    "footnotes+xml",
    "endnotes+xml",
    "header+xml",
    "footer+xml",
)  # content types
_INSERTED, _DELETED = ("ins", "moveTo", "cellIns"), ("del", "moveFrom", "cellDel")
_MARKS = tuple(qn(f"w:{tag}") for tag in ("ins", "del", "moveTo", "moveFrom"))
_P, _TC, _TR, _PPR, _RPR = (qn(f"w:{tag}") for tag in ("p", "tc", "tr", "pPr", "rPr"))
_AFTER_RPR = (qn("w:sectPr"), qn("w:pPrChange"))  # children of w:pPr that the schema puts after w:rPr
_TEXTS = {qn(f"w:{tag}") for tag in ("t", "delText", "instrText", "delInstrText")}
# Characters for private use: the ends of a paragraph, a cell and a row, and the digits of a digest.
_END_OF_PARAGRAPH, _END_OF_CELL, _END_OF_ROW = "\ue010\ue011\ue012"
_PRIVATE = re.compile("[\ue000-\ue012]")
_DIGITS = str.maketrans({f"{at:x}": chr(0xE000 + at) for at in range(16)})
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_FIRST_ID = 1_000_000  # of the changes added here; the engine counts its own from 1
_RELATIONSHIP_PREFIX = qn("r:id").removesuffix("id")
_CHARACTERS = {qn("w:br"): "\n", qn("w:tab"): "\t", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}


# Fixing and packing


def finish_redline(data: bytes, new: bytes, title: str) -> bytes:
    """Return the engine's .docx, fixed and packed, with a title and the newer paper's other properties."""
    package = Package.read(without_unused_parts(data))  # the engine keeps two versions of an equal chart
    parts = dict(package.parts)
    for name, type_ in package.types.items():
        if type_.endswith(_WITH_CHANGES):
            root = package.xml(name)
            _fix(root)
            parts[name] = _xml(root)
    if (name := _core_properties(package)) and (core := _with_title(Package.read(new), title)) is not None:
        parts[name] = _xml(core)
    return _pack(parts)


def _core_properties(package: Package) -> str:
    """The name of the part with the title and the author; "" if there is none."""
    found = (r.target for r in package.relations("") if r.kind == "core-properties")
    return next((name for name in found if name in package.parts), "")


def _with_title(package: Package, title: str) -> etree._Element | None:
    if not (name := _core_properties(package)):
        return None
    core = package.xml(name)
    element = core.find(_TITLE)
    if element is None:
        element = etree.SubElement(core, _TITLE)
    element.text = title
    return core


def _xml(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _pack(parts: dict[str, bytes]) -> bytes:
    order = sorted(
        parts, key=lambda name: name != TYPES
    )  # [Content_Types].xml first, the others in their order
    return zip_writer.build_zip([(*zip_writer.zip_entry(name, parts[name]), name.encode()) for name in order])


def _fix(root: etree._Element) -> None:
    """Remove changes of numbering, and changes of the last mark of a cell or of the text."""
    for element in list(root.iter(qn("w:numberingChange"))):  # of Word 97; it has nothing of the text
        element.getparent().remove(element)
    for container in root.iter(_TC, qn("w:body")):
        children = [element for element in container if element.tag != qn("w:sectPr")]
        if children and children[-1].tag == _P:
            _fix_last_mark(children[-1])


def _fix_last_mark(last: etree._Element) -> None:
    """Move a change of the last paragraph mark of a cell, or of the text, to an earlier paragraph.

    The last mark can be neither inserted nor deleted. As Word itself does, the mark of the paragraph before
    the inserted or deleted ones is changed instead, and the last paragraph changes its properties.
    """
    mark = _mark(last)
    first = last.getprevious()
    while first is not None and first.tag == _P and mark is not None and _is_same_change(_mark(first), mark):
        first = first.getprevious()
    if mark is None or first is None or first.tag != _P or _mark(first) is not None:
        return
    _swap_properties(first, last, mark)
    mark.getparent().remove(mark)
    run = _properties(first).find(_RPR)
    if run is None:
        run = etree.Element(_RPR)
        after = [e for e in _properties(first) if e.tag in _AFTER_RPR]
        after[0].addprevious(run) if after else _properties(first).append(run)
    run.insert(0, mark)


def _mark(paragraph: etree._Element) -> etree._Element | None:
    """Return the change of a paragraph's mark, if it has one."""
    run = paragraph.find(f"{_PPR}/{_RPR}")
    return None if run is None else next((e for e in run if e.tag in _MARKS), None)


def _is_same_change(mark: etree._Element | None, other: etree._Element) -> bool:
    return mark is not None and mark.tag == other.tag


def _properties(paragraph: etree._Element) -> etree._Element:
    if paragraph.find(_PPR) is None:
        paragraph.insert(0, etree.Element(_PPR))
    return paragraph.find(_PPR)


def _copied_properties(paragraph: etree._Element) -> list[etree._Element]:
    """Return copies of a paragraph's properties, without its mark and its section."""
    return [copy.deepcopy(e) for e in _properties(paragraph) if e.tag not in (_RPR, *_AFTER_RPR)]


def _swap_properties(first: etree._Element, last: etree._Element, mark: etree._Element) -> None:
    """Give `last` the properties that the joined paragraph has after and before the change.

    Whether the change is accepted or rejected, the paragraph that remains takes its properties from `last`.
    """
    first_change = _properties(first).find(qn("w:pPrChange"))
    inserted = etree.QName(mark).localname in _INSERTED
    was_changed = inserted and first_change is not None
    before = list(copy.deepcopy(first_change[0])) if was_changed else _copied_properties(first)
    now, before = (
        (_copied_properties(last), before)
        if inserted
        else (_copied_properties(first), _copied_properties(last))
    )
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


# Checking


def first_difference(data: bytes, accept: bool, text: bytes) -> str:
    """Compare a .docx, with all its changes accepted (or rejected), with the text of another .docx.

    Returns a few words at the first difference, or "" if there is none.
    """
    result, expected = ("".join(_ResolvedText(docx, accept).read()) for docx in (data, text))
    if result == expected:
        return ""
    pairs = zip(result, expected, strict=False)
    shortest = min(len(result), len(expected))
    at = next((at for at, (one, other) in enumerate(pairs) if one != other), shortest)
    near = max(expected[max(0, at - 30) : at + 30], result[max(0, at - 30) : at + 30], key=len)
    return " ".join(_PRIVATE.sub(" ", near).split()) or "the end"


class _ResolvedText:
    """The text of a .docx with all changes accepted or rejected; its methods yield pieces of it."""

    def __init__(self, data: bytes, accept: bool):
        self.package = Package.read(data)
        main = self.package.main
        self.removed = {qn(f"w:{tag}") for tag in (_DELETED if accept else _INSERTED)}
        self.related = {relation.id: relation for relation in self.package.relations(main)}
        notes_part = self.package.related("footnotes")
        notes = self.package.xml(notes_part) if notes_part else []
        self.notes = {note.get(qn("w:id")): note for note in notes}
        self.headers_footers: dict[str, str] = {}  # a section inherits those that it does not have itself

    def read(self) -> Iterator[str]:
        return self._blocks(self.package.xml(self.package.main).find(qn("w:body")))

    def _blocks(self, container: etree._Element) -> Iterator[str]:
        for element in container:
            if element.tag == _P:
                yield from self._paragraph(element)
            elif element.tag == _TR:
                if not self._is_removed(element.find(qn("w:trPr"))):
                    yield from (*self._blocks(element), _END_OF_ROW)
            elif element.tag == _TC:
                if not self._is_removed(element.find(qn("w:tcPr"))):
                    yield from (*self._blocks(element), _END_OF_CELL)
            elif element.tag == qn("w:sectPr"):
                yield from self._section(element)
            elif element.tag not in self.removed:
                yield from self._blocks(element)

    def _is_removed(self, properties: etree._Element | None) -> bool:
        return properties is not None and any(e.tag in self.removed for e in properties)

    def _paragraph(self, paragraph: etree._Element) -> Iterator[str]:
        text = "".join(self._inline(paragraph))
        yield text
        after, in_cell = paragraph.getnext(), paragraph.getparent().tag == _TC
        joined = (after is not None and after.tag == _P) or (not text and not in_cell)
        if joined and self._is_removed(paragraph.find(f"{_PPR}/{_RPR}")):
            return
        yield _END_OF_PARAGRAPH
        for section in paragraph.findall(f"{_PPR}/{qn('w:sectPr')}"):
            yield from self._section(section)

    def _inline(self, container: etree._Element) -> Iterator[str]:
        for element in container:
            if element.tag in self.removed or element.tag == _PPR:
                continue
            if element.tag in _TEXTS:
                yield element.text or ""
            elif element.tag == qn("w:footnoteReference"):
                yield f"[{''.join(self._blocks(self.notes.get(element.get(qn('w:id')), ())))}]"
            elif element.tag == qn("w:drawing"):
                yield from self._drawing(element)
            else:
                yield _CHARACTERS.get(element.tag, "")
                yield from self._inline(element)

    def _drawing(self, drawing: etree._Element) -> Iterator[str]:
        """Yield the alternative text of a picture or chart, and a digest of what it shows."""
        yield from (e.get("descr", "") for e in drawing.iter(qn("wp:docPr")))
        for element in drawing.iter(etree.Element):
            for attribute in (qn("r:id"), qn("r:embed")):
                if (relation := self.related.get(element.get(attribute))) is not None:
                    yield self._shown_by(relation)

    def _shown_by(self, relation: Relation) -> str:
        """A digest of the part that a relation leads to, or the address outside the file."""
        if relation.external or relation.target not in self.package.parts:
            return relation.target
        return _picture_digest(self.package.parts[relation.target])

    def _section(self, section: etree._Element) -> Iterator[str]:
        """Yield headers and footers; those that the section does not have are those of the section before."""
        for reference in section.iter(qn("w:headerReference"), qn("w:footerReference")):
            place = f"{etree.QName(reference).localname} {reference.get(qn('w:type'))}"
            relation = self.related.get(reference.get(qn("r:id")))
            if relation is not None and relation.target in self.package.parts:
                self.headers_footers[place] = "".join(self._blocks(self.package.xml(relation.target)))
        yield from (text for _, text in sorted(self.headers_footers.items()))


def _picture_digest(data: bytes) -> str:
    """Return a digest of a picture's bytes, or of a chart's content.

    The content of a chart leaves out how its XML is written and the ids of its related parts.
    """
    if b"<c:chartSpace" in data[:4000]:
        content = [
            (
                e.tag,
                (e.text or "").strip(),
                sorted(pair for pair in e.items() if not pair[0].startswith(_RELATIONSHIP_PREFIX)),
            )
            for e in etree.fromstring(data).iter(etree.Element)
        ]
        data = repr(content).encode()
    return hashlib.sha256(data).hexdigest().translate(_DIGITS)
