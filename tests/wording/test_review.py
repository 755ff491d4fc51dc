"""The reviews and the fora report: figures, gaps, and the comparison with the mid-term review."""

from __future__ import annotations

import pytest
from examples import examples
from forum_tools import EDITION_2020, FOLDER, MINI2, PLAN, SCHEDULE, SETTINGS, Forum
from hypothesis import given
from hypothesis import strategies as st
from papers.richtext import plain
from papers.wording.compose import made_from, word_paper
from returns_tools import ACTIVITIES, BY_CODE, PER, PRACTICES, RETURNS, VNM, counted, day, entry, row, send_in
from word_tools import TEMPLATES

MINI3 = MINI2.replace("MINI2", "MINI3")
MID_TERM, FINAL = "mid-term-review-2019", "final-review-2020"
RECOMMENDED, FOLLOWED = f"{FOLDER}/recommendations/{MID_TERM}.yaml", f"{FOLDER}/recommendations/{FINAL}.yaml"
ENTRY = """  - number: {number}
    kind: {kind}
    title: {title}
    submitted_by: [APEC Secretariat]
    plan: plan-2019-2020
    schedule: {year}
    year: {year}
"""
HEAD = "code: MINI3\nordinal: 3\ncity: Lima\neconomy: Peru\nstart: 2020-09-01\nend: 2020-09-02\nhost_mark: []\nagenda: []\npapers:\n"
WORK = """year: {year}
responds_to: [the wish of Ministers]
deliverables: [A report]
areas:
  - area: access
    cooperation: [ABAC]
activities:
  - id: 2019-01
    objectives: [skills-2]
    outcome: A good workshop
    cooperation: [PPWE]
    contributes_to: [promise]
meetings: []
"""


@pytest.fixture
def reviewed(forum) -> Forum:
    """Return a forum with a mid-term review at MINI2 (2019), a final one at MINI3 (2020), and two returns."""
    _add_edition(forum)
    forum.replace(
        f"{PLAN}/plan.yaml", "reviews:", "commitments:\n  - {id: promise, name: The Promise}\nreviews:"
    )
    for year in (2019, 2020):
        forum.write(f"{FOLDER}/plan-2019-2020/workplan/{year}.yaml", WORK.format(year=year))
    mid_term = ENTRY.format(number="2019/MINI2/007", kind="mid-term-review", title="Half-way", year=2019)
    forum.write(MINI2, f"{forum.text(MINI2).rstrip()}\n{mid_term}")
    final = ENTRY.format(number="2020/MINI3/001", kind="final-review", title="All the way", year=2020)
    forum.write(MINI3, HEAD + final)
    forum.write(
        RECOMMENDED, "recommendations:\n  - {id: one, text: Note it}\n  - {id: two, text: Endorse that}\n"
    )
    forum.write(
        FOLLOWED,
        f"recommendations:\n  - {{id: end, text: Welcome all}}\nfollow_up_of: {MID_TERM}\nfollow_up:\n"
        "  - {id: one, outcome: carried out, what_was_done: It was noted., activities: [2019-01]}\n"
        "  - {id: two, outcome: not taken up, what_was_done: Nobody did.}\n",
    )
    send_in(forum, PER, row(activity_id="2019-01"), date=day("2019-08-01"))
    send_in(forum, VNM, row(title="A later one"), row(title="Another"), date=day("2020-01-15"))
    return forum


def _add_edition(forum: Forum) -> None:
    forum.write(EDITION_2020, forum.path(SCHEDULE).read_bytes())
    with forum.sheet(EDITION_2020) as sheet:
        sheet["H2"] = "completed"


def word(forum: Forum, number: str) -> dict:
    """Return the context of a paper, as `fill` gets it."""
    model = forum.model()
    meeting, paper = next((m, p) for m in model.meetings for p in m.papers if str(p.number) == number)
    return word_paper(model, meeting, paper)


def mid_term(forum: Forum) -> dict:
    return word(forum, "2019/MINI2/007")["fields"]["review"]


def final(forum: Forum) -> dict:
    return word(forum, "2020/MINI3/001")["fields"]["review"]


def by_year(review: dict) -> dict:
    """Return the table of the indicators by year, of which a short plan has one."""
    (table,) = review["year_tables"]
    return table


def words(blocks: dict) -> str:
    return "\n".join(plain(block["line"]) for block in blocks["blocks"])


# What a paper counts


def test_a_review_counts_only_the_returns_that_had_come(reviewed):
    assert [r["values"] for r in by_year(mid_term(reviewed))["rows"]] == [["1"], ["0"]]
    assert [r["values"] for r in by_year(final(reviewed))["rows"]] == [
        ["3", "not reported", "3"],
        ["0", "not reported", "0"],
    ]


def test_a_return_that_came_on_the_very_day_is_counted(reviewed):
    reviewed.replace(MINI2, "title: Half-way\n", "title: Half-way\n    as_of: 2019-08-01\n")
    assert by_year(mid_term(reviewed))["rows"][0]["values"] == ["1"]
    reviewed.replace(MINI2, "as_of: 2019-08-01", "as_of: 2019-07-31")
    assert by_year(mid_term(reviewed))["rows"][0]["values"] == ["not reported"]


def test_a_later_return_does_not_change_an_earlier_review(reviewed):
    before = word(reviewed, "2019/MINI2/007")
    send_in(reviewed, f"{RETURNS}/2019/chl.xlsx", row(title="Very late"), date=day("2020-02-01"))
    assert word(reviewed, "2019/MINI2/007") == before
    assert f"{RETURNS}/2019/chl.xlsx" in word(reviewed, "2020/MINI3/001")["made_from"]


def test_returns_that_came_too_late_for_an_annual_report_are_noticed(reviewed):
    report = ENTRY.replace("    schedule: {year}\n", "")
    report = report.format(number="2019/MINI2/008", kind="indicator-report", title="Figures", year=2019)
    reviewed.write(MINI2, f"{reviewed.text(MINI2).rstrip()}\n{report}")
    (notice,) = [notice for notice in reviewed.model().notices if "2019/MINI2/008" in notice]
    assert f"does not count {VNM} (15 January 2020)" in notice and "as_of" in notice


def test_a_year_that_is_not_over_is_not_compared(reviewed):
    found = mid_term(reviewed)
    assert by_year(found)["years"] == ["2019 (so far)"]
    assert {r["change"] for r in by_year(found)["rows"]} == {""} and not by_year(found)["last"]
    assert "As 2019 was not yet over" in words(found["caution"])


@examples(40)
@given(st.lists(st.tuples(st.integers(1, 28), st.booleans()), max_size=8), st.integers(1, 28))
def test_figures_known_on_a_day_are_those_of_the_returns_until_then(dated, until):
    """Counting and then leaving out is the same as leaving out and then counting."""
    economies = list(BY_CODE.values())
    entries = [
        entry(economies[at], at, activity_id="2019-01" if joint else "")
        for at, (_, joint) in enumerate(dated)
    ]
    dates = {economies[at]: day(f"2020-02-{date:02}") for at, (date, _) in enumerate(dated)}
    whole = counted(entries)
    for returned in whole.returns:
        returned.date = dates[returned.economy]
    known = whole.received_by(day(f"2020-02-{until:02}"))
    alone = counted([e for e in entries if dates[e.economy].day <= until])
    assert known.total("activities", 2019) == alone.total("activities", 2019)
    assert [item.cells for item in known.all_items] == [item.cells for item in alone.all_items]


# Objectives, gaps, commitments


def test_activities_are_listed_at_the_objectives_that_a_work_plan_links_them_to(reviewed):
    skills = mid_term(reviewed)["areas"][0]
    activities = {r["objective"]: words(r["activities"]) for r in skills["objectives"]}
    assert activities["Teach what is needed"] == "No activity"
    assert activities["Learn from each other's workshops & studies"].startswith("Workshop on “small things”")


def test_an_activity_that_no_work_plan_mentions_is_listed_too(reviewed):
    last = mid_term(reviewed)["areas"][0]["objectives"][-1]
    assert last["objective"] == "Objective not yet stated"
    assert words(last["activities"]).startswith("Study of ½-day courses")


def test_withdrawn_activities_serve_no_objective(reviewed):
    assert "nobody expected" not in str(mid_term(reviewed)["areas"])


def test_gaps_are_named(reviewed):
    found = final(reviewed)
    assert words(found["objectives_without_activity"]).splitlines() == [
        "Teach what is needed (Skills, tools and the digital economy)",
        "Open doors (Access to markets)",
    ]
    assert words(found["areas_without_project"]) == "Access to markets"
    assert words(found["unreported"]) == "Activities carried out: 2020\nPractices shared: 2020"
    assert words(found["silent"]) == "No return was received for any year from 19 member economies."
    assert "Study of ½-day courses: what to teach < 5 people (2019; in progress)" in words(found["overdue"])


def test_a_project_is_defined_where_projects_are_counted(reviewed):
    assert "A project is an activity that has a project number" in words(mid_term(reviewed)["method"])


def test_a_review_says_why_areas_do_not_add_up_only_where_they_do_not(reviewed):
    assert "add up" not in mid_term(reviewed)["areas_introduction"]
    send_in(
        reviewed, f"{RETURNS}/2019/chl.xlsx", totals={ACTIVITIES: 3, PRACTICES: 0}, date=day("2019-08-01")
    )
    said = "For 2019, the figures by priority area do not add up to those of the group: totals without rows"
    assert said in mid_term(reviewed)["areas_introduction"]


def test_where_nothing_is_missing_the_review_says_so(reviewed):
    plan = reviewed.text(f"{FOLDER}/plan-2019-2020/workplan/2020.yaml").replace(
        "[skills-2]", "[skills-1, skills-2]"
    )
    reviewed.write(f"{FOLDER}/plan-2019-2020/workplan/2020.yaml", plan)
    assert "Teach what is needed" not in words(final(reviewed)["objectives_without_activity"])
    assert (
        words(mid_term(reviewed)["unreported"])
        == "At least one economy reported on each indicator in each year."
    )


def test_what_leaders_agreed_has_the_activities_that_contribute(reviewed):
    (commitment,) = mid_term(reviewed)["commitments"]
    assert (commitment["name"], commitment["count"]) == ("The Promise", "one activity")


# The first page


def test_the_first_page_says_where_the_plan_stands(reviewed):
    assert words(final(reviewed)["standing"]) == (
        "By 1 September 2020, 83% of the period of the Strategic Plan (2019-2020) had elapsed. Of the two activities "
        "that were not withdrawn, one is completed (50%) and one is in progress. One activity is overdue. At least one "
        "return was received from two of the 21 member economies."
    )
    assert words(final(reviewed)["achievements"]) == (
        "From 2019 to 1 September 2020, member economies reported: activities carried out (3); practices shared (0)."
    )


def test_each_area_and_objective_has_a_verdict(reviewed):
    found = final(reviewed)
    assert [
        (row["name"], row["activities"], row["verdict"])
        for area in found["verdicts"]
        for row in (area, *area["objectives"])
    ] == [
        ("Skills, tools and the digital economy", "1 of 2", "Behind"),
        ("Teach what is needed", "–", "No activity"),
        ("Learn from each other's workshops & studies", "1 of 1", "On track"),
        ("Access to markets", "–", "No activity"),
        ("Open doors", "–", "No activity"),
    ]
    assert (found["verdict_head"], found["counting_head"]) == (
        "Priority area and objective",
        "Completed or in progress",
    )
    assert found["verdict_rule"].startswith(
        "On track: at least 83% of the activities (the share of the period"
    )


def test_the_rule_of_the_settings_is_the_one_that_is_printed(reviewed):
    reviewed.write(SETTINGS, "verdicts: {counts: [completed], least_share: 50, overdue_counts: true}\n")
    found = final(reviewed)
    assert found["verdicts"][0]["verdict"] == "On track" and found["counting_head"] == "Completed"
    assert found["verdict_rule"] == (
        "On track: at least 50% of the activities are completed. Behind: fewer are. Withdrawn activities are excluded."
    )


def test_the_share_of_the_period_is_a_figure_that_sections_may_name(reviewed):
    reviewed.write(f"{FOLDER}/narrative/{MID_TERM}/mandate.md", "# x\n\n{{ period.elapsed }} is over.\n")
    assert words(mid_term(reviewed)["mandate"]) == "34% is over."


@pytest.mark.parametrize(("flagged", "asked"), [((), "abc"), ((3,), "d"), ((0, 2, 3), "acd")])
def test_the_asks_are_the_first_three_recommendations_or_those_that_say_so(reviewed, flagged, asked):
    lines = [
        f"  - {{id: r{at}, text: Note {letter}{', ask: true' if at in flagged else ''}}}\n"
        for at, letter in enumerate("abcd")
    ]
    reviewed.write(RECOMMENDED, f"recommendations:\n{''.join(lines)}")
    ids = "".join(f"  - {{id: r{at}, outcome: carried out, what_was_done: Done.}}\n" for at in range(4))
    kept = reviewed.text(FOLLOWED).split("follow_up:\n")[0]
    reviewed.write(FOLLOWED, f"{kept}follow_up:\n{ids}")
    lines_asked = words(mid_term(reviewed)["asks"]).splitlines()
    assert [line.split()[1].rstrip(";.") for line in lines_asked] == list(asked)
    assert len(words(mid_term(reviewed)["recommendations"]).splitlines()) == 4


# Papers that belong to a review


LIST = """  - number: 2020/MINI3/002
    kind: list-of-items
    title: The items
    submitted_by: [APEC Secretariat]
    plan: plan-2019-2020
    year: 2020
"""
CHANGES = """  - number: 2020/MINI3/003
    kind: schedule-changes
    title: The changes
    submitted_by: [APEC Secretariat]
    plan: plan-2019-2020
    schedule: 2020
"""


def test_review_list_and_changes_refer_to_each_other_by_number(reviewed):
    assert words(final(reviewed)["items_listed"]) == ""
    assert "listed in" not in words(final(reviewed)["changes_summary"])
    reviewed.write(MINI3, reviewed.text(MINI3) + LIST + CHANGES)
    assert words(final(reviewed)["items_listed"]) == "The items counted are listed in 2020/MINI3/002."
    assert words(final(reviewed)["changes_summary"]).endswith("The changes are listed in 2020/MINI3/003.")
    items = word(reviewed, "2020/MINI3/002")["fields"]["item_list"]
    assert "items counted in 2020/MINI3/001" in words(items["introduction"])
    assert [group["indicator"] for group in items["groups"]] == ["Activities carried out (three items)"]
    changes = word(reviewed, "2020/MINI3/003")["fields"]["schedule_changes"]
    assert (
        words(changes["introduction"])
        == "This paper sets out in full the changes that are summarized in 2020/MINI3/001."
    )
    assert [change["kind"] for change in changes["changes"]] == ["Completed"]


def test_a_list_that_counts_until_another_day_than_its_review_is_reported(reviewed):
    reviewed.write(MINI3, reviewed.text(MINI3) + LIST + "    as_of: 2020-02-01\n")
    (problem,) = reviewed.problems()
    assert (problem.kind, problem.place.line) == ("as-of", reviewed.line_of(MINI3, "2020/MINI3/002"))
    assert "1 February 2020" in problem.found and "1 September 2020" in problem.expected


def test_a_list_and_changes_may_be_parts_of_the_review(reviewed):
    text = (TEMPLATES / "final-review.yaml").read_text(encoding="utf-8")
    parts = text.replace("parts: [final-review, ", "parts: [final-review, list-of-items, schedule-changes, ")
    reviewed.write(f"{FOLDER}/templates/final-review.yaml", parts)
    assert {"review", "item_list", "schedule_changes", "schedule"} <= set(
        word(reviewed, "2020/MINI3/001")["fields"]
    )


# Mid-term against final


def test_the_final_review_is_compared_with_the_mid_term_review_as_known_then(reviewed):
    rows = {r["what"]: (r["mid_term"], r["final"]) for r in final(reviewed)["comparison"]}
    assert rows[ACTIVITIES] == ("1", "3")
    assert rows["Activities completed"] == ("0", "1")
    assert rows["Economies without a return"] == ("20", "19")


def test_each_recommendation_of_the_mid_term_review_is_followed_up(reviewed):
    found = final(reviewed)
    assert [(r["recommendation"], r["outcome"], r["activities"]) for r in found["follow_up"]] == [
        ("Note it", "Carried out", "2019-01"),
        ("Endorse that", "Not taken up", "–"),
    ]
    assert words(found["follow_up_summary"]) == (
        "Of the two recommendations of the mid-term review, one was carried out and one was not taken up."
    )


def test_recommendations_are_punctuated_as_in_a_cover_note(reviewed):
    assert words(mid_term(reviewed)["recommendations"]).splitlines() == ["note it; and", "endorse that."]


def test_the_final_review_is_made_from_what_the_mid_term_review_was_made_from(reviewed):
    model = reviewed.model()
    meeting = next(m for m in model.meetings if m.code == "MINI3")
    paper = meeting.papers[0]
    sources = made_from(model.as_seen_by(paper), meeting, paper)
    assert {MINI2, MINI3, SCHEDULE, EDITION_2020, RECOMMENDED, FOLLOWED, PER, VNM} <= set(sources)


# Hand-written sections


def test_a_missing_section_is_marked_in_the_paper_and_noticed(reviewed):
    assert words(mid_term(reviewed)["executive_summary"]) == (
        f"[The text of this section is still to be supplied: narrative/{MID_TERM}/executive-summary.md]"
    )
    noticed = [n for n in reviewed.model().notices if "2019/MINI2/007" in n]
    assert len(noticed) == 5  # summary, mandate, contribution, two assessments


def test_sections_may_name_figures(reviewed):
    text = "# x\n\n{{ gaps.objectives-without-activity.count }}, {{ indicators.activities.2019 }}, {{ as_of }}.\n"
    reviewed.write(f"{FOLDER}/narrative/{MID_TERM}/assessment-access.md", text)
    assert words(mid_term(reviewed)["areas"][1]["assessment"]) == "two objectives, 1, 4 September 2019."


# Bad input

CASES = [
    (RECOMMENDED, "text: Note it", "text: Nota it", "no-verb", 'Did you mean "Note"?'),
    (RECOMMENDED, "text: Note it", "text: Note it.", "full-stop", "Delete it"),
    (RECOMMENDED, "id: two", "id: one", "doubled", "another id"),
    (FOLLOWED, "id: two, outcome", "id: twoo, outcome", "unknown-recommendation", 'Did you mean "two"?'),
    (FOLLOWED, "outcome: not taken up", "outcome: forgotten", "wrong-value", "Correct"),
    (FOLLOWED, "[2019-01]", "[2019-99]", "unknown-activity", ""),
    (FOLLOWED, f"follow_up_of: {MID_TERM}\n", "", "no-follow-up-of", "Add the line"),
    (FOLLOWED, f"follow_up_of: {MID_TERM}", "follow_up_of: mid-term-review-2018", "unknown-file", MID_TERM),
    (MINI3, "    year: 2020\n", "    year: 2024\n", "year-of-plan", "year"),
    (
        f"{FOLDER}/plan-2019-2020/workplan/2019.yaml",
        "[promise]",
        "[promis]",
        "unknown-commitment",
        'Did you mean "promise"?',
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "kind", "todo"), CASES)
def test_a_mistake_is_reported_with_its_line(reviewed, file, old, new, kind, todo):
    reviewed.replace(file, old, new)
    found = [p for p in reviewed.problems() if p.place.file == file]
    assert kind in {p.kind for p in found}, reviewed.read()[1].lines()
    problem = next(p for p in found if p.kind == kind)
    assert problem.place.line and todo in problem.todo


def test_a_recommendation_without_follow_up_is_reported(reviewed):
    reviewed.replace(FOLLOWED, "  - {id: two, outcome: not taken up, what_was_done: Nobody did.}\n", "")
    (problem,) = reviewed.problems()
    assert problem.kind == "no-follow-up" and '"two"' in problem.found and RECOMMENDED in problem.found


def test_a_review_needs_recommendations(reviewed):
    reviewed.path(RECOMMENDED).unlink()
    assert "no-recommendations" in {p.kind for p in reviewed.problems()}


def test_a_final_review_needs_a_mid_term_one(reviewed):
    text = reviewed.text(MINI2)
    reviewed.write(MINI2, text[: text.index("  - number: 2019/MINI2/007")])
    assert {p.kind for p in reviewed.problems()} == {"no-mid-term", "stray"}


def test_a_section_of_no_paper_is_reported(reviewed):
    reviewed.write(f"{FOLDER}/narrative/midterm-review-2019/mandate.md", "# Mandate\n\nWords.\n")
    (problem,) = reviewed.problems()
    assert (problem.kind, problem.todo) == ("stray", f'Did you mean "{MID_TERM}"?')


# Ids


SECOND_REVIEW = ENTRY.format(number="2019/MINI2/006", kind="mid-term-review", title="Again", year=2019)


def test_a_second_review_of_a_year_needs_an_id(reviewed):
    reviewed.write(MINI2, f"{reviewed.text(MINI2).rstrip()}\n{SECOND_REVIEW}")
    (problem,) = reviewed.problems()
    assert (problem.kind, problem.place.line) == ("doubled-id", reviewed.line_of(MINI2, "2019/MINI2/006"))
    assert f'"{MID_TERM}" again' in problem.found and "id:" in problem.todo


def test_ids_that_differ_in_upper_and_lower_case_are_the_same(reviewed):
    entry = SECOND_REVIEW + f"    id: {MID_TERM.upper()}\n"
    reviewed.write(MINI2, f"{reviewed.text(MINI2).rstrip()}\n{entry}")
    reviewed.write(
        f"{FOLDER}/recommendations/{MID_TERM.upper()}.yaml",
        "recommendations:\n  - {id: own, text: Endorse it}\n",
    )
    assert "doubled-id" in {problem.kind for problem in reviewed.problems()}


def test_the_id_is_the_key_of_recommendations_and_narrative(reviewed):
    entry = SECOND_REVIEW + "    id: second-look\n"
    reviewed.write(MINI2, f"{reviewed.text(MINI2).rstrip()}\n{entry}")
    reviewed.write(
        f"{FOLDER}/recommendations/second-look.yaml", "recommendations:\n  - {id: own, text: Endorse it}\n"
    )
    reviewed.write(f"{FOLDER}/narrative/second-look/mandate.md", "# Mandate\n\nOf the second one.\n")
    found = word(reviewed, "2019/MINI2/006")["fields"]["review"]
    assert words(found["recommendations"]) == "endorse it."
    assert words(found["mandate"]) == "Of the second one."
    assert words(word(reviewed, "2019/MINI2/007")["fields"]["review"]["mandate"]) != "Of the second one."


def test_an_id_is_used_once_among_all_kinds(reviewed):
    reviewed.replace(MINI2, "kind: terms-of-reference", f"id: {MID_TERM}\n    kind: terms-of-reference")
    (problem,) = reviewed.problems()
    assert (
        problem.kind,
        "2019/MINI2/002rev1" in reviewed.text(MINI2).split("\n")[problem.place.line - 1],
    ) == (
        "doubled-id",
        False,
    )


def test_the_revision_of_a_paper_shares_its_id(reviewed):
    revision = SECOND_REVIEW.replace("006", "007rev1")
    reviewed.write(MINI2, f"{reviewed.text(MINI2).rstrip()}\n{revision}")
    assert reviewed.problems() == []


def test_a_final_review_follows_up_the_review_with_an_id(reviewed):
    reviewed.replace(MINI2, "    kind: mid-term-review", "    id: half-way\n    kind: mid-term-review")
    reviewed.path(RECOMMENDED).rename(reviewed.path(RECOMMENDED.replace(MID_TERM, "half-way")))
    found = {p.kind: p for p in reviewed.problems()}
    assert found["unknown-file"].place.file == FOLLOWED
    reviewed.replace(FOLLOWED, MID_TERM, "half-way")
    assert reviewed.problems() == []


@pytest.mark.parametrize("name", ["../elsewhere", "a/b", "-x", '""'])
def test_an_id_is_a_name_that_a_file_may_have(reviewed, name):
    reviewed.replace(MINI2, "    kind: mid-term-review", f"    id: {name}\n    kind: mid-term-review")
    assert "wrong-value" in {p.kind for p in reviewed.problems()}


# The fora report


def test_the_fora_report_names_partners_and_recommends(reviewed):
    report = ENTRY.format(number="2019/MINI2/009", kind="fora-report", title="Report", year=2019)
    reviewed.write(MINI2, f"{reviewed.text(MINI2).rstrip()}\n{report}")
    reviewed.write(
        f"{FOLDER}/recommendations/fora-report-2019.yaml", "recommendations:\n  - {id: a, text: Note it}\n"
    )
    found = word(reviewed, "2019/MINI2/009")["fields"]["fora"]
    assert [(p["name"], words(p["work"])) for p in found["partners"]] == [
        ("ABAC", "Priority area: Access to markets"),
        ("PPWE", "Workshop on “small things” & their makers"),
    ]
    assert words(found["recommendations"]) == "note it."
    assert found["title"].startswith("2019 ") and "FORA REPORT: " in found["title"]
    assert words(found["changes"]) == "The 2019 edition is the first."


SET_ASIDE = "One return for 2019 was set aside and is not counted."


def set_aside_words(forum: Forum, number: str, kind: str, tag: str, more: str = "") -> str:
    """Return what a paper says under a tag while a return for 2019 is set aside."""
    line = "set_aside:\n  - {file: indicators/2019/vnm.xlsx, why: unreadable, received: 2019-08-10}\n"
    forum.write(f"{PLAN}/plan.yaml", forum.text(f"{PLAN}/plan.yaml") + line)
    entry = ENTRY.format(number=number, kind=kind, title="A paper", year=2019) + more
    if kind != "fora-report":
        entry = entry.replace("    schedule: 2019\n", "")
    forum.write(MINI2, f"{forum.text(MINI2).rstrip()}\n{entry}")
    if kind == "fora-report":
        forum.write(
            f"{FOLDER}/recommendations/fora-report-2019.yaml",
            "recommendations:\n  - {id: a, text: Note it}\n",
        )
    name, value = tag.split(".")
    return words(word(forum, number)["fields"][name][value])


def test_the_fora_report_says_once_that_a_return_was_set_aside(reviewed):
    found = set_aside_words(reviewed, "2019/MINI2/009", "fora-report", "fora.returns")
    assert found.count(SET_ASIDE) == 1 and "Viet Nam" not in found


def test_a_fora_report_that_names_economies_says_only_whose_return_was_set_aside(reviewed):
    naming = "    access: restricted\n    restricted_until: 2021-01-01\n    name_economies: [missing]\n"
    found = set_aside_words(reviewed, "2019/MINI2/009", "fora-report", "fora.returns", naming)
    assert "Set aside and not counted: Viet Nam." in found and SET_ASIDE not in found


def test_an_indicator_report_says_beside_the_returns_that_one_was_set_aside(reviewed):
    found = set_aside_words(reviewed, "2019/MINI2/009", "indicator-report", "report.returns")
    assert found.count(SET_ASIDE) == 1 and "Viet Nam" not in found


def test_a_list_of_items_says_that_a_return_was_set_aside(reviewed):
    found = set_aside_words(reviewed, "2019/MINI2/009", "list-of-items", "item_list.introduction")
    assert found.count(SET_ASIDE) == 1


def test_papers_that_count_no_returns_do_not_say_that_one_was_set_aside(reviewed):
    assert "set aside" not in set_aside_words(reviewed, "2019/MINI2/009", "work-plan", "work.summary")
    assert "set aside" not in str(word(reviewed, "2019/MINI2/009")["fields"])
    assert "set aside" not in str(word(reviewed, "2019/MINI2/001")["fields"])
