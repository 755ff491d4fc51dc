"""The annual indicator report: returns, indicators by year, priority area and economy, and the items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.model.figures import counted
from papers.wording import counts, english, needs, target_text
from papers.wording.counts import counted_indicators, indicators_of_plan
from papers.wording.figure_markers import capitalised
from papers.wording.indicator_facts import indicator_facts
from papers.wording.indicator_method import method
from papers.wording.indicator_text import (
    ITEMS,
    RETURN_ROWS,
    by_year,
    caution,
    chart,
    figures_in_words,
    findings,
    in_parts,
    items_by_indicator,
    return_row,
    returns_in_words,
    set_aside_in_words,
    years_until,
)
from papers.wording.narrative import NamedFigures, narrative
from papers.wording.paragraphs import bullets, paragraph, paragraphs
from papers.wording.phrases import say
from papers.wording.tags import Blocks, Chart, Each, Text, Values
from papers.wording.words import Words

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
    "returns": Blocks("who reported for the year, how many were late, who gave totals only"),
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
        "the member economies that reported, or all of them, in APEC order",
        {
            "economy": Text("its name"),
            "return": Text("received, in time, late, totals only, none"),
            "values": _VALUES,
        },
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
        "returns": paragraphs(_returns(model, paper, year)),
        "return_rows": [return_row(model, when) for when in years_until(plan, year)],
        "findings": bullets(findings(model, plan, year)),
        "caution": caution(model, plan, year),
        **_by_year(model, plan, year),
        "targets": target_text.targets(model.indicators, plan, year),
        **_by_area(model, plan, year),
        "indicators": [indicator.short for indicator in indicators_of_plan(plan)],
        "economies": [_economy_row(model, paper, plan, economy) for economy in _listed(model, paper)],
        "joint": _joint(model, model.indicators, year),
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
    them = "it" if len(late) == 1 else "them"
    return [
        f"{paper.number} does not count {english.listed(late)}, dated after the meeting began; "
        f"to count {them}, write a line as_of: with a later day in {paper.place.file}"
    ]


def _returns(model: Model, paper: Paper, year: int) -> list[str]:
    naming = paper.name_economies
    not_named = [] if "missing" in naming else [year]  # otherwise the economies set aside are named
    return [*returns_in_words(model, year, naming), *set_aside_in_words(model, not_named)]


def _introduction(model: Model, paper: Paper, plan: Plan) -> richtext.BlocksData:
    number = counted(
        indicators_of_plan(plan), "indicators", lambda each: plan.source(each.id, each.short), plan.file
    )
    indicators = english.count(number, "indicator")
    year = needs.year_of(paper)
    shown = f", together with those of the years since {plan.first_year},"
    if year <= plan.first_year + 1:
        first_year = f", together with those of {plan.first_year},"
        shown = first_year if year > plan.first_year else ", the first year of the plan,"
    first = paragraph(
        f"Progress under the {plan.title} is tracked every year by {indicators}, on the basis of what member economies "
        f"report voluntarily. This report presents the figures for {year}{shown} and states which economies "
        "reported."
    )
    own = narrative(model, paper, "introduction", facts(model, paper))
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
    rows.append({"area": "Total", "values": figures_in_words(totals)})
    return {
        "counted": [each.short for each in indicators],
        "areas": rows,
        "chart_of_areas": chart("stacked-bar", plan.area_level.one, indicators, series),
    }


def _listed(model: Model, paper: Paper) -> list[Economy]:
    """Return the economies of the table in APEC order: those that reported, or all where the others are named."""
    reporting = model.indicators.reporting(needs.year_of(paper))
    names_all = "missing" in paper.name_economies
    return [economy for economy in model.register.economies if names_all or economy in reporting]


def _economy_row(model: Model, paper: Paper, plan: Plan, economy: Economy) -> Values:
    year = needs.year_of(paper)
    figures = [
        counts.of_economy(model.indicators, each, economy.name, year) for each in indicators_of_plan(plan)
    ]
    return {
        "economy": economy.name,
        "return": _state(model, paper, economy, year),
        "values": figures_in_words(figures),
    }


def _state(model: Model, paper: Paper, economy: Economy, year: int) -> str:
    source, in_time = model.indicators, "received"
    if economy not in source.reporting(year):
        return "set aside" if economy in source.not_counted(year) else "none"
    if "late" in paper.name_economies:
        in_time = "late" if economy in source.late(year) else "in time"
    return ", ".join([in_time] + (["totals only"] if economy in source.not_itemised(year) else []))


def _joint(model: Model, source: Indicators, year: int) -> str:
    """Return why the columns of the table of economies do not add up to the group's figures; "" without items."""
    shared = [item for item in source.items(year) if len(item.economies) > 1]
    if not shared:
        several = bool(source.items(year)) and len(source.reporting(year)) > 1
        return say(model, "indicator-report.no-joint-item") if several else ""
    number = counts.items(source, shared, f"items reported jointly for {year}")
    cells = [cell for item in shared for cell in item.cells]
    rows = counted(cells, "rows of joint items", source.source_index.rows)
    verb, each = ("was", "It") if len(shared) == 1 else ("were", "Each")
    return (
        f"{capitalised(english.count(number, 'item'))} {verb} reported jointly, in {english.number(rows)} rows of the "
        f"returns. {each} counts once for the group and once for each economy that reported it, so that the columns add "
        "up to more than the group's figures."
    )


WORDS = Words(tags=TAGS, context=context, facts=facts, notices=notices)
