"""Count the indicators of each year for the group, for each priority area and for each economy."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from papers.model.figures import Figure

if TYPE_CHECKING:
    import pandas as pd

    from papers.problems import Place


@dataclass(frozen=True)
class Contribution:
    """What one cell of a return adds. `item` is the same for all cells that report one joint item.

    `area` is "" for the total of a return that is not itemised, and None for a stated zero, which is of no
    area.
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
    """The figures by (year, indicator), (year, indicator, area) and (year, indicator, name of economy)."""

    whole: dict[tuple[int, str], Figure]
    areas: dict[tuple[int, str, str], Figure]
    economies: dict[tuple[int, str, str], Figure]


def count(contributions: list[Contribution]) -> Counts:
    """Count every item once for the group and its area, and once for each economy that reports it."""
    if not contributions:
        return Counts({}, {}, {})
    import pandas as pd  # noqa: PLC0415 -- half of the time of `read` for a forum without returns

    rows = [vars(contribution) for contribution in contributions]
    frame = pd.DataFrame(rows, columns=[field.name for field in fields(Contribution)])
    keys = ["year", "indicator"]
    return Counts(
        whole=_figures(frame, keys, "item"),
        areas=_figures(frame, [*keys, "area"], "item"),
        economies=_figures(frame, [*keys, "economy"], None),
    )


def _figures(frame: pd.DataFrame, keys: list[str], once: str | None) -> dict[Any, Figure]:
    """Return the sums by the values of `keys`, as a tuple. Rows with the same `once` are counted once, but all their cells are kept."""
    counted = frame.drop_duplicates([*keys, once]) if once else frame
    sums, cells = counted.groupby(keys)["count"].sum(), frame.groupby(keys)["cell"].agg(tuple)
    return {(int(key[0]), *key[1:]): Figure(int(sums[key]), cells[key]) for key in sums.index}
