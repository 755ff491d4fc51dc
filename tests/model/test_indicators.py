"""The indicators: joint items, decisions on likely doubles, and an independent recount."""

from __future__ import annotations

import csv
import datetime
import io
from collections import defaultdict
from dataclasses import replace

import pytest
import yaml
from examples import examples
from forum_tools import Forum
from hypothesis import given
from hypothesis import strategies as st
from papers.model.figures import Figure
from papers.model.forum import Model
from papers.model.indicator_returns import ReturnEntry
from papers.model.indicators import Indicators
from papers.model.joint_items import likeness
from papers.problems import Place, Problems
from papers.wording.indicator_facts import indicator_facts
from papers.wording.likely_duplicates import HEADER, doubles_list
from returns_tools import BY_CODE, PER, PRACTICES, REGISTER, RETURNS, VNM, counted, day, entry, row, send_in

PERU, VIET_NAM, CHILE = (BY_CODE[code] for code in ("PER", "VNM", "CHL"))
INDICATORS, AREAS = ("activities", "practices"), ("skills", "access")
WORDS = ("doors", "looms and yarn", "bicycle repair", "quick e-payments", "green roofs", "honey")


# Joint items


def test_the_same_activity_counts_once_for_the_group_and_once_for_each_economy():
    found = counted([entry(PERU, 7, activity_id="2019-01"), entry(VIET_NAM, 9, activity_id="2019-01")])
    assert found.total("activities", 2019).value == 1
    assert [str(cell.cell) for cell in found.total("activities", 2019).cells] == ["A7", "A9"]
    assert found.by_area("activities", "access", 2019).value == 1
    assert found.by_economy("activities", "Peru", 2019).value == 1
    assert found.by_economy("activities", "Viet Nam", 2019).value == 1
    (item,) = found.items(2019)
    assert item.economies == (PERU, VIET_NAM) and len(item.cells) == 2


def test_one_activity_for_two_indicators_or_in_two_years_is_two_items():
    first = entry(PERU, 7, activity_id="2019-01")
    for other in ({"indicator": "practices"}, {"year": 2020, "date": day("2020-05-06")}):
        found = counted([first, entry(VIET_NAM, 9, activity_id="2019-01", **other)])
        assert len(found.all_items) == 2


@pytest.mark.parametrize(
    ("one", "other", "items", "likely"),
    [
        ({"jointly_with": (VIET_NAM,)}, {"jointly_with": (PERU,)}, 1, 0),
        ({"jointly_with": (VIET_NAM,)}, {}, 2, 1),
        ({"jointly_with": (VIET_NAM,)}, {"jointly_with": (CHILE,)}, 2, 1),
        ({"jointly_with": (VIET_NAM,)}, {"jointly_with": (PERU,), "title": "Quite another thing"}, 2, 1),
        ({"jointly_with": (VIET_NAM,)}, {"jointly_with": (PERU,), "date": day("2019-05-14")}, 2, 1),
        (
            {"jointly_with": (VIET_NAM,), "activity_id": "2019-01"},
            {"jointly_with": (PERU,), "activity_id": "2019-02"},
            2,
            1,
        ),
        ({"title": "Quite another thing"}, {}, 2, 0),
        ({"jointly_with": (VIET_NAM,), "title": "Quite another thing"}, {}, 2, 0),
        ({"jointly_with": (VIET_NAM,), "activity_id": "2019-01"}, {"jointly_with": (PERU,)}, 1, 0),
        ({"activity_id": "2019-01"}, {"activity_id": "2019-02"}, 2, 1),
        ({}, {}, 2, 1),
        ({}, {"date": day("2019-05-13")}, 2, 1),
        ({}, {"indicator": "practices"}, 2, 0),
    ],
)
def test_declared_items_are_joint_and_similar_ones_are_only_listed(one, other, items, likely):
    title = "Workshop on doors and windows"
    found = counted(
        [entry(PERU, 7, **{"title": title, **one}), entry(VIET_NAM, 9, **{"title": title, **other})]
    )
    assert (len(found.all_items), len(found.likely_doubles)) == (items, likely)


def test_three_economies_that_name_each_other_make_one_item():
    economies = (CHILE, PERU, VIET_NAM)
    title = "Workshop on doors"
    entries = [
        entry(e, 7, title=title, jointly_with=tuple(o for o in economies if o != e)) for e in economies
    ]
    (item,) = counted(entries).all_items
    assert item.economies == economies


def test_two_rows_of_one_return_are_never_one_item():
    problems = Problems()
    title = "Workshop on doors"
    entries = [
        entry(PERU, at, title=title, jointly_with=(VIET_NAM,), date=day(f"2019-05-0{at}")) for at in (7, 8)
    ]
    counted([*entries, entry(VIET_NAM, 9, title=title, jointly_with=(PERU,))], problems)
    assert [(p.kind, p.place.cell) for p in problems.found] == [("unclear-joint", "A8")]


def test_similar_rows_of_one_economy_are_no_likely_double():
    title = "Workshop on doors"
    entries = [entry(PERU, at, title=title, date=day(f"2019-05-0{at}")) for at in (7, 8)]
    assert not counted(entries).likely_doubles


def test_different_areas_of_a_joint_item_are_noticed_and_counted_once():
    entries = [
        entry(PERU, 7, activity_id="2019-01"),
        entry(VIET_NAM, 9, activity_id="2019-01", area="skills"),
    ]
    found = counted(entries)
    assert [found.by_area("activities", area, 2019).value for area in AREAS] == [0, 1]
    assert any("two priority areas" in notice for notice in found.notices)


# Decisions


DOUBLES = f"{RETURNS}/doubles.yaml"
DECISION = "decisions:\n  - {{items: [[2019/per.xlsx, {}], [2019/vnm.xlsx, {}]], same: {}, decided_by: the Chair, reason: asked}}\n"


def seen_by_plan(forum: Forum) -> Model:
    """Return the model as a paper with a plan sees it."""
    model = forum.model()
    papers = (paper for meeting in model.meetings for paper in meeting.papers)
    return model.as_seen_by(next(paper for paper in papers if paper.plan))


@pytest.fixture
def alike(forum):
    """Peru and Viet Nam report workshops with similar titles, in row 7 each."""
    send_in(forum, PER, row(title="Workshop on doors and windows"), row(title="Honey", indicator=PRACTICES))
    send_in(forum, VNM, row(title="Workshop on doors & windows", date=day("2019-05-08")))
    return forum


@pytest.mark.parametrize(("same", "total"), [("true", 1), ("false", 2)])
def test_a_decision_settles_a_likely_double(alike, same, total):
    assert len(alike.period().indicators.likely_doubles) == 1
    alike.write(DOUBLES, DECISION.format(7, 7, same))
    found = alike.period().indicators
    assert found.total("activities", 2019).value == total
    assert found.likely_doubles == []
    assert DOUBLES in found.files(2019, 2019)


@pytest.mark.parametrize(("rows", "key"), [((9, 7), "items[1]"), ((7, 8), "items[2]"), ((8, 7), "")])
def test_a_decision_about_no_likely_double_is_reported(alike, rows, key):
    alike.write(DOUBLES, DECISION.format(*rows, "true"))
    (problem,) = alike.problems()
    assert (problem.kind, problem.place.file, problem.place.line) == ("decision-fits-nothing", DOUBLES, 2)
    assert problem.place.key.endswith(key)


def test_a_decision_about_items_of_distant_dates_says_what_keeps_them_apart(forum):
    send_in(forum, PER, row(title="Workshop on doors", date=day("2019-01-08")))
    send_in(forum, VNM, row(title="Workshop on doors", date=day("2019-11-08")))
    forum.write(DOUBLES, DECISION.format(7, 7, "true"))
    (problem,) = forum.problems()
    assert problem.found.endswith("which are no likely double: the dates are 304 days apart")


def test_a_decision_about_a_declared_joint_item_is_reported(alike):
    for file in (PER, VNM):
        with alike.book(file) as book:
            book["Return"]["H7"] = "2019-01"
    alike.write(DOUBLES, DECISION.format(7, 7, "false"))
    (problem,) = alike.problems()
    assert "declare to be one" in problem.found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[2019/per.xlsx, 7], ", ""),
        ("7]]", '"7"]]'),
        ("same: true", "same: maybe"),
        ("the Chair", '""'),
        ("reason", "why"),
    ],
)
def test_a_wrong_decision_is_reported_with_its_line(alike, old, new):
    alike.write(DOUBLES, DECISION.format(7, 7, "true").replace(old, new))
    found = alike.problems()
    assert found and all(p.place.file == DOUBLES and p.place.line == 2 for p in found)


def test_the_list_of_likely_doubles_is_ready_to_be_copied(alike):
    model = alike.model()
    assert any("likely_doubles.csv" in notice for notice in model.notices)
    head, line = csv.reader(io.StringIO(doubles_list(period.indicators for period in model.periods.values())))
    assert tuple(head) == HEADER
    assert line[3:8] == [
        "titles and dates are alike",
        "Peru",
        "Workshop on doors and windows",
        "2019-05-06",
        f"{PER}, sheet Return, cell A7",
    ]
    answer = (
        line[-1]
        .replace("same: ,", "same: true,")
        .replace("decided_by: ,", "decided_by: me,")
        .replace("reason: ", "reason: so")
    )
    alike.write(DOUBLES, "decisions:\n  " + answer + "\n")
    assert yaml.safe_load(alike.text(DOUBLES))
    assert alike.period().indicators.total("activities", 2019).value == 1


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"title": "Quite another thing"}, "the titles are 25% alike"),
        ({"date": day("2019-06-05")}, "the dates are 30 days apart"),
        ({"activity_id": "2019-02"}, "the activity IDs differ"),
    ],
)
def test_economies_that_name_each_other_although_their_rows_differ_are_listed_for_decision(
    forum, changed, why
):
    title = {"title": "Workshop on doors and windows"}
    send_in(forum, PER, row(**title, jointly_with="Viet Nam", activity_id="2019-01"))
    send_in(forum, VNM, row(**{**title, "jointly_with": "Peru", **changed}))
    model = forum.model()
    (notice,) = [notice for notice in model.notices if "likely_doubles.csv" in notice]
    assert f"although their economies name each other ({PER}, sheet Return, cell A7 and {VNM}" in notice
    assert why in notice and "counts as two" in notice
    _, line = csv.reader(io.StringIO(doubles_list(period.indicators for period in model.periods.values())))
    assert line[3] == f"they name each other, but {why}"
    assert forum.period().indicators.total("activities", 2019).value == 2
    for same, total in (("true", 1), ("false", 2)):
        forum.write(DOUBLES, DECISION.format(7, 7, same))
        found = forum.period().indicators
        assert (found.total("activities", 2019).value, found.likely_doubles) == (total, [])


def test_a_declaration_that_another_row_answers_is_not_listed():
    title = "Workshop on doors"
    first = [entry(PERU, 7, title=title, jointly_with=(VIET_NAM,))]
    first += [entry(VIET_NAM, 9, title=title, jointly_with=(PERU,))]
    second = [entry(PERU, 8, title="Quite another thing", jointly_with=(VIET_NAM,))]
    assert counted([*first, *second]).likely_doubles == []
    second += [entry(VIET_NAM, 10, title="The same, with other words", jointly_with=(PERU,))]
    found = counted([*first, *second])
    assert [(d.one.row, d.other.row) for d in found.likely_doubles] == [(8, 10)]


@pytest.mark.parametrize(("same", "answer"), [("true", "one item"), ("false", "two items")])
def test_a_decision_is_in_the_trace_of_the_figures_that_it_decides(alike, same, answer):
    alike.write(DOUBLES, DECISION.format(7, 7, same))
    for source in alike.period().indicators.total("activities", 2019).sources:
        lines = [cell for cell in source.decided_by if cell.place.file == DOUBLES]
        assert [cell.title for cell in lines] == ["decided", f"decided to be {answer}"]
        assert lines[1].place.value == same


# Properties


@st.composite
def entries_of_economies(draw) -> list[ReturnEntry]:
    """Entries of some economies; an activity ID is used once in a return and indicator."""
    entries, used = [], set()
    for at in range(7, 7 + draw(st.integers(0, 14))):
        economy = draw(st.sampled_from(REGISTER.economies[12:17]))
        indicator = draw(st.sampled_from(INDICATORS))
        activity = draw(st.sampled_from(("", "", "2019-01", "2019-02")))
        activity = "" if (economy, indicator, activity) in used else activity
        used.add((economy, indicator, activity))
        date = day("2019-01-07") + datetime.timedelta(days=draw(st.integers(0, 30)))
        different = {
            "indicator": indicator,
            "area": draw(st.sampled_from(AREAS)),
            "activity_id": activity,
            "date": date,
        }
        entries.append(entry(economy, at, title=f"{draw(st.sampled_from(WORDS))} {at}", **different))
    return entries


def plain(found: Indicators) -> dict:
    """Every figure as a number, by group, area and economy."""
    figures = {("whole", i): found.total(i, 2019) for i in INDICATORS}
    figures |= {("area", i, a): found.by_area(i, a, 2019) for i in INDICATORS for a in AREAS}
    figures |= {
        ("economy", i, e.name): found.by_economy(i, e.name, 2019)
        for i in INDICATORS
        for e in REGISTER.economies
    }
    return {key: figure.value for key, figure in figures.items()}


def recounted(entries: list[ReturnEntry]) -> dict:
    """The same figures counted with dictionaries; None where no economy reported."""
    area_of_item, by_economy = defaultdict(dict), defaultdict(int)
    for e in sorted(entries, key=lambda e: (e.economy, e.row)):
        area_of_item[e.indicator].setdefault(e.activity_id or e.cell, e.area)
        by_economy[e.indicator, e.economy.name] += 1
    figures: dict = {("whole", i): len(area_of_item[i]) or None for i in INDICATORS}
    for i in INDICATORS:
        areas = list(area_of_item[i].values())
        figures |= {("area", i, a): areas.count(a) if areas else None for a in AREAS}
        figures |= {("economy", i, e.name): by_economy[i, e.name] or None for e in REGISTER.economies}
    return figures


FAST = examples(40)


@FAST
@given(entries_of_economies())
def test_an_independent_recount_agrees(entries):
    assert plain(counted(entries)) == recounted(entries)


@FAST
@given(entries_of_economies(), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_files_does_not_matter(entries, random):
    shuffled = random.sample(entries, len(entries))
    ordered, mixed = counted(entries), counted(shuffled)
    assert plain(ordered) == plain(mixed)
    assert ordered.all_items == mixed.all_items
    assert ordered.likely_doubles == mixed.likely_doubles


@FAST
@given(entries_of_economies())
def test_splitting_a_return_between_two_economies_does_not_change_the_group(entries):
    """Two economies that report half of one economy's rows each leave the group's figures the same."""
    singles = [replace(e, economy=PERU, row=at, activity_id="") for at, e in enumerate(entries)]
    halves = [replace(e, economy=(CHILE, VIET_NAM)[e.row % 2]) for e in singles]
    whole, split = (plain(counted(_moved(rows))) for rows in (singles, halves))
    assert {k: v for k, v in whole.items() if k[0] != "economy"} == {
        k: v for k, v in split.items() if k[0] != "economy"
    }


@FAST
@given(entries_of_economies())
def test_items_that_a_second_economy_repeats_never_count_twice(entries):
    """Every item has an activity ID; when Chile repeats all of them, only Chile's own figures change."""
    named = [replace(e, activity_id=f"{e.economy.code} {e.row}") for e in entries]
    repeated = [replace(e, economy=CHILE, row=100 + e.row) for e in named]
    before, after = (counted(_moved(rows)) for rows in (named, named + repeated))
    assert [before.total(i, 2019).value for i in INDICATORS] == [
        after.total(i, 2019).value for i in INDICATORS
    ]
    assert len(before.all_items) == len(after.all_items)
    for i in INDICATORS:
        assert len(after.total(i, 2019).cells) == 2 * len(before.total(i, 2019).cells)


def _moved(entries: list[ReturnEntry]) -> list[ReturnEntry]:
    """Each entry in the file of its economy."""
    return [
        replace(
            e,
            cell=Place(
                f"inputs/x/plan-2019-2020/indicators/2019/{e.economy.code.lower()}.xlsx",
                "Return",
                f"A{e.row}",
            ),
        )
        for e in entries
    ]


@FAST
@given(entries_of_economies())
def test_every_figure_has_the_cells_that_it_was_counted_from(entries):
    found = counted(entries)
    for i in INDICATORS:
        assert set(found.total(i, 2019).cells) == {e.cell for e in entries if e.indicator == i}
        assert sum(found.by_area(i, a, 2019).value or 0 for a in AREAS) == (found.total(i, 2019).value or 0)


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_does_not_depend_on_the_order_of_the_titles(one, other):
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, one) == 1


@given(st.lists(st.one_of(st.none(), st.integers(0, 99))))
def test_a_sum_is_not_reported_only_where_no_summand_is(values):
    total = Figure.sum(Figure(value, () if value is None else (Place("f"),)) for value in values)
    reported = [value for value in values if value is not None]
    assert total == Figure(sum(reported) if reported else None, (Place("f"),) * len(reported))


# Facts that the narrative may name


def test_facts_are_words_and_name_every_indicator(alike):
    facts = indicator_facts(seen_by_plan(alike), 2019)
    assert facts["indicators.activities.total"] == "2"
    assert facts["indicators.practices.total"] == "1"
    assert facts["indicators.activities.change"] == "not reported for 2018"
    assert facts["indicators.reporting.economies"] == "Peru and Viet Nam"
    assert facts["indicators.missing.count"] == "19"
    assert facts["indicators.late.economies"] == "no economy"
    assert all(isinstance(words, str) and words for words in facts.values())


def test_facts_of_a_year_without_returns_say_so(alike):
    facts = indicator_facts(seen_by_plan(alike), 2020)
    assert facts["indicators.activities.total"] == "not reported"
    assert facts["indicators.reporting.economies"] == "no economy"
