"""What a reader of a sheet does not see, or sees changed, is reported with its cell and not dropped."""

from __future__ import annotations

import re

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, NamedStyle, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from papers.inputs.xlsx import Column
from workbook_tools import (
    COLUMNS,
    HEADER,
    MICROSOFT,
    SHEET,
    edited,
    found,
    packed,
    parts_of,
    read,
    with_part,
    workbook,
)

SHEET_RELATIONS = "xl/worksheets/_rels/sheet1.xml.rels"
STRUCK = Font(strike=True)
THREAD = (
    b'<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
    b'<threadedComment ref="B2" id="1"><text>Is this final?</text></threadedComment></ThreadedComments>'
)
BOX = (
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:twoCellAnchor><xdr:from>'
    "<xdr:col>1</xdr:col><xdr:row>4</xdr:row></xdr:from><xdr:sp><xdr:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p>"
    "</xdr:txBody></xdr:sp></xdr:twoCellAnchor></xdr:wsDr>"
)


@pytest.fixture
def path(tmp_path):
    return workbook(tmp_path, HEADER, ["a", 2019, None, "10 SMEs"], ["b", 2020])


def on_sheet(change):
    def make(path):
        book = openpyxl.load_workbook(path, rich_text=True)
        change(book[SHEET])
        book.save(path)
        return path

    return make


def put(cell: str, **attributes):
    def change(sheet):
        for name, value in attributes.items():
            setattr(sheet[cell], name, value)

    return on_sheet(change)


def strike_cells(sheet) -> None:
    for cell in sheet[2]:
        cell.font = STRUCK


def strike_row(sheet) -> None:
    sheet.row_dimensions[2].font = STRUCK


def strike_column(sheet) -> None:
    sheet.column_dimensions["A"].font = STRUCK


def strike_by_named_style(sheet) -> None:
    sheet["B2"].style = NamedStyle("withdrawn", font=STRUCK)


def strike_by_rule(sheet) -> None:
    rule = FormulaRule(formula=["$B2>1"])
    rule.dxf = DifferentialStyle(font=STRUCK)
    sheet.conditional_formatting.add("A2:D3", rule)


def rich(cell: str, before: str, marked: str, **font):
    return put(cell, value=CellRichText(before, TextBlock(InlineFont(**font), marked), " and more"))


MARKED = {
    "a row of cells struck through": (on_sheet(strike_cells), [("A2", "struck-through")]),
    "a row struck through by its own format": (on_sheet(strike_row), [("A2", "struck-through")]),
    "a column struck through by its format": (
        on_sheet(strike_column), [("A1", "struck-through"), ("A2", "struck-through"), ("A3", "struck-through")],
    ),
    "a cell struck through": (put("B2", font=STRUCK), [("B2", "struck-through")]),
    "a style of a name": (on_sheet(strike_by_named_style), [("B2", "struck-through")]),
    "some words struck through": (rich("D2", "kept ", "dropped", strike=True), [("D2", "struck-through")]),
    "a conditional format": (on_sheet(strike_by_rule), [("A2", "conditional-format")]),
    "a superscript": (rich("D2", "10", "3", vertAlign="superscript"), [("D2", "raised")]),
    "a subscript": (rich("D2", "CO", "2", vertAlign="subscript"), [("D2", "raised")]),
    "a raised cell": (put("B2", font=Font(vertAlign="superscript")), [("B2", "raised")]),
    "a number format that shows nothing": (put("B2", number_format=";;;"), [("B2", "hidden")]),
    "white on white": (put("D2", font=Font(color="FFFFFFFF")), [("D2", "hidden")]),
    "white of the theme": (put("D2", font=Font(color=openpyxl.styles.Color(theme=0))), [("D2", "hidden")]),
    "black on black": (
        put("D2", font=Font(color="FF000000"), fill=PatternFill("solid", fgColor="FF000000")), [("D2", "hidden")],
    ),
    "a note": (put("B2", comment=Comment("Is this final?", "x")), [("B2", "comment")]),
    "a note on a title": (put("A1", comment=Comment("in thousands", "x")), [("A1", "comment")]),
    "a threaded comment": (
        lambda path: with_part(path, f"{MICROSOFT}/2017/10/relationships/threadedComment", THREAD, source=SHEET_RELATIONS),
        [("B2", "comment")],
    ),
    "a box with text": (
        lambda path: with_part(path, "drawing", BOX.format("See annex").encode(), source=SHEET_RELATIONS),
        [("B5", "comment")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("make", "expected"), MARKED.values(), ids=MARKED)
def test_what_a_format_or_a_remark_says_is_reported(path, make, expected):
    assert found(make(path)) == expected


PLAIN = {
    "bold words": rich("D2", "some ", "words", b=True),
    "a raised ending of an ordinal": rich("D2", "the 21", "st", vertAlign="superscript"),
    "an empty cell struck through": put("C2", font=STRUCK),
    "words without strikethrough": rich("D2", "some ", "words", strike=False),
    "white on a dark fill": put("A1", font=Font(color="FFFFFFFF"), fill=PatternFill("solid", fgColor="FF1F4E79")),
    "a format of three parts": put("B2", number_format="#,##0;-#,##0;-"),
    "a format with a word": put("B2", number_format='"year "0'),
    "a format in colours": put("B2", number_format="[Black]0;[Red]-0"),
    "a drawing without text": lambda path: with_part(path, "drawing", BOX.format("").encode(), source=SHEET_RELATIONS),
}  # fmt: skip


@pytest.mark.parametrize("make", PLAIN.values(), ids=PLAIN)
def test_a_format_that_changes_no_value_is_accepted(path, make):
    assert not found(make(path))


def sheet(old: str, new: str):
    return lambda path: edited(path, lambda xml: re.sub(old, new, xml, count=1, flags=re.S))


def row(attributes: str):
    return sheet('<row r="2"', f'<row {attributes} r="2"')


def settings(attributes: str):
    return sheet("<sheetFormatPr[^>]*>", f"<sheetFormatPr {attributes}/>")


def columns(attributes: str):
    return sheet("<sheetData>", f'<cols><col min="2" max="2" {attributes}/></cols><sheetData>')


def filtered(path):
    row('hidden="1"')(path)
    xml = '</sheetData><autoFilter ref="A1:D3"><filterColumn colId="0"><filters><filter val="b"/></filters></filterColumn></autoFilter>'
    return sheet("</sheetData>", xml)(path)


HIDDEN = {
    "a hidden row": (row('hidden="1"'), "A2"),
    "true with spaces": (row('hidden=" true "'), "A2"),
    "a word that is no truth value": (row('hidden="yes"'), "A2"),
    "a row of 2.9 points": (row('ht="2.9"'), "A2"),
    "a row of 0.01 points": (row('ht="1e-2"'), "A2"),
    "a row behind a filter": (filtered, "A2"),
    "a hidden column": (columns('hidden="true" width="9"'), "B1"),
    "a column of next to no width": (columns('width="0.5"'), "B1"),
    "rows without height by default": (settings('defaultRowHeight="0" customHeight="1"'), ""),
    "rows hidden by default": (settings('defaultRowHeight="15" zeroHeight="1"'), ""),
    "columns without width by default": (settings('defaultRowHeight="15" defaultColWidth="0"'), ""),
}


@pytest.mark.parametrize(("make", "cell"), HIDDEN.values(), ids=HIDDEN)
def test_rows_and_columns_that_nobody_sees_are_reported(path, make, cell):
    assert found(make(path)) == [(cell, "hidden")]


SEEN = {
    "false in words": row('hidden="false"'),
    "false with spaces": row('hidden=" 0 "'),
    "a row of 3 points": row('ht="3"'),
    "a row that is collapsed": row('collapsed="1"'),
    "a narrow column": columns('width="0.6" customWidth="1"'),
    "small rows by default, with heights of their own": lambda path: edited(
        settings('defaultRowHeight="1"')(path), lambda xml: re.sub("<row ", '<row ht="15" ', xml)
    ),
}


@pytest.mark.parametrize("make", SEEN.values(), ids=SEEN)
def test_rows_and_columns_that_are_seen_are_accepted(path, make):
    assert not found(make(path))


def test_a_filter_is_named_where_it_hides_rows(path):
    assert "a row hidden by a filter" in read(filtered(path))[1].lines()[0]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_reported(path, state):
    book = edited(path, lambda xml: xml.replace('state="visible"', f'state="{state}"'), "xl/workbook.xml")
    assert found(book) == [("", "hidden")]


@pytest.mark.parametrize(
    "title", ["First\nyear", "First  year", "First\N{NO-BREAK SPACE}year", " Fi\N{SOFT HYPHEN}rst year\n"]
)
def test_a_wrapped_title_is_the_title(path, title, monkeypatch):
    monkeypatch.setitem(COLUMNS, "year", Column("First year", "year"))
    assert not found(put("B1", value=title)(path))


def test_the_name_of_a_sheet_may_have_more_spaces(path):
    rows, problems = read(
        edited(path, lambda xml: xml.replace(f'"{SHEET}"', f'" {SHEET}  "'), "xl/workbook.xml")
    )
    assert not problems and len(rows) == 2


def test_many_unknown_columns_or_sheets_are_one_problem(path):
    def change(sheet):
        for at in range(5, 200):
            sheet.cell(1, at, f"Budget {at}")
        for at in range(20):
            sheet.parent.create_sheet(f"Copy {at}")

    assert sorted(problem.kind for problem in read(on_sheet(change)(path))[1].found) == [
        "unknown-column",
        "unknown-sheet",
    ]


def test_a_workbook_of_more_than_30_mb_is_one_problem(path):
    xml = (
        b'<row r="9"><c r="A9" t="inlineStr"><is><t>' + b"a" * 30_000_000 + b"</t></is></c></row></sheetData>"
    )
    parts = parts_of(path)
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"</sheetData>", xml)
    assert found(packed(path, parts)) == [("", "too-large")]
