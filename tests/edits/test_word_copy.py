"""An edited copy as paragraphs: runs joined however an editor split them, places in words."""

from __future__ import annotations

import io

import docx
from papers.edits.word_copy import read_copy, same


def read(*edits):
    document = docx.Document()
    for edit in edits:
        edit(document)
    data = io.BytesIO()
    document.save(data)
    return read_copy(data.getvalue())


def runs(*texts: str, bold: str = ""):
    def add(document):
        paragraph = document.add_paragraph()
        for text in texts:
            paragraph.add_run(text).bold = text == bold or None

    return add


def test_runs_that_an_editor_split_are_one():
    split, whole = (read(edit).paragraphs[0] for edit in (runs("One ", "tex", "t."), runs("One text.")))
    assert split.runs == [["One text.", ""]] and same(split, whole)


def test_spaces_at_the_edge_of_bold_words_are_not_bold():
    (paragraph,) = read(runs("One ", "bold ", "text", bold="bold ")).paragraphs
    assert paragraph.runs == [["One ", ""], ["bold", "b"], [" text", ""]]


def test_paragraphs_without_words_and_tables_of_contents_are_left_out():
    def contents(document):
        style = document.styles.add_style("toc 1", 1)
        document.add_paragraph("Introduction\t2", style=style)

    assert [one.text for one in read(runs(""), contents, runs("Text")).paragraphs] == ["Text"]


def test_a_long_heading_is_cut_between_words():
    heading = "Priority areas, objectives and the indicators of their performance"
    copy = read(lambda d: d.add_heading(heading, 1), runs("Text"))
    assert copy.paragraphs[1].where == 'under "Priority areas, objectives and the indicators of…"'


def test_cells_are_named_by_table_row_and_column():
    def table(document):
        document.add_table(2, 2).cell(1, 1).text = "words"

    assert read(table).paragraphs[0].where == "table 1, row 2, column 2"
