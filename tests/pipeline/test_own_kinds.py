"""A forum's own kinds, templates and phrases in its folder, without any Python, built by the real pipeline."""

from __future__ import annotations

import json
import sys

import pytest
from docx import Document
from project_tools import Project, copy_project
from word_tools import copied_templates, dump, edited, paragraph_with

MINI1, MINI2 = (f"inputs/mini/meetings/{name}.yaml" for name in ("MINI1", "MINI2"))
OWN = "inputs/mini/templates"
NOTE = """namespace: note
title: "Note of {{ meeting.code }} on the {{ plan.title }}"
parts: [note, {template: implementation-schedule, if: schedule}]
entry: {plan: required, schedule: optional}
serial: 2
narrative:
  summary: {heading: "Summary for {{ forum.code }}"}
  background: {heading: Background, optional: true}
  next-steps: {heading: Next steps}
  outlook: {heading: Outlook, optional: true}
blocks: [background, summary, next-steps]
"""
PAPER = """  - number: 2019/MINI2/{serial}
    kind: note
    id: {name}
    submitted_by: [APEC Secretariat]
    plan: plan-2019-2020
"""
AGENDA = """  - number: 2019/MINI2/005
    kind: agenda
    submitted_by: [APEC Secretariat]
"""


def write(project: Project, file: str, text: str) -> None:
    path = project.root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def write_note_template(project: Project) -> None:
    """Write the template of the kind as a user does: a copy of another one, with other tags."""
    document = Document(str(project.root / "templates/terms-of-reference.docx"))
    for element in list(document.element.body)[:-1]:
        document.element.body.remove(element)
    for words, style in (
        ("{{ note.title }}", "Title"),
        ("{%p for block in note.blocks %}", "Template Tag"),
        ("{{ block.heading }}", "Heading 1"),
        ("{{p block.text }}", "Body Text"),
        ("{%p endfor %}", "Template Tag"),
        ("{{p note.outlook }}", "Body Text"),
    ):
        document.add_paragraph(words, style)
    document.save(str(project.root / OWN / "note.docx"))


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    """The miniature forum with a kind, a template and phrases of its own, built once."""
    project = copy_project(tmp_path_factory.mktemp("own") / "forum")
    write(project, f"{OWN}/note.yaml", NOTE)
    write_note_template(project)
    with edited(project.root / "templates", "agenda") as document:
        paragraph_with(document, "{{ agenda.title }}").insert_paragraph_before("As the forum likes it")
    (project.root / "templates/agenda.docx").rename(project.root / OWN / "agenda.docx")
    (project.root / "templates").joinpath("agenda.docx").write_bytes(
        (copied_templates(tmp_path_factory.mktemp("shipped")) / "agenda.docx").read_bytes()
    )
    text = (project.root / MINI2).read_text(encoding="utf-8")
    notes = PAPER.format(serial="003", name="first-note") + "    schedule: 2019\n"
    notes += PAPER.format(serial="004", name="second-note")
    write(project, MINI2, text + notes + AGENDA)
    write(
        project,
        "inputs/mini/narrative/first-note/summary.md",
        "# Summary\n\nThe work since {{ first_year }} goes well.\n",
    )
    write(project, "inputs/mini/narrative/second-note/background.md", "# Background\n\nIt began.\n")
    write(project, "inputs/mini/narrative/second-note/outlook.md", "# Outlook\n\nIt goes on.\n")
    write(project, "inputs/mini/phrases.yaml", "agenda.unknown-title: [{say: To be announced}]\n")
    write(
        project,
        "inputs/mini/plan-2019-2020/phrases.yaml",
        "agenda.unknown-title: [{say: Not of the plan of an agenda}]\n",
    )
    text = (project.root / MINI1).read_text(encoding="utf-8")
    write(project, MINI1, text.replace("    schedule: 2019\n", ""))
    run = project.build()
    assert run.code == 0, run.out + run.err
    return project


def paper(project: Project, name: str) -> str:
    return dump((project.root / "outputs/papers/2019" / name).read_bytes())


def test_a_kind_of_yaml_and_a_template_has_its_title_and_its_written_sections_in_the_order_of_its_blocks(
    project,
):
    text = paper(project, "MINI2/19_mini2_004.docx")
    assert "Note of MINI2 on the Mini WG Strategic Plan 2019 – 2020" in text
    assert text.index("It began.") < text.index("Summary for MINI") < text.index("Next steps")
    assert "It goes on." in text and "still to be supplied: narrative/second-note/summary.md" in text


def test_a_section_without_a_text_leaves_no_heading_if_it_may_be_missing(project):
    text = paper(project, "MINI2/19_mini2_003.docx")
    assert "goes well." in text and "Background" not in text


def test_an_optional_part_follows_only_where_its_condition_holds(project):
    assert "Proponent" in paper(project, "MINI2/19_mini2_003.docx")
    assert "Proponent" not in paper(project, "MINI2/19_mini2_004.docx")
    for file in ("MINI2/19_mini2_003.docx", "MINI2/19_mini2_004.docx", "MINI1/19_mini1_003.docx"):
        Document(str(project.root / "outputs/papers/2019" / file))


def test_a_strategic_plan_needs_no_schedule(project):
    text = paper(project, "MINI1/19_mini1_003.docx")
    assert "Proponent" not in text and "REVISED MINI WORKING GROUP" in text


def test_a_forum_overrides_a_template_and_a_phrase(project):
    text = paper(project, "MINI2/19_mini2_005.docx")
    assert "As the forum likes it" in text
    assert "To be announced" in text and "not known" not in text


def test_what_overrides_is_recorded_as_what_the_paper_was_made_from(project):
    provenance = json.loads(
        (project.root / "outputs/forums/mini/provenance.json").read_text(encoding="utf-8")
    )
    papers = {paper["number"]: paper for paper in provenance["papers"]}
    agenda, note = papers["2019/MINI2/005"], papers["2019/MINI2/003"]
    assert f"{OWN}/agenda.docx" in agenda["templates"] and "templates/agenda.docx" not in agenda["templates"]
    assert "inputs/mini/phrases.yaml" in agenda["inputs"]
    assert {f"{OWN}/note.docx", f"{OWN}/note.yaml"} <= {*note["templates"]}
    assert f"{OWN}/note.docx" in provenance["inputs"]


def test_a_changed_template_of_the_forum_changes_its_papers_alone(project):
    before = project.papers()
    with edited(project.root / OWN, "agenda") as document:
        paragraph_with(document, "As the forum likes it").add_run(" most")
    run = project.build()
    assert run.code == 0, run.out + run.err
    after = project.papers()
    assert [name for name in after if after[name] != before[name]] == ["2019/MINI2/19_mini2_005.docx"]
    assert "As the forum likes it most" in paper(project, "MINI2/19_mini2_005.docx")


def test_make_number_gives_a_kind_its_reserved_serial_and_refuses_no_other(project):
    text = (project.root / MINI1).read_text(encoding="utf-8")
    entry = PAPER.format(serial="x", name="third-note").replace("number: 2019/MINI2/x\n    ", "")
    write(project, MINI1, text + entry)
    run = project.run(sys.executable, "scripts/forum_papers.py", "number", "meeting=MINI1", "by=Chair")
    assert run.code == 0, run.out + run.err
    assert "2019/MINI1/002  Note of MINI1 on the Mini WG Strategic Plan" in run.out


def test_faults_of_overriding_files_name_these_files(project):
    write(
        project,
        "inputs/mini/phrases.yaml",
        "agenda.unknown-titel: []\nagenda.no-item: [{if: item > 0, say: x}]\n",
    )
    write(project, f"{OWN}/notes.txt", "x")
    run = project.build()
    assert run.code != 0
    assert "inputs/mini/phrases.yaml, line 1" in run.err and 'Did you mean "agenda.unknown-title"?' in run.err
    assert "inputs/mini/phrases.yaml, line 2" in run.err and "the unknown name item" in run.err
    assert f"{OWN}/notes.txt: found another file" in run.err
