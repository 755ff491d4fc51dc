"""Ways to damage how a Word file or workbook is put together: relations, content types, encodings, sizes, fields.

Each takes the parts of a package by name and changes them in place; it returns what it did, or "" if it does not apply.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from random import Random

from lxml import etree

Parts = dict[str, bytes]
TYPES = "[Content_Types].xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
RELATION_TYPES = (
    *(f"{_OFFICE}{kind}" for kind in ("image", "hyperlink", "package", "oleObject", "aFChunk", "attachedTemplate", "subDocument")),
    *(f"{_OFFICE}{kind}" for kind in ("settings", "styles", "footnotes", "header", "customXml", "control", "externalLink", "worksheet")),
    "http://schemas.microsoft.com/office/2011/relationships/webextension",
    "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
    "http://example.org/relationships/unknown",
    "",
)  # fmt: skip
CONTENT_TYPES = (
    "application/xml", "application/octet-stream", "text/plain", "text/html", "image/svg+xml", "application/pdf", "application/x-msdownload",
    "application/vnd.ms-office.activeX+xml", "application/vnd.ms-office.vbaProject", "application/vnd.openxmlformats-officedocument.oleObject",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml", "application/x-unknown+xml", "",
)  # fmt: skip
TARGETS = (
    "NULL", "#", "", "..", "../../../etc/passwd", "/", "file:///etc/passwd", r"\\server\share\x.docx", "http://127.0.0.1:9/x", "javascript:x",
    "ms-msdt:/id", "mailto:a@example.org", "a b.xml", "A%00.xml", "x\ny.xml",
)  # fmt: skip
CODES = (
    'DDE excel "book.xlsx" r1c1', 'DDEAUTO cmd "/k x"', 'HYPERLINK "javascript:x"', 'HYPERLINK "ms-msdt:/id x"', r'HYPERLINK "\\\\server\\x"',
    'INCLUDEPICTURE "http://127.0.0.1:9/x.png"', 'INCLUDETEXT "file:///etc/passwd"', "NUMPAGES", "TITLE", "FILENAME \\p", "DOCPROPERTY Company",
    "PAGE", "AUTHOR", "MACROBUTTON x y", "QUOTE", "=1+1",
)  # fmt: skip
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _relation(random: Random, parts: Parts) -> tuple[str, etree._Element, etree._Element] | None:
    """Return a part of relations, its root, and one of its relations."""
    names = [name for name in parts if name.endswith(".rels") and b"<" in parts[name]]
    roots = [(name, etree.fromstring(parts[name])) for name in names]
    found = [(name, root, element) for name, root in roots for element in root]
    return random.choice(found) if found else None


def _changed_relation(
    change: Callable[[Random, etree._Element, etree._Element], str],
) -> Callable[[Random, Parts], str]:
    def edit(random: Random, parts: Parts) -> str:
        found = _relation(random, parts)
        if found is None:
            return ""
        name, root, element = found
        how = change(random, element, root)
        parts[name] = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
        return f"{how} ({name})"

    return edit


def _other_type(random: Random, element: etree._Element, _root: etree._Element) -> str:
    element.set("Type", random.choice(RELATION_TYPES))
    return "a relation of another type"


def _other_target(random: Random, element: etree._Element, root: etree._Element) -> str:
    targets = [*TARGETS, *(one.get("Target", "") for one in root)]
    element.set("Target", random.choice(targets).replace("\n", "&#10;"))
    return "a relation to another target"


def _other_mode(random: Random, element: etree._Element, _root: etree._Element) -> str:
    element.set("TargetMode", random.choice(("External", "Internal", "external", "")))
    return "a relation of another mode"


def _second_relation(random: Random, element: etree._Element, root: etree._Element) -> str:
    copy = etree.fromstring(etree.tostring(element))
    if random.random() < 0.5:
        copy.set("Id", f"{copy.get('Id')}x")
    if random.random() < 0.7:
        copy.set("Target", random.choice(TARGETS[:8]))
    root.insert(random.randrange(len(root) + 1), copy)
    return "a relation twice"


def _content_type(random: Random, parts: Parts) -> str:
    root = etree.fromstring(parts[TYPES])
    element = random.choice(list(root))
    element.set("ContentType", random.choice(CONTENT_TYPES))
    parts[TYPES] = etree.tostring(root)
    return f"another content type for {element.get('PartName') or element.get('Extension')}"


def _renamed_with_all_that_names_it(random: Random, parts: Parts) -> str:
    """Give a part another ending, in its relations and content type too: a reader that trusts endings loses it."""
    named = [name for name in parts if name.endswith(".xml") and "/" in name and "_rels/" not in name]
    if not named or TYPES not in parts:
        return ""
    old = random.choice(named)
    new = old.removesuffix(".xml") + random.choice((".bin", ".XML", "2.xml", ".png", ""))
    base, new_base = posixpath.basename(old), posixpath.basename(new)
    for name in [name for name in parts if name.endswith(".rels") or name == TYPES]:
        parts[name] = re.sub(
            rb"(?<=[/\"'])" + re.escape(base.encode()) + rb"(?=[\"'])", new_base.encode(), parts[name]
        )
    parts[new] = parts.pop(old)
    relations = f"{posixpath.dirname(old)}/_rels/{base}.rels"
    if relations in parts:
        parts[f"{posixpath.dirname(old)}/_rels/{new_base}.rels"] = parts.pop(relations)
    return f"a part with another ending ({old} as {new})"


def _encoded(random: Random, parts: Parts) -> str:
    names = [
        name for name in parts if name.endswith((".xml", ".rels")) and parts[name].lstrip().startswith(b"<")
    ]
    name, encoding = (
        random.choice(names),
        random.choice(
            ("UTF-16", "UTF-16LE", "ISO-8859-1", "windows-1252", "US-ASCII", "UTF-7", "EBCDIC-CP-US")
        ),
    )
    root = etree.fromstring(parts[name])
    try:
        parts[name] = etree.tostring(root, encoding=encoding, xml_declaration=True, standalone=True)
    except LookupError:
        parts[name] = (
            parts[name].replace(b"UTF-8", encoding.encode(), 1).replace(b"utf-8", encoding.encode(), 1)
        )
    return f"a part in {encoding} ({name})"


def _sizes(random: Random, parts: Parts) -> str:
    """Default sizes of rows and columns, as Excel and other programs write them, or so small that they hide."""
    sheets = [name for name in parts if name.startswith("xl/worksheets/sheet")]
    if not sheets:
        return ""
    name = random.choice(sheets)
    value = random.choice(("0", "0.5", "2.9", "15", "1e-3", "-1", "x", "1E400"))
    new = random.choice((
        f'<sheetFormatPr defaultRowHeight="{value}"/>', f'<sheetFormatPr defaultRowHeight="15" defaultColWidth="{value}"/>',
        '<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/>', f'<cols><col min="1" max="{random.choice((1, 16384, 0, 99999))}" width="{value}"/></cols>',
        '<cols><col min="2" max="3" width="9" hidden=" true "/></cols>',
    )).encode()  # fmt: skip
    text = re.sub(rb"<(sheetFormatPr|cols)\b.*?(/>|</cols>)", b"", parts[name], flags=re.DOTALL)
    parts[name] = text.replace(b"<sheetData", new + b"<sheetData", 1)
    return f"other sizes of rows and columns ({name})"


def _field(random: Random, parts: Parts) -> str:
    """A field in a paragraph of the text, a header or a note: simple, or complex and split over runs."""
    names = [name for name in parts if name.startswith("word/") and b"</w:p>" in parts[name]]
    if not names:
        return ""
    name, code = random.choice(names), random.choice(CODES)
    escaped = code.replace("&", "&amp;").replace('"', "&quot;")
    half = len(code) // 2
    parts_of_code = [code[:half].replace('"', "&quot;"), code[half:].replace('"', "&quot;")]
    runs = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in parts_of_code)
    field = random.choice((
        f'<w:fldSimple w:instr="{escaped}"><w:r><w:t>x</w:t></w:r></w:fldSimple>',
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        '<w:r><w:t>x</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>',
        f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}',
    ))  # fmt: skip
    pieces = parts[name].decode("utf-8", "replace").split("</w:p>")
    at = random.randrange(len(pieces) - 1)
    pieces[at] += field
    parts[name] = "</w:p>".join(pieces).encode()
    return f"a field {code.split()[0]} ({name})"


def _hidden(random: Random, parts: Parts) -> str:
    """Hidden text, by a run or by a style."""
    names = [name for name in parts if name.startswith("word/") and b"<w:r>" in parts[name]]
    if not names:
        return ""
    name = random.choice(names)
    look = random.choice(
        (
            "<w:vanish/>",
            '<w:vanish w:val="0"/>',
            "<w:specVanish/>",
            '<w:color w:val="FFFFFF"/>',
            '<w:sz w:val="2"/>',
        )
    )
    pieces = parts[name].split(b"<w:r>")
    at = random.randrange(1, len(pieces))
    pieces[at] = f"<w:rPr>{look}</w:rPr><w:t>secret</w:t></w:r><w:r>".encode() + pieces[at]
    parts[name] = b"<w:r>".join(pieces)
    return f"text that hides ({name})"


EDITS: tuple[Callable[[Random, Parts], str], ...] = (
    _changed_relation(_other_type),
    _changed_relation(_other_target),
    _changed_relation(_other_mode),
    _changed_relation(_second_relation),
    _content_type,
    _renamed_with_all_that_names_it,
    _encoded,
    _sizes,
    _field,
    _hidden,
)


def damage_package(random: Random, parts: Parts) -> str:
    """Change the parts of a package by one of EDITS that applies; return what was done."""
    while not (how := random.choice(EDITS)(random, parts)):
        pass
    return how
