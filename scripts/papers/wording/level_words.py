"""What the items of a plan are called, as tags for the headings and heads of columns of all templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.inputs.plan_levels import DEFAULT_LEVELS
from papers.wording.tags import Tag, Text, Values

if TYPE_CHECKING:
    from papers.model.plan import Plan

NAMESPACE = "levels"
TAGS: dict[str, Tag] = {
    "area": Text("what an item of the plan's first level is called: priority area"),
    "areas": Text("what several of them are called: priority areas"),
    "area_head": Text("the name of one where a line begins: Priority area"),
    "area_heads": Text("the name of several where a line begins: Priority areas"),
    "area_title": Text("the name of one as the head of a column: Priority Area"),
    "objective_head": Text("what an item of the second level is called, where a line begins: Objective"),
    "objective_heads": Text("what several of them are called, where a line begins: Objectives"),
}


def context(plan: Plan | None) -> Values:
    """Return the values of `TAGS`, for a paper without plan those of the usual levels."""
    area, objective = (plan.area_level, plan.objective_level) if plan else DEFAULT_LEVELS
    return {
        "area": area.one,
        "areas": area.plural,
        "area_head": area.head,
        "area_heads": area.heads,
        "area_title": area.title,
        "objective_head": objective.head,
        "objective_heads": objective.heads,
    }
