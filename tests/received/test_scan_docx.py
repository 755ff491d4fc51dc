"""The scanner of Word files: every part that the file refers to, judged by its types and content, never by its name."""

from __future__ import annotations

import io
import re

import pytest
from docx import Document
from papers.docx.fields import active_field, address_of
from papers.docx.links import judge_link
from papers.docx.package import Package
from papers.docx.scan_codes import CODES
from papers.docx.template.open import open_template
from papers.problems import Place, Problem, Problems
from papers.received.scan_docx import scan_docx
from received_tools import DOCUMENT, packed, paragraphs, with_body, with_part, with_relation, word_paper
from reliability import count
from word_tools import parts

SECTION = "Hostile files by kind"

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
MICROSOFT = "http://schemas.microsoft.com/office"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
V = 'xmlns:v="urn:schemas-microsoft-com:vml"'
EMPTY = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
HEADER = "word/header1.xml"


def with_new_part(
    data: bytes,
    type_: str,
    name: str,
    content_type: str,
    content: bytes | str = b"x",
    source: str = DOCUMENT,
) -> bytes:
    """The file with a part that `source` ("": the package) refers to by a relation of this type."""
    folder, _, file = source.rpartition("/")
    listing = f"{folder}/_rels/{file}.rels" if source else "_rels/.rels"
    relation = f'<Relationship Id="rIdNew" Type="{type_}" Target="/{name}"/>'
    data = with_part(
        data, listing, lambda t: (t or EMPTY).replace("</Relationships>", f"{relation}</Relationships>")
    )
    override = f'<Override PartName="/{name}" ContentType="{content_type}"/>'
    data = with_part(data, "[Content_Types].xml", lambda t: t.replace("</Types>", f"{override}</Types>"))
    return packed({**parts(data), name: content.encode() if isinstance(content, str) else content})


def with_header(data: bytes, xml: str) -> bytes:
    return with_part(data, HEADER, lambda t: t.replace("</w:hdr>", f"{xml}</w:hdr>"))


def with_style(data: bytes, style: str) -> bytes:
    return with_part(data, "word/styles.xml", lambda t: t.replace("</w:styles>", f"{style}</w:styles>"))


def field(*pieces: str, result: str = "shown") -> str:
    """A field whose code is split into these runs."""
    marks = {kind: f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")}
    code = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    shown = f"<w:r><w:t>{result}</w:t></w:r>"
    return f"<w:p>{marks['begin']}{code}{marks['separate']}{shown}{marks['end']}</w:p>"


def codes(data: bytes) -> dict[str, str]:
    """Code -> severity of what is found."""
    return {finding.code: finding.severity for finding in scan_docx(data).findings}


def places(data: bytes, code: str) -> list[str]:
    return [finding.place for finding in scan_docx(data).findings if finding.code == code]


# Parts, by the type of the relation and the content type


@pytest.mark.parametrize(
    ("type_", "name", "content_type", "code"),
    [
        (f"{MICROSOFT}/2006/relationships/vbaProject", "word/a.xml", "application/xml", "macros"),
        (f"{OFFICE}control", "word/a.xml", "application/xml", "active-content"),
        (
            f"{MICROSOFT}/2011/relationships/webextension",
            "word/a.bin",
            "application/octet-stream",
            "web-extension",
        ),
        (f"{OFFICE}aFChunk", "word/a.html", "text/html", "foreign-text"),
        (f"{OFFICE}oleObject", "word/a.bin", "application/octet-stream", "embedded-file"),
        (f"{OFFICE}package", "word/setup.xml", "application/octet-stream", "embedded-file"),
        (f"{OFFICE}image", "word/media/a.png", "application/pdf", "embedded-file"),
        (f"{OFFICE}video", "word/media/a.mp4", "video/mp4", "embedded-file"),
        (f"{OFFICE}recipientData", "word/a.bin", "application/octet-stream", "mail-merge"),
        (f"{OFFICE}image", "word/media/a.png", "application/x-something", "unknown-part"),
        (f"{OFFICE}hyperlink", "word/media/b.png", "image/png", "unknown-part"),
        ("http://example.org/settings", "word/decoy.bin", f"{WORD}settings", "unknown-part"),
        ("http://example.org/styles", "word/decoy.png", "image/png", "unknown-part"),
    ],
)
@pytest.mark.parametrize("source", [DOCUMENT, HEADER, ""])
def test_a_part_that_is_not_on_the_list_is_refused_whatever_refers_to_it(
    type_, name, content_type, code, source
):
    data = with_new_part(word_paper(), type_, name, content_type, "<a/>", source)
    assert codes(data) == {code: "error"}
    count(SECTION, "Word files: parts of kinds that are not on the list, refused")


@pytest.mark.parametrize("start", [b"MZ", b"%PDF-1.7", b"PK\x03\x04", bytes.fromhex("D0CF11E0A1B11AE1")])
def test_a_file_under_the_type_of_a_picture_is_refused(start):
    data = with_new_part(word_paper(), f"{OFFICE}image", "word/media/b.png", "image/png", start + bytes(99))
    assert codes(data) == {"embedded-file": "error"}


def test_a_part_that_nothing_refers_to_is_left_out_with_a_note():
    assert codes(packed({**parts(word_paper()), "word/a.bin": b"MZ"})) == {"left-out": "note"}


def test_a_second_part_with_the_settings_is_refused():
    settings = f"<w:settings {W}/>"
    data = with_new_part(word_paper(), f"{OFFICE}settings", "word/b.xml", f"{WORD}settings+xml", settings)
    assert codes(data) == {"ambiguous-part": "error"}


def chart(relation: str) -> bytes:
    """A paper with a chart that has a workbook."""
    space = f'<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" {R}><c:externalData r:id="rIdX"/></c:chartSpace>'
    data = with_new_part(
        word_paper(),
        f"{OFFICE}chart",
        "word/charts/chart1.xml",
        "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
        space,
    )
    return packed(
        {**parts(data), "word/charts/_rels/chart1.xml.rels": EMPTY.replace("></", f">{relation}</").encode()}
    )


def test_the_workbook_behind_a_chart_and_its_link_are_notes_as_they_are_left_out():
    outside = chart(
        f'<Relationship Id="rIdX" Type="{OFFICE}oleObject" Target="file:///C:/a.xlsx" TargetMode="External"/>'
    )
    assert codes(outside) == {"linked-chart": "note"}
    inside = chart(f'<Relationship Id="rIdX" Type="{OFFICE}package" Target="../a.xlsx"/>')
    listed = f'<Override PartName="/word/a.xlsx" ContentType="{SHEET}"/></Types>'
    inside = with_part(inside, "[Content_Types].xml", lambda t: t.replace("</Types>", listed))
    assert codes(packed({**parts(inside), "word/a.xlsx": b"PK\x03\x04"})) == {"chart-data": "note"}


# Names and encodings


def renamed(data: bytes, old: str, new: str) -> bytes:
    content = parts(data)
    content[new] = content.pop(old)
    for listing in ("[Content_Types].xml", "word/_rels/document.xml.rels"):
        short = (old, new) if listing.startswith("[") else (old.split("/")[1], new.split("/")[1])
        content[listing] = content[listing].replace(*(name.encode() for name in short))
    return packed(content)


@pytest.mark.parametrize("name", ["word/header1.bin", "word/HEADER.XML", "word/header"])
@pytest.mark.parametrize(
    ("xml", "found"),
    [(field("DD", "EAUTO c:"), {"active-field": "error"}), (paragraphs("Words"), {})],
    ids=["with DDE", "harmless"],
)
def test_a_header_is_read_under_any_name(name, xml, found):
    assert codes(renamed(with_header(word_paper(), xml), HEADER, name)) == found


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1", "windows-1252", "gb18030"])
def test_a_header_is_read_in_the_encoding_that_it_declares(encoding):
    content = parts(with_header(word_paper(), field("DDEAUTO c:")))
    text = re.sub(r"<\?xml.*?\?>", "", content[HEADER].decode())
    declared = encoding.removesuffix("-sig")
    content[HEADER] = f'<?xml version="1.0" encoding="{declared}"?>{text}'.encode(encoding)
    assert codes(packed(content)) == {"active-field": "error"}
    count(SECTION, "Word files: encodings of a part, read as declared")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp037", "utf-7"]
)
def test_entities_are_refused_in_any_encoding_and_part(encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "c">]><w:hdr {W}/>'
    content = text.encode(encoding)
    if encoding == "utf-7":
        content = content.replace(b"<!", b"+ADwAIQ-")
    data = renamed(word_paper(), HEADER, "word/header.bin")
    assert codes(packed({**parts(data), "word/header.bin": content})) == {
        "damaged": "error",
        "not-run": "not-run",
    }
    count(SECTION, "Word files: entities in any encoding, refused")


def test_capital_letters_in_names_of_lists_and_parts_change_nothing():
    content = parts(with_header(word_paper(), field("DDEAUTO c:")))
    upper = {name.upper() if name != DOCUMENT else name: data for name, data in content.items()}
    assert Package.read(packed(upper)).main == DOCUMENT
    assert codes(packed(upper)) == {"active-field": "error"}


@pytest.mark.parametrize("sign", ["\n", "\r", "\t", "\x1b", "\u2028"])
def test_a_name_with_a_control_character_is_refused_on_one_line(sign):
    (found, _) = scan_docx(packed({**parts(word_paper()), f"word/a{sign}b.png": b""})).findings
    problem = Problem(Place("a.docx"), found.code, found.found, found.expected, found.todo)
    assert found.code == "damaged" and len(str(problem).splitlines()) == 1


def test_text_that_is_nested_too_deep_is_refused_in_a_sentence():
    deep = "<w:sdt><w:sdtContent>" * 400 + "</w:sdtContent></w:sdt>" * 400
    assert codes(with_body(word_paper(), deep)) == {"damaged": "error", "not-run": "not-run"}


# Fields and links


@pytest.mark.parametrize(
    "code",
    [
        "DDE a b",
        " ddeauto c:",
        'INCLUDEPICTURE "http://a/b.png"',
        "\u200bDDE a",
        '"DDE" a',
        "LINK Excel.Sheet",
        "DATABASE",
    ],
)
def test_a_field_that_runs_or_fetches_is_known_however_it_is_written(code):
    data = with_body(word_paper(), field(*code))  # each letter in a run of its own
    assert codes(data) == {"active-field": "error"}
    simple = code.replace('"', "&quot;")
    assert codes(with_body(word_paper(), f'<w:p><w:fldSimple w:instr="{simple}"/></w:p>')) == {
        "active-field": "error"
    }
    count(SECTION, "Word files: fields that run or fetch, refused")


def test_a_field_whose_name_another_field_makes_is_refused():
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    inner = field("QUOTE 68 68 69", result="DDE").removeprefix("<w:p>").removesuffix("</w:p>")
    assert codes(with_body(word_paper(), f"<w:p>{begin}{inner}{end}</w:p>")) == {"active-field": "error"}


@pytest.mark.parametrize("code", ["PAGE", "= 1 + 2", "TOC \\o", "SHAPE  \\* MERGEFORMAT", "REF LINK", "DDEX"])
def test_fields_of_ordinary_papers_are_not_active(code):
    assert active_field(code) == ""


@pytest.mark.parametrize(
    ("code", "address"),
    [
        ('HYPERLINK "https://a"', "https://a"),
        ('HYPERLINK \\l "mark"', ""),
        ('HYPERLINK \\o "tip" "javascript:a"', "javascript:a"),
        ("hyperlink file:///c:/a \\l x", "file:///c:/a"),
        ('HYPERLINK "\\\\\\\\server\\\\a.exe"', "\\\\server\\a.exe"),
        ("PAGE", None),
    ],
)
def test_the_address_of_a_hyperlink_field_is_read(code, address):
    assert address_of(code) == address


LINKS = [
    ("https://www.apec.org", ""),
    ("HTTPS://APEC.ORG", ""),
    ("mailto:a@b.org", ""),
    ("ftp://ftp.example.org", ""),
    ("#place", ""),
    ("javascript:alert(1)", "unsafe-link"),
    ("java\tscript:alert(1)", "unsafe-link"),
    (" vbscript:a", "unsafe-link"),
    ("ms-msdt:/id", "unsafe-link"),
    ("data:text/html,a", "unsafe-link"),
    ("file:///C:/a.docx", "link-to-file"),
    ("\\\\server\\share\\a.exe", "link-to-file"),
    ("C:\\a.docx", "link-to-file"),
    ("../paper2.docx", "link-to-file"),
    ("www.apec.org", "incomplete-link"),
    ("apec.org/groups", "incomplete-link"),
]


@pytest.mark.parametrize(("address", "code"), LINKS)
def test_one_rule_for_links_in_relations_fields_and_shapes(address, code):
    assert judge_link(address) == code
    plain = address.replace("\t", "&#9;")
    expected = {code} if code else set()
    assert {*codes(with_relation(word_paper(), "hyperlink", plain))} == expected
    if "\t" not in address:
        doubled = address.replace("\\", "\\\\")
        assert {*codes(with_body(word_paper(), field(f'HYPERLINK "{doubled}"')))} == expected
    shape = f'<w:p><w:r><w:pict {V}><v:rect href="{plain}"/></w:pict></w:r></w:p>'
    assert {*codes(with_header(word_paper(), shape))} == expected
    count(SECTION, "Word files: links in relations, fields and shapes, judged by one rule")


BLIP = '<a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" r:{}="rIdX"/>'


@pytest.mark.parametrize("kind", ["hyperlink", "image", "attachedTemplate", "header"])
@pytest.mark.parametrize("attribute", ["link", "embed"])
def test_a_linked_picture_is_refused_whatever_the_type_of_its_relation(kind, attribute):
    data = with_relation(word_paper(), kind, "https://example.org/a.png")
    data = with_body(data, f"<w:p><w:r><w:drawing {R}>{BLIP.format(attribute)}</w:drawing></w:r></w:p>")
    assert codes(data) == {"linked-content": "error"}
    count(SECTION, "Word files: linked pictures under any type of relation, refused")


@pytest.mark.parametrize(
    "svg",
    [
        '<image href="http://a/b.png"/>',
        "<script>alert(1)</script>",
        '<rect onclick="a()"/>',
        "<style>@import url(http://a)</style>",
        '<rect style="fill:url(http://a#b)"/>',
    ],
)
@pytest.mark.parametrize("content_type", ["image/svg+xml", "image/png"])
def test_a_picture_in_svg_that_runs_or_fetches_is_refused(svg, content_type):
    picture = f'<svg xmlns="http://www.w3.org/2000/svg">{svg}</svg>'
    data = with_new_part(word_paper(), f"{OFFICE}image", "word/media/a.svg", content_type, picture)
    assert {*codes(data)} <= {"active-content", "linked-content"} and codes(data)
    plain = (
        '<svg xmlns="http://www.w3.org/2000/svg"><a href="https://a.org"/><rect style="fill:url(#b)"/></svg>'
    )
    assert codes(with_new_part(word_paper(), f"{OFFICE}image", "word/media/a.svg", content_type, plain)) == {}
    count(SECTION, "Word files: pictures in SVG that run or fetch, refused")


@pytest.mark.parametrize("prog_id", ["Package", "Word.Document.12", "AcroExch.Document.DC", "Equation.3", ""])
def test_an_object_is_refused_whatever_program_it_names(prog_id):
    inner = f'<o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" ProgID="{prog_id}"/>'
    data = with_header(word_paper(), f"<w:p><w:r><w:object>{inner}</w:object></w:r></w:p>")
    assert codes(data) == {"embedded-file": "error"}
    assert places(data, "embedded-file") == ["header, paragraph 2"]


@pytest.mark.parametrize("target", ["NULL", "#_top", ""])
def test_a_relation_that_leads_nowhere_and_is_not_used_has_no_finding(target):
    relation = f'<Relationship Id="rIdN" Type="{OFFICE}image" Target="{target}"/></Relationships>'
    data = with_part(
        word_paper(), "word/_rels/document.xml.rels", lambda t: t.replace("</Relationships>", relation)
    )
    assert codes(data) == {}
    lost = f"<w:p><w:r><w:drawing {R}>{BLIP.format('embed').replace('rIdX', 'rIdN')}</w:drawing></w:r></w:p>"
    assert codes(with_body(data, lost)) == {"missing-picture": "error"}


# Text that is not seen

SECRET = "<w:t>secret</w:t>"
STYLES = (
    '<w:style w:type="paragraph" w:styleId="Base"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Hidden"><w:basedOn w:val="Base"/></w:style>'
    '<w:style w:type="character" w:styleId="Unseen"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="table" w:styleId="Rows"><w:tblStylePr w:type="firstRow"><w:rPr><w:vanish/></w:rPr>'
    "</w:tblStylePr></w:style>"
)


def run(properties: str) -> str:
    return f"<w:p><w:r><w:rPr>{properties}</w:rPr>{SECRET}</w:r></w:p>"


def styled(paragraph: str, character: str) -> str:
    named = f'<w:rPr><w:rStyle w:val="{character}"/></w:rPr>' if character else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{paragraph}"/></w:pPr><w:r>{named}{SECRET}</w:r></w:p>'


def table(properties: str = "", row: str = "") -> str:
    return (
        f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tr>{row}<w:tc>{paragraphs('secret')}</w:tc></w:tr></w:tbl>"
    )


UNSEEN = {
    "run": (run("<w:vanish/>"), "hidden-text"),
    "special": (run("<w:specVanish/>"), "hidden-text"),
    "paragraph style": (styled("Hidden", ""), "hidden-text"),
    "character style": (styled("", "Unseen"), "hidden-text"),
    "table style": (table('<w:tblStyle w:val="Rows"/>'), "hidden-text"),
    "row": (table(row="<w:trPr><w:hidden/></w:trPr>"), "hidden-text"),
    "white": (run('<w:color w:val="FFFFFF"/>'), "text-without-contrast"),
    "black on black": (run('<w:color w:val="000000"/><w:shd w:fill="000000"/>'), "text-without-contrast"),
    "1 pt": (run('<w:sz w:val="2"/>'), "tiny-text"),
}
SEEN = {
    "shown again": run('<w:vanish w:val="0"/>'),
    "two styles": styled("Hidden", "Unseen"),  # which cancel each other, as Word has it
    "web layout": run("<w:webHidden/>"),  # as Word writes page numbers in a table of contents
    "white on blue": run('<w:color w:val="FFFFFF"/><w:shd w:fill="0000AA"/>'),
    "automatic on black": run('<w:color w:val="auto"/><w:shd w:fill="000000"/>'),
    "an index entry": "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:instrText>XE a</w:instrText></w:r></w:p>",
}


@pytest.mark.parametrize("how", UNSEEN)
def test_text_that_is_not_seen_is_found_in_the_text_and_in_headers(how):
    xml, code = UNSEEN[how]
    data = with_style(word_paper(), STYLES)
    assert codes(with_body(data, xml)) == {code: "warning"}
    assert places(with_body(data, xml), code) == ['paragraph 1 ("secret")']
    assert places(with_header(data, xml), code) == ['header, paragraph 2 ("secret")']
    box = f"<w:p><w:r><w:pict {V}><v:rect><v:textbox><w:txbxContent>{xml}</w:txbxContent></v:textbox></v:rect></w:pict></w:r></w:p>"
    in_box = (
        [] if how == "white" else ['text box, paragraph 2 ("secret")']
    )  # the colour of a shape is not known
    assert places(with_body(data, box), code) == in_box
    count(SECTION, "Word files: text that is not seen, found")


@pytest.mark.parametrize("how", SEEN)
def test_text_that_is_seen_has_no_finding(how):
    assert codes(with_body(with_style(word_paper(), STYLES), SEEN[how])) == {}
    count(SECTION, "Word files: text that is seen, without a finding")


def test_of_one_code_only_the_first_places_are_listed():
    found = places(with_body(word_paper(), run("<w:vanish/>") * 500), "hidden-text")
    assert len(found) == 21


def test_text_that_the_defaults_of_the_file_hide_is_found():
    data = with_part(
        word_paper(),
        "word/styles.xml",
        lambda t: t.replace("<w:rPrDefault><w:rPr>", "<w:rPrDefault><w:rPr><w:vanish/>"),
    )
    assert codes(data)["hidden-text"] == "warning"


def test_changes_and_comments_are_counted_in_all_parts():
    change = '<w:p><w:moveFrom w:id="1" w:author="A"><w:r><w:t>x</w:t></w:r></w:moveFrom></w:p>'
    (found,) = scan_docx(with_header(with_body(word_paper(), change), change)).findings
    assert (found.code, found.found) == ("tracked-changes", "2 tracked changes")


def test_data_that_nobody_sees_are_notes():
    variables = '<w:docVars><w:docVar w:name="a" w:val="b"/></w:docVars><w:zoom'
    data = with_part(word_paper(), "word/settings.xml", lambda t: t.replace("<w:zoom", variables, 1))
    assert codes(data) == {"document-variables": "note"}
    data = with_new_part(
        word_paper(), f"{OFFICE}customXml", "customXml/b.xml", "application/xml", "<a>Jane</a>"
    )
    assert codes(data) == {"custom-xml": "note"}


# Languages


@pytest.mark.parametrize(
    ("attributes", "mark", "words", "language"),
    [
        ('w:val="en-US" w:eastAsia="zh-CN"', "", "亚太经合组织", "zh-CN"),
        ('w:val="en-US" w:eastAsia="en-US"', "", "亚太经合组织", "zh"),
        ('w:val="en-US"', "", "사람들이", "ko"),
        ('w:val="en-US" w:bidi="th-TH"', "<w:cs/>", "ประเทศไทย", "th-TH"),
        ('w:val="en-US" w:bidi="ar-SA"', "<w:rtl/>", "السلام", "ar-SA"),
        ('w:val="ru-RU"', "", "Россия", "ru-RU"),
    ],
)
def test_the_language_of_a_script_is_that_which_word_has_for_it(attributes, mark, words, language):
    xml = f"<w:p><w:r><w:rPr>{mark}<w:lang {attributes}/></w:rPr><w:t>{words}</w:t></w:r></w:p>"
    assert scan_docx(with_body(word_paper(), xml)).languages[language] == len(words)


# Templates, and files without a fault


def test_a_file_that_has_lost_its_list_of_relations_is_refused_with_the_part_that_needs_it():
    whole = parts(word_paper())
    lost = packed({name: data for name, data in whole.items() if name != "word/_rels/document.xml.rels"})
    (finding,) = [f for f in scan_docx(lost).findings if f.code == "not-word"]
    assert f"{DOCUMENT} refers to its relation" in finding.found


@pytest.mark.parametrize(
    "damage",
    [
        lambda d: with_header(d, field("DDEAUTO c:")),
        lambda d: with_new_part(d, f"{OFFICE}package", "word/a.bin", "application/octet-stream"),
        lambda d: with_new_part(d, "http://example.org/x", "word/a.bin", "application/octet-stream"),
        lambda d: with_relation(d, "hyperlink", "www.apec.org"),
        lambda d: with_relation(d, "attachedTemplate", "file:///C:/a.dotx", "word/settings.xml"),
    ],
)
def test_a_template_goes_through_the_same_checks_and_is_named(tmp_path, damage):
    file, problems = tmp_path / "agenda.docx", Problems()
    file.write_bytes(damage(word_paper()))
    assert open_template(file, "templates/agenda.docx", problems) is None
    assert [problem.place.file for problem in problems.found] == ["templates/agenda.docx"]
    assert "Ask for" not in problems.found[0].todo
    count(SECTION, "templates with active content, refused by name")


def test_a_paper_of_python_docx_has_no_error():
    document = Document()
    document.add_heading("Title")
    document.add_table(2, 2, "Light Grid Accent 1").cell(0, 0).text = "A"
    document.add_comment(document.paragraphs[0].runs, "Is this so?")
    buffer = io.BytesIO()
    document.save(buffer)
    assert codes(buffer.getvalue()) == {"comments": "warning", "no-title": "note"}


@pytest.mark.libreoffice
def test_a_paper_that_libreoffice_saved_has_no_finding_but_those_of_the_paper(tmp_path):
    import subprocess  # noqa: PLC0415

    (tmp_path / "a.docx").write_bytes(word_paper())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    for kind, file in (("odt", "a.docx"), ("docx", "a.odt")):
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(tmp_path), file]
        subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=True)
    assert codes((tmp_path / "a.docx").read_bytes()) == {}


def test_every_code_has_a_name_that_an_officer_can_write():
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in CODES)
