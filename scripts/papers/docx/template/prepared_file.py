"""Pack a document with tags into a prepared file: parts with tags compiled, all others compressed once and for all.

The prepared file is what papers.docx.fill.Prepared reads.
"""

from __future__ import annotations

import hashlib
import io
import marshal
import re
import sys
from typing import TYPE_CHECKING

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from papers.docx import zip_writer
from papers.docx.fill import DOCUMENT, FORMAT, LISTINGS
from papers.docx.package import ROOT_RELATIONS, TYPES, Package
from papers.docx.template.compile import compile_part
from papers.docx.template.cross_references import point_references
from papers.docx.template.placeholders import parse_source
from papers.docx.template.wellformed import always_well_formed
from papers.docx.toc import ENTRIES, HEADINGS
from papers.richtext import ORDERED, STYLES, TABLE_BULLET, TABLE_TEXT, TITLE
from papers.wording import level_words
from papers.wording.tags import Tag, Text

if TYPE_CHECKING:
    from docx.document import Document
    from jinja2 import nodes
    from lxml import etree

OF_TABLES = ("Paper Table", "Table Text", "Table Header", "Table Space", "Caption")
_TAGS = re.compile(rb"\{[{%]|\{#(?:[^#]|#(?!\}))*#\}|\{_[{%]|[}%]_\}")  # comments and shown braces too
NOTE_STYLES = ("footnote text", "footnote reference")
FOOTNOTES, NUMBERING, CORE = "word/footnotes.xml", "word/numbering.xml", "docProps/core.xml"
# Where new elements go; the schema requires numIdMacAtCleanup, which Word writes, after every list.
_END = {FOOTNOTES: re.compile("</w:footnotes>"), NUMBERING: re.compile("<w:numIdMacAtCleanup|</w:numbering>")}
_PROPERTIES = {"properties": {name: Text("") for name in ("title", "subject", "author", "language", "date")}}
_CORE_XML = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties'
    ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>{{ properties.title }}</dc:title><dc:subject>{{ properties.subject }}</dc:subject>"
    "<dc:creator>{{ properties.author }}</dc:creator><dc:language>{{ properties.language }}</dc:language>"
    "{% if properties.date %}"
    '<dcterms:created xsi:type="dcterms:W3CDTF">{{ properties.date }}</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{{ properties.date }}</dcterms:modified>'
    "{% endif %}</cp:coreProperties>"
)
Tags = dict[str, dict[str, Tag]]  # by namespace and name


def pack_document(document: Document, formats: list[dict], tags: Tags) -> bytes:
    """Return the prepared file of a joined template, whose tags have their filters; see tag_formats.add_filters.

    Raise ExpressionError for a tag that cannot be compiled.
    """
    about = {
        "styles": _style_ids(document),
        "ordered": _ordered_lists(document),
        "first_list": _first_free_list(document),
        "numbered": point_references(document),
        "unseen": [level_words.NAMESPACE],  # a template uses those that it needs
    }
    parts = {**parts_of(document), CORE: _CORE_XML.encode()}
    compiled, static, proven = [], [], []
    for name in sorted(parts, key=_zip_order):
        source = parts[name].decode() if name.endswith(".xml") else ""
        if has_tags(parts[name]) and source:
            tree = parse_source(source, paragraphs=name != CORE)
            compiled.append((name, _compiled(name, tree, tags)))
            if always_well_formed(tree, breaks=name != CORE):
                proven.append(name)
        elif name in (FOOTNOTES, NUMBERING):
            end = _END[name].search(source).start()
            proven.append(name)  # filling adds only whole elements before the end
            compiled.append((name, (source[:end], source[end:], _static_entry(name, parts[name]))))
        else:
            static.append(_static_entry(name, parts[name]))
    listings = {name: parts[name].decode() for name in LISTINGS}
    return _prepared_file(
        static, compiled, formats, **about, listings=listings, proven=proven, look=_look(parts)
    )


def pack_received(
    parts: dict[str, bytes], covered: dict[str, tuple[str, str, str]], formats: list[dict], tags: Tags
) -> bytes:
    """Return the prepared file of a received paper, or of the cover alone.

    `covered`: the parts with tags, each as the text before, with and after them; in the first and the last, braces are
    no tags. The core properties are replaced.
    """
    covered = {**covered, CORE: ("", _CORE_XML, "")}
    static, compiled = [], []
    for name in sorted({*parts, CORE}, key=_zip_order):
        if name in covered:
            before, source, after = covered[name]
            compiled.append(
                (name, _compiled(name, parse_source(source, paragraphs=name != CORE), tags, before, after))
            )
        else:
            static.append(_static_entry(name, parts[name], zip_writer.EACH))
    # The headers of our papers show the namespace `paper`; received papers have headers of their own.
    return _prepared_file(static, compiled, formats, unseen=["paper"])


def has_tags(part: bytes) -> bool:
    """Whether a part has tags, or what looks like them."""
    return _TAGS.search(part) is not None


def _compiled(name: str, tree: nodes.Template, tags: Tags, before: str = "", after: str = "") -> bytes:
    code = compile_part(tree, {**tags, **_PROPERTIES}, before, after)
    return marshal.dumps(compile(code, name, "exec"))


def _prepared_file(static: list, compiled: list, formats: list[dict], **about) -> bytes:
    """The bytes of a prepared file; `about` in place of the defaults, which are those of a received paper.

    `unseen`: namespaces whose texts need not reach the paper.
    """
    content = {
        "format": FORMAT,
        "python": sys.implementation.cache_tag,
        "static": static,
        "compiled": compiled,
        "properties": formats,
        "listings": {},
        "numbered": False,
        "proven": [],
        "look": "",
        "styles": {},
        "ordered": {},
        "unseen": [],
        "first_list": 1,
    }
    return marshal.dumps({**content, **about})


def _static_entry(name: str, data: bytes, level: int = zip_writer.ONCE) -> tuple[bytes, bytes, bytes]:
    return (*zip_writer.zip_entry(name, data, level), name.encode())


def _zip_order(name: str) -> tuple[int, str]:
    first = (TYPES, ROOT_RELATIONS)
    return (first.index(name) if name in first else len(first)), name


def _look(parts: dict[str, bytes]) -> str:
    """A digest of the parts without the text itself: styles, settings, headers, footers."""
    others = (name for name in sorted(parts) if name not in (DOCUMENT, CORE))
    return hashlib.sha256(b"\0".join(name.encode() + b"\0" + parts[name] for name in others)).hexdigest()


def _style_ids(document: Document) -> dict[str, str]:
    """Name -> id of the styles that filling writes."""
    by_name = {
        style.find(qn("w:name")).get(qn("w:val")).casefold(): style.get(qn("w:styleId"))
        for style in document.styles.element.findall(qn("w:style"))
    }
    names = (*STYLES, TABLE_TEXT, TABLE_BULLET, *NOTE_STYLES, *HEADINGS, *ENTRIES, *OF_TABLES, TITLE)
    return {name: by_name[name.casefold()] for name in names if name.casefold() in by_name}


def _numbering(document: Document) -> etree._Element:
    """The lists of a document; none if it has no part for them."""
    part = next(
        (r.target_part for r in document.part.rels.values() if r.reltype == RELATIONSHIP_TYPE.NUMBERING), None
    )
    return OxmlElement("w:numbering") if part is None else part.element


def _ordered_lists(document: Document) -> dict[str, str]:
    """Id of each ordered list's style -> the abstract numbering of its paragraphs."""
    ids, found = _style_ids(document), {}
    ordered = {ids[name] for name in ORDERED if name in ids}
    numbering = _numbering(document)
    for style in document.styles.element.findall(qn("w:style")):
        number = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
        if number is not None and style.get(qn("w:styleId")) in ordered:
            instance = next(
                n for n in numbering.findall(qn("w:num")) if n.get(qn("w:numId")) == number.get(qn("w:val"))
            )
            found[style.get(qn("w:styleId"))] = instance.find(qn("w:abstractNumId")).get(qn("w:val"))
    return found


def _first_free_list(document: Document) -> int:
    numbers = _numbering(document).findall(qn("w:num"))
    return 1 + max((int(n.get(qn("w:numId"))) for n in numbers), default=0)


def saved(document: Document) -> bytes:
    """Return the bytes of the document as python-docx saves it."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def parts_of(document: Document) -> dict[str, bytes]:
    """Return the parts of the saved document by name."""
    return Package.read(saved(document)).parts
