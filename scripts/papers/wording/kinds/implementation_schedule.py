"""The implementation schedule: Appendix 1 of the plan, or a paper of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.store.work_files import UPDATED_SCHEDULE
from papers.wording import english, needs
from papers.wording.kind import Kind
from papers.wording.narrative import heading, prose
from papers.wording.tags import Blocks, Each, Line, Text, Values

if TYPE_CHECKING:
    from papers.inputs.markdown import Section
    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.model.plan import Area
    from papers.model.schedule import Activity, Edition

TAGS = {
    "heading": Line("heading over the table, with its footnote"),
    "text": Blocks("paragraphs between heading and table; usually none"),
    "areas": Each(
        "the priority areas, also those without activity",
        {
            "name": Text("its name in the schedule"),
            "rows": Each(
                "its activities; an area without any has one row of empty cells",
                {
                    "activity": Text("title of the activity"),
                    "timeframe": Text("2016 - 2017"),
                    "proponents": Text("the economies that propose it"),
                },
            ),
        },
    ),
}
_EMPTY = {"activity": "", "timeframe": "", "proponents": ""}


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`. Withdrawn activities are not listed."""
    plan, edition, section = model.plans[paper.plan], needs.edition_of(model, paper), _section(model, paper)
    usual = richtext.line(f"Implementation Schedule {edition.year}")
    return {
        "heading": heading(section, plan.facts) if section else usual,
        "text": richtext.blocks(*(prose(section, plan.facts) if section else ())),
        "areas": [
            {"name": area.in_schedule, "rows": [_row(a) for a in _listed(edition, area)] or [_EMPTY]}
            for area in plan.areas
        ],
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
    """Return the file of the text above the table."""
    section = _section(model, paper)
    return [section.file] if section else []


def _listed(edition: Edition, area: Area) -> list[Activity]:
    return [activity for activity in edition.of_area(area.id) if activity.status != "withdrawn"]


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
