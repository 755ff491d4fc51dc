"""Hand-written sections: their figures by name."""

from __future__ import annotations

from papers.wording.narrative import NamedFigures, fill_facts


def test_facts_are_replaced_with_their_marks_also_in_footnotes():
    runs = [
        {"fact": "year", "marks": "b", "at": 1},
        {"note": [["in ", ""], {"fact": "year", "marks": "", "at": 2}]},
    ]
    assert fill_facts(runs, {"year": "2019"}) == [["2019", "b"], {"note": [["in ", ""], ["2019", ""]]}]


def test_a_figure_is_counted_only_when_its_name_is_looked_up():
    counted = []

    def count() -> str:
        counted.append("yes")
        return "14"

    figures = NamedFigures({"year": "2019"}) | {"returns": count}
    assert "returns" in figures and list(figures) == ["year", "returns"] and not counted
    assert (figures["year"], figures["returns"], counted) == ("2019", "14", ["yes"])
