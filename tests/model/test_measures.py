"""Indicators in numbers and percentages: how figures are combined, what is refused, and their traces."""

from __future__ import annotations

import statistics
from fractions import Fraction

import openpyxl
import pytest
from forum_tools import Forum
from hypothesis import given, settings
from hypothesis import strategies as st
from measure_tools import (
    BERTHS,
    CHL_2020,
    DAYS,
    HEADING,
    PER_2020,
    PLAN_FILE,
    SHARE,
    VNM_2020,
    add_measures,
    state,
)
from openpyxl.styles.numbers import FORMAT_PERCENTAGE
from papers.inputs.plan_schemas import Combine, Indicator
from papers.inputs.settings import Doubles
from papers.inputs.unread import Unread
from papers.inputs.workbooks import ReturnsFolder
from papers.model.figures import Figure, exact
from papers.model.forum import as_data
from papers.model.indicator_returns import Return
from papers.model.indicators import Indicators, build_indicators
from papers.problems import Place, Problem, Problems
from papers.wording import counts, english
from returns_tools import PER, REGISTER, VNM, day, row

ECONOMIES = REGISTER.economies[:6]


@pytest.fixture
def measured(forum) -> Forum:
    """Return two years of returns: Peru and Viet Nam state figures, Chile states none."""
    add_measures(forum)
    state(forum, PER, berths=10, share=40, days=6.5, rows=[row()])
    state(forum, VNM, berths=4.5, share=45.5)
    state(forum, PER_2020, berths=20, share=50, days=5)
    state(forum, VNM_2020, berths=8, share=None, days=4)
    state(forum, CHL_2020)
    return forum


def only(forum: Forum) -> Problem:
    (problem,) = forum.problems()
    return problem


def period(found: Indicators, indicator: str, last: int = 2020) -> Figure:
    """Return the figure of the years 2019 to `last` together."""
    return counts.period(found, found.definitions[indicator], 2019, last)


def added(figure: Figure) -> Fraction:
    """Return what the sources of a figure add up to."""
    return sum((Fraction(source.counts) for source in figure.sources), Fraction())


# Combining


def test_a_number_is_added_over_economies_and_its_latest_year_stands_for_several(measured):
    found = measured.period().indicators
    assert found.total("berths", 2019).value == Fraction(29, 2)
    assert found.total("berths", 2020).value == 28
    assert period(found, "berths").value == 28


def test_a_percentage_is_averaged_over_the_economies_that_state_one(measured):
    found = measured.period().indicators
    assert found.total("share", 2019).value == Fraction("42.75")
    assert found.total("share", 2020).value == 50
    assert period(found, "share").value == 50


def test_the_plan_says_how_years_are_combined(measured):
    found = measured.period().indicators
    assert found.total("days", 2019).value == Fraction("6.5")
    assert found.total("days", 2020).value == Fraction("4.5")
    assert period(found, "days").value == Fraction("5.5")


def test_the_latest_figure_is_of_the_last_year_that_was_reported(measured):
    for file in (PER_2020, VNM_2020):
        state(measured, file)
    found = measured.period().indicators
    assert found.latest_year("berths", 2019, 2020) == 2019
    assert period(found, "berths").value == Fraction(29, 2)


def test_a_count_can_be_averaged_over_years(measured):
    measured.replace(
        PLAN_FILE,
        "        short: Activities carried out\n",
        "        short: Activities carried out\n        combine: {years: average}\n",
    )
    assert period(measured.period().indicators, "activities").value == Fraction(1, 2)


def test_not_reported_stays_so_and_zero_is_a_figure(measured):
    found = measured.period().indicators
    assert found.by_economy("share", "Viet Nam", 2020).value is None
    assert found.by_economy("berths", "Chile", 2020).value is None
    assert found.total("days", 2018).value is None
    state(measured, CHL_2020, berths=0, share=0)
    found = measured.period().indicators
    assert found.by_economy("berths", "Chile", 2020).value == 0
    assert found.total("share", 2020).value == 25


def test_a_figure_that_nobody_reported_names_the_empty_cells(measured):
    for file in (PER_2020, VNM_2020):
        state(measured, file, berths=1)
    total = measured.period().indicators.total("share", 2020)
    assert not total.reported
    places = [(cell.place.file, cell.place.cell) for source in total.sources for cell in source.cells]
    assert places == [(CHL_2020, "B5"), (PER_2020, "B5"), (VNM_2020, "B5")]
    assert added(total) == 0


# Traces


def test_the_sources_of_a_figure_are_the_cells_that_state_it(measured):
    total = measured.period().indicators.total("berths", 2019)
    assert {str(cell) for cell in total.cells} == {f"{file}, sheet Totals, cell B4" for file in (PER, VNM)}
    assert added(total) == total.value
    assert [source.cells[0].economy for source in total.sources] == ["Peru", "Viet Nam"]


def test_an_average_leads_to_the_sum_that_it_divides(measured):
    total = measured.period().indicators.total("share", 2019)
    (operand,) = total.derived.operands
    assert (total.derived.how, operand.value) == ("average", Fraction("85.5"))
    assert added(operand) == operand.value
    years = period(measured.period().indicators, "days")
    assert years.derived.how == "average of years"
    assert [one.value for one in years.derived.operands] == [Fraction("6.5"), Fraction("4.5")]


def test_the_model_has_the_figures_as_plain_numbers(measured):
    data = as_data(measured.period().indicators)
    figures = {(f["indicator"], f["year"]): f["value"] for f in data["figures"]["whole"]}
    assert figures["share", 2019] == 42.75 and figures["berths", 2020] == 28
    assert type(figures["berths", 2020]) is int


amounts = st.one_of(
    st.none(), st.integers(0, 10**6), st.decimals(0, 100, places=2, allow_nan=False, allow_infinity=False)
)


@settings(max_examples=60, deadline=None)
@given(
    stated=st.lists(st.lists(amounts, min_size=6, max_size=6), min_size=1, max_size=4),
    economies=st.sampled_from(["sum", "average"]),
    years=st.sampled_from(["sum", "latest", "average"]),
)
def test_totals_equal_an_independent_recount(stated, economies, years):
    found = _indicators(stated, economies, years)
    of_years = []
    for year, row_of_year in enumerate(stated, 2019):
        known = [Fraction(value) for value in row_of_year if value is not None]
        combined = {"sum": sum, "average": statistics.mean}[economies](known) if known else None
        assert found.total("x", year).value == combined
        of_years += [combined] if known else []
    whole = {"sum": sum, "average": statistics.mean, "latest": lambda values: values[-1]}[years]
    together = period(found, "x", 2018 + len(stated))
    assert together.value == (whole(of_years) if of_years else None)
    if together.derived is None:
        assert added(together) == (together.value or 0)


def _indicators(stated: list[list], economies: str, years: str) -> Indicators:
    """Return the figures of returns that state one indicator x."""
    definition = Indicator(
        id="x", short="X", text="X", measure="number", combine=Combine(economies=economies, years=years)
    )
    returns = []
    for year, values in enumerate(stated, 2019):
        for economy, value in zip(ECONOMIES, values, strict=True):
            one = Return(economy, year, "", day("2020-01-01"), False, f"{year}/{economy.code}.xlsx")
            cell = Place(one.file, "Totals", "B2", value=value)
            one.measures = {"x": Figure(None if value is None else exact(value), (cell,))}
            returns.append(one)
    folder = ReturnsFolder("indicators")
    return build_indicators(returns, folder, REGISTER, Doubles(), Unread(), Problems(), {"x": definition})


# Wrong plans


@pytest.mark.parametrize("key", ["economies", "years"])
def test_a_sum_of_percentages_is_refused(forum, key):
    text = HEADING.replace("        target: {2020: 60}\n", f"        combine: {{{key}: sum}}\n")
    add_measures(forum, text)
    problem = only(forum)
    assert (problem.kind, problem.place.line) == (
        "sum-of-percentages",
        forum.line_of(PLAN_FILE, f"{key}: sum"),
    )
    assert "percentages cannot be added" in problem.expected
    assert problem.todo == f"Write {key}: {'average' if key == 'economies' else 'latest'}."


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("target: {2020: 60}", "target: {2021: 60}", "year"),
        ("target: {2020: 60}", "target: {2018: 60}", "year"),
        ("target: {2020: 60}", "target: {2020: 101}", "above-100"),
        ("target: {2020: 60}", "target: {2020: sixty}", "wrong-value"),
        ("target: {2020: 60}", 'target: {"2020": 60}', "wrong-value"),
        ("target: {2020: 60}", "target: {2020: -1}", "wrong-value"),
        ("target: {2020: 60}", "target: {2020: .inf}", "wrong-value"),
        ("target: {2020: 60}", "unit: per cent", "unit-of-percent"),
        ("target: {2020: 60}", "combine: {years: highest}", "wrong-value"),
        ("measure: percent", "measure: percentage", "wrong-value"),
        ("baseline: {2018: 8}", "baseline: {2020: 8}", "year"),
        ("baseline: {2018: 8}", "baseline: {2017: 8, 2018: 8}", "baseline"),
        ("baseline: {2018: 8}", "baselines: {2018: 8}", "unknown-key"),
    ],
)
def test_a_wrong_measure_is_reported_with_its_line(forum, old, new, kind):
    add_measures(forum, HEADING.replace(old, new, 1))
    problem = only(forum)
    assert (problem.kind, problem.place.file) == (kind, PLAN_FILE)
    assert problem.place.line == forum.line_of(PLAN_FILE, new)
    assert "[2021]" not in problem.place.key  # a year is no index


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("combine: {economies: average}", "average-of-counts"),
        ("target: {2020: 2.5}", "not-whole"),
    ],
)
def test_what_has_no_meaning_for_a_count_is_reported(forum, line, kind):
    forum.replace(
        PLAN_FILE, "        short: Practices shared\n", f"        short: Practices shared\n        {line}\n"
    )
    problem = only(forum)
    assert (problem.kind, problem.place.line) == (kind, forum.line_of(PLAN_FILE, line))


def test_the_baseline_may_be_of_the_first_year_or_of_years_before(forum):
    add_measures(forum, HEADING.replace("baseline: {2018: 8}", "baseline: {2011: 8.25}"))
    (baseline,) = forum.period().plan.baselines["days"]
    assert (baseline.year, baseline.value) == (2011, Fraction("8.25"))


# Wrong returns


@pytest.mark.parametrize(
    ("stated", "cell", "kind"),
    [
        ({"berths": "many"}, "B4", "not-a-number"),
        ({"berths": "4.5"}, "B4", "number-as-text"),
        ({"berths": "4,5"}, "B4", "number-as-text"),
        ({"berths": -1}, "B4", "not-a-number"),
        ({"berths": True}, "B4", "not-a-number"),
        ({"share": 100.5}, "B5", "above-100"),
        ({"share": "45%"}, "B5", "not-a-number"),
    ],
)
def test_a_wrong_figure_is_reported_with_its_cell(forum, stated, cell, kind):
    state(add_measures(forum), PER, **stated)
    problem = only(forum)
    assert (problem.place.sheet, problem.place.cell, problem.kind) == ("Totals", cell, kind)


def test_a_cell_that_shows_a_percentage_is_reported_as_it_holds_a_hundredth(forum):
    state(add_measures(forum), PER, share=0.45)
    book = openpyxl.load_workbook(forum.path(PER))
    book["Totals"]["B5"].number_format = FORMAT_PERCENTAGE
    book.save(forum.path(PER))
    problem = only(forum)
    assert (problem.place.cell, problem.kind) == ("B5", "percent-format")
    assert "45%" in problem.found and "type 45," in problem.todo


@pytest.mark.parametrize("shown", ['0"%"', "0\\%", "General", "0.00"])
def test_a_format_that_shows_the_number_itself_is_accepted(forum, shown):
    state(add_measures(forum), PER, share=45)
    book = openpyxl.load_workbook(forum.path(PER))
    book["Totals"]["B5"].number_format = shown
    book.save(forum.path(PER))
    assert forum.period().indicators.total("share", 2019).value == 45


def test_a_row_for_an_indicator_that_is_no_count_is_reported(forum):
    state(add_measures(forum), PER, berths=3, rows=[row(indicator=BERTHS)])
    found = {(p.place.sheet, p.place.cell, p.kind) for p in forum.problems()}
    assert ("Return", "A7", "row-of-measure") in found


def test_a_return_lacks_the_row_of_a_measure(forum):
    state(add_measures(forum), PER)
    book = openpyxl.load_workbook(forum.path(PER))
    book["Totals"].delete_rows(6)
    book.save(forum.path(PER))
    problem = only(forum)
    assert problem.kind == "missing-total" and DAYS in problem.expected


def test_a_stated_number_makes_no_return_without_items(forum):
    state(add_measures(forum), PER, berths=3, share=2, rows=[row()])
    state(forum, VNM, berths=3)
    assert forum.period().indicators.not_itemised(2019) == ()


def test_digits_that_excel_does_not_show_do_not_count(forum):
    state(add_measures(forum), PER, share=0.1 + 0.2)
    assert forum.period().indicators.total("share", 2019).value == Fraction("0.3")


# Rounding


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (28, "28"),
        (Fraction(57, 2), "28.5"),
        (Fraction(1, 3), "0.3"),
        (Fraction(1, 20), "0.1"),
        (Fraction(39999, 20), "2,000"),
    ],
)
def test_figures_are_rounded_in_words_only(value, words):
    assert english.figure(Figure(value)) == words
    assert english.figure(Figure(value, unit="%")) == f"{words}%"


def test_every_measured_indicator_has_its_short_name():
    assert all(f"short: {name}\n" in HEADING for name in (BERTHS, SHARE, DAYS))
