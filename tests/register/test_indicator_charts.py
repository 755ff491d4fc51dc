"""The indicators of the register: units, targets and the cells behind a figure."""

from __future__ import annotations

import re

import pytest
from forum_tools import Forum
from measure_tools import PER_2020, VNM_2020, add_measures, state
from papers.model.forum import as_data
from papers.register.facts import RegisterIndicator
from papers.register.gather import indicators_of
from papers.register.indicator_charts import highest_figures, indicator_section
from returns_tools import PER, RETURNS, VNM, row


@pytest.fixture
def shown(forum) -> dict[str, RegisterIndicator]:
    """Return the indicators of the register by short name."""
    add_measures(forum)
    forum.write(f"{RETURNS}/deadlines.yaml", "returns_due: {2019: 2020-01-31, 2020: 2021-01-31}\n")
    state(forum, PER, berths=10, share=40, rows=[row()])
    state(forum, VNM, berths=4.5, share=45.5)
    state(forum, PER_2020, berths=1500, share=50)
    state(forum, VNM_2020, berths=8)
    return {one.name: one for one in gathered(forum)}


def gathered(forum: Forum) -> list[RegisterIndicator]:
    return list(indicators_of(as_data(vars(forum.model()))))


def section(one: RegisterIndicator, others: dict[str, RegisterIndicator]) -> str:
    return indicator_section(one, highest_figures(others.values())[one.unit])


def test_figures_are_shown_as_in_papers(shown):
    figures = {
        name: [figure.figure if figure else None for _, figure in one.years] for name, one in shown.items()
    }
    assert figures["Berths with shore power"] == ["14.5", "1,508"]
    assert figures["Small firms online"] == ["42.8%", "50%"]
    assert figures["Days at customs"] == [None, None]
    assert figures["Activities carried out"] == ["1", "0"]


def test_a_figure_opens_to_what_each_economy_stated(shown):
    (_, figure), _ = shown["Berths with shore power"].years
    assert [(cell.economy, cell.value, cell.title) for cell in figure.cells] == [
        ("Peru", "10", "Figure that the economy stated"),
        ("Viet Nam", "4.5", "Figure that the economy stated"),
    ]


def test_baseline_targets_and_combination_are_named(shown):
    words = section(shown["Berths with shore power"], shown)
    assert (
        "The sum of the figures that economies state, in berths. Baseline: 12 (2018). Target: 20 (2019) and 40 (2020)."
        in words
    )
    assert "The average of the figures that economies state. Target: 60% (2020)." in section(
        shown["Small firms online"], shown
    )
    assert "Target" not in section(shown["Activities carried out"], shown)


def test_the_target_is_a_line_at_its_height_in_the_scale_of_its_unit(shown):
    drawn = section(shown["Small firms online"], shown)
    (line,) = re.findall(r'<line x1="[\d.]+" x2="[\d.]+" y1="([\d.]+)" y2="\1" class="target"', drawn)
    assert float(line) == 22  # the target of 60% is the highest value of its unit
    tops = [float(top) for top in re.findall(r'<rect x="[\d.]+" y="([\d.]+)"', drawn)]
    assert tops[1] == pytest.approx(128 - 106 * 50 / 60, abs=0.1)


def test_each_unit_has_a_scale_of_its_own(shown):
    assert highest_figures(shown.values()) == {"": 1, "berths": 1508, "%": 60, "days": 4}
