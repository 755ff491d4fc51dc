"""What the elements of a part link, fetch or run: relations by their id, addresses in attributes, fields, objects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

from papers.docx.fields import active_field, address_of, field_codes
from papers.docx.links import judge_link
from papers.docx.package import PackageError, parse_xml
from papers.docx.part_kinds import REFUSED_KINDS
from papers.docx.places import story_of
from papers.docx.scan_result import ERROR, NOTE, WARNING
from papers.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from papers.docx.package import Package, Relation
    from papers.docx.places import Places
    from papers.docx.scan_result import ScanResult

_IDS = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}",
)
_VML, _OFFICE = "{urn:schemas-microsoft-com:vml}", "{urn:schemas-microsoft-com:office:office}"
_RELATION_OF_VML = f"{_OFFICE}relid"
_LINKS = {"hyperlink", "hlinkClick", "hlinkHover", "hlinkMouseOver"}  # elements that a reader follows
_SOURCES = {"src", "althref", f"{_OFFICE}althref", f"{_OFFICE}href", "manifestLocation", "embeddedHtml"}
_ADDRESSES = {"invalidUrl", qn("w:docLocation")}
_OWN_PICTURE = ("#", "data:image/png", "data:image/jpeg", "data:image/jpg", "data:image/gif")
_OBJECTS = {
    f"{_OFFICE}OLEObject": "embedded-file",
    qn("w:objectEmbed"): "embedded-file",
    qn("w:movie"): "embedded-file",
    qn("w:objectLink"): "linked-content",
    qn("w:subDoc"): "linked-content",
    qn("w:control"): "active-content",
    qn("w:altChunk"): "foreign-text",
    qn("w:mailMerge"): "mail-merge",
}
_KINDS = {
    "image": "a linked picture",
    "oleObject": "a linked object",
    "frame": "a linked page",
    "subDocument": "a linked part of the text",
}
_PICTURES = ("}blip", "}imagedata")
_OUTSIDE_STYLE = re.compile(r"@import|url\(\s*[\"']?\s*(?!#|data:image/(?:png|jpe?g|gif))", re.IGNORECASE)


def relation_ids(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield the attributes of an element that name relations, with the ids."""
    for key, value in element.items():
        if value and (key.startswith(_IDS) or key in (_RELATION_OF_VML, "relId")):
            yield key, value


def check_markup(
    package: Package, name: str, root: etree._Element, places: Places, result: ScanResult
) -> set[str]:
    """Check all elements of a part, and the relations of this part that lead outside the file.

    Return the codes of what was found.
    """
    part = _Part(package, name, places, result)
    part.check(root)
    return part.codes


class _Part:
    """A part that is checked: its relations by id, and which of them were met."""

    def __init__(self, package: Package, name: str, places: Places, result: ScanResult):
        self.parts, self.is_settings = package.parts, story_of(package, name) == "settings"
        self.places, self.result = places, result
        self.relations: dict[str, list[Relation]] = {}
        for relation in package.relations(name):
            self.relations.setdefault(relation.id, []).append(relation)
        self.met: set[str] = set()
        self.codes: set[str] = set()

    def check(self, root: etree._Element) -> None:
        for element in root.iter("*"):
            if element.tag in _OBJECTS:
                self._check_object(element)
            if element.attrib:
                self._check_relations(element)
                self._check_attributes(element)
        for begin, code in field_codes(root):
            self._check_field(begin, code)
        self._check_unused(root)

    def _check_object(self, element: etree._Element) -> None:
        code, name = _OBJECTS[element.tag], element.tag.rpartition("}")[2]
        what = element.get("ProgID", "")
        if element.get("Type") == "Link":
            if any(relation_ids(element)):
                return  # reported with what it links
            code = "linked-content"
        todo = "Ask for it without, or with a picture in its place (Word: Paste Special)."
        found = _OBJECT_WORDS.get(name, name) + (f" ({quoted(what)})" if what else "")
        self._add(code, ERROR, element, found, _WITHOUT[code], todo)

    def _check_relations(self, element: etree._Element) -> None:
        name = element.tag.rpartition("}")[2]
        for key, rid in relation_ids(element):
            self.met.add(rid)
            for relation in self.relations.get(rid, ()):
                if relation.external and not relation.leads_nowhere:
                    is_link = name in _LINKS and key.endswith("}id")
                    self._check_outside(element, relation, is_link)
                elif not relation.external and relation.kind == "image":
                    self._check_picture(element, relation)

    def _check_picture(self, element: etree._Element, relation: Relation) -> None:
        if relation.target not in self.parts:
            todo = "Ask for it with the picture, or without its empty frame (delete it in Word)."
            self._add(
                "missing-picture", ERROR, element, "a picture that is not in the file", "the picture", todo
            )

    def _check_outside(self, element: etree._Element, relation: Relation, is_link: bool) -> None:
        if self._is_template(relation) and element.tag == qn("w:attachedTemplate"):
            return
        if REFUSED_KINDS.get(relation.kind) == "mail-merge":
            return  # reported for the mail merge itself
        if relation.kind == "hyperlink" and is_link:
            self._check_link(element, relation.target)
        elif not self._is_chart_data(element):
            kind = "image" if element.tag.endswith(_PICTURES) else relation.kind
            self._add_linked(element, _KINDS.get(kind, "linked content"), relation.target)

    def _is_template(self, relation: Relation) -> bool:
        """Whether it is the attached template of the settings, which is reported with the relations."""
        return self.is_settings and relation.kind == "attachedTemplate"

    @staticmethod
    def _is_chart_data(element: etree._Element) -> bool:
        """Whether it links a chart to its workbook, which is reported once for the chart."""
        return element.tag.endswith(("/chart}externalData", "/chartex}externalData"))

    def _check_attributes(self, element: etree._Element) -> None:
        is_vml = element.tag.startswith((_VML, _OFFICE))
        for key, value in element.items():
            if key in _SOURCES and value.strip() and (is_vml or key not in ("src", "althref")):
                if not value.strip().lower().startswith(_OWN_PICTURE):
                    self._add_linked(element, "linked content", value)
            elif (
                (key == "href" and is_vml)
                or key in _ADDRESSES
                or (key == "action" and ("program" in value.lower() or "macro" in value.lower()))
            ):
                self._check_link(element, value)

    def _check_field(self, begin: etree._Element, code: str) -> None:
        if name := active_field(code):
            todo = "Ask for it with the text itself in place of the field (Word: Ctrl+Shift+F9)."
            found = f"a field that runs or fetches something ({name})"
            self._add("active-field", ERROR, begin, found, "all of the paper in the file", todo)
        elif (address := address_of(code)) is not None and not address.startswith("{{"):  # a template's tag
            self._check_link(begin, address)

    def _check_unused(self, root: etree._Element) -> None:
        """Check relations to the outside that no element names: some programs follow them by their type alone."""
        for rid, same in self.relations.items():
            for relation in same:
                if rid in self.met or not relation.external or relation.leads_nowhere:
                    continue
                if relation.kind == "hyperlink":
                    self._check_link(root, relation.target)
                elif not self._is_template(relation):
                    self._add_linked(root, _KINDS.get(relation.kind, "linked content"), relation.target)

    def _check_link(self, element: etree._Element, address: str) -> None:
        code = judge_link(address)
        todo = "Ask for a web address in its place, or for the words without a link (Word: Remove Hyperlink)."
        shown = quoted(address)
        if code == "unsafe-link":
            found = f"a link that may run something ({shown})"
            self._add("unsafe-link", ERROR, element, found, "https: or mailto:", todo)
        elif code == "link-to-file":
            found = f"a link to a file of the sender ({shown})"
            self._add("link-to-file", WARNING, element, found, "links that every reader can follow", todo)
        elif code == "incomplete-link":
            found = f"a web address without https:// ({shown})"
            todo = "Nothing has to be done; the link works once https:// is put before it (Word: Edit Hyperlink)."
            self._add("incomplete-link", NOTE, element, found, "links that work", todo)

    def _add_linked(self, element: etree._Element, what: str, target: str) -> None:
        found, todo = f"{what}, which is not in the file ({quoted(target)})", _IN_THE_FILE
        self._add("linked-content", ERROR, element, found, "all of the paper in the file", todo)

    def _add(self, code: str, severity: str, element: etree._Element, *words: str) -> None:
        self.codes.add(code)
        if not self.result.is_full(code):
            self.result.add(code, severity, self.places.of(element), *words)


_IN_THE_FILE = "Ask for it with the thing itself in the file."
_OBJECT_WORDS = {
    "OLEObject": "a file inside the file",
    "objectEmbed": "a file inside the file",
    "movie": "a recording",
    "objectLink": "a linked object",
    "subDoc": "a linked part of the text",
    "control": "a control (ActiveX)",
    "altChunk": "text of another format (altChunk)",
    "mailMerge": "a mail merge, which reads addresses from elsewhere",
}
_WITHOUT = {
    "embedded-file": "a paper without files in it",
    "linked-content": "all of the paper in the file",
    "active-content": "a file without any",
    "foreign-text": "text that Word has written",
    "mail-merge": "a finished paper",
}


def check_svg(data: bytes, name: str, result: ScanResult) -> None:
    """Check a picture in SVG: it is XML that may have programs in it, or fetch other pictures."""
    try:
        root = parse_xml(data, allow_doctype=True)
    except PackageError:
        todo = "Ask for it with another picture (PNG)."
        result.add(
            "missing-picture", ERROR, "", f"a picture that can't be read ({name})", "the picture", todo
        )
        return
    todo = "Ask for it with the picture as PNG."
    for element in root.iter("*"):
        tag = element.tag.rpartition("}")[2].lower()
        if tag in ("script", "foreignobject", "handler") or any(map(_is_handler, element.attrib)):
            result.add("active-content", ERROR, "", f"a picture with a program in it ({name})", "none", todo)
        if _fetches(element, tag):
            found = f"a picture that fetches something ({name})"
            result.add("linked-content", ERROR, "", found, "all of the paper in the file", todo)
    if b"<?xml-stylesheet" in data:
        found = f"a picture that fetches a style sheet ({name})"
        result.add("linked-content", ERROR, "", found, "all of the paper in the file", todo)


def _is_handler(key: str) -> bool:
    return key.lower().startswith("on")


def _fetches(element: etree._Element, tag: str) -> bool:
    """Whether an element of an SVG loads something by itself; a link that its reader would have to follow does not."""
    address = (
        next((v for k, v in element.items() if k.rpartition("}")[2] in ("href", "src")), "").strip().lower()
    )
    if address and not address.startswith(_OWN_PICTURE) and (tag != "a" or judge_link(address)):
        return True
    style = element.text or "" if tag == "style" else ""
    return any(_OUTSIDE_STYLE.search(value) for value in (style, *element.values()))
