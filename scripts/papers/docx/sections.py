"""Pages that are turned within a paper: where blocks say so, a section ends, and the next has the other orientation.

Imported only for papers with such blocks.
"""

from __future__ import annotations

import re

PLACEHOLDER = "<!--pages {}-->"  # with richtext.PORTRAIT, LANDSCAPE or WHOLE_LANDSCAPE
_MARK = re.compile(r"<!--pages (\d)-->")
_SECTION = re.compile(r"<w:sectPr(?: [^>]*)?>.*?</w:sectPr>", re.DOTALL)
_SIZE = re.compile(r"<w:pgSz [^>]*/>")
_WIDTH, _HEIGHT = re.compile(r'w:w="(\d+)"'), re.compile(r'w:h="(\d+)"')
_BREAK = '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>{}</w:pPr></w:p>'


def with_sections(document: str) -> str:
    """Return the document's XML with a section's end in place of each placeholder but those that change nothing.

    Each section has the headers, footers and margins of the template's section in which it is.
    """
    pieces, at = [], 0
    turned: bool | None = None  # None: as the template has it
    for end in _SECTION.finditer(document):
        inside = document[at : end.start()]
        parts = _MARK.split(inside)
        pieces.append(parts[0])
        for mark, text in zip(parts[1::2], parts[2::2], strict=True):
            wanted = mark != "0"
            if mark != "2" and wanted != bool(turned):
                pieces.append(_BREAK.format(_oriented(end[0], turned)))
            turned = wanted
            pieces.append(text)
        pieces.append(_oriented(end[0], turned))
        turned, at = None, end.end()
    return "".join((*pieces, document[at:]))


def _oriented(section: str, turned: bool | None) -> str:
    if turned is None:
        return section
    size = _SIZE.search(section)
    if size is None:
        return section
    sides = sorted((int(_WIDTH.search(size[0])[1]), int(_HEIGHT.search(size[0])[1])))
    wide, high = reversed(sides) if turned else sides
    orient = ' w:orient="landscape"' if turned else ""
    return section.replace(size[0], f'<w:pgSz w:w="{wide}" w:h="{high}"{orient}/>', 1)
