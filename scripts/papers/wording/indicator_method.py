"""The method of the indicators in words: the rules of counting, and their effect on the returns of some years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.model.figures import counted
from papers.wording import counts, english
from papers.wording.counts import counted_indicators, measured_indicators
from papers.wording.figure_markers import capitalised
from papers.wording.indicator_text import economies_or_none, set_aside_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from papers.inputs.settings import Doubles
    from papers.model.forum import Model
    from papers.model.joint_items import Decision, LikelyDouble


def method(model: Model, years: Iterable[int]) -> list[str]:
    """Return the rules of counting, a paragraph each, with their effect on the returns of `years`."""
    years = list(years)
    counted = counted_indicators(model.plan) if model.plan else []
    not_reported = (
        "Figures that were not reported by any economy are shown as “not reported”; zero means that at least one "
        "economy reported that there was nothing."
    )
    return [
        *(_method_of_counts(model, years) if counted else []),
        *_method_of_measures(model),
        *set_aside_in_words(model, years),
        not_reported,
    ]


def _method_of_counts(model: Model, years: list[int]) -> list[str]:
    in_area = f" and one {model.plan.area_level.one}" if model.plan and model.plan.areas else ""
    return [
        "Each participating economy submits one return a year. Each row of a return is one item of that year, for one "
        f"indicator{in_area}.",
        _joint_rule(model.settings.doubles),
        _doubles(model, years),
        *_joint_areas(model, years),
        _totals(model, years),
    ]


def _joint_rule(limits: Doubles) -> str:
    """Return when rows of several economies are one item: the rule of `JointItemGrouper`, with its limits."""
    alike, days = counts.least_likeness(limits), counts.most_days_apart(limits)
    apart = f"at most {english.count(days, 'day')} apart" if days.value else "the same"
    return (
        "An item that several economies report jointly counts once for the group and once for each of them. Rows of two "
        "economies are one item if they name the same activity of the implementation schedule. Unless they name "
        "different activities, they are also one item if each economy names the other, the titles are at least "
        f"{english.figure(alike)} alike and the dates are {apart}."
    )


def _joint_areas(model: Model, years: list[int]) -> list[str]:
    """Return in which area a joint item counts, where economies report one for different areas."""
    source = model.indicators
    items = [item for year in years for item in source.items(year) if len(item.areas) > 1]
    if not (items and model.plan and model.plan.areas):
        return []
    level = model.plan.area_level
    number = counts.items_by_area(source, items, f"joint items reported for different {level.plural}")
    first = f"{capitalised(english.count(number, 'joint item'))} {english.agree(number, 'was', 'were')}"
    return [
        f"{first} reported under different {level.plural}. Such an item counts under the {level.one} stated by the "
        "economy that comes first in the table of economies."
    ]


_STATED = {"number": "a number", "percent": "a percentage"}
_OVER_ECONOMIES = {
    "sum": "the numbers are added across economies",
    "average": "the figure of the group is the average over the economies that report one, with equal weights",
}
_OVER_YEARS = {
    "sum": "the figures of several years are added",
    "latest": "for several years, the latest figure is shown",
    "average": "for several years, the average is shown",
}


def _method_of_measures(model: Model) -> list[str]:
    """Return how figures that are no counts become one figure; nothing where the plan has none."""
    return [
        f"{indicator.short}: each economy reports {_STATED[indicator.measure]} each year; "
        f"{_OVER_ECONOMIES[indicator.over_economies]}; {_OVER_YEARS[indicator.over_years]}."
        for indicator in (measured_indicators(model.plan) if model.plan else [])
    ]


def _totals(model: Model, years: list[int]) -> str:
    """Return the rule for stated totals, and which economies stated totals only."""
    rule = "The totals stated by an economy are checked against its rows; nothing is published while they differ."
    by_year = [(year, model.indicators.not_itemised(year)) for year in years]
    several = len(years) > 1
    totals_only = [
        f"{f'{year}: ' if several else ''}{economies_or_none(economies)}"
        for year, economies in by_year
        if economies
    ]
    if not totals_only:
        return rule
    by_area = f"broken down by {model.plan.area_level.one} or " if model.plan and model.plan.areas else ""
    return (
        f"{rule} Totals without rows ({'; '.join(totals_only)}) are added to the group's figures but cannot be "
        f"{by_area}checked for joint items."
    )


def _doubles(model: Model, years: list[int]) -> str:
    """Return the rule for items that look alike, and what was decided about them."""
    decided = [d for d in model.indicators.decisions if d.one.year in years]
    undecided = [d for d in model.indicators.likely_doubles if d.one.year in years]
    groups: list[tuple[Sequence[Decision | LikelyDouble], str]] = [
        ([d for d in decided if d.same], "counted as one"),
        ([d for d in decided if not d.same], "counted as two"),
        (undecided, "counted as two pending a decision"),
    ]
    numbers = [(counted(pairs, f"pairs {how}", lambda pair: pair.source), how) for pairs, how in groups]
    words = [
        f"{english.count(number, 'pair')} {english.agree(number, 'was', 'were')} {how}"
        for number, how in numbers
        if number.value
    ]
    rule = (
        "Items of two economies that look alike but are not declared joint, and items of economies that name each other "
        "but differ by more than these limits, are merged only by decision; until then they count as two."
    )
    return f"{rule} For {english.years(years[0], years[-1])}, {english.listed(words) or 'there were no such pairs'}."
