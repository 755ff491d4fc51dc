"""The list of likely doubles for the person who decides: one line a pair, its last column ready for doubles.yaml."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from papers.richtext import csv_safe

if TYPE_CHECKING:
    from papers.model.indicators import Indicators
    from papers.model.joint_items import LikelyDouble
    from papers.model.returns import ReturnEntry

HEADER = (
    "Year",
    "Indicator",
    "Alike",
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


def doubles_list(indicators: Indicators) -> str:
    """The undecided pairs as CSV for Excel, its header alone where there is none. Alike is a percentage."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(_row(double) for double in indicators.likely_doubles)
    return out.getvalue()


def _row(double: LikelyDouble) -> list[str]:
    one, other = double.one, double.other
    same = f"{double.alike:.0%}"
    return [str(one.year), one.indicator, same, *_entry(one), *_entry(other), decision(one, other)]


def _entry(entry: ReturnEntry) -> list[str]:
    title = csv_safe(entry.title)
    return [entry.economy.name, title, entry.date.isoformat(), str(entry.cell)]


def decision(one: ReturnEntry, other: ReturnEntry) -> str:
    """An entry of doubles.yaml in which only the answer and its reason are still to be filled in."""
    items = ", ".join(f"[{_below(entry)}, {entry.row}]" for entry in (one, other))
    return f"- {{items: [{items}], same: , decided_by: , reason: }}"


def _below(entry: ReturnEntry) -> str:
    """The file below indicators/: year and economy."""
    return "/".join(entry.cell.file.split("/")[-2:])
