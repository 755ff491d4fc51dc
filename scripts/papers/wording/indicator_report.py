"""The annual indicator report: who reported, the indicators by year, priority area and economy, and the items counted."""

from __future__ import annotations

from papers import text
from papers.model.build import Model
from papers.model.figures import Figure
from papers.model.indicators import Item
from papers.model.meetings import Paper
from papers.model.plan import Plan
from papers.reading.forms import Indicator
from papers.wording import english
from papers.wording.indicator_facts import economies_or_none, indicator_facts, indicators_of_plan
from papers.wording.indicator_method import method
from papers.wording.narrative import narrative
from papers.wording.tags import Blocks, Chart, Each, Text

TEMPLATE, NAMESPACE = "indicator-report", "report"
PARTS = ("indicator-report",)
NEEDS = ("plan", "indicators")
NARRATIVE = {"introduction": "Introduction"}
OPTIONAL = ("introduction",)
_VALUES = Each("one figure for each column: 14, or not reported")
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
    "rows": Each("the indicators", {"indicator": Text("its short name"), "values": _VALUES}),
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
        "returns": text.blocks(*(_body(words) for words in returns_in_words(model, paper.year))),
        "return_rows": [_return_row(model, year) for year in _years(plan, paper.year)],
        "findings": text.blocks(
            *(text.block(text.BULLET, text.line(w)) for w in findings(model, plan, paper.year))
        ),
        "caution": _caution(model, plan, paper.year),
        **_by_year(model, plan, paper.year),
        **_by_area(model, plan, paper.year),
        "economies": [_economy_row(model, plan, economy, paper.year) for economy in model.register.economies],
        "joint": _joint(model.indicators.items(paper.year)),
        "items": _items(model, plan, paper.year),
        "method": text.blocks(*(text.block(text.BULLET, text.line(w)) for w in method(model, paper.year))),
    }


def facts(model: Model, paper: Paper) -> dict[str, str]:
    """Figures that the introduction may name."""
    return {**model.plans[paper.plan].facts, "year": str(paper.year), **indicator_facts(model, paper.year)}


def _body(words: str) -> dict:
    return text.block(text.BODY, text.line(words))


def _years(plan: Plan, year: int) -> list[int]:
    return list(range(plan.first_year, year + 1))


def _introduction(model: Model, paper: Paper, plan: Plan) -> dict:
    indicators = english.count(len(indicators_of_plan(plan)), "indicator")
    shown = (
        "the first year of the plan"
        if paper.year == plan.first_year
        else f"beside the years since {plan.first_year}"
    )
    first = _body(
        f"The {plan.title} is tracked every year by {indicators}, from what member economies report voluntarily. "
        f"This report shows the figures of {paper.year}, {shown}, and says which economies reported them."
    )
    own = narrative(model, paper, "introduction", facts(model, paper), optional=True)
    return text.blocks(first, *own["blocks"])


def returns_in_words(model: Model, year: int) -> list[str]:
    """Two paragraphs: which economies reported and which did not; which were late or gave totals only."""
    source, of = model.indicators, len(model.register.economies)
    reporting, missing = source.reporting(year), source.not_reporting(year)
    who = f"{english.number(len(reporting))} of the {of} member economies sent in a return for {year}: "
    who = who[:1].upper() + who[1:] + f"{economies_or_none(reporting)}. "
    who += f"No return came from {economies_or_none(missing)}." if missing else "None is missing."
    late, bare = source.late(year), source.not_itemised(year)
    how = f"Late, but counted: {economies_or_none(late)}. " if late else "All returns came in time. "
    if bare:
        how += f"Totals only, without items (not itemised): {economies_or_none(bare)}."
    else:
        how += "Each return lists its items."
    return [who, how]


def _return_row(model: Model, year: int) -> dict:
    source = model.indicators
    return {
        "year": str(year),
        "received": f"{len(source.reporting(year))} of {len(model.register.economies)}",
        "late": str(len(source.late(year))),
        "totals_only": str(len(source.not_itemised(year))),
    }


def findings(model: Model, plan: Plan, year: int) -> list[str]:
    """One sentence an indicator: its figure, and the change from the year before where the plan has one."""
    return [f"{one.short}: {_finding(model, one.id, plan, year)}." for one in indicators_of_plan(plan)]


def _finding(model: Model, indicator: str, plan: Plan, year: int) -> str:
    now, before = (model.indicators.total(indicator, when) for when in (year, year - 1))
    if year == plan.first_year or not now.reported:
        return english.figure(now)
    change = english.change(before, now, year - 1, year)
    return change if before.reported else f"{english.figure(now)} ({change})"


def _caution(model: Model, plan: Plan, year: int) -> str:
    """Who reports differs from year to year, so a change need not be one of activity."""
    counts = [(len(model.indicators.reporting(when)), when) for when in _years(plan, year)]
    if len(counts) == 1:
        return "The figures show what was reported, not all that was done."
    words = english.listed([f"{count} for {when}" for count, when in counts])
    return f"The figures depend on how many economies report: {words}. They show what was reported, not all that was done."


def _figures(figures: list[Figure]) -> list[str]:
    return [english.figure(figure) for figure in figures]


def _by_year(model: Model, plan: Plan, year: int) -> dict:
    """Table and chart of the indicators against years."""
    years, indicators = _years(plan, year), indicators_of_plan(plan)
    table = {one.id: [model.indicators.total(one.id, when) for when in years] for one in indicators}
    several = len(years) > 1
    rows = [
        {
            "indicator": one.short,
            "values": _figures([*table[one.id], *([Figure.sum(table[one.id])] if several else [])]),
        }
        for one in indicators
    ]
    heads = [str(when) for when in years] + ([f"{years[0]} - {years[-1]}"] if several else [])
    series = [(str(when), [table[one.id][at].value for one in indicators]) for at, when in enumerate(years)]
    return {"years": heads, "rows": rows, "chart_of_years": _chart("column", "year", indicators, series)}


def _by_area(model: Model, plan: Plan, year: int) -> dict:
    """Table and chart of the indicators against priority areas."""
    indicators, count = indicators_of_plan(plan), model.indicators.by_area
    lines = [(area.name, [count(one.id, area.id, year) for one in indicators]) for area in plan.areas]
    unknown = [count(one.id, "", year) for one in indicators]
    lines += [(_NO_AREA, unknown)] if any(figure.reported for figure in unknown) else []
    totals = [model.indicators.total(one.id, year) for one in indicators]
    rows = [
        {"area": name, "values": _figures(figures)} for name, figures in [*lines, ("All together", totals)]
    ]
    series = [(name, [figure.value for figure in figures]) for name, figures in lines]
    return {
        "indicators": [one.short for one in indicators],
        "areas": [
            _without_missing(row, name == _NO_AREA)
            for row, name in zip(rows, [n for n, _ in lines] + [""], strict=True)
        ],
        "chart_of_areas": _chart("stacked-bar", "priority area", indicators, series),
    }


def _without_missing(row: dict, keep: bool) -> dict:
    """In the line of what no area is stated of, a figure that is not there is none that is missing."""
    return (
        {**row, "values": ["-" if v == english.NOT_REPORTED else v for v in row["values"]]} if keep else row
    )


def _chart(
    kind: str, by: str, indicators: list[Indicator], series: list[tuple[str, list[int | None]]]
) -> dict:
    said = "; ".join(
        f"{name}: "
        + ", ".join(
            f"{one.short} {english.NOT_REPORTED if v is None else v}"
            for one, v in zip(indicators, values, strict=True)
        )
        for name, values in series
    )
    height = {"column": 6.8, "stacked-bar": 8.5}[kind]  # cm: every name finds room, and the chart its page
    names = [one.short for one in indicators]
    return text.chart(kind, "", f"The indicators by {by}. {said}.", names, series, height_cm=height)


def _economy_row(model: Model, plan: Plan, economy, year: int) -> dict:
    figures = [model.indicators.by_economy(one.id, economy.name, year) for one in indicators_of_plan(plan)]
    return {"economy": economy.name, "return": _state(model, economy, year), "values": _figures(figures)}


def _state(model: Model, economy, year: int) -> str:
    source = model.indicators
    if economy not in source.reporting(year):
        return "none"
    words = ["late" if economy in source.late(year) else "in time"]
    return ", ".join(words + (["totals only"] if economy in source.not_itemised(year) else []))


def _joint(items: list[Item]) -> str:
    """Said under the table of economies, whose columns do not add up to the group's figures."""
    shared = [item for item in items if len(item.economies) > 1]
    if not shared:
        return "No item was reported by more than one economy."
    rows = sum(len(item.economies) for item in shared)
    verb = "was" if len(shared) == 1 else "were"
    return (
        f"{english.count(len(shared), 'item').capitalize()} {verb} reported jointly, in {rows} rows of the returns. Each counts "
        "once for the group and once for each economy, so that the columns add up to more than the group's figures."
    )


def _items(model: Model, plan: Plan, year: int) -> list[dict]:
    groups = []
    for one in indicators_of_plan(plan):
        items = model.indicators.items(year, one.id)
        if items:
            head = f"{one.short} ({english.count(len(items), 'item')})"
            groups.append({"indicator": head, "rows": [_item(plan, item) for item in items]})
    return groups


def _item(plan: Plan, item: Item) -> dict:
    return {
        "title": item.title,
        "area": plan.area(item.area).name,
        "date": english.date(item.date),
        "place": item.place,
        "partners": item.partners,
        "economies": _reported_by(item),
        "activity": item.activity_id,
    }


def _reported_by(item: Item) -> str:
    """Peru (row 8); the Philippines (row 12): the row of the sheet Return, from which anyone can trace it."""
    names = [e.name if len(item.economies) == 1 else e.with_article for e in item.economies]
    rows = [cell.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for cell in item.cells]
    return "; ".join(f"{name} (row {row})" for name, row in zip(names, rows, strict=True))
