"""The cover before Word files of every form: valid files stay valid, and their text, fields and pages stay as sent."""

from __future__ import annotations

import itertools
import random
import re
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from docx.oxml.ns import qn
from lxml import etree
from papers.docx.fill import Prepared
from papers.docx.package import Package, find_faults
from papers.docx.template.prepare import put_logo, read_template, template_file
from papers.problems import Problems
from papers.received.cover_docx import prepare_received
from papers.received.scan_docx import scan_docx
from received_tools import MAIN, packed
from reliability import count
from validators import faults, sdk_errors
from word_tools import TEMPLATES, loaded, parts, png, sample, shipped_kinds, words

SECTION = "Hostile files by kind"

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
RELS = "application/vnd.openxmlformats-package.relationships+xml"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
FONT = '<w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial"/></w:rPr>'
STYLE = '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
LAST_WORDS = "The last words."


class Sent:
    """A Word file that is put together part by part; each method of `FORMS` changes its form, not what it says."""

    def __init__(self):
        self.main, self.styles = "word/document.xml", "word/styles.xml"
        self.body = f"<w:p><w:r><w:t>{LAST_WORDS}</w:t></w:r></w:p>"
        self.section = "<w:sectPr>{references}{kind}<w:pgSz w:w='11906' w:h='16838'/>{after}</w:sectPr>"
        self.settings = ""
        self.root_attributes = ""
        self.references = self.kind = self.after = self.background = ""
        self.texts = {self.styles: f"<w:styles {NAMESPACES}>{STYLE}</w:styles>"}
        self.types = {self.styles: f"{WORD}.styles+xml"}
        self.relations = [("rId1", f"{R}/styles", "styles.xml")]
        self.more: dict[str, bytes] = {}  # parts that are no XML of their own, or lists of relations
        self.defaults = {"rels": RELS, "xml": "application/xml"}
        self.override_all = False
        self.folder = ""  # of the targets of relations
        self.encoding = "UTF-8"

    def add(self, name: str, kind: str, text: str, rid: str = "") -> str:
        """Add a part below word/ that the main part refers to; return the id of the relation."""
        rid = rid or f"rId{len(self.relations) + 1}"
        self.texts[f"word/{name}"] = text
        self.types[f"word/{name}"] = f"{WORD}.{kind}+xml"
        self.relations.append((rid, f"{R}/{kind}", f"{self.folder}{name}"))
        return rid

    def data(self) -> bytes:
        section = self.section and self.section.format(
            references=self.references, kind=self.kind, after=self.after
        )
        if self.settings and "word/settings.xml" not in self.texts:
            self.add("settings.xml", "settings", f"<w:settings {NAMESPACES}>{self.settings}</w:settings>")
        attributes = f"{NAMESPACES} {self.root_attributes}"
        texts = dict(self.texts)
        texts[self.main] = (
            f"<w:document {attributes}>{self.background}<w:body>{self.body}{section}</w:body></w:document>"
        )
        types = {**self.types, self.main: MAIN}
        folder, _, name = self.main.rpartition("/")
        lists = {
            "_rels/.rels": [("rId1", f"{R}/officeDocument", self.main)],
            f"{folder}/_rels/{name}.rels".lstrip("/"): self.relations,
        }
        content = {name: text.encode() for name, text in texts.items() if name not in self.more}
        content |= {name: _relations(entries).encode() for name, entries in lists.items()}
        content |= self.more
        if self.override_all:
            types |= {name: RELS for name in content if name.endswith(".rels")}
        content = {"[Content_Types].xml": _types(self.defaults, types).encode(), **content}
        if self.encoding != "UTF-8":
            content = {
                name: _encoded(data, self.encoding) if data.startswith(b"<") else data
                for name, data in content.items()
            }
        return packed(content)


def _relations(entries: list[tuple]) -> str:
    rows = "".join(
        f'<Relationship Id="{rid}" Type="{kind}" Target="{target}"{" ".join(["", *more])}/>'
        for rid, kind, target, *more in entries
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'


def _types(defaults: dict[str, str], overrides: dict[str, str]) -> str:
    rows = [f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in defaults.items()]
    rows += [f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in overrides.items()]
    return f'<Types xmlns="{PACKAGE}/content-types">{"".join(rows)}</Types>'


def _encoded(data: bytes, encoding: str) -> bytes:
    return etree.tostring(etree.fromstring(data), encoding=encoding, xml_declaration=True)


def header(text: str) -> str:
    return f"<w:hdr {NAMESPACES}><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:hdr>"


def other_default_for_xml(sent: Sent) -> None:
    sent.defaults["xml"] = MAIN


def no_defaults(sent: Sent) -> None:
    sent.defaults, sent.override_all = {}, True


def no_default_for_xml(sent: Sent) -> None:
    del sent.defaults["xml"]


def default_in_capitals(sent: Sent) -> None:
    sent.defaults = {ending.upper(): kind for ending, kind in sent.defaults.items()}


def main_called_document2(sent: Sent) -> None:
    sent.main = "word/document2.xml"


def main_elsewhere(sent: Sent) -> None:
    sent.main, sent.folder = "doc.xml", "word/"
    sent.relations = [(rid, kind, f"word/{target}", *more) for rid, kind, target, *more in sent.relations]


def absolute_targets(sent: Sent) -> None:
    sent.relations = [(rid, kind, f"/word/{target}", *more) for rid, kind, target, *more in sent.relations]


def ids_of_the_cover(sent: Sent) -> None:
    sent.relations = [
        (f"rIdCover{at}", kind, target, *more)
        for at, (_, kind, target, *more) in enumerate(sent.relations, 1)
    ]


def styles_self_closed(sent: Sent) -> None:
    sent.texts[sent.styles] = f"<w:styles {NAMESPACES}/>"


def styles_end_in_a_comment(sent: Sent) -> None:
    sent.texts[sent.styles] += "<!-- </w:styles> --><?end </w:styles>?>"


def styles_with_their_end_in_a_comment(sent: Sent) -> None:
    sent.texts[sent.styles] = sent.texts[sent.styles].replace(STYLE, f"{STYLE}<!-- </w:styles> -->")


def styles_with_another_prefix(sent: Sent) -> None:
    sent.texts[sent.styles] = (
        f'<q:styles xmlns:q="{W}">{STYLE}</q:styles>'.replace("<w:", "<q:")
        .replace("</w:", "</q:")
        .replace(" w:", " q:")
    )


def styles_in_the_default_namespace(sent: Sent) -> None:
    style = STYLE.replace("<w:", "<").replace("</w:", "</")
    sent.texts[sent.styles] = f'<styles xmlns="{W}" xmlns:w="{W}">{style}</styles>'


def no_styles(sent: Sent) -> None:
    del sent.texts[sent.styles], sent.types[sent.styles]
    sent.relations = [entry for entry in sent.relations if not entry[1].endswith("/styles")]


def styles_called_otherwise(sent: Sent) -> None:
    sent.texts["word/my-looks.part"] = sent.texts.pop(sent.styles)
    sent.types["word/my-looks.part"] = sent.types.pop(sent.styles)
    sent.relations = [
        (rid, kind, target.replace("styles.xml", "my-looks.part"), *more)
        for rid, kind, target, *more in sent.relations
    ]


def no_section(sent: Sent) -> None:
    sent.section = ""


def continuous_section(sent: Sent) -> None:
    sent.kind = '<w:type w:val="continuous"/>'


def two_sections(sent: Sent) -> None:
    section = "<w:sectPr><w:pgSz w:w='11906' w:h='16838'/></w:sectPr>"
    sent.body = f"<w:p><w:pPr>{section}</w:pPr></w:p>{sent.body}"


def first_and_even_headers(sent: Sent) -> None:
    for kind in ("default", "even", "first"):
        rid = sent.add(f"header-{kind}.xml", "header", header(kind))
        sent.references += f'<w:headerReference w:type="{kind}" r:id="{rid}"/>'
    sent.after = "<w:titlePg/>"
    sent.settings += "<w:evenAndOddHeaders/>"


def page_colour(sent: Sent) -> None:
    sent.background = '<w:background w:color="FFEEDD"/>'


def extensions_declared_at_the_root(sent: Sent) -> None:
    sent.root_attributes = 'mc:Ignorable="w14"'
    sent.body = sent.body.replace("<w:p>", '<w:p w14:paraId="12345678">', 1)


def picture_that_is_called_as_ours(sent: Sent) -> None:
    sent.more["word/media/cover.png"] = png()
    sent.defaults["png"] = "image/png"
    sent.relations.append(("rIdP", f"{R}/image", "media/cover.png"))


def defaults_of_other_types(sent: Sent) -> None:
    sent.defaults |= {"part": "application/octet-stream", "png": "image/jpeg"}


FORMS: list[Callable[[Sent], None]] = [
    other_default_for_xml,
    no_defaults,
    no_default_for_xml,
    default_in_capitals,
    styles_self_closed,
    styles_end_in_a_comment,
    styles_with_their_end_in_a_comment,
    styles_with_another_prefix,
    styles_in_the_default_namespace,
    styles_called_otherwise,
    no_styles,
    defaults_of_other_types,
    picture_that_is_called_as_ours,
    no_section,
    continuous_section,
    two_sections,
    ids_of_the_cover,  # before relations that the text refers to
    first_and_even_headers,
    page_colour,
    extensions_declared_at_the_root,
    absolute_targets,
    main_called_document2,
    main_elsewhere,
]
# Forms of which a file can have only one.
APART = [
    {other_default_for_xml, no_defaults, no_default_for_xml, default_in_capitals},
    {form for form in FORMS if form.__name__.startswith(("styles_", "no_styles"))},
    {no_section, continuous_section},
    {absolute_targets, main_elsewhere},
    {main_called_document2, main_elsewhere},
]


def in_forms(*forms: Callable[[Sent], None], encoding: str = "UTF-8") -> bytes:
    sent = Sent()
    for form in forms:
        form(sent)
    sent.encoding = encoding
    return sent.data()


@cache
def combinations() -> list[tuple]:
    """Combinations of forms, always the same ones, that together have each pair that can be had at once."""
    chance, found = random.Random(19), []
    missing = {pair for pair in itertools.combinations(FORMS, 2) if _fit(pair)}
    while missing:
        order = chance.sample(FORMS, len(FORMS))
        order = [*sorted(missing, key=lambda pair: [FORMS.index(form) for form in pair])[0], *order]
        chosen: list = []
        for form in order:
            if form not in chosen and _fit((*chosen, form)):
                chosen.append(form)
        found.append(tuple(sorted(chosen, key=FORMS.index)))
        missing -= set(itertools.combinations(found[-1], 2))
    return found


def _fit(forms: tuple) -> bool:
    return all(len(apart & {*forms}) <= 1 for apart in APART)


def cover():
    problems = Problems()
    read = read_template(template_file(TEMPLATES.parent, shipped_kinds(), "cover"), problems, {})
    put_logo(read, None, problems)
    return read


def covered(data: bytes, folder: Path) -> bytes:
    properties = {"title": "A title", "subject": "S", "author": "Us", "language": "en-GB", "date": ""}
    fields = {"cover": sample(shipped_kinds().tags_of("cover")["cover"], "cover"), "paper": {}}
    paper = {
        "number": "2016/SMEWG43/015",
        "title": "A title",
        "kind": "received",
        "received": "x",
        "properties": properties,
        "fields": fields,
    }
    return Prepared(prepare_received(cover(), Package.read(data))).fill(loaded(paper, folder))


def check_stays_valid(sent: bytes, folder: Path) -> None:
    files = {name: folder / f"{name}.docx" for name in ("sent", "made")}
    files["sent"].write_bytes(sent)
    files["made"].write_bytes(covered(sent, folder))
    assert sdk_errors(files["sent"]) == []
    assert sdk_errors(files["made"]) == []


@pytest.mark.validator
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_valid_file_of_this_form_stays_valid(tmp_path, form):
    check_stays_valid(in_forms(form), tmp_path)
    count(SECTION, "covers: valid files of a form, valid behind the cover (Open XML SDK)")


@pytest.mark.validator
@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16"])
@pytest.mark.parametrize("forms", combinations(), ids=lambda forms: f"{len(forms)} forms")
def test_a_valid_file_of_many_forms_stays_valid(tmp_path, forms, encoding):
    check_stays_valid(in_forms(*forms, encoding=encoding), tmp_path)
    count(SECTION, "covers: valid files of many forms, valid behind the cover (Open XML SDK)")


@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16"])
@pytest.mark.parametrize("forms", combinations(), ids=lambda forms: f"{len(forms)} forms")
def test_what_was_sent_follows_the_cover(tmp_path, forms, encoding):
    """Without the Open XML SDK: its text and styles are all there, its lists name each part once."""
    sent = in_forms(*forms, encoding=encoding)
    data = covered(sent, tmp_path)
    made = Package.read(data)
    assert find_faults(made) == []
    assert words(made.xml(made.main)).endswith(LAST_WORDS)
    name = Package.read(sent).related("styles")
    ids = [style.get(qn("w:styleId")) for style in made.xml(made.related("styles"))]
    before = [style.get(qn("w:styleId")) for style in Package.read(sent).xml(name)] if name else []
    assert ids[: len(before)] == before
    assert len(ids) == len(set(ids)) > len(before)
    listed = [e.get("PartName", "").casefold() for e in made.xml("[Content_Types].xml") if e.get("PartName")]
    assert len(listed) == len(set(listed))
    (tmp_path / "made.docx").write_bytes(data)
    assert [fault for fault in faults(tmp_path / "made.docx") if "duplicate" in fault.lower()] == []


# Fields


def run(inner: str, properties: str = "") -> str:
    return f"<w:r>{properties}{inner}</w:r>"


def mark(kind: str) -> str:
    return run(f'<w:fldChar w:fldCharType="{kind}"/>')


def code(text: str) -> str:
    return run(f'<w:instrText xml:space="preserve">{text}</w:instrText>')


def shown(text: str) -> str:
    return run(f"<w:t>{text}</w:t>", FONT)


def complex_field(name: str, result: str = "") -> str:
    return mark("begin") + code(f" {name} ") + mark("separate") + (result or shown("as sent")) + mark("end")


def simple_field(name: str, result: str = "") -> str:
    return f'<w:fldSimple w:instr=" {name} ">{result or shown("as sent")}</w:fldSimple>'


def split_field(name: str) -> str:
    """A field whose name Word has split over runs, with a bookmark within it and a result in two paragraphs."""
    pieces = code(f" {name[:3]}") + '<w:bookmarkStart w:id="7" w:name="x"/>' + code(f"{name[3:]} ")
    end = '<w:bookmarkEnd w:id="7"/>'
    return (
        f"{mark('begin')}{pieces}{mark('separate')}{shown('as')}</w:p><w:p>{shown(' sent')}{end}{mark('end')}"
    )


def text_box(inner: str) -> str:
    shape = "<w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox>{}</v:textbox></v:shape></w:pict>"
    return run(shape.format(f"<w:txbxContent><w:p>{inner}</w:p></w:txbxContent>"))


def with_text(inner: str, place: str = "body") -> bytes:
    """A file with these runs in its body, a header, a footnote or a text box."""
    sent = Sent()
    if place == "text box":
        inner, place = text_box(inner), "body"
    paragraph = f"<w:p>{inner}</w:p>"
    if place == "body":
        sent.body = paragraph + sent.body
    elif place == "header":
        rid = sent.add("header1.xml", "header", f"<w:hdr {NAMESPACES}>{paragraph}</w:hdr>")
        sent.references = f'<w:headerReference w:type="default" r:id="{rid}"/>'
    else:
        notes = f'<w:footnote w:id="1">{paragraph}</w:footnote>'
        sent.add("footnotes.xml", "footnotes", f"<w:footnotes {NAMESPACES}>{notes}</w:footnotes>")
        sent.body = '<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>' + sent.body
    return sent.data()


def all_xml(data: bytes) -> str:
    return b"".join(parts(data).values()).decode()


SENDERS = [
    "NUMPAGES",
    "TITLE",
    "AUTHOR",
    "DOCPROPERTY Case",
    "DOCVARIABLE x",
    "FILENAME \\p",
    "DATE",
    "INFO Title",
]
SENDERS += [
    "SUBJECT",
    "KEYWORDS",
    "COMMENTS",
    "LASTSAVEDBY",
    "FILESIZE",
    "TEMPLATE",
    "CREATEDATE",
    "SAVEDATE",
]
SENDERS += ["PRINTDATE", "TIME", "USERNAME", "USERINITIALS", "USERADDRESS", "REVNUM", "EDITTIME", "NUMWORDS"]
SENDERS += ["NUMCHARS", "numpages \\* MERGEFORMAT", "MERGEFIELD Name", "CITATION Doe"]
OURS = [
    "PAGE",
    "REF x",
    "PAGEREF x",
    "SEQ Table",
    "STYLEREF 1",
    "TOC \\o",
    'HYPERLINK "https://apec.org"',
    "= 1 + 2",
]


@pytest.mark.parametrize("place", ["body", "header", "footnotes", "text box"])
@pytest.mark.parametrize("form", [complex_field, simple_field, split_field])
def test_a_field_of_the_sender_becomes_the_text_that_was_sent(tmp_path, form, place):
    made = all_xml(covered(with_text(form("NUMPAGES"), place), tmp_path))
    assert "fldChar" not in made and "fldSimple" not in made and "instrText" not in made
    texts = "".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", made))
    assert "as sent" in texts
    assert f"{FONT}<w:t>as" in made


@pytest.mark.parametrize("name", SENDERS)
def test_each_field_of_the_sender_is_frozen(tmp_path, name):
    made = all_xml(covered(with_text(complex_field(name) + simple_field(name)), tmp_path))
    assert made.count("as sent") == 2
    assert "fldChar" not in made and "fldSimple" not in made
    count(SECTION, "covers: kinds of the sender's fields, frozen")


@pytest.mark.parametrize("name", OURS)
def test_a_field_that_the_cover_does_not_change_stays(tmp_path, name):
    escaped = name.replace('"', "&quot;")
    made = covered(with_text(complex_field(escaped) + simple_field(escaped)), tmp_path)
    root = Package.read(made).xml("word/document.xml")
    assert [element.text for element in root.iter(qn("w:instrText"))] == [f" {name} "]
    assert [element.get(qn("w:instr")) for element in root.iter(qn("w:fldSimple"))] == [f" {name} "]
    assert len(list(root.iter(qn("w:fldChar")))) == 3 and words(root).count("as sent") == 2


def test_a_field_within_the_code_of_another_becomes_part_of_that_code(tmp_path):
    """IF PAGE = NUMPAGES goes on comparing, with the number of pages that was sent."""
    inner = code(" IF ") + complex_field("PAGE") + code(" = ") + complex_field("NUMPAGES", shown("7"))
    outer = mark("begin") + inner + code(' "last" "" ') + mark("separate") + shown("x") + mark("end")
    made = covered(with_text(outer), tmp_path)
    root = Package.read(made).xml("word/document.xml")
    codes = [element.text for element in root.iter(qn("w:instrText"))]
    assert codes == [" IF ", " PAGE ", " = ", "7", ' "last" "" ']
    assert len(list(root.iter(qn("w:fldChar")))) == 6


def test_a_field_around_one_without_a_result_is_frozen_itself(tmp_path):
    inner = mark("begin") + code(" DOCPROPERTY Case ") + mark("end")
    outer = mark("begin") + code(" IF ") + inner + mark("separate") + shown("as sent") + mark("end")
    data = with_text(outer)
    made = all_xml(covered(data, tmp_path))
    assert "as sent" in made and "fldChar" not in made and "instrText" not in made
    assert "field-without-result" not in {finding.code for finding in scan_docx(data).findings}


@pytest.mark.parametrize(
    "inner",
    [
        '<w:fldSimple w:instr=" NUMPAGES "/>',
        mark("begin") + code(" NUMPAGES ") + mark("end"),
        mark("begin") + code(" NUMPAGES ") + mark("separate") + mark("end"),
    ],
    ids=["simple", "without a separator", "with nothing after it"],
)
@pytest.mark.parametrize("place", ["body", "header", "footnotes", "text box"])
def test_a_field_without_its_result_stays_and_is_named(tmp_path, inner, place):
    data = with_text(inner, place)
    assert " NUMPAGES " in all_xml(covered(data, tmp_path))
    found = [f for f in scan_docx(data).findings if f.code == "field-without-result"]
    assert [f.found for f in found] == ["the field NUMPAGES without its result"]


@pytest.mark.validator
def test_a_file_with_frozen_fields_is_valid(tmp_path):
    nested = mark("begin") + code(" IF ") + complex_field("NUMPAGES", shown("7")) + code(" = 7 ")
    inner = complex_field("TITLE") + simple_field("TITLE") + split_field("NUMPAGES") + nested
    check_stays_valid(with_text(inner + mark("separate") + shown("x") + mark("end")), tmp_path)


# Names and paths


ITEM = "<p:properties xmlns:p='urn:p'><Reviewer>Jane Doe</Reviewer><Path>\\\\ministry\\share</Path></p:properties>"
CONTROL = (
    '<w:sdt><w:sdtPr><w:dataBinding w:xpath="/p:properties[1]" w:storeItemID="{6668398D}"/>'
    '<w15:dataBinding xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" w:xpath="/x"/></w:sdtPr>'
    f"<w:sdtContent>{shown('as sent')}</w:sdtContent></w:sdt>"
)


def custom_xml(sent: Sent) -> None:
    sent.more["customXml/item1.xml"] = ITEM.encode()
    sent.relations.append(("rIdX", f"{R}/customXml", "../customXml/item1.xml"))


def attached_template(sent: Sent) -> None:
    sent.settings += '<w:attachedTemplate r:id="rId1"/>'
    template = [("rId1", f"{R}/attachedTemplate", "file:///C:/Jane%20Doe/a.dotm", 'TargetMode="External"')]
    sent.more["word/_rels/settings.xml.rels"] = _relations(template).encode()


def mail_merge(sent: Sent) -> None:
    sent.settings += (
        '<w:mailMerge><w:mainDocumentType w:val="formLetters"/><w:dataType w:val="textFile"/>'
        '<w:connectString w:val="Jane Doe"/></w:mailMerge>'
    )


def document_variables(sent: Sent) -> None:
    sent.settings += '<w:docVars><w:docVar w:name="a" w:val="Jane Doe"/></w:docVars>'


def people(sent: Sent) -> None:
    kind = "http://schemas.microsoft.com/office/2011/relationships/people"
    sent.more["word/people.xml"] = (
        b'<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml">'
        b'<w15:person w15:author="Jane Doe"/></w15:people>'
    )
    sent.relations.append(("rIdX", kind, "people.xml"))


def printer_settings(sent: Sent) -> None:
    sent.more["word/printerSettings1.bin"] = b"\\\\Jane Doe\\printer"
    sent.defaults["bin"] = f"{WORD}.printerSettings"
    sent.relations.append(("rIdX", f"{R}/printerSettings", "printerSettings1.bin"))
    sent.after = '<w:printerSettings r:id="rIdX"/>'


def building_blocks(sent: Sent) -> None:
    sent.more["word/glossary/document.xml"] = (
        header("Jane Doe").replace("w:hdr", "w:glossaryDocument").encode()
    )
    sent.relations.append(("rIdX", f"{R}/glossaryDocument", "glossary/document.xml"))


def base_address(sent: Sent) -> None:
    sent.body = sent.body.replace("<w:p>", '<w:p xml:base="file:///C:/Jane Doe/">')


def properties_of_the_text(sent: Sent) -> None:
    sent.more["docProps/custom.xml"] = ITEM.encode()
    sent.relations.append(("rIdX", f"{R}/custom-properties", "../docProps/custom.xml"))


def path_as_alternative_text(sent: Sent) -> None:
    shape = '<v:shape xmlns:v="urn:schemas-microsoft-com:vml" alt="C:\\Jane Doe\\logo.png"/>'
    sent.body = f"<w:p><w:r><w:pict>{shape}</w:pict></w:r></w:p>{sent.body}"


PRIVATE = [custom_xml, attached_template, mail_merge, document_variables, people, printer_settings]
PRIVATE += [building_blocks, base_address, properties_of_the_text, path_as_alternative_text]


LEFT_OUT = {"attached-template", "chart-data", "linked-chart", "custom-xml", "document-variables", "left-out"}


@pytest.mark.parametrize("form", PRIVATE, ids=lambda form: form.__name__)
def test_names_and_paths_of_people_stay_behind(tmp_path, form):
    sent = in_forms(form)
    assert "Jane" in all_xml(sent)
    data = covered(sent, tmp_path)
    made = Package.read(data)
    assert "Jane" not in all_xml(data) and "ministry" not in all_xml(data)
    assert find_faults(made) == []
    assert not {finding.code for finding in scan_docx(data).findings} & LEFT_OUT
    assert not [
        e for name in made.parts for e in made.xml(name).iter(etree.Element) if "rIdX" in e.attrib.values()
    ]
    count(SECTION, "covers: files with names and paths of people, without them behind the cover")


def test_a_bound_control_keeps_its_text_without_what_it_was_bound_to(tmp_path):
    sent = Sent()
    custom_xml(sent)
    sent.body = f"<w:p>{CONTROL}</w:p>{sent.body}"
    made = all_xml(covered(sent.data(), tmp_path))
    assert "as sent" in made and "dataBinding" not in made and "Jane" not in made


@pytest.mark.parametrize(
    ("target", "link"),
    [("NULL", ""), ("#Here", ""), ("#Here", '<w:p><w:hyperlink r:id="rIdX"/></w:p>')],
    ids=["nothing", "a place, unused", "a place, used"],
)
def test_a_relation_to_nothing_does_not_reach_the_paper(tmp_path, target, link):
    sent = Sent()
    sent.relations.append(("rIdX", f"{R}/hyperlink", target))
    sent.body = link + sent.body
    made = Package.read(covered(sent.data(), tmp_path))
    assert find_faults(made) == []
    kept = [r for r in made.relations(made.main) if r.id == "rIdX"]
    assert [(r.target, r.external) for r in kept] == ([("#Here", True)] if link else [])


# Pages


def pages_of(data: bytes, folder: Path) -> list[str]:
    """The text of each page, as LibreOffice lays it out."""
    (folder / "made.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), "made.docx"]
    subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=True)
    done = subprocess.run(
        ["pdftotext", "made.pdf", "-"], cwd=folder, capture_output=True, timeout=60, check=True
    )
    return [" ".join(page.split()) for page in done.stdout.decode().split("\f")[:-1]]


@pytest.mark.libreoffice
@pytest.mark.poppler
@pytest.mark.parametrize("number", ["", '<w:pgNumType w:fmt="decimal"/>'], ids=["no numbers", "numbers"])
def test_the_first_page_of_the_text_is_odd_where_even_pages_differ(tmp_path, number):
    sent = Sent()
    for kind in ("default", "even"):
        text = f"<w:hdr {NAMESPACES}><w:p>{shown(f'{kind} page')}{complex_field('PAGE', shown('9'))}</w:p></w:hdr>"
        rid = sent.add(f"header-{kind}.xml", "header", text)
        sent.references += f'<w:headerReference w:type="{kind}" r:id="{rid}"/>'
    sent.settings, sent.after = "<w:evenAndOddHeaders/>", number
    sent.body += f'<w:p><w:r><w:br w:type="page"/></w:r>{shown("more")}</w:p>'
    _, first, second = pages_of(covered(sent.data(), tmp_path), tmp_path)
    assert first.startswith("default page1") and second.startswith("even page2")


def test_a_text_with_numbers_of_its_own_keeps_them(tmp_path):
    sent = Sent()
    sent.settings, sent.after = "<w:evenAndOddHeaders/>", '<w:pgNumType w:start="5"/>'
    made = all_xml(covered(sent.data(), tmp_path))
    assert re.findall(r"<w:pgNumType[^>]*>", made) == ['<w:pgNumType w:start="5"/>']


def test_bytes_do_not_depend_on_chance(tmp_path):
    data = in_forms(*combinations()[0])
    assert covered(data, tmp_path) == covered(data, tmp_path)
