"""Pair the paragraphs of two files: equal ones first, in the gaps between them the likest."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import cache
from typing import TYPE_CHECKING

from papers.edits.word_copy import units_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from papers.edits.word_copy import CopyParagraph

    Pairs = Iterator[tuple[CopyParagraph | None, CopyParagraph | None]]
    Places = Iterator[tuple[int | None, int | None]]
    Opcodes = Sequence[tuple[str, int, int, int, int]]

_LEAST_LIKE = 0.3  # share of common words; paragraphs that are less alike are no pair
_MOST_COMPARED = 400  # pairs in one gap: beyond, paragraphs are paired in their order


def opcodes(old: Sequence[str], new: Sequence[str]) -> Opcodes:
    """Return what difflib finds of two sequences: (equal, replace, delete or insert, and two ranges)."""
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def pairs(old: Sequence[CopyParagraph], new: Sequence[CopyParagraph]) -> Pairs:
    """Yield pairs of paragraphs, None beside one that is new or gone; rows of tables are paired as a whole."""
    units = [list(units_of(paragraphs)) for paragraphs in (old, new)]
    texts = [[" | ".join(one.text for one in unit) for unit in side] for side in units]
    for at, other in _aligned(*texts):
        left = units[0][at] if at is not None else []
        right = units[1][other] if other is not None else []
        columns = sorted({one.cell[2] if one.cell else 0 for one in (*left, *right)})
        for column in columns:
            both = [
                [one for one in unit if (one.cell[2] if one.cell else 0) == column] for unit in (left, right)
            ]
            for m, n in _aligned(*([one.text for one in side] for side in both)):
                yield both[0][m] if m is not None else None, both[1][n] if n is not None else None


def _aligned(old: list[str], new: list[str]) -> Places:
    """Yield pairs of indices."""
    for kind, start, end, start2, end2 in opcodes(old, new):
        if kind == "equal":
            yield from zip(range(start, end), range(start2, end2), strict=True)
        else:
            yield from _gap(old, new, range(start, end), range(start2, end2))


def _gap(old: list[str], new: list[str], left: range, right: range) -> Places:
    """Yield pairs of indices within a gap: the two likest, then those before and after them."""
    if len(left) * len(right) > _MOST_COMPARED:
        yield from zip(left, right, strict=False)
        yield from ((at, None) for at in left[len(right) :])
        yield from ((None, at) for at in right[len(left) :])
        return
    scores = ((_likeness(old[m], new[n]), m, n) for m in left for n in right)
    best, m, n = max(scores, default=(0.0, 0, 0), key=lambda score: (score[0], -score[1], -score[2]))
    if best > _LEAST_LIKE or (len(left), len(right)) == (1, 1):  # one against one is the same, written again
        yield from _gap(old, new, range(left.start, m), range(right.start, n))
        yield m, n
        yield from _gap(old, new, range(m + 1, left.stop), range(n + 1, right.stop))
        return
    yield from ((at, None) for at in left)
    yield from ((None, at) for at in right)


@cache
def _likeness(old: str, new: str) -> float:
    return SequenceMatcher(None, words_of(old), words_of(new), autojunk=False).ratio()
