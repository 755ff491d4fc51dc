"""How a Word file reaches out of itself when somebody opens it: fields that run or fetch, links that are no addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docx.oxml.ns import qn
from lxml import etree

from papers.docx.package import TYPES, Package
from papers.docx.runs import W
from papers.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

ADDRESSES = ("http:", "https:", "mailto:", "tel:")

_INSTRUCTIONS = (qn("w:instrText"), qn("w:delInstrText"))

_FIELD, _SIMPLE, _KIND = qn("w:fldChar"), qn("w:fldSimple"), qn("w:fldCharType")

# Fields that start a program, or fetch text, pictures or data from other files when they are updated.
_REACHING = re.compile(
    r"\s*(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|DATABASE|MACROBUTTON|RD|AUTOTEXT(?:LIST)?"
    r"|GLOSSARY|ADDIN|HTMLCONTROL|CONTROL|PRINT|EMBED|SHAPE)\b",
    re.IGNORECASE,
)


def active_fields(package: Package) -> list[str]:
    """The names of the fields that run or fetch something, in all parts that the text names, each once."""
    found: dict[str, None] = {}
    for name in sorted(package.reached()):
        if name.endswith(".xml"):
            for instruction in _instructions(package.xml(name)):
                if match := _REACHING.match(instruction):
                    found[match[1].upper()] = None
    return list(found)


def _instructions(root: etree._Element) -> Iterator[str]:
    """What each field says, also where Word has split it, or another field is within it."""
    open_: list[list[str]] = []
    for element in root.iter(_FIELD, _SIMPLE, *_INSTRUCTIONS):
        if element.tag == _SIMPLE:
            yield element.get(qn("w:instr"), "")
        elif element.tag in _INSTRUCTIONS:
            (open_[-1] if open_ else open_.append([]) or open_[-1]).append(element.text or "")
        elif element.get(_KIND) == "begin":
            open_.append([])
        elif element.get(_KIND) == "end" and open_:
            yield "".join(open_.pop())
    yield from ("".join(words) for words in open_)


def is_safe_link(target: str) -> bool:
    """Whether a link leads to something that a reader may open anywhere, and runs nothing (javascript:)."""
    return target.strip().lower().startswith((*ADDRESSES, "#"))


ERROR, WARNING, NOT_RUN = "error", "warning", "not-run"

_STRICT = "http://purl.oclc.org/ooxml/"

_SEND_AGAIN = "Ask for it again, saved in Word as Word Document (.docx)."


@dataclass(frozen=True)
class ScanFinding:
    """One thing found in a file. `place` is where in it, for people; `severity` is error, warning or not-run."""

    code: str
    severity: str
    place: str
    found: str
    expected: str
    todo: str


@dataclass
class ScanResult:
    """What a file holds: findings, and what is compared with the paper's entry in its meeting's file."""

    findings: list[ScanFinding] = field(default_factory=list)
    languages: dict[str, int] = field(default_factory=dict)  # language -> characters in it
    cover: dict[str, str] | None = None  # of a cover of its own: number, agenda_item, text

    def add(self, code: str, severity: str, place: str, found: str, expected: str, todo: str) -> None:
        self.findings.append(ScanFinding(code, severity, place, found, expected, todo))

    def not_run(self, what: str, why: str) -> None:
        self.add("not-run", NOT_RUN, "", f"{what} not looked at ({why})", "it looked at", "Fix that first.")


def find_active_content(package: Package) -> list[ScanFinding]:
    """What runs, or reaches out of the file, when somebody opens it; of templates too, whose parts go into papers."""
    facts = ScanResult()
    for check in _HARMFUL:
        check(package, facts)
    return facts.findings


def why_not_word(package: Package) -> str:
    """What the file is instead, or ""; reads every XML part, so that a broken one is met here and not later."""
    if TYPES not in package.parts or package.main not in package.parts:
        return "a zip file that is no Word document"
    for name in package.parts:
        if name.lower().endswith((".xml", ".rels")):
            package.xml(name)
    root, kind = package.xml(package.main), package.types[package.main]
    if root.tag.startswith("{" + _STRICT):
        return "a Strict Open XML document"
    if (
        root.tag != qn("w:document")
        or "wordprocessingml" not in f"{kind}{W}"
        or root.find(qn("w:body")) is None
    ):
        return "another kind of Office file"
    lost = (r.target for name in sorted(package.reached()) for r in package.relations(name) if not r.external)
    if missing := next((target for target in lost if target not in package.parts), ""):
        return f"a damaged Word document, whose part {missing} is missing"
    if untyped := next((name for name in sorted(package.reached()) if not package.types[name]), ""):
        return f"a damaged Word document, whose part {untyped} has no type"
    return "a Word template" if ".template." in kind else ""


def _macros(package: Package, facts: ScanResult) -> None:
    named = [name for name in package.parts if name.lower().rsplit("/", 1)[-1].startswith("vba")]
    if named or "macroEnabled" in package.types[package.main]:
        todo = "Ask for it without macros, saved as Word Document (.docx)."
        facts.add("macros", ERROR, "", "macros", "a file without macros", todo)
    if any("/activex/" in f"/{name.lower()}" for name in package.parts):
        todo = "Ask for it without them (buttons, boxes of the Developer tab)."
        facts.add("active-content", ERROR, "", "ActiveX controls", "a file without any", todo)


def _outside(package: Package, facts: ScanResult) -> None:
    """What the file would fetch from elsewhere when it is opened; links that a reader may follow are none of that."""
    for name in sorted(package.reached()):
        for relation in package.relations(name):
            if not relation.external:
                continue
            if relation.kind == "attachedTemplate":
                found, expected = f"the template {relation.target}, which lies elsewhere", "none"
                todo = "Nothing to do: the paper is made without it, and looks as in the file."
                facts.add("template-elsewhere", WARNING, "", found, expected, todo)
            elif relation.kind == "hyperlink":
                if relation.target.lower().startswith(("file:", "\\\\")) or ":" not in relation.target:
                    found, expected = (
                        f"a link to a file ({relation.target})",
                        "links that every reader can follow",
                    )
                    facts.add(
                        "link-to-file", WARNING, "", found, expected, "Ask for the address in its place."
                    )
                elif not is_safe_link(relation.target):
                    found, expected = (
                        f"a link that is no address ({quoted(relation.target)})",
                        "https: or mailto:",
                    )
                    facts.add(
                        "link-that-runs", ERROR, "", found, expected, "Ask for the address in its place."
                    )
            else:
                found = (
                    f"{_OUTSIDE.get(relation.kind, relation.kind)} that lies elsewhere ({relation.target})"
                )
                todo = "Ask for it with the thing itself in the file."
                facts.add("lies-elsewhere", ERROR, "", found, "all of the paper in the file", todo)


_OUTSIDE = {
    "image": "a picture",
    "oleObject": "an object",
    "frame": "a page",
    "subDocument": "a part of the text",
}


def _embedded(package: Package, facts: ScanResult) -> None:
    text = package.xml(package.main)
    for element in text.iter(f"{{{'urn:schemas-microsoft-com:office:office'}}}OLEObject"):
        if element.get("ProgID", "").lower().startswith("package"):
            found, todo = "a file inside the file", "Ask for it as a paper of its own, or without it."
            facts.add("file-inside", ERROR, "", found, "a paper without files in it", todo)
    if _has(text, "w:altChunk"):
        found, expected = "text of another format (altChunk)", "text that Word has written"
        facts.add("foreign-text", ERROR, "", found, expected, "Open it in Word and save it again.")


def _fields(package: Package, facts: ScanResult) -> None:
    if fields := active_fields(package):
        found = f"a field that runs or fetches something ({', '.join(fields)})"
        todo = "Ask for it with the text itself in place of the field (Word: Ctrl+Shift+F9)."
        facts.add("field-reaches-out", ERROR, "", found, "all of the paper in the file", todo)


_HARMFUL = (_macros, _outside, _embedded, _fields)


def _has(root: etree._Element, *tags: str) -> bool:
    return next(root.iter(*map(qn, tags)), None) is not None
