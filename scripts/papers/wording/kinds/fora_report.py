"""The SCE Fora Report of a year: progress, indicators, work with other fora, and recommendations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.model.schedule_changes import edition_before
from papers.wording import english, needs, review_findings, review_tables, review_text, schedule_text
from papers.wording.indicator_text import returns_in_words, set_aside_in_words
from papers.wording.narrative import narrative
from papers.wording.paragraphs import bullets, cell_bullets, paragraphs
from papers.wording.phrases import said, say
from papers.wording.review_text import facts
from papers.wording.tags import Blocks, Each, Text, Values
from papers.wording.words import Words

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.model.review import Review
    from papers.problems import Problems

_SHARED = (
    "year_tables",
    "in_parts",
    "chart_of_years",
    "caution",
    "status",
    "statuses",
    "status_areas",
    "overdue",
    "commitments",
)
TAGS = {
    "title": Text("2018 SCE FORA REPORT: name of the forum (CODE)"),
    "year": Text("the year of the report"),
    "date": Text("the day of the report: 12 September 2018"),
    "summary": Blocks("the Chair's summary"),
    "key_findings": Blocks("the findings in words, one bullet each, all of them counted"),
    "deliverables": Blocks("the deliverables of the year's Work Plan"),
    "has_indicators": review_text.TAGS["has_indicators"],
    **{name: review_text.TAGS[name] for name in _SHARED},
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


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`."""
    seen, named = review_text.review(model, paper), facts(model, paper)
    forum, meeting = model.forum, model.meeting_of(paper)
    assert forum.parent, "check has reported a forum without one"
    shared = review_tables.statuses(model, paper, seen) | review_tables.indicators_by_year(model, paper, seen)
    day = paper.date or meeting.start
    so_far = not review_tables.is_over(model, paper, seen.year)
    return {
        "title": f"{paper.year} {forum.parent.code} FORA REPORT: {forum.name} ({forum.code})",
        "year": str(paper.year),
        "date": english.date(day) if day else "",
        "summary": narrative(model, paper, "summary", named),
        "key_findings": bullets(review_findings.key_findings(seen, so_far)),
        "deliverables": paragraphs(needs.workplan_of(model, paper).deliverables, richtext.NUMBER),
        "has_indicators": seen.has_indicators,
        **{name: shared[name] for name in _SHARED if name != "commitments"},
        "commitments": review_tables.commitments(seen),
        "changes": paragraphs(schedule_text.changes_since_before(model, needs.edition_of(model, paper))),
        "returns": paragraphs(_returns(model, paper, seen)),
        "cooperation": narrative(model, paper, "cooperation", named),
        "partners": _partners(model, paper, seen),
        "parent": f"{forum.parent.name} ({forum.parent.code})",
        "recommendations": review_findings.recommendations(model, paper),
    }


def check(model: Model, paper: Paper, problems: Problems) -> None:
    """Report a forum without the body that the report is for."""
    if model.forum.parent is None:
        found, expected = "a fora report of a forum without a parent body", "the body that it reports to"
        problems.add(
            paper.place, "no-parent", found, expected, "Add parent with code and name to forum.yaml."
        )


def sources(model: Model, paper: Paper) -> list[str]:
    """Return the files of the edition before, with which the one of the year is compared."""
    older = edition_before(model.editions, paper.schedule)
    return older.files if older else []


def _returns(model: Model, paper: Paper, seen: Review) -> list[str]:
    if not seen.has_indicators:
        return []
    years = [year for year in seen.years if seen.indicators.reporting(year)]
    if not years:
        return [*said(say(model, "fora-report.no-return")), *set_aside_in_words(model, seen.years)]
    last, naming = years[-1], paper.name_economies
    unsaid = [year for year in seen.years if year != last or "missing" not in naming]
    return [*returns_in_words(model, last, naming), *set_aside_in_words(model, unsaid)]


def _partners(model: Model, paper: Paper, seen: Review) -> list[Values]:
    """Return the partners that the year's Work Plan names, each with the work in which it takes part."""
    workplan = needs.workplan_of(model, paper)
    shared: dict[str, list[str]] = {}
    for work in workplan.work:
        for partner in work.plan.cooperation if work.plan else ():
            shared.setdefault(partner, []).append(work.title)
    for area in seen.plan.areas:
        entry = workplan.areas.get(area.id)
        for partner in entry.cooperation if entry else ():
            shared.setdefault(partner, []).append(f"{seen.plan.area_level.head}: {area.name}")
    names = sorted(shared, key=str.casefold)
    return [{"name": name, "work": cell_bullets(shared[name])} for name in names]


WORDS = Words(tags=TAGS, context=context, facts=facts, sources=sources, check=check)
