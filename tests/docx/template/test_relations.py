"""Templates with parts of every kind: all that they refer to reaches the paper, or the template is named."""

from __future__ import annotations

import re
import zipfile

import pytest
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree
from papers.docx.captions import number_captions
from papers.docx.fill import Prepared
from papers.docx.package import Package, find_faults
from papers.docx.template.prepare import read_template, template_file
from papers.problems import Problems
from papers.received.cover_docx import check_cover
from validators import EACH_VALIDATOR
from word_tools import (
    copied_templates,
    edited,
    filled,
    paragraph_with,
    parts,
    prepared,
    retyped,
    sample_paper,
    shipped_kinds,
    template_problems,
)

KIND = "agenda"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DGM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
DSP = "http://schemas.microsoft.com/office/drawing/2008/diagram"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SMARTART = {  # attribute -> type of its relation, name, content type, content
    "dm": (f"{R}/diagramData", "data1", "drawingml.diagramData", "dataModel", "<dgm:ptLst/>"),
    "lo": (
        f"{R}/diagramLayout",
        "layout1",
        "drawingml.diagramLayout",
        "layoutDef",
        '<dgm:layoutNode name="a"/>',
    ),
    "qs": (
        f"{R}/diagramQuickStyle",
        "quickStyle1",
        "drawingml.diagramStyle",
        "styleDef",
        '<dgm:styleLbl name="node1"/>',
    ),
    "cs": (f"{R}/diagramColors", "colors1", "drawingml.diagramColors", "colorsDef", ""),
}
DRAWING = "http://schemas.microsoft.com/office/2007/relationships/diagramDrawing"


@pytest.fixture
def templates(tmp_path):
    return copied_templates(tmp_path)


def made(templates, kind: str = KIND) -> Package:
    """A paper of this kind, from these templates."""
    return Package.read(filled(sample_paper(kind), templates, Prepared(prepared(templates, kind))))


def add_part(document, name: str, type_: str, content: bytes, kind: str) -> str:
    part = Part(PackURI(f"/word/{name}"), type_, content, document.part.package)
    return document.part.relate_to(part, kind)


def add_smartart(document, with_drawing: bool = False) -> None:
    """SmartArt at the end of a template: four parts, and the drawing that Word keeps of it."""
    extension = ""
    if with_drawing:
        drawing = f'<dsp:drawing xmlns:dsp="{DSP}" xmlns:a="{A}"><dsp:spTree/></dsp:drawing>'.encode()
        rid = add_part(
            document,
            "diagrams/drawing1.xml",
            "application/vnd.ms-office.drawingml.diagramDrawing+xml",
            drawing,
            DRAWING,
        )
        inner = f'<dsp:dataModelExt xmlns:dsp="{DSP}" relId="{rid}" minVer="http://x"/>'
        extension = f'<dgm:extLst><a:ext uri="http://x">{inner}</a:ext></dgm:extLst>'
    ids = {}
    for attribute, (kind, name, type_, root, inner) in SMARTART.items():
        inner += extension if attribute == "dm" else ""
        xml = f'<dgm:{root} xmlns:dgm="{DGM}" xmlns:a="{A}">{inner}</dgm:{root}>'
        type_ = f"application/vnd.openxmlformats-officedocument.{type_}+xml"
        ids[attribute] = add_part(document, f"diagrams/{name}.xml", type_, xml.encode(), kind)
    references = " ".join(f'r:{attribute}="{rid}"' for attribute, rid in ids.items())
    graphic = f'<a:graphic xmlns:a="{A}"><a:graphicData uri="{DGM}"><dgm:relIds xmlns:dgm="{DGM}" xmlns:r="{R}" {references}/></a:graphicData></a:graphic>'
    size = '<wp:extent cx="9000" cy="9000"/><wp:docPr id="77" name="SmartArt" descr="A chart"/>'
    inline = f'<w:drawing xmlns:w="{W}"><wp:inline xmlns:wp="{WP}">{size}{graphic}</wp:inline></w:drawing>'
    document.add_paragraph().add_run()._r.append(parse_xml(inline))


@EACH_VALIDATOR
@pytest.mark.parametrize("name", ["cover", KIND])
def test_smartart_reaches_the_paper_with_all_its_parts(templates, tmp_path, name, validate):
    with edited(templates, name) as document:
        add_smartart(document)
    data = filled(sample_paper(KIND), templates, Prepared(prepared(templates, KIND)))
    package = Package.read(data)
    assert find_faults(package) == []
    assert len([part for part in package.parts if part.startswith("word/diagrams/")]) == 4
    (tmp_path / "paper.docx").write_bytes(data)
    assert [fault for fault in validate(tmp_path / "paper.docx") if "diagram" in str(fault)] == []


def test_the_drawing_of_a_smartart_is_found_from_its_data(templates):
    with edited(templates, "cover") as document:
        add_smartart(document, with_drawing=True)
    package = made(templates)
    drawing = next(r for r in package.relations(package.main) if r.type == DRAWING)
    data = next(name for name in package.parts if "diagrams/data" in name)
    assert [e.get("relId") for e in package.xml(data).iter(f"{{{DSP}}}dataModelExt")] == [drawing.id]
    assert drawing.target in package.parts


def test_parts_with_the_same_name_in_two_templates_are_both_kept(templates):
    for name in ("cover", KIND):
        with edited(templates, name) as document:
            sheet = Part(
                PackURI("/word/embeddings/book1.xlsx"), CT.SML_SHEET, name.encode(), document.part.package
            )
            chart = Part(PackURI("/word/charts/chart1.xml"), CT.DML_CHART, b"<c/>", document.part.package)
            chart.relate_to(sheet, f"{R}/package")
            rid = document.part.relate_to(chart, f"{R}/chart")
            mark = etree.fromstring(f'<c:chart xmlns:c="urn:chart" xmlns:r="{R}" r:id="{rid}"/>')
            document.add_paragraph().add_run()._r.append(mark)
    package = made(templates)
    assert find_faults(package) == []
    books = [package.parts[name] for name in package.parts if name.startswith("word/embeddings/")]
    assert sorted(books) == sorted([b"cover", KIND.encode()])


@pytest.mark.parametrize("attribute", ["id", "embed", "link", "pict", "dm", "href"])
def test_every_attribute_of_the_namespace_of_relations_is_adapted(templates, attribute):
    with edited(templates, "cover") as document:
        package = document.part.package
        picture = Part(PackURI("/word/media/mark.png"), CT.PNG, b"\x89PNG\r\n\x1a\n", package)
        rid = document.part.relate_to(picture, RELATIONSHIP_TYPE.IMAGE)
        mark = etree.fromstring(f'<x:x xmlns:x="urn:x" xmlns:r="{R}" r:{attribute}="{rid}"/>')
        document.add_paragraph().add_run()._r.append(mark)
    package = made(templates)
    element = next(package.xml(package.main).iter("{urn:x}x"))
    related = {relation.id: relation.target for relation in package.relations(package.main)}
    target = related[element.get(f"{{{R}}}{attribute}")]
    assert package.parts[target] == b"\x89PNG\r\n\x1a\n"


def test_a_reference_to_a_part_that_is_not_there_names_the_template(templates):
    with edited(templates, "cover") as document:
        mark = etree.fromstring(f'<x:x xmlns:x="urn:x" xmlns:r="{R}" r:embed="rId999"/>')
        document.add_paragraph().add_run()._r.append(mark)
    (problem,) = template_problems(templates, KIND).found
    assert (problem.place.file, problem.kind) == ("templates/cover.docx", "unresolved")
    assert "word/document.xml: rId999" in problem.found


def test_a_cover_with_smartart_is_refused_for_received_papers_by_name(templates):
    with edited(templates, "cover") as document:
        add_smartart(document)
    problems = Problems()
    check_cover(
        read_template(template_file(templates.parent, shipped_kinds(), "cover"), problems, {}),
        "templates/cover.docx",
        problems,
    )
    (line,) = problems.lines()
    assert line.startswith("templates/cover.docx") and "SmartArt" in line


# Names of parts


def renamed(templates, name: str, **names: str) -> None:
    """Give parts of a template other names, as other programs do."""
    path = templates / f"{name}.docx"
    content = parts(path.read_bytes())
    for old, new in names.items():
        old, new = f"word/{old}.xml", f"word/{new}.xml"
        for list_ in ("[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels"):
            text = content[list_].decode()
            text = text.replace(f'"/{old}"', f'"/{new}"').replace(f'"{old}"', f'"{new}"')
            content[list_] = text.replace(f'"{old[5:]}"', f'"{new[5:]}"').encode()
        content[new] = content.pop(old)
    if "document" in names:
        content[f"word/_rels/{names['document']}.xml.rels"] = content.pop("word/_rels/document.xml.rels")
    with zipfile.ZipFile(path, "w") as package:
        for part, data in content.items():
            package.writestr(part, data)


@pytest.mark.parametrize("name", ["cover", KIND])
@pytest.mark.parametrize(
    "names", [{"document": "document2"}, {"numbering": "numbering2", "document": "main"}]
)
def test_parts_with_other_names_give_the_same_paper(templates, name, names):
    before = made(templates).parts
    if name == "cover":
        names = {key: value for key, value in names.items() if key == "document"}
    renamed(templates, name, **names)
    assert made(templates).parts == before


# Tags and captions


@pytest.mark.parametrize("space", ["\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{FIGURE SPACE}"])
def test_a_non_breaking_space_in_a_tag_is_a_space(templates, space):
    before = made(templates).parts
    with edited(templates, KIND) as document:
        for paragraph in document.element.body.iter(qn("w:t")):
            if paragraph.text and "{{ agenda." in paragraph.text:
                paragraph.text = re.sub(r"\{\{ (\S+) \}\}", rf"{{{{{space}\1{space}}}}}", paragraph.text)
    assert made(templates).parts == before


def test_an_invisible_character_in_a_tag_is_named(templates):
    with edited(templates, "cover") as document:
        retyped(paragraph_with(document, "{{ cover.number }}"), "{{ cover.\N{ZERO WIDTH SPACE}number }}")
    assert any("U+200B" in line for line in template_problems(templates, KIND).lines())


def sequence(result: str, name: str = "Figure") -> str:
    return f'<w:fldSimple w:instr=" SEQ {name} "><w:r><w:t>{result}</w:t></w:r></w:fldSimple>'


def box(*branches: str) -> str:
    """A text box as Word writes it: the last branch is for older programs."""
    inner = "".join(f'<mc:Choice Requires="wps">{text}</mc:Choice>' for text in branches[:-1])
    return f"<mc:AlternateContent>{inner}<mc:Fallback>{branches[-1]}</mc:Fallback></mc:AlternateContent>"


@pytest.mark.parametrize(
    ("document", "numbers"),
    [
        (sequence("9") + box(sequence("9"), sequence("9")) + sequence("9"), "1 2 2 3"),
        (box(sequence("9") * 2, sequence("9") * 2) + sequence("9"), "1 2 1 2 3"),
        (box(sequence("9"), sequence("9"), "") + sequence("9"), "1 1 2"),
        (box("", sequence("9")) + sequence("9"), "1 1"),
        (box(box(sequence("9"), sequence("9")) + sequence("9"), sequence("9")) + sequence("9"), "1 1 2 1 3"),
        (box(sequence("9", "Table"), sequence("9", "Table")) + sequence("9"), "1 1 1"),
    ],
    ids=["one", "two in a box", "two choices", "only for older programs", "a box in a box", "two sequences"],
)
def test_a_caption_in_a_text_box_counts_once(document, numbers):
    assert re.findall(r"<w:t>(\d+)</w:t>", number_captions(document)) == numbers.split()
