"""Findings of a review in sentences: key findings, gaps and recommendations, with the figures behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.model.figures import Figure, Source, counted, not_counted
from papers.wording import counts, english
from papers.wording.counts import indicators_of_plan
from papers.wording.figure_markers import capitalised
from papers.wording.indicator_text import economies_or_none, reported_in_words
from papers.wording.paragraphs import bullets, paragraphs
from papers.wording.target_text import targets_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from papers.inputs.plan_schemas import Commitment
    from papers.model.economies import Economy
    from papers.model.figures import Cell
    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.model.plan import PlanItem
    from papers.model.review import Review
    from papers.wording.tags import Values

# Figures


def unserved(seen: Review) -> Figure:
    """Return how many objectives no activity serves."""
    objectives = [objective for _, objective in seen.objectives_without_activity]
    among = "; ".join(workplan.file for workplan in seen.workplans)
    what = f"{seen.plan.objective_level.plural} that no activity serves"
    return counted(
        objectives,
        what,
        lambda one: seen.plan.source(one.id, one.text).because_of(seen.deciding_service(one)),
        among,
        others=lambda: _deciding(seen.plan.objectives, objectives, seen.deciding_service),
    )


def _deciding(
    every: Iterable[PlanItem], counted: list[PlanItem], cells: Callable[[PlanItem], Iterable[Cell]]
) -> list[Source]:
    """Return the items that do not count, each with the cells that decide it."""
    return [not_counted(cells(item)) for item in every if item not in counted]


def _objectives(seen: Review, objectives: Iterable[PlanItem], what: str, among: str) -> Figure:
    return counted(objectives, what, lambda one: seen.plan.source(one.id, one.text), among)


def without_project(seen: Review) -> Figure:
    """Return how many priority areas have no activity with a project number."""
    what, among = f"{seen.plan.area_level.plural} without a project", seen.edition.file
    areas = seen.areas_without_project
    return counted(
        areas,
        what,
        lambda area: seen.plan.source(area.id, area.name).because_of(seen.deciding_project(area)),
        among,
        others=lambda: _deciding(seen.plan.areas, areas, seen.deciding_project),
    )


def silent(seen: Review) -> Figure:
    """Return how many economies sent no return in any year."""
    what = f"economies without a return for {seen.years[0]} to {seen.years[-1]}"
    register, none = seen.indicators.register, seen.silent
    reporting = [economy for economy in register.economies if economy not in none]
    others = lambda: [_deciding_return(seen, economy) for economy in reporting]  # noqa: E731
    return counted(none, what, register.source, others=others)


def _deciding_return(seen: Review, economy: Economy) -> Source:
    source = seen.source_of_returns(economy)
    return not_counted((*source.cells, *source.decided_by))


def contributing(seen: Review, commitment: Commitment) -> Figure:
    """Return how many activities contribute to a commitment."""
    what = f"activities that contribute to {commitment.name}"
    return counted(seen.contributing(commitment), what, seen.source_of_link)


# Key findings


def key_findings(seen: Review, so_far: bool) -> list[str]:
    """Return the findings, one or two sentences each; `so_far`: whether the year of the review is not over."""
    findings = [statuses_in_words(seen)] if seen.reviewed and seen.edition.has_statuses else []
    has_returns = seen.has_indicators and any(map(seen.indicators.reporting, seen.years))
    findings += [_indicators_in_words(seen)] if has_returns else []
    findings += [_objectives_in_words(seen)] if seen.plan.objectives else []
    findings += [reporting_in_words(seen)] if seen.has_indicators else []
    findings += targets_in_words(seen.indicators, seen.plan, seen.year, so_far)
    overdue = counts.overdue_activities(seen.edition)
    if overdue.value:
        words = f"{english.count(overdue, 'activity')} {english.agree(overdue, 'is', 'are')} overdue."
        findings.append(capitalised(words))
    return findings


def statuses_in_words(seen: Review) -> str:
    """Return how many activities are completed and in progress; there must be one that was not withdrawn."""
    edition, reviewed = seen.edition, counts.not_withdrawn(seen.edition)
    done, begun = (counts.meaning(edition, means) for means in ("completed", "in progress"))
    share = english.percent(
        done, reviewed, f"share of the activities completed, {english.edition(edition.name)}"
    )
    is_done, is_begun = (english.agree(number, "is", "are") for number in (done, begun))
    if reviewed.value == 1:
        state = (
            "completed"
            if done.value
            else "in progress"
            if begun.value
            else "neither completed nor in progress"
        )
        return (
            f"The schedule has {english.count(reviewed, 'activity')} that was not withdrawn; it is {state}."
        )
    return (
        f"Of the {english.count(reviewed, 'activity')} that were not withdrawn, "
        f"{english.alone(done)} {is_done} completed ({share}) and {english.alone(begun)} {is_begun} in progress."
    )


def _indicators_in_words(seen: Review) -> str:
    first, last = seen.plan.first_year, seen.year
    figures = [
        reported_in_words(seen.indicators, indicator, first, last)
        for indicator in indicators_of_plan(seen.plan)
    ]
    return f"For {english.years(first, last)}, member economies reported: {'; '.join(figures)}."


def _objectives_in_words(seen: Review) -> str:
    every, names = seen.plan.objectives, seen.plan.objective_level.plural
    total = english.number(_objectives(seen, every, f"{names} of the plan", seen.plan.file))
    missing = unserved(seen)
    if not missing.value:
        return f"Each of the {total} {names} is served by at least one activity."
    without = [objective for _, objective in seen.objectives_without_activity]
    with_activity = [objective for objective in every if objective not in without]
    others = lambda: _deciding(every, with_activity, seen.deciding_service)  # noqa: E731
    what = f"{names} that an activity serves"
    served = counted(with_activity, what, seen.source_of_service, others=others)
    if not served.value:
        return f"{capitalised(english.alone(served))} of the {total} {names} is served by an activity."
    verb = english.agree(served, "is", "are")
    return (
        f"Of the {total} {names}, {english.number(served)} {verb} served by at least one activity and "
        f"{english.number(missing)} by none."
    )


def reporting_in_words(seen: Review) -> str:
    """Return how many economies sent in at least one return."""
    register = seen.indicators.register
    total = counted(register.economies, "member economies", register.source)
    economies = [economy for economy in register.economies if economy not in seen.silent]
    what = f"economies with a return for {seen.years[0]} to {seen.years[-1]}"
    reporting = counted(economies, what, seen.source_of_returns)
    if not reporting.value:
        return f"{capitalised(english.alone(reporting))} of the {english.figure(total)} member economies submitted a return."
    if reporting.value == total.value:
        return f"At least one return was received from each of the {english.figure(total)} member economies."
    of = f"{english.number(reporting)} of the {english.figure(total)}"
    return f"At least one return was received from {of} member economies."


# Gaps and recommendations


def project_defined(seen: Review) -> str:
    """Return what a project is, where the review says which areas have none; "" in a plan without areas."""
    if not seen.plan.areas:
        return ""
    return "A project is an activity that has a project number in the implementation schedule and was not withdrawn."


def gaps(seen: Review, naming: Collection[str]) -> Values:
    """Return what is missing: a tag for each sort of gap, with a sentence where there is none.

    Economies without a return are named where `naming` has missing.

    A tag is empty where the plan has nothing of which anything could be missing.
    """
    objectives = [f"{one.text} ({over.name})" for over, one in seen.objectives_without_activity]
    areas = [one.name for one in seen.areas_without_project]
    unreported = [
        f"{indicator.short}: {english.listed([str(year) for year in years])}"
        for indicator, years in seen.unreported
    ]
    area, objective = seen.plan.area_level.one, seen.plan.objective_level.one
    no_gap = f"Each {area} has at least one activity with a project number."
    has_indicators = seen.has_indicators
    return {
        "objectives_without_activity": _gap(
            seen.plan.objectives, objectives, f"Each {objective} is served by at least one activity."
        ),
        "areas_without_project": _gap(seen.plan.areas, areas, no_gap),
        "unreported": _gap(
            has_indicators, unreported, "At least one economy reported on each indicator in each year."
        ),
        "silent": paragraphs([_silent_in_words(seen, naming)] if has_indicators else []),
    }


def _gap(searched: object, missing: list[str], no_gap: str) -> richtext.BlocksData:
    if not searched:
        return paragraphs([])
    return bullets(missing) if missing else paragraphs([no_gap])


def _silent_in_words(seen: Review, naming: Collection[str]) -> str:
    if not seen.silent:
        return "Each member economy submitted at least one return."
    year = "any year" if len(seen.years) > 1 else str(seen.year)
    if "missing" in naming:
        return f"No return was received for {year} from {economies_or_none(tuple(seen.silent))}."
    return f"No return was received for {year} from {english.count(silent(seen), 'member economy')}."


def recommendations(model: Model, paper: Paper) -> richtext.BlocksData:
    """Return the paper's recommendations as a numbered list; "; and" before the last."""
    texts = [one.text for one in model.recommendations[paper.id].recommendations]
    return paragraphs(punctuated(texts), richtext.NUMBER)


def punctuated(texts: list[str]) -> list[str]:
    """Return the items of a list that ends a sentence: in small letters, with "; and" before the last."""
    endings = [*([";"] * (len(texts) - 2)), *(["; and"] if len(texts) > 1 else []), "."]
    return [f"{text[:1].lower()}{text[1:]}{end}" for text, end in zip(texts, endings, strict=True)]
