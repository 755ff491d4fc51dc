"""Count the contributions of all returns: by year and indicator, for the group, each priority area and each economy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from papers.model.figures import Figure

if TYPE_CHECKING:
    from papers.problems import Place

WHOLE, AREA, ECONOMY = ["year", "indicator"], ["year", "indicator", "area"], ["year", "indicator", "economy"]


@dataclass(frozen=True)
class Contribution:
    """What one cell of a return adds. `item` is the same for all that report one joint item.

    `area` is "" for the total of a return that is not itemised, and None for a stated zero, which is of no area.
    """

    year: int
    indicator: str
    area: str | None
    economy: str
    item: str
    count: int
    cell: Place


@dataclass(frozen=True)
class Counts:
    """The figures by (year, indicator), by (year, indicator, area), by (year, indicator, economy)."""

    whole: dict[tuple[int, str], Figure]
    areas: dict[tuple[int, str, str], Figure]
    economies: dict[tuple[int, str, str], Figure]


def count(contributions: list[Contribution]) -> Counts:
    """Every item once for the group and once for each economy that reports it."""
    columns = [*ECONOMY, "area", "item", "count", "cell"]
    rows = [[getattr(one, column) for column in columns] for one in contributions]
    frame = pd.DataFrame(rows, columns=columns)
    return Counts(
        _figures(frame, WHOLE, "item"), _figures(frame, AREA, "item"), _figures(frame, ECONOMY, None)
    )


def _figures(frame: pd.DataFrame, keys: list[str], once: str | None) -> dict[tuple, Figure]:
    """Sums by `keys`; rows with the same `once` are counted once, but all their cells are kept."""
    if frame.empty:
        return {}
    counted = frame.drop_duplicates([*keys, once]) if once else frame
    sums, cells = counted.groupby(keys)["count"].sum(), frame.groupby(keys)["cell"].agg(tuple)
    return {(int(key[0]), *key[1:]): Figure(int(sums[key]), cells[key]) for key in sums.index}
