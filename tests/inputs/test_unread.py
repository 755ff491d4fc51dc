"""What could not be read makes a reference unknown, by name, or of a whole sort where the name is not known."""

from __future__ import annotations

from papers.inputs.unread import Unread
from papers.model.references import check_known
from papers.problems import Place, Problems


def test_a_name_is_unread_only_as_the_input_that_it_names():
    unread = Unread()
    unread.add("schedule", 2019)
    assert unread.has("schedule", "2019") and unread.has("schedule", 2019)
    assert not unread.has("schedule", 2020) and not unread.has("workplan", 2019)
    assert unread.any("schedule") and not unread.any("workplan")


def test_an_input_that_a_forum_has_once_needs_no_name():
    unread = Unread()
    assert not unread.has("rotation")
    unread.add("rotation")
    assert unread.has("rotation")


def test_only_a_reference_that_is_neither_known_nor_unknown_is_a_problem():
    for value, unread, kinds in (("a", False, []), ("b", True, []), ("b", False, ["unknown-thing"])):
        problems = Problems()
        check_known(value, ["a"], Place("some.yaml"), "thing", unread, problems)
        assert [problem.kind for problem in problems.found] == kinds
