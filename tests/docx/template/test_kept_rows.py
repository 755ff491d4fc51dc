"""A table is broken over pages between rows, and never so that one row of it, or of a merged group, is alone on a page."""

from __future__ import annotations

import pytest
from docx.oxml.ns import qn
from docxtpl_tools import new_template, prepared_alone, rendered_by_us, tags_of_values
from papers.docx.tables import table_xml
from papers.problems import Problems
from word_tools import part, words

ROWS = [["Heads"], ["{%tr for row in rows %}"], ["{{ row.name }}"], ["{%tr endfor %}"]]
GROUPS = [
    ["Heads"],
    ["{%tr for group in groups %}"],
    ["{%tr for row in group.rows %}"],
    ["{{ row.name }}"],
    ["{%tr endfor %}"],
    ["{%tr endfor %}"],
]


def kept(tmp_path, table, values) -> str:
    """The names of a filled table's rows, each with + if Word keeps it with the next one."""
    problems = Problems()
    template = new_template(tmp_path / "template.docx", table)
    prepared = prepared_alone(template, tags_of_values(values), problems)
    assert prepared is not None, problems.found
    rows = part(rendered_by_us(prepared, values, "paper"), "word/document.xml").iter(qn("w:tr"))
    return " ".join(words(row) + "+" * (next(row.iter(qn("w:keepNext")), None) is not None) for row in rows)


def rows(names: str) -> list[dict]:
    return [{"name": name} for name in names]


@pytest.mark.parametrize(
    ("names", "expected"),
    [("a", "a"), ("ab", "a+ b"), ("abc", "a+ b+ c"), ("abcdef", "a+ b c d e+ f")],
)
def test_the_first_two_rows_and_the_last_two_stay_together(tmp_path, names, expected):
    assert kept(tmp_path, ROWS, {"rows": rows(names)}) == f"Heads {expected}"


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ("abcd", "a+ b c+ d"),
        ("abcd efghi klmn", "a+ b c+ d e+ f g h+ i+ k+ l m+ n"),
        ("a bcde f", "a+ b+ c d+ e+ f"),
        ("a b", "a+ b"),
        ("a bcd efg hikl", "a+ b+ c+ d e+ f+ g+ h+ i k+ l"),
    ],
)
def test_no_row_of_a_merged_group_is_alone_and_a_group_of_one_row_has_a_neighbour(tmp_path, groups, expected):
    values = {"groups": [{"rows": rows(names)} for names in groups.split()]}
    assert kept(tmp_path, GROUPS, values) == f"Heads {expected}"


@pytest.mark.parametrize(("count", "expected"), [(1, ""), (2, "0"), (3, "01"), (6, "04")])
def test_tables_of_the_inputs_keep_the_same_rows(count, expected):
    cells = [[{"line": [[str(at), 0]]}] for at in range(count)]
    table = {"widths": [1], "align": [0], "alt": "", "heads": [{"line": [["Head", 0]]}], "rows": cells}
    styles = {name: name for name in ("Table Header", "Table Text", "Paper Table", "Table Space")}
    xml = table_xml(table, "", "", styles, 9026, lambda cell: f"<w:t>{cell['line'][0][0]}</w:t>")
    found = [row.split("<w:t>")[1][0] for row in xml.split("<w:tr>")[2:] if "keepNext" in row]
    assert "".join(found) == expected
