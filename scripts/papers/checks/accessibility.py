"""Can everyone read the paper, and can Word open it: the checks of how a paper is made.

The rules are those of WCAG 2.1 that a Word file can break: 1.1.1, 1.3.1, 1.4.3, 2.4.2, 2.4.4, 2.4.6 and 3.1.1.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from papers.checks.words import RawFinding, raw_finding
from papers.docx.texts import PaperTexts, Piece
from papers.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

_BARE = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_EMPTY_WORDS = {
    "click here",
    "click",
    "here",
    "link",
    "this link",
    "more",
    "read more",
    "see here",
    "website",
}


def _said(where: str, found: str, expected: str, todo: str, text: str = "") -> RawFinding:
    return raw_finding("accessibility", Piece(text, where, ""), found, expected, todo)


def check_accessibility(texts: PaperTexts) -> Iterator[RawFinding]:
    """Title, language, order of headings, header rows, alternative texts, words of links, contrast."""
    if not texts.properties.get("title"):
        todo = "Fill in the title under File, Info, Properties."
        yield _said("File, Properties", "no title", "the paper's title", todo)
    if not texts.language:
        todo = "Set the language of the text in Word under Review, Language."
        yield _said("the whole text", "no language", "the language of the text", todo)
    yield from _headings(texts)
    for table in texts.tables:
        if not table.header and not table.layout and len(table.rows) > 1:
            todo = "Mark its first row in Word under Table Layout, Repeat Header Rows."
            yield _said(table.where, "no header row", "a first row that names the columns", todo)
    for name, where in texts.without_alt:
        todo = "Say in words what it shows, in Word under Edit Alt Text."
        yield _said(where, f"{name} without alternative text", "its alternative text", todo)
    for text, where in texts.links:
        yield from _link(text, where)
    for text, where, ratio in texts.faint:
        found = f"{quoted(text, 40)} with a contrast of {ratio:.1f} to 1"
        yield _said(where, found, "at least 4.5 to 1", "Choose a darker or a lighter colour.", text)


def _headings(texts: PaperTexts) -> Iterator[RawFinding]:
    """The first heading is of level 1, and none is more than one level below the one before."""
    before = 0
    for heading in texts.headings:
        if heading.level > before + 1:
            expected = "level 1" if not before else f"level {before + 1} at most, after level {before}"
            todo = "Give it the style of that level."
            found = f"a heading of level {heading.level}"
            yield _said(heading.where, found, expected, todo, heading.text)
        before = heading.level


def _link(text: str, where: str) -> Iterator[RawFinding]:
    """A screen reader hears the words of a link alone. An address alone says nothing, unless it is short to read."""
    if text.casefold().strip(" .") in _EMPTY_WORDS:
        expected, todo = "words that say where it leads", "Write the name of what it leads to."
        yield _said(where, f"a link that says only {quoted(text)}", expected, todo, text)
    elif _BARE.fullmatch(text) and len(text.partition("://")[2] or text) > MOST_ADDRESS:
        expected, todo = "words that say where it leads", "Write the name of what it leads to, and link that."
        yield _said(where, f"a link that is only its address {quoted(text)}", expected, todo, text)


MOST_ADDRESS = 24  # such as www.apec.org, which can be read aloud


def check_validity(texts: PaperTexts) -> Iterator[RawFinding]:
    """What Word may refuse to open, or fix by losing something: the cheap part of what the tests' validators see."""
    for part, fault in texts.faults:
        expected = "a file that Word opens without fixing it"
        todo = "Open it in Word, save it again, and look whether all is there."
        yield raw_finding("validity", Piece("", f"part {part}", ""), fault, expected, todo)
