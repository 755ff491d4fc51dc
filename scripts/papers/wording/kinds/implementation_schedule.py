"""The implementation schedule: Appendix 1 of the plan, or a paper of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.model.schedule_changes import edition_before
from papers.store.work_files import UPDATED_SCHEDULE
from papers.wording import english, needs
from papers.wording.kind import Kind
from papers.wording.narrative import heading, prose
from papers.wording.paragraphs import paragraph
from papers.wording.tags import Blocks, Each, Line, Tag, Text, Values

if TYPE_CHECKING:
    from papers.inputs.markdown import Section
    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.model.period import CarryOver
    from papers.model.schedule import Activity

_ROW: dict[str, Tag] = {
    "activity": Text("title of the activity"),
    "timeframe": Text("2016 - 2017"),
    "proponents": Text("the economies that propose it"),
}
TAGS = {
    "heading": Line("heading over the table, with its footnote"),
    "text": Blocks("paragraphs between heading and table; usually none"),
    "areas": Each(
        "the priority areas, also those without activity; none in a plan without areas",
        {
            "name": Text("its name in the schedule"),
            "rows": Each("its activities; an area without any has one row of empty cells", _ROW),
        },
    ),
    "activities": Each("the activities of a plan without areas", _ROW),
}
_NOTHING = "The edition of {} lists no activity."
_EMPTY = {"activity": "", "timeframe": "", "proponents": ""}


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`. Withdrawn activities are not listed."""
    plan, edition, section = model.plans[paper.plan], needs.edition_of(model, paper), _section(model, paper)
    usual = richtext.line(f"Implementation Schedule {english.edition(edition.name)}")
    listed = [] if plan.areas else _listed(edition.activities)
    nothing = [] if plan.areas or listed else [paragraph(_NOTHING.format(english.edition(edition.name)))]
    text = [*(prose(section, plan.facts) if section else ()), *nothing, *_carried_over(model, paper)]
    return {
        "heading": heading(section, plan.facts) if section else usual,
        "text": richtext.blocks(*text),
        "areas": [
            {
                "name": area.in_schedule,
                "rows": [_row(a) for a in _listed(edition.of_area(area.id))] or [_EMPTY],
            }
            for area in plan.areas
        ],
        "activities": [_row(activity) for activity in listed],
    }


def _section(model: Model, paper: Paper) -> Section | None:
    """Return the text above the table: the edition's own, or that of the plan's appendix.

    None where there is neither, so only the usual heading. An updated schedule does not take the text of the
    appendix, which is about the first edition.
    """
    plan, edition = model.plans[paper.plan], needs.edition_of(model, paper)
    if paper.kind == UPDATED_SCHEDULE:
        return edition.section  # the plan's appendix is about the first edition
    return edition.section or plan.appendix


def sources(model: Model, paper: Paper) -> list[str]:
    """Return the files of the text above the table."""
    section, carried = _section(model, paper), _printed_carry_over(model, paper)
    return [*([section.file] if section else []), *(carried.files if carried else [])]


def _printed_carry_over(model: Model, paper: Paper) -> CarryOver | None:
    """Return what the plan takes over, for a paper of this kind that presents the plan's first edition."""
    is_first = edition_before(model.editions, paper.schedule) is None
    return model.carry_over if paper.kind == KIND.name and is_first else None


def _carried_over(model: Model, paper: Paper) -> list[richtext.BlockData]:
    """Return which activities the plan takes over from the plan before, and which it does not; often neither."""
    found = _printed_carry_over(model, paper)
    if found is None:
        return []
    taken = [f"{each.now}: {each.was.title} (earlier {each.was.id})" for each in found.activities if each.now]
    left = [f"{each.was.title} ({each.was.id}): {each.why}" for each in found.activities if not each.now]
    blocks = []
    if taken:
        blocks += _list_under(f"Carried over from the {found.plan.title}:", taken)
    if left:
        blocks += _list_under(f"Activities of the {found.plan.title} that are not carried over:", left)
    return blocks


def _list_under(sentence: str, items: list[str]) -> list[richtext.BlockData]:
    return [paragraph(sentence), *(paragraph(item, richtext.BULLET) for item in items)]


def _listed(activities: list[Activity]) -> list[Activity]:
    return [activity for activity in activities if activity.status != "withdrawn"]


def _row(activity: Activity) -> Values:
    return {
        "activity": activity.title,
        "timeframe": english.years(activity.first_year, activity.last_year),
        "proponents": english.economies_in_cell(activity.proponents),
    }


KIND = Kind(
    name="implementation-schedule",
    namespace="schedule",
    tags=TAGS,
    parts=("implementation-schedule",),
    needs=(needs.PLAN, needs.SCHEDULE),
    context=context,
    sources=sources,
)
