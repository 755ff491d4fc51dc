"""The leak check: no published file may have the number or the title of a restricted paper in it."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from papers.characters import folded
from papers.docx.package import Package
from papers.numbers import names_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_GAP = re.compile(r"</(?:w|a):p>|<w:(?:tab|br|cr)/>")
_TRACKED = re.compile(rb"<w:(?!comment )\w+ [^>]*w:author=")
_TAG = re.compile(r"<[^>]*>")


class LeakCheck:
    """Finds mentions of restricted papers in texts.

    `restricted` are their numbers and titles, as in outputs/work/public.json. A title that is among
    `known_titles`, such as one that a public paper has too, does not count as a leak.
    """

    def __init__(self, restricted: Iterable[Mapping[str, str]], known_titles: Iterable[str]):
        papers, known = list(restricted), {folded(title) for title in known_titles}
        self.numbers = [paper["number"] for paper in papers]
        titles = {" ".join(paper["title"].split()) for paper in papers}
        self.titles = {
            title: words for title in sorted(titles) if (words := folded(title)) and words not in known
        }

    def find(self, text: str) -> list[str]:
        """Return the numbers and the titles (in quotation marks) that a text mentions, as texts are compared."""
        text = folded(text)
        numbers = [number for number in self.numbers if names_number(folded(number), text)]
        return numbers + [f"“{title}”" for title, words in self.titles.items() if _has_words(text, words)]

    def __bool__(self) -> bool:
        """Whether there is any restricted paper."""
        return bool(self.numbers)


def _has_words(text: str, title: str) -> bool:
    """Whether a text has a title in it that neither begins nor ends within a word."""
    return title in text and re.search(rf"(?<!\w){re.escape(title)}(?!\w)", text) is not None


def text_to_check(name: str, data: bytes) -> str:
    """Return all text of a file that is to be published.

    Of a Word file that is every part, including deleted and hidden text and attributes. Of a PDF it is "":
    it was converted from a paper that is checked itself, or is published as it was received.
    """
    if name.endswith(".pdf"):
        return ""
    if not name.endswith(".docx"):
        return data.decode("utf-8")
    parts = [part.decode("utf-8", "replace") for part in _read_parts(data, (".xml", ".rels"))]
    return " ".join(html.unescape(text) for part in parts for text in (_without_tags(part), part))


def _without_tags(xml: str) -> str:
    return _TAG.sub("", _GAP.sub(" ", xml))


def author_marks(name: str, data: bytes) -> str:
    """Return which marks with names of people a file has.

    That is "comments", "tracked changes" or "comments and tracked changes", and "" if there is none or it
    is no Word file.
    """
    if not name.endswith(".docx"):
        return ""
    parts = _read_parts(data, (".xml",))
    has_comments = any(b"<w:comment " in part for part in parts)
    has_changes = any(_TRACKED.search(part) for part in parts)
    return " and ".join(["comments"] * has_comments + ["tracked changes"] * has_changes)


def _read_parts(docx: bytes, endings: tuple[str, ...]) -> list[bytes]:
    return [content for part, content in Package.read(docx).parts.items() if part.endswith(endings)]
