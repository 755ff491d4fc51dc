"""The Strategic Plan, with the implementation schedule and the Terms of Reference appended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.wording import needs
from papers.wording.kind import Kind
from papers.wording.narrative import fill_facts, heading, named_blocks
from papers.wording.paragraphs import cell_bullets, paragraph
from papers.wording.tags import Blocks, Each, Flag, Line, Text, Values

if TYPE_CHECKING:
    from collections.abc import Callable

    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.model.plan import Plan
    from papers.problems import Problems
    from papers.wording.narrative import Paragraphs

TAGS = {
    "title": Text("title over the text"),
    "sections": Each(
        "the sections, in the order of plan.yaml",
        {
            "heading": Line("heading with its number, as the section's file has it"),
            "blocks": Each(
                "what stands in the section, in order",
                {
                    "text": Blocks("paragraphs and lists; nothing where the table stands"),
                    "priority_table": Flag("yes where the table of priority areas stands"),
                },
            ),
        },
    ),
    "has_objectives": Flag("yes where an area has objectives"),
    "areas": Each(
        "the priority areas",
        {
            "number": Text("1, 2, ..."),
            "name": Text("its name in the table"),
            "objectives": Blocks("its objectives, in the style Table Bullet"),
        },
    ),
}
_TABLE = "priority_area_table"


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`; no areas where no section has their table."""
    plan = model.plans[paper.plan]
    sections: list[Values] = [
        {
            "heading": heading(section, plan.facts),
            "blocks": [
                {"text": richtext.blocks(*paragraphs), "priority_table": name == _TABLE}
                for name, paragraphs in named_blocks(section, plan.facts, _block_facts(plan))
            ],
        }
        for section in plan.sections
    ]
    has_table = any(block["priority_table"] for section in sections for block in section["blocks"])
    areas = [
        {
            "number": str(number),
            "name": area.name,
            "objectives": cell_bullets(o.text for o in area.objectives),
        }
        for number, area in enumerate(plan.areas if has_table else (), 1)
    ]
    return {
        "title": plan.title,
        "sections": sections,
        "has_objectives": bool(plan.objectives),
        "areas": areas,
    }


def check(model: Model, paper: Paper, problems: Problems) -> None:
    """Report a plan without sections: the paper would be a title."""
    plan = model.plans[paper.plan]
    if not plan.sections:
        found = f"a {paper.kind} of a plan without sections"
        expected, todo = (
            f"sections in {plan.file}, which the paper prints",
            "List them there, or delete the paper.",
        )
        problems.add(paper.place, "no-sections", found, expected, todo)


def sources(model: Model, paper: Paper) -> list[str]:
    """Return the files of the sections, which no other kind prints."""
    return [section.file for section in model.plans[paper.plan].sections]


def _block_facts(plan: Plan) -> dict[str, Callable[[], Paragraphs]]:
    """Return the facts that are whole paragraphs: name -> function that returns them."""
    return {
        "vision": lambda: _paragraphs([plan.paragraphs["vision"]], richtext.BODY, plan),
        "mission": lambda: _paragraphs([plan.paragraphs["mission"]], richtext.BODY, plan),
        "critical_success_factors": lambda: _paragraphs(plan.factors, richtext.BULLET, plan),
        "priority_area_list": lambda: [paragraph(area.in_list, richtext.BULLET) for area in plan.areas],
        _TABLE: list,
        "indicators": lambda: _indicators(plan),
    }


def _paragraphs(lines: list[list[richtext.Run]], style: str, plan: Plan) -> Paragraphs:
    return [richtext.block(style, {"line": fill_facts(runs, plan.facts)}) for runs in lines]


def _indicators(plan: Plan) -> Paragraphs:
    found = []
    for group in plan.indicator_headings:
        found.append(paragraph(group.heading, richtext.BULLET))
        found += [paragraph(indicator.text, richtext.BULLET_2) for indicator in group.indicators]
    return found


KIND = Kind(
    name="strategic-plan",
    namespace="plan",
    tags=TAGS,
    parts=("strategic-plan", "implementation-schedule", "terms-of-reference"),
    needs=(needs.PLAN, needs.SCHEDULE, needs.TERMS),
    context=context,
    check=check,
    sources=sources,
)
