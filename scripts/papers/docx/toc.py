"""The table of contents of a filled paper: headings found and bookmarked, entries with the page numbers known.

Page numbers come from LibreOffice (make paginate) and are valid only for the very text that they were found for; for
any other text the entries have none, and the field is marked as dirty: Word then offers to update it when the paper is
opened. Of the two ways to say so, `w:updateFields` in the settings would have Word update all other fields as well.
Imported only for papers with such a table.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from papers.docx.runs import CONTENTS

HEADINGS, ENTRIES = ("Heading 1", "Heading 2"), ("toc 1", "toc 2")  # names of styles, by level
BOOKMARK = "_Toc{}"
_FIRST_BOOKMARK = 100_000_001  # nine digits, as Word's own
_TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>|<w:(?:tab|br)(?: [^>]*)?/>")
_BEGIN, _SEPARATE, _END = (
    f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
)
_BEGIN_DIRTY = '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
_CODE = '<w:r><w:instrText xml:space="preserve"> {} </w:instrText></w:r>'


class TocHeading(NamedTuple):
    """A heading in the document's XML: its level (0 or 1), its escaped text, the offsets of its runs."""

    level: int
    text: str
    start: int
    end: int


def headings_of(document: str, styles: dict[str, str]) -> list[TocHeading]:
    """Return the headings of the first two levels, in order, without empty ones. `styles`: name -> id."""
    levels = {styles[name]: level for level, name in enumerate(HEADINGS) if name in styles}
    expected = re.compile(f'<w:pStyle w:val="({"|".join(map(re.escape, levels))})"/>')
    found = []
    for match in expected.finditer(document) if levels else ():
        start = document.index("</w:pPr>", match.end()) + len("</w:pPr>")
        end = document.index("</w:p>", start)
        text = " ".join("".join(part[1] or " " for part in _TEXT.finditer(document, start, end)).split())
        if text:
            found.append(TocHeading(levels[match[1]], text, start, end))
    return found


def digest_of(document: str, notes: str, look: str) -> str:
    """Return the digest of what page numbers depend on: the text with its format, footnotes, and the template's look."""
    return hashlib.sha256("\0".join((document, notes, look)).encode()).hexdigest()[:16]


def with_contents(document: str, styles: dict[str, str], pages: list[int] | None) -> str:
    """Return the document with its headings bookmarked and a table of contents in place of the placeholder.

    `pages`: the page of each heading; None if they are not known.
    """
    headings = headings_of(document, styles)
    entries = _table(headings, styles, pages) if headings else "<w:p/>"
    pieces, at = [], 0
    for number, heading in enumerate(headings):
        name = BOOKMARK.format(_FIRST_BOOKMARK + number)
        mark = f'w:id="{_FIRST_BOOKMARK + number}"'
        pieces += (document[at : heading.start], f'<w:bookmarkStart {mark} w:name="{name}"/>')
        pieces += (document[heading.start : heading.end], f"<w:bookmarkEnd {mark}/>")
        at = heading.end
    return "".join((*pieces, document[at:])).replace(CONTENTS, entries)


def _table(headings: list[TocHeading], styles: dict[str, str], pages: list[int] | None) -> str:
    """One paragraph per entry; together they are the result of a TOC field, which Word can update."""
    field = (_BEGIN if pages else _BEGIN_DIRTY) + _CODE.format('TOC \\o "1-2" \\h \\z \\u') + _SEPARATE
    rows = []
    for number, heading in enumerate(headings):
        name = BOOKMARK.format(_FIRST_BOOKMARK + number)
        words = f'<w:r><w:t xml:space="preserve">{heading.text}</w:t></w:r>'
        page = _page(name, pages[number]) if pages else ""
        link = f'<w:hyperlink w:anchor="{name}" w:history="1">{words}{page}</w:hyperlink>'
        style = f'<w:pPr><w:pStyle w:val="{styles[ENTRIES[heading.level]]}"/></w:pPr>'
        before = field if number == 0 else ""
        after = _END if number == len(headings) - 1 else ""
        rows.append(f"<w:p>{style}{before}{link}{after}</w:p>")
    return "".join(rows)


def _page(name: str, page: int) -> str:
    code, shown = _CODE.format(f"PAGEREF {name} \\h"), f"<w:r><w:t>{page}</w:t></w:r>"
    return f"<w:r><w:tab/></w:r>{_BEGIN}{code}{_SEPARATE}{shown}{_END}"
