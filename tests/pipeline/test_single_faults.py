"""One fault in the inputs is one problem, at the file that has the fault.

What only follows from a fault is not reported: a reference into an input that could not be read is unknown,
not wrong (see `papers.inputs.unread`).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from forum_tools import FOLDER, MINI1, MINI2, PLAN, SCHEDULE, TERMS, Forum, copy_forum
from full_forum import (
    CORRECTIONS,
    DEADLINES,
    DOUBLES,
    EDITION_2020,
    FOLLOWED,
    MINI3,
    RECOMMENDED,
    REPORTED,
    ROTATION,
    SESSION,
    SUMMARY,
    TABLING,
    WORK_2019,
    full_forum,
)
from ledger_tools import LEDGER
from returns_tools import PER, VNM

Edit = Callable[[Forum, str], None]
PLAN_FILE, FORUM_FILE, TERMS_FILE = f"{PLAN}/plan.yaml", f"{FOLDER}/forum.yaml", f"{TERMS}/terms.yaml"


def text(old: str, new: str) -> Edit:
    return lambda forum, file: forum.replace(file, old, new)


def append(more: str) -> Edit:
    return lambda forum, file: forum.write(file, forum.text(file) + more)


def cell(sheet: str, at: str, value: object) -> Edit:
    def edit(forum: Forum, file: str) -> None:
        with forum.book(file) as book:
            book[sheet][at] = value

    return edit


def rename_sheet(old: str, new: str) -> Edit:
    def edit(forum: Forum, file: str) -> None:
        with forum.book(file) as book:
            book[old].title = new

    return edit


def delete_row(sheet: str, row: int) -> Edit:
    def edit(forum: Forum, file: str) -> None:
        with forum.book(file) as book:
            book[sheet].delete_rows(row)

    return edit


def hide_row(sheet: str, row: int) -> Edit:
    def edit(forum: Forum, file: str) -> None:
        with forum.book(file) as book:
            book[sheet].row_dimensions[row].hidden = True

    return edit


def content(data: bytes) -> Edit:
    return lambda forum, file: forum.write(file, data)


def rename(name: str) -> Edit:
    def edit(forum: Forum, file: str) -> None:
        forum.path(file).rename(forum.path(file).with_name(name))

    return edit


def truncate(forum: Forum, file: str) -> None:
    forum.write(file, forum.path(file).read_bytes()[:-200])


NOT_UTF8, NOT_A_ZIP = content(b"\xff\xfe\xfa"), content(b"PK and then nothing")

FAULTS: dict[str, tuple[str, Edit]] = {
    # a meeting's file
    "submitters without a list": (MINI3, text("[Viet Nam]", "Chile, Peru")),
    "a kind with an underscore": (MINI3, text("fora-report", "fora_report")),
    "a colon in an unquoted title": (MINI3, text("title: The Report", "title: Report: the first")),
    "an end without a year": (MINI3, text("end: 2020-09-02", "end: 2 September")),
    "an indentation by a tab": (MINI3, text("    kind: final", "\tkind: final")),
    "a kind with an underscore of an issued paper": (MINI1, text("strategic-plan", "strategic_plan")),
    "an unknown key of a paper": (MINI3, text("    schedule: 2020", "    shedule: 2020")),
    "a key that is given twice": (MINI1, append("code: MINI1\n")),
    "a meeting's code that is not its file's name": (MINI1, text("code: MINI1", "code: MINI9")),
    "a number of another meeting": (MINI3, text("2020/MINI3/001", "2020/MINI4/001")),
    "a number of an issued paper in another year": (MINI1, text("2019/MINI1/003", "2018/MINI1/003")),
    "a number that is none": (MINI1, text("2019/MINI1/003", "2019-MINI1-003")),
    "an agenda item that does not exist": (MINI1, text('agenda_item: "4"', 'agenda_item: "9"')),
    "a plan that does not exist": (MINI3, text("plan-2019-2020", "plan-2019-2021")),
    "an edition that does not exist": (MINI3, text("schedule: 2020", "schedule: 2021")),
    "a year of a review that is not the plan's": (MINI3, text("    year: 2020", "    year: 2030")),
    "a session that does not exist": (MINI2, text("session: 2019-1", "session: 2019-2")),
    "a year of a work plan that does not exist": (MINI2, text("year: 2019", "year: 2018")),
    "a received file that does not exist": (MINI3, text("talk.docx", "talks.docx")),
    "an economy of a meeting that does not exist": (MINI3, text("economy: Peru", "economy: Perru")),
    "a paper that the list of tablings does not have": (
        MINI2,
        text("tabled: The shared", "tabled: Some shared"),
    ),
    "a meeting that is not text in UTF-8": (MINI1, NOT_UTF8),
    "an empty file of a meeting": (MINI2, content(b"")),
    "a meeting's file that ends in .yml": (MINI3, rename("MINI3.yml")),
    "a meeting's file of another name": (MINI3, rename("MINI33.yaml")),
    # the plan
    "a key of the plan with a spelling mistake": (PLAN_FILE, text("mission:", "misson:")),
    "a year of the plan in words": (PLAN_FILE, text("last_year: 2020", "last_year: next")),
    "the plan's last year before its first": (PLAN_FILE, text("last_year: 2020", "last_year: 2018")),
    "an unknown figure in the plan's vision": (PLAN_FILE, text("{{ last_year }}", "{{ lost_year }}")),
    "an id that the plan uses twice": (PLAN_FILE, text("id: skills-2", "id: skills-1")),
    "a plan that is no YAML": (PLAN_FILE, text("title: Mini", "title: [Mini")),
    "a section with a raw tag": (f"{PLAN}/sections/1-introduction.md", append("\n<b>bold</b>\n")),
    "an appendix with a raw tag": (f"{PLAN}/sections/appendix.md", append("\n<b>bold</b>\n")),
    # the schedule
    "an economy of an activity that does not exist": (SCHEDULE, cell("Schedule", "F2", "Perru")),
    "an activity without an ID": (SCHEDULE, cell("Schedule", "A2", None)),
    "an activity that gets another ID": (EDITION_2020, cell("Schedule", "A2", "2019-09")),
    "an activity that is deleted": (EDITION_2020, delete_row("Schedule", 2)),
    "a status that does not exist": (EDITION_2020, cell("Schedule", "H2", "over")),
    "an area that does not exist": (EDITION_2020, cell("Schedule", "B2", "Skils")),
    "a header of the schedule that was renamed": (SCHEDULE, cell("Schedule", "D1", "Start")),
    "a header of the later schedule that was renamed": (EDITION_2020, cell("Schedule", "A1", "Number")),
    "a sheet of the schedule that was renamed": (SCHEDULE, rename_sheet("Schedule", "Sheet1")),
    "a schedule that cannot be opened": (SCHEDULE, truncate),
    "a later schedule that cannot be opened": (EDITION_2020, NOT_A_ZIP),
    "a hidden row of the schedule": (SCHEDULE, hide_row("Schedule", 2)),
    "a year that is text": (SCHEDULE, cell("Schedule", "D2", "from 2019")),
    "a schedule under another name": (EDITION_2020, rename("2020 final.xlsx")),
    "a schedule in an older format": (EDITION_2020, rename("2020.xls")),
    # returns
    "a return that cannot be opened": (PER, truncate),
    "a return that is no workbook": (VNM, NOT_A_ZIP),
    "a return without the sheet Totals": (PER, rename_sheet("Totals", "Summary")),
    "a return without the sheet Return": (PER, rename_sheet("Return", "Data")),
    "a header of a return that was renamed": (PER, cell("Return", "C6", "Name")),
    "a header of the totals that was renamed": (PER, cell("Totals", "B1", "Number")),
    "an indicator that does not exist": (PER, cell("Return", "A8", "Activities done")),
    "an indicator of the totals that does not exist": (PER, cell("Totals", "A2", "Activities done")),
    "a total in words": (PER, cell("Totals", "B2", "two")),
    "a total that differs from the items": (PER, cell("Totals", "B2", 3)),
    "a date of an item that is text": (PER, cell("Return", "D8", "in March")),
    "the economy of a return that does not exist": (PER, cell("Return", "B1", "Perru")),
    "the economy of another return": (PER, cell("Return", "B1", "Chile")),
    "the year of a return that is not that of its folder": (PER, cell("Return", "B2", 2018)),
    "the date of a return that is text": (PER, cell("Return", "B4", "in August")),
    "an activity that the schedule does not have": (PER, cell("Return", "H7", "2019-77")),
    "deadlines that are no dates": (DEADLINES, text("2019-12-31", "December")),
    "decisions that are no YAML": (DOUBLES, text("decisions:", "decisions")),
    "a decision about a row that does not exist": (DOUBLES, text("per.xlsx, 8", "per.xlsx, 18")),
    "a return under another name": (PER, rename("Peru.xlsx")),
    "a return without its title": (PER, cell("Return", "C7", None)),
    # work plans and recommendations
    "an activity of the work plan that does not exist": (WORK_2019, text("id: 2019-01", "id: 2019-77")),
    "an area of the work plan that does not exist": (WORK_2019, text("area: access", "area: excess")),
    "a meeting of the work plan that does not exist": (WORK_2019, text("meeting: MINI1", "meeting: MINI8")),
    "a year of the work plan that is not its file's name": (WORK_2019, text("year: 2019", "year: 2018")),
    "a work plan that is no YAML": (WORK_2019, text("responds_to: [", "responds_to: ")),
    "recommendations without text": (RECOMMENDED, text("text: Note it", "texts: Note it")),
    "recommendations under another name": (REPORTED, rename("fora-reports-2020.yaml")),
    "a recommendation without a verb": (RECOMMENDED, text("Note it", "The note")),
    "recommendations that are no YAML": (FOLLOWED, text("follow_up:", "follow_up")),
    "a follow-up of a file that does not exist": (FOLLOWED, text("mid-term-review-2019", "mid-term-2019")),
    "a follow-up of a recommendation that does not exist": (
        FOLLOWED,
        append("  - {id: three, outcome: in progress, what_was_done: A bit.}\n"),
    ),
    "an outcome that does not exist": (
        REPORTED,
        append("follow_up:\n  - {id: a, outcome: well, what_was_done: No.}\n"),
    ),
    # rotation and ranking
    "the first economy of a rotation that does not exist": (ROTATION, text("first: Canada", "first: Kanada")),
    "a rotation that is no YAML": (ROTATION, text("known:", "known")),
    "a rotation with an unknown key": (ROTATION, text("swaps: []", "swapped: []")),
    "a proposal's economy that does not exist": (SESSION, cell("Proposals", "C2", "Chili")),
    "a proposal's number that is none": (SESSION, cell("Proposals", "A2", "SME 1")),
    "a proposal's funding in words": (SESSION, cell("Proposals", "G2", "much")),
    "a score beyond the scale": (SESSION, cell("Scores", "C2", 11)),
    "a score for a project that does not exist": (SESSION, cell("Scores", "A2", "SME 09 2019")),
    "a header of the proposals that was renamed": (SESSION, cell("Proposals", "A1", "No.")),
    "a header of the scores that was renamed": (SESSION, cell("Scores", "C1", "Points")),
    "a workbook without the sheet Proposals": (SESSION, rename_sheet("Proposals", "Projects")),
    "a workbook without the sheet Scores": (SESSION, rename_sheet("Scores", "Votes")),
    "proposals under another name": (SESSION, rename("2019-1 old.xlsx")),
    "proposals that cannot be opened": (SESSION, truncate),
    # the forum, its texts and records
    "an unknown key of the forum": (FORUM_FILE, text("ordinals:", "ordinal:")),
    "a logo that does not exist": (FORUM_FILE, text("logo: null", "logo: logo.png")),
    "a forum that is no YAML": (FORUM_FILE, text("parent:", "parent")),
    "a narrative without a heading": (SUMMARY, text("# Summary", "Summary")),
    "an unknown figure in a narrative": (SUMMARY, append("\n{{ no_such_figure }}\n")),
    "a narrative under another name": (SUMMARY, rename("sumary.md")),
    "a narrative that is not text in UTF-8": (SUMMARY, NOT_UTF8),
    "terms that are no YAML": (TERMS_FILE, text("sections:", "sections")),
    "a list of tablings that is no YAML": (TABLING, text("tabled:", "tabled")),
    "a tabling of a paper that its meeting does not have": (
        TABLING,
        text("meeting: MINI2", "meeting: MINI1"),
    ),
    "a line of the ledger that was edited": (LEDGER, text("because of", "without")),
    "a line of the ledger that was cut off": (LEDGER, append("3,2019")),
    "a correction of a paper that was not issued": (CORRECTIONS, text("2019/MINI1/003", "2019/MINI1/004")),
    "a correction without its state": (CORRECTIONS, text(",open,", ",,")),
    "corrections with a renamed column": (CORRECTIONS, text("as_printed", "printed")),
    "corrections with an open quotation mark": (CORRECTIONS, text("page 1", '"page 1')),
    "corrections that are not text in UTF-8": (CORRECTIONS, NOT_UTF8),
    "an economy without a code": ("inputs/apec/economies.yaml", text("    code: CHL\n", "")),
    "a pattern of numbers that is no expression": (
        "inputs/apec/organisation.yaml",
        text("(?P<year>[0-9]{4})\n", "(?P<year>[0-9]{4}\n"),
    ),
    "purposes that are no list": (
        "inputs/apec/organisation.yaml",
        text("purposes: [Information, Consideration]", "purposes: Information, Consideration"),
    ),
    "a host that does not exist": ("inputs/apec/hosts.yaml", text("2019: Chile", "2019: Chill")),
    "hosts that are no YAML": ("inputs/apec/hosts.yaml", text("hosts:", "hosts")),
}

# Where the file that has the fault is not there any more, or is as good as the one that refers to it.
REPORTED_AT = {
    "a tabling of a paper that its meeting does not have": MINI2,
    "a meeting's file that ends in .yml": MINI3.replace("yaml", "yml"),
    "a meeting's file of another name": MINI3.replace("MINI3", "MINI33"),
    "a schedule under another name": EDITION_2020.replace("2020.xlsx", "2020 final.xlsx"),
    "a schedule in an older format": EDITION_2020.replace("xlsx", "xls"),
    "a return under another name": PER.replace("per", "Peru"),
    "recommendations under another name": MINI3,
    "proposals under another name": SESSION.replace("2019-1", "2019-1 old"),
    "a narrative under another name": SUMMARY.replace("summary", "sumary"),
}


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory) -> Forum:
    """A forum without a problem; each test copies it."""
    return full_forum(copy_forum(tmp_path_factory.mktemp("full") / "forum"))


def test_the_forum_has_no_problem_before_a_fault_is_made(unchanged):
    assert [str(problem) for problem in unchanged.problems()] == []


@pytest.mark.parametrize("name", FAULTS)
def test_a_single_fault_is_one_problem_at_its_file(unchanged, tmp_path, name):
    file, edit = FAULTS[name]
    forum = copy_forum(tmp_path / "forum", unchanged.root)
    edit(forum, file)
    problems = forum.problems()
    assert len(problems) == 1, [str(problem) for problem in problems]
    assert problems[0].place.file == REPORTED_AT.get(name, file)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (MINI1, '- item: "4"', "- item: 4"),
        (MINI1, 'agenda_item: "4"', "agenda_item: 4"),
        (PLAN_FILE, "name: The Promise", "name: 2019"),
        (RECOMMENDED, "id: one, text", "id: 1, text"),
    ],
)
def test_a_number_without_quotes_where_text_is_expected_is_no_fault(unchanged, tmp_path, file, old, new):
    forum = copy_forum(tmp_path / "forum", unchanged.root)
    forum.replace(file, old, new)
    if file == RECOMMENDED:
        forum.replace(FOLLOWED, "id: one", "id: 1")
    assert [str(problem) for problem in forum.problems()] == []


def test_an_agenda_item_keeps_the_digits_that_were_written(unchanged, tmp_path):
    forum = copy_forum(tmp_path / "forum", unchanged.root)
    forum.replace(MINI1, '- item: "4"', "- item: 1.10")
    forum.replace(MINI1, 'agenda_item: "4"', "agenda_item: 1.10")
    assert forum.model().meetings[0].papers[0].agenda_item == "1.10"


@pytest.mark.parametrize(
    ("unread", "wrong"),
    [
        ("an indentation by a tab", "a meeting of the work plan that does not exist"),
        ("a return that cannot be opened", "an economy of an activity that does not exist"),
        ("a schedule that cannot be opened", "a number of another meeting"),
        ("a plan that is no YAML", "an economy of an activity that does not exist"),
        ("a rotation that is no YAML", "a session that does not exist"),
        ("recommendations that are no YAML", "a recommendation without a verb"),
    ],
)
def test_a_fault_is_reported_although_another_file_could_not_be_read(unchanged, tmp_path, unread, wrong):
    forum, files = copy_forum(tmp_path / "forum", unchanged.root), []
    for file, edit in (FAULTS[unread], FAULTS[wrong]):
        edit(forum, file)
        files.append(file)
    assert [problem.place.file for problem in forum.problems()] == sorted(files)
