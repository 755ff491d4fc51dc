"""Templates as users of docxtpl write them: rendered by docxtpl and by our engine, from the same values."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import jinja2
from docx import Document as new_document
from docx.oxml.ns import qn
from docxtpl import DocxTemplate, RichText
from lxml import etree
from markupsafe import Markup, escape
from papers.docx.fill import Prepared, context_of
from papers.docx.template.check_styles import check_styles
from papers.docx.template.check_tags import TagCheck
from papers.docx.template.cross_references import check_references
from papers.docx.template.join import add_footnotes
from papers.docx.template.merge_runs import merge_tag_runs
from papers.docx.template.open import INCONSISTENT, open_template, report_inconsistent
from papers.docx.template.prepare import prepared_document
from papers.docx.template.tag_formats import add_filters
from papers.problems import Problems
from papers.richtext import plain
from papers.wording.tags import Blocks, Each, Flag, Line, Tag, Text

PROPERTIES = {"title": "", "subject": "", "author": "", "language": "en", "date": ""}


class _TagCheck(TagCheck):
    """Without the rule that a template of a kind shows each of the kind's texts."""

    def check_all_used(self) -> None:
        pass


def prepared_alone(template: Path, tags: dict[str, Tag], problems: Problems) -> Prepared | None:
    """The template prepared as those of kinds are, without a cover. None, and problems, if it can't be used."""
    if (document := open_template(template, template.name, problems)) is None:
        return None
    try:
        if merge_tag_runs(document, template.name, problems):
            _TagCheck(template.name, tags, problems).check(document)
            check_styles(document, template.name, (), problems, lists=False)
            check_references(document, template.name, problems)
        if problems:
            return None
        add_footnotes(document)
        return Prepared(prepared_document(document, add_filters(document), tags))
    except INCONSISTENT as error:
        report_inconsistent(error, template.name, problems)
        return None


def rendered_by_us(prepared: Prepared, values: dict, name: str, *, complete: bool = False) -> bytes:
    """As a paper of this name is filled; `complete`: an error if a text does not reach it, as in papers of kinds."""
    prepared.unseen = [] if complete else list(values)
    paper = {"number": name, "fields": values, "properties": PROPERTIES, "templates": [name]}
    return prepared.fill(context_of(json.dumps({"papers": [paper]}))["papers"][0])


def rendered_by_docxtpl(template: Path, tags: dict[str, Tag], values: dict) -> bytes:
    """As its users render it, with each text escaped; styled values become docxtpl's objects with the same text."""
    document = DocxTemplate(str(template))
    theirs = {name: _theirs(document, tags[name], value) for name, value in values.items()}
    document.render(theirs, jinja2.Environment(), autoescape=True)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def _theirs(document: DocxTemplate, tag: Tag | dict, value: object) -> object:
    if isinstance(tag, Line):
        return RichText(plain(value["line"]))
    if isinstance(tag, Blocks):
        texts = [escape(plain(paragraph["line"])) for paragraph in value["blocks"]]
        return Markup("").join(Markup("<w:p><w:r><w:t>{}</w:t></w:r></w:p>").format(text) for text in texts)
    fields = tag.of if isinstance(tag, Each) else tag
    if isinstance(tag, Each) and fields:
        return [_theirs(document, fields, item) for item in value]
    if isinstance(fields, dict):
        return {name: _theirs(document, fields[name], inner) for name, inner in value.items()}
    return value


def content(document: bytes) -> dict[str, tuple[list[str], list[tuple]]]:
    """The texts of the paragraphs and the structure of the tables, for the text and each header and footer."""
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        names = [name for name in package.namelist() if _is_text(name)]
        return {name: _content(etree.fromstring(package.read(name))) for name in names}


def _is_text(name: str) -> bool:
    return name.startswith(("word/document", "word/header", "word/footer")) and name.endswith(".xml")


def _content(root: etree._Element) -> tuple[list[str], list[tuple]]:
    texts = ["".join(_words(paragraph)) for paragraph in root.iter(qn("w:p"))]
    cells = [
        (row.getparent().index(row), *map(_facts, row.iter(qn("w:tc")))) for row in root.iter(qn("w:tr"))
    ]
    return texts, cells


def _facts(cell: etree._Element) -> tuple[str | None, ...]:
    """The columns that a cell spans, how it is merged with those above and below, and its colour."""
    found = {element.tag: element for element in cell.iterfind(f"{qn('w:tcPr')}/*")}
    spans, merged, colour = (found.get(qn(f"w:{name}")) for name in ("gridSpan", "vMerge", "shd"))
    facts = ((spans, "val"), (merged, "val"), (colour, "fill"))
    return tuple(None if element is None else element.get(qn(f"w:{name}")) for element, name in facts)


def _words(paragraph: etree._Element) -> list[str]:
    signs = {qn("w:tab"): "\t", qn("w:br"): "\n"}
    own = (e for e in paragraph.iter() if next(e.iterancestors(qn("w:p")), None) is paragraph)
    return [
        signs.get(e.tag, e.text or "" if e.tag == qn("w:t") else "")
        for e in own
        if e.getparent().tag == qn("w:r")
    ]


def tags_of_values(values: dict) -> dict[str, Tag | dict]:
    """The tags that a template may use for such values."""
    return {name: _tag_of(value) for name, value in values.items()}


def _tag_of(value: object) -> Tag | dict:
    if isinstance(value, dict):
        styled = {"line": Line, "blocks": Blocks}.get(next(iter(value)))
        return styled("") if styled else tags_of_values(value)
    if isinstance(value, list):
        return Each("", tags_of_values(value[0]) if value and isinstance(value[0], dict) else None)
    return Flag("") if isinstance(value, bool) else Text("")


def new_template(path: Path, *content: str | list[list[str]]) -> Path:
    """A template with these paragraphs and tables; a line end within a text is one in the document."""
    document = new_document()
    for one in content:
        if isinstance(one, str):
            document.add_paragraph(one)
            continue
        table = document.add_table(len(one), max(map(len, one)))
        for row, texts in zip(table.rows, one, strict=True):
            for cell, text in zip(row.cells, texts, strict=False):
                cell.text = text
    document.save(str(path))
    return path


def texts_of(document: bytes) -> list[str]:
    """The texts of the paragraphs of a document, those of tables too."""
    return content(document)["word/document.xml"][0]
