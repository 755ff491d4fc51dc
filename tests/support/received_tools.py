"""Received papers: a Word file with everything that may conflict with a cover, and PDFs, each to be damaged."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable
from functools import cache

import pikepdf
from docx import Document as open_document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from forum_tools import MINI2
from lxml import etree
from pikepdf import Array, Dictionary, Name, Pdf, String
from project_tools import Project

MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


DOCUMENT = "word/document.xml"
FOLDER = "inputs/mini/received/MINI2"
ENTRY = """
  - number: 2019/MINI2/007
    file: received/MINI2/paper.docx
    title: A Paper of an Economy
    submitted_by: [Peru]
"""
BRACES = "Braces stay: {{ title }} and {% if a %} and {# note #} and 50 %} done"
_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


@cache
def word_paper(title: str = "A Paper of an Economy", language: str = "en-US") -> bytes:
    """A Word file from python-docx's own template, which Word made: with a theme, styles, defaults of its own.

    Its first section is continuous, has first and even headers; it has a picture, a table, a list, a bookmark, a style
    with the name of one of the cover's, and text that looks like tags.
    """
    document = open_document()
    document.core_properties.title = title
    document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}").set(qn("w:val"), language)
    document.styles.add_style("Cover Title", WD_STYLE_TYPE.PARAGRAPH).font.size = Pt(7)
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.start_type = WD_SECTION.CONTINUOUS
    section.first_page_header.paragraphs[0].text = "The first header"
    section.header.paragraphs[0].text = "The header"
    section.even_page_header.paragraphs[0].text = "The even header"
    document.add_heading(title, 1)
    document.add_paragraph(BRACES, "Cover Title")
    document.add_paragraph("A point of a list", "List Number")
    document.add_picture(io.BytesIO(_PIXEL))
    drawing = next(document.element.body.iter(qn("wp:docPr")))
    drawing.set("descr", "A dot")
    _bookmark(document.paragraphs[0]._p)
    document.add_table(2, 2, "Table Grid").cell(0, 0).text = "A cell"
    document.add_paragraph("The last words.")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _bookmark(paragraph: etree._Element) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (start, end):
        element.set(qn("w:id"), "1")
    start.set(qn("w:name"), "Here")
    paragraph.append(start)
    paragraph.append(end)


def with_part(data: bytes, name: str, edit: Callable[[str], str]) -> bytes:
    """The file with one part edited, or added if there is none; the edit must change it."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {entry: package.read(entry) for entry in package.namelist()}
    before = parts.get(name, b"").decode("utf-8")
    after = edit(before)
    assert after != before, "the edit changed nothing"
    parts[name] = after.encode("utf-8")
    return packed(parts)


def packed(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return buffer.getvalue()


def with_body(data: bytes, xml: str) -> bytes:
    """The file with this at the beginning of its text."""
    return with_part(data, DOCUMENT, lambda text: text.replace("<w:body>", f"<w:body>{xml}", 1))


def with_relation(data: bytes, kind: str, target: str, part: str = DOCUMENT) -> bytes:
    """The file with a relation of this kind to something outside the file."""
    folder, _, name = part.rpartition("/")
    type_ = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    added = f'<Relationship Id="rIdX" Type="{type_}" Target="{target}" TargetMode="External"/>'
    empty = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    )

    def edit(text: str) -> str:
        return (text or empty).replace("</Relationships>", f"{added}</Relationships>")

    return with_part(data, f"{folder}/_rels/{name}.rels", edit)


def paragraphs(*words: str) -> str:
    return "".join(f"<w:p><w:r><w:t>{one}</w:t></w:r></w:p>" for one in words)


def pdf_paper(pages: int = 2, edit: Callable[[Pdf], None] | None = None) -> bytes:
    """A small PDF with words, a title and a language, without tags; its font is drawn in the file (Type 3)."""
    pdf = Pdf.new()
    letter = pdf.make_stream(b"1000 0 0 0 750 750 d1 0 0 750 750 re f")
    font = pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type3,
            FontBBox=Array([0, 0, 750, 750]),
            FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
            CharProcs=Dictionary(a=letter),
            Encoding=Dictionary(Type=Name.Encoding, Differences=Array([97, Name.a])),
            FirstChar=97,
            LastChar=97,
            Widths=Array([1000]),
        )
    )
    for number in range(pages):
        pdf.add_blank_page(page_size=(595, 842))
        page = pdf.pages[number]
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        page.obj.Contents = pdf.make_stream(b"BT /F1 12 Tf 72 700 Td (aaa) Tj ET")
    pdf.docinfo.Title = String("A Paper of an Economy")
    pdf.Root.Lang = String("en")
    if edit:
        edit(pdf)
    buffer = io.BytesIO()
    pdf.save(buffer)
    return buffer.getvalue()


def encrypted_pdf(user: str) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_paper())) as pdf:
        pdf.save(buffer, encryption=pikepdf.Encryption(owner="owner", user=user))
    return buffer.getvalue()


def add_entry(forum, *lines: str, entry: str = ENTRY, cut_off: str = "") -> None:
    """A received paper in the miniature forum, its file beside it, with more lines in its entry."""
    forum.write(f"{FOLDER}/paper.docx", word_paper())
    more = "".join(f"    {line}\n" for line in lines)
    forum.write(MINI2, cut_off + forum.text(MINI2) + entry.lstrip("\n") + more)


def refused(forum) -> list[tuple[str, str]]:
    """(kind, key) of each problem."""
    return [(problem.kind, problem.place.key) for problem in forum.problems()]


def send(project: Project, name: str, data: bytes, *lines: str, number: str = "2019/MINI2/007") -> None:
    """Add a received file, and its entry."""
    place = project.root / FOLDER / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    entry = ENTRY.replace("paper.docx", name).replace("2019/MINI2/007", number)
    meeting = project.root / MINI2
    more = "".join(f"    {line}\n" for line in lines)
    meeting.write_text(meeting.read_text(encoding="utf-8") + entry.lstrip("\n") + more, encoding="utf-8")
