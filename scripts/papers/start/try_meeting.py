"""Whether a build would accept a meeting's file: it is read as text, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from papers.inputs.folder import read_inputs
from papers.inputs.numbers_of_drafts import numbers_of_drafts
from papers.inputs.schemas import MeetingFile
from papers.inputs.yaml import Document, fit_form
from papers.inputs.yaml_nodes import parse_yaml, place_of
from papers.model.forum import build_model
from papers.problems import Problems
from papers.wording.check_papers import check_papers

if TYPE_CHECKING:
    from papers.inputs.config import Config
    from papers.inputs.folder import Inputs
    from papers.model.forum import Model
    from papers.problems import Problem


@dataclass(frozen=True)
class Trial:
    """The inputs of a forum as they are, and what they lack already: `problems`."""

    config: Config
    inputs: Inputs
    model: Model
    problems: Problems

    def problems_with(self, document: Document[MeetingFile]) -> list[Problem]:
        """Return the problems that a build has only with this meeting, instead of the one of its name."""
        inputs, found = read_inputs(Path(), self.config, Problems()), Problems()
        others = [one for one in inputs.meetings if one.name != document.name]
        inputs = replace(inputs, meetings=sorted([*others, document], key=lambda one: one.name))
        model = build_model(inputs, self.config, found)
        if model:
            check_papers(model, found)
        known = set(self.problems.found)
        return [problem for problem in dict.fromkeys(found.found) if problem not in known]


def read_trial(config: Config, problems: Problems) -> Trial | None:
    """Return the inputs of the forum with all its meetings; None and problems where they give no model."""
    config = config.model_copy(update={"meetings": "all"})
    found = Problems()
    inputs = read_inputs(Path(), config, found)
    model = build_model(inputs, config, found)
    if model is None:
        problems.include(found)
        return None
    check_papers(model, found)
    model.ledger.drafts = numbers_of_drafts(Path(), config.forum, model.grammar)
    return Trial(config, inputs, model, found)


def as_document(text: str, name: str, problems: Problems) -> Document[MeetingFile] | None:
    """Return the text of a meeting's file as one that was read; None and problems where it does not fit."""
    data, node = parse_yaml(text, name, problems)
    if data is None:
        return None
    form = fit_form(data, MeetingFile, lambda keys: [place_of(node, keys, name)], problems)
    return Document(name, form, node) if form is not None else None
