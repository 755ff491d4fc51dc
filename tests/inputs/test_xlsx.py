"""A sheet becomes rows that know their cells; a value is read unchanged, or a problem names its cell."""

from __future__ import annotations

import datetime
import io
import math
import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pytest
import xlsxwriter
from examples import examples
from forum_tools import MINIATURE, SCHEDULE
from hypothesis import assume, example, given
from hypothesis import strategies as st
from papers.characters import forbidden_character
from papers.inputs.cell_values import READERS, CellError, convert_column, is_empty
from papers.inputs.xlsx import Column, read_sheet
from papers.inputs.xlsx_cells import column_letter
from papers.problems import Place, Problems
from workbook_tools import HEADER, NAME, SHEET, edited, read, workbook

SHIPPED = (MINIATURE / SCHEDULE).read_bytes()


def as_excel_writes(text: str) -> str:
    """Return text as a cell's XML: what XML can't hold, and what looks like its escape, is written as _xHHHH_."""
    text = re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    text = re.sub("[\x00-\x08\x0b-\x1f]", lambda match: f"_x{ord(match[0]):04X}_", text)
    return escape(text)


@pytest.fixture(scope="module")
def typed(tmp_path_factory):
    """Return a function that writes a workbook of one row with any text in its note."""
    path = workbook(tmp_path_factory.mktemp("typed"), HEADER, ["a", 2019, None, "TYPED"])
    content = path.read_bytes()

    def put(text: str) -> Path:
        path.write_bytes(content)
        return edited(
            path, lambda xml: xml.replace("<t>TYPED", f'<t xml:space="preserve">{as_excel_writes(text)}')
        )

    return put


def test_rows_know_their_values_and_cells(tmp_path):
    day = datetime.date(2019, 3, 28)
    path = workbook(tmp_path, HEADER, [" a ", 2019, day, None], [], ["b", 2020.0, None, "line\nbreak"])
    rows, problems = read(path)
    assert not problems
    assert [(row.at, row.values) for row in rows] == [
        (2, {"id": "a", "year": 2019, "day": day, "note": None}),
        (4, {"id": "b", "year": 2020, "day": None, "note": "line\nbreak"}),
    ]
    assert rows[1].place("note") == Place(NAME, SHEET, "D4")
    assert isinstance(rows[1]["year"], int)


def test_columns_are_found_by_their_titles_wherever_they_are(tmp_path):
    rows, problems = read(
        workbook(tmp_path, ["Note", None, "Year", " ID ", "Day"], ["n", None, 2019, "a", None])
    )
    assert not problems
    assert rows[0].values == {"note": "n", "year": 2019, "id": "a", "day": None}
    assert rows[0].place("id").cell == "D2"


def test_an_unknown_column_hides_no_other_problem_of_its_sheet(tmp_path):
    rows, problems = read(workbook(tmp_path, [*HEADER, "Mine"], ["a", "soon", None, None, 7]))
    assert [(one.kind, one.place.cell) for one in problems.in_order()] == [
        ("unknown-column", "E1"),
        ("not-a-year", "B2"),
    ]
    assert rows[0].unread == {"year"} and "Mine" not in rows[0].values


def test_a_table_without_its_titles_has_no_header_below_blank_rows(tmp_path):
    _, problems = read(workbook(tmp_path, [], ["a", 2019], ["b", 2019]))
    assert {problem.kind for problem in problems.found} == {"missing-column", "untitled-column"}


def test_every_cell_that_does_not_fit_is_reported(tmp_path):
    _, problems = read(workbook(tmp_path, HEADER, [1, "02019", "soon", True], [None, 1900, 2019, 1.5]))
    assert sorted((p.place.cell, p.kind) for p in problems.found) == [
        ("A2", "not-text"),
        ("A3", "empty"),
        ("B2", "number-as-text"),
        ("B3", "not-a-year"),
        ("C2", "not-a-date"),
        ("C3", "not-a-date"),
        ("D2", "not-text"),
        ("D3", "not-text"),
    ]


def test_a_calculated_value_is_a_value(tmp_path):
    path = workbook(tmp_path, HEADER, ["a", 2019])
    with_formula = r'<c r="B2" t="n"><f>2018+1</f><v>2019</v></c>'
    edited(path, lambda xml: re.sub(r'<c r="B2".*?</c>', with_formula, xml))
    rows, problems = read(path)
    assert not problems and rows[0]["year"] == 2019


def test_a_formula_that_gives_no_text_is_an_empty_cell(tmp_path):
    path = workbook(tmp_path, HEADER, ["a", 2019, None, "x"])
    edited(path, lambda xml: re.sub(r'<c r="D2".*?</c>', '<c r="D2" t="str"><f>T(1)</f><v></v></c>', xml))
    rows, problems = read(path)
    assert not problems and rows[0]["note"] is None


def test_formatted_cells_without_a_value_far_away_are_ignored(tmp_path):
    path = workbook(tmp_path, HEADER, ["a", 2019])
    edited(
        path,
        lambda xml: xml.replace(
            "</sheetData>", '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
        ),
    )
    rows, problems = read(path)
    assert not problems and len(rows) == 1


def test_a_workbook_may_have_only_the_other_sheets_that_are_known(tmp_path):
    path = workbook(tmp_path, HEADER, ["a", 2019])
    book = openpyxl.load_workbook(path)
    book.create_sheet("Lists")
    book.save(path)
    assert not read(path)[1]
    book.create_sheet("Copy of Data")
    book.save(path)
    assert [(p.kind, p.place.sheet) for p in read(path)[1].found] == [("unknown-sheet", "Copy of Data")]


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40))
@example("=1+1")
@example("_x0041_")
@example("  ½ “x” & <b> \t")
@example("\x07")
@example("\ufffe")
@example("\U000e0000")
@examples(200)
def test_any_text_in_a_cell_is_read_unchanged_or_its_cell_is_reported(typed, text):
    assume("\r" not in text)  # XML has one kind of line end
    rows, problems = read(typed(text))
    if problems:
        assert [(p.place.cell, p.kind) for p in problems.found] == [("D2", "forbidden-character")]
        assert forbidden_character(text)
    else:
        assert rows[0]["note"] == (text.strip() or None)


@given(st.integers(-3000, 3000) | st.floats(allow_nan=False, allow_infinity=False))
@examples(40)
def test_a_number_is_a_year_from_1989_to_2100_or_its_cell_is_reported(tmp_path_factory, number):
    rows, problems = read(workbook(tmp_path_factory.getbasetemp(), HEADER, ["a", number]))
    if problems:
        assert [(p.place.cell, p.kind) for p in problems.found] == [("B2", "not-a-year")]
        assert not (float(number).is_integer() and 1989 <= number <= 2100)
    else:
        assert rows[0]["year"] == number


@given(st.integers(0, len(SHIPPED) - 1), st.binary(max_size=30), st.integers(0, 400))
@examples(150)
def test_a_damaged_workbook_is_a_problem_and_never_a_traceback(tmp_path_factory, at, put, length):
    path = tmp_path_factory.getbasetemp() / "damaged.xlsx"
    path.write_bytes(SHIPPED[:at] + put + SHIPPED[at + length :])
    problems = Problems()
    layout = {"id": Column("ID"), "title": Column("Activity")}
    rows = read_sheet(path, NAME, "Schedule", layout, ("Lists", "Notes"), problems)
    assert rows or problems
    assert all(problem.place.file == NAME for problem in problems.found)


@given(
    st.integers(0, 10_000),
    st.sampled_from(
        [b"", b"<", b">", b'"', b"</c>", b"\0", b"\xff", b"-1", b"99999999", b"<v>", b"&", b"&#0;"]
    ),
)
@examples(100)
def test_a_sheet_with_damaged_xml_never_raises(tmp_path_factory, at, put):
    path = tmp_path_factory.getbasetemp() / "damaged.xlsx"
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SHIPPED)) as package, zipfile.ZipFile(packed, "w") as damaged:
        for name in package.namelist():
            content = package.read(name)
            if name == "xl/worksheets/sheet1.xml":
                at %= len(content)
                content = content[:at] + put + content[at + len(put) :]
            damaged.writestr(name, content)
    path.write_bytes(packed.getvalue())
    problems = Problems()
    read_sheet(path, NAME, "Schedule", {"id": Column("ID")}, ("Lists", "Notes"), problems)
    assert all(problem.place.file == NAME for problem in problems.found)


def test_a_file_without_permission_to_read_it_is_reported(tmp_path, monkeypatch):
    path = workbook(tmp_path, HEADER)

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("papers.inputs.xlsx_open.open_patiently", refuse)
    _, problems = read(path)
    assert [(p.kind, p.found) for p in problems.found] == [
        ("unreadable", "a file that cannot be opened (Permission denied)")
    ]


def test_the_letters_of_columns_are_those_of_excel():
    assert [column_letter(index) for index in (0, 25, 26, 51, 52, 701, 702, 16383)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
        "XFD",
    ]


CELLS = st.one_of(
    st.none(),
    st.sampled_from(
        ["", " ", "a", " b ", "2019", "\u202e", True, False, 1, 1.0, 2019, 2019.0, math.nan, math.inf]
    ),
    st.text(max_size=3),
    st.floats(),
    st.integers(),
    st.dates(),
    st.datetimes(),
    st.times(),
)


@given(kind=st.sampled_from(list(READERS)), cells=st.lists(CELLS, max_size=6))
def test_a_column_converted_at_once_has_the_values_of_its_cells_converted_one_by_one(kind, cells):
    try:
        alone = [None if is_empty(cell) else READERS[kind](cell) for cell in cells]
    except CellError:
        alone = None
    whole = convert_column(kind, cells)
    assert whole in (alone, None)
    if whole is not None:
        assert [*map(type, whole)] == [*map(type, alone)]
    elif alone is not None:  # only what might be confused is read one by one
        assert kind == "text" or any(isinstance(cell, (bool, float)) or cell is None for cell in cells)


RENAMED = {
    "a cell": ('<c r="B2"', "</c>", "cx", "B2"),
    "a value": ("<v>2019", "</v>", "w", "B2"),
    "a row": ('<row r="2"', "</row>", "line", ""),
}


@pytest.mark.parametrize("what", RENAMED)
def test_a_value_in_an_element_that_no_program_writes_is_reported(tmp_path, what):
    begins, ends, name, cell = RENAMED[what]
    old = ends[2:-1]

    def rename(xml: str) -> str:
        at = xml.index(begins)
        end = xml.index(ends, at)
        inner = xml[at + 1 + len(old) : end]
        return f"{xml[:at]}<{name}{inner}</{name}>{xml[end + len(ends) :]}"

    _, problems = read(edited(workbook(tmp_path, HEADER, ["a", 2019], ["b", 2020]), rename))
    assert (cell, "damaged") in {(problem.place.cell, problem.kind) for problem in problems.found}
    assert f'an unknown element "{name}"' in "\n".join(problems.lines())


def test_a_text_of_the_workbook_in_an_element_that_no_program_writes_is_reported(tmp_path):
    path = tmp_path / "shared.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(SHEET)
        for at, row in enumerate([HEADER, ["a", 2019], ["b", 2020]]):
            sheet.write_row(at, 0, row)
    assert [row["id"] for row in read(path)[0]] == ["a", "b"]
    renamed = edited(
        path, lambda xml: re.sub("<si>(<t>a</t>)</si>", r"<sj>\1</sj>", xml), "xl/sharedStrings.xml"
    )
    _, problems = read(renamed)
    assert 'an unknown element "sj" among the texts of the workbook' in "\n".join(problems.lines())


def test_a_sheet_that_is_read_again_reports_its_problems_again(tmp_path):
    path = workbook(tmp_path, HEADER, ["a", "soon"])
    assert read(path)[1].lines() == read(path)[1].lines() != []
