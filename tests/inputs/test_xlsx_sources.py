"""What runs something or fetches values is refused under any name; what any program may write is read."""

from __future__ import annotations

import re

import pytest
from papers.inputs.xlsx_sources import active_formula
from reliability import count
from workbook_tools import (
    BOOK_PART,
    HEADER,
    MICROSOFT,
    RELATIONS_PART,
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

SHEET_RELATIONS = "xl/worksheets/_rels/sheet1.xml.rels"
PIVOT = '<pivotCacheDefinition xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cacheSource type="{}"/></pivotCacheDefinition>'


@pytest.fixture
def path(tmp_path):
    return workbook(tmp_path, HEADER, ["a", 2019, None, "x"], ["b", 2020])


REFUSED = {
    "connections": "connections to other data",
    "queryTable": "connections to other data",
    "xmlMaps": "connections to other data",
    "volatileDependencies": "connections to other data",
    "externalLink": "links to other workbooks",
    f"{MICROSOFT}/2006/relationships/vbaProject": "macros",
    f"{MICROSOFT}/2006/relationships/xlMacrosheet": "macros",
    f"{MICROSOFT}/2006/relationships/ui/extensibility": "an add-in or buttons of its own",
    f"{MICROSOFT}/2011/relationships/webextensiontaskpanes": "an add-in or buttons of its own",
    "oleObject": "files, controls or media within the workbook",
    "package": "files, controls or media within the workbook",
    "control": "files, controls or media within the workbook",
    "http://example.org/unknown": "a part of an unknown kind",
    "Connections": "a part of an unknown kind",
}


@pytest.mark.parametrize("source", ["_rels/.rels", RELATIONS_PART, SHEET_RELATIONS])
@pytest.mark.parametrize("kind", REFUSED)
def test_a_part_is_refused_by_its_relationship_under_any_name(path, kind, source):
    problems = read(with_part(path, kind, b"<a/>", "xl/notes.txt", source=source))[1]
    assert [problem.kind for problem in problems.found] == ["from-elsewhere"]
    assert REFUSED[kind] in problems.lines()[0]
    count(SECTION, "workbooks: parts refused by their relationship under any name")


@pytest.mark.parametrize(
    "declared",
    ["application/vnd.ms-office.vbaProject", "application/vnd.ms-excel.macrosheet+xml", "application/x-msdownload"],
)  # fmt: skip
def test_a_part_is_refused_by_its_content_type(path, declared):
    assert found(with_part(path, "theme", b"<a/>", declared=declared)) == [("", "from-elsewhere")]
    count(SECTION, "workbooks: parts refused by their content type")


@pytest.mark.parametrize("type_of_source", ["external", "consolidation", " external "])
def test_a_pivot_table_with_data_from_outside_is_refused(path, type_of_source):
    cache = PIVOT.format(type_of_source).encode()
    assert found(with_part(path, "pivotCacheDefinition", cache)) == [("", "from-elsewhere")]


def test_a_pivot_table_of_the_workbook_is_none_of_our_business(path):
    assert not found(with_part(path, "pivotCacheDefinition", PIVOT.format("worksheet").encode()))


@pytest.mark.parametrize(
    "kind",
    [
        "customXml", "printerSettings", "calcChain", "sheetMetadata", "theme",
        f"{MICROSOFT}/2017/10/relationships/person", f"{MICROSOFT}/2007/relationships/slicerCache",
        "http://customschemas.google.com/relationships/workbookmetadata",
    ],
)  # fmt: skip
def test_what_programs_add_to_a_workbook_is_accepted(path, kind):
    parts = parts_of(with_part(path, kind, b"<a/>", "xl/more.xml"))
    assert not found(packed(path, parts))


@pytest.mark.parametrize(
    ("kind", "target", "accepted"),
    [
        ("hyperlink", "https://example.org", True),
        ("hyperlink", "mailto:a@example.org", True),
        ("hyperlink", "javascript:alert(1)", False),
        ("hyperlink", "file:///C:/annex.docx", False),
        ("hyperlink", r"\\server\share\a.exe", False),
        ("image", "https://example.org/a.png", False),
    ],
)
def test_content_that_is_stored_elsewhere_is_refused(path, kind, target, accepted):
    parts = parts_of(path)
    entry = relation(kind, target, mode="External")
    parts[SHEET_RELATIONS] = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{entry}</Relationships>'.encode()
    )
    assert found(packed(path, parts)) == ([] if accepted else [("", "from-elsewhere")])


def test_a_relationship_that_leads_nowhere_is_ignored(path):
    edited(path, lambda xml: xml.replace("</Relationships>", relation("printerSettings", "NULL") + "</Relationships>"), RELATIONS_PART)  # fmt: skip
    assert not found(path)


ACTIVE = [
    "cmd|'/c calc'!A1", "'cmd'|'/c calc'!A0", 'DDE("a","b","c")', '_xlfn.WEBSERVICE("https://example.org")',
    "_xlfn . WEBSERVICE(A1)".replace(" ", ""), "FILTERXML (A1)", 'RTD("p",,"t")', 'CALL("a","b")', "register.id(1)",
    "[1]Data!A1", "'[other.xlsx]Data'!A1", r"'C:\files\[other.xlsx]My data'!A1", "_xll.ADDED(1)",
    'HYPERLINK("javascript:x","y")', r'HYPERLINK("\\server\a.exe")', "HYPERLINK(A1)", 'IMPORTDATA("https://e.org")',
    '1+IMAGE("https://example.org/a.png")', "A" * 9000,
]  # fmt: skip
HARMLESS = [
    "SUM(A1:A9)", "'It''s [not]'&\"[1]Data!A1\"", 'IF(A1="a|b",1,2)', "'a|b'!A1", "Table1[2017]", "RECALL(1)",
    "SUM(Table1[[2017]:[2018]])", "Table1[[#This Row],[a|b]]", "[0]!Name", 'HYPERLINK("https://example.org","a")',
    "_xlfn.XLOOKUP(A1,B:B,C:C)", '"WEBSERVICE("&A1', "DATE(2018,1,1)",
]  # fmt: skip


@pytest.mark.parametrize("formula", ACTIVE)
def test_a_formula_that_fetches_or_runs_something_is_known(formula):
    assert active_formula(formula)
    count(SECTION, "workbooks: formulas that fetch or run, known")


@pytest.mark.parametrize("formula", HARMLESS)
def test_a_formula_that_calculates_is_accepted(formula):
    assert not active_formula(formula)


def in_cell(path):
    formula = '<c r="B2" t="n"><f>WEBSERVICE("u")</f><v>2019</v></c>'
    return edited(path, lambda xml: re.sub(r'<c r="B2".*?</c>', formula, xml))


def in_name(path):
    name = '<definedNames><definedName name="x">WEBSERVICE("u")</definedName></definedNames>'
    return edited(
        path, lambda xml: xml.replace("<definedNames/>", name).replace("<definedNames />", name), BOOK_PART
    )


def after_rows(xml: str):
    return lambda path: edited(path, lambda text: text.replace("</sheetData>", f"</sheetData>{xml}"))


PLACES = {
    "a cell": (in_cell, "B2"),
    "a name": (in_name, ""),
    "a list of drop-down cells": (
        after_rows('<dataValidations><dataValidation sqref="A2"><formula1>WEBSERVICE("u")</formula1></dataValidation></dataValidations>'),
        "",
    ),
    "a conditional format": (
        after_rows('<conditionalFormatting sqref="A2"><cfRule type="expression" priority="1"><formula>WEBSERVICE("u")</formula></cfRule></conditionalFormatting>'),
        "",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("make", "cell"), PLACES.values(), ids=PLACES)
def test_formulas_are_refused_wherever_they_are(path, make, cell):
    assert found(make(path)) == [(cell, "from-elsewhere")]
    count(SECTION, "workbooks: places of formulas, refused")
