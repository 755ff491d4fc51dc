"""Declarations of tags: contexts are checked against them, and docs/tags.md lists them."""

from __future__ import annotations

import pytest
from generate_tags import PAGE, PHRASES_PAGE, page, phrases_page
from papers import richtext
from papers.wording.tags import Blocks, ContextError, Each, Flag, Line, Share, Text, check_context
from project_tools import ROOT

TAGS = {"a": Text("a"), "b": Each("b", {"c": Line("c"), "d": Blocks("d")}), "e": Flag("e"), "f": Each("f")}
GOOD = {"a": "x", "b": [{"c": richtext.line("y"), "d": richtext.blocks()}], "e": True, "f": ["z"]}


def test_a_context_with_all_its_tags_is_accepted():
    check_context(GOOD, TAGS, "x")


@pytest.mark.parametrize(
    "change",
    [
        {"a": 1},
        {"a": None},
        {"b": "text"},
        {"b": [{"c": richtext.line("y")}]},
        {"b": [{"c": "y", "d": richtext.blocks()}]},
        {"b": [{"c": richtext.line("y"), "d": richtext.line("y")}]},
        {"e": "yes"},
        {"f": [1]},
        {"g": "more"},
    ],
)
def test_a_context_that_does_not_fit_its_tags_is_an_error_of_the_program(change):
    with pytest.raises(ContextError, match=r"^x"):
        check_context({**GOOD, **change}, TAGS, "x")


CELLS = {"cells": Each("cells", {"text": Text("a"), "starts": Flag("b"), "share": Share("c")})}
CELL = {"text": "x", "starts": False, "share": 5000}


class Marked(str):
    """A text of another class, such as libraries return."""

    __slots__ = ()


def test_cells_with_plain_values_are_accepted():
    check_context({"cells": [CELL, {**CELL, "text": Marked("y")}]}, CELLS, "x")


@pytest.mark.parametrize(
    "change", [{"text": 1}, {"text": None}, {"starts": 0}, {"share": True}, {"more": "x"}]
)
def test_a_cell_with_another_value_is_an_error_of_the_program(change):
    with pytest.raises(ContextError, match=r"^x\.cells"):
        check_context({"cells": [CELL, {**CELL, **change}]}, CELLS, "x")


def test_a_cell_without_a_value_is_an_error_of_the_program():
    with pytest.raises(ContextError, match=r"^x\.cells"):
        check_context({"cells": [{"text": "x", "starts": True}]}, CELLS, "x")


def test_the_page_of_tags_is_that_of_the_declarations():
    assert (ROOT / PAGE).read_text(encoding="utf-8") == page(), "run make tags"
    assert (ROOT / PHRASES_PAGE).read_text(encoding="utf-8") == phrases_page(), "run make tags"
