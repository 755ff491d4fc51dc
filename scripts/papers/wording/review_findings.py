"""Findings of a review in sentences: key findings, gaps and recommendations, with the figures behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.model.figures import Figure, counted
from papers.wording import counts, english
from papers.wording.counts import indicators_of_plan
from papers.wording.figure_markers import capitalised
from papers.wording.indicator_text import economies_or_none, period_in_words
from papers.wording.paragraphs import bullets, paragraphs
from papers.wording.target_text import targets_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.inputs.plan_schemas import Commitment, Objective
    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.model.review import Review
    from papers.wording.tags import Values

# Figures


def unserved(seen: Review) -> Figure:
    """Return how many objectives no activity serves."""
    objectives = [objective for _, objective in seen.objectives_without_activity]
    among = "; ".join(workplan.file for workplan in seen.workplans)
    return _objectives(seen, objectives, "objectives that no activity serves", among)


def _objectives(seen: Review, objectives: Iterable[Objective], what: str, among: str) -> Figure:
    return counted(objectives, what, lambda one: seen.plan.source(one.id, one.text), among)


def without_project(seen: Review) -> Figure:
    """Return how many priority areas have no activity with a project number."""
    what, among = "priority areas without a project", seen.edition.file
    return counted(seen.areas_without_project, what, lambda area: seen.plan.source(area.id, area.name), among)


def silent(seen: Review) -> Figure:
    """Return how many economies sent no return in any year."""
    what = f"economies without a return for {seen.years[0]} to {seen.years[-1]}"
    return counted(seen.silent, what, seen.indicators.register.source)


def contributing(seen: Review, commitment: Commitment) -> Figure:
    """Return how many activities contribute to a commitment."""
    what = f"activities that contribute to {commitment.name}"
    return counted(seen.contributing(commitment), what, seen.source_of_link)


# Key findings


def key_findings(seen: Review, so_far: bool) -> list[str]:
    """Return the findings, one or two sentences each; `so_far`: whether the year of the review is not over."""
    findings = [_statuses_in_words(seen)] if seen.reviewed else []
    findings += [_indicators_in_words(seen)] if seen.has_indicators else []
    findings += [_objectives_in_words(seen)] if seen.plan.objectives else []
    findings += [_reporting_in_words(seen)] if seen.has_indicators else []
    findings += targets_in_words(seen.indicators, seen.plan, seen.year, so_far)
    overdue = counts.overdue_activities(seen.edition)
    if overdue.value:
        words = f"{english.count(overdue, 'activity')} {english.agree(overdue, 'is', 'are')} overdue."
        findings.append(capitalised(words))
    return findings


def _statuses_in_words(seen: Review) -> str:
    edition, reviewed = seen.edition, counts.not_withdrawn(seen.edition)
    done, begun = (counts.with_status(edition, status) for status in ("completed", "in progress"))
    share = english.percent(
        done, reviewed, f"share of the activities completed, {english.edition(edition.name)}"
    )
    is_done, is_begun = (english.agree(number, "is", "are") for number in (done, begun))
    return (
        f"Of {english.count(reviewed, 'activity')} that {english.agree(reviewed, 'was', 'were')} not withdrawn, "
        f"{english.alone(done)} {is_done} completed ({share}) and {english.alone(begun)} {is_begun} in progress."
    )


def _indicators_in_words(seen: Review) -> str:
    first, last = seen.plan.first_year, seen.year
    figures = [
        f"{indicator.short.lower()}, {period_in_words(seen.indicators, indicator, first, last)}"
        for indicator in indicators_of_plan(seen.plan)
    ]
    years = english.years(first, last).replace(" - ", " to ")
    return f"Member economies reported for {years}: {'; '.join(figures)}."


def _objectives_in_words(seen: Review) -> str:
    every = seen.plan.objectives
    total = english.figure(_objectives(seen, every, "objectives of the plan", seen.plan.file))
    missing = unserved(seen)
    if not missing.value:
        return f"Each of the {total} objectives is served by at least one activity."
    without = [objective for _, objective in seen.objectives_without_activity]
    with_activity = [objective for objective in every if objective not in without]
    served = counted(with_activity, "objectives that an activity serves", seen.source_of_service)
    verb = english.agree(served, "is", "are")
    return (
        f"{capitalised(english.alone(served))} of the {total} objectives {verb} served by at least one activity; "
        f"{english.number(missing)} {english.agree(missing, 'has', 'have')} none."
    )


def _reporting_in_words(seen: Review) -> str:
    register = seen.indicators.register
    total = counted(register.economies, "member economies", register.source)
    economies = [economy for economy in register.economies if economy not in seen.silent]
    what = f"economies with a return for {seen.years[0]} to {seen.years[-1]}"
    reporting = counted(economies, what, seen.source_of_returns)
    return (
        f"{capitalised(english.alone(reporting))} of the {english.figure(total)} member economies sent in at least one "
        "return."
    )


# Gaps and recommendations


def gaps(seen: Review) -> Values:
    """Return what is missing: a tag for each sort of gap, with a sentence where there is none.

    A tag is empty where the plan has nothing of which anything could be missing.
    """
    objectives = [f"{objective.text} ({area.name})" for area, objective in seen.objectives_without_activity]
    areas = [area.name for area in seen.areas_without_project]
    unreported = [
        f"{indicator.short}: {english.listed([str(year) for year in years])}"
        for indicator, years in seen.unreported
    ]
    no_gap = "Each priority area has at least one activity with a project number."
    has_indicators = seen.has_indicators
    return {
        "objectives_without_activity": _gap(
            seen.plan.objectives, objectives, "Each objective is served by at least one activity."
        ),
        "areas_without_project": _gap(seen.plan.areas, areas, no_gap),
        "unreported": _gap(
            has_indicators, unreported, "Each indicator was reported by at least one economy in each year."
        ),
        "silent": paragraphs([_silent_in_words(seen)] if has_indicators else []),
    }


def _gap(searched: object, missing: list[str], no_gap: str) -> richtext.BlocksData:
    if not searched:
        return paragraphs([])
    return bullets(missing) if missing else paragraphs([no_gap])


def _silent_in_words(seen: Review) -> str:
    if not seen.silent:
        return "Each member economy sent in at least one return."
    return f"No return came in any year from {economies_or_none(tuple(seen.silent))}."


def recommendations(model: Model, paper: Paper) -> richtext.BlocksData:
    """Return the paper's recommendations as a numbered list; "; and" before the last."""
    texts = [one.text for one in model.recommendations[paper.id].recommendations]
    endings = [*([";"] * (len(texts) - 2)), *(["; and"] if len(texts) > 1 else []), "."]
    sentences = [f"{text}{end}" for text, end in zip(texts, endings, strict=True)]
    return paragraphs(sentences, richtext.NUMBER)
