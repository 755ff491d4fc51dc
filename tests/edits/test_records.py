"""The record of a meeting: each of its texts that is edited in the summary report comes back into its YAML file."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from document_inputs import DOCUMENT, ITEM, RECORD, add_documents
from docx.document import Document
from edit_tools import (
    compare,
    edited_copy,
    paragraph_with,
    paragraphs,
    retype,
    saved_by_libreoffice,
    words_of,
)
from project_tools import Project, copy_built, copy_of

MEETING = "inputs/mini/meetings/MINI1.yaml"
REPORT, NOISE = (f"outputs/papers/2019/MINI2/19_mini2_{name}.docx" for name in ("004", "003"))
ITEMS = """items:
  - item: "6"
    text: Members spoke of one line
      of two lines.
  - item: "7"
    text: >-
      Members read a folded text, which
      is long.
  - item: "5a"
    text: |
      Members took note of the report[^a].

      - It was *short*; and
        - clear
      - it was read by {{ attending }} economies.

      ## What followed

      Nothing.

      [^a]: The first report.
"""
TEXTS = {
    "the chair": ("the Chair of the", "the Vice-Chair of the", "chair: the Vice-Chair of the Mini"),
    "an observer": ("Pacific Islands Forum", "Pacific Islands Club", "observers: [Pacific Islands Club]"),
    "a guest": ("Harbour Institute", "Harbour Office", "guests: [Harbour Office]"),
    "a plain text": ("spoke of one", "talked of one", "    text: Members talked of one line of two lines.\n"),
    "a folded text": (
        "read a folded text",
        "heard a folded text",
        "text: >-\n      Members heard a folded text, which is long.\n",
    ),
    "a paragraph with a footnote": ("took note", "took good note", "\n      Members took good note of the report[^a].\n"),
    "an item of a list": ("It was ", "It is ", "\n      - It is *short*; and\n        - clear\n"),
    "an item with a figure": ("it was read", "it was heard", "- it was heard by {{ attending }} economies.\n"),
    "a heading": ("What followed", "What came next", "\n      ## What came next\n\n      Nothing.\n"),
    "a decision": ("agenda was adopted", "agenda was amended", "\n  - The agenda was amended.\n"),
    "a text of its own file": ("plan was endorsed by", "plan was adopted by", ""),
}  # fmt: skip


@pytest.fixture(scope="module")
def once(tmp_path_factory) -> Project:
    project = copy_built(tmp_path_factory.mktemp("records") / "forum")
    add_documents(project.root)
    project.replace(MEETING, '  - item: "5a"\n', '  - item: "5a"\n  - item: "6"\n  - item: "7"\n')
    begin = 'items:\n  - item: "5a"\n    text: Members took note of the report.\n'
    project.replace(RECORD, begin, ITEMS)
    run = project.build()
    assert run.code == 0, run.out + run.err
    return project


@pytest.fixture
def project(once, tmp_path) -> Project:
    return copy_of(once, tmp_path / "forum")


def edit_all(document: Document) -> None:
    for old, new, _ in TEXTS.values():
        retype(document, old, new)


def copy_with(project: Project, edit, paper: str = REPORT) -> Path:
    return edited_copy(project.root / paper, project.root / "mail/edited.docx", edit)


def text(project: Project, file: str = RECORD) -> str:
    return (project.root / file).read_text("utf-8")


def check_all(project: Project, file: Path) -> None:
    """Bring the edits of a copy back, and check that inputs and the next build have each of them."""
    run = compare(project, file, "--apply")
    assert f"{len(TEXTS)} changes: {len(TEXTS)} written. Run make." in run.out, run.out + run.err
    assert "plan was adopted by {{ attending }} economies." in text(project, ITEM)
    assert [name for name, (_, _, line) in TEXTS.items() if line not in text(project)] == []
    run = project.build()
    assert run.code == 0, run.err
    assert [new for _, new, _ in TEXTS.values() if new not in words_of(project.root / REPORT)] == []


def test_each_text_of_a_record_comes_back_and_the_next_build_has_it(project):
    check_all(project, copy_with(project, edit_all))


@pytest.mark.libreoffice
@pytest.mark.slow
def test_each_text_of_a_record_comes_back_from_libreoffice(project):
    (file,) = saved_by_libreoffice(project.root / "saved", [copy_with(project, edit_all)])
    check_all(project, file)


def new_paragraph(document: Document, words: str, new: str, before: bool = False) -> None:
    """Add a paragraph in the format of another, behind or before it."""
    old = paragraph_with(document, words)._p
    made = copy.deepcopy(old)
    (old.addprevious if before else old.addnext)(made)
    added = next(one for one in paragraphs(document) if one._p is made)
    added.runs[0].text = new
    for run in added.runs[1:]:
        run._r.getparent().remove(run._r)


def test_a_new_paragraph_makes_a_plain_text_one_of_several_lines(project):
    edit = lambda document: new_paragraph(document, "spoke of one line", "They agreed: all of them.")  # noqa: E731
    assert "1 change: 1 written." in compare(project, copy_with(project, edit), "--apply").out
    expected = (
        "text: |-\n      Members spoke of one line\n      of two lines.\n\n      They agreed: all of them.\n"
    )
    assert expected.replace("line\n      of", "line of") in text(project)


def test_a_new_first_paragraph_of_a_text_without_heading_comes_back(project):
    edit = lambda document: new_paragraph(document, "plan was endorsed by", "First.", before=True)  # noqa: E731
    run = compare(project, copy_with(project, edit), "--apply")
    assert "1 change: 1 written." in run.out, run.out + run.err
    assert text(project, ITEM).startswith("First.\n\nThe plan was endorsed by")


def test_a_paragraph_that_was_deleted_is_deleted_in_the_record(project):
    def edit(document: Document) -> None:
        paragraph = paragraph_with(document, "Nothing.")._p
        paragraph.getparent().remove(paragraph)

    run = compare(project, copy_with(project, edit), "--apply")
    assert "1 change: 1 written." in run.out, run.out + run.err
    assert "      ## What followed\n\n      [^a]: The first report.\n" in text(project)


def test_a_column_that_a_workbook_has_is_not_renamed(project):
    def edit(document: Document) -> None:
        next(one for one in paragraphs(document) if one.text == "Measure").runs[0].text = "Means"

    run = compare(project, copy_with(project, edit, NOISE), "--apply")
    assert "1 change: 0 written. 1 left to do by hand." in run.out, run.out + run.err
    assert "title: Measure, " in text(project, DOCUMENT)
