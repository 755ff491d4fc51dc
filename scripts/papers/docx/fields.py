"""The fields of a part: those that run or fetch something, and the addresses of HYPERLINK fields."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

_TEXT = qn("w:t")
_CODES = (qn("w:instrText"), qn("w:delInstrText"))
_MARK, _SIMPLE, _TYPE = qn("w:fldChar"), qn("w:fldSimple"), qn("w:fldCharType")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
# Fields that start a program, or fetch text, pictures or data from other files when they are updated.
_ACTIVE = re.compile(
    r'[\s"]*(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|DATABASE|MACROBUTTON|RD|AUTOTEXT(?:LIST)?'
    r"|GLOSSARY|ADDIN|HTMLCONTROL|CONTROL|PRINT|EMBED)\b",
    re.IGNORECASE,
)
_HYPERLINK = re.compile(r'[\s"]*HYPERLINK\b', re.IGNORECASE)
_WORDS = re.compile(r'"((?:[^"\\]|\\.)*)"?|(\\[a-z*@#!](?=\s|"|$))|([^\s"]+)', re.IGNORECASE)
_WITH_WORD = ("\\l", "\\o", "\\t")  # switches of HYPERLINK that a word follows: bookmark, tip, frame
NAMED_BY_ANOTHER = "one that another field names"


def active_field(code: str) -> str:
    """Return the name of a field that runs or fetches something, such as DDE; "" for any other field."""
    if code.startswith(NAMED_BY_ANOTHER):
        return NAMED_BY_ANOTHER
    match = _ACTIVE.match(code)
    return match[1].upper() if match else ""


def address_of(code: str) -> str | None:
    """Return the address of a HYPERLINK field, "" if it leads to a place in the text; None for another field."""
    start = _HYPERLINK.match(code)
    if start is None:
        return None
    is_argument = False
    for quoted, switch, word in _WORDS.findall(code, start.end()):
        if switch:
            is_argument = switch.lower() in _WITH_WORD
        elif is_argument:
            is_argument = False
        else:
            return quoted.replace("\\\\", "\\") if quoted else word.replace("\\\\", "\\")
    return ""


@dataclass
class _Open:
    """A field whose end was not read yet: where it begins, the words of its code, and what was read of it."""

    begin: etree._Element
    words: list[str] = field(default_factory=list)
    has_name: bool = False
    in_result: bool = False

    def add(self, text: str) -> None:
        self.words.append(text)
        self.has_name = self.has_name or (not text.isspace() and text != "")

    def code(self) -> str:
        return _UNSEEN.sub("", "".join(self.words))


def field_codes(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Yield each field with its code, also of one that Word has split into runs or that has another field within it.

    What a field within a code shows is part of that code, as Word takes it.
    """
    pending: list[_Open] = []
    for element in root.iter(_MARK, _SIMPLE, _TEXT, *_CODES):
        if element.tag == _SIMPLE:
            yield element, _UNSEEN.sub("", element.get(qn("w:instr"), ""))
        elif element.tag in _CODES:
            if not pending:
                pending.append(_Open(element))
            pending[-1].add(element.text or "")
        elif element.tag == _TEXT:
            if len(pending) > 1 and pending[-1].in_result and not pending[-2].in_result:
                pending[-2].add(element.text or "")
        elif element.get(_TYPE) == "begin":
            if pending and not pending[-1].in_result and not pending[-1].has_name:
                pending[-1].add(NAMED_BY_ANOTHER)
            pending.append(_Open(element))
        elif element.get(_TYPE) == "separate" and pending:
            pending[-1].in_result = True
        elif element.get(_TYPE) == "end" and pending:
            last = pending.pop()
            yield last.begin, last.code()
    yield from ((one.begin, one.code()) for one in pending)
