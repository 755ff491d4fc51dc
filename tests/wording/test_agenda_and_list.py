"""The agenda and the document classification list of a meeting, and tables whose columns follow a list."""

from __future__ import annotations

import copy

import pytest
from docx.oxml.ns import qn
from forum_tools import MINI1, MINI2, SETTINGS, Forum
from papers.richtext import plain
from papers.wording.compose import word_paper
from word_tools import (
    copied_templates,
    dump,
    edited,
    filled,
    paragraph_with,
    part,
    retyped,
    template_problems,
    words,
)

LIST = """  - number: 2019/MINI2/000
    kind: classification-list
    title: Document Classification List
    submitted_by: [APEC Secretariat]
  - number: 2019/MINI2/004
    kind: agenda
    title: Agenda
    agenda_item: "6"
    submitted_by: [APEC Secretariat]
"""


@pytest.fixture
def meeting(forum) -> Forum:
    """Return the miniature forum whose second meeting has a list and an agenda."""
    forum.replace(MINI2, "papers:\n", f"papers:\n{LIST}")
    return forum


def worded(forum: Forum, serial: str) -> dict:
    """Return the context of a paper of the second meeting."""
    model = forum.model()
    meeting = next(m for m in model.meetings if m.code == "MINI2")
    paper = next(p for p in meeting.papers if str(p.number).endswith(serial))
    return word_paper(model, meeting, paper)


def tables(docx: bytes) -> list[list[list[str]]]:
    """Return the texts of each table after the cover's, row by row."""
    body = part(docx, "word/document.xml").find(qn("w:body"))
    found = [
        table for table in body.findall(qn("w:tbl")) if table.find(f".//{qn('w:tblCaption')}") is not None
    ]
    return [
        [[words(cell) for cell in row.findall(qn("w:tc"))] for row in table.findall(qn("w:tr"))]
        for table in found
    ]


def widths(docx: bytes) -> tuple[list[int], list[list[int]]]:
    """Return the grid of the last table, and the widths of its cells row by row."""
    table = part(docx, "word/document.xml").find(qn("w:body")).findall(qn("w:tbl"))[-1]
    grid = [int(column.get(qn("w:w"))) for column in table.find(qn("w:tblGrid"))]
    rows = [[int(width.get(qn("w:w"))) for width in row.iter(qn("w:tcW"))] for row in table.iter(qn("w:tr"))]
    return grid, rows


def test_the_agenda_has_each_item_with_its_papers_in_order_of_numbers(meeting):
    items = worded(meeting, "004")["fields"]["agenda"]["items"]
    assert [item["item"] for item in items] == ["6", ""]
    assert [paper["number"] for paper in items[0]["papers"]] == ["2019/MINI2/001", "2019/MINI2/004"]
    first = items[0]["papers"][0]
    assert (first["purpose"], first["submitted_by"]) == ("Consideration", "Malaysia, Philippines")


def test_papers_under_no_item_are_at_the_end(meeting):
    last = worded(meeting, "004")["fields"]["agenda"]["items"][-1]
    assert plain(last["title"]["line"]) == "Papers not listed under an item of the agenda"
    assert [paper["number"] for paper in last["papers"]] == ["2019/MINI2/000", "2019/MINI2/002rev1"]


def test_an_item_without_a_known_title_says_so(meeting, tmp_path):
    paper = worded(meeting, "004")
    assert (
        plain(paper["fields"]["agenda"]["items"][0]["title"]["line"])
        == "The title of this item is not known."
    )
    assert ["6", "The title of this item is not known."] in tables(filled(paper, tmp_path))[-1]


def test_a_meeting_without_a_known_agenda_says_so(meeting):
    meeting.replace(MINI2, 'agenda:\n  - item: "6"\n', "agenda: []\n")
    meeting.write(MINI2, meeting.text(MINI2).replace('    agenda_item: "6"\n', ""))
    fields = worded(meeting, "004")["fields"]["agenda"]
    assert fields["note"] == "The items of this meeting's agenda are not known." and len(fields["items"]) == 1


def test_the_list_names_every_paper_of_the_meeting_and_itself(meeting, tmp_path):
    table = tables(filled(worded(meeting, "000"), tmp_path))[-1]
    assert table[0][:3] == ["Document Number", "Title", "Public access"]
    serials = ["000", "001", "002rev1", "004"]
    assert [row[0] for row in table[1:]] == [f"2019/MINI2/{serial}" for serial in serials]
    assert {row[2] for row in table[1:]} == {"Yes"} and {row[4] for row in table[1:]} == {""}


def test_a_restricted_paper_has_its_reason_and_the_day_until_which_it_is_restricted(meeting):
    restricted = (
        "access: restricted\n    reason: Draft\n    restricted_until: 2020-01-31\n    notes: Ask the Chair\n"
    )
    meeting.replace(MINI2, "    status: (Draft)\n", f"    status: (Draft)\n    {restricted}")
    fields = worded(meeting, "000")["fields"]["classification"]
    assert [cell["text"] for cell in fields["rows"][1]["cells"]][2:] == [
        "No",
        "Draft",
        "31 January 2020",
        "Ask the Chair",
    ]
    assert fields["summary"] == "This list covers four papers of the meeting, of which one is restricted."


def test_a_restricted_paper_without_a_date_says_that_none_is_decided(meeting):
    meeting.replace(MINI2, "    status: (Draft)\n", "    access: restricted\n    reason: Draft\n")
    cells = worded(meeting, "000")["fields"]["classification"]["rows"][1]["cells"]
    assert cells[4]["text"] == "Not decided"


@pytest.mark.parametrize(
    "fields", [["title"], ["number", "title", "access"], ["notes", "reason", "title", "number"] * 2]
)
def test_the_columns_of_the_list_follow_the_settings(meeting, tmp_path, fields):
    columns = "".join(f"  - {{title: The {field} {n}, field: {field}}}\n" for n, field in enumerate(fields))
    meeting.write(SETTINGS, f"classification_columns:\n{columns}")
    docx = filled(worded(meeting, "000"), tmp_path)
    table = tables(docx)[-1]
    assert table[0] == [f"The {field} {n}" for n, field in enumerate(fields)]
    assert {len(row) for row in table} == {len(fields)}
    grid, rows = widths(docx)
    assert len(set(grid)) == 1 and all(row == grid for row in rows)
    assert 13_900 < sum(grid) <= 13_958  # twentieths of a point: the width of a landscape page


def test_the_columns_of_the_list_are_as_wide_as_the_settings_say(meeting, tmp_path):
    columns = "  - {title: No., field: number}\n  - {title: Title, field: title, width: 2.5}\n"
    meeting.write(SETTINGS, f"classification_columns:\n{columns}")
    grid, rows = widths(filled(worded(meeting, "000"), tmp_path))
    assert 2.49 < grid[1] / grid[0] < 2.51 and all(row == grid for row in rows)
    assert 13_900 < sum(grid) <= 13_958


@pytest.mark.parametrize(
    ("columns", "where"),
    [
        ("classification_columns: []\n", "classification_columns"),
        ("classification_columns:\n  - {title: A, field: colour}\n", "classification_columns[1].field"),
        (
            "classification_columns:\n  - {title: A, field: notes, width: 0}\n",
            "classification_columns[1].width",
        ),
    ],
)
def test_impossible_columns_are_reported_with_their_line(forum, columns, where):
    forum.write(SETTINGS, columns)
    (problem,) = forum.problems()
    assert (problem.place.file, problem.place.key) == (SETTINGS, where) and problem.place.line


def test_both_are_made_from_the_meetings_file(meeting):
    assert {MINI2} <= set(worded(meeting, "000")["made_from"]) == set(worded(meeting, "004")["made_from"])
    assert MINI1 not in worded(meeting, "000")["made_from"]


def test_text_next_to_a_repetition_of_cells_is_reported(tmp_path):
    templates = copied_templates(tmp_path)
    with edited(templates, "classification-list") as document:
        retyped(
            paragraph_with(document, "{%tc for column"), "Papers {%tc for column in classification.columns %}"
        )
    (problem,) = template_problems(templates, "classification-list").found
    assert (
        problem.kind == "text-beside-tag"
        and "cell" in problem.expected
        and "row 1, cell 1" in problem.place.part
    )


def test_a_repetition_of_cells_that_ends_in_another_row_is_reported(tmp_path):
    templates = copied_templates(tmp_path)
    with edited(templates, "classification-list") as document:
        retyped(paragraph_with(document, "{%tc endfor %}"), "nothing")
        retyped(paragraph_with(document, "{%tr for row"), "{%tc endfor %}")
    assert "tag-across" in {
        problem.kind for problem in template_problems(templates, "classification-list").found
    }


def test_a_repetition_of_cells_outside_a_table_is_reported(tmp_path):
    templates = copied_templates(tmp_path)
    with edited(templates, "classification-list") as document:
        retyped(
            paragraph_with(document, "{{ classification.summary }}"),
            "{%tc for c in classification.columns %}",
        )
    assert "tag-place" in {
        problem.kind for problem in template_problems(templates, "classification-list").found
    }


def test_two_repetitions_of_cells_in_one_row_are_reported(tmp_path):
    templates = copied_templates(tmp_path)
    with edited(templates, "classification-list") as document:
        row = document.tables[-1].rows[0]._tr
        for cell in list(row.findall(qn("w:tc"))):
            row.append(copy.deepcopy(cell))
    found = template_problems(templates, "classification-list").found
    assert [problem.kind for problem in found] == ["tag-place"] and "one repetition" in found[0].expected


def test_a_dump_of_the_list_shows_a_real_table(meeting, tmp_path):
    text = dump(filled(worded(meeting, "000"), tmp_path))
    assert "row 1 (repeated on each page, kept whole)" in text and "{%" not in text
