"""Write a workbook that can be read in one way only, for a library that reads .xlsx and nothing else."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from papers.inputs.xlsx_cells import as_sheet
from papers.inputs.xlsx_package import MAIN

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def canonical_workbook(
    sheets: dict[str, bytes], styles: bytes, texts: bytes, days_from_1904: bool
) -> dict[str, bytes]:
    """Return the parts of a workbook with these sheets only.

    `sheets` are the rows of each sheet by its name, as xlsx_cells writes them; `styles` and `texts` whole
    parts, b"" for none.
    """
    parts = {f"worksheets/sheet{at}.xml": as_sheet(rows) for at, rows in enumerate(sheets.values(), 1)}
    kinds = dict.fromkeys(parts, "worksheet")
    for name, content in (("styles", styles), ("sharedStrings", texts)):
        if content:
            parts[f"{name}.xml"], kinds[f"{name}.xml"] = content, name
    entries = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{at}" r:id="rId{at}"/>' for at, name in enumerate(sheets, 1)
    )
    settings = '<workbookPr date1904="1"/>' if days_from_1904 else ""
    book = f'<workbook xmlns="{MAIN[0]}" xmlns:r="{_OFFICE}">{settings}<sheets>{entries}</sheets></workbook>'
    types = "".join(
        f'<Override PartName="/xl/{part}" ContentType="{_TYPE}.{kind}+xml"/>' for part, kind in kinds.items()
    )
    package = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{types}</Types>',
        "_rels/.rels": _relations({"xl/workbook.xml": "officeDocument"}),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": _relations(kinds),
    }
    encoded = {name: text.encode() for name, text in package.items()}
    return encoded | {f"xl/{name}": content for name, content in parts.items()}


def _relations(kinds: dict[str, str]) -> str:
    entries = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/{kind}" Target="{part}"/>'
        for at, (part, kind) in enumerate(kinds.items(), 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'
