"""Put the official cover before a received Word file: the result is a prepared paper, ready to fill.

The cover becomes the first section. Parts that nothing has to change are copied byte for byte. The others are parsed and
written again in UTF-8: the text and the styles, which get what the cover adds, the lists of parts, and what shows values
of the sender's file (papers.received.sender_fields) or names people (papers.received.private_data). What the file has
besides its text (properties, a thumbnail, custom XML, building blocks) is left out.
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
    relations_part,
)
from papers.docx.runs import W
from papers.docx.template.join import end_section
from papers.docx.template.prepared_file import CORE, pack_received, parts_of
from papers.docx.template.tag_formats import add_filters
from papers.problems import Place, Problems
from papers.received.cover_styles import independent_styles
from papers.received.kept_parts import is_xml, kept_parts, serialised
from papers.wording.kind import SHARED_TAGS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docx.document import Document

_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_CORE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"
_TYPE_OF_LISTS = "application/vnd.openxmlformats-package.relationships+xml"
_END = "<!--end-->"
_TAG = re.compile(rb"""<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>""")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STARTS_ON_SAME_PAGE = ("continuous", "nextColumn")
_BY_PARITY = tuple(qn(f"w:{tag}") for tag in ("evenAndOddHeaders", "mirrorMargins", "bookFoldPrinting"))
_IGNORABLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Ignorable"
_UNIQUE_IDS = tuple(
    f"{{http://schemas.microsoft.com/office/word/2010/wordml}}{name}" for name in ("paraId", "textId")
)
_ID_ATTRIBUTE = f"{{{OFFICE[:-1]}}}"
_BEFORE = "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType"
_BEFORE_PAGE_NUMBER = tuple(qn(f"w:{tag}") for tag in _BEFORE.split())  # as the schema requires
_WITH_OTHER_PARTS = {"headerReference", "footerReference", "numPr", "footnoteReference", "endnoteReference"}
_WITH_OTHER_PARTS |= {"hyperlink", "chart"}


def check_cover(cover: Document, file: str, problems: Problems) -> None:
    """Report what needs parts of its own: a cover has none, as it is also put before received files."""
    roots = (cover.element.body, cover.styles.element)
    elements = [element for root in roots for element in root.iter(etree.Element)]
    names = {etree.QName(element).localname for element in elements}
    kinds = {
        kind for element in cover.element.body.iter(etree.Element) for kind in _related_kinds(cover, element)
    }
    if found := sorted((names & _WITH_OTHER_PARTS) | (kinds - {"image"})):
        found = f"a header, footer, list, note, link, chart or SmartArt on the cover ({', '.join(found)})"
        expected = "text, tables and pictures only, as received papers get this cover too"
        problems.add(Place(file), "cover", found, expected, "Delete it.")


def _related_kinds(cover: Document, element: etree._Element) -> list[str]:
    """The kinds of relations that an element of the cover refers to."""
    relations = (cover.part.rels[element.get(key)] for key in _relation_attributes(element))
    return [r.reltype.rsplit("/", 1)[-1] for r in relations]


def _relation_attributes(element: etree._Element) -> list[str]:
    return [key for key in element.attrib if key.startswith(_ID_ATTRIBUTE) and element.get(key)]


def prepare_received(cover: Document, package: Package) -> bytes:
    """Return the prepared paper of a received .docx. `cover` is checked, has its logo, and is changed."""
    sent = kept_parts(package)
    added = _Cover(cover, sent)
    parts = {name: data for name, data in sent.parts.items() if name.casefold() != CORE.casefold()}
    styles = sent.related("styles")
    parts[styles or added.add_styles_part()] = _with_styles(sent, styles, added.styles)
    parts |= added.parts
    parts[relations_part(sent.main)] = _with_relations(sent, added.relations)
    parts[TYPES] = _content_types(sent, parts, added.types)
    parts[ROOT_RELATIONS] = _root_relations(sent.main)
    before, after = _split_text(sent)
    fragment = "".join(etree.tostring(element, encoding="unicode") for element in added.elements)
    return pack_received(parts, {sent.main: (before, fragment, after)}, added.formats, SHARED_TAGS["cover"])


def prepare_cover(cover: Document) -> bytes:
    """Return the prepared paper of the cover alone, as a Word file: for a received PDF."""
    formats = add_filters(cover)
    parts = parts_of(cover)
    return pack_received(parts, {DOCUMENT: ("", parts[DOCUMENT].decode(), "")}, formats, SHARED_TAGS["cover"])


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
        self._mark_extensions()

    def add_styles_part(self) -> str:
        """Add a styles part to the package, which has none; return its name."""
        name = self._free_name("word/styles{}.xml")
        self._add_relation(name, "styles")
        self.types[name] = _STYLES_TYPE
        return name

    def _end_section(self) -> None:
        """End the cover's section. The cover is page 0: the text begins on page 1, as its table of contents may say.

        Where even and odd pages differ, the cover is page 1 and the text is numbered anew: LibreOffice gives the page
        after a page 0 the header of an even page.
        """
        body = self.document.element.body
        section = body.find(qn("w:sectPr"))
        body.remove(section)
        for element in section.findall(qn("w:pgNumType")):
            section.remove(element)
        if not _starts_by_parity(self.package):
            _number_pages(section, "0")
        end_section(body, section)

    def _renumber(self) -> None:
        """Give the drawings and relations of the cover new ids; remove its bookmarks, which nothing refers to."""
        body, highest = self.document.element.body, _highest_drawing(self.package)
        for mark in list(body.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd"))):
            mark.getparent().remove(mark)
        for at, element in enumerate(body.iter(qn("wp:docPr")), highest + 1):
            element.set("id", str(at))
        for element in body.iter(etree.Element):
            for key in _relation_attributes(element):
                element.set(key, self._add_picture(element.get(key)))

    def _mark_extensions(self) -> None:
        """Say in the cover itself which of its namespaces a program need not know; the text may not say so."""
        root = self.document.element
        names = {root.nsmap.get(prefix): prefix for prefix in root.get(_IGNORABLE, "").split()}
        for element in self.document.element.body:
            for inner in element.iter(etree.Element):
                for key in _UNIQUE_IDS:
                    inner.attrib.pop(key, None)
            found = {
                etree.QName(tag).namespace for e in element.iter(etree.Element) for tag in (e.tag, *e.attrib)
            }
            if prefixes := sorted(names[one] for one in found & {*names}):
                element.set(_IGNORABLE, " ".join(prefixes))

    def _add_picture(self, rid: str) -> str:
        """Copy the picture with this relation of the cover under a free name; return its new relation."""
        related = self.document.part.rels[rid]
        part = related.target_part
        name = self._free_name(f"word/media/cover{{}}.{part.partname.ext}")
        self.parts[name], self.types[name] = part.blob, part.content_type
        return self._add_relation(name, related.reltype.rsplit("/", 1)[-1])

    def _free_name(self, pattern: str) -> str:
        taken = {name.casefold() for name in (*self.package.parts, *self.parts)}
        names = (pattern.format(at or "") for at in range(1_000))
        return next(name for name in names if name.casefold() not in taken)

    def _add_relation(self, target: str, kind: str) -> str:
        taken = {r.id for r in self.package.relations(self.package.main)} | {r[0] for r in self.relations}
        rid = next(name for at in range(1, 10_000) if (name := f"rIdCover{at}") not in taken)
        self.relations.append((rid, f"{OFFICE}{kind}", f"/{target}"))
        return rid


def _starts_by_parity(package: Package) -> bool:
    """Whether even pages of a file differ from odd ones: then its text has to begin on an odd page, as it was sent."""
    settings = package.related("settings")
    marks = package.xml(settings).iter(*_BY_PARITY) if settings else ()
    return any(mark.get(qn("w:val"), "1") not in ("0", "false", "off") for mark in marks)


def _split_text(package: Package) -> tuple[str, str]:
    """The main part before and after the place of the cover."""
    data = _on_a_new_page(package)
    end = _TAG.match(data, _start_of_body(data)).end()
    return data[:end].decode(), data[end:].decode()


def _on_a_new_page(package: Package) -> bytes:
    """The main part, whose first section begins on a new page."""
    root = package.xml(package.main)
    body, changed = root.find(qn("w:body")), False
    if (section := next(body.iter(qn("w:sectPr")), None)) is not None:
        kind = section.find(qn("w:type"))
        if kind is not None and kind.get(qn("w:val")) in _STARTS_ON_SAME_PAGE:
            kind.set(qn("w:val"), "nextPage")
            changed = True
        if _starts_by_parity(package):
            changed |= _number_pages(section, "1")
    return serialised(root) if changed else package.parts[package.main]


def _start_of_body(data: bytes) -> int:
    """The offset of the body's tag in a main part in UTF-8."""
    found: list[int] = []
    parser = expat.ParserCreate(namespace_separator="}")

    def start(name: str, _attributes: dict[str, str]) -> None:
        if name == f"{W}}}body" and not found:
            found.append(parser.CurrentByteIndex)

    parser.StartElementHandler = start
    parser.Parse(data, True)
    return found[0]


def _number_pages(section: etree._Element, start: str) -> bool:
    """Let the pages of a section be numbered from `start`, unless it has a first number of its own."""
    number = section.find(qn("w:pgNumType"))
    if number is None:
        number = OxmlElement("w:pgNumType")
        section.insert(sum(element.tag in _BEFORE_PAGE_NUMBER for element in section), number)
    if number.get(qn("w:start")) is not None:
        return False
    number.set(qn("w:start"), start)
    return True


def _with_styles(package: Package, name: str, styles: list[etree._Element]) -> bytes:
    """The styles part with these styles added at its end; `name`: "" for a file that has none."""
    root = package.xml(name) if name else etree.Element(qn("w:styles"), nsmap={"w": W})
    root.append(etree.fromstring(f"<x>{_END}</x>")[0])  # parsing left out all other comments
    added = "".join(etree.tostring(style, encoding="unicode") for style in styles)
    text = etree.tostring(root, encoding="unicode").replace(_END, added)
    return f"{_DECLARATION}{text}".encode()


def _with_relations(package: Package, added: list[tuple[str, str, str]]) -> bytes:
    """The relations of the main part with the added ones (id, type, target)."""
    place = relations_part(package.main)
    listing = package.xml(place) if place in package.parts else _no_relations()
    return _listed(listing, added)


def _root_relations(main: str) -> bytes:
    about = (("rId1", f"{OFFICE}{MAIN}", main), ("rId2", _CORE_RELATION, CORE))
    return _listed(_no_relations(), about)


def _no_relations() -> etree._Element:
    return etree.Element(f"{RELATIONS}Relationships", nsmap={None: RELATIONS[1:-1]})


def _listed(listing: etree._Element, added: Iterable[tuple[str, str, str]]) -> bytes:
    for rid, type_, target in added:
        etree.SubElement(listing, f"{RELATIONS}Relationship", Id=rid, Type=type_, Target=target)
    return serialised(listing)


def _content_types(package: Package, parts: dict[str, bytes], added: dict[str, str]) -> bytes:
    """The list of content types as it was sent, with defaults for .rels and .xml, and with each part named at most once."""
    root, names = package.xml(TYPES), {name.casefold() for name in parts} - {CORE.casefold()}
    for element in root.findall(f"{CONTENT_TYPES}Override"):
        name = element.get("PartName", "").lstrip("/").casefold()
        if name not in names:
            root.remove(element)
        names.discard(name)
    endings = {e.get("Extension", "").lower() for e in root.findall(f"{CONTENT_TYPES}Default")}
    for ending, type_ in (("xml", "application/xml"), ("rels", _TYPE_OF_LISTS)):
        if ending not in endings:
            default = etree.Element(f"{CONTENT_TYPES}Default", Extension=ending, ContentType=type_)
            root.insert(0, default)
    types = {
        name: _TYPE_OF_LISTS if name.endswith(".rels") else package.types.get(name, "") for name in parts
    }
    types |= {**added, CORE: _CORE_TYPE}
    listed = Package(dict.fromkeys(types, b"") | {TYPES: serialised(root)}).types
    for name, type_ in types.items():
        if name != TYPES and listed[name] != type_:
            etree.SubElement(root, f"{CONTENT_TYPES}Override", PartName=f"/{name}", ContentType=type_)
    return serialised(root)


def _highest_drawing(package: Package) -> int:
    """The highest id of a drawing in the text, its headers and footers."""
    roots = (package.xml(name) for name in package.parts if name != TYPES and is_xml(package, name))
    ids = (drawing.get("id", "") for root in roots for drawing in root.iter(qn("wp:docPr")))
    return max((int(one) for one in ids if one.isdigit() and int(one) < 2**31 - 1_000), default=0)
