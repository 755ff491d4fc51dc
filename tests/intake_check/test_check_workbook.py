"""A workbook is recognised by its content, and all that a build would report about it is reported at once."""

from __future__ import annotations

import shutil

import openpyxl
import pytest
from forum_tools import FOLDER, SCHEDULE, copy_plan
from papers.intake_check.inputs_with_file import read_inputs_with
from papers.problems import Problems
from returns_tools import ACTIVITIES, AREA, PER, PRACTICES, RETURNS, Book, day, row


def messy(path):
    """Write a return with a mistake of each sort."""
    rows = [
        row(date="03/04/2019", jointly_with="Viet Nam, Phillipines"),
        row(title=None, area="Acces to markets", date="2019-13-02"),
        row(indicator="Nonsense", date="5 May 2019", activity_id="2019-99"),
    ]
    Book("Perú", 2019, "Office", "soon", rows, {ACTIVITIES: "43700.0", PRACTICES: 0}).write(path)
    return path


def test_all_problems_of_a_return_are_listed_at_once_row_by_row(desk):
    checked = desk.check(messy(desk.mail / "reply.xlsx"))
    assert checked.code == 1
    assert checked.cells == ["B1", "B4", "D7", "G7", "B8", "C8", "D8", "A9", "H9", "B2"]
    assert "reply.xlsx: the return of Peru for 2019\n" in checked.out
    assert (
        'cell D9: found a date that is typed as text ("5 May 2019"); it was read as 2019-05-05' in checked.out
    )
    assert FOLDER not in checked.out


def test_the_problems_are_those_that_the_build_reports(desk):
    path = messy(desk.forum.path(PER))
    built = [problem for problem in desk.forum.problems() if problem.place.file == PER]
    shutil.move(path, desk.mail / "per.xlsx")
    checked = desk.check(desk.mail / "per.xlsx")
    assert [
        f"per.xlsx, sheet {p.place.sheet}, cell {p.place.cell}: found {p.found}" in checked.out for p in built
    ]
    assert len(built) == len(checked.cells) > 5


def test_a_return_without_problems_is_placed_by_its_content_whatever_its_name(desk):
    Book("Viet Nam", rows=[row()]).write(desk.mail / "final FINAL.xlsx")
    checked = desk.check(desk.mail / "final FINAL.xlsx")
    assert checked.code == 0
    assert f"as {RETURNS}/2019/vnm.xlsx" in checked.out
    assert not desk.forum.path(RETURNS).exists()
    assert [path.name for path in desk.mail.iterdir()] == ["final FINAL.xlsx"]


def test_a_return_of_an_unknown_economy_is_checked_to_its_end(desk):
    Book("Atlantis", rows=[row(area="Nowhere")]).write(desk.mail / "reply.xlsx")
    assert desk.check(desk.mail / "reply.xlsx").cells == ["B1", "B7"]


def test_a_misspelt_title_of_a_column_does_not_hide_the_problems_below_it(desk):
    Book(rows=[row(area="Nowhere")]).write(desk.mail / "per.xlsx")
    book = openpyxl.load_workbook(desk.mail / "per.xlsx")
    book["Return"]["B6"] = "Priority aera"
    book.save(desk.mail / "per.xlsx")
    assert desk.check(desk.mail / "per.xlsx").cells == ["B6", "B7"]


def test_a_disagreement_with_the_schedule_is_named(desk):
    Book(rows=[row(activity_id="2019-01")]).write(desk.mail / "per.xlsx")
    checked = desk.check(desk.mail / "per.xlsx")
    assert checked.code == 0
    assert (
        "To settle, or to know:\n   1. per.xlsx, sheet Return, cell B7: found the activity 2019-01 under"
        in checked.out
    )


def test_a_schedule_is_checked_as_the_edition_in_its_name(desk):
    path = desk.mail / "Schedule 2020 (rev).xlsx"
    shutil.copy(desk.forum.path(SCHEDULE), path)
    book = openpyxl.load_workbook(path)
    book["Schedule"].delete_rows(2)
    book.save(path)
    checked = desk.check(path)
    assert "the edition 2020 of the implementation schedule" in checked.out
    assert "1 problem to correct" in checked.out


def test_a_schedule_without_an_edition_in_its_name_is_to_be_renamed(desk):
    shutil.copy(desk.forum.path(SCHEDULE), desk.mail / "schedule.xlsx")
    assert "Rename the file like that." in desk.check(desk.mail / "schedule.xlsx").out


def test_where_several_plans_may_be_meant_the_command_asks_for_one(desk):
    copy_plan(desk.forum, f"{FOLDER}/plan-2019-2021", 2019, 2021)
    Book(rows=[row()]).write(desk.mail / "per.xlsx")
    assert "Add plan=plan-2019-2020, for example." in desk.check(desk.mail / "per.xlsx").out
    assert "plan-2019-2021/indicators" in desk.check(desk.mail / "per.xlsx", plan="plan-2019-2021").out


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", b"a;b", "a file of another type under the name .xlsx"),
        ("a.doc", b"", 'a file of the type ".doc"'),
        ("none.xlsx", None, "no such file"),
    ],
)
def test_a_file_that_is_no_workbook_or_paper_is_one_problem(desk, name, content, words):
    if content is not None:
        (desk.mail / name).write_bytes(content)
    checked = desk.check(desk.mail / name)
    assert checked.code == 1
    assert (checked.out + checked.err).count("found ") == 1
    assert words in checked.out + checked.err


def test_a_workbook_with_other_sheets_is_asked_for_their_names(desk):
    openpyxl.Workbook().save(desk.mail / "a.xlsx")
    assert (
        'found the sheets "Sheet"; expected the sheets Return and Totals, or'
        in desk.check(desk.mail / "a.xlsx").out
    )


def test_a_workbook_that_is_open_in_excel_is_one_problem(desk):
    Book(rows=[row()]).write(desk.mail / "per.xlsx")
    (desk.mail / "~$per.xlsx").write_bytes(b"")
    checked = desk.check(desk.mail / "per.xlsx")
    assert "1 problem to correct" in checked.out
    assert "Save and close it in Excel" in checked.out


def test_problems_of_the_plan_are_named_apart_from_those_of_the_file(desk):
    desk.forum.replace(f"{FOLDER}/plan-2019-2020/plan.yaml", "first_year: 2019", "first_year: soon")
    Book(rows=[row()]).write(desk.mail / "per.xlsx")
    checked = desk.check(desk.mail / "per.xlsx")
    assert checked.code == 1
    assert "No problem was found in it." in checked.out
    assert "Problems of other inputs with this file, to correct first:\n   1. inputs/mini/plan" in checked.out


def test_a_misspelt_forum_or_plan_starts_nothing(desk):
    Book(rows=[row()]).write(desk.mail / "per.xlsx")
    checked = desk.check(desk.mail / "per.xlsx", forum="minni", plan="plan-1")
    assert 'Did you mean "mini"?' in checked.err
    assert 'found plan="plan-1"' in checked.err


def test_reading_the_inputs_with_a_file_changes_none_of_them(desk):
    Book(rows=[row(date=day("2019-02-01"))]).write(desk.mail / "per.xlsx")
    before = {path: path.read_bytes() for path in desk.forum.root.rglob("*") if path.is_file()}
    model, problems = read_inputs_with(desk.forum.root, "mini", desk.mail / "per.xlsx", PER)
    assert isinstance(problems, Problems)
    assert not problems
    (period,) = model.periods.values()
    assert [entry.area for found in period.indicators.returns for entry in found.entries] == ["access"]
    assert AREA in {area.name for area in period.plan.areas}
    assert {path: path.read_bytes() for path in desk.forum.root.rglob("*") if path.is_file()} == before
