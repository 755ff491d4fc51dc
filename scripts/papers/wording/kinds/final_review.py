"""The final review: the plan over its whole period, against the mid-term review, with a cover note for Ministers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.model.figures import Figure, counted
from papers.model.recommendations import OUTCOMES
from papers.wording import counts, english, review_tags, review_text, schedule_text
from papers.wording.counts import indicators_of_plan
from papers.wording.indicator_text import body
from papers.wording.kinds import mid_term_review
from papers.wording.narrative import narrative, narrative_folder
from papers.wording.review_text import facts
from papers.wording.tags import Blocks, Each, Text

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Meeting, Paper
    from papers.model.review import Review
    from papers.problems import Problems

__all__ = ["check", "context", "facts", "narrative_sections", "sources"]

TEMPLATE, NAMESPACE = "final-review", "review"
PARTS = (TEMPLATE, "implementation-schedule")
NEEDS = ("plan", "schedule", "period", "recommendations")
SOURCES_ANNEX = True
_OWN = {
    "executive-summary": "Executive Summary",
    "lessons": "Lessons",
    "outlook": "Outlook",
}
TAGS = {
    **review_tags.TAGS,
    "executive_summary": Blocks("the summary of the cover note"),
    "mid_term": Text("number and day of the mid-term review"),
    "comparison": Each(
        "figures at the mid-term review and now",
        {
            "what": Text("the figure: an indicator, or activities of a status"),
            "mid_term": Text("as the mid-term review told it"),
            "final": Text("as this review tells it"),
        },
    ),
    "follow_up_summary": Blocks("how many recommendations of the mid-term review were carried out, in words"),
    "follow_up": Each(
        "the recommendations of the mid-term review",
        {
            "recommendation": Text("the recommendation"),
            "outcome": Text("Carried out, In progress, Not taken up"),
            "told": Text("what was done"),
            "activities": Text("IDs of the activities that carried it out, or a dash"),
        },
    ),
    "lessons": Blocks("what was learnt; the Chair's words"),
    "outlook": Blocks("what comes next; the Chair's words"),
}


def narrative_sections(model: Model, paper: Paper) -> dict[str, str]:
    """The Chair's sections."""
    return {**_OWN, **review_text.narrative_sections(model, paper)}


def mid_term_of(model: Model, paper: Paper) -> tuple[Meeting, Paper] | None:
    """The latest mid-term review of the same plan, of an earlier year; with its meeting."""
    found = [
        (meeting, other)
        for meeting in model.meetings
        for other in meeting.papers
        if other.kind == mid_term_review.TEMPLATE
        and other.plan == paper.plan
        and other.number.year < paper.number.year
    ]
    return max(found, key=lambda pair: pair[1].number, default=None)


def check(model: Model, paper: Paper, problems: Problems) -> None:
    """There is a mid-term review, and what became of its recommendations is told."""
    found = mid_term_of(model, paper)
    if found is None:
        expected = f"a mid-term-review of {paper.plan} at an earlier meeting"
        todo = "Add it to its meeting's file: this review is told against it."
        problems.add(paper.place, "no-mid-term", f"a {paper.kind} without one", expected, todo)
        return
    own, name = model.recommendations.get(narrative_folder(paper)), narrative_folder(found[1])
    if own and own.follow_up_of != name:
        expected = f"a line follow_up_of: {name} in {own.file}"
        told = f"no follow-up of the recommendations of {found[1].number}"
        problems.add(paper.place, "no-follow-up-of", told, expected, "Say what became of each of them.")


def sources(model: Model, paper: Paper) -> list[str]:
    """The inputs of the mid-term review, and the endorsed edition, that this one is compared with."""
    meeting, mid_term = mid_term_of(model, paper)
    recommended = model.recommendations[narrative_folder(mid_term)].file
    editions = (model.editions[mid_term.schedule], review_text.endorsed(model))
    return [meeting.file, recommended, *(file for edition in editions for file in edition.files)]


def context(model: Model, paper: Paper) -> dict:
    """The tags of one final review."""
    told = facts(model, paper)
    meeting, mid_term = mid_term_of(model, paper)
    day = english.dates(meeting.start, meeting.end)
    before = review_text.review(model.as_of(mid_term), mid_term)
    return {
        **review_text.context(model, paper),
        "executive_summary": narrative(model, paper, "executive-summary", told),
        "mid_term": f"{mid_term.number}" + (f" ({day})" if day else ""),
        "comparison": _comparison(before, review_text.review(model, paper)),
        **_follow_up(model, paper, mid_term),
        "lessons": narrative(model, paper, "lessons", told),
        "outlook": narrative(model, paper, "outlook", told),
    }


def _comparison(before: Review, now: Review) -> list[dict]:
    """Each figure as it stood at the mid-term review and as it stands now."""
    both = (before, now)
    rows = [
        (one.short, [counts.period(r.indicators, one, r.plan.first_year, r.year) for r in both])
        for one in indicators_of_plan(now.plan)
    ]
    rows += [
        (f"Activities {status}", [counts.with_status(r.edition, status) for r in both])
        for status in ("completed", "in progress", "withdrawn")
    ]
    rows += [
        ("Activities overdue", [schedule_text.late(r.edition) for r in both]),
        ("Objectives without activity", [review_text.unserved(r) for r in both]),
        ("Economies without any return", [review_text.silent(r) for r in both]),
    ]
    return [
        {"what": what, "mid_term": english.figure(old), "final": english.figure(new)}
        for what, (old, new) in rows
    ]


def _follow_up(model: Model, paper: Paper, mid_term: Paper) -> dict:
    """What became of each recommendation, in the order in which they were made."""
    own, earlier = (model.recommendations[narrative_folder(one)] for one in (paper, mid_term))
    told, made = {one.id: one for one in own.follow_up}, earlier.recommendations
    rows = [
        {
            "recommendation": one.text,
            "outcome": told[one.id].outcome.capitalize(),
            "told": told[one.id].told,
            "activities": ", ".join(told[one.id].activities) or "–",
        }
        for one in made
    ]
    outcomes = [(outcome, [one for one in own.follow_up if one.outcome == outcome]) for outcome in OUTCOMES]
    numbers = [(o, counted(those, f"recommendations {o}", own.source, own.file)) for o, those in outcomes]
    words = [f"{english.number(n)} {_was(outcome, n)}" for outcome, n in numbers if n.value]
    every = counted(made, f"recommendations of {mid_term.number}", earlier.source, earlier.file)
    count = english.count(every, "recommendation")
    said = f"Of {count} of the mid-term review, {english.listed(words)}."
    return {"follow_up": rows, "follow_up_summary": richtext.blocks(body(said))}


def _was(outcome: str, count: Figure) -> str:
    verb, past = ("is", "was") if count.value == 1 else ("are", "were")
    return f"{verb} in progress" if outcome == "in progress" else f"{past} {outcome}"
