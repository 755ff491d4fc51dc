"""The annual indicator report: its figures, who reported, and the rows from which an item was counted."""

from __future__ import annotations

import pytest
from forum_tools import MINI2, SETTINGS, Forum
from papers.model.forum import Model
from papers.richtext import plain
from papers.wording.compose import made_from, word_paper
from returns_tools import ACTIVITIES, AREA, PER, PRACTICES, RETURNS, VNM, day, row, send_in

ENTRY = """  - number: 2020/MINI3/00{}
    kind: indicator-report
    title: Annual Indicator Report {}
    submitted_by: [APEC Secretariat]
    plan: plan-2019-2020
    year: {}
    as_of: 2021-02-28
"""
MINI3 = MINI2.replace("MINI2", "MINI3")
HEAD = "code: MINI3\nordinal: 3\ncity: Lima\neconomy: Peru\nstart: 2020-09-01\nend: 2020-09-02\nhost_mark: []\nagenda: []\npapers:\n"
CHILE_2020 = f"{RETURNS}/2020/chl.xlsx"


@pytest.fixture
def reported(forum) -> Forum:
    """Return two years of returns: a joint item, totals only, a late return, an indicator not reported."""
    forum.write(MINI3, HEAD + ENTRY.format(1, 2019, 2019) + ENTRY.format(2, 2020, 2020))
    forum.write(f"{RETURNS}/deadlines.yaml", "returns_due: {2019: 2020-01-31, 2020: 2021-01-31}\n")
    joint = row(activity_id="2019-01", partners="PPWE")
    send_in(
        forum,
        PER,
        joint,
        row(title="Loans by phone", date=day("2019-09-01")),
        totals={ACTIVITIES: 2, PRACTICES: None},
    )
    send_in(forum, VNM, joint, date=day("2020-02-03"), totals={ACTIVITIES: 1, PRACTICES: 0})
    late = {"year": 2020, "date": day("2021-01-15")}
    send_in(forum, CHILE_2020, totals={ACTIVITIES: 3, PRACTICES: None}, **late)
    return forum


def context(model: Model, year: int) -> dict:
    meeting = next(meeting for meeting in model.meetings if meeting.code == "MINI3")
    paper = next(paper for paper in meeting.papers if paper.year == year)
    return word_paper(model, meeting, paper)["fields"]["report"]


def words(blocks: dict) -> str:
    return "\n".join(plain(block["line"]) for block in blocks["blocks"])


def test_who_reported_is_in_words(reported):
    text = words(context(reported.model(), 2019)["returns"])
    assert (
        text == "For 2019, returns were received from two of the 21 member economies: Peru and Viet Nam.\n"
        "One return was late but was counted. Each return lists its items."
    )
    text = words(context(reported.model(), 2020)["returns"])
    assert (
        "a return was received from one of the 21" in text
        and "The return was on time. Chile reported totals only, without items." in text
    )


def test_the_years_until_that_of_the_report_are_columns(reported):
    model = reported.model()
    assert context(model, 2019)["year_tables"][0]["years"] == ["2019"]
    assert context(model, 2020)["year_tables"][0]["years"] == ["2019", "2020", "2019-2020"]
    assert [line["values"] for line in context(model, 2020)["year_tables"][0]["rows"]] == [
        ["2", "3", "5"],
        ["0", "not reported", "0"],
    ]
    assert words(context(model, 2020)["findings"]).split("\n") == [
        "Activities carried out: up from 2 to 3 (+50%).",
        "Practices shared: not reported.",
    ]


def test_not_reported_is_not_zero(reported):
    lines = {line["economy"]: line for line in context(reported.model(), 2019)["economies"]}
    assert (lines["Peru"]["return"], lines["Peru"]["values"]) == ("received", ["2", "not reported"])
    assert (lines["Viet Nam"]["return"], lines["Viet Nam"]["values"]) == ("received", ["1", "0"])
    assert len(lines) == 2


def test_a_joint_item_is_listed_once_with_the_rows_of_both_returns(reported):
    found = context(reported.model(), 2019)
    (group,) = found["items"]
    assert group["indicator"] == "Activities carried out (two items)"
    assert [line["economies"] for line in group["rows"]] == ["Peru (row 7); Viet Nam (row 7)", "Peru (row 8)"]
    assert "One item was reported jointly, in two rows" in found["joint"]


def test_the_method_states_the_limits_of_joint_items_that_settings_declare(reported):
    def method() -> str:
        return words(context(reported.model(), 2020)["method"])

    assert "the titles are at least 85% alike and the dates are at most seven days apart" in method()
    reported.write(SETTINGS, "doubles: {title_alike: 0.5, days_apart: 0}\n")
    assert "the titles are at least 50% alike and the dates are the same" in method()


def test_the_method_says_for_which_area_a_joint_item_counts_only_where_economies_differ(reported):
    assert "under different priority areas" not in words(context(reported.model(), 2019)["method"])
    other = "Skills, tools and the digital economy"
    for file, area in ((PER, AREA), (VNM, other)):
        send_in(reported, file, row(activity_id="2019-01", area=area))
    text = words(context(reported.model(), 2019)["method"])
    assert "One joint item was reported under different priority areas" in text


def test_totals_only_have_a_row_of_their_own_among_the_areas(reported):
    lines = context(reported.model(), 2020)["areas"]
    assert [(line["area"], line["values"]) for line in lines[-2:]] == [
        ("Not stated (totals only)", ["3", "-"]),
        ("Total", ["3", "not reported"]),
    ]
    assert [line["area"] for line in context(reported.model(), 2019)["areas"]][-1] == "Total"
    assert "not itemised" not in words(context(reported.model(), 2019)["method"])


def test_a_report_is_made_from_the_returns_until_its_year(reported):
    model = reported.model()
    meeting = next(meeting for meeting in model.meetings if meeting.code == "MINI3")
    first, second = (set(made_from(model.as_seen_by(paper), meeting, paper)) for paper in meeting.papers)
    assert {PER, VNM} <= first and CHILE_2020 not in first
    assert second - first == {CHILE_2020}


def test_the_introduction_may_name_figures(reported):
    folder = "inputs/mini/narrative/indicator-report-2019"
    reported.write(
        f"{folder}/introduction.md",
        "# Introduction\n\nOf {{ indicators.activities.total }} activities, most were small.\n",
    )
    assert "Of 2 activities, most were small." in words(context(reported.model(), 2019)["introduction"])
    reported.write(
        f"{folder}/introduction.md", "# Introduction\n\nOf {{ indicators.actvities.total }} activities.\n"
    )
    (problem,) = reported.problems()
    assert (problem.kind, problem.place.line) == ("unknown-fact", 3)


def test_the_alternative_text_of_a_chart_has_its_figures(reported):
    chart = context(reported.model(), 2020)["chart_of_years"]["chart"]
    assert "2020: Activities carried out 3, Practices shared not reported" in chart["alt"]
    assert chart["series"] == [["2019", [2, 0]], ["2020", [3, None]]]
