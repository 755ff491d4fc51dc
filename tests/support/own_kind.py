"""A kind of paper for one test, with its own template and tags, filled as a job fills it."""

from __future__ import annotations

import shutil
from pathlib import Path

from docx import Document as open_document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Twips
from docx.text.paragraph import Paragraph
from papers.docx.fill import Prepared, load_context
from papers.docx.template import prepare
from papers.inputs.kind_files import KindFile, KindFiles
from papers.inputs.yaml import Document
from papers.problems import Problems
from papers.store.files import to_json
from papers.wording import cover
from papers.wording.kind import Kind, Kinds
from papers.wording.tags import Picture, Tag, Text
from papers.wording.words import Words
from project_tools import ROOT

NAME, SPACE = "own-kind", "own"


def kinds_with(name: str, namespace: str, tags: dict[str, Tag]) -> Kinds:
    """Return a forum with one kind of these tags, which words nothing."""
    form = KindFile(namespace=namespace, parts=[{"template": name}])
    document = Document(f"templates/{name}.yaml", form, None)
    files = KindFiles(kinds={name: document})
    return Kinds(files, {name: Kind(name, document, Words(tags=tags, context=lambda *_: {}))})


class OwnKind:
    """`own.<tag>` for each of `tags`, in a template with the styles, header and footer of the Strategic Plan's."""

    def __init__(self, folder: Path, monkeypatch, tags: dict[str, Tag]):
        self.folder, self.tags = folder, tags
        self.templates = folder / "templates"
        self.templates.mkdir()
        shutil.copy(ROOT / "templates" / "cover.docx", self.templates)
        self.document: WordDocument = open_document(str(ROOT / "templates" / "strategic-plan.docx"))
        for element in list(self.document.element.body)[:-1]:
            self.document.element.body.remove(element)
        self.kinds = kinds_with(NAME, SPACE, tags)

    def type(self, words: str, style: str = "Body Text") -> Paragraph:
        """A paragraph of the template."""
        return self.document.add_paragraph(words, style)

    def prepare(self) -> tuple[bytes | None, Problems]:
        self.document.save(str(self.templates / f"{NAME}.docx"))
        problems = Problems()
        return prepare.prepare_kind(self.folder, self.kinds, NAME, None, problems), problems

    def prepared(self) -> Prepared:
        data, problems = self.prepare()
        assert not problems, problems.lines()
        return Prepared(data)

    def paper(self, **fields) -> dict:
        """The context of a paper as a job reads it, its texts escaped."""
        covered = {name: "" for name, tag in cover.TAGS.items() if isinstance(tag, Text)}
        covered |= {"host_mark": [], "meeting": {"line": [["The meeting", ""]]}}
        carried = {name: "" for name, tag in cover.PAPER_TAGS.items() if isinstance(tag, Text)}
        carried |= {"contents": {"contents": None}} if "contents" in cover.PAPER_TAGS else {}
        assert set(covered) == {name for name, tag in cover.TAGS.items() if not isinstance(tag, Picture)}
        properties = {"title": "A title", "subject": "2018/SMEWG47/003", "author": "Us", "language": "en-GB"}
        paper = {
            "number": "2018/SMEWG47/003",
            "title": "A title",
            "kind": NAME,
            "file": "2018/SMEWG47/18_smewg47_003.docx",
            "properties": {**properties, "date": ""},
            "fields": {"cover": covered, "paper": carried, SPACE: fields},
        }
        place = self.folder / "context.json"
        place.write_bytes(to_json({"meeting": "SMEWG47", "papers": [paper]}))
        return load_context(place)["papers"][0]

    def filled(self, **fields) -> bytes:
        return self.prepared().fill(self.paper(**fields))


def add_field(paragraph: Paragraph, code: str, result: str, bookmark: str = "") -> None:
    """A field as Word writes it, with the result that Word showed last; `bookmark` is around its result."""
    number = f"<w:t>{result}</w:t>"
    for inside in (
        '<w:fldChar w:fldCharType="begin"/>',
        f'<w:instrText xml:space="preserve"> {code} </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>',
        number,
        '<w:fldChar w:fldCharType="end"/>',
    ):
        run = parse_xml(f"<w:r {nsdecls('w')}>{inside}</w:r>")
        paragraph._p.append(run)
    if bookmark:
        mark(paragraph, bookmark)


def mark(paragraph: Paragraph, name: str) -> None:
    """A bookmark around all that a paragraph holds now."""
    number = len(paragraph.part.element.findall(f".//{qn('w:bookmarkStart')}")) + 1
    start = parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="{number}" w:name="{name}"/>')
    end = parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="{number}"/>')
    first = paragraph._p.find(qn("w:r"))
    first.addprevious(start)
    paragraph._p.append(end)


def add_styles_of_contents(document: WordDocument) -> None:
    """The styles TOC 1 and TOC 2 as an owner of a template makes them: a right tab with leading dots."""
    for name in ("toc 1", "toc 2"):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.element.set(qn("w:styleId"), name.replace("toc ", "TOC"))
        style.paragraph_format.tab_stops.add_tab_stop(Twips(9026), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
