"""Traces are complete: where an edit of a cell or line changes a figure, its trace names that cell or line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from forum_tools import EDITION_2020, PLAN, SCHEDULE, SETTINGS, Forum, copy_forum
from full_forum import DOUBLES, SESSION, full_forum
from papers.inputs.settings import shipped_schedule
from papers.inputs.workbooks import RETURN_FORM, RETURN_ITEMS
from papers.traces import figures
from papers.wording.compose import trace_meeting
from returns_tools import ACTIVITIES, PER, PRACTICES, RETURNS, VNM, day, row, send_in

CHL, MEX = f"{RETURNS}/2019/chl.xlsx", f"{RETURNS}/2019/mex.xlsx"
SKILLS, ACCESS = "Skills, Tools and the Digital Economy", "Access to markets"
# Statuses, limits and weights as they are without a declaration, so that each has its line.
SETTINGS_TEXT = """statuses:
  - name: proposed
    means: proposed
  - name: approved
    means: approved
  - name: in progress
    means: in progress
  - name: completed
    means: completed
  - name: withdrawn
    means: withdrawn
ranking:
  direct: 3
  indirect: 1
  none: 0
  own_scores_count: false
  ties: [link, median, number]
doubles:
  title_alike: 0.85
  days_apart: 7
verdicts:
  counts: [completed, in progress]
  overdue_counts: false
  least_share: 50
"""
DECISIONS = """decisions:
  - items: [[2019/per.xlsx, 8], [2019/vnm.xlsx, 9]]
    same: true
    decided_by: Chair
    reason: Asked.
  - items: [[2019/chl.xlsx, 8], [2019/per.xlsx, 10]]
    same: false
    decided_by: Chair
    reason: Asked.
"""
Key = tuple[str, str]  # number of a paper, what a figure counts
Address = tuple[str, str, str]  # file, sheet or "", cell or line


def rich_forum(forum: Forum) -> None:
    """Add to the full forum: what decides figures in different ways, each in a cell or line of its own."""
    full_forum(forum)
    forum.write(SETTINGS, SETTINGS_TEXT)
    forum.write(DOUBLES, DECISIONS)
    for file, more in ((SCHEDULE, []), (EDITION_2020, [["2020-01", ACCESS, "Doors", 2020, 2020, "Peru"]])):
        with forum.sheet(file) as sheet:
            sheet.append(["2019-04", ACCESS, "Windows", 2019, 2019, "Chile", "SME 03 2019", "completed"])
            sheet.append(["2019-05", ACCESS, "Stairs", 2019, 2020, "Chile", None, "proposed"])
            for cells in more:
                sheet["H6"] = "approved"
                sheet.append([*cells, "SME 04 2019", "in progress"])
    named = {"jointly_with": "Viet Nam", "title": "Roofs for all", "date": day("2019-04-01")}
    keys = {"title": "Keys", "date": day("2019-03-01")}
    shared = {"indicator": PRACTICES, "title": "A practice", "date": day("2019-03-09")}
    hall = {"title": "Halls", "date": day("2019-07-01")}
    peru = [row(activity_id="2019-01"), row(**keys), row(**named), row(**hall), row(**shared)]
    send_in(forum, PER, *peru, date=day("2019-08-01"))
    named["jointly_with"] = "Peru"
    joint = [row(**named), row(activity_id="2019-01", area=SKILLS)]
    send_in(
        forum, VNM, row(title="Another"), row(title="A third"), row(**keys), *joint, date=day("2020-01-15")
    )
    send_in(forum, CHL, row(title="Alone", jointly_with="Viet Nam"), row(**hall), date=day("2019-12-15"))
    send_in(forum, MEX, totals={ACTIVITIES: 3, PRACTICES: None}, date=day("2019-12-20"))


@dataclass
class Traced:
    """Of all papers of a forum: what each figure says, and the addresses that its trace names."""

    values: dict[Key, set]
    addresses: dict[Key, set[Address]]


def traced(forum: Forum) -> Traced | None:
    """Return the figures of all papers; None for inputs with a problem."""
    model, problems = forum.read()
    if problems or model is None:
        return None
    values, addresses = defaultdict(set), defaultdict(set)
    for meeting in (meeting for meeting in model.meetings if meeting.papers):
        for trace in trace_meeting(model, meeting)[1]:
            for figure in figures(trace):
                key = trace["paper"], figure["what"]
                values[key].add(figure.get("value", figure["figure"]))
                addresses[key].update(addresses_of(figure))
    return Traced(values, addresses)


def addresses_of(figure: dict) -> Iterator[Address]:
    for operand in (*figure.get("of", ()), *([figure["plus"]] if "plus" in figure else [])):
        yield from addresses_of(operand)
    for source in figure.get("sources", ()):
        for cell in (*source["cells"], *source["decided_by"]):
            yield cell["file"], cell.get("sheet", ""), str(cell.get("cell") or cell["line"])


@pytest.fixture(scope="module")
def rich(tmp_path_factory) -> tuple[Forum, Traced]:
    forum = copy_forum(tmp_path_factory.mktemp("traces") / "forum")
    rich_forum(forum)
    before = traced(forum)
    assert before, forum.problems()
    return forum, before


def changed_figures(forum: Forum, before: Traced, address: Address, edit) -> set[Key] | None:
    """Return the figures that an edit changes, each of which must name the address; None if it is refused."""
    old = forum.path(address[0]).read_bytes()
    edit()
    after = traced(forum)
    forum.path(address[0]).write_bytes(old)
    if after is None:
        return None
    keys = {*before.values, *after.values}
    changed = {key for key in keys if numbers(before, key) != numbers(after, key)}
    unnamed = {
        f"{key}: {before.values.get(key)} -> {after.values.get(key)}"
        for key in changed
        if address not in before.addresses.get(key, set()) | after.addresses.get(key, set())
    }
    assert not unnamed, (address, sorted(unnamed))
    return changed


def numbers(found: Traced, key: Key) -> set:
    """Return what a figure says; nothing where it is not reported, or not printed."""
    return found.values.get(key, set()) - {None}


# Workbooks: file, sheet, cell, and values that it may have instead

PROPOSALS = "Proposals"
CELLS = {
    "the area of an activity": (EDITION_2020, "Schedule", "B5", [SKILLS]),
    "the area of the only project": (EDITION_2020, "Schedule", "B7", [SKILLS]),
    "the title of an activity": (EDITION_2020, "Schedule", "C5", ["Wide windows"]),
    "the first year": (EDITION_2020, "Schedule", "D6", [2018]),
    "the last year": (EDITION_2020, "Schedule", "E6", [2019, 2021]),
    "the last year of what is overdue": (EDITION_2020, "Schedule", "E3", [2020]),
    "the status of what is overdue": (EDITION_2020, "Schedule", "H3", ["approved", "completed"]),
    "the proponents": (EDITION_2020, "Schedule", "F5", ["Peru"]),
    "the project number": (EDITION_2020, "Schedule", "G6", ["SME 05 2019"]),
    "no project number": (SCHEDULE, "Schedule", "G5", [None]),
    "the status": (EDITION_2020, "Schedule", "H6", ["proposed", "in progress", "completed"]),
    "the status of what was added": (EDITION_2020, "Schedule", "H7", ["proposed", "approved", "completed"]),
    "the status of what serves an objective": (SCHEDULE, "Schedule", "H2", ["proposed", "completed"]),
    "the status of the older edition": (SCHEDULE, "Schedule", "H6", ["approved", "in progress"]),
    "the area in the older edition": (SCHEDULE, "Schedule", "B6", [SKILLS]),
    "the indicator of an item": (PER, "Return", "A9", []),  # together with the totals, see below
    "the area of an item": (VNM, "Return", "B7", [SKILLS]),
    "the area of a joint item": (PER, "Return", "B7", [SKILLS]),
    "the title of a joint item": (PER, "Return", "C9", ["Quite another thing"]),
    "the date of a joint item": (VNM, "Return", "D10", [day("2019-06-01")]),
    "the economies of a joint item": (VNM, "Return", "G10", [None, "Chile"]),
    "an economy that is named": (VNM, "Return", "G8", ["Chile"]),
    "the activity of a joint item": (PER, "Return", "H7", [None, "2019-02"]),
    "an activity for an item": (CHL, "Return", "H7", ["2019-01"]),
    "the title of a likely double": (CHL, "Return", "C7", ["A third", "Another"]),
    "the date of a return": (CHL, "Return", "B4", [day("2020-01-10"), day("2021-01-10")]),
    "the date of the first return": (PER, "Return", "B4", [day("2019-12-31"), day("2020-12-31")]),
    "a total without rows": (MEX, "Totals", "B2", [0, 5, None]),
    "a total that is not reported": (MEX, "Totals", "B3", [0, 2]),
    "who proposes a project": (SESSION, PROPOSALS, "C2", ["Japan", "Canada"]),
    "who co-sponsors a project": (SESSION, PROPOSALS, "D2", ["Canada", None]),
    "a co-sponsor": (SESSION, PROPOSALS, "D3", ["Japan"]),
    "the link of a proposal": (SESSION, PROPOSALS, "F2", ["direct"]),
    "no link of a proposal": (SESSION, PROPOSALS, "F3", ["none", "indirect"]),
    "the funding": (SESSION, PROPOSALS, "G2", [60000]),
    "a score": (SESSION, "Scores", "C3", [1, 10]),
    "the member of a score": (SESSION, "Scores", "B4", ["Peru", "Viet Nam"]),
    "the proposal of a score": (SESSION, "Scores", "A4", ["SME 03 2019S"]),
}


@pytest.mark.parametrize("name", [name for name, cell in CELLS.items() if cell[3]])
def test_a_figure_that_a_cell_changes_names_the_cell(rich, name):
    forum, before = rich
    file, sheet, cell, values = CELLS[name]
    found = []
    for value in values:

        def edit(value=value):
            with forum.book(file) as book:
                assert book[sheet][cell].value != value
                book[sheet][cell] = value

        found.append(changed_figures(forum, before, (file, sheet, cell), edit))
    assert any(found), f"no edit of {name} is accepted and changes a figure"


def test_the_columns_of_all_workbooks_that_figures_depend_on_are_edited():
    """The others are printed only, or are checked: another value is refused or changes no figure."""
    edited = {(sheet, cell[0]) for _, sheet, cell, _ in CELLS.values()}
    letters = dict(zip("ABCDEFGHIJ", RETURN_ITEMS, strict=False))
    of_items = {name for letter, name in letters.items() if ("Return", letter) in edited}
    assert set(RETURN_ITEMS) - of_items == {"place", "partners", "reference"}
    roles = {column.role: at for at, column in enumerate(shipped_schedule().columns)}
    of_schedule = {role for role, at in roles.items() if ("Schedule", "ABCDEFGHI"[at]) in edited}
    assert set(roles) - of_schedule == {"id", "remarks"}
    assert {"economy", "year", "date"} < set(RETURN_FORM)  # the first two follow from the name of the file


@pytest.mark.parametrize(("cell", "value"), [("I5", "Something else."), ("C4", "A longer course")])
def test_a_cell_that_is_only_printed_changes_no_count_of_statuses(rich, cell, value):
    forum, before = rich

    def edit():
        with forum.sheet(EDITION_2020) as sheet:
            sheet[cell] = value

    changed = changed_figures(forum, before, (EDITION_2020, "Schedule", cell), edit)
    assert changed is not None
    assert not any("completed" in what for _, what in changed)


def test_an_item_of_another_indicator_names_its_cell_or_that_of_its_total(rich):
    """The totals state the same as the rows, so that a row and two totals change together."""
    forum, before = rich

    def edit():
        with forum.book(PER) as book:
            book["Return"]["A9"] = PRACTICES
            book["Totals"]["B2"], book["Totals"]["B3"] = 3, 2

    assert changed_figures(forum, before, (PER, "Return", "A9"), edit)


# Lines of YAML files: a line, and what it may be instead

LINES = [
    (DOUBLES, "same: true", ["same: false"]),
    (DOUBLES, "same: false", ["same: true"]),
    (SETTINGS, "means: proposed", ["means: approved"]),
    (SETTINGS, "means: approved", ["means: in progress"]),
    (SETTINGS, "means: in progress", ["means: completed", "means: approved"]),
    (SETTINGS, "means: completed", ["means: none", "means: in progress"]),
    (SETTINGS, "means: withdrawn", ["means: completed", "means: none"]),
    (SETTINGS, "direct: 3", ["direct: 0.5"]),
    (SETTINGS, "indirect: 1", ["indirect: 5", "indirect: 0.5"]),
    (SETTINGS, "none: 0", ["none: 2"]),
    (SETTINGS, "own_scores_count: false", ["own_scores_count: true"]),
    (SETTINGS, "title_alike: 0.85", ["title_alike: 0.1"]),
    (SETTINGS, "days_apart: 7", ["days_apart: 0"]),
    (SETTINGS, "counts: [completed, in progress]", ["counts: [completed]", "counts: [approved]"]),
    (SETTINGS, "overdue_counts: false", ["overdue_counts: true"]),
    (SETTINGS, "least_share: 50", ["least_share: 50.5"]),
]


@pytest.mark.parametrize(("file", "old", "new"), [(f, o, n) for f, o, several in LINES for n in several])
def test_a_figure_that_a_line_changes_names_the_line(rich, file, old, new):
    forum, before = rich
    lines = forum.text(file).split("\n")
    at = next(at for at, line in enumerate(lines) if line.strip() == old)
    lines[at] = lines[at].replace(old, new)
    edit = lambda: forum.write(file, "\n".join(lines))  # noqa: E731
    assert changed_figures(forum, before, (file, "", str(at + 1)), edit)


def test_the_rule_for_ties_is_in_the_trace_of_ranks(rich):
    """Two equal totals, of which the rule decides: without it they share a rank."""
    forum, _ = rich
    old = forum.path(SESSION).read_bytes(), forum.text(SETTINGS)
    with forum.book(SESSION) as book:
        for cell in ("C3", "C4", "C5", "C6", "C7"):
            book["Scores"][cell] = 5
        book[PROPOSALS]["F3"] = "indirect"
    tied = traced(forum)
    line = forum.line_of(SETTINGS, "ties:")
    edit = lambda: forum.write(SETTINGS, old[1].replace("[link, median, number]", "[]"))  # noqa: E731
    changed = changed_figures(forum, tied, (SETTINGS, "", str(line)), edit)
    forum.path(SESSION).write_bytes(old[0])
    assert {what.partition(":")[0] for _, what in changed} & {"rank of SME 02 2019A", "rank of SME 01 2019"}


def test_the_plan_says_which_level_an_area_is_but_no_figure_of_another_plan(rich):
    """An area is named by its cell; its line in plan.yaml is in the traces of figures that count areas."""
    forum, before = rich
    line = str(forum.line_of(f"{PLAN}/plan.yaml", "- id: access"))
    keys = {key for key, found in before.addresses.items() if (f"{PLAN}/plan.yaml", "", line) in found}
    assert all("areas" in what for _, what in keys)
