"""What the mid-term and the final review have in common: their tags, and the words for what the model found."""

from __future__ import annotations

from collections.abc import Iterable

from papers import text
from papers.model.build import Model
from papers.model.economies import Economy
from papers.model.meetings import Paper
from papers.model.review import Review, review
from papers.model.schedule import STATUSES, Activity
from papers.wording import english
from papers.wording.narrative import narrative
from papers.wording.tags import Blocks, Each, Line, Text

COMMON = {
    "title": Text("title over the text"),
    "summary": Blocks("executive summary, from the narrative"),
    "findings": Blocks("the findings in words, one bullet each, from the figures"),
    "mandate": Blocks("mandate and method, from the narrative"),
    "returns": Each(
        "the returns, year by year",
        {
            "year": Text("2017"),
            "received": Text("11 of 21"),
            "economies": Text("which economies reported"),
            "missing": Text("which did not"),
            "late": Text("which reported late"),
            "not_itemised": Text("which gave totals only"),
        },
    ),
    "areas": Each(
        "progress by priority area",
        {
            "heading": Text("the area's number and name"),
            "assessment": Blocks("the assessment, from the narrative"),
            "objectives": Each(
                "its objectives",
                {"text": Text("the objective"), "activities": Text("the activities that serve it, or no activity")},
            ),
            "activities": Each(
                "its activities; one row saying so where there is none",
                {
                    "activity": Text("title"),
                    "timeframe": Text("2016 - 2017"),
                    "proponents": Text("economies"),
                    "status": Text("status"),
                },
            ),
            "figures": Each(
                "the indicators in this area",
                {"indicator": Text("its short name"), "values": Each("one a year"), "total": Text("in the period")},
            ),
        },
    ),
    "years": Each("the years under review"),
    "indicators": Each(
        "the indicators against years",
        {
            "indicator": Text("its short name"),
            "values": Each("one a year"),
            "total": Text("in the period"),
            "change": Text("the change from first to last year, in words"),
        },
    ),
    "statuses": Each("activities by status", {"status": Text("status"), "count": Text("number")}),
    "schedule_changes": Blocks("what changed since the endorsed edition, one bullet each"),
    "gaps": Blocks("the gaps, one bullet each"),
    "boracay": Blocks("contribution to the Boracay Action Agenda, from the narrative"),
    "recommendations": Blocks("the recommendations, numbered, verb first"),
    "items": Each(
        "annex: the items counted",
        {
            "year": Text("year"),
            "indicator": Text("short name"),
            "area": Text("priority area"),
            "title": Text("title"),
            "economies": Text("who reported it"),
        },
    ),
    "method": Blocks("annex: how it was counted"),
}
NARRATIVE = ("executive-summary", "mandate-and-method", "boracay-action-agenda", "counting-method")


def sections_of(areas: Iterable[str]) -> tuple[str, ...]:
    """The sections of a review's narrative: the common ones and an assessment of each area."""
    return (*NARRATIVE, *(f"area-{area}" for area in areas))


def common(model: Model, paper: Paper, facts: dict[str, str]) -> dict:
    """The tags that both reviews have."""
    found = review(model, paper.plan, paper.year)
    return {
        "title": paper.title,
        "summary": narrative(model, paper, "executive-summary", facts),
        "findings": findings(model, found),
        "mandate": narrative(model, paper, "mandate-and-method", facts),
        "returns": [_returns(model, year) for year in found.years],
        "areas": _areas(model, paper, found, facts),
        "years": [str(year) for year in found.years],
        "indicators": [_indicator(model, found, indicator) for indicator in indicators(found)],
        "statuses": [{"status": s, "count": str(n)} for s, n in found.status_counts.items() if n],
        "schedule_changes": _bullets(changes_in_words(found)),
        "gaps": _bullets(gaps_in_words(found)),
        "boracay": narrative(model, paper, "boracay-action-agenda", facts),
        "recommendations": _recommendations(found),
        "items": _items(model, found),
        "method": narrative(model, paper, "counting-method", facts),
    }


def facts_of(model: Model, paper: Paper) -> dict[str, str]:
    """Figures by name for the narrative of a review."""
    found = review(model, paper.plan, paper.year)
    named = {f"schedule.{status.replace(' ', '_')}": str(n) for status, n in found.status_counts.items()}
    named |= {f"indicators.{i.id}.period": english.figure(_period(model, found, i.id)) for i in indicators(found)}
    return {
        **found.plan.facts,
        **model.indicators.facts(paper.year),
        **named,
        "schedule.activities": str(len(found.edition.activities)),
        "gaps.overdue": str(len(found.gaps.overdue)),
        "gaps.objectives": str(len(found.gaps.objectives)),
        "year": str(paper.year),
    }


def indicators(found: Review) -> list:
    return [indicator for group in found.plan.indicator_headings for indicator in group.indicators]


def _period(model: Model, found: Review, indicator: str):
    return model.indicators.period(indicator, found.years[0], found.years[-1])


def _bullets(lines: Iterable[str]) -> dict:
    return text.blocks(*(text.block(text.BULLET, text.line(words)) for words in lines))


def _names(economies: Iterable[Economy]) -> str:
    return english.economies_in_text(tuple(economies)) or "none"


def _returns(model: Model, year: int) -> dict:
    source = model.indicators
    reporting = source.reporting(year)
    return {
        "year": str(year),
        "received": f"{len(reporting)} of {len(model.register.economies)}",
        "economies": _names(reporting),
        "missing": _names(source.not_reporting(year)),
        "late": _names(source.late(year)),
        "not_itemised": _names(source.not_itemised(year)),
    }


def _areas(model: Model, paper: Paper, found: Review, facts: dict[str, str]) -> list[dict]:
    return [
        {
            "heading": f"{number}. {progress.area.name}",
            "assessment": narrative(model, paper, f"area-{progress.area.id}", facts),
            "objectives": [
                {"text": o.text, "activities": _served_by(o.activities)} for o in progress.objectives
            ],
            "activities": [activity_row(a) for a in progress.activities] or [NO_ACTIVITY],
            "figures": [_area_figures(model, found, i, progress.area.id) for i in indicators(found)],
        }
        for number, progress in enumerate(found.areas, 1)
    ]


NO_ACTIVITY = {"activity": "No activity", "timeframe": "", "proponents": "", "status": ""}


def activity_row(activity: Activity) -> dict:
    return {
        "activity": activity.title,
        "timeframe": english.years(activity.first_year, activity.last_year),
        "proponents": english.economies(activity.proponents),
        "status": activity.status,
    }


def _served_by(activities: tuple[Activity, ...]) -> str:
    if not activities:
        return "No activity"
    return f"{english.count(len(activities), 'activity').capitalize()}: " + "; ".join(a.id for a in activities)


def _area_figures(model: Model, found: Review, indicator, area: str) -> dict:
    values = [model.indicators.by_area(indicator.id, area, year) for year in found.years]
    return {
        "indicator": indicator.short,
        "values": [english.figure(value) for value in values],
        "total": english.figure(type(values[0]).sum(values)),
    }


def _indicator(model: Model, found: Review, indicator) -> dict:
    values = [model.indicators.total(indicator.id, year) for year in found.years]
    return {
        "indicator": indicator.short,
        "values": [english.figure(value) for value in values],
        "total": english.figure(type(values[0]).sum(values)),
        "change": english.change(values[0], values[-1]),
    }


def findings(model: Model, found: Review) -> dict:
    """The findings in words: each from figures, none typed."""
    last, total = found.years[-1], len(found.edition.activities)
    reporting = model.indicators.reporting(last)
    lines = [
        f"{english.count(len(reporting), 'member economy')} of {len(model.register.economies)} reported for {last}.",
        f"Of {english.count(total, 'activity')} in the schedule of {found.edition.year}, "
        + english.listed(f"{english.number(n)} {s}" for s, n in found.status_counts.items() if n)
        + ".",
    ]
    for indicator in indicators(found):
        values = [model.indicators.total(indicator.id, year) for year in found.years]
        period = english.figure(type(values[0]).sum(values))
        lines.append(f"{indicator.short}: {period} from {found.years[0]} to {last}; {english.change(values[0], values[-1])}.")
    return _bullets(line[:1].upper() + line[1:] for line in lines)


def changes_in_words(found: Review) -> list[str]:
    """One line a kind of change since the endorsed edition; one line where nothing changed."""
    lines = []
    for kind in ("added", "completed", "extended", "withdrawn", "renamed", "changed_hands"):
        those = getattr(found.since_endorsed, kind)
        if those:
            titles = "; ".join(change.activity.title for change in those)
            verb = kind.replace("_", " ").capitalize()
            lines.append(f"{verb} ({english.count(len(those), 'activity')}): {titles}.")
    return lines or [f"Nothing has changed since the edition of {found.endorsed.year}."]


def gaps_in_words(found: Review) -> list[str]:
    """One line a gap; a line that says so where there is none of its kind."""
    gaps = found.gaps
    return [
        _gap("Objectives without activity", gaps.objectives),
        _gap("Priority areas without an activity that has a project number", [a.name for a in gaps.areas]),
        _gap("Economies without any return in the period", [e.name for e in gaps.economies]),
        _gap(f"Activities past their last year by {found.year}", [a.title for a in gaps.overdue]),
    ]


def _gap(what: str, those: Iterable[str]) -> str:
    return f"{what}: {'; '.join(those) or 'none'}."


def _recommendations(found: Review) -> dict:
    those = found.recommendations
    return text.blocks(
        *(
            text.block(text.NUMBER, text.line(f"{r.text} ({r.id}; {r.to})."), start=at == 0)
            for at, r in enumerate(those)
        )
    )


def _items(model: Model, found: Review) -> list[dict]:
    areas = {area.id: area.name for area in found.plan.areas}
    shorts = {indicator.id: indicator.short for indicator in indicators(found)}
    return [
        {
            "year": str(year),
            "indicator": shorts[item.indicator],
            "area": areas[item.area],
            "title": item.title,
            "economies": english.economies(item.economies),
        }
        for year in found.years
        for item in model.indicators.items(year)
    ]


__all__ = ["COMMON", "STATUSES", "Line", "common", "facts_of", "sections_of"]
