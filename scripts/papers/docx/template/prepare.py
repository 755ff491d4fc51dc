"""Prepare the templates of a kind of paper: open, check and join them, and pack them into one prepared file.

README.md in papers/docx describes the steps and what is in a prepared file.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, NamedTuple

from docx import Document
from docx.image.exceptions import UnrecognizedImageError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Twips

from papers.docx.template.annexes import begin_annex
from papers.docx.template.cell_tags import move_cell_tags
from papers.docx.template.check_styles import check_styles
from papers.docx.template.check_tags import TagCheck
from papers.docx.template.compile import compile_part
from papers.docx.template.cross_references import check_references
from papers.docx.template.join import add_footnotes, join_templates
from papers.docx.template.kept_rows import keep_rows
from papers.docx.template.merge_runs import merge_tag_runs
from papers.docx.template.open import INCONSISTENT, open_template, report_inconsistent
from papers.docx.template.paragraphs import CELL, nearest_above, text_of
from papers.docx.template.placeholders import parse_source
from papers.docx.template.prepared_file import (
    has_tags,
    pack_document,
    parts_of,
    saved,
)
from papers.docx.template.repeated_columns import spread_columns
from papers.docx.template.tag_formats import add_filters
from papers.docx.toc import ENTRIES, HEADINGS
from papers.evaluation import ExpressionError
from papers.problems import Place, Problems
from papers.safety import MAX_PICTURE, UnsafeFile, read_bytes
from papers.store.work_files import SHARED_TEMPLATES
from papers.wording.kind import ANNEX, ANNEX_IF

if TYPE_CHECKING:
    from pathlib import Path

    from docx.oxml.shape import CT_Inline
    from lxml import etree

    from papers.docx.template.prepared_file import Tags
    from papers.wording.kind import Kinds
    from papers.wording.tags import Tag

_ROOM_BESIDE_LOGO = 200  # in twentieths of a point
_LOGO = re.compile(r"\{\{r cover\.logo\s*\}\}")


class TemplateFile(NamedTuple):
    """A template: its path, the path that messages name, and the tags that it may use, by namespace."""

    path: Path
    file: str
    tags: dict[str, dict[str, Tag]]


def template_file(root: Path, kinds: Kinds, name: str) -> TemplateFile:
    """Return the template of this name that a forum uses; `root` is the project's folder."""
    file = kinds.files.template(name)
    return TemplateFile(root / file, file, kinds.tags_of(name))


def read_template(template: TemplateFile, problems: Problems, checked: dict[str, bytes]) -> Document | None:
    """Open and check a template, with each of its tags in one run. Return None, and add problems, if it can't be used.

    `checked` keeps the templates that are part of many kinds (the cover and the annex), so that each is checked once.
    """
    path, file, name = template.path, template.file, template.path.stem
    if name in checked:
        return Document(io.BytesIO(checked[name]))
    before = len(problems.found)
    if lock := _lock(path):
        found = f"it open in Word (Word's file {lock.name} is in the same folder)"
        problems.add(Place(file), "open", found, "a saved and closed template", "Save and close it in Word.")
    document = open_template(path, file, problems)
    if document is None:
        return None
    try:
        if merge_tag_runs(document, file, problems):
            check_template(document, file, template.tags, problems)
    except INCONSISTENT as error:
        report_inconsistent(error, file, problems)
    if len(problems.found) > before:
        return None
    if name in SHARED_TEMPLATES:
        checked[name] = saved(document)
    return document


def check_template(document: Document, file: str, tags: Tags, problems: Problems) -> None:
    """Check the tags of a template, each of which is in one run, against those declared, and what else it has."""
    TagCheck(file, tags, problems).check(document)
    needed = (*HEADINGS, *ENTRIES) if _has_contents(document) else ()
    check_styles(document, file, needed, problems, lists=_has_blocks(document))
    check_references(document, file, problems)


def _has_contents(document: Document) -> bool:
    """Whether the template has a table of contents, whose entries need styles of their own."""
    return any("paper.contents" in (text.text or "") for text in document.element.body.iter(qn("w:t")))


def _has_blocks(document: Document) -> bool:
    """Whether the template has a place for paragraphs, which may be of a list."""
    return any("{{p " in (text.text or "") for text in document.element.body.iter(qn("w:t")))


def _lock(path: Path) -> Path | None:
    """The lock file of Word, if the document is open: ~$ replaces the first two letters of a long name.

    In a name of six letters it replaces none, in one of seven the first.
    """
    names = {"~$" + path.name[cut:] for cut in (0, 1, 2)}
    return next((lock for name in sorted(names) if (lock := path.with_name(name)).exists()), None)


def joined_template(
    root: Path,
    kinds: Kinds,
    kind: str,
    logo: Path | None,
    problems: Problems,
    checked: dict[str, bytes] | None = None,
) -> tuple[Document, list[dict]] | None:
    """Join the templates of a kind. Return the document, its tags with their filters, and the filters' formats.

    Return None, and add problems, if a template can't be used. `root`, `checked`: see `template_file`,
    `read_template`.
    """
    checked = {} if checked is None else checked
    files = {name: template_file(root, kinds, name) for name in kinds.templates_of(kind)}
    read = {name: read_template(file, problems, checked) for name, file in files.items()}
    if not all(read.values()):
        return None
    if not put_logo(read["cover"], logo, problems):
        return None
    for part in kinds[kind].parts:
        if part.annex:
            begin_annex(read[part.template])
    conditions = kinds[kind].conditions_of_parts | {ANNEX: ANNEX_IF}
    parts = [(document, conditions.get(name, "")) for name, document in read.items() if name != "cover"]
    whole = join_templates(read["cover"], parts)
    add_footnotes(whole)
    return whole, add_filters(whole)


def prepare_kind(
    root: Path,
    kinds: Kinds,
    kind: str,
    logo: Path | None,
    problems: Problems,
    checked: dict[str, bytes] | None = None,
) -> bytes | None:
    """Return the prepared file of a kind of paper, or None, and add problems, if its templates can't be used.

    `root`: the project's folder. `logo`: a picture for the cover. `checked`: see `read_template`.
    """
    tags = kinds.all_tags_of(kind)
    files = {name: template_file(root, kinds, name) for name in kinds.templates_of(kind)}
    try:
        if (joined := joined_template(root, kinds, kind, logo, problems, checked)) is not None:
            return prepared_document(*joined, tags)
    except ExpressionError as error:
        faulty = (file for file in files.values() if _has_faulty_tag(file, tags))
        report_inconsistent(error, next(faulty, _main(files, kind)).file, problems)
    except INCONSISTENT as error:
        main = _main(files, kind)
        others = [file.file for file in files.values() if file != main]
        report_inconsistent(error, main.file, problems, others)
    return None


def prepared_document(document: Document, formats: list[dict], tags: Tags) -> bytes:
    """Return the prepared file of a joined template, see `joined_template`; raise ExpressionError for a faulty tag."""
    spread_columns(document)
    move_cell_tags(document)
    keep_rows(document)
    return pack_document(document, formats, tags)


def _main(files: dict[str, TemplateFile], kind: str) -> TemplateFile:
    """Return the kind's own template, or the last one of a kind that is made of others."""
    return files.get(kind) or [*files.values()][-1]


def _has_faulty_tag(template: TemplateFile, tags: Tags) -> bool:
    """Whether the tags of one template of a kind can't be compiled even without the others."""
    if (document := read_template(template, Problems(), {})) is None:
        return False
    add_filters(document)
    try:
        for source in parts_of(document).values():
            if has_tags(source):
                compile_part(parse_source(source.decode()), tags)
    except ExpressionError:
        return True
    return False


def put_logo(cover: Document, logo: Path | None, problems: Problems) -> bool:
    """Replace {{r cover.logo }} by a picture 2 cm high, or less where its cell is too narrow, or by nothing.

    Return False, and add a problem, if it is not a picture.
    """
    for paragraph in list(cover.element.body.iter(qn("w:p"))):
        for run in list(paragraph.iter(qn("w:r"))):
            if _LOGO.search("".join(t.text or "" for t in run.findall(qn("w:t")))):
                for text in run.findall(qn("w:t")):
                    run.remove(text)
                if logo is not None and not _add_picture(cover, run, logo, problems):
                    return False
    return True


def _add_picture(cover: Document, run: etree._Element, logo: Path, problems: Problems) -> bool:
    try:
        read_bytes(logo, MAX_PICTURE)
        inline = cover.part.new_pic_inline(str(logo), height=Cm(2))
    except UnsafeFile as refused:
        todo = "Save the picture smaller."
        problems.add(Place(logo.as_posix()), refused.kind, refused.found, refused.expected, todo)
        return False
    except (OSError, UnrecognizedImageError):
        found, expected = "a file that is not a picture", "a PNG or JPEG picture"
        todo = "Put the picture there, or write logo: null in forum.yaml."
        problems.add(Place(logo.as_posix()), "logo", found, expected, todo)
        return False
    _fit_in_cell(inline, run)
    for side in "TBLR":  # LibreOffice takes a distance that is not stated for 0.32 cm
        inline.set(f"dist{side}", "0")
    inline.docPr.set("descr", "Logo")
    drawing = OxmlElement("w:drawing")
    drawing.append(inline)
    run.append(drawing)
    if text_of(run.getparent()).strip():
        gap = OxmlElement("w:t")  # between the picture and the name that follows it
        gap.text = "\u2003"
        run.append(gap)
    return True


def _fit_in_cell(inline: CT_Inline, run: etree._Element) -> None:
    """Make a picture smaller that is wider than the cell of its run, less some room at its right."""
    cell = nearest_above(run, CELL)
    width = cell.find(f"{qn('w:tcPr')}/{qn('w:tcW')}") if cell is not None else None
    if width is None or width.get(qn("w:type")) != "dxa":
        return
    wide, high = inline.extent.cx, inline.extent.cy
    room = Twips(int(width.get(qn("w:w"))) - _ROOM_BESIDE_LOGO)
    if 0 < room < wide:
        size = inline.graphic.graphicData.pic.spPr
        inline.extent.cx = size.cx = room
        inline.extent.cy = size.cy = Emu(high * room // wide)
