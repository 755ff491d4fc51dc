"""The miniature forum with indicators in numbers and percentages, and returns that state them."""

from __future__ import annotations

from pathlib import Path

from forum_tools import PLAN, Forum
from returns_tools import ACTIVITIES, PRACTICES, RETURNS, day, send_in

PLAN_FILE = f"{PLAN}/plan.yaml"
BERTHS, SHARE, DAYS = "Berths with shore power", "Small firms online", "Days at customs"
HEADING = """  - heading: Measures
    indicators:
      - id: berths
        short: Berths with shore power
        text: Berths at which ships can use power from land.
        measure: number
        unit: berths
        baseline: {2018: 12}
        target: {2019: 20, 2020: 40}
      - id: share
        short: Small firms online
        text: Share of small firms that sell online.
        measure: percent
        target: {2020: 60}
      - id: days
        short: Days at customs
        text: Days that goods wait at customs.
        measure: number
        unit: days
        baseline: {2018: 8}
        target: {2020: 4}
        combine: {economies: average, years: average}
"""
PER_2020, VNM_2020, CHL_2020 = (f"{RETURNS}/2020/{code}.xlsx" for code in ("per", "vnm", "chl"))


def add_measures(forum: Forum, heading: str = HEADING) -> Forum:
    """Add three measured indicators to the plan: berths are added, shares and days averaged."""
    forum.replace(PLAN_FILE, "reviews:\n", f"{heading}\nreviews:\n")
    return forum


def state(forum: Forum, file: str, *, rows=(), only=(), date=None, **figures) -> None:
    """Write the return of an economy that states `figures`, by id; those that are not named are left empty.

    `only` are the ids of the plan's indicators, where it has no others.
    """
    year = int(Path(file).parent.name)
    totals = {ACTIVITIES: len(rows), PRACTICES: 0} if not only else {}
    totals |= {name: figures.get(key) for key, name in _SHORT.items() if not only or key in only}
    send_in(forum, file, *rows, totals=totals, year=year, date=date or day(f"{year + 1}-01-15"))


_SHORT = {"berths": BERTHS, "share": SHARE, "days": DAYS}
