"""The first page of a review: where the plan stands, a verdict on each area and objective, and what is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.model.figures import Cell, Figure, Source, counted, exact
from papers.model.verdicts import elapsed, verdict_rule
from papers.wording import counts, english, review_findings, review_tables
from papers.wording.counts import indicators_of_plan
from papers.wording.figure_markers import capitalised
from papers.wording.indicator_text import reported_in_words
from papers.wording.paragraphs import bullets, paragraphs
from papers.wording.phrases import said, say
from papers.wording.tags import Blocks, Each, Text, Values
from papers.wording.target_text import targets_in_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.model.plan import PlanItem
    from papers.model.review import Review
    from papers.model.schedule import Activity
    from papers.model.verdicts import Verdict, VerdictRule
    from papers.wording.tags import Tag

_VERDICT: dict[str, Tag] = {
    "name": Text("its name"),
    "activities": Text("how many of its activities count, of how many: 13 of 15"),
    "verdict": Text("On track, Behind, No activity"),
}
TAGS = {
    "standing": Blocks("how much of the period is over, the activities by status, and how many reported"),
    "verdict_head": Text("head of the first column: Priority area and objective"),
    "counting_head": Text("head of the second: Completed or in progress"),
    "verdicts": Each(
        "the priority areas with their verdicts; none where no verdict is possible",
        {**_VERDICT, "objectives": Each("its objectives with theirs", _VERDICT)},
    ),
    "verdict_rule": Text("the rule of the verdicts; empty without them"),
    "achievements": Blocks("what was reported for the indicators, and for their targets, one bullet each"),
    "asks": Blocks("the recommendations of the first page, verb first, numbered"),
}
_ASKS = 3  # of recommendations without any that says `ask: true`


def context(model: Model, paper: Paper, seen: Review) -> Values:
    """Return the values of `TAGS`."""
    rule = verdict_rule(model.settings.verdicts, seen, review_tables.day(model, paper))
    rows = [_area(rule, area) for area in seen.plan.areas] if rule else []
    area, objective = seen.plan.area_level, seen.plan.objective_level
    both = f"{area.head} and {objective.one}" if seen.plan.objectives else area.head
    counting = " or ".join(model.settings.verdicts.counts)
    return {
        "standing": paragraphs(_standing(model, paper, seen)),
        "verdict_head": both if rows else "",
        "counting_head": counting.capitalize() if rows else "",
        "verdicts": rows,
        "verdict_rule": _rule_in_words(model, rule) if rule and rows else "",
        "achievements": _achievements(model, paper, seen),
        "asks": paragraphs(review_findings.punctuated(_asks(model, paper)), richtext.NUMBER),
    }


def elapsed_in_words(model: Model, paper: Paper, seen: Review) -> str:
    """Return how much of the period is over, such as 42%; "" where the day of the review is not known."""
    day = review_tables.day(model, paper)
    return _percent(elapsed(seen.plan, day)) if day else ""


def _percent(share: Fraction) -> str:
    return f"{int(share * 100 + type(share)(1, 2))}%"


def _standing(model: Model, paper: Paper, seen: Review) -> list[str]:
    day = review_tables.day(model, paper)
    passed = say(
        model,
        "review.period",
        day=english.date(day) if day else "",
        share=elapsed_in_words(model, paper, seen),
        period=english.years(seen.plan.first_year, seen.plan.last_year),
    )
    has_statuses = seen.reviewed and seen.edition.has_statuses
    statuses = review_findings.statuses_in_words(seen) if has_statuses else ""
    overdue = counts.overdue_activities(seen.edition)
    late = f"{english.count(overdue, 'activity')} {english.agree(overdue, 'is', 'are')} overdue."
    reporting = review_findings.reporting_in_words(seen) if seen.has_indicators else ""
    sentences = said(passed, statuses, capitalised(late) if overdue.value else "", reporting)
    return said(" ".join(sentences))


# Verdicts


def _area(rule: VerdictRule, area: PlanItem) -> Values:
    objectives = [
        _row(rule, one, one.text, rule.of_objective(one), rule.seen.source_of_link) for one in area.children
    ]
    own = _row(rule, area, area.name, rule.of_area(area), rule.source_in_area)
    return {**own, "objectives": objectives}


def _row(
    rule: VerdictRule, item: PlanItem, name: str, verdict: Verdict, source: Callable[[Activity], Source]
) -> Values:
    """Return the row of an area or objective; `source` says why an activity is one of its activities."""
    file, edition = rule.seen.edition.file, english.edition(rule.seen.edition.name)
    part = counted(
        verdict.counting,
        f"activities that count for the verdict on {item.id}, {edition}",
        lambda activity: source(activity).because_of(rule.deciding(activity)),
        file,
        searched=verdict.activities,
    )
    what = f"activities on which the verdict on {item.id} rests, {edition}"
    whole = counted(verdict.activities, what, source, file)
    words = f"{english.figure(part)} of {english.figure(whole)}" if verdict.activities else "–"
    return {"name": name, "activities": words, "verdict": verdict.word.capitalize()}


def _rule_in_words(model: Model, rule: VerdictRule) -> str:
    settings = rule.settings
    return say(
        model,
        "review.verdict-rule",
        counting=" or ".join(settings.counts),
        share=_least_share(rule),
        elapsed=int(settings.least_share is None),
        overdue=int(settings.overdue_counts),
    )


def _least_share(rule: VerdictRule) -> str:
    """Return the least share: that of the period in whole per cent, or a figure that settings.yaml states."""
    if rule.settings.least_share is None:
        return _percent(rule.least)
    value = exact(rule.least * 100)
    lines = tuple(Cell(place, "least_share") for place in rule.settings.lines("least_share"))
    what = "least share of activities that count, for the verdict on track"
    return english.figure(Figure(value, (), what, lambda: [Source(value, lines)], unit="%"))


# Achievements and asks


def _achievements(model: Model, paper: Paper, seen: Review) -> richtext.BlocksData:
    """Return the figures of the indicators in one sentence, and a bullet for each target; none without returns."""
    if not (seen.has_indicators and any(map(seen.indicators.reporting, seen.years))):
        return paragraphs([])
    first, last = seen.plan.first_year, seen.year
    figures = [
        reported_in_words(seen.indicators, indicator, first, last)
        for indicator in indicators_of_plan(seen.plan)
    ]
    so_far = not review_tables.is_over(model, paper, last)
    until = review_tables.as_of(model, paper) if so_far else ""
    sentence = say(
        model,
        "review.achievements",
        figures="; ".join(figures),
        first=first,
        last=last,
        until=until,
    )
    targets = bullets(targets_in_words(seen.indicators, seen.plan, seen.year, so_far))
    return richtext.blocks(*paragraphs(said(sentence))["blocks"], *targets["blocks"])


def _asks(model: Model, paper: Paper) -> list[str]:
    """Return the recommendations that say `ask: true`; the first three where none does."""
    every = model.recommendations[paper.id].recommendations
    flagged = [one for one in every if one.ask]
    return [one.text for one in flagged or every[:_ASKS]]
