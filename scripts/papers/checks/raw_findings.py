"""What a check finds in a paper, before the paper is named and the origin of the text is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from papers.docx.texts import Piece

_CONTEXT = 40  # characters before and after the words, which help to find them in the inputs


class Excerpt(NamedTuple):
    """Words of a paper with the text before and after them. Words without a place in the text are ""."""

    before: str
    words: str
    after: str


NO_EXCERPT = Excerpt("", "", "")


@dataclass(frozen=True)
class RawFinding:
    """One finding.

    `code` is a key of `checks` in config.yaml, with hyphens; `where` the place in the paper.
    """

    code: str
    where: str
    found: str
    expected: str
    todo: str
    around: Excerpt = NO_EXCERPT

    @classmethod
    def from_data(cls, data: dict) -> RawFinding:
        """Return a finding that was written as JSON."""
        return cls(**{**data, "around": Excerpt(*data["around"])})


def excerpt(text: str, start: int, end: int) -> Excerpt:
    """Return the words from `start` to `end` of a text, with what stands before and after them."""
    return Excerpt(text[max(0, start - _CONTEXT) : start], text[start:end], text[end : end + _CONTEXT])


def raw_finding(
    code: str, piece: Piece, found: str, expected: str, todo: str, span: tuple[int, int] | None = None
) -> RawFinding:
    """Return a finding in a piece of text, at a span of it, or at its first words."""
    start, end = span or (0, min(len(piece.text), _CONTEXT))
    return RawFinding(code, piece.where, found, expected, todo, excerpt(piece.text, start, end))
