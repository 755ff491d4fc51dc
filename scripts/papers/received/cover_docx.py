"""A Word file that somebody sent + the official cover -> a prepared paper, as from templates, ready to fill.

The cover becomes the first section. The parts of the file are copied as they are; into the text, the styles and the
lists of parts only the cover's own pieces are put. What the file says beside its text (its properties, a thumbnail,
the template that it was written with, who edited it) stays behind.
"""

from __future__ import annotations

import marshal
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from lxml import etree

from papers.docx import zip_writer
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
from papers.docx.template.compile import compile_part, parse_part
from papers.docx.template.join import end_section
from papers.docx.template.prepare import CORE_XML, PROPERTIES, mark_tags, parts_of, prepared_file, zip_order
from papers.problems import Place, Problems
from papers.received.cover_styles import independent_styles
from papers.wording.kind import tags_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document

CORE = "docProps/core.xml"
DROPPED = ("attachedTemplate", "people", "person")  # relations that lead to what the text does not need
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_CORE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"
_TAG = re.compile(r"""<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>""")
_STARTS_ON_THE_PAGE = ("continuous", "nextColumn")
_BEFORE = "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType"
_BEFORE_PAGE_NUMBER = tuple(qn(f"w:{tag}") for tag in _BEFORE.split())
_ELSEWHERE = (
    "headerReference",
    "footerReference",
    "numPr",
    "footnoteReference",
    "endnoteReference",
    "hyperlink",
    "chart",
)


def check_cover(cover: Document, file: str, problems: Problems) -> None:
    """What would need parts of its own is no matter for a cover, which is put before the files of others."""
    roots = (cover.element.body, cover.styles.element)
    tags = sorted(
        {etree.QName(e).localname for root in roots for e in root.iter(etree.Element)} & {*_ELSEWHERE}
    )
    if tags:
        found = f"a header, footer, list, note, link or chart on the cover ({', '.join(tags)})"
        expected, todo = (
            "text, tables and pictures only, as received papers get this cover too",
            "Take it out.",
        )
        problems.add(Place(file), "cover", found, expected, todo)


def prepare_received(cover: Document, package: Package) -> bytes:
    """The prepared paper of a received .docx. `cover` is checked, has its logo, and is used up."""
    cover_pieces = _Cover(cover, package)
    parts = _kept(package)
    before, after = _split(package)
    styles = package.related("styles")
    parts[styles or cover_pieces.new_part("word/styles.xml", _STYLES_TYPE, "styles")] = _with_styles(
        parts.get(styles), cover_pieces.styles
    )
    parts |= cover_pieces.parts
    parts[relations_part(package.main)] = _with_relations(package, cover_pieces.relations)
    parts[TYPES] = _types(package, parts, cover_pieces.types)
    parts[ROOT_RELATIONS] = _root_relations(package.main)
    parts[CORE] = CORE_XML.encode()
    fragment = "".join(etree.tostring(e, encoding="unicode") for e in cover_pieces.elements)
    sources = {package.main: (before, fragment, after), CORE: ("", CORE_XML, "")}
    return _packed(parts, sources, cover_pieces.properties)


def prepare_cover(cover: Document) -> bytes:
    """The prepared paper of the cover alone, as a Word file: for a received PDF."""
    properties = mark_tags(cover)
    parts = {**parts_of(cover), CORE: CORE_XML.encode()}
    sources = {name: ("", parts[name].decode(), "") for name in ("word/document.xml", CORE)}
    return _packed(parts, sources, properties)


def _packed(
    parts: dict[str, bytes], sources: dict[str, tuple[str, str, str]], properties: list[dict]
) -> bytes:
    """`sources`: the parts that have tags, as what stands before, with and behind them."""
    static, compiled, patch = [], [], DocxTemplate("").patch_xml
    spaces = {**tags_of("cover"), "properties": PROPERTIES}
    for name in sorted(parts, key=zip_order):
        if name in sources:
            before, source, after = sources[name]
            tree = parse_part(source if name == CORE else patch(source))
            code = compile_part(tree, spaces, before, after)
            compiled.append((name, marshal.dumps(compile(code, name, "exec"))))
        else:
            static.append((*zip_writer.zip_entry(name, parts[name]), name.encode()))
    # What our papers carry in their headers: theirs have headers of their own.
    return prepared_file(static, compiled, properties, unseen=["paper"])


@dataclass
class _Cover:
    """The cover's pieces under names that the package does not have."""

    document: Document
    package: Package
    relations: list[tuple[str, str, str]] = field(default_factory=list)  # id, type, target
    parts: dict[str, bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)

    def __post_init__(self):
        known = self.package.related("styles")
        self.styles = independent_styles(self.document, self.package.xml(known) if known else None)
        self._settle_section()
        self.properties = mark_tags(self.document)
        self.elements = list(self.document.element.body)
        self._settle_ids()

    def new_part(self, name: str, content_type: str, sort: str) -> str:
        """A name like this one that is free, listed with its type, named by the text."""
        self._relate(name, sort)
        self.types[name] = content_type
        return name

    def _settle_section(self) -> None:
        """The cover is page 0: the text begins on page 1, as its own table of contents may say."""
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

    def _settle_ids(self) -> None:
        body, drawing = self.document.element.body, _highest_drawing(self.package)
        for mark in list(body.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd"))):
            mark.getparent().remove(mark)  # nothing on the cover refers to one
        for at, element in enumerate(body.iter(qn("wp:docPr")), drawing + 1):
            element.set("id", str(at))
        for element in body.iter(etree.Element):
            for key in [key for key in element.attrib if key.startswith(f"{{{OFFICE[:-1]}}}")]:
                element.set(key, self._import(element.get(key)))

    def _import(self, rid: str) -> str:
        """The new id of what the cover names: a picture comes along under a name of its own."""
        related = self.document.part.rels[rid]
        part = related.target_part
        ending = part.partname.ext
        names = {name.casefold() for name in (*self.package.parts, *self.parts)}
        names_free = (f"word/media/cover{at}.{ending}" for at in range(1, 1_000))
        name = next(name for name in names_free if name.casefold() not in names)
        self.parts[name], self.types[name] = part.blob, part.content_type
        return self._relate(name, related.reltype.rsplit("/", 1)[-1])

    def _relate(self, target: str, sort: str) -> str:
        taken = {r.id for r in self.package.relations(self.package.main)} | {r[0] for r in self.relations}
        new = next(name for at in range(1, 10_000) if (name := f"rIdCover{at}") not in taken)
        self.relations.append((new, f"{OFFICE}{sort}", f"/{target}"))
        return new


def _kept(package: Package) -> dict[str, bytes]:
    """What the text names, with its lists of relations; those that lead to what stays behind are taken out."""
    kept = {}
    for name in sorted(package.reached(skip=DROPPED)):
        kept[name] = package.parts[name]
        if relations_part(name) in package.parts:
            kept[relations_part(name)] = package.parts[relations_part(name)]
    settings = package.related("settings")
    if any(relation.kind in DROPPED for relation in package.relations(settings)):
        kept[relations_part(settings)] = _with_relations(package, [], settings)
        root = package.xml(settings)
        for element in root.findall(qn("w:attachedTemplate")):
            root.remove(element)
        kept[settings] = _serialised(root)
    return kept


def _serialised(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _utf8(data: bytes) -> str:
    """A part as text; one in another encoding is written anew."""
    root = parse_xml(data)
    encoding = (root.getroottree().docinfo.encoding or "UTF-8").upper()
    return (data if encoding in ("UTF-8", "ASCII", "US-ASCII") else _serialised(root)).decode("utf-8")


def _split(package: Package) -> tuple[str, str]:
    """The text's part before and behind the place where the cover goes; its first section begins on a new page."""
    text = _utf8(package.parts[package.main])
    data = text.encode()
    body, kind = _places(data)
    at = len(data[:body].decode())
    opening = _TAG.match(text, at)
    start = opening.end()
    before, after = text[:start], text[start:]
    if kind is not None:
        tag = _TAG.match(text, len(data[:kind].decode()))
        changed = re.sub("|".join(_STARTS_ON_THE_PAGE), "nextPage", tag[0], count=1)
        after = text[start : tag.start()] + changed + text[tag.end() :]
    return before, after


def _places(data: bytes) -> tuple[int, int | None]:
    """Where the body's tag begins, and that of the first section's kind if it would begin on the cover's page."""
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
            and attributes.get(f"{W}}}val") in _STARTS_ON_THE_PAGE
        ):
            found.setdefault("kind", parser.CurrentByteIndex)

    parser.StartElementHandler = start
    parser.Parse(data, True)
    return found["body"], found.get("kind")


def _with_styles(data: bytes | None, styles: list[etree._Element]) -> bytes:
    """The styles part with these behind all others."""
    if data is None:
        data = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:styles xmlns:w="{W}"></w:styles>'.encode()
    added = "".join(etree.tostring(style, encoding="unicode") for style in styles)
    text, root = _utf8(data), parse_xml(data)
    prefix = f"{root.prefix}:" if root.prefix else ""
    head, end, tail = text.rpartition(f"</{prefix}styles")
    return f"{head}{added}{end}{tail}".encode()


def _with_relations(package: Package, added: list[tuple[str, str, str]], name: str | None = None) -> bytes:
    """The relations of a part (of the text, unless named), without the dropped ones, with these."""
    name = package.main if name is None else name
    place = relations_part(name)
    if place not in package.parts:
        root = etree.Element(f"{RELATIONS}Relationships", nsmap={None: RELATIONS[1:-1]})
    else:
        root = package.xml(place)
    for element in list(root):
        if element.get("Type", "").rsplit("/", 1)[-1] in DROPPED:
            root.remove(element)
    for rid, kind, target in added:
        etree.SubElement(root, f"{RELATIONS}Relationship", Id=rid, Type=kind, Target=target)
    return _serialised(root)


def _types(package: Package, parts: dict[str, bytes], added: dict[str, str]) -> bytes:
    """The list of content types for the parts that are left."""
    root = package.xml(TYPES)
    for element in list(root):
        name = element.get("PartName", "").lstrip("/")
        if name and (name not in parts or name == CORE):
            root.remove(element)
    for name, kind in {**added, CORE: _CORE_TYPE}.items():
        etree.SubElement(root, f"{CONTENT_TYPES}Override", PartName=f"/{name}", ContentType=kind)
    return _serialised(root)


def _root_relations(main: str) -> bytes:
    root = etree.Element(f"{RELATIONS}Relationships", nsmap={None: RELATIONS[1:-1]})
    for rid, kind, target in (("rId1", f"{OFFICE}{MAIN}", main), ("rId2", _CORE_RELATION, CORE)):
        etree.SubElement(root, f"{RELATIONS}Relationship", Id=rid, Type=kind, Target=target)
    return _serialised(root)


def _highest_drawing(package: Package) -> int:
    """The highest id of a drawing in the text, its headers and footers."""
    found = [0]
    for name in package.reached(skip=DROPPED):
        if name.endswith(".xml") and b"docPr" in package.parts[name]:
            ids = (e.get("id", "") for e in _drawings(package.xml(name)))
            found += [int(number) for number in ids if number.isdigit() and int(number) < 2**31 - 1_000]
    return max(found)


def _drawings(root: etree._Element) -> Iterator[etree._Element]:
    return root.iter(qn("wp:docPr"))
