"""A forum whose schedule has columns, statuses, timeframes and bodies of its own, through the real pipeline."""

from __future__ import annotations

import json

import pytest
from declared_schedule import SECOND, add_declared_schedule
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from project_tools import Project, build_once, copy_project

FIRST_PAPER, SECOND_PAPER = (
    "2023/MINI3/23_mini3_001.docx",
    "2023/MINI3/23_mini3_002.docx",
)


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    project = copy_project(tmp_path_factory.mktemp("declared") / "project")
    add_declared_schedule(project.root)
    run = project.build()
    assert run.code == 0, run.out + run.err
    return project


def document(project: Project, paper: str):
    return Document(str(project.root / "outputs/papers" / paper))


def test_the_table_has_the_declared_columns_in_their_widths(project):
    table = document(project, FIRST_PAPER).tables[-1]
    assert [cell.text for cell in table.rows[0].cells] == [
        "Goal", "No.", "Action", "Timeframe", "Led by", "State", "Budget (USD)",
    ]  # fmt: skip
    widths = [column.width.pt for column in table.columns]
    assert sum(widths) == pytest.approx(451.3, abs=0.5)
    assert widths[2] / widths[1] == pytest.approx(3.4, abs=0.01)
    assert all([cell.width for cell in row.cells] == [c.width for c in table.columns] for row in table.rows)


def test_equal_goals_are_merged_and_money_is_right_aligned(project):
    table = document(project, FIRST_PAPER).tables[-1]
    goals = [row.cells[0] for row in table.rows[1:]]
    assert [cell.text for cell in goals] == ["Quiet quays"] * 3 + ["Safe passages"] * 2 + ["Clean harbours"]
    assert goals[0]._tc is goals[2]._tc and goals[2]._tc is not goals[3]._tc
    budget = [row.cells[6].paragraphs[0] for row in table.rows]
    assert [p.text for p in budget] == ["Budget (USD)", "120,000", "45,000.50", "", "8,500", "", ""]
    assert {p.alignment for p in budget} == {WD_ALIGN_PARAGRAPH.RIGHT}
    assert {row.cells[2].paragraphs[0].alignment for row in table.rows} == {None}


def test_the_table_of_statuses_follows_the_plan(project):
    texts = [[[c.text for c in row.cells] for row in t.rows] for t in document(project, SECOND_PAPER).tables]
    (table,) = [rows for rows in texts if rows[0][0] == "Priority Area"]
    assert table[0][1:] == ["Proposed", "Approved", "On hold", "Ongoing", "Done", "Dropped", "Total"]
    assert table[-1][1:] == ["1", "1", "0", "2", "1", "1", "6"]


def test_without_a_column_of_remarks_the_table_of_changes_has_no_column_of_reasons(project):
    heads = [[cell.text for cell in table.rows[0].cells] for table in document(project, SECOND_PAPER).tables]
    assert ["Change", "ID", "Activity", "Before", "Now"] in heads
    assert not any("Reason" in head for head in heads)


def test_the_papers_of_the_other_plan_keep_their_bytes(project):
    assert build_once().papers().items() <= project.papers().items()


def test_the_checks_find_nothing_but_the_word_state(project):
    checked = json.loads((project.root / "outputs/work/mini/checked.json").read_text(encoding="utf-8"))
    assert {finding["found"] for finding in checked["findings"]} == {'"State"'}


def test_a_figure_names_the_cells_of_the_declared_columns(project):
    traces = project.root / f"outputs/work/mini/traces/{SECOND_PAPER}".replace(".docx", ".json")
    traced = json.loads(traces.read_text(encoding="utf-8"))
    (figure,) = [figure for figure in traced["figures"] if figure["what"] == "activities overdue, 2023"]
    cells = [cell for at in figure["sources"] for cell in traced["sources"][at]["cells"]]
    assert [(cell["file"], cell["cell"], cell["value"]) for cell in cells] == [
        (SECOND, "D4", "Q2 2022"),
        (SECOND, "F4", "approved"),
    ]
    assert {cell["economy"] for cell in cells} == {"Pilots Network; Secretariat"}
