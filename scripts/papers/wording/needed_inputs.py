"""What a kind of paper may need, and which inputs satisfy the need of one paper.

need              what it is                                      named in the paper's entry by
plan              a Strategic Plan                                plan
schedule          an edition of the implementation schedule       schedule
edition-before    the edition before that one                     schedule
workplan          the Work Plan of a year                         year
session           the project proposals of a session              session
indicators        the returns of all years until the paper's      year
period            these returns, and the Work Plans until then    year
recommendations   the recommendations of the paper                kind and year (or session, or schedule)
terms             the Terms of Reference                          nothing, a forum has one
rotation          the rotation of Chair and hosts                 nothing, a forum has one
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.model.schedule_changes import edition_before
from papers.wording.narrative import narrative_folder

if TYPE_CHECKING:
    from papers.model.forum import Model
    from papers.model.meetings import Paper

_KEYS = {"edition-before": "schedule", "workplan": "year"}


def key_of(need: str) -> str:
    """Return the key in a paper's entry that names one of the `choices` for a need."""
    return _KEYS.get(need, need)


def choices(model: Model, need: str) -> dict:
    """Return what an entry may name for a need: name or year -> plan, edition, ..., each with its `files`.

    For needs that are satisfied by one input among several; raises KeyError for the others.
    """
    if need == "edition-before":
        older = {year: edition_before(model.editions, year) for year in model.editions}
        return {year: edition for year, edition in older.items() if edition}
    return {
        "plan": model.plans,
        "schedule": model.editions,
        "workplan": model.workplans,
        "session": model.sessions,
    }[need]


def needed_files(model: Model, paper: Paper, need: str) -> list[str]:
    """Return the input files that satisfy a need of a paper whose entry was checked."""
    if need == "terms":
        return model.terms.files
    if need == "rotation":
        return model.rotation.files
    if need == "recommendations":
        return model.recommendations[narrative_folder(paper)].files
    if need in ("indicators", "period"):
        returns = model.indicators.files(0, paper.year)
        return [*returns, *_workplans_until(model, paper.year)] if need == "period" else returns
    return choices(model, need)[getattr(paper, key_of(need))].files


def _workplans_until(model: Model, year: int) -> list[str]:
    return [plan.file for at, plan in sorted(model.workplans.items()) if at <= year]
