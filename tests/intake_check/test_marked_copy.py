"""The marked copy: problem cells are coloured and have a note, all else stays; corrected and sent back, it is accepted."""

from __future__ import annotations

import shutil
import subprocess

import openpyxl
import pytest
from openpyxl.comments import Comment
from papers.inputs.own_notes import COLOUR, NOTE_BEGIN, NOTE_END, as_note, without_own_notes
from papers.intake_check.marked_copy import marked_copy, without_marks
from returns_tools import PER, Book, row
from workbook_tools import edited, parts_of, workbook

MARKS = {
    "Data": {"B2": ["found 1; expected 2. Correct it."], "D5": ["found nothing; expected text. Fill it in."]}
}


def wrong_return(desk):
    Book(rows=[row(area="Nowhere", date="03/04/2019")]).write(desk.mail / "per.xlsx")
    desk.check(desk.mail / "per.xlsx")
    return desk.mail / "per (checked).xlsx"


def marked(path, marks=MARKS, **options):
    path.write_bytes(marked_copy(path.read_bytes(), marks, **options))
    return openpyxl.load_workbook(path)


def test_problem_cells_are_coloured_and_say_what_is_wrong(desk):
    sheet = openpyxl.load_workbook(wrong_return(desk))["Return"]
    marks = {c.coordinate: c.comment.text for cells in sheet for c in cells if c.comment}
    coloured = {c.coordinate for cells in sheet for c in cells if c.fill.fgColor.rgb == COLOUR}
    assert coloured == {*marks} == {"B7", "D7"}
    assert marks["B7"].startswith(f'{NOTE_BEGIN}\n"Nowhere"; expected a priority area of the plan.')
    assert (
        (desk.mail / "per (checked).txt")
        .read_text("utf-8-sig")
        .startswith(
            "Please correct the marked cells of the workbook, and send it back.\n"
            "\nper.xlsx: the return of Peru for 2019\n"
        )
    )


def test_a_marked_copy_has_the_same_problems_and_corrected_it_has_none(desk):
    path = wrong_return(desk)
    assert desk.check(path).cells == ["B7", "D7"]
    book = openpyxl.load_workbook(path)
    book["Return"]["B7"], book["Return"]["D7"] = "Access to markets", "2019-04-03"
    book.save(path)
    checked = desk.check(path, accept="yes")
    assert checked.code == 0
    assert desk.forum.problems() == []


def test_notes_and_colours_of_the_program_do_not_go_into_the_inputs(desk):
    path = wrong_return(desk)
    book = openpyxl.load_workbook(path)
    book["Return"]["B7"], book["Return"]["D7"] = "Access to markets", "2019-04-03"
    book.save(path)
    assert desk.check(path, accept="yes").code == 0
    (sheet,) = [one for one in openpyxl.load_workbook(desk.forum.path(PER)) if one.title == "Return"]
    assert [c.coordinate for cells in sheet for c in cells if c.comment or c.fill.fgColor.rgb == COLOUR] == []
    assert sheet["B7"].value == "Access to markets"
    assert "among the inputs already" in desk.check(path, accept="yes").out


def test_a_copy_whose_marks_are_taken_away_has_the_cells_and_formats_that_it_had(tmp_path):
    path = workbook(tmp_path, ["ID", "Year"], ["a", 2019])
    book = openpyxl.load_workbook(path)
    book["Data"]["B2"].number_format = "0.00"
    book["Data"]["A2"].comment = Comment("Please check", "Anybody")
    book.save(path)
    before = parts_of(path)
    marks = {"Data": {"A2": ["one"], "B2": ["two"], "D5": ["three"]}}
    clean = without_marks(marked_copy(path.read_bytes(), marks))
    path.write_bytes(clean)
    sheet = openpyxl.load_workbook(path)["Data"]
    assert {c.coordinate: c.comment.text for cells in sheet for c in cells if c.comment} == {
        "A2": "Please check"
    }
    assert sheet["B2"].number_format == "0.00" and sheet["B2"].fill.fgColor.rgb != COLOUR
    after = parts_of(path)
    untouched = {name for name in before if "styles" not in name and "comments" not in name.lower()}
    changed = {name for name in untouched if before[name] != after[name]}
    assert not {name for name in changed if "drawing" not in name.lower() and "sheet1" not in name}


def test_a_workbook_without_marks_stays_as_it_is(tmp_path):
    data = workbook(tmp_path, ["ID", "Year"], ["a", 2019]).read_bytes()
    assert without_marks(data) == data


def test_what_is_not_marked_stays_as_it_was(tmp_path):
    path = workbook(tmp_path, ["ID", "Year"], ["a", 2019])
    before, (book, after) = parts_of(path), (marked(path), parts_of(path))
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"[Content_Types].xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"}
    assert [[cell.value for cell in cells][:2] for cells in book["Data"].iter_rows(max_row=2)] == [
        ["ID", "Year"],
        ["a", 2019],
    ]


def test_a_cell_keeps_its_format_but_for_the_colour(tmp_path):
    path = workbook(tmp_path, ["ID", "Year"], ["a", 2019])
    book = openpyxl.load_workbook(path)
    book["Data"]["B2"].number_format = "0.00"
    book.save(path)
    cell = marked(path)["Data"]["B2"]
    assert (cell.number_format, cell.fill.fgColor.rgb) == ("0.00", COLOUR)


def test_a_note_of_the_sender_stays_before_ours(tmp_path):
    path = workbook(tmp_path, ["ID", "Year"], ["a", 2019])
    book = openpyxl.load_workbook(path)
    book["Data"]["B2"].comment = Comment("Please check", "Anybody")
    book.save(path)
    text = marked(path)["Data"]["B2"].comment.text
    assert text.startswith("Please check\n" + NOTE_BEGIN)
    assert without_own_notes(text) == "Please check"


def test_a_cell_whose_value_is_hidden_is_not_coloured(tmp_path):
    path = workbook(tmp_path, ["ID", "Year"], ["a", 2019])
    sheet = marked(path, uncoloured=[("Data", "B2")])["Data"]
    assert sheet["B2"].fill.fgColor.rgb != COLOUR
    assert sheet["B2"].comment


def test_rows_and_cells_without_a_reference_are_counted(tmp_path):
    path = workbook(tmp_path, ["ID", "Year"], ["a", 2019])
    edited(path, lambda xml: xml.replace(' r="A1"', "").replace(' r="B1"', "").replace('<row r="1"', "<row"))
    marked(path, {"Data": {"B1": ["x"]}})
    xml = parts_of(path)["xl/worksheets/sheet1.xml"].decode()
    assert xml.count(' s="') == 1
    assert xml.index(' s="') > xml.index("<c")


def test_words_of_the_sender_around_a_note_of_ours_are_kept():
    note = as_note(["found 1; expected 2."])
    assert without_own_notes(note) == ""
    assert without_own_notes(f"{note}\nIt is right as it is.") == "It is right as it is."
    assert without_own_notes(f"Why?\n{note}") == "Why?"
    assert NOTE_END in note


@pytest.mark.libreoffice
def test_a_marked_copy_that_libreoffice_saved_has_the_same_problems(desk, tmp_path):
    path = wrong_return(desk)
    command = [
        "soffice",
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "xlsx",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(path)], check=True, capture_output=True, timeout=300
    )
    assert desk.check(tmp_path / path.name).cells == ["B7", "D7"]


def test_an_earlier_answer_is_not_overwritten(desk):
    path = wrong_return(desk)
    content = path.read_bytes()
    desk.check(desk.mail / "per.xlsx")
    assert path.read_bytes() == content
    assert sorted(each.name for each in desk.mail.iterdir()) == [
        "per (checked) 2.txt",
        "per (checked) 2.xlsx",
        "per (checked).txt",
        "per (checked).xlsx",
        "per.xlsx",
    ]


def test_beside_a_file_that_is_among_the_inputs_nothing_is_written(desk):
    source = wrong_return(desk)
    desk.forum.path(PER).parent.mkdir(parents=True)
    shutil.copy(source, desk.forum.path(PER))
    checked = desk.check(desk.forum.path(PER))
    assert "Nothing was written beside it" in checked.out
    assert [path.name for path in desk.forum.path(PER).parent.iterdir()] == ["per.xlsx"]
