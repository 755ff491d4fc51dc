"""Join templates to one Word document: the cover in front, then the parts, each in sections of its own.

Styles are merged as with "Use Destination Styles" in Word: the first part is the destination; styles it lacks are copied.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml import etree

from papers.docx.template.cross_references import rename_bookmarks
from papers.docx.template.paragraphs import text_of

if TYPE_CHECKING:
    from docx.document import Document

_STYLE_REFERENCES = tuple(
    qn(f"w:{tag}") for tag in ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link")
)
_RELATIONSHIP_ATTRIBUTE = qn("r:id").removesuffix("id")  # id, embed, link, pict; dm, lo, qs, cs of SmartArt
_SMARTART = "{http://schemas.microsoft.com/office/drawing/2008/diagram}dataModelExt"
_SECTION = qn("w:sectPr")
_ANNEX = ".figures"  # ends the tag under which the annex of sources follows, on a page of its own
_STATEMENT = re.compile(r"\{%p\s+(if|endif)\b")


def join_templates(cover: Document, parts: list[tuple[Document, str]]) -> Document:
    """Join the cover and the parts to one document, which is the first part, changed.

    A part with a condition is in those papers in which this tag (sources.figures) is not empty; the first part is
    in all.
    """
    (whole, _), *more = parts
    body, endings = whole.element.body, [("", copy.deepcopy(whole.element.body[-1]))]
    for at, (part, condition) in enumerate(more):
        rename_bookmarks(whole, part)
        joining = _Joining(whole, part)
        _end_part(body, [following for _, following in more[at:]])
        _close(body, endings[-1][0])
        joining.append(condition)
        endings.append((condition, copy.deepcopy(body[-1])))
    _end_paper(body, endings)
    rename_bookmarks(whole, cover)
    _Joining(whole, cover).prepend()
    _renumber(whole)
    return whole


class _Joining:
    """Copies the content of `other` into `whole`, with its styles, numbering and related parts."""

    def __init__(self, whole: Document, other: Document):
        self.whole, self.other = whole, other
        self.styles = self._merge_styles()
        self.numbers: dict[str, str] = {}
        self.relationships: dict[str, str] = {}

    def append(self, condition: str) -> None:
        body = self.whole.element.body
        if condition:
            _add_tail(body[-1], f"{{% if {condition} %}}")
        for element in self._content():
            body.append(element)

    def prepend(self) -> None:
        content = self._content()
        section = content.pop()
        holder = OxmlElement("w:body")
        holder.extend(content)
        end_section(holder, section)
        for at, element in enumerate(list(holder)):
            self.whole.element.body.insert(at, element)

    def _content(self) -> list[etree._Element]:
        """Copies of the other body's children, the section last, with every reference adapted."""
        content = [copy.deepcopy(element) for element in self.other.element.body]
        for element in content:
            self._adopt(element, self.other.part)
        return content

    def _adopt(self, element: etree._Element, part: Part) -> None:
        for inner in element.iter():
            if inner.tag in _STYLE_REFERENCES:
                inner.set(qn("w:val"), self.styles.get(inner.get(qn("w:val")), inner.get(qn("w:val"))))
            elif inner.tag == qn("w:numId"):
                inner.set(qn("w:val"), self._number(inner.get(qn("w:val"))))
            for attribute, rid in inner.items():
                if rid and attribute.startswith(_RELATIONSHIP_ATTRIBUTE):
                    inner.set(attribute, self._relate(rid, part))

    def _merge_styles(self) -> dict[str, str]:
        """Ids of the other's styles -> ids in the whole, by the styles' names; styles it lacks are copied."""
        mine = {
            _style_name(s): s.get(qn("w:styleId")) for s in self.whole.styles.element.findall(qn("w:style"))
        }
        known, ids, copied = dict(mine), {}, []
        for style in self.other.styles.element.findall(qn("w:style")):
            name, style_id = _style_name(style), style.get(qn("w:styleId"))
            if name in known:
                ids[style_id] = known[name]
                continue
            twin = copy.deepcopy(style)
            twin.attrib.pop(qn("w:default"), None)
            while style_id in set(known.values()):
                style_id += "2"
            twin.set(qn("w:styleId"), style_id)
            ids[style.get(qn("w:styleId"))] = known[name] = style_id
            self.whole.styles.element.append(twin)
            copied.append(twin)
        for twin in copied:
            for inner in twin.iter(*_STYLE_REFERENCES):
                inner.set(qn("w:val"), ids.get(inner.get(qn("w:val")), inner.get(qn("w:val"))))
        return ids

    def _number(self, number: str) -> str:
        """The number in the whole of a list of the other document, which is copied with its definition."""
        if number not in self.numbers:
            self.numbers[number] = number if number == "0" else self._copy_number(number)
        return self.numbers[number]

    def _copy_number(self, number: str) -> str:
        source, target = (d.part.numbering_part.element for d in (self.other, self.whole))
        instance = next(n for n in source.findall(qn("w:num")) if n.get(qn("w:numId")) == number)
        abstract_id = instance.find(qn("w:abstractNumId")).get(qn("w:val"))
        abstract = next(
            a for a in source.findall(qn("w:abstractNum")) if a.get(qn("w:abstractNumId")) == abstract_id
        )
        new_abstract = str(1 + _highest(target, "w:abstractNum", "w:abstractNumId"))
        new_number = str(1 + _highest(target, "w:num", "w:numId"))
        abstract, instance = copy.deepcopy(abstract), copy.deepcopy(instance)
        abstract.set(qn("w:abstractNumId"), new_abstract)
        for link in list(abstract.iter(qn("w:pStyle"))):
            link.getparent().remove(
                link
            )  # a style belongs to one list; here the paragraph names the list itself
        instance.set(qn("w:numId"), new_number)
        instance.find(qn("w:abstractNumId")).set(qn("w:val"), new_abstract)
        first = target.find(qn("w:num"))
        first.addprevious(abstract) if first is not None else target.append(abstract)
        target.findall(qn("w:num"))[-1].addnext(instance) if first is not None else target.append(instance)
        return new_number

    def _relate(self, rid: str, part: Part) -> str:
        if rid in self.relationships:
            return self.relationships[rid]
        relationship = part.rels[rid]
        if relationship.is_external:
            new = self.whole.part.relate_to(relationship.target_ref, relationship.reltype, is_external=True)
        else:
            if relationship.reltype.endswith("/diagramData"):
                self._relate_drawing(relationship.target_part, part)
            new = self.whole.part.relate_to(self._import(relationship.target_part), relationship.reltype)
        self.relationships[rid] = new
        return new

    def _relate_drawing(self, data: Part, part: Part) -> None:
        """Adapt the reference of a SmartArt's data to its drawing, which is a relation of the text."""
        root = etree.fromstring(data.blob)
        for element in root.iter(_SMARTART):
            if element.get("relId") in part.rels:
                element.set("relId", self._relate(element.get("relId"), part))
                data._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)

    def _import(self, part: Part) -> Part:
        """Give the part, and those that it refers to, names that are free in the whole.

        Or return the equal part that the whole has.
        """
        if hasattr(part, "element"):
            for inner in part.element.iter(*_STYLE_REFERENCES):
                inner.set(qn("w:val"), self.styles.get(inner.get(qn("w:val")), inner.get(qn("w:val"))))
        known_parts = list(self.whole.part.package.iter_parts())
        for known in known_parts:
            same_kind = known.content_type == part.content_type
            if same_kind and known.blob == part.blob and not len(known.rels) and not len(part.rels):
                return known
        names = {known.partname for known in known_parts}
        for new in _parts_below(part):
            if new not in known_parts and (new is part or new.partname in names):
                new.partname = _free_name(new, names)
            names.add(new.partname)
        return part


def _parts_below(part: Part) -> list[Part]:
    """The part, and all that it refers to, directly or through others."""
    found = [part]
    for one in found:
        targets = (related.target_part for related in one.rels.values() if not related.is_external)
        found += [target for target in dict.fromkeys(targets) if target not in found]
    return found


def _free_name(part: Part, names: set[PackURI]) -> PackURI:
    stem, ending = part.partname.rsplit(".", 1)
    stem = stem.rstrip("0123456789")
    free = next(n for n in range(1, 10_000) if f"{stem}{n}.{ending}" not in names)
    return PackURI(f"{stem}{free}.{ending}")


def _style_name(style: etree._Element) -> str:
    return style.find(qn("w:name")).get(qn("w:val")).casefold()


def _highest(root: etree._Element, tag: str, attribute: str) -> int:
    return max((int(e.get(qn(attribute))) for e in root.findall(qn(tag))), default=0)


def _end_part(body: etree._Element, following: list[str]) -> None:
    """End the last section of a part, before other parts; `following` are their conditions, "" of one in every paper.

    The section breaks only in papers in which one of them follows.
    """
    section = body[-1]
    body.remove(section)
    if "" in following:
        _end_always(body, section)
        return
    start = f"{{% if {' or '.join(following)} %}}"
    if len(following) > 1 or not following[0].endswith(_ANNEX):
        last = _empty_end(body)
        if last is not None:
            properties = last.get_or_add_pPr()
            if len(properties):
                _add_tail(properties[-1], start)
            else:
                properties.text = start
            properties.append(section)
            section.tail = "{% endif %}"
            return
    _add_tail(body[-1], start)
    end_section(body, section, own_paragraph=True)
    body[-1].tail = "{% endif %}"


def _close(body: etree._Element, condition: str) -> None:
    """End the condition of a part after the part's last element."""
    if condition:
        _add_tail(body[-1], "{% endif %}")


def _end_paper(body: etree._Element, endings: list[tuple[str, etree._Element]]) -> None:
    """End the paper with the section of the last part that it has; `endings` are conditions and sections of parts."""
    section = body[-1]
    body.remove(section)
    if not endings[-1][0]:
        _end_last(body, section)
        return
    _close(body, endings[-1][0])
    start = "if"
    for condition, section in reversed(endings):
        if not condition:
            _add_tail(body[-1], "{% else %}")
            body.append(section)
            _add_tail(section, "{% endif %}")
            return
        _add_tail(body[-1], f"{{% {start} {condition} %}}")
        body.append(section)
        start = "elif"


def _end_last(body: etree._Element, section: etree._Element) -> None:
    """End the paper with a section; where the section is left out under a condition, with the one before it."""
    before = _conditional_break(body)
    if before is None:
        body.append(section)
        return
    otherwise = copy.deepcopy(before.find(f"{qn('w:pPr')}/{_SECTION}"))
    body.remove(body[-1])
    _add_tail(section, "{% else %}")
    body.append(section)
    _add_tail(otherwise, "{% endif %}")
    body.append(otherwise)


def _add_tail(element: etree._Element, text: str) -> None:
    element.tail = (element.tail or "") + text


def _end_always(body: etree._Element, section: etree._Element) -> None:
    """End the last section of a part, before another part that every paper has.

    If a condition begins before that section's break and ends the part, the section is left out where it is not
    met: then the section before ends the part.
    """
    if (before := _conditional_break(body)) is None:
        end_section(body, section)
        return
    otherwise = copy.deepcopy(before)
    body.remove(body[-1])
    end_section(body, section)
    body[-1].tail, otherwise.tail = "{% else %}", "{% endif %}"
    body.append(otherwise)


def _conditional_break(body: etree._Element) -> etree._Element | None:
    """Return the section break after the {%p if %} of a body's last {%p endif %}; None if there is no break."""
    statements = [(element, match) for element in body if (match := _STATEMENT.search(text_of(element)))]
    if not statements or statements[-1][0] is not body[-1] or statements[-1][1][1] != "endif":
        return None
    depth = 0
    for element, match in reversed(statements):
        depth += {"endif": 1, "if": -1}.get(match[1], 0)
        if depth == 0:
            after = element.getnext()
            return after if after.find(f"{qn('w:pPr')}/{_SECTION}") is not None else None
    return None


def end_section(body: etree._Element, section: etree._Element, own_paragraph: bool = False) -> None:
    """End a section in the last paragraph of a body if that is empty; otherwise in a new paragraph of no height.

    `own_paragraph`: always in a new one.
    """
    last = None if own_paragraph else _empty_end(body)
    if last is None:
        last = OxmlElement("w:p")
        spacing = OxmlElement("w:spacing")
        for name, value in (("before", "0"), ("after", "0"), ("line", "20"), ("lineRule", "exact")):
            spacing.set(qn(f"w:{name}"), value)
        last.get_or_add_pPr().append(spacing)
        body.append(last)
    last.get_or_add_pPr().append(section)


def _empty_end(body: etree._Element) -> etree._Element | None:
    """Return the last element of a body if it is an empty paragraph."""
    last = body[-1] if len(body) else None
    if last is None or last.tag != qn("w:p") or "".join(last.itertext()).strip():
        return None
    return last


def _renumber(whole: Document) -> None:
    """Renumber drawings and bookmarks: Word requires unique ids in the whole paper."""
    margins = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)
    others = [r.target_part.element for r in whole.part.rels.values() if r.reltype in margins]
    drawings = (drawing for root in (whole.element.body, *others) for drawing in root.iter(qn("wp:docPr")))
    for at, element in enumerate(drawings, 1):
        element.set("id", str(at))
    ids: dict[tuple, str] = {}
    part = 0
    for element in whole.element.body.iter(qn("w:bookmarkStart"), qn("w:bookmarkEnd"), _SECTION):
        if element.tag == _SECTION:
            part += 1  # ids may repeat from one part to the next, never within one
        elif element.tag == qn("w:bookmarkStart"):
            ids[part, element.get(qn("w:id"))] = str(len(ids) + 1)
            element.set(qn("w:id"), str(len(ids)))
        else:
            element.set(qn("w:id"), ids.get((part, element.get(qn("w:id"))), element.get(qn("w:id"))))


def add_footnotes(whole: Document) -> None:
    """Add an empty footnotes part with its two separators, and the setting that names them, if there is none."""
    if any(r.reltype == RELATIONSHIP_TYPE.FOOTNOTES for r in whole.part.rels.values()):
        return
    blob = f"{_FOOTNOTES_HEAD}{_FOOTNOTES_END}".encode()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, blob, whole.part.package)
    whole.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    settings = whole.settings.element
    if settings.find(qn("w:footnotePr")) is None:
        properties = etree.fromstring(
            f'<w:footnotePr xmlns:w="{_W}"><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
        )
        after = [child for child in settings if child.tag in _AFTER_FOOTNOTES]
        after[0].addprevious(properties) if after else settings.append(properties)


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_GAP = '<w:p><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr><w:r><w:{}/></w:r></w:p>'
_FOOTNOTES_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<w:footnotes xmlns:w="{_W}"><w:footnote w:type="separator" w:id="-1">{_GAP.format("separator")}</w:footnote>'
    f'<w:footnote w:type="continuationSeparator" w:id="0">{_GAP.format("continuationSeparator")}</w:footnote>'
)
_FOOTNOTES_END = "</w:footnotes>"
# What the schema requires after w:footnotePr in the settings.
_BEHIND = (
    "endnotePr compat docVars rsids attachedSchema themeFontLang clrSchemeMapping doNotIncludeSubdocsInStats"
    " shapeDefaults decimalSymbol listSeparator"
)
_AFTER_FOOTNOTES = (
    *(qn(f"w:{name}") for name in _BEHIND.split()),
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}mathPr",
)
