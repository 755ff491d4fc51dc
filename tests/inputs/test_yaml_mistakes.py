"""The usual mistakes in YAML are one problem each, at their line, with one remedy."""

from __future__ import annotations

import pytest
from papers.inputs.yaml_nodes import parse_yaml
from papers.problems import Problems

LIST = "papers:\n  - number: 1\n    title: Agenda\n    note: x\n"


def read(text):
    problems = Problems()
    return parse_yaml(text, "a.yaml", problems)[0], problems.lines()


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("title: “Agenda”\n", "line 1, column 8", "found the quotation mark “, which is none for YAML"),
        ("title: “Agenda: final”\n", "line 1, column 8", "by straight ones"),
        ('title: “Agenda"\n', "line 1, column 8", "by straight ones"),
        ("names: [‘a’, ‘b’]\n", "line 1, column 9", "by straight ones"),
        (LIST.replace("    title", "\ttitle"), "line 3, column 1", "Replace each tab by spaces"),
        (LIST.replace("    title", "  \t  title"), "line 3, column 3", "Replace each tab by spaces"),
        (LIST.replace("Agenda", "Agenda: new"), "line 3, column 12", 'Write title: "Agenda: new".'),
        (LIST.replace("Agenda", 'Our "A": new  # x'), "line 3", "Put the whole text in quotation marks."),
        (
            LIST.replace("    title", "      title"),
            "line 3, column 7",
            "found 6 spaces before a key, and 4 before",
        ),
        (LIST.replace("    title", "   title"), "line 3, column 4", "expected 2 or 4 spaces"),
        (LIST.replace("Agenda", '"Agenda" new'), "line 3", "found text after a closing quotation mark"),
        ("title Agenda\nyear: 1\n", "line 1, column 1", 'the line "title Agenda" without a colon'),
        ("code: A\ncity Lima\nyear: 1\n", "line 2, column 1", "Write city: and its value"),
        (
            LIST.replace("title: Agenda", "title Agenda") + "    year: 1\n",
            "line 3",
            "Write title: and its value",
        ),
        ("names: [a, b\nyear: 1\n", "line 1", "a bracket that is not closed by ]"),
        ("returns_due:\n2025: 2026-01-31\n", "line 2, column 1", "Put two spaces before this line"),
    ],
)
def test_a_usual_mistake_is_one_problem_with_one_remedy(text, place, words):
    data, lines = read(text)
    assert data is None
    assert len(lines) == 1
    assert lines[0].startswith(f"a.yaml, {place}")
    assert words in lines[0]


@pytest.mark.parametrize(
    "text",
    [
        'title: "“Agenda”"\n',
        "title: “Doing business” and “trade”\n",
        "title: “Doing business” in APEC\n",
        "title: APEC’s ‘agenda’\n",
        "hosts:\n  2025: Korea\n",
        "title: a tab\there\n",
    ],
)
def test_what_is_right_is_read(text):
    data, lines = read(text)
    assert data
    assert lines == []
