"""Numbers, percentages and targets in papers: what is printed, charted and named, and the trace behind it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from forum_tools import FOLDER, Forum
from full_forum import DOUBLES, MINI3, RECOMMENDED, full_forum
from measure_tools import (
    CHL_2020,
    HEADING,
    PER_2020,
    PLAN_FILE,
    VNM_2020,
    add_measures,
    state,
)
from ooxml_integrity import check
from optional_plan import drop_papers
from papers.model.figures import exact
from papers.richtext import plain
from papers.wording.compose import trace_paper, word_paper
from papers.wording.traces import derivation
from returns_tools import PER, RETURNS, VNM, day, row
from word_tools import filled, part
from word_tools import words as words_of

FINAL, FORA, REPORT = (f"2020/MINI3/00{n}" for n in (1, 3, 4))
MID_TERM = "2019/MINI2/006"
AS_OF = "    as_of: 2021-02-28\n"


@pytest.fixture
def measured(forum) -> Forum:
    """Return the full miniature forum with measured indicators, and returns for both years of its plan."""
    full_forum(add_measures(forum))
    forum.path(DOUBLES).unlink()
    forum.replace(f"{RETURNS}/deadlines.yaml", "2019-12-31", "2019-12-31\n  2020: 2021-01-31")
    forum.replace(
        MINI3,
        "    plan: plan-2019-2020\n    year: 2019\n",
        f"    plan: plan-2019-2020\n    year: 2020\n{AS_OF}",
    )
    for title in ("All the way", "The Report", "The Items"):
        forum.replace(MINI3, f"title: {title}\n", f"title: {title}\n{AS_OF}")
    state(forum, PER, berths=10, share=40, days=8, rows=[row()], date=day("2019-08-01"))
    state(forum, VNM, berths=4.5, share=45.5, days=8, date=day("2019-08-01"))
    state(forum, PER_2020, berths=20, share=50, days=5.5)
    state(forum, VNM_2020, berths=8, days=6)
    state(forum, CHL_2020)
    return forum


def found(forum: Forum, number: str) -> tuple:
    model = forum.model()
    return model, *next((m, p) for m in model.meetings for p in m.papers if str(p.number) == number)


def fields(forum: Forum, number: str, namespace: str) -> dict:
    return word_paper(*found(forum, number))["fields"][namespace]


def report(forum: Forum) -> dict:
    return fields(forum, REPORT, "report")


def words(blocks: dict) -> list[str]:
    return [plain(block["line"]) for block in blocks["blocks"]]


def rows(table: list[dict]) -> dict[str, list[str]]:
    return {line["indicator"]: line["values"] for line in table}


# The indicator report


def test_years_are_in_the_table_with_what_stands_for_all_of_them(measured):
    assert rows(report(measured)["year_tables"][0]["rows"]) == {
        "Activities carried out": ["1", "0", "1"],
        "Practices shared": ["0", "0", "0"],
        "Berths with shore power (berths)": ["14.5", "28", "28 (2020)"],
        "Small firms online": ["42.8%", "50%", "50% (2020)"],
        "Days at customs (days)": ["8", "5.8", "6.9 (average)"],
    }


def test_value_target_and_gap_are_printed(measured):
    assert [
        {k: v for k, v in line.items() if not k.startswith("chart")} for line in report(measured)["targets"]
    ] == [
        {
            "indicator": "Berths with shore power (berths)",
            "baseline": "12 (2018)",
            "value": "28",
            "target": "40 (2020)",
            "gap": "12",
        },
        {
            "indicator": "Small firms online",
            "baseline": "-",
            "value": "50%",
            "target": "60% (2020)",
            "gap": "10 percentage points",
        },
        {
            "indicator": "Days at customs (days)",
            "baseline": "8 (2018)",
            "value": "5.8",
            "target": "4 (2020)",
            "gap": "1.8",
        },
    ]


def test_findings_compare_with_the_year_before_and_with_the_target(measured):
    assert words(report(measured)["findings"])[2:] == [
        "Berths with shore power: up from 14.5 to 28 (+93.1%); 28 of 40 berths, a gap of 12 (target for 2020).",
        "Small firms online: up from 42.8% to 50% (+7.3 percentage points); 50% against a target of 60%, a gap of "
        "10 percentage points (target for 2020).",
        "Days at customs: down from 8 to 5.8 (-28.1%); 5.8 days against a target of 4 days, a gap of 1.8 (target for 2020).",
    ]


def test_a_target_that_is_reached_has_no_gap(measured):
    state(measured, PER_2020, berths=31.5, share=59.99, days=1)
    state(measured, VNM_2020, berths=8.5, days=7)
    lines = {line["indicator"]: line["gap"] for line in report(measured)["targets"]}
    assert list(lines.values()) == ["reached", "less than 0.1 percentage points", "reached"]
    assert "40 berths, reaching the target of 40 berths" in words(report(measured)["findings"])[2]


def test_without_a_figure_there_is_no_gap(measured):
    for file in (PER_2020, VNM_2020):
        state(measured, file, share=1)
    line = report(measured)["targets"][0]
    assert (line["value"], line["gap"]) == ("not reported", "-")
    assert words(report(measured)["findings"])[2] == (
        "Berths with shore power: not reported; target 40 berths (target for 2020)."
    )


def test_a_year_without_a_target_of_its_own_looks_to_the_next_one(measured):
    measured.replace(PLAN_FILE, "target: {2019: 20, 2020: 40}", "target: {2020: 40}")
    measured.replace(MINI3, f"    year: 2020\n{AS_OF}", f"    year: 2019\n{AS_OF}")
    line = report(measured)["targets"][0]
    assert (line["value"], line["target"], line["gap"]) == ("14.5", "40 (2020)", "25.5")


def test_a_chart_shows_baseline_figures_and_targets_side_by_side(measured):
    chart = report(measured)["targets"][0]["chart_of_target"]["chart"]
    assert chart["categories"] == ["2018 (baseline)", "2019", "2020"]
    assert chart["series"] == [["Figure", [12, 14.5, 28]], ["Target", [None, 20, 40]]]
    assert "Target: 2019 20, 2020 40" in chart["alt"]


def test_indicators_of_other_units_do_not_share_an_axis_with_counts(measured):
    assert report(measured)["chart_of_years"]["chart"]["categories"] == [
        "Activities carried out",
        "Practices shared",
    ]


def test_only_counts_have_figures_by_priority_area(measured):
    found = report(measured)
    assert found["counted"] == ["Activities carried out", "Practices shared"]
    assert all(len(line["values"]) == 2 for line in found["areas"])
    assert len(found["indicators"]) == 5
    peru = next(line for line in found["economies"] if line["economy"] == "Peru")
    assert peru["values"] == ["0", "0", "20", "50%", "5.5"]


def test_the_method_says_how_figures_are_combined(measured):
    found = [line for line in words(report(measured)["method"]) if line.startswith("Small firms online")]
    assert found == [
        "Small firms online: each economy reports a percentage each year; the figure of the group is the average over the "
        "economies that report one, with equal weights; for several years, the latest figure is shown."
    ]


def only_percentages(forum: Forum) -> None:
    """Leave one indicator in the plan, a percentage, with returns that state it."""
    drop_papers(forum, lambda entry: entry.get("kind") == "list-of-items")
    text = forum.text(PLAN_FILE)
    head, rest = text.split("indicator_headings:\n")
    share = HEADING.split("      - id: days")[0].replace(HEADING.split("      - id: share")[0], "")
    rest = rest.split("commitments:")[1]
    heading = f"indicator_headings:\n  - heading: Measures\n    indicators:\n{share}\n"
    forum.write(PLAN_FILE, f"{head}{heading}commitments:{rest}")
    for file, value in ((PER, 40), (VNM, 50), (PER_2020, 45), (VNM_2020, None), (CHL_2020, 46)):
        state(
            forum,
            file,
            share=value,
            only=("share",),
            date=day("2019-08-01") if "/2019/" in file else day("2021-01-15"),
        )


def test_a_plan_of_percentages_alone_prints_nothing_of_items(measured):
    only_percentages(measured)
    found = report(measured)
    assert (found["areas"], found["chart_of_areas"], found["items"], found["joint"]) == (
        [],
        {"chart": None},
        [],
        "",
    )
    assert found["chart_of_years"]["chart"]["series"] == [["2019", [45]], ["2020", [45.5]]]
    assert not any("item" in line for line in [*words(found["returns"]), *words(found["method"])])


# The Word file

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def word_file(forum: Forum, folder: Path) -> bytes:
    return filled(word_paper(*found(forum, REPORT)), folder)


def test_the_word_file_has_the_table_and_a_chart_with_the_target_as_second_series(measured, tmp_path):
    data = word_file(measured, tmp_path)
    text = words_of(part(data, "word/document.xml"))
    assert "Baselines and targets" in text and "Table 3 compares the figures for 2020" in text
    assert "Figure 2. Berths with shore power, in berths" in text
    assert "Figure 3. Small firms online, in per cent" in text
    chart = part(data, "word/charts/chart2.xml")
    series = {
        one.findtext(f"{CHART}tx//{CHART}v"): [v.text for v in one.iterfind(f"{CHART}val//{CHART}v")]
        for one in chart.iter(f"{CHART}ser")
    }
    assert series == {"Figure": ["12", "14.5", "28"], "Target": ["20", "40"]}
    paper = tmp_path / "paper.docx"
    paper.write_bytes(data)
    assert check(paper) == []


def test_without_targets_nothing_of_them_is_printed(measured, tmp_path):
    text = measured.text(PLAN_FILE)
    lines = [line for line in text.split("\n") if "target:" not in line]
    measured.write(PLAN_FILE, "\n".join(lines))
    printed = words_of(part(word_file(measured, tmp_path), "word/document.xml"))
    assert "targets" not in printed and "Table 3. Indicators by priority area" in printed


def test_without_counts_the_word_file_has_no_table_by_area(measured, tmp_path):
    only_percentages(measured)
    printed = words_of(part(word_file(measured, tmp_path), "word/document.xml"))
    assert "by priority area" not in printed and "No items were listed for 2020." in printed


# Reviews


def test_key_findings_name_the_indicators_below_their_target(measured):
    for number, namespace, tag in ((FINAL, "review", "achievements"), (FORA, "fora", "key_findings")):
        assert (
            "Below target: berths with shore power: 28 of 40 berths, a gap of 12 (2020); small firms online: 50% against "
            "a target of 60%, a gap of 10 percentage points (2020); days at customs: 5.8 days against a target of 4 days, "
            "a gap of 1.8 (2020)."
        ) in words(fields(measured, number, namespace)[tag])


def test_a_review_before_the_target_year_says_what_is_still_missing(measured):
    found = words(fields(measured, MID_TERM, "review")["achievements"])
    assert "Below target: berths with shore power: 14.5 of 20 berths, a gap of 5.5 (2019, so far)." in found
    (ahead,) = [line for line in found if line.startswith("Targets for later")]
    assert ahead == (
        "Targets for later years: small firms online: 42.8% against a target of 60%, a gap of 17.3 percentage points "
        "(2020); days at customs: 8 days against a target of 4 days, a gap of 4 (2020)."
    )


def test_a_review_says_that_every_target_is_reached(measured):
    state(measured, PER_2020, berths=40, share=60, days=4)
    state(measured, VNM_2020)
    found = words(fields(measured, FINAL, "review")["achievements"])
    assert "Each indicator with a target that was due has reached it." in found


def test_a_review_adds_no_percentages(measured):
    review = fields(measured, FINAL, "review")
    assert rows(review["year_tables"][0]["rows"])["Small firms online"] == ["42.8%", "50%", "50% (2020)"]
    assert all(
        set(rows(area["tables"][0]["figures"])) == {"Activities carried out", "Practices shared"}
        for area in review["areas"]
    )
    compared = {line["what"]: (line["mid_term"], line["final"]) for line in review["comparison"]}
    assert compared["Small firms online"] == ("42.8%", "50%")
    assert compared["Berths with shore power (berths)"] == ("14.5", "28")


def test_narratives_name_target_progress_and_baseline(measured):
    measured.write(
        f"{FOLDER}/narrative/final-review-2020/outlook.md",
        "# Outlook\n\nFrom {{ indicators.berths.baseline }} to {{ indicators.berths.progress }}, for "
        "{{ indicators.share.target }} of firms, now {{ indicators.share.2020 }}.\n",
    )
    (line,) = words(fields(measured, FINAL, "review")["outlook"])
    assert line == "From 12 berths to 28 of 40 berths, a gap of 12, for 60% of firms, now 50%."
    assert measured.path(RECOMMENDED).is_file()


# Traces


def recount(figure: dict, sources: list[dict]) -> Fraction | None:
    """Return the value of a traced figure from its sources alone."""
    if "of" not in figure:
        counts = [Fraction(str(sources[at]["counts"])) for at in figure["sources"]]
        return None if figure["value"] is None else sum(counts, Fraction())
    operands = [recount(one, sources) for one in figure["of"]]
    if figure["how"] == "difference":
        return operands[0] - operands[1]
    if figure["how"] == "average":
        return operands[0] / len(figure["of"][0]["sources"])
    if figure["how"] == "average of years":
        return sum(operands) / len(operands)
    if figure["how"] == "sum":
        return sum(operands)
    assert figure["how"] in ("share", "change")
    part, whole = operands
    return (
        (part if figure["how"] == "share" else abs(whole - part))
        * 100
        / (whole if figure["how"] == "share" else part)
    )


@pytest.mark.parametrize("number", [FINAL, FORA, REPORT, MID_TERM])
def test_every_printed_figure_equals_the_recount_of_its_cells(measured, number):
    _, trace = trace_paper(*found(measured, number))
    assert any("of" in figure for figure in trace["figures"])
    for figure in trace["figures"]:
        value = recount(figure, trace["sources"])
        printed = figure["figure"].replace(",", "").strip("+-%")
        if printed.replace(".", "").isdigit():
            assert abs(Fraction(printed) - value) <= Fraction(1, 20), figure
        if value is None:
            assert printed == "not reported"
        if "of" in figure:
            assert derivation(figure)


def test_the_trace_of_a_gap_leads_to_the_line_of_the_target(measured):
    _, trace = trace_paper(*found(measured, REPORT))
    gap = next(f for f in trace["figures"] if f["tag"] == "report.targets[0].gap")
    assert (gap["figure"], gap["how"]) == ("12", "difference")
    (line,) = trace["sources"][gap["of"][0]["sources"][0]]["cells"]
    assert (line["file"], line["line"], line["value"]) == (
        PLAN_FILE,
        measured.line_of(PLAN_FILE, "target: {2019: 20, 2020: 40}"),
        "40",
    )
    assert derivation(gap) == "40 with 28 subtracted"


def test_each_year_behind_an_average_of_years_is_named(measured):
    _, trace = trace_paper(*found(measured, REPORT))
    days = next(f for f in trace["figures"] if f["tag"] == "report.year_tables[0].rows[4].values[2]")
    assert [(one["what"], one["value"]) for one in days["of"]] == [
        ("Days at customs, 2019", 8),
        ("Days at customs, 2020", 5.75),
    ]
    assert derivation(days) == "8 and 5.8, averaged"


def test_an_average_is_explained_by_its_sum(measured):
    _, trace = trace_paper(*found(measured, REPORT))
    share = next(f for f in trace["figures"] if f["tag"] == "report.year_tables[0].rows[3].values[0]")
    assert exact(share["value"]) == Fraction("42.75")
    assert derivation(share) == "the average of 2 figures, 85.5 together"
