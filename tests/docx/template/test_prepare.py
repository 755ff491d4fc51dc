"""A template that would damage a paper is refused, with the place in Word, what was found, what is expected, what to do."""

from __future__ import annotations

import copy
import zipfile
from contextlib import chdir

import prepare
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, Twips
from ooxml_integrity import check
from papers.docx.fill import FillError, Prepared
from papers.docx.template.prepare import prepare_kind
from papers.docx.texts import read_texts
from papers.job import call
from papers.problems import Problem, Problems
from papers.richtext import block, blocks, line
from word_tools import (
    GOLDEN,
    TEMPLATES,
    check_golden,
    copied_templates,
    dump,
    edited,
    filled,
    paragraph_with,
    part,
    parts,
    png,
    prepared,
    retyped,
    sample_paper,
    shipped_kinds,
    styled,
    template_problems,
    words,
)

KIND = "implementation-schedule"
COVER, SCHEDULE = "templates/cover.docx", f"templates/{KIND}.docx"


@pytest.fixture
def templates(tmp_path):
    return copied_templates(tmp_path)


def only(templates) -> Problem:
    """The only problem of the templates."""
    problems = template_problems(templates)
    assert len(set(problems.found)) == 1, problems.lines()
    return problems.found[0]


def seen(problem: Problem) -> tuple[str, str, str]:
    return problem.place.file, problem.place.part, problem.kind


def element(tag: str, **attributes: str):
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in TEMPLATES.glob("*.docx") if path.name[0] != "~")
)
def test_each_template_is_as_reviewed(name, request):
    text = dump((TEMPLATES / f"{name}.docx").read_bytes())
    check_golden(f"templates/{name}.txt", text, request.config.getoption("--golden"))


def test_no_golden_text_is_left_of_a_template_that_was_removed():
    golden = {file.stem for file in (GOLDEN / "templates").glob("*.txt")}
    assert golden == {file.stem for file in TEMPLATES.glob("*.docx") if file.name[0] != "~"}


def test_the_shipped_templates_are_right(templates):
    for kind in (KIND, "strategic-plan", "terms-of-reference"):
        assert not template_problems(templates, kind)


# A wrong tag in a paragraph of the body: the new text, the kind of the problem, and a part of its message.
WRONG = {
    "an unknown tag": ("{{ cover.tittle }}", "unknown-tag", 'Did you mean "cover.title"?'),
    "an unknown namespace": ("{{ plan.title }}", "unknown-tag", "expected one of cover, paper"),
    "a name alone": ("{{ cover }}", "tag-kind", "expected a tag with text"),
    "a list as text": ("{{ cover.host_mark }}", "tag-kind", "expected a tag with text"),
    "marked text as plain": ("{{ cover.meeting }}", "tag-kind", "expected {{r cover.meeting }}"),
    "plain text as marked": ("{{r cover.title }}", "tag-kind", "expected {{ cover.title }}"),
    "plain text as paragraphs": ("{{p cover.title }}", "tag-kind", "expected {{ cover.title }}"),
    "a tag that joins lines in the middle of one": (
        "Title {%- if cover.title %}x{% endif %}",
        "tag-place",
        "only where a line or paragraph to be joined is before it",
    ),
    "an empty tag": ("{{  }}", "tag-syntax", "a name such as cover.title"),
    "half a tag": ("{{ cover.title", "tag-half", "Complete the tag"),
    "the other half": ("cover.title }}", "tag-half", "Complete the tag"),
    "half a comment": ("{# cover.title", "tag-half", "Complete the tag"),
    "one brace": ("{{ cover.title }", "tag-half", '"{{ cover.title }"'),
    "an unknown filter": ("{{ cover.title|uper }}", "expression-filter", 'Did you mean "upper"?'),
    "a filter of marked text": ("{{ cover.meeting|upper }}", "tag-expression", "styled text before |upper"),
    "a filter of the program": ("{{ cover.title|runs(0) }}", "expression-filter", "the filter |runs"),
    "a call": ("{{ cover.title.upper() }}", "expression-feature", "a call of upper()"),
    "an index": ("{{ cover.host_mark[0] }}", "expression-feature", "a number or name in square brackets"),
    "a sum": ("{{ cover.title + cover.title }}", "expression-feature", "found +"),
    "a way into Python": (
        "{{ ''.__class__.__mro__ }}",
        "unknown-tag",
        "the unknown field __class__ of a text",
    ),
    "a text compared with a number": ("{% if cover.title > 3 %}{% endif %}", "tag-expression", "|int"),
    "a list where text is shown": ("{{ cover.host_mark|default('x') }}", "tag-kind", "a tag with text"),
    "an attribute of a text": ("{{ cover.title.__class__ }}", "unknown-tag", "cover.title.__class__"),
    "an attribute of a namespace": ("{{ cover.__init__ }}", "unknown-tag", "cover.__init__"),
    "a macro": ("{% macro x() %}", "unknown-tag", "Repeat the tags where they are needed"),
    "an included file": ("{% include 'passwords' %}", "unknown-tag", "Copy the text into the template"),
    "a name set in a condition": (
        "{% if cover.title %}{% set x = 1 %}{% endif %}",
        "tag-place",
        "{% set x = x if condition else y %}",
    ),
    "a set name that hides a tag": ("{% set cover = 1 %}", "tag-syntax", "hides cover"),
    "a loop with two names": (
        "{% for a, b in cover.host_mark %}{% endfor %}",
        "tag-syntax",
        "with two names",
    ),
    "a loop with a condition": (
        "{% for a in cover.host_mark if a %}{% endfor %}",
        "tag-syntax",
        "Put {% if ... %} into the loop",
    ),
    "a colour outside a table": ("{% cellbg cover.title %}", "tag-place", "outside a table"),
    "cells merged where none are repeated": ("{% hm %}", "tag-place", "no cells are repeated"),
    "a merge where nothing is repeated": ("{% vm %}{{ cover.title }}", "tag-place", "no rows are repeated"),
    "a row outside a table": ("{%tr if cover.title %}", "tag-place", "outside a table"),
    "a stray end of a condition": ("{%p endif %}", "tag-closed", "expected its if before it"),
    "a stray end of a loop": ("{%p endfor %}", "tag-closed", "nothing is open"),
    "a stray else": ("{%p else %}", "tag-closed", "nothing is open"),
    "a condition that stays open": ("{%p if cover.title %}", "tag-open", "an if without endif"),
    "a condition on a picture": (
        "{% if cover.logo %}x{% endif %}",
        "tag-expression",
        "Delete the condition",
    ),
    "a loop over a text": (
        "{% for x in cover.title %}{{ x }}{% endfor %}",
        "not-a-list",
        "a loop over cover.title",
    ),
    "a loop with its own words": ("{% for cover.title %}{% endfor %}", "tag-syntax", "{%p for x in list %}"),
    "text beside a paragraph's tag": (
        "Title: {%p if cover.title %}",
        "text-beside-tag",
        "lost with its paragraph",
    ),
    "a question of the loop as text": (
        "{% for x in cover.host_mark %}{{ loop.first }}{{ x }}{% endfor %}",
        "tag-kind",
        "{{ loop.first }}",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_tag_is_reported_with_its_place(case, templates):
    text, kind, words_told = WRONG[case]
    with edited(templates, "cover") as cover:
        cover.paragraphs[-1].insert_paragraph_before(text)
    problems = template_problems(templates).found
    assert (COVER, "paragraph 1", kind) in map(seen, problems) or (COVER, "", kind) in map(seen, problems)
    assert any(problem.kind == kind and words_told in str(problem) for problem in problems)
    assert len({problem.kind for problem in problems} - {"tag-open"} - {kind}) == 0


def test_a_tag_in_a_cell_is_reported_with_table_row_and_cell(templates):
    with edited(templates, "cover") as cover:
        retyped(paragraph_with(cover, "cover.dates }}"), "{{ cover.date }}")
    problem = only(templates)
    assert seen(problem) == (COVER, "table 1, row 5, cell 2", "unknown-tag")
    assert str(problem) == (
        "templates/cover.docx, table 1, row 5, cell 2: found the unknown tag cover.date; expected one of "
        + problem.expected.removeprefix("one of ")
        + '. Did you mean "cover.dates"?'
    )


def test_a_tag_in_a_header_is_reported_with_the_header(templates):
    with edited(templates, KIND) as schedule:
        retyped(schedule.sections[0].header.paragraphs[0], "{{ paper.numbre }}")
    assert seen(only(templates)) == (SCHEDULE, "header paragraph 1", "unknown-tag")


@pytest.mark.parametrize("page", ["first_page_header", "even_page_footer"])
def test_the_headers_and_footers_of_single_pages_are_checked_too(page, templates):
    with edited(templates, KIND) as schedule:
        getattr(schedule.sections[0], page).paragraphs[0].add_run("{{ paper.numbre }}")
    assert only(templates).place.part == f"{page.replace('_', ' ')} paragraph 1"


def test_marked_text_has_no_place_in_a_header(templates):
    with edited(templates, KIND) as schedule:
        schedule.sections[0].header.paragraphs[0].add_run("{{r schedule.heading }}")
    assert seen(only(templates)) == (SCHEDULE, "header paragraph 1", "tag-place")


def test_all_problems_of_all_templates_are_reported_at_once(templates):
    for name in ("cover", KIND):
        with edited(templates, name) as document:
            document.paragraphs[-1].insert_paragraph_before("{{ x }}")
            document.paragraphs[-1].insert_paragraph_before("{{ y")
    files = [(problem.place.file, problem.kind) for problem in template_problems(templates).found]
    both = ("unknown-tag", "tag-half")
    assert files == [(file, kind) for file in (COVER, SCHEDULE) for kind in both]


def test_a_wrong_loop_is_reported_once_without_what_is_in_it(templates):
    with edited(templates, KIND) as schedule:
        retyped(paragraph_with(schedule, "row in"), "{%tr for row in schedule.rws %}")
    problem = only(templates)
    assert seen(problem) == (SCHEDULE, "table 1, row 2, cell 1", "unknown-tag")
    assert problem.todo == 'Did you mean "schedule.rows"?'


def test_an_end_that_closes_the_wrong_thing_is_reported(templates):
    with edited(templates, "cover") as cover:
        for text in ("{%p if cover.title %}", "{%p endfor %}", "{%p endif %}"):
            cover.paragraphs[-1].insert_paragraph_before(text)
    problem = only(templates)
    assert seen(problem) == (COVER, "paragraph 2", "tag-closed")
    assert "where if is open" in problem.found and problem.expected == "endif first"


def test_a_condition_that_ends_in_another_cell_is_reported(templates):
    with edited(templates, "cover") as cover:
        end = paragraph_with(cover, "cover.dates }}")._element.getnext()
        end.getparent().remove(end)
        cover.paragraphs[-1].insert_paragraph_before("{%p endif %}")
    problem = only(templates)
    assert seen(problem) == (COVER, "paragraph 1", "tag-across")


@pytest.mark.parametrize("beside", ["drawing", "br", "sectPr"])
def test_a_picture_or_break_in_the_paragraph_of_a_tag_is_reported(beside, templates):
    with edited(templates, "cover") as cover:
        paragraph = paragraph_with(cover, "{%p if cover.dates")
        home = paragraph._element.get_or_add_pPr() if beside == "sectPr" else paragraph.add_run()._element
        home.append(element(f"w:{beside}"))
    problem = only(templates)
    assert problem.kind == "text-beside-tag" and "picture" in problem.found


def test_text_in_the_row_of_a_tag_is_reported(templates):
    with edited(templates, KIND) as schedule:
        paragraph_with(schedule, "row in schedule").insert_paragraph_before("Activities follow")
    problem = only(templates)
    assert seen(problem) == (SCHEDULE, "table 1, row 2, cell 1", "text-beside-tag")
    assert "its row" in problem.found


def test_paragraphs_as_text_and_text_as_paragraphs_are_reported(templates):
    with edited(templates, KIND) as schedule:
        retyped(paragraph_with(schedule, "schedule.text"), "{{ schedule.text }}")
    problem = only(templates)
    assert seen(problem) == (SCHEDULE, "paragraph 2", "tag-kind")
    assert problem.expected == "{{p schedule.text }}"


def test_a_tag_that_no_template_shows_is_reported(templates):
    with edited(templates, "cover") as cover:
        retyped(paragraph_with(cover, "{{ cover.purpose }}"), "{{ cover.purpose_label }}")
    problem = only(templates)
    assert seen(problem) == (COVER, "", "tag-missing")
    assert problem.found == "no tag cover.purpose"


def test_a_list_whose_lines_are_not_shown_is_reported(templates):
    with edited(templates, "cover") as cover:
        retyped(paragraph_with(cover, "{{ line }}"), "APEC")
    assert only(templates).found == "no tag cover.host_mark"


# A tag that Word has split


def test_a_tag_that_word_has_split_into_like_runs_works(templates, tmp_path):
    with edited(templates, "cover") as cover:
        paragraph = retyped(paragraph_with(cover, "cover.title"), "On {", "{ cov", "er.ti", "tle }", "} here")
        proof = element("w:proofErr", type="spellStart")
        paragraph.runs[2]._element.addprevious(proof)
        paragraph.runs[1]._element.get_or_add_rPr().append(element("w:lang", val="en-US"))
        paragraph.runs[3]._element.get_or_add_rPr().append(element("w:rFonts", hint="eastAsia"))
    data = filled(sample_paper(KIND), tmp_path, Prepared(prepared(templates, KIND)))
    title = styled(part(data, "word/document.xml"), "CoverTitle")[0]
    assert words(title) == "On ‹cover.title› here"


def test_a_tag_half_bold_is_reported(templates):
    with edited(templates, "cover") as cover:
        paragraph = retyped(paragraph_with(cover, "cover.title"), "{{ cover", ".title }}")
        paragraph.runs[1].bold = True
    problem = only(templates)
    assert seen(problem) == (COVER, "table 1, row 3, cell 1", "tag-split")
    assert "{{ cover.title }}" in problem.found


def test_several_split_tags_in_one_paragraph_each_become_whole(templates, tmp_path):
    with edited(templates, "cover") as cover:
        retyped(
            paragraph_with(cover, "cover.title"),
            "{{ cover.title }",
            "} and {",
            "{ cover.number }}{{ cover",
            ".dates }}.",
        )
    data = filled(sample_paper(KIND), tmp_path, Prepared(prepared(templates, KIND)))
    title = styled(part(data, "word/document.xml"), "CoverTitle")[0]
    assert words(title) == "‹cover.title› and ‹cover.number›‹cover.dates›."


def test_split_tags_of_marked_text_become_whole_too(templates, tmp_path):
    with edited(templates, "cover") as cover:
        retyped(
            paragraph_with(cover, "cover.meeting"),
            "{{r cover",
            ".meeting }} and {{",
            "r cover.meeting }",
            "}",
        )
    data = filled(sample_paper(KIND), tmp_path, Prepared(prepared(templates, KIND)))
    meeting = styled(part(data, "word/document.xml"), "CoverMeeting")[0]
    assert words(meeting) == "‹cover.meeting› and ‹cover.meeting›"


def test_marked_text_in_the_middle_of_a_run_leaves_the_rest_of_the_run_in_place(templates, tmp_path):
    with edited(templates, "cover") as cover:
        run = retyped(paragraph_with(cover, "cover.meeting"), "At the {{r cover.meeting }}, in").runs[0]
        run.bold = True
        run.add_break()
        run.add_text("the city")
        run.add_tab()
    data = filled(sample_paper(KIND), tmp_path, Prepared(prepared(templates, KIND)))
    meeting = styled(part(data, "word/document.xml"), "CoverMeeting")[0]
    assert words(meeting) == "At the ‹cover.meeting›, in\nthe city\t"
    runs = [run for run in meeting.iter(qn("w:r")) if "".join(run.itertext())]
    assert len(runs) == 4 and all(run.find(f"{qn('w:rPr')}/{qn('w:b')}") is not None for run in runs)


def test_curly_quotation_marks_in_a_condition_are_read_as_straight_ones(templates, tmp_path):
    with edited(templates, "cover") as cover:
        retyped(paragraph_with(cover, "if cover.purpose"), "{%p if cover.purpose == “‹cover.purpose›” %}")
    data = filled(sample_paper(KIND), tmp_path, Prepared(prepared(templates, KIND)))
    assert "‹cover.purpose_label› ‹cover.purpose›" in words(part(data, "word/document.xml"))


def test_a_condition_on_paragraphs_asks_whether_there_are_any(templates, tmp_path):
    with edited(templates, KIND) as schedule:
        text = paragraph_with(schedule, "schedule.text")
        text.insert_paragraph_before("{%p if schedule.text %}")
        text.insert_paragraph_before("Remarks")
        text._element.addnext(copy.deepcopy(text._element))
        retyped(paragraph_with(schedule, "{{p schedule.text"), "{{p schedule.text }}")
        twin = text._element.getnext()
        twin.find(f".//{qn('w:t')}").text = "{%p endif %}"
    kind, paper = Prepared(prepared(templates, KIND)), sample_paper(KIND)
    assert "Remarks" in words(part(filled(paper, tmp_path, kind), "word/document.xml"))
    paper["fields"]["schedule"]["text"] = {"blocks": []}
    assert "Remarks" not in words(part(filled(paper, tmp_path, kind), "word/document.xml"))


# What is not in the text of paragraphs


def test_a_tag_in_an_alternative_text_is_reported(templates):
    with edited(templates, KIND) as schedule:
        caption = next(schedule.element.body.iter(qn("w:tblCaption")))
        caption.set(qn("w:val"), "{{ schedule.heading }}")
    problem = only(templates)
    assert problem.kind == "tag-place" and "alternative text" in problem.found


def test_a_tag_in_a_field_is_reported(templates):
    with edited(templates, "cover") as cover:
        code = element("w:instrText")
        code.text = 'HYPERLINK "{{ cover.number }}"'
        cover.paragraphs[-1].add_run()._element.append(code)
    assert only(templates).kind == "tag-place"


# Styles, changes, notes, tables


@pytest.mark.parametrize("name", ["List Roman", "footnote text", "Quote"])
def test_a_style_is_needed_only_by_a_text_that_uses_it(name, templates, tmp_path):
    with edited(templates, KIND) as schedule:
        style = schedule.styles[name]._element
        style.getparent().remove(style)
    kind, paper = Prepared(prepared(templates, KIND)), sample_paper(KIND)
    paper["fields"]["schedule"]["text"] = blocks(block("Body Text", line("Text")))
    assert filled(paper, tmp_path, kind)
    with_note: list = ["Text", {"note": line("Note")["line"]}]
    paper["fields"]["schedule"]["text"] = blocks(
        block("Body Text", line(*with_note)) if name == "footnote text" else block(name, line("Text"))
    )
    with pytest.raises(FillError, match=f'(?i)found texts in the style "{name}".*Create it in the template'):
        filled(paper, tmp_path, kind)


def test_a_style_that_only_a_paragraph_asks_for_is_reported_with_the_paragraph(templates):
    with edited(templates, KIND) as schedule:
        paragraph = paragraph_with(schedule, "column.title")
        paragraph._element.get_or_add_pPr().get_or_add_pStyle().set(qn("w:val"), "Gone")
    assert seen(only(templates)) == (SCHEDULE, "table 1, row 1, cell 2", "missing-style")


def test_a_numbered_list_without_numbers_in_its_style_is_reported(templates):
    with edited(templates, KIND) as schedule:
        numbers = schedule.styles["List Number"]._element.find(f".//{qn('w:numPr')}")
        numbers.getparent().remove(numbers)
    assert seen(only(templates)) == (SCHEDULE, "", "style-without-numbers")


@pytest.mark.parametrize("change", ["ins", "del", "moveTo", "rPrChange"])
@pytest.mark.parametrize("where", ["body", "header"])
def test_tracked_changes_are_reported(change, where, templates):
    with edited(templates, KIND) as schedule:
        home = schedule.paragraphs[0] if where == "body" else schedule.sections[0].header.paragraphs[0]
        home._element.append(element(f"w:{change}", id="9", author="A"))
    problem = only(templates)
    assert seen(problem) == (SCHEDULE, "", "tracked-changes")
    assert problem.todo == "Accept or reject all changes in Word and save."


@pytest.mark.parametrize(
    ("tag", "kind"),
    [("footnoteReference", "own-note"), ("endnoteReference", "own-note"), ("commentReference", "comment")],
)
def test_notes_and_comments_of_the_template_are_reported(tag, kind, templates):
    with edited(templates, KIND) as schedule:
        paragraph_with(schedule, "column.title").add_run()._element.append(element(f"w:{tag}", id="1"))
    assert seen(only(templates)) == (SCHEDULE, "table 1, row 1, cell 2", kind)


def test_a_cell_that_could_lose_its_last_paragraph_is_reported(templates):
    with edited(templates, "cover") as cover:
        empty = paragraph_with(cover, "cover.forum_doc_no }}")._element.getnext().getnext()
        empty.getparent().remove(empty)
    assert seen(only(templates)) == (COVER, "table 1, row 4, cell 1", "cell-may-be-empty")


def test_a_table_that_could_lose_all_its_rows_is_reported(templates):
    with edited(templates, KIND) as schedule:
        table = schedule.tables[0]._element
        table.remove(table.findall(qn("w:tr"))[0])
    assert seen(only(templates)) == (SCHEDULE, "table 1, row 1, cell 1", "table-may-be-empty")


def test_tags_within_content_controls_are_found_and_work(templates, tmp_path):
    with edited(templates, "cover") as cover:
        paragraph = paragraph_with(cover, "cover.title")._element
        control, inside = element("w:sdt"), element("w:sdtContent")
        paragraph.addprevious(control)
        control.append(inside)
        inside.append(paragraph)
    data = filled(sample_paper(KIND), tmp_path, Prepared(prepared(templates, KIND)))
    assert words(styled(part(data, "word/document.xml"), "CoverTitle")[0]) == "‹cover.title›"
    with edited(templates, "cover") as cover:
        retyped(paragraph_with(cover, "{{ cover.title }}"), "{{ cover.titel }}")
    assert only(templates).place.part == "table 1, row 3, cell 1"


# The file itself


@pytest.mark.parametrize(
    "content", [b"", b"Dear all,", b"PK\3\4 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)]
)
def test_a_file_that_is_not_a_word_document_is_reported(content, templates):
    (templates / f"{KIND}.docx").write_bytes(content)
    problem = only(templates)
    assert seen(problem) == (SCHEDULE, "", "no-template")
    damaged = "a damaged file (File is not a zip file)"
    assert problem.found == (damaged if content[:2] == b"PK" else "something that is not a Word document")


def test_another_kind_of_zip_is_reported(templates):
    with zipfile.ZipFile(templates / f"{KIND}.docx", "w") as package:
        package.writestr("mimetype", "application/epub+zip")
    assert only(templates).kind == "no-template"


def test_a_damaged_document_is_reported(templates):
    place = templates / f"{KIND}.docx"
    data = bytearray(place.read_bytes())
    data[200:900] = bytes(700)
    place.write_bytes(data)
    assert only(templates).kind == "no-template"


def test_a_missing_template_is_reported(templates):
    (templates / "cover.docx").unlink()
    problem = only(templates)
    assert (problem.place.file, problem.found) == (COVER, "no such file")


@pytest.mark.parametrize(
    ("name", "lock"),
    [("cover", "~$cover.docx"), (KIND, "~$plementation-schedule.docx")],
)
def test_a_template_that_is_open_in_word_is_reported(name, lock, templates):
    (templates / lock).write_bytes(b"\x04Anna")
    problem = only(templates)
    assert seen(problem) == (f"templates/{name}.docx", "", "open")
    assert lock in problem.found and problem.todo == "Save and close it in Word."


def prepared_problems(templates, out) -> list[dict]:
    """What the adapter of the rule reports, in the project's folder."""
    with chdir(templates.parent):
        return call(prepare.main, forum="mini", logo="", out=str(out)).entries


def test_words_locks_are_not_taken_for_stray_templates(templates, tmp_path):
    (templates / "~$her.docx").write_bytes(b"\x04Anna")
    assert prepared_problems(templates, tmp_path / "out") == []


def test_a_template_of_no_kind_of_paper_is_reported_and_nothing_is_written(templates, tmp_path):
    (templates / "cover.docx").rename(templates / "covver.docx")
    (templates / "covver.docx").rename(templates / "minutes-of-tea.docx")
    (templates / "cover.docx").write_bytes((TEMPLATES / "cover.docx").read_bytes())
    (problem,) = prepared_problems(templates, tmp_path / "out")
    assert "templates/minutes-of-tea.docx: found a template of no kind of paper" in problem["text"]
    assert not (tmp_path / "out").exists()


# The logo


def test_a_logo_is_on_the_cover_two_centimetres_high_with_an_alternative_text(templates, tmp_path):
    (tmp_path / "logo.png").write_bytes(png())
    with edited(templates, KIND) as schedule:  # a second picture, in a header, must not have the same id
        schedule.sections[0].header.paragraphs[0].add_run().add_picture(str(tmp_path / "logo.png"))
    problems = Problems()
    made = prepare_kind(templates.parent, shipped_kinds(), KIND, tmp_path / "logo.png", problems)
    assert not problems
    data = filled(sample_paper(KIND), tmp_path, Prepared(made))
    drawings = [
        d for name in parts(data) if name.endswith(".xml") for d in part(data, name).iter(qn("wp:docPr"))
    ]
    assert sorted(drawing.get("id") for drawing in drawings) == ["1", "2"]
    drawing = next(part(data, "word/document.xml").iter(qn("wp:inline")))
    assert drawing.find(qn("wp:docPr")).get("descr") == "Logo"
    assert drawing.find(qn("wp:extent")).get("cy") == "720000"
    (tmp_path / "paper.docx").write_bytes(data)
    assert [str(found) for found in check(str(tmp_path / "paper.docx"))] == []


def test_a_wide_logo_is_as_wide_as_its_place_and_keeps_its_proportions(templates, tmp_path):
    (tmp_path / "logo.png").write_bytes(png(400, 50))
    made = prepare_kind(templates.parent, shipped_kinds(), KIND, tmp_path / "logo.png", Problems())
    data = filled(sample_paper(KIND), tmp_path, Prepared(made))
    size = next(part(data, "word/document.xml").iter(qn("wp:extent")))
    wide, high = int(size.get("cx")), int(size.get("cy"))
    assert wide < Twips(1500) and wide // high == 8


def test_the_place_of_the_logo_is_kept_where_there_is_none(templates, tmp_path):
    (tmp_path / "logo.png").write_bytes(png())
    widths = []
    for logo in (None, tmp_path / "logo.png"):
        made = prepare_kind(templates.parent, shipped_kinds(), KIND, logo, Problems())
        table = next(
            part(filled(sample_paper(KIND), tmp_path, Prepared(made)), "word/document.xml").iter(qn("w:tbl"))
        )
        widths.append([width.get(qn("w:w")) for width in table.iter(qn("w:gridCol"), qn("w:tcW"))])
    assert widths[0] == widths[1]


def test_the_checks_take_a_cover_with_a_logo_for_no_table_of_data(templates, tmp_path):
    (tmp_path / "logo.png").write_bytes(png())
    made = prepare_kind(templates.parent, shipped_kinds(), KIND, tmp_path / "logo.png", Problems())
    cover, *_ = read_texts(filled(sample_paper(KIND), tmp_path, Prepared(made))).tables
    assert cover.layout and not cover.header


@pytest.mark.parametrize("content", [b"", b"<svg/>", None])
def test_a_logo_that_word_cannot_hold_is_reported(content, templates, tmp_path):
    logo = tmp_path / "logo.png"
    if content is not None:
        logo.write_bytes(content)
    problems = Problems()
    assert prepare_kind(templates.parent, shipped_kinds(), KIND, logo, problems) is None
    assert [(problem.place.file, problem.kind) for problem in problems.found] == [(logo.as_posix(), "logo")]


# Joining


def test_a_style_that_the_first_part_lacks_is_copied_with_the_part_that_uses_it(templates, tmp_path):
    with edited(templates, "terms-of-reference") as terms:
        style = terms.styles.add_style("Our Own", 1)
        style.font.size = Pt(15)
        paragraph_with(terms, "terms.title").style = style
    data = filled(sample_paper("strategic-plan"), tmp_path, Prepared(prepared(templates, "strategic-plan")))
    assert "[Our Own] ‹terms.title›" in dump(data)


def test_a_list_typed_into_a_later_part_keeps_its_numbers(templates, tmp_path):
    with edited(templates, "terms-of-reference") as terms:
        own = terms.part.numbering_part.element.findall(qn("w:abstractNum"))[1]
        own.find(f".//{qn('w:numFmt')}").set(qn("w:val"), "cardinalText")
        paragraph = terms.paragraphs[-1].insert_paragraph_before("Typed item")
        numbers = paragraph._element.get_or_add_pPr().get_or_add_numPr()
        numbers.get_or_add_ilvl().val = 0
        numbers.get_or_add_numId().val = 2
    data = filled(sample_paper("strategic-plan"), tmp_path, Prepared(prepared(templates, "strategic-plan")))
    item = next(p for p in part(data, "word/document.xml").iter(qn("w:p")) if words(p) == "Typed item")
    used = item.find(f".//{qn('w:numId')}").get(qn("w:val"))
    instances = {n.get(qn("w:numId")): n for n in part(data, "word/numbering.xml").iter(qn("w:num"))}
    abstract = instances[used].find(qn("w:abstractNumId")).get(qn("w:val"))
    formats = {
        a.get(qn("w:abstractNumId")): a.find(f".//{qn('w:numFmt')}").get(qn("w:val"))
        for a in part(data, "word/numbering.xml").iter(qn("w:abstractNum"))
    }
    assert formats[abstract] == "cardinalText"
