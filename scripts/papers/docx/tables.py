"""Tables from Markdown and from workbooks: a header row that is repeated on each page, merged groups, captions.

Imported only for papers with such tables; see README.md in this folder. Texts arrive escaped.
"""

from __future__ import annotations

import itertools

from papers.docx.numbered_captions import caption_xml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from papers.richtext import TableData

_JUSTIFY = ("", '<w:jc w:val="right"/>', '<w:jc w:val="center"/>')  # by richtext.LEFT, RIGHT, CENTRE
_MERGE = {0: "", 1: '<w:vMerge w:val="restart"/>', 2: "<w:vMerge/>"}  # by richtext.BEGINS, GOES_ON


def table_xml(
    table: TableData, title: str, caption: str, styles: dict[str, str], width: int, runs: Callable
) -> str:
    """Return the caption, the table and the space after it.

    `title` is the caption as plain text, `caption` as runs. `width` is that of the text, in twentieths of a point.
    `runs` returns the runs of a line.
    """
    widths = widths_for(table["widths"], width)
    cells = list(zip(widths, table["align"], strict=True))
    grid = "".join(f'<w:gridCol w:w="{share}"/>' for share in widths)
    alt = table["alt"].replace('"', "&quot;")
    named = f'<w:tblCaption w:val="{(title or table["alt"]).replace(chr(34), "&quot;")}"/>'
    rows = [_row(table["heads"], cells, styles["Table Header"], runs, heads=True)]
    last = len(table["rows"]) - 1
    rows += [
        _row(row, cells, styles["Table Text"], runs, kept=last and at in (0, last - 1))
        for at, row in enumerate(table["rows"])
    ]
    above = caption_xml("Table", caption, styles, "<w:keepNext/>") if caption else ""
    return (
        f'{above}<w:tbl><w:tblPr><w:tblStyle w:val="{styles["Paper Table"]}"/><w:tblW w:w="{width}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0"'
        f' w:lastColumn="0" w:noHBand="0" w:noVBand="1"/>{named}<w:tblDescription w:val="{alt}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
        f'<w:p><w:pPr><w:pStyle w:val="{styles["Table Space"]}"/></w:pPr></w:p>'
    )


def _row(
    row: list,
    cells: list[tuple[int, int]],
    style: str,
    runs: Callable,
    heads: bool = False,
    kept: bool = False,
) -> str:
    """A row; `kept`: with the next one on a page, so that no row is alone on one (template/kept_rows.py)."""
    xml, keep = [], "<w:keepNext/>" if kept else ""
    for cell, (width, align) in zip(row, cells, strict=True):
        xml.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{_MERGE[cell.get("merge", 0)]}</w:tcPr>'
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{keep}{_JUSTIFY[align]}</w:pPr>{runs(cell)}</w:p></w:tc>'
        )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if heads else ''}</w:trPr>{''.join(xml)}</w:tr>"


def widths_for(shares: list[int], width: int) -> list[int]:
    """Return whole widths in the relation of the shares, whose sum is `width`."""
    total, ends, so_far = sum(shares), [0], 0
    for share in shares:
        so_far += share
        ends.append(width * so_far // total)
    return [end - begin for begin, end in itertools.pairwise(ends)]
