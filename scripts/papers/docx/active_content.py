"""What in a Word file runs or reaches outside the file when it is opened: macros, linked content, active fields.

Received papers and templates go through the same checks, as the parts of both go into papers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

from papers.docx.package import TYPES, Package
from papers.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from papers.docx.package import Relation

ERROR, WARNING, NOTE, NOT_RUN = "error", "warning", "note", "not-run"
ADDRESSES = ("http:", "https:", "mailto:", "tel:")
_STRICT = "{http://purl.oclc.org/ooxml/"
_OLE_OBJECT = "{urn:schemas-microsoft-com:office:office}OLEObject"
_CODES = (qn("w:instrText"), qn("w:delInstrText"))
_FIELD, _SIMPLE_FIELD, _FIELD_TYPE = qn("w:fldChar"), qn("w:fldSimple"), qn("w:fldCharType")
# Fields that start a program, or fetch text, pictures or data from other files when they are updated.
_ACTIVE_FIELD = re.compile(
    r"\s*(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|DATABASE|MACROBUTTON|RD|AUTOTEXT(?:LIST)?"
    r"|GLOSSARY|ADDIN|HTMLCONTROL|CONTROL|PRINT|EMBED|SHAPE)\b",
    re.IGNORECASE,
)
_LINKED = {
    "image": "a linked picture",
    "oleObject": "a linked object",
    "frame": "a linked page",
    "subDocument": "a linked part of the text",
}


@dataclass(frozen=True)
class ScanFinding:
    """Something found in a file. `severity`: error, warning or not-run. `place`: where in the file, in words."""

    code: str
    severity: str
    place: str
    found: str
    expected: str
    todo: str


@dataclass
class ScanResult:
    """What was found in a file, and what intake compares with the paper's entry in its meeting's file.

    `languages`: language -> characters in it. `cover`: number, agenda_item and text of the cover that the file has.
    """

    findings: list[ScanFinding] = field(default_factory=list)
    languages: dict[str, int] = field(default_factory=dict)
    cover: dict[str, str] | None = None

    def add(self, code: str, severity: str, place: str, found: str, expected: str, todo: str) -> None:
        self.findings.append(ScanFinding(code, severity, place, found, expected, todo))

    def not_run(self, what: str, why: str) -> None:
        self.add("not-run", NOT_RUN, "", f"{what} not checked ({why})", "it checked", "Fix that first.")


def find_active_content(package: Package) -> list[ScanFinding]:
    """Return a finding for everything that runs, or reaches outside the file, when it is opened."""
    result = ScanResult()
    for check in (_check_macros, _check_relations, _check_embedded, _check_fields):
        check(package, result)
    return result.findings


def why_not_word(package: Package) -> str:
    """Return what the file is if it is not a Word document, such as "a Word template"; else "".

    Every XML part is parsed, so that PackageError is raised here and not later.
    """
    if TYPES not in package.parts or package.main not in package.parts:
        return "a zip file that is not a Word document"
    for name in package.parts:
        if name.lower().endswith((".xml", ".rels")):
            package.xml(name)
    root, content_type = package.xml(package.main), package.types[package.main]
    if root.tag.startswith(_STRICT):
        return "a Strict Open XML document"
    if root.tag != qn("w:document") or root.find(qn("w:body")) is None:
        return "another kind of Office file"
    if damage := _damage(package):
        return f"a damaged Word document, whose part {damage}"
    return "a Word template" if ".template." in content_type else ""


def _damage(package: Package) -> str:
    """The first part that is missing or has no content type, with what is wrong; "" if there is none."""
    reached = sorted(package.reached())
    targets = (r.target for name in reached for r in package.relations(name) if not r.external)
    if missing := next((target for target in targets if target not in package.parts), ""):
        return f"{missing} is missing"
    untyped = next((name for name in reached if not package.types[name]), "")
    return f"{untyped} has no type" if untyped else ""


def is_safe_link(target: str) -> bool:
    """Whether the target of a link is an address that a reader may open, and runs nothing, as javascript: would."""
    return target.strip().lower().startswith((*ADDRESSES, "#"))


def has_element(root: etree._Element, *tags: str) -> bool:
    """Whether there is an element with one of these tags, such as w:drawing, in a tree."""
    return next(root.iter(*map(qn, tags)), None) is not None


def _check_macros(package: Package, result: ScanResult) -> None:
    named = [name for name in package.parts if name.lower().rsplit("/", 1)[-1].startswith("vba")]
    if named or "macroEnabled" in package.types[package.main]:
        todo = "Ask for it without macros, saved as Word Document (.docx)."
        result.add("macros", ERROR, "", "macros", "a file without macros", todo)
    if any("/activex/" in f"/{name.lower()}" for name in package.parts):
        todo = "Ask for it without them (buttons, boxes of the Developer tab)."
        result.add("active-content", ERROR, "", "ActiveX controls", "a file without any", todo)


def _check_relations(package: Package, result: ScanResult) -> None:
    """Report what Word would fetch when it opens the file, and links that a reader cannot or must not follow."""
    for name in sorted(package.reached()):
        for relation in package.relations(name):
            if not relation.external:
                continue
            if relation.kind == "attachedTemplate":
                found = f"the attached template {relation.target}, which is not in the file"
                todo = "Nothing to do: the paper is made without it, and looks as in the file."
                result.add("attached-template", WARNING, "", found, "no attached template", todo)
            elif relation.kind == "hyperlink":
                _check_link(relation, result)
            else:
                found = f"{_LINKED.get(relation.kind, relation.kind)}, which is not in the file ({relation.target})"
                todo = "Ask for it with the thing itself in the file."
                result.add("linked-content", ERROR, "", found, "all of the paper in the file", todo)


def _check_link(relation: Relation, result: ScanResult) -> None:
    todo = "Ask for the address in its place."
    if relation.target.lower().startswith(("file:", "\\\\")) or ":" not in relation.target:
        found, expected = f"a link to a file ({relation.target})", "links that every reader can follow"
        result.add("link-to-file", WARNING, "", found, expected, todo)
    elif not is_safe_link(relation.target):
        found = f"a link that is not an address ({quoted(relation.target)})"
        result.add("unsafe-link", ERROR, "", found, "https: or mailto:", todo)


def _check_embedded(package: Package, result: ScanResult) -> None:
    text = package.xml(package.main)
    for element in text.iter(_OLE_OBJECT):
        if element.get("ProgID", "").lower().startswith("package"):
            found, todo = "a file inside the file", "Ask for it as a paper of its own, or without it."
            result.add("embedded-file", ERROR, "", found, "a paper without files in it", todo)
    if has_element(text, "w:altChunk"):
        found, expected = "text of another format (altChunk)", "text that Word has written"
        result.add("foreign-text", ERROR, "", found, expected, "Open it in Word and save it again.")


def _check_fields(package: Package, result: ScanResult) -> None:
    if fields := _active_fields(package):
        found = f"a field that runs or fetches something ({', '.join(fields)})"
        todo = "Ask for it with the text itself in place of the field (Word: Ctrl+Shift+F9)."
        result.add("active-field", ERROR, "", found, "all of the paper in the file", todo)


def _active_fields(package: Package) -> list[str]:
    """The names of the fields that run or fetch something, in all parts that the text reaches, each once."""
    found: dict[str, None] = {}
    for name in sorted(package.reached()):
        if name.endswith(".xml"):
            for code in _field_codes(package.xml(name)):
                if match := _ACTIVE_FIELD.match(code):
                    found[match[1].upper()] = None
    return list(found)


def _field_codes(root: etree._Element) -> Iterator[str]:
    """The code of each field, also of one that Word has split into runs or that has another field within it."""
    pending: list[list[str]] = []
    for element in root.iter(_FIELD, _SIMPLE_FIELD, *_CODES):
        if element.tag == _SIMPLE_FIELD:
            yield element.get(qn("w:instr"), "")
        elif element.tag in _CODES:
            if not pending:
                pending.append([])
            pending[-1].append(element.text or "")
        elif element.get(_FIELD_TYPE) == "begin":
            pending.append([])
        elif element.get(_FIELD_TYPE) == "end" and pending:
            yield "".join(pending.pop())
    yield from ("".join(words) for words in pending)
