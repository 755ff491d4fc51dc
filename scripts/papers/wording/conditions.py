"""Conditions and headings in the files of kinds: what they may name, and whether a condition holds for a paper."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from papers.expressions import parse, parse_text
from papers.model import titles

if TYPE_CHECKING:
    from papers.expressions import Expression, Pattern
    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.model.plan import Plan

# name -> an example of its value; counts are numbers
NAMES: dict[str, Any] = {
    **titles.NAMES,
    "member": {"one": "member economy", "many": "member economies"},
    "areas": 4,
    "objectives": 8,
    "indicators": 6,
    "commitments": 2,
    "terms": True,
    "rotation": True,
    "name_economies": ["scores"],
}


@lru_cache(maxsize=512)
def parsed(condition: str) -> Expression:
    """Return a parsed condition; raise ExpressionError where it is none."""
    return parse(condition)


@lru_cache(maxsize=512)
def parsed_text(text: str) -> Pattern:
    """Return a parsed text with names in braces; raise ExpressionError where it is none."""
    return parse_text(text)


def holds(condition: str, model: Model, paper: Paper) -> bool:
    """Return whether a condition holds for a paper; "" always holds. The condition was checked."""
    return not condition or bool(parsed(condition).value(values(model, paper)))


def records(model: Model, plan: Plan | None) -> dict[str, dict[str, Any]]:
    """Return the records that conditions and phrases may name: the plan, the forum, and what members are called."""
    forum, member = model.forum, model.register.words
    return {
        "plan": {
            "title": plan.title if plan else "",
            "first_year": plan.first_year if plan else 0,
            "last_year": plan.last_year if plan else 0,
        },
        "forum": {"code": forum.code, "name": forum.name, "short_name": forum.short_name},
        "member": {"one": member.one, "many": member.many},
    }


def values(model: Model, paper: Paper) -> dict[str, Any]:
    """Return the value of each of `NAMES`; a text that the entry does not state is empty, a year 0."""
    plan = model.plans.get(paper.plan)
    meeting = model.meeting_of(paper)
    headings = plan.indicator_headings if plan else []
    return {
        "schedule": paper.schedule,
        "session": paper.session,
        "workplan": paper.workplan,
        "year": paper.year or 0,
        **records(model, plan),
        "meeting": {
            "code": meeting.code,
            "name": meeting.name,
            "year": meeting.start.year if meeting.start else 0,
        },
        "areas": len(plan.areas) if plan else 0,
        "objectives": len(plan.objectives) if plan else 0,
        "indicators": sum(len(heading.indicators) for heading in headings),
        "commitments": len(plan.commitments) if plan else 0,
        "terms": model.terms is not None,
        "rotation": model.rotation is not None,
        "name_economies": list(paper.name_economies),
    }
