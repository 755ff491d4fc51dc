"""Received files with warnings are held back from outputs/public until their entry accepts each by its code."""

from __future__ import annotations

import json

import pytest
from forum_tools import MINI2
from ledger_tools import event
from papers.ledger.rules import Ledger
from papers.problems import Problems
from papers.public.editions import public_editions
from papers.received.intake import check_received
from project_tools import copy_project
from received_tools import ENTRY, FOLDER, add_entry, refused, send, with_body, word_paper

HIDDEN = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r></w:p>"
NUMBER = "2019/MINI2/007"


def checked(forum, monkeypatch, data: bytes):
    """Return the model after intake, the notices, and the problems."""
    forum.write(f"{FOLDER}/paper.docx", data)
    model, problems = forum.model(), Problems()
    monkeypatch.chdir(forum.root)
    return model, check_received(model, forum.root / "work", problems, "program"), problems.found


def test_a_paper_with_a_warning_is_made_but_held_back_and_the_reason_names_code_and_file(forum, monkeypatch):
    add_entry(forum)
    model, _, problems = checked(forum, monkeypatch, with_body(word_paper(), HIDDEN))
    assert model.held_back == {NUMBER: ["hidden-text"]} and problems == []
    rules = public_editions(model, {})
    assert NUMBER not in rules["papers"]
    assert "accepted_warnings: [hidden-text]" in rules["withheld"][NUMBER]
    assert MINI2 in rules["withheld"][NUMBER]


def test_an_accepted_warning_holds_nothing_back_and_stays_visible(forum, monkeypatch):
    add_entry(forum, "accepted_warnings: [hidden-text]")
    model, notices, problems = checked(forum, monkeypatch, with_body(word_paper(), HIDDEN))
    assert (model.held_back, problems) == ({}, [])
    assert NUMBER in public_editions(model, {})["papers"]
    (notice,) = [line for line in notices if "hidden text" in line]
    assert f"It is accepted in {MINI2}, line" in notice
    written = json.loads((forum.root / "work/intake/MINI2.json").read_bytes())
    assert [(one["code"], one["accepted"]) for one in written["findings"]] == [("hidden-text", True)]


def test_what_the_file_no_longer_has_cannot_stay_accepted(forum, monkeypatch):
    add_entry(forum, "accepted_warnings: [hidden-text]")
    _, _, (problem,) = checked(forum, monkeypatch, word_paper())
    assert (problem.kind, problem.place.file) == ("accepted-warning", MINI2)
    assert problem.place.line == forum.line_of(MINI2, "accepted_warnings")


def test_a_note_holds_nothing_back(forum, monkeypatch):
    add_entry(forum)
    model, notices, _ = checked(forum, monkeypatch, word_paper(language="es-PE"))
    assert model.held_back == {} and any("es-PE" in notice for notice in notices)


@pytest.mark.parametrize(
    ("stated", "held_back"),
    [("# held back hidden-text", ["hidden-text"]), ("# held back comments", []), ("# text 12", [])],
)
def test_an_issued_paper_is_held_back_only_by_what_held_it_back_when_it_was_issued(
    forum, monkeypatch, stated, held_back
):
    """A later version of the program, which finds more, does not take it off the web."""
    add_entry(forum)
    forum.write("inputs/mini/issued/2019/MINI2/19_mini2_007.sources", f"{stated}\n")
    monkeypatch.setattr(
        Ledger, "issued", lambda *_: event("issued", NUMBER, file="2019/MINI2/19_mini2_007.docx")
    )
    model, _, problems = checked(forum, monkeypatch, with_body(word_paper(), HIDDEN))
    assert (model.held_back.get(NUMBER, []), problems) == (held_back, [])


def test_only_received_papers_have_warnings_to_accept(forum):
    forum.replace(MINI2, "    submitted_by:", "    accepted_warnings: [hidden-text]\n    submitted_by:")
    assert refused(forum)[0][0] == "accepted-without-file"


@pytest.mark.parametrize("stored", ["NFC", "NFD"])
@pytest.mark.parametrize("stated", ["NFC", "NFD"])
def test_a_file_is_found_however_its_accents_are_stored(forum, stored, stated):
    from unicodedata import normalize  # noqa: PLC0415

    add_entry(forum, entry=ENTRY.replace("paper.docx", normalize(stated, "Perú.docx")))
    forum.write(f"{FOLDER}/{normalize(stored, 'Perú.docx')}", word_paper())
    (paper,) = [p for m in forum.model().meetings for p in m.papers if str(p.number) == NUMBER]
    assert (forum.root / paper.received).is_file()


@pytest.mark.slow
def test_a_build_makes_the_paper_keeps_it_from_the_public_and_says_so(tmp_path):
    project = copy_project(tmp_path / "p")
    send(project, "paper.docx", with_body(word_paper(), HIDDEN))
    run = project.build()
    assert run.code == 0, run.err
    name = "papers/2019/MINI2/19_mini2_007.docx"
    assert (project.root / "outputs" / name).is_file() and not (
        project.root / "outputs/public" / name
    ).exists()
    assert f"{NUMBER} stays out of outputs/public" in run.err and "(hidden-text)" in run.err
    project.replace(
        MINI2, "submitted_by: [Peru]", "submitted_by: [Peru]\n    accepted_warnings: [hidden-text]"
    )
    run = project.build()
    assert run.code == 0, run.err
    assert (project.root / "outputs/public" / name).is_file()
