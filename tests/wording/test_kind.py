"""The kinds of papers and what they need."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from papers.store.work_files import RECEIVED
from papers.wording import cover, needs
from papers.wording.kind import ANNEX, Kind, Narrative, has_annex, kinds, tags_of, templates_of
from papers.wording.tags import Text

SMALLEST = {
    "name": "own-kind",
    "namespace": "own",
    "tags": {"title": Text("title of the paper")},
    "parts": ("own-kind",),
    "needs": (),
    "context": lambda model, paper: {"title": paper.title},
}


def test_each_part_of_a_kind_is_a_kind_and_the_kind_needs_all_that_its_parts_need():
    assert {"strategic-plan", "implementation-schedule", "terms-of-reference"} <= set(kinds())
    for name, kind in kinds().items():
        assert kind.name == name and set(kind.parts) <= set(kinds())
        assert {need for part in kind.parts for need in kinds()[part].needs} <= set(kind.needs), name


def test_the_tags_of_a_template_are_those_of_its_kind_and_of_every_paper():
    for name, kind in kinds().items():
        assert tags_of(name) == {kind.namespace: kind.tags, "paper": cover.PAPER_TAGS}
    assert tags_of("cover") == {"cover": cover.TAGS, "paper": cover.PAPER_TAGS}


@pytest.mark.parametrize("left_out", SMALLEST)
def test_a_kind_that_lacks_something_cannot_be_constructed(left_out):
    assert Kind(**SMALLEST).narrative is None
    with pytest.raises(TypeError, match=left_out):
        Kind(**{key: value for key, value in SMALLEST.items() if key != left_out})


@pytest.mark.parametrize(("field", "empty"), [("name", ""), ("namespace", ""), ("tags", {}), ("parts", ())])
def test_a_kind_of_which_no_paper_could_be_made_cannot_be_constructed(field, empty):
    with pytest.raises(ValueError, match=f"has no {field}"):
        Kind(**SMALLEST | {field: empty})


def test_sections_cannot_be_declared_without_the_figures_that_they_may_name():
    with pytest.raises(TypeError, match="facts"):
        Narrative(sections={"introduction": "Introduction"})


def test_a_section_that_may_be_missing_is_a_section():
    with pytest.raises(ValueError, match="outlook"):
        Narrative(sections={"summary": "Summary"}, facts=lambda model, paper: {}, optional=("outlook",))


def test_a_kind_finds_no_problem_and_has_no_notice_or_source_of_its_own_unless_it_says_so():
    kind, problems = Kind(**SMALLEST), []
    kind.check(None, None, problems)
    assert problems == kind.notices(None, None) == kind.sources(None, None) == []


def test_kinds_with_counted_figures_end_with_the_template_of_the_annex():
    assert templates_of("mid-term-review")[-1] == ANNEX and has_annex("mid-term-review")
    assert ANNEX not in templates_of("agenda") and not has_annex("agenda")
    assert templates_of(RECEIVED) == ("cover",) and not has_annex(RECEIVED)


def test_each_need_has_a_name_of_its_own_and_a_kind_that_has_it():
    declared = [value for value in vars(needs).values() if isinstance(value, needs.Need)]
    assert len(declared) == len({need.name for need in declared})
    assert set(declared) == {need for kind in kinds().values() for need in kind.needs}


def test_wording_a_paper_without_an_input_that_it_needs_stops():
    paper = SimpleNamespace(number="2018/SMEWG47/003", year=None)
    with pytest.raises(AssertionError, match="2018/SMEWG47/003 has no year"):
        needs.year_of(paper)
