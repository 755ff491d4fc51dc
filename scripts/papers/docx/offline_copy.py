"""A paper as LibreOffice gets it: its SVG pictures refer to no other file, which LibreOffice would load from anywhere.

Only papers with such pictures are changed, and only for the conversion.
"""

from __future__ import annotations

import re

from lxml import etree

from papers.docx.package import PackageError
from papers.safety import UnsafeFile, as_zip, read_zip

_NAMESPACE = "http://www.w3.org/2000/svg"
_MARKS = tuple(_NAMESPACE.encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
_PACKED = b"\x1f\x8b"  # how a packed SVG begins
_EMPTY = f'<svg xmlns="{_NAMESPACE}" width="1" height="1"/>'.encode()
_INSIDE = re.compile(r"\s*(#|data:image/(png|jpeg|gif)[;,])", re.IGNORECASE)
_LOADS = re.compile(r"url\s*\(\s*[\"']?\s*(?!#)|@import|\\", re.IGNORECASE)


def offline_copy(docx: bytes) -> bytes:
    """Return a Word file whose SVG pictures load nothing; the same bytes if there is nothing to change."""
    try:
        parts = read_zip(docx)
    except (UnsafeFile, PackageError):
        return docx  # LibreOffice will not read it either
    changed = {name: new for name, data in parts.items() if (new := _offline_picture(name, data)) != data}
    return as_zip({**parts, **changed}).getvalue() if changed else docx


def _offline_picture(name: str, data: bytes) -> bytes:
    """Return a part, or the SVG in it without references to other files; an empty picture if it cannot be parsed."""
    is_xml_of_word = name.lower().endswith((".xml", ".rels"))
    if data.startswith(_PACKED):
        return _EMPTY
    if is_xml_of_word or not any(mark in data for mark in _MARKS):
        return data
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        return _EMPTY
    if root.getroottree().docinfo.doctype or root.getprevious() is not None:
        return _EMPTY
    return etree.tostring(root) if _remove_references(root) else data


def _remove_references(root: etree._Element) -> bool:
    """Remove what loads something in place; return whether there was anything."""
    removed = False
    for element in list(root.iter(etree.Element)):
        for key, value in list(element.attrib.items()):
            is_outside = etree.QName(key).localname in ("href", "src", "base") and not _INSIDE.match(value)
            if is_outside or _LOADS.search(value):
                del element.attrib[key]
                removed = True
        if element.text and etree.QName(element).localname == "style" and _LOADS.search(element.text):
            element.text = None
            removed = True
    return removed
