"""What mid-term and final reviews have in common: tags, sections, named figures and context.

The findings and tables, which the fora report uses too, are in review_findings.py and review_tables.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from papers.model.known import workplan_on
from papers.model.review import Review, build_review
from papers.model.schedule_changes import changes, first_edition
from papers.store.work_files import FINAL_REVIEW, LIST_OF_ITEMS, MID_TERM_REVIEW, SCHEDULE_CHANGES
from papers.wording import (
    counts,
    english,
    needs,
    review_findings,
    review_summary,
    review_tables,
    schedule_text,
)
from papers.wording.counts import indicators_of_plan
from papers.wording.indicator_facts import indicator_facts
from papers.wording.indicator_method import method
from papers.wording.indicator_text import RETURN_ROWS
from papers.wording.narrative import NamedFigures, narrative
from papers.wording.paragraphs import bullets, paragraphs
from papers.wording.phrases import said, say
from papers.wording.tags import Blocks, Chart, Each, Flag, Text, Values

if TYPE_CHECKING:
    from collections.abc import Callable

    from papers.model.figures import Figure
    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.model.schedule import Edition

REVIEWS = (MID_TERM_REVIEW, FINAL_REVIEW)
_VALUES = Each("one figure for each column: 14, or not reported", heads="heads")
_BY_YEAR = Each("one figure for each column: 14, or not reported", heads="years")
_OBJECTIVES = Each(
    "its objectives; none where the plan states none for it",
    {
        "objective": Text("the objective"),
        "activities": Blocks("activities that serve it, with years and status, in the style Table Bullet"),
    },
)
TAGS = {
    "title": Text("title over the text"),
    "period": Text("the years of the plan until the review: 2017-2018"),
    "as_of": Text("the day until which returns were counted: 31 August 2018"),
    **review_summary.TAGS,
    "mandate": Blocks("who asked for the review; the Chair's words"),
    "returns": Blocks("which economies sent no return or a late one, in a paper that names them"),
    "return_rows": RETURN_ROWS,
    "has_indicators": Flag("yes where the plan has indicators"),
    "areas_introduction": Text("what the section of each priority area has"),
    "areas": Each(
        "the priority areas",
        {
            "name": Text("its name"),
            "progress": Blocks("its activities by status, in words; nothing where it has none"),
            "objectives": _OBJECTIVES,
            "tables": Each(
                "its figures, in tables that fit the page: one, or several for many years",
                {
                    "heads": Each("heads of the columns: the years, and their total"),
                    "figures": Each(
                        "the indicators", {"indicator": Text("its short name"), "values": _VALUES}
                    ),
                },
            ),
            "assessment": Blocks("the Chair's assessment"),
        },
    ),
    "year_tables": Each(
        "the indicators by year, in tables that fit the page: one, or several for many years",
        {
            "years": Each("heads of the columns: the years, and their total where there are several"),
            "rows": Each(
                "the indicators",
                {
                    "indicator": Text("its short name"),
                    "values": _BY_YEAR,
                    "change": Text("from the first year to the last full one: up from 12 to 14 (+16.7%)"),
                },
            ),
            "last": Flag("yes in the last of them if it has the change, which needs two full years"),
        },
    ),
    "in_parts": Flag("yes where these are several tables"),
    "chart_of_years": Chart("the indicators as columns, one a year; none of more years than it can show"),
    "caution": Blocks("what to keep in mind when years are compared"),
    "status": Blocks("counts of the activities by status, in words"),
    "has_statuses": Flag("whether the schedule has a column of statuses"),
    "statuses": schedule_text.STATUS_HEADS,
    "status_areas": schedule_text.STATUS_ROWS,
    "timeline": Chart("the activities as bars from their first to their last year; none without activities"),
    "changes_summary": Blocks("what changed since the endorsed edition, in words, and which paper lists it"),
    "objectives_without_activity": Blocks(
        "objectives that no activity serves, or that there is none; nothing in a plan without objectives"
    ),
    "areas_without_project": Blocks(
        "priority areas without a project, or that there is none; nothing in a plan without areas"
    ),
    "unreported": Blocks(
        "indicators that nobody reported, or that there is none; nothing in a plan without indicators"
    ),
    "silent": Blocks(
        "how many economies sent no return, or that there is none; nothing in a plan without indicators"
    ),
    "overdue": Blocks(
        "activities that are overdue, or that there is none; nothing without timeframes or statuses"
    ),
    "contribution": Blocks(
        "how the plan contributes to what Leaders and Ministers agreed; the Chair's words"
    ),
    "commitments": Each(
        "what Leaders and Ministers agreed",
        {
            "name": Text("its name"),
            "count": Text("how many activities contribute to it: four activities"),
            "activities": Each("these activities; No activity where there is none"),
        },
    ),
    "recommendations": Blocks("the recommendations, verb first, numbered"),
    "items_listed": Blocks("which paper lists the items that were counted; nothing without one"),
    "method": Blocks("how it was counted, one bullet a rule"),
}


def review(model: Model, paper: Paper) -> Review:
    """Return the review that a paper presents; `model` is as known to the paper."""
    edition, year = needs.edition_of(model, paper), needs.year_of(paper)
    workplans = model.workplans.values()
    found = build_review(model.plans[paper.plan], edition, workplans, model.indicators, year)
    return replace(found, workplans=tuple(workplan_on(one, model.day) for one in found.workplans))


def endorsed(model: Model) -> Edition:
    """Return the edition that was endorsed with the plan: its first."""
    edition = first_edition(model.editions)
    if edition is None:
        raise AssertionError("a review needs an edition, so its plan has one")
    return edition


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`."""
    seen, named = review(model, paper), facts(model, paper)
    return {
        "title": paper.title,
        "period": english.years(seen.plan.first_year, seen.year),
        "as_of": review_tables.as_of(model, paper) if seen.has_indicators else "",
        "has_indicators": seen.has_indicators,
        **review_summary.context(model, paper, seen),
        "mandate": narrative(model, paper, "mandate", named),
        **review_tables.returns(model, paper, seen),
        "areas_introduction": review_tables.areas_introduction(seen),
        "areas": [
            {
                **review_tables.priority_area(seen, area, review_tables.year_heads(model, paper, seen)),
                "assessment": narrative(model, paper, f"assessment-{area.id}", named),
            }
            for area in seen.plan.areas
        ],
        **review_tables.indicators_by_year(model, paper, seen),
        **review_tables.statuses(model, paper, seen),
        "timeline": schedule_text.timeline(seen.edition),
        "changes_summary": paragraphs(_changes(model, paper, seen)),
        **review_findings.gaps(seen, paper.name_economies),
        "contribution": narrative(model, paper, "contribution", named),
        "commitments": review_tables.commitments(seen),
        "recommendations": review_findings.recommendations(model, paper),
        "items_listed": paragraphs(_items_listed(model, paper, seen)),
        "method": bullets(_method(model, paper, seen)),
    }


def _changes(model: Model, paper: Paper, seen: Review) -> list[str]:
    """Return what changed since the endorsed edition, and the paper of the meeting that lists it."""
    older = endorsed(model)
    endorsed_words = say(model, "review.endorsed-edition", activities=len(seen.edition.activities))
    if older is seen.edition:
        return said(endorsed_words)
    found = changes(older, seen.edition)
    listed = companion(model, paper, SCHEDULE_CHANGES) if found else None
    number = str(listed.number) if listed else ""
    words = schedule_text.changes_in_words(model, found)
    return said(" ".join(said(*words, say(model, "review.changes-listed", number=number))))


def _items_listed(model: Model, paper: Paper, seen: Review) -> list[str]:
    listed = companion(model, paper, LIST_OF_ITEMS) if seen.has_indicators else None
    return said(say(model, "review.items-listed", number=str(listed.number) if listed else ""))


def companion(model: Model, paper: Paper, *kinds: str) -> Paper | None:
    """Return the paper of the same meeting that is of one of these kinds and about the same; None if there is none.

    About the same are papers with the same plan, and the same year and edition as far as both name them.
    """
    found = [
        other
        for other in model.meeting_of(paper).papers
        if other.kind in kinds
        and other.plan == paper.plan
        and all(_agree(getattr(other, key), getattr(paper, key)) for key in ("year", "schedule"))
    ]
    return max(found, key=lambda other: other.number, default=None)


def _agree(one: str | int | None, other: str | int | None) -> bool:
    return not one or not other or one == other


def _method(model: Model, paper: Paper, seen: Review) -> list[str]:
    """Return the rules of counting, and where the links between activities and objectives come from."""
    day = review_tables.as_of(model, paper)
    first = f"Only returns dated up to {day} are counted."
    counting = [first, *method(model, seen.years)] if seen.has_indicators else []
    objectives = [seen.plan.objective_level.plural] if seen.plan.objectives else []
    served = " or ".join([*objectives, *(["commitments"] if seen.plan.commitments else [])])
    links = f"The links between activities and {served} are taken from the Work Plans of the period."
    project = review_findings.project_defined(seen)
    return [*counting, *([links] if served else []), *([project] if project else [])]


# Figures that the narrative may name


def facts(model: Model, paper: Paper) -> NamedFigures:
    """Return the figures that the narrative may name: of plan, indicators, schedule, gaps and commitments."""
    seen = review(model, paper)
    words = {**seen.plan.facts, "year": str(seen.year), "as_of": review_tables.as_of(model, paper)}
    words["period.elapsed"] = review_summary.elapsed_in_words(model, paper, seen)
    indicators = indicator_facts(model, seen.year) | _facts_by_year(model, seen)
    schedule = schedule_text.schedule_facts(model, seen.edition)
    return NamedFigures(words) | indicators | schedule | _facts_of_links(seen)


def _facts_by_year(model: Model, seen: Review) -> dict[str, Callable[[], str]]:
    """Return indicators.dialogues.2017, ..., and how many returns came for each year."""
    found = {}
    for year in seen.years:
        found[f"indicators.reporting.{year}"] = _figure(counts.reporting, model, year)
        for indicator in indicators_of_plan(seen.plan):
            found[f"indicators.{indicator.id}.{year}"] = _figure(
                counts.total, seen.indicators, indicator, year
            )
    return found


def _facts_of_links(seen: Review) -> dict[str, Callable[[], str]]:
    """Return the counts of gaps, and of the activities that contribute to each commitment."""
    area, objective = seen.plan.area_level, seen.plan.objective_level
    gaps = {
        "objectives-without-activity": (review_findings.unserved, objective.one, objective.plural),
        "areas-without-project": (review_findings.without_project, area.one, area.plural),
        "silent-economies": (review_findings.silent, "economy", ""),
    }
    found = {
        f"gaps.{name}.count": _count(figure, seen, (), *nouns) for name, (figure, *nouns) in gaps.items()
    }
    for commitment in seen.plan.commitments:
        found[f"commitments.{commitment.id}.count"] = _count(
            review_findings.contributing, seen, (commitment,), "activity"
        )
    return found


def _figure(figure: Callable[..., Figure], *of: object) -> Callable[[], str]:
    return lambda: english.figure(figure(*of))


def _count(
    figure: Callable[..., Figure], seen: Review, of: tuple[object, ...], noun: str, several: str = ""
) -> Callable[[], str]:
    return lambda: english.count(figure(seen, *of), noun, several)
