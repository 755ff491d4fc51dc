"""Checks for what says nothing: headings and tables without content, and sentences that fill a gap."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from papers.checks.raw_findings import RawFinding, raw_finding
from papers.docx.texts import Piece
from papers.problems import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from papers.docx.texts import PaperTexts, Table

CODE = "empty"
_DASHES = {"", "-", "–", "—", "−"}
_FILLERS = (
    # The Group works on no activity in no priority area
    re.compile(r"\bno (?:\w+ ){1,3}(?:in|of|for|by|from) no \w+(?: \w+)?", re.IGNORECASE),
    # No partner is named.
    re.compile(
        r"(?:^|(?<=[.!?] ))No (?:\w+ ){1,3}(?:is|are|was|were) (?:named|stated|specified|indicated)\."
    ),
    # The prompts of Word's content controls and templates
    re.compile(
        r"\b(?:click or tap|click|tap) here to enter (?:text|a date)\b|\blorem ipsum\b", re.IGNORECASE
    ),
)


def check_empty(texts: PaperTexts) -> Iterator[RawFinding]:
    """Yield findings about headings and tables without content, and about sentences that say nothing."""
    yield from _headings(texts)
    for table in texts.tables:
        if not table.layout and _is_empty(table):
            expected, todo = "rows with content", "Fill it in, or delete the table and its caption."
            found = "a table without content"
            yield raw_finding(CODE, Piece("", table.where, ""), found, expected, todo)
    for piece in texts.pieces:
        for match in (found for filler in _FILLERS for found in filler.finditer(piece.text)):
            expected = "words that say something, or none"
            todo = "Write what is known, or delete the sentence."
            yield raw_finding(CODE, piece, quoted(match[0]), expected, todo, match.span())


def _headings(texts: PaperTexts) -> Iterator[RawFinding]:
    """A heading has a text, or headings below it."""
    following = [*(heading.level for heading in texts.headings), 0][1:]
    for heading, level in zip(texts.headings, following, strict=True):
        if not heading.has_content and level <= heading.level:
            expected = "text, a table or a picture under it"
            todo = "Write it, or delete the heading."
            piece = Piece(heading.text, heading.where, "")
            yield raw_finding(CODE, piece, "a heading with nothing under it", expected, todo)


def _is_empty(table: Table) -> bool:
    """Whether a table has only its header row, or no cell with more than a dash below it."""
    rows = table.rows[1:] if table.header else table.rows
    return not table.has_pictures and all(cell in _DASHES for row in rows for cell in row)
