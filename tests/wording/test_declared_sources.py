"""What a paper is made from: each input that is read while a paper is worded is among those that it declares."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from forum_tools import copy_forum
from full_forum import full_forum
from papers.wording import compose, needs
from papers.wording.compose import trace_paper
from papers.wording.kind import Kinds, kinds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.model.forum import Model
    from papers.model.meetings import Meeting, Paper

# By these an input is chosen or named: reading them takes nothing from it into a paper.
_NAMES = {"file", "files", "name", "year", "date", "id"}


def record_reads(thing: object, files: set[str]) -> None:
    """Let an object of the model add its files to `files` whenever one of its facts is read."""

    class Recorded(type(thing)):
        def __getattribute__(self, name: str) -> object:
            if not name.startswith("_") and name not in _NAMES:
                own = object.__getattribute__(self, "__dict__")
                files.update([own["file"]] if "file" in own else super().__getattribute__("files"))
            return super().__getattribute__(name)

    object.__setattr__(thing, "__class__", Recorded)


def things_with_files(model: Model) -> Iterator[object]:
    for period in model.periods.values():
        yield from (period.plan, *period.editions.values(), *period.workplans.values())
        yield from (*period.sessions.values(), *period.indicators.returns)
    yield from (model.terms, model.rotation, *model.recommendations.values())
    yield from (section for sections in model.narratives.values() for section in sections.values())


def papers_of(model: Model) -> list[tuple[Meeting, Paper]]:
    return [(meeting, paper) for meeting in model.chosen for paper in meeting.papers]


class RecordedModel:
    """A model that notices which inputs are read while a paper is worded."""

    def __init__(self, model: Model):
        self.model, self.files = model, set()
        for thing in things_with_files(model):
            record_reads(thing, self.files)

    def read_and_declared(self, meeting: Meeting, paper: Paper) -> tuple[set[str], set[str]]:
        self.files.clear()
        context, _ = trace_paper(self.model, meeting, paper)
        return {*self.files}, {*context["made_from"]}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory) -> RecordedModel:
    return RecordedModel(full_forum(copy_forum(tmp_path_factory.mktemp("full") / "forum")).model())


def test_a_paper_declares_every_input_that_is_read_for_it(recorded):
    read_by_kind = {}
    for meeting, paper in papers_of(recorded.model):
        read, declared = recorded.read_and_declared(meeting, paper)
        assert read <= declared, paper.kind
        read_by_kind[paper.kind] = read
    of_plans = {kind for kind, read in read_by_kind.items() if any("/plan-" in name for name in read)}
    assert {"strategic-plan", "work-plan", "mid-term-review", "final-review", "fora-report"} <= of_plans
    assert any("/schedule/2020" in name for name in read_by_kind["final-review"])
    assert not any("/plan-" in name for name in read_by_kind["agenda"])


@pytest.mark.parametrize("kind", ["work-plan", "updated-schedule", "final-review"])
def test_an_input_that_is_not_declared_is_noticed(recorded, kind, monkeypatch):
    own = kinds(recorded.model)
    wrong = replace(own[kind], words=replace(own[kind].words, sources=lambda model, paper: []))
    forum = Kinds(recorded.model.kind_files, {**own, kind: wrong})
    monkeypatch.setattr(compose, "kinds", lambda model: forum)
    monkeypatch.setattr(needs, "needs_of", lambda files, paper, parts: [])
    monkeypatch.setattr(compose, "files_of", lambda trace: set())  # the trace of figures declares files too
    (found,) = (pair for pair in papers_of(recorded.model) if pair[1].kind == kind)
    read, declared = recorded.read_and_declared(*found)
    assert read - declared
