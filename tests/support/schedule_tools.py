"""Activities of a schedule for tests."""

from __future__ import annotations

from papers.model.economies import Economy
from papers.model.schedule import Activity
from papers.problems import Place

PERU = Economy(14, "Peru", "Peru", "", "PER")


def activity(**different) -> Activity:
    usual = {
        "id": "2019-01",
        "area": "skills",
        "title": "A workshop",
        "first_year": 2019,
        "last_year": 2019,
        "proponents": (PERU,),
        "project_number": "",
        "status": "approved",
        "remarks": "",
        "place": Place("2019.xlsx", "Schedule", "C2"),
    }
    return Activity(**{**usual, **different})
