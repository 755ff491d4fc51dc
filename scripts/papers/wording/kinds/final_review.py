"""The final review: the plan over its whole period, compared with the mid-term review; for Ministers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.model.figures import Figure, counted
from papers.model.recommendations import OUTCOMES
from papers.store.work_files import MID_TERM_REVIEW
from papers.wording import counts, english, needs, review_findings, review_text
from papers.wording.counts import indicators_of_plan
from papers.wording.narrative import narrative
from papers.wording.paragraphs import paragraphs
from papers.wording.review_text import facts
from papers.wording.tags import Blocks, Each, Text, Values
from papers.wording.target_text import label
from papers.wording.words import Words

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Meeting, Paper
    from papers.model.recommendations import Recommendations
    from papers.model.review import Review
    from papers.problems import Problems

TAGS = {
    **review_text.TAGS,
    "executive_summary": Blocks("the summary of the cover note"),
    "mid_term": Text("number and day of the mid-term review"),
    "comparison": Each(
        "figures at the mid-term review and now",
        {
            "what": Text("the figure: an indicator, or activities of a status"),
            "mid_term": Text("in the mid-term review"),
            "final": Text("in this review"),
        },
    ),
    "follow_up_summary": Blocks("how many recommendations of the mid-term review were carried out, in words"),
    "follow_up": Each(
        "the recommendations of the mid-term review",
        {
            "recommendation": Text("the recommendation"),
            "outcome": Text("Carried out, In progress, Not taken up"),
            "what_was_done": Text("what was done"),
            "activities": Text("IDs of the activities that carried it out, or a dash"),
        },
    ),
    "lessons": Blocks("what was learnt; the Chair's words"),
    "outlook": Blocks("what comes next; the Chair's words"),
}


def mid_term_of(model: Model, paper: Paper) -> tuple[Meeting, Paper] | None:
    """Return the latest mid-term review of the same plan from an earlier year, with its meeting."""
    found = [
        (meeting, other)
        for meeting in model.held
        for other in meeting.papers
        if other.kind == MID_TERM_REVIEW
        and other.plan == paper.plan
        and other.number.year < paper.number.year
    ]
    return max(found, key=lambda pair: pair[1].number, default=None)


def check(model: Model, paper: Paper, problems: Problems) -> None:
    """Report a missing mid-term review, and a missing follow-up of its recommendations."""
    earlier = mid_term_of(model, paper)
    if earlier is None:
        found = "a final-review without a mid-term review"
        expected = f"a paper of kind mid-term-review for {paper.plan} from an earlier year"
        todo = "Add it to its meeting's file: the final review is compared with it."
        problems.add(paper.place, "no-mid-term", found, expected, todo)
        return
    _, mid_term = earlier
    own, name = model.recommendations.get(paper.id), mid_term.id
    if own and own.follow_up_of != name:
        found = f"no follow-up of the recommendations of {mid_term.number}"
        expected = f"a line follow_up_of: {name} in {own.file}"
        todo = "Add the line, and under follow_up what became of each recommendation."
        problems.add(paper.place, "no-follow-up-of", found, expected, todo)


def sources(model: Model, paper: Paper) -> list[str]:
    """Return the files of what this review is compared with: the mid-term review and the endorsed edition."""
    meeting, mid_term = needs.checked(mid_term_of(model, paper), paper, "mid-term review")
    recommendations = model.recommendations[mid_term.id].file
    editions = (needs.edition_of(model, mid_term), review_text.endorsed(model))
    return [meeting.file, recommendations, *(file for edition in editions for file in edition.files)]


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`."""
    named = facts(model, paper)
    meeting, mid_term = needs.checked(mid_term_of(model, paper), paper, "mid-term review")
    day = english.dates(meeting.start, meeting.end)
    before = review_text.review(model.as_of(mid_term), mid_term)
    return {
        **review_text.context(model, paper),
        "executive_summary": narrative(model, paper, "executive-summary", named),
        "mid_term": f"{mid_term.number}" + (f" ({day})" if day else ""),
        "comparison": _comparison(before, review_text.review(model, paper)),
        **_follow_up(model, paper, mid_term),
        "lessons": narrative(model, paper, "lessons", named),
        "outlook": narrative(model, paper, "outlook", named),
    }


def _comparison(before: Review, now: Review) -> list[Values]:
    """Return each figure as it was at the mid-term review and as it is now."""
    both = (before, now)
    rows = [
        (label(indicator), [counts.period(r.indicators, indicator, r.plan.first_year, r.year) for r in both])
        for indicator in indicators_of_plan(now.plan)
    ]
    rows += [
        (f"Activities {status}", [counts.meaning(r.edition, status) for r in both])
        for status in ("completed", "in progress", "withdrawn")
        if all(r.edition.has_statuses for r in both)
    ]
    if all(r.edition.has_statuses and r.edition.has_timeframes for r in both):
        rows.append(("Activities overdue", [counts.overdue_activities(r.edition) for r in both]))
    if now.plan.objectives:
        rows.append(
            (
                f"{now.plan.objective_level.heads} without an activity",
                [review_findings.unserved(r) for r in both],
            )
        )
    if now.has_indicators:
        rows.append(("Economies without a return", [review_findings.silent(r) for r in both]))
    return [
        {"what": what, "mid_term": english.figure(old), "final": english.figure(new)}
        for what, (old, new) in rows
    ]


def _follow_up(model: Model, paper: Paper, mid_term: Paper) -> Values:
    """Return what became of each recommendation, in the order in which they were made."""
    own, earlier = (model.recommendations[each.id] for each in (paper, mid_term))
    found, recommendations = {each.id: each for each in own.follow_up}, earlier.recommendations
    rows = [
        {
            "recommendation": recommendation.text,
            "outcome": found[recommendation.id].outcome.capitalize(),
            "what_was_done": found[recommendation.id].what_was_done,
            "activities": ", ".join(found[recommendation.id].activities) or "–",
        }
        for recommendation in recommendations
    ]
    what = f"recommendations of {mid_term.number}"
    number = counted(recommendations, what, earlier.source, earlier.file)
    total, outcomes = english.count(number, "recommendation"), english.listed(_outcomes_in_words(own))
    summary = f"Of the {total} of the mid-term review, {outcomes}."
    if number.value == 1:
        summary = f"The mid-term review made {total}, which {_with_verb(own.follow_up[0].outcome, number)}."
    return {"follow_up": rows, "follow_up_summary": paragraphs([summary])}


def _outcomes_in_words(own: Recommendations) -> list[str]:
    """Return "one was carried out", "two are in progress", ...: the outcomes that occur."""
    words = []
    for outcome in OUTCOMES:
        found = [each for each in own.follow_up if each.outcome == outcome]
        number = counted(found, f"recommendations {outcome}", own.source, own.file)
        words += [f"{english.number(number)} {_with_verb(outcome, number)}"] if found else []
    return words


def _with_verb(outcome: str, number: Figure) -> str:
    if outcome == "in progress":
        return f"{english.agree(number, 'is', 'are')} in progress"
    return f"{english.agree(number, 'was', 'were')} {outcome}"


WORDS = Words(tags=TAGS, context=context, facts=facts, check=check, sources=sources)
