"""The annual indicator report: returns, indicators by year, priority area and economy, and the items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.model.figures import counted
from papers.wording import counts, english, needs, target_text
from papers.wording.counts import counted_indicators, indicators_of_plan
from papers.wording.figure_markers import capitalised
from papers.wording.indicator_text import (
    ITEMS,
    RETURN_ROWS,
    by_year,
    caution,
    chart,
    figures_in_words,
    findings,
    in_parts,
    indicator_facts,
    items_by_indicator,
    method,
    return_row,
    returns_in_words,
    years_until,
)
from papers.wording.kind import Kind, Narrative
from papers.wording.narrative import NamedFigures, narrative
from papers.wording.paragraphs import bullets, paragraph, paragraphs
from papers.wording.tags import Blocks, Chart, Each, Text, Values

if TYPE_CHECKING:
    from papers.model.economies import Economy
    from papers.model.forum import Model
    from papers.model.indicators import Indicators
    from papers.model.meetings import Paper
    from papers.model.plan import Plan

_BY_YEAR = Each("one figure for each column: 14, or not reported", heads="years")
_VALUES = Each("one figure for each column: 14, or not reported", heads="indicators")
TAGS = {
    "title": Text("title over the text"),
    "year": Text("the year that the report is about"),
    "introduction": Blocks("what the report is, then the narrative where there is one"),
    "returns": Blocks("who reported for the year, who did not, who was late, who gave totals only"),
    "return_rows": RETURN_ROWS,
    "findings": Blocks("the figures and their change in words, one bullet an indicator"),
    "caution": Text("what to keep in mind when years are compared"),
    "year_tables": Each(
        "the indicators by year, in tables that fit the page: one, or several for many years",
        {
            "years": Each("heads of the columns: the years, and their total where there are several"),
            "rows": Each("the indicators", {"indicator": Text("its short name"), "values": _BY_YEAR}),
        },
    ),
    "chart_of_years": Chart("the indicators as columns, one a year"),
    "targets": target_text.TARGETS,
    "counted": Each("short names of the counted indicators, heads of the columns"),
    "areas": Each(
        "the priority areas, what no area is stated of, and all together; none without counted indicators",
        {
            "area": Text("its name"),
            "values": Each("one figure for each column: 14, or not reported", heads="counted"),
        },
    ),
    "chart_of_areas": Chart("the counted indicators as bars, a part a priority area; none without them"),
    "indicators": Each("short names of the indicators, heads of the columns"),
    "economies": Each(
        "the member economies in APEC order",
        {"economy": Text("its name"), "return": Text("in time, late, totals only, none"), "values": _VALUES},
    ),
    "joint": Text("why the economies' figures add up to more than the group's"),
    "items": ITEMS,
    "method": Blocks("how it was counted, one bullet a rule"),
}
_NO_AREA = "Not stated (totals only)"


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`."""
    plan, year = model.plans[paper.plan], needs.year_of(paper)
    return {
        "title": paper.title,
        "year": str(year),
        "introduction": _introduction(model, paper, plan),
        "returns": paragraphs(returns_in_words(model, year)),
        "return_rows": [return_row(model, when) for when in years_until(plan, year)],
        "findings": bullets(findings(model, plan, year)),
        "caution": caution(model, plan, year),
        **_by_year(model, plan, year),
        "targets": target_text.targets(model.indicators, plan, year),
        **_by_area(model, plan, year),
        "indicators": [indicator.short for indicator in indicators_of_plan(plan)],
        "economies": [_economy_row(model, plan, economy, year) for economy in model.register.economies],
        "joint": _joint(model.indicators, plan, year),
        "items": items_by_indicator(model, plan, [year]),
        "method": bullets(method(model, [year])),
    }


def facts(model: Model, paper: Paper) -> NamedFigures:
    """Return the figures that the introduction may name."""
    plan, year = model.plans[paper.plan], needs.year_of(paper)
    return NamedFigures(plan.facts) | {"year": str(year)} | indicator_facts(model, year)


def notices(model: Model, paper: Paper) -> list[str]:
    """Return a notice of the returns that came too late to be counted in this paper."""
    first, last = model.plans[paper.plan].first_year, needs.year_of(paper)
    in_time = {found.file for found in model.as_of(paper).indicators.returns}
    late = [
        f"{found.file} ({english.date(found.date)})"
        for found in model.indicators.returns
        if first <= found.year <= last and found.file not in in_time
    ]
    if not late:
        return []
    return [
        f"{paper.number} does not count {english.listed(late)}: they are dated after the meeting began; "
        f"to count them, write a line as_of: with a later day in {paper.place.file}"
    ]


def _introduction(model: Model, paper: Paper, plan: Plan) -> richtext.BlocksData:
    number = counted(
        indicators_of_plan(plan), "indicators", lambda each: plan.source(each.id, each.short), plan.file
    )
    indicators = english.count(number, "indicator")
    is_first = paper.year == plan.first_year
    shown = "the first year of the plan" if is_first else f"beside the years since {plan.first_year}"
    first = paragraph(
        f"The {plan.title} is tracked every year by {indicators}, from what member economies report voluntarily. "
        f"This report shows the figures of {paper.year}, {shown}, and says which economies reported them."
    )
    own = narrative(model, paper, "introduction", facts(model, paper), optional=True)
    return richtext.blocks(first, *own["blocks"])


def _by_year(model: Model, plan: Plan, year: int) -> Values:
    """Return tables and chart of the indicators against years."""
    table = by_year(model, plan, year)
    parts = in_parts(table["years"], table["rows"])
    return {
        "year_tables": [{"years": heads, "rows": rows} for heads, rows in parts],
        "chart_of_years": table["chart_of_years"],
    }


def _by_area(model: Model, plan: Plan, year: int) -> Values:
    """Return table and chart of the counted indicators against priority areas; others have no figures by area."""
    indicators, source = counted_indicators(plan), model.indicators
    if not (indicators and plan.areas):
        return {"counted": [], "areas": [], "chart_of_areas": richtext.no_chart()}
    series = [
        (area.name, [counts.of_area(source, each, area.id, area.name, year) for each in indicators])
        for area in plan.areas
    ]
    no_area = [counts.of_area(source, each, "", "no area stated", year) for each in indicators]
    rows = [{"area": name, "values": figures_in_words(figures)} for name, figures in series]
    if any(figure.reported for figure in no_area):
        # A dash: "not reported" would be wrong of an indicator whose items all state their area.
        words = [english.figure(figure) if figure.reported else "-" for figure in no_area]
        series, rows = [*series, (_NO_AREA, no_area)], [*rows, {"area": _NO_AREA, "values": words}]
    totals = [counts.total(source, each, year) for each in indicators]
    rows.append({"area": "All together", "values": figures_in_words(totals)})
    return {
        "counted": [each.short for each in indicators],
        "areas": rows,
        "chart_of_areas": chart("stacked-bar", "priority area", indicators, series),
    }


def _economy_row(model: Model, plan: Plan, economy: Economy, year: int) -> Values:
    figures = [
        counts.of_economy(model.indicators, each, economy.name, year) for each in indicators_of_plan(plan)
    ]
    return {
        "economy": economy.name,
        "return": _state(model, economy, year),
        "values": figures_in_words(figures),
    }


def _state(model: Model, economy: Economy, year: int) -> str:
    source = model.indicators
    if economy not in source.reporting(year):
        return "none"
    words = ["late" if economy in source.late(year) else "in time"]
    return ", ".join(words + (["totals only"] if economy in source.not_itemised(year) else []))


def _joint(source: Indicators, plan: Plan, year: int) -> str:
    """Return why the columns of the table of economies do not add up to the group's figures; "" without counts."""
    shared = [item for item in source.items(year) if len(item.economies) > 1]
    if not shared and not counted_indicators(plan):
        return ""
    if not shared:
        return "No item was reported by more than one economy."
    number = counts.items(source, shared, f"items reported jointly for {year}")
    cells = [cell for item in shared for cell in item.cells]
    rows = counted(cells, "rows of joint items", lambda cell: source.source_index.sources([cell])[0])
    verb = "was" if len(shared) == 1 else "were"
    return (
        f"{capitalised(english.count(number, 'item'))} {verb} reported jointly, in {english.figure(rows)} rows of the "
        "returns. Each counts once for the group and once for each economy, so that the columns add up to more than the "
        "group's figures."
    )


KIND = Kind(
    name="indicator-report",
    namespace="report",
    tags=TAGS,
    parts=("indicator-report",),
    needs=(needs.PLAN, needs.INDICATORS),
    context=context,
    narrative=Narrative(sections={"introduction": "Introduction"}, facts=facts, optional=("introduction",)),
    notices=notices,
    has_annex=True,
)
