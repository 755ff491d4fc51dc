"""What nothing published may say: the numbers and titles of restricted papers. The last look before a file goes public."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from papers.docx.package import Package
from papers.public.model import names_number

if TYPE_CHECKING:
    from collections.abc import Iterable

_GAP = re.compile(r"</(?:w|a):p>|<w:(?:tab|br|cr)/>")
_TRACKED = re.compile(rb"<w:(?!comment )\w+ [^>]*w:author=")
_TAG = re.compile(r"<[^>]*>")


class RestrictedWords:
    """The restricted papers of a build. `said` is outputs/work/public.json; see wording/public_edition.py."""

    def __init__(self, said: dict, public_titles: Iterable[str]):
        known = {title.casefold() for title in (*public_titles, *said["known_titles"])}
        self.numbers = [one["number"] for one in said["restricted"]]
        titles = {" ".join(one["title"].split()) for one in said["restricted"]}
        self.titles = sorted(title for title in titles if title and title.casefold() not in known)

    def named_in(self, words: str) -> list[str]:
        """The numbers and titles that these words say, in any case of letters."""
        folded = " ".join(words.split()).casefold()
        told = [number for number in self.numbers if names_number(number.casefold(), folded)]
        return told + [f"“{title}”" for title in self.titles if _says(title.casefold(), folded)]

    def __bool__(self) -> bool:
        return bool(self.numbers)


def _says(title: str, words: str) -> bool:
    return title in words and re.search(rf"(?<!\w){re.escape(title)}(?!\w)", words) is not None


def all_words(name: str, data: bytes) -> str:
    """Every word in a file that is published: of a Word file all its parts, also deleted and hidden text and attributes.

    Of a PDF nothing: it is made of a paper that is looked at, or was sent as it is.
    """
    if name.endswith(".pdf"):
        return ""
    if not name.endswith(".docx"):
        return data.decode("utf-8")
    parts = [
        content.decode("utf-8", "replace")
        for part, content in Package.read(data).parts.items()
        if part.endswith((".xml", ".rels"))
    ]
    return " ".join(html.unescape(text) for part in parts for text in (_text(part), part))


def marks_of_persons(name: str, data: bytes) -> str:
    """What a paper that others sent has of people behind its text: "comments", "tracked changes", both; "" for nothing."""
    if not name.endswith(".docx"):
        return ""
    parts = [content for part, content in Package.read(data).parts.items() if part.endswith(".xml")]
    comments = any(b"<w:comment " in xml for xml in parts)
    tracked = any(_TRACKED.search(xml) for xml in parts)
    return " and ".join(["comments"] * comments + ["tracked changes"] * tracked)


def _text(xml: str) -> str:
    return _TAG.sub("", _GAP.sub(" ", xml))
