"""For tests of Word files: templates to edit, papers to fill, and a readable dump of a paper."""

from __future__ import annotations

import io
import re
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from docx import Document as open_document
from docx.document import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml import etree
from papers.docx.fill import Prepared, load_context
from papers.docx.template.prepare import prepare_kind
from papers.inputs.kind_files import read_kind_files
from papers.problems import Problems
from papers.richtext import BODY, block, blocks, chart, line
from papers.store.files import to_json
from papers.store.work_files import manifests
from papers.wording.kind import Kinds, kinds_of
from papers.wording.tags import Blocks, Chart, Contents, Each, Flag, Line, Merge, Picture, Share, Tag, Text
from project_tools import ROOT, build_once

TEMPLATES = ROOT / "templates"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
GOLDEN = Path(__file__).parents[1] / "golden"
_WITHOUT = shutil.ignore_patterns("__pycache__", "~$*")


# Templates


@cache
def shipped_kinds() -> Kinds:
    """The kinds of the shipped files, with the shipped templates."""
    problems = Problems()
    kinds = kinds_of(read_kind_files(ROOT, "", problems))
    assert not problems, problems.lines()
    return kinds


def copied_templates(folder: Path) -> Path:
    """A copy of the real templates, to be edited."""
    shutil.copytree(TEMPLATES, folder / "templates", ignore=_WITHOUT)
    return folder / "templates"


@contextmanager
def edited(templates: Path, name: str) -> Iterator[Document]:
    """A template open for editing, saved at the end."""
    document = open_document(str(templates / f"{name}.docx"))
    yield document
    document.save(str(templates / f"{name}.docx"))


def paragraph_with(document: Document, words: str) -> Paragraph:
    """The first paragraph, also in a table, that has these words."""
    found = (Paragraph(p, document._body) for p in document.element.body.iter(qn("w:p")))
    return next(paragraph for paragraph in found if words in paragraph.text)


def retyped(paragraph: Paragraph, *pieces: str) -> Paragraph:
    """The paragraph with these pieces, each a run, instead of what it had; the format is that of the first run."""
    for run in paragraph.runs[1:]:
        run._element.getparent().remove(run._element)
    paragraph.runs[0].text = pieces[0]
    for piece in pieces[1:]:
        paragraph.add_run(piece)
    return paragraph


def template_problems(templates: Path, kind: str = "implementation-schedule") -> Problems:
    """The problems of a kind's templates."""
    problems = Problems()
    assert (prepare_kind(templates.parent, shipped_kinds(), kind, None, problems) is None) == bool(problems)
    return problems


# Filling


def sample(tags: dict[str, Tag], path: str) -> dict:
    """A value for every tag: each text says where it comes from."""
    return {name: _value(tag, f"{path}.{name}") for name, tag in tags.items() if not isinstance(tag, Picture)}


def _value(tag: Tag, path: str):
    if isinstance(tag, Each):
        if tag.of is None:
            return [f"{path} {n}" for n in (1, 2)]
        return [sample(tag.of, f"{path} {n}") for n in (1, 2)]
    made = {
        Text: lambda: f"‹{path}›",
        Flag: lambda: True,
        Share: lambda: 5_000,
        Merge: lambda: False,
        Line: lambda: line(f"‹{path}›"),
        Blocks: lambda: blocks(block(BODY, line(f"‹{path}›"))),
        Chart: lambda: chart(
            "timeline", f"‹{path}›", "in words", ["A", "B"], [("from", [2016, 2017]), ("years", [2, 1])]
        ),
        Contents: lambda: {"contents": None},
    }
    return made[type(tag)]()


def sample_paper(kind: str) -> dict:
    """The context of a paper of this kind that has every text."""
    spaces = shipped_kinds().all_tags_of(kind)
    properties = {"title": "A title", "subject": "2016/SMEWG43/015", "author": "Us", "language": "en-GB"}
    return {
        "number": "2016/SMEWG43/015",
        "title": "A title",
        "kind": kind,
        "templates": [f"templates/{name}.docx" for name in shipped_kinds().templates_of(kind)],
        "file": "2016/SMEWG43/16_smewg43_015.docx",
        "properties": {**properties, "date": "2016-09-07T00:00:00Z"},
        "fields": {space: sample(tags, space) for space, tags in spaces.items()},
    }


def prepared(templates: Path, kind: str) -> bytes:
    """The prepared file of a kind; its templates must be right."""
    problems = Problems()
    data = prepare_kind(templates.parent, shipped_kinds(), kind, None, problems)
    assert not problems, problems.lines()
    return data


@cache
def ready(kind: str) -> Prepared:
    """A kind of paper from the real templates, ready to fill."""
    return Prepared(prepared(TEMPLATES, kind))


def loaded(paper: dict, folder: Path) -> dict:
    """The paper as a job reads it: through the file of its meeting's context, its texts escaped."""
    place = folder / "context.json"
    place.write_bytes(to_json({"meeting": "SMEWG43", "papers": [paper]}))
    return load_context(place)["papers"][0]


def filled(paper: dict, folder: Path, kind: Prepared | None = None) -> bytes:
    """The .docx of a paper, filled as a job fills it."""
    return (kind or ready(paper["kind"])).fill(loaded(paper, folder))


def part(data: bytes, name: str) -> etree._Element:
    """A part of a .docx, parsed."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return etree.fromstring(package.read(name))


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def words(element: etree._Element) -> str:
    """The text of an element as it is seen: breaks are line ends, tabs are tabs."""
    shown = {qn("w:t"): lambda e: e.text or "", qn("w:br"): lambda _: "\n", qn("w:tab"): lambda _: "\t"}
    runs = element.iter(qn("w:r"))
    return "".join(shown[inner.tag](inner) for run in runs for inner in run if inner.tag in shown)


def styled(root: etree._Element, style: str) -> list[etree._Element]:
    """The paragraphs whose style has this id."""
    named = (p for p in root.iter(qn("w:p")) if p.find(f"{qn('w:pPr')}/{qn('w:pStyle')}") is not None)
    return [p for p in named if p.find(f"{qn('w:pPr')}/{qn('w:pStyle')}").get(qn("w:val")) == style]


# Built papers


@cache
def built(inputs: Path) -> dict[str, Path]:
    """The papers that are built from the inputs and config.yaml of a folder, ROOT or MINIATURE: number -> file."""
    root = build_once(inputs).root
    folders = (root / "outputs/work").glob("*/filled")
    papers = [paper for folder in folders for found in manifests(folder) for paper in found["papers"]]
    return {paper["number"]: root / "outputs" / "papers" / paper["file"] for paper in papers}


def png(width: int = 8, height: int = 8) -> bytes:
    """A black picture of so many pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    rows = zlib.compress(bytes((width + 1) * height))
    head = chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


# Golden texts


def dump(data: bytes) -> str:
    """A .docx as readable text: sections, paragraphs with their styles, tables, headers, footers, notes, properties."""
    return "\n".join(_Dump(data).lines()) + "\n"


class _Dump:
    def __init__(self, data: bytes):
        self.document = open_document(io.BytesIO(data))
        self.data = data
        styles = self.document.styles.element.findall(qn("w:style"))
        self.styles = {s.get(qn("w:styleId")): s.find(qn("w:name")).get(qn("w:val")) for s in styles}

    def lines(self) -> Iterator[str]:
        yield from self.properties()
        yield ""
        for element in self.document.element.body:
            yield from self.element(element, "")
        yield from self.notes()
        yield from self.charts()

    def properties(self) -> Iterator[str]:
        core = self.document.core_properties
        names = (
            "title",
            "subject",
            "author",
            "language",
            "created",
            "modified",
            "last_modified_by",
            "comments",
        )
        yield from (f"{name}: {getattr(core, name)}" for name in names if getattr(core, name))

    def element(self, element: etree._Element, margin: str) -> Iterator[str]:
        if element.tag == qn("w:p"):
            yield margin + self.paragraph(element)
            section = element.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
            if section is not None:
                yield from self.section(section)
        elif element.tag == qn("w:tbl"):
            yield from self.table(element, margin)
        elif element.tag == qn("w:sectPr"):
            yield from self.section(element)
        else:
            yield f"{margin}<{etree.QName(element).localname}>"

    def paragraph(self, paragraph: etree._Element) -> str:
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        name = "no style" if style is None else self.styles[style.get(qn("w:val"))]
        number = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
        listed = "" if number is None else f", list {number.get(qn('w:val'))}"
        return f"[{name}{listed}] {self.runs(paragraph)}".rstrip()

    def runs(self, paragraph: etree._Element) -> str:
        """Text with its marks as in the inputs' Markdown; neighbouring runs with the same marks together."""
        pieces: list[list[str]] = []
        for run in paragraph.iter(qn("w:r")):
            sign, text = self.signs(run), "".join(self.inner(inner) for inner in run)
            if pieces and pieces[-1][0] == sign:
                pieces[-1][1] += text
            else:
                pieces.append([sign, text])
        return "".join(f"{sign}{text}{sign[::-1]}" if text else "" for sign, text in pieces)

    @staticmethod
    def signs(run: etree._Element) -> str:
        properties = run.find(qn("w:rPr"))
        if properties is None:
            return ""
        signs = {"b": "**", "i": "*", "vertAlign": "^"}
        return "".join(sign for tag, sign in signs.items() if properties.find(qn(f"w:{tag}")) is not None)

    @staticmethod
    def inner(element: etree._Element) -> str:
        name = etree.QName(element).localname
        if name == "t":
            return element.text or ""
        if name == "drawing":
            return "".join(f"(picture: {drawing.get('descr')})" for drawing in element.iter(qn("wp:docPr")))
        shown = {"br": "⏎", "tab": "⇥", "rPr": "", "fldChar": "", "footnoteRef": ""}
        if name == "footnoteReference":
            return f"[^{element.get(qn('w:id'))}]"
        return f"{{{element.text.strip()}}}" if name == "instrText" else shown.get(name, f"<{name}>")

    def table(self, table: etree._Element, margin: str) -> Iterator[str]:
        properties = table.find(qn("w:tblPr"))
        style = properties.find(qn("w:tblStyle"))
        caption = properties.find(qn("w:tblCaption"))
        title = "" if caption is None else f" {caption.get(qn('w:val'))}"
        name = "" if style is None else f" [{self.styles[style.get(qn('w:val'))]}]"
        widths = [column.get(qn("w:w")) for column in table.iter(qn("w:gridCol"))]
        yield f"{margin}TABLE{name}{title}, columns {' '.join(widths)}"
        for number, row in enumerate(table.findall(qn("w:tr")), 1):
            signs = {"tblHeader": "repeated on each page", "cantSplit": "kept whole"}
            said = [
                text
                for tag, text in signs.items()
                if row.find(f"{qn('w:trPr')}/{qn(f'w:{tag}')}") is not None
            ]
            yield f"{margin}  row {number}" + (f" ({', '.join(said)})" if said else "")
            for cell in row.findall(qn("w:tc")):
                yield from self.cell_lines(cell, margin + "    ")

    def cell_lines(self, cell: etree._Element, margin: str) -> Iterator[str]:
        inside = [inner for inner in cell if inner.tag != qn("w:tcPr")]
        if len(inside) == 1 and inside[0].tag == qn("w:p"):
            yield f"{margin}{self.cell(cell)}: {self.paragraph(inside[0])}"
            return
        yield f"{margin}{self.cell(cell)}:"
        for inner in inside:
            yield from self.element(inner, margin + "  ")

    @staticmethod
    def cell(cell: etree._Element) -> str:
        merge, span = cell.find(f".//{qn('w:vMerge')}"), cell.find(f".//{qn('w:gridSpan')}")
        said = ["cell"]
        if span is not None:
            said.append(f"over {span.get(qn('w:val'))} columns")
        if merge is not None:
            said.append(
                "joined with those below"
                if merge.get(qn("w:val")) == "restart"
                else "joined with the one above"
            )
        return ", ".join(said)

    def section(self, section: etree._Element) -> Iterator[str]:
        """The end of a section: its page in twentieths of a point, its header and footer."""
        size, edge = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
        margins = " ".join(edge.get(qn(f"w:{name}")) for name in ("top", "right", "bottom", "left"))
        yield f"=== end of section: page {size.get(qn('w:w'))} x {size.get(qn('w:h'))}, margins {margins}"
        for reference in section.iter(qn("w:headerReference"), qn("w:footerReference")):
            related = self.document.part.rels[reference.get(qn("r:id"))].target_part
            name = etree.QName(reference).localname.removesuffix("Reference")
            for element in related._element:
                yield from (f"    {name}: {text}" for text in self.element(element, ""))
        yield ""

    def notes(self) -> Iterator[str]:
        if "word/footnotes.xml" not in parts(self.data):
            return
        for note in part(self.data, "word/footnotes.xml"):
            kind = note.get(qn("w:type")) or ""
            for paragraph in note.iter(qn("w:p")):
                yield f"footnote {note.get(qn('w:id'))}{kind and f' ({kind})'}: {self.paragraph(paragraph)}"

    def charts(self) -> Iterator[str]:
        """What each chart shows: a line per category, with the values of its series."""
        package = parts(self.data)
        for name in sorted(name for name in package if re.fullmatch(r"word/charts/chart\d+\.xml", name)):
            root = etree.fromstring(package[name])
            yield f"{name} {''.join(text.text for text in root.iter(f'{_DRAWING}t'))}".rstrip()
            shown: dict[str, list[str]] = {}
            for series in root.iter(f"{_CHART}ser"):
                called = "".join(self.points(series, "tx").values())
                values = self.points(series, "val")
                for at, category in self.points(series, "cat").items():
                    pairs = shown.setdefault(f"{at} {category}", [])
                    pairs += [f"{called} {values[at]}".lstrip()] if at in values else []
            yield from (f"    {category}: {', '.join(pairs)}" for category, pairs in shown.items())

    @staticmethod
    def points(series: etree._Element, tag: str) -> dict[str, str]:
        found = series.find(f"{_CHART}{tag}").iter(f"{_CHART}pt")
        return {point.get("idx"): point.findtext(f"{_CHART}v") for point in found}


def check_golden(name: str, text: str, rewrite: bool) -> None:
    """The text is that of tests/golden/<name>; `make golden` rewrites it."""
    place = GOLDEN / name
    if rewrite:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    assert place.is_file(), f"no tests/golden/{name}: run make golden and review what it writes"
    assert text == place.read_text(encoding="utf-8"), "if the change is meant: make golden, then git diff"
