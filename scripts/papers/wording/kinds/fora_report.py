"""The SCE Fora Report of a year: progress, indicators, work with other fora, and recommendations for the parent body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.model.schedule_changes import edition_before
from papers.wording import english, review_tags, review_text, schedule_text
from papers.wording.indicator_text import body, returns_in_words
from papers.wording.narrative import narrative
from papers.wording.review_text import bullets, facts
from papers.wording.tags import Blocks, Each, Text

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.model.review import Review

__all__ = ["context", "facts"]

TEMPLATE, NAMESPACE = "fora-report", "fora"
PARTS = (TEMPLATE,)
NEEDS = ("plan", "schedule", "period", "workplan", "recommendations")
SOURCES_ANNEX = True
NARRATIVE = {"summary": "Summary", "cooperation": "Work with other fora and partners"}
_SHARED = ("years", "rows", "chart_of_years", "caution", "status", "status_areas", "overdue", "commitments")
TAGS = {
    "title": Text("2018 SCE FORA REPORT: name of the forum (CODE)"),
    "year": Text("the year of the report"),
    "date": Text("the day of the report: 12 September 2018"),
    "summary": Blocks("the Chair's summary"),
    "key_findings": review_tags.TAGS["key_findings"],
    "deliverables": Blocks("the deliverables of the year's Work Plan"),
    **{name: review_tags.TAGS[name] for name in _SHARED},
    "changes": Blocks("what changed in the schedule since the edition before, in words"),
    "returns": Blocks("who reported for the last year with returns"),
    "cooperation": Blocks("the Chair's words on work with other fora"),
    "partners": Each(
        "other fora and partners, in alphabetical order",
        {
            "name": Text("TELWG"),
            "work": Blocks(
                "activities and priority areas in which they take part, in the style Table Bullet"
            ),
        },
    ),
    "parent": Text("the body that the report is for: SOM Steering Committee on ECOTECH (SCE)"),
    "recommendations": Blocks("the recommendations for it, verb first, numbered"),
}


def context(model: Model, paper: Paper) -> dict:
    """The tags of one report."""
    seen, told = review_text.review(model, paper), facts(model, paper)
    forum, meeting = model.forum, model.meeting_of(paper)
    shared = review_text.context_of_schedule(seen) | review_text.indicators_by_year(model, paper, seen)
    day = paper.date or meeting.start
    return {
        "title": f"{paper.year} {forum.parent.code} FORA REPORT: {forum.name} ({forum.code})",
        "year": str(paper.year),
        "date": english.date(day) if day else "",
        "summary": narrative(model, paper, "summary", told),
        "key_findings": bullets(review_text.key_findings(seen)),
        "deliverables": bullets(model.workplans[paper.year].deliverables, richtext.NUMBER),
        **{name: shared[name] for name in _SHARED if name != "commitments"},
        "commitments": review_text.commitments(seen),
        "changes": richtext.blocks(body(_changes(model, paper))),
        "returns": richtext.blocks(*(body(words) for words in _returns(model, seen))),
        "cooperation": narrative(model, paper, "cooperation", told),
        "partners": _partners(model, paper, seen),
        "parent": f"{forum.parent.name} ({forum.parent.code})",
        "recommendations": review_text.recommended(model, paper),
    }


def sources(model: Model, paper: Paper) -> list[str]:
    """The edition before, which the one of the year is compared with."""
    older = edition_before(model.editions, paper.schedule)
    return older.files if older else []


def _changes(model: Model, paper: Paper) -> str:
    return schedule_text.changes_since_before(model.editions, paper.schedule)


def _returns(model: Model, seen: Review) -> list[str]:
    years = [year for year in seen.years if seen.indicators.reporting(year)]
    return returns_in_words(model, years[-1]) if years else ["No return had come."]


def _partners(model: Model, paper: Paper, seen: Review) -> list[dict]:
    """Partners that the year's Work Plan names, with the work that they share."""
    work, shared = model.workplans[paper.year], {}
    for one in work.work:
        for partner in one.plan.cooperation if one.plan else ():
            shared.setdefault(partner, []).append(one.activity.title)
    for area in seen.plan.areas:
        said = work.areas.get(area.id)
        for partner in said.cooperation if said else ():
            shared.setdefault(partner, []).append(f"Priority area: {area.name}")
    return [
        {"name": name, "work": bullets(shared[name], richtext.TABLE_BULLET)}
        for name in sorted(shared, key=str.casefold)
    ]
