"""The annual indicator report: who reported, the indicators by year, priority area and economy, and the items counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.model.figures import counted
from papers.wording import counts, english
from papers.wording.counts import indicators_of_plan
from papers.wording.indicator_text import (
    body,
    by_year,
    caution,
    chart,
    figures_in_words,
    findings,
    indicator_facts,
    items_by_indicator,
    method,
    return_row,
    returns_in_words,
    years_until,
)
from papers.wording.narrative import NamedFigures, narrative
from papers.wording.tags import Blocks, Chart, Each, Text

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.indicators import Indicators
    from papers.model.meetings import Paper
    from papers.model.plan import Plan

TEMPLATE, NAMESPACE = "indicator-report", "report"
PARTS = ("indicator-report",)
NEEDS = ("plan", "indicators")
SOURCES_ANNEX = True
NARRATIVE = {"introduction": "Introduction"}
OPTIONAL = ("introduction",)
_BY_YEAR = Each("one figure for each column: 14, or not reported", heads="years")
_VALUES = Each("one figure for each column: 14, or not reported", heads="indicators")
TAGS = {
    "title": Text("title over the text"),
    "year": Text("the year that the report is about"),
    "introduction": Blocks("what the report is, then the narrative where there is one"),
    "returns": Blocks("who reported for the year, who did not, who was late, who gave totals only"),
    "return_rows": Each(
        "the years of the plan until the year",
        {
            "year": Text("2018"),
            "received": Text("14 of 21"),
            "late": Text("how many came late"),
            "totals_only": Text("how many are not itemised"),
        },
    ),
    "findings": Blocks("the figures and their change in words, one bullet an indicator"),
    "caution": Text("what to keep in mind when years are compared"),
    "years": Each("heads of the columns: the years, and their total where there are several"),
    "rows": Each("the indicators", {"indicator": Text("its short name"), "values": _BY_YEAR}),
    "chart_of_years": Chart("the indicators as columns, one a year"),
    "indicators": Each("short names of the indicators, heads of the columns"),
    "areas": Each(
        "the priority areas, what no area is stated of, and all together",
        {"area": Text("its name"), "values": _VALUES},
    ),
    "chart_of_areas": Chart("the indicators as bars, a part a priority area"),
    "economies": Each(
        "the member economies in APEC order",
        {"economy": Text("its name"), "return": Text("in time, late, totals only, none"), "values": _VALUES},
    ),
    "joint": Text("why the economies' figures add up to more than the group's"),
    "items": Each(
        "the indicators that have items",
        {
            "indicator": Text("its short name and how many items it has"),
            "rows": Each(
                "its items by date",
                {
                    "title": Text("title"),
                    "area": Text("priority area"),
                    "date": Text("8 November 2017"),
                    "place": Text("place"),
                    "partners": Text("partners or fora"),
                    "economies": Text("who reported it, and in which row of the return"),
                    "activity": Text("ID in the implementation schedule"),
                },
            ),
        },
    ),
    "method": Blocks("how it was counted, one bullet a rule"),
}
_NO_AREA = "Not stated (totals only)"


def context(model: Model, paper: Paper) -> dict:
    """The tags of one report."""
    plan = model.plans[paper.plan]
    return {
        "title": paper.title,
        "year": str(paper.year),
        "introduction": _introduction(model, paper, plan),
        "returns": richtext.blocks(*(body(words) for words in returns_in_words(model, paper.year))),
        "return_rows": [return_row(model, year) for year in years_until(plan, paper.year)],
        "findings": richtext.blocks(
            *(richtext.block(richtext.BULLET, richtext.line(w)) for w in findings(model, plan, paper.year))
        ),
        "caution": caution(model, plan, paper.year),
        **by_year(model, plan, paper.year),
        **_by_area(model, plan, paper.year),
        "economies": [_economy_row(model, plan, economy, paper.year) for economy in model.register.economies],
        "joint": _joint(model.indicators, paper.year),
        "items": items_by_indicator(model, plan, [paper.year]),
        "method": richtext.blocks(
            *(richtext.block(richtext.BULLET, richtext.line(w)) for w in method(model, [paper.year]))
        ),
    }


def facts(model: Model, paper: Paper) -> NamedFigures:
    """Figures that the introduction may name."""
    plan = model.plans[paper.plan]
    return NamedFigures(plan.facts) | {"year": str(paper.year)} | indicator_facts(model, paper.year)


def notices(model: Model, paper: Paper) -> list[str]:
    """Returns that came too late for this paper: they are not lost, but not in it either."""
    counted = {made.file for made in model.as_of(paper).indicators.returns}
    late = [
        f"{made.file} ({english.date(made.date)})"
        for made in model.indicators.returns
        if model.plans[paper.plan].first_year <= made.year <= paper.year and made.file not in counted
    ]
    if not late:
        return []
    return [
        f"{paper.number} does not count {english.listed(late)}: they are dated after the meeting began; "
        f"a line as_of: in {paper.place.file} would count them"
    ]


def _introduction(model: Model, paper: Paper, plan: Plan) -> dict:
    those = counted(
        indicators_of_plan(plan), "indicators", lambda one: plan.source(one.id, one.short), plan.file
    )
    indicators = english.count(those, "indicator")
    shown = (
        "the first year of the plan"
        if paper.year == plan.first_year
        else f"beside the years since {plan.first_year}"
    )
    first = body(
        f"The {plan.title} is tracked every year by {indicators}, from what member economies report voluntarily. "
        f"This report shows the figures of {paper.year}, {shown}, and says which economies reported them."
    )
    own = narrative(model, paper, "introduction", facts(model, paper), optional=True)
    return richtext.blocks(first, *own["blocks"])


def _by_area(model: Model, plan: Plan, year: int) -> dict:
    """Table and chart of the indicators against priority areas."""
    indicators, source = indicators_of_plan(plan), model.indicators
    lines = [
        (area.name, [counts.of_area(source, one, area.id, area.name, year) for one in indicators])
        for area in plan.areas
    ]
    unknown = [counts.of_area(source, one, "", "no area stated", year) for one in indicators]
    rows = [{"area": name, "values": figures_in_words(figures)} for name, figures in lines]
    if any(figure.reported for figure in unknown):
        # Here a figure that is not there is none that is missing.
        told = [english.figure(figure) if figure.reported else "-" for figure in unknown]
        lines, rows = [*lines, (_NO_AREA, unknown)], [*rows, {"area": _NO_AREA, "values": told}]
    totals = [counts.total(source, one, year) for one in indicators]
    rows.append({"area": "All together", "values": figures_in_words(totals)})
    return {
        "indicators": [one.short for one in indicators],
        "areas": rows,
        "chart_of_areas": chart("stacked-bar", "priority area", indicators, lines),
    }


def _economy_row(model: Model, plan: Plan, economy, year: int) -> dict:
    figures = [
        counts.of_economy(model.indicators, one, economy.name, year) for one in indicators_of_plan(plan)
    ]
    return {
        "economy": economy.name,
        "return": _state(model, economy, year),
        "values": figures_in_words(figures),
    }


def _state(model: Model, economy, year: int) -> str:
    source = model.indicators
    if economy not in source.reporting(year):
        return "none"
    words = ["late" if economy in source.late(year) else "in time"]
    return ", ".join(words + (["totals only"] if economy in source.not_itemised(year) else []))


def _joint(source: Indicators, year: int) -> str:
    """Said under the table of economies, whose columns do not add up to the group's figures."""
    shared = [item for item in source.items(year) if len(item.economies) > 1]
    if not shared:
        return "No item was reported by more than one economy."
    number = counts.items(source, shared, f"items reported jointly for {year}")
    cells = [cell for item in shared for cell in item.cells]
    rows = counted(cells, "rows of joint items", lambda cell: source.source_index.sources([cell])[0])
    verb = "was" if len(shared) == 1 else "were"
    return (
        f"{english.sentence(english.count(number, 'item'))} {verb} reported jointly, in {english.figure(rows)} rows of the "
        "returns. Each counts once for the group and once for each economy, so that the columns add up to more than the "
        "group's figures."
    )
