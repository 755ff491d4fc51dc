"""The sheet that is checked is the sheet that is read, whatever else a workbook contains."""

from __future__ import annotations

import datetime
import re

import pytest
import xlsxwriter
from reliability import count
from workbook_tools import (
    BOOK_PART,
    HEADER,
    OFFICE,
    RELATIONS_PART,
    SHEET,
    SHEET_PART,
    edited,
    found,
    packed,
    parts_of,
    read,
    relation,
    with_part,
    workbook,
)

SECTION = "Hostile files by kind"

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
OTHER_SHEET = (
    f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>'
).encode()
WORKSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
DECOY = f'<sheet xmlns:r="{OFFICE}" name="{SHEET}" sheetId="9" r:id="rId1"/>'


@pytest.fixture
def path(tmp_path):
    return workbook(tmp_path, HEADER, ["a", 2019, datetime.date(2019, 3, 28), "x"], ["b", 2020])


def ids(path) -> list[str]:
    rows, problems = read(path)
    assert not problems, problems.lines()
    return [row["id"] for row in rows]


def book(old: str, new: str):
    return lambda path: edited(path, lambda xml: xml.replace(old, new, 1), BOOK_PART)


def relations(old: str, new: str):
    return lambda path: edited(path, lambda xml: xml.replace(old, new, 1), RELATIONS_PART)


def sheet(old: str, new: str):
    return lambda path: edited(path, lambda xml: re.sub(old, new, xml, count=1, flags=re.S))


def two_content_types(path):
    override = f'<Override PartName="/{SHEET_PART}" ContentType="image/png"/></Types>'
    return edited(path, lambda xml: xml.replace("</Types>", override), "[Content_Types].xml")


AMBIGUOUS = {
    "an element sheet in an extension": book("<bookViews>", f"<extLst><ext>{DECOY}</ext></extLst><bookViews>"),
    "an element sheets in an alternative": book(
        "<bookViews>",
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Fallback><sheets>{DECOY}</sheets></mc:Fallback></mc:AlternateContent><bookViews>",
    ),
    "two lists of sheets": book("<sheets>", f"<sheets>{DECOY}</sheets><sheets>"),
    "a sheet of another namespace": book("</sheets>", f'<x:sheet xmlns:x="urn:x" name="{SHEET}"/></sheets>'),
    "two ids of relationships": book(
        "<sheet ", f'<sheet xmlns:s="{STRICT}" s:id="rId2" '
    ),
    "two sheets of one name": book("</sheets>", f"{DECOY}</sheets>"),
    "two relationships of one id": relations("</Relationships>", f"{relation('worksheet', '/xl/w.xml', 'rId1')}</Relationships>"),
    "a relationship of another namespace": relations("</Relationships>", '<x:Note xmlns:x="urn:x" Id="rId1" Target="/xl/w.xml"/></Relationships>'),
    "a sheet without a part": relations("/xl/worksheets/sheet1.xml", "/xl/worksheets/sheet7.xml"),
    "two content types": two_content_types,
    "two lists of rows": sheet("<sheetData>", '<sheetData><row r="9"/></sheetData><sheetData>'),
    "rows in an extension": sheet("</sheetData>", "</sheetData><extLst><ext><sheetData/></ext></extLst>"),
}  # fmt: skip


@pytest.mark.parametrize("make", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_what_two_programs_could_resolve_differently_is_refused(path, make):
    assert found(make(path)) == [("", "damaged")]
    count(SECTION, "workbooks: packages that two programs could resolve differently, refused")


def test_an_attribute_id_of_another_namespace_names_no_sheet(path):
    with_part(path, "worksheet", OTHER_SHEET, "xl/other.xml", WORKSHEET_TYPE)
    edited(path, lambda xml: xml.replace("<sheet ", '<sheet xmlns:q="urn:q" q:id="rId99" ', 1), BOOK_PART)
    assert ids(path) == ["a", "b"]


@pytest.mark.parametrize(
    "target",
    ["worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml", "../xl/./worksheets/sheet1.xml", "worksheets/SHEET1.xml", "worksheets/sheet%31.xml"],
)  # fmt: skip
def test_a_target_is_resolved_as_an_address(path, target):
    assert ids(relations("/xl/worksheets/sheet1.xml", target)(path)) == ["a", "b"]


@pytest.mark.parametrize("name", ["xl/values.bin", "data/a.xml"])
def test_a_part_is_known_by_its_relationship_and_not_by_its_name(path, name):
    text = {
        before: after.replace(SHEET_PART.encode(), name.encode()) for before, after in parts_of(path).items()
    }
    text[name] = text.pop(SHEET_PART)
    decoy = {SHEET_PART: OTHER_SHEET}
    assert ids(packed(path, {**text, **decoy})) == ["a", "b"]


@pytest.mark.parametrize("part", [SHEET_PART, BOOK_PART, "xl/styles.xml"])
def test_a_part_is_read_by_its_encoding(path, part):
    parts = parts_of(path)
    text = parts[part].decode()
    parts[part] = ('<?xml version="1.0" encoding="utf-16"?>' + text).encode("utf-16")
    assert ids(packed(path, parts)) == ["a", "b"]
    assert read(path)[0][0]["day"] == datetime.date(2019, 3, 28)


CELLS = {
    "a cell twice": ('(<c r="A2".*?</c>)', r"\1\1", "A2"),
    "cells out of order": ('(<c r="A2".*?</c>)(<c r="B2".*?</c>)', r"\2\1", "A2"),
    "rows out of order": ('(<row r="2".*?</row>)(<row r="3".*?</row>)', r"\2\1", "A2"),
    "a row twice": ('(<row r="2".*?</row>)', r"\1\1", "A2"),
}


@pytest.mark.parametrize(("old", "new", "cell"), CELLS.values(), ids=CELLS)
def test_cells_that_are_not_in_their_place_are_reported(path, old, new, cell):
    assert (cell, "doubled-cell") in found(sheet(old, new)(path))


def test_cells_and_rows_without_a_reference_follow_the_ones_before(path):
    edited(path, lambda xml: re.sub(r'<(c|row) r="[A-Z]?\d+"', r"<\1", xml))
    rows, problems = read(path)
    assert not problems and [(row.at, row["id"], row["year"]) for row in rows] == [
        (2, "a", 2019),
        (3, "b", 2020),
    ]


RICH = '<is><r><t>a</t></r><r><rPr><b/></rPr><t>b</t></r><rPh sb="0" eb="1"><t>ei</t></rPh><phoneticPr fontId="1"/></is>'


def test_runs_are_joined_and_furigana_is_no_text(path):
    edited(path, lambda xml: re.sub(r'(<c r="A2"[^>]*>).*?</c>', rf"\1{RICH}</c>", xml))
    assert ids(path) == ["ab", "b"]


def test_shared_texts_are_those_of_the_part_that_the_workbook_names(tmp_path):
    path = tmp_path / "shared.xlsx"
    with xlsxwriter.Workbook(path) as written:
        page = written.add_worksheet(SHEET)
        for at, row in enumerate([HEADER, ["a", 2019], ["b", 2020]]):
            page.write_row(at, 0, row)
    parts = {name: text.replace(b"sharedStrings.xml", b"texts.xml") for name, text in parts_of(path).items()}
    parts["xl/texts.xml"] = parts["xl/sharedStrings.xml"]
    parts["xl/sharedStrings.xml"] = parts["xl/texts.xml"].replace(b"<t>a</t>", b"<t>z</t>")
    assert ids(packed(path, parts)) == ["a", "b"]


def test_dates_may_count_from_1904(path):
    edited(path, lambda xml: xml.replace("<workbookPr", '<workbookPr date1904="true"', 1), BOOK_PART)
    assert read(path)[0][0]["day"] == datetime.date(2023, 3, 29)
