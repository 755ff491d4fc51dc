"""Word files built from XML for the tests of the checks, and what the checks find in them."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path, PurePosixPath
from xml.sax.saxutils import escape, quoteattr

from papers.checks.accessibility import check_accessibility, check_validity
from papers.checks.consistency import FactReader, PaperFacts
from papers.checks.rules import AcceptedEntry, RuleSet, build_rule_set
from papers.checks.words import Nomenclature, OpenText
from papers.docx.package import OFFICE
from papers.docx.texts import PaperTexts, read_texts
from papers.inputs.config import read_config
from papers.inputs.folder import read_inputs
from papers.model.forum import build_model
from papers.problems import Problems
from project_tools import MINIATURE

NAMESPACES = (
    " ".join(
        f'xmlns:{prefix}="http://schemas.openxmlformats.org/{place}"'
        for prefix, place in {
            "w": "wordprocessingml/2006/main",
            "r": "officeDocument/2006/relationships",
            "a": "drawingml/2006/main",
            "c": "drawingml/2006/chart",
            "wp": "drawingml/2006/wordprocessingDrawing",
            "mc": "markup-compatibility/2006",
        }.items()
    )
    + ' xmlns:v="urn:schemas-microsoft-com:vml"'
)
STYLES = """<w:docDefaults><w:rPrDefault><w:rPr><w:color w:val="000000"/><w:lang w:val="en-GB"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:styleId="Heading1"><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading2"><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading3"><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Pale"><w:rPr><w:color w:val="AAAAAA"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="PaleToo"><w:basedOn w:val="Pale"/></w:style>
<w:style w:type="table" w:styleId="Dark"><w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:fill="333333"/></w:tcPr></w:tblStylePr></w:style>"""
_KINDS = {
    "footnotes": ("word/footnotes.xml", "w:footnotes"),
    "comments": ("word/comments.xml", "w:comments"),
    "header": ("word/header1.xml", "w:hdr"),
    "footer": ("word/footer1.xml", "w:ftr"),
    "chart": ("word/charts/chart1.xml", "c:chartSpace"),
}


def runs(*texts: str, properties: str = "") -> str:
    return "".join(
        f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(t)}</w:t></w:r>' for t in texts
    )


def p(*texts: str, style: str = "") -> str:
    """A paragraph; each text is a run of its own."""
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}{runs(*texts)}</w:p>"


def table(
    *rows: tuple[str, ...], header: bool = True, caption: str = "", style: str = "", look: str = "0000"
) -> str:
    properties = f'<w:tblStyle w:val="{style}"/>' if style else ""
    properties += f'<w:tblLook w:val="{look}"/>'
    properties += f"<w:tblCaption w:val={quoteattr(caption)}/>" if caption else ""
    xml = ""
    for number, row in enumerate(rows):
        first = "<w:trPr><w:tblHeader/></w:trPr>" if header and not number else ""
        xml += f"<w:tr>{first}{''.join(f'<w:tc>{p(cell)}</w:tc>' for cell in row)}</w:tr>"
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr>{xml}</w:tbl>"


def picture(alt: str, number: int = 1) -> str:
    drawing = f'<w:drawing><wp:inline><wp:docPr id="{number}" name="Picture {number}" descr={quoteattr(alt)}/></wp:inline></w:drawing>'
    return f"<w:p><w:r>{drawing}</w:r></w:p>"


def link(text: str) -> str:
    return f'<w:p><w:hyperlink r:id="web">{runs(text)}</w:hyperlink></w:p>'


def footnote(text: str) -> str:
    return f'<w:footnote w:type="separator" w:id="-1"/><w:footnote w:id="1">{p(text)}</w:footnote>'


def title_of_chart(text: str) -> str:
    return f"<c:chart><c:title><a:p><a:r><a:t>{escape(text)}</a:t></a:r></a:p></c:title></c:chart>"


def category_of_chart(text: str) -> str:
    return f'<c:cat><c:strRef><c:strCache><c:pt idx="0"><c:v>{escape(text)}</c:v></c:pt></c:strCache></c:strRef></c:cat>'


def docx(body: str, title: str = "A title", styles: str = STYLES, **others: str) -> bytes:
    """A .docx with a body and, by name, footnotes, comments, header, footer and chart."""
    parts = {"word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"}
    parts["word/styles.xml"] = f"<w:styles {NAMESPACES}>{styles}</w:styles>"
    for kind, content in others.items():
        name, root = _KINDS[kind]
        parts[name] = f"<{root} {NAMESPACES}>{content}</{root}>"
    dublin = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    parts["docProps/core.xml"] = f"<cp {dublin}><dc:title>{escape(title)}</dc:title></cp>"
    targets = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}{_kind(name)}" Target="/{name}"/>'
        for n, name in enumerate(parts)
        if "document" not in name
    )
    outside = f'<Relationship Id="web" Type="{OFFICE}hyperlink" Target="https://example.org" TargetMode="External"/>'
    relations = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    parts["word/_rels/document.xml.rels"] = relations.format(targets + outside)
    root = f'<Relationship Id="r" Type="{OFFICE}officeDocument" Target="word/document.xml"/>'
    parts["_rels/.rels"] = relations.format(root)
    types = (
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="x"/>'
    )
    types += "".join(
        f'<Override PartName="/{name}" ContentType="{_content_type(name)}"/>'
        for name in parts
        if name.startswith("word/") and name.endswith(".xml")
    )
    parts["[Content_Types].xml"] = (
        f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{types}</Types>'
    )
    return zipped({name: text.encode() for name, text in parts.items()})


def _kind(name: str) -> str:
    return PurePosixPath(name).stem.rstrip("0123456789")


def _content_type(name: str) -> str:
    family = "drawingml" if "/charts/" in name else "wordprocessingml"
    return f"application/vnd.openxmlformats-officedocument.{family}.{_kind(name).replace('document', 'document.main')}+xml"


def zipped(parts: dict[str, bytes]) -> bytes:
    """A ZIP file with these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return file.getvalue()


@cache
def _rules(root: Path) -> RuleSet:
    problems = Problems()
    config = read_config([root / "config.yaml"], {}, problems)
    rules = build_rule_set(build_model(read_inputs(root, config, problems), config, problems))
    assert not problems, problems.lines()
    return rules


def rules(accepted: tuple[tuple[str, str], ...] = (), root: Path = MINIATURE) -> RuleSet:
    """The rules of a folder's inputs, with these accepted texts (text, column) instead of its own."""
    entries = [AcceptedEntry(text, "It may.", column, place=text) for text, column in accepted]
    return replace(_rules(root), accepted=entries)


def nomenclature(data: bytes, *accepted: tuple[str, str]) -> list[tuple[str, str]]:
    """(found, where) of each finding of the nomenclature."""
    return [(f.found, f.where) for f in Nomenclature(rules(accepted), set()).check(read_texts(data))]


def open_text(data: bytes, *accepted: tuple[str, str]) -> list[str]:
    return [finding.found for finding in OpenText(rules(accepted), set()).check(read_texts(data))]


def access(data: bytes) -> list[str]:
    return [f"{finding.found}; {finding.expected}" for finding in check_accessibility(read_texts(data))]


def validity(data: bytes) -> list[str]:
    return [f"{finding.where}: {finding.found}" for finding in check_validity(read_texts(data))]


def facts(data: bytes, root: Path = MINIATURE) -> PaperFacts:
    return FactReader(rules(root=root)).facts(read_texts(data))


def texts(data: bytes) -> PaperTexts:
    return read_texts(data)
