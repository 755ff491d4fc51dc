"""Unusual spellings whose meaning is certain are read, and a notice names the first of each sort in a sheet."""

from __future__ import annotations

import datetime

import openpyxl
from papers.problems import Place, Problems
from workbook_tools import HEADER, NAME, SHEET, read, workbook


def test_dates_as_text_are_read_and_counted_in_one_notice(tmp_path):
    rows, problems = read(workbook(tmp_path, HEADER, ["a", 2019, "5 May 2017"], ["b", 2019, "2017-05-06"]))
    assert [row["day"] for row in rows] == [datetime.date(2017, 5, 5), datetime.date(2017, 5, 6)]
    assert not problems
    assert problems.notices() == [
        f'{NAME}, sheet {SHEET}, cell C2: found a date that is typed as text ("5 May 2017"), as in C3;'
        " it was read as 2017-05-05. There is nothing to do."
    ]


def test_a_whole_number_as_text_is_read(tmp_path):
    rows, problems = read(workbook(tmp_path, HEADER, ["a", " 2019 "]))
    assert rows[0]["year"] == 2019 and not problems
    assert 'cell B2: found a number that is typed as text (" 2019 ")' in "".join(problems.notices())


def test_blank_rows_and_spaces_around_texts_are_left_out_and_named(tmp_path):
    path = workbook(tmp_path, [], HEADER, ["  "], [" a", 2019], [None, None, " "], ["b", 2019], ["\xa0"])
    rows, problems = read(path)
    assert [(row.at, row["id"]) for row in rows] == [(4, "a"), (6, "b")]
    assert not problems
    assert [notice.partition(";")[0] for notice in problems.notices()] == [
        f"{NAME}, sheet {SHEET}, cell A3: found a blank row above others (row 3), as in A5",
        f'{NAME}, sheet {SHEET}, cell A4: found a text with spaces around it (" a")',
    ]


def test_of_a_cell_with_a_hyperlink_the_text_is_read(tmp_path):
    path = workbook(tmp_path, HEADER, ["a", 2019, None, "the report"])
    book = openpyxl.load_workbook(path)
    book.active["D2"].hyperlink = "https://example.org/report"
    book.save(path)
    rows, problems = read(path)
    assert rows[0]["note"] == "the report"
    assert not problems
    assert "cell D2: found a hyperlink" in problems.notices()[0]


def test_a_sheet_as_it_should_be_has_no_notice(tmp_path):
    assert read(workbook(tmp_path, HEADER, ["a", 2019, datetime.date(2019, 1, 2), "n"]))[1].notices() == []


def test_problems_of_a_sheet_are_listed_row_by_row():
    problems = Problems()
    for cell in ("B10", "A10", "AA9", "B9", ""):
        problems.add(Place("a.xlsx", "S", cell), "k", "x", "y", "Z.")
    assert [problem.place.cell for problem in problems.in_order()] == ["", "B9", "AA9", "A10", "B10"]


def test_no_notice_says_how_a_cell_was_read_that_is_refused():
    problems = Problems()
    for cell in ("C2", "C3"):
        problems.add_spelling(
            Place(NAME, SHEET, cell), "a date that is typed as text", "5 May 2017", "2017-05-05"
        )
    problems.add(Place(NAME, SHEET, "C2"), "year", "2017-05-05", "a day of 2018", "Correct it.")
    (notice,) = problems.notices()
    assert "cell C3" in notice and "C2" not in notice
