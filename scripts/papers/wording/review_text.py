"""What mid-term and final reviews have in common: tags, sections, named figures and context.

The findings and tables, which the fora report uses too, are in review_findings.py and review_tables.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.model.review import Review, build_review
from papers.model.schedule_changes import changes, first_edition
from papers.wording import counts, english, needs, review_findings, review_tables, schedule_text
from papers.wording.counts import indicators_of_plan
from papers.wording.indicator_text import ITEMS, RETURN_ROWS, indicator_facts, items_by_indicator, method
from papers.wording.narrative import NamedFigures, narrative
from papers.wording.paragraphs import bullets, paragraphs
from papers.wording.tags import Blocks, Chart, Each, Flag, Text, Values

if TYPE_CHECKING:
    from collections.abc import Callable

    from papers.model.figures import Figure
    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.model.schedule import Edition

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
    "plan": Text("title of the plan, for the annex of items; empty without items"),
    "period": Text("the years of the plan until the review: 2017 - 2018"),
    "as_of": Text("the day until which returns were counted: 31 August 2018"),
    "key_findings": Blocks("the findings in words, one bullet each, all of them counted"),
    "mandate": Blocks("who asked for the review; the Chair's words"),
    "returns": Blocks("who reported, year by year"),
    "return_rows": RETURN_ROWS,
    "has_indicators": Flag("yes where the plan has indicators"),
    "areas_introduction": Text("what the section of each priority area has"),
    "areas": Each(
        "the priority areas",
        {
            "name": Text("its name"),
            "progress": Text("its activities by status, in words"),
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
            "last": Flag("yes in the last of them, which has the change"),
        },
    ),
    "in_parts": Flag("yes where these are several tables"),
    "chart_of_years": Chart("the indicators as columns, one a year; none of more years than it can show"),
    "caution": Blocks("what to keep in mind when years are compared"),
    "status": Blocks("counts of the activities by status, in words"),
    "status_areas": schedule_text.STATUS_ROWS,
    "timeline": Chart("the activities as bars from their first to their last year; none without activities"),
    "changes_summary": Blocks("what changed since the endorsed edition, in words"),
    "has_changes": Flag("yes where anything changed"),
    "changes": schedule_text.changes_tag("the endorsed edition"),
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
        "economies of which no return came, or that there is none; nothing in a plan without indicators"
    ),
    "overdue": Blocks("activities that are overdue, or that there is none"),
    "contribution": Blocks(
        "how the plan contributes to what Leaders and Ministers agreed; the Chair's words"
    ),
    "commitments": Each(
        "what Leaders and Ministers agreed",
        {
            "name": Text("its name"),
            "count": Text("how many activities contribute to it: four activities"),
            "activities": Blocks("these activities, in the style Table Bullet"),
        },
    ),
    "recommendations": Blocks("the recommendations, verb first, numbered"),
    "items": ITEMS,
    "method": Blocks("how it was counted, one bullet a rule"),
}
_CONTRIBUTION = "contribution"
_NARRATIVE = {
    "mandate": "Mandate and method",
    _CONTRIBUTION: "Contribution to what Leaders and Ministers agreed",
}


def review(model: Model, paper: Paper) -> Review:
    """Return the review that a paper presents; `model` is as known to the paper."""
    edition, year = needs.edition_of(model, paper), needs.year_of(paper)
    workplans = model.workplans.values()
    return build_review(model.plans[paper.plan], edition, workplans, model.indicators, year)


def endorsed(model: Model) -> Edition:
    """Return the edition that was endorsed with the plan: its first."""
    edition = first_edition(model.editions)
    if edition is None:
        raise AssertionError("a review needs an edition, so its plan has one")
    return edition


def narrative_sections(model: Model, paper: Paper) -> dict[str, str]:
    """Return the sections of every review, and one for the assessment of each priority area.

    Without commitments in the plan the contribution to them is no section, unless it was written.
    """
    areas = model.plan.areas if model.plan else []
    sections = {**_NARRATIVE, **{f"assessment-{area.id}": f"Assessment: {area.name}" for area in areas}}
    if not _has_contribution(model, paper):
        del sections[_CONTRIBUTION]
    return sections


def _has_contribution(model: Model, paper: Paper) -> bool:
    has_commitments = bool(model.plan and model.plan.commitments)
    return has_commitments or _CONTRIBUTION in model.narratives.get(paper.id, {})


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`."""
    seen, named = review(model, paper), facts(model, paper)
    items = items_by_indicator(model, seen.plan, seen.years)
    so_far = not review_tables.is_over(model, paper, seen.year)
    return {
        "title": paper.title,
        "plan": seen.plan.title if items else "",
        "period": english.years(seen.plan.first_year, seen.year),
        "as_of": review_tables.as_of(model, paper) if seen.has_indicators else "",
        "has_indicators": seen.has_indicators,
        "key_findings": bullets(review_findings.key_findings(seen, so_far)),
        "mandate": narrative(model, paper, "mandate", named),
        **review_tables.returns(model, seen),
        "areas_introduction": review_tables.areas_introduction(seen),
        "areas": [
            {
                **review_tables.priority_area(seen, area, review_tables.year_heads(model, paper, seen)),
                "assessment": narrative(model, paper, f"assessment-{area.id}", named),
            }
            for area in seen.plan.areas
        ],
        **review_tables.indicators_by_year(model, paper, seen),
        **review_tables.statuses(seen),
        "timeline": schedule_text.timeline(seen.edition),
        **_changes(model, seen),
        **review_findings.gaps(seen),
        "contribution": narrative(
            model, paper, _CONTRIBUTION, named, optional=not _has_contribution(model, paper)
        ),
        "commitments": review_tables.commitments(seen),
        "recommendations": review_findings.recommendations(model, paper),
        "items": items,
        "method": bullets(_method(model, paper, seen)),
    }


def _changes(model: Model, seen: Review) -> Values:
    """Return what changed since the endorsed edition."""
    older = endorsed(model)
    found = changes(older, seen.edition) if older is not seen.edition else None
    summary = schedule_text.changes_in_words(found) if found else "This is the endorsed edition."
    return {
        "changes_summary": paragraphs([summary]),
        "has_changes": bool(found),
        "changes": schedule_text.table_of_changes(found, seen.plan) if found else [],
    }


def _method(model: Model, paper: Paper, seen: Review) -> list[str]:
    """Return the rules of counting, and where the links between activities and objectives come from."""
    day = review_tables.as_of(model, paper)
    first = f"Returns dated until {day} are counted; what came later belongs to later papers."
    counting = [first, *method(model, seen.years)] if seen.has_indicators else []
    objective = "which objective" if seen.plan.objectives else ""
    commitment = "which commitment" if seen.plan.commitments else ""
    served = f"{objective}, and {commitment}," if objective and commitment else objective or commitment
    links = f"Which activity serves {served} is taken from the Work Plans of the period."
    return [*counting, *([links] if served else [])]


# Figures that the narrative may name


def facts(model: Model, paper: Paper) -> NamedFigures:
    """Return the figures that the narrative may name: of plan, indicators, schedule, gaps and commitments."""
    seen = review(model, paper)
    words = {**seen.plan.facts, "year": str(seen.year), "as_of": review_tables.as_of(model, paper)}
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
    gaps = {
        "objectives-without-activity": (review_findings.unserved, "objective"),
        "areas-without-project": (review_findings.without_project, "priority area"),
        "silent-economies": (review_findings.silent, "economy"),
    }
    found = {f"gaps.{name}.count": _count(figure, seen, noun) for name, (figure, noun) in gaps.items()}
    for commitment in seen.plan.commitments:
        found[f"commitments.{commitment.id}.count"] = _count(
            review_findings.contributing, seen, "activity", commitment
        )
    return found


def _figure(figure: Callable[..., Figure], *of: object) -> Callable[[], str]:
    return lambda: english.figure(figure(*of))


def _count(figure: Callable[..., Figure], seen: Review, noun: str, *of: object) -> Callable[[], str]:
    return lambda: english.count(figure(seen, *of), noun)
