"""The Strategic Plan, with the implementation schedule and the Terms of Reference appended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext
from papers.model.plan import level_facts
from papers.wording.declared_tables import NO_TABLE, TABLE, narrow
from papers.wording.declared_tables import table as declared_table
from papers.wording.narrative import fill_facts, heading, named_blocks
from papers.wording.paragraphs import cell_bullets, paragraph
from papers.wording.plan_table import plan_rows, printed_columns
from papers.wording.tags import Blocks, Each, Flag, Line, Text, Values
from papers.wording.words import Words

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
        "the sections, in the order of plan.yaml; without any, what plan.yaml itself says",
        {
            "pages": Blocks("what turns the pages; nothing in a plan whose table is no landscape table"),
            "heading": Line("heading with its number, as the section's file has it"),
            "blocks": Each(
                "what stands in the section, in order",
                {
                    "text": Blocks("paragraphs and lists; nothing where the table stands"),
                    "priority_table": Flag("yes where the table of priority areas stands"),
                    "plan_table": Flag("yes where the table stands whose columns plan.yaml declares"),
                },
            ),
        },
    ),
    "has_objectives": Flag("yes where an area has objectives"),
    "areas": Each(
        "the priority areas; none where plan.yaml declares levels or columns",
        {
            "number": Text("1, 2, ..."),
            "name": Text("its name in the table"),
            "objectives": Blocks("its objectives, in the style Table Bullet"),
        },
    ),
    "landscape": Flag("yes where the table with declared columns stands on landscape pages"),
    **TABLE,
}


def context(model: Model, paper: Paper) -> Values:
    """Return the values of `TAGS`; no areas and no rows where no section has their table."""
    plan = model.plans[paper.plan]
    table_fact = level_facts(plan.area_level)[1]
    declared = has_declared_table(plan)
    sections: list[Values] = [
        {
            "pages": _pages(plan, at, [name for name, _ in parts]),
            "heading": section_heading,
            "blocks": [
                {
                    "text": richtext.blocks(*paragraphs),
                    "priority_table": name == table_fact and not declared,
                    "plan_table": name == table_fact and declared,
                }
                for name, paragraphs in parts
            ],
        }
        for at, (section_heading, parts) in enumerate(_sections(plan))
    ]
    blocks = [block for section in sections for block in section["blocks"]]
    areas = [
        {
            "number": area.number,
            "name": area.name,
            "objectives": cell_bullets(o.text for o in area.children),
        }
        for area in (plan.areas if any(block["priority_table"] for block in blocks) else ())
    ]
    has_table = any(block["plan_table"] for block in blocks)
    return {
        "title": plan.title,
        "sections": sections,
        "has_objectives": bool(plan.objectives),
        "areas": areas,
        "landscape": _is_landscape(plan),
        **(declared_table(printed_columns(plan), plan_rows(plan)) if has_table else NO_TABLE),
    }


def _is_landscape(plan: Plan) -> bool:
    return bool(plan.table and plan.table.orientation == "landscape")


def _pages(plan: Plan, at: int, parts: list[str]) -> richtext.BlocksData:
    """Return what turns the pages before a section: those of the plan's table may be landscape pages.

    The title over the first section stands on its pages.
    """
    if not _is_landscape(plan):
        return richtext.blocks()
    if level_facts(plan.area_level)[1] not in parts:
        return richtext.blocks(richtext.page(richtext.PORTRAIT))
    return richtext.blocks(richtext.page(richtext.LANDSCAPE if at else richtext.WHOLE_LANDSCAPE))


def has_declared_table(plan: Plan) -> bool:
    """Whether the plan's table is not the usual one of priority areas."""
    return plan.has_own_levels or plan.table is not None


def check(model: Model, paper: Paper, problems: Problems) -> None:
    """Report a plan of which there is nothing to print: the paper would be a title."""
    plan = model.plans[paper.plan]
    if not _sections(plan) and not paper.schedule:
        found = f"a {paper.kind} of a plan without sections"
        expected, todo = (
            f"sections in {plan.file}, which the paper prints",
            f"List them there, or write what the plan has, such as {plan.area_level.many}; or delete the paper.",
        )
        problems.add(paper.place, "no-sections", found, expected, todo)


def notices(model: Model, paper: Paper) -> list[str]:
    """Return a warning for each column of the plan's table that is too narrow."""
    plan = model.plans[paper.plan]
    if not plan.table:
        return []
    return narrow(
        printed_columns(plan), plan_rows(plan), _is_landscape(plan), plan.column_places.get("plan", [])
    )


def sources(model: Model, paper: Paper) -> list[str]:
    """Return the files of the sections and their pictures, which no other kind prints."""
    return [file for section in model.plans[paper.plan].sections for file in section.files]


Parts = list[tuple[str, "Paragraphs"]]


def _sections(plan: Plan) -> list[tuple[richtext.LineData, Parts]]:
    """Return heading and parts of each section; without sections, one for each thing that plan.yaml states."""
    facts = _block_facts(plan)
    if plan.sections:
        return [
            (heading(section, plan.facts), named_blocks(section, plan.facts, facts))
            for section in plan.sections
        ]
    table = level_facts(plan.area_level)[1]
    stated: list[tuple[str, str, object]] = [
        ("Vision", "vision", "vision" in plan.paragraphs),
        ("Mission", "mission", "mission" in plan.paragraphs),
        ("Critical success factors", "critical_success_factors", plan.factors),
        (plan.area_level.heads, table, plan.areas),
        ("Indicators", "indicators", plan.indicator_headings),
    ]
    return [(richtext.line(words), [(name, facts[name]())]) for words, name, has in stated if has]


def _block_facts(plan: Plan) -> dict[str, Callable[[], Paragraphs]]:
    """Return the facts that are whole paragraphs: name -> function that returns them."""
    list_fact, table_fact = level_facts(plan.area_level)
    return {
        "vision": lambda: _paragraphs([plan.paragraphs["vision"]], richtext.BODY, plan),
        "mission": lambda: _paragraphs([plan.paragraphs["mission"]], richtext.BODY, plan),
        "critical_success_factors": lambda: _paragraphs(plan.factors, richtext.BULLET, plan),
        list_fact: lambda: [paragraph(area.in_list, richtext.BULLET) for area in plan.areas],
        table_fact: list,
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


WORDS = Words(tags=TAGS, context=context, check=check, notices=notices, sources=sources)
