"""Declared columns: their defaults, what is wrong with a declaration, and columns too narrow for their words."""

from __future__ import annotations

import pytest
from papers.inputs.table_schemas import PrintedColumn, TableColumns, check_table, narrow_columns, text_width
from papers.inputs.yaml import read_yaml
from papers.problems import Problems

RIGHT = """\
columns:
  - {id: number, title: "No.", role: id}
  - {id: action, title: Action, role: title}
  - {id: when, title: Timeframe, role: period}
  - {id: who, title: Led by, role: who}
  - {id: budget, title: Budget (USD), type: money, required: false}
printed:
  - {title: Action, of: [action], width: 5, merge: true}
  - {title: Timeframe, of: [when], width: 2}
  - {title: Cost, of: [budget], width: 2}
"""


def read(tmp_path, text: str):
    """Return the declaration in `text`, and the lines of its problems."""
    path, problems = tmp_path / "table.yaml", Problems()
    path.write_text(text, encoding="utf-8")
    document = read_yaml(path, "table.yaml", TableColumns, problems)
    if document:
        check_table(document.form, document.place, problems)
    return document and document.form, problems.lines()


def test_a_role_implies_the_type_and_whether_a_cell_may_be_empty(tmp_path):
    table, problems = read(tmp_path, RIGHT)
    assert problems == []
    assert [(one.type, one.required) for one in table.columns] == [
        ("text", True),
        ("text", True),
        ("period", True),
        ("bodies", False),
        ("money", False),
    ]
    assert table.with_role("who").id == "who" and table.with_role("area") is None


def test_money_is_right_aligned_unless_the_declaration_says_otherwise(tmp_path):
    table, _ = read(tmp_path, RIGHT)
    assert [table.alignment(one) for one in table.printed_columns] == ["left", "left", "right"]
    other, _ = read(tmp_path, RIGHT.replace("width: 2}\n", "width: 2, align: center}\n"))
    assert [table.alignment(one) for one in other.printed_columns] == ["left", "center", "center"]


def test_without_printed_columns_each_column_is_printed_under_its_title(tmp_path):
    table, problems = read(tmp_path, RIGHT.partition("printed")[0])
    assert problems == []
    assert [(one.title, one.of) for one in table.printed_columns][3] == ("Led by", ["who"])
    assert len(table.printed_columns) == len(table.columns)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("of: [when]", "of: [wen]", 'found "wen"; expected one of number, action, when, who, budget. Did you mean "when"?'),
        (", of: [when]", "", "found a printed column that shows nothing"),
        ("id: budget", "id: who", 'found the id "who" again'),
        ("title: Led by", "title: Action", 'found the title "Action" again'),
        ("type: money", "role: who", 'found the role "who" again'),
        (", role: title", "", "found no column with the role title"),
        (", role: id", "", "found no column with the role id"),
        ("role: period", "role: first", "found the role first without last"),
        ("type: money", "role: last", "found the role period as well as first or last"),
        ("role: who", "role: who, type: money", "found the type money with the role who; expected the type bodies or"),
        ("role: who", "role: whom", 'found "whom"; expected'),
        ("type: money", "type: dollars", 'found "dollars"; expected'),
        ("id: budget", "id: The budget", "an id of lower-case letters"),
        ("width: 5", "wdth: 5", 'found the unknown key "wdth"'),
    ],
)  # fmt: skip
def test_a_wrong_declaration_is_a_problem_with_its_line(tmp_path, old, new, line):
    text = RIGHT.replace(old, new, 1)
    assert text != RIGHT
    _, problems = read(tmp_path, text)
    assert any(line in problem and ", line " in problem for problem in problems), problems


def test_a_mistake_in_a_declaration_is_one_problem(tmp_path):
    for old, new in [("of: [when]", "of: [wen]"), ("type: money", "role: who"), (", role: title", "")]:
        _, problems = read(tmp_path, RIGHT.replace(old, new, 1))
        assert len([one for one in problems if "unknown-column" not in one]) == 1, problems


def columns(*widths: float) -> list[tuple[PrintedColumn, list[str]]]:
    texts = [["2017"], ["Electrification of the harbours", "Measure noise"]]
    return [
        (PrintedColumn(title=title, width=width), cells)
        for title, width, cells in zip(("Year", "Action"), widths, texts, strict=True)
    ]


def test_a_column_narrower_than_its_longest_word_is_found_with_a_width_that_suffices():
    assert narrow_columns(columns(1, 3), area_width=450, font_size=10) == []
    (narrow,) = narrow_columns(columns(9, 1), area_width=450, font_size=10)
    assert (narrow.index, narrow.title, narrow.word) == (1, "Action", "Electrification")
    assert narrow_columns(columns(9, narrow.width * 1.2), area_width=450, font_size=10) == []


def test_a_word_may_break_after_a_hyphen_and_its_title_counts():
    title = [(PrintedColumn(title="Interoperability", width=1), []), (PrintedColumn(title="X", width=9), [])]
    assert [one.word for one in narrow_columns(title, 450, 10)] == ["Interoperability"]
    broken = [(PrintedColumn(title="Inter-opera-bility", width=1), []), *title[1:]]
    assert narrow_columns(broken, 450, 10) == []


def test_wide_letters_bold_and_a_larger_font_need_more_width():
    assert text_width("WWW", 10) > text_width("AAA", 10) > text_width("aaa", 10) > text_width("iii", 10)
    assert text_width("aaa", 10, bold=True) > text_width("aaa", 10)
    assert text_width("aaa", 12) > text_width("aaa", 10)
