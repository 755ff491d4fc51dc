"""The phrases that papers say: id -> what each may name, in addition to `plan`, `forum` and `member`.

templates/phrases.yaml has the words. `COUNT` stands for a figure, see `papers.wording.phrases.Count`; any other value is
an example of the value that the name has.
"""

from __future__ import annotations

from typing import Any, Final

COUNT: Final = "a figure"

PHRASES: dict[str, dict[str, Any]] = {
    "agenda.unknown-title": {},
    "agenda.no-items": {},
    "agenda.no-item": {"items": 3},
    "classification-list.summary": {"papers": COUNT, "restricted": COUNT},
    "classification-list.no-date": {},
    "classification-list.supersedes": {"number": "2018/SMEWG47/003"},
    "fora-report.no-return": {},
    "implementation-schedule.heading": {"edition": "June 2017"},
    "implementation-schedule.no-activity": {"edition": "June 2017"},
    "implementation-schedule.carried-over": {"earlier_plan": "Strategic Plan 2013-2016"},
    "implementation-schedule.not-carried-over": {"earlier_plan": "Strategic Plan 2013-2016"},
    "indicator-report.no-joint-item": {},
    "list-of-items.introduction": {
        "years": "2017-2018",
        "day": "31 August 2018",
        "review": "2018/SMEWG47/003",
        "items": 85,
    },
    "project-ranking.summary": {
        **dict.fromkeys(("proposals", "members", "economies", "scores", "counting"), COUNT),
        "session": "2",
        "year": "2018",
    },
    "project-ranking.no-tie": {"proposals": 5, "counting": 40},
    "project-ranking.no-score": {},
    "review.achievements": {
        "figures": "activities carried out (32); best practices shared (26)",
        "first": 2017,
        "last": 2018,
        "until": "31 August 2018",
    },
    "review.changes-listed": {"number": "2018/SMEWG47/011"},
    "review.endorsed-edition": {"activities": 12},
    "review.items-listed": {"number": "2018/SMEWG47/010"},
    "review.period": {"day": "31 August 2018", "share": "42%", "period": "2017-2020"},
    "review.verdict-rule": {
        "counting": "completed or in progress",
        "share": "42%",
        "elapsed": 1,
        "overdue": 0,
    },
    "rotation-annex.no-exchange": {"day": "13 September 2017"},
    "rotation-annex.unknown": {},
    "schedule-changes.introduction": {"review": "2018/SMEWG47/003"},
    "schedule.no-change": {"activities": 12, "since": "June 2017"},
    "schedule.not-listed": {"since": "June 2017"},
    "schedule.first-edition": {"activities": 12, "edition": "June 2017"},
    "schedule.not-overdue": {"activities": 12},
    "summary-report.chair": {"chair": "the SMEWG Chair"},
    "summary-report.attendance": {"attending": COUNT, "members": COUNT, "names": "Chile and Peru"},
    "summary-report.observers": {"names": "ABAC; PECC"},
    "summary-report.guests": {"names": "ABAC; PECC"},
    "summary-report.papers": {},
    "updated-schedule.heading": {"edition": "June 2017"},
    "updated-schedule.introduction": {
        "edition": "June 2017",
        "older": "2016",
        "presented": "2016/SMEWG43/015",
        "where_and_when": "Lima, Peru, 7-8 September 2016",
    },
    "work-plan.heading": {"year": 2017, "responds_to": 3},
    "work-plan.introduction": {"year": 2017, "edition": "June 2017", "activities": 12},
    "work-plan.summary": {"year": 2017, "activities": COUNT, "areas": COUNT, "level": "priority area"},
    "work-plan.partners": {"partners": "ABAC and the TELWG"},
    "work-plan.no-partner": {"area": "Market access"},
    "work-plan.no-outcome": {"area": "Market access"},
    "work-plan.no-activity": {"area": "Market access"},
    "work-plan.outcome-not-stated": {},
}


def examples(phrase: str, count: Any) -> dict[str, Any]:
    """Return examples of the values of a phrase; `count` is that of each figure."""
    return {name: count if value is COUNT else value for name, value in PHRASES[phrase].items()}
