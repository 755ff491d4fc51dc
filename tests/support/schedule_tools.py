"""Activities of a schedule for tests."""

from __future__ import annotations

from papers.inputs.settings import MEANINGS, shipped_schedule
from papers.model.economies import Economy
from papers.model.schedule import Activity
from papers.model.timeframes import Timeframe
from papers.problems import Place

PERU = Economy(14, "Peru", "Peru", "", "PER")


STATUSES = tuple(meaning for meaning in MEANINGS if meaning != "none")


def activity(**different) -> Activity:
    """An activity; `first_year` and `last_year` make its timeframe, and its status means what it says."""
    usual = {
        "id": "2019-01",
        "area": "skills",
        "title": "A workshop",
        "proponents": (PERU,),
        "project_number": "",
        "status": "approved",
        "remarks": "",
        "place": Place("2019.xlsx", "Schedule", "C2"),
    }
    first, last = (different.pop(key, 2019) for key in ("first_year", "last_year"))
    values = {**usual, "timeframe": Timeframe("", first, last), **different}
    return Activity(**{"meaning": values["status"], **values})


def settings_with_titles(**titles: str) -> str:
    """The text of a settings.yaml that declares the shipped columns, some of them with other titles, by id."""
    lines = ["tables:", "  schedule:", "    columns:"]
    for column in shipped_schedule().columns:
        title = titles.get(column.id, column.title)
        lines.append(f"      - {{id: {column.id}, title: {title}, role: {column.role}}}")
    return "\n".join([*lines, ""])
