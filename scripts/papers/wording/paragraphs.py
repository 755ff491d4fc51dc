"""Paragraphs of plain sentences, in the styles that every template has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers import richtext

if TYPE_CHECKING:
    from collections.abc import Iterable


def paragraph(sentence: str, style: str = richtext.BODY, start: bool = False) -> richtext.BlockData:
    """Return one block; `start` where it begins an ordered list."""
    return richtext.block(style, richtext.line(sentence), start)


def paragraphs(sentences: Iterable[str], style: str = richtext.BODY) -> richtext.BlocksData:
    """Return blocks with one paragraph for each sentence; an ordered list begins at 1."""
    return richtext.blocks(*(paragraph(words, style, at == 0) for at, words in enumerate(sentences)))


def bullets(sentences: Iterable[str]) -> richtext.BlocksData:
    """Return blocks with one bullet for each sentence."""
    return paragraphs(sentences, richtext.BULLET)


def cell_bullets(sentences: Iterable[str]) -> richtext.BlocksData:
    """Return blocks with one bullet for each sentence, in the style for cells of tables."""
    return paragraphs(sentences, richtext.TABLE_BULLET)
