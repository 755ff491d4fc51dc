"""The files of a new plan's folder, as text: nothing is invented, and what people have to write is marked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import yaml

from papers.inputs.yaml_nodes import TO_FILL_IN
from papers.model.schedule_changes import latest_edition
from papers.start.schedule_workbook import schedule_workbook

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from papers.inputs.plan_levels import Levels
    from papers.inputs.plan_schemas import Indicator, IndicatorHeading
    from papers.model.economies import Economy
    from papers.model.period import Period
    from papers.model.plan import Plan, PlanItem
    from papers.model.schedule import Activity

_MARKED, _OF_YEARS = ("id", "short", "text"), ("baseline", "target")  # keys of an indicator


@dataclass(frozen=True)
class Draft:
    """What the folder of a new plan is made from; `folder` is relative to the project's folder.

    `before` is the plan before, whose `deadlines` are None where it has none; `declared` are its own levels,
    tables and statuses, as plan.yaml has them; `bodies` and `statuses` are the names of those that hold for it.
    `illustrative` are the files and folders whose figures are illustrations.
    """

    folder: str
    first_year: int
    last_year: int
    before: Period
    economies: list[Economy]
    bodies: list[str]
    statuses: list[str]
    declared: Mapping[str, Any]
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
    def has_schedule(self) -> bool:
        """Whether the plan before has a schedule, so that this one begins with one too."""
        return bool(self.before.editions)

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
    texts = {"plan.yaml": _plan(draft)}
    if draft.has_schedule:
        texts["carry-over.yaml"] = _carry_over(draft)
    if draft.deadlines:
        texts["indicators/deadlines.yaml"] = _deadlines(draft)
    lines = {name: "\n".join([*text, ""]).encode() for name, text in texts.items()}
    return {**lines, **({draft.edition_file: _workbook(draft)} if draft.has_schedule else {})}


def _workbook(draft: Draft) -> bytes:
    return schedule_workbook(
        str(draft.first_year),
        draft.before.schedule_table,
        draft.carried,
        {area.id: area.name for area in draft.old_plan.areas},
        [*(economy.name for economy in draft.economies), *draft.bodies],
        draft.statuses,
        draft.old_plan.area_level,
    )


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
    yield from _words_of_its_own(old)
    yield from _declared(draft)
    first = old.area_level.many
    yield from _listed(first, [line for area in old.areas for line in _item(area, old.levels, "  ")])
    yield ""
    indicators = [line for heading in old.indicator_headings for line in _heading(heading)]
    yield from _listed("indicator_headings", indicators)
    yield ""
    yield from _reviews(old)
    yield "# The Markdown files of its text, in their order, such as - sections/1-introduction.md"
    yield "sections: []"
    if old.appendix:
        yield "# The Markdown file with the heading over its schedule, such as sections/appendix.md"
        yield f"appendix: {TO_FILL_IN}"


def _declared(draft: Draft) -> Iterator[str]:
    """Yield the levels, tables and statuses that the plan before declares."""
    for key, declared in draft.declared.items():
        text = yaml.safe_dump({key: declared}, sort_keys=False, allow_unicode=True, width=110)
        yield from (f"# The {key} as {draft.old_plan.id} declares them.", *text.splitlines(), "")


def _words_of_its_own(old: Plan) -> Iterator[str]:
    """Yield vision, mission and success factors, each if the plan before has one."""
    for key in (key for key in ("vision", "mission") if key in old.paragraphs):
        yield f"{key}: {TO_FILL_IN}"
    if old.factors:
        yield "critical_success_factors:"
        yield f"  - {TO_FILL_IN}"
    if old.paragraphs or old.factors:
        yield ""


def _reviews(old: Plan) -> Iterator[str]:
    keys = [key for key in ("mid_term", "final", "assessment_every_years") if key in old.facts]
    if keys:
        yield "reviews:"
        yield from (f"  {key}: {TO_FILL_IN}" for key in keys)
        yield ""


def _listed(key: str, lines: list[str]) -> list[str]:
    return [f"{key}:", *lines] if lines else [f"{key}: []"]


def _item(item: PlanItem, levels: Levels, indent: str) -> Iterator[str]:
    """Yield an item of the plan before, with all below it; what an item is called is to be confirmed."""
    has_name = item.level == 1 or item.name != item.text
    has_text = item.text != item.name or not has_name
    lines = [f"id: {_text(item.id)}"]
    lines += [f"name: {_marked(item.name)}"] if has_name else []
    lines += [f"text: {_marked(item.text)}"] if has_text else []
    for key, value in item.attributes.items():
        lines += _attribute(key, value) if value is not None and value != () else []
    if item.level < len(levels) and (item.level == 1 or item.children):
        below = [line for child in item.children for line in _item(child, levels, "  ")]
        lines += _listed(levels[item.level].many, below)
    elif len(lines) == 2:  # a line is enough
        lines = [f"{{{', '.join(lines)}}}"]
    yield f"{indent}- {lines[0]}"
    yield from (f"{indent}  {line}" for line in lines[1:])


def _attribute(key: str, value: tuple[str, ...] | Decimal) -> list[str]:
    if isinstance(value, tuple):
        return [f"{key}:", *(f"  - {_marked(text)}" for text in value)]
    return [f"{key}: {TO_FILL_IN}  # {value} before"]


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
