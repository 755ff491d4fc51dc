"""What titles, headings and conditions of a kind may name: the words of a paper's entry, its plan, forum and meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from papers.evaluation import ExpressionError
from papers.expressions import parse_text
from papers.inputs.kind_files import ENTRY_KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from papers.inputs.plan_schemas import PlanFile
    from papers.inputs.schemas import ForumFile, MeetingFile, PaperEntry
    from papers.model.plan import Plan

# name -> an example of its value
NAMES: dict[str, Any] = {
    **dict.fromkeys(ENTRY_KEYS, "2019"),
    "year": 2019,
    "plan": {"title": "Plan", "first_year": 2017, "last_year": 2020},
    "forum": {"code": "SMEWG", "name": "Working Group", "short_name": "Group"},
    "meeting": {"code": "SMEWG47", "name": "Meeting", "year": 2019},
}


def known_names(examples: Mapping[str, Any]) -> set[str]:
    """Return the names that an expression may use, with the fields of records: plan.title."""
    fields = {f"{name}.{key}" for name, value in examples.items() if isinstance(value, dict) for key in value}
    return fields | {name for name, value in examples.items() if not isinstance(value, dict)}


def entry_values(
    entry: PaperEntry, forum: ForumFile, meeting: MeetingFile, plan: Plan | PlanFile | None
) -> dict[str, Any]:
    """Return the values of `NAMES` for a paper; what its entry does not state is absent."""
    stated: dict[str, Any] = {key: value for key in ENTRY_KEYS if (value := getattr(entry, key)) is not None}
    stated.pop("plan", None)
    if plan:
        stated["plan"] = {
            "title": plan.title,
            "first_year": plan.first_year,
            "last_year": plan.last_year,
        }
    return {
        **stated,
        "forum": {"code": forum.code, "name": forum.name, "short_name": forum.short_name},
        "meeting": {
            "code": meeting.code,
            "name": meeting.name or forum.meeting_name,
            **({"year": meeting.start.year} if meeting.start else {}),
        },
    }


def is_usable(pattern: str) -> bool:
    """Return whether a pattern is one, and names only what titles may name."""
    try:
        return parse_text(pattern).names <= known_names(NAMES)
    except ExpressionError:
        return False


def title_by_pattern(pattern: str, values: Mapping[str, Any]) -> str:
    """Return the title of a paper whose entry states none; raise ExpressionError where a value is missing."""
    if not pattern:
        found, todo = "no title", "Write the title, or a pattern of titles after title: in the kind's file."
        raise ExpressionError("missing-title", found, "a line title: ...", todo)
    return parse_text(pattern).fill(values)
