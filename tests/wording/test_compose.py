"""Contexts of papers: covers, properties, the plan with its parts, and the inputs of a paper."""

from __future__ import annotations

import json

import pytest
from forum_tools import FOLDER, MINI1, MINI2, copy_forum
from papers import richtext
from papers.wording.compose import word_meeting
from papers.wording.line_breaks import breakable

AGENDA = """  - number: 2019/MINI2/003
    kind: agenda
    title: Agenda
    submitted_by: [Chair]
"""


@pytest.fixture(scope="module")
def papers(tmp_path_factory) -> dict[str, dict]:
    """Return the contexts of the miniature forum's papers, by number."""
    return worded(copy_forum(tmp_path_factory.mktemp("wording")))


def worded(forum) -> dict[str, dict]:
    model = forum.model()
    return {
        paper["number"]: paper
        for meeting in model.meetings
        for paper in word_meeting(model, meeting)["papers"]
    }


def shown(blocks: dict) -> list[tuple[str, str]]:
    return [(block["style"], richtext.plain(block["line"])) for block in blocks["blocks"]]


def test_the_cover_has_the_facts_of_the_meeting_and_of_the_entry(papers):
    fields = papers["2019/MINI2/001"]["fields"]["cover"]
    assert fields == {
        **fields,
        "number": "2019/MINI2/001",
        "agenda_item": "6",
        "title": "Implementation Schedule of\u00a0the\u00a0Mini Working\u00a0Group",
        "status": "(Draft)",
        "purpose": "Consideration",
        "submitted_by": "Malaysia, Philippines",
        "forum_doc_no": "",
        "host_mark": ["APEC CHILE", "2019"],
        "meeting": {"line": [["2", ""], ["nd", "^"], [" Mini Working Group Meeting", ""]]},
        "place": "Puerto Varas, Chile",
        "dates": "4-5 September 2019",
        "organisation": "Asia-Pacific\nEconomic Cooperation",
    }


def test_what_an_entry_does_not_name_is_empty_on_the_cover(papers):
    fields = papers["2019/MINI2/002rev1"]["fields"]["cover"]
    assert [fields[name] for name in ("agenda_item", "status", "purpose", "forum_doc_no")] == [""] * 4


@pytest.mark.parametrize(
    ("submitters", "words"),
    [
        (["Viet Nam", "the Philippines", "Australia"], "Australia, the Philippines, Viet Nam"),
        (["Peru", "Hong Kong, China"], "Hong Kong, China; Peru"),
        (["APEC Secretariat"], "APEC Secretariat"),
    ],
)
def test_submitters_are_in_apec_order(forum, submitters, words):
    forum.replace(MINI1, "      - APEC Secretariat\n", "".join(f"      - {name}\n" for name in submitters))
    found = worded(forum)["2019/MINI1/003"]["fields"]["cover"]["submitted_by"]
    assert breakable(found) == words


def test_the_date_in_the_properties_is_the_papers_own_or_the_first_day_of_the_meeting(papers):
    dates = {number: paper["properties"]["date"] for number, paper in papers.items()}
    assert dates == {
        "2019/MINI1/003": "2019-03-28T00:00:00Z",
        "2019/MINI2/001": "2019-08-20T00:00:00Z",
        "2019/MINI2/002rev1": "2019-09-04T00:00:00Z",
    }
    assert papers["2019/MINI1/003"]["properties"]["subject"] == "2019/MINI1/003"


def test_facts_of_the_plan_replace_their_names_in_the_sections(papers):
    sections = papers["2019/MINI1/003"]["fields"]["plan"]["sections"]
    assert [richtext.plain(section["heading"]["line"]) for section in sections] == [
        "1. Introduction",
        "2. Priority Areas",
        "3. [Review",
    ]
    introduction = [line for part in sections[0]["blocks"] for line in shown(part["text"])]
    assert introduction[0] == (
        "Body Text",
        "A region in which small things grow in the 21st century, by 2020 at the latest.",
    )
    assert introduction[-3:] == [
        ("List Bullet", "Economies that take part; and"),
        ("List Bullet", "Partners who stay."),
        ("Quote", "Small is beautiful."),
    ]
    review = shown(sections[2]["blocks"][0]["text"])
    assert review == [
        ("Body Text", "A mid-term review in 2019, a final one in 2020, and an assessment every 4 years.]")
    ]


def test_the_table_of_areas_is_between_list_and_indicators(papers):
    blocks = papers["2019/MINI1/003"]["fields"]["plan"]["sections"][1]["blocks"]
    assert [block["priority_table"] for block in blocks].count(True) == 1
    around = [shown(block["text"]) if not block["priority_table"] else "table" for block in blocks]
    at = around.index("table")
    assert around[at - 1][-1] == ("List Bullet", "Access to markets.")
    assert around[at + 2][:2] == [
        ("List Bullet", "Activities"),
        ("List Bullet 2", "No. of activities carried out (e.g. forums);"),
    ]


def test_the_plan_has_schedule_and_terms_appended(papers):
    assert set(papers["2019/MINI1/003"]["fields"]) == {
        "paper",
        "cover",
        "levels",
        "parts",
        "plan",
        "schedule",
        "terms",
    }
    assert set(papers["2019/MINI2/002rev1"]["fields"]) == {"paper", "cover", "levels", "terms"}


def test_the_schedule_lists_no_withdrawn_activity_and_an_empty_row_for_an_area_without_any(papers):
    schedule = papers["2019/MINI2/001"]["fields"]["schedule"]
    area = "Skills, Tools and the Digital Economy"
    assert [[cell["text"] for cell in row["cells"]] for row in schedule["rows"]] == [
        [
            area,
            "Workshop on “small things” & their makers",
            "2019-2020",
            "Chinese Taipei, Malaysia, the Philippines",
        ],
        [
            "",  # merged with the cell above
            "Study of ½-day courses: what to teach < 5 people",
            "2019",
            "Hong Kong, China; Viet Nam",
        ],
        ["Access to markets", "", "", ""],
    ]
    merged = [(row["cells"][0]["starts"], row["cells"][0]["continues"]) for row in schedule["rows"]]
    assert merged == [(True, False), (False, True), (True, False)]
    assert schedule["has_usual_columns"] is True


def test_the_heading_of_the_schedule_has_its_footnote(papers):
    heading = papers["2019/MINI2/001"]["fields"]["schedule"]["heading"]["line"]
    assert heading[-1] == {"note": [["The table lists what was known in 2019.", ""]]}


def test_the_terms_of_reference_keep_their_lists_and_italics(papers):
    sections = papers["2019/MINI2/002rev1"]["fields"]["terms"]["sections"]
    assert [style for section in sections for style, _ in shown(section["text"])] == [
        "List Bullet",
        "List Bullet 2",
        "List Bullet",
        "Body Text",
        *["List Roman"] * 3,
        "Heading 3",
        "Body Text",
    ]
    assert sections[0]["text"]["blocks"][2]["line"] == [["To report each year.", "i"]]


def test_papers_are_in_order_of_their_numbers(forum):
    entries = forum.text(MINI2)
    start = entries.index("  - number: 2019/MINI2/001")
    second = entries.index("  - number: 2019/MINI2/002rev1")
    forum.write(MINI2, entries[:start] + entries[second:] + entries[start:second])
    assert [number for number in worded(forum) if "MINI2" in number] == [
        "2019/MINI2/001",
        "2019/MINI2/002rev1",
    ]


def test_a_context_names_the_inputs_that_the_paper_is_made_from(papers):
    assert f"{FOLDER}/plan-2019-2020/schedule/2019.xlsx" in papers["2019/MINI2/001"]["made_from"]
    assert f"{FOLDER}/plan-2019-2020/schedule/2019.xlsx" not in papers["2019/MINI2/002rev1"]["made_from"]
    assert MINI1 not in papers["2019/MINI2/001"]["made_from"]


def test_contexts_are_plain_data_that_json_can_represent(papers):
    assert json.loads(json.dumps(papers)) == papers


def test_no_name_of_a_fact_is_left_in_a_paper(papers):
    assert "fact" not in json.dumps([paper["fields"] for paper in papers.values()])
    assert "{{" not in json.dumps(papers, ensure_ascii=False)


def test_other_entries_of_the_file_and_other_meetings_do_not_change_what_is_stated_about_a_paper(
    papers, forum
):
    forum.replace(MINI2, "number: 2019/MINI2/002rev1", "number: 2019/MINI2/002rev2")
    forum.replace("config.yaml", "meetings: all", "meetings: [MINI2]")
    now = worded(forum)
    assert now["2019/MINI2/001"]["entry"] == papers["2019/MINI2/001"]["entry"]
    assert now["2019/MINI2/002rev2"]["entry"] != papers["2019/MINI2/002rev1"]["entry"]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (MINI2, "status: (Draft)", "status: (Final)"),
        (MINI2, "city: Puerto Varas", "city: Santiago"),
    ],
)
def test_its_own_entry_and_its_meeting_change_what_is_stated_about_a_paper(papers, forum, file, old, new):
    forum.replace(file, old, new)
    assert worded(forum)["2019/MINI2/001"]["entry"] != papers["2019/MINI2/001"]["entry"]


def test_the_settings_change_what_is_stated_about_a_paper(papers, forum):
    forum.write("inputs/mini/settings.yaml", "language: en-US\n")
    assert worded(forum)["2019/MINI2/001"]["entry"] != papers["2019/MINI2/001"]["entry"]


def test_an_agenda_prints_the_entries_of_the_other_papers(forum):
    forum.replace(MINI2, "papers:\n", f"papers:\n{AGENDA}")
    before = worded(forum)["2019/MINI2/003"]["entry"]
    forum.replace(MINI2, "title: Terms of Reference", "title: New Terms of Reference")
    assert worded(forum)["2019/MINI2/003"]["entry"] != before
