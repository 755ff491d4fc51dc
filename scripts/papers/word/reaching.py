"""How a Word file reaches out of itself when somebody opens it: fields that run or fetch, links that are no addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from papers.word.package import Package

ADDRESSES = ("http:", "https:", "mailto:", "tel:")
_INSTRUCTIONS = (qn("w:instrText"), qn("w:delInstrText"))
_FIELD, _SIMPLE, _KIND = qn("w:fldChar"), qn("w:fldSimple"), qn("w:fldCharType")
# Fields that start a program, or fetch text, pictures or data from other files when they are updated.
_REACHING = re.compile(
    r"\s*(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|DATABASE|MACROBUTTON|RD|AUTOTEXT(?:LIST)?"
    r"|GLOSSARY|ADDIN|HTMLCONTROL|CONTROL|PRINT|EMBED|SHAPE)\b",
    re.IGNORECASE,
)


def reaching_fields(package: Package) -> list[str]:
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


def is_address(target: str) -> bool:
    """Whether a link leads to something that a reader may open anywhere, and runs nothing (javascript:)."""
    return target.strip().lower().startswith((*ADDRESSES, "#"))
