"""Papers of plans with levels of their own, with declared tables, and without a schedule."""

from __future__ import annotations

import re

import optional_plan
import pytest
import yaml
from docx import Document as open_document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from forum_tools import MINI1, PLAN, Forum
from leftovers import leftovers, parts_of_body
from ooxml_integrity import check
from openxml_audit import OpenXmlValidator
from own_levels import PLAN_FILE, WORK, entry, harbour_forum, rename_levels
from papers.wording.compose import word_paper
from validators import NO_THEME
from word_tools import filled, part

INITIATIVES = "A network of sensors\nA map of noise that residents can read"


@pytest.fixture
def harbour(forum) -> Forum:
    """Return a forum with a plan of goals, objectives and actions, and nothing else of a plan."""
    return harbour_forum(forum)


def build(forum: Forum, folder) -> dict:
    """Return kind -> file of each paper."""
    model, files = forum.model(), {}
    for meeting in model.meetings:
        for paper in meeting.papers:
            files[paper.kind] = folder / f"{paper.kind}.docx"
            files[paper.kind].write_bytes(filled(word_paper(model, meeting, paper), folder))
    return files


def table_of(file) -> list[list[str]]:
    """Return the last table of a paper as rows of texts; a cell that is one with that above it is None."""
    rows = open_document(str(file)).tables[-1]._tbl.tr_lst
    return [[_text(cell) for cell in row.tc_lst] for row in rows]


def _text(cell) -> str | None:
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    if merge is not None and merge.get(qn("w:val")) == "continue":
        return None
    paragraphs = ("".join(text.text or "" for text in p.iter(qn("w:t"))) for p in cell.iter(qn("w:p")))
    return "\n".join(paragraphs)


# Three levels, a table of five columns, no schedule


def test_a_plan_of_goals_objectives_and_actions_has_the_table_that_it_declares(harbour, tmp_path):
    assert table_of(build(harbour, tmp_path)["strategic-plan"]) == [
        ["No.", "Goals", "Objectives", "Actions", "Possible initiatives"],
        ["1.", "Quiet quays", "1.1 Less noise at night", "a) Measure noise at every quay", INITIATIVES],
        [None, None, None, "b) Agree on limits for cranes", "A workshop of port authorities"],
        [None, None, "1.2 Power from the shore", "a) Connect berths to the grid", ""],
        [
            "2.",
            "Clean water\nWater in every harbour that is clean enough to swim in.",
            "2.1 No oil in the basin",
            "",
            "Shared booms and skimmers",
        ],
    ]


def test_a_work_plan_without_schedule_has_the_table_that_it_declares(harbour, tmp_path):
    assert table_of(build(harbour, tmp_path)["work-plan"]) == [
        [
            "Goals/Objectives",
            "Action items",
            "Expected outcomes",
            "Timeframe",
            "Cooperating party",
            "Cost (USD)",
        ],
        [
            "Quiet quays\n1.1 Less noise at night",
            "Measure noise at every quay",
            "A report on twelve quays",
            "Q2 2019",
            "Pilots Network; Lakes League",
            "120,000",
        ],
        [None, "Draft the limits", "A draft for the second meeting", "ongoing", "", ""],
        [
            "Clean water\nWater in every harbour that is clean enough to swim in.",
            "Ask the harbours about booms",
            "Answers",
            "",
            "Secretariat",
            "",
        ],
    ]


def test_papers_of_such_a_plan_are_valid_and_print_nothing_that_it_lacks(harbour, tmp_path):
    papers = build(harbour, tmp_path)
    assert set(papers) == {"agenda", "strategic-plan", "work-plan"}
    for kind, file in papers.items():
        texts = [part.text for part in parts_of_body(file)]
        unwanted = "vision|mission|indicator|priority area|schedule|appendix|ministers|not stated"
        assert [text for text in texts if re.search(unwanted, text, re.IGNORECASE)] == [], kind
        assert leftovers(file) == [], kind
        audit = [error.description for error in OpenXmlValidator().validate(file).errors]
        assert [*check(str(file))] + [text for text in audit if not text.startswith(NO_THEME)] == [], kind


@pytest.mark.parametrize(
    ("orientation", "pages"), [("landscape", [None, "landscape"]), ("portrait", [None, None])]
)
def test_a_wide_table_stands_on_landscape_pages(harbour, tmp_path, orientation, pages):
    harbour.replace(PLAN_FILE, "orientation: landscape", f"orientation: {orientation}")
    assert orientations(build(harbour, tmp_path)["strategic-plan"]) == pages


def test_sections_around_a_wide_table_stay_portrait(harbour, tmp_path):
    for name, text in (("1.md", "Why"), ("2.md", "{{ goal_table }}"), ("3.md", "Thanks")):
        harbour.write(f"{PLAN}/{name}", f"# Part {name[0]}\n\n{text}\n")
    harbour.write(PLAN_FILE, f"{harbour.text(PLAN_FILE)}sections: [1.md, 2.md, 3.md]\n")
    file = build(harbour, tmp_path)["strategic-plan"]
    assert orientations(file) == [None, None, "landscape", None]
    assert leftovers(file) == []


def orientations(file) -> list[str | None]:
    document = part(file.read_bytes(), "word/document.xml")
    return [page.get(qn("w:orient")) for page in document.iter(qn("w:pgSz"))]


def test_without_declared_tables_levels_are_the_columns(harbour, tmp_path):
    text = re.sub(r"(?s)tables:.*", "", harbour.text(PLAN_FILE))
    harbour.write(PLAN_FILE, re.sub(r" *initiatives: .*\n", "", text))
    harbour.write(WORK, re.sub(r" *cost: .*\n", "", harbour.text(WORK)))
    papers = build(harbour, tmp_path)
    assert table_of(papers["strategic-plan"])[0] == ["No.", "Goals", "Objectives", "Actions"]
    assert table_of(papers["work-plan"])[0] == [
        "Goal",
        "Objectives/Actions",
        "Action Items",
        "Expected Outcomes",
        "Timeframe",
        "Cooperating Party",
    ]


LEVELS = ["pillar", "goal", "objective", "action"]


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_a_plan_has_one_to_four_levels(harbour, tmp_path, depth):
    names = LEVELS[:depth]
    item: dict = {}
    for at, name in reversed(list(enumerate(names, 1))):
        below = {f"{names[at]}s": [item]} if at < depth else {}
        item = {"id": name, "name": f"The {name}", **below}
    levels = [{"one": name, "many": f"{name}s"} for name in names]
    plan = {
        "title": "A plan",
        "first_year": 2019,
        "last_year": 2020,
        "levels": levels,
        f"{names[0]}s": [item],
    }
    harbour.write(PLAN_FILE, yaml.safe_dump(plan))
    harbour.write(WORK, f"year: 2019\nactivities:\n  - {{title: Begin, {names[0]}: {names[0]}}}\n")
    papers = build(harbour, tmp_path)
    assert table_of(papers["strategic-plan"]) == [
        [f"{name.capitalize()}s" for name in names],
        [f"The {name}" for name in names],
    ]
    assert table_of(papers["work-plan"]) == [
        [names[0].capitalize(), "Action Items"],
        [f"The {names[0]}", "Begin"],
    ]


def test_a_fifth_level_is_refused(harbour):
    more = "".join(f"  - {{one: a{at}, many: as{at}}}\n" for at in range(2))
    harbour.replace(PLAN_FILE, "goals:\n", f"{more}goals:\n")
    (problem,) = harbour.problems()
    assert (problem.kind, problem.place.line) == ("wrong-value", harbour.line_of(PLAN_FILE, "one: goal"))
    assert problem.expected == "a list with 4 or fewer entries"


def test_the_table_of_a_work_plan_with_a_schedule_shows_what_the_schedule_has(forum, tmp_path):
    optional_plan.written_forum(forum)
    columns = {"Objectives": "objectives", "Activity": "activity", "Project": "project", "Status": "status"}
    printed = [{"title": title, "of": [name]} for title, name in {**columns, "When": "timeframe"}.items()]
    optional_plan.change_yaml(
        forum, PLAN_FILE, lambda plan: plan.update(tables={"work-plan": {"printed": printed}})
    )
    optional_plan.change_yaml(forum, WORK, lambda work: work["activities"][0].update(timeframe="Q3 2019"))
    file = next(file for kind, file in optional_plan.papers(forum, tmp_path) if kind == "work-plan")
    table = [[_text(cell) for cell in row.tc_lst] for row in open_document(str(file)).tables[-2]._tbl.tr_lst]
    assert table[1] == [
        "Learn from each other's workshops & studies",
        "Workshop on “small things” & their makers",
        "SME 02 2019A",
        "Approved",
        "Q3 2019",
    ]
    assert table[2][3:] == ["In progress", "2019 (in progress)"]


@pytest.mark.parametrize(("key", "value"), [("title", "Other words"), ("area", "access")])
def test_what_the_schedule_states_stands_there_alone(forum, key, value):
    optional_plan.written_forum(forum)
    optional_plan.change_yaml(forum, WORK, lambda work: work["activities"][0].update({key: value}))
    (problem,) = forum.problems()
    assert (problem.kind, problem.place.file) == ("stated-twice", WORK)
    assert problem.place.value == value and problem.found.startswith(key)


def test_a_column_that_is_too_narrow_for_its_words_is_a_notice(harbour):
    harbour.replace(
        PLAN_FILE, "{title: Goals, of: [goals], width: 4", "{title: Goals, of: [goals], width: 0.3"
    )
    (notice,) = [words for words in harbour.model().notices if "narrow" in words]
    line = harbour.line_of(PLAN_FILE, "width: 0.3")
    assert notice.startswith(f"{PLAN_FILE}, line {line}, ") and '"Goals" is narrower than its word' in notice


def test_numbers_are_right_aligned_and_texts_are_not(harbour, tmp_path):
    table = open_document(str(build(harbour, tmp_path)["work-plan"])).tables[-1]
    aligned = [[cell.paragraphs[0].alignment for cell in row.cells] for row in table.rows[1:]]
    assert [row[5] for row in aligned] == [WD_ALIGN_PARAGRAPH.RIGHT] * 3
    assert {alignment for row in aligned for alignment in row[:5]} == {None}


def test_a_number_is_a_text_where_text_is_expected(harbour, tmp_path):
    harbour.replace(PLAN_FILE, "initiatives: A workshop of port authorities", "initiatives: 1.10")
    assert table_of(build(harbour, tmp_path)["strategic-plan"])[2][4] == "1.10"


# Title and years only


def test_a_work_plan_of_a_plan_with_title_and_years_needs_nothing_else(harbour, tmp_path):
    harbour.write(PLAN_FILE, "title: Harbour Plan 2019-2020\nfirst_year: 2019\nlast_year: 2020\n")
    harbour.write(WORK, "year: 2019\nactivities:\n  - title: Meet\n")
    optional_plan.change_yaml(harbour, MINI1, lambda data: data["papers"].pop(1))
    file = build(harbour, tmp_path)["work-plan"]
    assert table_of(file) == [["Action Items"], ["Meet"]]
    assert leftovers(file) == []


def test_a_work_plan_without_activities_is_portrait_text(harbour, tmp_path):
    harbour.write(WORK, "year: 2019\ndeliverables: [A report]\n")
    file = build(harbour, tmp_path)["work-plan"]
    assert orientations(file) == [None, None] and leftovers(file) == []


# A review of a plan with goals


@pytest.fixture
def renamed(forum) -> Forum:
    """Return the full forum, whose plan has goals with outcomes instead of priority areas with objectives."""
    optional_plan.written_forum(forum)
    rename_levels(forum)
    return forum


def test_papers_of_a_plan_with_other_names_say_these_everywhere(renamed, tmp_path):
    for kind, file in optional_plan.papers(renamed, tmp_path):
        texts = [part.text for part in parts_of_body(file)]
        assert [text for text in texts if re.search("priority area|objective", text, re.IGNORECASE)] == [], (
            kind
        )
        assert leftovers(file) == [], kind


def test_a_mid_term_review_words_goals_in_the_singular_and_the_plural(renamed):
    model = renamed.model()
    meeting, paper = next((m, p) for m in model.meetings for p in m.papers if p.kind == "mid-term-review")
    fields = word_paper(model, meeting, paper)["fields"]
    words = str(fields["review"])
    assert "For each goal, this section gives its outcomes and the activities that serve them" in words
    assert "This goal has " in words and "All goals" in words
    assert fields["review"]["verdict_head"] == "Goal and outcome"
    assert fields["levels"]["area_heads"] == "Goals"


@pytest.mark.parametrize(
    ("one", "many", "phrase"),
    [
        ("activity line", "activity_lines", "under one activity line"),
        ("Key Result Area", "Key Result Areas", "in one Key Result Area"),
        ("series", "series", "under one series"),
    ],
)
def test_names_of_levels_are_used_as_they_are_declared(harbour, one, many, phrase):
    plan = harbour.text(PLAN_FILE).replace("one: goal, many: goals", f'one: "{one}", many: "{many}"')
    plan = plan.replace("\ngoals:", f"\n{many}:").replace("goals.number", f"{many}.number")
    harbour.write(PLAN_FILE, plan.replace("of: [goals", f"of: [{many}"))
    harbour.write(WORK, "year: 2019\nactivities:\n  - actions: [measure]\n")
    model = harbour.model()
    fields = word_paper(model, *[(m, p) for m in model.meetings for p in m.papers][-1])["fields"]
    assert phrase in str(fields["work"]["summary"])


# What is wrong with a declaration


@pytest.mark.parametrize(
    ("file", "old", "new", "kind", "found", "line"),
    [
        (
            PLAN_FILE,
            "many: goals,",
            "many: title,",
            "levels",
            '"title", which is a key of its own',
            "many: title",
        ),
        (PLAN_FILE, "many: actions,", "many: goals,", "levels", '"goals" again', "one: action"),
        (PLAN_FILE, 'number: "1.1"', "number: none", "levels", '"none"', "one: objective"),
        (PLAN_FILE, "\ngoals:", "\ngaols:", "unknown-key", 'the unknown key "gaols"', "gaols:"),
        (
            PLAN_FILE,
            "        actions:\n",
            "        acts:\n",
            "unknown-key",
            'the unknown key "acts"',
            "acts:",
        ),
        (PLAN_FILE, "            text: Connect", "            name: Connect", None, "", ""),
        (
            PLAN_FILE,
            "\n            text: Connect berths to the grid",
            "",
            "missing-key",
            "nothing",
            "id: berths",
        ),
        (
            PLAN_FILE,
            "id: limit\n",
            "id: measure\n",
            "doubled-id",
            '"measure" again',
            "id: measure\n            text: Agree",
        ),
        (
            PLAN_FILE,
            "of: [initiatives]",
            "of: [initiative]",
            "unknown-column",
            '"initiative"',
            "of: [initiative]",
        ),
        (
            PLAN_FILE,
            "id: initiatives",
            "id: text",
            "doubled",
            'the id "text", which is used already',
            "id: text",
        ),
        (WORK, "actions: [measure]", "actions: [measures]", "unknown-action", '"measures"', "measures"),
        (WORK, "actions: [limit]", "objectives: [limit]", "unknown-objective", '"limit"', "objectives:"),
        (WORK, "goal: water", "goal: waters", "unknown-area", '"waters"', "waters"),
        (
            WORK,
            "  - title: Ask the harbours about booms\n    goal",
            "  - goal",
            "missing-key",
            "nothing",
            "- goal",
        ),
        (WORK, "cost: 120000", "cost: much", "wrong-value", '"much"', "cost: much"),
        (
            PLAN_FILE,
            "type: money",
            "type: bodies",
            "wrong-type",
            "the type bodies of the column cost",
            "id: cost",
        ),
        (WORK, "goal: water", "area: water", "unknown-key", 'the unknown key "area"', "area:"),
    ],
)
def test_a_mistake_is_one_problem_with_its_line(harbour, file, old, new, kind, found, line):
    harbour.replace(file, old, new)
    if "initiative" in (old + new) and kind == "doubled":
        harbour.write(
            file,
            re.sub(r" +initiatives: .*\n", "", harbour.text(file)).replace("of: [initiatives]", "of: [text]"),
        )
    problems = [(p.kind, p.found) for p in harbour.problems()]
    if kind is None:
        assert problems == []
        return
    assert problems == [(kind, found)]
    (problem,) = harbour.problems()
    assert problem.place.file == file
    lines = harbour.text(file).split("\n")
    assert line.split("\n")[0] in "\n".join(lines[problem.place.line - 2 : problem.place.line])


def test_a_plan_that_could_not_be_read_is_the_only_problem(harbour):
    harbour.replace(PLAN_FILE, "first_year: 2019", "first_year: soon")
    assert [problem.kind for problem in harbour.problems()] == ["wrong-value"]


def test_a_paper_of_a_kind_that_needs_a_schedule_says_so(harbour):
    added = entry("009", "implementation-schedule", "Schedule") + "    plan: plan-2019-2020\n"
    harbour.write(MINI1, harbour.text(MINI1) + added)
    assert [problem.kind for problem in harbour.problems()] == ["missing-schedule"]
