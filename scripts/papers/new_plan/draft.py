"""The files of a new plan's folder, as text: nothing is invented, and what people have to write is marked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from papers.inputs.yaml_nodes import TO_FILL_IN
from papers.model.schedule_changes import latest_edition
from papers.new_plan.workbook import schedule_workbook

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping

    from papers.inputs.config import ScheduleColumns
    from papers.inputs.plan_schemas import Indicator, IndicatorHeading
    from papers.model.economies import Economy
    from papers.model.period import Period
    from papers.model.plan import Area, Plan
    from papers.model.schedule import Activity

_MARKED, _OF_YEARS = ("id", "short", "text"), ("baseline", "target")  # keys of an indicator


@dataclass(frozen=True)
class Draft:
    """What the folder of a new plan is made from; `folder` is relative to the project's folder.

    `before` is the plan before, whose `deadlines` are None where it has none; `titles` are those of the
    schedule's columns; `illustrative` are the files and folders whose figures are illustrations.
    """

    folder: str
    first_year: int
    last_year: int
    before: Period
    economies: list[Economy]
    titles: ScheduleColumns
    deadlines: Mapping[int, datetime.date] | None
    illustrative: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.folder.rsplit("/", 1)[1]

    @property
    def edition_file(self) -> str:
        """The workbook of the first edition, below the plan's folder."""
        return f"schedule/{self.first_year}.xlsx"

    @property
    def old_plan(self) -> Plan:
        """The plan before, which was read without a problem."""
        if self.before.plan is None:
            raise AssertionError("a plan that could not be read was reported")
        return self.before.plan

    @cached_property
    def carried(self) -> dict[str, Activity]:
        """The open activities of the last edition of the plan before, by their IDs in the new plan."""
        edition = latest_edition(self.before.editions)
        activities = edition.open_activities if edition else []
        return {f"{self.first_year}-{at:02d}": activity for at, activity in enumerate(activities, 1)}

    @property
    def is_illustrative(self) -> bool:
        """Whether the activities that are carried over are illustrations."""
        return any(a.place.file.startswith(self.illustrative) for a in self.carried.values())


def draft_files(draft: Draft) -> dict[str, bytes]:
    """Return the files by their names below the plan's folder."""
    texts = {"plan.yaml": _plan(draft), "carry-over.yaml": _carry_over(draft)}
    if draft.deadlines:
        texts["indicators/deadlines.yaml"] = _deadlines(draft)
    workbook = schedule_workbook(
        draft.first_year,
        draft.titles,
        draft.carried,
        {area.id: area.name for area in draft.old_plan.areas},
        [economy.name for economy in draft.economies],
    )
    lines = {name: "\n".join([*text, ""]).encode() for name, text in texts.items()}
    return {**lines, draft.edition_file: workbook}


def _text(words: str) -> str:
    """Return words as YAML in quotation marks: a JSON text is one, whatever is in it."""
    return json.dumps(" ".join(words.split()), ensure_ascii=False)


def _marked(words: str) -> str:
    """Return words of the plan before, which somebody has to confirm or replace."""
    return _text(f"{TO_FILL_IN}: {words}")


def _plan(draft: Draft) -> Iterator[str]:
    old = draft.old_plan
    yield f"# The plan of {draft.first_year} to {draft.last_year}. Write its words instead of each {TO_FILL_IN}. The words"
    yield f"# after {TO_FILL_IN}: are those of {old.id}: where they stay, delete the mark alone. Delete the areas,"
    yield "# objectives and indicators that this plan does not have. An id is a short name that spreadsheets and papers"
    yield "# refer to: do not change one once it is in use."
    yield f"title: {TO_FILL_IN}"
    yield f"first_year: {draft.first_year}"
    yield f"last_year: {draft.last_year}"
    yield ""
    yield f"vision: {TO_FILL_IN}"
    yield f"mission: {TO_FILL_IN}"
    yield "critical_success_factors:"
    yield f"  - {TO_FILL_IN}"
    yield ""
    yield from _listed("priority_areas", [line for area in old.areas for line in _area(area)])
    yield ""
    indicators = [line for heading in old.indicator_headings for line in _heading(heading)]
    yield from _listed("indicator_headings", indicators)
    yield ""
    yield "reviews:"
    yield f"  mid_term: {TO_FILL_IN}"
    yield f"  final: {TO_FILL_IN}"
    yield f"  assessment_every_years: {TO_FILL_IN}"
    yield ""
    yield "# The Markdown files of its text, in their order, such as - sections/1-introduction.md"
    yield "sections: []"
    yield "# The Markdown file with the heading over its schedule, such as sections/appendix.md"
    yield f"appendix: {TO_FILL_IN}"


def _listed(key: str, lines: list[str]) -> list[str]:
    return [f"{key}:", *lines] if lines else [f"{key}: []"]


def _area(area: Area) -> Iterator[str]:
    yield f"  - id: {_text(area.id)}"
    yield f"    name: {_marked(area.name)}"
    objectives = [f"      - {{id: {_text(one.id)}, text: {_marked(one.text)}}}" for one in area.objectives]
    yield from _listed("    objectives", objectives)


def _heading(heading: IndicatorHeading) -> Iterator[str]:
    yield f"  - heading: {_marked(heading.heading)}"
    yield from _listed("    indicators", [line for one in heading.indicators for line in _indicator(one)])


def _indicator(indicator: Indicator) -> Iterator[str]:
    """Yield an indicator with all its keys but the figures of single years, which are of the plan before."""
    yield f"      - id: {_text(indicator.id)}"
    yield f"        short: {_marked(indicator.short)}"
    yield f"        text: {_marked(indicator.text)}"
    others = indicator.model_dump(mode="json", exclude_defaults=True, exclude={*_MARKED, *_OF_YEARS})
    for key, value in others.items():
        yield f"        {key}: {json.dumps(value, ensure_ascii=False)}"


def _carry_over(draft: Draft) -> Iterator[str]:
    yield f"# What this plan takes over from {draft.old_plan.id}. For an activity that is not carried over, write"
    yield "# now: null, why: the reason; and delete its row in the workbook."
    yield f"from: {draft.old_plan.id}"
    lines = []
    for new, activity in draft.carried.items():
        lines += [f"  # {' '.join(activity.title.split())}", f"  - {{was: {_text(activity.id)}, now: {new}}}"]
    yield from _listed("activities", lines)


def _deadlines(draft: Draft) -> Iterator[str]:
    yield "# Until when a return is in time: the year that it reports on, and the last day. Add a line for each year."
    for year, day in sorted((draft.deadlines or {}).items()):
        yield f"# In {draft.old_plan.id}: {year}: {day}"
    yield "returns_due:"
    yield f"  {draft.first_year}: {TO_FILL_IN}"
