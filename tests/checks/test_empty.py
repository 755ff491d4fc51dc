"""Headings and tables without content, and sentences that say nothing: what is found, and what is not."""

from __future__ import annotations

import pytest
from check_tools import docx, p, picture, table, texts
from papers.checks.empty import check_empty
from project_tools import ROOT
from word_tools import built


def found(body: str) -> list[str]:
    return [f"{finding.where}: {finding.found}" for finding in check_empty(texts(docx(body)))]


ONE, TWO, TEXT = p("One", style="Heading1"), p("Two", style="Heading2"), p("A sentence.")
ROWS = (("Economy", "Items"), ("Chile", "3"))


@pytest.mark.parametrize(
    ("body", "empty"),
    [
        (ONE + TEXT, []),
        (ONE, ["One"]),
        (ONE + ONE + TEXT, ["One"]),
        (ONE + TWO + TEXT, []),
        (ONE + TWO, ["Two"]),
        (ONE + TWO + ONE + TEXT, ["Two"]),
        (ONE + TEXT + TWO, ["Two"]),
        (ONE + table(*ROWS), []),
        (ONE + picture("A map"), []),
        (ONE + p(""), ["One"]),
        (TEXT, []),
    ],
)
def test_a_heading_needs_a_text_a_table_a_picture_or_a_heading_below_it(body, empty):
    assert found(body) == [f'heading "{name}": a heading with nothing under it' for name in empty]


@pytest.mark.parametrize(
    ("rows", "is_empty"),
    [
        (ROWS, False),
        (ROWS[:1], True),
        ((ROWS[0], ("", "")), True),
        ((ROWS[0], ("–", "-"), ("", "—")), True),
        ((ROWS[0], ("Chile", "–")), False),
    ],
)
def test_a_table_needs_more_than_its_header_and_dashes(rows, is_empty):
    assert found(table(*rows)) == (["table 1: a table without content"] if is_empty else [])


def test_a_table_with_pictures_has_content():
    cell = "<w:tc><w:p>"
    start, _, end = table(("Logo",), ("",)).rpartition(cell)
    with_picture = f"{start}<w:tc>{picture('A logo')}<w:p>{end}"
    assert found(with_picture) == []
    assert found(table(("Logo",), ("",))) != []


@pytest.mark.parametrize(
    "filler",
    [
        "The Group works on no activity in no priority area in 2019.",
        "It met. No partner is named. It went on.",
        "No outcomes are stated.",
        "Click or tap here to enter text.",
        "Lorem ipsum dolor sit amet",
    ],
)
def test_a_sentence_that_fills_a_gap_is_found(filler):
    (line,) = found(p(filler))
    assert line.startswith("paragraph 1: ")


@pytest.mark.parametrize(
    "sentence",
    [
        "No activity is overdue.",
        "No return was received for any year from Peru.",
        "There is no time and no room.",
        "No economy that is named in the list objected.",
        "Click the link to enter the meeting.",
        "The 2019 edition lists no activities.",
    ],
)
def test_a_sentence_that_says_something_is_not_found(sentence):
    assert found(p(sentence)) == []


@pytest.mark.parametrize("serial", ["2017/SMEWG45/004", "2018/SMEWG47/003", "2018/SMEWG47/008"])
def test_no_shipped_paper_has_an_empty_heading_an_empty_table_or_filler(serial):
    assert [*check_empty(texts(built(ROOT)[serial].read_bytes()))] == []
