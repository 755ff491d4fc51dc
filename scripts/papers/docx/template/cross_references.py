"""Bookmarks in templates and the fields that refer to them: check them, make them unique, mark their direction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

from papers.docx.captions import AHEAD
from papers.problems import Place, Problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document
    from lxml import etree

_BOOKMARK, _CHAR, _CODE, _SIMPLE = (
    qn(f"w:{tag}") for tag in ("bookmarkStart", "fldChar", "instrText", "fldSimple")
)
_NAME, _INSTRUCTION, _ANCHOR = qn("w:name"), qn("w:instr"), qn("w:anchor")
_TARGET = re.compile(r"(\s*(?:REF|PAGEREF)\s+)([^\s\\]+)", re.IGNORECASE)
_BY_HEADING = re.compile(r"\s*SEQ\s.*\\s\b", re.IGNORECASE)


@dataclass
class _Code:
    """The code of a field, which Word may have split into several elements."""

    elements: list[etree._Element]

    @property
    def text(self) -> str:
        return "".join(e.get(_INSTRUCTION) or "" if e.tag == _SIMPLE else e.text or "" for e in self.elements)

    def write(self, code: str) -> None:
        if self.elements[0].tag == _SIMPLE:
            self.elements[0].set(_INSTRUCTION, code)
            return
        for element in self.elements:
            element.text = ""
        self.elements[0].text = code


def _codes(root: etree._Element) -> Iterator[_Code]:
    """Yield the code of each field below `root`, in the order of their results."""
    open_codes: list[list[etree._Element]] = []
    for element in root.iter(_CHAR, _CODE, _SIMPLE):
        kind = element.get(qn("w:fldCharType"))
        if element.tag == _SIMPLE:
            yield _Code([element])
        elif kind == "begin":
            open_codes.append([])
        elif element.tag == _CODE and open_codes:
            open_codes[-1].append(element)
        elif kind in ("separate", "end") and open_codes:
            if open_codes[-1]:
                yield _Code(open_codes[-1])
            open_codes[-1] = []
            if kind == "end":
                open_codes.pop()


def _bookmarks(root: etree._Element) -> list[str]:
    return [mark.get(_NAME) for mark in root.iter(_BOOKMARK)]


def check_references(document: Document, file: str, problems: Problems) -> None:
    """Report references without their bookmark in the template, and captions numbered by chapter."""
    body = document.element.body
    names = set(_bookmarks(body))
    for code in _codes(body):
        target = _TARGET.match(code.text)
        if target and target[2] not in names:
            todo = "Insert it again (References, Cross-reference)."
            found, expected = f"a cross-reference to {target[2]}", "a bookmark of that name in this template"
            problems.add(Place(file), "no-reference", found, expected, todo)
        if _BY_HEADING.match(code.text):
            todo = "Insert the caption again, under Numbering without Include chapter number."
            found, expected = f"the field {code.text.strip()}", "captions numbered through the whole paper"
            problems.add(Place(file), "caption-by-chapter", found, expected, todo)


def rename_bookmarks(whole: Document, other: Document) -> None:
    """Rename the bookmarks of `other` that `whole` has too, and the references to them.

    Templates are copied from each other, and with them the names of the bookmarks that Word made.
    """
    taken, renamed = set(_bookmarks(whole.element.body)), {}
    for name in sorted(set(_bookmarks(other.element.body)) & taken):
        renamed[name] = next(new for n in range(2, 10_000) if (new := f"{name[:35]}_{n}") not in taken)
        taken.add(renamed[name])
    for mark in other.element.body.iter(_BOOKMARK):
        mark.set(_NAME, renamed.get(mark.get(_NAME), mark.get(_NAME)))
    for code in _codes(other.element.body) if renamed else ():
        code.write(_TARGET.sub(lambda match: match[1] + renamed.get(match[2], match[2]), code.text, count=1))
    for link in other.element.body.iter(qn("w:hyperlink")):
        if link.get(_ANCHOR) in renamed:
            link.set(_ANCHOR, renamed[link.get(_ANCHOR)])


def point_references(whole: Document) -> bool:
    """Mark each reference whose bookmark is further on; return whether the paper has anything to number.

    If a caption is repeated, so is its bookmark: the reference then means the nearest one on that side.
    """
    body = whole.element.body
    order = {element: at for at, element in enumerate(body.iter(_BOOKMARK, _CODE, _SIMPLE))}
    first = {mark.get(_NAME): order[mark] for mark in reversed(list(body.iter(_BOOKMARK)))}
    codes = list(_codes(body))
    for code in codes:
        target = _TARGET.match(code.text)
        if target and first.get(target[2], -1) > order[code.elements[0]]:
            code.write(code.text.replace(target[2], target[2] + AHEAD, 1))
    return bool(first) or any(code.text.split()[:1] == ["SEQ"] for code in codes)
