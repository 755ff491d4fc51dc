"""All text of a Word file, in every part and in whatever way it is written, to search it for words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docx.oxml.ns import nsmap, qn
from lxml import etree

from papers.docx.package import Package
from papers.safety import encoding_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_BLANK = (qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:ptab"), qn("w:p"), qn("a:p"), qn("a:br"))
_IN_A_LINE = tuple(f"{{{nsmap[prefix]}}}" for prefix in ("w", "a", "m"))  # their other elements split no text
_HYPHEN = qn("w:noBreakHyphen")
_BOX = qn("w:txbxContent")  # stands within the paragraph that it is anchored in
_INSTRUCTION = (qn("w:instrText"), qn("w:delInstrText"), _BOX)
_DELETED = (qn("w:del"), qn("w:moveFrom"))
_INSERTED = (qn("w:ins"), qn("w:moveTo"))
# What may stand between the words of a line: a line is read as it is, and as it was before tracked changes.
_READINGS = ((), (*_INSTRUCTION, *_DELETED), (*_INSTRUCTION, *_INSERTED))
_ZIPPED = b"PK\x03\x04"
_REMARK = re.compile(r"<!--(.*?)-->|<\?(.*?)\?>", re.DOTALL)  # which the parser leaves out
_LITTLE, _BIG = (  # UTF-16 of Latin letters and of dashes and quotation marks, in data of any kind
    re.compile(rb"(?:[\x20-\xff][\0\1]|[\0-\xff][\x20\xfb]){4,}", re.DOTALL),
    re.compile(rb"(?:[\0\1][\x20-\xff]|[\x20\xfb][\0-\xff]){4,}", re.DOTALL),
)


def texts_and_attributes(package: Package) -> Iterator[str]:
    """Yield the name and the text of each part, whatever its name and encoding, and the values of its attributes."""
    for name, data in package.parts.items():
        yield name
        if data.startswith(_ZIPPED):
            yield from texts_and_attributes(Package.read(data))
        elif package.is_xml(name) or package.is_svg(name) or name.endswith(".rels"):
            yield from _texts_of_xml(package.xml(name))
            source = data.decode(encoding_of(data), "replace")
            yield from (" ".join(filter(None, found.groups())) for found in _REMARK.finditer(source))
        else:
            yield from _texts_of_data(data)


def _texts_of_xml(root: etree._Element) -> Iterator[str]:
    for skipped in _READINGS:
        yield _text_of(root, skipped)
    for box in root.iter(_BOX):
        for skipped in _READINGS[1:]:
            yield _text_of(box, skipped)
    yield " ".join(value for element in root.iter(etree.Element) for value in element.values())


def _text_of(root: etree._Element, skipped: Collection[str]) -> str:
    """Return the text below an element as its reader sees it, without elements that are `skipped`.

    There is a blank after each paragraph, tab and line break, and after each element that is none of a line.
    """
    pieces, events = [], etree.iterwalk(root, events=("start", "end"))
    for event, element in events:
        if event == "end":
            is_in_a_line = element.tag not in _BLANK and element.tag.startswith(_IN_A_LINE)
            pieces += ("" if is_in_a_line else " ", element.tail or "")
        elif element.tag in skipped and element is not root:
            events.skip_subtree()
        else:
            pieces.append("-" if element.tag == _HYPHEN else element.text or "")
    return "".join(pieces)


def _texts_of_data(data: bytes) -> Iterator[str]:
    """Yield the text in data that are not XML: as UTF-8, and what of them may be UTF-16 in either order."""
    yield data.decode("utf-8", "replace")
    for pattern, encoding in ((_LITTLE, "utf-16-le"), (_BIG, "utf-16-be")):
        yield " ".join(found.decode(encoding, "replace") for found in pattern.findall(data))
