"""Tracked changes: accepting all gives the newer paper, rejecting all the older one, and the files are valid."""

from __future__ import annotations

import copy
import io
import re
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from docx import Document as open_document
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml import etree
from organisation_tools import GRAMMAR
from papers.docx.package import Package
from papers.errors import UserError
from papers.redlines import engine
from papers.redlines.engine import redline
from papers.redlines.excerpt import SCHEDULE, NoSuchTable, section_with_table
from papers.redlines.pairs import ComparedPaper, Pair, find_pairs
from papers.store.work_files import UPDATED_SCHEDULE
from project_tools import ROOT, Project, Run, copy_built, copy_of, copy_project
from received_tools import packed
from tracked_changes import accepted, marks, rejected, shown
from validators import faults, sdk_errors
from word_tools import built, part, parts

SHIPPED = {
    "2017/SMEWG45/003": "2016/SMEWG43/015",
    "2018/SMEWG47/004": "2017/SMEWG45/003",
    "2019/SMEMM/004": "2018/SMEWG47/004",
    "2020/SMEMM/004": "2019/SMEMM/004",
}
MINI2 = "inputs/mini/meetings/MINI2.yaml"
REVISED = """  - number: 2019/MINI2/002
    kind: terms-of-reference
    title: Terms of Reference of the Mini Working Group
    status: (First Draft)
    submitted_by:
      - APEC Secretariat
  - number: 2019/MINI2/002rev1
"""


def version(number: str, **facts) -> ComparedPaper:
    year, meeting, serial = number.split("/")
    file = f"{year}/{meeting}/{year[2:]}_{meeting.lower()}_{serial}.docx"
    day = f"{year}-09-12T00:00:00Z"
    return replace(ComparedPaper(number, "A Title", "strategic-plan", file, "APEC Secretariat", day), **facts)


OLD = version("2018/SMEWG47/004", author="Viet Nam")
NEW = version("2018/SMEWG47/004rev1", author="Chile & Peru", date="2018-09-14T00:00:00Z")


# Which papers are compared


def test_a_revision_is_compared_with_the_newest_version_before_it():
    first, one, two = (version(f"2018/SMEWG47/004{suffix}") for suffix in ("", "rev1", "rev2"))
    assert find_pairs([two, first, one], GRAMMAR) == [Pair(first, one), Pair(one, two)]
    assert find_pairs([two, first], GRAMMAR) == [Pair(first, two)]


def test_a_revision_is_compared_with_the_issued_paper_if_that_is_no_longer_built():
    first, one = version("2018/SMEWG47/004"), version("2018/SMEWG47/004rev1", archived="issued/004rev1.docx")
    two = version("2018/SMEWG47/004rev2", revises=one)
    assert find_pairs([two], GRAMMAR) == [Pair(one, two)]
    assert find_pairs([two, first], GRAMMAR) == [Pair(one, two)]


def test_a_revision_without_its_paper_is_not_compared():
    assert find_pairs([version("2018/SMEWG47/004rev1"), version("2018/SMEWG47/005")], GRAMMAR) == []


def test_a_schedule_is_compared_with_the_newest_schedule_before_it_revised_or_not():
    plan = version("2016/SMEWG43/015", edition="2016")
    first, revised, next_year = (
        version(number, kind=UPDATED_SCHEDULE, edition=number[:4])
        for number in ("2017/SMEWG45/003", "2017/SMEWG45/003rev1", "2018/SMEWG47/004")
    )
    assert find_pairs([next_year, revised, plan, version("2016/SMEWG43/016"), first], GRAMMAR) == [
        Pair(plan, first, only_schedule=True),
        Pair(first, revised),
        Pair(revised, next_year, only_schedule=True),
    ]


def test_schedules_of_one_year_are_compared_in_the_order_of_their_editions():
    year, june, november = (
        version(f"2021/SMEWG52/00{at}", kind=UPDATED_SCHEDULE, edition=name)
        for at, name in enumerate(("2021", "2021-06", "2021-11"), 3)
    )
    assert find_pairs([november, year, june], GRAMMAR) == [
        Pair(year, june, only_schedule=True),
        Pair(june, november, only_schedule=True),
    ]


def test_the_first_schedule_is_compared_with_nothing():
    assert find_pairs([version("2017/SMEWG45/003", kind=UPDATED_SCHEDULE, edition="2017")], GRAMMAR) == []


def test_a_schedule_is_not_compared_with_a_review_of_the_same_edition():
    last_year, review = version("2019/SMEMM/004", edition="2019"), version("2020/SMEMM/002", edition="2020")
    schedule = version("2020/SMEMM/004", kind=UPDATED_SCHEDULE, edition="2020")
    assert find_pairs([last_year, review, schedule], GRAMMAR) == [
        Pair(last_year, schedule, only_schedule=True)
    ]


def test_the_file_is_named_after_the_newer_paper():
    pair = Pair(OLD, version("2019/SMEMM/004"))
    assert pair.file == "2019/SMEMM/19_smemm_004_changes.docx"
    assert pair.title == "A Title: changes since 2018/SMEWG47/004"


# Only the schedule


def test_only_the_section_of_a_schedule_is_compared():
    data = section_with_table(built(ROOT)["2017/SMEWG45/003"].read_bytes(), SCHEDULE)
    document = open_document(io.BytesIO(data))
    assert [p.text for p in document.paragraphs if p.text] == ["Implementation Schedule 2017"]
    assert len(document.tables) == 1 and len(document.sections) == 1
    assert not [name for name in parts(data) if "chart" in name or "embeddings" in name]
    notes = [note.get(qn("w:type")) for note in part(data, "word/footnotes.xml")]
    assert notes == ["separator", "continuationSeparator", None]


def test_a_paper_without_a_schedule_has_no_section_to_compare():
    with pytest.raises(NoSuchTable):
        section_with_table(built(ROOT)["2017/SMEWG45/001"].read_bytes(), SCHEDULE)


# The shipped papers


@pytest.fixture(scope="module")
def shipped(tmp_path_factory) -> Project:
    """The shipped inputs, built, with their changes."""
    project = copy_built(tmp_path_factory.mktemp("redlines") / "forum papers", ROOT)
    run = project.build("all", "changes")
    assert run.code == 0, run.out + run.err
    return project


def changes_of(project: Project, number: str) -> bytes:
    return (project.root / "outputs/changes" / Pair(version(number), version(number)).file).read_bytes()


@pytest.mark.slow
def test_exactly_the_schedules_that_follow_another_have_changes(shipped):
    folder = shipped.root / "outputs/changes"
    made = {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")}
    assert made == {Pair(version(number), version(number)).file for number in SHIPPED}


@pytest.mark.slow
@pytest.mark.parametrize("number", SHIPPED)
def test_accepting_all_gives_the_newer_schedule_and_rejecting_all_the_older_one(shipped, number):
    new, old = (
        section_with_table(built(ROOT)[name].read_bytes(), SCHEDULE) for name in (number, SHIPPED[number])
    )
    made = changes_of(shipped, number)
    assert shown(accepted(made)) == shown(new)
    assert shown(rejected(made)) == shown(old)
    assert shown(new) != shown(old)


@pytest.mark.slow
@pytest.mark.parametrize("number", SHIPPED)
def test_only_what_differs_is_marked(shipped, number):
    """An activity that both years list is not marked as deleted and inserted."""
    new, old = (
        section_with_table(built(ROOT)[name].read_bytes(), SCHEDULE) for name in (number, SHIPPED[number])
    )
    kept = Counter(map(repr, shown(new))) & Counter(map(repr, shown(old)))
    rows = sum(count for text, count in kept.items() if text.startswith("('row'"))
    marked = part(changes_of(shipped, number), "word/document.xml").iter(qn("w:tr"))
    untouched = [row for row in marked if not [e for e in row.iter() if e.get(qn("w:author"))]]
    assert len(untouched) >= rows - 1 > 0


@pytest.mark.slow
@pytest.mark.parametrize("number", SHIPPED)
def test_each_change_has_the_author_and_the_date_of_the_newer_paper_and_an_id_of_its_own(shipped, number):
    core = part(built(ROOT)[number].read_bytes(), "docProps/core.xml")
    date = core.find("{http://purl.org/dc/terms/}created").text
    found = marks(changes_of(shipped, number))
    assert {(e.get(qn("w:author")), e.get(qn("w:date"))) for e in found} <= {
        ("APEC Secretariat", date),
        ("APEC Secretariat", None),  # in the schema, a change of a grid has no date
    }
    ids = [e.get(qn("w:id")) for e in found if not e.tag.endswith("RangeStart")]
    assert len(ids) == len(set(ids)) > 10


@pytest.mark.slow
@pytest.mark.parametrize("number", SHIPPED)
def test_the_properties_say_what_the_file_is(shipped, number):
    properties = open_document(io.BytesIO(changes_of(shipped, number))).core_properties
    assert properties.title.endswith(f": changes since {SHIPPED[number]}")
    assert (properties.subject, properties.author) == (number, "APEC Secretariat")


# Edits of a whole paper, 2017/SMEWG45/003


def schedule(document: Document) -> list[etree._Element]:
    return document.tables[-1]._tbl.tr_lst


def reworded(paragraph: etree._Element, text: str) -> None:
    Paragraph(paragraph, None).runs[0].text = text


def add_a_row(document: Document) -> None:
    row = copy.deepcopy(schedule(document)[5])
    reworded(row.tc_lst[1].p_lst[0], "An activity that nobody had before")
    schedule(document)[5].addnext(row)


def remove_rows(document: Document) -> None:
    for row in schedule(document)[3:5]:
        row.getparent().remove(row)


def remove_the_first_row_of_merged_ones(document: Document) -> None:
    first, second = schedule(document)[1:3]
    second.replace(second.tc_lst[0], copy.deepcopy(first.tc_lst[0]))
    first.getparent().remove(first)


def part_merged_rows(document: Document) -> None:
    for row in schedule(document)[2:5]:
        row.tc_lst[0].tcPr.remove(row.tc_lst[0].tcPr.find(qn("w:vMerge")))
        Paragraph(row.tc_lst[0].p_lst[0], None).add_run("An area of its own")


def merge_rows_and_columns(document: Document) -> None:
    table = document.tables[2]
    table.cell(1, 1).merge(table.cell(3, 1))
    table.cell(4, 2).merge(table.cell(4, 3))


def move_a_row(document: Document) -> None:
    rows = schedule(document)
    rows[12].addnext(rows[3])


def add_a_column(document: Document) -> None:
    table = document.tables[2]
    table.add_column(800)
    for at, cell in enumerate(table.columns[-1].cells):
        cell.text = f"new {at}"


def remove_a_table(document: Document) -> None:
    document.tables[1]._tbl.getparent().remove(document.tables[1]._tbl)


def add_paragraphs_to_cells(document: Document) -> None:
    cover, table = document.tables[0], document.tables[-1]
    cover.cell(2, 0).add_paragraph("(Draft)", style=cover.cell(2, 0).paragraphs[-1].style)
    table.cell(3, 1).add_paragraph("a second paragraph")
    table.cell(4, 1).paragraphs[0].insert_paragraph_before("a first one")
    table.cell(5, 2).paragraphs[0].runs[0].text = "Something else altogether"


def notes_of(document: Document):
    return next(r.target_part for r in document.part.rels.values() if r.reltype.endswith("/footnotes"))


def change_a_footnote(document: Document) -> None:
    notes = notes_of(document)
    assert b"already completed" in notes.blob
    notes._blob = notes.blob.replace(b"already completed", b"that ended long ago")


def add_a_footnote_before_the_others(document: Document) -> None:
    note = b'<w:footnote w:id="9"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>More.</w:t></w:r></w:p></w:footnote></w:footnotes>'
    notes_of(document)._blob = notes_of(document).blob.replace(b"</w:footnotes>", note)
    reference = OxmlElement("w:footnoteReference")
    reference.set(qn("w:id"), "9")
    first_text(document).add_run()._r.append(reference)


def remove_the_footnotes(document: Document) -> None:
    for reference in list(document.element.body.iter(qn("w:footnoteReference"))):
        reference.getparent().getparent().remove(reference.getparent())


def first_text(document: Document) -> Paragraph:
    return next(p for p in document.paragraphs if p.text.startswith("This paper updates"))


def change_words_spaces_and_looks(document: Document) -> None:
    paragraph = first_text(document)
    text = paragraph.text.replace("paper", "PAPER").replace(" of the", "\N{NO-BREAK SPACE}of the")
    paragraph.runs[0].text = f"Fish & chips <b>: {text} 論文\tand\nmore"
    paragraph.runs[0].bold = True
    headings = [p for p in document.paragraphs if p.style.name == "Heading 1"]
    headings[0].style = document.styles["Body Text"]
    headings[1].insert_paragraph_before("One more point", style="List Bullet")


def change_only_a_chart(document: Document) -> None:
    chart = next(r.target_part for r in document.part.rels.values() if r.reltype.endswith("/chart"))
    assert b"<c:v>2016</c:v>" in chart.blob
    chart._blob = chart.blob.replace(b"<c:v>2016</c:v>", b"<c:v>2015</c:v>")


def split_a_paragraph_and_move_another(document: Document) -> None:
    paragraph = first_text(document)
    words, second = paragraph.text, copy.deepcopy(paragraph._p)
    paragraph.runs[0].text = words[:60]
    reworded(second, words[60:])
    paragraph._p.addnext(second)
    schedule(document)[0].getparent().addprevious(
        next(p for p in document.paragraphs if p.text.startswith("Since"))._p
    )


def add_a_text_at_the_end(document: Document) -> None:
    document.add_paragraph("The last word.")
    document.sections[-1].header.paragraphs[0].runs[0].text = "Other figures"


# Edits that do not overlap share a paper, because the start of the engine takes the time.
EDITS = {
    "an added row and a changed footnote": (add_a_row, change_a_footnote),
    "removed rows and an added column": (remove_rows, add_a_column),
    "a merged area without its first row and new words": (
        remove_the_first_row_of_merged_ones,
        change_words_spaces_and_looks,
    ),
    "merged rows parted and no footnotes": (part_merged_rows, remove_the_footnotes),
    "rows and columns merged": (merge_rows_and_columns,),
    "a moved row and a changed chart": (move_a_row, change_only_a_chart),
    "a removed table and a text at the end": (remove_a_table, add_a_text_at_the_end),
    "paragraphs added to cells": (add_paragraphs_to_cells,),
    "a footnote before the others": (add_a_footnote_before_the_others,),
    "a paragraph split and another moved": (split_a_paragraph_and_move_another,),
}


def edited(*edits: Callable[[Document], None]) -> bytes:
    document = open_document(str(built(ROOT)["2017/SMEWG45/003"]))
    for edit in edits:
        edit(document)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


@pytest.fixture(scope="module")
def redlines_of_edits() -> dict[str, tuple[bytes, bytes, bytes]]:
    """Return name of an edit, or of its reverse -> older paper, newer paper, changes."""
    unedited = edited()
    both = {name: (unedited, edited(*edits)) for name, edits in EDITS.items()}
    both |= {f"{name}, reversed": (new, old) for name, (old, new) in both.items()}
    with ThreadPoolExecutor(2) as pool:
        made = pool.map(lambda texts: redline(Pair(OLD, NEW), *texts), both.values())
        return {name: (*both[name], made) for name, made in zip(both, made, strict=True)}


@pytest.mark.slow
@pytest.mark.parametrize("direction", ["", ", reversed"])
@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_and_its_reverse_can_be_accepted_and_rejected(redlines_of_edits, edit, direction):
    old, new, made = redlines_of_edits[f"{edit}{direction}"]
    assert shown(old) != shown(new)
    assert shown(accepted(made)) == shown(new)
    assert shown(rejected(made)) == shown(old)
    assert {e.get(qn("w:author")) for e in marks(made)} == {"Chile & Peru"}


def test_two_equal_papers_have_no_change():
    same = edited()
    assert marks(redline(Pair(OLD, NEW), same, same)) == []


def with_other_parts(data: bytes, edit: Callable[[dict[str, bytes]], None]) -> bytes:
    content = parts(data)
    edit(content)
    return packed(content)


def call_the_text_document2(content: dict[str, bytes]) -> None:
    """As Word Online does."""
    for name in ("word/document.xml", "word/_rels/document.xml.rels"):
        content[name.replace("document.xml", "document2.xml")] = content.pop(name)
    for name in ("[Content_Types].xml", "_rels/.rels"):
        content[name] = content[name].replace(b"word/document.xml", b"word/document2.xml")


def link_a_picture(content: dict[str, bytes]) -> None:
    """A relation to something outside the file, which a picture shows."""
    name = "word/_rels/document.xml.rels"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    link = f'<Relationship Id="rIdX" Type="{kind}" Target="https://apec.org/a.png" TargetMode="External"/>'
    content[name] = content[name].replace(b"</Relationships>", f"{link}</Relationships>".encode())


def encode_notes_in_utf16(content: dict[str, bytes]) -> None:
    root = etree.fromstring(content["word/footnotes.xml"])
    content["word/footnotes.xml"] = etree.tostring(root, encoding="UTF-16", xml_declaration=True)


def remove_the_styles(content: dict[str, bytes]) -> None:
    del content["word/styles.xml"]
    for name in ("[Content_Types].xml", "word/_rels/document.xml.rels"):
        content[name] = re.sub(rb'<(?:Override|Relationship) [^>]*styles\.xml"[^>]*/>', b"", content[name])


@pytest.mark.parametrize(
    "edit", [call_the_text_document2, link_a_picture, encode_notes_in_utf16, remove_the_styles]
)
def test_papers_of_other_forms_are_compared(edit):
    old, new = (with_other_parts(data, edit) for data in (edited(), edited(add_a_row, add_a_text_at_the_end)))
    made = redline(Pair(OLD, NEW), old, new)
    assert marks(made)
    package = Package.read(made)
    assert "An activity that nobody had before" in "".join(package.xml(package.main).itertext())


@pytest.mark.parametrize(
    "data", [b"no zip", packed({"a.xml": b"<a/>"})], ids=["no file of Word", "another zip"]
)
def test_a_paper_that_cannot_be_read_is_one_sentence_with_both_numbers(data):
    with pytest.raises(UserError) as error:
        redline(Pair(OLD, NEW), edited(), data)
    assert str(error.value).startswith(f"{NEW.number}: found ") and OLD.number in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.slow
def test_the_same_two_papers_give_the_same_bytes_at_any_time(redlines_of_edits):
    old, new, made = redlines_of_edits["rows and columns merged"]
    assert redline(Pair(OLD, NEW), old, new) == made
    assert re.search(rb"20[0-9]{2}-[0-9]{2}-[0-9]{2}T(?!00:00:00Z)", b"".join(parts(made).values())) is None


# The files are valid


@pytest.fixture(scope="module")
def files(shipped, redlines_of_edits, tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("changes")
    for at, (_, _, made) in enumerate(redlines_of_edits.values()):
        (folder / f"{at}.docx").write_bytes(made)
    return [*sorted((shipped.root / "outputs/changes").rglob("*.docx")), *sorted(folder.iterdir())]


@pytest.mark.validator
def test_the_open_xml_sdk_finds_every_redline_valid(files):
    with ThreadPoolExecutor(2) as pool:
        errors = list(pool.map(sdk_errors, files))
    assert len(errors) > len(SHIPPED) and [found for found in errors if found] == []


@pytest.mark.slow
def test_the_other_validators_find_nothing(files):
    """A row with an inserted or deleted column has more cells than its grid; Word itself writes it so (TBL002)."""
    for file in files:
        columns = [e for e in marks(file.read_bytes()) if e.tag in (qn("w:cellIns"), qn("w:cellDel"))]
        assert [text for text in faults(file) if not (columns and "TBL002" in text)] == [], file


# Errors


def test_a_paper_without_a_date_is_an_error_that_says_where_to_add_it():
    with pytest.raises(
        UserError,
        match=r"^2018/SMEWG47/004rev1: found no date of the paper; expected .* give the paper a line date: ",
    ):
        redline(Pair(OLD, replace(NEW, date="")), b"", b"")


def test_a_schedule_whose_table_has_no_title_is_an_error_that_names_the_template():
    data = built(ROOT)["2017/SMEWG45/001"].read_bytes()
    with pytest.raises(
        UserError, match=r"found no table with the title .* templates/implementation-schedule.docx"
    ):
        redline(Pair(OLD, NEW, only_schedule=True), data, data)


def test_changes_that_the_engine_marks_wrongly_are_an_error_that_names_the_place():
    """Docxodus 14.1 does not mark a line break after a picture in the same paragraph."""

    def add_a_line_break_after_the_picture(document: Document) -> None:
        drawing = next(document.element.body.iter(qn("w:drawing")))
        Paragraph(drawing.getparent().getparent(), None).add_run().add_break()

    with pytest.raises(
        UserError, match=r'could not be marked, near ".*"; expected .* Compare .* in Word'
    ) as raised:
        redline(Pair(OLD, NEW), edited(), edited(add_a_line_break_after_the_picture))
    assert "\n" not in str(raised.value)


def test_a_file_that_is_no_paper_is_an_error_of_one_line():
    with pytest.raises(
        UserError, match=r"^2018/SMEWG47/004rev1: found no result of the comparison with 2018/SMEWG47/004 "
    ):
        redline(Pair(OLD, NEW), b"no paper", b"no paper either")


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("sleep 60", "no result within 1 s"),
        ("exit 0", "the engine ended without a result"),
        ("echo out of memory >&2; exit 137", "out of memory"),
    ],
)
def test_an_engine_that_fails_is_an_error_with_the_reason(monkeypatch, tmp_path, command, reason):
    program = tmp_path / "engine"
    program.write_text(f"#!/bin/sh\nexec sh -c '{command}'\n")
    program.chmod(0o755)
    monkeypatch.setattr(engine, "engine", lambda: SimpleNamespace(extracted_binaries_path=str(program)))
    monkeypatch.setattr(engine, "_TIMEOUT", 1)
    with pytest.raises(
        UserError,
        match=rf"^2018/SMEWG47/004rev1: found no result .* \({reason}\); expected one\. Compare .* in Word",
    ):
        redline(Pair(OLD, NEW), edited(), edited())


def test_a_missing_engine_is_an_error_that_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(engine, "DocxodusEngine", None)
    with pytest.raises(
        UserError, match=r"Found no package python-redlines, .* Delete the folder \.venv, then run make"
    ):
        engine.engine()


def test_a_folder_where_the_engine_cannot_be_unpacked_is_an_error_that_names_it(monkeypatch, tmp_path):
    (tmp_path / "share").write_text("a file where a folder is expected")
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    with pytest.raises(UserError, match=r"cannot be unpacked .*; expected a writable one\. Make it writable"):
        engine.engine()


@pytest.mark.slow
def test_jobs_that_unpack_the_engine_at_the_same_time_do_not_disturb_each_other(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    with ThreadPoolExecutor(2) as pool:
        found = {pool.submit(engine.engine).result().extracted_binaries_path for _ in range(2)}
    assert len(found) == 1 and Path(found.pop()).is_file()
    assert len(list((tmp_path / "share/redlines").iterdir())) == 1


# make changes


@dataclass(frozen=True)
class Revised:
    """The miniature forum, with a paper and its revision: built, and built again with the changes."""

    project: Project
    before: dict[str, bytes]  # the changes after the first build
    run: Run  # the second build


@pytest.fixture(scope="module")
def revised(tmp_path_factory) -> Revised:
    project = copy_built(tmp_path_factory.mktemp("revised") / "forum")
    project.replace(MINI2, "  - number: 2019/MINI2/002rev1\n", REVISED)
    assert project.build().code == 0
    before = changed_files(project)
    return Revised(project, before, project.build("all", "changes"))


@pytest.fixture
def project(revised, tmp_path) -> Project:
    return copy_of(revised.project, tmp_path / "forum")


def changed_files(project: Project) -> dict[str, bytes]:
    folder = project.root / "outputs/changes"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}


@pytest.mark.slow
def test_changes_are_written_only_on_request_and_once(revised, project):
    assert revised.before == {}
    made = changed_files(project)
    file = "2019/MINI2/19_mini2_002rev1_changes.docx"
    assert revised.run.code == 0, revised.run.err
    assert list(made) == [file]
    assert f"changes since 2019/MINI2/002: outputs/changes/{file}" in revised.run.out
    again = project.build("all", "changes")
    assert again.out.startswith("Nothing to be done") and f"outputs/changes/{file}" in again.out
    assert changed_files(project) == made


def test_the_changes_of_a_revision_are_those_of_the_whole_paper(revised):
    (made,) = changed_files(revised.project).values()
    folder = revised.project.root / "outputs/papers/2019/MINI2"
    old, new = ((folder / f"19_mini2_002{suffix}.docx").read_bytes() for suffix in ("", "rev1"))
    assert shown(accepted(made)) == shown(new)
    assert shown(rejected(made)) == shown(old)
    assert {e.get(qn("w:author")) for e in marks(made)} == {"Chair of the Mini Working Group"}
    assert {e.get(qn("w:date")) for e in marks(made)} == {"2019-09-04T00:00:00Z"}


@pytest.mark.slow
def test_changes_built_in_other_folders_and_locales_are_the_same_bytes(revised, tmp_path):
    other = copy_project(tmp_path / "far away" / "Ünïcode 論文")
    other.replace(MINI2, "  - number: 2019/MINI2/002rev1\n", REVISED)
    assert other.build("all", "changes", "--cores", "1", TZ="Asia/Kathmandu", LC_ALL="C").code == 0
    assert changed_files(revised.project) == changed_files(other) != {}


@pytest.mark.slow
def test_a_build_reports_changes_of_an_older_text(project):
    assert "older text" not in project.build().err
    project.replace(MINI2, "(First Draft)", "(Second Draft)")
    run = project.build()
    assert (
        "Note: outputs/changes/2019/MINI2/19_mini2_002rev1_changes.docx is of an older text; run make changes"
        in run.err
    )
    assert project.build("all", "changes").code == 0
    assert "older text" not in project.build().err


@pytest.mark.slow
def test_edited_changes_are_kept_and_those_of_removed_papers_are_removed(project):
    place = project.root / "outputs/changes/2019/MINI2/19_mini2_002rev1_changes.docx"
    made = place.read_bytes()
    place.write_bytes(b"my remarks")
    run = project.build("all", "changes")
    kept = place.with_stem(f"{place.stem} (edited copy 1)")
    assert (place.read_bytes(), kept.read_bytes()) == (made, b"my remarks")
    assert f"kept as {kept.name}" in run.err
    project.replace(MINI2, REVISED, "  - number: 2019/MINI2/002rev1\n")
    assert project.build().code == 0
    assert not place.exists() and kept.exists()


@pytest.mark.slow
def test_a_forum_where_no_paper_follows_another_says_so(tmp_path):
    run = copy_built(tmp_path / "forum").build("all", "changes")
    assert run.code == 0
    assert "No paper revises another one" in run.out


@pytest.mark.slow
def test_a_comparison_that_fails_leaves_the_papers_and_reports_one_line(tmp_path):
    """The revision has no date: neither its meeting nor the paper itself has one."""
    project = copy_built(tmp_path / "forum")
    project.replace(MINI2, "  - number: 2019/MINI2/002rev1\n", REVISED)
    project.replace(MINI2, "start: 2019-09-04\nend: 2019-09-05\n", "number_prefix: 2019/MINI2\n")
    run = project.build("all", "changes")
    assert "found no date of the paper" in run.err
    assert run.code == 1 and "Traceback" not in run.err
    assert run.err.count("\n  2019/MINI2/002rev1: ") == 1
    assert "Not everything was made, but" in run.err
    assert len(project.papers()) == 4 and changed_files(project) == {}


@pytest.mark.slow
def test_a_comparison_that_fails_blocks_no_other_of_its_meeting(tmp_path):
    """Of two revisions, one has no date."""
    project = copy_built(tmp_path / "forum")
    text = (project.root / MINI2).read_text(encoding="utf-8")
    entry = text[text.index("  - number: 2019/MINI2/001") : text.index("  - number: 2019/MINI2/002rev1")]
    revised = entry.replace("2019/MINI2/001", "2019/MINI2/001rev1").replace("(Draft)", "(Second Draft)")
    project.replace(MINI2, "  - number: 2019/MINI2/002rev1\n", f"{revised}{REVISED}")
    project.replace(MINI2, "start: 2019-09-04\nend: 2019-09-05\n", "number_prefix: 2019/MINI2\n")
    for _ in range(2):  # what failed is reported again
        run = project.build("all", "changes")
        assert run.code == 1 and "Traceback" not in run.err
        (line,) = [line for line in run.err.splitlines() if line.startswith("  2019/MINI2/002rev1: ")]
        assert "2019/MINI2/002 " in line
        assert [*changed_files(project)] == ["2019/MINI2/19_mini2_001rev1_changes.docx"]
