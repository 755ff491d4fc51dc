"""model.json -> the figures of the indicators, a year each, with the items and cells that they were counted from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from papers.issuing.index.facts import Cell, Indicator, Traced
from papers.wording import english

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CELL = re.compile(r"(?P<file>.+), sheet (?P<sheet>.+), cell (?P<cell>[A-Z]+[0-9]+)")
STATED = "Total that the economy stated, without items"


def indicators_of(model: dict) -> Iterator[Indicator]:
    """Every indicator of every plan, with each year of its plan; a year that nobody reported for has no figure."""
    counted = model["indicators"] or {"figures": {"whole": []}, "returns": [], "items": []}
    whole = {(f["indicator"], f["year"]): f for f in counted["figures"]["whole"]}
    returns = {made["file"]: made for made in counted["returns"]}
    reports = _reports(counted["items"])
    for plan in model["plans"].values():
        for one in (one for heading in plan["indicator_headings"] for one in heading["indicators"]):
            years = []
            for year in range(plan["first_year"], plan["last_year"] + 1):
                figure = whole.get((one["id"], year))
                there = figure is not None and figure["value"] is not None
                years.append((year, _traced(figure, one["short"], reports, returns) if there else None))
            files = [cell.file for _, figure in years if figure for cell in figure.cells]
            yield Indicator(one["id"], one["short"], one["text"], tuple(years), _illustrative(model, files))


def _reports(items: Iterable[dict]) -> dict[str, tuple[dict, bool]]:
    """Place of a cell -> the item that its row reports, and whether it is the first cell of that item."""
    return {cell: (item, at == 0) for item in items for at, cell in enumerate(item["cells"])}


def _traced(figure: dict, name: str, reports: dict, returns: dict[str, dict]) -> Traced:
    cells = tuple(_cell(place, figure["indicator"], reports, returns) for place in figure["cells"])
    return Traced(str(figure["value"]), f"{name}, {figure['year']}", "", cells)


def _cell(place: str, indicator: str, reports: dict, returns: dict[str, dict]) -> Cell:
    """A cell with what it adds to the figure: an item that several economies report adds one, at its first cell."""
    at = _CELL.fullmatch(place)
    made = returns.get(at["file"], {})
    economy = made.get("economy", {}).get("name", "")
    if place in reports:
        item, first = reports[place]
        others = [one["name"] for one in item["economies"] if one["name"] != economy]
        counted = "" if first else f"; counted at {others[0]}"
        jointly = f" (jointly with {english.listed(others)}{counted})" if others else ""
        return Cell(
            **at.groupdict(), value="1" if first else "0", title=item["title"] + jointly, economy=economy
        )
    stated = made.get("totals", {}).get(indicator, {}).get("value")
    return Cell(**at.groupdict(), value="" if stated is None else str(stated), title=STATED, economy=economy)


def _illustrative(model: dict, files: Iterable[str]) -> bool:
    """Whether forum.yaml declares one of these files to be an illustration."""
    prefixes = tuple(f"inputs/{model['config']['forum']}/{name}" for name in model["forum"]["illustrative"])
    return any(file.startswith(prefixes) for file in files)
