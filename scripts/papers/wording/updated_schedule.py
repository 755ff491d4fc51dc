"""The updated implementation schedule of a year: what changed since the edition before, and the schedule appended."""

from __future__ import annotations

from papers import text
from papers.model.build import Model
from papers.model.changes import KINDS, Changes, changes, edition_before, overdue
from papers.model.meetings import Meeting, Paper
from papers.model.plan import Plan
from papers.model.schedule import STATUSES, Edition
from papers.wording import english, schedule_words
from papers.wording.implementation_schedule import UPDATED
from papers.wording.narrative import narrative
from papers.wording.tags import Blocks, Chart, Each, Flag, Text

TEMPLATE, NAMESPACE = UPDATED, "update"
PARTS = (UPDATED, "implementation-schedule")
NEEDS = ("plan", "schedule", "edition-before")
NARRATIVE = {"introduction": "Introduction"}
OPTIONAL = ("introduction",)
TAGS = {
    "title": Text("title over the text"),
    "introduction": Blocks("what the paper updates and since when, then the narrative where there is one"),
    "year": Text("year of the edition"),
    "previous": Text("year of the edition before"),
    "summary": Blocks("the changes in words"),
    "has_changes": Flag("yes where anything changed"),
    "changes": Each(
        "the kinds of change that occur",
        {
            "kind": Text("Added, Completed, ..."),
            "rows": Each(
                "the activities changed in this way",
                {
                    "activity": Text("title and ID of the activity"),
                    "before": Text("what was, in the edition before"),
                    "now": Text("what is"),
                    "reason": Text("why, where it was said"),
                },
            ),
        },
    ),
    "status": Blocks("counts by status in words"),
    "areas": Each(
        "the priority areas, and all together",
        {
            "name": Text("its name in the schedule"),
            **{status.replace(" ", "_"): Text(f"how many are {status}") for status in STATUSES},
            "all": Text("how many there are"),
        },
    ),
    "overdue": Blocks("which activities are overdue, or that none is"),
    "timeline": Chart("the activities as bars from their first to their last year"),
}


def context(model: Model, paper: Paper) -> dict:
    """The tags of one updated schedule."""
    plan, edition = model.plans[paper.plan], model.editions[paper.schedule]
    older = edition_before(model.editions, edition.year)
    found = changes(older, edition)
    first = text.block(text.BODY, text.line(_what_is_updated(model, paper, plan, older)))
    own = narrative(model, paper, "introduction", facts(model, paper), optional=True)
    return {
        "title": f"Updated Implementation Schedule {edition.year}",
        "introduction": text.blocks(first, *own["blocks"]),
        "year": str(edition.year),
        "previous": str(older.year),
        "summary": _paragraph(schedule_words.changes_in_words(found)),
        "has_changes": bool(found),
        "changes": _table_of_changes(found, plan),
        "status": _paragraph(schedule_words.statuses_in_words(edition)),
        "areas": _table_of_statuses(edition, plan),
        "overdue": _overdue(edition),
        "timeline": schedule_words.timeline(edition),
    }


def facts(model: Model, paper: Paper) -> dict[str, str]:
    """Figures that the introduction may name."""
    return schedule_words.facts(model, paper.schedule)


def _paragraph(words: str) -> dict:
    return text.blocks(text.block(text.BODY, text.line(words)))


def _what_is_updated(model: Model, paper: Paper, plan: Plan, older: Edition) -> str:
    tabled = _tabled(model, paper, older.year)
    before = f"the edition of {older.year}"
    if tabled:
        meeting, earlier = tabled
        where = english.place(meeting.city, meeting.economy)
        where_and_when = ", ".join(
            word for word in (where, english.dates(meeting.start, meeting.end)) if word
        )
        before += f", which {earlier.number} presented" + (f" ({where_and_when})" if where_and_when else "")
    return (
        f"This paper updates the implementation schedule of the {plan.title}. It gives the activities as they stand in "
        f"{paper.schedule}, and what has changed since {before}."
    )


def _tabled(model: Model, paper: Paper, year: int) -> tuple[Meeting, Paper] | None:
    """The first paper before this one that presented the edition of `year`."""
    shown = ("strategic-plan", "implementation-schedule", UPDATED)
    found = [
        (meeting, other)
        for meeting in model.meetings
        for other in meeting.papers
        if other.schedule == year and other.kind in shown and other.number < paper.number
    ]
    return min(found, key=lambda pair: pair[1].number, default=None)


def _table_of_changes(found: Changes, plan: Plan) -> list[dict]:
    return [
        {"kind": kind.capitalize(), "rows": [_row(change, plan) for change in found.of(kind)]}
        for kind in KINDS
        if found.of(kind)
    ]


def _row(change, plan: Plan) -> dict:
    before, now = schedule_words.before_and_now(change, plan)
    activity = f"{change.activity.title} ({change.activity.id})"
    return {"activity": activity, "before": before, "now": now, "reason": _sentence(change.reason)}


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _table_of_statuses(edition: Edition, plan: Plan) -> list[dict]:
    rows = [(area.in_schedule, edition.of_area(area.id)) for area in plan.areas]
    rows.append(("All priority areas", edition.activities))
    return [
        {
            "name": name,
            **{status.replace(" ", "_"): str(sum(a.status == status for a in those)) for status in STATUSES},
            "all": str(len(those)),
        }
        for name, those in rows
    ]


def _overdue(edition: Edition) -> dict:
    late = overdue(edition)
    if not late:
        return _paragraph("No activity is overdue.")
    is_or_are, whose = ("is", "its") if len(late) == 1 else ("are", "their")
    said = f"{english.count(len(late), 'activity')} {is_or_are} overdue: {whose} last year is over, but not the work."
    first = text.block(text.BODY, text.line(_sentence(said)))
    bullets = [
        text.block(text.BULLET, text.line(schedule_words.overdue_in_words(activity))) for activity in late
    ]
    return text.blocks(first, *bullets)
