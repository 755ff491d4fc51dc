"""What the mid-term review, the final review and the fora report tell alike: progress by priority area, indicators, gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.model.figures import Figure, counted
from papers.model.review import Review, build_review
from papers.model.schedule_changes import changes
from papers.wording import counts, english, schedule_text
from papers.wording.counts import indicators_of_plan
from papers.wording.indicator_text import (
    body,
    by_year,
    caution,
    economies_or_none,
    figures_in_words,
    indicator_facts,
    items_by_indicator,
    method,
    return_row,
    returns_in_words,
)
from papers.wording.narrative import NamedFigures, narrative, narrative_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from papers.inputs.schemas import Commitment, Indicator, Objective
    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.model.plan import Area
    from papers.model.schedule import Activity, Edition

NARRATIVE = {
    "mandate": "Mandate and method",
    "contribution": "Contribution to what Leaders and Ministers agreed",
}


def narrative_sections(model: Model, paper: Paper) -> dict[str, str]:
    """The sections that each review has: those of every review, and the assessment of each priority area."""
    areas = model.plans[paper.plan].areas if paper.plan in model.plans else []
    return {**NARRATIVE, **{f"assessment-{area.id}": f"Assessment: {area.name}" for area in areas}}


def review(model: Model, paper: Paper) -> Review:
    """The review that a paper presents; `model` is as known to the paper."""
    edition = model.editions[paper.schedule]
    workplans = model.workplans.values()
    return build_review(model.plans[paper.plan], edition, workplans, model.indicators, paper.year)


def endorsed(model: Model) -> Edition:
    """The edition that was endorsed with the plan: the first."""
    return model.editions[min(model.editions)]


def facts(model: Model, paper: Paper) -> NamedFigures:
    """Figures that the narrative may name: those of the plan, the indicators, the schedule and the gaps."""
    seen = review(model, paper)
    gaps = {
        "objectives-without-activity": (unserved, "objective"),
        "areas-without-project": (_without_project, "priority area"),
        "silent-economies": (silent, "economy"),
    }
    told = {f"gaps.{name}.count": _counted(gap, seen, noun) for name, (gap, noun) in gaps.items()}
    for one in seen.plan.commitments:
        told[f"commitments.{one.id}.count"] = _counted(_contributing, seen, "activity", one)
    words = {**seen.plan.facts, "year": str(paper.year), "as_of": _as_of(model, paper)}
    indicators = indicator_facts(model, paper.year) | _by_year_facts(model, seen)
    return NamedFigures(words) | indicators | schedule_text.facts(model, paper.schedule) | told


def _counted(figure: Callable[..., Figure], seen: Review, noun: str, *of: object) -> Callable[[], str]:
    return lambda: english.count(figure(seen, *of), noun)


def _by_year_facts(model: Model, seen: Review) -> dict[str, Callable[[], str]]:
    """indicators.dialogues.2017, ..., and how many returns came for each year."""
    told = {}
    for year in seen.years:
        told[f"indicators.reporting.{year}"] = _figure(counts.reporting, model, year)
        for one in indicators_of_plan(seen.plan):
            told[f"indicators.{one.id}.{year}"] = _figure(counts.total, seen.indicators, one, year)
    return told


def _figure(figure: Callable[..., Figure], *of: object) -> Callable[[], str]:
    return lambda: english.figure(figure(*of))


def context(model: Model, paper: Paper) -> dict:
    """The tags that all reviews share."""
    seen, told = review(model, paper), facts(model, paper)
    before = endorsed(model)
    changed = changes(before, seen.edition) if before is not seen.edition else None
    summary = schedule_text.changes_in_words(changed) if changed else "This is the endorsed edition."
    return {
        "title": paper.title,
        "plan": seen.plan.title,
        "period": english.years(seen.plan.first_year, seen.year),
        "as_of": _as_of(model, paper),
        "key_findings": bullets(key_findings(seen)),
        "mandate": narrative(model, paper, "mandate", told),
        **_returns(model, seen),
        "heads": _heads(model, paper, seen),
        "areas": [_area(model, paper, seen, area, told) for area in seen.plan.areas],
        **indicators_by_year(model, paper, seen),
        **context_of_schedule(seen),
        "timeline": schedule_text.timeline(seen.edition),
        "changes_summary": richtext.blocks(body(summary)),
        "has_changes": bool(changed),
        "changes": schedule_text.table_of_changes(changed, seen.plan) if changed else [],
        **_gaps(seen),
        "contribution": narrative(model, paper, "contribution", told),
        "commitments": commitments(seen),
        "recommendations": recommended(model, paper),
        "items": items_by_indicator(model, seen.plan, seen.years),
        "method": bullets(_method(model, paper, seen)),
    }


def context_of_schedule(seen: Review) -> dict:
    """The status of the activities, in words and as a table, and which are overdue."""
    return {
        "status": richtext.blocks(body(schedule_text.statuses_in_words(seen.edition))),
        "status_areas": schedule_text.table_of_statuses(seen.edition, seen.plan),
        "overdue": schedule_text.overdue_blocks(seen.edition),
    }


def bullets(words: Iterable[str], style: str = richtext.BULLET) -> dict:
    """One paragraph each."""
    return richtext.blocks(
        *(richtext.block(style, richtext.line(word), at == 0) for at, word in enumerate(words))
    )


def _as_of(model: Model, paper: Paper) -> str:
    day = paper.as_of or model.meeting_of(paper).start
    return english.date(day) if day else ""


def _over(model: Model, paper: Paper, year: int) -> bool:
    """Whether the year was over when the paper was written: else its figures are of a part of it."""
    day = paper.as_of or model.meeting_of(paper).start
    return day is None or day.year > year


# What is counted


def unserved(seen: Review) -> Figure:
    """How many objectives no activity serves."""
    those = [objective for _, objective in seen.objectives_without_activity]
    among = "; ".join(workplan.file for workplan in seen.workplans)
    return _objectives(seen, those, "objectives that no activity serves", among)


def _objectives(seen: Review, those: list[Objective], what: str, among: str) -> Figure:
    return counted(those, what, lambda objective: seen.plan.source(objective.id, objective.text), among)


def _without_project(seen: Review) -> Figure:
    those, what = seen.areas_without_project, "priority areas without a project"
    return counted(those, what, lambda area: seen.plan.source(area.id, area.name), seen.edition.file)


def silent(seen: Review) -> Figure:
    """Of how many economies no return came in any year."""
    what = f"economies without a return for {seen.years[0]} to {seen.years[-1]}"
    return counted(seen.silent, what, seen.indicators.register.source)


def _contributing(seen: Review, commitment: Commitment) -> Figure:
    what = f"activities that contribute to {commitment.name}"
    return counted(seen.contributing(commitment), what, seen.source_of_link)


def _reviewed(seen: Review) -> Figure:
    return counts.activities(seen.edition, seen.reviewed, "activities not withdrawn", "status")


# Findings


def key_findings(seen: Review) -> list[str]:
    """The findings that are counted, one sentence each."""
    edition, reviewed, overdue = seen.edition, _reviewed(seen), schedule_text.late(seen.edition)
    done, begun = (counts.with_status(edition, status) for status in ("completed", "in progress"))
    share = english.percent(done, reviewed, f"share of the activities completed, {edition.year}")
    findings = [
        f"Of {english.count(reviewed, 'activity')} that {_were(reviewed)} not withdrawn, {english.number(done)} {_is(done)} completed "
        f"({share}) and {english.number(begun)} {_is(begun)} in progress."
    ]
    findings += [_indicators_in_words(seen)]
    findings += [_objectives_in_words(seen), _reporting_in_words(seen)]
    if overdue.value:
        findings.append(f"{english.sentence(english.count(overdue, 'activity'))} {_is(overdue)} overdue.")
    return findings


def _were(those: Figure) -> str:
    return "was" if those.value in (0, 1) else "were"


def _is(those: Figure) -> str:
    return "is" if those.value in (0, 1) else "are"


def _indicators_in_words(seen: Review) -> str:
    first, last = seen.plan.first_year, seen.year
    told = [
        f"{one.short.lower()}, {english.figure(counts.period(seen.indicators, one, first, last))}"
        for one in indicators_of_plan(seen.plan)
    ]
    return f"Member economies reported for {english.years(first, last).replace(' - ', ' to ')}: {'; '.join(told)}."


def _objectives_in_words(seen: Review) -> str:
    every = [objective for area in seen.plan.areas for objective in area.objectives]
    of = english.figure(_objectives(seen, every, "objectives of the plan", seen.plan.file))
    missing = unserved(seen)
    if not missing.value:
        return f"Each of the {of} objectives is served by at least one activity."
    none = [objective for _, objective in seen.objectives_without_activity]
    served = [objective for objective in every if objective not in none]
    what = "objectives that an activity serves"
    some = counted(served, what, lambda one: seen.source_of_service(one))
    verb = "is" if some.value == 1 else "are"
    return (
        f"{english.sentence(english.number(some))} of the {of} objectives {verb} served by at least one activity; "
        f"{english.number(missing)} {'has' if missing.value == 1 else 'have'} none."
    )


def _reporting_in_words(seen: Review) -> str:
    register = seen.indicators.register
    of = counted(register.economies, "member economies", register.source)
    reporting = [economy for economy in register.economies if economy not in seen.silent]
    what = f"economies with a return for {seen.years[0]} to {seen.years[-1]}"
    some = counted(reporting, what, seen.source_of_returns)
    return (
        f"{english.sentence(english.number(some))} of the {english.figure(of)} member economies sent in at least one "
        "return."
    )


# Returns and indicators


def _returns(model: Model, seen: Review) -> dict:
    told = []
    for year in seen.years:
        if seen.indicators.reporting(year):
            told += [" ".join(returns_in_words(model, year))]
        else:
            told += [f"No return for {year} had come."]
    rows = [return_row(model, year) for year in seen.years]
    return {"returns": richtext.blocks(*(body(words) for words in told)), "return_rows": rows}


def _heads(model: Model, paper: Paper, seen: Review) -> list[str]:
    heads = [f"{year}{'' if _over(model, paper, year) else ' (so far)'}" for year in seen.years]
    return heads + ([english.years(seen.plan.first_year, seen.year)] if len(heads) > 1 else [])


def indicators_by_year(model: Model, paper: Paper, seen: Review) -> dict:
    """Table and chart of the indicators against years, with the change from the first to the last full year."""
    table = by_year(model, seen.plan, seen.year)
    table["years"] = _heads(model, paper, seen)
    full = [year for year in seen.years if _over(model, paper, year)]
    for row, one in zip(table["rows"], indicators_of_plan(seen.plan), strict=True):
        row["change"] = _change(seen, one, full)
    return {**table, "caution": richtext.blocks(*(body(w) for w in _cautions(model, paper, seen)))}


def _change(seen: Review, one: Indicator, full: list[int]) -> str:
    if len(full) < 2:
        return "no second full year"
    before, now = (counts.total(seen.indicators, one, year) for year in (full[0], full[-1]))
    return english.change(before, now, full[0], full[-1])


def _cautions(model: Model, paper: Paper, seen: Review) -> list[str]:
    told = [caution(model, seen.plan, seen.year)]
    for year in (year for year in seen.years if not _over(model, paper, year)):
        if not seen.indicators.reporting(year):
            told.append(f"No return for {year} had come by {_as_of(model, paper)}.")
            continue
        told.append(
            f"{year} was not over: its figures are those of the returns received until "
            f"{_as_of(model, paper)} and cannot be compared with those of a full year."
        )
    return told


def _method(model: Model, paper: Paper, seen: Review) -> list[str]:
    """The rules of counting, and where the links between activities and objectives come from."""
    first = (
        f"Returns dated until {_as_of(model, paper)} are counted; what came later belongs to later papers."
    )
    links = "Which activity serves which objective, and which commitment, is taken from the Work Plans of the period."
    return [first, *method(model, seen.years), links]


# Priority areas


def _area(model: Model, paper: Paper, seen: Review, area: Area, told: dict[str, str]) -> dict:
    return {
        "name": area.name,
        "progress": _progress(seen, area),
        "objectives": [_objective(seen, area, objective) for objective in area.objectives]
        + _unlinked(seen, area),
        "figures": [_figures_of(seen, area, one) for one in indicators_of_plan(seen.plan)],
        "assessment": narrative(model, paper, f"assessment-{area.id}", told),
    }


def _progress(seen: Review, area: Area) -> str:
    those = [activity for activity in seen.reviewed if activity.area == area.id]
    if not those:
        return "No activity in this priority area."
    what = f"activities not withdrawn in the priority area {area.id}"
    number = counts.activities(seen.edition, those, what, "priority_area", "status")
    shown = ("proposed", "approved", "in progress", "completed")
    parts = schedule_text.each_status(shown, lambda status: counts.with_status(seen.edition, status, area.id))
    return f"{english.sentence(english.count(number, 'activity'))} in this priority area: {english.listed(parts)}."


def _objective(seen: Review, area: Area, objective: Objective) -> dict:
    those = [activity for activity in seen.serving(objective) if activity.area == area.id]
    return {"objective": objective.text, "activities": _activities(those)}


def _unlinked(seen: Review, area: Area) -> list[dict]:
    """Activities that no work plan links to an objective: they would be missing from the table."""
    those = seen.without_objective(area)
    return [{"objective": "No objective stated yet", "activities": _activities(those)}] if those else []


def _activities(those: list[Activity]) -> dict:
    told = [f"{a.title} ({english.years(a.first_year, a.last_year)}, {a.status})" for a in those]
    return bullets(told or ["No activity"], richtext.TABLE_BULLET)


def _figures_of(seen: Review, area: Area, one: Indicator) -> dict:
    figures = [counts.of_area(seen.indicators, one, area.id, area.name, year) for year in seen.years]
    what = f"{one.short}, {seen.years[0]} to {seen.years[-1]}, {area.name}"
    total = [Figure.sum(figures).called(what)] if len(figures) > 1 else []
    return {"indicator": one.short, "values": figures_in_words([*figures, *total])}


# Gaps, commitments, recommendations


def _gaps(seen: Review) -> dict:
    objectives = [f"{objective.text} ({area.name})" for area, objective in seen.objectives_without_activity]
    unreported = [
        f"{one.short}: {english.listed([str(year) for year in years])}" for one, years in seen.unreported
    ]
    return {
        "objectives_without_activity": _gap(objectives, "Each objective is served by at least one activity."),
        "areas_without_project": _gap(
            [area.name for area in seen.areas_without_project],
            "Each priority area has at least one activity with a project number.",
        ),
        "unreported": _gap(unreported, "Each indicator was reported by at least one economy in each year."),
        "silent": richtext.blocks(body(_silent(seen))),
    }


def _gap(missing: list[str], none: str) -> dict:
    return bullets(missing) if missing else richtext.blocks(body(none))


def _silent(seen: Review) -> str:
    if not seen.silent:
        return "Each member economy sent in at least one return."
    return f"No return came in any year from {economies_or_none(tuple(seen.silent))}."


def commitments(seen: Review) -> list[dict]:
    """What Leaders and Ministers agreed, and the activities that a work plan says contribute to it."""
    return [
        {
            "name": one.name,
            "count": english.count(_contributing(seen, one), "activity"),
            "activities": _activities(seen.contributing(one)),
        }
        for one in seen.plan.commitments
    ]


def recommended(model: Model, paper: Paper) -> dict:
    """The paper's recommendations as a numbered list; "; and" before the last."""
    those = [one.text for one in model.recommendations[narrative_folder(paper)].recommendations]
    endings = [*([";"] * (len(those) - 2)), *(["; and"] if len(those) > 1 else []), "."]
    return bullets([f"{words}{end}" for words, end in zip(those, endings, strict=True)], richtext.NUMBER)
