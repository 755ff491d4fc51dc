"""Templates of one kind of paper -> one prepared file: joined, checked, patched by docxtpl, compiled, zipped as far as it can be.

What is the same in every paper is compressed here once; filling adds only what differs.
"""

from __future__ import annotations

import copy
import hashlib
import io
import itertools
import marshal
import re
import sys
import zipfile
from typing import TYPE_CHECKING

from docx import Document
from docx.image.exceptions import UnrecognizedImageError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docxtpl import DocxTemplate
from lxml import etree

from papers.docx import zip_writer
from papers.docx.fill import FORMAT, LISTINGS
from papers.docx.runs import W
from papers.docx.template.check_styles import check_styles
from papers.docx.template.check_tags import TagCheck
from papers.docx.template.columns import spread_columns
from papers.docx.template.compile import compile_part, parse_part
from papers.docx.template.cross_references import check_references, point_references
from papers.docx.template.expressions import TagError
from papers.docx.template.join import add_footnotes, join_templates
from papers.docx.template.merge_runs import merge_tag_runs
from papers.docx.template.open import INCONSISTENT, open_template, report_inconsistent
from papers.docx.template.wellformed import always_well_formed
from papers.docx.toc import ENTRIES, HEADINGS
from papers.problems import Place, Problems
from papers.richtext import ORDERED, STYLES, TABLE_BULLET
from papers.store.contexts import SHARED_TEMPLATES
from papers.wording.kind import ANNEX, ANNEX_IF, kinds, tags_of, templates_of
from papers.wording.tags import Tag, Text

if TYPE_CHECKING:
    from pathlib import Path


NOTE_STYLES = ("footnote text", "footnote reference")
DOCUMENT, FOOTNOTES, NUMBERING, CORE = (
    "word/document.xml",
    "word/footnotes.xml",
    "word/numbering.xml",
    "docProps/core.xml",
)
# Where new elements go; the schema wants numIdMacAtCleanup, which Word writes, behind every list.
_END = {FOOTNOTES: re.compile("</w:footnotes>"), NUMBERING: re.compile("<w:numIdMacAtCleanup|</w:numbering>")}
_LOGO = re.compile(r"\{\{r cover\.logo\s*\}\}")
PROPERTIES = {name: Text("") for name in ("title", "subject", "author", "language", "date")}
CORE_XML = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<cp:coreProperties'
    ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>{{ properties.title }}</dc:title><dc:subject>{{ properties.subject }}</dc:subject>"
    "<dc:creator>{{ properties.author }}</dc:creator><dc:language>{{ properties.language }}</dc:language>"
    "{% if properties.date %}"
    '<dcterms:created xsi:type="dcterms:W3CDTF">{{ properties.date }}</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{{ properties.date }}</dcterms:modified>'
    "{% endif %}</cp:coreProperties>"
)


def read_template(folder: Path, name: str, problems: Problems, sound: dict[str, bytes]) -> Document | None:
    """A template, its tags made whole and checked; None and problems where it can't be used.

    `sound` keeps what was found good and is part of many kinds, the cover and the annex: a look at each once is enough.
    """
    if name in sound:
        return Document(io.BytesIO(sound[name]))
    path, file = folder / f"{name}.docx", f"{folder.name}/{name}.docx"
    before = len(problems.found)
    if lock := _lock(path):
        found = f"it open in Word (the file {lock.name} lies beside it)"
        problems.add(Place(file), "open", found, "a saved and closed template", "Save and close it in Word.")
    document = open_template(path, file, problems)
    if document is None:
        return None
    try:
        if merge_tag_runs(document, file, problems):
            _check_template(document, file, name, problems)
    except INCONSISTENT as error:
        report_inconsistent(error, file, problems)
    if len(problems.found) > before:
        return None
    if name in SHARED_TEMPLATES:
        sound[name] = saved(document)
    return document


def _check_template(document: Document, file: str, name: str, problems: Problems) -> None:
    TagCheck(file, tags_of(name), problems).check(document)
    needed = () if name == "cover" else (*STYLES, *NOTE_STYLES)
    needed = (*needed, *HEADINGS, *ENTRIES) if _has_contents(document) else needed
    check_styles(document, file, needed, problems)
    check_references(document, file, problems)


def _has_contents(document: Document) -> bool:
    """Whether the template has a table of contents, whose entries need styles of their own."""
    return any("paper.contents" in (text.text or "") for text in document.element.body.iter(qn("w:t")))


def _lock(path: Path) -> Path | None:
    """The file that Word lays beside a document that is open: ~$ for the first two letters of a long name.

    Of a name of six letters it replaces none, of seven the first.
    """
    names = {"~$" + path.name[cut:] for cut in (0, 1, 2)}
    return next((lock for name in sorted(names) if (lock := path.with_name(name)).exists()), None)


def joined_template(
    folder: Path, kind: str, logo: Path | None, problems: Problems, sound: dict[str, bytes] | None = None
) -> tuple[Document, list[dict]] | None:
    """The templates of a kind as one document, its {{r }} and {{p }} tags with their filters, and the filters' formats.

    None, and the problems, where a template can't be used.
    """
    sound = {} if sound is None else sound
    read = {name: read_template(folder, name, problems, sound) for name in templates_of(kind)}
    if not all(read.values()):
        return None
    if not put_logo(read["cover"], logo, problems):
        return None
    annex = (read[ANNEX], ANNEX_IF) if ANNEX in read else None
    whole = join_templates(read["cover"], [read[name] for name in kinds()[kind].PARTS], annex)
    add_footnotes(whole)
    return whole, mark_tags(whole)


def prepare_kind(
    folder: Path, kind: str, logo: Path | None, problems: Problems, sound: dict[str, bytes] | None = None
) -> bytes | None:
    """The prepared file of a kind of paper, or None and the problems of its templates."""
    tags = {space: fields for name in templates_of(kind) for space, fields in tags_of(name).items()}
    try:
        if (made := joined_template(folder, kind, logo, problems, sound)) is not None:
            spread_columns(made[0])
            return _prepared(*made, tags)
    except TagError as error:
        name = next((name for name in templates_of(kind) if _tag_fault(folder, name, tags)), kind)
        report_inconsistent(error, f"{folder.name}/{name}.docx", problems)
    except INCONSISTENT as error:
        others = [f"{folder.name}/{name}.docx" for name in templates_of(kind) if name != kind]
        report_inconsistent(error, f"{folder.name}/{kind}.docx", problems, others)
    return None


def _tag_fault(folder: Path, name: str, tags: dict[str, dict[str, Tag]]) -> bool:
    """Whether the tags of one template of a kind can't be compiled even without the others."""
    if (document := read_template(folder, name, Problems(), {})) is None:
        return False
    mark_tags(document)
    template = DocxTemplate(io.BytesIO(saved(document)))
    try:
        for source in parts_of(document).values():
            if b"{{" in source or b"{%" in source:
                compile_part(parse_part(template.patch_xml(source.decode())), tags)
    except TagError:
        return True
    return False


def put_logo(cover: Document, logo: Path | None, problems: Problems) -> bool:
    """The picture in place of {{r cover.logo }}, 2 cm high; without one the tag just goes. False where it can't be used."""
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
        inline = cover.part.new_pic_inline(str(logo), height=Cm(2))
    except (OSError, UnrecognizedImageError):
        expected = "a PNG or JPEG picture"
        todo = "Put the picture there, or write logo: null in forum.yaml."
        problems.add(Place(logo.as_posix()), "logo", "no picture that Word can hold", expected, todo)
        return False
    inline.docPr.set("descr", "Logo")
    drawing = OxmlElement("w:drawing")
    drawing.append(inline)
    run.append(drawing)
    gap = OxmlElement("w:t")  # between the picture and the name beside it
    gap.text = "\u2003"
    run.append(gap)
    return True


def _prepared(whole: Document, properties: list[dict], tags: dict[str, dict[str, Tag]]) -> bytes:
    styles, ordered, first_list = _style_ids(whole), _ordered_lists(whole), _first_free_list(whole)
    numbered = point_references(whole)
    parts = parts_of(whole)
    parts[CORE] = CORE_XML.encode()
    template = DocxTemplate(io.BytesIO(saved(whole)))
    spaces = {**tags, "properties": PROPERTIES}
    compiled, static, proven = [], [], []
    listings = {name: parts[name].decode() for name in LISTINGS}
    for name in sorted(parts, key=zip_order):
        source = parts[name].decode() if name.endswith(".xml") else ""
        if "{{" in source or "{%" in source:
            tree = parse_part(source if name == CORE else template.patch_xml(source))
            code = compile_part(tree, spaces)
            if always_well_formed(tree, breaks=name != CORE):
                proven.append(name)
            compiled.append((name, marshal.dumps(compile(code, name, "exec"))))
        elif name in (FOOTNOTES, NUMBERING):
            end = _END[name].search(source).start()
            proven.append(name)  # `marks` adds nothing but whole elements before the end
            compiled.append((name, (source[:end], source[end:], static_entry(name, parts[name]))))
        else:
            static.append(static_entry(name, parts[name]))
    return prepared_file(
        static,
        compiled,
        properties,
        listings=listings,
        numbered=numbered,
        proven=proven,
        look=_look(parts),
        styles=styles,
        ordered=ordered,
        first_list=first_list,
    )


def prepared_file(static: list, compiled: list, properties: list[dict], **about) -> bytes:
    """What `filling.Prepared` reads; `about` as where nothing but runs comes in, unless it is given.

    `unseen`: namespaces whose texts need not stand in the paper.
    """
    plain = {
        "listings": {},
        "numbered": False,
        "proven": [],
        "look": "",
        "styles": {},
        "ordered": {},
        "unseen": [],
    }
    plain["first_list"] = 1
    made = {"static": static, "compiled": compiled, "properties": properties}
    return marshal.dumps({"format": FORMAT, "python": sys.implementation.cache_tag, **made, **plain, **about})


def _look(parts: dict[str, bytes]) -> str:
    """A digest of the parts that the text itself is not in: styles, settings, headers, footers. The same in any Python."""
    kept = (name for name in sorted(parts) if name not in (DOCUMENT, CORE))
    return hashlib.sha256(b"\0".join(name.encode() + b"\0" + parts[name] for name in kept)).hexdigest()


def static_entry(name: str, data: bytes) -> tuple[bytes, bytes, bytes]:
    return (*zip_writer.zip_entry(name, data, zip_writer.ONCE), name.encode())


def zip_order(name: str) -> tuple[int, str]:
    first = ("[Content_Types].xml", "_rels/.rels")
    return (first.index(name) if name in first else len(first)), name


def mark_tags(whole: Document) -> list[dict]:
    """Gives each {{r }} and {{p }} tag its filter; returns what the filters need to know of the tags' places.

    That is, for a run its properties by marks, plain runs first; for a paragraph its properties.
    """
    properties = [_by_marks(None)]
    for run in whole.element.body.iter(qn("w:r")):
        for text in run.findall(qn("w:t")):
            if "{{r " in (text.text or ""):
                properties.append(_by_marks(run.find(qn("w:rPr"))))
                text.text = re.sub(r"\s*\}\}", f"|runs({len(properties) - 1}) }}}}", text.text)
            elif "{{p " in (text.text or ""):
                in_cell = any(a.tag == qn("w:tc") for a in run.iterancestors())
                properties.append({"paragraph": _paragraph_format(run)})
                filtered = f"|blocks({int(in_cell)}, {len(properties) - 1}) }}}}"
                text.text = re.sub(r"\s*\}\}", filtered, text.text)
    return properties


def _paragraph_format(run: etree._Element) -> str:
    """The <w:pPr> around a tag: a chart takes the format of its tag's paragraph."""
    format = next(run.iterancestors(qn("w:p"))).find(qn("w:pPr"))
    return "" if format is None else _serialised(format)


def _serialised(element: etree._Element) -> str:
    """An element with the declarations of the namespaces that it uses, but for Word's own, which each part has."""
    alone = copy.deepcopy(element)
    alone.tail = None
    etree.cleanup_namespaces(alone)
    return etree.tostring(alone, encoding="unicode").replace(f' xmlns:w="{W}"', "")


_MARKS = {
    "b": ("w:b", "<w:b/>"),
    "i": ("w:i", "<w:i/>"),
    "^": ("w:vertAlign", '<w:vertAlign w:val="superscript"/>'),
}
RUN_ORDER = [
    "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike",
    "outline", "shadow", "emboss", "imprint", "noProof", "snapToGrid", "vanish", "webHidden", "color", "spacing",
    "w", "kern", "position", "sz", "szCs", "highlight", "u", "effect", "bdr", "shd",
    "fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath",
]  # fmt: skip


def _by_marks(properties: etree._Element | None) -> dict[str, str]:
    """<w:rPr> for each set of marks on top of what the template's run has, in the order that the schema wants."""
    base = {} if properties is None else {_local(child): _serialised(child) for child in properties}
    made = {}
    for size in range(4):
        for marks in itertools.combinations("^bi", size):
            these = {**base, **{_MARKS[m][0][2:]: _MARKS[m][1] for m in marks}}
            ordered = sorted(
                these, key=lambda tag: RUN_ORDER.index(tag) if tag in RUN_ORDER else len(RUN_ORDER)
            )
            pieces = "".join(these[tag] for tag in ordered)
            made["".join(marks)] = f"<w:rPr>{pieces}</w:rPr>" if pieces else ""
    return made


def _local(element: etree._Element) -> str:
    """w:b as "b"; what newer versions of Word have added keeps its namespace and goes last."""
    return element.tag.removeprefix(f"{{{W}}}")


def _style_ids(whole: Document) -> dict[str, str]:
    by_name = {
        style.find(qn("w:name")).get(qn("w:val")).casefold(): style.get(qn("w:styleId"))
        for style in whole.styles.element.findall(qn("w:style"))
    }
    names = (*STYLES, TABLE_BULLET, *NOTE_STYLES, *HEADINGS, *ENTRIES)
    return {name: by_name[name.casefold()] for name in names if name.casefold() in by_name}


def _ordered_lists(whole: Document) -> dict[str, str]:
    """Id of each ordered list's style -> the abstract numbering that its paragraphs use."""
    ids, found = _style_ids(whole), {}
    numbering = whole.part.numbering_part.element
    for style in whole.styles.element.findall(qn("w:style")):
        number = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
        if number is not None and style.get(qn("w:styleId")) in {ids[name] for name in ORDERED}:
            instance = next(
                n for n in numbering.findall(qn("w:num")) if n.get(qn("w:numId")) == number.get(qn("w:val"))
            )
            found[style.get(qn("w:styleId"))] = instance.find(qn("w:abstractNumId")).get(qn("w:val"))
    return found


def _first_free_list(whole: Document) -> int:
    numbers = whole.part.numbering_part.element.findall(qn("w:num"))
    return 1 + max((int(n.get(qn("w:numId"))) for n in numbers), default=0)


def saved(whole: Document) -> bytes:
    buffer = io.BytesIO()
    whole.save(buffer)
    return buffer.getvalue()


def parts_of(whole: Document) -> dict[str, bytes]:
    """The parts of the saved package by name."""
    with zipfile.ZipFile(io.BytesIO(saved(whole))) as package:
        return {info.filename: package.read(info) for info in package.infolist()}
