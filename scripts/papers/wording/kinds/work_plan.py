"""The work plan of a year: deliverables, activities and projects by priority area, and what is done at each meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.model.figures import counted
from papers.wording import counts, english, schedule_text
from papers.wording.narrative import narrative
from papers.wording.tags import Blocks, Each, Flag, Line, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.model.plan import Area, Plan
    from papers.model.workplan import PlannedActivity, PlannedMeeting, WorkPlan
    from papers.wording.narrative import NamedFigures

TEMPLATE, NAMESPACE = "work-plan", "work"
PARTS = (TEMPLATE,)
NEEDS = ("plan", "workplan")
NARRATIVE = {"introduction": "Introduction"}
OPTIONAL = ("introduction",)
TAGS = {
    "title": Text("title over the text"),
    "year": Text("the year"),
    "introduction": Blocks("the plan that it carries out, then the narrative where there is one"),
    "responds_to": Blocks("the priorities, decisions and recommendations that it responds to"),
    "deliverables": Blocks("the deliverables of the year, numbered"),
    "summary": Blocks("how many activities there are, in words"),
    "areas": Each(
        "the priority areas, also those without activity",
        {
            "name": Text("its name in the table of the plan"),
            "outcomes": Blocks("what is expected in this area in the year"),
            "cooperation": Text("other fora and partners, or that none is named"),
            "rows": Each(
                "its activities of the year; an area without any has one row that says so",
                {
                    "objectives": Blocks("objectives that it serves, in the style Table Bullet"),
                    "activity": Text("title of the activity"),
                    "outcome": Text("what is expected of it, or Not stated"),
                    "timeframe": Text("2016 - 2017, and its status"),
                    "cooperation": Text("its proponents, then other parties"),
                },
            ),
        },
    ),
    "has_projects": Flag("yes where an activity has a project number"),
    "projects": Each(
        "the activities with a project number",
        {
            "number": Text("SME 02 2016A"),
            "title": Text("title of the activity"),
            "economies": Text("the economies that propose it"),
            "status": Text("its status"),
        },
    ),
    "meetings": Each(
        "the meetings of the year",
        {
            "heading": Line("name of the meeting"),
            "when": Text("place and dates; empty where they are not known"),
            "actions": Blocks("what is done there"),
        },
    ),
}
_NOTHING = {"activity": "No activity in this year", "outcome": "–", "timeframe": "–", "cooperation": "–"}


def context(model: Model, paper: Paper) -> dict:
    """The tags of one work plan."""
    plan, work = model.plans[paper.plan], model.workplans[paper.year]
    own = narrative(model, paper, "introduction", facts(model, paper), optional=True)
    first = (
        f"This Work Plan carries out the {plan.title} in {work.year}. Its activities are those of the edition of "
        f"{work.year} of the implementation schedule."
    )
    projects = [one.activity for one in work.work if one.activity.project_number]
    return {
        "title": f"Work Plan for {work.year} in response to Leaders/Ministers/SOM/SCE priorities and decisions "
        "and to ABAC recommendations",
        "year": str(work.year),
        "introduction": richtext.blocks(richtext.block(richtext.BODY, richtext.line(first)), *own["blocks"]),
        "responds_to": _listed(richtext.BULLET, work.responds_to),
        "deliverables": _listed(richtext.NUMBER, work.deliverables),
        "summary": _listed(richtext.BODY, [_summary(plan, work)]),
        "areas": [_area(area, work) for area in plan.areas],
        "has_projects": bool(projects),
        "projects": [
            {
                "number": activity.project_number,
                "title": activity.title,
                "economies": english.economies(activity.proponents),
                "status": activity.status.capitalize(),
            }
            for activity in projects
        ],
        "meetings": [_meeting(model, at) for at in work.meetings],
    }


def facts(model: Model, paper: Paper) -> NamedFigures:
    """Figures that the introduction may name."""
    return schedule_text.facts(model, paper.year)


def notices(model: Model, paper: Paper) -> list[str]:
    """Activities of the year of which the work plan says nothing."""
    work = model.workplans[paper.year]
    silent = [one.activity.id for one in work.work if one.plan is None]
    if not silent:
        return []
    return [
        f"{work.file} says nothing of {english.listed(silent)}: the outcome is marked Not stated in {paper.number}"
    ]


def _summary(plan: Plan, work: WorkPlan) -> str:
    those = [one.activity for one in work.work]
    number = counts.activities(work.edition, those, "activities of the year", "id", "first_year", "last_year")
    used = [area for area in plan.areas if work.of_area(area.id)]
    areas = counted(used, f"priority areas with work in {work.year}", lambda a: plan.source(a.id, a.name))
    said = f"{english.count(number, 'activity')} in {english.count(areas, 'priority area')}"
    return f"The Group works on {said} in {work.year}."


def _area(area: Area, work: WorkPlan) -> dict:
    said, rows = work.areas.get(area.id), [_row(one, area) for one in work.of_area(area.id)]
    partners = said.cooperation if said else []
    return {
        "name": area.name,
        "outcomes": _listed(
            richtext.BULLET, said.outcomes if said and said.outcomes else ["No outcome is stated."]
        ),
        "cooperation": f"In cooperation with {english.listed(partners)}."
        if partners
        else "No partner is named.",
        "rows": rows
        or [{**_NOTHING, "objectives": _bullets(objective.text for objective in area.objectives)}],
    }


def _row(one: PlannedActivity, area: Area) -> dict:
    activity, wordings = one.activity, {objective.id: objective.text for objective in area.objectives}
    years = english.years(activity.first_year, activity.last_year)
    partners = one.plan.cooperation if one.plan else []
    parties = [economy.with_article for economy in activity.proponents] + partners
    if len(parties) == 1 and not partners:
        parties = [english.economies(activity.proponents)]  # a single name stands without its article
    return {
        "objectives": _bullets(wordings[name] for name in one.plan.objectives)
        if one.plan
        else _bullets(["Not stated"]),
        "activity": activity.title,
        "outcome": one.plan.outcome if one.plan else "Not stated",
        "timeframe": f"{years} ({activity.status})",
        "cooperation": "; ".join(parties) or "–",
    }


def _meeting(model: Model, at: PlannedMeeting) -> dict:
    actions = _listed(richtext.BULLET, at.actions)
    if at.meeting is None:
        return {"heading": richtext.line(at.name), "when": "", "actions": actions}
    where = english.place(at.meeting.city, at.meeting.economy)
    when = english.dates(at.meeting.start, at.meeting.end)
    return {
        "heading": english.numbered(at.meeting.ordinal, at.meeting.name, model.forum.ordinals),
        "when": ", ".join(word for word in (where, when) if word),
        "actions": actions,
    }


def _listed(style: str, words: Iterable[str]) -> dict:
    return richtext.blocks(
        *(richtext.block(style, richtext.line(word), at == 0) for at, word in enumerate(words))
    )


def _bullets(words: Iterable[str]) -> dict:
    return richtext.blocks(*(richtext.block(richtext.TABLE_BULLET, richtext.line(word)) for word in words))
