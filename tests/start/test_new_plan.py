"""The verb new-plan: it writes the folder of the next plan whole, or says why not and writes nothing."""

from __future__ import annotations

import os
import re
import sys

import openpyxl
import pytest
from declared_schedule import ROWS, TITLES, add_declared_schedule
from forum_tools import FOLDER, MINI2, PLAN, SCHEDULE, SETTINGS, Forum
from own_levels import harbour_forum
from papers.start import new_plan as verb
from papers.wording.compose import word_meeting
from project_tools import Project, Run, copy_project
from schedule_tools import settings_with_titles

NEXT = f"{FOLDER}/plan-2021-2024"
WORKBOOK, PLAN_FILE, CARRY_OVER = f"{NEXT}/schedule/2021.xlsx", f"{NEXT}/plan.yaml", f"{NEXT}/carry-over.yaml"
DEADLINES = "indicators/deadlines.yaml"
OPTIONS = {"plan": "plan-2021-2024", "from": "plan-2019-2020"}
MARK = re.compile(r'"?TO FILL IN(?:: ([^"]*))?"?')
PAPER = """  - number: 2019/MINI2/005
    kind: implementation-schedule
    title: The schedule of the next plan
    submitted_by: [APEC Secretariat]
    plan: plan-2021-2024
    schedule: 2021
"""


@pytest.fixture
def start(forum, monkeypatch, capsys):
    """Return a function that runs the verb and returns its exit code, output and problems."""
    monkeypatch.chdir(forum.root)

    def start(**options: str) -> tuple[int, str, list[str]]:
        code = verb.run("new-plan", {**OPTIONS, **options})
        printed = capsys.readouterr()
        return code, printed.out, [line.strip() for line in printed.err.splitlines()[1:]]

    return start


def folder_of(forum: Forum) -> dict[str, bytes]:
    """Return every file of the forum, hidden ones too."""
    paths = [path for path in sorted(forum.path(FOLDER).rglob("*")) if path.is_file()]
    return {path.relative_to(forum.path(FOLDER)).as_posix(): path.read_bytes() for path in paths}


def fill_in(text: str) -> str:
    """Return plan.yaml as an officer may complete it: words of the plan before stay, all others are written."""
    values = {"title": "The Next Plan", "mid_term": "2022", "final": "2024", "assessment_every_years": "4"}
    lines = []
    for line in text.splitlines():
        key, mark = line.strip().split(":")[0], MARK.search(line)
        if mark and not line.startswith("#"):
            own = values.get(key, "sections/appendix.md" if key == "appendix" else "Our own words")
            line = line.replace(mark[0], f'"{mark[1]}"' if mark[1] else own)
        lines.append(line)
    return "\n".join(lines) + "\n"


def complete(root) -> None:
    plan = root / PLAN_FILE
    plan.write_text(fill_in(plan.read_text(encoding="utf-8")), encoding="utf-8")
    (plan.parent / "sections").mkdir()
    (plan.parent / "sections/appendix.md").write_text("# Appendix: the schedule\n", encoding="utf-8")
    meeting = root / MINI2
    meeting.write_text(f"{meeting.read_text(encoding='utf-8').rstrip()}\n{PAPER}", encoding="utf-8")


# What it writes


def test_it_says_what_it_wrote_what_to_fill_in_and_what_to_run(start):
    code, out, problems = start()
    assert (code, problems) == (0, [])
    assert out.startswith(f"Written: {NEXT} with plan.yaml, carry-over.yaml, schedule/2021.xlsx.\n")
    assert "2 open activities of plan-2019-2020" in out
    assert "Run make" in out and "plan: plan-2021-2024 and schedule: 2021" in out


def test_the_workbook_has_the_open_activities_with_new_ids(forum, start):
    start()
    with forum.book(SCHEDULE) as book:
        old = [[cell.value for cell in row] for row in book["Schedule"].iter_rows()]
    new = [[cell.value for cell in row] for row in openpyxl.load_workbook(forum.path(WORKBOOK))["Schedule"]]
    assert new[0] == old[0]
    assert [row[0] for row in new[1:]] == ["2021-01", "2021-02"]
    titles, statuses = [row[2] for row in new[1:]], [row[7] for row in new[1:]]
    assert titles == [row[2] for row in old[1:3]] and statuses == ["approved", "in progress"]
    assert [row[3:5] + row[6:7] + row[8:] for row in new[1:]] == [r[3:5] + r[6:7] + r[8:] for r in old[1:3]]


def test_the_workbook_has_lists_to_pick_from(forum, start):
    start()
    book = openpyxl.load_workbook(forum.path(WORKBOOK))
    rules = {str(rule.sqref): rule for rule in book["Schedule"].data_validations.dataValidation}
    lists = {cell.column_letter: cell.value for cell in book["Lists"][1]}
    picked = {area: rule.formula1 for area, rule in rules.items() if rule.type == "list"}
    assert picked == {
        "B2:B500": "Lists!$A$2:$A$3",
        "F2:F500": "Lists!$B$2:$B$22",
        "H2:H500": "Lists!$C$2:$C$6",
    }
    assert lists == {"A": "Priority areas", "B": "Economies", "C": "Statuses"}
    assert [cell.value for cell in book["Lists"]["A"]][1:3] == [
        "Skills, tools and the digital economy",
        "Access to markets",
    ]
    assert {area for area, rule in rules.items() if rule.type == "whole"} == {"D2:D500", "E2:E500"}


def test_the_columns_are_those_of_the_settings(forum, start):
    forum.write(SETTINGS, settings_with_titles(activity="Title of activity"))
    with forum.sheet() as sheet:
        sheet["C1"] = "Title of activity"
    start()
    assert openpyxl.load_workbook(forum.path(WORKBOOK))["Schedule"]["C1"].value == "Title of activity"


def test_the_same_inputs_give_the_same_files(forum, start):
    start()
    first = folder_of(forum)
    for name in ("plan.yaml", "carry-over.yaml", "schedule/2021.xlsx"):
        forum.path(f"{NEXT}/{name}").unlink()
    (forum.path(NEXT) / "schedule").rmdir()
    forum.path(NEXT).rmdir()
    start()
    assert folder_of(forum) == first


def test_a_plan_without_deadlines_has_none_and_one_with_them_asks_for_its_own(forum, start):
    start()
    assert not forum.path(f"{NEXT}/{DEADLINES}").exists()
    forum.write(f"{PLAN}/{DEADLINES}", "returns_due:\n  2019: 2020-02-28\n")
    _, out, _ = start(plan="plan-2022-2023")
    assert "deadlines.yaml, write until when" in out
    text = forum.text(f"{FOLDER}/plan-2022-2023/{DEADLINES}")
    assert "# In plan-2019-2020: 2019: 2020-02-28" in text and text.endswith("  2022: TO FILL IN\n")


def test_a_plan_without_open_activities_hands_none_over(forum, start):
    with forum.sheet() as sheet:
        sheet["H2"], sheet["H3"] = "completed", "completed"
    _, out, _ = start()
    assert "0 open activities" in out
    assert forum.text(CARRY_OVER).endswith("activities: []\n")


def test_rows_of_an_illustrative_file_are_named(forum, start):
    assert "illustrative" not in start()[1]
    forum.write(
        f"{FOLDER}/forum.yaml",
        f"{forum.text(f'{FOLDER}/forum.yaml').rstrip()}\nillustrative: [plan-2019-2020/schedule/]\n",
    )
    assert "add plan-2022-2023/schedule/2022.xlsx under illustrative" in start(plan="plan-2022-2023")[1]


# Until it is filled in, and then


def marked_lines(forum: Forum) -> list[int]:
    lines = enumerate(forum.text(PLAN_FILE).splitlines(), 1)
    return [at for at, line in lines if MARK.search(line) and not line.startswith("#")]


def test_a_plan_that_is_not_filled_in_stops_no_other_plan_and_a_notice_names_its_lines(forum, start):
    before = forum.model()
    texts = [word_meeting(before, meeting) for meeting in before.meetings]
    start()
    assert not forum.problems()
    model = forum.model()
    assert [word_meeting(model, meeting) for meeting in model.meetings] == texts
    (notice,) = [text for text in model.notices if "TO FILL IN" in text]
    lines = marked_lines(forum)
    assert f"{NEXT}: found TO FILL IN in {PLAN_FILE}, lines {', '.join(map(str, lines[:20]))}" in notice
    assert "expected a plan that is filled in. It is left out until then." in notice


def test_what_is_wrong_in_a_plan_that_is_not_filled_in_stops_nothing_either(forum, start):
    start()
    forum.path(WORKBOOK).write_bytes(b"no workbook")
    assert not forum.problems()


def test_once_a_paper_names_it_the_build_names_each_line_that_is_to_be_filled_in_and_nothing_else(
    forum, start
):
    start()
    forum.write(MINI2, f"{forum.text(MINI2).rstrip()}\n{PAPER}")
    found = forum.problems()
    assert {problem.kind for problem in found} == {"to-fill-in"}
    assert {problem.place.file for problem in found} == {PLAN_FILE}
    assert [problem.place.line for problem in found] == marked_lines(forum)


def test_no_plan_is_begun_from_one_that_is_not_filled_in(forum, start):
    start()
    code, _, problems = start(plan="plan-2025-2028", **{"from": "plan-2021-2024"})
    assert code == 1 and len(problems) == len(marked_lines(forum))
    assert all(line.startswith(f"{PLAN_FILE}, line") for line in problems)


def test_what_was_filled_in_can_be_built_and_no_old_paper_changes(forum, start):
    before = {
        p["number"]: p for m in forum.model().meetings for p in word_meeting(forum.model(), m)["papers"]
    }
    start()
    complete(forum.root)
    model = forum.model()
    found = {p["number"]: p for m in model.meetings for p in word_meeting(model, m)["papers"]}
    assert {number: found[number] for number in before} == before
    rows = found["2019/MINI2/005"]["fields"]["schedule"]["rows"]
    assert [row["cells"][2]["text"] for row in rows] == ["2019-2020", "2019", ""]
    carried = model.periods["plan-2021-2024"].carry_over
    assert [(each.was.id, each.now) for each in carried.activities] == [
        ("2019-01", "2021-01"),
        ("2019-02", "2021-02"),
    ]
    assert not [notice for notice in model.notices if "carry-over" in notice]


def test_words_of_the_plan_before_that_stay_are_words_of_the_plan(forum, start):
    short = "short: Practices shared\n"
    forum.replace(f"{PLAN}/plan.yaml", short, f'{short}        also: ["a: b", "c"]\n')
    start()
    complete(forum.root)
    old, new = (forum.model().plans[name] for name in ("plan-2019-2020", "plan-2021-2024"))
    assert [(area.id, area.name, area.children) for area in new.areas] == [
        (area.id, area.name, area.children) for area in old.areas
    ]
    assert new.indicator_headings == old.indicator_headings


def test_an_area_of_the_new_plan_is_asked_for_in_each_row_of_another(forum, start):
    start()
    complete(forum.root)
    forum.replace(PLAN_FILE, '"Skills, tools and the digital economy"', "Green growth")
    forum.replace(PLAN_FILE, 'id: "skills"', "id: green")
    found = forum.problems()
    assert [(p.kind, p.place.cell) for p in found] == [("unknown-area", "B2"), ("unknown-area", "B3")]


def test_levels_and_tables_of_the_plan_before_are_those_of_the_new_plan(forum, start):
    harbour_forum(forum)
    code, printed, _ = start()
    assert code == 0 and "schedule" not in printed
    forum.write(PLAN_FILE, fill_in(forum.text(PLAN_FILE)))
    old, new = (forum.model().plans[name] for name in ("plan-2019-2020", "plan-2021-2024"))
    assert new.levels == old.levels and new.areas == old.areas
    assert (new.table, new.work_table) == (old.table, old.work_table)
    assert [item.attributes for item in new.items] == [item.attributes for item in old.items]
    assert not forum.path("inputs/mini/plan-2021-2024/schedule").exists()


# What it refuses


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"plan": "plan-2021"}, "found plan="),
        ({"plan": "plan-2024-2021"}, "found plan="),
        ({"plan": "plan-0001-0002"}, "found plan="),
        ({"plan": "../plan-2021-2024"}, "found plan="),
        ({"plan": "Plan-2021-2024"}, "found plan="),
        ({"plan": "plan-2019-2020"}, "found a folder that exists"),
        ({"from": "plan-2018-2020"}, 'Did you mean "plan-2019-2020"?'),
    ],
)
def test_wrong_names_are_refused_and_nothing_is_written(forum, start, options, kind):
    before = folder_of(forum)
    code, _, problems = start(**options)
    assert code == 1 and len(problems) == 1 and kind in problems[0]
    assert folder_of(forum) == before


def test_all_problems_of_the_command_are_reported_at_once(start):
    code, _, problems = start(**{"plan": "plan-2021", "from": "plan-2018-2020"})
    assert (code, len(problems)) == (1, 2)


def test_a_problem_of_the_plan_before_is_reported_and_nothing_is_written(forum, start):
    with forum.sheet() as sheet:
        sheet["H2"] = "perhaps"
    before = folder_of(forum)
    code, _, problems = start()
    assert code == 1 and "cell H2" in problems[0]
    assert folder_of(forum) == before


def test_a_problem_of_another_file_hinders_nothing(forum, start):
    forum.replace(MINI2, "title: Implementation Schedule", "titel: Implementation Schedule")
    assert start()[0] == 0


@pytest.mark.parametrize("name", ["plan.yaml", "anything"])
def test_a_folder_that_exists_is_never_written_into(forum, start, name):
    forum.write(f"{NEXT}/{name}", "Mine.")
    before = folder_of(forum)
    code, _, problems = start()
    assert code == 1 and any(p.startswith(f"{NEXT}: found a folder that exists") for p in problems)
    assert folder_of(forum) == before


def test_a_disk_that_refuses_a_file_leaves_none(forum, start, monkeypatch):
    written = []

    def write(path, content):
        if written:
            raise OSError(28, "No space left on device", os.fspath(path))
        written.append(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    before = folder_of(forum)
    monkeypatch.setattr(verb, "write_atomic", write)
    with pytest.raises(OSError, match="No space left"):
        start()
    assert written and folder_of(forum) == before
    assert not list(forum.path(FOLDER).glob(".plan*"))


# The whole way


@pytest.mark.slow
def test_the_next_plan_is_started_filled_in_and_built_and_no_old_paper_changes(tmp_path):
    project = copy_project(tmp_path / "project")
    assert project.build().code == 0
    before = project.papers()
    run = new_plan(project)
    assert run.code == 0, run.err
    run = project.build()
    assert run.code == 0 and f"{NEXT}: found TO FILL IN in {PLAN_FILE}" in run.err
    assert project.papers() == before
    complete(project.root)
    built = project.build()
    assert built.code == 0, built.err
    after = project.papers()
    assert {file: after[file] for file in before} == before
    assert set(after) - set(before) == {"2019/MINI2/19_mini2_005.docx"}


def new_plan(project: Project) -> Run:
    words = ("new-plan", "plan=plan-2021-2024", "from=plan-2019-2020")
    return project.run(sys.executable, "scripts/forum_papers.py", *words)


def test_declared_columns_statuses_and_bodies_are_those_of_the_plan_before(forum, start):
    add_declared_schedule(forum.root)
    code, _, problems = start(plan="plan-2025-2028", **{"from": "plan-2022-2024"})
    assert (code, problems) == (0, [])
    new = f"{FOLDER}/plan-2025-2028"
    book = openpyxl.load_workbook(forum.path(f"{new}/schedule/2025.xlsx"))
    rows = [[cell.value for cell in row] for row in book["Schedule"].rows]
    assert rows[0] == TITLES
    assert rows[1] == ["2025-01", *ROWS[0][1:]]
    assert [row[6] for row in rows[1:]] == [120000, 10000, None, 2500]
    lists = {cell.value: cell.column_letter for cell in book["Lists"][1]}
    picked = {
        title: [cell.value for cell in book["Lists"][letter] if cell.value][1:]
        for title, letter in lists.items()
    }
    assert picked["Economies"][-2:] == ["Secretariat", "Pilots Network"]
    assert picked["Statuses"] == ["proposed", "approved", "on hold", "ongoing", "done", "dropped"]
    text = fill_in(forum.text(f"{new}/plan.yaml"))
    forum.write(
        f"{new}/plan.yaml",
        text.replace("mid_term: 2022", "mid_term: 2026").replace("final: 2024", "final: 2028"),
    )
    model = forum.model()
    old, period = model.periods["plan-2022-2024"], model.periods["plan-2025-2028"]
    assert period.schedule_table.table == old.schedule_table.table
    assert [a.status for a in period.editions["2025"].activities][:2] == ["ongoing", "approved"]
