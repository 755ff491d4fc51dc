"""A plan of the miniature forum whose schedule has columns, statuses, timeframes and bodies of its own.

No. | Goal | Action | Timeframe | Led by | State | Budget (USD): no years, no remarks, no project numbers.
"""

from __future__ import annotations

from pathlib import Path

import openpyxl

FOLDER = "inputs/mini"
PLAN = f"{FOLDER}/plan-2022-2024"
SETTINGS, MINI3 = f"{FOLDER}/settings.yaml", f"{FOLDER}/meetings/MINI3.yaml"
FIRST, SECOND = f"{PLAN}/schedule/2022.xlsx", f"{PLAN}/schedule/2023.xlsx"
COLUMNS = """\
    columns:
      - {id: number, title: "No.", role: id}
      - {id: goal, title: Goal, role: area}
      - {id: action, title: Action, role: title}
      - {id: when, title: Timeframe, role: period}
      - {id: who, title: Led by, role: who}
      - {id: state, title: State, role: status}
      - {id: budget, title: Budget (USD), type: money, required: false}
    printed:
      - {title: Goal, of: [goal], width: 2.4, merge: true}
      - {title: "No.", of: [number], width: 1}
      - {title: Action, of: [action], width: 3.4}
      - {title: Timeframe, of: [when], width: 2.4}
      - {title: Led by, of: [who], width: 2.2}
      - {title: State, of: [state], width: 2.1}
      - {title: Budget (USD), of: [budget], width: 2.1}
"""
SETTINGS_TEXT = """\
bodies: [Secretariat, Pilots Network]
timeframes:
  - {text: "within three years of {year}", first: year}
"""
PLAN_TEXT = f"""\
title: Harbour Plan 2022-2024
first_year: 2022
last_year: 2024
priority_areas:
  - {{id: quays, name: Quiet quays}}
  - {{id: passages, name: Safe passages}}
  - {{id: harbours, name: Clean harbours}}
statuses:
  - {{name: proposed, means: proposed}}
  - {{name: approved, means: approved}}
  - {{name: on hold, means: approved}}
  - {{name: ongoing, means: in progress}}
  - {{name: done, means: completed}}
  - {{name: dropped, means: withdrawn}}
tables:
  schedule:
{COLUMNS}"""
MEETING_TEXT = """\
code: MINI3
ordinal: 3
city: Lima
economy: Peru
start: 2023-03-06
end: 2023-03-07
host_mark: []
agenda: []
papers:
  - number: 2023/MINI3/001
    kind: implementation-schedule
    title: Implementation Schedule of the Harbour Plan
    submitted_by: [Peru]
    plan: plan-2022-2024
    schedule: 2022
  - number: 2023/MINI3/002
    kind: updated-schedule
    title: Updated Implementation Schedule
    submitted_by: [Peru]
    plan: plan-2022-2024
    schedule: 2023
"""
TITLES = ["No.", "Goal", "Action", "Timeframe", "Led by", "State", "Budget (USD)"]
QUAYS, PASSAGES, HARBOURS = "Quiet quays", "Safe passages", "Clean harbours"
ROWS = [
    [1, QUAYS, "Measure noise at night", "from 2022 on", "Peru; Secretariat", "ongoing", 120000],
    [2, QUAYS, "Shore power for small ports", "2022-2023", "Chile", "approved", 45000.5],
    [3, QUAYS, "Exchange of port plans", "Q2 2022", "Pilots Network", "On hold", None],
    [4, PASSAGES, "Training of pilots", "June 2022", "Viet Nam; Japan", "proposed", 8500],
    [5, PASSAGES, "A register of near misses", "within three years of 2022", None, "ongoing", None],
]
LATER_ROWS = [
    ROWS[0],
    [2, QUAYS, "Shore power for small ports", "2022-2024", "Chile", "done", 45000.5],
    [3, QUAYS, "Exchange of port plans", "Q2 2022", "Pilots Network; Secretariat", "approved", 10000],
    [4, PASSAGES, "Training of pilots", "June 2022", "Viet Nam; Japan", "dropped", 8500],
    ROWS[4],
    [6, HARBOURS, "Waste plans for marinas", "ongoing", "the Philippines", "proposed", 2500],
]


def write_workbook(path: Path, rows: list[list], titles: list[str] = TITLES) -> None:
    """Write an edition of the schedule."""
    book = openpyxl.Workbook()
    book.active.title = "Schedule"
    for row in (titles, *rows):
        book.active.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def add_declared_schedule(root: Path) -> None:
    """Add to the inputs below `root` settings, the plan, two editions of its schedule, and a meeting with papers.

    The other plan keeps the shipped columns.
    """
    texts = {SETTINGS: SETTINGS_TEXT, f"{PLAN}/plan.yaml": PLAN_TEXT, MINI3: MEETING_TEXT}
    for file, text in texts.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text, encoding="utf-8")
    write_workbook(root / FIRST, ROWS)
    write_workbook(root / SECOND, LATER_ROWS)
