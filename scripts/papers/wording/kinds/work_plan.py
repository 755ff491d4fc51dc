"""The Work Plan of a year or a part of it: deliverables, activities and projects by priority area, actions at meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.model.figures import counted
from papers.wording import counts, english, needs, schedule_text
from papers.wording.declared_tables import NO_TABLE, TABLE, narrow
from papers.wording.declared_tables import table as declared_table
from papers.wording.figure_markers import capitalised
from papers.wording.narrative import NamedFigures, narrative
from papers.wording.paragraphs import bullets, cell_bullets, paragraph, paragraphs
from papers.wording.phrases import Count, said, say
from papers.wording.tags import Blocks, Each, Flag, Line, Tag, Text, Values
from papers.wording.words import Words
from papers.wording.work_plan_table import (
    has_declared_table,
    parties,
    printed_columns,
    timeframe,
    work_rows,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.model.figures import Cell, Figure
    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.model.plan import Plan, PlanItem
    from papers.model.schedule import Activity
    from papers.model.workplan import PlannedActivity, PlannedMeeting, WorkPlan
    from papers.problems import Problems
    from papers.richtext import BlocksData

_ROW: dict[str, Tag] = {
    "activity": Text("title of the activity"),
    "outcome": Text("what is expected of it, or a dash"),
    "timeframe": Text("2016-2017, and its status"),
    "cooperation": Text("its proponents, then other parties"),
}
TAGS = {
    "title": Text("title over the text"),
    "year": Text("the year"),
    "pages": Blocks("what makes a paper without activities portrait"),
    "turns": Flag("yes where landscape pages with the activities follow portrait pages"),
    "introduction": Blocks("the plan that it carries out, then the narrative where there is one"),
    "responds_to": Blocks("the priorities, decisions and recommendations that it responds to"),
    "deliverables": Blocks("the deliverables of the year, numbered"),
    "summary": Blocks("how many activities there are, in words"),
    "has_area_texts": Flag("yes where outcomes or partners of an area are stated"),
    "has_area_rows": Flag("yes where the activities stand in a table by priority area"),
    "has_objectives": Flag("yes where an area has objectives"),
    **TABLE,
    "areas": Each(
        "the priority areas, also those without activity; of a table with declared columns those with outcomes "
        "or partners",
        {
            "name": Text("its name in the table of the plan"),
            "has_text": Flag("yes where outcomes or partners are stated"),
            "outcomes": Blocks("what is expected in this area in the year; often nothing"),
            "cooperation": Blocks("other fora and partners; nothing where none is named"),
            "rows": Each(
                "its activities of the year",
                {"objectives": Blocks("objectives that it serves, in the style Table Bullet"), **_ROW},
            ),
        },
    ),
    "activities": Each("the activities of the year in a plan without areas", _ROW),
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
_DECIDING = ("first", "last", "status")  # columns that decide whether an activity has work in the year
_NO_ACTIVITY = {"outcome": "–", "timeframe": "–", "cooperation": "–"}


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`."""
    plan, work = model.plans[paper.plan], needs.workplan_of(model, paper)
    own = narrative(model, paper, "introduction", facts(model, paper))
    first = say(
        model,
        "work-plan.introduction",
        year=work.year,
        edition=english.edition(work.edition.name) if work.edition else "",
        activities=len(work.work),
    )
    scheduled = [each.activity for each in work.work if each.activity]
    projects = [activity for activity in scheduled if activity.project_number]
    declared = has_declared_table(plan, work)
    rows = work_rows(plan, work) if declared else []
    areas = _areas(model, plan, work, declared)
    front = [*own["blocks"], *work.responds_to, *work.deliverables, *areas, *work.meetings]
    return {
        "title": say(model, "work-plan.heading", year=work.year, responds_to=len(work.responds_to)),
        "year": str(work.year) if work.deliverables or work.work else "",
        "pages": richtext.blocks(*([] if work.work else [richtext.page(richtext.PORTRAIT)])),
        "turns": bool(work.work and front),
        "introduction": richtext.blocks(*map(paragraph, said(first)), *own["blocks"]),
        "responds_to": bullets(work.responds_to),
        "deliverables": paragraphs(work.deliverables, richtext.NUMBER),
        "summary": paragraphs(said(_summary(model, plan, work))),
        **(declared_table(printed_columns(plan, work), rows) if rows else NO_TABLE),
        "has_area_texts": any(area["has_text"] for area in areas),
        "has_area_rows": any(area["rows"] for area in areas),
        "has_objectives": bool(plan.objectives),
        "areas": areas,
        "activities": [] if plan.areas or declared else [_row(model, each) for each in work.work],
        "has_projects": bool(projects),
        "projects": [_project(activity) for activity in projects],
        "meetings": [_meeting(model, at) for at in work.meetings],
    }


def _project(activity: Activity) -> Values:
    return {
        "number": activity.project_number,
        "title": activity.title,
        "economies": english.proponents_in_cell(activity),
        "status": capitalised(activity.status),
    }


def facts(model: Model, paper: Paper) -> NamedFigures:
    """Return the figures that the introduction may name."""
    edition = needs.workplan_of(model, paper).edition
    return schedule_text.schedule_facts(model, edition) if edition else NamedFigures({})


def check(model: Model, paper: Paper, problems: Problems) -> None:
    """Report a year that is not that of the Work Plan which the entry names."""
    work = needs.workplan_of(model, paper)
    if paper.year not in (None, work.year):
        found, expected = (
            f"the year {paper.year} with {work.file}",
            f"{work.year}, the year of that Work Plan",
        )
        todo = "Correct the year, or delete its line."
        problems.add(paper.place, "year-of-workplan", found, expected, todo)


def notices(model: Model, paper: Paper) -> list[str]:
    """Return a notice of the activities of the year that the Work Plan does not mention."""
    work = needs.workplan_of(model, paper)
    plan, silent = model.plans[paper.plan], [each.id for each in work.work if each.plan is None]
    if has_declared_table(plan, work):
        declared = printed_columns(plan, work), work_rows(plan, work)
        return narrow(*declared, landscape=True, places=plan.column_places.get("work-plan", []))
    if not silent:
        return []
    return [
        f"{work.file} says nothing of {english.listed(silent)}: the outcome is not stated in {paper.number}"
    ]


def _number_of_activities(work: WorkPlan) -> Figure:
    scheduled = [each.activity for each in work.work if each.activity]
    if work.edition:
        columns = ("id", *_DECIDING)
        return counts.activities(work.edition, scheduled, "activities of the year", *columns, by_meaning=True)
    return counted(work.work, "activities of the year", lambda each: each.source, work.file)


def _summary(model: Model, plan: Plan, work: WorkPlan) -> str:
    used, level = [area for area in plan.areas if work.of_area(area.id)], plan.area_level
    what = f"{level.plural} with work in {work.year}"
    areas = counted(used, what, lambda area: plan.source(area.id, area.name).because_of(_work_in(work, area)))
    counts_of = {
        "activities": Count(_number_of_activities(work), "activity"),
        "areas": Count(areas, level.one, level.plural),
    }
    return say(model, "work-plan.summary", year=work.year, level=level.one, **counts_of)


def _work_in(work: WorkPlan, area: PlanItem) -> Iterator[Cell]:
    """Yield the cells because of which an area has work in the year."""
    for activity in (each.activity for each in work.of_area(area.id) if each.activity):
        yield from activity.cells_of("area", *_DECIDING, "means")


def _areas(model: Model, plan: Plan, work: WorkPlan, declared: bool) -> list[Values]:
    """Return the areas that the paper says something of; their activities may stand in one declared table."""
    areas = [_area(model, area, work) for area in plan.areas]
    if declared:
        areas = [{**area, "rows": []} for area in areas]
    return [area for area in areas if area["has_text"] or area["rows"]]


def _area(model: Model, area: PlanItem, work: WorkPlan) -> Values:
    entry = work.areas.get(area.id)
    rows = [{"objectives": _objectives(each, area), **_row(model, each)} for each in work.of_area(area.id)]
    outcomes = entry.outcomes if entry else []
    no_outcome = said(say(model, "work-plan.no-outcome", area=area.name))
    cooperation = _cooperation(model, area, entry.cooperation if entry else [])
    return {
        "name": area.name,
        "has_text": bool(outcomes or no_outcome or cooperation),
        "outcomes": bullets(outcomes or no_outcome),
        "cooperation": paragraphs(cooperation),
        "rows": rows or _no_activity(model, area),
    }


def _cooperation(model: Model, area: PlanItem, partners: list[str]) -> list[str]:
    if partners:
        return said(say(model, "work-plan.partners", partners=english.listed(partners)))
    return said(say(model, "work-plan.no-partner", area=area.name))


def _no_activity(model: Model, area: PlanItem) -> list[Values]:
    """Return the row of an area without activity in the year; none where nothing is said of it."""
    words = said(say(model, "work-plan.no-activity", area=area.name))
    objectives = cell_bullets(objective.text for objective in area.children)
    return [{**_NO_ACTIVITY, "activity": each, "objectives": objectives} for each in words]


def _objectives(work: PlannedActivity, area: PlanItem) -> BlocksData:
    texts = {objective.id: objective.text for objective in area.below}
    if not texts:
        return cell_bullets([])
    return cell_bullets([texts[name] for name in work.plan.serves] if work.plan else [])


def _row(model: Model, work: PlannedActivity) -> Values:
    outcome = work.plan.outcome if work.plan else ""
    return {
        "activity": work.title,
        "outcome": outcome or say(model, "work-plan.outcome-not-stated"),
        "timeframe": timeframe(work),
        "cooperation": "; ".join(parties(work)) or "–",
    }


def _meeting(model: Model, at: PlannedMeeting) -> Values:
    actions = bullets(at.actions)
    if at.meeting is None:
        return {"heading": richtext.line(at.name), "when": "", "actions": actions}
    where = english.place(at.meeting.city, at.meeting.economy)
    when = english.dates(at.meeting.start, at.meeting.end)
    return {
        "heading": english.numbered(at.meeting.ordinal, at.meeting.name, model.forum.ordinals),
        "when": ", ".join(word for word in (where, when) if word),
        "actions": actions,
    }


WORDS = Words(tags=TAGS, context=context, facts=facts, check=check, notices=notices)
