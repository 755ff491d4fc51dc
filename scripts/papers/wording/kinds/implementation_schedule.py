"""The implementation schedule: Appendix 1 of the plan, or a paper of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.model.schedule_changes import edition_before
from papers.store.work_files import IMPLEMENTATION_SCHEDULE, UPDATED_SCHEDULE
from papers.wording import english, needs, schedule_table
from papers.wording.narrative import heading, prose
from papers.wording.paragraphs import paragraph
from papers.wording.phrases import say
from papers.wording.tags import Blocks, Each, Flag, Line, Merge, Share, Tag, Text, Values
from papers.wording.words import Words

if TYPE_CHECKING:
    from papers.inputs.markdown import Section
    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.model.period import CarryOver

_LOOK: dict[str, Tag] = {
    "is_right": Flag("whether it is right-aligned"),
    "is_centred": Flag("whether it is centred"),
    "share": Share("how wide the column is"),
}
_CELL: dict[str, Tag] = {
    "text": Text("what stands in it"),
    "starts": Merge("whether it begins cells that are merged vertically"),
    "continues": Merge("whether it is merged with the cell above"),
    **_LOOK,
}
TAGS = {
    "heading": Line("heading over the table, with its footnote"),
    "text": Blocks("paragraphs between heading and table; usually none"),
    "has_usual_columns": Flag("whether the columns are the shipped ones, in a plan with priority areas"),
    "columns": Each("the printed columns", {"title": Text("the head"), **_LOOK}),
    "rows": Each(
        "the activities, by priority area where that is printed; an area without any has a row of empty cells",
        {"cells": Each("one for each column", _CELL)},
    ),
}


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`. Withdrawn activities are not listed."""
    plan, edition, section = model.plans[paper.plan], needs.edition_of(model, paper), _section(model, paper)
    name = english.edition(edition.name)
    usual = richtext.line(say(model, "implementation-schedule.heading", edition=name))
    table = schedule_table.schedule_values(model.schedule_table, edition, plan)
    no_activity = "" if table["rows"] else say(model, "implementation-schedule.no-activity", edition=name)
    nothing = [paragraph(no_activity)] if no_activity else []
    text = [*(prose(section, plan.facts) if section else ()), *nothing, *_carried_over(model, paper)]
    return {
        "heading": heading(section, plan.facts) if section else usual,
        "text": richtext.blocks(*text),
        "has_usual_columns": model.schedule_table.is_shipped and bool(plan.areas),
        **table,
    }


def notices(model: Model, paper: Paper) -> list[str]:
    """Return a notice of each printed column that is narrower than its longest word."""
    plan, edition = model.plans[paper.plan], needs.edition_of(model, paper)
    return schedule_table.narrow_notices(model.schedule_table, edition, plan)


def _section(model: Model, paper: Paper) -> Section | None:
    """Return the text above the table: the edition's own, or that of the plan's appendix.

    None where there is neither, so only the usual heading. An updated schedule and a paper that annexes the schedule
    do not take the text of the appendix, which is about the first edition and has a heading of its own.
    """
    plan, edition = model.plans[paper.plan], needs.edition_of(model, paper)
    has_appendix = paper.kind != UPDATED_SCHEDULE and not _is_annexed(model, paper)
    return edition.section or (plan.appendix if has_appendix else None)


def _is_annexed(model: Model, paper: Paper) -> bool:
    """Whether the schedule is an annex of the paper."""
    parts = model.kind_files.kinds[paper.kind].form.parts
    return any(part.template == IMPLEMENTATION_SCHEDULE and part.annex for part in parts)


def sources(model: Model, paper: Paper) -> list[str]:
    """Return the files of the text above the table."""
    section, carried = _section(model, paper), _printed_carry_over(model, paper)
    return [*(section.files if section else []), *(carried.files if carried else [])]


def _printed_carry_over(model: Model, paper: Paper) -> CarryOver | None:
    """Return what the plan takes over, for a paper of this kind that presents the plan's first edition."""
    is_first = edition_before(model.editions, paper.schedule) is None
    return model.carry_over if paper.kind == IMPLEMENTATION_SCHEDULE and is_first else None


def _carried_over(model: Model, paper: Paper) -> list[richtext.BlockData]:
    """Return which activities the plan takes over from the plan before, and which it does not; often neither."""
    found = _printed_carry_over(model, paper)
    if found is None:
        return []
    taken = [f"{each.now}: {each.was.title} (earlier {each.was.id})" for each in found.activities if each.now]
    left = [f"{each.was.title} ({each.was.id}): {each.why}" for each in found.activities if not each.now]
    blocks, earlier = [], {"earlier_plan": found.plan.title}
    if taken:
        blocks += _list_under(say(model, "implementation-schedule.carried-over", **earlier), taken)
    if left:
        blocks += _list_under(say(model, "implementation-schedule.not-carried-over", **earlier), left)
    return blocks


def _list_under(sentence: str, items: list[str]) -> list[richtext.BlockData]:
    return [paragraph(sentence), *(paragraph(item, richtext.BULLET) for item in items)]


WORDS = Words(tags=TAGS, context=context, sources=sources, notices=notices)
