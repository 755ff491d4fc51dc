"""The papers themselves: as reviewed, and with the facts of the paper that was really circulated, 2016/SMEWG43/015."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from project_tools import MINIATURE, ROOT
from word_tools import GOLDEN, built, dump, part, parts, styled, words

INPUTS = {"shipped": ROOT, "miniature": MINIATURE}


@pytest.mark.parametrize("name", INPUTS)
def test_each_paper_is_as_reviewed(name, request):
    folder = GOLDEN / name
    texts = {f"{file.stem}.txt": dump(file.read_bytes()) for file in built(INPUTS[name]).values()}
    if request.config.getoption("--golden"):
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.txt"):
            old.unlink()
        for file, text in texts.items():
            (folder / file).write_text(text, encoding="utf-8")
    golden = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.txt")}
    assert sorted(texts) == sorted(golden), "if the change is intended: make golden, then git diff"
    for file, text in texts.items():
        changes = difflib.unified_diff(golden[file].split("\n"), text.split("\n"), file, "now", lineterm="")
        assert text == golden[file], "\n".join(
            ["if the change is intended: make golden, then git diff", *changes]
        )


# 2016/SMEWG43/015


@pytest.fixture(scope="module")
def data() -> bytes:
    return built(ROOT)["2016/SMEWG43/015"].read_bytes()


@pytest.fixture(scope="module")
def document(data):
    return part(data, "word/document.xml")


@pytest.fixture(scope="module")
def tables(document) -> list:
    """Cover, priority areas, schedule."""
    return document[0].findall(qn("w:tbl"))


def rows(table) -> list[list[str]]:
    """The text of each cell; paragraphs on lines of their own."""
    cells = [row.findall(qn("w:tc")) for row in table.findall(qn("w:tr"))]
    return [["\n".join(words(p) for p in cell.findall(qn("w:p"))) for cell in row] for row in cells]


def texts(root, style: str) -> list[str]:
    return [words(paragraph) for paragraph in styled(root, style)]


def test_the_cover_says_what_the_circulated_one_says_and_that_the_text_is_restated(tables):
    lines = [words(p).replace("\u00a0", " ") for p in tables[0].iter(qn("w:p"))]
    assert [line for line in lines if line] == [
        "Asia-Pacific\nEconomic Cooperation",
        "2016/SMEWG43/015",
        "Agenda Item: 12",
        "Small and Medium Enterprises Working Group Strategic Plan 2017-2020",
        "Restated text, not the endorsed text",
        "Purpose: Information",
        "Submitted by: APEC Secretariat",
        "Forum Doc. No.: 2016/SOM3/SCE/003",
        "APEC PERU",
        "2016",
        "43rd Small and Medium Enterprises Working Group Meeting",
        "Lima, Peru",
        "7-8 September 2016",
    ]


def test_the_ending_of_the_ordinal_is_raised(data):
    assert "43^rd^ Small" in dump(data)


def test_sections_are_numbered_as_circulated_with_two_of_number_one(document):
    assert texts(document, "Heading1")[:10] == [
        "1. Introduction",
        "1. Vision Statement",
        "2. Mission Statement",
        "3. Critical Success Factors",
        "4. Priority Areas, Objectives and Key Performance Indicators (KPIs)",
        "5. Implementation Schedule",
        "6. SMEWG Project Development and Ranking",
        "7. [Review of Strategic Plan",
        "Appendix 1: Implementation Schedule",
        "REVISED SMALL AND MEDIUM ENTERPRISES WORKING GROUP TERMS OF REFERENCE",
    ]


def test_the_bracket_that_opens_in_the_heading_of_section_7_closes_after_its_text(document):
    body = words(document)
    assert body.count("[") == body.count("]") == 1
    last = styled(document, "Heading1")[7].getnext()
    assert words(last).endswith(".]")


def test_four_priority_areas_have_the_objectives_of_the_circulated_paper(tables):
    table = rows(tables[1])
    assert table[0] == ["S/N", "Priority Area", "Objectives"]
    assert [row[0] for row in table[1:]] == ["1", "2", "3", "4"]
    assert [len(row[2].split("\n")) for row in table[1:]] == [4, 2, 4, 3]
    assert table[4][1] == "Market access for SMEs"


def test_an_area_is_worded_in_list_table_and_appendix_as_circulated(document, tables):
    in_list = [text for text in texts(document, "ListBullet") if text.startswith("Inclusive business")]
    in_table = [row[1] for row in rows(tables[1]) if row[1].startswith("Inclusive business")]
    in_schedule = [row[0] for row in rows(tables[2]) if row[0].startswith("Inclusive business")]
    assert in_list == ["Inclusive business ecosystem that supports SME growth; and"]
    assert in_table == ["Inclusive business ecosystems that support SME growth"]
    assert in_schedule == ["Inclusive business ecosystem that supports SME growth"]


def test_five_indicators_stand_under_four_headings(document):
    groups, current = {}, None
    for paragraph in document[0].findall(qn("w:p")):
        if paragraph in styled(document, "ListBullet"):
            current = words(paragraph)
        elif paragraph in styled(document, "ListBullet2"):
            groups.setdefault(current, []).append(words(paragraph))
    assert {heading: len(indicators) for heading, indicators in groups.items()} == {
        "APEC Working Group Initiatives": 1,
        "APEC Supported Activities": 1,
        "Best Practice Sharing": 2,
        "Dialogue with Partners": 1,
    }
    assert all(text.startswith("No. of ") for indicators in groups.values() for text in indicators)


def test_the_appendix_lists_thirteen_activities_and_the_empty_row_of_financing(tables):
    table = rows(tables[2])
    assert table[0] == ["Priority Area", "Activities", "Timeframe", "Proponent/ Stakeholders"]
    activities = [row for row in table[1:] if row[1]]
    assert len(activities) == 13
    assert [row for row in table[1:] if not row[1]] == [
        ["Financing for business expansion and capability development", "", "", ""]
    ]
    assert all(re.fullmatch(r"201[67]-201[78]", row[2]) for row in activities)
    assert activities[5][3] == "Chinese Taipei, Malaysia, the Philippines"
    assert activities[2][3] == "Philippines"


def test_each_area_is_one_merged_cell_next_to_all_its_activities(tables):
    merges = [row[0].find(f".//{qn('w:vMerge')}").get(qn("w:val")) for row in _cells(tables[2])[1:]]
    area_rows = [10, 1, 2, 1]
    assert merges == [what for count in area_rows for what in ["restart"] + ["continue"] * (count - 1)]
    assert all(
        not words(row[0])
        for row, merge in zip(_cells(tables[2])[1:], merges, strict=True)
        if merge == "continue"
    )


def _cells(table) -> list[list]:
    return [row.findall(qn("w:tc")) for row in table.findall(qn("w:tr"))]


def test_tables_repeat_their_heads_and_keep_their_rows_whole(tables):
    for table in tables[1:]:
        signs = [
            tuple(
                row.find(f"{qn('w:trPr')}/{qn(f'w:{tag}')}") is not None for tag in ("tblHeader", "cantSplit")
            )
            for row in table.findall(qn("w:tr"))
        ]
        assert signs == [(True, True)] + [(False, True)] * (len(signs) - 1)


def test_tables_say_in_words_what_they_are(tables):
    for table in tables[1:]:
        assert table.find(f".//{qn('w:tblCaption')}").get(qn("w:val"))
        assert table.find(f".//{qn('w:tblDescription')}").get(qn("w:val"))


def test_there_are_three_footnotes_one_of_them_at_the_heading_of_the_appendix(data, document):
    notes = [note for note in part(data, "word/footnotes.xml") if note.get(qn("w:type")) is None]
    assert [note.get(qn("w:id")) for note in notes] == ["1", "2", "3"]
    paragraphs = [reference.getparent().getparent() for reference in document.iter(qn("w:footnoteReference"))]
    assert words(paragraphs[1]) == "Appendix 1: Implementation Schedule"
    assert "SMEWG" in words(paragraphs[0]) and "SMEWG" in words(paragraphs[2])
    assert all("MESG" in words(notes[at]) for at in (0, 2))


def test_pages_are_a4_with_the_number_and_page_x_of_y(data):
    paper = Document(built(ROOT)["2016/SMEWG43/015"])
    assert {(section.page_width.mm // 1, section.page_height.mm // 1) for section in paper.sections} == {
        (210, 297)
    }
    assert len(paper.sections) == 4
    assert not words(paper.sections[0].header._element) and not words(paper.sections[0].footer._element)
    for section in list(paper.sections)[1:]:
        assert words(section.header._element).split("    ") == [
            "Restated text, not the endorsed text",
            "2016/SMEWG43/015",
        ]
        codes = [code.text.strip() for code in section.footer._element.iter(qn("w:instrText"))]
        assert codes == ["PAGE", "NUMPAGES"]


def test_amended_passages_of_the_terms_of_reference_are_in_italics(document):
    runs = [run for run in document.iter(qn("w:r")) if run.find(f"{qn('w:rPr')}/{qn('w:i')}") is not None]
    text = " ".join("".join(run.itertext()) for run in runs)
    assert "in accordance with APEC Guidelines for Lead Shepherds/Chairs" in text
    assert text.count("An incoming economy that is unable to") == 2


def test_the_mission_stresses_what_the_circulated_one_stresses(document):
    both = [
        "".join(run.itertext())
        for run in document.iter(qn("w:r"))
        if all(run.find(f"{qn('w:rPr')}/{qn(f'w:{tag}')}") is not None for tag in "bi")
    ]
    assert both == [
        "promote the development of an enabling environment",
        "capacity building",
        "synergy with other APEC fora, the private sector and other stakeholders",
    ]


def test_the_two_roman_lists_each_begin_at_one(data, document):
    lists = [p.find(f".//{qn('w:numId')}").get(qn("w:val")) for p in styled(document, "ListRoman")]
    assert len(lists) == 4 and lists[0] == lists[1] != lists[2] == lists[3]
    numbering = part(data, "word/numbering.xml")
    instances = {n.get(qn("w:numId")): n for n in numbering.findall(qn("w:num"))}
    for number in lists:
        assert instances[number].find(f".//{qn('w:startOverride')}").get(qn("w:val")) == "1"


def test_properties_come_from_the_inputs_and_from_no_clock(data):
    core = Document(built(ROOT)["2016/SMEWG43/015"]).core_properties
    assert core.title == "Small and Medium Enterprises Working Group Strategic Plan 2017-2020"
    assert (core.subject, core.author, core.language) == ("2016/SMEWG43/015", "APEC Secretariat", "en-GB")
    assert core.created == core.modified and core.created.strftime("%Y-%m-%d") == "2016-09-07"
    assert not core.last_modified_by
    shown = b"".join(content for name, content in parts(data).items() if name.startswith("docProps/"))
    assert b"python-docx" not in shown and b"docxtpl" not in shown


# The miniature forum


@pytest.fixture(scope="module")
def mini() -> dict[str, str]:
    """Number -> readable text."""
    return {number: dump(file.read_bytes()) for number, file in built(MINIATURE).items()}


def test_a_date_of_a_meeting_may_span_months(mini):
    assert "28 March-1 April 2019" in mini["2019/MINI1/003"]


def test_a_draft_says_so_under_its_title(mini):
    assert "[Cover Status] (Draft)" in mini["2019/MINI2/001"]


def test_a_revision_carries_its_number_in_the_header(mini):
    assert "header: [header] 2019/MINI2/002rev1" in mini["2019/MINI2/002rev1"]


def test_a_paper_without_an_agenda_item_or_purpose_has_no_line_for_them(mini):
    assert "Agenda Item:" not in mini["2019/MINI2/002rev1"] and "Purpose:" not in mini["2019/MINI2/002rev1"]


def test_special_characters_of_the_inputs_stand_in_the_papers(mini):
    assert "with < 10 delegates & no minutes" in mini["2019/MINI1/003"]
    assert "each other's workshops & studies" in mini["2019/MINI1/003"]
    assert "Valparaíso, Chile" in mini["2019/MINI1/003"]


def test_a_numbered_list_goes_on_after_the_bullets_between_its_items(mini):
    numbered = re.findall(r"\[List Number, list (\d+)\] (.*)", mini["2019/MINI1/003"])
    assert [words for _, words in numbered] == ["it listened;", "it spoke; and", "it **decided**."]
    assert len({number for number, _ in numbered}) == 1


def test_files_are_named_after_the_meeting():
    files = {number: Path(file).name for number, file in built(MINIATURE).items()}
    assert files["2019/MINI2/002rev1"] == "19_mini2_002rev1.docx"
