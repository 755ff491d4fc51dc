"""Rows that stay on one page: no table is broken so that one row of it, or of a merged group, stands alone on a page.

The first row of a {%tr %} loop is kept with the second, the last but one with the last, by Word's "Keep with next". To
be cheap when a paper is filled, the loop has its row twice, and one condition chooses. If a loop contains nothing but
another one, as where cells are merged, its first and last but one groups are kept with what follows too: the next
group may be a single row.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from papers.docx.template.paragraphs import PARAGRAPH, ROW, TABLE, nearest_above
from papers.docx.template.tag_syntax import TAG, read_tag

if TYPE_CHECKING:
    from docx.document import Document
    from lxml import etree

_EDGE = "loop.revindex == 2 or (loop.first and not loop.last)"
_EDGE_OF_EDGE_GROUP = "loop.revindex == 2 or loop.first or loop.last"


def keep_rows(whole: Document) -> None:
    """Put "Keep with next" into the repeated rows of all tables, under conditions on their loops."""
    for table in whole.element.body.iter(TABLE):
        rows = [row for row in table.iter(ROW) if nearest_above(row, TABLE) is table]
        words = [_word(row) for row in rows]
        for at in range(1, len(rows) - 1):
            if words[at - 1 : at + 2] == ["for", "", "endfor"]:
                if words[at - 2 : at + 3 : 4] == ["for", "endfor"]:
                    _choose(rows[at - 1 : at + 2], _EDGE, _kept_group(rows[at - 1 : at + 2]))
                _choose([rows[at]], _EDGE, [_kept(rows[at])])


def _word(row: etree._Element) -> str:
    """The word of the {%tr %} tag that is alone in a row, such as for; empty for a row with content."""
    tags = (read_tag(tag[0]) for tag in TAG.finditer("".join(row.itertext())))
    return next((tag.word for tag in tags if tag.sign == "%" and tag.letters == "tr"), "")


def _kept(row: etree._Element) -> etree._Element:
    row = copy.deepcopy(row)
    row.tail = None
    for paragraph in row.iter(PARAGRAPH):
        paragraph.get_or_add_pPr().get_or_add_keepNext()
    return row


def _kept_group(group: list[etree._Element]) -> list[etree._Element]:
    """A copy of a loop over a row, for a group that may be next to one of a single row."""
    begin, row, end = (copy.deepcopy(each) for each in group)
    begin.tail = f"{{% if {_EDGE_OF_EDGE_GROUP} %}}"
    kept = _kept(row)
    kept.tail, row.tail = "{% else %}", "{% endif %}"
    return [begin, kept, row, end]


def _choose(rows: list[etree._Element], condition: str, kept: list[etree._Element]) -> None:
    """Put `kept` in front of adjacent rows, and the condition that chooses between them."""
    before = rows[0].getprevious()
    before.tail = (before.tail or "") + f"{{% if {condition} %}}"
    for row in kept:
        rows[0].addprevious(row)
    kept[-1].tail = "{% else %}"
    rows[-1].tail = (rows[-1].tail or "") + "{% endif %}"
