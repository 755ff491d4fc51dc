"""The kinds of papers: what their files say, and what they need."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from forum_tools import MINI2, copy_forum
from papers.store.work_files import RECEIVED
from papers.wording import cover, level_words, needs
from papers.wording.kind import ANNEX
from papers.wording.tags import Text
from papers.wording.words import Words
from word_tools import shipped_kinds

OWN = "templates/own-note.yaml"
NOTE = """namespace: note
title: Note of {{ meeting.code }} for {{ year }}
parts: [own-note]
entry: {year: required, plan: optional}
serial: 7
narrative:
  summary: {heading: Summary}
  background: {heading: "Background of {{ forum.code }}", optional: true}
blocks: [background, summary]
"""
PAPER = """  - number: 2019/MINI2/007
    kind: own-note
    submitted_by: [APEC Secretariat]
    year: 2019
"""


@pytest.fixture
def with_note(tmp_path):
    """The miniature forum with a kind of its own, and a paper of this kind."""
    forum = copy_forum(tmp_path / "forum")
    forum.write(OWN, NOTE)
    forum.write(MINI2, forum.text(MINI2) + PAPER)
    return forum


def lines(forum) -> list[str]:
    return [str(problem) for problem in forum.problems()]


def test_each_part_of_a_kind_is_a_kind():
    kinds = shipped_kinds()
    assert {"strategic-plan", "implementation-schedule", "terms-of-reference"} <= set(kinds)
    for kind in kinds.values():
        assert {part.template for part in kind.parts} <= set(kinds)


def test_the_tags_of_a_template_are_those_of_its_kind_and_of_every_paper():
    kinds = shipped_kinds()
    for name, kind in kinds.items():
        shared = {"paper": cover.PAPER_TAGS, "levels": level_words.TAGS}
        assert kinds.tags_of(name) == {kind.namespace: kind.tags, **shared}
    assert kinds.tags_of("cover") == {"cover": cover.TAGS, "paper": cover.PAPER_TAGS}


def test_words_without_any_tag_are_an_error():
    with pytest.raises(ValueError, match="without tags"):
        Words(tags={}, context=lambda model, paper: {})
    words = Words(tags={"title": Text("its title")}, context=lambda model, paper: {})
    assert words.notices(None, None) == words.sources(None, None) == []


def test_kinds_with_counted_figures_end_with_the_template_of_the_annex():
    kinds = shipped_kinds()
    assert kinds.templates_of("mid-term-review")[-1] == ANNEX and kinds.has_annex("mid-term-review")
    assert ANNEX not in kinds.templates_of("agenda") and not kinds.has_annex("agenda")
    assert kinds.templates_of(RECEIVED) == ("cover",) and not kinds.has_annex(RECEIVED)


def test_each_need_has_a_name_of_its_own_and_a_kind_that_has_it():
    declared = {value.name: value for value in vars(needs).values() if isinstance(value, needs.Need)}
    listed = {need for kind in shipped_kinds().values() for need in kind.form.needs}
    assert set(needs.NEEDS) == listed
    assert set(declared) == listed | {"plan", "schedule", "session", "document", "record"}


def test_wording_a_paper_without_an_input_that_it_needs_stops():
    paper = SimpleNamespace(number="2018/SMEWG47/003", year=None)
    with pytest.raises(AssertionError, match="2018/SMEWG47/003 has no year"):
        needs.year_of(paper)


def test_a_title_that_no_entry_states_follows_the_pattern_of_the_kind(with_note):
    (paper,) = (p for meeting in with_note.model().meetings for p in meeting.papers if p.kind == "own-note")
    assert paper.title == "Note of MINI2 for 2019"


def test_an_entry_without_what_its_title_names_is_a_problem_of_its_line(with_note):
    with_note.replace(OWN, "{year: required, plan: optional}", "{year: optional}")
    text = with_note.text(MINI2)
    with_note.write(MINI2, text.removesuffix("    year: 2019\n"))
    line = with_note.line_of(MINI2, "kind: own-note")
    (problem,) = lines(with_note)
    assert problem.startswith(f"{MINI2}, line {line}")
    assert "found no title, and year, which has no value; expected a line" in problem


def test_a_key_that_the_kind_requires_is_reported_at_the_entry(with_note):
    with_note.replace(OWN, "for {{ year }}", "")
    with_note.write(MINI2, with_note.text(MINI2).removesuffix("    year: 2019\n"))
    (problem,) = lines(with_note)
    assert "found no year for this paper of kind own-note; expected a line year: ..." in problem


def test_a_key_that_the_kind_cannot_use_is_reported_at_its_line(with_note):
    with_note.write(MINI2, with_note.text(MINI2) + "    session: 2019-1\n")
    line = with_note.line_of(MINI2, "session: 2019-1")
    (problem,) = lines(with_note)
    assert problem.startswith(f"{MINI2}, line {line}")
    assert (
        "found the key session at a paper of kind own-note; expected only keys that the kind uses (year"
        in problem
    )


@pytest.mark.parametrize(
    ("old", "new", "words", "found"),
    [
        ("namespace: note", "namespce: note", "namespce", 'the unknown key "namespce"'),
        ("parts: [own-note]", "parts: [own-not]", "own-not]", 'found "own-not"'),
        (
            "parts: [own-note]",
            "parts: [own-note, {template: agenda, if: plan}]",
            "if: plan",
            "unknown name plan",
        ),
        ("{{ year }}", "{{ yaer }}", "yaer", "the unknown name yaer; expected one of"),
        ("{{ forum.code }}", "{{ forum.cod }}", "forum.cod ", "the unknown name forum.cod"),
        ("serial: 7", "needs: [termss]", "termss", 'found "termss"'),
        ("serial: 7", "words: agend", "agend", 'found "agend"'),
        ("blocks: [background", "blocks: [backgrounds", "backgrounds", 'found "backgrounds"'),
        ("namespace: note", "namespace: cover", "namespace: cover", "the namespace cover"),
        ("serial: 7", "serial: -1", "serial: -1", "the number -1"),
        (
            "  summary: {heading: Summary}",
            "  summary: {heading: S, if: \"year == '2019'\"}",
            'if: "year',
            "compared",
        ),
    ],
)
def test_a_fault_in_the_file_of_a_kind_is_reported_with_its_line_and_nothing_follows_from_it(
    with_note, old, new, words, found
):
    with_note.replace(OWN, old, new)
    line = with_note.line_of(OWN, words)
    (problem,) = lines(with_note)
    assert problem.startswith(f"{OWN}, line {line},"), problem
    assert found in problem
