"""Inputs and entries of papers whose kinds the miniature forum does not have."""

from __future__ import annotations

PROPOSALS = [
    [
        "Project number",
        "Title",
        "Proposing economies",
        "Co-sponsors",
        "Priority area",
        "Link",
        "Funding requested (USD)",
    ],
    [
        "SME 01 2019",
        "Doors & keys",
        "Chile",
        "Peru; Hong Kong, China",
        "Access to markets",
        "indirect",
        50000,
    ],
    ["SME 02 2019A", "Tools for all", "Philippines", None, "Access to markets", "direct", 100000],
    ["SME 03 2019S", "Something else", "Japan; Korea", None, None, "none", 0],
]

SCORES = [
    ["Project number", "Member", "Score (1-10)"],
    ["SME 01 2019", "Chile", 10],
    ["SME 01 2019", "Japan", 9],
    ["SME 01 2019", "Canada", 8],
    ["SME 02 2019A", "Japan", 6],
    ["SME 02 2019A", "Chile", 7],
    ["SME 03 2019S", "Japan", 10],
]

RANKING_PAPER = """  - number: 2019/MINI2/006
    kind: project-ranking
    title: Ranking of Project Proposals
    submitted_by: [APEC Secretariat]
    plan: plan-2019-2020
    session: 2019-1
"""

ROTATION_TEXT = """chair:
  first_year: 2015
  first: Thailand
  known:
    - {year: 2016, economy: Thailand, source: MINI0}
host:
  first_year: 2018
  first: Canada
  known:
    - {year: 2019, economy: Peru, source: MINI1}
swaps: []
"""

ROTATION_PAPER = """  - number: 2019/MINI2/005
    kind: rotation-annex
    title: Annex to the Terms of Reference
    submitted_by: [APEC Secretariat]
    plan: plan-2019-2020
"""

WORK_PLAN_PAPER = """  - number: 2019/MINI2/006
    kind: work-plan
    title: Work Plan
    submitted_by: [APEC Secretariat]
    plan: plan-2019-2020
    year: 2019
"""

WORK_PLAN_TEXT = """year: 2019
responds_to:
  - the wish of Ministers
deliverables:
  - A report
  - A list
areas:
  - area: skills
    outcomes: [People learn.]
    cooperation: [HRDWG, ABAC]
activities:
  - id: 2019-01
    objectives: [skills-2]
    outcome: A good workshop
    cooperation: [ABAC]
meetings:
  - meeting: MINI1
    actions: [Adopt this plan]
  - meeting: A meeting between the two
    actions: [Talk]
"""
