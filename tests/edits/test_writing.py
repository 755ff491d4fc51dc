"""Texts written back into Markdown, YAML and workbooks: what was not edited stays as it is written."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from papers.edits.cell_edits import edited_workbook
from papers.edits.edited_runs import NotMapped, runs_for_source
from papers.edits.markdown_edits import BlockEdit, edited_markdown, inline_for
from papers.edits.yaml_edits import edited_yaml
from papers.inputs.markdown import read_section
from papers.inputs.yaml_nodes import parse_yaml
from papers.problems import Problems
from papers.richtext import plain
from papers.safety import read_text
from project_tools import MINIATURE, ROOT

SECTIONS = [
    (root, path.relative_to(root).as_posix())
    for root in (ROOT, MINIATURE)
    for path in sorted((root / "inputs").glob("*/**/*.md"))
]


def section_of(root: Path, file: str):
    problems = Problems()
    section = read_section(root / file, file, problems, heading=False)
    assert section and not problems
    return section


def own_runs(runs: list) -> list:
    """Return the runs of a source as if nobody had edited them; a figure is its name in the paper."""
    shown = [run if isinstance(run, list) or "note" in run else [run["fact"], run["marks"]] for run in runs]
    return runs_for_source(runs, shown, shown)


@pytest.mark.parametrize(("root", "file"), SECTIONS, ids=lambda value: str(value)[-30:])
def test_text_that_was_not_edited_stays_as_it_is_written(root, file):
    section = section_of(root, file)
    edits = {
        (number, 0): BlockEdit(own_runs(block["line"]))
        for number, block in enumerate(section.blocks)
        if not any("fact" in run for run in block["line"] if isinstance(run, dict)) or plain(block["line"])
    }
    edits[-1, 0] = BlockEdit(own_runs(section.heading))
    source = read_text(root / file)
    assert edited_markdown(source, section, edits) == source


@pytest.mark.parametrize(
    ("old", "text", "expected"),
    [
        ("two\nlines of text", "two new\nlines of text".replace("\n", " "), "two new\nlines of text"),
        ("a _word_ here", "a word there", "a word there"),
        ("", "# no heading", "\\# no heading"),
        ("", "- no list", "\\- no list"),
        ("", "(a) no list", "(a\\) no list"),
        ("", "3 < 4 & 5 > 2", "3 < 4 & 5 > 2"),
        ("", "[x] and <b>", "\\[x\\] and \\<b>"),
        ("", "one\ntwo", "one\\\ntwo"),
        ("1.5 \\* 2", "1.5 * 3", "1.5 \\* 3"),
    ],
)
def test_signs_of_markdown_are_escaped_only_where_they_would_be_read(old, text, expected):
    assert inline_for(old, [[text, ""]]) == expected


def test_marks_that_were_not_edited_stay_and_new_ones_are_written():
    runs = [["a ", ""], ["word", "i"], [" and a ", ""], ["bold", "b"], [" one", ""]]
    assert inline_for("a _word_ and a bold one", runs) == "a _word_ and a **bold** one"
    with pytest.raises(NotMapped):
        inline_for("", [["wo", ""], ["r", "b"], ["d", ""]])


YAML = """# a comment
title: Plain   # stays
quoted: "It is so"
single: 'It''s so'
folded: >-
  One text
  in two lines.
literal: |
  One line
  and another
list:
  - first
  - {key: inner}
one: alone
"""


@pytest.mark.parametrize(
    ("keys", "new", "line"),
    [
        (("title",), "Other words", "title: Other words   # stays"),
        (("title",), "A: b", 'title: "A: b"   # stays'),
        (("quoted",), 'It "is"', 'quoted: "It \\"is\\""'),
        (("single",), "It's not", "single: 'It''s not'"),
        (("folded",), "Another text.", "folded: >-\n  Another text.\n"),
        (("literal",), "One line\n", "literal: |\n  One line\n"),
        (("list", 0), "second", "  - second"),
        (("list", 1, "key"), "no", '  - {key: "no"}'),
        (("one", 0), "company", "one: company"),
    ],
)
def test_one_value_of_yaml_changes_and_all_else_stays(keys, new, line):
    made = edited_yaml(YAML, "x.yaml", {keys: new})
    assert line in made and made.startswith("# a comment\n")
    before, after = (parse_yaml(text, "x.yaml", Problems())[0] for text in (YAML, made))
    assert [key for key in before if before[key] != after[key]] == [keys[0]]


def test_a_cell_with_a_formula_is_not_written(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Sheet"
    book.active["A1"], book.active["B1"], book.active["C1"] = "text", "=A1", 2018
    book.save(tmp_path / "x.xlsx")
    data = (tmp_path / "x.xlsx").read_bytes()
    with pytest.raises(NotMapped):
        edited_workbook(data, {("Sheet", "B1"): "words"})
    (tmp_path / "y.xlsx").write_bytes(
        edited_workbook(data, {("Sheet", "A1"): "a < b", ("Sheet", "C1"): 2020})
    )
    made = openpyxl.load_workbook(tmp_path / "y.xlsx").active
    assert (made["A1"].value, made["B1"].value, made["C1"].value) == ("a < b", "=A1", 2020)
