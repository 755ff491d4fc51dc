"""Where in a Word file something was found, in words: the story and the paragraph, with its first words."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

if TYPE_CHECKING:
    from lxml import etree

    from papers.docx.package import Package

_P, _T, _BOX = qn("w:p"), qn("w:t"), qn("w:txbxContent")
_STORIES = {  # by the end of the content type
    "header+xml": "header",
    "footer+xml": "footer",
    "footnotes+xml": "footnotes",
    "endnotes+xml": "endnotes",
    "comments+xml": "comments",
    "document.glossary+xml": "building blocks",
    "styles+xml": "styles",
    "settings+xml": "settings",
    "numbering+xml": "lists",
    "chart+xml": "a chart",
    "diagramdata+xml": "a diagram",
    "diagramdrawing+xml": "a diagram",
    "chartshapes+xml": "a chart",
}
_FEW = 40  # characters of a paragraph that a place shows


def story_of(package: Package, name: str) -> str:
    """Return the part of a document in words, such as "header"; "" for the text itself."""
    if name in ("", package.main):
        return ""
    content_type = package.types[name].casefold().rpartition("wordprocessingml.")[2]
    return _STORIES.get(content_type.rpartition("drawingml.")[2], f"part {name}")


class Places:
    """The places of the elements of one part."""

    def __init__(self, story: str, root: etree._Element):
        self._story, self._root = story, root
        self._known: dict[etree._Element | None, str] = {}  # paragraph -> its place

    @cached_property
    def _numbers(self) -> dict[etree._Element, int]:
        return {paragraph: number for number, paragraph in enumerate(self._root.iter(_P), 1)}

    def of(self, element: etree._Element) -> str:
        """Return the story, the number and the first words of the paragraph of an element."""
        own = element if element.tag == _P else next(element.iterancestors(_P), None)
        if own not in self._known:
            self._known[own] = self._in_words(own)
        return self._known[own]

    def _in_words(self, paragraph: etree._Element | None) -> str:
        words = [self._story] if self._story else []
        if paragraph is not None:
            words += ["text box"] if next(paragraph.iterancestors(_BOX), None) is not None else []
            words += [f"paragraph {self._numbers[paragraph]}{_first_words(paragraph)}"]
        return ", ".join(words)


def _first_words(paragraph: etree._Element) -> str:
    words = ""
    for element in paragraph.iter(_T):
        words = " ".join(f"{words}{(element.text or '')[: 4 * _FEW]}".split(" "))
        if len(words) > 2 * _FEW:
            break
    words = " ".join(words.split())[:_FEW]
    return f' ("{words}")' if words else ""
