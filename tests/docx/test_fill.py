"""Text reaches the paper intact, whatever it has in it; a paper that would not be complete is not filled."""

from __future__ import annotations

import copy
import io
import json
import marshal
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import docxtpl
import jinja2
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from papers.docx.captions import number_captions
from papers.docx.fill import STRETCH, FillError, Prepared, encode, load_context
from papers.docx.locate_tags import with_places
from papers.docx.runs import CONTENTS, RunWriter
from papers.docx.template.kept_rows import keep_rows
from papers.docx.template.prepare import joined_template
from papers.docx.template.repeated_columns import spread_columns
from papers.docx.toc import with_contents
from papers.problems import Problems
from papers.richtext import BODY, BULLET, NUMBER, ROMAN, TABLE_BULLET, block, blocks, line
from project_tools import MINIATURE, ROOT
from word_tools import (
    TEMPLATES,
    built,
    copied_templates,
    dump,
    edited,
    filled,
    loaded,
    paragraph_with,
    part,
    parts,
    prepared,
    ready,
    retyped,
    sample_paper,
    shipped_kinds,
    styled,
    words,
)

KIND = "implementation-schedule"
DOCUMENT, NOTES, NUMBERS = "word/document.xml", "word/footnotes.xml", "word/numbering.xml"


@pytest.fixture
def templates(tmp_path):
    return copied_templates(tmp_path)


def with_text(text: str) -> dict:
    """A paper with one text in every kind of place: plain, styled, in paragraphs, a cell, a footnote, the header."""
    paper = sample_paper(KIND)
    fields = paper["fields"]
    fields["cover"]["title"] = text
    fields["cover"]["meeting"] = line([text, "i"])
    fields["schedule"]["heading"] = line("Schedule", {"note": [[text, ""]]})
    fields["schedule"]["text"] = blocks(block(BODY, line([text, "b"])))
    fields["schedule"]["rows"][0]["cells"][1]["text"] = text
    fields["paper"]["number"] = text
    return paper


def places(data: bytes) -> dict[str, str]:
    """Place of the text of `with_text` -> the text found there."""
    document = part(data, DOCUMENT)
    header = next(name for name in parts(data) if name.startswith("word/header"))
    rows = document.findall(f".//{qn('w:tbl')}")[1].findall(qn("w:tr"))
    return {
        "plain": words(styled(document, "CoverTitle")[0]),
        "marked": words(styled(document, "CoverMeeting")[0]),
        "paragraph": words(styled(document, "BodyText")[0]),
        "cell": words(rows[1].findall(qn("w:tc"))[1]),
        "footnote": words(part(data, NOTES)[-1])[1:],
        "header": words(part(data, header)).removeprefix("‹paper.mark›").lstrip(" ")
        if not words(part(data, header)).endswith(" ")
        else words(part(data, header)),
    }


HOSTILE = {
    "ampersand": "Fish & chips &amp; more &#65;",
    "less and more": "a < b > c, <w:p/>, </w:t></w:r>",
    "quotes": "\"double\" and 'single'",
    "end of a CDATA section": "x]]>y <![CDATA[z]]>",
    "a tag": "{{ cover.title }} {{r x }} {{p y }}",
    "a statement": "{% for x in y %} {%p endfor %} {%tr if %}",
    "half a tag": "{{ {% #} %} }}",
    "what docxtpl reads": "{_{ x }_} {_% y %_}",
    "a format string": "%s %(x)s {0} {x!r} \\n \\u0041 \\",
    "emoji": "👩‍🌾 🇵🇪 👍🏽",
    "from right to left": "مجموعة العمل ‏(عام)‏ שלום",
    "combining": "e\u0301 n\u0303 Z\u0351\u036b",
    "Chinese": "中小企業工作小組",
    "beyond the basic plane": "𠮷 𝔘 \U0010fffd",
    "invisible": "soft\u00adhyphen zero\u200bwidth nbsp\u00a0 \u2028 \u0085",
    "long": "word " * 2000,
    "long without a gap": "x" * 10_000,
    "lines": "one\ntwo\n\nthree",
    "tabs": "one\ttwo\t\tthree",
    "spaces": "  leading, in   the middle, trailing  ",
    "only a space": " ",
    "only a line end": "\n",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_text_reaches_every_place_intact(case, tmp_path):
    text = HOSTILE[case]
    found = places(filled(with_text(text), tmp_path))
    header = found.pop("header")
    assert found == dict.fromkeys(found, text)
    assert text.strip(" ") in header


ALLOWED = st.one_of(
    st.sampled_from("\t\n\r&<>\"'{}%#]"),
    st.characters(min_codepoint=0x20, max_codepoint=0xD7FF),
    st.characters(min_codepoint=0xE000, max_codepoint=0xFFFD),
    st.characters(min_codepoint=0x10000, max_codepoint=0x10FFFF),
)


@examples(150)
@given(st.text(ALLOWED, min_size=1))
def test_every_text_that_xml_allows_reaches_the_paper_intact(text):
    with tempfile.TemporaryDirectory() as folder:
        found = places(filled(with_text(text), Path(folder)))
    del found["header"]
    assert found == dict.fromkeys(found, text.replace("\r\n", "\n").replace("\r", "\n"))


@examples(50)
@given(st.lists(st.tuples(st.text(ALLOWED, min_size=1), st.sampled_from(["", "b", "i", "^", "bi", "^bi"]))))
def test_runs_keep_their_text_and_their_marks(runs):
    paper = sample_paper(KIND)
    paper["fields"]["schedule"]["text"] = blocks(block(BODY, line(*map(list, runs))))
    with tempfile.TemporaryDirectory() as folder:
        paragraph = styled(part(filled(paper, Path(folder)), DOCUMENT), "BodyText")[0]
    tags = {"b": "b", "i": "i", "^": "vertAlign"}
    made = [
        (
            words_of_run(run),
            "".join(m for m in "^bi" if run.find(f"{qn('w:rPr')}/{qn(f'w:{tags[m]}')}") is not None),
        )
        for run in paragraph.findall(qn("w:r"))
    ]
    assert made == [
        (t.replace("\r\n", "\n").replace("\r", "\n"), "".join(sorted(m, key="^bi".index))) for t, m in runs
    ]


def words_of_run(run) -> str:
    holder = OxmlElement("w:p")
    holder.append(copy.deepcopy(run))
    return words(holder)


@given(st.lists(st.text(max_size=3), min_size=1), st.integers(0, 3 * STRETCH))
def test_a_long_part_has_the_bytes_of_its_whole_text(some, pieces):
    part = [some[at % len(some)] for at in range(pieces)]
    assert encode(part) == "".join(part).encode()


def test_line_ends_and_tabs_become_those_of_word(tmp_path):
    title = styled(part(filled(with_text("a\nb\tc"), tmp_path), DOCUMENT), "CoverTitle")[0]
    run = next(run for run in title.iter(qn("w:r")) if run.find(qn("w:t")) is not None and words_of_run(run))
    assert [etree.QName(inner).localname for inner in run if inner.tag != qn("w:rPr")] == [
        "t",
        "br",
        "t",
        "tab",
        "t",
    ]


def test_properties_hold_hostile_text_too(tmp_path):
    paper = sample_paper(KIND)
    paper["properties"]["title"] = "Fish & <chips> {{ x }}\n2"
    core = part(filled(paper, tmp_path), "docProps/core.xml")
    assert core.find("{http://purl.org/dc/elements/1.1/}title").text == "Fish & <chips> {{ x }}\n2"


def test_a_paper_without_a_date_has_no_date_in_its_properties(tmp_path):
    paper = sample_paper(KIND)
    paper["properties"]["date"] = ""
    assert b"dcterms:created" not in parts(filled(paper, tmp_path))["docProps/core.xml"]


def test_an_optional_line_that_is_empty_leaves_no_paragraph(tmp_path):
    paper = sample_paper(KIND)
    names = ["agenda_item", "status", "purpose", "forum_doc_no", "place", "dates", "illustrative"]
    names += ["agenda_label", "purpose_label", "forum_doc_no_label"]
    paper["fields"]["cover"] |= dict.fromkeys(names, "")
    cover = part(filled(paper, tmp_path), DOCUMENT).find(f".//{qn('w:tbl')}")
    text = words(cover)
    assert not any(name in text for name in names)
    assert len(styled(cover, "CoverMeeting")) == 1 and not styled(cover, "CoverStatus")


# Marks


SCHEMA_ORDER = [
    "rStyle",
    "rFonts",
    "b",
    "bCs",
    "i",
    "iCs",
    "color",
    "sz",
    "szCs",
    "highlight",
    "u",
    "vertAlign",
    "lang",
    "ligatures",
]


def test_marks_join_the_format_of_the_tag_in_the_order_of_the_schema(templates, tmp_path):
    with edited(templates, "cover") as cover:
        font = paragraph_with(cover, "cover.meeting").runs[0].font
        font.color.rgb, font.size, font.italic, font.underline, font.name = (
            RGBColor(1, 2, 3),
            Pt(9),
            True,
            True,
            "Arial",
        )
    paper = sample_paper(KIND)
    paper["fields"]["cover"]["meeting"] = line(["43", ""], ["rd", "^"], [" Meeting", "bi"], ["!", "^bi"])
    data = filled(paper, tmp_path, Prepared(prepared(templates, KIND)))
    runs = [r for r in styled(part(data, DOCUMENT), "CoverMeeting")[0].findall(qn("w:r")) if words_of_run(r)]
    tags = [[etree.QName(p).localname for p in run.find(qn("w:rPr"))] for run in runs]
    assert all(names == sorted(names, key=SCHEMA_ORDER.index) for names in tags)
    assert [("vertAlign" in names, "b" in names) for names in tags] == [
        (False, False),
        (True, False),
        (False, True),
        (True, True),
    ]
    assert all(
        {"color", "sz", "i", "u", "rFonts"} <= set(names) and len(names) == len(set(names)) for names in tags
    )


def test_formats_of_newer_versions_of_word_are_kept_and_go_last(templates, tmp_path):
    newer = "http://schemas.microsoft.com/office/word/2010/wordml"
    with edited(templates, "cover") as cover:
        properties = paragraph_with(cover, "cover.meeting").runs[0]._element.get_or_add_rPr()
        ligatures = etree.SubElement(properties, f"{{{newer}}}ligatures", nsmap={"w14": newer})
        ligatures.set(f"{{{newer}}}val", "standard")
    paper = sample_paper(KIND)
    paper["fields"]["cover"]["meeting"] = line(["43", "b"], ["rd", "^"])
    data = filled(paper, tmp_path, Prepared(prepared(templates, KIND)))
    found = part(data, DOCUMENT).findall(f".//{{{newer}}}ligatures")
    assert len(found) >= 2 and all(element.getnext() is None for element in found)


# Footnotes


def noted(text: str, note: str) -> dict:
    return line(text, {"note": [[note, ""]]})


def notes(data: bytes) -> list[tuple[str, str]]:
    """Id and text of each real footnote, in the order of their part."""
    real = [note for note in part(data, NOTES) if note.get(qn("w:type")) is None]
    return [(note.get(qn("w:id")), words(note).strip()) for note in real]


def references(data: bytes) -> list[str]:
    return [element.get(qn("w:id")) for element in part(data, DOCUMENT).iter(qn("w:footnoteReference"))]


def paper_with_notes() -> dict:
    paper = sample_paper("strategic-plan")
    fields = paper["fields"]
    fields["terms"]["sections"][0]["heading"] = noted("Terms", "in the terms")
    fields["schedule"]["heading"] = noted("Appendix", "in the appendix")
    fields["plan"]["areas"][1]["objectives"] = blocks(block(TABLE_BULLET, noted("Objective", "in a cell")))
    fields["plan"]["sections"] = fields["plan"]["sections"][:1]
    fields["plan"]["sections"][0]["blocks"] = fields["plan"]["sections"][0]["blocks"][:1]
    fields["plan"]["sections"][0]["heading"] = noted("Plan", "in a heading")
    fields["plan"]["sections"][0]["blocks"][0]["text"] = blocks(
        block(
            BODY,
            line("One", {"note": [["first ", ""], ["paragraph", "i"]]}, " two", {"note": [["second", ""]]}),
        )
    )
    return paper


def test_footnotes_are_numbered_in_the_order_of_their_references(tmp_path):
    data = filled(paper_with_notes(), tmp_path)
    texts = ["in a heading", "in a cell", "first paragraph", "second", "in the appendix", "in the terms"]
    assert notes(data) == [(str(at), text) for at, text in enumerate(texts, 1)]
    assert references(data) == [str(at) for at in range(1, 7)]


def test_footnotes_follow_the_template_when_it_shows_things_in_another_order(templates, tmp_path):
    with edited(templates, "implementation-schedule") as schedule:
        heading = paragraph_with(schedule, "schedule.heading")._element
        schedule.element.body.find(qn("w:tbl")).addnext(heading)
    paper = sample_paper(KIND)
    paper["fields"]["schedule"]["heading"] = noted("Heading", "of the heading")
    paper["fields"]["schedule"]["text"] = blocks(block(BODY, noted("Text", "of the text")))
    data = filled(paper, tmp_path, Prepared(prepared(templates, KIND)))
    assert notes(data) == [("1", "of the text"), ("2", "of the heading")]
    assert references(data) == ["1", "2"]


def test_a_text_that_is_shown_twice_has_a_footnote_each_time(templates, tmp_path):
    with edited(templates, "implementation-schedule") as schedule:
        heading = paragraph_with(schedule, "schedule.heading")._element
        heading.addnext(copy.deepcopy(heading))
    paper = sample_paper(KIND)
    paper["fields"]["schedule"]["heading"] = noted("Heading", "note")
    data = filled(paper, tmp_path, Prepared(prepared(templates, KIND)))
    assert notes(data) == [("1", "note"), ("2", "note")] and references(data) == ["1", "2"]


def test_a_paper_without_footnotes_has_only_the_two_separators(tmp_path):
    data = filled(sample_paper(KIND), tmp_path)
    assert [note.get(qn("w:type")) for note in part(data, NOTES)] == ["separator", "continuationSeparator"]


def test_footnotes_use_the_styles_of_word(tmp_path):
    data = filled(paper_with_notes(), tmp_path)
    assert "footnote 1: [footnote text]" in dump(data)
    reference = next(part(data, DOCUMENT).iter(qn("w:footnoteReference"))).getparent()
    assert reference.find(f"{qn('w:rPr')}/{qn('w:rStyle')}").get(qn("w:val")) == "FootnoteReference"


def test_separators_that_word_has_written_into_the_template_are_kept(templates, tmp_path):
    donor = parts(filled(sample_paper(KIND), tmp_path))
    place = templates / f"{KIND}.docx"
    own = parts(place.read_bytes())
    own[NOTES] = donor[NOTES].replace(b'w:id="-1"', b'w:id="-1" w:rsidR="00AA"')
    relationship = f'<Relationship Id="rId99" Type="{REL}/footnotes" Target="footnotes.xml"/></Relationships>'
    own["word/_rels/document.xml.rels"] = own["word/_rels/document.xml.rels"].replace(
        b"</Relationships>", relationship.encode()
    )
    override = f'<Override PartName="/{NOTES}" ContentType="{NOTES_TYPE}"/></Types>'
    own["[Content_Types].xml"] = own["[Content_Types].xml"].replace(b"</Types>", override.encode())
    with zipfile.ZipFile(place, "w") as package:
        for name, content in own.items():
            package.writestr(name, content)
    paper = sample_paper(KIND)
    paper["fields"]["schedule"]["heading"] = noted("Heading", "note")
    data = filled(paper, tmp_path, Prepared(prepared(templates, KIND)))
    assert notes(data) == [("1", "note")] and len(part(data, NOTES)) == 3


REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


# Lists


def listed(data: bytes) -> list[str]:
    """The list of each numbered paragraph of the body, in order."""
    paragraphs = (
        p.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}") for p in part(data, DOCUMENT).iter(qn("w:p"))
    )
    return [number.get(qn("w:val")) for number in paragraphs if number is not None]


def test_each_numbered_list_begins_again_at_one(tmp_path):
    paper = sample_paper(KIND)
    paper["fields"]["schedule"]["text"] = blocks(
        block(NUMBER, line("one"), start=True),
        block(NUMBER, line("two")),
        block(BODY, line("between")),
        block(NUMBER, line("one again"), start=True),
        block(ROMAN, line("I"), start=True),
        block(ROMAN, line("II")),
        block(BULLET, line("no number")),
        block(ROMAN, line("I again"), start=True),
    )
    data = filled(paper, tmp_path)
    lists = listed(data)
    assert [lists.index(number) for number in lists] == [0, 0, 2, 3, 3, 5]
    numbers = {n.get(qn("w:numId")): n for n in part(data, NUMBERS).iter(qn("w:num"))}
    assert all(
        numbers[number].find(f".//{qn('w:startOverride')}").get(qn("w:val")) == "1" for number in lists
    )
    abstract = [numbers[number].find(qn("w:abstractNumId")).get(qn("w:val")) for number in lists]
    assert abstract[0] == abstract[2] != abstract[3] == abstract[5]


def test_new_lists_come_before_what_word_requires_last(templates, tmp_path):
    with edited(templates, KIND) as schedule:
        last = OxmlElement("w:numIdMacAtCleanup")
        last.set(qn("w:val"), "9")
        schedule.part.numbering_part.element.append(last)
    paper = sample_paper(KIND)
    paper["fields"]["schedule"]["text"] = blocks(block(NUMBER, line("one"), start=True))
    data = filled(paper, tmp_path, Prepared(prepared(templates, KIND)))
    tags = [etree.QName(element).localname for element in part(data, NUMBERS)]
    assert tags[-1] == "numIdMacAtCleanup" and tags[-2] == "num"


def test_a_paragraph_that_ends_in_a_colon_stays_with_what_it_introduces(tmp_path):
    paper = sample_paper(KIND)
    paper["fields"]["schedule"]["text"] = blocks(
        block(BODY, line("Members are invited to:")),
        block(BULLET, line("note: this")),
        block(BODY, line("End")),
    )
    body = part(filled(paper, tmp_path), DOCUMENT)
    kept = {words(p): p.find(f".//{qn('w:keepNext')}") is not None for p in body.iter(qn("w:p"))}
    assert kept["Members are invited to:"] and not kept["note: this"] and not kept["End"]


# Tables


def test_no_paragraphs_in_a_cell_still_leave_one(tmp_path):
    paper = sample_paper("strategic-plan")
    paper["fields"]["plan"]["areas"][0]["objectives"] = blocks()
    cells = list(part(filled(paper, tmp_path), DOCUMENT).iter(qn("w:tc")))
    assert all(cell[-1].tag == qn("w:p") for cell in cells)


def test_no_paragraphs_in_the_text_leave_none(tmp_path):
    paper = sample_paper(KIND)
    paper["fields"]["schedule"]["text"] = blocks()
    body = part(filled(paper, tmp_path), DOCUMENT)[0]
    heading = styled(body, "Heading1")[0]
    assert heading.getnext().tag == qn("w:tbl")


def test_a_table_under_a_condition_leaves_no_header_row(tmp_path):
    paper = sample_paper(KIND)
    whole = part(filled(paper, tmp_path), DOCUMENT).findall(f".//{qn('w:tbl')}")
    paper["fields"]["schedule"].update(columns=[], rows=[])
    tables = part(filled(paper, tmp_path), DOCUMENT).findall(f".//{qn('w:tbl')}")
    assert len(tables) == len(whole) - 1


# Papers that would not be whole


WRONG = {
    "None": lambda fields: fields["cover"].update(title=None),
    "a number": lambda fields: fields["cover"].update(title=12),
    "not a number": lambda fields: fields["cover"].update(title=float("nan")),
    "a list": lambda fields: fields["cover"].update(title=["a"]),
    "a marked text": lambda fields: fields["cover"].update(title=line("a")),
    "plain text for marked": lambda fields: fields["cover"].update(meeting="a"),
    "plain text for paragraphs": lambda fields: fields["schedule"].update(text="a"),
    "a number in a run": lambda fields: fields["cover"].update(meeting=line([3, ""])),
    "an unknown mark": lambda fields: fields["cover"].update(meeting=line(["a", "u"])),
    "an unknown style": lambda fields: fields["schedule"].update(text=blocks(block("Heading 9", line("a")))),
    "no list": lambda fields: fields["cover"].update(host_mark=None),
    "a missing key": lambda fields: fields["cover"].pop("title"),
    "a missing key in a list": lambda fields: fields["schedule"]["rows"][1]["cells"][0].pop("text"),
    "a missing namespace": lambda fields: fields.pop("cover"),
    "half a character": lambda fields: fields["cover"].update(title="a\ud83d"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_paper_that_would_not_be_complete_is_refused_with_its_number(case):
    paper = sample_paper(KIND)
    WRONG[case](paper["fields"])
    with pytest.raises(FillError, match=r"2016/SMEWG43/015[:,] "):
        ready(KIND).fill(paper)


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\ufffe", "\uffff"])
@pytest.mark.parametrize("where", ["cover", "a footnote", "properties"])
def test_a_character_that_xml_forbids_is_refused_with_its_number_wherever_it_is(character, where, tmp_path):
    paper = sample_paper(KIND)
    if where == "cover":
        paper["fields"]["cover"]["title"] = f"a{character}b"
    elif where == "a footnote":
        paper["fields"]["cover"]["meeting"] = noted("text", f"a{character}b")
    else:
        paper["properties"]["title"] = f"a{character}b"
    expected = rf'^2016/SMEWG43/015: found the character U\+{ord(character):04X} in the text "a.b"'
    with pytest.raises(FillError, match=expected):
        filled(paper, tmp_path)


def test_what_looks_like_an_escape_of_json_is_text(tmp_path):
    paper = sample_paper(KIND)
    paper["fields"]["cover"]["title"] = r"\u000b and \ud800"
    assert r"\u000b and \ud800" in part(filled(paper, tmp_path), "word/document.xml").xpath("string()")


def test_a_template_that_is_not_proven_well_formed_is_parsed_in_each_paper(templates, tmp_path):
    kind = Prepared(prepared(templates, KIND))
    assert "word/document.xml" in kind.proven
    kind.proven = frozenset()
    paper = loaded(sample_paper(KIND), tmp_path)
    paper["fields"]["cover"]["title"] = "Fish & chips"  # as if it had never been escaped
    with pytest.raises(
        FillError, match=r"2016/SMEWG43/015, whose word/document\.xml would not be well-formed"
    ):
        kind.fill(paper)


def test_a_text_that_a_condition_of_the_template_leaves_out_is_refused(templates, tmp_path):
    with edited(templates, "cover") as cover:
        retyped(paragraph_with(cover, "if cover.purpose"), "{%p if not cover.purpose %}")
    kind = Prepared(prepared(templates, KIND))
    with pytest.raises(
        FillError, match=r"2016/SMEWG43/015: found that the text .*cover.purpose.* did not reach the paper"
    ):
        filled(sample_paper(KIND), tmp_path, kind)


def test_a_text_with_no_place_in_the_template_is_refused(tmp_path):
    paper = sample_paper(KIND)
    paper["fields"]["cover"]["added"] = (
        "A text of which the template knows nothing, " + "at great length " * 9
    )
    with pytest.raises(FillError, match="A text of which the template knows nothing"):
        filled(paper, tmp_path)


def test_a_footnote_with_text_that_is_lost_is_refused(tmp_path):
    paper = sample_paper(KIND)
    paper["fields"]["cover"]["added"] = noted("‹cover.title›", "a note that nobody shows")
    with pytest.raises(FillError, match="a note that nobody shows"):
        filled(paper, tmp_path)


def test_templates_prepared_by_another_version_are_refused():
    data = marshal.loads(prepared(TEMPLATES, KIND))
    with pytest.raises(FillError, match="Run make clean, make"):
        Prepared(marshal.dumps({**data, "format": -1}))


# What a job is


def test_filling_needs_the_standard_library_and_the_compressor_only():
    program = (
        "import sys, papers.docx.fill, papers.store.delivery, fill;"
        "print(*sorted({name.split('.')[0] for name in sys.modules} - set(sys.stdlib_module_names)))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", program],
        env={"PYTHONPATH": f"{ROOT / 'scripts'}:{packages()}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(done.stdout.split()) == {"__main__", "deflate", "fill", "papers"} | set(
        done.stdout.split()
    ) & {"_deflate"}


def packages() -> str:
    """The folder of the installed packages; -S keeps what their .pth files import out of the list."""
    return str(Path(jinja2.__file__).parent.parent)


def test_the_same_paper_is_the_same_bytes(tmp_path):
    paper = paper_with_notes()
    first = filled(paper, tmp_path)
    again = filled(paper, tmp_path, Prepared(prepared(TEMPLATES, "strategic-plan")))
    assert first == again


def test_a_paper_does_not_depend_on_the_one_before_it(tmp_path):
    kind = Prepared(prepared(TEMPLATES, "strategic-plan"))
    with_notes = filled(paper_with_notes(), tmp_path, kind)
    filled(sample_paper("strategic-plan"), tmp_path, kind)
    assert filled(paper_with_notes(), tmp_path, kind) == with_notes


# Side by side with docxtpl


class _ByKey(jinja2.Environment):
    """x.items is the entry of that name, as in our compiled templates, not the method of the dict."""

    def getattr(self, obj, attribute):
        return obj[attribute] if isinstance(obj, dict) else super().getattr(obj, attribute)


def by_docxtpl(kind: str, paper: dict) -> docxtpl.DocxTemplate:
    """The same joined template and the same context, rendered by docxtpl."""
    problems = Problems()
    whole, _ = joined_template(TEMPLATES.parent, shipped_kinds(), kind, None, problems)
    assert not problems
    keep_rows(whole)
    spread_columns(whole)  # {% vm %} in a repeated column, which docxtpl would merge by the column
    buffer = io.BytesIO()
    whole.save(buffer)
    marks = RunWriter(*ready(kind).marks)
    environment = _ByKey(undefined=jinja2.StrictUndefined)
    environment.filters.update(runs=marks.runs, blocks=marks.blocks, share=lambda items, width, item: width)
    template = docxtpl.DocxTemplate(io.BytesIO(buffer.getvalue()))
    template.render(paper["fields"], environment)
    return template


def finished(body: etree._Element, paper: dict) -> etree._Element:
    """docxtpl's body with what it knows nothing of: numbered captions and the table of contents."""
    xml, kind = etree.tostring(body, encoding="unicode"), ready(paper["kind"])
    xml = number_captions(xml) if kind.numbered else xml
    if CONTENTS in xml:
        known = paper["fields"]["paper"]["contents"]["contents"]
        current = known and known["made_for"] == kind.outline(paper)[0]
        xml = with_contents(xml, kind.marks[1], known["pages"] if current else None)
    return etree.fromstring(xml)


def same(element: etree._Element) -> bytes:
    """An element as canonical XML.

    Without the namespaces that only one of the two declares at its root, and without the widths of columns, which
    docxtpl leaves as the template has them where {%tc %} repeats columns (see papers.docx.template.repeated_columns).
    """
    alone = etree.fromstring(etree.tostring(element))
    for widths in list(alone.iter(qn("w:tblGrid"), qn("w:tcW"))):
        widths.getparent().remove(widths)
    etree.cleanup_namespaces(alone)
    return re.sub(rb"\s+(?=<w:p[ >])", b"", etree.tostring(alone, method="c14n"))


def contexts() -> list[tuple[str, dict]]:
    """Every paper of the shipped inputs and of the miniature forum, as its job read it, and a sample of each kind."""
    found = {}
    for inputs in (ROOT, MINIATURE):
        outputs = next(p for p in next(iter(built(inputs).values())).parents if p.name == "outputs")
        for place in (outputs / "work").glob("*/contexts/*.json"):
            if place.name not in ("index.json", "papers.json", "numbers.json"):
                found |= {paper["number"]: paper for paper in load_context(place)["papers"]}
    return sorted(found.items())


@pytest.mark.slow
def test_docxtpl_makes_the_same_papers(tmp_path):
    samples = [(kind, loaded(sample_paper(kind), tmp_path)) for kind in shipped_kinds()]
    ours = [
        (number, paper) for number, paper in contexts() if not paper["received"]
    ]  # others' have no template
    for number, paper in [*ours, *samples]:
        paper = with_places(ready(paper["kind"]), paper)  # docxtpl does not locate figures
        data = ready(paper["kind"]).fill(paper)
        template = by_docxtpl(paper["kind"], paper)
        assert same(part(data, DOCUMENT)[0]) == same(finished(template.docx.element.body, paper)), number
        for name, content in parts(data).items():
            if re.match(r"word/(header|footer)\d+\.xml", name):
                assert same(etree.fromstring(content)) == same(etree.fromstring(part_of(template, name))), (
                    number,
                    name,
                )


def part_of(template: docxtpl.DocxTemplate, name: str) -> bytes:
    buffer = io.BytesIO()
    template.save(buffer)
    return parts(buffer.getvalue())[name]


def test_the_context_of_a_meeting_is_escaped_once_and_whole(tmp_path):
    place = tmp_path / "context.json"
    content = {"meeting": "A&B", "papers": [{"number": "<1>", "fields": {"x": ["&amp;", "a\nb"]}}]}
    place.write_text(json.dumps(content), encoding="utf-8")
    read = load_context(place)
    assert read["meeting"] == "A&amp;B" and read["papers"][0]["number"] == "&lt;1&gt;"
    assert read["papers"][0]["fields"]["x"][0] == "&amp;amp;"
