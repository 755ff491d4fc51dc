"""Rows that stay on one page: no table is broken so that one row of it, or of a merged group, stands alone on a page.

The first row of a {%tr %} loop is kept with the second, the last but one with the last, by Word's "Keep with next". To
be cheap when a paper is filled, the loop has its row twice, and one condition chooses. Where a loop contains nothing
but another one, as where cells are merged, a first or last group may be a single row: it is kept with its neighbour.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from papers.docx.template.paragraphs import PARAGRAPH, ROW, TABLE, nearest_above
from papers.docx.template.tag_syntax import TAG, read_tag

if TYPE_CHECKING:
    from docx.document import Document
    from lxml import etree

_EDGE = (
    "loop.revindex == 2 or (loop.first and not loop.last)"  # which rows of a loop are kept with the next one
)
# Which rows of a group: by the condition on the loop over the groups.
_EDGE_OF_GROUP = {
    "loop.revindex == 2": "loop.revindex == 2 or loop.first or loop.last",
    "loop.first and not loop.last": "loop.revindex == 2 or loop.first",
}


def keep_rows(whole: Document) -> None:
    """Put "Keep with next" into the repeated rows of all tables, under conditions on their loops."""
    for table in whole.element.body.iter(TABLE):
        rows = [row for row in table.iter(ROW) if nearest_above(row, TABLE) is table]
        words = [_word(row) for row in rows]
        for at in range(1, len(rows) - 1):
            if words[at - 1 : at + 2] == ["for", "", "endfor"]:
                if words[at - 2 : at + 3 : 4] == ["for", "endfor"]:
                    group = rows[at - 1 : at + 2]
                    kept = {when: _kept_group(group, edge) for when, edge in _EDGE_OF_GROUP.items()}
                    _choose(group, kept)
                _choose([rows[at]], {_EDGE: [_kept(rows[at])]})


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


def _kept_group(group: list[etree._Element], edge: str) -> list[etree._Element]:
    """A copy of a loop over a row, which is kept with the next one where `edge` holds."""
    begin, row, end = (copy.deepcopy(each) for each in group)
    kept = _kept(row)
    begin.tail, kept.tail, row.tail = f"{{% if {edge} %}}", "{% else %}", "{% endif %}"
    return [begin, kept, row, end]


def _choose(rows: list[etree._Element], others: dict[str, list[etree._Element]]) -> None:
    """Put other rows in front of adjacent ones, and the conditions that choose them."""
    word = "if"
    for condition, kept in others.items():
        before = rows[0].getprevious()
        before.tail = (before.tail or "") + f"{{% {word} {condition} %}}"
        for row in kept:
            rows[0].addprevious(row)
        word = "elif"
    rows[0].getprevious().tail = "{% else %}"
    rows[-1].tail = (rows[-1].tail or "") + "{% endif %}"
