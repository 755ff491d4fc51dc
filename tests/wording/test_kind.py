"""The kinds of papers: what their modules define."""

from __future__ import annotations

import inspect
import itertools

import pytest
from papers.store.work_files import RECEIVED
from papers.wording import cover
from papers.wording import kind as kind_module
from papers.wording.kind import ANNEX, has_annex, kinds, tags_of, templates_of

FUNCTIONS = {
    "context": ["model", "paper"],
    "narrative_sections": ["model", "paper"],
    "facts": ["model", "paper"],
    "check": ["model", "paper", "problems"],
    "notices": ["model", "paper"],
    "sources": ["model", "paper"],
}


def test_each_kind_declares_its_template_tags_parts_and_needs():
    assert {"strategic-plan", "implementation-schedule", "terms-of-reference"} <= set(kinds())
    for name, kind in kinds().items():
        assert name == kind.TEMPLATE and kind.TAGS and set(kind.PARTS) <= set(kinds())
        needs = set(itertools.chain.from_iterable(kinds()[part].NEEDS for part in kind.PARTS))
        assert needs <= set(kind.NEEDS), f"{name} does not need all that its parts need"
        assert set(tags_of(name)) == {kind.NAMESPACE, "paper"}
    assert set(tags_of("cover")) == {"cover", "paper"}
    assert tags_of("cover")["cover"] is cover.TAGS


@pytest.mark.parametrize("name", sorted(kinds()))
def test_the_functions_of_a_kind_have_the_described_parameters(name):
    kind = kinds()[name]
    assert hasattr(kind, "context")
    for function, parameters in FUNCTIONS.items():
        assert f"    {function}(" in kind_module.__doc__ or function == "context"
        if hasattr(kind, function):
            assert list(inspect.signature(getattr(kind, function)).parameters) == parameters, function


@pytest.mark.parametrize("name", sorted(kinds()))
def test_a_kind_with_sections_has_the_figures_that_they_may_name(name):
    kind = kinds()[name]
    has_sections = hasattr(kind, "NARRATIVE") or hasattr(kind, "narrative_sections")
    assert has_sections == hasattr(kind, "facts")
    assert set(getattr(kind, "OPTIONAL", ())) <= set(getattr(kind, "NARRATIVE", ()))


def test_kinds_with_counted_figures_end_with_the_template_of_the_annex():
    assert templates_of("mid-term-review")[-1] == ANNEX and has_annex("mid-term-review")
    assert ANNEX not in templates_of("agenda") and not has_annex("agenda")
    assert templates_of(RECEIVED) == ("cover",) and not has_annex(RECEIVED)
