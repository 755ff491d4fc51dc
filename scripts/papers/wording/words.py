"""What computes the words of a kind: the type of `WORDS` in each module of `papers.wording.kinds`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from papers.model.forum import Model
    from papers.model.meetings import Paper
    from papers.problems import Problems
    from papers.wording.tags import Tag, Values


def _no_facts(model: Model, paper: Paper) -> dict[str, str]:
    return {}


def _no_problem(model: Model, paper: Paper, problems: Problems) -> None:
    pass


def _nothing(model: Model, paper: Paper) -> list[str]:
    return []


@dataclass(frozen=True, kw_only=True)
class Words:
    """The tags of a kind, and the functions that compute their values.

    `context` returns the value of each of `tags`, and `facts` the figures that narrative may name. `check` reports
    problems that follow from more than the needs, `notices` returns what the user should know although the
    paper can be built, and `sources` the input files that the paper is made from in addition to those of its
    needs. Raises ValueError without any tag, as every paper has a text.
    """

    tags: dict[str, Tag]
    context: Callable[[Model, Paper], Values]
    facts: Callable[[Model, Paper], Mapping[str, str]] = _no_facts
    check: Callable[[Model, Paper, Problems], None] = _no_problem
    notices: Callable[[Model, Paper], list[str]] = _nothing
    sources: Callable[[Model, Paper], list[str]] = _nothing

    def __post_init__(self) -> None:
        if not self.tags:
            raise ValueError("a kind without tags")
