"""Put the official cover before a received Word file: the result is a prepared paper, ready to fill.

The cover becomes the first section. The parts of the file are copied as they are; only the text, the styles and the
lists of parts get what the cover adds. What the file has besides its text (properties, a thumbnail, the attached
template, who edited it) is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml import etree

from papers.docx.fill import DOCUMENT
from papers.docx.package import (
    CONTENT_TYPES,
    MAIN,
    OFFICE,
    RELATIONS,
    ROOT_RELATIONS,
    TYPES,
    Package,
    parse_xml,
    relations_part,
)
from papers.docx.runs import W
from papers.docx.template.join import end_section
from papers.docx.template.prepared_file import CORE, pack_received, parts_of
from papers.docx.template.tag_formats import add_filters
from papers.problems import Place, Problems
from papers.received.cover_styles import independent_styles
from papers.wording.kind import tags_of

if TYPE_CHECKING:
    from docx.document import Document

DROPPED = ("attachedTemplate", "people", "person")  # kinds of relations to what the text does not need
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_CORE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"
_TAG = re.compile(r"""<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>""")
_STARTS_ON_SAME_PAGE = ("continuous", "nextColumn")
_BEFORE = "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType"
_BEFORE_PAGE_NUMBER = tuple(qn(f"w:{tag}") for tag in _BEFORE.split())  # as the schema requires
_WITH_OTHER_PARTS = {"headerReference", "footerReference", "numPr", "footnoteReference", "endnoteReference"}
_WITH_OTHER_PARTS |= {"hyperlink", "chart"}


def check_cover(cover: Document, file: str, problems: Problems) -> None:
    """Report what needs parts of its own: a cover has none, as it is also put before received files."""
    roots = (cover.element.body, cover.styles.element)
    names = {etree.QName(e).localname for root in roots for e in root.iter(etree.Element)}
    if found := sorted(names & _WITH_OTHER_PARTS):
        found = f"a header, footer, list, note, link or chart on the cover ({', '.join(found)})"
        expected = "text, tables and pictures only, as received papers get this cover too"
        problems.add(Place(file), "cover", found, expected, "Delete it.")


def prepare_received(cover: Document, package: Package) -> bytes:
    """Return the prepared paper of a received .docx. `cover` is checked, has its logo, and is changed."""
    added = _Cover(cover, package)
    parts = _kept_parts(package)
    before, after = _split_text(package)
    styles = package.related("styles")
    parts[styles or added.add_styles_part()] = _with_styles(parts.get(styles), added.styles)
    parts |= added.parts
    parts[relations_part(package.main)] = _with_relations(package, package.main, added.relations)
    parts[TYPES] = _content_types(package, parts, added.types)
    parts[ROOT_RELATIONS] = _root_relations(package.main)
    fragment = "".join(etree.tostring(element, encoding="unicode") for element in added.elements)
    return pack_received(parts, {package.main: (before, fragment, after)}, added.formats, tags_of("cover"))


def prepare_cover(cover: Document) -> bytes:
    """Return the prepared paper of the cover alone, as a Word file: for a received PDF."""
    formats = add_filters(cover)
    parts = parts_of(cover)
    return pack_received(parts, {DOCUMENT: ("", parts[DOCUMENT].decode(), "")}, formats, tags_of("cover"))


@dataclass
class _Cover:
    """What the cover adds to a package, under ids and names that the package does not use."""

    document: Document
    package: Package
    relations: list[tuple[str, str, str]] = field(default_factory=list)  # id, type, target
    parts: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)  # part -> content type

    def __post_init__(self):
        name = self.package.related("styles")
        self.styles = independent_styles(self.document, self.package.xml(name) if name else None)
        self._end_section()
        self.formats = add_filters(self.document)
        self.elements = list(self.document.element.body)
        self._renumber()

    def add_styles_part(self) -> str:
        """Add a styles part to the package, which has none; return its name."""
        name = "word/styles.xml"
        self._add_relation(name, "styles")
        self.types[name] = _STYLES_TYPE
        return name

    def _end_section(self) -> None:
        """End the cover's section. The cover is page 0: the text begins on page 1, as its table of contents may say."""
        body = self.document.element.body
        section = body.find(qn("w:sectPr"))
        body.remove(section)
        for element in section.findall(qn("w:pgNumType")):
            section.remove(element)
        number = OxmlElement("w:pgNumType")
        number.set(qn("w:start"), "0")
        at = sum(element.tag in _BEFORE_PAGE_NUMBER for element in section)
        section.insert(at, number)
        end_section(body, section)

    def _renumber(self) -> None:
        """Give the drawings and relations of the cover new ids; remove its bookmarks, which nothing refers to."""
        body, highest = self.document.element.body, _highest_drawing(self.package)
        for mark in list(body.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd"))):
            mark.getparent().remove(mark)
        for at, element in enumerate(body.iter(qn("wp:docPr")), highest + 1):
            element.set("id", str(at))
        for element in body.iter(etree.Element):
            for key in [key for key in element.attrib if key.startswith(f"{{{OFFICE[:-1]}}}")]:
                element.set(key, self._add_picture(element.get(key)))

    def _add_picture(self, rid: str) -> str:
        """Copy the picture with this relation of the cover under a free name; return its new relation."""
        related = self.document.part.rels[rid]
        part = related.target_part
        taken = {name.casefold() for name in (*self.package.parts, *self.parts)}
        names = (f"word/media/cover{at}.{part.partname.ext}" for at in range(1, 1_000))
        name = next(name for name in names if name.casefold() not in taken)
        self.parts[name], self.types[name] = part.blob, part.content_type
        return self._add_relation(name, related.reltype.rsplit("/", 1)[-1])

    def _add_relation(self, target: str, kind: str) -> str:
        taken = {r.id for r in self.package.relations(self.package.main)} | {r[0] for r in self.relations}
        rid = next(name for at in range(1, 10_000) if (name := f"rIdCover{at}") not in taken)
        self.relations.append((rid, f"{OFFICE}{kind}", f"/{target}"))
        return rid


def _kept_parts(package: Package) -> dict[str, bytes]:
    """The parts that the text reaches, with their relations, but for relations to what is left out."""
    kept = {}
    for name in sorted(package.reached(skip=DROPPED)):
        kept[name] = package.parts[name]
        if relations_part(name) in package.parts:
            kept[relations_part(name)] = package.parts[relations_part(name)]
    settings = package.related("settings")
    if any(relation.kind in DROPPED for relation in package.relations(settings)):
        kept[relations_part(settings)] = _with_relations(package, settings)
        root = package.xml(settings)
        for element in root.findall(qn("w:attachedTemplate")):
            root.remove(element)
        kept[settings] = _serialised(root)
    return kept


def _serialised(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _utf8(data: bytes) -> str:
    """A part as text; one in another encoding is serialised again in UTF-8."""
    root = parse_xml(data)
    encoding = (root.getroottree().docinfo.encoding or "UTF-8").upper()
    return (data if encoding in ("UTF-8", "ASCII", "US-ASCII") else _serialised(root)).decode("utf-8")


def _split_text(package: Package) -> tuple[str, str]:
    """The main part before and after the place of the cover; its first section begins on a new page."""
    text = _utf8(package.parts[package.main])
    data = text.encode()
    body, section_type = _find_body(data)
    start = _TAG.match(text, len(data[:body].decode())).end()
    before, after = text[:start], text[start:]
    if section_type is not None:
        tag = _TAG.match(text, len(data[:section_type].decode()))
        changed = re.sub("|".join(_STARTS_ON_SAME_PAGE), "nextPage", tag[0], count=1)
        after = text[start : tag.start()] + changed + text[tag.end() :]
    return before, after


def _find_body(data: bytes) -> tuple[int, int | None]:
    """The offsets of the body's tag, and of the first section's w:type if it would begin on the cover's page."""
    found: dict[str, int] = {}
    parser = expat.ParserCreate(namespace_separator="}")

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == f"{W}}}body":
            found.setdefault("body", parser.CurrentByteIndex)
        elif name == f"{W}}}sectPr":
            found["sections"] = found.get("sections", 0) + 1
        elif (
            name == f"{W}}}type"
            and found.get("sections") == 1
            and attributes.get(f"{W}}}val") in _STARTS_ON_SAME_PAGE
        ):
            found.setdefault("type", parser.CurrentByteIndex)

    parser.StartElementHandler = start
    parser.Parse(data, True)
    return found["body"], found.get("type")


def _with_styles(data: bytes | None, styles: list[etree._Element]) -> bytes:
    """The styles part with these styles added at its end."""
    if data is None:
        data = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:styles xmlns:w="{W}"></w:styles>'.encode()
    added = "".join(etree.tostring(style, encoding="unicode") for style in styles)
    text, root = _utf8(data), parse_xml(data)
    prefix = f"{root.prefix}:" if root.prefix else ""
    head, end, tail = text.rpartition(f"</{prefix}styles")
    return f"{head}{added}{end}{tail}".encode()


def _with_relations(package: Package, name: str, added: list[tuple[str, str, str]] = ()) -> bytes:
    """The relations of a part, without the dropped ones, with the added ones (id, type, target)."""
    place = relations_part(name)
    if place in package.parts:
        root = package.xml(place)
    else:
        root = etree.Element(f"{RELATIONS}Relationships", nsmap={None: RELATIONS[1:-1]})
    for element in list(root):
        if element.get("Type", "").rsplit("/", 1)[-1] in DROPPED:
            root.remove(element)
    for rid, type_, target in added:
        etree.SubElement(root, f"{RELATIONS}Relationship", Id=rid, Type=type_, Target=target)
    return _serialised(root)


def _content_types(package: Package, parts: dict[str, bytes], added: dict[str, str]) -> bytes:
    """The list of content types of the parts that are kept and added."""
    root = package.xml(TYPES)
    for element in list(root):
        name = element.get("PartName", "").lstrip("/")
        if name and (name not in parts or name == CORE):
            root.remove(element)
    for name, type_ in {**added, CORE: _CORE_TYPE}.items():
        etree.SubElement(root, f"{CONTENT_TYPES}Override", PartName=f"/{name}", ContentType=type_)
    return _serialised(root)


def _root_relations(main: str) -> bytes:
    root = etree.Element(f"{RELATIONS}Relationships", nsmap={None: RELATIONS[1:-1]})
    for rid, type_, target in (("rId1", f"{OFFICE}{MAIN}", main), ("rId2", _CORE_RELATION, CORE)):
        etree.SubElement(root, f"{RELATIONS}Relationship", Id=rid, Type=type_, Target=target)
    return _serialised(root)


def _highest_drawing(package: Package) -> int:
    """The highest id of a drawing in the text, its headers and footers."""
    found = [0]
    for name in package.reached(skip=DROPPED):
        if name.endswith(".xml") and b"docPr" in package.parts[name]:
            ids = (drawing.get("id", "") for drawing in package.xml(name).iter(qn("wp:docPr")))
            found += [int(number) for number in ids if number.isdigit() and int(number) < 2**31 - 1_000]
    return max(found)
