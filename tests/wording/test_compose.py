"""How the facts are worded: dates, ordinals, lists, covers and the text of each kind of paper."""

from __future__ import annotations

import datetime
import itertools
import json

import pytest
from forum_tools import FOLDER, MINI1, MINI2, copy_forum
from hypothesis import given
from hypothesis import strategies as st
from papers import richtext
from papers.model.economies import Economy
from papers.wording import cover, english
from papers.wording.compose import word_meeting
from papers.wording.kind import kinds, tags_of
from papers.wording.narrative import fill_facts
from papers.wording.tags import Blocks, ContextError, Each, Flag, Line, Text, check_context

DAY = datetime.date


@pytest.fixture(scope="module")
def papers(tmp_path_factory) -> dict[str, dict]:
    """The contexts of the miniature forum's papers, by number."""
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


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (DAY(2016, 9, 7), DAY(2016, 9, 8), "7-8 September 2016"),
        (DAY(2016, 8, 30), DAY(2016, 9, 2), "30 August-2 September 2016"),
        (DAY(2016, 12, 31), DAY(2017, 1, 1), "31 December 2016-1 January 2017"),
        (DAY(2017, 11, 8), DAY(2017, 11, 8), "8 November 2017"),
        (DAY(2017, 11, 8), None, "8 November 2017"),
        (None, DAY(2017, 11, 8), "8 November 2017"),
        (None, None, ""),
    ],
)
def test_dates_are_written_as_papers_write_them(start, end, words):
    assert english.dates(start, end) == words


@pytest.mark.parametrize(
    ("number", "ending", "words"),
    [
        (1, "st", "First"),
        (2, "nd", "Second"),
        (3, "rd", "Third"),
        (4, "th", "Fourth"),
        (11, "th", "Eleventh"),
        (12, "th", "Twelfth"),
        (13, "th", "Thirteenth"),
        (20, "th", "Twentieth"),
        (21, "st", "Twenty-First"),
        (40, "th", "Fortieth"),
        (43, "rd", "Forty-Third"),
        (99, "th", "Ninety-Ninth"),
        (100, "th", "100th"),
        (111, "th", "111th"),
        (122, "nd", "122nd"),
    ],
)
def test_ordinals_are_raised_or_spelled(number, ending, words):
    assert english.ordinal_suffix(number) == ending
    assert english.ordinal_words(number) == words
    assert english.numbered(number, "Meeting", "raised")["line"] == [
        [str(number), ""],
        [ending, "^"],
        [" Meeting", ""],
    ]
    assert english.numbered(number, "Meeting", "spelled")["line"] == [[f"{words} Meeting", ""]]
    assert english.numbered(number, "Meeting", "none")["line"] == [["Meeting", ""]]
    assert english.numbered(None, "Meeting", "raised")["line"] == [["Meeting", ""]]


@given(st.integers(1, 99), st.integers(1, 99))
def test_every_ordinal_has_words_of_its_own(one, other):
    assert (english.ordinal_words(one) == english.ordinal_words(other)) == (one == other)


PERU, PHILIPPINES = (
    Economy(15, "Peru", "Peru", "", "PER"),
    Economy(16, "Philippines", "The Philippines", "the", "PHL"),
)
HONG_KONG = Economy(6, "Hong Kong, China", "Hong Kong, China", "", "HKC")


@pytest.mark.parametrize(
    ("those", "words"),
    [
        ((), ""),
        ((PHILIPPINES,), "Philippines"),
        ((HONG_KONG,), "Hong Kong, China"),
        ((PERU, PHILIPPINES), "Peru, the Philippines"),
        ((PHILIPPINES, PERU), "the Philippines, Peru"),
        ((HONG_KONG, PHILIPPINES), "Hong Kong, China; the Philippines"),
    ],
)
def test_economies_keep_their_order_and_several_have_articles(those, words):
    assert english.economies_in_cell(those) == words


def test_years_and_places():
    assert (english.years(2016, 2017), english.years(2019, 2019)) == ("2016 - 2017", "2019")
    assert (english.place("Lima", PERU), english.place("", PERU), english.place("", None)) == (
        "Lima, Peru",
        "Peru",
        "",
    )


def test_a_cover_says_what_the_meeting_and_the_entry_say(papers):
    fields = papers["2019/MINI2/001"]["fields"]["cover"]
    assert fields == {
        **fields,
        "number": "2019/MINI2/001",
        "agenda_item": "6",
        "title": "Implementation Schedule of the Mini Working Group",
        "status": "(Draft)",
        "purpose": "Consideration",
        "submitted_by": "Malaysia, Philippines",
        "forum_doc_no": "",
        "host_mark": ["APEC CHILE", "2019"],
        "meeting": {"line": [["2", ""], ["nd", "^"], [" Mini Working Group Meeting", ""]]},
        "place": "Puerto Varas, Chile",
        "dates": "4-5 September 2019",
        "organisation": "Asia-Pacific Economic Cooperation",
    }


def test_what_an_entry_does_not_say_is_empty(papers):
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
def test_submitters_stand_in_apec_order(forum, submitters, words):
    forum.replace(MINI1, "      - APEC Secretariat\n", "".join(f"      - {name}\n" for name in submitters))
    assert worded(forum)["2019/MINI1/003"]["fields"]["cover"]["submitted_by"] == words


def test_properties_take_the_papers_own_date_or_the_first_day_of_the_meeting(papers):
    dates = {number: paper["properties"]["date"] for number, paper in papers.items()}
    assert dates == {
        "2019/MINI1/003": "2019-03-28T00:00:00Z",
        "2019/MINI2/001": "2019-08-20T00:00:00Z",
        "2019/MINI2/002rev1": "2019-09-04T00:00:00Z",
    }
    assert papers["2019/MINI1/003"]["properties"]["subject"] == "2019/MINI1/003"


def test_the_plan_sets_its_facts_where_the_sections_name_them(papers):
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


def test_the_table_of_areas_stands_between_list_and_indicators(papers):
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
    assert set(papers["2019/MINI1/003"]["fields"]) == {"paper", "cover", "plan", "schedule", "terms"}
    assert set(papers["2019/MINI2/002rev1"]["fields"]) == {"paper", "cover", "terms"}


def test_the_schedule_lists_no_withdrawn_activity_and_an_empty_row_for_an_area_without_any(papers):
    areas = papers["2019/MINI2/001"]["fields"]["schedule"]["areas"]
    assert areas == [
        {
            "name": "Skills, Tools and the Digital Economy",
            "rows": [
                {
                    "activity": "Workshop on “small things” & their makers",
                    "timeframe": "2019 - 2020",
                    "proponents": "Chinese Taipei, Malaysia, the Philippines",
                },
                {
                    "activity": "Study of ½-day courses: what to teach < 5 people",
                    "timeframe": "2019",
                    "proponents": "Hong Kong, China; Viet Nam",
                },
            ],
        },
        {"name": "Access to markets", "rows": [{"activity": "", "timeframe": "", "proponents": ""}]},
    ]


def test_the_heading_of_the_schedule_has_its_footnote(papers):
    heading = papers["2019/MINI2/001"]["fields"]["schedule"]["heading"]["line"]
    assert heading[-1] == {"note": [["The table lists what was known in 2019.", ""]]}


def test_the_terms_keep_their_lists_and_italics(papers):
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


def test_papers_stand_in_order_of_their_numbers(forum):
    entries = forum.text(MINI2)
    start = entries.index("  - number: 2019/MINI2/001")
    second = entries.index("  - number: 2019/MINI2/002rev1")
    forum.write(MINI2, entries[:start] + entries[second:] + entries[start:second])
    assert [number for number in worded(forum) if "MINI2" in number] == [
        "2019/MINI2/001",
        "2019/MINI2/002rev1",
    ]


def test_a_paper_says_which_inputs_it_is_made_from(papers):
    assert f"{FOLDER}/schedule/2019.xlsx" in papers["2019/MINI2/001"]["made_from"]
    assert f"{FOLDER}/schedule/2019.xlsx" not in papers["2019/MINI2/002rev1"]["made_from"]
    assert MINI1 not in papers["2019/MINI2/001"]["made_from"]


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("schedule/2019.xlsx", ["2019/MINI1/003", "2019/MINI2/001"]),
        ("meetings/MINI2.yaml", ["2019/MINI2/001", "2019/MINI2/002rev1"]),
        ("terms-of-reference", ["2019/MINI1/003", "2019/MINI2/002rev1"]),
    ],
)
def test_every_paper_made_from_an_illustration_says_so_on_its_cover_and_each_page(forum, name, marked):
    forum.replace(f"{FOLDER}/forum.yaml", "logo: null", f"illustrative:\n  - {name}")
    papers = worded(forum)
    assert [
        n for n, paper in papers.items() if paper["fields"]["paper"]["mark"] == "Illustrative figures"
    ] == marked
    assert [n for n, paper in papers.items() if paper["fields"]["cover"]["illustrative"]] == marked


def test_contexts_are_plain_data_that_json_can_carry(papers):
    assert json.loads(json.dumps(papers)) == papers


def test_no_fact_is_left_open_in_a_paper(papers):
    assert "fact" not in json.dumps([paper["fields"] for paper in papers.values()])
    assert "{{" not in json.dumps(papers, ensure_ascii=False)


def test_facts_are_filled_in_with_their_marks_also_in_footnotes():
    runs = [
        {"fact": "year", "marks": "b", "at": 1},
        {"note": [["in ", ""], {"fact": "year", "marks": "", "at": 2}]},
    ]
    assert fill_facts(runs, {"year": "2019"}) == [["2019", "b"], {"note": [["in ", ""], ["2019", ""]]}]


def test_each_kind_declares_its_template_tags_parts_and_needs():
    assert {"strategic-plan", "implementation-schedule", "terms-of-reference"} <= set(kinds())
    for name, kind in kinds().items():
        assert name == kind.TEMPLATE and kind.TAGS and set(kind.PARTS) <= set(kinds())
        needs = set(itertools.chain.from_iterable(kinds()[part].NEEDS for part in kind.PARTS))
        assert needs <= set(kind.NEEDS), f"{name} does not need all that its parts need"
        assert set(tags_of(name)) == {kind.NAMESPACE, "paper"}
    assert set(tags_of("cover")) == {"cover", "paper"}
    assert tags_of("cover")["cover"] is cover.TAGS


TAGS = {"a": Text("a"), "b": Each("b", {"c": Line("c"), "d": Blocks("d")}), "e": Flag("e"), "f": Each("f")}
GOOD = {"a": "x", "b": [{"c": richtext.line("y"), "d": richtext.blocks()}], "e": True, "f": ["z"]}


def test_a_context_fits_its_tags():
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
