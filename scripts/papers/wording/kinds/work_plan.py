"""The Work Plan of a year or a part of it: deliverables, activities and projects by priority area, actions at meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.model.figures import counted
from papers.wording import counts, english, needs, schedule_text
from papers.wording.kind import Kind, Narrative
from papers.wording.narrative import narrative
from papers.wording.paragraphs import bullets, cell_bullets, paragraph, paragraphs
from papers.wording.tags import Blocks, Each, Flag, Line, Tag, Text, Values

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.model.plan import Area, Plan
    from papers.model.workplan import PlannedActivity, PlannedMeeting, WorkPlan
    from papers.problems import Problems
    from papers.richtext import BlocksData
    from papers.wording.narrative import NamedFigures

_ROW: dict[str, Tag] = {
    "activity": Text("title of the activity"),
    "outcome": Text("what is expected of it, or Not stated"),
    "timeframe": Text("2016 - 2017, and its status"),
    "cooperation": Text("its proponents, then other parties"),
}
TAGS = {
    "title": Text("title over the text"),
    "year": Text("the year"),
    "introduction": Blocks("the plan that it carries out, then the narrative where there is one"),
    "responds_to": Blocks("the priorities, decisions and recommendations that it responds to"),
    "deliverables": Blocks("the deliverables of the year, numbered"),
    "summary": Blocks("how many activities there are, in words"),
    "has_objectives": Flag("yes where an area has objectives"),
    "areas": Each(
        "the priority areas, also those without activity; none in a plan without areas",
        {
            "name": Text("its name in the table of the plan"),
            "outcomes": Blocks("what is expected in this area in the year"),
            "cooperation": Text("other fora and partners, or that none is named"),
            "rows": Each(
                "its activities of the year; an area without any has one row that says so",
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
_NO_ACTIVITY = {"activity": "No activity in this year", "outcome": "–", "timeframe": "–", "cooperation": "–"}


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`."""
    plan, work = model.plans[paper.plan], needs.workplan_of(model, paper)
    own = narrative(model, paper, "introduction", facts(model, paper), optional=True)
    first = (
        f"This Work Plan carries out the {plan.title} in {work.year}. Its activities are those of the edition of "
        f"{english.edition(work.edition.name)} of the implementation schedule."
    )
    projects = [each.activity for each in work.work if each.activity.project_number]
    return {
        "title": f"Work Plan for {work.year} in response to Leaders/Ministers/SOM/SCE priorities and decisions "
        "and to ABAC recommendations",
        "year": str(work.year),
        "introduction": richtext.blocks(paragraph(first), *own["blocks"]),
        "responds_to": bullets(work.responds_to),
        "deliverables": paragraphs(work.deliverables, richtext.NUMBER),
        "summary": paragraphs([_summary(plan, work)]),
        "has_objectives": bool(plan.objectives),
        "areas": [_area(area, work) for area in plan.areas],
        "activities": [] if plan.areas else [_row(each) for each in work.work],
        "has_projects": bool(projects),
        "projects": [
            {
                "number": activity.project_number,
                "title": activity.title,
                "economies": english.economies_in_cell(activity.proponents),
                "status": activity.status.capitalize(),
            }
            for activity in projects
        ],
        "meetings": [_meeting(model, at) for at in work.meetings],
    }


def facts(model: Model, paper: Paper) -> NamedFigures:
    """Return the figures that the introduction may name."""
    return schedule_text.schedule_facts(model, needs.workplan_of(model, paper).edition)


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
    silent = [each.activity.id for each in work.work if each.plan is None]
    if not silent:
        return []
    return [
        f"{work.file} says nothing of {english.listed(silent)}: the outcome is marked Not stated in {paper.number}"
    ]


def _summary(plan: Plan, work: WorkPlan) -> str:
    activities = [each.activity for each in work.work]
    if not activities:
        return f"No activity of the implementation schedule has work in {work.year}."
    number = counts.activities(
        work.edition, activities, "activities of the year", "id", "first_year", "last_year"
    )
    if not plan.areas:
        return f"The Group works on {english.count(number, 'activity')} in {work.year}."
    used = [area for area in plan.areas if work.of_area(area.id)]
    areas = counted(used, f"priority areas with work in {work.year}", lambda a: plan.source(a.id, a.name))
    words = f"{english.count(number, 'activity')} in {english.count(areas, 'priority area')}"
    return f"The Group works on {words} in {work.year}."


def _area(area: Area, work: WorkPlan) -> Values:
    entry = work.areas.get(area.id)
    rows = [{"objectives": _objectives(each, area), **_row(each)} for each in work.of_area(area.id)]
    outcomes = entry.outcomes if entry else []
    partners = entry.cooperation if entry else []
    no_activity = {**_NO_ACTIVITY, "objectives": cell_bullets(o.text for o in area.objectives)}
    return {
        "name": area.name,
        "outcomes": bullets(outcomes or ["No outcome is stated."]),
        "cooperation": f"In cooperation with {english.listed(partners)}."
        if partners
        else "No partner is named.",
        "rows": rows or [no_activity],
    }


def _objectives(work: PlannedActivity, area: Area) -> BlocksData:
    texts = {objective.id: objective.text for objective in area.objectives}
    if not texts:
        return cell_bullets([])
    return cell_bullets([texts[name] for name in work.plan.objectives] if work.plan else ["Not stated"])


def _row(work: PlannedActivity) -> Values:
    activity, plan = work.activity, work.plan
    years = english.years(activity.first_year, activity.last_year)
    partners = plan.cooperation if plan else []
    parties = [economy.with_article for economy in activity.proponents] + partners
    if len(parties) == 1 and not partners:
        parties = [english.economies_in_cell(activity.proponents)]  # a single name stands without its article
    return {
        "activity": activity.title,
        "outcome": plan.outcome if plan else "Not stated",
        "timeframe": f"{years} ({activity.status})",
        "cooperation": "; ".join(parties) or "–",
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


KIND = Kind(
    name="work-plan",
    namespace="work",
    tags=TAGS,
    parts=("work-plan",),
    needs=(needs.PLAN, needs.WORKPLAN),
    context=context,
    narrative=Narrative(sections={"introduction": "Introduction"}, facts=facts, optional=("introduction",)),
    check=check,
    notices=notices,
)
