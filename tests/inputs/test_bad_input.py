"""Every known mistake in the inputs is reported with its place, what was found, what was expected and what to do."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import openpyxl
import pytest
from forum_tools import FOLDER, MINI1, MINI2, PLAN, SCHEDULE, SETTINGS, TERMS, Forum
from papers.problems import Problem
from schedule_tools import settings_with_titles

INTRODUCTION, STRUCTURE = f"{PLAN}/sections/1-introduction.md", f"{TERMS}/structure.md"
OLE = bytes.fromhex("D0CF11E0A1B11AE1")


@dataclass(frozen=True)
class Mistake:
    """A mistake, the place and kind of the problem that must report it, and words that its line must have."""

    name: str
    make: Callable[[Forum], object]
    file: str
    kind: str
    where: str  # "cell B2", "line 7", "key meetings", "part row 1" or "" for the whole file
    words: str = ""
    alone: bool = True  # no other problem is reported


def cell(address: str, value: object) -> Callable[[Forum], None]:
    def make(forum: Forum) -> None:
        with forum.sheet() as sheet:
            sheet[address] = value

    return make


def on_sheet(edit: Callable) -> Callable[[Forum], None]:
    def make(forum: Forum) -> None:
        with forum.sheet() as sheet:
            edit(sheet)

    return make


def on_book(edit: Callable) -> Callable[[Forum], None]:
    def make(forum: Forum) -> None:
        with forum.book() as book:
            edit(book)

    return make


def on_xml(pattern: str, new: str) -> Callable[[Forum], None]:
    return lambda forum: forum.edit_part(lambda xml: re.sub(pattern, new, xml, count=1, flags=re.S))


def text(file: str, old: str, new: str) -> Callable[[Forum], None]:
    return lambda forum: forum.replace(file, old, new)


def content(file: str, what: str | bytes) -> Callable[[Forum], None]:
    return lambda forum: forum.write(file, what)


def settings(what: str) -> Callable[[Forum], None]:
    return content(SETTINGS, what)


def added(file: str, what: str) -> Callable[[Forum], None]:
    return lambda forum: forum.write(file, forum.text(file) + what)


def set_sheet_state(book: openpyxl.Workbook) -> None:
    book.active = 1
    book["Schedule"].sheet_state = "hidden"


def encrypted_zip(forum: Forum) -> None:
    """Flag the parts of the workbook as encrypted: no library opens them."""
    packed = bytearray(forum.path(SCHEDULE).read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for at in (match.start() for match in re.finditer(re.escape(mark), bytes(packed))):
            packed[at + flags] |= 1
    forum.write(SCHEDULE, bytes(packed))


def second_plan(forum: Forum) -> None:
    """Add a later plan with an area of its own, and put an activity of it into the edition of the first plan."""
    for file in [path for path in forum.path(PLAN).rglob("*") if path.is_file()]:
        forum.write(
            f"{FOLDER}/plan-2021-2022/{file.relative_to(forum.path(PLAN)).as_posix()}", file.read_bytes()
        )
    later = f"{FOLDER}/plan-2021-2022/plan.yaml"
    forum.replace(later, "    name: Access to markets", "    name: Space")
    forum.replace(later, "in_list: Access to markets.", "in_list: Space.")
    forum.replace(later, "- id: access\n", "- id: space\n")
    cell("B2", "Space")(forum)


WORKBOOK = [
    Mistake("missing sheet", on_book(lambda b: setattr(b["Schedule"], "title", "Shedule")), SCHEDULE, "missing-sheet", "", 'Rename the sheet "Shedule" to "Schedule".'),
    Mistake("unknown sheet", on_book(lambda b: b.create_sheet("Sheet1")), SCHEDULE, "unknown-sheet", ""),
    Mistake("hidden sheet", on_book(set_sheet_state), SCHEDULE, "hidden", ""),
    Mistake("missing column", on_sheet(lambda s: s.delete_cols(9)), SCHEDULE, "missing-column", "part row 1", '"Remarks"'),
    Mistake("misspelt column", cell("D1", "Frist year"), SCHEDULE, "unknown-column", "cell D1", 'Did you mean "First year"?'),
    Mistake("column of another name", cell("D1", "Start"), SCHEDULE, "unknown-column", "cell D1", 'a column "First year"'),
    Mistake("column that nobody knows", cell("J1", "Budget"), SCHEDULE, "unknown-column", "cell J1", '"Budget"'),
    Mistake("column twice", cell("J1", "Status"), SCHEDULE, "doubled-column", "cell J1"),
    Mistake("value under no title", cell("K3", "see my mail"), SCHEDULE, "untitled-column", "cell K3"),
    Mistake("empty sheet", on_sheet(lambda s: s.delete_rows(1, 9)), SCHEDULE, "missing-column", "part row 1", "the columns ID, Priority area"),
    Mistake("misspelt economy", cell("F2", "Malaysia; Phillipines"), SCHEDULE, "unknown-economy", "cell F2", 'Did you mean "Philippines"?'),
    Mistake("misspelt priority area", cell("B3", "Skils, Tools and the Digital Economy"), SCHEDULE, "unknown-area", "cell B3", 'Did you mean "Skills, Tools'),
    Mistake("unknown status", cell("H2", "aproved"), SCHEDULE, "unknown-status", "cell H2", 'Did you mean "approved"?'),
    Mistake("economy twice", cell("F2", "Peru; Malaysia; Peru"), SCHEDULE, "doubled", "cell F2", "Peru twice"),
    Mistake("text for a year", cell("D2", "soon"), SCHEDULE, "not-a-year", "cell D2", '"soon"'),
    Mistake("year as text", cell("E3", "20.19"), SCHEDULE, "number-as-text", "cell E3", '"20.19"'),
    Mistake("half a year", cell("E3", 2019.5), SCHEDULE, "not-a-year", "cell E3", "2019.5"),
    Mistake("year of long ago", cell("D3", 19), SCHEDULE, "not-a-year", "cell D3"),
    Mistake("TRUE for a year", cell("D3", True), SCHEDULE, "not-a-year", "cell D3"),
    Mistake("no number for a year", on_xml(r'(<c r="D3"[^>]*>)<v>2019</v>', r"\1<v>NaN</v>"), SCHEDULE, "not-a-year", "cell D3"),
    Mistake("years reversed", cell("E2", 2018), SCHEDULE, "years-reversed", "cell E2", "2018"),
    Mistake("doubled ID", cell("A3", "2019-01"), SCHEDULE, "doubled-id", "cell A3", "first in A2"),
    Mistake("a date for an ID", cell("A3", datetime.datetime(2019, 2, 1)), SCHEDULE, "not-text", "cell A3", "a date"),
    Mistake("a number for text", cell("C3", 42), SCHEDULE, "not-text", "cell C3", 'a number ("42")'),
    Mistake("TRUE for text", cell("C3", True), SCHEDULE, "not-text", "cell C3", "TRUE or FALSE"),
    Mistake("a time for text", cell("I3", datetime.time(12, 30)), SCHEDULE, "not-text", "cell I3", "a date or time"),
    Mistake("empty cell", cell("C3", "  "), SCHEDULE, "empty", "cell C3", "Fill in Activity."),
    Mistake("merged cells", on_sheet(lambda s: s.merge_cells("B2:B4")), SCHEDULE, "merged", "cell B2", "B2:B4"),
    Mistake("hidden row", on_sheet(lambda s: setattr(s.row_dimensions[3], "hidden", True)), SCHEDULE, "hidden", "cell A3", "a hidden row"),
    Mistake("hidden column", on_sheet(lambda s: setattr(s.column_dimensions["C"], "hidden", True)), SCHEDULE, "hidden", "cell C1", "a hidden column"),
    Mistake("formula error", on_xml(r'<c r="I2".*?</c>', '<c r="I2" t="e"><f>A9/0</f><v>#REF!</v></c>'), SCHEDULE, "formula-error", "cell I2", "#REF!"),
    Mistake("formula error in a needed cell", on_xml(r'<c r="C2".*?</c>', "<c r='C2' t='e'><v>#NAME?</v></c>"), SCHEDULE, "formula-error", "cell C2", "#NAME?"),
    Mistake("formula never calculated", cell("E2", "=D2+1"), SCHEDULE, "formula-without-value", "cell E2"),
    Mistake("invisible character", on_xml(r"Workshop on", "Work_x000B_shop on"), SCHEDULE, "forbidden-character", "cell C2", "U+000B"),
    Mistake("value in the last cell", on_xml("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'), SCHEDULE, "far-cell", "cell XFD1048576"),
    Mistake("wrong number of a project", cell("G2", "SME 2 2019A"), SCHEDULE, "project-number", "cell G2", "two digits such as 02"),
    Mistake("activity of another plan", second_plan, SCHEDULE, "unknown-area", "cell B2", "a priority area of the plan"),
    Mistake(".csv under the name .xlsx", content(SCHEDULE, "ID,Activity\n1,x\n"), SCHEDULE, "not-xlsx", "", ".csv"),
    Mistake("empty file", content(SCHEDULE, b""), SCHEDULE, "not-xlsx", ""),
    Mistake(".xls under the name .xlsx", content(SCHEDULE, OLE + bytes(512) + "Workbook".encode("utf-16-le")), SCHEDULE, "old-xls", ""),
    Mistake("password", content(SCHEDULE, OLE + bytes(512) + "EncryptedPackage".encode("utf-16-le")), SCHEDULE, "encrypted", "", "Remove the password"),
    Mistake("encrypted zip", encrypted_zip, SCHEDULE, "damaged", ""),
    Mistake("open in Excel", content(f"{FOLDER}/plan-2019-2020/schedule/~$2019.xlsx", b"\x05Chair"), SCHEDULE, "open", "", "Save and close it in Excel."),
    Mistake("broken zip", content(SCHEDULE, b"PK\x03\x04 and no more"), SCHEDULE, "damaged", ""),
    Mistake("another name", content(f"{FOLDER}/plan-2019-2020/schedule/last year.xlsx", b""), f"{FOLDER}/plan-2019-2020/schedule/last year.xlsx", "file-name", "", "2017.xlsx"),
    Mistake("raised digits as a year", content(f"{FOLDER}/plan-2019-2020/schedule/²⁰¹⁹.xlsx", b""), f"{FOLDER}/plan-2019-2020/schedule/²⁰¹⁹.xlsx", "file-name", ""),
    Mistake("old .xls in the folder", content(f"{FOLDER}/plan-2019-2020/schedule/2020.xls", OLE), f"{FOLDER}/plan-2019-2020/schedule/2020.xls", "file-type", "", ".xlsx"),
]  # fmt: skip

YAML = [
    Mistake("broken YAML", text(MINI1, "ordinal: 1", "ordinal: 1: 2"), MINI1, "yaml", "line 2 column 10"),
    Mistake("tab for indentation", text(MINI1, "  - number", "\t- number"), MINI1, "yaml", "line 12 column 1"),
    Mistake("key twice", text(MINI1, "ordinal: 1", "ordinal: 1\nordinal: 2"), MINI1, "yaml", "line 3 column 1", '"ordinal" a second time'),
    Mistake("a list for a key", text(MINI1, "ordinal: 1", "[a]: 1"), MINI1, "yaml", "line 2 column 1"),
    Mistake("a day that no month has", text(MINI1, "2019-03-28", "2019-02-30"), MINI1, "yaml", "line 5 column 8", "no valid date"),
    Mistake("forbidden character", text(MINI1, "Valparaíso", "Val\x0bparaíso"), MINI1, "forbidden-character", "line 3", "U+000B"),
    Mistake("forbidden character as escape", text(MINI1, "Valparaíso", '"Val\\x0bparaíso"'), MINI1, "forbidden-character", "line 3 column 7", "U+000B"),
    Mistake("Latin-1", lambda f: f.write(MINI1, f.text(MINI1).encode("latin-1")), MINI1, "unreadable", "", "UTF-8"),
    Mistake("endless nesting", content(MINI1, "[" * 200_000), MINI1, "yaml", "line 1 column 51"),
    Mistake("empty file", content(MINI1, ""), MINI1, "missing-key", "line 1", "the keys code"),
    Mistake("unknown key", text(MINI1, "city:", "town:"), MINI1, "unknown-key", "line 3 key town", '"town"', True),
    Mistake("misspelt key", text(MINI1, "city:", "citi:"), MINI1, "unknown-key", "key citi", 'Did you mean "city"?'),
    Mistake("missing key", text(MINI1, "    kind: strategic-plan\n", ""), MINI1, "missing-key", "key papers[1].kind", 'Add a line "kind: ...".'),
    Mistake("date for text", text(MINI1, '- item: "4"', "- item: 2019-03-28"), MINI1, "wrong-value", "key agenda[1].item", "in quotes"),
    Mistake("text for a number", text(MINI1, "ordinal: 1", 'ordinal: "1"'), MINI1, "wrong-value", "key ordinal", "without quotes"),
    Mistake("text for a date", text(MINI1, "2019-03-28", "03/04/2019"), MINI1, "wrong-value", "key start", "such as 2016-09-07"),
    Mistake("text for a list", text(MINI1, "submitted_by:\n      - APEC", "submitted_by: Chile, APEC"), MINI1, "wrong-value", "key papers[1].submitted_by", "dash"),
    Mistake("unknown purpose", text(MINI1, "purpose: Information", "purpose: Informations"), MINI1, "wrong-value", "key papers[1].purpose", 'Did you mean "Information"?'),
    Mistake("missing file", lambda f: f.path(f"{FOLDER}/forum.yaml").unlink(), f"{FOLDER}/forum.yaml", "unreadable", ""),
    Mistake("illustration that is not there", text(f"{FOLDER}/forum.yaml", "logo: null", "illustrative:\n  - plan-2019-2020/schedule/2091.xlsx"), f"{FOLDER}/forum.yaml", "no-file", "key illustrative[1]", "2091"),
    Mistake("logo that is not there", text(f"{FOLDER}/forum.yaml", "logo: null", "logo: logo.png"), f"{FOLDER}/forum.yaml", "no-file", "key logo", "inputs/logo.png"),
    Mistake(".yml for .yaml", content(f"{FOLDER}/meetings/MINI3.yml", "code: MINI3"), f"{FOLDER}/meetings/MINI3.yml", "file-type", "", ".yaml"),
    Mistake("doubled objective", text(f"{PLAN}/plan.yaml", "id: access-1", "id: skills-1"), f"{PLAN}/plan.yaml", "doubled-id", "key priority_areas[2].objectives[1].id"),
    Mistake("plan ends before it begins", text(f"{PLAN}/plan.yaml", "last_year: 2020", "last_year: 2018"), f"{PLAN}/plan.yaml", "years-reversed", "key last_year", "2018", False),
    Mistake("review outside the plan", text(f"{PLAN}/plan.yaml", "mid_term: 2019", "mid_term: 2029"), f"{PLAN}/plan.yaml", "year", "key reviews.mid_term", "2029"),
    Mistake("vision in two paragraphs", text(f"{PLAN}/plan.yaml", "vision: >-\n", "vision: >-\n  First.\n\n\n"), f"{PLAN}/plan.yaml", "not-one-paragraph", "key vision", "2 paragraphs"),
    Mistake("vision as a list", text(f"{PLAN}/plan.yaml", "  A region", "  - A region"), f"{PLAN}/plan.yaml", "not-one-paragraph", "key vision", "List Bullet"),
    Mistake("unknown fact in the vision", text(f"{PLAN}/plan.yaml", "{{ last_year }}", "{{ lst_year }}"), f"{PLAN}/plan.yaml", "unknown-fact", "line 5", 'Did you mean "last_year"?'),
    Mistake("vision within the vision", text(f"{PLAN}/plan.yaml", "  A region", "  {{ vision }} A region"), f"{PLAN}/plan.yaml", "unknown-fact", "line 5"),
    Mistake("economy twice in the register", text("inputs/apec/economies.yaml", "order: 2\n", "order: 1\n"), "inputs/apec/economies.yaml", "doubled", "key economies[2].order"),
    Mistake("misspelt host", text("inputs/apec/hosts.yaml", "Chile", "Chille"), "inputs/apec/hosts.yaml", "unknown-economy", "key hosts.2019", 'Did you mean "Chile"?'),
]  # fmt: skip

MEETINGS = [
    Mistake("serial of two digits", text(MINI1, "MINI1/003", "MINI1/03"), MINI1, "number", "line 12", "three digits such as 015"),
    Mistake("unknown suffix", text(MINI2, "002rev1", "002final"), MINI2, "number", "key papers[2].number", "rev1 to rev99"),
    Mistake("revision 0", text(MINI2, "002rev1", "002rev0"), MINI2, "number", "key papers[2].number", "first revision is rev1"),
    Mistake("another year", text(MINI1, "2019/MINI1/003", "2018/MINI1/003"), MINI1, "number-year", "line 12", "2019, the year of the meeting"),
    Mistake("another meeting's path", text(MINI1, "2019/MINI1/003", "2019/MINI2/003"), MINI1, "number-path", "line 12", "begins with 2019/MINI1/"),
    Mistake("number twice", text(MINI2, "2019/MINI2/002rev1", "2019/MINI2/001"), MINI2, "doubled-number", "key papers[2].number", f"first in {MINI2}, line 10"),
    Mistake("wrong number of the paper before", text(MINI1, "SOM3/SCE/007", "SOM3/SCE/7"), MINI1, "number", "key papers[1].forum_doc_no"),
    Mistake("number of a project", text(MINI1, "number: 2019/MINI1/003", "number: SME 02 2019A"), MINI1, "number", "line 12", "number of a project"),
    Mistake("agenda item that the agenda lacks", text(MINI1, 'agenda_item: "4"', 'agenda_item: "5"'), MINI1, "agenda-item", "key papers[1].agenda_item", "4, 5a"),
    Mistake("unknown kind", text(MINI1, "kind: strategic-plan", "kind: strategic-plans"), MINI1, "unknown-kind", "line 13", 'Did you mean "strategic-plan"?'),
    Mistake("unknown plan", text(MINI1, "plan: plan-2019-2020", "plan: plan-2019-2021"), MINI1, "unknown-plan", "line 20", 'Did you mean "plan-2019-2020"?'),
    Mistake("unknown edition", text(MINI1, "schedule: 2019", "schedule: 2018"), MINI1, "unknown-schedule", "line 21", "2019"),
    Mistake("no plan", text(MINI2, "    plan: plan-2019-2020\n", ""), MINI2, "missing-plan", "line 10", "Name one of plan-2019-2020."),
    Mistake("misspelt economy of a meeting", text(MINI1, "economy: Chile", "economy: Chle"), MINI1, "unknown-economy", "key economy", 'Did you mean "Chile"?'),
    Mistake("misspelt submitter", text(MINI2, "- Philippines", "- Phillipines"), MINI2, "unknown-economy", "key papers[1].submitted_by[1]", 'Did you mean "Philippines"?'),
    Mistake("ends before it begins", text(MINI1, "end: 2019-04-01", "end: 2019-03-01"), MINI1, "dates-reversed", "key end"),
    Mistake("code of another file", text(MINI1, "code: MINI1", "code: MINI9"), MINI1, "code-and-file", "key code", '"MINI1"', False),
    Mistake("no year", text(MINI1, "start: 2019-03-28", "start: null"), MINI1, "no-year", "key papers"),
    Mistake("year without a host", text("inputs/apec/hosts.yaml", "  2019: Chile\n", ""), MINI1, "no-host", "key start", "hosts.yaml", False),
    Mistake("meeting that Windows keeps for a device", text(MINI1, "code: MINI1", "code: AUX"), MINI1, "wrong-value", "line 1 key code", "device"),
    Mistake("folder that Windows refuses", text(MINI1, "agenda:", "folder: 2019/CON\nagenda:"), MINI1, "number", "key folder", "device"),
    Mistake("no Terms of Reference", lambda f: [p.unlink() for p in f.path(TERMS).iterdir()] and f.path(TERMS).rmdir(), MINI2, "no-terms", "key papers[2].number", "", False),
]  # fmt: skip

MARKDOWN = [
    Mistake("table", added(STRUCTURE, "\n| a | b |\n|---|---|\n| c | d | e |\n"), STRUCTURE, "table-cells", "line 15", "a row with 3 cells"),
    Mistake("text below a table", added(STRUCTURE, "\n| a | b |\n|---|---|\n| c | d |\ntext\n"), STRUCTURE, "table-cells", "line 16", "an empty line below"),
    Mistake("table that Word cannot hold", added(STRUCTURE, "\n" + "|a" * 64 + "|\n" + "|-" * 64 + "|\n" + "|b" * 64 + "|\n"), STRUCTURE, "too-many-columns", "line 13", "at most 63"),
    Mistake("table without rows", added(STRUCTURE, "\n| a | b |\n|---|---|\n"), STRUCTURE, "empty-table", "line 13"),
    Mistake("table in a list", added(STRUCTURE, "\n- x\n\n  | a | b |\n  |---|---|\n  | c | d |\n"), STRUCTURE, "nesting", "line 15", "a table within a list"),
    Mistake("link", added(STRUCTURE, "\nSee [here](https://example.org).\n"), STRUCTURE, "markdown", "line 13", "a link"),
    Mistake("picture", added(STRUCTURE, "\n![Logo](logo.png)\n"), STRUCTURE, "no-picture", "line 13", "terms-of-reference/logo.png"),
    Mistake("picture outside the forum's folder", added(STRUCTURE, "\n![Logo](../../apec/logo.png)\n"), STRUCTURE, "picture-path", "line 13", "below inputs/mini"),
    Mistake("picture on the web", added(STRUCTURE, "\n![Logo](https://example.org/logo.png)\n"), STRUCTURE, "picture-path", "line 13"),
    Mistake("picture among words", added(STRUCTURE, "\nSee ![Logo](logo.png).\n"), STRUCTURE, "picture-in-text", "line 13", "a line of its own"),
    Mistake("HTML", added(STRUCTURE, "\nA<br>b\n"), STRUCTURE, "markdown", "line 13", "HTML"),
    Mistake("HTML comment", added(STRUCTURE, "\n<!-- later -->\n"), STRUCTURE, "markdown", "line 13", "HTML"),
    Mistake("code", added(STRUCTURE, "\n```\ncode\n```\n"), STRUCTURE, "markdown", "line 13", "a block of code"),
    Mistake("indented code", added(STRUCTURE, "\n    code\n"), STRUCTURE, "markdown", "line 13", "four spaces"),
    Mistake("rule under a paragraph", added(STRUCTURE, "Text\n---\n"), STRUCTURE, "markdown", "line 13", "a horizontal rule"),
    Mistake("no heading", text(STRUCTURE, "# Structure\n", ""), STRUCTURE, "no-heading", "line 1"),
    Mistake("empty heading", text(STRUCTURE, "# Structure\n", "#\n"), STRUCTURE, "no-heading", "line 1"),
    Mistake("second heading", text(STRUCTURE, "### Review", "# Review"), STRUCTURE, "second-heading", "line 9"),
    Mistake("heading of level 4", text(STRUCTURE, "### Review", "#### Review"), STRUCTURE, "heading-depth", "line 9"),
    Mistake("list too deep", added(STRUCTURE, "\n- a\n  - b\n    - c\n      - d\n"), STRUCTURE, "list-depth", "line 16", "3 levels"),
    Mistake("item with two paragraphs", added(STRUCTURE, "\n- a\n\n  b\n"), STRUCTURE, "list-paragraph", "line 15"),
    Mistake("item without text", added(STRUCTURE, "\n- a\n-\n"), STRUCTURE, "empty-item", "line 14"),
    Mistake("quotation in a list", added(STRUCTURE, "\n- > a\n"), STRUCTURE, "nesting", "line 13", "a quotation within a list"),
    Mistake("heading in a list", added(STRUCTURE, "\n- ## a\n"), STRUCTURE, "nesting", "line 13", "a heading within a list"),
    Mistake("list in a quotation", added(STRUCTURE, "\n> - a\n"), STRUCTURE, "nesting", "line 13", "a list within a quotation"),
    Mistake("quotations beyond the parser's depth", added(STRUCTURE, "\n" + "> " * 40 + "a\n"), STRUCTURE, "nesting", "line 13"),
    Mistake("letter left out", added(STRUCTURE, "\na) a\nc) c\n"), STRUCTURE, "list-order", "line 14", '"b)"'),
    Mistake("number of another item", added(STRUCTURE, "\n1. a\n   1.1 b\n   2.1 c\n   2.2 d\n"), STRUCTURE, "list-order", "line 15", '"1.1"', False),
    Mistake("list that begins at 3", added(STRUCTURE, "\n3. a\n"), STRUCTURE, "list-order", "line 13", '"1."'),
    Mistake("roman list out of order", text(STRUCTURE, "III.", "IV."), STRUCTURE, "list-order", "line 7", '"III."'),
    Mistake("roman item that is none", text(STRUCTURE, "II. *a", "   II. *a"), STRUCTURE, "list-order", "line 6", "same margin"),
    Mistake("reference without a note", text(INTRODUCTION, "[^first].", "[^frist]."), INTRODUCTION, "reference-without-note", "line 7", "[^frist]", False),
    Mistake("note without a reference", text(INTRODUCTION, "[^first].", "."), INTRODUCTION, "note-without-reference", "line 21", "[^first]"),
    Mistake("note twice", added(INTRODUCTION, "[^first]: Again.\n"), INTRODUCTION, "doubled-note", "line 22", "[^first]"),
    Mistake("note in a note", added(INTRODUCTION, "  [^first]\n"), INTRODUCTION, "note-in-note", "line 22"),
    Mistake("empty note", text(INTRODUCTION, "[^first]: A preparatory meeting was held in 2018, with < 10 delegates & no minutes.", "[^first]:"), INTRODUCTION, "empty-note", "line 21"),
    Mistake("list in a note", added(INTRODUCTION, "\n    - a\n"), INTRODUCTION, "markdown", "line 23", "a list in a footnote"),
    Mistake("code in a note", added(INTRODUCTION, "\n        code\n"), INTRODUCTION, "markdown", "line 23", "code"),
    Mistake("unknown fact", text(INTRODUCTION, "{{ first_year }}", "{{ frist_year }}"), INTRODUCTION, "unknown-fact", "line 7", 'Did you mean "first_year"?'),
    Mistake("fact over two lines", text(INTRODUCTION, "{{ first_year }}", "{{ first_year\n}}"), INTRODUCTION, "broken-fact", "line 7", "", False),
    Mistake("list inside a sentence", text(INTRODUCTION, "{{ vision }}", "Our vision: {{ vision }}"), INTRODUCTION, "fact-not-alone", "line 3"),
    Mistake("vision in the appendix", added(f"{PLAN}/sections/appendix.md", "\n{{ vision }}\n"), f"{PLAN}/sections/appendix.md", "unknown-fact", "line 5"),
    Mistake("fact in the Terms of Reference", added(STRUCTURE, "\n{{ first_year }}\n"), STRUCTURE, "unknown-fact", "line 13"),
    Mistake("forbidden character", text(INTRODUCTION, "international", "inter\x02national"), INTRODUCTION, "forbidden-character", "line 7", "U+0002"),
    Mistake("forbidden character as a reference", added(STRUCTURE, "\nLaw &#x202e;2019\n"), STRUCTURE, "forbidden-character", "line 13", "U+202E"),
    Mistake("missing section", lambda f: f.path(STRUCTURE).unlink(), STRUCTURE, "unreadable", ""),
    Mistake("section that no list names", content(f"{TERMS}/annex.md", "# Annex\n"), f"{TERMS}/annex.md", "stray-section", ""),
]  # fmt: skip

CONFIG = [
    Mistake("unknown key", text("config.yaml", "forum: mini", "forum: mini\ncolour: blue"), "config.yaml", "unknown-key", "line 2 key colour", "colour"),
    Mistake("misspelt key", text("config.yaml", "meetings:", "meeting:"), "config.yaml", "unknown-key", "key meeting", 'Did you mean "meetings"?'),
    Mistake("key that has moved", text("config.yaml", "meetings:", "ranking: {direct: 3}\nmeetings:"), "config.yaml", "moved-key", "line 2", "settings.yaml, under ranking"),
    Mistake("columns of an earlier edition", text("config.yaml", "meetings:", "schedule_columns: {id: No.}\nmeetings:"), "config.yaml", "moved-key", "line 2", "under tables: schedule"),
    Mistake("missing key", text("config.yaml", "forum: mini\n", ""), "config.yaml", "missing-key", "key forum", 'Add a line "forum: ...".'),
    Mistake("number for text", text("config.yaml", "forum: mini", "forum: 7"), "config.yaml", "no-forum", "key forum", 'the forum "7"'),
    Mistake("name that no folder has", text("config.yaml", "forum: mini", "forum: MINI"), "config.yaml", "wrong-value", "key forum", "lower-case"),
    Mistake("forum that is not there", text("config.yaml", "forum: mini", "forum: minni"), "config.yaml", "no-forum", "key forum", 'Did you mean "mini"?'),
    Mistake("language in words", settings("language: English\n"), SETTINGS, "wrong-value", "key language", "such as en-GB"),
    Mistake("neither all nor a list", text("config.yaml", "meetings: all", "meetings: some"), "config.yaml", "wrong-value", "key meetings", "'all', or a list"),
    Mistake("number in a list of codes", text("config.yaml", "meetings: all", "meetings: [MINI1, 2]"), "config.yaml", "unknown-meeting", "key meetings", '"2"'),
    Mistake("meeting that is not there", text("config.yaml", "meetings: all", "meetings: [MINI3]"), "config.yaml", "unknown-meeting", "key meetings", "MINI1"),
    Mistake("missing file", lambda f: f.path("config.yaml").unlink(), "config.yaml", "unreadable", ""),
    Mistake("unknown key", settings("bodes: []\n"), SETTINGS, "unknown-key", "line 1", 'Did you mean "bodies"?'),
    Mistake("two columns of one title", settings(settings_with_titles(activity="ID")), SETTINGS, "doubled", "line 6", 'the title "ID" again'),
    Mistake("title that no workbook has", settings(settings_with_titles(activity="Title")), SCHEDULE, "unknown-column", "cell C1", 'a column "Title", as inputs/mini/settings.yaml (tables) calls it'),
    Mistake("status twice", settings("statuses:\n  - {name: proposed, means: proposed}\n  - {name: approved, means: approved}\n  - {name: in progress, means: in progress}\n  - {name: withdrawn, means: withdrawn}\n  - {name: Proposed, means: approved}\n"), SETTINGS, "doubled", "line 6", "each once"),
    Mistake("meaning that nobody knows", settings("statuses:\n  - {name: done, means: finished}\n"), SETTINGS, "wrong-value", "line 2", "'completed'"),
    Mistake("year that is not in its text", settings("timeframes:\n  - {text: 'from {year} on', first: yaer}\n"), SETTINGS, "unknown-year", "line 2", 'Did you mean "year"?'),
    Mistake("own table of a plan", text(f"{PLAN}/plan.yaml", "first_year:", "tables: {schedule: {columns: [{id: one, title: ID, role: id}]}}\nfirst_year:"), f"{PLAN}/plan.yaml", "missing-role", "line 2", "a column with the role title"),
]  # fmt: skip

MISTAKES = [
    pytest.param(mistake, id=f"{group}: {mistake.name}")
    for group, mistakes in (
        ("workbook", WORKBOOK),
        ("yaml", YAML),
        ("meeting", MEETINGS),
        ("markdown", MARKDOWN),
        ("config", CONFIG),
    )
    for mistake in mistakes
]


def where(problem: Problem) -> set[str]:
    """Return a problem's place within its file, in the words that the tables above use."""
    place = problem.place
    return {f"{name} {getattr(place, name)}" for name in ("cell", "line", "column", "key", "part")} | {""}


def matches_place(problem: Problem, expected: str) -> bool:
    return all(
        f"{name} {value}" in where(problem) for name, value in re.findall(r"(\w+) (row \d|\S+)", expected)
    )


def test_the_miniature_forum_has_no_problem(forum):
    model = forum.model()
    assert [paper.kind for meeting in model.meetings for paper in meeting.papers] == [
        "strategic-plan",
        "implementation-schedule",
        "terms-of-reference",
    ]


def check_line(forum: Forum, problem: Problem) -> None:
    """Check that a line names what was found, what was expected and what to do, and nothing of Python."""
    line = str(problem)
    assert problem.found.strip() and problem.expected.strip() and problem.todo.strip(), line
    assert line.startswith(f"{problem.place}: found ") and "; expected " in line, line
    assert line.endswith((".", "?")) and len(line.splitlines()) == 1, line
    assert str(forum.root) not in line and "Traceback" not in line and "Error" not in line, line


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_reported_with_its_place_and_what_to_do(forum, mistake):
    mistake.make(forum)
    problems = forum.problems()
    lines = "\n".join(map(str, problems))
    reported = [
        p
        for p in problems
        if (p.place.file, p.kind) == (mistake.file, mistake.kind) and matches_place(p, mistake.where)
    ]
    assert reported, lines
    assert any(mistake.words in str(problem) for problem in reported), lines
    assert not mistake.alone or problems == reported, lines
    for problem in problems:
        check_line(forum, problem)


def test_the_problems_of_all_files_are_reported_together(forum):
    for make in (
        cell("D2", "soon"),
        text(MINI1, "MINI1/003", "MINI1/3"),
        text(MINI2, '"6"\npapers', "yes\npapers"),
        text(STRUCTURE, "### Review", "#### Review"),
        text(f"{PLAN}/plan.yaml", "mid_term: 2019", "mid_term: 2029"),
    ):
        make(forum)
    reported = {(problem.place.file, problem.kind) for problem in forum.problems()}
    assert reported == {
        (SCHEDULE, "not-a-year"),
        (MINI1, "number"),
        (MINI2, "wrong-value"),
        (STRUCTURE, "heading-depth"),
        (f"{PLAN}/plan.yaml", "year"),
    }


def test_every_error_of_the_configuration_is_reported_at_once(forum):
    forum.write(
        "config.yaml",
        "forum: A\nintake: x\nmeetings: 2\ncolour: blue\nranking: {}\nchecks: {valdity: off}\n",
    )
    assert {problem.place.key for problem in forum.problems()} == {
        "forum",
        "intake",
        "meetings",
        "colour",
        "ranking",
        "checks.valdity",
    }


def test_a_plan_that_cannot_be_read_is_reported_once_and_not_again_as_missing(forum):
    forum.replace(f"{PLAN}/plan.yaml", "first_year: 2019", "first_year: 2019: 1")
    assert [problem.kind for problem in forum.problems()] == ["yaml"]


def test_the_number_of_a_paper_may_stand_in_two_meetings_files_only_once(forum):
    forum.replace(MINI1, "agenda:", "number_prefix: 2019/MINI2\nagenda:")
    forum.replace(MINI1, "2019/MINI1/003", "2019/MINI2/001")
    (problem,) = forum.problems()
    assert (problem.place.file, problem.kind) == (MINI2, "doubled-number")
    assert f"{MINI1}, line {forum.line_of(MINI1, 'number: 2019/MINI2/001')}" in problem.found


def test_rows_and_columns_hidden_beyond_the_data_hide_nothing(forum):
    with forum.sheet() as sheet:
        sheet.column_dimensions["M"].hidden = True
        sheet.row_dimensions[90].hidden = True
        sheet.merge_cells("M40:N41")
    forum.model()


def test_a_sheet_is_checked_whatever_the_prefix_of_its_elements(forum):
    def prefixed(xml: str) -> str:
        xml = re.sub(r"<(/?)(\w)", r"<\1x:\2", xml).replace(" xmlns=", " xmlns:x=")
        return re.sub(r'<x:c r="I2".*?</x:c>', "<x:c r='I2' t = 'e'><x:v>#N/A</x:v></x:c>", xml)

    forum.edit_part(prefixed)
    reported = {(problem.place.cell, problem.kind) for problem in forum.problems()}
    assert ("I2", "formula-error") in reported


def test_a_lock_of_excel_for_another_workbook_is_ignored(forum):
    forum.write(f"{FOLDER}/plan-2019-2020/schedule/~$2018.xlsx", b"\x05Chair")
    forum.model()


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"]
)
@pytest.mark.parametrize(
    "spoilt", [None, b"", b"<", b"\xff\xfe\x00", b"<a/>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>']
)
def test_a_workbook_with_a_damaged_part_is_a_problem_and_never_a_traceback(forum, part, spoilt):
    path = forum.path(SCHEDULE)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist() if name != part}
    with zipfile.ZipFile(path, "w") as package:
        for name, inner in {**parts, **({part: spoilt} if spoilt is not None else {})}.items():
            package.writestr(name, inner)
    problems = forum.problems()
    assert {problem.place.file for problem in problems} == {SCHEDULE}
