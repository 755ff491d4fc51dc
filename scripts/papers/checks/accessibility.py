"""Checks of how a paper is built: whether a screen reader can read all of it, and whether Word can open it.

The criteria are those of WCAG 2.1 that a Word file can fail: 1.1.1, 1.3.1, 1.4.3, 2.4.2, 2.4.4, 2.4.6 and
3.1.1.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from papers.checks.raw_findings import RawFinding, raw_finding
from papers.docx.texts import PaperTexts, Piece
from papers.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_ADDRESS = 24  # characters, such as www.apec.org, which can be read aloud
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
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


def _finding(where: str, found: str, expected: str, todo: str, text: str = "") -> RawFinding:
    return raw_finding("accessibility", Piece(text, where, ""), found, expected, todo)


def check_accessibility(texts: PaperTexts) -> Iterator[RawFinding]:
    """Yield findings about title, language, headings, header rows, alternative texts, links and contrast."""
    if not texts.properties.get("title"):
        todo = "Fill in the title under File, Info, Properties."
        yield _finding("File, Properties", "no title", "the paper's title", todo)
    if not texts.language:
        todo = "Set the language of the text in Word under Review, Language."
        yield _finding("the whole text", "no language", "the language of the text", todo)
    yield from _headings(texts)
    for table in texts.tables:
        if not table.header and not table.layout and len(table.rows) > 1:
            todo = "Mark its first row in Word under Table Layout, Repeat Header Rows."
            yield _finding(table.where, "no header row", "a first row that names the columns", todo)
    for name, where in texts.without_alt:
        todo = "Describe in words what it shows, in Word under Edit Alt Text."
        yield _finding(where, f"{name} without alternative text", "its alternative text", todo)
    for text, where in texts.links:
        yield from _link(text, where)
    for text, where, ratio in texts.faint:
        found = f"{quoted(text, 40)} with a contrast of {ratio:.1f} to 1"
        yield _finding(where, found, "at least 4.5 to 1", "Choose a darker or a lighter colour.", text)


def _headings(texts: PaperTexts) -> Iterator[RawFinding]:
    """The first heading must be of level 1, and none more than one level below the one before it."""
    before = 0
    for heading in texts.headings:
        if heading.level > before + 1:
            expected = "level 1" if not before else f"level {before + 1} at most, after level {before}"
            todo = "Choose the heading style of that level in Word."
            found = f"a heading of level {heading.level}"
            yield _finding(heading.where, found, expected, todo, heading.text)
        before = heading.level


def _link(text: str, where: str) -> Iterator[RawFinding]:
    """The text of a link has to make sense by itself, as a screen reader reads it alone."""
    expected = "words that say where it leads"
    if text.casefold().strip(" .") in _EMPTY_WORDS:
        todo = "Write the name of the page or document to which it leads."
        yield _finding(where, f"a link that says only {quoted(text)}", expected, todo, text)
    elif _ADDRESS.fullmatch(text) and len(text.partition("://")[2] or text) > MOST_ADDRESS:
        todo = "Write the name of the page or document to which it leads, and link that name."
        yield _finding(where, f"a link that is only its address {quoted(text)}", expected, todo, text)


def check_validity(texts: PaperTexts) -> Iterator[RawFinding]:
    """Yield faults for which Word may refuse to open the file, or may repair it by removing something."""
    for part, fault in texts.faults:
        expected = "a file that Word opens without repairing it"
        todo = "Open it in Word, save it again, and check that nothing is missing."
        yield raw_finding("validity", Piece("", f"part {part}", ""), fault, expected, todo)
