"""The list of items that look alike, for the officer who decides: one line for each pair.

Its last column is an entry for doubles.yaml, in which only the decision is missing.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from papers.richtext import csv_safe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from papers.model.indicator_returns import ReturnEntry
    from papers.model.indicators import Indicators
    from papers.model.joint_items import LikelyDouble

HEADER = (
    "Year",
    "Indicator",
    "Alike",
    "Why",
    "Economy",
    "Title",
    "Date",
    "Cell",
    "Economy",
    "Title",
    "Date",
    "Cell",
    "Decision",
)


def doubles_list(plans: Iterable[Indicators]) -> str:
    """Return the undecided pairs of all plans as CSV for Excel; only the header where there is none."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(_row(double) for indicators in plans for double in indicators.likely_doubles)
    return out.getvalue()


def _row(double: LikelyDouble) -> list[str]:
    first, second = double.one, double.other
    pair = [*_entry(first), *_entry(second)]
    why = f"they name each other, but {double.differ}" if double.differ else "titles and dates are alike"
    return [str(first.year), first.indicator, f"{double.alike:.0%}", why, *pair, decision(first, second)]


def _entry(entry: ReturnEntry) -> list[str]:
    title = csv_safe(entry.title)
    return [entry.economy.name, title, entry.date.isoformat(), str(entry.cell)]


def decision(first: ReturnEntry, second: ReturnEntry) -> str:
    """Return an entry for doubles.yaml, in which the officer fills in same, decided_by and reason."""
    items = ", ".join(f"[{_short_name(entry)}, {entry.row}]" for entry in (first, second))
    return f"- {{items: [{items}], same: , decided_by: , reason: }}"


def _short_name(entry: ReturnEntry) -> str:
    """Return the file of an entry relative to the folder indicators."""
    return "/".join(entry.cell.file.split("/")[-2:])
