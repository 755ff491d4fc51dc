"""Papers of plans that lack something, and of plans with more than a chart or a page can show."""

from __future__ import annotations

import re
import shutil

import optional_plan
import pytest
from docx import Document as open_document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from forum_tools import MINI1, PLAN, Forum
from full_forum import MINI3
from leftovers import leftovers, narrow_columns, parts_of_body
from ooxml_integrity import check
from openxml_audit import OpenXmlValidator
from optional_plan import empty_schedules
from papers.checks.empty import check_empty
from papers.docx.texts import read_texts
from papers.model.figures import Figure
from papers.wording.compose import trace_paper, word_paper
from papers.wording.indicator_text import MOST_COLUMNS, chart, in_parts
from returns_tools import RETURNS
from validators import NO_THEME
from word_tools import part

OPTIONAL = (
    "vision",
    "mission",
    "critical_success_factors",
    "priority_areas",
    "indicator_headings",
    "commitments",
    "reviews",
    "sections",
    "appendix",
)
# Words that no paper has of what its plan lacks.
WORDS = {
    "priority_areas": "priority area|objective",
    "objectives": "objective",
    "indicator_headings": "indicator|return|reported",
    "commitments": "commitment|Leaders and Ministers",
}
KINDS = {
    "fora-report",
    "final-review",
    "implementation-schedule",
    "mid-term-review",
    "project-ranking",
    "rotation-annex",
    "schedule-changes",
    "updated-schedule",
    "work-plan",
}
NARROWEST = 640  # twentieths of a point: "S/N" and "2019" fit


@pytest.fixture
def written(forum) -> Forum:
    """Return the miniature forum with papers of nearly all kinds."""
    return optional_plan.written_forum(forum)


@pytest.fixture
def minimal(written) -> Forum:
    """Return a forum whose plan has a title and years only."""
    optional_plan.leave_out(written, *OPTIONAL)
    return written


def word(forum: Forum, kind: str) -> dict:
    """Return the fields of the last paper of a kind, by namespace."""
    model = forum.model()
    pairs = [(m, p) for m in model.meetings for p in m.papers if p.kind == kind]
    return word_paper(model, *pairs[-1])["fields"]


def own_papers(forum: Forum, folder) -> dict:
    """Return kind -> file of each paper of the plan."""
    return dict(optional_plan.papers(forum, folder))


# A plan that lacks something


@pytest.mark.parametrize("key", [*OPTIONAL, "objectives"])
def test_nothing_is_printed_of_what_a_plan_lacks(written, tmp_path, key):
    if key == "objectives":
        optional_plan.leave_out_objectives(written)
    else:
        optional_plan.leave_out(written, key)
    for kind, file in own_papers(written, tmp_path).items():
        assert leftovers(file) == [], kind
        assert key not in WORDS or said(file, WORDS[key]) == [], kind


def test_a_plan_with_title_and_years_has_papers_of_all_kinds_but_two(minimal, tmp_path):
    found = own_papers(minimal, tmp_path)
    assert set(found) == KINDS
    assert {kind: leftovers(file) for kind, file in found.items()} == {kind: [] for kind in KINDS}
    unwanted = "|".join(WORDS.values())
    assert {kind: said(file, unwanted) for kind, file in found.items()} == {kind: [] for kind in KINDS}


def said(file, pattern: str) -> list[str]:
    """Return the texts of a paper that match a pattern, in capitals or small letters."""
    return [p.text for p in parts_of_body(file) if re.search(pattern, p.text, re.IGNORECASE)]


def test_a_minimal_plan_with_an_empty_schedule_has_papers_too(minimal, tmp_path):
    optional_plan.empty_schedules(minimal)
    for kind, file in own_papers(minimal, tmp_path).items():
        assert leftovers(file) == [], kind
    assert "The 2019 edition lists no activities." in str(word(minimal, "implementation-schedule"))


def empty_work(forum: Forum) -> None:
    """Let the Work Plans state no more than they have to."""
    for path in forum.path(f"{PLAN}/workplan").glob("*.yaml"):
        less = {"responds_to": [], "areas": [], "activities": [], "meetings": []}
        file = f"{PLAN}/workplan/{path.name}"
        optional_plan.change_yaml(forum, file, lambda plan, less=less: plan.update(less))


def no_returns(forum: Forum) -> None:
    """Delete the returns; the plan keeps its indicators."""
    shutil.rmtree(forum.path(RETURNS))
    optional_plan.drop_papers(forum, lambda entry: entry["kind"] == "indicator-report")


@pytest.mark.parametrize("empties", [(), (empty_work,), (no_returns,), (no_returns, empty_schedules)])
def test_papers_of_empty_data_have_no_empty_heading_no_empty_table_and_no_filler(written, tmp_path, empties):
    for empty in empties:
        empty(written)
    for kind, file in own_papers(written, tmp_path).items():
        assert leftovers(file) == [], kind
        assert [*check_empty(read_texts(file.read_bytes()))] == [], kind
        assert (
            said(file, r"no economy\b|no \w+ in no|not stated|no partner|no outcome|no activity in this")
            == []
        )


def test_a_work_plan_without_activities_has_no_landscape_page(written, tmp_path):
    assert orientations(own_papers(written, tmp_path)["work-plan"]) == {None, "landscape"}
    no_returns(written)
    empty_schedules(written)
    assert orientations(own_papers(written, tmp_path)["work-plan"]) == {None}


@pytest.mark.slow
def test_papers_of_a_minimal_plan_are_valid(minimal, tmp_path):
    for kind, file in own_papers(minimal, tmp_path).items():
        assert faults(file) == [], kind


def faults(file) -> list[str]:
    """Return what two validators find in a paper."""
    audit = [error.description for error in OpenXmlValidator().validate(file).errors]
    return [str(found) for found in check(str(file))] + [
        text for text in audit if not text.startswith(NO_THEME)
    ]


def test_the_items_are_on_wide_pages_of_a_paper_of_their_own(written, tmp_path):
    papers = own_papers(written, tmp_path)
    assert orientations(papers["list-of-items"]) == {None, "landscape"}
    assert orientations(papers["mid-term-review"]) == orientations(papers["final-review"]) == {None}


def orientations(file) -> set[str | None]:
    document = part(file.read_bytes(), "word/document.xml")
    return {page.get(qn("w:orient")) for page in document.iter(qn("w:pgSz"))}


def test_activities_without_areas_stand_in_one_table(written):
    optional_plan.leave_out(written, "priority_areas")
    schedule, work = word(written, "implementation-schedule")["schedule"], word(written, "work-plan")["work"]
    assert work["areas"] == []
    heads = ["Activities", "Timeframe", "Proponent/ Stakeholders"]
    assert [column["title"] for column in schedule["columns"]] == heads
    assert [row["cells"][1]["text"] for row in schedule["rows"]] == ["2019-2020", "2019"]
    assert [row["outcome"] for row in work["activities"]] == ["A good workshop", "–"]


def test_a_contribution_is_printed_where_the_chair_wrote_one(written):
    optional_plan.leave_out(written, "commitments")
    assert word(written, "mid-term-review")["review"]["contribution"] == {"blocks": []}
    text = "# Contribution\n\nIt contributes.\n"
    written.write("inputs/mini/narrative/mid-term-review-2019/contribution.md", text)
    assert "It contributes." in str(word(written, "mid-term-review")["review"]["contribution"])


# Kinds that make no sense without something


@pytest.mark.parametrize(
    ("keys", "kind", "file", "entry", "problem"),
    [
        (OPTIONAL, "strategic-plan", MINI1, "", "no-sections"),
        (["indicator_headings"], "indicator-report", MINI3, "    year: 2019\n", "no-indicators"),
    ],
)
def test_a_kind_without_what_it_prints_is_one_problem(written, keys, kind, file, entry, problem):
    optional_plan.leave_out(written, *keys)
    added = f"- number: {'2019/MINI1' if file == MINI1 else '2020/MINI3'}/099\n  kind: {kind}\n"
    added += f"  title: Added\n  submitted_by: [Peru]\n  plan: plan-2019-2020\n{entry[2:]}"
    text = written.text(file).replace("papers: []\n", "papers:\n")
    written.write(file, text + added)
    (found,) = written.problems()
    assert (found.kind, found.place.file) == (problem, file)
    assert found.place.line == written.line_of(file, "099")


# More than a chart or a page can show


@pytest.mark.slow
def test_papers_of_15_areas_are_whole(written, tmp_path):
    optional_plan.add_areas(written, 15)
    for kind, file in own_papers(written, tmp_path).items():
        assert leftovers(file) == narrow_columns(file, NARROWEST) == faults(file) == [], kind
    assert len(word(written, "final-review")["review"]["areas"]) == 15


@pytest.mark.slow
def test_papers_of_12_years_are_whole(written, tmp_path):
    optional_plan.begin_in(written, 2009)
    for kind, file in own_papers(written, tmp_path).items():
        assert leftovers(file) == narrow_columns(file, NARROWEST) == faults(file) == [], kind


def test_12_years_take_several_tables_and_no_chart(written):
    optional_plan.begin_in(written, 2009)
    review = word(written, "final-review")["review"]
    heads = [*map(str, range(2009, 2020)), "2020 (so far)", "2009-2020"]
    assert review["chart_of_years"] == {"chart": None}
    for tables, key in ((review["year_tables"], "years"), (review["areas"][1]["tables"], "heads")):
        assert [head for table in tables for head in table[key]] == heads
        assert max(len(table[key]) for table in tables) <= MOST_COLUMNS
    assert [row["change"] != "" for t in review["year_tables"] for row in t["rows"]] == [False] * 4 + [
        True
    ] * 2


def test_the_trace_of_a_figure_names_the_column_of_its_own_table(written):
    optional_plan.begin_in(written, 2009)
    model = written.model()
    meeting, paper = next((m, p) for m in model.meetings for p in m.papers if p.kind == "final-review")
    places = [figure["where"] for figure in trace_paper(model, meeting, paper)[1]["figures"]]
    assert "year tables, rows, Activities carried out, values, 2019" in places


@pytest.mark.parametrize(("count", "shown"), [(1, True), (8, True), (9, False), (0, False)])
def test_a_chart_has_at_most_eight_series(written, count, shown):
    indicator = written.period().plan.indicator_headings[0].indicators[0]
    series = [(str(at), [Figure(at)]) for at in range(count)]
    assert (chart("column", "year", [indicator], series)["chart"] is not None) == shown


def test_figures_that_nobody_reported_have_no_chart(written):
    indicator = written.period().plan.indicator_headings[0].indicators[0]
    assert chart("column", "year", [indicator], [("2019", [Figure()])]) == {"chart": None}


@pytest.mark.parametrize("count", range(1, 40))
def test_a_table_is_cut_into_parts_of_nearly_the_same_width(count):
    heads = [str(at) for at in range(count)]
    parts = in_parts(heads, [{"name": "x", "values": heads}])
    widths = [len(head) for head, _ in parts]
    assert [head for part_heads, _ in parts for head in part_heads] == heads
    assert all(rows == [{"name": "x", "values": head}] for head, rows in parts)
    assert max(widths) <= MOST_COLUMNS and max(widths) - min(widths) <= 1


def test_a_table_without_rows_has_no_parts():
    assert in_parts(["2019"], []) == []


# The checker of these tests


@pytest.mark.parametrize(
    ("texts", "faults"),
    [
        ([("Heading 1", "A"), ("Normal", "a"), ("Heading 2", "B"), ("Normal", "b")], []),
        ([("Heading 1", "A"), ("Heading 2", "B"), ("Normal", "b")], []),
        ([("Heading 1", "A"), ("Heading 1", "B"), ("Normal", "b")], ["a heading without text: A"]),
        ([("Normal", "a"), ("Heading 1", "B")], ["a heading without text: B"]),
        ([("Heading 2", "A"), ("Heading 1", "B"), ("Normal", "b")], ["a heading without text: A"]),
        ([("Caption", "Table 1"), ("Normal", "b")], ["a caption without table or chart: Table 1"]),
        (
            [("Normal", "As follows:"), ("Heading 1", "B"), ("Normal", "b")],
            ["a list without items: As follows:"],
        ),
        ([("Normal", "As follows:"), ("List Bullet", "a")], []),
    ],
)
def test_the_checker_finds_what_stands_over_nothing(tmp_path, texts, faults):
    document = open_document()
    document.add_section()
    for style, text in texts:
        document.add_paragraph(text, style)
    document.save(tmp_path / "paper.docx")
    assert leftovers(tmp_path / "paper.docx") == faults


def test_the_checker_finds_a_table_without_rows_and_narrow_columns(tmp_path):
    document = open_document()
    document.add_section()
    table = document.add_table(1, 20)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    table.cell(0, 0).text = "Year"
    document.save(tmp_path / "paper.docx")
    assert leftovers(tmp_path / "paper.docx") == ["a table without rows: Year"]
    assert len(narrow_columns(tmp_path / "paper.docx", NARROWEST)) == 20
