"""The miniature forum with a plan of goals, objectives and actions: no vision, indicators or schedule."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
from forum_tools import FOLDER, MINI1, MINI2, PLAN, Forum
from optional_plan import change_yaml

PLAN_FILE, WORK = f"{PLAN}/plan.yaml", f"{PLAN}/workplan/2019.yaml"
PLAN_TEXT = """title: Harbour Plan 2019-2020
first_year: 2019
last_year: 2020
levels:
  - {one: goal, many: goals, number: "1."}
  - {one: objective, many: objectives, number: "1.1"}
  - {one: action, many: actions, number: a)}
goals:
  - id: quays
    name: Quiet quays
    objectives:
      - id: quays-noise
        text: Less noise at night
        actions:
          - id: measure
            text: Measure noise at every quay
            initiatives: [A network of sensors, A map of noise that residents can read]
          - id: limit
            text: Agree on limits for cranes
            initiatives: A workshop of port authorities
      - id: quays-power
        text: Power from the shore
        actions:
          - id: berths
            text: Connect berths to the grid
  - id: water
    name: Clean water
    text: Water in every harbour that is clean enough to swim in.
    objectives:
      - id: water-oil
        text: No oil in the basin
        initiatives: [Shared booms and skimmers]
tables:
  plan:
    orientation: landscape
    columns:
      - {id: initiatives, title: Possible initiatives}
    printed:
      - {title: "No.", of: [goals.number], width: 1, merge: true, align: center}
      - {title: Goals, of: [goals], width: 4, merge: true}
      - {title: Objectives, of: [objectives.number, objectives], width: 4, merge: true}
      - {title: Actions, of: [actions.number, actions], width: 5}
      - {title: Possible initiatives, of: [initiatives], width: 5, merge: true}
  work-plan:
    columns:
      - {id: cost, title: Cost (USD), type: money}
    printed:
      - {title: Goals/Objectives, of: [goals, objectives], width: 4, merge: true}
      - {title: Action items, of: [activity], width: 5}
      - {title: Expected outcomes, of: [outcome], width: 4}
      - {title: Timeframe, of: [timeframe], width: 2}
      - {title: Cooperating party, of: [cooperation], width: 3}
      - {title: Cost (USD), of: [cost], width: 2}
"""
WORK_TEXT = """year: 2019
activities:
  - actions: [measure]
    outcome: A report on twelve quays
    timeframe: Q2 2019
    cooperation: [Pilots Network, Lakes League]
    cost: 120000
  - title: Draft the limits
    actions: [limit]
    outcome: A draft for the second meeting
    timeframe: ongoing
  - title: Ask the harbours about booms
    goal: water
    outcome: Answers
    cooperation: [Secretariat]
"""
MEETING = """code: {code}
city: Valparaíso
economy: Chile
start: 2019-0{month}-28
end: 2019-0{month}-29
agenda:
  - item: "4"
    title: The plan of the group
papers:
"""
ENTRY = """  - number: 2019/{meeting}/{serial}
    kind: {kind}
    title: {title}
    agenda_item: "4"
    submitted_by: [APEC Secretariat]
"""


def harbour_forum(forum: Forum) -> Forum:
    """Give the forum a plan of goals, a work plan without schedule, and the papers that it has of them."""
    shutil.rmtree(forum.path(PLAN))
    shutil.rmtree(forum.path(f"{FOLDER}/terms-of-reference"))
    forum.path(f"{FOLDER}/accepted.yaml").unlink(missing_ok=True)
    forum.path(MINI2).unlink()
    forum.write(PLAN_FILE, PLAN_TEXT)
    forum.write(WORK, WORK_TEXT)
    forum.write(
        MINI1,
        MEETING.format(code="MINI1", month=3)
        + entry("001", "agenda", "Agenda")
        + entry("002", "strategic-plan", "Harbour Plan")
        + "    plan: plan-2019-2020\n"
        + entry("003", "work-plan", "Work Plan for 2019")
        + "    plan: plan-2019-2020\n    year: 2019\n",
    )
    return forum


def rename_levels(forum: Forum) -> None:
    """Call the priority areas of the full forum goals, and their objectives outcomes, in all its inputs."""
    change_yaml(forum, PLAN_FILE, _rename_in_plan)
    for path in forum.path(f"{PLAN}/sections").glob("*.md"):
        text = path.read_text(encoding="utf-8").replace("priority_area_", "goal_")
        path.write_text(text.replace("Priority Areas", "Goals"), encoding="utf-8")
    for path in forum.path(f"{PLAN}/workplan").glob("*.yaml"):
        change_yaml(forum, f"{PLAN}/workplan/{path.name}", _rename_in_work_plan)
    for path in forum.path(PLAN).rglob("*.xlsx"):
        _rename_column(path)


def _rename_in_plan(plan: dict) -> None:
    plan["levels"] = [{"one": "goal", "many": "goals"}, {"one": "outcome", "many": "outcomes"}]
    plan["goals"] = plan.pop("priority_areas")
    for goal in plan["goals"]:
        goal["outcomes"] = goal.pop("objectives")


def _rename_in_work_plan(work: dict) -> None:
    work["goals"] = [{"goal": area.pop("area"), **area} for area in work.pop("areas")]
    for activity in work["activities"]:
        activity["outcomes"] = activity.pop("objectives")


def _rename_column(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value == "Priority area"]
    for cell in cells:
        cell.value = "Goal"
    book.save(path)


def entry(serial: str, kind: str, title: str, meeting: str = "MINI1") -> str:
    """Return the entry of a paper, to which its own keys can be added."""
    return ENTRY.format(meeting=meeting, serial=serial, kind=kind, title=title)
