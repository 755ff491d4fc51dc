"""How the indicators were counted, in words: for the reports that show their figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.model.figures import Figure, counted
from papers.wording import english
from papers.wording.indicator_facts import economies_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.model.build import Model


def method(model: Model, years: Iterable[int]) -> list[str]:
    """The rules of counting, one sentence or two each, with what they meant for the returns of `years`."""
    years = list(years)
    return [
        "Each economy that takes part sends in one return a year. Each row of it is one thing done in that year for one "
        "indicator, in one priority area.",
        "What several economies report jointly (they name the same activity of the implementation schedule, or each other) "
        "counts once for the group and once for each of them.",
        _doubles(model, years),
        _totals(model, years),
        "A figure that nobody reported is shown as not reported. Zero means that somebody reported that there was nothing.",
        "Behind each economy in the annex stands the row of its return, sheet Return, from which the item was counted.",
    ]


def _totals(model: Model, years: list[int]) -> str:
    words = "The totals that an economy states are compared with its rows; where they differ, nothing is published."
    bare = [(year, model.indicators.not_itemised(year)) for year in years]
    several = len(years) > 1
    told = [f"{f'{year}: ' if several else ''}{economies_or_none(those)}" for year, those in bare if those]
    if not told:
        return words
    return (
        f"{words} Totals without rows ({'; '.join(told)}) are added to the group's figures; they cannot be told by "
        "priority area, nor be checked for joint items."
    )


def _doubles(model: Model, years: list[int]) -> str:
    """What was decided about items that look alike, and what is still open."""
    decided = [d for d in model.indicators.decisions if d.one.year in years]
    undecided = [d for d in model.indicators.likely_doubles if d.one.year in years]
    kinds = [
        ([d for d in decided if d.same], "counted as one"),
        ([d for d in decided if not d.same], "counted as two"),
        (undecided, "not decided yet and counted as two"),
    ]
    pairs = [(counted(those, f"pairs {how}", lambda pair: pair.source), how) for those, how in kinds]
    said = [f"{english.count(n, 'pair')} {_was(n)} {how}" for n, how in pairs if n.value]
    rule = "Items of two economies that look alike but are not declared joint are never put together unseen: a person decides."
    return f"{rule} For {english.years(years[0], years[-1])}, {english.listed(said) or 'there were none'}."


def _was(amount: Figure) -> str:
    return "were" if amount.value > 1 else "was"
