"""Damaged inputs by the hundred: a share of what `make fuzz` tries, and a test for each fault that it has found."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from random import Random

import fuzz
import pytest
from forum_tools import MINI1, PLAN, SCHEDULE, SETTINGS
from fuzz_mutators import mutated
from hostile_tools import snapshot
from ledger_tools import END, event, read, write
from papers.checks.raw_findings import raw_finding
from papers.checks.run import MOST_ALIKE, limit_findings
from papers.docx.template.prepare import prepare_kind
from papers.docx.texts import Piece
from papers.problems import Problems
from papers.received.scan_docx import scan_docx
from project_tools import copy_project
from received_tools import with_part, word_paper
from schedule_tools import settings_with_titles
from word_tools import copied_templates, edited, paragraph_with, shipped_kinds, template_problems

SHARE = 60


def test_every_damaged_input_ends_in_whole_papers_or_in_messages_that_name_it():
    tried = subprocess.run(
        [sys.executable, str(Path(fuzz.__file__)), f"many={SHARE}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert tried.returncode == 0, tried.stdout + tried.stderr[-2000:]
    assert tried.stdout.endswith(f"{SHARE} damaged files, 0 of them ended wrongly.\n")


@pytest.mark.slow
def test_a_build_reports_every_damaged_input_at_once_and_writes_no_paper(tmp_path):
    project = copy_project(tmp_path / "forum")
    damaged = {SCHEDULE: 4, f"{PLAN}/sections/1-introduction.md": 0, MINI1: 0, "templates/agenda.docx": 0}
    for name, seed in damaged.items():
        file = project.root / name
        file.write_bytes(mutated(Random(f"build {seed}"), name, file.read_bytes()).data)
    before = snapshot(project.root / "inputs")
    run = project.build()
    assert run.code == 1 and "Traceback" not in run.out + run.err
    assert {re.split("[:,]", line)[0] for line in run.problems} == {*damaged}, run.err
    assert not list((project.root / "outputs/papers").rglob("*.docx"))
    assert snapshot(project.root / "inputs") == before


def test_a_column_that_the_settings_name_otherwise_is_reported_with_them(forum):
    forum.write(SETTINGS, settings_with_titles(status="State"))
    missing = next(problem for problem in forum.problems() if problem.kind == "unknown-column")
    assert missing.place.file == SCHEDULE
    assert missing.expected == 'a column "State", as inputs/mini/settings.yaml (tables) calls it'


def test_a_fault_in_the_tags_of_the_cover_is_reported_for_the_cover_and_not_for_the_paper(tmp_path):
    templates = copied_templates(tmp_path)
    with edited(templates, "cover") as document:
        paragraph_with(document, "cover.number").runs[0].text = "{% if cover.title %}{%p if cover.title %}"
    assert {problem.place.file for problem in template_problems(templates, "agenda").found} == {
        "templates/cover.docx"
    }


def test_a_template_whose_lists_are_gone_is_refused_by_its_name(tmp_path):
    templates = copied_templates(tmp_path)
    agenda = templates / "agenda.docx"
    relations = "word/_rels/document.xml.rels"
    agenda.write_bytes(
        with_part(agenda.read_bytes(), relations, lambda xml: re.sub(r"<[^<]*numbering.xml[^>]*>", "", xml))
    )
    problems = Problems()
    assert prepare_kind(templates.parent, shipped_kinds(), "agenda", None, problems) is None
    assert {problem.place.file for problem in problems.found} == {"templates/agenda.docx"}


def test_a_received_paper_with_a_part_of_no_type_is_refused():
    untyped = with_part(
        word_paper(), "[Content_Types].xml", lambda xml: xml.replace('Extension="xml"', 'Extension="xmx"')
    )
    errors = [one.found for one in scan_docx(untyped).findings if one.severity == "error"]
    assert len(errors) == 1 and errors[0].endswith("has no type"), errors


def test_an_end_of_the_ledger_that_is_no_text_is_reported_by_its_own_name(forum):
    write(forum.root, event("issued", "2019/MINI1/003"))
    forum.write(END, b"1 \xc8")
    assert [problem.place.file for problem in read(forum.root)[1]] == [END]


def test_a_cell_that_a_workbook_has_twice_is_reported(forum):
    """One program would show the first value, another the last."""
    twice = re.compile('(<c r="I2".*?</c>)', re.DOTALL)
    forum.edit_part(lambda xml: twice.sub(r'\1<c r="I2"><v>1</v></c>', xml, count=1))
    found = [(problem.kind, problem.place.file, problem.place.cell) for problem in forum.problems()]
    assert found == [("doubled-cell", SCHEDULE, "I2")]


def test_a_workbook_on_which_calamine_panics_is_reported_in_one_line_and_nothing_else_is_printed(
    forum, capfd
):
    with forum.sheet() as sheet:
        sheet["D2"].value, sheet["D2"].number_format = 7, "[h]:mm"
    forum.edit_part(lambda xml: re.sub('(<c r="D2"[^>]*><v>)[^<]*', r"\g<1>1e308", xml))
    assert [problem.place.file for problem in forum.problems()] == [SCHEDULE]
    assert capfd.readouterr().err == ""


def test_of_ten_thousand_open_brackets_the_first_hundred_are_reported():
    pieces = [
        raw_finding("open-text", Piece("", "a paragraph", f"[{n}"), f"[{n}", "none", "")
        for n in range(10_000)
    ]
    reported = limit_findings(pieces)
    assert reported[:MOST_ALIKE] == pieces[:MOST_ALIKE] and len(reported) == MOST_ALIKE + 1
    assert reported[-1].found == "more than 100 findings of this sort, as [100"


@pytest.mark.slow
def test_a_plan_whose_sections_have_no_tag_for_the_table_of_areas_is_built_without_it(tmp_path):
    project = copy_project(tmp_path / "forum")
    project.replace(f"{PLAN}/sections/2-areas.md", "{{ priority_area_table }}\n", "")
    run = project.build("papers")
    assert run.code == 0, run.err
